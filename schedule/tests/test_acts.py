"""The verbs of the programme: each refused to others, each in the log, and each reaching as far as it should."""

from datetime import UTC, datetime, timedelta

import pytest

from ml4rs.audit.models import Entry
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import EditionFactory, PersonFactory, TrackFactory, UserFactory
from ml4rs.editions.viewer import Viewer
from schedule import actions
from schedule.actions import ResourceDetails, SessionDetails, SlotDetails
from schedule.actions.releasing import digest_of
from schedule.models import Absence, DemoTurn, PlacingRun, Resource, Room, Session, Slot, StarList
from schedule.tests.factories import NINE, RoomFactory, SessionFactory, SlotFactory
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 3, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def laid(edition):
    """Two poster sessions, three items and a link in the first, a room, and a paper without a place."""
    one = SessionFactory(edition=edition, title="Posters", kind="posters", room=RoomFactory(edition=edition))
    two = SessionFactory(edition=edition, title="More", kind="posters", starts_at=NINE + HOUR)
    slots = [SlotFactory(session=one, board=board) for board in ("1", "2", "3")]
    link = Resource.objects.create(slot=slots[0], kind="code", url="https://x.example")
    paper = SubmissionFactory(track=TrackFactory(edition=edition), accepted=True)
    run = PlacingRun.objects.create(
        edition=edition, created_at=NOW, places=[[two.public_id, paper.public_id, "It fits."]]
    )
    return {"one": one, "two": two, "slots": slots, "link": link, "paper": paper, "run": run}


def taken_back(it, by):
    actions.apply_places(it["run"], by=by)
    actions.take_places_back(it["run"], by=by)


TEA = SessionDetails("break", "Tea")
VERBS = {
    "programme.session_added": lambda it, by: actions.add_session(by.edition, TEA, by=by),
    "programme.session_edited": lambda it, by: actions.edit_session(it["one"], TEA, by=by),
    "programme.session_removed": lambda it, by: actions.remove_session(it["one"], by=by),
    "programme.item_added": lambda it, by: actions.add_slot(it["one"], SlotDetails("Talk"), by=by),
    "programme.item_edited": lambda it, by: actions.edit_slot(it["slots"][0], SlotDetails("Talk"), by=by),
    "programme.item_moved": lambda it, by: actions.move_slot(it["slots"][0], "down", by=by),
    "programme.items_ordered": lambda it, by: actions.order_slots(
        it["one"], [each.public_id for each in reversed(it["slots"])], by=by
    ),
    "programme.item_removed": lambda it, by: actions.remove_slot(it["slots"][0], by=by),
    "programme.boards_numbered": lambda it, by: actions.number_boards(it["one"], first=5, by=by),
    "programme.paper_placed": lambda it, by: actions.place(it["two"], [it["paper"].public_id], by=by),
    "programme.link_added": lambda it, by: actions.add_resource(
        it["slots"][0], ResourceDetails("data", "https://y.example"), by=by
    ),
    "programme.link_removed": lambda it, by: actions.remove_resource(it["link"], by=by),
    "programme.room_added": lambda it, by: actions.add_room(by.edition, "Attic", by=by),
    "programme.room_changed": lambda it, by: actions.change_room(it["one"].room, "Attic", 4, by=by),
    "programme.room_removed": lambda it, by: actions.remove_room(it["one"].room, by=by),
    "programme.places_applied": lambda it, by: actions.apply_places(it["run"], by=by),
    "programme.places_taken_back": taken_back,
    "programme.published": lambda it, by: actions.publish(by.edition, by=by),
}


