"""The draft as a grid: full hours around what happens, a column a room, and minutes that go on past midnight."""

from datetime import UTC, date, datetime, timedelta

import pytest

from schedule.exports import Programme, Session
from schedule.grid import grid_of
from schedule.presenting import days

DAY = date(2025, 4, 27)
ROOMS = [("hall", "Hall"), ("attic", "Attic")]


def grid(*rows: tuple[str, float | None, float | None], workshop=()):
    """The grid of sessions given as (room, from, to) in hours of the day; their ids are their places."""
    sessions = []
    for place, (room, *hours) in enumerate(rows):
        times = [
            None if hour is None else datetime(2025, 4, 27, tzinfo=UTC) + hour * timedelta(hours=1) for hour in hours
        ]
        sessions.append(Session(str(place), "orals", "Orals", str(place), room, *times))
    return grid_of(days(Programme("UTC", tuple(sessions))), ROOMS, workshop)


def test_each_session_stands_in_the_column_of_its_room_at_its_minutes():
    [day] = grid(("Attic", 9, 10.5), ("Hall", 9.25, 10), ("", 11, 12), ("Hall", 13, 14))
    assert [(each.slug, each.name) for each in day.columns] == [*ROOMS, ("", "To be confirmed")]
    cells = [[(cell.session.id, cell.starts, cell.ends) for cell in each.cells] for each in day.columns]
    assert cells == [[("1", 555, 600), ("3", 780, 840)], [("0", 540, 630)], [("2", 660, 720)]]


@pytest.mark.parametrize(("starts", "ends", "first", "last"), [
    (9, 10, 8, 11), (9.5, 10.5, 8, 12), (0.5, 1, 0, 2), (1, 2, 0, 3), (22, 23, 21, 24), (23, 25.5, 22, 27),
])  # fmt: skip
def test_a_day_goes_from_an_hour_before_to_an_hour_after(starts, ends, first, last):
    [day] = grid(("Hall", starts, ends))
    assert (day.first, day.last) == (first * 60, last * 60)
    assert list(day.hours) == list(range(first, last))


def test_a_session_past_midnight_stands_on_the_day_on_which_it_starts():
    [day] = grid(("Hall", 23, 25))
    assert [(cell.starts, cell.ends) for cell in day.columns[0].cells] == [(1380, 1500)]


def test_days_of_the_workshop_are_there_without_sessions_and_open_times_are_nowhere():
    found = grid(("Hall", 33, 34), ("Hall", None, None), workshop=[DAY])
    assert [(each.date.day, each.first, each.last) for each in found] == [(27, 480, 1080), (28, 480, 660)]
    assert [len(each.columns[0].cells) for each in found] == [0, 1]
