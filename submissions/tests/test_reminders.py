"""Who still owes something, and what a person's home page says of it."""

from datetime import UTC, datetime

import pytest

from ml4rs.editions.models import Milestone
from ml4rs.editions.tests.factories import MilestoneFactory, TrackFactory
from ml4rs.editions.viewer import Viewer
from submissions import actions
from submissions.models import Submission
from submissions.registering import duties
from submissions.reminding import authors_with_drafts, authors_without_camera_ready
from submissions.tests.conftest import BEFORE, LATER, checked, many_papers, pdf_file
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db


def reminded(audience, kind: str, now=BEFORE, track=None) -> list[str]:
    milestone = Milestone.objects.get(kind=kind, track=track)
    return sorted(owed.recipient.address for owed in audience(milestone, now))


def test_authors_with_a_draft_are_reminded_and_nobody_else(draft, track):
    SubmissionFactory(track=track)
    SubmissionFactory(track=track, state="withdrawn")
    assert reminded(authors_with_drafts, "submission") == ["ada@quux.example"]


def test_once_submitted_nobody_is_reminded(submitted):
    assert reminded(authors_with_drafts, "submission") == []


def test_a_track_with_a_date_of_its_own_is_left_to_that_date(draft, track):
    tiny = TrackFactory(edition=track.edition)
    MilestoneFactory(edition=track.edition, track=tiny, kind="submission", instant=datetime(2025, 4, 1, tzinfo=UTC))
    late = SubmissionFactory(track=tiny, draft=True)
    assert reminded(authors_with_drafts, "submission") == ["ada@quux.example"]
    assert reminded(authors_with_drafts, "submission", track=tiny) == [late.created_by.email]


def test_accepted_authors_are_reminded_until_the_camera_ready_version_is_in(accepted, author, at):
    assert reminded(authors_without_camera_ready, "camera_ready", LATER) == ["ada@quux.example"]
    checked(actions.upload(accepted, "camera_ready", pdf_file(), by=at(author, LATER)))
    assert reminded(authors_without_camera_ready, "camera_ready", LATER) == []


@pytest.mark.parametrize("count", [1, 50])
def test_an_audience_costs_the_same_at_any_length(track, cost_of, count):
    many_papers(track, count, accepted=True)
    milestone = Milestone.objects.get(kind="camera_ready")
    with cost_of() as cost:
        assert len(list(authors_without_camera_ready(milestone, LATER))) == count
    assert cost.queries <= 9, cost.statements


def titles(viewer: Viewer) -> list[tuple[str, str]]:
    return [(duty.state, duty.title) for duty in duties(viewer)]


def test_the_home_page_says_what_is_owed_at_each_stage(complete, author, at, mails):
    name = "“Seeing fields from space”"
    assert titles(author) == [("open", f"Finish and submit {name}")]
    actions.submit(complete, by=author)
    assert titles(author) == [("waiting", f"Submitted: {name}")]
    actions.release_outcome(complete, outcome="accepted", presentation="oral", at=LATER)
    assert titles(at(author, LATER)) == [("open", f"Hand in the camera-ready version of {name}")]
    actions.upload(complete, "camera_ready", pdf_file(), by=at(author, LATER))
    assert titles(at(author, LATER)) == [("done", f"Accepted: {name}")]


def test_an_outcome_is_not_known_before_its_release(submitted, author, at):
    actions.release_outcome(submitted, outcome="rejected", at=LATER)
    assert titles(author)[0][0] == "waiting"
    assert titles(at(author, LATER))[0] == ("done", "Not accepted: “Seeing fields from space”")


def test_a_draft_after_the_deadline_is_owed_no_more(draft, author, at):
    assert titles(at(author, LATER))[0][0] == "done"
    assert Submission.objects.get().state == "draft"
