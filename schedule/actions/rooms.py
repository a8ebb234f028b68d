"""Rooms of an edition: adding, renaming, removing; one room holds one session at a time."""

from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils.text import slugify

from ml4rs.audit.actions import record
from ml4rs.editions.models import Edition
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from schedule.models import Room, Session
from schedule.policy import may_edit_programme


def free_slug(rows, text: str, fallback: str, longest: int) -> str:
    """A readable key for a new row that no other of `rows` has."""
    base = slugify(text)[: longest - 4].strip("-") or fallback
    taken = set(rows.filter(slug__startswith=base).values_list("slug", flat=True))
    number, slug = 2, base
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


def _refuse_double(edition: Edition, name: str, *, but: Room | None = None) -> None:
    others = edition.rooms.exclude(pk=but.pk) if but else edition.rooms.all()
    if others.filter(name__iexact=name).exists():
        raise NotAllowed(f"There is a room called “{name}” already.")


@transaction.atomic
def add_room(edition: Edition, name: str, *, by: Viewer) -> Room:
    """Add a room at the end of the list.

    Raises:
        NotAllowed: `by` does not edit the programme, or there is a room of this name.
    """
    require(may_edit_programme(by))
    _refuse_double(edition, name)
    position = (edition.rooms.aggregate(last=Max("position"))["last"] or 0) + 1
    room = edition.rooms.create(name=name, slug=free_slug(edition.rooms, name, "room", 40), position=position)
    record("programme.room_added", by=by, subject=room, details={"name": name})
    return room


@transaction.atomic
def change_room(room: Room, name: str, boards_in_row: int, *, by: Viewer) -> Room:
    """Give a room another name or other rows of boards; sessions in it stay there.

    Raises:
        NotAllowed: `by` does not edit the programme, or another room has this name.
    """
    require(may_edit_programme(by))
    _refuse_double(by.edition, name, but=room)
    old, room.name, room.boards_in_row = room.name, name, boards_in_row
    room.save(update_fields=["name", "boards_in_row"])
    details = {"name": name, "before": old, "boards_in_row": boards_in_row}
    record("programme.room_changed", by=by, subject=room, details=details)
    return room


@transaction.atomic
def remove_room(room: Room, *, by: Viewer) -> None:
    """Remove a room; the room of its sessions is to be confirmed again.

    Raises:
        NotAllowed: `by` does not edit the programme.
    """
    require(may_edit_programme(by))
    record("programme.room_removed", by=by, subject=room, details={"name": room.name})
    room.delete()


def refuse_double_booking(edition: Edition, changed: Session | None = None) -> None:
    """Refuse two sessions in one room at a time: in words here, and by the database where it can."""
    dated = list(edition.sessions.filter(room__isnull=False, starts_at__isnull=False).select_related("room"))
    for one in dated if changed is None else [each for each in dated if each.pk == changed.pk]:
        for other in dated:
            if one.pk != other.pk and one.room_id == other.room_id and _overlap(one, other):
                raise NotAllowed(
                    f"“{other.title}” is in {one.room.name} at that time ({_hours(other, edition)}). "
                    "Choose another time or room, or leave the room to be confirmed."
                )
    _ask_database()


def _overlap(one: Session, other: Session) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _hours(session: Session, edition: Edition) -> str:
    zone = ZoneInfo(edition.time_zone)
    return f"{session.starts_at.astimezone(zone):%H:%M} to {session.ends_at.astimezone(zone):%H:%M}"


def _ask_database() -> None:
    """Two editors at once: the second learns it now, not when the transaction ends."""
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS session_room_never_double_booked IMMEDIATE")
            cursor.execute("SET CONSTRAINTS session_room_never_double_booked DEFERRED")
    except IntegrityError as error:
        raise NotAllowed("Somebody else put a session into this room at that time a moment ago.") from error