def draft(edition) -> list:
    return [
        list(Room.objects.values()), list(Session.objects.values()), list(Slot.objects.values()),
        list(Resource.objects.values()), list(PlacingRun.objects.values()), edition.releases.count(),
    ]  # fmt: skip


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_in_the_log_by_who_did_it(edition, editor, laid, verb):
    before = draft(edition)
    VERBS[verb](laid, editor)
    assert draft(edition) != before or verb == "programme.places_taken_back"
    assert Entry.objects.filter(verb=verb, actor=editor.user).count() == 1


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_refused_to_who_does_not_edit_the_programme(edition, laid, verb):
    before = draft(edition)
    with pytest.raises(NotAllowed, match="schedule editors"):
        VERBS[verb](laid, Viewer.of(UserFactory(), edition, NOW))
    assert draft(edition) == before
    assert not Entry.objects.exists()


def test_a_move_between_lists_and_an_undo_are_in_the_log(edition, editor, laid):
    actions.move_item(laid["slots"][0], laid["two"], 0, by=editor)
    actions.undo(edition, by=editor)
    assert [each.verb for each in Entry.objects.order_by("pk")] == ["programme.item_moved", "programme.step_undone"]
    assert Entry.objects.order_by("pk").first().details == {"session": "More", "to": 1}


# --- Order ----------------------------------------------------------------------------------------------------


def order(session) -> list[str]:
    return list(session.slots.order_by("position").values_list("board", flat=True))


@pytest.mark.parametrize(("index", "direction", "found", "to"), [
    (0, "up", "1234", 1), (1, "up", "2134", 1), (3, "up", "1243", 3),
    (0, "down", "2134", 2), (2, "down", "1243", 4), (3, "down", "1234", 4),
])  # fmt: skip
def test_an_item_moves_by_one_place_and_stops_at_the_ends(editor, index, direction, found, to):
    session = SessionFactory(edition=editor.edition)
    slots = [SlotFactory(session=session, board=board) for board in "1234"]
    actions.move_slot(slots[index], direction, by=editor)
    assert "".join(order(session)) == found
    assert Entry.objects.get().details == {"to": to}


@pytest.mark.parametrize(("index", "found"), [(0, "312"), (1, "132"), (2, "123"), (9, "123"), (-1, "312")])
def test_an_item_is_put_at_a_place_of_its_list(editor, laid, index, found):
    actions.move_item(laid["slots"][2], laid["one"], index, by=editor)
    assert "".join(order(laid["one"])) == found


def test_an_item_put_into_another_list_belongs_there_without_its_board(editor, laid):
    actions.move_item(laid["slots"][1], laid["two"], 0, by=editor)
    assert order(laid["one"]) == ["1", "3"]
    assert order(laid["two"]) == [""]


@pytest.mark.parametrize(("index", "direction", "found"), [
    (0, "up", "ABCD"), (1, "up", "BACD"), (3, "up", "ABDC"), (0, "down", "BACD"), (2, "down", "ABDC"),
    (3, "down", "ABCD"),
])  # fmt: skip
def test_a_demo_moves_by_one_turn_and_stops_at_the_ends(editor, index, direction, found):
    track = TrackFactory(edition=editor.edition, bonus=True, kind="demo")
    demos = [SubmissionFactory(track=track, accepted=True, number=n, title=title) for n, title in enumerate("ABCD", 1)]
    actions.move_demo(track, demos[index].public_id, direction, by=editor)
    turns = DemoTurn.objects.order_by("position").values_list("position", "submission__title")
    assert list(turns) == list(enumerate(found, start=1))
    assert Entry.objects.get().verb == "programme.demo_moved"


def test_a_demo_that_is_gone_or_of_another_track_does_not_move(editor):
    track = TrackFactory(edition=editor.edition, bonus=True, kind="demo")
    demo = SubmissionFactory(track=track, accepted=True)
    other = SubmissionFactory(track=TrackFactory(edition=editor.edition, bonus=True, kind="demo"), accepted=True)
    for public_id in ("nonsense", other.public_id):
        with pytest.raises(NotAllowed, match="not accepted any more"):
            actions.move_demo(track, public_id, "up", by=editor)
    with pytest.raises(NotAllowed, match="schedule editors"):
        actions.move_demo(track, demo.public_id, "up", by=Viewer.of(UserFactory(), editor.edition, NOW))


