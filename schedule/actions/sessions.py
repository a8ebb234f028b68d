"""Sessions of the draft: adding, changing (and shifting what follows), removing. One room holds one at a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F

from ml4rs.audit.actions import record
from ml4rs.editions.meanwhile import locked
from ml4rs.editions.models import Edition, Person
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.viewer import Viewer
from schedule.actions.rooms import free_slug, refuse_double_booking
from schedule.actions.undoing import step
from schedule.models import Room, Session


@dataclass(frozen=True)
class SessionDetails:
    """What an editor says of a session. Room and times may be unknown, the times together."""

    kind: str
    title: str
    room: Room | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    chairs: tuple[Person, ...] = ()


@step("Added “{1.title}”")
def add_session(edition: Edition, details: SessionDetails, *, by: Viewer) -> Session:
    """Add a session to the draft.

    Raises:
        NotAllowed: `by` does not edit the programme, the times are out of order, or the room is taken.
    """
    _check_times(details)
    slug = free_slug(edition.sessions, details.title, "session", 60)
    position = edition.sessions.count()
    session = edition.sessions.create(slug=slug, position=position, **_fields(details))
    session.chairs.set(details.chairs)
    record("programme.session_added", by=by, subject=session, details=_in_words(details))
    refuse_double_booking(edition, session)
    return session


@step("Changed “{0.title}”")
def edit_session(
    session: Session, details: SessionDetails, *, by: Viewer, shift: bool = False, seen: str | None = None
) -> int:
    """Change a session; with `shift`, what follows it on that day moves by as much as its end does.

    `seen` is the fingerprint of what the editor had before them. Returns how many sessions were shifted.

    Raises:
        ChangedMeanwhileError: somebody else changed or removed the session since.
        NotAllowed: `by` does not edit the programme, the times are out of order, or a room would be taken twice.
    """
    _check_times(details)
    current = locked(session, seen)
    before = _in_words(SessionDetails(current.kind, current.title, current.room, current.starts_at, current.ends_at))
    moved = _shift_following(current, details) if shift else 0
    Session.objects.filter(pk=current.pk).update(**_fields(details))
    current.chairs.set(details.chairs)
    record(
        "programme.session_edited",
        by=by,
        subject=current,
        details={**_in_words(details), "before": before, "shifted": moved},
    )
    current.refresh_from_db()
    refuse_double_booking(by.edition, None if moved else current)
    return moved


@step("Removed “{0.title}”")
def remove_session(session: Session, *, by: Viewer) -> None:
    """Take a session and what was placed in it out of the draft; earlier releases keep it.

    Raises:
        NotAllowed: `by` does not edit the programme.
    """
    details = {"title": session.title, "items": session.slots.count()}
    record("programme.session_removed", by=by, subject=session, details=details)
    session.delete()


def _fields(details: SessionDetails) -> dict:
    return {
        "kind": details.kind,
        "title": details.title,
        "room": details.room,
        "starts_at": details.starts_at,
        "ends_at": details.ends_at,
    }


def _in_words(details: SessionDetails) -> dict:
    times = {"starts_at": details.starts_at, "ends_at": details.ends_at}
    written = {name: instant.isoformat() for name, instant in times.items() if instant}
    written["chairs"] = ", ".join(person.name for person in details.chairs)
    return {"kind": details.kind, "title": details.title, "room": details.room.name if details.room else "", **written}


def _check_times(details: SessionDetails) -> None:
    if (details.starts_at is None) != (details.ends_at is None):
        raise NotAllowed("A session has a start and an end, or neither yet.")
    if details.starts_at and details.ends_at and details.starts_at >= details.ends_at:
        raise NotAllowed("The session ends before it starts. Give a later end.")


def _shift_following(current: Session, details: SessionDetails) -> int:
    """Move what starts at or after the old end, on the same day of the venue, by the change of the end."""
    if not (current.ends_at and details.ends_at):
        return 0
    by: timedelta = details.ends_at - current.ends_at
    if not by:
        return 0
    zone = ZoneInfo(current.edition.time_zone)
    midnight = (current.ends_at.astimezone(zone) + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    following = Session.objects.filter(
        edition=current.edition_id, starts_at__gte=current.ends_at, starts_at__lt=midnight
    ).exclude(pk=current.pk)
    return following.update(starts_at=F("starts_at") + by, ends_at=F("ends_at") + by)
