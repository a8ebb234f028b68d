"""Whom the committee's reminders reach, and before which dates."""

from datetime import timedelta

import pytest

from ml4rs.editions.models import Extension
from ml4rs.editions.tests.factories import MilestoneFactory, RoleFactory, TrackFactory
from ml4rs.notifications import reminders
from ml4rs.notifications.actions import ensure_default_rules
from ml4rs.notifications.policy import seen_by
from ml4rs.notifications.registry import audience_named
from reviews.actions.chasing import chase
from reviews.actions.forms import ensure_forms
from reviews.models import Review
from reviews.tests.conftest import REVIEWING
from reviews.tests.factories import AssignmentFactory, ConflictFactory, ReviewerFactory
from submissions.models import Submission
from submissions.tests.factories import SubmissionFactory

DAY = timedelta(days=1)
TIMES = {"created_at": REVIEWING, "updated_at": REVIEWING}


@pytest.fixture
def remind(stage, mails):
    """`remind()`: what beat does now; who gets a reminder."""

    def run():
        ensure_default_rules(stage.edition)
        already = len(mails.messages)
        reminders.send_due()
        return [message.recipient for message in mails.messages[already:]]

    return run


@pytest.mark.parametrize("is_reviewed", [True, False])
def test_an_invitation_is_reminded_of_before_dates_of_reviewed_tracks_alone(stage, remind, is_reviewed):
    unanswered = {"state": "invited", "user": None, "answered_at": None, "conflicts_declared_at": None, "role": False}
    ReviewerFactory(edition=stage.edition, email="asked@lab.example", name="Asked", **unanswered)
    track = TrackFactory(edition=stage.edition, is_reviewed=is_reviewed, reviews_per_paper=2 if is_reviewed else None)
    MilestoneFactory(edition=stage.edition, track=track, kind="submission", instant=REVIEWING + DAY)
    assert remind() == (["asked@lab.example"] if is_reviewed else [])


def test_the_page_of_reminders_lists_no_date_of_a_track_without_review(stage):
    slides = TrackFactory(edition=stage.edition, name="Bonus slides", is_reviewed=False, reviews_per_paper=None)
    due = MilestoneFactory(edition=stage.edition, track=slides, kind="submission", instant=REVIEWING + 9 * DAY)
    assert not audience_named("reviews.unanswered").minds(due)
    assert audience_named("submissions.drafts").minds(due)


def test_who_has_reviewed_is_left_alone(stage, remind, at):
    papers = [SubmissionFactory(track=stage.track, authors=0) for _ in range(2)]
    done, late = (AssignmentFactory(submission=paper).reviewer for paper in papers)
    assignment, form = done.assignments.get(), ensure_forms(stage.track)
    Review.objects.create(assignment=assignment, form=form, state="submitted", submitted_at=REVIEWING, **TIMES)
    with at(REVIEWING + 6 * DAY):
        assert set(remind()) - {stage.organiser.email} == {late.email}


# --- Reviewers, by how far they are -----------------------------------------------------------------


def owing(name, stage):
    milestone = stage.edition.milestones.get(kind="review")
    return {owed.recipient.address: owed for owed in audience_named(name).owing(milestone, REVIEWING)}


@pytest.fixture
def drafting(stage):
    """A reviewer with one paper, begun."""
    assignment = AssignmentFactory(submission=SubmissionFactory(track=stage.track, authors=0))
    Review.objects.create(assignment=assignment, form=ensure_forms(stage.track), state="draft", **TIMES)
    return assignment


def test_who_has_begun_and_who_has_not_are_reminded_apart(stage, drafting):
    silent = AssignmentFactory(submission=SubmissionFactory(track=stage.track, authors=0)).reviewer
    assert set(owing("reviews.not_started", stage)) == {silent.email}
    assert set(owing("reviews.drafts", stage)) == {drafting.reviewer.email}
    assert set(owing("reviews.overdue", stage)) == {silent.email, drafting.reviewer.email}


def test_one_review_that_is_left_is_one_click_away(stage, drafting):
    (owed,) = owing("reviews.drafts", stage).values()
    assert owed.url.endswith(f"/{drafting.public_id}/")
    AssignmentFactory(reviewer=drafting.reviewer, submission=SubmissionFactory(track=stage.track, authors=0))
    (owed,) = owing("reviews.drafts", stage).values()
    assert drafting.public_id not in owed.url


def test_after_the_date_who_is_late_hears_of_it_until_decisions_are_released(stage, drafting, remind, at):
    due = stage.edition.milestones.get(kind="review").instant
    with at(due + DAY):
        assert drafting.reviewer.email in remind()
    Submission.objects.update(outcome="accepted", presentation="poster", released_at=due + DAY)
    with at(due + 3 * DAY):
        assert drafting.reviewer.email not in remind()


def test_who_was_reminded_by_hand_is_left_in_peace_for_a_day(stage, drafting, remind, at, mails):
    due = stage.edition.milestones.get(kind="review").instant
    with at(due - 3 * DAY - timedelta(hours=2)):
        chase(by=stage.chair)
    with at(due - 3 * DAY):
        remind()
    (pushed,) = mails.to(drafting.reviewer.email, "notifications.reminder")
    assert pushed.due_at >= due - 2 * DAY - timedelta(hours=2)


def test_somebody_with_more_time_is_reminded_before_that_date_alone(stage, drafting, remind, at):
    due = stage.edition.milestones.get(kind="review")
    later = due.instant + 5 * DAY
    given = {"reason": "Ill", "granted_by": stage.organiser, "granted_at": REVIEWING}
    Extension.objects.create(milestone=due, about=drafting.reviewer.public_id, until=later, **given)
    for moment in (due.instant - 3 * DAY, due.instant + DAY):
        with at(moment):
            assert drafting.reviewer.email not in remind()
    with at(later - DAY):
        assert remind().count(drafting.reviewer.email) == 1


# --- The organisers' daily list ----------------------------------------------------------------------


def test_organisers_get_one_list_of_papers_with_too_few_reviews(stage, drafting, remind, at, mails):
    due = stage.edition.milestones.get(kind="review").instant
    SubmissionFactory(track=stage.track, authors=0)
    with at(due):
        remind()
    (daily,) = mails.to(stage.organiser.email, "notifications.digest")
    assert "2 papers have too few reviews" in daily.subject
    assert "0 of 2" in daily.body_text


def test_the_list_holds_no_paper_that_its_reader_is_in_conflict_with(stage, drafting, remind, at, mails):
    due = stage.edition.milestones.get(kind="review").instant
    ConflictFactory(user=stage.organiser, submission=drafting.submission)
    with at(due):
        remind()
    assert mails.to(stage.organiser.email, "notifications.digest") == []


def test_a_list_is_shown_in_the_outbox_only_to_who_may_know_of_every_paper_on_it(stage, drafting, remind, at, mails):
    other = RoleFactory(edition=stage.edition).user
    SubmissionFactory(track=stage.track, authors=0)
    ConflictFactory(user=other, submission=drafting.submission)
    with at(stage.edition.milestones.get(kind="review").instant):
        remind()
        (daily,) = mails.to(stage.organiser.email, "notifications.digest")
        assert daily in seen_by(stage.chair)
        assert daily not in seen_by(stage.viewer(other))


def test_a_digest_costs_no_more_for_more_papers(stage, cost_of):
    for _ in range(30):
        SubmissionFactory(track=stage.track, authors=0)
    with cost_of() as cost:
        assert len(owing("reviews.too_few", stage)) == 1
    assert cost.queries <= 8
