"""What is due, and where the edition stands: two pages on which every app speaks, for each part that people play."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from ml4rs.editions.models import Role
from ml4rs.editions.tests.factories import (
    EditionFactory,
    MilestoneFactory,
    RoleFactory,
    TopicFactory,
    TrackFactory,
    UserFactory,
)
from reviews.tests.factories import AssignmentFactory, ConflictFactory, ReviewerFactory
from submissions.tests.factories import AuthorshipFactory, SubmissionFactory
from travel.tests.factories import ApplicationFactory

NOW = datetime(2025, 2, 14, 12, tzinfo=UTC)
DESK, OVERVIEW = "/iclr2025/my/", "/iclr2025/organise/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def edition():
    edition = EditionFactory(slug="iclr2025")
    for kind, days in (("submission", 2), ("review", 9), ("notification", 20), ("travel", 30)):
        MilestoneFactory(edition=edition, kind=kind, instant=NOW + timedelta(days=days))
    return edition


@pytest.fixture
def track(edition):
    return TrackFactory(edition=edition, reviews_per_paper=2)


def person(edition, part):
    """Somebody who plays a part in the edition."""
    if part == "author":
        return UserFactory()
    if part == "reviewer":
        return ReviewerFactory(edition=edition, profile="Clouds over sea").user
    return RoleFactory(edition=edition, name=part).user


def add(track, user, part, count):
    """`count` more things that this person's pages speak of."""
    for _ in range(count):
        if part == "author":
            SubmissionFactory(track=track, created_by=user, draft=True)
        elif part == "reviewer":
            reviewer = track.edition.reviewers.get(user=user)
            AssignmentFactory(submission=SubmissionFactory(track=track, authors=0), reviewer=reviewer)
        elif part == "organiser":
            AssignmentFactory(submission=SubmissionFactory(track=track, authors=0))
        elif part == "grants_officer":
            ApplicationFactory(edition=track.edition)
        else:
            SubmissionFactory(track=track, authors=0, accepted=True)


def headings(page):
    return re.findall(r"<h2[^>]*>([^<]+)<", page.text)


def figures(page):
    """{label: value} of the tiles."""
    found = re.findall(r'figure-value">([^<]+)</span> <span class="figure-label">([^<]+)<', page.text)
    return {label: int(value) for value, label in found}


# --- What is due ----------------------------------------------------------------------------------------


def test_what_is_due_first_stands_first(client, edition, track):
    user = person(edition, "reviewer")
    paper = SubmissionFactory(track=track, authors=0, title="Paper to review")
    AssignmentFactory(submission=paper, reviewer=edition.reviewers.get(user=user))
    SubmissionFactory(track=track, created_by=user, draft=True, title="Own draft")
    client.force_login(user)
    text = client.get(DESK).text
    assert 0 < text.index("Own draft") < text.index("Paper to review")  # in two days, in nine


def test_what_waits_and_what_is_done_stand_apart(client, track):
    user = UserFactory()
    SubmissionFactory(track=track, created_by=user, title="Handed in")
    SubmissionFactory(track=track, created_by=user, state="withdrawn", title="Taken back")
    client.force_login(user)
    page = client.get(DESK)
    assert "Nothing is due from you" in page.text
    assert page.text.index("Under way") < page.text.index("Handed in") < page.text.index(">Done<")
    assert page.text.index(">Done<") < page.text.index("Taken back")


def test_a_co_author_finds_the_paper_and_a_stranger_does_not(client, track):
    user = UserFactory()
    paper = SubmissionFactory(track=track, title="Shared paper")
    AuthorshipFactory(submission=paper, email=user.email, user=user)
    client.force_login(user)
    assert "Shared paper" in client.get(DESK).text
    client.force_login(UserFactory())
    assert "Shared paper" not in client.get(DESK).text


def test_who_is_not_signed_in_is_sent_to_sign_in(client, edition):
    assert client.get(DESK).headers["Location"].startswith("/accounts/login/")


# --- Where the edition stands ---------------------------------------------------------------------------


def test_an_organiser_reads_the_state_of_papers_and_reviews(client, edition, track):
    user = person(edition, "organiser")
    add(track, user, "organiser", 3)
    client.force_login(user)
    page = client.get(OVERVIEW)
    assert {"Submissions", "Committee", "Reviews", "Decisions"} <= set(headings(page))
    assert (figures(page)["assigned"], figures(page)["undecided"]) == (3, 3)


def test_every_number_counts_only_papers_without_conflict(client, edition, track):
    user = person(edition, "organiser")
    add(track, user, "organiser", 3)
    ConflictFactory(user=user, submission=edition.submissions.first())
    client.force_login(user)
    shown = figures(client.get(OVERVIEW))
    assert (shown["assigned"], shown["undecided"]) == (2, 2)
    assert sorted(set(shown.values())) == sorted({0, 2, 3})  # three members of the committee, two papers


def test_a_grants_officer_reads_about_grants_alone(client, edition, track):
    user = person(edition, "grants_officer")
    add(track, user, "grants_officer", 2)
    add(track, user, "organiser", 5)
    client.force_login(user)
    page = client.get(OVERVIEW)
    assert figures(page) == {"to answer": 2, "offered": 0, "receipts to look at": 0}


def test_an_organiser_without_the_grants_role_reads_nothing_about_grants(client, edition, track):
    user = person(edition, "organiser")
    add(track, user, "grants_officer", 2)
    client.force_login(user)
    assert "Travel grants" not in headings(client.get(OVERVIEW))


def test_a_date_that_is_not_public_is_for_organisers_alone(client, edition):
    MilestoneFactory(edition=edition, kind="bidding", label="Phone call of the chairs", is_public=False, instant=NOW)
    for part, is_shown in (("organiser", True), ("grants_officer", False), ("schedule_editor", False)):
        client.force_login(person(edition, part))
        assert ("Phone call of the chairs" in client.get(OVERVIEW).text) is is_shown, part


@pytest.mark.parametrize("part", ["author", "reviewer"])
def test_for_everybody_else_there_is_no_overview(client, edition, part):
    client.force_login(person(edition, part))
    assert client.get(OVERVIEW).status_code == 404


# --- What they cost -------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", ["author", "reviewer", *(each for each in Role.Name.values if each != "reviewer")])
def test_a_desk_costs_the_same_queries_at_1_50_and_300_things(client, track, cost_of, part):
    user = person(track.edition, part)
    TopicFactory(edition=track.edition)
    client.force_login(user)
    path = DESK if part in ("author", "reviewer") else OVERVIEW
    costs = []
    for more in (1, 49, 250):
        add(track, user, part, more)
        client.get(path)
        with cost_of() as cost:
            assert client.get(path).status_code == 200
        costs.append(cost)
    assert [cost.queries for cost in costs] == [costs[0].queries] * 3, costs[2].statements
    assert costs[0].queries <= 18, "\n".join(costs[0].statements)
    # A person's own things are listed one by one; the figures of an edition are counted in the database.
    per_thing = 5 if path == DESK else 0
    assert costs[2].objects - costs[1].objects <= per_thing * 250
