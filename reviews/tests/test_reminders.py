"""Whom the committee's reminders reach, and before which dates."""

from datetime import timedelta

import pytest

from ml4rs.editions.tests.factories import MilestoneFactory, TrackFactory
from ml4rs.notifications import reminders
from ml4rs.notifications.actions import ensure_default_rules
from ml4rs.notifications.registry import audience_named
from reviews.actions.forms import ensure_forms
from reviews.models import Review
from reviews.tests.conftest import REVIEWING
from reviews.tests.factories import AssignmentFactory, ReviewerFactory
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
        assert remind() == [late.email]
