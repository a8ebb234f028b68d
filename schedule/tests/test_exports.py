"""The engine: times of talks, calendar files, change log, JSON."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule.exports import Item, Programme, Session, Speaker, changes, timed, to_calendar, to_events

SINGAPORE = ZoneInfo("Asia/Singapore")
THEN = datetime(2025, 3, 20, 12, tzinfo=UTC)


def at(hour: int, minute: int = 0, *, zone: str = "Asia/Singapore", day: int = 27, month: int = 4) -> datetime:
    return datetime(2025, month, day, hour, minute, tzinfo=ZoneInfo(zone))


def session(id_: str = "s1", starts=None, ends=None, items=(), **fields) -> Session:
    fields = {"kind": "orals", "kind_name": "Oral talks", "title": "Oral Talks 1", "room": "Hall", **fields}
    starts = starts or at(10, 50)
    return timed(Session(id=id_, starts=starts, ends=ends or starts + timedelta(minutes=30), items=items, **fields))


def calendar_of(programme: Programme, version: int = 1) -> icalendar.Calendar:
    content = to_calendar(
        programme,
        name="ML4RS",
        domain="ml4rs.example",
        version=version,
        published_at=THEN,
        place="Singapore EXPO",
        link=lambda each: f"https://ml4rs.example/p/#s-{each.id}",
    )
    return icalendar.Calendar.from_ical(content)


def test_talks_share_a_session_equally_and_named_minutes_count():
    items = (Item("a", minutes=10), Item("b"), Item("c"))
    found = session(items=items).items
    assert [(each.starts, each.ends) for each in found] == [
        (at(10, 50), at(11)),
        (at(11), at(11, 10)),
        (at(11, 10), at(11, 20)),
    ]


def test_posters_have_the_times_of_their_session():
    found = session(kind="posters", items=(Item("a"), Item("b"))).items
    assert {(each.starts, each.ends) for each in found} == {(at(10, 50), at(11, 20))}


@given(
    minutes=st.lists(st.one_of(st.none(), st.integers(1, 90)), max_size=8),
    length=st.integers(1, 480),
)
def test_talks_follow_each_other_without_gap_and_never_vanish(minutes, length):
    items = tuple(Item(str(n), minutes=each) for n, each in enumerate(minutes))
    found = session(ends=at(10, 50) + timedelta(minutes=length), items=items).items
    assert len(found) == len(minutes)
    starts = at(10, 50)
    for item in found:
        assert item.starts == starts
        assert item.ends > item.starts
        starts = item.ends


def test_a_calendar_reads_back_what_went_in():
    talk = Item("i1", "Earth embeddings", speakers=(Speaker("Konstantin, Klemmer; Ö", "MS"),))
    programme = Programme("Asia/Singapore", (session(items=(talk,), title="Invited, Talk; 3\nß"),))
    (event,) = calendar_of(programme, version=4).walk("VEVENT")
    assert event["UID"] == "s1@ml4rs.example"
    assert event["SEQUENCE"] == 4
    assert event.decoded("DTSTAMP") == THEN
    assert event.decoded("DTSTART") == at(10, 50)
    assert event.decoded("DTEND") == at(11, 20)
    assert event["LOCATION"] == "Hall, Singapore EXPO"
    assert event["SUMMARY"] == "Invited, Talk; 3\nß: Earth embeddings (Konstantin, Klemmer; Ö)"
    assert event["URL"] == "https://ml4rs.example/p/#s-s1"
    assert "Earth embeddings" in event["DESCRIPTION"]


def test_a_session_without_a_time_stays_out_of_the_calendar():
    open_ = Session("s2", "panel", "Panel", "Debate")
    assert [each["UID"] for each in calendar_of(Programme("UTC", (open_, session()))).walk("VEVENT")] == [
        "s1@ml4rs.example"
    ]


def test_kathmandu_with_its_odd_offset_is_right():
    programme = Programme("Asia/Kathmandu", (session(starts=at(9, zone="Asia/Kathmandu")),))
    (event,) = calendar_of(programme).walk("VEVENT")
    assert event.decoded("DTSTART").astimezone(UTC) == datetime(2025, 4, 27, 3, 15, tzinfo=UTC)
    assert event["DTSTART"].params["TZID"] == "Asia/Kathmandu"


@pytest.mark.parametrize(("hour", "utc_hour"), [(1, 0), (4, 2)])
def test_both_sides_of_a_change_of_the_clocks_are_right(hour, utc_hour):
    """In Zurich on 30 March 2025 the clocks go from 02:00 to 03:00."""
    starts = at(hour, zone="Europe/Zurich", day=30, month=3)
    calendar = calendar_of(Programme("Europe/Zurich", (session(starts=starts),)))
    (event,) = calendar.walk("VEVENT")
    assert event.decoded("DTSTART").astimezone(UTC) == datetime(2025, 3, 30, utc_hour, tzinfo=UTC)
    (zone,) = calendar.walk("VTIMEZONE")
    assert {part.name for part in zone.subcomponents} == {"STANDARD", "DAYLIGHT"}


def test_a_session_across_the_change_of_the_clocks_keeps_its_length():
    starts = at(1, 30, zone="Europe/Zurich", day=30, month=3)
    ends = at(3, 30, zone="Europe/Zurich", day=30, month=3)
    programme = Programme("Europe/Zurich", (session(starts=starts.astimezone(UTC), ends=ends.astimezone(UTC)),))
    (event,) = calendar_of(programme).walk("VEVENT")
    length = event.decoded("DTEND").astimezone(UTC) - event.decoded("DTSTART").astimezone(UTC)
    assert length == timedelta(hours=1)


def test_a_programme_survives_json():
    items = (Item("i", "T", (Speaker("A", "B", "https://a.example"),), ("X", "Y"), "abs", "p", "", "7", 5),)
    programme = Programme("Asia/Singapore", (session(items=items), Session("s2", "panel", "Panel", "Debate")))
    assert Programme.from_data(programme.to_data()) == programme


def test_who_is_expected_where_is_not_part_of_what_is_published():
    item = Item("i", "T", people=(("account:7", "Secretperson"),))
    assert "Secretperson" not in str(Programme("UTC", (session(items=(item,)),)).to_data())


def test_a_move_reads_from_and_to():
    old = Programme("Asia/Singapore", (session(),))
    new = Programme("Asia/Singapore", (session(starts=at(11, 20)),))
    assert changes(old, new) == ["“Oral Talks 1” moved from 10:50 to 11:20."]


def test_a_move_to_another_day_names_the_days():
    new = Programme("Asia/Singapore", (session(starts=at(9, day=28)),))
    assert changes(Programme("Asia/Singapore", (session(),)), new) == [
        "“Oral Talks 1” moved from Sun 27 Apr, 10:50 to Mon 28 Apr, 09:00."
    ]


def test_the_change_log_names_rooms_titles_boards_and_what_came_or_went():
    poster = Item("i1", "Seeing fields", board="3")
    old = Programme(
        "Asia/Singapore", (session(kind="posters", items=(poster, Item("i2", "Old"))), session("s2", title="Gone"))
    )
    moved = session(
        kind="posters", room="", title="Posters", items=(replace(poster, board="5"), Item("i3", "New", board="6"))
    )
    assert changes(old, Programme("Asia/Singapore", (moved,))) == [
        "“Oral Talks 1” is now called “Posters”.",
        "“Posters”: room to be confirmed instead of Hall.",
        "Cancelled: “Gone”, Sun 27 Apr, 10:50.",
        "“Seeing fields”: board 5 instead of 3.",
        "New in “Posters”: “New”, board 6.",
        "No longer in “Oral Talks 1”: “Old”.",
    ]


def test_nothing_changed_says_nothing():
    programme = Programme("Asia/Singapore", (session(items=(Item("a", "A"),)),))
    assert changes(programme, programme) == []


def test_breaks_are_no_events_of_the_workshop():
    programme = Programme(
        "Asia/Singapore", (session(kind="break"), session("s2", items=(Item("i", "T", authors=("Ada",)),)))
    )
    (event,) = to_events(programme, place="Singapore")
    assert event["subEvent"][0]["performer"] == [{"@type": "Person", "name": "Ada"}]
    assert event["startDate"] == "2025-04-27T10:50:00+08:00"
