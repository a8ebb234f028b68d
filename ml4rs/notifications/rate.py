"""How many mails may still go out: many mail servers take only so many a minute.

`MAIL_PER_MINUTE` is the limit, none by default. What is counted stands in the database, so that it holds for all
workers together, and over restarts. Codes and other mails about an account do not wait behind a thousand decisions:
they count, and are never held up.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from ml4rs.notifications.models import Message

_MINUTE = timedelta(minutes=1)


def left(now: datetime) -> int | None:
    """How many may go out now; None for no limit, which costs no query."""
    if not settings.MAIL_PER_MINUTE:
        return None
    under_way = Q(state=Message.State.SENDING, lease_until__gt=now)
    recent = Message.objects.filter(Q(sent_at__gt=now - _MINUTE) | under_way).count()
    return max(0, settings.MAIL_PER_MINUTE - recent)


def allows(pk: int, now: datetime) -> bool:
    """Whether this one may go out now."""
    return left(now) != 0 or Message.objects.filter(pk=pk, edition__isnull=True).exists()
