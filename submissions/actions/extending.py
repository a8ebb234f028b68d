"""A later date for one paper alone, with its reason."""

from datetime import datetime

from django.db import transaction

from ml4rs.audit.actions import record
from ml4rs.editions.models import Extension, Milestone
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.queries import extension, milestone
from ml4rs.editions.times import announced
from ml4rs.editions.viewer import Viewer
from submissions.actions.fresh import fresh
from submissions.actions.telling import tell_authors
from submissions.models import Submission
from submissions.policy import may_extend

EXTENDABLE = (Milestone.Kind.SUBMISSION, Milestone.Kind.CAMERA_READY)


@transaction.atomic
def extend(submission: Submission, kind: str, *, until: datetime, reason: str, by: Viewer) -> Extension:
    """Let this paper come in later than others; its authors are told at once. A second one takes the first's place.

    Raises:
        NotAllowed: `by` is no organiser without conflict, the date is not ahead, nothing is due, or no reason is given.
    """
    current = fresh(submission, by)
    require(may_extend(by, current))
    due = milestone(by.edition, kind, current.track) if kind in EXTENDABLE else None
    if due is None:
        raise NotAllowed("This track has no such date.")
    if until <= by.now:
        raise NotAllowed("Choose a moment that is still ahead.")
    if due.instant is not None and until <= due.instant:
        raise NotAllowed("This is no later than the date that holds for everybody.")
    if not reason.strip():
        raise NotAllowed("Give the reason; it is kept with the paper.")
    standing = extension(by.edition, kind, current.public_id)
    if standing is not None and (standing.until, standing.reason) == (until, reason):
        return standing  # the same form sent twice: nobody is told twice
    granted = {"until": until, "reason": reason, "granted_by": by.user, "granted_at": by.now}
    found, _ = Extension.objects.update_or_create(milestone=due, about=current.public_id, defaults=granted)
    _forget(by)
    details = {"kind": kind, "until": until.isoformat(), "reason": reason}
    record("submission.extended", by=by, subject=current, submission_id=current.pk, details=details)
    context = {"what": due.title, "until": announced(until, aoe=True)}
    tell_authors("submissions.extended", current, revision=str(by.now.timestamp()), context=context)
    return found


@transaction.atomic
def revoke_extension(submission: Submission, kind: str, *, by: Viewer) -> None:
    """Take it back: the date that holds for everybody holds for this paper again.

    Raises:
        NotAllowed: `by` is no organiser without conflict, or there is none.
    """
    current = fresh(submission, by)
    require(may_extend(by, current))
    found = extension(by.edition, kind, current.public_id)
    if found is None or not Extension.objects.filter(pk=found.pk).delete()[0]:
        raise NotAllowed("There is no extension to take back.")
    _forget(by)
    record("submission.extension_revoked", by=by, subject=current, submission_id=current.pk, details={"kind": kind})


def _forget(by: Viewer) -> None:
    """What was read of the edition's extensions in this request no longer holds."""
    for known in ("_extensions", "_milestones"):
        by.edition.__dict__.pop(known, None)
