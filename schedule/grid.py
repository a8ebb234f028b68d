"""The draft as a time grid and as lists: days with rooms as columns, and what is in each session. Plain Python."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from schedule.exports import Session
from schedule.presenting import Block, Day

_FREE_HOURS = 1  # before the first session and after the last
_UNKNOWN = "To be confirmed"


@dataclass(frozen=True)
class Cell:
    """A session at its minutes of the day by the venue's clocks; after midnight they go on past 1,440."""

    session: Session
    starts: int
    ends: int


@dataclass(frozen=True)
class Column:
    """A room (an empty slug: to be confirmed) with its sessions in order."""

    slug: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class GridDay:
    """A day from a full hour to a full hour, as minutes of the day."""

    date: date
    first: int
    last: int
    columns: tuple[Column, ...]

    @property
    def hours(self) -> range:
        return range(self.first // 60, self.last // 60)


def grid_of(days: Iterable[Day], rooms: list[tuple[str, str]], workshop: Iterable[date]) -> list[GridDay]:
    """Every day of the workshop and every day with a session; `rooms` are (slug, name) in order."""
    by_date = {day.date: day.blocks for day in days if day.date is not None}
    return [_day(each, by_date.get(each, ()), rooms) for each in sorted({*by_date, *workshop})]


def _day(day: date, blocks: tuple[Block, ...], rooms: list[tuple[str, str]]) -> GridDay:
    cells = [
        (block.session.room, Cell(block.session, _minute(block.starts, day), _minute(block.ends, day)))
        for block in blocks
        if block.starts and block.ends
    ]
    columns = [Column(slug, name, tuple(cell for room, cell in cells if room == name)) for slug, name in rooms]
    columns.append(Column("", _UNKNOWN, tuple(cell for room, cell in cells if not room)))
    first = min((cell.starts for _, cell in cells), default=9 * 60)
    last = max((cell.ends for _, cell in cells), default=17 * 60)
    return GridDay(day, max(0, first // 60 - _FREE_HOURS) * 60, (-(-last // 60) + _FREE_HOURS) * 60, tuple(columns))


def _minute(at: datetime, day: date) -> int:
    return (at.date() - day).days * 1440 + at.hour * 60 + at.minute
