"""Handing a paper on to a colleague: proposed by the reviewer, approved by an organiser, taken by the colleague."""

from django.db import IntegrityError, transaction

from ml4rs.accounts.models import normalise_address
from ml4rs.audit.actions import record
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.actions import Recipient, queue_mail
from ml4rs.notifications.links import absolute
from reviews.actions.assigning import seat
from reviews.actions.committee import invite
from reviews.actions.conflicts import declare_conflicts
from reviews.invitees import Invitee
from reviews.models import Assignment, Delegation, Review, Reviewer
from reviews.policy import is_in_conflict, may_decide_delegation, may_decline, may_run_committee
from submissions.models import Submission

State = Delegation.State
_GONE = "Somebody decided this a moment ago. Look again."


@transaction.atomic
def propose_delegate(assignment: Assignment, *, name: str, email: str, reason: str, by: Viewer) -> Delegation:
    """Ask that a colleague take this paper over. Until that has happened it stays with its reviewer.

    Whether the colleague is in conflict is not said here: it would tell who wrote the paper.

    Raises:
        NotAllowed: somebody else's, the review is in, decisions are released, or a colleague is asked already.
    """
    require(may_decline(by, assignment))
    address = normalise_address(email)
    if address in by.addresses or address == assignment.reviewer.email:
        raise NotAllowed("This is your own address.")
    try:
        with transaction.atomic():
            made = Delegation.objects.create(
                assignment=assignment, name=name, email=address, reason=reason, proposed_at=by.now
            )
    except IntegrityError as error:
        raise NotAllowed("A colleague is proposed for this paper already.") from error
    record("delegation.proposed", by=by, subject=made, submission_id=assignment.submission_id)
    return made


@transaction.atomic
def approve_delegate(found: Delegation, submission: Submission, *, by: Viewer) -> Delegation:
    """Let the colleague take over: at once if they are on the committee, else they are invited first.

    Raises:
        NotAllowed: `by` is no organiser without conflict, or the colleague is in conflict or declined before.
    """
    require(may_decide_delegation(submission, found))
    require(may_run_committee(by))
    rows = Reviewer.objects.filter(edition=by.edition, email=found.email).select_related("edition", "user")
    colleague = rows.exclude(state=Reviewer.State.REMOVED).first()
    if colleague is None:
        person = Invitee(1, "", name=found.name, email=found.email)
        words = "A member of the committee proposed that you review one paper in their place."
        colleague = next(iter(invite(by.edition, [person], by=by, load=1, words=words)), None)
        if colleague is None:
            raise NotAllowed(_GONE)
    elif colleague.state == Reviewer.State.DECLINED:
        raise NotAllowed(f"{colleague} has declined to be on the committee.")
    elif colleague.user_id and is_in_conflict(colleague, submission):
        raise NotAllowed(f"{colleague} is in conflict with this paper.")
    _move(found, State.APPROVED, colleague=colleague, decided_by=by.user, decided_at=by.now)
    record("delegation.approved", by=by, subject=found, submission_id=submission.pk)
    settle_delegations(colleague, by=by)
    found.refresh_from_db()
    return found


@transaction.atomic
def refuse_delegate(found: Delegation, submission: Submission, *, text: str, by: Viewer) -> None:
    """The paper stays with its reviewer, who is told why.

    Raises:
        NotAllowed: `by` is no organiser without conflict, or it is decided already.
    """
    require(may_decide_delegation(submission, found))
    _move(found, State.REFUSED, decided_by=by.user, decided_at=by.now)
    record("delegation.refused", by=by, subject=found, submission_id=submission.pk, details={"text": text})
    _tell("delegation_refused", found, text=text)


@transaction.atomic
def join_in(reviewer: Reviewer, *, lines: str, by: Viewer) -> None:
    """Declare one's conflicts, and take over what colleagues handed on.

    Raises:
        NotAllowed: not a member of the committee, or papers can be seen already.
    """
    settle_delegations(declare_conflicts(reviewer, lines=lines, by=by), by=by)


def settle_delegations(colleague: Reviewer, *, by: Viewer) -> None:
    """Hand over what waits for this person, once they have accepted and declared their conflicts."""
    if colleague.state != Reviewer.State.ACCEPTED or colleague.conflicts_declared_at is None:
        return
    waiting = Delegation.objects.filter(colleague=colleague, state=State.APPROVED)
    for found in waiting.select_related("assignment__submission__track", "assignment__reviewer__user"):
        _settle(found, colleague, by)


def _settle(found: Delegation, colleague: Reviewer, by: Viewer) -> None:
    paper = found.assignment.submission
    sits = Assignment.objects.active().filter(submission=paper.pk, reviewer=colleague).exists()
    if sits or is_in_conflict(colleague, paper) or paper.released_at is not None:
        _move(found, State.REFUSED, only=State.APPROVED)
        record("delegation.refused", by=by, subject=found, submission_id=paper.pk)
        _tell("delegation_refused", found, text="")
        return
    kept = Assignment.objects.active().filter(pk=found.assignment_id).exclude(review__state=Review.State.SUBMITTED)
    if not kept.update(state=Assignment.State.DECLINED, decline_reason=f"Handed on to {colleague}"):
        _move(found, State.REFUSED, only=State.APPROVED)
        return
    _move(found, State.DONE, only=State.APPROVED)
    seat(paper, colleague, reason=f"Handed on by {found.assignment.reviewer}", by=by)
    record("delegation.done", by=by, subject=found, submission_id=paper.pk)
    _tell("delegation_done", found)


def _move(found: Delegation, state: str, *, only: str = State.PROPOSED, **fields) -> None:
    if not Delegation.objects.filter(pk=found.pk, state=only).update(state=state, **fields):
        raise NotAllowed(_GONE)


def _tell(event: str, found: Delegation, **extra) -> None:
    """To who asked for it. Neither the paper nor a reason that would tell of a conflict stands in it."""
    reviewer = found.assignment.reviewer
    edition = found.assignment.submission.edition
    queue_mail(
        f"reviews.{event}",
        edition=edition,
        to=Recipient(reviewer.user.email, reviewer.user.name, reviewer.user),
        about=found.public_id,
        context={
            "name": reviewer.name,
            "colleague": found.name,
            "link": absolute("reviews:desk", edition.slug),
            **extra,
        },
        submission_id=found.assignment.submission_id,
    )
