"""What pages cost does not grow with the number of papers, reviewers and reviews."""

from datetime import UTC, datetime

import numpy as np
import pytest
from django.urls import reverse

from ml4rs.accounts.models import User
from ml4rs.editions.tests.factories import EditionFactory, RoleFactory, TrackFactory, UserFactory
from reviews.actions import ensure_forms
from reviews.models import Answer, Assignment, AssignmentRun, Decision, Review, Reviewer
from reviews.proposing.scores import Scores
from reviews.tests.conftest import BIDDING, Stage
from reviews.tests.factories import ReviewerFactory
from submissions.models import Submission

THEN = datetime(2025, 2, 18, tzinfo=UTC)
PAGE = 50  # rows on one page of a list


def fill(stage, size):
    """`size` papers with a submitted review and a decision each, all by one reviewer, and `size` reviewers."""
    form = ensure_forms(stage.track)
    overall = form.fields.get(use="overall")
    author = UserFactory()
    common = {"edition": stage.edition, "track": stage.track, "created_by": author, "state": "submitted"}
    times = {"created_at": THEN, "updated_at": THEN, "submitted_at": THEN}
    papers = Submission.objects.bulk_create(
        Submission(number=number, title=f"Paper {number}", abstract="x", **common, **times)
        for number in range(1, size + 1)
    )
    busy = ReviewerFactory(edition=stage.edition, name="Busy", load=400)
    others = [
        Reviewer(edition=stage.edition, email=f"i{n}@x.edu", name=f"N{n}", invited_at=THEN) for n in range(size - 1)
    ]
    Reviewer.objects.bulk_create(others)
    given = Assignment.objects.bulk_create(
        Assignment(submission=paper, reviewer=busy, pseudonym="A", created_at=THEN) for paper in papers
    )
    reviews = Review.objects.bulk_create(
        Review(assignment=each, form=form, state="submitted", **times) for each in given
    )
    Answer.objects.bulk_create(Answer(review=review, field=overall, number=4) for review in reviews)
    Decision.objects.bulk_create(
        Decision(submission=paper, outcome="rejected", decided_by=stage.organiser, decided_at=THEN) for paper in papers
    )
    return busy.user


def cost_at(stage, size, name, cost_of, at, as_reviewer=False):
    user = fill(stage, size)
    client = stage.client(user if as_reviewer else stage.organiser)
    address = reverse(f"reviews:{name}", args=["iclr2025"])
    clock = BIDDING if name == "bids" else datetime(2025, 2, 20, 12, tzinfo=UTC)
    with at(clock):
        client.get(address)  # the session's and the process's own first time
        with cost_of() as cost:
            assert client.get(address).status_code == 200
    return cost


ORGANISERS = {
    "committee": (12, 120),
    "conflict_list": (12, 120),
    "assignments": (15, 420),
    "progress": (14, 420),
    "decisions": (15, 320),
    "release": (14, 820),
}


@pytest.mark.parametrize("size", [1, 50, 300])
@pytest.mark.parametrize("name", ORGANISERS)
def test_organisers_pages_stay_within_budget(stage, name, size, cost_of, at):
    queries, objects = ORGANISERS[name]
    cost = cost_at(stage, size, name, cost_of, at)
    assert cost.queries <= queries
    assert cost.objects <= objects


def proposal_of(stage, size):
    """A run over `size` papers and as many people, one pair for each paper."""
    papers = list(Submission.objects.filter(edition=stage.edition))
    users = User.objects.bulk_create(User(email=f"{stage.edition.slug}-{n}@y.edu", name=f"P{n}") for n in range(size))
    common = {"edition": stage.edition, "state": "accepted", "invited_at": THEN, "answered_at": THEN}
    people = Reviewer.objects.bulk_create(
        Reviewer(user=user, email=user.email, name=user.name, conflicts_declared_at=THEN, **common) for user in users
    )
    keys = tuple(paper.pk for paper in papers), tuple(person.pk for person in people)
    pairs = [[paper.pk, person.pk, 0.5, "why", None, 0.1] for paper, person in zip(papers, people, strict=True)]
    return AssignmentRun.objects.create(
        edition=stage.edition,
        figures={"papers": {str(paper.pk): {"wanted": 1, "missing": 0, "conflicts": 0} for paper in papers}},
        pairs=pairs,
        scores=Scores(*keys, np.full((size, size), 0.5, np.float32)).packed(),
        created_at=THEN,
    )


@pytest.mark.parametrize("name", ["propose", "run", "run_map", "change_run", "compare", "integrity", "seniors"])
def test_pages_of_a_proposal_need_the_same_queries_for_three_papers_and_for_two_hundred(stage, name, cost_of):
    costs = []
    for number, size in enumerate((3, 200)):
        edition = EditionFactory(slug=f"year{number}")
        track = TrackFactory(edition=edition, reviews_per_paper=1)
        own = Stage(edition, track, RoleFactory(edition=edition).user)
        fill(own, size)
        runs = [proposal_of(own, size), AssignmentRun.objects.create(edition=edition, created_at=THEN)]
        more = [runs[0].public_id] if name in ("run", "run_map", "change_run") else []
        more += [own.edition.submissions.first().public_id] if name == "change_run" else []
        address = reverse(f"reviews:{name}", args=[edition.slug, *more])
        if name == "compare":
            address += "?" + "&".join(f"run={each.public_id}" for each in runs)
        client = own.client(own.organiser)
        client.get(address)
        with cost_of() as cost:
            assert client.get(address).status_code == 200
        costs.append(cost.queries)
    assert costs[0] == costs[1] <= 18


@pytest.mark.parametrize("size", [1, 50, 300])
@pytest.mark.parametrize(("name", "queries"), [("desk", 12), ("bids", 13)])
def test_reviewers_pages_stay_within_budget(stage, name, queries, size, cost_of, at):
    cost = cost_at(stage, size, name, cost_of, at, as_reviewer=True)
    assert cost.queries <= queries
    assert cost.objects <= 4 * size + 60


@pytest.mark.parametrize("name", ["committee", "assignments", "progress", "decisions"])
def test_queries_are_the_same_for_one_row_and_for_three_hundred(stage, name, cost_of, at):
    few = cost_at(stage, 2, name, cost_of, at).queries
    edition = EditionFactory(slug="iclr2026")
    many = Stage(edition, TrackFactory(edition=edition, reviews_per_paper=2), RoleFactory(edition=edition).user)
    fill(many, 300)
    client = many.client(many.organiser)
    address = reverse(f"reviews:{name}", args=["iclr2026"])
    client.get(address)
    with cost_of() as cost:
        client.get(address)
    assert cost.queries == few
