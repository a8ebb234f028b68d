"""What happens in a session: talks with speakers, and accepted papers as talks or posters."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max

from ml4rs.audit.actions import record
from ml4rs.editions.meanwhile import locked
from ml4rs.editions.models import Person
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.viewer import Viewer
from schedule.actions.undoing import step
from schedule.models import Session, Slot
from schedule.queries.papers import public_papers
from submissions.models import Submission


@dataclass(frozen=True)
class SlotDetails:
    """What an editor says of a talk or poster. An empty title is the paper's, or to be announced."""

    title: str = ""
    abstract: str = ""
    speakers: tuple[Person, ...] = ()
    minutes: int | None = None
    board: str = ""
    url: str = ""


@step("Added a talk to “{0.title}”")
def add_slot(session: Session, details: SlotDetails, *, by: Viewer) -> Slot:
    """Add a talk at the end of a session.

    Raises:
        NotAllowed: `by` does not edit the programme, or the board is taken.
    """
    _refuse_taken_board(session, details.board)
    slot = session.slots.create(position=_next_position(session), **_fields(details))
    slot.speakers.set(details.speakers)
    record("programme.item_added", by=by, subject=slot, details={"session": session.title, "title": details.title})
    return slot


@step("Placed papers in “{0.title}”")
def place(session: Session, public_ids: Sequence[str], *, by: Viewer) -> int:
    """Put papers into a session, in the order given. Returns how many were new there.

    Raises:
        NotAllowed: `by` does not edit the programme, or one of them is no accepted and released paper.
    """
    wanted = list(dict.fromkeys(public_ids))
    found = {paper.public_id: paper for paper in public_papers(by.edition, by.now).filter(public_id__in=wanted)}
    if set(wanted) - set(found):
        raise NotAllowed("Only accepted papers whose decision is released can be placed.")
    there = set(session.slots.filter(submission__isnull=False).values_list("submission_id", flat=True))
    new = [found[public_id] for public_id in wanted if found[public_id].pk not in there]
    first = _next_position(session)
    for offset, paper in enumerate(new):
        slot = session.slots.create(position=first + offset, submission_id=paper.pk)
        _record_paper("programme.paper_placed", slot, paper, by)
    return len(new)


@step("Changed an item of “{0.session.title}”")
def edit_slot(slot: Slot, details: SlotDetails, *, by: Viewer, seen: str | None = None) -> Slot:
    """Change a talk or poster. `seen` is the fingerprint of what the editor had before them.

    Raises:
        ChangedMeanwhileError: somebody else changed the item or took it out since.
        NotAllowed: `by` does not edit the programme, or the board is taken.
    """
    locked(slot, seen)
    _refuse_taken_board(slot.session, details.board, but=slot)
    Slot.objects.filter(pk=slot.pk).update(**_fields(details))
    slot.speakers.set(details.speakers)
    slot.refresh_from_db()
    record("programme.item_edited", by=by, subject=slot, submission_id=slot.submission_id, details=_fields(details))
    return slot


@step("Moved an item of “{0.session.title}”")
def move_slot(slot: Slot, direction: str, *, by: Viewer) -> None:
    """Move a talk one place `up` or `down` in its session; at the end of the list nothing happens.

    Raises:
        NotAllowed: `by` does not edit the programme.
    """
    order = list(slot.session.slots.order_by("position", "pk").values_list("pk", flat=True))
    at = order.index(slot.pk)
    to = max(0, min(len(order) - 1, at + (-1 if direction == "up" else 1)))
    order.insert(to, order.pop(at))
    for position, pk in enumerate(order, start=1):
        Slot.objects.filter(pk=pk).exclude(position=position).update(position=position)
    record("programme.item_moved", by=by, subject=slot, submission_id=slot.submission_id, details={"to": to + 1})


@step("Ordered “{0.title}”")
def order_slots(session: Session, public_ids: Sequence[str], *, by: Viewer) -> None:
    """The whole order of a session at once, as dragging gives it.

    Raises:
        NotAllowed: `by` does not edit the programme, or these are not the items that are there now.
    """
    there = dict(session.slots.select_for_update().values_list("public_id", "pk"))
    if sorted(public_ids) != sorted(there):
        raise NotAllowed("Somebody changed this session a moment ago. Look again.")
    for position, public_id in enumerate(public_ids, start=1):
        Slot.objects.filter(pk=there[public_id]).exclude(position=position).update(position=position)
    record("programme.items_ordered", by=by, subject=session, details={"items": len(there)})


@step("Took an item out of “{0.session.title}”")
def remove_slot(slot: Slot, *, by: Viewer) -> None:
    """Take a talk or poster out of the draft; a paper can be placed again.

    Raises:
        NotAllowed: `by` does not edit the programme.
    """
    details = {"session": slot.session.title, "title": slot.title}
    record("programme.item_removed", by=by, subject=slot, submission_id=slot.submission_id, details=details)
    slot.delete()


@step("Numbered the boards of “{0.title}”")
def number_boards(session: Session, *, first: int, by: Viewer) -> int:
    """Give every poster of a session a board, counting from `first` in their order. Returns how many.

    Raises:
        NotAllowed: `by` does not edit the programme.
    """
    slots = list(session.slots.order_by("position", "pk"))
    session.slots.update(board="")  # a number may be on its way from one poster to another
    for number, slot in enumerate(slots, start=first):
        Slot.objects.filter(pk=slot.pk).update(board=str(number))
    record("programme.boards_numbered", by=by, subject=session, details={"first": first, "posters": len(slots)})
    return len(slots)


def _fields(details: SlotDetails) -> dict:
    return {
        "title": details.title,
        "abstract": details.abstract,
        "minutes": details.minutes,
        "board": details.board,
        "url": details.url,
    }


def _next_position(session: Session) -> int:
    return (session.slots.aggregate(last=Max("position"))["last"] or 0) + 1


def _refuse_taken_board(session: Session, board: str, *, but: Slot | None = None) -> None:
    others = session.slots.exclude(pk=but.pk) if but else session.slots.all()
    if board and others.filter(board=board).exists():
        raise NotAllowed(f"Board {board} is taken in this session. Choose another one.")


def _record_paper(verb: str, slot: Slot, paper: Submission, by: Viewer) -> None:
    details = {"session": slot.session.title, "title": paper.title}
    record(verb, by=by, subject=slot, submission_id=paper.pk, details=details)
