"""The editor: who may, what it refuses, what it warns of."""

from datetime import UTC, datetime, timedelta

import pypdfium2
import pytest
from django.db import IntegrityError, connection, transaction

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import EditionFactory, PersonFactory, RoleFactory, TrackFactory, UserFactory
from ml4rs.editions.viewer import Viewer
from schedule import actions
from schedule.actions import SessionDetails, SlotDetails
from schedule.forms import SessionForm
from schedule.models import Session, Slot
from schedule.queries import draft_programme
from schedule.tests.factories import NINE, RoomFactory, SessionFactory, SlotFactory
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 3, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def hall(edition):
    return RoomFactory(edition=edition, name="Hall")


def details(room=None, starts=NINE, ends=None, title="Orals", kind="orals"):
    return SessionDetails(kind, title, room, starts, ends or (starts + HOUR if starts else None))


def form_of(client, address: str) -> dict:
    """What the form of a page would send if it were submitted untouched."""
    form = client.get(address).context["form"]
    shown = {field.html_name: field.field.widget.format_value(field.value()) for field in form}
    return {name: value for name, value in shown.items() if value not in (None, False, "False", [])}


def words(viewer, kind):
    return [each.words for each in draft_programme(viewer).warnings if each.kind == kind]


@pytest.mark.parametrize("role", ["organiser", "schedule_editor"])
def test_organisers_and_schedule_editors_have_the_editor(client, edition, role):
    SessionFactory(edition=edition, title="Draftsession")
    client.force_login(RoleFactory(edition=edition, name=role).user)
    assert "Draftsession" in client.get("/iclr2025/organise/programme/").text


@pytest.mark.parametrize("role", ["reviewer", "grants_officer", None])
def test_for_others_the_editor_does_not_exist(client, edition, role):
    session = SessionFactory(edition=edition, title="Draftsession")
    person = RoleFactory(edition=edition, name=role).user if role else UserFactory()
    client.force_login(person)
    base = "/iclr2025/organise/programme/"
    for address in ("", "rooms/", "publish/", "sessions/add/", f"sessions/{session.public_id}/"):
        response = client.get(base + address)
        assert response.status_code == 404
        assert "Draftsession" not in response.text
    with pytest.raises(NotAllowed):
        actions.add_session(edition, details(), by=Viewer.of(person, edition, NOW))


def test_a_session_of_another_edition_is_out_of_reach(client, edition, editor):
    other = SessionFactory(edition=EditionFactory(slug="other"))
    client.force_login(editor.user)
    assert client.get(f"/iclr2025/organise/programme/sessions/{other.public_id}/").status_code == 404
    assert client.post(f"/iclr2025/organise/programme/sessions/{other.public_id}/remove/").status_code == 404


def test_a_session_is_added_by_the_venues_clock(client, edition, editor, hall):
    client.force_login(editor.user)
    data = {
        "kind": "orals",
        "title": "Oral Talks 1",
        "room": hall.pk,
        "day": "2025-04-27",
        "starts": "10:50",
        "ends": "11:20",
    }
    client.post("/iclr2025/organise/programme/sessions/add/", data)
    session = Session.objects.get()
    assert session.starts_at == datetime(2025, 4, 27, 2, 50, tzinfo=UTC)
    assert session.room == hall


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"ends": "10:50"}, "must end after it starts"),
        ({"ends": "10:00"}, "must end after it starts"),
        ({"ends": ""}, "or none of them yet"),
        ({"day": "", "ends": "11:20"}, "or none of them yet"),
        ({"day": "2025-02-31"}, "valid date"),
        ({"title": ""}, "required"),
        ({"kind": "party"}, "not one of the available choices"),
    ],
)
def test_a_wrong_session_is_refused_in_words_and_keeps_what_was_typed(client, edition, editor, change, problem):
    client.force_login(editor.user)
    data = {"kind": "orals", "title": "Keepthis", "day": "2025-04-27", "starts": "10:50", "ends": "11:20", **change}
    response = client.post("/iclr2025/organise/programme/sessions/add/", data)
    assert problem in response.text
    assert "title" in change or "Keepthis" in response.text
    assert not Session.objects.exists()


