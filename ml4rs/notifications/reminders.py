"""Reminders before a milestone, to those who still owe something when it is sent, and to nobody else.

Nothing is scheduled: who owes what is asked at sending time, so moving a milestone moves its reminders. Of
several rules that came due while no worker ran, only the newest is sent. A run is kept per milestone, revision,
audience and offset, and the message's key holds all of these, so that one person gets each reminder once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from ml4rs.editions.models import Milestone
from ml4rs.editions.templatetags.editions import when_text
from ml4rs.notifications.actions import queue_mail
from ml4rs.notifications.models import Message, ReminderRule, ReminderRun
from ml4rs.notifications.registry import Audience, Owed, audience_named, audiences
from ml4rs.notifications.rules import complete_rules

EVENT = "notifications.reminder"
FRESH = timedelta(minutes=10)  # so long after queueing nobody is asked again whether it is still owed


@dataclass(frozen=True)
class DueReminder:
    """A rule whose time has come for a milestone that has not passed."""

    rule: ReminderRule
    milestone: Milestone
    audience: Audience


def due(now: datetime) -> Iterator[DueReminder]:
    """For each milestone ahead and each audience, the newest rule whose moment has come, unless it has run.

    Three queries.
    """
    known = {audience.name: audience for audience in audiences}
    rules = ReminderRule.objects.filter(is_active=True, audience__in=known).order_by("-before")
    by_place: dict[tuple[int, str], list[Milestone]] = {}
    for milestone in Milestone.objects.filter(instant__gt=now).select_related("edition", "track"):
        by_place.setdefault((milestone.edition_id, milestone.kind), []).append(milestone)
    newest: dict[tuple[int, str], DueReminder] = {}
    for rule in rules:
        for milestone in by_place.get((rule.edition_id, rule.kind), []):
            if milestone.instant - rule.before <= now and known[rule.audience].minds(milestone):
                newest[milestone.pk, rule.audience] = DueReminder(rule, milestone, known[rule.audience])
    finished = ReminderRun.objects.filter(milestone__in={pk for pk, _ in newest}, finished_at__isnull=False)
    done = set(finished.values_list("milestone", "revision", "audience", "before"))
    for found in newest.values():
        if (found.milestone.pk, found.milestone.revision, found.rule.audience, found.rule.before) not in done:
            yield found


def send_due() -> int:
    """Queue every reminder that is due now; returns how many people owe something."""
    now = timezone.now()
    complete_rules(now)
    return sum(run(reminder, now) for reminder in due(now))


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
    send(milestone, reminder.audience, owing, now, occasion=str(int(rule.before.total_seconds())))
    ReminderRun.objects.filter(pk=started.pk, finished_at__isnull=True).update(finished_at=now, count=len(owing))
    return len(owing)


def send(
    milestone: Milestone, audience: Audience, owing: Iterable[Owed], now: datetime, *, occasion: str, batch: str = ""
) -> None:
    """Queue one mail for each who owes; `occasion` tells this reminder from the others of the same date."""
    for owed in owing:
        with transaction.atomic():
            queue_mail(
                EVENT,
                edition=milestone.edition,
                to=owed.recipient,
                about=f"{milestone.pk}:{audience.name}:{owed.about}",
                revision=f"{milestone.revision}:{occasion}",
                context=in_words(owed, milestone, now),
                submission_id=owed.submission_id,
                papers=owed.papers,
                application_id=owed.application_id,
                grants_only=audience.grants_only,
                batch=batch,
                expires_at=milestone.instant,
            )


def in_words(owed: Owed, milestone: Milestone, now: datetime) -> dict[str, str]:
    """What a reminder may say."""
    return {
        "what": owed.what,
        "url": owed.url,
        "milestone": milestone.title,
        "due": when_text(milestone, owed.recipient.user),
        "remaining": remaining(milestone.instant - now),
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


def still_owed(message: Message, now: datetime) -> bool:
    """Whether a reminder that waited (for the mail server, or held) is still true. One that is fresh is."""
    if now - message.created_at < FRESH:
        return True
    pk, name, about = message.key.removeprefix(f"{EVENT}:").split(":")[:3]
    milestone = Milestone.objects.select_related("edition", "track").filter(pk=pk).first()
    audience = audience_named(name)
    if milestone is None or milestone.instant is None or audience is None:
        return False
    owing = audience.owing(milestone, now)
    return any(owed.about == about and owed.recipient.address.lower() == message.recipient for owed in owing)
