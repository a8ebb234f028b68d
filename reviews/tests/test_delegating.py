"""Handing a paper on: proposed, approved, taken over by somebody without conflict; nothing is told that tells more."""

import pytest
from django.urls import reverse

from ml4rs.audit.models import Entry
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.tests.factories import UserFactory
from reviews import actions
from reviews.announcing import figures
from reviews.models import Assignment, Delegation, Review, Reviewer
from reviews.queries.delegating import delegations_of
from reviews.tests.factories import AssignmentFactory, ConflictFactory, ReviewerFactory
from submissions.models import Submission
from submissions.tests.factories import AuthorshipFactory, SubmissionFactory

pytestmark = pytest.mark.usefixtures("mails")


@pytest.fixture
def paper(stage):
    return SubmissionFactory(track=stage.track, title="Clouds", authors=1)


@pytest.fixture
def seat(paper):
    return AssignmentFactory(submission=paper, pseudonym="K")


def own(stage, seat):
    viewer = stage.viewer(seat.reviewer.user)
    return Assignment.objects.seen_by(viewer).select_related("submission", "reviewer").get(pk=seat.pk), viewer


def propose(stage, seat, email="mary@far.example", name="Mary Somerville"):
    assignment, viewer = own(stage, seat)
    return actions.propose_delegate(assignment, name=name, email=email, reason="She knows it.", by=viewer)


def row(stage, paper):
    return Submission.objects.seen_by(stage.chair).select_related("track", "edition").get(pk=paper.pk)


def approve(stage, found):
    fresh = Delegation.objects.select_related("assignment__reviewer__user", "assignment__submission__edition")
    found = fresh.get(pk=found.pk)
    return actions.approve_delegate(found, row(stage, found.assignment.submission), by=stage.chair)


def active(paper):
    return list(Assignment.objects.active().filter(submission=paper).values_list("reviewer__email", flat=True))


def url(name, *arguments):
    return reverse(f"reviews:{name}", args=["iclr2025", *arguments])


def test_a_colleague_on_the_committee_takes_over_at_once(stage, paper, seat, mails):
    mary = ReviewerFactory(edition=stage.edition, user__email="mary@far.example")
    found = approve(stage, propose(stage, seat))
    assert (found.state, found.colleague) == ("done", mary)
    assert active(paper) == ["mary@far.example"]
    assert Assignment.objects.active().get().pseudonym != "K"
    assert [each.event for each in mails.messages] == ["reviews.assigned", "reviews.delegation_done"]


def test_a_new_colleague_is_invited_and_takes_over_once_conflicts_are_declared(stage, paper, seat, mails):
    found = approve(stage, propose(stage, seat))
    assert found.state == "approved"
    assert [each.event for each in mails.messages] == ["reviews.invitation"]
    assert active(paper) == [seat.reviewer.email]
    mary = actions.accept(found.colleague, load=1, show_publicly=True, by=stage.viewer(None))
    assert active(paper) == [seat.reviewer.email]
    actions.declare_conflicts(mary, lines="", by=stage.viewer(mary.user))
    assert active(paper) == ["mary@far.example"]


def test_a_colleague_whose_conflicts_bar_the_paper_does_not_get_it(stage, paper, seat, mails):
    AuthorshipFactory(submission=paper, name="Charles Babbage", email="charles@engine.example", position=5)
    found = approve(stage, propose(stage, seat))
    mary = actions.accept(found.colleague, load=1, show_publicly=True, by=stage.viewer(None))
    actions.declare_conflicts(mary, lines="Charles Babbage", by=stage.viewer(mary.user))
    found.refresh_from_db()
    assert found.state == "refused"
    assert active(paper) == [seat.reviewer.email]
    words = mails.messages[-1].body_text
    assert "cannot take over" in words
    assert "conflict" not in words.lower()
    assert "Clouds" not in words


def test_organisers_are_told_of_conflicts_and_the_reviewer_is_not(stage, paper, seat):
    AuthorshipFactory(submission=paper, name="Charles Babbage", email="charles@engine.example", position=5)
    client = stage.client(seat.reviewer.user)
    typed = {"name": "Ann Byron", "email": "ann@engine.example", "reason": "Why not"}
    page = client.post(url("delegate", seat.public_id), typed, follow=True).text
    assert "The organisers are asked" in page
    assert "Babbage" not in page
    (shown,) = delegations_of(paper)
    assert "Charles Babbage" in shown.remarks[0]
    assert "Charles Babbage" in stage.client(stage.organiser).get(url("paper", paper.public_id)).text
    assert Entry.objects.filter(verb="submission.authors_read", submission_id=paper.pk).exists()


def test_somebody_in_conflict_is_not_approved(stage, paper, seat):
    mary = ReviewerFactory(edition=stage.edition, user__email="mary@far.example")
    ConflictFactory(user=mary.user, submission=paper)
    with pytest.raises(NotAllowed, match="in conflict"):
        approve(stage, propose(stage, seat))
    assert Delegation.objects.get().state == "proposed"


