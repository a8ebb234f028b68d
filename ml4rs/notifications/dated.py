"""Reminders of things that each have a date of their own: an offer's last day, the extension of one paper.

The rules are the edition's, like all others; the date is the thing's. A changed date has its reminders again.
"""

from collections import defaultdict
from datetime import datetime

from django.db import transaction

from ml4rs.accounts.models import normalise_address
from ml4rs.editions.times import announced, of_reader
from ml4rs.notifications import reminders
from ml4rs.notifications.models import Message, ReminderRule
from ml4rs.notifications.registry import Audience, Owed, audiences

OWN = "own"  # stands in a message's key where others have their milestone


def send_due(now: datetime) -> int:
    """Queue what is due; how many. One query for each such audience, one for the rules, one for what is sent."""
    return sum(_send_due_of(audience, now) for audience in audiences if audience.dated is not None)


def _send_due_of(audience: Audience, now: datetime) -> int:
    open_ones = [owed for owed in audience.dated(now) if owed.due is not None and owed.due > now]
    if not open_ones:
        return 0
    rules = _rules(audience, open_ones)
    due = [(owed, rule) for owed in open_ones if (rule := _newest_rule(rules, owed, now))]
    keys = {_key(audience, owed, rule) for owed, rule in due}
    done = set(Message.objects.filter(key__in=keys).values_list("key", "recipient"))
    fresh = [
        (owed, rule)
        for owed, rule in due
        if (_key(audience, owed, rule), normalise_address(owed.recipient.address)) not in done
    ]
    for owed, rule in fresh:
        _send(audience, owed, rule, now)
    return len(fresh)


def _rules(audience: Audience, owing: list[Owed]) -> dict[int, list[ReminderRule]]:
    found: dict[int, list[ReminderRule]] = defaultdict(list)
    editions = {owed.edition.pk for owed in owing if owed.edition}
    rules = ReminderRule.objects.filter(edition__in=editions, audience=audience.name, is_active=True)
    for rule in rules.filter(edition__frozen_at__isnull=True):
        found[rule.edition_id].append(rule)
    return found


def _newest_rule(rules: dict[int, list[ReminderRule]], owed: Owed, now: datetime) -> ReminderRule | None:
    has_come = [rule for rule in rules.get(owed.edition.pk, []) if owed.due - rule.before <= now]
    return min(has_come, key=lambda rule: rule.before, default=None)


def _about(audience: Audience, owed: Owed) -> tuple[str, str]:
    return f"{OWN}:{audience.name}:{owed.about}", f"{owed.due.timestamp():.0f}"


def _key(audience: Audience, owed: Owed, rule: ReminderRule) -> str:
    about, date = _about(audience, owed)
    return f"{audience.event}:{about}:{date}:{reminders.offset_of(rule)}"


def _send(audience: Audience, owed: Owed, rule: ReminderRule, now: datetime) -> None:
    nudged = reminders.by_hand_lately(audience, owed.edition, OWN, now)
    moment = reminders.sending_moment(owed, owed.edition, now, due=owed.due, nudged=nudged)
    if moment is None:
        return
    about, date = _about(audience, owed)
    with transaction.atomic():
        reminders.queue(
            audience,
            owed,
            edition=owed.edition,
            about=about,
            revision=f"{date}:{reminders.offset_of(rule)}",
            context=_in_words(audience, owed, moment),
            not_before=moment,
            expires_at=owed.due,
        )


def _in_words(audience: Audience, owed: Owed, moment: datetime) -> dict[str, str]:
    words = announced(owed.due, aoe=True)
    zone = owed.recipient.user.time_zone if owed.recipient.user else ""
    return {
        "what": owed.what,
        "more": "\n".join(owed.more),
        "url": owed.url,
        "milestone": owed.date,
        "due": f"{words}\n{of_reader(owed.due, zone)}" if zone else words,
        "remaining": reminders.remaining(owed.due - moment),
        "way_out": audience.way_out,
    }
