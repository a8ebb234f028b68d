"""Who may do what with a submission, each with its reason.

Every `submission` here is a row of `Submission.objects.seen_by(viewer)`: it knows what this viewer is to it.
All authors with a verified address may edit, whoever started the paper.
"""

from ml4rs.editions.models import Milestone, Track, TrackFile
from ml4rs.editions.policy import ALLOWED, Verdict, may_organise, refused
from ml4rs.editions.queries import is_extended, is_open, is_over
from ml4rs.editions.viewer import Viewer
from submissions.models import CheckReport, Submission

State = Submission.State
FILES_OF_SUBMISSION = {TrackFile.Kind.MANUSCRIPT, TrackFile.Kind.SUPPLEMENTARY, TrackFile.Kind.SLIDE}
FILES_AFTER_ACCEPTANCE = {TrackFile.Kind.CAMERA_READY, TrackFile.Kind.POSTER, TrackFile.Kind.SLIDES}
PUBLIC_FILES = FILES_AFTER_ACCEPTANCE | {TrackFile.Kind.SLIDE}

_NOT_YOURS = "Only the authors of a paper may do this."
_CLOSED = "The deadline of this track has passed."


def is_open_for(viewer: Viewer, track: Track, submission: Submission | None = None) -> bool:
    """Whether the track takes submissions when this request arrived, grace and this paper's extension included."""
    kind = Milestone.Kind.SUBMISSION
    return is_open(viewer.edition, kind, viewer.now, track) or (
        submission is not None and is_extended(viewer.edition, kind, submission.public_id, viewer.now)
    )


def is_final_open_for(viewer: Viewer, submission: Submission) -> bool:
    """Whether the camera-ready version of this paper is still taken."""
    kind = Milestone.Kind.CAMERA_READY
    is_due = is_open(viewer.edition, kind, viewer.now, submission.track)
    return is_due or is_extended(viewer.edition, kind, submission.public_id, viewer.now)


def may_start(viewer: Viewer, track: Track) -> Verdict:
    if not viewer.is_signed_in:
        return refused("Sign in to start a submission.")
    return ALLOWED if is_open_for(viewer, track) else refused(_CLOSED)


def may_edit(viewer: Viewer, submission: Submission) -> Verdict:
    """Texts, authors and files, as a draft or submitted, until the deadline."""
    if not submission.is_author:
        return refused(_NOT_YOURS)
    if submission.state not in (State.DRAFT, State.SUBMITTED):
        return refused(f"This paper is {submission.get_state_display().lower()}.")
    if submission.seen_outcome:
        return refused("The decision on this paper is out; what was reviewed stays as it is.")
    return ALLOWED if is_open_for(viewer, submission.track, submission) else refused(_CLOSED)


def may_finalise(viewer: Viewer, submission: Submission) -> Verdict:
    """What an accepted paper is published with: its final texts and authors, answers, and how conditions were met."""
    if not submission.is_author:
        return refused(_NOT_YOURS)
    if submission.state != State.SUBMITTED or submission.seen_outcome != Submission.Outcome.ACCEPTED:
        return refused("This opens once the paper is accepted.")
    if not is_final_open_for(viewer, submission):
        return refused("The camera-ready deadline has passed.")
    return ALLOWED


def may_change_authors(viewer: Viewer, submission: Submission) -> Verdict:
    """Until the deadline, and again with the camera-ready version."""
    return may_finalise(viewer, submission) if submission.seen_outcome else may_edit(viewer, submission)


def may_draw_areas(viewer: Viewer, submission: Submission) -> Verdict:
    """Authors at any time: it is a mark on a map, and nobody judges it."""
    if not submission.is_author:
        return refused(_NOT_YOURS)
    if submission.state not in (State.DRAFT, State.SUBMITTED):
        return refused(f"This paper is {submission.get_state_display().lower()}.")
    return ALLOWED


def may_accept_conditions(viewer: Viewer, submission: Submission) -> Verdict:
    if not submission.is_chair:
        return refused("Only an organiser without conflict may do this.")
    if submission.seen_outcome != Submission.Outcome.ACCEPTED or not submission.conditions:
        return refused("This paper was accepted without conditions.")
    return ALLOWED


def may_see_final(submission: Submission) -> bool:
    """The camera-ready checklist is between a paper's authors and the organisers."""
    inside = submission.is_author or submission.is_chair
    return inside and submission.seen_outcome == Submission.Outcome.ACCEPTED


def may_have_certificates(viewer: Viewer, submission: Submission, *, asked_by_anybody: bool = False) -> bool:
    """Once the workshop is over, for what was accepted with a form of presentation."""
    if not (asked_by_anybody or submission.is_author or submission.is_chair):
        return False
    return submission.seen_outcome == Submission.Outcome.ACCEPTED and is_over(viewer)


