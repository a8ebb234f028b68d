"""Rights that change with a track's settings and dates: enforced, and told by the page of phases in the same way."""

from datetime import UTC, datetime

import pytest

from ml4rs.editions.phases import sights
from reviews.actions import open_discussions
from reviews.models import Assignment, Review
from reviews.policy import may_bid, may_write
from reviews.queries.discussing import thread
from reviews.queries.reviews import membership, reviews_of
from reviews.tests.conftest import COMPLETE, Desk
from reviews.tests.factories import AssignmentFactory
from submissions.models import Submission
from submissions.policy import may_edit
from submissions.tests.factories import SubmissionFactory

DAYS = [datetime(2025, 2, day, 15, tzinfo=UTC) for day in (5, 12, 20, 28)]
DUE = datetime(2025, 2, 27, 12, 5, tzinfo=UTC)


@pytest.fixture
def pair(stage):
    """Two reviews of a paper, both submitted before they were due."""
    paper = SubmissionFactory(track=stage.track)
    pair = [AssignmentFactory(submission=paper), AssignmentFactory(submission=paper)]
    for assignment in pair:
        Desk(assignment, stage.client(assignment.reviewer.user)).post("submit", revision="0", **COMPLETE)
    return pair


def seen(stage, assignment, now=None):
    viewer = stage.viewer(assignment.reviewer.user)
    paper = Submission.objects.seen_by(viewer).select_related("track").get(pk=assignment.submission_id)
    return [each for each in reviews_of(viewer, paper) if not each.is_own]


def own(stage, assignment) -> Assignment:
    viewer = stage.viewer(assignment.reviewer.user)
    rows = Assignment.objects.seen_by(viewer).select_related("submission__track", "reviewer")
    return rows.get(pk=assignment.pk)


def test_usually_the_other_reviews_are_seen_at_once(stage, pair):
    assert len(seen(stage, pair[0])) == 1


def test_where_they_wait_they_are_seen_when_all_are_due(stage, pair, at):
    stage.track.reviews_wait_for_due = True
    stage.track.save()
    assert seen(stage, pair[0]) == []
    with at(DUE):
        assert len(seen(stage, pair[0])) == 1


def test_where_they_wait_the_number_of_reviews_waits_too(stage, pair):
    stage.track.reviews_wait_for_due = True
    stage.track.save()
    page = Desk(pair[0], stage.client(pair[0].reviewer.user)).page().content.decode()
    assert "and reviews are due" in page
    assert f"Reviewer {pair[1].pseudonym}" not in page


def test_where_they_wait_a_changed_score_in_the_discussion_waits_too(stage, pair, at, mails):
    paper = Submission.objects.seen_by(stage.chair).select_related("track").get(pk=pair[0].submission_id)
    open_discussions([paper], by=stage.chair)
    Desk(pair[1], stage.client(pair[1].reviewer.user)).post("submit", revision="1", **{**COMPLETE, "q-overall": "2"})
    stage.track.reviews_wait_for_due = True
    stage.track.save()

    def said():
        viewer = stage.viewer(pair[0].reviewer.user)
        return thread(viewer, Submission.objects.seen_by(viewer).select_related("track").get(pk=paper.pk))

    assert said() == []
    with at(DUE):
        assert len(said()) == 1


def test_usually_a_review_can_be_changed_after_it_was_due(stage, pair, at):
    with at(DUE):
        assert may_write(stage.viewer(pair[0].reviewer.user), own(stage, pair[0]))


def test_where_reviews_are_fixed_a_submitted_one_stays(stage, pair, at):
    stage.track.reviews_fixed_once_due = True
    stage.track.save()
    desk = Desk(pair[0], stage.client(pair[0].reviewer.user))
    with at(DUE):
        response = desk.post("submit", revision="1", **{**COMPLETE, "q-summary": "Something else."})
        assert response.status_code == 403
        assert "Something else." in response.content.decode()  # what was typed is not lost
    assert Review.objects.get(assignment=pair[0]).answers.get(field__key="summary").text == "It removes clouds."


def test_where_reviews_are_fixed_a_missing_one_is_welcome_still(stage, at):
    stage.track.reviews_fixed_once_due = True
    stage.track.save()
    assignment = AssignmentFactory(submission=SubmissionFactory(track=stage.track))
    with at(DUE):
        assert may_write(stage.viewer(assignment.reviewer.user), own(stage, assignment))


def test_where_reviews_are_fixed_more_time_counts(stage, pair, at):
    stage.track.reviews_fixed_once_due = True
    stage.track.save()
    Assignment.objects.filter(pk=pair[0].pk).update(due_at=datetime(2025, 3, 2, tzinfo=UTC))
    with at(DUE):
        assert may_write(stage.viewer(pair[0].reviewer.user), own(stage, pair[0]))


def told(stage, role: str, words: str, now: datetime) -> bool:
    edition = stage.chair.edition
    found = next(each for each in sights(edition, stage.track, now) if each.role.startswith(role))
    return any(said.startswith(words) for said in found.does)


@pytest.mark.parametrize("now", DAYS)
@pytest.mark.parametrize("fixed", [False, True])
def test_what_is_told_of_changing_a_review_is_so(stage, pair, at, now, fixed):
    stage.track.reviews_fixed_once_due = fixed
    stage.track.save()
    with at(now):
        allowed = bool(may_write(stage.viewer(pair[0].reviewer.user), own(stage, pair[0])))
        assert told(stage, "Assigned reviewer whose own review is in", "Change", now) is (allowed and now > DAYS[0])


@pytest.mark.parametrize("now", DAYS)
def test_what_is_told_of_bids_is_so(stage, pair, at, now):
    with at(now):
        viewer = stage.viewer(pair[0].reviewer.user)
        assert told(stage, "Committee member, not assigned", "Bid", now) is bool(may_bid(viewer, membership(viewer)))


@pytest.mark.parametrize("now", DAYS)
def test_what_is_told_of_changing_a_paper_is_so(stage, pair, at, now):
    with at(now):
        viewer = stage.viewer(pair[0].submission.created_by)
        paper = Submission.objects.seen_by(viewer).select_related("track").get(pk=pair[0].submission_id)
        assert told(stage, "Author", "Change", now) is bool(may_edit(viewer, paper))
