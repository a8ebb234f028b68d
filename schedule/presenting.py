"""A programme laid out for reading: by day, with the hours of the venue's clocks."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from schedule.exports import Item, Programme, Session
from schedule.exports.programme import WITHOUT_OWN_TIMES

_SPOKEN = frozenset({"orals", "spotlights"})


@dataclass(frozen=True)
class Line:
    """A talk or poster with the hour at which it starts, where it has one of its own."""

    item: Item
    starts: datetime | None


@dataclass(frozen=True)
class Block:
    """A session with its hours at the venue."""

    session: Session
    starts: datetime | None
    ends: datetime | None
    lines: tuple[Line, ...]

    @property
    def is_posters(self) -> bool:
        return self.session.kind == "posters"

    @property
    def is_pause(self) -> bool:
        return self.session.kind in ("break", "lunch")

    @property
    def lone(self) -> Line | None:
        """The one talk of a keynote and its like, shown as the session itself."""
        return self.lines[0] if len(self.lines) == 1 and self.session.kind not in (_SPOKEN | {"posters"}) else None


@dataclass(frozen=True)
class Day:
    """Blocks of one day; `date` is None for those whose time is to be confirmed."""

    date: date | None
    blocks: tuple[Block, ...]


def days(programme: Programme) -> list[Day]:
    """The days in order, what has no time yet last."""
    zone = ZoneInfo(programme.zone)
    blocks = [_block(session, zone) for session in programme.sessions]
    dated = sorted((block for block in blocks if block.starts), key=lambda block: block.starts)
    found = [Day(day, tuple(group)) for day, group in groupby(dated, key=lambda block: block.starts.date())]
    undated = tuple(block for block in blocks if not block.starts)
    return [*found, Day(None, undated)] if undated else found


def _block(session: Session, zone: ZoneInfo) -> Block:
    own_times = session.kind not in WITHOUT_OWN_TIMES and len(session.items) > 1
    lines = tuple(Line(item, _local(item.starts, zone) if own_times else None) for item in session.items)
    return Block(session, _local(session.starts, zone), _local(session.ends, zone), lines)


def _local(instant: datetime | None, zone: ZoneInfo) -> datetime | None:
    """The venue's wall clock, without a zone: templates would turn an aware time into the server's."""
    return instant.astimezone(zone).replace(tzinfo=None) if instant else None


@dataclass(frozen=True)
class Share:
    """What one person has to do in a session: a talk of theirs, or (without an item) to chair it."""

    session: Session
    item: Item | None
    starts: datetime | None


def shares_of(programme: Programme, person: str) -> list[Share]:
    """What the person with this public id gives or chairs, in the order of the programme."""
    zone, found = ZoneInfo(programme.zone), []
    for session in programme.sessions:
        if any(chair.person == person for chair in session.chairs):
            found.append(Share(session, None, _local(session.starts, zone)))
        for item in session.items:
            if any(speaker.person == person for speaker in item.speakers):
                found.append(Share(session, item, _local(item.starts or session.starts, zone)))
    return found


def places_of(programme: Programme, paper: str) -> list[Share]:
    """Where a paper is shown, in the order of the programme."""
    zone = ZoneInfo(programme.zone)
    return [
        Share(session, item, _local(item.starts or session.starts, zone))
        for session, item in programme.items()
        if item.paper == paper
    ]


BOARDS_IN_ROW = 6


def board_rows(session: Session, in_row: int) -> list[list[Item]]:
    """Posters with a board as they stand in the room: by board (`2` before `10`), so many in a row."""
    placed = sorted((item for item in session.items if item.board), key=lambda item: _natural(item.board))
    return [placed[start : start + in_row] for start in range(0, len(placed), in_row)]


def _natural(board: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", board) if part]


def kinds_of(programme: Programme) -> list[tuple[str, str]]:
    """The kinds of session that occur, by value and name, in the order in which they first do."""
    return list({session.kind: session.kind_name for session in programme.sessions}.items())


def rooms_of(programme: Programme) -> list[str]:
    """The rooms in which something happens, in the order in which it first does."""
    return list(dict.fromkeys(session.room for session in programme.sessions if session.room))


def place_of(zone: str) -> str:
    """`Singapore` from `Asia/Singapore`: whose clocks the hours are read from."""
    return "UTC" if zone in ("UTC", "Etc/UTC") else zone.rpartition("/")[2].replace("_", " ")
