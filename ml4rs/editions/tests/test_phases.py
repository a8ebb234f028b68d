"""The phases of a track, and what is said of each role in them: the same as the matrix and the policies say."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from ml4rs.editions.models import Role
from ml4rs.editions.phases import Situation, cells, phases, sights
from ml4rs.editions.queries import visibility
from ml4rs.editions.tests.factories import (
    EditionFactory,
    MilestoneFactory,
    RoleFactory,
    TrackFactory,
)

pytestmark = pytest.mark.django_db
DATES = {"submission": 2, "bidding": 5, "review": 15, "response": 17, "notification": 20, "camera_ready": 25}


def at(day: int) -> datetime:
    return datetime(2025, 3, day, 12, tzinfo=UTC)


@pytest.fixture
def track():
    edition = EditionFactory(slug="iclr2025")
    for kind, day in DATES.items():
        MilestoneFactory(edition=edition, kind=kind, instant=at(day))
    return TrackFactory(edition=edition, slug="papers", name="Workshop papers")


def now_in(track, day: int) -> list[str]:
    return [each.key for each in phases(track.edition, track, at(day)) if each.is_now]


@pytest.mark.parametrize(
    ("day", "key"),
    [(1, "submission"), (3, "bidding"), (6, "reviewing"), (18, "decision"), (21, "camera_ready"), (26, "after")],
)
def test_every_day_is_in_one_phase(track, day, key):
    assert now_in(track, day) == [key]


def test_a_phase_lasts_until_its_gate_is_shut(track):
    track.edition.milestones.filter(kind="submission").update(grace=timedelta(days=2))
    assert now_in(track, 3) == ["submission"]


def test_a_track_with_a_response_has_that_phase(track):
    assert "response" not in [each.key for each in phases(track.edition, track, at(1))]
    track.has_author_response = True
    assert now_in(track, 16) == ["response"]


def test_a_track_without_review_has_no_phase_of_it(track):
    bonus = TrackFactory(edition=track.edition, bonus=True)
    keys = [each.key for each in phases(track.edition, bonus, at(1))]
    assert keys == ["submission", "camera_ready", "after"]


def test_a_date_of_the_tracks_own_counts(track):
    MilestoneFactory(edition=track.edition, track=track, kind="submission", instant=at(4))
    assert now_in(track, 3) == ["submission"]


def test_a_date_to_be_confirmed_does_not_end(track):
    track.edition.milestones.filter(kind="bidding").update(instant=None)
    assert "bidding" in now_in(track, 10)


def test_default_settings_change_nothing_in_the_matrix(track):
    shown = cells(track)
    matrix = {row["key"]: row["cells"] for row in visibility()["rows"] if row["key"] in shown}
    assert shown == matrix


@pytest.mark.parametrize(
    ("setting", "value", "row", "column", "condition"),
    [
        ("blind", "single", "author_names", "reviewer_writing", "visible"),
        ("reviewers_see_reviews", False, "review_text", "reviewer_done", "hidden"),
        ("reviews_wait_for_due", True, "review_text", "reviewer_done", "due"),
        ("reviewers_see_names", True, "reviewer_identity", "reviewer_done", "visible"),
        ("reviewers_see_decisions", False, "decision_comment", "reviewer_done", "hidden"),
    ],
)
def test_a_setting_changes_its_cell(track, setting, value, row, column, condition):
    setattr(track, setting, value)
    assert cells(track)[row][column] == condition


def test_no_setting_shows_anybody_but_reviewers_more(track):
    track.blind, track.reviewers_see_names = "none", True
    usual = {row["key"]: row["cells"] for row in visibility()["rows"]}
    changed = {column for row, of in cells(track).items() for column in of if of[column] != usual[row][column]}
    assert changed == {"reviewer_writing", "reviewer_done"}


def words(track, role: str, day: int):
    return next(each for each in sights(track.edition, track, at(day)) if each.role.startswith(role))


def test_what_is_to_come_is_told_with_its_date(track):
    later = {said: ends.kind for ends, found in words(track, "Author", 6).later for said in found}
    assert later["A submitted review's scores and text to authors"] == "notification"


def test_what_has_come_is_seen_and_no_more_to_come(track):
    said = words(track, "Author", 21)
    assert "A submitted review's scores and text to authors" in said.sees
    assert "A submitted review's scores and text to authors" not in [each for _, found in said.later for each in found]


def test_reviews_that_wait_are_seen_once_due(track):
    track.reviews_wait_for_due = True
    label = "A submitted review's scores and text to authors"
    assert label not in words(track, "Assigned reviewer whose own review is in", 10).sees
    assert label in words(track, "Assigned reviewer whose own review is in", 16).sees


@pytest.mark.parametrize(("day", "can"), [(10, True), (16, False)])
def test_reviews_that_are_fixed_cannot_be_changed_once_due(track, day, can):
    track.reviews_fixed_once_due = True
    assert ("Change their review" in words(track, "Assigned reviewer whose own review is in", day).does) is can


def test_without_any_date_nothing_is_open_and_nothing_out():
    track = TrackFactory()
    when = Situation.on(track.edition, track, at(1))
    assert not any(vars(when).values())


@pytest.fixture
def chair(track, client):
    user = RoleFactory(edition=track.edition, name=Role.Name.ORGANISER).user
    client.force_login(user)
    return user


PAGE = "/iclr2025/organise/phases/"


def test_the_page_says_it_in_words(track, chair, client):
    page = client.get(f"{PAGE}?on=2025-03-06").content.decode()
    assert "Assignment and reviewing" in page
    assert "on this day" in page
    assert "Write a review, give the paper back, propose a colleague" in page


@pytest.mark.parametrize(
    ("query", "status"),
    [("on=yesterday", 400), ("on=9999-01-01", 400), ("track=nowhere", 404), ("sort=up", 400), ("on=", 200)],
)
def test_what_is_asked_wrongly_is_refused(track, chair, client, query, status):
    assert client.get(f"{PAGE}?{query}").status_code == status


def test_rights_are_changed_on_the_page(track, chair, client):
    seen = client.get(PAGE).context["form"]["seen"].value()
    client.post(f"{PAGE}?track=papers", {"seen": seen, "reviewers_see_reviews": "on", "reviews_wait_for_due": "on"})
    track.refresh_from_db()
    assert track.reviews_wait_for_due
    assert not track.has_discussion


def test_a_second_organiser_is_told_and_nothing_is_lost(track, chair, client):
    seen = client.get(PAGE).context["form"]["seen"].value()
    track.has_discussion = False
    track.save()
    response = client.post(f"{PAGE}?track=papers", {"seen": seen, "reviewers_see_names": "on"})
    track.refresh_from_db()
    assert response.status_code == 200
    assert not track.reviewers_see_names


def test_others_find_no_such_page(track, client):
    client.force_login(RoleFactory(edition=track.edition, name=Role.Name.GRANTS_OFFICER).user)
    assert client.get(PAGE).status_code == 404


def test_an_edition_without_tracks_says_what_to_do(chair, client, track):
    track.delete()
    assert "Add a track" in client.get(PAGE).content.decode()


def test_it_costs_the_same_whatever_the_number_of_dates(track, chair, client, cost_of):
    def cost() -> int:
        with cost_of() as found:
            client.get(reverse("editions:phases", args=["iclr2025"]))
        return found.queries

    few = cost()
    for kind in DATES:
        MilestoneFactory(edition=track.edition, track=track, kind=kind, instant=at(DATES[kind]))
    assert cost() == few
    assert few <= 12
