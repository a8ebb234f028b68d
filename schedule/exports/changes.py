"""What is different between two programmes, in words that a presenter understands."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from schedule.exports.programme import WITHOUT_OWN_TIMES, Item, Programme, Session

_UNKNOWN = "to be confirmed"


def changes(old: Programme | None, new: Programme) -> list[str]:
    """One sentence for each change, in the order of the new programme; what went comes last."""
    if old is None:
        return ["First published."]
    zone = ZoneInfo(new.zone)
    return [*_zone(old, new), *_sessions(old, new, zone), *_items(old, new, zone)]


def _zone(old: Programme, new: Programme) -> Iterator[str]:
    if old.zone != new.zone:
        yield f"Times are now those of {new.zone} instead of {old.zone}."


def _sessions(old: Programme, new: Programme, zone: ZoneInfo) -> Iterator[str]:
    before = {session.id: session for session in old.sessions}
    now = {session.id: session for session in new.sessions}
    for session in new.sessions:
        was = before.get(session.id)
        if was is None:
            yield f"New: “{session.title}”, {_when(session.starts, zone)}."
        else:
            yield from _session(was, session, zone)
    for session in old.sessions:
        if session.id not in now:
            yield f"Cancelled: “{session.title}”, {_when(session.starts, zone)}."


def _session(was: Session, session: Session, zone: ZoneInfo) -> Iterator[str]:
    name = f"“{session.title}”"
    if was.title != session.title:
        yield f"“{was.title}” is now called {name}."
    if was.starts != session.starts:
        yield f"{name} moved {_from_to(was.starts, session.starts, zone)}."
    elif was.ends != session.ends and session.ends:
        yield f"{name} now ends at {session.ends.astimezone(zone):%H:%M}{_instead(was.ends, zone)}."
    if was.room != session.room:
        yield f"{name}: room {session.room or _UNKNOWN} instead of {was.room or _UNKNOWN}."
    if [each.name for each in was.chairs] != [each.name for each in session.chairs]:
        names = ", ".join(each.name for each in session.chairs)
        yield f"{name} is chaired by {names}." if names else f"{name} has no chair any more."
    if was.kind != session.kind:
        yield f"{name} is now: {session.kind_name.lower()}."


def _items(old: Programme, new: Programme, zone: ZoneInfo) -> Iterator[str]:
    before = {item.id: (session, item) for session, item in old.items()}
    now = {item.id for _, item in new.items()}
    for session, item in new.items():
        if item.id not in before:
            yield f"New in “{session.title}”: “{item.name}”{_at(session, item, zone)}."
        else:
            yield from _item(*before[item.id], session, item, zone)
    for session, item in old.items():
        if item.id not in now:
            yield f"No longer in “{session.title}”: “{item.name}”."


def _item(was_in: Session, was: Item, session: Session, item: Item, zone: ZoneInfo) -> Iterator[str]:
    name = f"“{item.name}”"
    if was.title != item.title:
        yield f"“{was.name}” is now {name}."
    if was_in.id != session.id:
        yield f"{name} moved from “{was_in.title}” to “{session.title}”{_at(session, item, zone)}."
    elif (
        was.starts != item.starts
        and session.kind not in WITHOUT_OWN_TIMES
        and not _moved_along(was_in, was, session, item)
    ):
        yield f"{name} moved {_from_to(was.starts, item.starts, zone)}."
    if was.board != item.board:
        yield f"{name}: board {item.board or _UNKNOWN} instead of {was.board or _UNKNOWN}."
    if was.speakers != item.speakers:
        names = ", ".join(speaker.name for speaker in item.speakers)
        yield f"{name}: speaker now {names or _UNKNOWN}."


def _moved_along(was_in: Session, was: Item, session: Session, item: Item) -> bool:
    """A lone talk that moved with its session needs no sentence of its own."""
    if not (was.starts and item.starts and was_in.starts and session.starts):
        return False
    return len(session.items) == 1 and item.starts - was.starts == session.starts - was_in.starts


def _at(session: Session, item: Item, zone: ZoneInfo) -> str:
    if session.kind in WITHOUT_OWN_TIMES:
        return f", board {item.board}" if item.board else ""
    return f" at {item.starts.astimezone(zone):%H:%M}" if item.starts else ""


def _from_to(old: datetime | None, new: datetime | None, zone: ZoneInfo) -> str:
    """`from 10:50 to 11:20`, with the days where they differ."""
    if old and new and old.astimezone(zone).date() == new.astimezone(zone).date():
        return f"from {old.astimezone(zone):%H:%M} to {new.astimezone(zone):%H:%M}"
    return f"from {_when(old, zone)} to {_when(new, zone)}"


def _when(instant: datetime | None, zone: ZoneInfo) -> str:
    if instant is None:
        return f"time {_UNKNOWN}"
    local = instant.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b}, {local:%H:%M}"


def _instead(old: datetime | None, zone: ZoneInfo) -> str:
    return f" instead of {old.astimezone(zone):%H:%M}" if old else ""