# --- Sessions and rooms ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("starts", "ends", "words"), [
    (NINE, None, "neither yet"), (None, NINE, "neither yet"), (NINE, NINE, "ends before"), (NINE + HOUR, NINE, "ends"),
])  # fmt: skip
def test_hours_out_of_order_are_refused_for_a_new_session_and_a_changed_one(editor, starts, ends, words):
    details = SessionDetails("orals", "Orals", None, starts, ends)
    with pytest.raises(NotAllowed, match=words):
        actions.add_session(editor.edition, details, by=editor)
    session = SessionFactory(edition=editor.edition)
    with pytest.raises(NotAllowed, match=words):
        actions.edit_session(session, details, by=editor)


def test_a_new_session_has_all_that_was_said_of_it(editor):
    room, chair = RoomFactory(edition=editor.edition), PersonFactory(edition=editor.edition)
    SessionFactory(edition=editor.edition)
    made = actions.add_session(
        editor.edition, SessionDetails("panel", "Debate", room, NINE, NINE + HOUR, (chair,)), by=editor
    )
    row = Session.objects.get(pk=made.pk)
    assert (row.kind, row.title, row.slug, row.room, row.position) == ("panel", "Debate", "debate", room, 1)
    assert (row.starts_at, row.ends_at, list(row.chairs.all())) == (NINE, NINE + HOUR, [chair])
    assert Entry.objects.get().details == {
        "kind": "panel", "title": "Debate", "room": room.name, "chairs": chair.name,
        "starts_at": NINE.isoformat(), "ends_at": (NINE + HOUR).isoformat(),
    }  # fmt: skip


def test_one_room_takes_what_follows_directly_and_nothing_that_overlaps(editor):
    room = RoomFactory(edition=editor.edition)
    SessionFactory(edition=editor.edition, room=room, title="First")
    SessionFactory(edition=editor.edition, room=room, starts_at=None, ends_at=None)
    for at in (NINE + HOUR, NINE - HOUR):
        actions.add_session(editor.edition, SessionDetails("orals", "Next", room, at, at + HOUR), by=editor)
    minute = timedelta(minutes=1)
    for starts, ends in ((NINE - HOUR, NINE + minute), (NINE + HOUR - minute, NINE + 3 * HOUR)):
        with pytest.raises(NotAllowed, match="in"):
            actions.add_session(editor.edition, SessionDetails("orals", "Over", room, starts, ends), by=editor)


def test_only_what_starts_later_that_day_in_this_edition_moves_along(editor):
    night = NINE + 15 * HOUR  # midnight in Singapore
    session = SessionFactory(edition=editor.edition)
    rows = {
        "before": SessionFactory(edition=editor.edition, starts_at=NINE - HOUR),
        "during": SessionFactory(edition=editor.edition, starts_at=NINE + HOUR / 2),
        "next": SessionFactory(edition=editor.edition, starts_at=NINE + HOUR),
        "last": SessionFactory(edition=editor.edition, starts_at=night - HOUR / 60),
        "midnight": SessionFactory(edition=editor.edition, starts_at=night),
        "elsewhere": SessionFactory(edition=EditionFactory(slug="other"), starts_at=NINE + HOUR),
    }
    before = {name: row.starts_at for name, row in rows.items()}
    assert actions.move_session(session, None, NINE, NINE + 1.5 * HOUR, by=editor, shift=True) == 2
    moved = {name for name, row in rows.items() if Session.objects.get(pk=row.pk).starts_at != before[name]}
    assert moved == {"next", "last"}
    assert Session.objects.get(pk=rows["next"].pk).ends_at == NINE + 2.5 * HOUR


