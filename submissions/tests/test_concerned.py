"""Whom a date of papers concerns when it moves, and who may know of it."""

from datetime import timedelta

import pytest

from ml4rs.editions.models import Extension, Milestone
from ml4rs.editions.tests.factories import MilestoneFactory, RoleFactory, TrackFactory
from ml4rs.notifications import moving
from ml4rs.notifications.timeline import timeline
from reviews.tests.factories import ConflictFactory
from submissions.models import Authorship
from submissions.tests.conftest import BEFORE
from submissions.tests.factories import SubmissionFactory

Kind = Milestone.Kind


@pytest.fixture
def due(track):
    return Milestone.objects.get(edition=track.edition, kind=Kind.SUBMISSION)


def told(milestone):
    return {each.person.recipient.address for each in moving.to_tell(milestone, BEFORE)}


def authors_of(*papers):
    return set(Authorship.objects.filter(submission__in=papers).values_list("email", flat=True))


def test_all_authors_of_what_is_in_and_the_makers_of_drafts(track, due):
    submitted = SubmissionFactory(track=track)
    draft = SubmissionFactory(track=track, draft=True)
    gone = SubmissionFactory(track=track, state="withdrawn")
    assert told(due) == authors_of(submitted) | {draft.created_by.email}
    assert gone.created_by.email not in told(due)


def test_not_those_whose_paper_has_a_later_date_anyway(track, due):
    paper = SubmissionFactory(track=track)
    values = {"reason": "Illness", "granted_by": paper.created_by, "granted_at": BEFORE}
    later = Extension.objects.create(
        milestone=due, about=paper.public_id, until=due.instant + timedelta(days=9), **values
    )
    assert told(due) == set()
    later.until = due.instant - timedelta(days=1)  # the common date has moved beyond it since
    later.save()
    assert told(due) == authors_of(paper)


def test_not_those_of_another_track(track, due):
    other = TrackFactory(edition=track.edition)
    MilestoneFactory(edition=track.edition, track=other, kind=Kind.SUBMISSION, instant=due.instant)
    paper = SubmissionFactory(track=other)
    assert not told(due) & authors_of(paper)


@pytest.mark.parametrize(
    ("kind", "released", "outcome", "is_told"),
    [
        (Kind.NOTIFICATION, None, "", True),
        (Kind.NOTIFICATION, BEFORE, "accepted", False),
        (Kind.CAMERA_READY, BEFORE, "accepted", True),
        (Kind.CAMERA_READY, BEFORE, "rejected", False),
        (Kind.CAMERA_READY, BEFORE + timedelta(days=1), "accepted", False),
        (Kind.WORKSHOP, BEFORE, "accepted", True),
        (Kind.WORKSHOP, None, "", False),
    ],
)
def test_before_the_release_nobody_can_tell_from_a_mail_what_was_decided(track, kind, released, outcome, is_told):
    paper = SubmissionFactory(track=track, released_at=released, outcome=outcome)
    milestone = Milestone.objects.filter(edition=track.edition, kind=kind).first() or MilestoneFactory(
        edition=track.edition, kind=kind, instant=BEFORE + timedelta(days=30)
    )
    assert bool(told(milestone) & authors_of(paper)) == is_told


def test_an_organiser_in_conflict_does_not_read_who_is_told(track, due, viewer_of):
    paper, open_one = (SubmissionFactory(track=track) for _ in range(2))
    chair = viewer_of(RoleFactory(edition=track.edition).user, track.edition, now=BEFORE)
    ConflictFactory(user=chair.user, submission=paper)
    seen = {each.person.recipient.address for each in moving.seen_by(chair, due)}
    assert authors_of(open_one) <= seen
    assert not authors_of(paper) & seen
    assert authors_of(paper) <= told(due)


def test_the_timeline_names_an_extension_to_organisers_without_conflict_alone(track, due, viewer_of):
    paper = SubmissionFactory(track=track, title="Juniper")
    values = {"reason": "Illness", "granted_by": paper.created_by, "granted_at": BEFORE}
    Extension.objects.create(milestone=due, about=paper.public_id, until=due.instant + timedelta(days=2), **values)
    chairs = [viewer_of(RoleFactory(edition=track.edition).user, track.edition, now=BEFORE) for _ in range(2)]
    ConflictFactory(user=chairs[1].user, submission=paper)
    labels = [[each.label for stop in timeline(chair) for each in stop.granted] for chair in chairs]
    assert labels == [["Juniper"], []]
