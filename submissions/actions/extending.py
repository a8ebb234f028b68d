"""A later date for one paper alone, with its reason."""

from datetime import datetime

from django.db import transaction

from ml4rs.audit.actions import record
from ml4rs.editions.extending import grant, take_back
from ml4rs.editions.models import Extension, Milestone
from ml4rs.editions.policy import require
from ml4rs.editions.queries import milestone
from ml4rs.editions.times import announced
from ml4rs.editions.viewer import Viewer
from submissions.actions.fresh import fresh
from submissions.actions.telling import tell_authors
from submissions.models import Submission
from submissions.policy import may_extend

EXTENDABLE = (Milestone.Kind.SUBMISSION, Milestone.Kind.RESPONSE, Milestone.Kind.CAMERA_READY)


@transaction.atomic
def extend(submission: Submission, kind: str, *, until: datetime, reason: str, by: Viewer) -> Extension:
    """Let this paper come in later than others; its authors are told at once. A second one takes the first's place.

    Raises:
        NotAllowed: `by` is no organiser without conflict, the date is not ahead, nothing is due, or no reason is given.
    """
    current = fresh(submission, by)
    require(may_extend(by, current))
    due = milestone(by.edition, kind, current.track) if kind in EXTENDABLE else None
    found, is_new = grant(due, current.public_id, until=until, reason=reason, by=by)
    if is_new:
        details = {"kind": kind, "until": until.isoformat(), "reason": reason}
        record("submission.extended", by=by, subject=current, submission_id=current.pk, details=details)
        context = {"what": found.milestone.title, "until": announced(until, aoe=True)}
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
    take_back(by.edition, kind, current.public_id)
    record("submission.extension_revoked", by=by, subject=current, submission_id=current.pk, details={"kind": kind})
