"""Who may do what in the committee's work, each with its reason.

A `submission` here is a row of `Submission.objects.seen_by(viewer)`, an `assignment` one of
`Assignment.objects.seen_by(viewer)`: they know what this viewer is to them.
"""

from datetime import datetime

from ml4rs.editions.models import Edition, Milestone, Track
from ml4rs.editions.policy import ALLOWED, Verdict, may_organise, refused
from ml4rs.editions.queries import is_extended, is_open, milestone
from ml4rs.editions.viewer import Viewer
from reviews.models import (
    Assignment,
    Award,
    Conflict,
    Decision,
    Delegation,
    Discussion,
    JournalCandidate,
    MetaReview,
    Review,
    Reviewer,
)
from reviews.queries.dates import review_date
from reviews.sight import bidding_is_open, lists_are_fixed
from submissions.models import Submission
from submissions.policy import may_edit

_NO_CHAIR = "Only an organiser without conflict may do this."


def may_run_committee(viewer: Viewer) -> Verdict:
    """Invite, remind and remove members, propose and apply assignments, release decisions."""
    return may_organise(viewer)


def may_roll_back(viewer: Viewer, to: datetime) -> Verdict:
    """Only while everything stands still: nobody then writes what would be put back a moment later."""
    verdict = may_run_committee(viewer)
    if not verdict:
        return verdict
    if not Edition.objects.filter(pk=viewer.edition.pk, frozen_at__isnull=False).exists():
        return refused("Freeze the edition first.")
    return ALLOWED if to <= viewer.now else refused("This time is still to come.")


def may_answer(reviewer: Reviewer, accept: bool) -> Verdict:
    """Answers can be changed until papers are assigned."""
    if reviewer.state == Reviewer.State.REMOVED:
        return refused("This invitation was taken back.")
    if not accept and reviewer.assignments.filter(state=Assignment.State.ACTIVE).exists():
        return refused("Papers are assigned to you. Please decline them one by one, or write to the organisers.")
    return ALLOWED


def may_declare(viewer: Viewer, reviewer: Reviewer | None) -> Verdict:
    """Once, and again until papers can be seen.

    Whoever sees the list of papers could otherwise declare names one after the other, and watch which paper
    disappears. After that, a paper is declared on the paper itself, without a reason that is matched.
    """
    if reviewer is None or reviewer.state != Reviewer.State.ACCEPTED:
        return refused("Only members of the programme committee declare conflicts here.")
    if reviewer.conflicts_declared_at is None:
        return ALLOWED
    if lists_are_fixed(viewer):
        return refused("Papers can be seen now. Declare a further conflict on the paper itself, or ask the organisers.")
    return ALLOWED


def may_upload_publications(viewer: Viewer, reviewer: Reviewer | None) -> Verdict:
    """As with conflicts: whoever sees the list of papers could otherwise watch which one disappears."""
    if reviewer is None or reviewer.state != Reviewer.State.ACCEPTED or reviewer.user_id != viewer.user.pk:
        return refused("Only members of the programme committee do this.")
    if lists_are_fixed(viewer):
        return refused("Papers can be seen now. Ask the organisers if something important is missing.")
    return ALLOWED


def may_propose(viewer: Viewer, assignment: Assignment, address: str) -> Verdict:
    """A colleague for one's own paper; `address` is lower case."""
    if address in viewer.addresses or address == assignment.reviewer.email:
        return refused("This is your own address.")
    return may_decline(viewer, assignment)


def may_have_service_certificate(viewer: Viewer) -> Verdict:
    """Not before the notification: the number of reviews would tell how far the reviewing is."""
    out = milestone(viewer.edition, Milestone.Kind.NOTIFICATION)
    return ALLOWED if out is not None and out.has_passed(viewer.now) else refused("Decisions are not out yet.")


def may_bid(viewer: Viewer, reviewer: Reviewer | None) -> Verdict:
    if reviewer is None or reviewer.state != Reviewer.State.ACCEPTED:
        return refused("Only members of the programme committee bid on papers.")
    if reviewer.conflicts_declared_at is None:
        return refused("Declare your conflicts first.")
    tracks = viewer.edition.tracks.filter(is_reviewed=True)
    if not any(bidding_is_open(viewer, track) for track in tracks):
        return refused("Bidding is not open.")
    return ALLOWED