def test_who_declined_the_committee_is_not_asked_again(stage, seat):
    Reviewer.objects.create(
        edition=stage.edition, email="mary@far.example", state="declined", invited_at=stage.chair.now,
        answered_at=stage.chair.now,
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="has declined"):
        approve(stage, propose(stage, seat))


def test_a_colleague_who_declines_leaves_room_for_another(stage, paper, seat, mails):
    found = approve(stage, propose(stage, seat))
    actions.decline(found.colleague, reason="No time", suggestion="", by=stage.viewer(None))
    found.refresh_from_db()
    assert found.state == "refused"
    assert "cannot take over" in mails.messages[-1].body_text
    assert propose(stage, seat, email="other@far.example").state == "proposed"


def test_a_colleague_taken_off_the_committee_takes_nothing_over(stage, paper, seat):
    found = approve(stage, propose(stage, seat))
    actions.remove(found.colleague, by=stage.chair)
    found.refresh_from_db()
    assert found.state == "refused"
    assert active(paper) == [seat.reviewer.email]


def test_a_member_is_known_by_any_verified_address(stage, paper, seat):
    mary = ReviewerFactory(edition=stage.edition, user__email="mary@work.example")
    mary.user.emailaddress_set.create(email="mary@far.example", verified=True)
    assert approve(stage, propose(stage, seat)).colleague == mary
    assert active(paper) == ["mary@work.example"]


def test_nothing_waits_once_the_paper_was_given_back(stage, paper, seat):
    found = propose(stage, seat)
    Assignment.objects.filter(pk=seat.pk).update(state="declined")
    assert not [each for each in figures(stage.chair) if each.label == "colleagues to approve"]
    with pytest.raises(NotAllowed, match="given the paper back"):
        approve(stage, found)


def test_a_refusal_is_told_with_its_words(stage, paper, seat, mails):
    found = propose(stage, seat)
    there = url("decide_delegation", paper.public_id, found.public_id)
    stage.client(stage.organiser).post(there, {"answer": "refuse", "text": "Too close to the track chair."})
    assert "Too close to the track chair." in mails.messages[-1].body_text
    assert active(paper) == [seat.reviewer.email]
    again = stage.client(stage.organiser).post(there, {"answer": "approve"}, follow=True).text
    assert "decided already" in again


def test_one_colleague_at_a_time_and_never_oneself(stage, seat):
    with pytest.raises(NotAllowed, match="your own address"):
        propose(stage, seat, email=seat.reviewer.user.email.upper())
    propose(stage, seat)
    with pytest.raises(NotAllowed, match="proposed for this paper already"):
        propose(stage, seat, email="other@far.example")


def test_a_submitted_review_is_not_handed_on(stage, paper, seat):
    found = propose(stage, seat)
    at, form = seat.created_at, actions.ensure_forms(stage.track)
    Review.objects.create(assignment=seat, form=form, state="submitted", created_at=at, updated_at=at, submitted_at=at)
    with pytest.raises(NotAllowed, match="submitted"):
        propose(stage, seat)
    ReviewerFactory(edition=stage.edition, user__email="mary@far.example")
    assert approve(stage, found).state == "refused"
    assert active(paper) == [seat.reviewer.email]


@pytest.mark.parametrize("who", ["author", "colleague", "conflicted"])
def test_nobody_else_proposes_or_decides(stage, paper, seat, who):
    found = propose(stage, seat)
    person = {"author": paper.created_by, "colleague": ReviewerFactory(edition=stage.edition).user}.get(who)
    if person is None:
        person = stage.organiser
        ConflictFactory(user=person, submission=paper)
    client = stage.client(person)
    assert client.get(url("delegate", seat.public_id)).status_code in (403, 404)
    answer = client.post(url("decide_delegation", paper.public_id, found.public_id), {"answer": "approve"})
    assert answer.status_code in (403, 404)
    assert Delegation.objects.get().state == "proposed"


def test_organisers_see_how_many_wait_of_papers_without_conflict(stage, paper, seat):
    propose(stage, seat)
    assert [each.value for each in figures(stage.chair) if each.label == "colleagues to approve"] == [1]
    page = stage.client(stage.organiser).get(url("assignments") + "?colleagues=1").text
    assert "Clouds" in page
    ConflictFactory(user=stage.organiser, submission=paper)
    assert not [each for each in figures(stage.chair) if each.label == "colleagues to approve"]


def test_faulty_input_stays_in_the_form(stage, seat):
    typed = {"name": "Mary", "email": "no address", "reason": ""}
    page = stage.client(seat.reviewer.user).post(url("delegate", seat.public_id), typed).text
    assert "no address" in page
    assert not Delegation.objects.exists()


def test_people_elsewhere_are_told_apart_by_address(stage, seat):
    UserFactory(name="Mary Somerville", email="other@mary.example")
    found = approve(stage, propose(stage, seat))
    assert found.colleague.email == "mary@far.example"
