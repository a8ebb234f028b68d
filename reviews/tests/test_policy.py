"""Each clause of a verdict, by what it alone refuses: a scene in which all is well, and one thing in it that is not."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from reviews import policy

NOW = datetime(2025, 2, 20, 12, tzinfo=UTC)
PAST, NEXT = NOW - timedelta(minutes=1), NOW + timedelta(minutes=1)
CHAIR_ONLY = "organiser without conflict"


def scene() -> SimpleNamespace:
    """A paper under review, its chair who is not its author, and what belongs to it."""
    track = SimpleNamespace(
        is_reviewed=True, has_discussion=True, has_meta_review=True, journal_eligible=True, reviews_fixed_once_due=False
    )
    paper = SimpleNamespace(
        pk=1, number=7, track=track, track_id=1, state="submitted", outcome="", released_at=None, reviews_shown_at=PAST,
        is_chair=True, is_author=False, reads=False, has_reviewed=False, declarations={},
        get_state_display=lambda: "Withdrawn",
    )  # fmt: skip
    own = SimpleNamespace(user_id=1, email="ada@example.org", state="accepted")
    assignment = SimpleNamespace(
        submission=paper, reviewer=own, state="active", is_own=True, is_chairs=True, seen_review_state="draft"
    )
    return SimpleNamespace(
        viewer=SimpleNamespace(
            now=NOW, user=SimpleNamespace(pk=1), addresses={"ada@example.net"}, is_organiser=True, is_reviewer=False
        ),
        paper=paper,
        assignment=assignment,
        review=SimpleNamespace(state="submitted", assignment=SimpleNamespace(reviewer=SimpleNamespace(user_id=2))),
        delegation=SimpleNamespace(state="proposed", assignment=assignment),
        discussion=SimpleNamespace(closed_at=None),
        award=SimpleNamespace(track_id=None, state="preparing", committee_votes=False),
        decision=SimpleNamespace(outcome="accepted", state="released"),
        meta=SimpleNamespace(is_own=True),
        address="grace@example.org",
    )


def judged(name: str, changes: dict) -> policy.Verdict:
    """The verdict after something of the scene was changed: `paper.track.is_reviewed`, say."""
    at = scene()
    for path, value in changes.items():
        *owners, field = path.split(".")
        owner = at
        for each in owners:
            owner = getattr(owner, each)
        setattr(owner, field, value)
    arguments = {
        "may_rate": (at.viewer, at.paper, at.review),
        "may_propose": (at.viewer, at.assignment, at.address),
        "may_unassign": (at.assignment,),
        "may_write": (at.viewer, at.assignment),
        "may_decline": (at.viewer, at.assignment),
        "may_decide_delegation": (at.paper, at.delegation),
        "may_post": (at.viewer, at.paper, at.discussion),
        "may_invite_to_journal": (at.viewer, at.paper),
        "may_be_named_to_journal": (at.assignment,),
        "may_nominate": (at.paper, at.award, at.decision),
        "may_vote": (at.viewer, at.award),
        "may_sum_up": (at.viewer, at.paper, at.meta),
        "may_correct": (at.paper, at.decision),
    }
    return getattr(policy, name)(*arguments.get(name, (at.paper,)))


READS = {"paper.is_chair": False, "paper.reads": True, "paper.has_reviewed": True}
FOR_JOURNAL = {"paper.outcome": "accepted", "paper.released_at": NOW, "paper.declarations": {"journal": True}}
VOTING = {"award.state": "voting"}
OF_COMMITTEE = {**VOTING, "viewer.is_organiser": False, "viewer.is_reviewer": True, "award.committee_votes": True}


@pytest.mark.parametrize(("name", "changes"), [
    ("may_rate", {}),
    ("may_rate", {"viewer.user": None}),
    ("may_judge_conflict", {}),
    ("may_tag", {}),
    ("may_propose", {}),
    ("may_unassign", {}),
    ("may_unassign", {"assignment.seen_review_state": None}),
    ("may_write", {}),
    ("may_write", {"assignment.seen_review_state": "submitted"}),
    ("may_write", {"paper.released_at": NEXT}),
    ("may_decline", {}),
    ("may_decide_delegation", {}),
    ("may_discuss", {}),
    ("may_discuss", READS),
    ("may_open_discussion", {}),
    ("may_post", {}),
    ("may_post", READS),
    ("may_post", {"paper.released_at": NEXT}),
    ("may_invite_to_journal", FOR_JOURNAL),
    ("may_be_named_to_journal", {"assignment.seen_review_state": "submitted"}),
    ("may_nominate", {}),
    ("may_nominate", {"award.track_id": 1}),
    ("may_vote", VOTING),
    ("may_vote", OF_COMMITTEE),
    ("may_ask_for_meta_review", {}),
    ("may_sum_up", {}),
    ("may_sum_up", {"paper.released_at": NEXT}),
    ("may_decide", {}),
    ("may_correct", {}),
    ("may_correct", {"paper.released_at": PAST}),
])  # fmt: skip
def test_it_allows_what_nothing_speaks_against(name, changes):
    assert judged(name, changes)


@pytest.mark.parametrize(("name", "changes", "words"), [
    *((name, {"paper.is_chair": False}, CHAIR_ONLY) for name in (
        "may_rate", "may_judge_conflict", "may_tag", "may_decide_delegation", "may_open_discussion",
        "may_invite_to_journal", "may_nominate", "may_ask_for_meta_review", "may_decide", "may_correct",
    )),
    ("may_rate", {"review.state": "draft"}, "not submitted"),
    ("may_rate", {"review.assignment.reviewer.user_id": 1}, "their own"),
    ("may_propose", {"address": "ada@example.net"}, "your own address"),
    ("may_propose", {"address": "ada@example.org"}, "your own address"),
    ("may_propose", {"assignment.is_own": False}, "Only the reviewer"),
    ("may_propose", {"assignment.seen_review_state": "submitted"}, "is submitted"),
    ("may_unassign", {"assignment.is_chairs": False}, CHAIR_ONLY),
    ("may_unassign", {"assignment.state": "declined"}, "no longer on the paper"),
    ("may_unassign", {"assignment.seen_review_state": "submitted"}, "stays with the paper"),
    ("may_write", {"assignment.is_own": False}, "Only the reviewer"),
    ("may_write", {"paper.released_at": NOW}, "stay as they are"),
    ("may_write", {"paper.released_at": PAST}, "stay as they are"),
    ("may_decline", {"assignment.is_own": False}, "Only the reviewer"),
    ("may_decline", {"paper.released_at": PAST}, "stay as they are"),
    ("may_decline", {"assignment.seen_review_state": "submitted"}, "is submitted"),
    ("may_decide_delegation", {"delegation.state": "agreed"}, "decided already"),
    ("may_decide_delegation", {"assignment.state": "declined"}, "given the paper back"),
    ("may_discuss", {"paper.track.has_discussion": False}, "no discussion"),
    ("may_discuss", {**READS, "paper.has_reviewed": False}, "own review is in"),
    ("may_discuss", {**READS, "paper.reads": False}, "own review is in"),
    ("may_open_discussion", {"paper.state": "withdrawn"}, "not under review"),
    ("may_open_discussion", {"paper.track.is_reviewed": False}, "not under review"),
    ("may_open_discussion", {"paper.released_at": PAST}, "released"),
    ("may_open_discussion", {"paper.track.has_discussion": False}, "no discussion"),
    ("may_post", {"paper.track.has_discussion": False}, "no discussion"),
    ("may_post", {"discussion": None}, "open the discussion first"),
    ("may_post", {"paper.released_at": NOW}, "stays as it is"),
    ("may_post", {"discussion.closed_at": PAST}, "closed"),
    ("may_invite_to_journal", {**FOR_JOURNAL, "paper.state": "withdrawn"}, "not accepted"),
    ("may_invite_to_journal", {**FOR_JOURNAL, "paper.outcome": "rejected"}, "not accepted"),
    ("may_invite_to_journal", {**FOR_JOURNAL, "paper.released_at": None}, "not accepted"),
    ("may_invite_to_journal", {**FOR_JOURNAL, "paper.released_at": NEXT}, "not accepted"),
    ("may_invite_to_journal", {**FOR_JOURNAL, "paper.track.journal_eligible": False}, "not proposed"),
    ("may_invite_to_journal", {**FOR_JOURNAL, "paper.declarations": {"journal": False}}, "did not ask"),
    ("may_be_named_to_journal", {"assignment.seen_review_state": "submitted", "assignment.is_own": False}, "Only a"),
    ("may_be_named_to_journal", {
        "assignment.seen_review_state": "submitted", "paper.track.journal_eligible": False}, "Only a"),
    ("may_be_named_to_journal", {}, "Submit your review first"),
    ("may_nominate", {"decision": None}, "not accepted"),
    ("may_nominate", {"decision.outcome": "rejected"}, "not accepted"),
    ("may_nominate", {"award.track_id": 2}, "another track"),
    *(("may_nominate", {"award.state": state}, "settled") for state in ("voting", "closed", "announced")),
    *(("may_vote", {"award.state": state}, "not open") for state in ("preparing", "closed", "announced")),
    ("may_vote", {**OF_COMMITTEE, "viewer.is_reviewer": False}, "do not vote"),
    ("may_vote", {**OF_COMMITTEE, "award.committee_votes": False}, "do not vote"),
    ("may_ask_for_meta_review", {"paper.track.has_meta_review": False}, "no meta-reviews"),
    ("may_ask_for_meta_review", {"paper.state": "withdrawn"}, "not under review"),
    ("may_ask_for_meta_review", {"paper.released_at": PAST}, "not under review"),
    ("may_sum_up", {"meta": None}, "who was asked"),
    ("may_sum_up", {"meta.is_own": False}, "who was asked"),
    ("may_sum_up", {"paper.released_at": NOW}, "stays as it is"),
    ("may_decide", {"paper.state": "withdrawn"}, "not under review"),
    ("may_decide", {"paper.track.is_reviewed": False}, "not under review"),
    ("may_decide", {"paper.released_at": PAST}, "Correct it instead"),
    ("may_correct", {"decision": None}, "no released decision"),
    *(("may_correct", {"decision.state": state}, "no released decision") for state in ("draft", "held")),
    ("may_correct", {"paper.state": "withdrawn"}, "is withdrawn"),
])  # fmt: skip
def test_it_refuses_for_each_single_reason(name, changes, words):
    verdict = judged(name, changes)
    assert not verdict
    assert words in verdict.reason
