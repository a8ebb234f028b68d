"""How single values are written in an edition file: days, times, money, zones. Pure text, no database."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from pydantic import BeforeValidator, StringConstraints

from ml4rs.accounts.models import normalise_address
from ml4rs.editions.clock import ANYWHERE_ON_EARTH, local_instant
from ml4rs.editions.money import NotAnAmountError, decimals, to_minor

OPEN = "to be confirmed"
_LAST_SECOND = time(23, 59, 59)
_MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60}


def _single(value: Any) -> None:
    if not isinstance(value, str):
        raise ValueError("Write a single value here, not a list or keys of its own.")


def _day(text: Any) -> Any:
    _single(text)
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            raise ValueError
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"“{text}” is no date. Write it as 2025-02-10, or “{OPEN}”.") from error


def _open_day(text: Any) -> Any:
    return OPEN if text == OPEN else _day(text)


@dataclass(frozen=True)
class Instant:
    """A day and a time by some clock: the venue's unless the file says UTC."""

    wall: datetime
    is_utc: bool = False

    def at(self, clock: str) -> datetime:
        """As an instant; `clock` is the zone in which it was written.

        Raises:
            NoSuchTimeError: the clocks of that zone skip this time.
        """
        return (
            self.wall.replace(tzinfo=UTC) if self.is_utc else local_instant(self.wall.date(), self.wall.time(), clock)
        )


_INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d?:\d\d(?::\d\d(?:\.\d{1,6})?)?)( UTC)?")


def _instant(text: Any) -> Any:
    _single(text)
    found = _INSTANT.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        at = _LAST_SECOND if found[2] == "23:59" else _clock(found[2])
        return Instant(datetime.combine(date.fromisoformat(found[1]), at), bool(found[3]))
    except ValueError as error:
        raise ValueError(f"“{text}” is no day with a time. Write it as 2025-03-03 12:00, or “{OPEN}”.") from error


def _open_instant(text: Any) -> Any:
    return OPEN if text == OPEN else _instant(text)


def _clock(text: str) -> time:
    return time.fromisoformat(text.zfill(5) if len(text) < 6 else text)


def written_clock(at: time) -> str:
    """`09:00`; seconds only where there are any."""
    return at.isoformat("minutes" if not (at.second or at.microsecond) else "auto")


def _written_time(at: time) -> str:
    """As in a deadline, where 23:59 lasts until the day is over."""
    return {_LAST_SECOND: "23:59", time(23, 59): "23:59:00"}.get(at, written_clock(at))


def written_instant(instant: datetime, zone: str) -> str:
    """`2025-03-03 12:00` by the clocks of `zone`; in UTC where those show this time twice and mean another one."""
    local = instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)
    if local_instant(local.date(), local.time(), zone) == instant:
        return f"{local.date()} {_written_time(local.time())}"
    utc = instant.astimezone(UTC)
    return f"{utc.date()} {_written_time(utc.time())} UTC"


def _zone(text: Any) -> Any:
    if isinstance(text, str) and text not in available_timezones():
        raise ValueError(f"“{text}” is no known time zone. Write it as Asia/Singapore or Europe/Paris.")
    return text


@dataclass(frozen=True)
class Money:
    minor: int
    currency: str

    def __str__(self) -> str:
        whole, rest = divmod(self.minor, 10 ** decimals(self.currency))
        return f"{whole}.{rest:0{decimals(self.currency)}d} {self.currency}" if rest else f"{whole} {self.currency}"


def _money(text: Any) -> Any:
    _single(text)
    amount, _, currency = text.rpartition(" ")
    if not re.fullmatch(r"[A-Z]{3}", currency):
        raise ValueError(f"“{text}” is no amount. Write it as 3000 EUR.")
    try:
        return Money(to_minor(amount, currency), currency)
    except NotAnAmountError as error:
        raise ValueError(f"“{text}” is no amount. {error}") from error


def _grace(text: Any) -> Any:
    _single(text)
    found = re.fullmatch(r"(\d{1,5}) (minute|hour|day)s?", text)
    if found is None:
        raise ValueError(f"“{text}” is no span of time. Write it as 30 minutes, 2 hours or 1 day.")
    return timedelta(minutes=int(found[1]) * _MINUTES[found[2]])


