"""Assigning by solver and by hand: demands, loads, conflicts, pseudonyms, one mail to each."""

import pytest
from django.db.models import Count

from ml4rs.audit.models import Entry
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import RoleFactory
from ml4rs.jobs.models import Job
from ml4rs.notifications.models import Message
from reviews import actions
from reviews.actions.assigning import draw_letter
from reviews.models import Assignment, AssignmentRun, Reviewer
from reviews.proposing.working import propose
from reviews.queries.proposals import proposal
from reviews.tests.factories import AssignmentFactory, ConflictFactory, ReviewerFactory
from submissions.models import Submission
from submissions.tests.factories import SubmissionFactory


def proposed(stage, by=None):
    job = actions.ask_for_proposal(stage.edition, by=by or stage.chair)
    result = propose(job, lambda per_cent, step: None)
    Job.objects.all().delete()
    return AssignmentRun.objects.get(public_id=result["run"])


def row(stage, paper):
    return Submission.objects.seen_by(stage.chair).select_related("track").get(pk=paper.pk)


@pytest.fixture
def papers(stage):
    return [SubmissionFactory(track=stage.track, title=f"Clouds {number}") for number in range(3)]


def test_a_proposal_changes_nothing_until_it_is_applied(stage, papers, mails):
    reviewers = [ReviewerFactory(edition=stage.edition, load=3) for _ in range(3)]
    run = proposed(stage)
    assert not Assignment.objects.exists()
    assert actions.apply_run(run, by=stage.chair) == (6, 0)
    assert set(Assignment.objects.values_list("submission").annotate(n=Count("pk")).values_list("n", flat=True)) == {2}
    assert len(mails.messages) == len({each.reviewer for each in Assignment.objects.all()}) <= len(reviewers)
    assert not any("6" in message.subject for message in mails.messages)
    given = {each.reviewer.user: set() for each in Assignment.objects.all()}
    for each in Assignment.objects.all():
        given[each.reviewer.user].add(each.submission_id)
    told = {message.user: {each.submission_id for each in message.concerns.all()} for message in mails.messages}
    assert told == given


def test_of_two_clicks_one_applies(stage, papers, mails):
    ReviewerFactory(edition=stage.edition)
    run = proposed(stage)
    actions.apply_run(run, by=stage.chair)
    with pytest.raises(NotAllowed, match="already"):
        actions.apply_run(run, by=stage.chair)
    assert Assignment.objects.count() == 3
    assert Message.objects.count() == 1


def test_nobody_gets_a_paper_in_conflict_even_if_it_is_found_later(stage, papers, mails):
    reviewer = ReviewerFactory(edition=stage.edition)
    ConflictFactory(user=reviewer.user, submission=papers[0])
    run = proposed(stage)
    assert {pair[0] for pair in run.pairs} == {papers[1].pk, papers[2].pk}
    ConflictFactory(user=reviewer.user, submission=papers[1])
    assert actions.apply_run(run, by=stage.chair) == (1, 1)


def test_those_who_have_not_declared_or_not_accepted_get_nothing(stage, papers):
    ReviewerFactory(edition=stage.edition, conflicts_declared_at=None)
    ReviewerFactory(edition=stage.edition, state="declined")
    assert proposed(stage).pairs == []


def test_a_proposal_is_for_the_papers_of_the_person_who_asked(stage, papers):
    ReviewerFactory(edition=stage.edition)
    other = RoleFactory(edition=stage.edition).user
    ConflictFactory(user=other, submission=papers[0])
    run = proposed(stage, by=stage.viewer(other))
    assert papers[0].pk not in {pair[0] for pair in run.pairs}
    whole = proposed(stage)
    assert papers[0].pk in {pair[0] for pair in whole.pairs}
    seen = proposal(stage.viewer(other), whole)
    assert papers[0].pk not in {pair.submission.pk for pair in seen.pairs}
    assert len(seen.papers) == 2
    assert len(proposal(stage.chair, whole).papers) == 3


def test_a_second_proposal_keeps_who_reviews_already_and_fills_the_gaps(stage, papers, mails):
    kept = AssignmentFactory(submission=papers[0], reviewer=ReviewerFactory(edition=stage.edition))
    run = proposed(stage)
    assert [papers[0].pk, kept.reviewer.pk] not in [pair[:2] for pair in run.pairs]
    actions.apply_run(run, by=stage.chair)
    assert Assignment.objects.active().filter(submission=papers[0]).count() == 1


