"""From draft to submitted, withdrawn, desk-rejected and back. Of two clicks one wins, the other is told."""

import secrets
from collections import Counter

from django.db import IntegrityError, transaction

from ml4rs.audit.actions import record
from ml4rs.editions.models import Track
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from submissions.actions.fresh import fresh, held
from submissions.actions.telling import send_receipt, tell_authors, tell_coauthors
from submissions.models import Authorship, FileVersion, Submission
from submissions.policy import may_desk_reject, may_discard, may_reinstate, may_revive, may_submit, may_withdraw
from submissions.queries.sheet import current_files, sheet

State = Submission.State
_TOO_LATE = "Somebody else changed this paper's state a moment ago. Look at it again."


@transaction.atomic
def submit(submission: Submission, *, by: Viewer) -> Submission:
    """Hand a draft in: it gets a number drawn at random, its submitter a receipt, its co-authors a note.

    Raises:
        NotAllowed: `by` is no author, something is missing, it is submitted already, or the deadline has passed.
    """
    current = held(submission, by)
    require(may_submit(by, current))
    lacking = sheet(by, current).missing
    if lacking:
        raise NotAllowed("Still missing: " + "; ".join(each.text for each in lacking) + ".")
    _refuse_too_many(current, by)
    if current.number is None:
        _draw_number(current)
    _move(current, State.DRAFT, State.SUBMITTED, by, submitted_at=by.now)
    details = {"number": current.number, "title": current.title}
    record("submission.submitted", by=by, subject=current, submission_id=current.pk, details=details)
    send_receipt(current, current_files(current).values(), by=by, revision=f"submit-{by.now.timestamp()}")
    tell_coauthors(current, by=by)
    return current


@transaction.atomic
def withdraw(submission: Submission, *, by: Viewer, reason: str = "") -> Submission:
    """Take a submission out of review; its authors may revive it until the deadline.

    Raises:
        NotAllowed: `by` is no author of it, it is not submitted, or decisions are out.
    """
    current = fresh(submission, by)
    require(may_withdraw(by, current))
    _move(current, State.SUBMITTED, State.WITHDRAWN, by, state_reason=reason)
    record("submission.withdrawn", by=by, subject=current, submission_id=current.pk, details={"reason": reason})
    context = {"withdrawn_by": str(by.user), "reason": reason}
    tell_authors("submissions.withdrawn", current, revision=str(by.now.timestamp()), context=context)
    return current


@transaction.atomic
def revive(submission: Submission, *, by: Viewer) -> Submission:
    """Bring a withdrawn paper back, under its old number.

    Raises:
        NotAllowed: `by` is no author of it, it is not withdrawn, or the deadline has passed.
    """
    current = fresh(submission, by)
    require(may_revive(by, current))
    _refuse_too_many(current, by)
    _move(current, State.WITHDRAWN, State.SUBMITTED, by, state_reason="")
    record("submission.revived", by=by, subject=current, submission_id=current.pk)
    send_receipt(current, current_files(current).values(), by=by, revision=f"revive-{by.now.timestamp()}")
    return current


@transaction.atomic
def discard(submission: Submission, *, by: Viewer) -> None:
    """Delete a draft that was never submitted, with its files.

    Raises:
        NotAllowed: it was submitted once, or `by` did not start it.
    """
    current = fresh(submission, by)
    require(may_discard(by, current))
    stored = [
        name
        for version in current.files.all()
        for name in (version.stored.name, version.reviewers_copy.name, version.picture.name)
    ]
    record("submission.discarded", by=by, submission_id=current.pk, details={"title": current.title})
    deleted, _ = Submission.objects.filter(pk=current.pk, state=State.DRAFT, number__isnull=True).delete()
    if not deleted:
        raise NotAllowed(_TOO_LATE)
    storage = FileVersion.stored.field.storage
    transaction.on_commit(lambda: [storage.delete(name) for name in stored if name])


@transaction.atomic
def desk_reject(submission: Submission, *, by: Viewer, reason: str) -> Submission:
    """Reject a paper without review, with a reason that its authors are told.

    Raises:
        NotAllowed: `by` is no organiser without conflict, or the paper is not waiting for review.
    """
    current = fresh(submission, by)
    require(may_desk_reject(by, current))
    if not reason.strip():
        raise NotAllowed("Give the authors a reason.")
    _move(current, State.SUBMITTED, State.DESK_REJECTED, by, state_reason=reason)
    record("submission.desk_rejected", by=by, subject=current, submission_id=current.pk, details={"reason": reason})
    tell_authors("submissions.desk_rejected", current, revision=str(by.now.timestamp()), context={"reason": reason})
    return current


@transaction.atomic
def reinstate(submission: Submission, *, by: Viewer) -> Submission:
    """Undo a desk rejection; its authors are told.

    Raises:
        NotAllowed: `by` is no organiser without conflict, or the paper is not desk-rejected.
    """
    current = fresh(submission, by)
    require(may_reinstate(by, current))
    _move(current, State.DESK_REJECTED, State.SUBMITTED, by, state_reason="")
    record("submission.reinstated", by=by, subject=current, submission_id=current.pk)
    tell_authors("submissions.reinstated", current, revision=str(by.now.timestamp()), context={})
    return current


def _refuse_too_many(submission: Submission, by: Viewer) -> None:
    """A track may take a limited number of submissions per person.

    Only papers that `by` is on as well are counted here: a refusal for any other would tell of papers that nobody
    may know of. Organisers find those in their list.
    """
    most = submission.track.submissions_per_author
    if most is None:
        return
    Track.objects.select_for_update(no_key=True).get(pk=submission.track_id)  # two papers at once are counted in turn
    own = Submission.objects.seen_by(by).filter(is_author=True, track=submission.track, state=State.SUBMITTED)
    shared = Authorship.objects.filter(submission__in=own.exclude(pk=submission.pk).values("pk"))
    counts = Counter(shared.values_list("email", flat=True))
    for author in submission.authorships.all():
        if counts[author.email] >= most:
            raise NotAllowed(
                f"This track takes at most {most} submission{'s' if most > 1 else ''} per person, and {author.name} is "
                "on as many of yours already. Change the list of authors, or withdraw another paper."
            )


def _move(submission: Submission, old: str, new: str, by: Viewer, **fields) -> None:
    """The conditional update that lets one of two clicks win."""
    moved = Submission.objects.filter(pk=submission.pk, state=old, outcome="").update(
        state=new, updated_at=by.now, **fields
    )
    if not moved:
        raise NotAllowed(_TOO_LATE)
    for name, value in {"state": new, **fields}.items():
        setattr(submission, name, value)


def _draw_number(submission: Submission) -> None:
    """Give a number that nobody has, at random, so that it tells neither order nor time."""
    for _ in range(20):
        taken = set(Submission.objects.filter(edition=submission.edition_id).values_list("number", flat=True))
        free = [number for number in range(1, _highest(len(taken)) + 1) if number not in taken]
        number = secrets.choice(free)
        try:
            with transaction.atomic():
                Submission.objects.filter(pk=submission.pk, number__isnull=True).update(number=number)
        except IntegrityError:
            continue
        submission.number = number
        return
    raise NotAllowed("Too many papers arrive at once. Press “Submit paper” again.")


def _highest(count: int) -> int:
    """Up to where numbers are drawn: three times as many as there are papers, in steps of 300."""
    return 300 * (1 + 3 * count // 300)
