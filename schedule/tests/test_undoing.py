"""Moving by hand, and undo: a step is taken back whole, or refused in words when somebody else was there since."""

from datetime import UTC, datetime, timedelta

import pytest
from django.forms.models import model_to_dict

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import PersonFactory, RoleFactory, TrackFactory, UserFactory
from ml4rs.editions.viewer import Viewer
from schedule import actions
from schedule.actions import SessionDetails, SlotDetails
from schedule.models import Session, Slot, Step
from schedule.tests.factories import NINE, RoomFactory, SessionFactory, SlotFactory
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 3, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
GRID, LISTS = "/iclr2025/organise/programme/grid/", "/iclr2025/organise/programme/lists/"


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


def editor_of(edition):
    return Viewer.of(RoleFactory(edition=edition, name="schedule_editor").user, edition, NOW)


@pytest.fixture
def editor(edition):
    return editor_of(edition)


@pytest.fixture
def client(client, editor):
    client.force_login(editor.user)
    return client


def everything(edition) -> list:
    """The draft with all its fields, without the internal keys that a row made anew does not keep."""
    sessions = [
        {**model_to_dict(row, exclude=["id"]), "pid": row.public_id} for row in edition.sessions.order_by("public_id")
    ]
    slots = [
        {**model_to_dict(row, exclude=["id", "session"]), "pid": row.public_id, "in": row.session.public_id}
        for row in Slot.objects.filter(session__edition=edition).select_related("session").order_by("public_id")
    ]
    return [sessions, slots]


@pytest.fixture
def laid(edition):
    """Two sessions, one with a chair, two talks with a speaker and a paper, boards and a room."""
    hall, speaker = RoomFactory(edition=edition, name="Hall"), PersonFactory(edition=edition)
    one = SessionFactory(edition=edition, title="Posters", kind="posters", room=hall)
    one.chairs.add(speaker)
    two = SessionFactory(edition=edition, title="Talks", starts_at=NINE + HOUR)
    first, second = SlotFactory(session=one, board="1", abstract="About it"), SlotFactory(session=one, board="2")
    first.speakers.add(speaker)
    paper = SubmissionFactory(track=TrackFactory(edition=edition), accepted=True)
    third = SlotFactory(session=one, submission=paper, title="")
    return {"one": one, "two": two, "first": first, "second": second, "third": third, "hall": hall}


VERBS = {
    "move a session": lambda it, by: actions.move_session(it["one"], None, NINE + 3 * HOUR, NINE + 4 * HOUR, by=by),
    "shift": lambda it, by: actions.move_session(it["one"], it["hall"], NINE, NINE + 2 * HOUR, by=by, shift=True),
    "add a session": lambda it, by: actions.add_session(by.edition, SessionDetails("break", "Tea"), by=by),
    "remove a session": lambda it, by: actions.remove_session(it["one"], by=by),
    "add a talk": lambda it, by: actions.add_slot(it["two"], SlotDetails("Late"), by=by),
    "edit a talk": lambda it, by: actions.edit_slot(it["first"], SlotDetails("Other"), by=by),
    "take out": lambda it, by: actions.remove_slot(it["first"], by=by),
    "to another list": lambda it, by: actions.move_item(it["third"], it["two"], 0, by=by),
    "within a list": lambda it, by: actions.move_item(it["third"], it["one"], 0, by=by),
    "order": lambda it, by: actions.order_slots(
        it["one"], [it[name].public_id for name in ("third", "second", "first")], by=by
    ),
    "number boards": lambda it, by: actions.number_boards(it["one"], first=7, by=by),
}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_every_verb_is_undone_to_the_last_field(edition, editor, laid, verb):
    before = everything(edition)
    verb(laid, editor)
    assert everything(edition) != before
    actions.undo(edition, by=editor)
    assert everything(edition) == before


def test_steps_are_undone_one_after_the_other_and_then_there_is_nothing_left(edition, editor, laid):
    before = everything(edition)
    actions.move_item(laid["third"], laid["two"], 0, by=editor)
    actions.remove_session(laid["two"], by=editor)
    assert actions.undo(edition, by=editor) == "Removed “Talks”"
    assert actions.undo(edition, by=editor) == "Moved an item to “Talks”"
    assert everything(edition) == before
    with pytest.raises(NotAllowed, match="nothing of yours left"):
        actions.undo(edition, by=editor)


def test_what_somebody_else_changed_since_is_not_undone(edition, editor, laid):
    actions.move_session(laid["one"], None, NINE + HOUR, NINE + 2 * HOUR, by=editor)
    actions.move_session(Session.objects.get(pk=laid["one"].pk), None, NINE, NINE + HOUR, by=editor_of(edition))
    before = everything(edition)
    with pytest.raises(NotAllowed, match="Somebody changed the same since"):
        actions.undo(edition, by=editor)
    assert everything(edition) == before


