"""When presenters cannot be there: stated and taken back by themselves."""

from datetime import datetime

from django.db import transaction

from ml4rs.audit.actions import record
from ml4rs.editions.models import Edition
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from schedule.models import Absence
from schedule.policy import may_state_absences

_MOST = 20


@transaction.atomic
def state_absence(edition: Edition, starts_at: datetime, ends_at: datetime, *, by: Viewer) -> Absence:
    """State a stretch of time; the same one twice is one.

    Raises:
        NotAllowed: `by` presents nothing, it ends before it starts, or there are twenty already.
    """
    require(may_state_absences(by))
    if starts_at >= ends_at:
        raise NotAllowed("The end must be after the start.")
    mine = Absence.objects.filter(edition=edition, user=by.user)
    if mine.count() >= _MOST:
        raise NotAllowed(f"{_MOST} times are as many as can be kept. Remove one first, or write to the organisers.")
    absence, is_new = mine.get_or_create(edition=edition, user=by.user, starts_at=starts_at, ends_at=ends_at)
    if is_new:
        record("programme.absence_stated", by=by, subject=absence, details={"when": str(absence)})
    return absence


@transaction.atomic
def withdraw_absence(absence: Absence, *, by: Viewer) -> None:
    """Take it back.

    Raises:
        NotAllowed: it is somebody else's.
    """
    if by.user is None or absence.user_id != by.user.pk:
        raise NotAllowed("This is for those who present at this workshop.")
    record("programme.absence_withdrawn", by=by, subject=absence, details={"when": str(absence)})
    absence.delete()