def test_a_time_that_the_clocks_skip_is_refused(edition):
    edition.time_zone = "Europe/Zurich"
    data = {"kind": "orals", "title": "T", "day": "2025-03-30", "starts": "02:30", "ends": "04:00"}
    form = SessionForm(data, edition=edition)
    assert not form.is_valid()
    assert "does not exist" in str(form.errors)


def test_two_sessions_in_one_room_at_once_are_refused(edition, editor, hall):
    actions.add_session(edition, details(hall, title="First"), by=editor)
    with pytest.raises(NotAllowed, match="“First” is in Hall at that time"):
        actions.add_session(edition, details(hall, NINE + HOUR / 2), by=editor)
    actions.add_session(edition, details(hall, NINE + HOUR), by=editor)
    actions.add_session(edition, details(None, NINE), by=editor)
    assert Session.objects.count() == 3


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no exclusion constraints")
def test_the_database_refuses_a_double_booked_room_by_itself(edition, hall):
    SessionFactory(edition=edition, room=hall)
    SessionFactory(edition=edition, room=hall, starts_at=NINE + HOUR / 2)
    with pytest.raises(IntegrityError, match="session_room_never_double_booked"), transaction.atomic():
        connection.check_constraints()
    Session.objects.all().delete()


def test_what_follows_moves_along_on_request_and_only_on_that_day(edition, editor, hall):
    first = SessionFactory(edition=edition, room=hall)
    second = SessionFactory(edition=edition, room=hall, starts_at=NINE + HOUR)
    tomorrow = SessionFactory(edition=edition, room=hall, starts_at=NINE + timedelta(days=1))
    longer = details(hall, ends=NINE + HOUR * 1.5)
    with pytest.raises(NotAllowed):
        actions.edit_session(first, longer, by=editor)
    assert actions.edit_session(first, longer, by=editor, shift=True) == 1
    second.refresh_from_db()
    tomorrow.refresh_from_db()
    assert second.starts_at == NINE + HOUR * 1.5
    assert tomorrow.starts_at == NINE + timedelta(days=1)


def test_one_paper_is_oral_and_poster_but_not_twice_in_a_session(edition, editor):
    paper = SubmissionFactory(track=TrackFactory(edition=edition), accepted=True)
    orals = SessionFactory(edition=edition)
    posters = SessionFactory(edition=edition, kind="posters", starts_at=NINE + HOUR)
    assert actions.place(orals, [paper.public_id], by=editor) == 1
    assert actions.place(posters, [paper.public_id], by=editor) == 1
    assert actions.place(posters, [paper.public_id], by=editor) == 0
    assert Slot.objects.filter(submission=paper).count() == 2


def test_a_paper_waits_in_the_list_until_it_is_in_a_session_of_its_kind(edition, editor):
    paper = SubmissionFactory(track=TrackFactory(edition=edition), accepted=True, presentation="oral", title="Waiting")
    posters = SessionFactory(edition=edition, kind="posters")
    assert words(editor, "unplaced") == ["“Waiting” is not in the programme."]
    actions.place(posters, [paper.public_id], by=editor)
    assert words(editor, "unplaced") == ["“Waiting” is not in an oral session."]
    actions.place(SessionFactory(edition=edition, starts_at=NINE + HOUR), [paper.public_id], by=editor)
    assert words(editor, "unplaced") == []


def test_a_person_in_two_places_at_once_is_named(edition, editor):
    person = PersonFactory(edition=edition, name="Ada Twice")
    for title in ("Here", "There"):
        SlotFactory(session=SessionFactory(edition=edition, title=title)).speakers.add(person)
    assert words(editor, "person") == ["Ada Twice is expected in “Here” and in “There” at 09:00."]


def test_a_presenter_who_also_speaks_elsewhere_is_the_same_person(edition, editor):
    paper = SubmissionFactory(track=TrackFactory(edition=edition), accepted=True)
    actions.place(SessionFactory(edition=edition, title="Orals"), [paper.public_id], by=editor)
    speaker = PersonFactory(edition=edition, user=paper.created_by)
    SlotFactory(session=SessionFactory(edition=edition, title="Panel", kind="panel")).speakers.add(speaker)
    assert len(words(editor, "person")) == 1


