"""Presenters say when they cannot be there; editors see it as they work, nobody else does."""

from datetime import UTC, datetime, timedelta

import pytest

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import PersonFactory, TrackFactory, UserFactory
from ml4rs.editions.viewer import Viewer
from schedule import actions
from schedule.models import Absence
from schedule.queries import draft_programme
from schedule.queries.draft import draft_of
from schedule.tests.factories import NINE, RoomFactory, SessionFactory, SlotFactory
from submissions.tests.factories import AuthorshipFactory, SubmissionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 3, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MINE = "/iclr2025/my/absences/"


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def ada():
    return UserFactory(name="Ada Lovelace")


@pytest.fixture
def paper(edition, ada):
    paper = SubmissionFactory(track=TrackFactory(edition=edition), accepted=True, title="Reeds")
    AuthorshipFactory(submission=paper, user=ada, name="Ada Lovelace", is_presenter=True)
    return paper


def notices(editor, kind):
    return [each.words for each in draft_programme(editor).warnings if each.kind == kind]


def test_a_presenter_states_hours_and_takes_them_back(client, edition, ada, paper):
    client.force_login(ada)
    response = client.post(MINE, {"day": "2025-04-27", "starts": "09:00", "ends": "10:30"}, follow=True)
    assert "Sun 27 Apr 2025, 09:00 to Sun 27 Apr, 10:30" in response.text
    absence = Absence.objects.get()
    assert (absence.starts_at, absence.ends_at) == (NINE, NINE + 1.5 * HOUR)
    client.post(f"{MINE}{absence.public_id}/withdraw/")
    assert not Absence.objects.exists()


def test_without_hours_it_is_the_whole_day_there(client, ada, paper):
    client.force_login(ada)
    client.post(MINE, {"day": "2025-04-27"})
    assert Absence.objects.get().ends_at - Absence.objects.get().starts_at == 24 * HOUR


def test_a_presenter_reads_nothing_of_when_others_cannot_come(client, edition, ada, paper):
    client.force_login(ada)
    Absence.objects.create(edition=edition, user=UserFactory(), starts_at=NINE, ends_at=NINE + HOUR)
    assert "27 Apr" not in client.get(MINE).text
    Absence.objects.update(user=ada)
    assert "27 Apr" in client.get(MINE).text


def test_saying_it_twice_is_saying_it_once(edition, ada, paper):
    for _ in range(2):
        actions.state_absence(edition, NINE, NINE + HOUR, by=Viewer.of(ada, edition, NOW))
    assert Absence.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"day": "2025-04-27", "starts": "10:00", "ends": "09:00"}, "end must be after the start"),
        ({"day": "2025-04-27", "starts": "10:00"}, "Give both hours"),
        ({"day": "soon"}, "Enter a valid date"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(client, ada, paper, fields, words):
    client.force_login(ada)
    assert words in client.post(MINE, fields).text


def test_the_editor_is_told_while_the_talk_stands_there(edition, editor, ada, paper):
    slot = SlotFactory(session=SessionFactory(edition=edition, title="Orals"), submission=paper, title="")
    actions.state_absence(edition, NINE - HOUR, NINE + HOUR / 2, by=Viewer.of(ada, edition, NOW))
    assert notices(editor, "absent") == ["Ada Lovelace cannot be there for “Reeds” in “Orals” at 09:00."]
    actions.move_session(slot.session, None, NINE + HOUR, NINE + 2 * HOUR, by=editor)
    assert notices(editor, "absent") == []


def test_a_speaker_with_an_account_states_it_too(client, edition, editor, ada):
    speaker = PersonFactory(edition=edition, kind="keynote", name="Ada Lovelace", user=ada)
    SlotFactory(session=SessionFactory(edition=edition, title="Keynote"), title="Engines").speakers.add(speaker)
    client.force_login(ada)
    client.post(MINE, {"day": "2025-04-27"})
    assert "“Engines” in “Keynote”" in notices(editor, "absent")[0]


def test_a_proposal_counts_it(edition, editor, ada, paper):
    from schedule.proposing import _laid

    early = SessionFactory(edition=edition, kind="posters")
    actions.state_absence(edition, NINE, NINE + HOUR, by=Viewer.of(ada, edition, NOW))
    laid = _laid(draft_of(edition, NOW), {"room": {early.public_id: 5}})
    assert laid.busy[f"account:{ada.pk}"] == [(0, 60)]


@pytest.mark.parametrize("outcome", [{}, {"accepted": True}])
def test_the_page_is_there_for_those_who_present_only(client, edition, ada, outcome):
    paper = SubmissionFactory(track=TrackFactory(edition=edition), **outcome)
    AuthorshipFactory(submission=paper, user=ada)
    client.force_login(ada)
    assert client.get(MINE).status_code == (200 if outcome else 404)


def test_others_neither_see_nor_remove_it(client, edition, editor, ada, paper):
    absence = actions.state_absence(edition, NINE, NINE + HOUR, by=Viewer.of(ada, edition, NOW))
    stranger = UserFactory()
    client.force_login(stranger)
    assert client.post(f"{MINE}{absence.public_id}/withdraw/").status_code == 404
    with pytest.raises(NotAllowed):
        actions.withdraw_absence(absence, by=Viewer.of(stranger, edition, NOW))


def test_the_authors_page_leads_there_once_the_paper_is_accepted(client, edition, ada, paper):
    client.force_login(ada)
    assert MINE in client.get(f"/iclr2025/submissions/{paper.public_id}/").text


def test_breaks_without_a_room_and_papers_in_breaks_are_told(edition, editor, paper):
    SessionFactory(edition=edition, room=RoomFactory(edition=edition, name="Hall"))
    rest = SessionFactory(edition=edition, kind="break", title="Tea", starts_at=NINE + HOUR)
    SlotFactory(session=rest, submission=paper, title="")
    assert notices(editor, "screen") == [
        "“Tea” has no room, so no screen for the bonus slides. Say in which room it is."
    ]
    assert notices(editor, "slot") == ["“Reeds” stands in a break, “Tea”."]
