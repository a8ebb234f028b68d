"""Live demos: places under the venue's capacity, a waiting list, and what is needed in all."""

from datetime import UTC, datetime

import pytest

from ml4rs.editions.models import Question
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import RoleFactory, TrackFactory, UserFactory
from ml4rs.editions.viewer import Viewer
from schedule import actions
from schedule.queries.demos import demos
from submissions.tests.factories import AuthorshipFactory, SubmissionFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 3, 20, 12, tzinfo=UTC)
PAGE = "/iclr2025/organise/programme/demos/"


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def organiser(edition):
    return Viewer.of(RoleFactory(edition=edition, name="organiser").user, edition, NOW)


@pytest.fixture
def track(edition):
    track = TrackFactory(edition=edition, bonus=True, kind="demo", places=2)
    Question.objects.create(track=track, key="power", label="Power", kind="checkbox")
    return track


@pytest.fixture
def three(track):
    return [
        SubmissionFactory(track=track, accepted=True, number=number, title=title, answers={"power": True})
        for number, title in enumerate(("Drone", "Globe", "Twin"), start=1)
    ]


def listed(viewer):
    return [(row.paper.title, row.waits) for row in demos(viewer)[0].rows]


def test_the_first_have_a_place_and_the_others_wait(organiser, three):
    assert listed(organiser) == [("Drone", 0), ("Globe", 0), ("Twin", 1)]


def test_who_withdraws_makes_room_for_the_next(organiser, three):
    type(three[0]).objects.filter(pk=three[0].pk).update(state="withdrawn")
    assert listed(organiser) == [("Globe", 0), ("Twin", 0)]


def test_editors_change_the_order(client, organiser, three, track):
    client.force_login(organiser.user)
    client.post(PAGE, {"track": track.public_id, "demo": three[2].public_id, "direction": "up"})
    assert listed(organiser) == [("Drone", 0), ("Twin", 0), ("Globe", 1)]


def test_needs_are_counted_for_those_with_a_place(client, organiser, three):
    client.force_login(organiser.user)
    assert demos(organiser)[0].wanted == (("Power", 2),)
    assert "2 × Power" in client.get(PAGE).text


def test_a_schedule_editor_sees_demos_and_no_answers_meant_for_organisers(edition, three):
    editor = Viewer.of(RoleFactory(edition=edition, name="schedule_editor").user, edition, NOW)
    [group] = demos(editor)
    assert len(group.rows) == 3
    assert not group.wanted
    assert not any(row.needs for row in group.rows)


def test_what_is_not_accepted_and_released_is_on_no_list(organiser, track, three):
    SubmissionFactory(track=track, title="Undecided")
    assert "Undecided" not in dict(listed(organiser))


def test_authors_read_on_their_page_whether_they_have_a_place(client, three):
    for paper, words in ((three[0], "It has a place."), (three[2], "Number 1 on the waiting list")):
        person = UserFactory()
        AuthorshipFactory(submission=paper, user=person)
        client.force_login(person)
        assert words in client.get(f"/iclr2025/submissions/{paper.public_id}/").text


def test_for_others_the_list_does_not_exist(client, edition, track, three):
    person = UserFactory()
    client.force_login(person)
    assert client.get(PAGE).status_code == 404
    with pytest.raises(NotAllowed):
        actions.move_demo(track, three[0].public_id, "up", by=Viewer.of(person, edition, NOW))


@pytest.mark.parametrize("number", [1, 40])
def test_the_list_costs_the_same_however_long(client, organiser, track, number, django_assert_max_num_queries):
    for each in range(number):
        AuthorshipFactory(submission=SubmissionFactory(track=track, accepted=True, number=each + 1))
    client.force_login(organiser.user)
    client.get(PAGE)
    with django_assert_max_num_queries(12):
        client.get(PAGE)
