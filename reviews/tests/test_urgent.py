"""A review that is needed in a hurry has a date of its own: on the desk, in the mail, in reminders."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from ml4rs.editions.models import Milestone
from ml4rs.editions.policy import NotAllowed
from reviews import actions
from reviews.actions.committee import invitation_link
from reviews.invitees import Invitee
from reviews.models import Assignment, Reviewer
from reviews.queries.papers import loads
from reviews.queries.reviews import desk
from reviews.reminding import not_started, overdue, urgent
from reviews.tests.factories import AssignmentFactory, ReviewerFactory
from reviews.tests.test_discussing import row
from submissions.tests.factories import SubmissionFactory

pytestmark = pytest.mark.usefixtures("mails")

SOON = datetime(2025, 2, 23, 11, 59, 59, tzinfo=UTC)  # the 22nd, Anywhere on Earth; all others have until the 27th


@pytest.fixture
def reviewer(stage):
    return ReviewerFactory(edition=stage.edition)


@pytest.fixture
def paper(stage):
    return SubmissionFactory(track=stage.track, title="Clouds", authors=1)


@pytest.fixture
def seat(stage, paper, reviewer):
    return actions.assign(row(stage.chair, paper), reviewer, by=stage.chair, due_at=SOON)


def due_of(stage):
    return Milestone.objects.get(edition=stage.edition, kind="review")


def test_the_organiser_gives_the_day_and_the_mail_says_it(stage, paper, reviewer, mails):
    address = reverse("reviews:assign", args=["iclr2025", paper.public_id])
    client = stage.client(stage.organiser)
    assert "Urgent: due at the end of this day" in client.get(address).text
    client.post(address, {"reviewer": reviewer.public_id, "due": "2025-02-22"})
    assert Assignment.objects.get().due_at == SOON
    (mail,) = mails.to(reviewer.user.email, "reviews.assigned")
    assert "22 Feb 2025, 23:59 AoE" in mail.body_text
    page = client.get(reverse("reviews:paper", args=["iclr2025", paper.public_id])).text
    assert "22 Feb 2025" in page


@pytest.mark.parametrize(
    ("day", "words"), [("2025-02-01", "lies ahead"), ("soon", "could not be read"), ("9999-12-31", "could not be read")]
)
def test_a_day_that_makes_no_sense_assigns_nobody(stage, paper, reviewer, day, words):
    address = reverse("reviews:assign", args=["iclr2025", paper.public_id])
    page = stage.client(stage.organiser).post(address, {"reviewer": reviewer.public_id, "due": day}, follow=True)
    assert words in page.text
    assert not Assignment.objects.exists()


def test_the_desk_shows_that_date(stage, seat, reviewer):
    (shown,) = desk(stage.viewer(reviewer.user))
    assert (shown.due.instant, shown.is_late) == (SOON, False)


def test_after_it_the_review_is_late_though_others_have_time(stage, seat, reviewer, at):
    AssignmentFactory(submission=SubmissionFactory(track=stage.track), reviewer=reviewer)
    with at(SOON + timedelta(hours=1)):
        assert [each.late for each in loads(stage.chair)] == [1]
        assert {each.is_late for each in desk(stage.viewer(reviewer.user))} == {True, False}


def test_it_has_a_reminder_of_its_own_and_none_of_the_others(stage, seat, reviewer, at):
    now = stage.chair.now
    assert list(not_started(due_of(stage), now)) == []
    (found,) = urgent(now)
    assert (found.due, found.about, found.recipient.address) == (SOON, seat.public_id, reviewer.user.email)
    with at(SOON + timedelta(hours=1)):
        assert list(urgent(stage.chair.now)) == []
    assert list(overdue(due_of(stage), SOON - timedelta(hours=1))) == []
    assert [each.about for each in overdue(due_of(stage), SOON + timedelta(days=5))] == [reviewer.public_id]


def test_what_is_handed_in_is_reminded_of_no_more(stage, seat):
    assert len(list(urgent(stage.chair.now))) == 1
    Assignment.objects.update(state="declined")
    assert list(urgent(stage.chair.now)) == []


def test_a_past_date_is_refused(stage, paper, reviewer):
    with pytest.raises(NotAllowed, match="lies ahead"):
        actions.assign(row(stage.chair, paper), reviewer, by=stage.chair, due_at=stage.chair.now)
    assert date(2025, 2, 22) < SOON.date()


class TestSteppingIn:
    """Members who offered to take one more paper on short notice."""

    def test_it_is_offered_with_the_answer_and_changed_on_the_profile(self, stage):
        person = Invitee(1, "", "Grace", "grace@forest.example")
        invited = actions.invite(stage.edition, [person], by=stage.chair)[0]
        stage.client(None).post(
            urlsplit(invitation_link(invited)).path, {"answer": "accept", "load": "2", "steps_in": "on"}
        )
        invited.refresh_from_db()
        assert invited.steps_in
        stage.client(invited.user).post("/iclr2025/reviewing/about-me/", {"profile": "", "load": "2"})
        invited.refresh_from_db()
        assert not invited.steps_in

    def test_the_organiser_sees_who_does_before_those_who_are_full(self, stage):
        paper, other = SubmissionFactory(track=stage.track), SubmissionFactory(track=stage.track)
        full, steps_in = (ReviewerFactory(edition=stage.edition, load=1) for _ in range(2))
        Reviewer.objects.filter(pk=steps_in.pk).update(steps_in=True)
        for reviewer in (full, steps_in):
            AssignmentFactory(submission=other, reviewer=reviewer)
        page = stage.client(stage.organiser).get(f"/iclr2025/organise/reviews/{paper.public_id}/assign/")
        rows = page.context["candidates"]
        assert [row["load"].reviewer for row in rows] == [steps_in, full]
        assert "steps in on short notice" in page.content.decode()

    def test_with_one_paper_more_the_offer_is_taken(self, stage):
        steps_in = ReviewerFactory(edition=stage.edition, load=1, steps_in=True)
        for _ in range(2):
            AssignmentFactory(submission=SubmissionFactory(track=stage.track), reviewer=steps_in)
        paper = SubmissionFactory(track=stage.track)
        page = stage.client(stage.organiser).get(f"/iclr2025/organise/reviews/{paper.public_id}/assign/")
        assert "has as many papers as they take" in page.content.decode()

    def test_the_committee_can_be_narrowed_to_them(self, stage):
        ReviewerFactory(edition=stage.edition, name="Steadfast")
        ReviewerFactory(edition=stage.edition, name="Standby", steps_in=True)
        page = stage.client(stage.organiser).get("/iclr2025/organise/committee/?state=steps_in").content.decode()
        assert "Standby" in page
        assert "Steadfast" not in page