def test_one_after_the_other_is_no_clash(edition, editor):
    person = PersonFactory(edition=edition)
    for starts in (NINE, NINE + HOUR):
        SlotFactory(session=SessionFactory(edition=edition, starts_at=starts)).speakers.add(person)
    assert words(editor, "person") == []


def test_talks_longer_than_their_session_are_told(edition, editor):
    session = SessionFactory(edition=edition, title="Tight")
    for minutes in (40, 30):
        SlotFactory(session=session, minutes=minutes)
    assert words(editor, "overrun") == ["The talks of “Tight” take 10 minutes longer than the session."]


def test_a_board_is_given_once_in_a_session(edition, editor):
    session = SessionFactory(edition=edition, kind="posters")
    actions.add_slot(session, SlotDetails(title="One", board="3"), by=editor)
    with pytest.raises(NotAllowed, match="Board 3 is taken"):
        actions.add_slot(session, SlotDetails(title="Two", board="3"), by=editor)


def test_boards_are_numbered_in_order(edition, editor):
    session = SessionFactory(edition=edition, kind="posters")
    for board in ("2", "1", ""):
        SlotFactory(session=session, board=board)
    assert actions.number_boards(session, first=1, by=editor) == 3
    assert list(session.slots.order_by("position").values_list("board", flat=True)) == ["1", "2", "3"]


def test_talks_move_up_and_down_and_stop_at_the_ends(edition, editor):
    session = SessionFactory(edition=edition)
    one, two = SlotFactory(session=session), SlotFactory(session=session)
    actions.move_slot(two, "up", by=editor)
    assert list(session.slots.values_list("pk", flat=True)) == [two.pk, one.pk]
    actions.move_slot(two, "up", by=editor)
    actions.move_slot(two, "down", by=editor)
    assert list(session.slots.values_list("pk", flat=True)) == [one.pk, two.pk]


def test_a_withdrawn_paper_betrays_nothing_in_the_editor(client, edition, editor):
    paper = SubmissionFactory(track=TrackFactory(edition=edition), accepted=True, title="Withdrawnpaper")
    session = SessionFactory(edition=edition)
    actions.place(session, [paper.public_id], by=editor)
    slot = session.slots.get()
    type(paper).objects.filter(pk=paper.pk).update(state="withdrawn")
    client.force_login(editor.user)
    base = "/iclr2025/organise/programme/"
    for address in ("", f"sessions/{session.public_id}/", f"items/{slot.public_id}/", "publish/"):
        assert "Withdrawnpaper" not in client.get(base + address).text
    assert "public no longer" in client.get(base).text


def test_the_whole_way_by_plain_forms(client, edition, editor):
    """Room, session, talk, paper, order, publish: as somebody without script does it."""
    paper = SubmissionFactory(track=TrackFactory(edition=edition), accepted=True, title="Seeing fields")
    client.force_login(editor.user)
    base = "/iclr2025/organise/programme/"
    client.post(f"{base}rooms/", {"name": "Hall 3"})
    room = edition.rooms.get()
    data = {"kind": "orals", "title": "Orals", "room": room.pk, "day": "2025-04-27", "starts": "10:50", "ends": "11:20"}
    client.post(f"{base}sessions/add/", data)
    session = Session.objects.get()
    client.post(f"{base}sessions/{session.public_id}/items/add/", {"title": "A talk", "minutes": "10"})
    client.post(f"{base}place/", {"session": session.public_id, "papers": [paper.public_id]})
    talk = session.slots.get(title="A talk")
    shown = client.get(f"{base}sessions/{session.public_id}/").text
    assert "A talk" in shown
    assert "Sun 27 Apr, 10:50" in shown
    client.post(f"{base}items/{talk.public_id}/move/", {"direction": "down"})
    item = f"{base}items/{talk.public_id}/"
    client.post(item, {**form_of(client, item), "title": "A better talk", "minutes": "5"})
    client.post(f"{base}rooms/{room.slug}/", {"name": "Hall 4", "boards_in_row": "6"})
    assert "First published" in client.get(f"{base}publish/").text
    client.post(f"{base}publish/", {"note": "First version"})
    text = client.get("/iclr2025/programme/").text
    assert text.index("Seeing fields") < text.index("A better talk")
    assert "Hall 4" in text
    client.post(f"{base}items/{talk.public_id}/remove/")
    client.post(f"{base}sessions/{session.public_id}/remove/")
    client.post(f"{base}rooms/{room.slug}/", {"verb": "remove"})
    assert not Session.objects.exists()
    assert "Seeing fields" in client.get("/iclr2025/programme/").text


