"""What every feed of an edition's programme says of it: where it is, and where to read more."""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from ml4rs.editions.models import Edition
from ml4rs.notifications.links import absolute
from schedule.exports import Programme, Session, to_calendar


def domain() -> str:
    """What makes identifiers this site's own."""
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def venue_of(edition: Edition) -> str:
    return ", ".join(part for part in (edition.venue, edition.city, edition.country) if part)


def link_in(edition: Edition) -> Callable[[Session], str]:
    """Where a session stands on the programme page, as a full address."""
    page = absolute("schedule:programme", edition.slug)
    return lambda session: f"{page}#{'i' if session.is_item else 's'}-{session.id}"


def calendar_of(edition: Edition, shown: Programme, *, version: int, published_at: datetime) -> bytes:
    """A programme, or a part of one, as iCalendar."""
    return to_calendar(
        shown,
        name=str(edition),
        domain=domain(),
        version=version,
        published_at=published_at,
        place=venue_of(edition),
        link=link_in(edition),
    )
