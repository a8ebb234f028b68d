"""What becomes of papers that wait for a colleague: handed over, or left with their reviewers."""

from ml4rs.audit.actions import record
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.actions import Recipient, queue_mail
from ml4rs.notifications.links import absolute
from reviews.actions.assigning import seat
from reviews.models import Assignment, Delegation, Review, Reviewer
from reviews.policy import may_take_over

State = Delegation.State
_OVER = (Reviewer.State.DECLINED, Reviewer.State.REMOVED)


def settle_delegations(colleague: Reviewer, *, by: Viewer) -> None:
    """Hand over what waits for this person once they have accepted and declared their conflicts; if they decline or

    are taken off the committee, it stays where it is.
    """
    answered = colleague.state in _OVER or colleague.conflicts_declared_at is not None
    if colleague.state == Reviewer.State.INVITED or not answered:
        return
    waiting = Delegation.objects.filter(colleague=colleague, state=State.APPROVED)
    related = ("assignment__submission__track", "assignment__submission__edition", "assignment__reviewer__user")
    for found in waiting.select_related(*related):
        _settle(found, colleague, by)


def _settle(found: Delegation, colleague: Reviewer, by: Viewer) -> None:
    paper = found.assignment.submission
    kept = Assignment.objects.active().filter(pk=found.assignment_id).exclude(review__state=Review.State.SUBMITTED)
    handed_on = bool(may_take_over(paper, colleague)) and kept.update(
        state=Assignment.State.DECLINED, decline_reason=f"Handed on to {colleague}"
    )
    if not handed_on:
        move(found, State.REFUSED, only=State.APPROVED)
        record("delegation.refused", by=by, subject=found, submission_id=paper.pk)
        if kept.exists():
            tell("delegation_refused", found, text="")
        return
    move(found, State.DONE, only=State.APPROVED)
    seat(paper, colleague, reason=f"Handed on by {found.assignment.reviewer}", by=by)
    record("delegation.done", by=by, subject=found, submission_id=paper.pk)
    tell("delegation_done", found)


def move(found: Delegation, state: str, *, only: str = State.PROPOSED, **fields) -> None:
    """One of two who decide at once wins.

    Raises:
        NotAllowed: it is in another state by now.
    """
    if not Delegation.objects.filter(pk=found.pk, state=only).update(state=state, **fields):
        raise NotAllowed("Somebody decided this a moment ago. Look again.")


def tell(event: str, found: Delegation, **extra) -> None:
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
