"""An organiser who wrote a paper, or is in conflict with it: no table, chart or figure tells what becomes of it."""

from datetime import UTC, datetime

import numpy as np
import pytest

from ml4rs.editions.models import Role
from ml4rs.editions.tests.factories import RoleFactory, UserFactory
from reviews.actions import ensure_forms
from reviews.announcing import figures
from reviews.models import Answer, AssignmentRun, Exclusion, Review
from reviews.proposing.scores import Scores
from reviews.queries import committee, integrity, papers
from reviews.queries.proposals import proposal
from reviews.queries.statistics import statistics
from reviews.tests.factories import AssignmentFactory, ConflictFactory, DecisionFactory, ReviewerFactory
from submissions.tests.factories import SubmissionFactory

THEN = datetime(2025, 2, 18, 9, tzinfo=UTC)


@pytest.fixture
def paper(stage):
    """Reviewed by two from one institution, decided, with a conflict and somebody its authors name."""
    paper = SubmissionFactory(track=stage.track)
    form = ensure_forms(stage.track)
    for letter, score in (("K", 6), ("Q", 1)):
        user = UserFactory(affiliation="University of Nowhere")
        reviewer = ReviewerFactory(edition=stage.edition, user=user, affiliation=user.affiliation)
        seat = AssignmentFactory(submission=paper, reviewer=reviewer, pseudonym=letter)
        times = {"created_at": THEN, "updated_at": THEN, "submitted_at": THEN}
        review = Review.objects.create(assignment=seat, form=form, state="submitted", **times)
        Answer.objects.create(review=review, field=form.fields.get(key="overall"), number=score)
    ConflictFactory(submission=paper)
    Exclusion.objects.create(
        submission=paper, line="Nobody we know", reason="A grudge", named_by=paper.created_by, named_at=THEN
    )
    DecisionFactory(submission=paper)
    SubmissionFactory(track=stage.track)  # one more, of which everybody who organises may read
    return paper


def run_for(paper) -> AssignmentRun:
    people = tuple(paper.edition.reviewers.values_list("pk", flat=True))
    scores = Scores((paper.pk,), people, np.full((1, len(people)), 0.5, dtype=np.float32))
    run = {"edition": paper.edition, "pairs": [], "scores": scores.packed(), "created_at": THEN}
    return AssignmentRun.objects.create(
        figures={
            "papers": {str(paper.pk): {"wanted": 2, "missing": 1, "conflicts": 1}},
            "standing": [],
            "shortage": {"papers": [paper.pk], "reviewers": [], "needed": 2, "available": 1},
        },
        **run,
    )


# What an organiser reads of papers: anything at all where it is about one.
READINGS = {
    "the table of decisions": lambda viewer, paper: paper in papers.judged(viewer),
    "loads": lambda viewer, paper: papers.carried(viewer),
    "charts": lambda viewer, paper: statistics(viewer).charts[0].rows,
    "patterns": lambda viewer, paper: integrity.report(viewer).one_institution,
    "conflicts": lambda viewer, paper: list(committee.conflicts(viewer)),
    "whom authors name": lambda viewer, paper: committee.patterns(viewer).nobody,
    "proposals": lambda viewer, paper: proposal(viewer, run_for(paper)).papers,
    "a shortage": lambda viewer, paper: proposal(viewer, run_for(paper)).shortage,
    "figures": lambda viewer, paper: sum(
        each.value for each in figures(viewer) if each.group != "Committee" and each.label != "undecided"
    ),
}


@pytest.mark.parametrize("reading", READINGS)
def test_an_organiser_reads_of_it(stage, paper, reading):
    assert READINGS[reading](stage.chair, paper)


@pytest.mark.parametrize("reading", READINGS)
def test_an_author_among_the_organisers_reads_nothing_of_her_own_paper(stage, paper, reading):
    RoleFactory(edition=stage.edition, user=paper.created_by, name=Role.Name.ORGANISER)
    assert not READINGS[reading](stage.viewer(paper.created_by), paper)


@pytest.mark.parametrize("reading", READINGS)
def test_an_organiser_in_conflict_reads_nothing_of_the_paper(stage, paper, reading):
    ConflictFactory(submission=paper, user=stage.organiser)
    assert not READINGS[reading](stage.chair, paper)


def test_a_mean_is_of_what_was_submitted(stage, paper):
    assert papers.judged(stage.chair).get(pk=paper.pk).mean == 3.5
    Review.objects.filter(assignment__pseudonym="Q").update(state="draft")
    assert papers.judged(stage.chair).get(pk=paper.pk).mean == 6
