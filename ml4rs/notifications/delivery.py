"""Keeping the outbox's promise: claim, send, mark; each killable at any point.

A worker killed between sending and marking causes one more mail with the same Message-ID: at least once, and
at most one recognisable duplicate for each kill. SMTP never happens inside a transaction.
"""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from ml4rs.notifications import reminders
from ml4rs.notifications.models import Message

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 16
FIRST_PAUSE = timedelta(seconds=30)  # doubled at each failure
LONGEST_PAUSE = timedelta(hours=1)  # so that sixteen attempts last for more than nine hours
SWEEP_BATCH = 100
SWEEP_FOR = timedelta(seconds=4)  # then the next tick goes on

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


def deliver(pk: int, connection: BaseEmailBackend | None = None) -> bool:
    """Send one message if it is due; True when it went out. A failure is kept on the row and tried again."""
    now = timezone.now()
    message = claim(pk, now)
    if message is None:
        return False
    if message.attempts > MAX_ATTEMPTS:
        _settle(message, state=State.FAILED, error="The worker stopped each time while sending it.")
        return False
    if why := _why_not(message, now):
        _settle(message, state=State.CANCELLED, error=why)
        return False
    connection = connection or get_connection()
    try:
        _as_mail(message, connection).send()
    except Exception as error:  # whatever a mail server or a message can do wrong belongs on the row
        connection.close()
        _failed(message, error)
        return False
    _settle(message, state=State.SENT, sent_at=timezone.now(), error="")
    return True


def _why_not(message: Message, now: datetime) -> str:
    """Why a message that is due should not go out any more; empty if it should."""
    if message.expires_at and message.expires_at <= now:
        return "Not sent: what it is about is over."
    if message.event == reminders.EVENT and not reminders.still_owed(message, now):
        return "Not sent: what it reminds of is done."
    return ""


def _settle(message: Message, **values) -> None:
    """Only the worker whose attempt this is may write what came of it."""
    Message.objects.filter(pk=message.pk, state=State.SENDING, attempts=message.attempts).update(
        lease_until=None, **values
    )


def _failed(message: Message, error: Exception) -> None:
    final = message.attempts >= MAX_ATTEMPTS or is_permanent(error)
    pause = min(FIRST_PAUSE * 2 ** (message.attempts - 1), LONGEST_PAUSE)
    is_expected = isinstance(error, (OSError, ValueError))  # SMTPException is an OSError
    log.log(
        logging.WARNING if is_expected else logging.ERROR,
        "message %s, attempt %s: %s",
        message.pk,
        message.attempts,
        error,
        exc_info=None if is_expected else error,
    )
    _settle(
        message,
        state=State.FAILED if final else State.QUEUED,
        due_at=timezone.now() + pause,
        error=_in_words(error)[:2000],
    )


def is_permanent(error: Exception) -> bool:
    """Whether trying again cannot help: the server refuses this recipient or this text, or it cannot be written."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, SMTPDataError):
        return error.smtp_code >= 500
    return isinstance(error, ValueError)


def _in_words(error: Exception) -> str:
    if isinstance(error, SMTPRecipientsRefused):
        answers = "; ".join(f"{code} {_text(answer)}" for code, answer in error.recipients.values())
        return f"The mail server refused the address: {answers}"
    if isinstance(error, SMTPResponseException):
        return f"The mail server answered: {error.smtp_code} {_text(error.smtp_error)}"
    if isinstance(error, OSError):
        return f"The mail server could not be reached: {error}"
    return f"{type(error).__name__}: {error}"


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer


def _as_mail(message: Message, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    contact = message.edition.contact_email if message.edition else ""
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body_text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.recipient],
        reply_to=[contact] if contact else None,
        headers={"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    if message.body_html:
        mail.attach_alternative(message.body_html, "text/html")
    return mail


def waiting(now: datetime) -> QuerySet[Message]:
    """What a sweep should take: due, and not in the hands of a bell that has just been rung. Oldest first."""
    just_rung = Q(state=State.QUEUED, attempts=0, batch="", created_at__gt=now - timedelta(seconds=3))
    return Message.objects.filter(_free(now)).exclude(just_rung).order_by("due_at", "pk")


def sweep() -> int:
    """Deliver what no bell reached, in batches; returns how many went out. One query if there is nothing."""
    end = monotonic() + SWEEP_FOR.total_seconds()
    total = 0
    while keys := list(waiting(timezone.now()).values_list("pk", flat=True)[:SWEEP_BATCH]):
        sent = _sweep_batch(keys)
        total += sent
        if sent < SWEEP_BATCH or monotonic() > end:
            break
    return total


def _sweep_batch(keys: list[int]) -> int:
    """Over one connection. When the mail server cannot be reached at all, the rest waits, and no attempt counts."""
    connection, sent = get_connection(), 0
    try:
        for pk in keys:
            connection.open()
            sent += deliver(pk, connection)
    except OSError as error:
        log.warning("mail server away, %s messages wait: %s", len(keys) - sent, error)
    finally:
        connection.close()
    return sent
