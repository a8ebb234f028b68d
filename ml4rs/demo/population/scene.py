"""What every part of a made-up load draws on: one seeded source of chance, the edition, and its calendar."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import TypeVar

from ml4rs.accounts.models import User
from ml4rs.editions.models import Edition, Milestone, Topic, Track
from ml4rs.editions.queries import milestone
from submissions.models import Authorship, Submission

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
Item = TypeVar("Item")

PHASES = ("submission", "bidding", "review", "decided", "released", "programme")


class Draw(Random):
    """Chance that can be repeated: the same seed and edition give the same data, public ids included."""

    def public_id(self) -> str:
        return "".join(self.choices(_LETTERS, k=12))

    def some(self, pool: list[Item], at_least: int, at_most: int) -> list[Item]:
        """Different ones, in random order."""
        return self.sample(pool, min(len(pool), self.randint(at_least, at_most)))

    def between(self, start: datetime, end: datetime) -> datetime:
        """One draw whatever the distance, so that other dates move times and nothing else."""
        return start + timedelta(seconds=int(self.random() * max(0.0, (end - start).total_seconds())))


@dataclass
class Calendar:
    """When things happened, from the edition's milestones; never later than now."""

    edition: Edition
    now: datetime

    def closes(self, track: Track | None = None) -> datetime:
        """The end of submission, or today where that is still ahead."""
        return min(self._instant(Milestone.Kind.SUBMISSION, track, days=75), self.now - timedelta(hours=8))

    @property
    def reviews_due(self) -> datetime:
        due = self._instant(Milestone.Kind.REVIEW, None, days=56)
        return min(max(due, self.closes() + timedelta(hours=2)), self.now - timedelta(hours=4))

    @property
    def released(self) -> datetime:
        out = self._instant(Milestone.Kind.NOTIFICATION, None, days=50)
        return min(max(out, self.reviews_due + timedelta(hours=2)), self.now - timedelta(hours=2))

    @property
    def finals_due(self) -> datetime:
        due = self._instant(Milestone.Kind.CAMERA_READY, None, days=10)
        return min(max(due, self.released + timedelta(hours=1)), self.now)

    @property
    def grants_due(self) -> datetime:
        due = self._instant(Milestone.Kind.TRAVEL, None, days=30)
        return min(max(due, self.released + timedelta(hours=1)), self.now)

    def _instant(self, kind: str, track: Track | None, *, days: int) -> datetime:
        """The milestone, or so many days before the workshop where it is not known."""
        found = milestone(self.edition, kind, track)
        if found is not None and found.instant is not None:
            return found.instant
        if self.edition.starts_on is None:
            return self.now
        return datetime.combine(self.edition.starts_on, time(12), UTC) - timedelta(days=days)


@dataclass(frozen=True)
class Star:
    """Somebody with an account already, who gets a paper in this state, and of this quality if it matters."""

    user: User
    state: str = Submission.State.SUBMITTED
    quality: float | None = None


@dataclass
class Scene:
    """The edition while it is being filled."""

    edition: Edition
    draw: Draw
    calendar: Calendar
    tag: str  # in every address, so that two loads never share one
    tracks: list[Track]
    topics: list[Topic]
    authors: list[User] = field(default_factory=list)
    reviewers: list[User] = field(default_factory=list)
    stars: list["Star"] = field(default_factory=list)  # who must have a paper
    waiting: set[int] = field(default_factory=set)  # members of the committee who have their reviews before them
    papers: list[Submission] = field(default_factory=list)
    authorships: list[Authorship] = field(default_factory=list)
    themes: dict[int, int] = field(default_factory=dict)  # paper → theme
    quality: dict[int, float] = field(default_factory=dict)  # paper → how good it is, about 0 ± 1

    def reviewed(self) -> list[Submission]:
        """The papers that the committee judges."""
        return [p for p in self.papers if p.track.is_reviewed and p.state == Submission.State.SUBMITTED]
