"""What higher floors announce to the outbox: the mails they send, and who may need a reminder."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.http import QueryDict

from ml4rs.accounts.models import User
from ml4rs.editions.models import Edition, Milestone
from ml4rs.editions.registry import Registry
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.quiet import LONGEST_AFTER


@dataclass(frozen=True)
class Recipient:
    """One address, the name to greet, and the account behind it if there is one."""

    address: str
    name: str = ""
    user: User | None = None


class Category(StrEnum):
    """Classes of mail that their reader can do without. Decisions, assignments, offers, accounts are in none."""

    REMINDERS = "reminders"
    NEWS = "news"
    RECEIPTS = "receipts"
    DIGESTS = "digests"


@dataclass(frozen=True)
class MailEvent:
    """A kind of mail. `variables` are what an edition's own wording may use; `sample` fills a preview.

    `why` ends the sentence "You get this mail because …" at the foot of every mail of this kind. `category` says
    with which switch its reader does without. `copyable` kinds hold nothing that only their reader may know: an
    edition may send a copy of each to its contact address. Of kinds that are `by_hand` each batch has its own words.
    `secret` kinds carry a link with which only their reader may act; nobody finds them in the outbox.
    """

    name: str
    label: str
    variables: tuple[str, ...] = ()
    category: str = ""
    copyable: bool = False
    by_hand: bool = False
    secret: bool = False
    sample: dict[str, Any] = field(default_factory=dict)
    why: str = ""


REMINDER, OVERDUE, DIGEST = "notifications.reminder", "notifications.overdue", "notifications.digest"
DATE_MOVED = "notifications.date_moved"
REMINDERS = (REMINDER, OVERDUE, DIGEST)


class AboutPapers:
    """What is about papers, none, one or several, and so for some eyes alone."""

    papers: frozenset[int]
    names_papers: bool

    @property
    def concerns(self) -> frozenset[int]:
        """Primary keys of all papers that it is about."""
        return self.papers

    def may_be_known_to_those_who_know(self, papers: set[int]) -> bool:
        """Whether somebody who may know of these papers may know of it."""
        if not self.concerns:
            return True
        return self.concerns <= papers if self.names_papers else bool(self.concerns & papers)


@dataclass(frozen=True)
class Owed(AboutPapers):
    """Somebody owes something: whom to tell, about what, and the page where it is done.

    `what` says it as a request, such as "Submit “Seeing fields from space”", `more` adds lines to it. `about` names
    the thing owed and has no colon in it. `papers` are those for which somebody owes one thing for several, as
    reviewers do: who may know of none of them is not told that anything is owed; with `names_papers`, who may not
    know of all of them. `application_id` is the travel application, if it is one.

    `due`, `date` and `edition` are for what has a date of its own: the instant, what it is called, and where.
    """

    recipient: Recipient
    about: str
    url: str
    what: str
    more: tuple[str, ...] = ()
    submission_id: int | None = None
    papers: frozenset[int] = frozenset()
    names_papers: bool = False
    application_id: int | None = None
    due: datetime | None = None
    date: str = ""
    edition: Edition | None = None

    @property
    def concerns(self) -> frozenset[int]:
        """Primary keys of all papers that it is about."""
        return self.papers if self.submission_id is None else self.papers | {self.submission_id}


def _nobody(*args: Any) -> Iterable[Owed]:
    return ()


@dataclass(frozen=True)
class Audience:
    """Those who still owe something before a kind of milestone, asked for at sending time.

    `offsets` are the usual reminders: how long before the date, below zero after it, which only `after` allows.
    `grants_only`: that somebody owes it is for grants officers alone to know. `reviewed_only`: dates of tracks
    without review mean nothing to it. `way_out` tells who cannot do it what to do instead. Mails of the kinds in
    `counts` are reminders by hand too. `dated` replaces `owing` for things that each have a date of their own, in
    whatever edition: an offer's last day, a paper's extension.
    """

    name: str
    label: str
    kind: Milestone.Kind
    owing: Callable[[Milestone, datetime], Iterable[Owed]] = _nobody
    event: str = REMINDER
    offsets: tuple[timedelta, ...] = (timedelta(days=3), timedelta(days=1))
    after: bool = False
    grants_only: bool = False
    reviewed_only: bool = False
    way_out: str = ""
    counts: tuple[str, ...] = ()
    dated: Callable[[datetime], Iterable[Owed]] | None = None

    @property
    def has_own_dates(self) -> bool:
        return self.dated is not None

    def minds(self, milestone: Milestone) -> bool:
        """Whether this is a date before or after which it is reminded."""
        of_its_tracks = not self.reviewed_only or milestone.track is None or milestone.track.is_reviewed
        return not self.has_own_dates and milestone.kind == self.kind and of_its_tracks

    def can_be_reminded(self, milestone: Milestone, now: datetime) -> bool:
        """Whether a reminder by hand makes sense now: before the date, of what is overdue after it."""
        if milestone.instant is None:
            return False
        if self.event == OVERDUE and not milestone.has_passed(now):
            return False
        return now < milestone.instant + (LONGEST_AFTER if self.after else timedelta(0))


@dataclass(frozen=True)
class Concerned(AboutPapers):
    """Somebody whom a date concerns, for which of their papers or which travel application, and their page of it."""

    recipient: Recipient
    url: str
    papers: frozenset[int] = frozenset()
    application_id: int | None = None
    names_papers: bool = False


@dataclass(frozen=True)
class Circle:
    """Those whom dates of some kinds concern: who is told when one moves.

    `meaning` says what the date is to them, such as "You can change your submission until then.". `grants_only`:
    who they are is for grants officers alone to know.
    """

    label: str
    kinds: frozenset[Milestone.Kind]
    people: Callable[[Milestone, datetime], Iterable[Concerned]]
    meaning: str = ""
    grants_only: bool = False


@dataclass(frozen=True)
class Granted:
    """A date that lies later for one paper or person: of what, until when, and the page to change it."""

    milestone_id: int
    label: str
    until: datetime
    reason: str
    url: str


@dataclass(frozen=True)
class Addressee(AboutPapers):
    """Somebody on a list to write to, with what the words may say to them in particular.

    `about` names the thing for which they are on the list, and has no colon in it. `values` are texts by variable.
    """

    recipient: Recipient
    about: str
    values: dict[str, str] = field(default_factory=dict)
    submission_id: int | None = None
    papers: frozenset[int] = frozenset()
    names_papers: bool = False
    application_id: int | None = None

    @property
    def concerns(self) -> frozenset[int]:
        return self.papers if self.submission_id is None else self.papers | {self.submission_id}


@dataclass(frozen=True)
class MailingList:
    """People to write to, chosen by the filters of the page that lists them.

    `page` is that page's URL name, `filters` are those that it knows, `picks` is what rows picked on it are called.
    `choices` are filters of the list's own: name, label, and (value, words) of each option. `people` takes the viewer
    and a query of all these. `grants_only`: for grants officers; other lists are for organisers.
    """

    name: str
    label: str
    event: MailEvent
    people: Callable[[Viewer, QueryDict], Iterable[Addressee]]
    page: str
    filters: frozenset[str] = frozenset()
    picks: str = ""
    choices: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...] = ()
    grants_only: bool = False

    @property
    def parameters(self) -> frozenset[str]:
        """Everything that may stand in the query."""
        return self.filters | {name for name, *_ in self.choices} | {self.picks} - {""}


mail_events: Registry[MailEvent] = Registry()
audiences: Registry[Audience] = Registry()
circles: Registry[Circle] = Registry()
mailing_lists: Registry[MailingList] = Registry()
extensions: Registry[Callable[[Viewer], Iterable[Granted]]] = Registry()


def event_named(name: str) -> MailEvent | None:
    return next((event for event in mail_events if event.name == name), None)


def audience_named(name: str) -> Audience | None:
    return next((audience for audience in audiences if audience.name == name), None)