def may_exclude(viewer: Viewer, submission: Submission) -> Verdict:
    """Authors name people who must not review their paper, as long as they may change it."""
    if not submission.track.is_reviewed or not submission.track.author_conflicts:
        return refused("Nobody is named in this track.")
    return may_edit(viewer, submission)


def may_rate(viewer: Viewer, submission: Submission, review: Review) -> Verdict:
    """Organisers without conflict say of a submitted review how useful it was; nobody of their own."""
    if not submission.is_chair:
        return refused(_NO_CHAIR)
    if review.state != Review.State.SUBMITTED:
        return refused("This review is not submitted.")
    if viewer.user is not None and review.assignment.reviewer.user_id == viewer.user.pk:
        return refused("Nobody rates their own review.")
    return ALLOWED


def may_judge_conflict(submission: Submission) -> Verdict:
    return ALLOWED if submission.is_chair else refused(_NO_CHAIR)


def may_assign(submission: Submission, reviewer: Reviewer) -> Verdict:
    """A conflict refuses; a full load only warns, and the page says so."""
    if not submission.is_chair:
        return refused(_NO_CHAIR)
    return can_review(submission, reviewer)


def can_review(submission: Submission, reviewer: Reviewer) -> Verdict:
    """Whether a paper may get this reviewer, whoever arranges it."""
    if submission.state != Submission.State.SUBMITTED or not submission.track.is_reviewed:
        return refused("This paper is not under review.")
    if reviewer.state != Reviewer.State.ACCEPTED:
        return refused(f"{reviewer} has not accepted the invitation.")
    if reviewer.conflicts_declared_at is None:
        return refused(f"{reviewer} has not declared conflicts yet.")
    if is_in_conflict(reviewer, submission):
        return refused(f"{reviewer} is in conflict with this paper.")
    if Assignment.objects.active().filter(submission=submission.pk, reviewer=reviewer).exists():
        return refused(f"{reviewer} reviews this paper already.")
    return ALLOWED


def is_in_conflict(reviewer: Reviewer, submission: Submission) -> bool:
    active = Conflict.objects.filter(user=reviewer.user_id, submission=submission.pk, dismissed_at__isnull=True)
    return active.exists()


def may_unassign(assignment: Assignment) -> Verdict:
    if not assignment.is_chairs:
        return refused(_NO_CHAIR)
    if assignment.state != Assignment.State.ACTIVE:
        return refused("This reviewer is no longer on the paper.")
    if assignment.seen_review_state == "submitted":
        return refused("This review is submitted; it stays with the paper.")
    return ALLOWED


def may_write(viewer: Viewer, assignment: Assignment) -> Verdict:
    """Until the paper's decision is released. A review after its due date is late, and welcome still."""
    if not assignment.is_own:
        return refused("Only the reviewer may do this.")
    released = assignment.submission.released_at
    if released is not None and released <= viewer.now:
        return refused("Decisions are released; reviews stay as they are.")
    if assignment.seen_review_state == Review.State.SUBMITTED and _is_fixed(viewer, assignment):
        return refused("Reviews are due since. Submitted ones stay as they are; say more in the discussion.")
    return ALLOWED


def _is_fixed(viewer: Viewer, assignment: Assignment) -> bool:
    """Whether the track fixes submitted reviews when they are due, and for this reviewer they are."""
    track = assignment.submission.track
    if not track.reviews_fixed_once_due:
        return False
    due = review_date(viewer.edition, track, assignment.reviewer.public_id, assignment.due_at)
    return due is not None and due.has_closed(viewer.now)


def may_decline(viewer: Viewer, assignment: Assignment) -> Verdict:
    verdict = may_write(viewer, assignment)
    if verdict and assignment.seen_review_state == "submitted":
        return refused("Your review of this paper is submitted.")
    return verdict