def test_what_somebody_else_did_elsewhere_stays(edition, editor, laid):
    actions.move_session(laid["one"], None, NINE + HOUR, NINE + 2 * HOUR, by=editor)
    actions.remove_session(laid["two"], by=editor_of(edition))
    actions.undo(edition, by=editor)
    laid["one"].refresh_from_db()
    assert laid["one"].starts_at == NINE
    assert not edition.sessions.filter(title="Talks").exists()


def test_undo_never_puts_two_sessions_into_one_room(edition, editor, laid):
    actions.move_session(laid["one"], None, NINE + 5 * HOUR, NINE + 6 * HOUR, by=editor)
    actions.move_session(laid["two"], laid["hall"], NINE, NINE + HOUR, by=editor_of(edition))
    with pytest.raises(NotAllowed, match="Hall"):
        actions.undo(edition, by=editor)


def test_others_have_nothing_to_undo_here(edition, editor, laid):
    actions.remove_session(laid["two"], by=editor)
    with pytest.raises(NotAllowed, match="Only organisers"):
        actions.undo(edition, by=Viewer.of(UserFactory(), edition, NOW))
    with pytest.raises(NotAllowed, match="nothing of yours"):
        actions.undo(edition, by=editor_of(edition))


def test_a_refused_move_leaves_no_step(edition, editor, laid):
    SessionFactory(edition=edition, room=laid["hall"], starts_at=NINE + 3 * HOUR)
    with pytest.raises(NotAllowed):
        actions.move_session(laid["one"], laid["hall"], NINE + 3 * HOUR, NINE + 4 * HOUR, by=editor)
    assert not Step.objects.exists()


def test_only_the_last_fifty_steps_are_kept(edition, editor, laid):
    for minutes in range(55):
        row = Session.objects.get(pk=laid["two"].pk)
        actions.move_session(row, None, NINE + timedelta(minutes=minutes + 1), NINE + 3 * HOUR, by=editor)
    assert Step.objects.count() == 50


def test_a_paper_is_not_in_one_session_twice(editor, laid):
    SlotFactory(session=laid["two"], submission=laid["third"].submission)
    with pytest.raises(NotAllowed, match="already"):
        actions.move_item(laid["third"], laid["two"], 0, by=editor)


def test_a_paper_without_a_place_is_put_where_it_was_dropped(edition, editor, laid):
    paper = SubmissionFactory(track=TrackFactory(edition=edition), accepted=True, title="Reeds")
    actions.place_at(paper.public_id, laid["one"], 1, by=editor)
    assert [slot.submission_id for slot in laid["one"].slots.order_by("position")][1] == paper.pk


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"day": "2025-04-27", "starts": "600", "ends": "600"}, "end before it starts"),
        ({"day": "2025-04-27", "starts": "600", "ends": "late"}, "could not be understood"),
        ({"day": "", "starts": "600", "ends": "660"}, "could not be understood"),
        ({"day": "2025-04-27", "starts": "600", "ends": "660", "room": "cellar"}, "could not be understood"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused_in_words(client, laid, fields, words):
    address = f"/iclr2025/organise/programme/sessions/{laid['one'].public_id}/at/"
    response = client.post(address, fields, headers={"Accept": "application/json"})
    assert response.status_code == 409
    assert words in response.json()["said"]


def test_a_time_that_the_clocks_skip_is_refused_in_words(client, edition, laid):
    edition.time_zone = "Europe/Zurich"
    edition.save()
    fields = {"day": "2025-03-30", "starts": "150", "ends": "240"}
    address = f"/iclr2025/organise/programme/sessions/{laid['one'].public_id}/at/"
    assert "clocks skip" in client.post(address, fields, headers={"Accept": "application/json"}).json()["said"]


def test_without_script_the_forms_do_the_same_and_come_back(client, laid):
    fields = {"item": laid["third"].public_id, "session": laid["two"].public_id, "index": "10000", "home": "lists"}
    response = client.post("/iclr2025/organise/programme/items/move/", fields, follow=True)
    assert response.redirect_chain[-1][0] == LISTS
    assert "Now in “Talks”." in response.text
    response = client.post("/iclr2025/organise/programme/undo/", {"home": "grid"}, follow=True)
    assert response.redirect_chain[-1][0] == GRID
    assert "Undone: Moved an item to “Talks”." in response.text


@pytest.mark.parametrize("address", [GRID, LISTS, "/iclr2025/organise/programme/"])
@pytest.mark.parametrize("sessions", [1, 40])
def test_the_editor_asks_the_same_few_questions_of_any_programme(
    client, edition, address, sessions, django_assert_max_num_queries
):
    for number in range(sessions):
        SlotFactory(session=SessionFactory(edition=edition, starts_at=NINE + number * HOUR))
    client.get(address)
    with django_assert_max_num_queries(15):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", [GRID, LISTS])
def test_for_others_grid_and_lists_do_not_exist(client, edition, address):
    client.force_login(UserFactory())
    assert client.get(address).status_code == 404
