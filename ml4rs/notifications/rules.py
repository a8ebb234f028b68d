"""Reminder rules as data: the usual ones for a new edition, and copies for the next."""

from datetime import datetime

from ml4rs.editions.models import Edition
from ml4rs.notifications.models import ReminderRule, Template
from ml4rs.notifications.registry import audiences


def ensure_default_rules(edition: Edition) -> None:
    """Give an edition the usual rules of every audience without any rule."""
    have = set(edition.reminder_rules.values_list("audience", flat=True))
    missing = [audience for audience in audiences if audience.name not in have]
    if missing:
        ReminderRule.objects.bulk_create(
            [
                ReminderRule(edition=edition, kind=audience.kind, audience=audience.name, before=offset)
                for audience in missing
                for offset in audience.offsets
            ],
            ignore_conflicts=True,
        )


def complete_rules(now: datetime) -> None:
    """Default rules for editions with dates ahead that lack an audience, such as one that is new in an upgrade.

    Two queries when there is nothing to do.
    """
    ahead = list(Edition.objects.filter(milestones__instant__gt=now).order_by().distinct())
    pairs = set(ReminderRule.objects.filter(edition__in=ahead).values_list("edition", "audience"))
    names = {audience.name for audience in audiences}
    for edition in ahead:
        if any((edition.pk, name) not in pairs for name in names):
            ensure_default_rules(edition)


def give_new_edition_rules(sender, instance: Edition, created: bool, raw: bool = False, **kwargs) -> None:
    """Every edition starts with the usual reminders."""
    if created and not raw:
        ensure_default_rules(instance)


def copy_to_next(old: Edition, new: Edition) -> None:
    """The next edition keeps the wording of mails and the rules of the one it was started from."""
    new.reminder_rules.all().delete()
    ReminderRule.objects.bulk_create(
        ReminderRule(edition=new, **values)
        for values in old.reminder_rules.values("kind", "audience", "before", "is_active")
    )
    Template.objects.bulk_create(
        Template(edition=new, **values) for values in old.mail_templates.values("event", "subject", "body", "copy")
    )
    ensure_default_rules(new)