def may_decide_delegation(submission: Submission, delegation: Delegation) -> Verdict:
    if not submission.is_chair:
        return refused(_NO_CHAIR)
    if delegation.state != Delegation.State.PROPOSED:
        return refused("This is decided already.")
    if delegation.assignment.state != Assignment.State.ACTIVE:
        return refused("Its reviewer has given the paper back meanwhile.")
    return ALLOWED


def may_take_over(submission: Submission, colleague: Reviewer) -> Verdict:
    """Whether what a reviewer wanted to hand on can be handed on now."""
    if submission.released_at is not None:
        return refused("The decision on this paper is released.")
    return can_review(submission, colleague)


def may_discuss(submission: Submission) -> Verdict:
    """Read the discussion: organisers without conflict, and reviewers of the paper whose own review is in."""
    if not submission.track.has_discussion:
        return refused("This track has no discussion.")
    if submission.is_chair or (submission.reads and submission.has_reviewed):
        return ALLOWED
    return refused("The discussion is for reviewers whose own review is in.")


def may_open_discussion(submission: Submission) -> Verdict:
    if not submission.is_chair:
        return refused(_NO_CHAIR)
    if submission.state != Submission.State.SUBMITTED or not submission.track.is_reviewed:
        return refused("This paper is not under review.")
    if submission.released_at is not None:
        return refused("The decision on this paper is released.")
    return may_discuss(submission)


def may_post(viewer: Viewer, submission: Submission, discussion: Discussion | None) -> Verdict:
    verdict = may_discuss(submission)
    if not verdict:
        return verdict
    if discussion is None:
        return refused("An organiser has to open the discussion first.")
    if submission.released_at is not None and submission.released_at <= viewer.now:
        return refused("Decisions are released; the discussion stays as it is.")
    if discussion.closed_at is not None:
        return refused("The discussion is closed.")
    return ALLOWED


def may_show_reviews(viewer: Viewer, track: Track) -> Verdict:
    """Let authors read the reviews before decisions, so that they can answer them."""
    verdict = may_run_committee(viewer)
    if not verdict:
        return verdict
    if not track.has_author_response:
        return refused(f"{track}: authors do not respond in this track. Its settings say so.")
    due = milestone(viewer.edition, Milestone.Kind.RESPONSE, track)
    if due is None or due.instant is None:
        return refused(f"{track}: set the date “{Milestone.Kind.RESPONSE.label}” first.")
    if due.has_passed(viewer.now):
        return refused(f"{track}: the date “{due.title}” is over. Move it first.")
    return ALLOWED


def may_respond(viewer: Viewer, submission: Submission) -> Verdict:
    """Answer the reviews of one's own paper, from when they are shown until the date, an extension included."""
    if not submission.is_author:
        return refused("Only the authors of a paper answer its reviews.")
    if submission.state != Submission.State.SUBMITTED:
        return refused(f"This paper is {submission.get_state_display().lower()}.")
    if submission.released_at is not None and submission.released_at <= viewer.now:
        return refused("The decision is out; your response stays as you sent it.")
    if submission.reviews_shown_at is None or submission.reviews_shown_at > viewer.now:
        return refused("The reviews are not shown yet.")
    kind = Milestone.Kind.RESPONSE
    if is_open(viewer.edition, kind, viewer.now, submission.track):
        return ALLOWED
    if is_extended(viewer.edition, kind, submission.public_id, viewer.now):
        return ALLOWED
    return refused("The time for responses is over.")


def may_invite_to_journal(viewer: Viewer, submission: Submission) -> Verdict:
    """Accepted papers of eligible tracks whose authors opted in when they submitted."""
    if not submission.is_chair:
        return refused(_NO_CHAIR)
    is_accepted = submission.state == Submission.State.SUBMITTED and submission.outcome == Submission.Outcome.ACCEPTED
    if not is_accepted or submission.released_at is None or submission.released_at > viewer.now:
        return refused(f"Paper {submission.number} is not accepted.")
    if not submission.track.journal_eligible:
        return refused(f"Papers of {submission.track} are not proposed to the journal.")
    if not submission.declarations.get("journal"):
        return refused(f"The authors of paper {submission.number} did not ask for the journal.")
    return ALLOWED


