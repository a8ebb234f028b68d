"""When presenters cannot come, as an editor notes it: one line each."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ml4rs.editions.clock import NoSuchTimeError, local_instant

_LINE = re.compile(
    r"^(?P<name>[^:]+):\s*(?P<day>\d{4}-\d{2}-\d{2})?\s*"
    r"(?:(?P<from>\d{1,2}:\d{2})\s*(?:-|–|to)\s*(?P<until>\d{1,2}:\d{2}))?$"
)


class AbsenceError(ValueError):
    """A line that cannot be read; `str()` says which and why."""


@dataclass(frozen=True)
class Absence:
    name: str
    starts: datetime
    ends: datetime


def read_absences(text: str, names: Iterable[str], first_day: date | None, zone: str) -> list[Absence]:
    """Lines such as `Ada Lovelace: 2025-04-27 09:00-10:30`; without hours the whole day, without a day the first one.

    Raises:
        AbsenceError: a line of another form, a name that nobody has, or hours in the wrong order.
    """
    known = {_folded(name): name for name in names}
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            found.append(_read(line.strip(), f"Line {number}", known, first_day, zone))
    return found


def _folded(name: str) -> str:
    return " ".join(name.casefold().split())


def _read(line: str, where: str, known: dict[str, str], first_day: date | None, zone: str) -> Absence:
    parts = _LINE.match(line)
    if parts is None or not (parts["day"] or parts["from"]):
        raise AbsenceError(f"{where}: write it as “Ada Lovelace: 2025-04-27 09:00-10:30”.")
    name = known.get(_folded(parts["name"]))
    if name is None:
        raise AbsenceError(f"{where}: nobody of that name presents a paper: “{parts['name'].strip()}”.")
    try:
        day = date.fromisoformat(parts["day"]) if parts["day"] else first_day
        if day is None:
            raise AbsenceError(f"{where}: give the day as well; the edition has none yet.")
        if not parts["from"]:
            return Absence(name, local_instant(day, time(0), zone), local_instant(day + timedelta(1), time(0), zone))
        starts, ends = (local_instant(day, _time(parts[key]), zone) for key in ("from", "until"))
    except NoSuchTimeError as error:
        raise AbsenceError(f"{where}: {error}") from error
    except (ValueError, OverflowError) as error:
        if isinstance(error, AbsenceError):
            raise
        raise AbsenceError(f"{where}: there is no such day or hour.") from error
    if ends <= starts:
        raise AbsenceError(f"{where}: the end must be after the start.")
    return Absence(name, starts, ends)


def _time(text: str) -> time:
    hour, _, minute = text.partition(":")
    return time(int(hour), int(minute))
