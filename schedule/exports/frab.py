"""A programme in frab's format, as XML and as JSON, which apps for conferences read.

Schemas: https://github.com/voc/schedule (validator/xsd/schedule.xml.xsd, validator/json/schema.json).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from itertools import groupby
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from schedule.exports.programme import WITHOUT_OWN_TIMES, Hours, Item, Link, Programme, Session

_OPEN = "To be confirmed"
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class About:
    """What the format says of the conference. `acronym` names it in lower case, `domain` makes identifiers its own."""

    acronym: str
    title: str
    domain: str
    version: int
    url: str
    link: Callable[[Session], str]


@dataclass(frozen=True)
class Event:
    """A talk, or a session without talks of its own, by the venue's clocks."""

    id: str
    session: Session
    title: str
    starts: datetime
    ends: datetime
    people: tuple[str, ...]
    abstract: str
    url: str
    links: tuple[Link, ...] = ()

    @property
    def room(self) -> str:
        return self.session.room or _OPEN

    @property
    def duration(self) -> str:
        minutes = int((self.ends - self.starts).total_seconds() // 60)
        return f"{minutes // 60:02}:{minutes % 60:02}"


def to_xml(programme: Programme, about: About) -> bytes:
    """The programme as XML, in UTF-8."""
    days = list(_days(programme, about))
    root = ET.Element("schedule")
    ET.SubElement(root, "generator", name="ml4rs", version="1")
    _text(root, "version", str(about.version))
    conference = ET.SubElement(root, "conference")
    for name, value in _conference(programme, about, days).items():
        _text(conference, name, str(value))
    for index, (day, events) in enumerate(days, start=1):
        node = ET.SubElement(root, "day", {"index": str(index), "date": day.isoformat(), **_hours(events)})
        for room, inside in _by_room(events):
            place = ET.SubElement(node, "room", name=_clean(room))
            for event in inside:
                _event_node(place, event, about)
    ET.indent(root)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def to_json(programme: Programme, about: About) -> dict[str, Any]:
    """The same as plain data."""
    days = list(_days(programme, about))
    conference = _conference(programme, about, days)
    conference["daysCount"] = conference.pop("days")
    conference.pop("base_url")
    rooms = sorted({event.room for _, events in days for event in events})
    return {
        "$schema": "https://c3voc.de/schedule/schema.json",
        "generator": {"name": "ml4rs", "version": "1"},
        "schedule": {
            "version": str(about.version),
            "base_url": about.url,
            "conference": {
                **conference,
                "url": about.url,
                "rooms": [{"name": room, "guid": _guid(about, f"room/{room}")} for room in rooms],
                "days": [_day_data(index, day, events, about) for index, (day, events) in enumerate(days, start=1)],
            },
        },
    }


def _conference(programme: Programme, about: About, days: list[tuple[date, list[Event]]]) -> dict[str, Any]:
    found = {"acronym": about.acronym, "title": about.title}
    if days:
        found |= {"start": days[0][0].isoformat(), "end": days[-1][0].isoformat()}
    return found | {
        "days": len(days),
        "timeslot_duration": "00:05",
        "base_url": about.url,
        "time_zone_name": programme.zone,
    }


def _days(programme: Programme, about: About) -> Iterator[tuple[date, list[Event]]]:
    events = sorted(_events(programme, about), key=lambda event: (event.starts, event.room, event.id))
    for day, inside in groupby(events, key=lambda event: event.starts.date()):
        yield day, list(inside)


def _events(programme: Programme, about: About) -> Iterator[Event]:
    """Posters and breaks are one event a session; other sessions are their talks, where these have times."""
    zone = ZoneInfo(programme.zone)
    for session in programme.sessions:
        if session.hours is None:
            continue
        talks = [(item, item.hours) for item in session.items if item.hours]
        if talks and session.kind not in WITHOUT_OWN_TIMES:
            for item, hours in talks:
                yield _of(item.alone(session), session, item, hours, about, zone)
        else:
            yield _of(session, session, None, session.hours, about, zone)


def _of(alone: Session, session: Session, item: Item | None, hours: Hours, about: About, zone: ZoneInfo) -> Event:
    title = session.title if item is None or not item.title else item.title
    people = () if item is None else tuple(each.name for each in item.speakers) or item.authors
    posters = "\n".join(f"{each.board} {each.name}".strip() for each in session.items)
    abstract = item.abstract if item is not None else posters
    starts, ends = (each.astimezone(zone) for each in hours)
    links = item.links if item is not None else ()
    return Event(alone.id, session, title, starts, ends, people, abstract, about.link(alone), links)


def _hours(events: list[Event]) -> dict[str, str]:
    return {
        "start": min(event.starts for event in events).isoformat(),
        "end": max(event.ends for event in events).isoformat(),
    }


def _by_room(events: list[Event]) -> Iterator[tuple[str, list[Event]]]:
    for room in sorted({event.room for event in events}):
        yield room, [event for event in events if event.room == room]


def _event_node(place: ET.Element, event: Event, about: About) -> None:
    data = _event_data(event, about)
    node = ET.SubElement(place, "event", id=str(data["id"]), guid=data["guid"])
    for name in ("date", "start", "duration", "room", "slug", "url", "title", "subtitle", "track", "type", "language"):
        _text(node, name, data[name])
    _text(node, "abstract", data["abstract"])
    _text(node, "description", "")
    persons = ET.SubElement(node, "persons")
    for person in data["persons"]:
        ET.SubElement(persons, "person", id=str(person["id"])).text = _clean(person["public_name"])
    links = ET.SubElement(node, "links")
    for link in data["links"]:
        ET.SubElement(links, "link", href=link["url"]).text = _clean(link["title"])
    ET.SubElement(node, "attachments")


def _event_data(event: Event, about: About) -> dict[str, Any]:
    return {
        "id": _number(event.id),
        "guid": _guid(about, event.id),
        "date": event.starts.isoformat(),
        "start": f"{event.starts:%H:%M}",
        "duration": event.duration,
        "room": event.room,
        "slug": f"{about.acronym}-{event.id}".lower(),
        "url": event.url,
        "title": event.title,
        "subtitle": "",
        "track": event.session.title,
        "type": event.session.kind,
        "language": "en",
        "abstract": event.abstract,
        "persons": [{"id": _number(name), "public_name": name} for name in event.people],
        "links": [{"title": link.label, "url": link.url} for link in event.links],
    }


def _day_data(index: int, day: date, events: list[Event], about: About) -> dict[str, Any]:
    hours = _hours(events)
    return {
        "index": index,
        "date": day.isoformat(),
        "day_start": hours["start"],
        "day_end": hours["end"],
        "rooms": {room: [_event_data(event, about) for event in inside] for room, inside in _by_room(events)},
    }


def _text(node: ET.Element, name: str, value: str) -> None:
    ET.SubElement(node, name).text = _clean(value)


def _clean(text: str) -> str:
    """Without characters that XML has no way to write."""
    return _NOT_XML.sub("", text)


def _guid(about: About, name: str) -> str:
    """The same for the same thing in every version (RFC 9562, version 5)."""
    return str(uuid5(NAMESPACE_URL, f"https://{about.domain}/{about.acronym}/{name}"))


def _number(name: str) -> int:
    """A positive number for those who want one; the same for the same name."""
    return int(sha256(name.encode()).hexdigest()[:12], 16) + 1
