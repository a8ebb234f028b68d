"""The order in which demos get the venue's places."""

from django.db import transaction

from ml4rs.audit.actions import record
from ml4rs.editions.models import Track
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from schedule.models import DemoTurn
from schedule.policy import may_edit_programme
from schedule.queries.demos import demos


@transaction.atomic
def move_demo(track: Track, public_id: str, direction: str, *, by: Viewer) -> None:
    """Move an accepted demo one turn `up` or `down`; at the ends of the list nothing happens.

    Raises:
        NotAllowed: `by` does not edit the programme, or there is no such demo (any more).
    """
    require(may_edit_programme(by))
    listed = next((each for each in demos(by) if each.track.pk == track.pk), None)
    order = [row.paper for row in listed.rows] if listed else []
    at = next((place for place, paper in enumerate(order) if paper.public_id == public_id), None)
    if at is None:
        raise NotAllowed("This demo was withdrawn or is not accepted any more.")
    order.insert(max(0, min(len(order) - 1, at + (-1 if direction == "up" else 1))), order.pop(at))
    for position, paper in enumerate(order, start=1):
        DemoTurn.objects.update_or_create(submission_id=paper.pk, defaults={"position": position})
    record("programme.demo_moved", by=by, subject=track, submission_id=None, details={"direction": direction})
