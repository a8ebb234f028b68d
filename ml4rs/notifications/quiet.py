"""When people are awake: reminders wait for the morning, unless the date would not."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

MORNING, NIGHT = 7, 22  # o'clock, by the reader's clock
URGENT = timedelta(hours=24)
LONGEST_AFTER = timedelta(days=30)  # later than so long after its date nobody is reminded of anything
_STEP = timedelta(minutes=15)  # every zone of today is a multiple of it away from UTC


def waking_moment(moment: datetime, zone: str, due: datetime | None) -> datetime:
    """`moment` itself, or the next 7:00 in `zone` if it is night there and more than a day remains until `due`.

    It goes by what the clock there shows at each instant, so that changed clocks and skipped days need no rule.
    An unknown zone counts as UTC. `due` of None is a date that has passed: then nothing is urgent.
    """
    place = _place(zone)
    if _is_awake(moment, place) or (due is not None and due - moment < URGENT):
        return moment
    step = moment.replace(minute=moment.minute - moment.minute % 15, second=0, microsecond=0)
    while not _is_awake(step, place):
        step += _STEP
    return step


def _place(zone: str) -> ZoneInfo:
    try:
        return ZoneInfo(zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _is_awake(moment: datetime, place: ZoneInfo) -> bool:
    return MORNING <= moment.astimezone(place).hour < NIGHT
