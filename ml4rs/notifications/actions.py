"""The verbs of the outbox: queue a mail within an action's transaction, hold it, release it, send it again.

A row is the promise; delivery (delivery.py) keeps it. The unique (key, recipient) makes a second mail for the
same event impossible, whoever asks twice.
"""

import logging
from collections.abc import Iterable, Sized
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone

from ml4rs.accounts.models import normalise_address, random_public_id
from ml4rs.audit.actions import record
from ml4rs.editions.models import Edition
from ml4rs.editions.policy import may_organise, require
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.models import Concern, Message
from ml4rs.notifications.policy import may_manage
from ml4rs.notifications.registry import Recipient
from ml4rs.notifications.rules import ensure_default_rules
from ml4rs.notifications.wording import Words, finish, plain_values, reworded, words_for

__all__ = [
    "Recipient",
    "batch_of",
    "cancel",
    "ensure_default_rules",
    "hold",
    "queue_account_mail",
    "queue_mail",
    "release",
    "resend",
    "reword",
]

log = logging.getLogger(__name__)
State = Message.State


def queue_mail(
    event: str,
    *,
    edition: Edition | None,
    to: Recipient,
    about: str,
    context: dict,
    revision: int | str = 1,
    submission_id: int | None = None,
    papers: Iterable[int] = (),
    application_id: int | None = None,
    names_papers: bool = False,
    grants_only: bool = False,
    batch: str = "",
    held: bool = False,
    not_before: datetime | None = None,
    expires_at: datetime | None = None,
    wording: tuple[str, str] | None = None,
    calendar: str = "",
) -> Message:
    """Queue one mail for an event about a subject; the message that stands already if it was queued before.

    `submission_id` is the paper it is about, or `papers` if they are several: who may know of none of them does
    not meet the mail in the outbox (`names_papers`: who may not know of all). Likewise `application_id`, the
    application for travel support it is about. `wording` is subject and body for this mail, in place of the
    edition's and the usual words. `calendar` is an iCalendar file that goes with it.
    """
    key, address = _key(event, about, revision), normalise_address(to.address)
    if standing := Message.objects.filter(key=key, recipient=address).first():
        return standing
    words = words_for(event, edition=edition, recipient=to, context=context, wording=wording)
    return _write(
        words,
        key=key,
        event=event,
        edition=edition,
        recipient=address,
        recipient_name=to.name[:200],
        user=to.user,
        papers=papers,
        submission_id=submission_id,
        application_id=application_id,
        names_papers=names_papers,
        grants_only=grants_only,
        batch=batch,
        due_at=not_before,
        expires_at=expires_at,
        values=plain_values(event, context),
        calendar=calendar,
        cc=_copy_to(words, edition, is_public=not (submission_id or papers or application_id or grants_only)),
        state=State.HELD if held else State.QUEUED,
    )


def batch_of(people: Sized) -> str:
    """A name for the mails of one action; none for a single mail, which then has a bell of its own."""
    return random_public_id() if len(people) > 1 else ""


def _copy_to(words: Words, edition: Edition | None, *, is_public: bool) -> str:
    """Where a copy goes: never of a mail about a paper or an application, since all organisers read that address."""
    return edition.contact_email if words.copy and edition and is_public else ""


def _key(event: str, about: str, revision: int | str) -> str:
    """What makes it this mail. A long one is cut, with a digest of the whole, so that two never meet."""
    key = f"{event}:{about}:{revision}"
    return key if len(key) <= 200 else f"{key[:135]}:{sha256(key.encode()).hexdigest()}"


def queue_account_mail(to: str, subject: str, text: str, html: str, kind: str) -> Message:
    """Queue a mail about somebody's account (a code, a changed password); each is one of its own."""
    words = finish(subject, text, None)
    return _write(
        Words(words.subject, words.text, html or words.html),
        key=f"accounts.{kind}:{uuid4()}"[:200],
        event=f"accounts.{kind}"[:60],
        recipient=normalise_address(to),
        state=State.QUEUED,
    )


def _write(words: Words, papers: Iterable[int] = (), **values) -> Message:
    now = timezone.now()
    values["due_at"] = max(now, values.get("due_at") or now)
    refusal = _refusal(values["recipient"])
    if refusal:
        values |= {"state": State.FAILED, "error": refusal, "recipient": values["recipient"][:254]}
    try:
        with transaction.atomic():
            message = Message.objects.create(
                subject=words.subject,
                body_text=words.text,
                body_html=words.html,
                is_markdown=words.is_markdown,
                created_at=now,
                message_id=_message_id(),
                **values,
            )
            Concern.objects.bulk_create(Concern(message=message, submission_id=paper) for paper in sorted(papers))
    except IntegrityError:
        # Somebody else queued the same in this very moment: theirs is the one.
        standing = Message.objects.filter(key=values["key"], recipient=values["recipient"]).first()
        if standing is None:
            raise
        return standing
    # Many at once are the sweep's, over one connection: their bells would keep others waiting.
    if not message.batch and message.due_at <= now:
        ring(message)
    return message


