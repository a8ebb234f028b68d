"""When each phase is looked at, and what a world consists of."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.test import Client

from ml4rs.accounts.models import User
from ml4rs.editions.models import Edition
from submissions.models import Submission
from travel.models import Application

# The milestones of the edition lie between.
CLOCK = {
    "submission": datetime(2025, 2, 1, 12, tzinfo=UTC),
    "bidding": datetime(2025, 2, 12, 12, tzinfo=UTC),
    "reviewing": datetime(2025, 2, 20, 12, tzinfo=UTC),
    "released": datetime(2025, 3, 4, 12, tzinfo=UTC),
    "rejected": datetime(2025, 3, 4, 12, tzinfo=UTC),
    "published": datetime(2025, 4, 21, 12, tzinfo=UTC),
}
PHASES = tuple(CLOCK)
HANDED_IN = datetime(2025, 1, 30, 12, tzinfo=UTC)
RELEASED_AT = datetime(2025, 3, 3, 12, tzinfo=UTC)


@dataclass
class World:
    """`paper` is the one that the canaries tell of; `neighbours` are the others, each with a word of its own."""

    phase: str
    edition: Edition
    paper: Submission
    actors: dict[str, User | None] = field(default_factory=dict)
    neighbours: dict[str, Submission] = field(default_factory=dict)
    application: Application | None = None

    def client(self, actor: str, **options: bool) -> Client:
        """A browser in which this actor is signed in, or nobody where the actor is anyone."""
        client = Client(**options)
        if (person := self.actors[actor]) is not None:
            client.force_login(person)
        return client
