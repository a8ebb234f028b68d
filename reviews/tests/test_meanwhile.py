"""Acts on what another changed a moment ago: the row before one is old, and the act goes by what is there now."""

from datetime import UTC, datetime

import pytest
from django.db.models import F
from django.urls import reverse

from ml4rs.audit.models import Entry
from ml4rs.editions.models import Role
from ml4rs.editions.policy import ALLOWED, NotAllowed
from ml4rs.editions.tests.factories import RoleFactory
from reviews import actions
from reviews.actions import assigning, deciding
from reviews.actions.committee import token_of
from reviews.invitees import Invitee
from reviews.models import Assignment, Award, AwardCandidate, Decision, Discussion, Mark, Reviewer
from reviews.policy import can_review
from reviews.queries.papers import judged, narrowed
from reviews.tests.factories import AssignmentFactory, ConflictFactory, DecisionFactory, ReviewerFactory
from reviews.tests.test_discussing import row, seat_of
from submissions.models import CameraReady, Submission
from submissions.tests.factories import SubmissionFactory

RELEASED = datetime(2025, 2, 19, tzinfo=UTC)


@pytest.fixture
def paper(stage):
    return SubmissionFactory(track=stage.track, title="Clouds", authors=1)


def release(stage, paper, **fields):
    """As if another organiser had released it while one looked at it."""
    fields = {"outcome": "accepted", "presentation": "poster", **fields}
    Decision.objects.update_or_create(
        submission=paper,
        defaults={
            **fields, "state": "released", "released_at": RELEASED,
            "decided_at": RELEASED, "decided_by": stage.organiser,
        },
    )  # fmt: skip
    Submission.objects.filter(pk=paper.pk).update(**fields, released_at=RELEASED)


# --- Decisions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("verb", "words"), [
    (lambda stage, old: actions.decide([old], outcome="rejected", by=stage.chair), "a moment ago"),
    (lambda stage, old: actions.comment_on(old, "Too late", by=stage.chair), "Decide first"),
    (lambda stage, old: actions.hold([old], by=stage.chair), None),
    (lambda stage, old: actions.hold([old], by=stage.chair, held=False), None),
    (lambda stage, old: actions.clear([old], by=stage.chair), None),
])  # fmt: skip
def test_a_decision_released_meanwhile_stays_as_its_authors_read_it(stage, paper, verb, words):
    old = row(stage.chair, paper)
    release(stage, paper)
    if words is None:
        assert verb(stage, old) == 0
    else:
        with pytest.raises(NotAllowed, match=words):
            verb(stage, old)
    decision = Decision.objects.get()
    assert (decision.outcome, decision.comment, decision.state) == ("accepted", "", "released")
    assert not Entry.objects.filter(verb__startswith="decision.").exists()


def correct(stage, old, **fields):
    fields = {"outcome": "rejected", "comment": "", "reason": "Mixed up.", **fields}
    return actions.correct_decision(old, by=stage.chair, **fields)


def test_a_correction_has_its_own_time_and_the_paper_has_it_too(stage, paper, mails):
    release(stage, paper)
    correct(stage, row(stage.chair, paper))
    decision = Decision.objects.select_related("submission").get()
    assert decision.released_at == decision.submission.released_at == stage.chair.now
    assert decision.decided_at == stage.chair.now
    assert decision.revision == 2


@pytest.mark.parametrize("state", ["draft", "held"])
def test_what_is_not_released_is_decided_and_not_corrected(stage, paper, state):
    DecisionFactory(submission=paper, state=state)
    with pytest.raises(NotAllowed, match="no released decision"):
        correct(stage, row(stage.chair, paper))
    assert Decision.objects.get().outcome == "accepted"