def _refusal(address: str) -> str:
    """Why nothing can be sent there; the message is kept so that organisers see it."""
    try:
        validate_email(address)
    except ValidationError:
        return "This is no e-mail address."
    return "" if len(address) <= 254 else "This e-mail address is longer than any can be."


def _message_id() -> str:
    """Names neither this machine nor a paper. Nobody can guess it: whoever knows it may say that the mail came back."""
    return f"<{token_urlsafe(18)}@{settings.SERVER_EMAIL.rpartition('@')[2]}>"


def ring(message: Message) -> None:
    """Tell a worker once the row is really there; what the bell misses the sweep finds."""
    from ml4rs.notifications.tasks import deliver

    def ring_now() -> None:
        try:
            deliver.delay(message.pk)
        except deliver.OperationalError as error:
            log.warning("broker away, the sweep will find message %s: %s", message.pk, error)
            if message.edition_id is None:  # somebody waits for a code in front of a form
                deliver(message.pk)

    if message.state == State.QUEUED:
        transaction.on_commit(ring_now, robust=True)


def _move(message: Message, old: tuple[str, ...], new: str, verb: str, by: Viewer) -> bool:
    """One conditional update and its audit entry; False when the message had moved on meanwhile."""
    require(may_manage(by, message))
    moved = Message.objects.filter(pk=message.pk, state__in=old).update(state=new, due_at=by.now, error="", attempts=0)
    if moved:
        _record(verb, message, by)
        message.refresh_from_db()
    return bool(moved)


def _record(verb: str, message: Message, by: Viewer) -> None:
    """One entry for each paper that it is about, since each paper's entries have readers of their own."""
    for paper in _papers(message) or [None]:
        record(verb, by=by, subject=message, submission_id=paper, grants_only=message.grants_only)


def _papers(message: Message) -> list[int]:
    if message.submission_id is not None:
        return [message.submission_id]
    return list(message.concerns.values_list("submission_id", flat=True))


@transaction.atomic
def hold(message: Message, *, by: Viewer) -> bool:
    """Keep a message that waits from being sent."""
    return _move(message, (State.QUEUED,), State.HELD, "mail.held", by)


@transaction.atomic
def hold_all(edition: Edition, *, by: Viewer) -> int:
    """Keep every mail of an edition that waits from being sent; how many. Each is released again by hand.

    It is one act for the whole edition, also for mails that `by` may not read.

    Raises:
        NotAllowed: `by` is no organiser.
    """
    require(may_organise(by))
    held = Message.objects.filter(edition=edition, state=State.QUEUED).update(state=State.HELD)
    record("mail.all_held", by=by, subject=edition)
    return held


@transaction.atomic
def release(message: Message, *, by: Viewer) -> bool:
    """Let a held, failed or cancelled message go."""
    moved = _move(message, (State.HELD, State.FAILED, State.CANCELLED), State.QUEUED, "mail.released", by)
    if moved:
        ring(message)
    return moved


@transaction.atomic
def cancel(message: Message, *, by: Viewer) -> bool:
    """Never send it."""
    return _move(message, (State.QUEUED, State.HELD, State.FAILED), State.CANCELLED, "mail.cancelled", by)


@transaction.atomic
def reword(message: Message, *, subject: str, body: str, by: Viewer) -> bool:
    """Change the words of a held message."""
    require(may_manage(by, message))
    words = reworded(subject, body, message.edition, is_markdown=message.is_markdown)
    changed = Message.objects.filter(pk=message.pk, state=State.HELD).update(
        subject=words.subject, body_text=words.text, body_html=words.html
    )
    if changed:
        _record("mail.reworded", message, by)
    return bool(changed)


@transaction.atomic
def resend(message: Message, *, by: Viewer) -> Message:
    """Send the same words once more, as a message of its own; the first keeps its history."""
    require(may_manage(by, message))
    copy = _write(
        Words(message.subject, message.body_text, message.body_html, message.is_markdown),
        key=f"{message.key[:150]}:again:{uuid4().hex[:12]}",
        event=message.event,
        edition=message.edition,
        recipient=message.recipient,
        recipient_name=message.recipient_name,
        user=message.user,
        papers=message.concerns.values_list("submission_id", flat=True),
        submission_id=message.submission_id,
        application_id=message.application_id,
        names_papers=message.names_papers,
        grants_only=message.grants_only,
        values=message.values,
        calendar=message.calendar,
        cc=message.cc,
        state=State.QUEUED,
    )
    _record("mail.resent", message, by)
    return copy
