"""The database refuses what no page would offer: an active assignment to somebody in conflict."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from reviews.models import Assignment
from reviews.tests.factories import AssignmentFactory, ConflictFactory, ReviewerFactory
from submissions.tests.factories import SubmissionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.both]


def test_nobody_can_be_assigned_to_a_paper_they_are_in_conflict_with():
    paper = SubmissionFactory()
    reviewer = ReviewerFactory(edition=paper.edition)
    ConflictFactory(user=reviewer.user, submission=paper)
    with pytest.raises(IntegrityError, match="conflict"), transaction.atomic():
        AssignmentFactory(submission=paper, reviewer=reviewer)
    assert not Assignment.objects.exists()


def test_a_declined_assignment_cannot_come_back_into_a_conflict():
    assignment = AssignmentFactory(state="declined")
    ConflictFactory(user=assignment.reviewer.user, submission=assignment.submission)
    with pytest.raises(IntegrityError, match="conflict"), transaction.atomic():
        Assignment.objects.filter(pk=assignment.pk).update(state="active")


def test_a_dismissed_conflict_or_somebody_elses_does_not_stand_in_the_way():
    paper = SubmissionFactory()
    reviewer = ReviewerFactory(edition=paper.edition)
    ConflictFactory(user=reviewer.user, submission=paper, dismissed_at=timezone.now())
    ConflictFactory(submission=paper)
    ConflictFactory(user=reviewer.user, submission=SubmissionFactory(track=paper.track))
    assert AssignmentFactory(submission=paper, reviewer=reviewer).state == "active"
