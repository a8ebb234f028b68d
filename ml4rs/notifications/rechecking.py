"""Whether a reminder that waited is still true: for the morning, for the mail server, or because it was held."""

from datetime import datetime, timedelta

from ml4rs.editions.models import Milestone
from ml4rs.notifications.dated import OWN
from ml4rs.notifications.models import Message
from ml4rs.notifications.registry import Audience, Owed, audience_named

FRESH = timedelta(minutes=10)  # so long after queueing nobody is asked again whether it is still owed


def why_not(message: Message, now: datetime) -> str:
    """Why a reminder should not go out any more; empty if it should. At most one query while it is fresh.

    Its date is looked up however fresh it is: it may have moved while the reminder was being written, where the move
    found nothing to take back.
    """
    is_fresh = now - message.created_at < FRESH
    _, date, name, about, revision = message.key.split(":")[:5]
    audience = audience_named(name)
    if audience is None:
        return "Not sent: nobody is reminded of this any more."
    if date == OWN:
        return "" if is_fresh else _still_open(_dated(audience, about, revision, now), message, about)
    milestone = Milestone.objects.select_related("edition", "track").filter(pk=date).first()
    if milestone is None or milestone.instant is None:
        return "Not sent: the date was taken back."
    if str(milestone.revision) != revision:
        return "Not sent: the date was moved."
    return "" if is_fresh else _still_open(list(audience.owing(milestone, now)), message, about)


def _dated(audience: Audience, about: str, instant: str, now: datetime) -> list[Owed]:
    found = audience.dated(now) if audience.dated else ()
    return [owed for owed in found if owed.due and f"{owed.due.timestamp():.0f}" == instant]


def _still_open(owing: list[Owed], message: Message, about: str) -> str:
    open_ones = (owed.about == about and owed.recipient.address.lower() == message.recipient for owed in owing)
    return "" if any(open_ones) else "Not sent: what it reminds of is done."
