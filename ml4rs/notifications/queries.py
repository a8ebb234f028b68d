"""The reading side of the outbox: messages that a viewer may read, the wording of events, reminders to come."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from django.core.exceptions import BadRequest
from django.db.models import Q, QuerySet

from ml4rs.audit.registry import Guard, applications, submissions
from ml4rs.editions.models import Milestone
from ml4rs.editions.queries import milestones
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.models import Message, ReminderRule, ReminderRun
from ml4rs.notifications.policy import may_write_to, seen_by
from ml4rs.notifications.registry import (
    Audience,
    Concerned,
    MailEvent,
    MailingList,
    Owed,
    audiences,
    mail_events,
    mailing_lists,
)

_Thing = TypeVar("_Thing", Owed, Concerned)

PARAMETERS = ("q", "state", "event", "batch", "page")


@dataclass(frozen=True)
class Filters:
    """What the reader of the outbox asked for; empty means all."""

    q: str = ""
    state: str = ""
    event: str = ""
    batch: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Filters":
        """Raises BadRequest on a state that there is not."""
        state = asked.get("state", "")
        if state and state not in Message.State.values:
            raise BadRequest("There is no such state of a mail.")
        return cls(asked.get("q", "").strip(), state, asked.get("event", ""), asked.get("batch", ""))

    @property
    def active(self) -> bool:
        return self != Filters()


def messages(viewer: Viewer, filters: Filters) -> QuerySet[Message]:
    """Newest first, without bodies. One query for a page of them, one for their number."""
    found = seen_by(viewer).defer("body_text", "body_html")
    if filters.q:
        words = Q(recipient__icontains=filters.q) | Q(recipient_name__icontains=filters.q)
        found = found.filter(words | Q(subject__icontains=filters.q))
    if filters.state == Message.State.QUEUED:  # what is being sent waits too, for a second
        found = found.filter(state__in=[Message.State.QUEUED, Message.State.SENDING])
    elif filters.state:
        found = found.filter(state=filters.state)
    if filters.event:
        found = found.filter(event=filters.event)
    if filters.batch:
        found = found.filter(batch=filters.batch)
    return found


def labels() -> dict[str, str]:
    """Event → what it is called. No query."""
    return {event.name: event.label for event in mail_events}


def lists_for(viewer: Viewer) -> list[MailingList]:
    """The lists that this viewer may write to. No query."""
    return [each for each in mailing_lists if may_write_to(viewer, each)]


def parameters_of(list_name: str) -> frozenset[str]:
    """What may stand in the query of the page of a list; nothing for a list that there is not. No query."""
    return next((each.parameters for each in mailing_lists if each.name == list_name), frozenset())


def sorted_events() -> list[MailEvent]:
    """Every kind of mail, those of one app together. No query."""
    return sorted(mail_events, key=lambda event: (event.name.partition(".")[0], event.label))


def recent_readers(viewer: Viewer, event: MailEvent, most: int = 20) -> list[Message]:
    """Mails of this kind that the viewer may read, to try other words with. One query."""
    found = seen_by(viewer).filter(event=event.name).select_related("user").defer("body_text", "body_html")
    return list(found[:most])


# --- Reminders ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Offset:
    """One rule, with the moments at which it speaks and what came of it."""

    rule: ReminderRule
    hours: int
    words: str
    moments: list[tuple[Milestone, datetime]]
    runs: list[ReminderRun]


@dataclass(frozen=True)
class AudienceRules:
    """An audience with its dates (and whether it can be reminded of each now) and its rules, earliest first."""

    audience: Audience
    dates: list[tuple[Milestone, bool]]
    offsets: list[Offset] = field(default_factory=list)


def reminder_rules(viewer: Viewer) -> list[AudienceRules]:
    """Every audience that this viewer may know of, with its rules. Two queries, and one for the edition's dates."""
    dates = milestones(viewer.edition)
    rules: dict[str, list[ReminderRule]] = defaultdict(list)
    for rule in ReminderRule.objects.filter(edition=viewer.edition).order_by("-before"):
        rules[rule.audience].append(rule)
    runs: dict[tuple, list[ReminderRun]] = defaultdict(list)
    done = ReminderRun.objects.filter(milestone__edition=viewer.edition).select_related("milestone__track")
    for run in done.order_by("-started_at"):
        runs[run.audience, run.before].append(run)
    found = []
    for audience in known_to(viewer):
        own = [each for each in dates if audience.minds(each) and each.instant]
        offsets = [
            Offset(
                rule,
                rule.before // timedelta(hours=1),
                before_in_words(rule.before),
                [(each, each.instant - rule.before) for each in own],
                runs[rule.audience, rule.before],
            )
            for rule in rules[audience.name]
        ]
        dated = [(each, audience.can_be_reminded(each, viewer.now)) for each in own]
        found.append(AudienceRules(audience, dated, offsets))
    return found


def known_to(viewer: Viewer) -> list[Audience]:
    """Audiences whose very existence this viewer may know of: grants are for grants officers."""
    return [each for each in audiences if viewer.is_grants_officer or not each.grants_only]


def before_in_words(before: timedelta) -> str:
    side = "before" if before > timedelta(0) else "after"
    hours = abs(before) // timedelta(hours=1)
    if not hours:
        return "on the date"
    if hours and hours % 24 == 0:
        return f"{hours // 24} day{'s' if hours != 24 else ''} {side}"
    return f"{hours} hour{'s' if hours != 1 else ''} {side}"


def owing_seen_by(viewer: Viewer, audience: Audience, milestone: Milestone) -> list[Owed]:
    """Who would get a reminder now, as far as this viewer may know."""
    return known(viewer, audience.owing(milestone, viewer.now))


def known(viewer: Viewer, things: Iterable[_Thing]) -> list[_Thing]:
    """Those that are about no paper or travel application that the viewer may not know of. At most two queries."""
    found = list(things)
    papers = _seen(submissions, viewer, {paper for thing in found for paper in thing.concerns})
    requests = _seen(applications, viewer, {thing.application_id for thing in found if thing.application_id})
    return [
        thing
        for thing in found
        if thing.may_be_known_to_those_who_know(papers)
        and (not thing.application_id or thing.application_id in requests)
    ]


def _seen(guard: Guard, viewer: Viewer, keys: set[int]) -> set[int]:
    """Which of these the viewer may know of. No query where there are none."""
    if not keys:
        return set()
    visible = guard.visible_to(viewer)
    if isinstance(visible, QuerySet):
        return set(visible.filter(pk__in=keys).values_list("pk", flat=True))
    return keys.intersection(visible)