def test_a_paper_withdrawn_meanwhile_is_not_corrected_and_nobody_is_told(stage, paper):
    release(stage, paper)
    old = row(stage.chair, paper)
    Submission.objects.update(state="withdrawn")
    with pytest.raises(NotAllowed, match="withdrawn a moment ago"):
        correct(stage, old)
    assert Decision.objects.get().outcome == "accepted"


def test_a_paper_that_is_not_accepted_any_more_leaves_the_public_pages(stage, paper, mails):
    release(stage, paper)
    Submission.objects.update(published_at=RELEASED)
    correct(stage, row(stage.chair, paper))
    assert Submission.objects.get().published_at is None
    page = stage.client(None).get(reverse("submissions:paper", args=["iclr2025", paper.public_id]))
    assert page.status_code == 404


def test_a_correction_that_leaves_it_accepted_leaves_it_public(stage, paper, mails):
    release(stage, paper)
    Submission.objects.update(published_at=RELEASED)
    correct(stage, row(stage.chair, paper), outcome="accepted", presentation="oral")
    assert Submission.objects.get().published_at == RELEASED


def test_new_conditions_must_be_met_before_it_is_public_again(stage, paper, mails):
    release(stage, paper)
    Submission.objects.update(published_at=RELEASED)
    CameraReady.objects.create(submission=paper, conditions_met_at=RELEASED, conditions_met_by=stage.organiser)
    correct(stage, row(stage.chair, paper), outcome="accepted", presentation="poster", conditions="Cite it.")
    assert Submission.objects.get().published_at is None
    assert CameraReady.objects.get().conditions_met_at is None


def test_what_is_not_accepted_has_no_conditions(stage, paper, mails):
    actions.decide([row(stage.chair, paper)], outcome="accepted", presentation="poster", by=stage.chair)
    actions.comment_on(row(stage.chair, paper), "Fine.", conditions="Cite it.", by=stage.chair)
    actions.decide([row(stage.chair, paper)], outcome="rejected", by=stage.chair)
    assert Decision.objects.get().conditions == ""
    with pytest.raises(NotAllowed, match="Only an accepted paper"):
        actions.comment_on(row(stage.chair, paper), "No.", conditions="Cite it.", by=stage.chair)
    release(stage, paper, conditions="Cite it.")
    correct(stage, row(stage.chair, paper), conditions="Cite it.")
    assert (Decision.objects.get().conditions, Submission.objects.get().conditions) == ("", "")


def test_an_acceptance_in_another_form_keeps_its_conditions(stage, paper):
    actions.decide([row(stage.chair, paper)], outcome="accepted", presentation="poster", by=stage.chair)
    actions.comment_on(row(stage.chair, paper), "Fine.", conditions="Cite it.", by=stage.chair)
    actions.decide([row(stage.chair, paper)], outcome="accepted", presentation="oral", by=stage.chair)
    assert Decision.objects.get().conditions == "Cite it."


def test_what_another_decided_anew_while_one_releases_waits_for_the_next_release(stage, paper, monkeypatch, mails):
    second = SubmissionFactory(track=stage.track, authors=1)
    for each in (paper, second):
        DecisionFactory(submission=each)
    release_outcome = deciding.release_outcome

    def decided_anew(submission, **fields):
        Decision.objects.filter(submission=second).update(revision=F("revision") + 1)
        return release_outcome(submission, **fields)

    monkeypatch.setattr(deciding, "release_outcome", decided_anew)
    assert actions.release_decisions(stage.edition, by=stage.chair) == [paper.public_id]
    assert Decision.objects.get(submission=second).state == "draft"


def test_where_a_paper_is_withdrawn_in_the_middle_nothing_is_released(stage, paper, monkeypatch):
    DecisionFactory(submission=paper)
    monkeypatch.setattr(deciding, "release_outcome", lambda submission, **fields: False)
    with pytest.raises(NotAllowed, match="Nothing was released"):
        actions.release_decisions(stage.edition, by=stage.chair)
    assert Decision.objects.get().state == "draft"