def written_grace(grace: timedelta) -> str:
    minutes = int(grace.total_seconds() // 60)
    unit = next((name for name in ("day", "hour") if minutes and minutes % _MINUTES[name] == 0), "minute")
    count = minutes // _MINUTES[unit]
    return f"{count} {unit}" + ("s" if count != 1 else "")


@dataclass(frozen=True)
class Span:
    """`09:00 to 09:10`: two times by the venue's clock, the second perhaps on another day."""

    starts: time
    ends: time
    ends_on: date | None = None

    def on(self, day: date, zone: str) -> tuple[datetime, datetime]:
        """The two instants.

        Raises:
            NoSuchTimeError: the clocks at the venue skip one of them.
        """
        return local_instant(day, self.starts, zone), local_instant(self.ends_on or day, self.ends, zone)


_TIME = r"(\d\d?:\d\d(?::\d\d)?)"
_SPAN = re.compile(rf"{_TIME} to (?:(\d{{4}}-\d\d-\d\d) )?{_TIME}")


def _span(text: Any) -> Any:
    _single(text)
    if text == OPEN:
        return OPEN
    found = _SPAN.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        span = Span(_clock(found[1]), _clock(found[3]), date.fromisoformat(found[2]) if found[2] else None)
    except ValueError as error:
        raise ValueError(f"“{text}” is no stretch of time. Write it as 09:00 to 10:30, or “{OPEN}”.") from error
    if span.ends_on is None and span.ends <= span.starts:
        raise ValueError(f"“{text}” ends before it starts.")
    return span


def _url(text: Any) -> Any:
    if isinstance(text, str) and text:
        try:
            URLValidator(schemes=["http", "https"])(text)
        except ValidationError as error:
            raise ValueError(f"“{text}” is no web address. Write it whole, with https://.") from error
        if not urlsplit(text).hostname:
            raise ValueError(f"“{text}” is no web address.")
    return text


def _address(text: Any) -> Any:
    if isinstance(text, str) and text:
        try:
            validate_email(text)
        except ValidationError as error:
            raise ValueError(f"“{text}” is no e-mail address.") from error
        return normalise_address(text)
    return text


def _slug(text: Any) -> Any:
    if isinstance(text, str) and not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", text):
        raise ValueError(f"“{text}” does not do here. Use lower-case letters, digits and single hyphens.")
    return text


def _place(text: Any) -> Any:
    """A venue or city: unknown ones are stored empty."""
    return "" if text == OPEN else text


def line(longest: int) -> Any:
    """One line of text of at most so many characters."""
    return Annotated[str, StringConstraints(strip_whitespace=True, max_length=longest)]


def name(longest: int) -> Any:
    """A line of text that cannot be empty."""
    return Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=longest)]


def slug(longest: int) -> Any:
    return Annotated[str, BeforeValidator(_slug), StringConstraints(max_length=longest)]


def place(longest: int) -> Any:
    return Annotated[str, BeforeValidator(_place), StringConstraints(strip_whitespace=True, max_length=longest)]


Text = Annotated[str, StringConstraints(strip_whitespace=True)]
Day = Annotated[date, BeforeValidator(_day)]
Zone = Annotated[str, BeforeValidator(_zone)]
Url = Annotated[str, BeforeValidator(_url), StringConstraints(max_length=200)]
Address = Annotated[str, BeforeValidator(_address), StringConstraints(max_length=254)]
AmountOfMoney = Annotated[Money, BeforeValidator(_money)]
Grace = Annotated[timedelta, BeforeValidator(_grace)]
# Read by their own function; the schema only has to accept what it returns.
OpenDay = Annotated[Any, BeforeValidator(_open_day)]
OpenInstant = Annotated[Any, BeforeValidator(_open_instant)]
PastInstant = Annotated[Any, BeforeValidator(_instant)]
OpenSpan = Annotated[Any, BeforeValidator(_span)]
AOE_CLOCK = ANYWHERE_ON_EARTH.key
