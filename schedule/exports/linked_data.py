"""A programme as schema.org events, for search engines: sub-events of the workshop."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from schedule.exports.programme import WITHOUT_OWN_TIMES, Programme, Session


def to_events(
    programme: Programme, *, place: str = "", link: Callable[[Session], str] = lambda session: ""
) -> list[dict[str, Any]]:
    """One `Event` for each session with a time (https://schema.org/subEvent), its talks below it. No breaks."""
    return [
        _event(session, place, link(session))
        for session in programme.sessions
        if session.hours and session.kind not in ("break", "lunch")
    ]


def _moment(at: datetime | None) -> str:
    return at.isoformat() if at else ""


def _event(session: Session, place: str, url: str) -> dict[str, Any]:
    where = ", ".join(part for part in (session.room, place) if part)
    event: dict[str, Any] = {
        "@type": "Event",
        "name": session.title,
        "startDate": _moment(session.starts),
        "endDate": _moment(session.ends),
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "eventStatus": "https://schema.org/EventScheduled",
        "location": {"@type": "Place", "name": where or "To be confirmed"},
    }
    if url:
        event["url"] = url
    talks = [item for item in session.items if item.title and session.kind not in WITHOUT_OWN_TIMES]
    if talks:
        event["subEvent"] = [
            {
                "@type": "Event",
                "name": item.title,
                "startDate": _moment(item.starts),
                "endDate": _moment(item.ends),
                "performer": [{"@type": "Person", "name": name} for name in _names(item)],
                "location": event["location"],
            }
            for item in talks
        ]
    return event


def _names(item) -> list[str]:
    return [speaker.name for speaker in item.speakers] or list(item.authors)
