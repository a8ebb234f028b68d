"""From what an organiser writes (a day, a time, a place) to the instant that a milestone stores, and back."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ANYWHERE_ON_EARTH = ZoneInfo("Etc/GMT+12")  # POSIX sign: twelve hours behind UTC, the last place where a day ends
_LAST_SECOND = time(23, 59, 59)


class NoSuchTimeError(ValueError):
    """The clocks at the venue skip this time, because summer time begins."""


def aoe_deadline(day: date) -> datetime:
    """The end of a day Anywhere on Earth: the next day, 11:59:59 UTC."""
    return datetime.combine(day, _LAST_SECOND, ANYWHERE_ON_EARTH).astimezone(UTC)


def aoe_day(instant: datetime) -> date:
    """The day that ends at this Anywhere-on-Earth deadline."""
    return instant.astimezone(ANYWHERE_ON_EARTH).date()


def local_instant(day: date, at: time, zone: str) -> datetime:
    """The instant at which clocks in `zone` show this day and time.

    When clocks are put back a time comes twice; the later one is meant, so that nobody is cut short.

    Raises:
        NoSuchTimeError: clocks are put forward over this time.
    """
    place = ZoneInfo(zone)
    instant = datetime.combine(day, at.replace(fold=1), place).astimezone(UTC)
    if instant.astimezone(place).replace(tzinfo=None, fold=0) != datetime.combine(day, at):
        raise NoSuchTimeError(f"{day:%d %B %Y}, {at:%H:%M} does not exist in {zone}: the clocks skip it.")
    return instant


def whole_day_instant(day: date, zone: str) -> datetime:
    """The last second of a day in `zone`: a day of which no time is announced is over when it is over."""
    return local_instant(day, _LAST_SECOND, zone)


def shifted(instant: datetime, days: int, *, aoe: bool, zone: str) -> datetime:
    """The instant `days` later by the calendar: the same time of day, whatever summer time does in between."""
    if aoe:
        return aoe_deadline(aoe_day(instant) + timedelta(days=days))
    local = instant.astimezone(ZoneInfo(zone))
    day, at = local.date() + timedelta(days=days), local.time().replace(fold=0)
    try:
        return local_instant(day, at, zone)
    except NoSuchTimeError:
        return local_instant(day, (datetime.combine(day, at) + timedelta(hours=1)).time(), zone)
