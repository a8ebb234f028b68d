"""What readers follow: links that come and go by date, topics, stars in an account, related papers."""

import json
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from django.core.cache import cache

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import EditionFactory, RoleFactory, TopicFactory, TrackFactory, UserFactory
from ml4rs.editions.viewer import Viewer
from schedule import actions
from schedule.actions import ResourceDetails
from schedule.models import StarList
from schedule.tests.factories import NINE, RoomFactory, SessionFactory, SlotFactory
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 4, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)
PROGRAMME = "/iclr2025/programme/"


@pytest.fixture(autouse=True)
def _fresh(time_machine):
    time_machine.move_to(NOW, tick=False)
    cache.clear()


@pytest.fixture
def track(edition):
    return TrackFactory(edition=edition)


def paper_of(track, title, **more):
    return SubmissionFactory(track=track, accepted=True, title=title, **more)


@pytest.fixture
def talk(edition, track):
    session = SessionFactory(edition=edition, title="Orals", room=RoomFactory(edition=edition, name="Hall"))
    return SlotFactory(session=session, title="", submission=paper_of(track, "Reeds from space"))


def test_a_link_is_public_at_once_on_the_programme_the_paper_and_in_the_data(client, edition, editor, talk):
    actions.publish(edition, by=None)
    client.get(PROGRAMME)
    actions.add_resource(talk, ResourceDetails("video", "https://video.example/1"), by=editor)
    for address in (PROGRAMME, f"/iclr2025/papers/{talk.submission.public_id}/"):
        assert 'href="https://video.example/1"' in client.get(address).text
    [item] = client.get("/iclr2025/programme.json").json()["sessions"][0]["items"]
    assert item["links"] == [{"kind": "video", "label": "Video", "url": "https://video.example/1"}]
    frab = client.get("/iclr2025/schedule.json").json()["schedule"]["conference"]
    assert frab["days"][0]["rooms"]["Hall"][0]["links"] == [{"title": "Video", "url": "https://video.example/1"}]
    assert '<link href="https://video.example/1">Video</link>' in client.get("/iclr2025/schedule.xml").text
    assert actions.publish(edition, by=editor).version == 1


def test_a_link_is_shown_from_its_date_until_its_other(client, edition, editor, talk, time_machine):
    actions.publish(edition, by=None)
    details = ResourceDetails("slides", "https://slides.example/", visible_from=NOW + DAY, visible_until=NOW + 2 * DAY)
    actions.add_resource(talk, details, by=editor)
    for days, is_shown in ((0, False), (1, True), (2, False)):
        time_machine.move_to(NOW + days * DAY, tick=False)
        assert ("slides.example" in client.get(PROGRAMME).text) is is_shown


def test_links_of_a_draft_are_nobodys_business(client, edition, editor, talk):
    actions.publish(edition, by=None)
    later = SlotFactory(session=talk.session, title="Not public yet")
    actions.add_resource(later, ResourceDetails("code", "https://code.example/"), by=editor)
    assert "code.example" not in client.get(PROGRAMME).text


@pytest.mark.parametrize(
    ("details", "words"),
    [
        (ResourceDetails("code", "https://a.example/"), "there already"),
        (ResourceDetails("code", "https://b.example/", "", NOW, NOW - DAY), "hidden before it is shown"),
    ],
)
def test_a_link_twice_or_hidden_before_it_is_shown_is_refused(editor, talk, details, words):
    actions.add_resource(talk, ResourceDetails("code", "https://a.example/"), by=editor)
    with pytest.raises(NotAllowed, match=words):
        actions.add_resource(talk, details, by=editor)


def test_only_editors_add_links(edition, talk):
    stranger = Viewer.of(UserFactory(), edition, NOW)
    with pytest.raises(NotAllowed):
        actions.add_resource(talk, ResourceDetails("code", "https://a.example/"), by=stranger)


