"""From an event and its context to the words of a mail."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from ml4rs.editions.models import Edition
from ml4rs.notifications.models import Template
from ml4rs.notifications.registry import Recipient, mail_events

_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_LINK = re.compile(r"https?://[^\s<>&\"]+(?:&amp;[^\s<>&\"]+)*")


@dataclass(frozen=True)
class Words:
    subject: str
    text: str
    html: str


def words_for(event: str, *, edition: Edition | None, recipient: Recipient, context: dict) -> Words:
    """The mail of an event: the edition's own wording if there is one, else the app's template."""
    full = {**context, "edition": edition, "recipient": recipient, "site_url": settings.SITE_URL}
    own = Template.objects.filter(edition=edition, event=event).first() if edition else None
    if own:
        subject, body = _fill(own.subject, event, full), _fill(own.body, event, full)
    else:
        app, _, name = event.partition(".")
        subject, body = _split(render_to_string(f"{app}/mail/{name}.txt", full))
    return finish(subject, body, edition)


def finish(subject: str, body: str, edition: Edition | None) -> Words:
    """Prefix the subject with the edition, and derive the HTML part from the text."""
    prefix = f"[{edition.short_name} {edition.slug}] " if edition else ""
    text = body.strip() + "\n"
    html = render_to_string(
        "notifications/mail.html", {"edition": edition, "subject": subject, "paragraphs": _paragraphs(text)}
    )
    return Words(" ".join(f"{prefix}{subject}".split())[:300], text, html)


def _split(mail: str) -> tuple[str, str]:
    head, _, body = mail.strip().partition("\n")
    if not head.startswith("Subject:"):
        raise ValueError("A mail template starts with a line `Subject: ...`.")
    return head.removeprefix("Subject:").strip(), body


def _fill(wording: str, event: str, context: dict) -> str:
    """Put plain values into `{{ name }}`: only those that the event offers, never an attribute of an object."""
    offered = {variable for known in mail_events if known.name == event for variable in known.variables}
    return _PLACE.sub(lambda place: str(context[place[1]]) if place[1] in offered else place[0], wording)


def _paragraphs(text: str) -> list[SafeString]:
    return [_as_html(block) for block in text.strip().split("\n\n")]


def _as_html(block: str) -> SafeString:
    """Escaped text whose addresses are links and whose line breaks stay."""
    linked = _LINK.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(block))
    return mark_safe(linked.replace("\n", "<br>\n"))  # noqa: S308 - everything in it went through escape()
