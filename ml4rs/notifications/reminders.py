"""Reminders before a milestone, to those who still owe something when it is sent, and to nobody else.

Nothing is scheduled: who owes what is asked at sending time, so moving a milestone moves its reminders. Of
several rules that came due while no worker ran, only the newest is sent. The message's key holds milestone,
revision and offset, so one person gets each reminder once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from ml4rs.editions.models import Edition, Milestone
from ml4rs.notifications.actions import queue_mail
from ml4rs.notifications.models import ReminderRule
from ml4rs.notifications.registry import Audience, Owed, audiences

DEFAULT_OFFSETS = (timedelta(days=3), timedelta(days=1))


@dataclass(frozen=True)
class DueReminder:
    """A rule whose time has come for a milestone that has not passed."""

    rule: ReminderRule
    milestone: Milestone
    audience: Audience

    def owing(self, now: datetime) -> list[Owed]:
        return list(self.audience.owing(self.milestone, now))


def ensure_default_rules(edition: Edition) -> None:
    """Give an edition the usual rules, three days and one day before, for every audience without any rule."""
    have = set(edition.reminder_rules.values_list("audience", flat=True))
    ReminderRule.objects.bulk_create(
        [
            ReminderRule(edition=edition, kind=audience.kind, audience=audience.name, before=offset)
            for audience in audiences
            if audience.name not in have
            for offset in DEFAULT_OFFSETS
        ],
        ignore_conflicts=True,
    )


def due(now: datetime) -> Iterator[DueReminder]:
    """For each milestone ahead and each audience, the newest rule whose offset has been reached."""
    known = {audience.name: audience for audience in audiences}
    rules = ReminderRule.objects.filter(is_active=True, audience__in=known).select_related("edition")
    ahead = Milestone.objects.filter(instant__gt=now).select_related("edition", "track")
    by_place: dict[tuple[int, str], list[Milestone]] = {}
    for milestone in ahead:
        by_place.setdefault((milestone.edition_id, milestone.kind), []).append(milestone)
    newest: dict[tuple[int, str], DueReminder] = {}
    for rule in rules.order_by("-before"):
        for milestone in by_place.get((rule.edition_id, rule.kind), []):
            if milestone.instant - rule.before <= now:
                newest[milestone.pk, rule.audience] = DueReminder(rule, milestone, known[rule.audience])
    yield from newest.values()


def send_due() -> int:
    """Queue every reminder that is due now; returns how many people owe something."""
    now = timezone.now()
    return sum(send(reminder, now) for reminder in due(now))


def send(reminder: DueReminder, now: datetime) -> int:
    """Queue one reminder for each who owes; those who got this one already have it and get no second."""
    owing = reminder.owing(now)
    milestone = reminder.milestone
    for owed in owing:
        with transaction.atomic():
            queue_mail(
                "notifications.reminder",
                edition=milestone.edition,
                to=owed.recipient,
                about=f"{milestone.pk}:{reminder.audience.name}:{owed.about}",
                revision=f"{milestone.revision}:{int(reminder.rule.before.total_seconds())}",
                context={"owed": owed, "milestone": milestone, "what": owed.what, "url": owed.url, "now": now},
                submission_id=owed.submission_id,
            )
    return len(owing)
