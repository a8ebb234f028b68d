"""From an event and its context to the words of a mail: the app's template, or the edition's own wording.

An edition's own wording is Markdown with `{{ name }}` in it. It is never run as a template: only the values
that the event declares are put in, so that no wording can reach an object, and no value is looked at twice. What
stands for a variable is text: no title becomes a heading or a link.
"""

import re
from dataclasses import dataclass, replace

from django.conf import settings
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from ml4rs.editions.markdown import render_for_mail
from ml4rs.editions.models import Edition
from ml4rs.notifications.links import absolute
from ml4rs.notifications.models import Template
from ml4rs.notifications.preferences import link_out
from ml4rs.notifications.registry import MailEvent, Recipient, event_named

# What every wording may use, whatever the event.
ALWAYS = ("recipient_name", "edition", "contact", "site_url")

_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_LINK = re.compile(r"https?://[^\s<>&\"]+(?:&amp;[^\s<>&\"]+)*(?<![.,;:!?)])")
_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~])")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|(?:19|20)\d\d$")
_FOOT = "\n-- \n"  # how mail programs know a signature


@dataclass(frozen=True)
class Words:
    """A finished mail. `fragment` is the HTML of an edition's own words without what stands around them."""

    subject: str
    text: str
    html: str
    is_markdown: bool = False
    copy: bool = False
    fragment: str = ""


def words_for(
    event: str,
    *,
    edition: Edition | None,
    recipient: Recipient,
    context: dict,
    wording: tuple[str, str] | None = None,
) -> Words:
    """The mail of an event: `wording` (subject and body) if given, else the edition's own, else the app's template.

    At most one query.
    """
    known = event_named(event)
    own = _own(event, edition, wording) if edition and known else None
    out = link_out(recipient.address, known.category) if known and known.category else ""
    if own and known:
        values = {**_always(edition, recipient), **context}
        return replace(own_words(own.subject, own.body, known, values, edition, out), copy=own.copy and known.copyable)
    subject, body = default_wording(event, edition=edition, recipient=recipient, context=context)
    return finish(subject, body, edition, why=known.why if known else "", out=out)


def _own(event: str, edition: Edition, wording: tuple[str, str] | None) -> Template | None:
    if wording is not None:
        return Template(edition=edition, event=event, subject=wording[0], body=wording[1])
    return Template.objects.filter(edition=edition, event=event).first()


def default_wording(
    event: str, *, edition: Edition | None, recipient: Recipient, context: dict[str, object]
) -> tuple[str, str]:
    """Subject and body from the app's template folder. Plain text: nothing in it is escaped."""
    app, _, name = event.partition(".")
    template = get_template(f"{app}/mail/{name}.txt").template
    full = {**context, "edition": edition, "recipient": recipient, "site_url": settings.SITE_URL}
    return _split(template.render(Context(full, autoescape=False)))


def _split(mail: str) -> tuple[str, str]:
    """The subject ends at the first blank line: a line break in a title neither ends it nor begins the body."""
    head, *body = re.split(r"\n[ \t\r]*\n", mail.strip(), maxsplit=1)
    if not head.startswith("Subject:"):
        raise ValueError("A mail template starts with a line `Subject: ...` and a blank line.")
    body = "".join(body)
    return head.removeprefix("Subject:").strip(), body


def finish(subject: str, body: str, edition: Edition | None, why: str = "", out: str = "") -> Words:
    """Mark the subject with the edition, add the foot, and derive the HTML part from the text."""
    return reworded(_tagged(subject, edition), _with_foot(body, edition, why, out), edition)


def _tagged(subject: str, edition: Edition | None) -> str:
    return f"[{subject_tag(edition)}] {subject}" if edition else subject


def _with_foot(body: str, edition: Edition | None, why: str, out: str) -> str:
    foot = f"\n{_FOOT}{_foot(edition, why, out)}" if edition else ""
    return f"{body.strip()}{foot}"


def reworded(subject: str, body: str, edition: Edition | None, *, is_markdown: bool = False) -> Words:
    """Words as they stand: nothing added, nothing that a header or a database refuses."""
    text, subject = _clean(body), _header(subject)
    fragment = render_for_mail(text.partition(_FOOT)[0]) if is_markdown else ""
    return Words(subject, text, _html(subject, text, edition, fragment), is_markdown)


def _clean(body: str) -> str:
    return body.replace("\x00", "").replace("\r\n", "\n").strip() + "\n"


def _header(subject: str) -> str:
    return " ".join(subject.replace("\x00", "").split())[:300]


def subject_tag(edition: Edition) -> str:
    """`ML4RS 2025`: the year of the workshop, else that in its host's name or its address."""
    year = _YEAR.search(edition.host) or _YEAR.search(edition.slug)
    when = str(edition.starts_on.year) if edition.starts_on else year[0] if year else ""
    return f"{edition.short_name} {when}".strip()