def test_two_editors_at_one_session_are_shown_both_versions(client, edition, editor):
    session = SessionFactory(edition=edition, title="Orals")
    address = f"/iclr2025/organise/programme/sessions/{session.public_id}/"
    client.force_login(editor.user)
    mine = {**form_of(client, address), "title": "Morning orals"}
    Session.objects.update(title="Oral talks")
    form = client.post(address, mine).context["form"]
    assert form.stored_instead == [("Title", "Oral talks", "Morning orals")]
    assert Session.objects.get().title == "Oral talks"
    assert client.post(address, {**mine, "seen": form["seen"].value()}).status_code == 302
    assert Session.objects.get().title == "Morning orals"


def test_two_editors_at_one_talk_see_whose_speakers_differ(client, edition, editor):
    ada, grace = (PersonFactory(edition=edition, kind="invited", name=name) for name in ("Ada", "Grace"))
    slot = SlotFactory(session__edition=edition)
    address = f"/iclr2025/organise/programme/items/{slot.public_id}/"
    client.force_login(editor.user)
    mine = {**form_of(client, address), "speakers": [ada.pk]}
    slot.speakers.add(grace)
    form = client.post(address, mine).context["form"]
    assert form.stored_instead == [("Speakers", "Grace", "Ada")]
    assert list(slot.speakers.all()) == [grace]


@pytest.mark.parametrize("address", ["place/", "items/x/move/", "items/x/remove/", "sessions/x/boards/", "rooms/x/"])
def test_verbs_refuse_to_be_read(client, edition, editor, address):
    client.force_login(editor.user)
    assert client.get(f"/iclr2025/organise/programme/{address}").status_code == 405


def test_placing_nothing_says_what_is_missing(client, edition, editor):
    client.force_login(editor.user)
    response = client.post("/iclr2025/organise/programme/place/", {}, follow=True)
    assert "Choose at least one paper." in response.text


