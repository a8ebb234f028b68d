"""The engine: distances and their bands; and the airports it is fed with."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travel.airports import AirportUnclearError, kilometres, meant_by, search
from travel.scoring import EARTH_RADIUS_KM, band, great_circle_km

points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("start", "end", "known"), [("ZRH", "SIN", 10_306), ("ZRH", "VIE", 603), ("SFO", "SIN", 13_582)]
)
def test_known_distances_are_right_within_one_per_cent(start, end, known):
    assert kilometres(start, end) == pytest.approx(known, rel=0.01)


@given(points, points)
def test_a_distance_is_the_same_both_ways_and_never_beyond_half_the_globe(one, other):
    there = great_circle_km(one, other)
    assert there == pytest.approx(great_circle_km(other, one), abs=1e-6)
    assert 0 <= there <= EARTH_RADIUS_KM * 3.1416


@given(points)
def test_nobody_travels_to_stay(point):
    assert great_circle_km(point, point) == 0


@given(st.floats(0, 20_100), st.floats(0, 20_100))
def test_a_farther_journey_is_never_in_a_nearer_band(one, other):
    near, far = sorted((one, other))
    assert band(near) <= band(far)


def test_a_code_a_completed_entry_and_a_unique_city_name_an_airport():
    entry = str(search("ZRH")[0])
    assert (meant_by("zrh"), meant_by(entry)) == ("ZRH", "ZRH")
    assert meant_by("Singapore Changi") == "SIN"


@pytest.mark.parametrize(
    ("typed", "words"), [("Atlantis on Sea", "No airport is known"), ("London", "Several airports fit")]
)
def test_an_unclear_airport_says_what_to_do(typed, words):
    with pytest.raises(AirportUnclearError, match=words):
        meant_by(typed)


def test_accents_may_be_typed_or_left_out():
    assert search("Zürich") == search("zurich") != []


def test_an_unknown_airport_has_no_distance():
    assert kilometres("ZRH", "ZZZ") is None