def may_extend(viewer: Viewer, submission: Submission) -> Verdict:
    """A later date for this paper alone."""
    if not submission.is_chair:
        return refused("Only an organiser without conflict may do this.")
    if submission.state == State.DESK_REJECTED:
        return refused("This paper is desk-rejected.")
    return ALLOWED


def may_submit(viewer: Viewer, submission: Submission) -> Verdict:
    if not submission.is_author:
        return refused(_NOT_YOURS)
    if submission.state == State.SUBMITTED:
        return refused("This paper is submitted already.")
    if submission.state != State.DRAFT:
        return refused(f"This paper is {submission.get_state_display().lower()}.")
    return ALLOWED if is_open_for(viewer, submission.track, submission) else refused(_CLOSED)


def may_withdraw(viewer: Viewer, submission: Submission) -> Verdict:
    if not submission.is_author:
        return refused(_NOT_YOURS)
    if submission.state != State.SUBMITTED:
        return refused("Only a submitted paper can be withdrawn.")
    if submission.seen_outcome:
        return refused("The decision on this paper is out; write to the organisers to take it back.")
    return ALLOWED


def may_revive(viewer: Viewer, submission: Submission) -> Verdict:
    if not submission.is_author:
        return refused(_NOT_YOURS)
    if submission.state != State.WITHDRAWN:
        return refused("Only a withdrawn paper can be brought back.")
    return ALLOWED if is_open_for(viewer, submission.track, submission) else refused(_CLOSED)


def may_discard(viewer: Viewer, submission: Submission) -> Verdict:
    if submission.state != State.DRAFT or submission.number is not None:
        return refused("Only a draft that was never submitted can be deleted.")
    if viewer.user is None or submission.created_by_id != viewer.user.pk:
        return refused("Only the person who started this draft may delete it.")
    return ALLOWED


def may_upload(viewer: Viewer, submission: Submission, kind: str) -> Verdict:
    """A file of the submission until its deadline; camera-ready files once accepted, until theirs."""
    if kind in FILES_OF_SUBMISSION:
        return may_edit(viewer, submission)
    return may_finalise(viewer, submission)


def may_dispute(viewer: Viewer, submission: Submission, report: CheckReport | None) -> Verdict:
    """Authors object to a check that blocks; a file that cannot be read at all must be replaced."""
    if not submission.is_author:
        return refused(_NOT_YOURS)
    is_final = report is not None and report.file_version.kind in FILES_AFTER_ACCEPTANCE
    if submission.state not in (State.DRAFT, State.SUBMITTED) or (submission.seen_outcome and not is_final):
        return refused(f"This paper is {submission.get_state_display().lower()}.")
    if report is None or report.verdict != CheckReport.Verdict.BLOCKED:
        return refused("The check does not block this file.")
    return ALLOWED


def may_let_pass(viewer: Viewer, submission: Submission, report: CheckReport | None) -> Verdict:
    if not submission.is_chair:
        return refused("Only an organiser without conflict may do this.")
    if report is None or report.verdict != CheckReport.Verdict.BLOCKED:
        return refused("The check does not block this file.")
    return ALLOWED


def may_mail_authors(viewer: Viewer, submission: Submission) -> Verdict:
    return ALLOWED if submission.is_chair else refused("Only an organiser without conflict may do this.")


def may_desk_reject(viewer: Viewer, submission: Submission) -> Verdict:
    if not submission.is_chair:
        return refused("Only an organiser without conflict may do this.")
    if submission.state != State.SUBMITTED or submission.seen_outcome:
        return refused("Only a submitted paper without a decision can be desk-rejected.")
    return ALLOWED


def may_reinstate(viewer: Viewer, submission: Submission) -> Verdict:
    if not submission.is_chair:
        return refused("Only an organiser without conflict may do this.")
    if submission.state != State.DESK_REJECTED:
        return refused("This paper is not desk-rejected.")
    return ALLOWED


def may_approve(viewer: Viewer, submission: Submission) -> Verdict:
    """Bonus items are accepted or declined by an organiser; papers go through review."""
    if not submission.is_chair:
        return refused("Only an organiser who is not among its authors may do this.")
    if submission.track.is_reviewed:
        return refused("Papers of this track are decided on after review.")
    if submission.state != State.SUBMITTED or submission.seen_outcome:
        return refused("This item is not waiting for an answer.")
    return ALLOWED


def may_publish_papers(viewer: Viewer) -> Verdict:
    return may_organise(viewer)
