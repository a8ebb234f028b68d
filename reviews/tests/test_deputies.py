"""A paper whose organisers are all in conflict goes to a deputy; no other paper does."""

import pytest
from django.urls import reverse

from ml4rs.editions.models import Role
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import RoleFactory
from reviews import actions
from reviews.announcing import duties
from reviews.models import Conflict, Decision
from reviews.tests.factories import ConflictFactory, ReviewerFactory
from reviews.tests.test_discussing import row, seat_of
from submissions.models import Submission
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.usefixtures("mails")


@pytest.fixture
def deputy(stage):
    return RoleFactory(edition=stage.edition, name=Role.Name.DEPUTY).user


@pytest.fixture
def orphan(stage):
    paper = SubmissionFactory(track=stage.track, title="Orphan", authors=1)
    ConflictFactory(user=stage.organiser, submission=paper)
    return paper


@pytest.fixture
def other(stage):
    return SubmissionFactory(track=stage.track, title="Ordinary", authors=1)


def chaired(viewer):
    return set(Submission.objects.seen_by(viewer).filter(is_chair=True).values_list("title", flat=True))


def url(name, *arguments):
    return reverse(f"reviews:{name}", args=["iclr2025", *arguments])


def test_a_deputy_sees_orphans_and_nothing_else(stage, deputy, orphan, other):
    assert chaired(stage.viewer(deputy)) == {"Orphan"}
    assert set(Submission.objects.seen_by(stage.viewer(deputy)).values_list("title", flat=True)) == {"Orphan"}
    assert chaired(stage.chair) == {"Ordinary"}


def test_one_organiser_without_conflict_is_enough(stage, deputy, orphan):
    RoleFactory(edition=stage.edition)
    assert chaired(stage.viewer(deputy)) == set()


@pytest.mark.parametrize("how", ["dismissed", "undeclared", "inactive", "started", "waiting"])
def test_what_makes_an_organiser_free_or_not(stage, deputy, orphan, how):
    if how == "dismissed":
        Conflict.objects.update(dismissed_at=stage.chair.now)
    elif how == "undeclared":
        second = RoleFactory(edition=stage.edition).user
        ReviewerFactory(edition=stage.edition, user=second, conflicts_declared_at=None)
    elif how == "inactive":
        RoleFactory(edition=stage.edition, user__is_active=False)
    elif how == "started":
        second = RoleFactory(edition=stage.edition).user
        Submission.objects.filter(pk=orphan.pk).update(created_by=second)
    else:
        RoleFactory(edition=stage.edition, user=None, email="later@x.example")
    assert chaired(stage.viewer(deputy)) == (set() if how == "dismissed" else {"Orphan"})


def test_a_deputy_in_conflict_or_an_author_sees_nothing(stage, deputy, orphan):
    ConflictFactory(user=deputy, submission=orphan)
    assert chaired(stage.viewer(deputy)) == set()
    author = RoleFactory(edition=stage.edition, name=Role.Name.DEPUTY, user=orphan.created_by).user
    assert chaired(stage.viewer(author)) == set()


def test_an_organiser_in_conflict_learns_nothing_by_being_a_deputy_too(stage, orphan):
    RoleFactory(edition=stage.edition, name=Role.Name.DEPUTY, user=stage.organiser)
    assert chaired(stage.chair) == set()


def test_a_deputy_assigns_and_decides_in_the_browser(stage, deputy, orphan, other):
    reviewer = ReviewerFactory(edition=stage.edition)
    client = stage.client(deputy)
    assert "Orphan" in client.get(url("decisions")).text
    assert "Ordinary" not in client.get(url("decisions")).text
    assert "Release decisions" not in client.get(url("decisions")).text
    client.post(url("assign", orphan.public_id), {"reviewer": reviewer.public_id})
    assert orphan.assignments.get().reviewer == reviewer
    client.post(url("decision", orphan.public_id), {"verdict": "accepted:poster", "comment": "", "conditions": ""})
    assert Decision.objects.get().decided_by == deputy
    for name in ("paper", "chairs_discussion", "preview"):
        assert client.get(url(name, orphan.public_id)).status_code == 200
        assert client.get(url(name, other.public_id)).status_code == 404


@pytest.mark.parametrize(
    "name", ["committee", "conflict_list", "release", "progress", "statistics", "awards", "journal", "tags", "forms"]
)
def test_whatever_is_about_the_whole_edition_stays_with_the_organisers(stage, deputy, orphan, name):
    assert stage.client(deputy).get(url(name)).status_code == 404
    assert stage.client(stage.organiser).get(url(name)).status_code == 200


def test_a_deputy_cannot_release_or_set_up(stage, deputy, orphan):
    with pytest.raises(NotAllowed):
        actions.release_decisions(stage.edition, by=stage.viewer(deputy))
    assert stage.client(deputy).get(reverse("editions:editing", args=["iclr2025"])).status_code == 404


def test_the_release_by_organisers_takes_the_orphan_along(stage, deputy, orphan):
    viewer = stage.viewer(deputy)
    actions.decide([row(viewer, orphan)], outcome="rejected", by=viewer)
    actions.release_decisions(stage.edition, by=stage.chair)
    assert Submission.objects.get(pk=orphan.pk).outcome == "rejected"


def test_orphans_are_a_duty(stage, deputy, orphan, other):
    assert [each.title for each in duties(stage.viewer(deputy))] == ["1 paper has no organiser without conflict"]
    assert not [each for each in duties(stage.chair) if "no organiser" in each.title]


def test_reviewers_stay_nameless_to_deputies_of_other_papers(stage, deputy, orphan, other):
    seat_of(other, "K", "Kestrelname")
    seat_of(orphan, "Q", "Quailname")
    page = stage.client(deputy).get(url("assignments")).text
    assert "Quailname" in page
    assert "Kestrelname" not in page
