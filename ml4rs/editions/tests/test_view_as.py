"""Looking through somebody's eyes: chosen, logged, ended; nothing changes meanwhile, and what is private stays so."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from ml4rs.audit.models import Entry
from ml4rs.editions.models import Role
from ml4rs.editions.tests.factories import EditionFactory, MilestoneFactory, RoleFactory, UserFactory
from reviews.actions import ensure_forms
from reviews.models import Bid, Conflict, Review, Tag, Tagging
from reviews.tests.factories import AssignmentFactory
from submissions.models import Submission
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db
THEN = datetime(2025, 2, 1, tzinfo=UTC)


@pytest.fixture
def edition():
    return EditionFactory(slug="iclr2025")


@pytest.fixture
def chair(edition, client):
    user = RoleFactory(edition=edition, name=Role.Name.ORGANISER, user=UserFactory(name="Ada Chair")).user
    client.force_login(user)
    return user


@pytest.fixture
def assignment(edition):
    paper = SubmissionFactory(track__edition=edition, state="submitted", title="Tidal flats", number=1)
    return AssignmentFactory(submission=paper)


def look(client, choice: str, **more):
    return client.post(reverse("editions:view_as", args=["iclr2025"]), {"who": choice, **more})


def url(name: str, *arguments: str) -> str:
    return reverse(name, args=["iclr2025", *arguments])


def person(user) -> str:
    return f"person-{user.public_id}"


def test_pages_are_those_of_the_other_person(chair, client, assignment):
    look(client, person(assignment.reviewer.user))
    page = client.get(url("reviews:desk")).content.decode()
    assert "Tidal flats" in page
    assert "You look through the eyes of" in page


def test_without_having_chosen_the_page_of_a_reviewer_does_not_exist_for_an_organiser(chair, client, assignment):
    assert client.get(url("reviews:desk")).status_code == 404


def test_own_eyes_are_back_at_once(chair, client, assignment):
    look(client, person(assignment.reviewer.user))
    client.post(url("editions:end_view_as"))
    assert client.get(url("reviews:desk")).status_code == 404
    assert client.get(url("editions:organise")).status_code == 200


def test_only_organisers_may(client, assignment):
    client.force_login(assignment.reviewer.user)
    assert look(client, "anyone").status_code == 404


def test_who_stops_being_an_organiser_uses_their_own_eyes(chair, client, assignment):
    look(client, person(assignment.reviewer.user))
    Role.objects.filter(user=chair).delete()
    assert client.get(url("reviews:desk")).status_code == 404


def test_the_log_says_who_looked_and_through_whose_eyes(chair, client, assignment):
    look(client, person(assignment.reviewer.user), day="2025-03-01")
    entry = Entry.objects.get(verb="edition.viewed_as")
    assert entry.actor == chair
    assert entry.details == {"as": str(assignment.reviewer.user), "on": "2025-03-01T04:00:00+00:00"}


def test_that_somebody_is_an_author_is_logged_for_those_only_who_may_know(chair, client, edition):
    author = UserFactory(name="Ottoline Author")
    paper = SubmissionFactory(track__edition=edition, created_by=author)
    look(client, person(author))
    assert Entry.objects.get(verb="edition.viewed_as").submission_id == paper.pk


def test_of_somebody_with_several_papers_each_is_logged(chair, client, edition):
    author = UserFactory(name="Ottoline Author")
    papers = [SubmissionFactory(track__edition=edition, created_by=author) for _ in range(2)]
    look(client, person(author))
    logged = Entry.objects.filter(verb="edition.viewed_as").values_list("submission_id", flat=True)
    assert sorted(logged) == [paper.pk for paper in papers]


@pytest.mark.parametrize("also_officer", [True, False])
def test_grants_stay_closed_whoever_looks(chair, client, edition, also_officer):
    officer = RoleFactory(edition=edition, name=Role.Name.GRANTS_OFFICER).user
    if also_officer:
        RoleFactory(edition=edition, name=Role.Name.GRANTS_OFFICER, user=chair)
    own = [name for name, _ in client.get(url("editions:organise")).context["groups"]]
    assert ("Travel grants" in own) is also_officer
    look(client, person(officer))
    assert client.get(url("editions:organise")).status_code == 404


def test_authors_of_a_paper_in_conflict_are_not_on_offer(chair, client, edition):
    author = UserFactory(name="Ottoline Author")
    paper = SubmissionFactory(track__edition=edition, created_by=author)
    Conflict.objects.create(user=chair, submission=paper, kind="declared", created_at=THEN)
    response = look(client, person(author))
    assert response.status_code == 200
    assert "Ottoline" not in response.content.decode()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_can_be_changed(chair, client, assignment, method):
    look(client, person(assignment.reviewer.user))
    response = getattr(client, method)(url("reviews:decline", assignment.public_id), {"reason": "No time"})
    assignment.refresh_from_db()
    assert response.status_code == 403
    assert "Nothing can be changed" in response.content.decode()
    assert assignment.state == "active"


def test_a_draft_is_its_writers_alone(chair, client, assignment):
    form = ensure_forms(assignment.submission.track)
    review = Review.objects.create(
        assignment=assignment, form=form, pending={"summary": "Half a thought"}, created_at=THEN, updated_at=THEN
    )
    look(client, person(assignment.reviewer.user))
    page = client.get(url("reviews:review", assignment.public_id)).content.decode()
    assert "Tidal flats" in page
    assert "Half a thought" not in page
    review.refresh_from_db()
    assert review.pending == {"summary": "Half a thought"}


def test_private_tags_of_another_organiser_stay_private(chair, client, edition, assignment):
    other = RoleFactory(edition=edition, name=Role.Name.ORGANISER).user
    tag = Tag.objects.create(edition=edition, name="~mulberry", owner=other, audience="private")
    Tagging.objects.create(tag=tag, submission=assignment.submission, tagged_by=other, tagged_at=THEN)
    look(client, person(other))
    page = client.get(url("reviews:decisions")).content.decode()
    assert "Tidal flats" in page
    assert "mulberry" not in page


@pytest.mark.parametrize("name", ["reviews:about_me", "reviews:conflicts", "travel:application", "reviews:committee"])
def test_pages_that_may_hold_what_is_private_are_closed(chair, client, assignment, name):
    look(client, person(assignment.reviewer.user))
    assert client.get(url(name)).status_code == 403


def test_a_page_for_people_who_are_signed_in_says_so_to_anyone(chair, client):
    look(client, "anyone")
    response = client.get(url("editions:desk"))
    assert response.status_code == 403
    assert "asked to sign in" in response.content.decode()


def test_another_organisers_conflict_hides_the_paper_from_whoever_looks_along(chair, client, edition, assignment):
    other = RoleFactory(edition=edition, name=Role.Name.ORGANISER).user
    Conflict.objects.create(user=other, submission=assignment.submission, kind="declared", created_at=THEN)
    assert "Tidal flats" in client.get(url("reviews:decisions")).content.decode()
    look(client, person(other))
    assert "Tidal flats" not in client.get(url("reviews:decisions")).content.decode()


def test_the_date_decides_what_is_open(chair, client, edition, assignment):
    MilestoneFactory(edition=edition, kind="submission", instant=datetime(2025, 2, 11, tzinfo=UTC))
    MilestoneFactory(edition=edition, kind="bidding", instant=datetime(2025, 2, 15, tzinfo=UTC))
    look(client, person(assignment.reviewer.user), day="2025-02-12")
    assert "Bidding is not open" not in client.get(url("reviews:bids")).content.decode()
    look(client, person(assignment.reviewer.user), day="2025-02-20")
    assert "Bidding is not open" in client.get(url("reviews:bids")).content.decode()


def test_bids_on_papers_in_conflict_are_not_even_counted(chair, client, edition, assignment):
    MilestoneFactory(edition=edition, kind="submission", instant=datetime(2025, 2, 11, tzinfo=UTC))
    MilestoneFactory(edition=edition, kind="bidding", instant=datetime(2025, 2, 15, tzinfo=UTC))
    Bid.objects.create(reviewer=assignment.reviewer, submission=assignment.submission, level=2)
    SubmissionFactory(track=assignment.submission.track, state="submitted")
    look(client, person(assignment.reviewer.user), day="2025-02-12")
    assert "You have placed 1 bid." in client.get(url("reviews:bids")).content.decode()
    Conflict.objects.create(user=chair, submission=assignment.submission, kind="declared", created_at=THEN)
    assert "You have placed 0 bids." in client.get(url("reviews:bids")).content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"who": "person-zzzzzzzzzzzz"}, "Select a valid choice"),
        ({"who": "anyone", "day": "9999-01-01"}, "Write a day of this century."),
        ({"who": "anyone", "day": "2025-13-01"}, "Enter a valid date."),
        ({}, "This field is required."),
    ],
)
def test_what_cannot_be_is_refused_in_words(chair, client, typed, words):
    response = client.post(reverse("editions:view_as", args=["iclr2025"]), typed)
    assert words in response.content.decode()


@pytest.mark.parametrize(
    ("wanted", "target"),
    [
        ("/iclr2025/call/", "/iclr2025/call/"),
        ("//evil.example/iclr2025/", "/iclr2025/"),
        ("https://evil.example/", "/iclr2025/"),
    ],
)
def test_the_way_on_stays_in_the_edition(chair, client, wanted, target):
    assert look(client, "anyone", next=wanted).url == target


def test_answers_are_not_kept_by_browsers(chair, client):
    look(client, "anyone")
    assert client.get(url("editions:home")).headers["Cache-Control"] == "private, no-store"


def test_other_editions_are_seen_with_own_eyes(chair, client):
    RoleFactory(edition=EditionFactory(slug="iclr2026"), name=Role.Name.ORGANISER, user=chair)
    look(client, "anyone")
    assert client.get("/iclr2026/organise/").status_code == 200


def test_choosing_costs_the_same_whatever_the_number_of_people(chair, client, edition, cost_of):
    def cost() -> int:
        with cost_of() as found:
            client.get(url("editions:view_as"))
        return found.queries

    few = cost()
    for _ in range(5):
        AssignmentFactory(submission=SubmissionFactory(track__edition=edition, state="submitted"))
    assert Submission.objects.count() == 5
    assert cost() == few


def test_looking_from_a_later_date_shows_nothing_that_is_not_out_yet(chair, client, edition):
    fields = {"state": "submitted", "outcome": "accepted", "title": "Tidal flats"}
    paper = SubmissionFactory(track__edition=edition, released_at=datetime(2099, 1, 1, tzinfo=UTC), **fields)
    Conflict.objects.create(user=chair, submission=paper, kind="declared", created_at=THEN)
    look(client, "anyone", day="2099-02-01")
    assert "Tidal flats" not in client.get(url("submissions:papers")).content.decode()
    Submission.objects.update(released_at=THEN)
    assert "Tidal flats" in client.get(url("submissions:papers")).content.decode()
