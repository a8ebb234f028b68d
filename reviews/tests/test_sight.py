"""Who sees reviews, reviewers, assignments and decisions: every rule in both directions."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from ml4rs.editions.models import Role
from ml4rs.editions.tests.factories import MilestoneFactory, RoleFactory, TrackFactory, UserFactory
from reviews.actions import ensure_forms
from reviews.models import Answer, Assignment, Decision, Review, Reviewer
from reviews.sight import papers_of_chair
from reviews.tests.conftest import BIDDING
from reviews.tests.factories import AssignmentFactory, ConflictFactory, DecisionFactory, ReviewerFactory
from submissions.models import Submission
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.both


@pytest.fixture
def paper(stage):
    return SubmissionFactory(track=stage.track)


def assigned(paper, letter="A", state=None, words="Fine work.", **fields):
    """A reviewer on the paper; with `state`, a review that answers every question."""
    assignment = AssignmentFactory(submission=paper, pseudonym=letter, **fields)
    if state:
        form = ensure_forms(paper.track)
        then = datetime(2025, 2, 18, 9, 30, tzinfo=UTC)
        review = Review.objects.create(
            assignment=assignment, form=form, state=state, created_at=then, updated_at=then, submitted_at=then
        )
        for field in form.fields.all():
            is_scale = field.kind == "scale"
            text = "" if is_scale else f"{words} {field.audience}"
            Answer.objects.create(review=review, field=field, number=4 if is_scale else None, text=text)
    return assignment


def released(paper, outcome="accepted"):
    then = datetime(2025, 2, 19, tzinfo=UTC)
    DecisionFactory(submission=paper, outcome=outcome, presentation="", state="released", released_at=then)
    Submission.objects.filter(pk=paper.pk).update(outcome=outcome, released_at=then)


def sees_paper(stage, user):
    return Submission.objects.seen_by(stage.viewer(user)).filter(state="submitted").exists()


def reviews(stage, user):
    return list(Review.objects.seen_by(stage.viewer(user)))


def audiences(stage, user):
    return set(Answer.objects.seen_by(stage.viewer(user)).values_list("field__audience", flat=True))


# --- The paper itself -----------------------------------------------------------------------------------


def test_an_assigned_reviewer_sees_the_paper_and_another_member_does_not(stage, paper):
    assert sees_paper(stage, assigned(paper).reviewer.user)
    assert not sees_paper(stage, ReviewerFactory(edition=stage.edition).user)


@pytest.mark.parametrize("state", ["declined", "removed"])
def test_a_paper_given_back_is_gone(stage, paper, state):
    assignment = AssignmentFactory(submission=paper, pseudonym="Z", state=state)
    assert not sees_paper(stage, assignment.reviewer.user)


def test_a_conflict_beats_an_assignment_until_it_is_dismissed(stage, paper):
    reviewer = assigned(paper).reviewer
    conflict = ConflictFactory(user=reviewer.user, submission=paper)
    assert not sees_paper(stage, reviewer.user)
    conflict.dismissed_at = timezone.now()
    conflict.save()
    assert sees_paper(stage, reviewer.user)


def test_a_member_who_has_not_declared_conflicts_is_in_conflict_with_everything(stage, paper):
    reviewer = assigned(paper).reviewer
    Reviewer.objects.update(conflicts_declared_at=None)
    assert not sees_paper(stage, reviewer.user)
    RoleFactory(edition=stage.edition, user=reviewer.user, name=Role.Name.ORGANISER)
    assert not sees_paper(stage, reviewer.user), "nor as an organiser"
    Reviewer.objects.update(conflicts_declared_at=timezone.now())
    assert sees_paper(stage, reviewer.user)


def test_an_organiser_in_conflict_finds_no_trace(stage, paper):
    assigned(paper, state="submitted")
    DecisionFactory(submission=paper)
    assert sees_paper(stage, stage.organiser)
    ConflictFactory(user=stage.organiser, submission=paper)
    assert not sees_paper(stage, stage.organiser)
    for rows in (Review, Assignment, Decision, Answer):
        assert not rows.objects.seen_by(stage.chair).exists()
    assert not papers_of_chair(stage.chair).exists()


def test_an_organiser_who_is_an_author_sees_neither_reviews_nor_records(stage, paper):
    assigned(paper, state="submitted")
    DecisionFactory(submission=paper)
    RoleFactory(edition=stage.edition, user=paper.created_by)
    viewer = stage.viewer(paper.created_by)
    for rows in (Review, Assignment, Decision, Answer):
        assert not rows.objects.seen_by(viewer).exists()
    assert not papers_of_chair(viewer).exists()
    assert papers_of_chair(stage.chair).exists()


def test_members_see_titles_only_while_bidding_is_open(stage, paper, at):
    member = ReviewerFactory(edition=stage.edition).user
    assert not sees_paper(stage, member)
    with at(BIDDING):
        assert sees_paper(stage, member)
        [row] = Submission.objects.seen_by(stage.viewer(member))
        assert not row.sees_manuscript
        assert not row.sees_authors
    with at(datetime(2025, 2, 10, tzinfo=UTC)):
        assert not sees_paper(stage, member), "before the submission deadline"


def test_a_member_in_conflict_does_not_see_the_title_while_bidding(stage, paper, at):
    member = ReviewerFactory(edition=stage.edition).user
    ConflictFactory(user=member, submission=paper)
    with at(BIDDING):
        assert not sees_paper(stage, member)


def test_bidding_follows_the_dates_of_a_tracks_own(stage, paper, at):
    member = ReviewerFactory(edition=stage.edition).user
    late = TrackFactory(edition=stage.edition, slug="late")
    other = SubmissionFactory(track=late)
    for kind, day in (("submission", 18), ("bidding", 25)):
        instant = datetime(2025, 2, day, 11, 59, 59, tzinfo=UTC)
        MilestoneFactory(edition=stage.edition, track=late, kind=kind, instant=instant)
    assert list(Submission.objects.seen_by(stage.viewer(member))) == [other]
    with at(BIDDING):
        assert list(Submission.objects.seen_by(stage.viewer(member))) == [paper]


# --- Reviews --------------------------------------------------------------------------------------------


def test_a_reviewer_reads_other_reviews_only_after_submitting_her_own(stage, paper):
    waiting = assigned(paper, "A", state="draft").reviewer.user
    assigned(paper, "B", state="submitted")
    assert [row.assignment.pseudonym for row in reviews(stage, waiting)] == ["A"]
    Review.objects.update(state="submitted")
    assert [row.assignment.pseudonym for row in reviews(stage, waiting)] == ["A", "B"]


def test_a_track_may_keep_reviews_apart(stage, paper):
    done = assigned(paper, "A", state="submitted").reviewer.user
    assigned(paper, "B", state="submitted")
    stage.track.reviewers_see_reviews = False
    stage.track.save()
    assert [row.assignment.pseudonym for row in reviews(stage, done)] == ["A"]


def test_nobody_reads_somebody_elses_draft(stage, paper):
    assigned(paper, "A", state="draft")
    done = assigned(paper, "B", state="submitted").reviewer.user
    assert [row.assignment.pseudonym for row in reviews(stage, done)] == ["B"]
    assert [row.assignment.pseudonym for row in reviews(stage, stage.organiser)] == ["B"]
    seen = {each.pseudonym: each.seen_review_state for each in Assignment.objects.seen_by(stage.chair)}
    assert seen == {"A": "draft", "B": "submitted"}, "organisers learn that a draft exists"


def test_peers_learn_pseudonym_and_day_while_organisers_learn_name_and_time(stage, paper):
    done = assigned(paper, "A", state="submitted").reviewer.user
    other = assigned(paper, "B", state="submitted").reviewer
    row = next(each for each in reviews(stage, done) if not each.is_own)
    assert (row.seen_reviewer, row.seen_written_at, str(row.seen_written_on)) == (None, None, "2025-02-18")
    row = next(each for each in reviews(stage, stage.organiser) if each.assignment.pseudonym == "B")
    assert row.seen_reviewer == other.name
    assert row.seen_written_at is not None


def test_a_track_may_show_reviewers_each_others_names_after_submitting(stage, paper):
    done = assigned(paper, "A", state="submitted").reviewer.user
    other = assigned(paper, "B", state="submitted").reviewer
    stage.track.reviewers_see_names = True
    stage.track.save()
    row = next(each for each in reviews(stage, done) if not each.is_own)
    assert row.seen_reviewer == other.name


def test_each_answer_goes_to_those_it_is_meant_for(stage, paper):
    writer = assigned(paper, "A", state="submitted").reviewer.user
    peer = assigned(paper, "B", state="submitted").reviewer.user
    everything = {"authors", "committee", "organisers"}
    assert audiences(stage, writer) == everything
    assert audiences(stage, stage.organiser) == everything
    own = Answer.objects.seen_by(stage.viewer(peer)).filter(review__assignment__pseudonym="A")
    assert set(own.values_list("field__audience", flat=True)) == {"authors", "committee"}
    assert audiences(stage, paper.created_by) == set()
    released(paper)
    assert audiences(stage, paper.created_by) == {"authors"}


def test_authors_read_reviews_after_release_without_names_and_times(stage, paper):
    assigned(paper, "A", state="submitted")
    assert reviews(stage, paper.created_by) == []
    released(paper, "rejected")
    [row] = reviews(stage, paper.created_by)
    assert (row.seen_reviewer, row.seen_written_at, row.seen_written_on) == (None, None, None)
    assert not Assignment.objects.seen_by(stage.viewer(paper.created_by)).exists()


def test_the_order_of_reviews_does_not_tell_who_wrote_first(stage, paper):
    for letter, day in (("B", 18), ("C", 17), ("A", 19)):
        assignment = assigned(paper, letter, state="submitted")
        Review.objects.filter(assignment=assignment).update(submitted_at=datetime(2025, 2, day, tzinfo=UTC))
    released(paper)
    assert [row.assignment.pseudonym for row in reviews(stage, paper.created_by)] == ["A", "B", "C"]


def test_whoever_looks_through_a_reviewers_eyes_reads_no_draft(stage, paper):
    writer = assigned(paper, "A", state="draft").reviewer.user
    eyes = replace(stage.viewer(writer), watcher=stage.chair)
    assert not Review.objects.seen_by(eyes).exists()
    assert not Answer.objects.seen_by(eyes).exists()
    Review.objects.update(state="submitted")
    assert Review.objects.seen_by(eyes).get().is_own


def test_strangers_and_other_members_read_no_review_even_after_release(stage, paper):
    assigned(paper, "A", state="submitted")
    released(paper)
    for user in (None, UserFactory(), ReviewerFactory(edition=stage.edition).user):
        assert reviews(stage, user) == []
        assert not Assignment.objects.seen_by(stage.viewer(user)).exists()


def test_an_author_who_is_also_assigned_by_mistake_reads_nothing_as_a_reviewer(stage, paper):
    reviewer = ReviewerFactory(edition=stage.edition, user=paper.created_by)
    paper.conflicts.all().delete()
    assigned(paper, "A", reviewer=reviewer)
    assigned(paper, "B", state="submitted")
    assert reviews(stage, paper.created_by) == []


# --- Assignments and decisions --------------------------------------------------------------------------


def test_reviewers_count_each_other_only_after_submitting(stage, paper):
    first = assigned(paper, "A").reviewer.user
    second = assigned(paper, "B", state="submitted").reviewer.user
    assert {row.pseudonym for row in Assignment.objects.seen_by(stage.viewer(first))} == {"A"}
    rows = {row.pseudonym: row for row in Assignment.objects.seen_by(stage.viewer(second))}
    assert set(rows) == {"A", "B"}
    assert rows["A"].seen_reviewer is None
    assert rows["A"].seen_review_state is None
    assert rows["A"].seen_reason is None


def test_reviewers_do_not_learn_who_has_begun(stage, paper):
    assigned(paper, "A", state="draft")
    done = assigned(paper, "B", state="submitted").reviewer.user
    states = Assignment.objects.seen_by(stage.viewer(done)).values_list("pseudonym", "seen_review_state")
    assert dict(states) == {"A": None, "B": "submitted"}


def test_an_unreleased_decision_is_for_organisers_alone(stage, paper):
    reviewer = assigned(paper, "A", state="submitted").reviewer.user
    DecisionFactory(submission=paper, comment="Splendid")
    assert Decision.objects.seen_by(stage.chair).get().seen_comment == "Splendid"
    for user in (None, paper.created_by, reviewer, UserFactory()):
        assert not Decision.objects.seen_by(stage.viewer(user)).exists()


def test_nothing_on_an_authors_pages_changes_when_a_decision_is_noted(stage, paper):
    def pages() -> list[str]:
        client, own = stage.client(paper.created_by), [stage.edition.slug, paper.public_id]
        addresses = [reverse("submissions:detail", args=own), reverse("editions:desk", args=own[:1])]
        return [re.sub(r"[A-Za-z0-9]{64}", "", client.get(address).text) for address in addresses]

    before = pages()
    decision = DecisionFactory(submission=paper)
    assert pages() == before
    decision.delete()
    released(paper)
    assert pages() != before


def test_a_released_decision_reaches_authors_and_the_papers_reviewers(stage, paper):
    reviewer = assigned(paper, "A").reviewer.user
    released(paper)
    assert Decision.objects.seen_by(stage.viewer(paper.created_by)).exists()
    assert Decision.objects.seen_by(stage.viewer(reviewer)).exists()
    for user in (None, UserFactory(), ReviewerFactory(edition=stage.edition).user):
        assert not Decision.objects.seen_by(stage.viewer(user)).exists()
    stage.track.reviewers_see_decisions = False
    stage.track.save()
    assert not Decision.objects.seen_by(stage.viewer(reviewer)).exists()


def test_each_sight_is_one_query(stage, paper, cost_of):
    assigned(paper, "A", state="submitted")
    for user in (stage.organiser, paper.created_by, Reviewer.objects.get().user):
        viewer = stage.viewer(user)
        assert viewer.roles is not None
        assert viewer.addresses is not None
        list(Submission.objects.seen_by(viewer))
        for rows in (Review, Answer, Assignment, Decision):
            with cost_of() as cost:
                list(rows.objects.seen_by(viewer))
            assert cost.queries == 1