def test_a_paper_given_back_does_not_return(stage, papers):
    reviewer = ReviewerFactory(edition=stage.edition)
    AssignmentFactory(submission=papers[0], reviewer=reviewer, state="declined")
    assert papers[0].pk not in {pair[0] for pair in proposed(stage).pairs}


def test_what_is_missing_is_explained(stage, papers):
    ReviewerFactory(edition=stage.edition, load=2)
    seen = proposal(stage.chair, proposed(stage))
    assert sum(missing for _, missing, _ in seen.short) == 4
    assert seen.shortage.missing == 4


def test_why_a_pair_was_chosen_is_told_in_words(stage, papers):
    ReviewerFactory(edition=stage.edition, profile="clouds in images")
    ReviewerFactory(edition=stage.edition, profile="")
    reasons = " ".join(pair[3] for pair in proposed(stage).pairs)
    assert "clouds" in reasons.partition("words: ")[2]
    assert "closeness unknown" in reasons


def test_pseudonyms_tell_nothing_of_the_order_in_which_people_came():
    """Of twelve letters drawn, a rise from each to the next happens by chance once in 479 million times."""
    drawn = set()
    letters = [draw_letter(drawn) for _ in range(12)]
    assert letters not in (sorted(letters), sorted(letters, reverse=True))
    assert len({draw_letter(set()) for _ in range(60)}) > 5


def test_pseudonyms_are_unique_on_a_paper_and_never_used_again(stage, papers, mails):
    for _ in range(26):
        actions.assign(row(stage, papers[0]), ReviewerFactory(edition=stage.edition), by=stage.chair)
    letters = list(papers[0].assignments.values_list("pseudonym", flat=True))
    assert len(set(letters)) == 26
    assert sum(len(letter) == 2 for letter in letters) == 2
    first = Assignment.objects.seen_by(stage.chair).first()
    actions.unassign(first, by=stage.chair)
    actions.assign(row(stage, papers[0]), ReviewerFactory(edition=stage.edition), by=stage.chair)
    assert papers[0].assignments.values("pseudonym").distinct().count() == 27


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda paper, reviewer: ConflictFactory(user=reviewer.user, submission=paper), "in conflict"),
        (lambda paper, reviewer: AssignmentFactory(submission=paper, reviewer=reviewer), "already"),
        (lambda paper, reviewer: Reviewer.objects.update(conflicts_declared_at=None), "not declared"),
        (lambda paper, reviewer: Reviewer.objects.update(state="declined"), "not accepted"),
        (lambda paper, reviewer: Submission.objects.update(state="withdrawn"), "not under review"),
    ],
)
def test_by_hand_what_must_not_be_is_refused_in_words(stage, papers, prepare, words):
    reviewer = ReviewerFactory(edition=stage.edition)
    prepare(papers[0], reviewer)
    reviewer.refresh_from_db()
    before = Assignment.objects.count()
    with pytest.raises(NotAllowed, match=words):
        actions.assign(row(stage, papers[0]), reviewer, by=stage.chair)
    assert Assignment.objects.count() == before


def test_a_full_load_warns_and_does_not_refuse(stage, papers, mails):
    reviewer = ReviewerFactory(edition=stage.edition, load=1)
    for paper in papers[:2]:
        actions.assign(row(stage, paper), reviewer, by=stage.chair)
    page = stage.client(stage.organiser).get(f"/iclr2025/organise/reviews/{papers[2].public_id}/assign/")
    assert "has as many papers as they take" in page.content.decode()
    assert Entry.objects.filter(verb="assignment.made").count() == 2


def test_a_submitted_review_keeps_its_reviewer(stage, papers):
    from reviews.actions import ensure_forms
    from reviews.models import Review

    assignment = AssignmentFactory(submission=papers[0], reviewer=ReviewerFactory(edition=stage.edition))
    now = papers[0].created_at
    Review.objects.create(
        assignment=assignment,
        form=ensure_forms(stage.track),
        state="submitted",
        created_at=now,
        updated_at=now,
        submitted_at=now,
    )
    with pytest.raises(NotAllowed, match="stays with the paper"):
        actions.unassign(Assignment.objects.seen_by(stage.chair).get(), by=stage.chair)