def test_of_two_corrections_at_once_the_second_is_told(stage, paper, monkeypatch):
    release(stage, paper)

    def corrected_meanwhile(submission, decision):
        Decision.objects.update(comment="Theirs", revision=F("revision") + 1)
        return ALLOWED

    monkeypatch.setattr(deciding, "may_correct", corrected_meanwhile)
    with pytest.raises(NotAllowed, match="corrected this decision a moment ago"):
        correct(stage, row(stage.chair, paper))
    assert Decision.objects.get().outcome == "accepted"


@pytest.mark.parametrize(("fields", "found"), [
    ({}, {"accepted": True, "presentation": "Poster"}),
    ({"presentation": ""}, {"accepted": True, "presentation": ""}),
    ({"outcome": "rejected", "presentation": ""}, {"accepted": False, "presentation": ""}),
])  # fmt: skip
def test_the_words_of_a_decisions_mail_are_those_of_the_decision(paper, fields, found):
    context = actions.mail_context(DecisionFactory(submission=paper, **fields))
    assert {name: str(context[name]) if name == "presentation" else context[name] for name in found} == found


def test_a_decision_changed_is_a_new_revision_and_the_log_has_the_old(stage, paper):
    for outcome in ("accepted", "rejected", "rejected"):
        actions.decide([row(stage.chair, paper)], outcome=outcome, presentation="poster", by=stage.chair)
    assert Decision.objects.values_list("revision", "outcome", "presentation").get() == (2, "rejected", "")
    assert [each.details["before"] for each in Entry.objects.order_by("pk")] == [[], ["accepted", "poster"]]


def test_each_paper_counts_once(stage, paper):
    papers = [row(stage.chair, paper), row(stage.chair, SubmissionFactory(track=stage.track))]
    assert actions.decide(papers, outcome="rejected", by=stage.chair) == 2
    for held, changed in ((True, 2), (True, 0), (False, 2), (False, 0)):
        assert actions.hold(papers, by=stage.chair, held=held) == changed
    actions.hold(papers[:1], by=stage.chair)
    assert actions.hold(papers, by=stage.chair) == 1
    assert actions.clear(papers, by=stage.chair) == 2
    assert actions.clear(papers, by=stage.chair) == 0
    assert Entry.objects.filter(verb="decision.unheld").count() == 2


def test_discussions_are_opened_and_closed_paper_by_paper(stage, paper, mails):
    type(stage.track).objects.update(has_discussion=True)
    papers = [row(stage.chair, paper), row(stage.chair, SubmissionFactory(track=stage.track))]
    assert actions.open_discussions(papers, by=stage.chair) == 2
    assert actions.open_discussions(papers, by=stage.chair) == 0
    assert actions.close_discussions(papers[:1], by=stage.chair) == 1
    assert Discussion.objects.get(closed_at__isnull=True).submission_id == papers[1].pk
    assert actions.close_discussions(papers, by=stage.chair) == 1
    assert actions.open_discussions(papers[1:], by=stage.chair) == 1
    assert Discussion.objects.get(closed_at__isnull=True).submission_id == papers[1].pk


# --- Invitations ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", [
    lambda one, by: actions.accept(one, load=3, show_publicly=True, by=by),
    lambda one, by: actions.decline(one, reason="", suggestion="", by=by),
])  # fmt: skip
def test_whose_invitation_was_taken_back_meanwhile_gets_no_role(stage, verb):
    reviewer = ReviewerFactory(edition=stage.edition, state="invited", answered_at=None, role=False)
    Reviewer.objects.update(state="removed", answered_at=RELEASED)
    with pytest.raises(NotAllowed, match="taken back"):
        verb(reviewer, stage.viewer(None))
    assert Reviewer.objects.get().state == "removed"
    assert not Role.objects.filter(user=reviewer.user).exists()


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("said", [{"answer": "accept", "load": "3"}, {"answer": "decline"}])
def test_opening_an_invitation_answers_nothing_whatever_its_address_says(stage, mails, method, said):
    [reviewer] = actions.invite(stage.edition, [Invitee(1, "", name="Ada", email="ada@x.edu")], by=stage.chair)
    entries = Entry.objects.count()
    address = reverse("reviews:invitation", args=["iclr2025", reviewer.public_id, token_of(reviewer)])
    assert getattr(stage.client(None), method)(address, said).status_code in (200, 400)
    assert Reviewer.objects.get().state == "invited"
    assert Entry.objects.count() == entries


