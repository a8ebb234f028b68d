"""What the committee and the organisers do with the paper while it is under review."""

from datetime import UTC, datetime

import numpy as np

from reviews.actions import ensure_forms
from reviews.models import (
    Answer,
    Assignment,
    AssignmentRun,
    Award,
    AwardCandidate,
    Decision,
    Delegation,
    Discussion,
    Field,
    MetaReview,
    Post,
    Rating,
    Response,
    Review,
    Tag,
    Tagging,
)
from reviews.proposing.scores import Scores
from reviews.tests.factories import AssignmentFactory
from submissions.models import Submission
from tests.world.scene import World


def judge(world: World) -> None:
    for key, letter, is_in, words in (
        ("reviewer_writing", "K", False, "Draftbramble"),
        ("reviewer_done", "Q", True, "Reviewheather"),
        ("former_reviewer", "T", True, "Formerelder"),
    ):
        seat = assign(world, world.paper, key, letter)
        review = write_review(seat, words, score=5, at=datetime(2025, 2, 18, 9, tzinfo=UTC), is_in=is_in)
        if key == "reviewer_done":
            chair, then = world.actors["chair"], review.submitted_at
            Rating.objects.create(review=review, grade=3, note="Ratinghawthorn", rated_by=chair, rated_at=then)
            _answer(review, Field.Audience.ORGANISERS, "Confidentialivy")
    Assignment.objects.filter(reviewer__user=world.actors["former_reviewer"]).update(state="removed")
    _discussion(world)
    _respond(world)
    _tag_and_colleague(world)
    _propose(world)
    _award(world)
    Decision.objects.create(
        submission=world.paper,
        outcome="accepted",
        presentation="oral",
        comment="Decisionrowan",
        conditions="Conditionbirch",
        decided_by=world.actors["chair"],
        decided_at=datetime(2025, 2, 19, tzinfo=UTC),
    )


def assign(world: World, paper: Submission, key: str, letter: str) -> Assignment:
    reviewer = world.edition.reviewers.get(user=world.actors[key])
    return AssignmentFactory(submission=paper, reviewer=reviewer, pseudonym=letter)


def write_review(seat: Assignment, words: str, *, score: int, at: datetime, is_in: bool) -> Review:
    """A review with one text for authors and an overall score, handed in or a draft."""
    form = ensure_forms(seat.submission.track)
    review = Review.objects.create(
        assignment=seat,
        form=form,
        state="submitted" if is_in else "draft",
        created_at=at,
        updated_at=at,
        submitted_at=at if is_in else None,
    )
    _answer(review, Field.Audience.AUTHORS, words)
    Answer.objects.create(review=review, field=form.fields.get(use=Field.Use.OVERALL), number=score)
    return review


def _answer(review: Review, audience: str, words: str) -> None:
    """To the form's last question of that kind."""
    question = review.form.fields.filter(kind=Field.Kind.TEXT, audience=audience).last()
    Answer.objects.create(review=review, field=question, text=words)


def _discussion(world: World) -> None:
    then = datetime(2025, 2, 19, 9, tzinfo=UTC)
    chair, done = world.actors["chair"], world.actors["reviewer_done"]
    seat = Assignment.objects.get(submission=world.paper, reviewer__user=done)
    MetaReview.objects.create(
        submission=world.paper, assignment=seat, text="Metaviburnum", recommendation="accepted",
        asked_by=chair, asked_at=then, submitted_at=then,
    )  # fmt: skip
    Discussion.objects.create(submission=world.paper, opened_by=chair, opened_at=then)
    said = Post.objects.create(submission=world.paper, writer=chair, text="Discussionmaple", created_at=then)
    Post.objects.create(
        submission=world.paper, writer=done, assignment=seat, parent=said, text="Replyrowanberry", created_at=then
    )


def _respond(world: World) -> None:
    """Sent, though the reviews are not shown: that authors may respond tells them nothing by itself."""
    then = datetime(2025, 2, 19, 10, tzinfo=UTC)
    Response.objects.create(
        submission=world.paper,
        text="Responsedraftsloe",
        sent_text="Responsehornbeam",
        written_by=world.actors["author"],
        updated_at=then,
        sent_at=then,
    )


def _award(world: World) -> None:
    """The paper wins, and nobody has been told."""
    then = datetime(2025, 2, 19, 11, tzinfo=UTC)
    award = Award.objects.create(edition=world.edition, name="Best paper", state="closed", created_at=then)
    AwardCandidate.objects.create(
        award=award,
        submission=world.paper,
        wins=True,
        laudation="Awardjasmine",
        nominated_by=world.actors["chair"],
        nominated_at=then,
    )


def _tag_and_colleague(world: World) -> None:
    then = datetime(2025, 2, 19, 9, tzinfo=UTC)
    tag = Tag.objects.create(edition=world.edition, name="Tagspruce")
    Tagging.objects.create(tag=tag, submission=world.paper, tagged_by=world.actors["chair"], tagged_at=then)
    seat = Assignment.objects.get(submission=world.paper, reviewer__user=world.actors["reviewer_writing"])
    Delegation.objects.create(
        assignment=seat, name="Colleaguecedar", email="colleaguecedar@far.example", reason="Why", proposed_at=then
    )


def _propose(world: World) -> None:
    """One more reviewer for the paper, beside those it has."""
    members = list(world.edition.reviewers.filter(state="accepted").order_by("pk"))
    comes = next(each for each in members if each.user == world.actors["committee"])
    paper, people = world.paper.pk, tuple(each.pk for each in members)
    scores = Scores((paper,), people, np.linspace(0.1, 0.9, len(people), dtype=np.float32).reshape(1, -1))
    standing = world.paper.assignments.values_list("submission_id", "reviewer_id")
    AssignmentRun.objects.create(
        edition=world.edition,
        figures={
            "papers": {str(paper): {"wanted": 3, "missing": 0, "conflicts": 1}},
            "standing": [list(pair) for pair in standing],
        },
        pairs=[[paper, comes.pk, 0.5, "Proposalquince", None, 0.5]],
        scores=scores.packed(),
        created_by=world.actors["chair"],
        created_at=datetime(2025, 2, 19, 9, tzinfo=UTC),
    )