@pytest.mark.parametrize(("old", "new"), [((NINE, NINE + HOUR), (None, None)), ((None, None), (NINE, NINE + HOUR)),
    ((NINE, NINE + HOUR), (NINE + HOUR / 2, NINE + HOUR))])  # fmt: skip
def test_nothing_moves_along_where_the_end_is_open_or_stays(editor, old, new):
    session = SessionFactory(edition=editor.edition, starts_at=old[0], ends_at=old[1])
    SessionFactory(edition=editor.edition, starts_at=NINE + HOUR)
    assert actions.move_session(session, None, *new, by=editor, shift=True) == 0


@pytest.mark.parametrize(("name", "slugs"), [("Hall 3", ["hall-3", "hall-3-2", "hall-3-3"]), ("会议厅", ["room"])])
def test_a_room_has_a_readable_key_that_no_other_has(editor, name, slugs):
    for slug in slugs[:-1]:
        RoomFactory(edition=editor.edition, slug=slug, position=7)
    made = actions.add_room(editor.edition, name, by=editor)
    assert (made.slug, made.position) == (slugs[-1], 8 if slugs[:-1] else 1)


def test_a_room_keeps_its_name_and_takes_no_others(editor):
    room, other = (RoomFactory(edition=editor.edition, name=name) for name in ("Hall", "Attic"))
    actions.change_room(room, "HALL", 3, by=editor)
    room.refresh_from_db()
    assert (room.name, room.boards_in_row) == ("HALL", 3)
    for refused in (
        lambda: actions.change_room(other, "hall", 3, by=editor),
        lambda: actions.add_room(editor.edition, "hall", by=editor),
    ):
        with pytest.raises(NotAllowed, match="already"):
            refused()


# --- Items and links ------------------------------------------------------------------------------------------


def test_a_changed_item_keeps_its_board_and_takes_no_others(editor, laid):
    slot = laid["slots"][0]
    changed = actions.edit_slot(slot, SlotDetails("New", board="1", minutes=9), by=editor)
    assert (changed.title, changed.board, changed.minutes) == ("New", "1", 9)
    with pytest.raises(NotAllowed, match="Board 2 is taken"):
        actions.edit_slot(slot, SlotDetails("New", board="2"), by=editor)


@pytest.mark.parametrize(("shown", "hidden", "is_fine"), [
    (NOW, NOW, False), (NOW, NOW - HOUR, False), (NOW, NOW + HOUR, True), (None, NOW, True), (NOW, None, True),
])  # fmt: skip
def test_a_link_is_shown_before_it_is_hidden(editor, laid, shown, hidden, is_fine):
    details = ResourceDetails("data", "https://y.example", "Data", shown, hidden)
    if not is_fine:
        with pytest.raises(NotAllowed, match="hidden before"):
            actions.add_resource(laid["slots"][1], details, by=editor)
        return
    made = actions.add_resource(laid["slots"][1], details, by=editor)
    assert (made.label, made.visible_from, made.visible_until) == ("Data", shown, hidden)


def test_a_link_stands_once_beside_an_item_and_comes_back_by_undo(edition, editor, laid):
    with pytest.raises(NotAllowed, match="already"):
        actions.add_resource(laid["slots"][0], ResourceDetails("data", "https://x.example"), by=editor)
    actions.remove_slot(laid["slots"][0], by=editor)
    assert not Resource.objects.exists()
    actions.undo(edition, by=editor)
    assert list(Resource.objects.values_list("kind", "url")) == [("code", "https://x.example")]


def test_boards_and_places_that_were_exchanged_are_exchanged_back(edition, editor, laid):
    one = laid["one"]
    actions.order_slots(one, [each.public_id for each in reversed(laid["slots"])], by=editor)
    actions.number_boards(one, first=1, by=editor)
    titles = [each.title for each in laid["slots"]]
    assert list(one.slots.values_list("title", flat=True)) == titles[::-1]
    actions.undo(edition, by=editor)
    actions.undo(edition, by=editor)
    assert list(one.slots.values_list("title", "board")) == list(zip(titles, "123", strict=True))


