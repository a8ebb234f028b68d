"""The thread of reviewing, page by page: invite, accept, declare, bid, assign, review, decide, release."""

import re

import pytest
from django.urls import reverse

from ml4rs.accounts.models import User
from ml4rs.jobs.models import Job
from ml4rs.jobs.registry import job_kinds
from ml4rs.notifications.models import Message
from reviews.models import Assignment, AssignmentRun, Bid, Decision, Review, Reviewer
from reviews.proposal_form import ProposalForm
from reviews.proposing.parameters import Parameters
from reviews.tests.conftest import BIDDING
from submissions.models import Submission
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.usefixtures("mails")


def url(name, *arguments):
    return reverse(f"reviews:{name}", args=["iclr2025", *arguments])


def pressed(client, address, **data):
    response = client.post(address, data, follow=True)
    assert response.status_code == 200, (response.status_code, response.content.decode()[-3000:])
    return response.content.decode()


@pytest.fixture
def paper(stage):
    return SubmissionFactory(track=stage.track, title="Clouds in time series", abstract="We remove clouds.", authors=2)


def invited(stage, address="grace@hopper.edu"):
    organiser = stage.client(stage.organiser)
    text = f"Grace Hopper <{address}>, Navy"
    preview = pressed(organiser, url("invite"), people=text, load=3, words="Please.")
    assert "1 new" in preview
    assert not Message.objects.exists()
    pressed(organiser, url("invite"), people=text, load=3, words="Please.", send=1)
    mail = Message.objects.get(event="reviews.invitation")
    return re.search(r"/iclr2025/invitation/\S+", mail.body_text).group()


def test_from_invitation_to_released_decision(stage, paper, at):
    link = invited(stage)
    stranger = stage.client(None)
    assert stranger.get(link).status_code == 200
    assert Reviewer.objects.get().state == "invited", "opening the link changes nothing"
    assert "You are on the committee" in pressed(stranger, link, answer="accept", load=2, show_publicly="on")
    grace = User.objects.get(email="grace@hopper.edu")
    reviewer = stage.client(grace)
    assert not grace.has_usable_password()

    assert "Declare your conflicts" in reviewer.get(url("desk")).content.decode()
    pressed(reviewer, url("conflicts"), lines="Nobody Known", complete="on")
    pressed(reviewer, url("about_me"), profile="clouds and time series", load=2)
    with at(BIDDING):
        assert "Clouds in time series" in reviewer.get(url("bids")).content.decode()
        pressed(reviewer, url("bids"), **{f"bid-{paper.public_id}": "2"})
    assert Bid.objects.get().level == 2

    organiser = stage.client(stage.organiser)
    pressed(organiser, url("propose"), **ProposalForm.initial_of(Parameters()))
    job = Job.objects.get(kind="reviews.assign")
    result = job_kinds.runner("reviews.assign")(job, lambda per_cent, step: None)
    assert "clouds" in organiser.get(url("run", result["run"])).content.decode()
    pressed(organiser, url("run", result["run"]), verb="apply")
    assert AssignmentRun.objects.get().state == "applied"
    assignment = Assignment.objects.get(submission=paper, reviewer__user=grace, state="active")
    assert Message.objects.filter(event="reviews.assigned").count() == 1

    page = reviewer.get(url("review", assignment.public_id)).content.decode()
    assert f"Reviewer {assignment.pseudonym}" in page
    answers = {
        "q-summary": "It removes clouds.", "q-strengths": "Clear.", "q-weaknesses": "Short.", "q-soundness": "3",
        "q-relevance": "3", "q-overall": "5", "q-confidence": "3", "q-confidential": "For organisers.",
        "q-language_models": "no",
    }  # fmt: skip
    pressed(reviewer, url("save", assignment.public_id), revision=0, **{"q-summary": "It re"})
    assert Review.objects.get().state == "draft"
    pressed(reviewer, url("submit", assignment.public_id), revision=1, **answers)
    assert Review.objects.get().state == "submitted"

    table = organiser.get(url("decisions")).content.decode()
    assert "5.0" in table
    pressed(organiser, url("decide"), paper=paper.public_id, verb="decide", verdict="accepted:oral")
    pressed(organiser, url("decision", paper.public_id), verdict="accepted:oral", comment="Well done.")
    assert "Well done." in organiser.get(url("preview", paper.public_id)).content.decode()
    author = stage.client(paper.created_by)
    own_page = reverse("submissions:detail", args=["iclr2025", paper.public_id])
    assert "Well done." not in author.get(own_page).content.decode()
    pressed(organiser, url("release"))
    pressed(organiser, url("release"))
    assert Submission.objects.get(pk=paper.pk).outcome == "accepted"
    assert Decision.objects.get().state == "released"
    assert Message.objects.filter(event="reviews.decision").count() == 2, "one to each author, once"
    shown = author.get(own_page).content.decode()
    assert "It removes clouds." in shown
    assert "Well done." in shown
    assert "For organisers." not in shown
    assert "Hopper" not in shown


def test_a_reviewer_declines_with_a_reason_and_may_change_her_mind(stage):
    link = invited(stage)
    stranger = stage.client(None)
    pressed(stranger, link, answer="decline", reason="On leave", suggestion="Ada")
    reviewer = Reviewer.objects.get()
    assert (reviewer.state, reviewer.decline_reason, reviewer.suggestion) == ("declined", "On leave", "Ada")
    assert "On leave" in stage.client(stage.organiser).get(url("committee")).content.decode()
    pressed(stranger, link, answer="accept", load=1)
    assert Reviewer.objects.get().state == "accepted"


def test_a_wrong_secret_and_a_removed_invitation_do_not_exist(stage):
    link = invited(stage)
    reviewer = Reviewer.objects.get()
    stranger = stage.client(None)
    assert stranger.get(url("invitation", reviewer.public_id, "wrong")).status_code == 404
    assert stranger.get(link).status_code == 200
    pressed(stage.client(stage.organiser), url("remove", reviewer.public_id))
    assert stranger.get(link).status_code == 404
