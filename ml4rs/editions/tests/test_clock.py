"""The clock: Anywhere on Earth, summer time, leap days and the date line."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml4rs.editions.clock import (
    NoSuchTimeError,
    aoe_day,
    aoe_deadline,
    local_instant,
    shifted,
    whole_day_instant,
)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def test_a_day_ends_anywhere_on_earth_at_noon_utc_of_the_next():
    assert aoe_deadline(date(2025, 2, 10)) == utc(2025, 2, 11, 11, 59, 59)


def test_the_day_before_a_leap_day_ends_on_the_leap_day():
    assert aoe_deadline(date(2024, 2, 28)) == utc(2024, 2, 29, 11, 59, 59)
    assert aoe_deadline(date(2024, 2, 29)) == utc(2024, 3, 1, 11, 59, 59)
    assert aoe_deadline(date(2025, 2, 28)) == utc(2025, 3, 1, 11, 59, 59)


def test_new_years_eve_ends_in_the_new_year():
    assert aoe_deadline(date(2025, 12, 31)) == utc(2026, 1, 1, 11, 59, 59)


@given(st.dates(min_value=date(1980, 1, 1), max_value=date(2100, 1, 1)))
def test_the_day_of_a_deadline_is_the_day_that_was_entered(day):
    assert aoe_day(aoe_deadline(day)) == day


def test_a_time_at_the_venue_becomes_utc_across_the_date_line():
    assert local_instant(date(2025, 4, 27), time(1, 0), "Pacific/Kiritimati") == utc(2025, 4, 26, 11, 0)
    assert local_instant(date(2025, 4, 27), time(23, 0), "Pacific/Pago_Pago") == utc(2025, 4, 28, 10, 0)


def test_summer_and_winter_time_differ_by_an_hour():
    assert local_instant(date(2025, 1, 15), time(12, 0), "Europe/Vienna") == utc(2025, 1, 15, 11, 0)
    assert local_instant(date(2025, 7, 15), time(12, 0), "Europe/Vienna") == utc(2025, 7, 15, 10, 0)


def test_a_time_that_comes_twice_means_the_later_one():
    assert local_instant(date(2025, 10, 26), time(2, 30), "Europe/Vienna") == utc(2025, 10, 26, 1, 30)


def test_a_time_that_the_clocks_skip_is_refused_in_words():
    with pytest.raises(NoSuchTimeError, match="30 March 2025, 02:30 does not exist in Europe/Vienna"):
        local_instant(date(2025, 3, 30), time(2, 30), "Europe/Vienna")


def test_a_day_that_a_country_skipped_at_the_date_line_is_refused():
    with pytest.raises(NoSuchTimeError):
        local_instant(date(2011, 12, 30), time(12, 0), "Pacific/Apia")


def test_a_whole_day_is_over_at_its_last_second_at_the_venue():
    assert whole_day_instant(date(2025, 4, 27), "Asia/Singapore") == utc(2025, 4, 27, 15, 59, 59)


def test_a_year_later_is_the_same_time_of_day_at_the_venue_in_summer_and_winter():
    winter = local_instant(date(2025, 3, 1), time(18, 0), "Europe/Vienna")
    summer = shifted(winter, 60, aoe=False, zone="Europe/Vienna")
    assert summer == local_instant(date(2025, 4, 30), time(18, 0), "Europe/Vienna")


def test_a_shift_into_the_skipped_hour_moves_on_by_an_hour():
    saturday = local_instant(date(2025, 3, 29), time(2, 30), "Europe/Vienna")
    assert shifted(saturday, 1, aoe=False, zone="Europe/Vienna") == utc(2025, 3, 30, 1, 30)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 1, 1)), st.integers(-4000, 4000))
def test_a_shifted_anywhere_on_earth_deadline_stays_one(day, days):
    assert shifted(aoe_deadline(day), days, aoe=True, zone="UTC") == aoe_deadline(day + timedelta(days=days))
