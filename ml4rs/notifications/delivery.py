"""Keeping the outbox's promise: claim, send, mark; each killable at any point.

A worker killed between sending and marking causes one more mail with the same Message-ID: at least once, and
at most one recognisable duplicate for each kill. SMTP never happens inside a transaction.
"""

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from secrets import token_hex
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPResponseException
from time import monotonic

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, SafeMIMEMultipart, SafeMIMEText, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from ml4rs.notifications import preferences, rate, rechecking
from ml4rs.notifications.models import Message
from ml4rs.notifications.registry import REMINDERS

LEASE = timedelta(minutes=2)
MAX_ATTEMPTS = 16
FIRST_PAUSE = timedelta(seconds=30)  # doubled at each failure
LONGEST_PAUSE = timedelta(hours=1)  # so that sixteen attempts last for more than nine hours
SWEEP_BATCH = 100
CLAIMED_AT_ONCE = 50  # so few that a killed worker keeps few mails waiting for the end of its lease
SWEEP_FOR = timedelta(seconds=4)  # then the next tick goes on
_SAFE = timedelta(seconds=60)  # so long before the end of a lease no mail is begun any more

_MARK_SENT = f"""
    UPDATE {Message._meta.db_table} SET state = 'sent', sent_at = %s, error = '', lease_until = NULL
    WHERE id = %s AND state = 'sending' AND attempts = %s
"""  # noqa: S608 - nothing in it comes from outside

# PostgreSQL need not have a mark on disk before the next mail goes out. A killed worker loses none, for the server has
# them; should its machine lose its power, the mails of the last half second go out once more, with their Message-IDs.
_WITHOUT_WAITING = " AND set_config('synchronous_commit', 'off', true) = 'off'"

log = logging.getLogger(__name__)
State = Message.State


def _free(now: datetime) -> Q:
    return Q(state=State.QUEUED, due_at__lte=now) | Q(state=State.SENDING, lease_until__lt=now)


@transaction.atomic
def claim(keys: Iterable[int], now: datetime) -> list[Message]:
    """Take those that are due, or whose worker died, and that nobody else has. Three queries for all of them."""
    free = Message.objects.select_for_update(skip_locked=True).filter(_free(now), pk__in=list(keys))
    found = list(free.prefetch_related("edition").order_by("due_at", "pk"))
    Message.objects.filter(pk__in=[each.pk for each in found]).update(
        state=State.SENDING, lease_until=now + LEASE, attempts=F("attempts") + 1
    )
    for each in found:
        each.state, each.lease_until, each.attempts = State.SENDING, now + LEASE, each.attempts + 1
    return found


def deliver(pk: int) -> bool:
    """Send one message if it is due; True when it went out. A failure is kept on the row and tried again."""
    now = timezone.now()
    if not rate.allows(pk, now):
        return False
    found = claim([pk], now)
    return bool(found) and _attempt(found[0], get_connection(), preferences.unwanted(found))


def deliver_many(keys: list[int]) -> int:
    """Send those that are due over one connection; how many went out.

    When the mail server cannot be reached at all, the rest waits, and no attempt counts.
    """
    server, sent = get_connection(), 0
    try:
        for group in _groups(keys):
            server.open()
            sent += _deliver_group(group, server)
    except OSError as error:
        log.warning("mail server away, %s messages wait: %s", len(keys) - sent, error)
    finally:
        server.close()
    return sent


def _groups(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), CLAIMED_AT_ONCE):
        group = keys[start : start + CLAIMED_AT_ONCE]
        left = rate.left(timezone.now())
        yield group if left is None else group[:left]


def _deliver_group(keys: list[int], server: BaseEmailBackend) -> int:
    """Whatever happens on the way, those that were not begun are free again at once."""
    waiting = claim(keys, timezone.now())
    unwanted, sent = preferences.unwanted(waiting), 0
    try:
        while waiting and timezone.now() < waiting[0].lease_until - _SAFE:
            server.open()
            sent += _attempt(waiting.pop(0), server, unwanted)
    finally:
        _give_back(waiting)
    return sent


def _give_back(messages: list[Message]) -> None:
    for message in messages:
        _settle(message, state=State.QUEUED, attempts=message.attempts - 1)


def _attempt(message: Message, server: BaseEmailBackend, unwanted: set[int]) -> bool:
    """Send one message that is ours, or say on its row why not."""
    if message.attempts > MAX_ATTEMPTS:
        _settle(message, state=State.FAILED, error="The worker stopped each time while sending it.")
        return False
    if why := _why_not(message, unwanted, timezone.now()):
        _settle(message, state=State.CANCELLED, error=why)
        return False
    try:
        as_mail(message, server).send()
    except Exception as error:  # whatever a mail server or a message can do wrong belongs on the row
        server.close()
        _failed(message, error)
        return False
    _mark_sent(message)
    return True


def _mark_sent(message: Message) -> None:
    """As `_settle`, in words of its own: for each mail that goes out, building the query would cost as much as the

    database takes for it (benchmarks/outbox.py).
    """
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    statement = _MARK_SENT + (_WITHOUT_WAITING if connection.vendor == "postgresql" else "")
    with connection.cursor() as cursor:
        cursor.execute(statement, [now, message.pk, message.attempts])


def _why_not(message: Message, unwanted: set[int], now: datetime) -> str:
    """Why a message that is due should not go out any more; empty if it should."""
    if message.expires_at and message.expires_at <= now:
        return "Not sent: what it is about is over."
    if message.pk in unwanted:
        return "Not sent: its reader has switched mails of this kind off."
    return rechecking.why_not(message, now) if message.event in REMINDERS else ""


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


class _Mail(EmailMultiAlternatives):
    """Says what divides its parts. Left to itself, the library searches the whole text for something that does."""

    def message(self) -> SafeMIMEMultipart | SafeMIMEText:
        made = super().message()
        if made.is_multipart():
            made.set_boundary(token_hex(16))
        return made


def as_mail(message: Message, server: BaseEmailBackend) -> EmailMultiAlternatives:
    contact = message.edition.contact_email if message.edition else ""
    headers = {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
    if way_out := preferences.link_of(message):  # RFC 8058: one click, without a page in between
        headers |= {"List-Unsubscribe": f"<{way_out}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    mail = _Mail(
        subject=message.subject,
        body=message.body_text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.recipient],
        reply_to=[contact] if contact else None,
        cc=[message.cc] if message.cc else None,
        headers=headers,
        connection=server,
    )
    if message.body_html:
        mail.attach_alternative(message.body_html, "text/html")
    if message.calendar:
        mail.attach("programme.ics", message.calendar, "text/calendar")
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
        sent = deliver_many(keys)
        total += sent
        if sent < SWEEP_BATCH or monotonic() > end:
            break
    return total
