"""Keeping the outbox's promise: claim, send, mark; each killable at any point.

A worker killed between sending and marking causes one more mail with the same Message-ID: at least once, and
at most one recognisable duplicate for each kill. SMTP never happens inside a transaction.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F, Q
from django.utils import timezone

from ml4rs.notifications.models import Message

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=30)  # doubled at each failure: the eighth try is an hour after the first
SWEEP_BATCH = 100

log = logging.getLogger(__name__)
State = Message.State


def _free(now: datetime) -> Q:
    return Q(state=State.QUEUED, due_at__lte=now) | Q(state=State.SENDING, lease_until__lt=now)


def claim(pk: int, now: datetime) -> Message | None:
    """Take a due message, or one whose worker died; None if it is not due or somebody else has it."""
    taken = Message.objects.filter(_free(now), pk=pk).update(
        state=State.SENDING, lease_until=now + LEASE, attempts=F("attempts") + 1
    )
    return Message.objects.select_related("edition").get(pk=pk) if taken else None


def deliver(pk: int) -> bool:
    """Send one message if it is due; True when it went out. A failure is kept on the row and tried again."""
    message = claim(pk, timezone.now())
    if message is None:
        return False
    try:
        _as_mail(message).send()
    except (OSError, ValueError) as error:  # SMTPException is an OSError; ValueError is an address that cannot be
        _failed(message, error)
        return False
    _ours(message).update(state=State.SENT, sent_at=timezone.now(), lease_until=None, error="")
    return True


def _ours(message: Message):
    return Message.objects.filter(pk=message.pk, state=State.SENDING, attempts=message.attempts)


def _failed(message: Message, error: Exception) -> None:
    log.warning("message %s, attempt %s: %s", message.pk, message.attempts, error)
    final = message.attempts >= MAX_ATTEMPTS or isinstance(error, ValueError)
    pause = FIRST_PAUSE * 2 ** (message.attempts - 1)
    _ours(message).update(
        state=State.FAILED if final else State.QUEUED,
        due_at=timezone.now() + pause,
        lease_until=None,
        error=f"{type(error).__name__}: {error}"[:2000],
    )


def _as_mail(message: Message) -> EmailMultiAlternatives:
    contact = message.edition.contact_email if message.edition else ""
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body_text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.recipient],
        reply_to=[contact] if contact else None,
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
    )
    if message.body_html:
        mail.attach_alternative(message.body_html, "text/html")
    return mail


def sweep() -> int:
    """Deliver what the bell missed, oldest first; returns how many went out. One query when there is nothing."""
    now = timezone.now()
    rung_recently = Q(state=State.QUEUED, attempts=0, created_at__gt=now - timedelta(seconds=3))
    waiting = Message.objects.filter(_free(now)).exclude(rung_recently).order_by("due_at", "pk")
    return sum(deliver(pk) for pk in list(waiting.values_list("pk", flat=True)[:SWEEP_BATCH]))
