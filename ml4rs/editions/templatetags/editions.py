"""Tags for dates, texts and money as every page shows them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ml4rs.editions import markdown as prose
from ml4rs.editions.maps import land
from ml4rs.editions.models import Edition, Milestone
from ml4rs.editions.money import in_words as money_in_words
from ml4rs.editions.times import announced, of_reader

register = template.Library()


def _venue(context: template.Context) -> str:
    edition = context.get("edition")
    return edition.time_zone if isinstance(edition, Edition) else "UTC"


def _readers_zone(context: template.Context) -> str:
    viewer = context.get("viewer")
    return viewer.user.time_zone if viewer is not None and viewer.user is not None else ""


@register.simple_tag(takes_context=True)
def when(
    context: template.Context, instant: datetime | None, aoe: bool = False, whole_day: bool = False
) -> SafeString | str:
    """A <time> with the announced date and, unless only the day counts, the reader's own time beside it.

    The reader's zone is that of the profile; without one the page's script fills in the browser's.
    """
    if instant is None:
        return "To be confirmed"
    words = announced(instant, aoe=aoe, whole_day=whole_day, venue=_venue(context))
    stamp = instant.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")
    if whole_day:
        return format_html('<time datetime="{}">{}</time>', stamp[:10] if not aoe else stamp, words)
    zone = _readers_zone(context)
    own = of_reader(instant, zone) if zone else ""
    return format_html(
        '<time datetime="{}">{}</time> <span class="own-time" data-own-time="{}">{}</span>',
        stamp, words, stamp if not own else "", own,
    )  # fmt: skip


@register.simple_tag
def when_text(milestone: Milestone, user: Any = None) -> str:
    """A milestone's date for a plain-text mail: as announced, and in the reader's zone if it is known."""
    if milestone.instant is None:
        return "to be confirmed"
    venue = milestone.edition.time_zone
    words = announced(milestone.instant, aoe=milestone.aoe, whole_day=milestone.whole_day, venue=venue)
    zone = user.time_zone if user else ""
    return f"{words}\n{of_reader(milestone.instant, zone)}" if zone and not milestone.whole_day else words


@register.inclusion_tag("partials/deadline.html", takes_context=True)
def deadline(context: template.Context, milestone: Milestone | None) -> dict:
    """A milestone's date: struck through when past, with the old date when it was moved, and what remains."""
    viewer = context.get("viewer")
    now = viewer.now if viewer is not None else None
    return {
        "milestone": milestone,
        "has_passed": bool(milestone and now and milestone.has_passed(now)),
        "now": now,
        "edition": context.get("edition"),
        "viewer": viewer,
    }


@register.filter
def markdown(text: str) -> SafeString:
    """Markdown as safe HTML."""
    return prose.render(text)


@register.simple_tag(takes_context=True)
def text_block(context: template.Context, block: Any) -> SafeString:
    """An edition's text with its variables filled in."""
    return prose.render_for(block.body, context["edition"])


@register.filter
def money(minor: int | None, currency: str) -> str:
    """An amount in minor units as people write it: 3,000 EUR."""
    return "" if minor is None else money_in_words(minor, currency)


_AREAS = {
    "personal": "Yours",
    "reviewing": "Reviewing",
    "organising": "Organising",
    "grants": "Travel grants",
}


@register.simple_tag(takes_context=True)
def desk_menu(context: template.Context) -> list[tuple[str, list]]:
    """The signed-in menu: headings with their entries, only those that have any."""
    entries = list(context["menu_entries"])
    groups = [(heading, [entry for entry in entries if entry.area == area]) for area, heading in _AREAS.items()]
    return [(heading, found) for heading, found in groups if found]


@register.simple_tag
def land_path() -> str:
    """The land of a map of the world, as the `d` of an SVG path; see `ml4rs.editions.maps`."""
    return land(settings.BASE_DIR / "node_modules" / "world-atlas" / "land-110m.json")


@register.filter
def initials(name: str) -> str:
    """First and last initial, for people without a portrait."""
    parts = name.split()
    return (parts[0][:1] + (parts[-1][:1] if len(parts) > 1 else "")).upper() if parts else ""


@register.filter
def value(mapping: dict, key: str) -> Any:
    """The entry of a mapping under a key that is itself a variable."""
    return mapping[key]
