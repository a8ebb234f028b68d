"""Reminders before a milestone, to those who still owe something when it is sent, and to nobody else.

Nothing is scheduled: who owes what is asked at sending time, so moving a milestone moves its reminders. Of
several rules that came due while no worker ran, only the newest is sent. A run is kept per milestone, revision,
audience and offset, and the message's unique key holds all of these, so that one person gets each reminder once.
A reminder by hand counts: the next one of the system waits for a day after it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from ml4rs.accounts.models import normalise_address
from ml4rs.editions.models import Edition, Milestone
from ml4rs.editions.templatetags.editions import when_text
from ml4rs.notifications.actions import queue_mail
from ml4rs.notifications.models import Message, ReminderRule, ReminderRun
from ml4rs.notifications.quiet import LONGEST_AFTER, waking_moment
from ml4rs.notifications.registry import Audience, Owed, Recipient, audiences
from ml4rs.notifications.rules import complete_rules

BY_HAND = "by hand"
BETWEEN = timedelta(days=1)  # at least so long from a reminder by hand to the next one of the system
STALE = timedelta(days=2)  # a reminder after a date that no worker sent in this time is not sent any more
_USELESS = timedelta(hours=1)  # a reminder that would come later than so long before its date is dropped


@dataclass(frozen=True)
class DueReminder:
    """A rule whose time has come for a milestone."""

    rule: ReminderRule
    milestone: Milestone
    audience: Audience


def due(now: datetime) -> Iterator[DueReminder]:
    """For each milestone and each audience, the newest rule whose moment has come, unless it has run.

    Three queries.
    """
    known = {audience.name: audience for audience in audiences if audience.dated is None}
    rules = ReminderRule.objects.filter(is_active=True, audience__in=known).order_by("-before")
    by_place: dict[tuple[int, str], list[Milestone]] = {}
    recent = Milestone.objects.filter(instant__gt=now - LONGEST_AFTER - STALE, edition__frozen_at__isnull=True)
    for milestone in recent.select_related("edition", "track"):
        by_place.setdefault((milestone.edition_id, milestone.kind), []).append(milestone)
    newest: dict[tuple[int, str], DueReminder] = {}
    for rule in rules:
        for milestone in by_place.get((rule.edition_id, rule.kind), []):
            if known[rule.audience].minds(milestone) and _has_come(rule, milestone, now):
                newest[milestone.pk, rule.audience] = DueReminder(rule, milestone, known[rule.audience])
    finished = ReminderRun.objects.filter(milestone__in={pk for pk, _ in newest}, finished_at__isnull=False)
    done = set(finished.values_list("milestone", "revision", "audience", "before"))
    for found in newest.values():
        if (found.milestone.pk, found.milestone.revision, found.rule.audience, found.rule.before) not in done:
            yield found


def _has_come(rule: ReminderRule, milestone: Milestone, now: datetime) -> bool:
    moment = milestone.instant - rule.before
    if rule.before > timedelta(0):
        return moment <= now < milestone.instant
    return moment <= now < moment + STALE


def send_due() -> int:
    """Queue every reminder that is due now; returns how many people owe something."""
    from ml4rs.notifications import dated

    now = timezone.now()
    complete_rules(now)
    return sum(run(reminder, now) for reminder in due(now)) + dated.send_due(now)


def run(reminder: DueReminder, now: datetime) -> int:
    """Queue one reminder for each who owes. Killed halfway, the next tick goes on, and nobody gets it twice."""
    milestone, rule = reminder.milestone, reminder.rule
    started, _ = ReminderRun.objects.get_or_create(
        milestone=milestone,
        revision=milestone.revision,
        audience=rule.audience,
        before=rule.before,
        defaults={"started_at": now},
    )
    owing = list(reminder.audience.owing(milestone, now))
    nudged = by_hand_lately(reminder.audience, milestone.edition, f"{milestone.pk}", now)
    for owed in owing:
        due = milestone.instant if rule.before > timedelta(0) else None
        moment = sending_moment(owed, milestone.edition, now, due=due, nudged=nudged)
        if moment is not None:
            send(milestone, reminder.audience, owed, moment, occasion=offset_of(rule))
    ReminderRun.objects.filter(pk=started.pk, finished_at__isnull=True).update(finished_at=now, count=len(owing))
    return len(owing)


def offset_of(rule: ReminderRule) -> str:
    return str(int(rule.before.total_seconds()))


def by_hand_lately(audience: Audience, edition: Edition, date: str, now: datetime) -> dict[str, datetime]:
    """Whom organisers reminded of this in the last day → when, by address, and by address and thing. Two queries."""
    lately = Message.objects.filter(edition=edition, created_at__gt=now - BETWEEN).exclude(state="cancelled")
    by_hand = lately.filter(key__startswith=f"{audience.event}:{date}:{audience.name}:", key__contains=f":{BY_HAND} ")
    found = {f"{to} {key.split(':')[3]}": at for to, key, at in by_hand.values_list("recipient", "key", "created_at")}
    if audience.counts:
        found |= dict(lately.filter(event__in=audience.counts).values_list("recipient", "created_at"))
    return found


def sending_moment(
    owed: Owed, edition: Edition, now: datetime, *, due: datetime | None, nudged: dict[str, datetime]
) -> datetime | None:
    """When this reminder goes out: in the reader's day, and a day after one by hand. None if that is too late."""
    address = normalise_address(owed.recipient.address)
    last = max((nudged[key] for key in (address, f"{address} {owed.about}") if key in nudged), default=None)
    moment = max(now, last + BETWEEN) if last else now
    if last and due is not None and moment > due - _USELESS:
        return None
    return waking_moment(moment, zone_of(owed.recipient, edition), due)


