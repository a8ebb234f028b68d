"""Who learns that a submission exists, and what of it; each rule in both directions."""

import pytest

from ml4rs.editions.tests.factories import RoleFactory, UserFactory
from submissions.models import Submission
from submissions.tests.factories import AuthorshipFactory, SubmissionFactory

pytestmark = pytest.mark.django_db


def seen(viewer):
    return list(Submission.objects.seen_by(viewer))


def test_a_stranger_finds_no_trace_of_a_submission(viewer_of):
    paper = SubmissionFactory()
    assert seen(viewer_of(UserFactory(), paper.edition)) == []
    assert seen(viewer_of(None, paper.edition)) == []


def test_everybody_sees_an_accepted_paper_after_release(viewer_of):
    paper = SubmissionFactory(accepted=True)
    [row] = seen(viewer_of(None, paper.edition))
    assert (row.sees_authors, row.sees_author_addresses, row.seen_outcome) == (True, False, "accepted")


def test_nobody_but_its_people_sees_a_rejected_paper(viewer_of):
    paper = SubmissionFactory(rejected=True)
    assert seen(viewer_of(None, paper.edition)) == []
    [row] = seen(viewer_of(paper.created_by, paper.edition))
    assert row.seen_outcome == "rejected"


def test_a_coauthor_is_known_by_any_verified_address(viewer_of):
    paper = SubmissionFactory()
    coauthor = UserFactory()
    AuthorshipFactory(submission=paper, email=coauthor.email)
    assert seen(viewer_of(coauthor, paper.edition)) == [paper]


def test_an_unverified_address_opens_nothing(viewer_of):
    paper = SubmissionFactory()
    impostor = UserFactory(verified=False)
    AuthorshipFactory(submission=paper, email=impostor.email)
    assert seen(viewer_of(impostor, paper.edition)) == []


def test_an_organiser_sees_every_paper_with_its_authors(viewer_of):
    paper = SubmissionFactory()
    organiser = RoleFactory(edition=paper.edition).user
    [row] = seen(viewer_of(organiser, paper.edition))
    assert row.sees_authors
    assert row.is_chair


def test_an_organiser_sees_her_own_paper_as_an_author_only(viewer_of):
    paper = SubmissionFactory()
    RoleFactory(edition=paper.edition, user=paper.created_by)
    [row] = seen(viewer_of(paper.created_by, paper.edition))
    assert row.is_author
    assert not row.is_chair
    assert not row.sees_review_count


def test_sight_takes_one_query_besides_the_viewers_own(viewer_of, cost_of):
    paper = SubmissionFactory()
    viewer = viewer_of(RoleFactory(edition=paper.edition).user, paper.edition)
    assert viewer.roles == {"organiser"}
    assert viewer.addresses
    with cost_of() as cost:
        seen(viewer)
    assert cost.queries == 1
