"""Publishing: what becomes public, what never does, and what is cached."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from django.core.cache import cache

from ml4rs.audit.models import Entry
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import PersonFactory, TrackFactory, UserFactory
from schedule import actions
from schedule.models import Release, Session
from schedule.queries import draft_programme
from schedule.tests.factories import NINE, RoomFactory, SessionFactory, SlotFactory
from submissions.models import Submission
from submissions.tests.factories import SubmissionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.both]
NOW = datetime(2025, 3, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fresh(time_machine):
    time_machine.move_to(NOW, tick=False)
    cache.clear()


@pytest.fixture
def accepted(edition):
    return SubmissionFactory(track=TrackFactory(edition=edition), accepted=True, title="Zephyrglade")


def page(client, query="", **headers):
    return client.get(f"/iclr2025/programme/{query}", **headers)


def test_without_a_release_the_page_says_so_and_the_feeds_are_not_there(client, edition):
    SessionFactory(edition=edition, title="Hiddendraft")
    response = page(client)
    assert "The programme is not out yet" in response.text
    assert "Hiddendraft" not in response.text
    assert client.get("/iclr2025/schedule.ics").status_code == 404
    assert client.get("/iclr2025/programme.json").status_code == 404


def test_the_public_reads_the_release_and_never_the_draft(client, edition, editor):
    row = SessionFactory(edition=edition, title="Opening words")
    actions.publish(edition, by=editor)
    SessionFactory(edition=edition, title="Laterdraft", starts_at=NINE + timedelta(hours=2))
    Session.objects.filter(pk=row.pk).update(title="Renameddraft")
    for address in ("programme/", "programme.json", "schedule.ics"):
        text = client.get(f"/iclr2025/{address}").text
        assert "Opening words" in text
        assert "draft" not in text


def test_publishing_again_shows_the_change_at_once(client, edition, editor):
    row = SessionFactory(edition=edition, title="Oral Talks 1")
    actions.publish(edition, by=editor)
    page(client)
    later = actions.SessionDetails(
        "orals", "Oral Talks 1", None, NINE + timedelta(minutes=30), NINE + timedelta(minutes=60)
    )
    actions.edit_session(row, later, by=editor)
    release = actions.publish(edition, by=editor)
    assert release.version == 2
    assert release.changes == ["“Oral Talks 1” moved from 09:00 to 09:30."]
    assert "09:30" in page(client).text


def test_publishing_without_a_change_makes_no_version(edition, editor):
    SessionFactory(edition=edition)
    first = actions.publish(edition, by=editor)
    assert actions.publish(edition, by=editor) == first


def test_the_system_publishes_an_edition_loaded_from_a_file(edition):
    SessionFactory(edition=edition)
    release = actions.publish(edition, by=None)
    assert release.version == 1
    assert Entry.objects.get(verb="programme.published").actor is None


def test_a_stranger_may_not_publish(edition, viewer_of):
    SessionFactory(edition=edition)
    with pytest.raises(NotAllowed):
        actions.publish(edition, by=viewer_of(UserFactory(), edition, NOW))
    assert not edition.releases.exists()


def test_an_accepted_paper_stands_in_the_programme_with_its_authors_and_a_link(client, edition, editor, accepted):
    row = SessionFactory(edition=edition)
    actions.place(row, [accepted.public_id], by=editor)
    actions.publish(edition, by=editor)
    text = page(client).text
    assert "Zephyrglade" in text
    assert accepted.authorships.get().name in text
    assert f"/iclr2025/papers/{accepted.public_id}/" in text


def test_a_paper_without_a_released_acceptance_cannot_be_placed(edition, editor):
    track = TrackFactory(edition=edition)
    for paper in (SubmissionFactory(track=track), SubmissionFactory(track=track, rejected=True)):
        with pytest.raises(NotAllowed):
            actions.place(SessionFactory(edition=edition), [paper.public_id], by=editor)


def test_a_paper_placed_behind_the_editors_back_is_not_published_before_its_decision_is(client, edition, editor):
    paper = SubmissionFactory(track=TrackFactory(edition=edition), title="Undecidedpaper")
    SlotFactory(session=SessionFactory(edition=edition), submission=paper, title="")
    actions.publish(edition, by=editor)
    for address in ("programme/", "programme.json", "schedule.ics"):
        assert "Undecidedpaper" not in client.get(f"/iclr2025/{address}").text
    assert len(draft_programme(editor).gone) == 1


@pytest.mark.parametrize("fate", [{"state": "withdrawn"}, {"outcome": "rejected", "presentation": ""}])
def test_a_withdrawn_paper_disappears_from_page_and_feeds_without_a_new_release(
    client, edition, editor, accepted, fate
):
    row = SessionFactory(edition=edition, title="Stays")
    actions.place(row, [accepted.public_id], by=editor)
    actions.publish(edition, by=editor)
    addresses = ["programme/", "programme/?q=zephyrglade", "programme.json", "schedule.ics"]
    assert all("Zephyrglade" in client.get(f"/iclr2025/{address}").text for address in addresses)
    Submission.objects.filter(pk=accepted.pk).update(**fate)
    for address in addresses:
        text = client.get(f"/iclr2025/{address}").text
        assert "Zephyrglade" not in text
        assert accepted.public_id not in text
    assert "Stays" in page(client).text


def test_search_finds_names_and_titles_and_says_when_nothing_answers(client, edition, editor, accepted):
    talk = SlotFactory(
        session=SessionFactory(edition=edition, kind="keynote", title="Keynote 1"), title="Foundation models"
    )
    talk.speakers.add(PersonFactory(edition=edition, name="Stefano Ermon"))
    actions.place(SessionFactory(edition=edition, starts_at=NINE + timedelta(hours=2)), [accepted.public_id], by=editor)
    actions.publish(edition, by=editor)
    text = page(client, "?q=ermon").text
    assert "Foundation models" in text
    assert "Zephyrglade" not in text
    assert "Zephyrglade" in page(client, "?q=ZEPHYR").text
    assert "Nothing found" in page(client, "?q=nosuchword").text


def test_the_kind_filter_shows_only_that_kind(client, edition, editor):
    SessionFactory(edition=edition, kind="lunch", title="Noodles")
    SessionFactory(edition=edition, kind="panel", title="Debate")
    actions.publish(edition, by=editor)
    text = page(client, "?kind=lunch").text
    assert "Noodles" in text
    assert "Debate" not in text


def test_a_shared_link_shows_the_same_whatever_a_tracker_added(client, edition, editor):
    SessionFactory(edition=edition)
    actions.publish(edition, by=editor)
    for path in ("programme/?kind=talk", "schedule.ics?only=x"):
        plain, shared = (client.get(f"/iclr2025/{path}{added}") for added in ("", "&utm_source=x"))
        assert plain.status_code == shared.status_code == 200
        assert plain.headers["ETag"] == shared.headers["ETag"]
        assert b"utm_source" not in shared.content


def test_a_reader_who_has_the_page_gets_304_until_something_changes(client, edition, editor):
    SessionFactory(edition=edition)
    actions.publish(edition, by=editor)
    for address in ("programme/", "programme.json", "schedule.ics"):
        tag = client.get(f"/iclr2025/{address}").headers["ETag"]
        assert client.get(f"/iclr2025/{address}", headers={"If-None-Match": tag}).status_code == 304
    tag = client.get("/iclr2025/schedule.ics").headers["ETag"]
    SessionFactory(edition=edition, starts_at=NINE + timedelta(hours=3))
    actions.publish(edition, by=editor)
    assert client.get("/iclr2025/schedule.ics", headers={"If-None-Match": tag}).status_code == 200


def test_a_signed_in_reader_never_gets_the_page_of_another(client, edition, editor):
    SessionFactory(edition=edition)
    actions.publish(edition, by=editor)
    tag = page(client).headers["ETag"]
    client.force_login(editor.user)
    response = client.get("/iclr2025/programme/", headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert "ETag" not in response.headers


def test_now_and_next_follow_the_clock(client, edition, editor, time_machine):
    SessionFactory(edition=edition, title="First")
    SessionFactory(edition=edition, title="Second", starts_at=NINE + timedelta(hours=1))
    actions.publish(edition, by=editor)
    assert "<strong>Now</strong>" not in page(client).text
    time_machine.move_to(NINE + timedelta(minutes=10), tick=False)
    tag = page(client).headers["ETag"]
    box = page(client).text.split("Now and next")[1].split("</section>")[0]
    assert box.index("First") < box.index("Second")
    time_machine.move_to(NINE + timedelta(minutes=70), tick=False)
    again = client.get("/iclr2025/programme/", headers={"If-None-Match": tag})
    assert "First" not in again.text.split("Now and next")[1].split("</section>")[0]


def test_a_calendar_of_one_session_holds_only_that(client, edition, editor):
    one = SessionFactory(edition=edition, room=RoomFactory(edition=edition, name="Hall 3"))
    SessionFactory(edition=edition)
    actions.publish(edition, by=editor)
    for address in (f"schedule.ics?session={one.public_id}", f"sessions/{one.public_id}.ics"):
        response = client.get(f"/iclr2025/{address}")
        assert response.headers["Content-Type"].startswith("text/calendar")
        (event,) = icalendar.Calendar.from_ical(response.content).walk("VEVENT")
        assert event["UID"].startswith(one.public_id)
        assert event["LOCATION"].startswith("Hall 3")
    assert client.get("/iclr2025/sessions/nosuch.ics").status_code == 404


@pytest.mark.parametrize("size", [1, 50, 300])
def test_the_programme_costs_the_same_whatever_its_size(client, edition, editor, cost_of, size):
    track = TrackFactory(edition=edition)
    papers = [SubmissionFactory(track=track, accepted=True) for _ in range(size)]
    row = SessionFactory(edition=edition, kind="posters")
    actions.place(row, [paper.public_id for paper in papers], by=editor)
    with cost_of() as publishing:
        draft_programme(editor)
    assert (publishing.queries, publishing.objects) == (6, 0)
    actions.publish(edition, by=editor)
    page(client)
    cache.clear()
    with cost_of() as cold:
        assert page(client).status_code == 200
    with cost_of() as warm:
        assert page(client).status_code == 200
    assert cold.queries <= 8
    assert warm.queries < cold.queries
    assert cold.objects <= 20
    for address in ("programme.json", "schedule.ics"):
        with cost_of() as feed:
            assert client.get(f"/iclr2025/{address}").status_code == 200
        assert feed.queries <= 5


def test_a_database_made_anew_never_shows_what_another_one_cached(client, edition, editor):
    """The row's number and version come again; what was kept for them must not."""
    session = SessionFactory(edition=edition, kind="keynote", title="Earlierkeynote")
    key = actions.publish(edition, by=editor).pk
    before = page(client)
    edition.releases.all().delete()
    type(session).objects.filter(pk=session.pk).update(title="Laterkeynote")
    again = actions.publish(edition, by=editor)
    Release.objects.filter(pk=again.pk).update(id=key)
    after = page(client, HTTP_IF_NONE_MATCH=before.headers["ETag"])
    assert (again.version, after.status_code) == (1, 200)
    assert "Laterkeynote" in after.text
    assert "Earlierkeynote" not in after.text