def zone_of(recipient: Recipient, edition: Edition) -> str:
    """The reader's time zone; the venue's where the profile names none."""
    return (recipient.user.time_zone if recipient.user else "") or edition.time_zone


def send(
    milestone: Milestone, audience: Audience, owed: Owed, moment: datetime, *, occasion: str, batch: str = ""
) -> None:
    """Queue one reminder; `occasion` tells it from the others of the same date, `moment` is when it goes out."""
    with transaction.atomic():
        queue(
            audience,
            owed,
            edition=milestone.edition,
            about=f"{milestone.pk}:{audience.name}:{owed.about}",
            revision=f"{milestone.revision}:{occasion}",
            context=in_words(owed, audience, milestone, moment),
            batch=batch,
            not_before=moment,
            expires_at=_end_of_use(milestone, audience),
        )


def queue(audience: Audience, owed: Owed, **values) -> Message:
    """The mail of one reminder, with all that says who may meet it in the outbox."""
    return queue_mail(
        audience.event,
        to=owed.recipient,
        submission_id=owed.submission_id,
        papers=owed.papers,
        names_papers=owed.names_papers,
        application_id=owed.application_id,
        grants_only=audience.grants_only,
        **values,
    )


def _end_of_use(milestone: Milestone, audience: Audience) -> datetime:
    return milestone.instant + LONGEST_AFTER + STALE if audience.after else milestone.instant


def in_words(owed: Owed, audience: Audience, milestone: Milestone, moment: datetime) -> dict[str, str]:
    """What a reminder may say, when it is read at `moment`."""
    late = milestone.instant < moment
    return {
        "what": owed.what,
        "more": "\n".join(owed.more),
        "url": owed.url,
        "milestone": milestone.title,
        "due": when_text(milestone, owed.recipient.user),
        "remaining": remaining(moment - milestone.instant if late else milestone.instant - moment),
        "way_out": audience.way_out,
    }


def remaining(left: timedelta) -> str:
    """What is left, rounded: a reminder three days before says "3 days", even if it leaves some minutes late."""
    hours = round(left / timedelta(hours=1))
    if hours >= 48:
        return f"{round(hours / 24)} days"
    if hours >= 2:
        return f"{hours} hours"
    minutes = max(1, left // timedelta(minutes=1))
    return f"{minutes} minute{'s' if minutes > 1 else ''}"


def remind_by_hand(
    milestone: Milestone, audience: Audience, owing: Iterable[Owed], now: datetime, *, occasion: str
) -> None:
    """Remind at once, whatever the hour: an organiser decided so."""
    for owed in owing:
        send(milestone, audience, owed, now, occasion=f"{BY_HAND} {occasion}", batch=occasion)