def test_the_form_adds_and_removes_and_undo_brings_back(client, editor, talk):
    client.force_login(editor.user)
    base = "/iclr2025/organise/programme/"
    fields = {"kind": "meeting", "url": "meet.example/reeds", "label": "Ask us", "visible_from": "2025-04-27T09:00"}
    client.post(f"{base}items/{talk.public_id}/links/", fields)
    link = talk.resources.get()
    assert (link.url, link.visible_from) == ("https://meet.example/reeds", NINE)
    client.post(f"{base}links/{link.public_id}/remove/")
    assert not talk.resources.exists()
    client.post(f"{base}undo/")
    assert str(talk.resources.get()) == "Ask us"


def test_an_address_that_is_none_is_refused_in_words_and_kept(client, editor, talk):
    client.force_login(editor.user)
    address = f"/iclr2025/organise/programme/items/{talk.public_id}/links/"
    response = client.post(address, {"kind": "code", "url": "javascript:alert(1)", "label": "Ours"})
    assert "Enter a valid URL" in response.text
    assert 'value="Ours"' in response.text


def test_a_papers_page_says_when_and_where(client, edition, talk):
    actions.publish(edition, by=None)
    text = client.get(f"/iclr2025/papers/{talk.submission.public_id}/").text
    for words in ("Orals", "Sun 27 Apr, 09:00 (Singapore)", "Hall"):
        assert words in text


def test_the_programme_can_be_read_by_topic(client, edition, track, talk):
    water = TopicFactory(edition=edition, slug="water", name="Water")
    talk.submission.topics.add(water)
    SlotFactory(session=talk.session, title="", submission=paper_of(track, "Clouds"))
    actions.publish(edition, by=None)
    text = client.get(PROGRAMME, {"topic": "water"}).text
    assert "Reeds from space" in text
    assert "Clouds" not in text
    assert "Clouds" in client.get(PROGRAMME, {"topic": "nonsense"}).text


def test_the_search_reads_abstracts_keywords_and_topics_too(client, edition, track, talk):
    water = TopicFactory(edition=edition, slug="water", name="Wetlands")
    paper = paper_of(track, "Clouds", abstract="We count Phragmites australis.", keywords="ibis")
    paper.topics.add(water)
    SlotFactory(session=talk.session, title="", submission=paper)
    actions.publish(edition, by=None)
    for words in ("phragmites", "ibis", "wetlands", "clouds phragmites"):
        text = client.get(PROGRAMME, {"q": words}).text
        assert "Clouds" in text
        assert "Reeds from space" not in text
    assert "Clouds" not in client.get(PROGRAMME, {"q": "phragmites elephants"}).text


def test_related_papers_are_those_with_the_same_words(client, track, edition):
    one = paper_of(track, "Flood mapping from Sentinel-1 radar", abstract="Flood water and radar backscatter.")
    paper_of(track, "Radar backscatter of flood water", abstract="Mapping floods with Sentinel-1.")
    paper_of(track, "Counting elephants", abstract="Drones over savannah and herds.")
    text = client.get(f"/iclr2025/papers/{one.public_id}/").text
    assert "Radar backscatter of flood water" in text
    assert "Counting elephants" not in text


def test_papers_that_are_not_public_are_related_to_nothing(client, track, edition):
    one = paper_of(track, "Flood mapping from radar", abstract="Flood water and radar.")
    SubmissionFactory(track=track, title="Flood water mapping from radar", abstract="Radar of floods.")
    paper_of(track, "Elephants", abstract="Herds.")
    organiser = RoleFactory(edition=edition, name="organiser").user
    for person in (None, organiser):
        if person:
            client.force_login(person)
        assert "Flood water mapping" not in client.get(f"/iclr2025/papers/{one.public_id}/").text


def star(client, **changes):
    return client.post("/iclr2025/stars/", json.dumps(changes), content_type="application/json")