# --- Places, releases, absences, stars ------------------------------------------------------------------------


def test_places_are_put_in_and_taken_back_once_and_those_of_another_run_stay(edition, editor, laid):
    other = PlacingRun.objects.create(edition=edition, created_at=NOW)
    assert actions.apply_places(laid["run"], by=editor) == (1, 0)
    with pytest.raises(NotAllowed, match="already"):
        actions.apply_places(laid["run"], by=editor)
    with pytest.raises(NotAllowed, match="not in the draft"):
        actions.take_places_back(other, by=editor)
    other.refresh_from_db()
    assert other.state == "proposed"
    assert actions.take_places_back(laid["run"], by=editor) == 1
    with pytest.raises(NotAllowed, match="not in the draft"):
        actions.take_places_back(laid["run"], by=editor)


def test_places_in_sessions_that_are_gone_or_of_another_edition_are_left_out(edition, editor, laid):
    foreign = SessionFactory(edition=EditionFactory(slug="other"))
    paper = laid["paper"].public_id
    laid["run"].places = [[foreign.public_id, paper, ""], ["gone", paper, ""], [laid["two"].public_id, "withdrawn", ""]]
    laid["run"].save()
    assert actions.apply_places(laid["run"], by=editor) == (0, 3)
    assert not Slot.objects.filter(submission__isnull=False).exists()


def test_the_digest_goes_by_what_is_said_and_not_by_its_order():
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1}) != digest_of({"a": 1, "b": 3})


@pytest.fixture
def presenter(edition):
    return Viewer.of(PersonFactory(edition=edition, kind="invited", user=UserFactory()).user, edition, NOW)


def test_absences_are_stated_in_order_and_taken_back_by_oneself_with_both_in_the_log(edition, presenter):
    with pytest.raises(NotAllowed, match="after the start"):
        actions.state_absence(edition, NINE, NINE, by=presenter)
    absence = actions.state_absence(edition, NINE, NINE + HOUR, by=presenter)
    for other in (Viewer.of(None, edition, NOW), Viewer.of(UserFactory(), edition, NOW)):
        with pytest.raises(NotAllowed, match="those who present"):
            actions.withdraw_absence(absence, by=other)
        with pytest.raises(NotAllowed, match="those who present"):
            actions.state_absence(edition, NINE, NINE + HOUR, by=other)
    assert Absence.objects.count() == 1
    actions.withdraw_absence(absence, by=presenter)
    assert not Absence.objects.exists()
    assert [each.verb for each in Entry.objects.order_by("pk")] == [
        "programme.absence_stated", "programme.absence_withdrawn",
    ]  # fmt: skip


def test_twenty_absences_are_kept_for_each_person_and_edition(edition, presenter):
    other = EditionFactory(slug="other")
    rows = [(edition, UserFactory())] + [(other, presenter.user)] + [(edition, presenter.user)] * 19
    for hours, (where, user) in enumerate(rows):
        Absence.objects.create(edition=where, user=user, starts_at=NINE + hours * HOUR, ends_at=NINE + 24 * HOUR)
    actions.state_absence(edition, NINE - HOUR, NINE, by=presenter)
    with pytest.raises(NotAllowed, match="20 times"):
        actions.state_absence(edition, NINE - 2 * HOUR, NINE, by=presenter)


def test_stars_are_kept_for_each_edition_and_the_newest_three_hundred_win(edition):
    user, other = UserFactory(), EditionFactory(slug="other")
    actions.star(other, user, add=["x"])
    actions.star(edition, user, add=[str(number) for number in range(301)])
    assert StarList.objects.get(edition=edition).items == [str(number) for number in range(1, 301)]
    assert StarList.objects.get(edition=other).items == ["x"]
    actions.star(edition, user, add=["new"], remove=["5", "new"])
    assert len(actions.star(edition, user).items) == 299
