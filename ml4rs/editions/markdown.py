"""Markdown and formulas to safe HTML, with an edition's facts filled in."""

import re
from functools import lru_cache
from html import escape
from urllib.parse import quote

import nh3
from django.utils.safestring import SafeString, mark_safe
from latex2mathml.converter import convert
from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin

from ml4rs.editions.models import Edition

_TAGS = {"p", "a", "strong", "em", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "code", "pre", "br", "hr",
         "table", "thead", "tbody", "tr", "th", "td", "s"}  # fmt: skip
_MATHS = {"math", "mi", "mn", "mo", "ms", "mtext", "mspace", "mrow", "mfrac", "msqrt", "mroot", "mstyle", "mpadded",
          "mphantom", "menclose", "msub", "msup", "msubsup", "munder", "mover", "munderover", "mtable", "mtr",
          "mtd"}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "math": {"display"}, "mo": {"stretchy", "fence", "form"}, "mi": {"mathvariant"}}
_LONGEST_FORMULA = 1000  # characters
_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


def _formula(source: str, options: dict) -> str:
    """A formula as MathML, or as it was typed where it is none. The converter lets markup through: clean it after."""
    display = "block" if options.get("display_mode") else "inline"
    try:
        if len(source) > _LONGEST_FORMULA:
            raise ValueError
        return convert(source.strip(), display=display)
    except Exception:  # whatever the converter stumbles on: its author sees what was typed
        return f"<code>{escape(f'${source}$')}</code>"


_parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_parser.use(dollarmath_plugin, renderer=_formula, allow_labels=False, allow_space=False, allow_digits=False)

_mail_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
_BARE_LINK = re.compile(r"(?<![(<\[\w])https?://[^\s<>()\[\]]*[^\s<>()\[\].,;:!?]")


@lru_cache(maxsize=512)
def render(text: str) -> SafeString:
    """HTML of a text by anybody: raw HTML stays text, a heading never outranks the page's own, `$x^2$` is MathML."""
    return _cleaned(_parser.render(text or ""))


def render_for_mail(text: str) -> SafeString:
    """As `render`, without formulas (mail programs show none, and a dollar is money there), but with line breaks kept

    and bare addresses as links, as people write mails.
    """
    return _cleaned(_mail_parser.render(_BARE_LINK.sub(r"<\g<0>>", text or "")))


def _cleaned(html: str) -> SafeString:
    html = re.sub(r"(</?)h[12]>", r"\1h2>", html)
    clean = nh3.clean(html, tags=_TAGS | _MATHS, attributes=_ATTRIBUTES, url_schemes={"https", "http", "mailto"},
                      link_rel="noopener nofollow")  # fmt: skip
    return mark_safe(clean)  # noqa: S308 - nh3 has cleaned it


def variables(edition: Edition) -> dict[str, str]:
    """What `{{ name }}` in an edition's texts may stand for."""
    return {
        "name": edition.name,
        "short_name": edition.short_name,
        "host": edition.host or "to be confirmed",
        "year": str(edition.starts_on.year) if edition.starts_on else "to be confirmed",
        "city": edition.city or "to be confirmed",
        "country": edition.country or "to be confirmed",
        "venue": edition.venue or "to be confirmed",
        "contact": edition.contact_email,
    }


def render_for(text: str, edition: Edition) -> SafeString:
    """HTML of an edition's own text. Unknown variables stay as written, so that a typing error shows."""
    facts = variables(edition)
    return render(_PLACE.sub(lambda place: facts.get(place[1], place[0]), text))


def mail_link(address: str) -> str:
    return f"mailto:{quote(address, safe='@')}"
