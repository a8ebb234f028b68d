"""The verbs of wording and reminders: an edition's own words, its rules, a reminder sent by hand."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from ml4rs.accounts.models import random_public_id
from ml4rs.audit.actions import record
from ml4rs.editions.models import Milestone
from ml4rs.editions.policy import NotAllowed, may_organise, require
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications import reminders
from ml4rs.notifications.models import ReminderRule, Template
from ml4rs.notifications.policy import may_remind
from ml4rs.notifications.queries import owing_seen_by
from ml4rs.notifications.registry import Audience, MailEvent
from ml4rs.notifications.wording import unknown_variables


@transaction.atomic
def set_wording(event: MailEvent, *, subject: str, body: str, by: Viewer, copy: bool = False) -> Template:
    """Give a kind of mail the edition's own words. Mails that are queued already keep theirs.

    Raises:
        NotAllowed: `by` is no organiser, the words use a variable that this mail has not, or a copy may go nowhere.
    """
    require(may_organise(by))
    if strange := unknown_variables(f"{subject} {body}", event):
        raise NotAllowed(f"This mail has no {', '.join(strange)}.")
    if copy and not event.copyable:
        raise NotAllowed("This mail may hold what only its reader may know. No copy goes anywhere.")
    own, created = Template.objects.update_or_create(
        edition=by.edition, event=event.name, defaults={"subject": subject, "body": body, "copy": copy}
    )
    record("wording.written" if created else "wording.changed", by=by, subject=own, details={"mail": event.label})
    return own


@transaction.atomic
def reset_wording(event: MailEvent, *, by: Viewer) -> bool:
    """Go back to the words that come with the system; False if the edition had none of its own."""
    require(may_organise(by))
    own = Template.objects.filter(edition=by.edition, event=event.name).first()
    if own is None:
        return False
    record("wording.reset", by=by, details={"mail": event.label, "subject": own.subject, "body": own.body})
    own.delete()
    return True


@transaction.atomic
def switch_rule(rule: ReminderRule, *, on: bool, by: Viewer) -> bool:
    """Switch a reminder on or off; False if it stood so already."""
    require(may_remind(by, rule.edition))
    switched = ReminderRule.objects.filter(pk=rule.pk, is_active=not on).update(is_active=on)
    if switched:
        record(f"reminder.switched_{'on' if on else 'off'}", by=by, subject=rule, details={"rule": str(rule)})
    return bool(switched)


def add_rule(audience: Audience, before: timedelta, *, by: Viewer) -> ReminderRule:
    """Remind an audience at one more distance from its dates.

    Raises:
        NotAllowed: `by` is no organiser, or the rule exists.
    """
    require(may_organise(by))
    try:
        with transaction.atomic():
            rule = ReminderRule.objects.create(
                edition=by.edition, kind=audience.kind, audience=audience.name, before=before
            )
            record("reminder.added", by=by, subject=rule, details={"rule": str(rule)})
    except IntegrityError:
        raise NotAllowed("There is such a reminder already.") from None
    return rule


def remind_now(audience: Audience, milestone: Milestone, *, occasion: str, by: Viewer) -> int:
    """Remind all who still owe something, at once; how many of them the sender may know of.

    `occasion` comes from the page that asked: sending the same page twice reminds nobody twice. Those who owe
    it for a paper that the sender is in conflict with are reminded too, and not counted.

    Raises:
        NotAllowed: `by` is no organiser, or it is no time to remind them of this date.
    """
    require(may_remind(by, milestone.edition))
    if not audience.can_be_reminded(milestone, by.now):
        raise NotAllowed("It is too late for this reminder, or too early.")
    seen = len(owing_seen_by(by, audience, milestone))
    owing = list(audience.owing(milestone, by.now))
    reminders.remind_by_hand(milestone, audience, owing, by.now, occasion=occasion)
    details = {"to": audience.label, "date": milestone.title}
    record("reminder.sent", by=by, subject=milestone, grants_only=audience.grants_only, details=details)
    return seen


def new_occasion() -> str:
    """A name for one sending by hand, which is also its batch in the outbox."""
    return random_public_id()