def _foot(edition: Edition, why: str, out: str) -> str:
    reason = f"You get this mail because {why or f'you take part in {edition}'}."
    answers = " Answers go to the organisers." if edition.contact_email else ""
    way_out = f"\nNo more mails of this kind: {out}" if out else ""
    return f"{edition}, {absolute('editions:home', edition.slug)}\n{reason}{answers}{way_out}"


# --- An edition's own wording -----------------------------------------------------------------------


def _always(edition: Edition | None, recipient: Recipient) -> dict[str, object]:
    contact = edition.contact_email if edition else ""
    return {
        "recipient_name": recipient.name or "colleague",
        "edition": edition,
        "contact": contact,
        "site_url": settings.SITE_URL,
    }


def offered(event: MailEvent) -> list[str]:
    """The variables that a wording of this event may use: plain words and numbers, no lists, no yes or no."""
    own = [name for name in event.variables if _is_plain(event.sample.get(name, ""))]
    return [*own, *(name for name in ALWAYS if name not in own)]


def _is_plain(value: object) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool)


def own_words(subject: str, body: str, event: MailEvent, values: dict, edition: Edition | None, out: str = "") -> Words:
    """An edition's own wording with values in it. The text part is the Markdown as it was written."""
    subject = _header(_tagged(fill(subject, event, values), edition))
    text = _clean(_with_foot(fill(body, event, values), edition, event.why, out))
    escaped = fill(body, event, {name: as_markdown(value) for name, value in values.items()})
    fragment = render_for_mail(_clean(escaped))
    return Words(subject, text, _html(subject, text, edition, fragment), is_markdown=True, fragment=fragment)


def as_markdown(value: object) -> str:
    """A value as Markdown that reads as the value itself; an address of ours stays a link."""
    text = str(value)
    if re.fullmatch(r"https?://[^\s<>]+", text):
        return f"<{text}>"
    return re.sub(r"(?<!\n)\n(?!\n)", "\\\\\n", _MARKUP.sub(r"\\\1", text))


def plain_values(event: str, context: dict) -> dict[str, str | int]:
    """What of a mail's context its wording may use: kept with the mail, to try other words with."""
    known = event_named(event)
    names = known.variables if known else ()
    return {
        name: str(context[name]).replace("\x00", "") if isinstance(context[name], str) else context[name]
        for name in names
        if name in context and _is_plain(context[name])
    }


def fill(wording: str, event: MailEvent, values: dict) -> str:
    """Put the offered values into `{{ name }}`, once; anything else stays as it was written."""
    names = offered(event)
    return _PLACE.sub(lambda place: str(values.get(place[1], "")) if place[1] in names else place[0], wording)


def unknown_variables(wording: str, event: MailEvent) -> list[str]:
    """Names in braces that the event does not offer, and template language, which a wording has none of."""
    names = offered(event)
    strange = re.findall(r"\{%.*?%\}|\{\{(?!\s*\w+\s*\}\}).*?\}\}", wording)
    return [name for name in _PLACE.findall(wording) if name not in names] + strange


def variables_of(wording: str) -> set[str]:
    """Names that stand in braces in it."""
    return set(_PLACE.findall(wording))


def starting_point(event: MailEvent, edition: Edition) -> tuple[str, str]:
    """The app's wording with the variables' names in place of values, to begin an edition's own from."""
    places = {name: f"{{{{ {name} }}}}" for name in offered(event) if name != "edition"}
    context = {**event.sample, **places}
    return default_wording(
        event.name, edition=edition, recipient=Recipient("", places["recipient_name"]), context=context
    )


def sample_words(
    event: MailEvent, edition: Edition, subject: str, body: str, recipient: Recipient, values: dict | None = None
) -> Words:
    """How a wording reads with the event's sample values, or with those of a mail that there was."""
    out = link_out(recipient.address, event.category) if event.category else ""
    known = {**_always(edition, recipient), **event.sample, **(values or {})}
    return own_words(subject, body, event, known, edition, out)


# --- The HTML part ------------------------------------------------------------------------------------


def _html(subject: str, text: str, edition: Edition | None, fragment: str = "") -> str:
    """The same words as the text part: paragraphs and links, no picture, nothing fetched from anywhere."""
    body, _, foot = text.partition(_FOOT)
    context = {
        "edition": edition,
        "subject": subject,
        "body": fragment,
        "paragraphs": [] if fragment else _paragraphs(body),
        "foot": _paragraphs(foot),
    }
    return render_to_string("notifications/mail.html", context)


def _paragraphs(text: str) -> list[SafeString]:
    blocks = re.split(r"\n\s*\n", text.strip())
    return [_as_html(block) for block in blocks if block]


def _as_html(block: str) -> SafeString:
    """Escaped text whose addresses are links and whose line breaks stay."""
    linked = _LINK.sub(lambda found: f'<a href="{found[0]}">{found[0]}</a>', escape(block))
    return mark_safe(linked.replace("\n", "<br>\n"))  # noqa: S308 - everything in it went through escape()