# --- Conflicts and letters ------------------------------------------------------------------------------------


def test_a_dismissed_conflict_forbids_no_assignment(stage, paper, mails):
    reviewer = ReviewerFactory(edition=stage.edition)
    conflict = ConflictFactory(user=reviewer.user, submission=paper)
    assert not can_review(row(stage.chair, paper), reviewer)
    actions.dismiss_conflict(conflict, row(stage.chair, paper), note="A namesake.", by=stage.chair)
    assert can_review(row(stage.chair, paper), reviewer)
    assert actions.assign(row(stage.chair, paper), reviewer, by=stage.chair).state == "active"


def test_another_persons_conflict_or_another_paper_forbids_nothing(stage, paper):
    reviewer = ReviewerFactory(edition=stage.edition)
    ConflictFactory(submission=paper)
    ConflictFactory(user=reviewer.user, submission=SubmissionFactory(track=stage.track))
    assert can_review(row(stage.chair, paper), reviewer)


def test_a_letter_is_drawn_among_all_that_are_free(monkeypatch):
    offered = []
    monkeypatch.setattr(assigning.secrets, "choice", lambda letters: offered.append(letters) or letters[-1])
    used = {"A", "C"}
    assert assigning.draw_letter(used) == "Z"
    assert offered == [list("BDEFGHJKLMNPQRSTUVWXYZ")]
    assert used == {"A", "C", "Z"}


def test_letters_do_not_tell_who_came_first():
    drawn = {tuple(assigning.draw_letter(used) for _ in range(3)) for used in ({"A"} for _ in range(20))}
    assert len(drawn) > 10, "twenty papers with the same letters in the same order would be no chance"


# --- What a list is ordered by --------------------------------------------------------------------------------


def test_a_desk_stands_in_the_same_order_whatever_is_decided(stage):
    reviewer = ReviewerFactory(edition=stage.edition)
    papers = [SubmissionFactory(track=stage.track, title=title) for title in ("Reeds", "Clouds", "Dunes")]
    for paper in papers:
        AssignmentFactory(submission=paper, reviewer=reviewer)

    def order():
        page = stage.client(reviewer.user).get(reverse("reviews:desk", args=["iclr2025"])).text
        return sorted(("Reeds", "Clouds", "Dunes"), key=page.index)

    assert order() == ["Clouds", "Dunes", "Reeds"]
    for paper, outcome in zip(papers, ("accepted", "rejected", "accepted"), strict=True):
        DecisionFactory(submission=paper, outcome=outcome, presentation="")
    assert order() == ["Clouds", "Dunes", "Reeds"]


@pytest.mark.parametrize("sort", ["number", "title", "score", "spread", "missing"])
def test_no_order_of_the_table_follows_a_decision(stage, sort):
    papers = [SubmissionFactory(track=stage.track, title=title) for title in ("Reeds", "Clouds", "Dunes")]
    order = [each.pk for each in narrowed(judged(stage.chair), {"sort": sort})]
    DecisionFactory(submission=papers[0], outcome="rejected", presentation="")
    DecisionFactory(submission=papers[2], state="held")
    assert [each.pk for each in narrowed(judged(stage.chair), {"sort": sort})] == order


# --- Awards ---------------------------------------------------------------------------------------------------


