"""Handing a paper on to a colleague: proposed by the reviewer, approved by an organiser, taken by the colleague."""

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction
from django.db.models import Q

from ml4rs.accounts.models import normalise_address
from ml4rs.audit.actions import record
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from reviews.actions.committee import invite
from reviews.actions.handing_on import move, settle_delegations, tell
from reviews.invitees import Invitee
from reviews.models import Assignment, Delegation, Reviewer
from reviews.policy import is_in_conflict, may_decide_delegation, may_propose, may_run_committee
from submissions.models import Submission

State = Delegation.State


@transaction.atomic
def propose_delegate(assignment: Assignment, *, name: str, email: str, reason: str, by: Viewer) -> Delegation:
    """Ask that a colleague take this paper over. Until that has happened it stays with its reviewer.

    Whether the colleague is in conflict is not said here: it would tell who wrote the paper.

    Raises:
        NotAllowed: somebody else's, the review is in, decisions are released, or a colleague is asked already.
    """
    address = normalise_address(email)
    require(may_propose(by, assignment, address))
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
    colleague = _member(found.email, by)
    if colleague is None:
        person = Invitee(1, "", name=found.name, email=found.email)
        words = "A member of the committee proposed that you review one paper in their place."
        colleague = next(iter(invite(by.edition, [person], by=by, load=1, words=words)), None)
        if colleague is None:
            raise NotAllowed("Somebody invited this person a moment ago. Look again.")
    elif colleague.state == Reviewer.State.DECLINED:
        raise NotAllowed(f"{colleague} has declined to be on the committee.")
    elif colleague.user_id and is_in_conflict(colleague, submission):
        raise NotAllowed(f"{colleague} is in conflict with this paper.")
    move(found, State.APPROVED, colleague=colleague, decided_by=by.user, decided_at=by.now)
    record("delegation.approved", by=by, subject=found, submission_id=submission.pk)
    settle_delegations(colleague, by=by)
    found.refresh_from_db()
    return found


def _member(address: str, by: Viewer) -> Reviewer | None:
    """Whoever has this address on the committee, invited by it or by another of theirs."""
    verified = EmailAddress.objects.filter(email__iexact=address, verified=True).values("user")
    rows = Reviewer.objects.filter(Q(email=address) | Q(user__in=verified), edition=by.edition)
    found = rows.exclude(state=Reviewer.State.REMOVED).select_related("edition", "user")
    return found.order_by("state").first()


@transaction.atomic
def refuse_delegate(found: Delegation, submission: Submission, *, text: str, by: Viewer) -> None:
    """The paper stays with its reviewer, who is told why.

    Raises:
        NotAllowed: `by` is no organiser without conflict, or it is decided already.
    """
    require(may_decide_delegation(submission, found))
    move(found, State.REFUSED, decided_by=by.user, decided_at=by.now)
    record("delegation.refused", by=by, subject=found, submission_id=submission.pk, details={"text": text})
    tell("delegation_refused", found, text=text)
