"""Every export of one small programme to the last field: feeds are read by programs, which forgive nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import icalendar
import pytest

from schedule.exports import Item, Programme, Session, Speaker, changes, timed, to_calendar, to_events
from schedule.exports.frab import About, to_json, to_xml
from schedule.exports.programme import Link

NINE = datetime(2025, 4, 27, 9, tzinfo=ZoneInfo("Asia/Singapore"))
HOUR = timedelta(hours=1)
ADA = Speaker("Ada Lovelace", "Society", "https://ada.example", "ada1")


def session(id_="s1", starts=NINE, hours=1, *items, **fields) -> Session:
    fields = {"kind": "orals", "kind_name": "Oral talks", "title": "Orals", "room": "Hall", **fields}
    return timed(Session(id=id_, starts=starts, ends=starts and starts + hours * HOUR, items=items, **fields))


def programme(*sessions: Session, zone="Asia/Singapore") -> Programme:
    return Programme(zone, sessions)


TALKS = session(
    "s1", NINE, 1.5,
    Item("i1", "Reeds", (ADA,), abstract="About reeds", links=(Link("code", "Code", "https://c.example"),)),
    Item("i2", "Dunes", authors=("Grace Hopper", "Mary Somerville"), minutes=30),
)  # fmt: skip
POSTERS = session(
    "s2", NINE + 24 * HOUR, 2, Item("i3", "Clouds", authors=("Ada Lovelace",), board="7"), Item("i4", "Rain"),
    kind="posters", kind_name="Poster session", title="Posters", room="",
)  # fmt: skip
LUNCH = session("s3", NINE + 4 * HOUR, 1, kind="lunch", kind_name="Lunch", title="Lunch")
OPEN = session("s4", None, kind="panel", kind_name="Panel", title="Some time")
WHOLE = programme(TALKS, LUNCH, POSTERS, OPEN)


# --- Calendar -------------------------------------------------------------------------------------------------


def entries(*sessions: Session, zone="Asia/Singapore", **more) -> list[dict[str, str]]:
    fields = {"name": "ML4RS", "domain": "x.example", "version": 3, "published_at": NINE, **more}
    calendar = icalendar.Calendar.from_ical(to_calendar(programme(*sessions, zone=zone), **fields))
    return [{name: value.to_ical().decode() for name, value in event.items()} for event in calendar.walk("VEVENT")]


def test_a_calendar_says_what_it_is():
    content = to_calendar(WHOLE, name="ML4RS", domain="x.example", version=3, published_at=NINE).decode()
    for line in (
        "PRODID:-//x.example//ml4rs programme//EN", "VERSION:2.0", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        "NAME:ML4RS", "X-WR-CALNAME:ML4RS", "X-WR-TIMEZONE:Asia/Singapore", "TZID:Asia/Singapore",
    ):  # fmt: skip
        assert f"\r\n{line}\r\n" in content


def test_an_event_has_every_field():
    [event] = entries(TALKS, place="Singapore EXPO", link=lambda each: f"https://x.example/#{each.id}")
    assert event == {
        "UID": "s1@x.example",
        "DTSTAMP": "20250427T010000Z",
        "LAST-MODIFIED": "20250427T010000Z",
        "SEQUENCE": "3",
        "DTSTART": "20250427T090000",
        "DTEND": "20250427T103000",
        "SUMMARY": "Orals",
        "CATEGORIES": "Oral talks",
        "LOCATION": "Hall\\, Singapore EXPO",
        "DESCRIPTION": "09:00 Reeds (Ada Lovelace)\\n10:00 Dunes (Grace Hopper\\, Mary Somerville)",
        "URL": "https://x.example/#s1",
    }


def test_posters_have_boards_where_talks_have_hours_and_what_is_unknown_is_left_out():
    [event] = entries(POSTERS)
    assert event["DESCRIPTION"] == "Board 7: Clouds (Ada Lovelace)\\nRain"
    assert not {"LOCATION", "URL"} & event.keys()


@pytest.mark.parametrize(("of", "words"), [
    (session("s", NINE, 1, Item("i", "Reeds", (ADA,)), title="Keynote"), "Keynote: Reeds (Ada Lovelace)"),
    (session("s", NINE, 1, Item("i", "Reeds"), title="Keynote"), "Keynote: Reeds"),
    (session("s", NINE, 1, Item("i", "", (ADA,)), title="Keynote"), "Keynote"),
    (session("s", NINE, 1, Item("i", "Reeds"), kind="posters", title="Posters"), "Posters"),
    (session("s", NINE, 1, Item("i", "A"), Item("j", "B"), title="Orals"), "Orals"),
])  # fmt: skip
def test_a_lone_talk_is_named_with_its_session(of, words):
    assert entries(of)[0]["SUMMARY"].replace("\\,", ",") == words


def test_a_zone_is_described_until_after_the_last_event_and_utc_needs_none():
    first = session("s", datetime(2025, 12, 30, 9, tzinfo=UTC))
    content = to_calendar(
        programme(first, zone="Europe/Berlin"), name="", domain="x", version=1, published_at=NINE
    ).decode()
    zone = icalendar.Calendar.from_ical(content).walk("VTIMEZONE")[0]
    assert {part.name: part["DTSTART"].dt.year for part in zone.subcomponents} == {"STANDARD": 2025, "DAYLIGHT": 2025}
    assert "VTIMEZONE" not in to_calendar(
        programme(first, zone="UTC"), name="", domain="x", version=1, published_at=NINE
    ).decode()  # fmt: skip
    assert entries(first, zone="Europe/Berlin")[0]["DTSTART"] == "20251230T100000"


@pytest.mark.parametrize("half", [{"starts": NINE}, {"ends": NINE}, {}])
def test_without_both_hours_there_is_no_event_anywhere(half):
    of = Session("s", "orals", "Oral talks", "Orals", "Hall", **half)
    assert entries(of) == []
    assert to_events(programme(of)) == []
    assert to_json(programme(of), ABOUT)["schedule"]["conference"]["days"] == []


# --- frab -----------------------------------------------------------------------------------------------------

ABOUT = About("W2025", "A workshop", "x.example", 3, "https://x.example/", lambda each: f"https://x.example/#{each.id}")


def test_the_conference_and_its_days_are_written_whole():
    data = to_json(WHOLE, ABOUT)
    assert data["$schema"] == "https://c3voc.de/schedule/schema.json"
    assert data["generator"] == {"name": "ml4rs", "version": "1"}
    assert {name: data["schedule"][name] for name in ("version", "base_url")} == {
        "version": "3", "base_url": "https://x.example/",
    }  # fmt: skip
    conference = data["schedule"]["conference"]
    days, rooms = conference.pop("days"), conference.pop("rooms")
    assert conference == {
        "acronym": "W2025", "title": "A workshop", "start": "2025-04-27", "end": "2025-04-28", "daysCount": 2,
        "timeslot_duration": "00:05", "time_zone_name": "Asia/Singapore", "url": "https://x.example/",
    }  # fmt: skip
    assert [each["name"] for each in rooms] == ["Hall", "To be confirmed"]
    assert len({each["guid"] for each in rooms}) == 2
    assert [(each["index"], each["date"], each["day_start"], each["day_end"]) for each in days] == [
        (1, "2025-04-27", "2025-04-27T09:00:00+08:00", "2025-04-27T14:00:00+08:00"),
        (2, "2025-04-28", "2025-04-28T09:00:00+08:00", "2025-04-28T11:00:00+08:00"),
    ]
    assert [[event["title"] for event in inside] for each in days for inside in each["rooms"].values()] == [
        ["Reeds", "Dunes", "Lunch"], ["Posters"],
    ]  # fmt: skip


def test_an_event_of_frabs_has_every_field_in_both_forms():
    event = to_json(WHOLE, ABOUT)["schedule"]["conference"]["days"][0]["rooms"]["Hall"][0]
    person = event["persons"][0]
    assert {**event, "id": 0, "guid": "", "persons": [person["public_name"]]} == {
        "id": 0, "guid": "", "date": "2025-04-27T09:00:00+08:00", "start": "09:00", "duration": "01:00",
        "room": "Hall", "slug": "w2025-i1", "url": "https://x.example/#i1", "title": "Reeds", "subtitle": "",
        "track": "Orals", "type": "orals", "language": "en", "abstract": "About reeds", "persons": ["Ada Lovelace"],
        "links": [{"title": "Code", "url": "https://c.example"}],
    }  # fmt: skip
    assert (event["id"], person["id"]) == (84497968606592, 130240623286038), "the same in every version: apps go by it"
    content = to_xml(WHOLE, ABOUT)
    assert content.startswith(b"<?xml version='1.0' encoding='utf-8'?>")
    root = ET.fromstring(content)
    assert root.find("generator").attrib == {"name": "ml4rs", "version": "1"}
    assert root.findtext("version") == "3"
    assert {each.tag: each.text for each in root.find("conference")} == {
        "acronym": "W2025", "title": "A workshop", "start": "2025-04-27", "end": "2025-04-28", "days": "2",
        "timeslot_duration": "00:05", "base_url": "https://x.example/", "time_zone_name": "Asia/Singapore",
    }  # fmt: skip
    assert [day.attrib["index"] for day in root.iter("day")] == ["1", "2"]
    assert root.find("day").attrib == {
        "index": "1", "date": "2025-04-27", "start": "2025-04-27T09:00:00+08:00", "end": "2025-04-27T14:00:00+08:00",
    }  # fmt: skip
    found = next(root.iter("event"))
    assert found.attrib == {"id": str(event["id"]), "guid": event["guid"]}
    written = {each.tag: each.text or "" for each in found if not len(each) and each.tag != "attachments"}
    assert written == {name: event[name] for name in written if name != "description"} | {"description": ""}
    assert len(written) == 13
    assert found.find("persons/person").attrib == {"id": str(person["id"])}
    assert (found.find("links/link").attrib, found.findtext("links/link")) == ({"href": "https://c.example"}, "Code")
    assert found.find("attachments") is not None


def test_what_has_no_talks_or_no_title_is_an_event_by_its_session():
    opening = session("s9", NINE, 1, kind="opening", title="Opening")
    untitled = session("s8", NINE + HOUR, 1, Item("i8", "", (ADA,)), title="Keynote", kind="keynote")
    day = to_json(programme(opening, untitled), ABOUT)["schedule"]["conference"]["days"][0]
    found = [(each["title"], each["start"], each["duration"]) for each in day["rooms"]["Hall"]]
    assert found == [("Opening", "09:00", "01:00"), ("Keynote", "10:00", "01:00")]


def test_a_programme_without_times_has_no_days():
    conference = to_json(programme(OPEN), ABOUT)["schedule"]["conference"]
    assert (conference["daysCount"], conference["days"], "start" in conference) == (0, [], False)


def test_authors_stand_where_no_speaker_is_named_and_posters_are_a_list():
    days = to_json(WHOLE, ABOUT)["schedule"]["conference"]["days"]
    dunes = days[0]["rooms"]["Hall"][1]
    assert [each["public_name"] for each in dunes["persons"]] == ["Grace Hopper", "Mary Somerville"]
    assert days[1]["rooms"]["To be confirmed"][0]["abstract"] == "7 Clouds\nRain"


# --- Linked data ----------------------------------------------------------------------------------------------


def test_events_of_schema_org_are_written_whole():
    talks, posters = to_events(WHOLE, place="Singapore", link=lambda each: f"https://x.example/#{each.id}")
    place = {"@type": "Place", "name": "Hall, Singapore"}
    assert talks == {
        "@type": "Event", "name": "Orals", "startDate": "2025-04-27T09:00:00+08:00",
        "endDate": "2025-04-27T10:30:00+08:00", "location": place, "url": "https://x.example/#s1",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "eventStatus": "https://schema.org/EventScheduled",
        "subEvent": [
            {"@type": "Event", "name": "Reeds", "startDate": "2025-04-27T09:00:00+08:00",
             "endDate": "2025-04-27T10:00:00+08:00", "location": place,
             "performer": [{"@type": "Person", "name": "Ada Lovelace"}]},
            {"@type": "Event", "name": "Dunes", "startDate": "2025-04-27T10:00:00+08:00",
             "endDate": "2025-04-27T10:30:00+08:00", "location": place,
             "performer": [{"@type": "Person", "name": name} for name in ("Grace Hopper", "Mary Somerville")]},
        ],
    }  # fmt: skip
    assert posters["location"]["name"] == "Singapore"
    assert "subEvent" not in posters


def test_what_is_unknown_of_an_event_is_to_be_confirmed_or_left_out():
    [event] = to_events(programme(POSTERS))
    assert event["location"]["name"] == "To be confirmed"
    assert "url" not in event
    [untitled] = to_events(programme(session("s", NINE, 1, Item("i", ""))))
    assert "subEvent" not in untitled


# --- What changed ---------------------------------------------------------------------------------------------


def told(old: Session | None, new: Session | None) -> list[str]:
    return changes(programme(*filter(None, [old])), programme(*filter(None, [new])))


LONE = session("s", NINE, 1, Item("i", "Reeds"))
TWO = session("s", NINE, 1, Item("i", "Reeds"), Item("j", "Dunes"))


@pytest.mark.parametrize(("old", "new", "sentences"), [
    (None, TALKS, ["New: “Orals”, Sun 27 Apr, 09:00.", "New in “Orals”: “Reeds” at 09:00.",
                   "New in “Orals”: “Dunes” at 10:00."]),
    (None, OPEN, ["New: “Some time”, time to be confirmed."]),
    (OPEN, None, ["Cancelled: “Some time”, time to be confirmed."]),
    (OPEN, replace(OPEN, starts=NINE, ends=NINE + HOUR),
     ["“Some time” moved from time to be confirmed to Sun 27 Apr, 09:00."]),
    (session(), session(hours=2), ["“Orals” now ends at 11:00 instead of 10:00."]),
    (session(), session(kind="panel", kind_name="Panel"), ["“Orals” is now: panel."]),
    (session(), session(chairs=(ADA,)), ["“Orals” is chaired by Ada Lovelace."]),
    (session(chairs=(ADA,)), session(), ["“Orals” has no chair any more."]),
    (session(chairs=(ADA,)), session(chairs=(replace(ADA, affiliation="Else"),)), []),
    (session(room=""), session(), ["“Orals”: room Hall instead of to be confirmed."]),
    (LONE, session("s", NINE + HOUR, 1, Item("i", "Reeds")), ["“Orals” moved from 09:00 to 10:00."]),
    (TWO, session("s", NINE + HOUR, 1, *TWO.items),
     ["“Orals” moved from 09:00 to 10:00.", "“Reeds” moved from 09:00 to 10:00.",
      "“Dunes” moved from 09:30 to 10:30."]),
    (TWO, session("s", NINE, 1, *reversed(TWO.items)),
     ["“Dunes” moved from 09:30 to 09:00.", "“Reeds” moved from 09:00 to 09:30."]),
    (TWO, session("s", NINE, 1, TWO.items[1]),
     ["“Dunes” moved from 09:30 to 09:00.", "No longer in “Orals”: “Reeds”."]),
    (LONE, session("s", None, 1, Item("i", "Reeds")),
     ["“Orals” moved from Sun 27 Apr, 09:00 to time to be confirmed.",
      "“Reeds” moved from Sun 27 Apr, 09:00 to time to be confirmed."]),
    (session("s", None, 1, Item("i", "Reeds")), LONE,
     ["“Orals” moved from time to be confirmed to Sun 27 Apr, 09:00.",
      "“Reeds” moved from time to be confirmed to Sun 27 Apr, 09:00."]),
    (POSTERS, session("s2", NINE + 25 * HOUR, 2, *POSTERS.items, kind="posters", title="Posters", room=""),
     ["“Posters” moved from 09:00 to 10:00."]),
    (session("s", NINE, 1, Item("i", "Reeds", (ADA,))), LONE, ["“Reeds”: speaker now to be confirmed."]),
    (LONE, session("s", NINE, 1, Item("i", "Reeds", (ADA,))), ["“Reeds”: speaker now Ada Lovelace."]),
    (LONE, session("s", NINE, 1, Item("i", "Fens")), ["“Reeds” is now “Fens”."]),
    (session("s", NINE, 1, Item("i", "A", board="3"), kind="posters"), session("s", NINE, 1, Item("i", "A"),
     kind="posters"), ["“A”: board to be confirmed instead of 3."]),
    (session("s", NINE, 1, Item("i", "A"), kind="posters"), session("s", NINE, 1, Item("i", "A", board="3"),
     kind="posters"), ["“A”: board 3 instead of to be confirmed."]),
    (session("s", NINE, 1, kind="posters"), session("s", NINE, 1, Item("i", "A"), kind="posters"),
     ["New in “Orals”: “A”."]),
    (session("s", None), session("s", None, 1, Item("i", "A")), ["New in “Orals”: “A”."]),
])  # fmt: skip
def test_what_changed_is_told_and_nothing_else(old, new, sentences):
    assert told(old, new) == sentences


def test_a_talk_that_went_elsewhere_is_told_with_both_sessions():
    there = session("t", NINE + HOUR, title="Later")
    old = programme(LONE, there)
    new = programme(session("s"), replace(there, items=LONE.items))
    assert changes(old, programme(session("s"), timed(new.sessions[1]))) == [
        "“Reeds” moved from “Orals” to “Later” at 10:00."
    ]


def test_another_zone_is_told():
    old, new = programme(TALKS), programme(TALKS, zone="Europe/Berlin")
    assert changes(old, new) == ["Times are now those of Europe/Berlin instead of Asia/Singapore."]
    assert changes(None, new) == ["First published."]


# --- The programme itself -------------------------------------------------------------------------------------


def test_an_item_alone_is_a_session_at_its_own_time_or_its_sessions():
    talk, poster = TALKS.items[1].alone(TALKS), replace(POSTERS.items[0], starts=None).alone(POSTERS)
    assert (talk.id, talk.title, talk.starts, talk.ends) == ("i2", "Dunes", NINE + HOUR, NINE + 1.5 * HOUR)
    assert (poster.title, poster.hours, poster.room) == ("Board 7: Clouds", POSTERS.hours, POSTERS.room)
    assert (talk.items, talk.is_item, TALKS.is_item) == ((), True, False)
    assert Item("i", "").alone(TALKS).title == "To be announced"


def test_of_a_withdrawn_paper_nothing_is_left_and_all_else_stands():
    items = (Item("i1", "Kept", paper="a"), Item("i2", "Gone", paper="b"), Item("i3", "Ours"))
    whole = programme(session("s1", NINE, 1, *items), LUNCH)
    left = whole.without({"b", "c"})
    assert [item.id for _, item in left.items()] == ["i1", "i3"]
    assert left.sessions[0].items[1].starts == whole.sessions[0].items[2].starts
    assert whole.without(set()) == whole
    assert whole.papers() == {"a", "b"}
    assert whole.only("s3").sessions == (LUNCH,)


def test_links_stand_beside_the_items_that_they_belong_to():
    link = Link("code", "Code", "https://c.example")
    found = programme(POSTERS).with_links({"i4": (link,)})
    assert [item.links for _, item in found.items()] == [(), (link,)]
    assert programme(TALKS).with_links({}) == programme(TALKS)


@pytest.mark.parametrize(("minutes", "lengths"), [
    ((None, None, None), [20, 20, 20]), ((30, None, None), [30, 15, 15]), ((60, None), [60, 1]), ((90,), [90]),
    ((59, None), [59, 1]), ((None,) * 7, [8] * 7), ((10, 20), [10, 20]),
])  # fmt: skip
def test_talks_have_their_minutes_and_share_the_rest(minutes, lengths):
    of = session("s", NINE, 1, *(Item(str(place), minutes=each) for place, each in enumerate(minutes)))
    assert [(each.ends - each.starts).total_seconds() / 60 for each in of.items] == lengths
    assert [each.starts for each in of.items[1:]] == [each.ends for each in of.items[:-1]]