def test_stars_are_the_same_on_every_device(client, edition, talk):
    client.force_login(UserFactory())
    star(client, add=["aaa", "bbb"])
    assert star(client, add=["ccc"], remove=["aaa"]).json()["items"] == ["bbb", "ccc"]


def test_the_calendar_follows_the_stars_at_a_secret_address(client, edition, talk):
    actions.publish(edition, by=None)
    client.force_login(UserFactory())
    address = star(client, add=[talk.public_id]).json()["calendar"]
    client.logout()
    [event] = icalendar.Calendar.from_ical(client.get(address).content).walk("VEVENT")
    assert "Reeds from space" in event["SUMMARY"]
    StarList.objects.update(items=[])
    assert not icalendar.Calendar.from_ical(client.get(address).content).walk("VEVENT")


def test_a_new_address_closes_the_old_one(client, edition, talk):
    actions.publish(edition, by=None)
    client.force_login(UserFactory())
    old = star(client).json()["calendar"]
    client.post("/iclr2025/stars/renew/")
    assert client.get(old).status_code == 404
    assert client.get(star(client).json()["calendar"]).status_code == 200


def test_a_secret_address_is_of_its_own_edition(client, edition, talk):
    actions.publish(edition, by=None)
    other = EditionFactory(slug="other")
    SessionFactory(edition=other)
    actions.publish(other, by=None)
    client.force_login(UserFactory())
    address = star(client).json()["calendar"]
    assert client.get(address.replace("/iclr2025/", "/other/")).status_code == 404


def test_strangers_have_no_account_to_keep_stars_in(client, edition):
    assert star(client, add=["aaa"]).status_code == 302
    assert not StarList.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{", '{"add": "abc"}', '{"add": 5}'])
def test_nonsense_is_refused_in_words(client, edition, body):
    client.force_login(UserFactory())
    response = client.post("/iclr2025/stars/", body, content_type="application/json")
    assert response.status_code == 400
    assert "lists of ids" in response.json()["error"]


def test_what_can_be_no_id_is_left_out_and_three_hundred_are_kept(client, edition):
    client.force_login(UserFactory())
    assert star(client, add=["<b>", "x" * 21, 7, None, "ok1"]).json()["items"] == ["ok1"]
    star(client, add=[f"a{number}" for number in range(300)])
    assert len(star(client, add=["last"]).json()["items"]) == 300
    assert StarList.objects.get().items[-1] == "last"


def test_boards_stand_in_rows_as_in_the_room_by_number(client, edition):
    hall = RoomFactory(edition=edition, name="Hall", boards_in_row=2)
    posters = SessionFactory(edition=edition, title="Posters", kind="posters", room=hall)
    for board in ("10", "2", "1", ""):
        SlotFactory(session=posters, title=f"Poster on {board or 'the floor'}", board=board)
    actions.publish(edition, by=None)
    response = client.get(f"/iclr2025/sessions/{posters.public_id}/boards/")
    rows = [[item.board for item in row] for row in response.context["rows"]]
    assert rows == [["1", "2"], ["10"]]
    assert f"/iclr2025/sessions/{posters.public_id}/boards/" in client.get(PROGRAMME).text


def test_only_published_poster_sessions_have_a_map_of_boards(client, edition):
    talks = SessionFactory(edition=edition)
    actions.publish(edition, by=None)
    draft = SessionFactory(edition=edition, kind="posters")
    for session in (talks, draft):
        assert client.get(f"/iclr2025/sessions/{session.public_id}/boards/").status_code == 404


def test_editors_say_how_many_boards_stand_in_a_row(client, edition, editor):
    hall = RoomFactory(edition=edition, name="Hall")
    client.force_login(editor.user)
    address = f"/iclr2025/organise/programme/rooms/{hall.slug}/"
    client.post(address, {"name": "Hall", "boards_in_row": "9"})
    hall.refresh_from_db()
    assert hall.boards_in_row == 9
    assert "1 to 40 boards" in client.post(address, {"name": "Hall", "boards_in_row": "0"}, follow=True).text