@pytest.fixture
def award(stage, paper):
    release(stage, paper)
    made = actions.create_award(stage.edition, name="Best paper", track=None, committee_votes=True, by=stage.chair)
    actions.nominate(made, [row(stage.chair, paper)], by=stage.chair)
    return made


def test_nobody_votes_on_a_paper_that_they_may_not_judge(stage, paper, award):
    other = RoleFactory(edition=stage.edition).user
    ConflictFactory(user=other, submission=paper)
    actions.move_award(award, "voting", by=stage.chair)
    with pytest.raises(NotAllowed, match="candidates changed"):
        actions.vote(award, {AwardCandidate.objects.get().pk: 4}, by=stage.viewer(other))
    assert not Mark.objects.exists()
    actions.vote(award, {AwardCandidate.objects.get().pk: 4}, by=stage.chair)
    assert Mark.objects.get().points == 4


def test_a_candidate_of_another_award_gets_no_points_here(stage, paper, award):
    second = actions.create_award(stage.edition, name="Best demo", track=None, committee_votes=True, by=stage.chair)
    Award.objects.filter(pk=second.pk).update(state="voting")
    with pytest.raises(NotAllowed, match="candidates changed"):
        actions.vote(second, {AwardCandidate.objects.get().pk: 4}, by=stage.chair)


@pytest.mark.parametrize(("old", "now", "verb", "words"), [
    ("preparing", "voting", lambda a, p, by: actions.nominate(a, [p], by=by), "settled"),
    ("preparing", "voting", lambda a, p, by: actions.take_off(a, p, by=by), "settled"),
    ("voting", "closed", lambda a, p, by: actions.vote(a, {}, by=by), "not open"),
    ("preparing", "closed", lambda a, p, by: actions.move_award(a, "voting", by=by), "a moment ago"),
    ("closed", "voting", lambda a, p, by: actions.settle_winner(a, p, wins=True, laudation="", by=by), "Close"),
    ("closed", "announced", lambda a, p, by: actions.settle_winner(a, p, wins=True, laudation="", by=by), "announced"),
])  # fmt: skip
def test_an_award_that_went_on_meanwhile_is_left_as_it_is(stage, paper, award, old, now, verb, words):
    Award.objects.update(state=old)
    award.refresh_from_db()
    Award.objects.update(state=now, announced_at=RELEASED if now == "announced" else None)
    with pytest.raises(NotAllowed, match=words):
        verb(award, row(stage.chair, paper), stage.chair)
    assert Award.objects.get().state == now
    assert not AwardCandidate.objects.get().wins


def test_an_award_is_announced_once(stage, paper, award, mails):
    Award.objects.update(state="closed")
    award.refresh_from_db()
    AwardCandidate.objects.update(wins=True)
    actions.announce_award(award, by=stage.chair)
    with pytest.raises(NotAllowed, match="a moment ago"):
        actions.announce_award(award, by=stage.chair)
    assert mails.events() == ["reviews.award"]


# --- Assignments ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "verb"), [
    ("organiser", lambda one, by: actions.unassign(one, by=by)),
    ("", lambda one, by: actions.decline_assignment(one, reason="No time", by=by)),
])  # fmt: skip
@pytest.mark.parametrize("meanwhile", ["removed", "submitted"])
def test_an_assignment_that_changed_meanwhile_is_left_as_it_is(stage, paper, who, verb, meanwhile):
    seat = seat_of(paper, "K", state="draft")
    by = stage.viewer(getattr(stage, who) if who else seat.reviewer.user)
    old = Assignment.objects.seen_by(by).select_related("submission__track", "reviewer").get()
    if meanwhile == "removed":
        Assignment.objects.update(state="removed")
    else:
        type(seat.review).objects.update(state="submitted", submitted_at=RELEASED)
    with pytest.raises(NotAllowed, match="changed a moment ago"):
        verb(old, by)
    assert Assignment.objects.get().state == ("removed" if meanwhile == "removed" else "active")