@pytest.mark.parametrize("size", [1, 50, 300])
def test_the_editor_costs_the_same_whatever_the_size(client, edition, editor, cost_of, size):
    track = TrackFactory(edition=edition)
    papers = [SubmissionFactory(track=track, accepted=True).public_id for _ in range(size)]
    session = SessionFactory(edition=edition, kind="posters")
    actions.place(session, papers[: size // 2], by=editor)
    client.force_login(editor.user)
    for address in ("", f"sessions/{session.public_id}/", "publish/"):
        client.get(f"/iclr2025/organise/programme/{address}")
        with cost_of() as cost:
            assert client.get(f"/iclr2025/organise/programme/{address}").status_code == 200
        assert cost.queries <= 24, address
        assert cost.objects <= 20, address


# --- Order at once, and labels --------------------------------------------------------------------------------


def test_the_whole_order_is_saved_as_it_was_dragged(client, edition, editor):
    session = SessionFactory(edition=edition)
    slots = [SlotFactory(session=session, title=title) for title in ("One", "Two", "Three")]
    client.force_login(editor.user)
    wanted = [slots[2].public_id, slots[0].public_id, slots[1].public_id]
    client.post(f"/iclr2025/organise/programme/sessions/{session.public_id}/order/", {"item": wanted})
    assert list(session.slots.values_list("public_id", flat=True)) == wanted


@pytest.mark.parametrize("case", ["one missing", "a stranger", "twice"])
def test_an_order_of_other_items_than_those_there_changes_nothing(edition, editor, case):
    session = SessionFactory(edition=edition)
    first, second = (SlotFactory(session=session) for _ in range(2))
    stranger = SlotFactory(session=SessionFactory(edition=edition, starts_at=NINE + HOUR))
    wanted = {
        "one missing": [second.public_id],
        "a stranger": [second.public_id, stranger.public_id],
        "twice": [second.public_id, second.public_id],
    }[case]
    with pytest.raises(NotAllowed, match="Look again"):
        actions.order_slots(session, wanted, by=editor)
    assert list(session.slots.values_list("pk", flat=True)) == [first.pk, second.pk]


def test_labels_lead_to_the_papers_and_leave_out_what_is_no_paper(client, edition, editor, settings):
    settings.SITE_URL = "https://w.example"
    session = SessionFactory(edition=edition, kind="posters", title="Posters")
    paper = SubmissionFactory(track=TrackFactory(edition=edition), accepted=True, title="Clouds & <forests>")
    SlotFactory(session=session, submission=paper, title="", board="17")
    SlotFactory(session=session, title="A poster of a guest")
    client.force_login(editor.user)
    page = client.get(f"/iclr2025/organise/programme/sessions/{session.public_id}/labels/").text
    assert page.count("<svg") == 1
    assert "Clouds &amp; &lt;forests&gt;" in page
    assert "17" in page
    assert "A poster of a guest" not in page


def test_a_code_is_read_as_its_address():
    from io import BytesIO

    from qrcode import QRCode

    from schedule.codes import code_of

    address = "https://w.example/iclr2025/papers/abcdefghjkmn/"
    drawn = code_of(address)
    code = QRCode(error_correction=0, border=2)  # level M, as drawn
    code.add_data(address)
    code.make(fit=True)
    dark = sum(sum(row) for row in code.get_matrix())
    assert drawn.count("M") == dark
    assert "<script" not in drawn
    assert BytesIO(drawn.encode()).read(4) == b"<svg"


# --- Who chairs -----------------------------------------------------------------------------------------------


def test_who_chairs_is_chosen_shown_and_told_in_the_change_log(client, edition, editor):
    moderator = PersonFactory(edition=edition, name="Mary Somerville", kind="panellist")
    session = SessionFactory(edition=edition, kind="panel", title="Debate")
    actions.publish(edition, by=editor)
    client.force_login(editor.user)
    address = f"/iclr2025/organise/programme/sessions/{session.public_id}/"
    client.post(address, {**form_of(client, address), "chairs": [moderator.pk]})
    assert list(session.chairs.all()) == [moderator]
    assert draft_programme(editor).changes == ["“Debate” is chaired by Mary Somerville."]
    actions.publish(edition, by=editor)
    assert "Moderator: Mary Somerville" in client.get("/iclr2025/programme/").text


def test_whoever_chairs_one_session_and_speaks_in_another_at_once_is_a_clash(edition, editor):
    person = PersonFactory(edition=edition, name="Mary Somerville")
    chaired, elsewhere = (SessionFactory(edition=edition, title=title) for title in ("Morning", "Elsewhere"))
    chaired.chairs.add(person)
    SlotFactory(session=chaired, title="Own talk").speakers.add(person)
    assert words(editor, "person") == []
    SlotFactory(session=elsewhere, title="Other talk").speakers.add(person)
    assert words(editor, "person") == ["Mary Somerville is expected in “Morning” and in “Elsewhere” at 09:00."]


def test_a_release_from_before_sessions_had_chairs_still_is_what_the_public_sees(edition, editor):
    SessionFactory(edition=edition)
    release = actions.publish(edition, by=editor)
    for session in release.content["sessions"]:
        del session["chairs"]
    release.save()
    assert actions.publish(edition, by=editor) == release


def test_labels_come_as_sheets_of_eight_with_every_alphabet(client, edition, editor):
    posters = SessionFactory(edition=edition, kind="posters")
    track = TrackFactory(edition=edition)
    for number in range(9):
        paper = SubmissionFactory(track=track, accepted=True, title=f"Łódź and Ханой {number} " + "long " * 40)
        SlotFactory(session=posters, submission=paper, board=str(number), title="")
    client.force_login(editor.user)
    response = client.get(f"/iclr2025/organise/programme/sessions/{posters.public_id}/labels.pdf")
    assert response["Content-Type"] == "application/pdf"
    with pypdfium2.PdfDocument(response.content) as document:
        assert len(document) == 2
        assert "Łódź and Ханой 0" in document[0].get_textpage().get_text_bounded()
