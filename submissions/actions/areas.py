"""Study areas: where on Earth a paper looks, drawn by its authors."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from ml4rs.audit.actions import record
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from submissions.models import StudyArea, Submission
from submissions.policy import may_draw_areas

_MOST = 10


@dataclass(frozen=True)
class Box:
    """Degrees east and north; a point where both corners are one."""

    west: Decimal
    east: Decimal
    south: Decimal
    north: Decimal


@transaction.atomic
def add_area(submission: Submission, box: Box, *, by: Viewer) -> StudyArea:
    """Add a study area; the same one twice is one.

    Raises:
        NotAllowed: `by` is no author, it is not on Earth, or there are ten already.
    """
    require(may_draw_areas(by, submission))
    if not (abs(box.west) <= 180 and abs(box.east) <= 180 and -90 <= box.south <= box.north <= 90):
        raise NotAllowed("Longitudes go from -180 to 180, latitudes from -90 to 90, and south lies south of north.")
    if submission.areas.count() >= _MOST:
        raise NotAllowed(f"{_MOST} areas are as many as the map can show. Remove one first.")
    area, is_new = StudyArea.objects.get_or_create(submission=submission, **vars(box))
    if is_new:
        _record("added", area, submission, by)
    return area


@transaction.atomic
def remove_area(area: StudyArea, submission: Submission, *, by: Viewer) -> None:
    """Take a study area away.

    Raises:
        NotAllowed: `by` is no author.
    """
    require(may_draw_areas(by, submission))
    _record("removed", area, submission, by)
    area.delete()


def _record(what: str, area: StudyArea, submission: Submission, by: Viewer) -> None:
    details = {"area": str(area)}
    record(f"submission.area_{what}", by=by, subject=submission, submission_id=submission.pk, details=details)
