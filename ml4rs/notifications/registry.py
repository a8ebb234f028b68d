"""What higher floors announce to the outbox: the mails they send, and who may need a reminder."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ml4rs.accounts.models import User
from ml4rs.editions.models import Milestone
from ml4rs.editions.registry import Registry


@dataclass(frozen=True)
class Recipient:
    """One address, the name to greet, and the account behind it if there is one."""

    address: str
    name: str = ""
    user: User | None = None


@dataclass(frozen=True)
class MailEvent:
    """A kind of mail. `variables` are what an edition's own wording may use; `sample` fills a preview.

    `why` ends the sentence "You get this mail because …" at the foot of every mail of this kind.
    """

    name: str
    label: str
    variables: tuple[str, ...] = ()
    optional: bool = False
    sample: dict[str, Any] = field(default_factory=dict)
    why: str = ""


@dataclass(frozen=True)
class Owed:
    """Somebody owes something: whom to tell, about what, and the page where it is done.

    `what` says it as a request, such as "Submit “Seeing fields from space”". `about` names the thing owed and
    has no colon in it. `papers` are those for which somebody owes one thing for several, as reviewers do: who may
    know of none of them is not told that anything is owed. `application_id` is the travel application, if it is one.
    """

    recipient: Recipient
    about: str
    url: str
    what: str
    submission_id: int | None = None
    papers: frozenset[int] = frozenset()
    application_id: int | None = None

    @property
    def concerns(self) -> frozenset[int]:
        """Primary keys of all papers that it is about."""
        return self.papers if self.submission_id is None else self.papers | {self.submission_id}


@dataclass(frozen=True)
class Audience:
    """Those who still owe something before a kind of milestone, asked for at sending time.

    `grants_only`: that somebody owes it is for grants officers alone to know. `reviewed_only`: dates of tracks
    without review mean nothing to it.
    """

    name: str
    label: str
    kind: Milestone.Kind
    owing: Callable[[Milestone, datetime], Iterable[Owed]]
    grants_only: bool = False
    reviewed_only: bool = False

    def minds(self, milestone: Milestone) -> bool:
        """Whether this is a date before which it is reminded."""
        of_its_tracks = not self.reviewed_only or milestone.track is None or milestone.track.is_reviewed
        return milestone.kind == self.kind and of_its_tracks


mail_events: Registry[MailEvent] = Registry()
audiences: Registry[Audience] = Registry()


def event_named(name: str) -> MailEvent | None:
    return next((event for event in mail_events if event.name == name), None)


def audience_named(name: str) -> Audience | None:
    return next((audience for audience in audiences if audience.name == name), None)
