"""A programme as iCalendar (RFC 5545), so that calendars follow it and update instead of duplicating."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

from schedule.exports.programme import Item, Programme, Session


def to_calendar(
    programme: Programme,
    *,
    name: str,
    domain: str,
    version: int,
    published_at: datetime,
    place: str = "",
    link: Callable[[Session], str] = lambda session: "",
) -> bytes:
    """One event for each session that has a time; its talks stand in the description.

    The UID is the session's public id at our domain and SEQUENCE is the release's version (RFC 5545, 3.8.7.4),
    so that a calendar which has an older release moves the event. Times are in the venue's zone with its
    VTIMEZONE: a calendar then shows the right hour on both sides of a change of the clocks.
    """
    calendar = Calendar()
    calendar.add("prodid", f"-//{domain}//ml4rs programme//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", programme.zone)
    dated = [(each, *each.hours) for each in programme.sessions if each.hours]
    zone = ZoneInfo(programme.zone)
    if dated and programme.zone != "UTC":
        first, last = min(starts for _, starts, _ in dated), max(ends for _, _, ends in dated)
        calendar.add_component(
            Timezone.from_tzinfo(
                zone, programme.zone, first_date=first.date().replace(month=1, day=1), last_date=_next_year(last)
            )
        )
    for session, starts, ends in dated:
        event = Event()
        event.add("uid", f"{session.id}@{domain}")
        event.add("dtstamp", published_at)
        event.add("last-modified", published_at)
        event.add("sequence", version)
        event.add("dtstart", starts.astimezone(zone))
        event.add("dtend", ends.astimezone(zone))
        event.add("summary", _summary(session))
        event.add("categories", [session.kind_name])
        location = ", ".join(part for part in (session.room, place) if part)
        if location:
            event.add("location", location)
        if description := "\n".join(_line(session, item, zone) for item in session.items):
            event.add("description", description)
        if url := link(session):
            event.add("url", url)
        calendar.add_component(event)
    return calendar.to_ical()


def _next_year(instant: datetime):
    return instant.date().replace(year=instant.year + 1, month=1, day=1)


def _summary(session: Session) -> str:
    """A lone talk is named with its session, so that the calendar's narrow column says what it is."""
    if len(session.items) == 1 and session.items[0].title and session.kind != "posters":
        item = session.items[0]
        names = ", ".join(speaker.name for speaker in item.speakers)
        return f"{session.title}: {item.title}" + (f" ({names})" if names else "")
    return session.title


def _line(session: Session, item: Item, zone: ZoneInfo) -> str:
    people = ", ".join(speaker.name for speaker in item.speakers) or ", ".join(item.authors)
    named = f"{item.name} ({people})" if people else item.name
    if session.kind == "posters":
        return f"Board {item.board}: {named}" if item.board else named
    return f"{item.starts.astimezone(zone):%H:%M} {named}" if item.starts else named
