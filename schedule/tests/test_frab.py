"""The programme in frab's format: every talk once, at the venue's time, under identifiers that stay."""

import re
from xml.etree import ElementTree as ET

import pytest
from django.core.cache import cache
from hypothesis import given, settings
from hypothesis import strategies as st

from ml4rs.editions.tests.factories import EditionFactory, PersonFactory
from schedule import actions
from schedule.exports.frab import About, to_json, to_xml
from schedule.exports.programme import Item, Programme, Session
from schedule.tests.factories import NINE, RoomFactory, SessionFactory, SlotFactory

ABOUT = About(
    "w2025", "A workshop", "w.example", 3, "https://w.example/w/", lambda session: f"https://w.example/#{session.id}"
)


def events(content):
    return list(ET.fromstring(content).iter("event"))


@pytest.fixture
def edition(db, time_machine):
    time_machine.move_to(NINE, tick=False)
    cache.clear()
    return EditionFactory(slug="iclr2025", time_zone="Asia/Kathmandu")


def test_talks_are_events_at_the_venues_time_and_posters_one_event(client, edition):
    hall = RoomFactory(edition=edition, name="Hall")
    orals = SessionFactory(edition=edition, kind="orals", title="Morning talks", room=hall)
    talk = SlotFactory(session=orals, title="One", minutes=20)
    talk.speakers.add(PersonFactory(edition=edition, name="Ada Lovelace"))
    SlotFactory(session=orals, title="Two", minutes=40)
    posters = SessionFactory(edition=edition, kind="posters", title="Posters", starts_at=NINE.replace(hour=5))
    SlotFactory(session=posters, title="A poster", board="7")
    SessionFactory(edition=edition, kind="closing", title="Some time", starts_at=None)
    actions.publish(edition, by=None)
    response = client.get("/iclr2025/schedule.xml")
    found = {event.findtext("title"): event for event in events(response.content)}
    assert set(found) == {"One", "Two", "Posters"}
    assert found["One"].findtext("date") == "2025-04-27T06:45:00+05:45"
    assert (found["Two"].findtext("start"), found["Two"].findtext("duration")) == ("07:05", "00:40")
    assert [person.text for person in found["One"].iter("person")] == ["Ada Lovelace"]
    assert found["Posters"].findtext("abstract") == "7 A poster"
    assert found["Posters"].findtext("room") == "To be confirmed"
    data = client.get("/iclr2025/schedule.json").json()["schedule"]["conference"]
    assert (data["time_zone_name"], data["daysCount"], data["acronym"]) == ("Asia/Kathmandu", 1, "iclr2025")
    assert [event["title"] for event in data["days"][0]["rooms"]["Hall"]] == ["One", "Two"]


def test_identifiers_stay_when_a_talk_moves(client, edition):
    session = SessionFactory(edition=edition, kind="orals")
    SlotFactory(session=session, title="One")
    actions.publish(edition, by=None)
    before = events(client.get("/iclr2025/schedule.xml").content)[0].attrib
    session.starts_at, session.ends_at = NINE.replace(hour=6), NINE.replace(hour=7)
    session.save()
    actions.publish(edition, by=None)
    after = events(client.get("/iclr2025/schedule.xml").content)[0]
    assert after.attrib == before
    assert after.findtext("start") == "11:45"


def test_who_has_it_already_is_told_so_and_before_a_release_there_is_nothing(client, edition):
    assert client.get("/iclr2025/schedule.xml").status_code == 404
    SessionFactory(edition=edition)
    actions.publish(edition, by=None)
    for name in ("schedule.xml", "schedule.json"):
        first = client.get(f"/iclr2025/{name}")
        assert client.get(f"/iclr2025/{name}", headers={"If-None-Match": first["ETag"]}).status_code == 304


_texts = st.text(max_size=20)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(_texts, _texts, st.booleans()), max_size=5))
def test_any_words_make_well_formed_xml_with_unique_identifiers(rows):
    items = tuple(
        Item(id=f"i{number}", title=title, abstract=abstract, starts=NINE, ends=NINE.replace(minute=10))
        for number, (title, abstract, _) in enumerate(rows)
    )
    sessions = tuple(
        Session(
            f"s{number}",
            "orals" if is_talk else "break",
            "Kind",
            title,
            "",
            NINE,
            NINE.replace(hour=3),
            (items[number],),
        )
        for number, (title, _, is_talk) in enumerate(rows)
    )
    found = events(to_xml(Programme("UTC", sessions), ABOUT))
    assert (
        len(found)
        == len({event.get("guid") for event in found})
        == len({event.get("id") for event in found})
        == len(rows)
    )
    data = to_json(Programme("UTC", sessions), ABOUT)["schedule"]["conference"]
    inside = [event for day in data["days"] for room in day["rooms"].values() for event in room]
    assert len(inside) == len(rows)
    assert all(re.fullmatch(r"\d+:\d{2}", event["duration"]) for event in inside)