def test_the_home_page_has_a_foretaste_of_what_is_published_and_of_nothing_else(client, edition, editor):
    SlotFactory(session=SessionFactory(edition=edition, kind="keynote", title="Keynote 1")).speakers.add(
        PersonFactory(edition=edition, name="Stefano Ermon", kind="organiser")
    )
    SessionFactory(edition=edition, kind="lunch", title="Noodles")
    assert "Keynote 1" not in client.get("/iclr2025/").text
    actions.publish(edition, by=editor)
    SessionFactory(edition=edition, title="Laterdraft")
    text = client.get("/iclr2025/").text
    assert "Times are those of Singapore." in text
    assert "Keynote 1</a>: Stefano Ermon" in text
    assert "09:00" in text
    assert "Laterdraft" not in text
    assert "Noodles" not in text


def test_readers_filter_by_room_and_a_room_that_is_not_there_changes_nothing(client, edition, editor):
    for name in ("Hall", "Annex"):
        SessionFactory(edition=edition, room=RoomFactory(edition=edition, name=name), title=f"In the {name}")
    actions.publish(edition, by=editor)
    shown = page(client, "?room=Annex").text
    assert "In the Annex" in shown
    assert "In the Hall" not in shown
    for query in ("", "?room=Cellar"):
        assert "In the Hall" in page(client, query).text
