"""Mails that came back: a mail server's report is read, and the message it speaks of is marked.

A report is a multipart/report with a message/delivery-status part (RFC 3464), whose fields say what became of each
address (RFC 3463 has the numbers), and with the mail itself or its headers. The message is found by its Message-ID,
which only whoever got the mail can know, and by the address.
"""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.db import transaction

from ml4rs.accounts.models import normalise_address
from ml4rs.notifications.models import Message

LARGEST = 2_000_000  # bytes; a report with the whole mail in it is far smaller

State = Message.State


@dataclass(frozen=True)
class Bounce:
    """One address that a mail did not reach, for good, and what its server said."""

    message_id: str
    recipient: str
    status: str
    words: str


def take_in(raw: bytes) -> int:
    """Mark the messages that this report says came back; how many. A report about others' mail marks none."""
    return sum(_mark(bounce) for bounce in read(raw))


def read(raw: bytes) -> list[Bounce]:
    """The lasting failures in a report; none in anything that is no report, however broken."""
    mail = message_from_bytes(raw[:LARGEST], policy=policy.compat32)
    parts = list(mail.walk())
    ids = [found for part in parts if (found := _original_id(part))]
    if not ids:
        return []
    blocks = [
        block for part in parts if part.get_content_type() == "message/delivery-status" for block in _blocks(part)
    ]
    return [_bounce(ids[0], block) for block in blocks if _is_lasting(block)]


def _original_id(part: EmailMessage) -> str:
    """The Message-ID of the mail that came back, from the part that holds it or its headers."""
    kind, content = part.get_content_type(), part.get_payload()
    if kind == "message/rfc822" and isinstance(content, list) and content:
        return _header(content[0], "Message-ID")
    if kind == "text/rfc822-headers":
        headers = part.get_payload(decode=True) or b""
        return _header(message_from_bytes(headers), "Message-ID")
    return ""


def _blocks(part: EmailMessage) -> list[EmailMessage]:
    content = part.get_payload()
    return content if isinstance(content, list) else []


def _is_lasting(block: EmailMessage) -> bool:
    """Failed with a status of class 5; a delay is no failure, and a full box may have room tomorrow."""
    return _header(block, "Action").lower() == "failed" and not _header(block, "Status").startswith("4")


def _bounce(message_id: str, block: EmailMessage) -> Bounce:
    address = _header(block, "Original-Recipient") or _header(block, "Final-Recipient")
    words = " ".join(_header(block, "Diagnostic-Code").split())
    return Bounce(message_id, normalise_address(address.rpartition(";")[2]), _header(block, "Status"), words[:500])


def _header(part: EmailMessage, name: str) -> str:
    return str(part.get(name, "")).strip()


@transaction.atomic
def _mark(bounce: Bounce) -> bool:
    """A mail that is marked already, or that is not ours, is left alone."""
    said = bounce.words or bounce.status or "no reason given"
    return bool(
        Message.objects.filter(message_id=bounce.message_id, recipient=bounce.recipient, state=State.SENT).update(
            state=State.BOUNCED, error=f"It came back: {said}"
        )
    )
