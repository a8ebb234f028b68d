"""Night and day by the reader's clock, wherever that is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml4rs.notifications.quiet import MORNING, NIGHT, waking_moment

FAR = timedelta(days=30)
ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("posix", "right")))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive


@given(moments, st.sampled_from(ZONES))
def test_what_waits_comes_in_the_readers_day_within_half_a_day(moment, zone):
    found = waking_moment(moment, zone, moment + FAR)
    assert MORNING <= found.astimezone(ZoneInfo(zone)).hour < NIGHT
    assert moment <= found <= moment + timedelta(hours=11)


@given(moments, st.sampled_from(ZONES))
def test_what_comes_by_day_does_not_wait(moment, zone):
    if MORNING <= moment.astimezone(ZoneInfo(zone)).hour < NIGHT:
        assert waking_moment(moment, zone, moment + FAR) == moment


@given(moments, st.sampled_from(ZONES), st.timedeltas(timedelta(0), timedelta(hours=23, minutes=59)))
def test_on_the_last_day_nothing_waits(moment, zone, left):
    assert waking_moment(moment, zone, moment + left) == moment


@pytest.mark.parametrize(
    ("moment", "zone", "morning"),
    [
        (datetime(2025, 3, 30, 0, 30, tzinfo=UTC), "Europe/Berlin", datetime(2025, 3, 30, 5, 0, tzinfo=UTC)),
        (datetime(2025, 10, 26, 0, 30, tzinfo=UTC), "Europe/Berlin", datetime(2025, 10, 26, 6, 0, tzinfo=UTC)),
        (datetime(2028, 2, 29, 1, 0, tzinfo=UTC), "UTC", datetime(2028, 2, 29, 7, 0, tzinfo=UTC)),
        (datetime(2025, 2, 8, 12, 0, tzinfo=UTC), "Pacific/Kiritimati", datetime(2025, 2, 8, 17, 0, tzinfo=UTC)),
        (datetime(2025, 2, 8, 10, 0, tzinfo=UTC), "Etc/GMT+12", datetime(2025, 2, 8, 19, 0, tzinfo=UTC)),
        (datetime(2025, 2, 8, 0, 0, tzinfo=UTC), "Asia/Kathmandu", datetime(2025, 2, 8, 1, 15, tzinfo=UTC)),
        (datetime(2025, 2, 8, 3, 0, tzinfo=UTC), "Nowhere/At_All", datetime(2025, 2, 8, 7, 0, tzinfo=UTC)),
    ],
    ids=["clocks-forward", "clocks-back", "leap-day", "date-line-east", "date-line-west", "quarter-hours", "unknown"],
)
def test_the_morning_is_seven_by_the_clock_on_the_wall(moment, zone, morning):
    assert waking_moment(moment, zone, moment + FAR) == morning
