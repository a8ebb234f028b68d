"""Moving by hand: a session to another time or room, a talk or a paper from list to list."""

from collections.abc import Sequence
from datetime import datetime

from ml4rs.audit.actions import record
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.viewer import Viewer
from schedule.actions.sessions import SessionDetails, edit_session
from schedule.actions.slots import place
from schedule.actions.undoing import step
from schedule.models import Room, Session, Slot


def move_session(
    session: Session, room: Room | None, starts_at: datetime, ends_at: datetime, *, by: Viewer, shift: bool = False
) -> int:
    """Give a session another room and times; with `shift` what follows moves along. Returns how many did.

    Raises:
        NotAllowed: `by` does not edit the programme, the times are out of order, or a room would be taken twice.
    """
    chairs = tuple(session.chairs.all())
    details = SessionDetails(session.kind, session.title, room, starts_at, ends_at, chairs)
    return edit_session(session, details, by=by, shift=shift)


@step("Moved an item to “{1.title}”")
def move_item(slot: Slot, session: Session, index: int, *, by: Viewer) -> None:
    """Put a talk or poster at a place (from 0) of a session, be it another one or its own.

    A board belongs to its session: in another one the poster has none yet.

    Raises:
        NotAllowed: `by` does not edit the programme, or the paper is in that session already.
    """
    others = session.slots.exclude(pk=slot.pk)
    if slot.session_id != session.pk:
        if slot.submission_id and others.filter(submission=slot.submission_id).exists():
            raise NotAllowed(f"This paper is in “{session.title}” already.")
        Slot.objects.filter(pk=slot.pk).update(session=session, board="")
    order = list(others.order_by("position", "pk").values_list("pk", flat=True))
    order.insert(max(0, min(index, len(order))), slot.pk)
    _number(order)
    details = {"session": session.title, "to": order.index(slot.pk) + 1}
    record("programme.item_moved", by=by, subject=slot, submission_id=slot.submission_id, details=details)


@step("Placed a paper in “{1.title}”")
def place_at(paper: str, session: Session, index: int, *, by: Viewer) -> None:
    """Put a paper without a place at a place (from 0) of a session.

    Raises:
        NotAllowed: `by` does not edit the programme, or it is no accepted and released paper.
    """
    place(session, [paper], by=by)
    slot = session.slots.get(submission__public_id=paper)
    move_item(slot, session, index, by=by)


def _number(order: Sequence[int]) -> None:
    for position, pk in enumerate(order, start=1):
        Slot.objects.filter(pk=pk).exclude(position=position).update(position=position)