def may_answer_journal(viewer: Viewer, submission: Submission, candidate: JournalCandidate | None) -> Verdict:
    """Authors say whether they go on, and may change their minds until the journal has it or the date is over."""
    if not submission.is_author or candidate is None:
        return refused("Only the authors of an invited paper answer this.")
    waiting = (JournalCandidate.State.INVITED, JournalCandidate.State.GOING, JournalCandidate.State.DECLINED)
    if candidate.state not in waiting:
        return refused(f"This paper is marked as “{candidate.get_state_display().lower()}”.")
    due = milestone(viewer.edition, Milestone.Kind.JOURNAL, submission.track)
    if due is not None and due.has_closed(viewer.now):
        return refused("The date for the journal is over. Write to the organisers.")
    return ALLOWED


def may_be_named_to_journal(assignment: Assignment) -> Verdict:
    """Whoever wrote a review says whether a journal's guest editors may learn it was them."""
    if not assignment.is_own or not assignment.submission.track.journal_eligible:
        return refused("Only a reviewer of a paper that a journal may get is asked this.")
    if assignment.seen_review_state != "submitted":
        return refused("Submit your review first.")
    return ALLOWED


def may_nominate(submission: Submission, award: Award, decision: Decision | None) -> Verdict:
    """A paper that is accepted, if only in a decision that waits for its release."""
    if not submission.is_chair:
        return refused(_NO_CHAIR)
    if decision is None or decision.outcome != Submission.Outcome.ACCEPTED:
        return refused(f"Paper {submission.number} is not accepted.")
    if award.track_id is not None and award.track_id != submission.track_id:
        return refused(f"Paper {submission.number} is in another track.")
    if award.state != Award.State.PREPARING:
        return refused("The candidates are settled: voting has begun.")
    return ALLOWED


def may_vote(viewer: Viewer, award: Award) -> Verdict:
    """Organisers, and the committee where it votes; each on the candidates they are not in conflict with."""
    if not (viewer.is_organiser or (viewer.is_reviewer and award.committee_votes)):
        return refused("You do not vote on this award.")
    if award.state != Award.State.VOTING:
        return refused("Voting is not open.")
    return ALLOWED


def may_ask_for_meta_review(submission: Submission) -> Verdict:
    if not submission.is_chair:
        return refused(_NO_CHAIR)
    if not submission.track.has_meta_review:
        return refused("This track has no meta-reviews.")
    if submission.state != Submission.State.SUBMITTED or submission.released_at is not None:
        return refused("This paper is not under review.")
    return ALLOWED


def may_sum_up(viewer: Viewer, submission: Submission, meta: MetaReview | None) -> Verdict:
    """The reviewer who was asked, until the decision is released. `meta` is a row of `seen_by`."""
    if meta is None or not meta.is_own:
        return refused("Only the reviewer who was asked for the meta-review writes it.")
    if submission.released_at is not None and submission.released_at <= viewer.now:
        return refused("The decision is released; the meta-review stays as it is.")
    return ALLOWED


def may_tag(submission: Submission) -> Verdict:
    return ALLOWED if submission.is_chair else refused(_NO_CHAIR)


def may_decide(submission: Submission) -> Verdict:
    if not submission.is_chair:
        return refused(_NO_CHAIR)
    if submission.state != Submission.State.SUBMITTED or not submission.track.is_reviewed:
        return refused("This paper is not under review.")
    if submission.released_at is not None:
        return refused("The decision on this paper is released. Correct it instead.")
    return ALLOWED


def may_correct(submission: Submission, decision: Decision | None) -> Verdict:
    if not submission.is_chair:
        return refused(_NO_CHAIR)
    if decision is None or decision.state != Decision.State.RELEASED:
        return refused("There is no released decision to correct.")
    if submission.state != Submission.State.SUBMITTED:
        return refused(f"This paper is {submission.get_state_display().lower()}.")
    return ALLOWED
