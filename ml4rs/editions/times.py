"""How an instant is written: for a page, for a mail, in whose zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from ml4rs.editions.clock import ANYWHERE_ON_EARTH


def in_words(instant: datetime, *, zone: ZoneInfo, whole_day: bool = False, place: str = "") -> str:
    """`Mon 10 Feb 2025, 23:59 AoE`: day, time and the name of the zone (`place` if given)."""
    local = instant.astimezone(zone)
    day = f"{local:%a} {local.day} {local:%b %Y}"
    return day if whole_day else f"{day}, {local:%H:%M} {place or local.tzname()}"


def announced(instant: datetime, *, aoe: bool, whole_day: bool = False, venue: str = "UTC") -> str:
    """As the edition announces it: Anywhere on Earth, or in the venue's zone."""
    if aoe:
        return in_words(instant, zone=ANYWHERE_ON_EARTH, whole_day=whole_day, place="AoE")
    return in_words(instant, zone=ZoneInfo(venue), whole_day=whole_day, place=_place(venue))


def _place(zone: str) -> str:
    """`Singapore` from `Asia/Singapore`: more telling than an abbreviation such as +08."""
    return "UTC" if zone in ("UTC", "Etc/UTC") else f"({zone.rpartition('/')[2].replace('_', ' ')})"


def of_reader(instant: datetime, zone: str) -> str:
    """In the reader's own zone."""
    return in_words(instant, zone=ZoneInfo(zone), place=_place(zone))
