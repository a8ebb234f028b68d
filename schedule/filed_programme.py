"""A programme from and to its part of an edition's file. Sessions keep their place by slug, talks by paper or title."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from pydantic import TypeAdapter, ValidationError

from ml4rs.editions.clock import NoSuchTimeError
from ml4rs.editions.filing.checking import entries, text_at
from ml4rs.editions.filing.dumping import without_defaults
from ml4rs.editions.filing.removing import CannotLoadError, remove
from ml4rs.editions.filing.rows import stored
from ml4rs.editions.filing.values import OPEN, OpenDay, OpenSpan, Span, Zone, written_clock
from ml4rs.editions.models import Edition, Person
from schedule.actions.releasing import publish
from schedule.models import Room, Session, Slot
from schedule.queries.draft import draft_of
from schedule.queries.papers import public_papers
from submissions.models import Submission

if TYPE_CHECKING:
    from schedule.filing import ProgrammePart, SessionPart, SlotPart

# Of two people of one name, the one more likely to give a talk.
_SPEAKING = ("keynote", "invited", "panellist", "organiser", "committee")
_day, _span, _zone = TypeAdapter(OpenDay), TypeAdapter(OpenSpan), TypeAdapter(Zone)


def clashes(file: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Times without a day, times that clocks skip, and two sessions in one room at a time."""
    taken: dict[str, list[tuple[datetime, datetime, str]]] = {}
    for path, session in entries(file["programme"], "sessions"):
        try:
            hours = _hours_as_written(file, session)
        except NoSuchTimeError as error:
            yield (*path, "time"), str(error)
            continue
        except LookupError:
            yield (*path, "time"), "This time needs a `day`, since the edition has no `starts_on`."
            continue
        room = session.get("room")
        if hours is None or not isinstance(room, str) or room == OPEN:
            continue
        for starts, ends, title in taken.get(room, []):
            if starts < hours[1] and hours[0] < ends:
                yield (*path, "time"), f"“{title}” is in {room} at that time."
        taken.setdefault(room, []).append((*hours, text_at(session, "title")))


def _hours_as_written(file: dict[str, Any], session: dict[str, Any]) -> tuple[datetime, datetime] | None:
    """The hours of a session in plain data; None where there are none, or the schema tells what is wrong with them."""
    first = text_at(file, "edition", "starts_on")
    try:
        span = _span.validate_python(session.get("time") or OPEN)
        day = _day.validate_python(session.get("day") or first or OPEN)
        zone = _zone.validate_python(text_at(file, "edition", "time_zone"))
    except ValidationError:
        return None
    if span == OPEN:
        return None
    if day == OPEN:
        raise LookupError
    return span.on(day, zone)


def load(edition: Edition, data: "ProgrammePart") -> None:
    """Make rooms, sessions and slots agree with the file; publish if it says so.

    Raises:
        CannotLoadError: it speaks of people or papers that are not there.
    """
    rooms = {room.slug: room for room in edition.rooms.all()}
    gone: list[Room | Session] = [
        room for slug, room in rooms.items() if slug not in {each.slug for each in data.rooms}
    ]
    for place, part in enumerate(data.rooms, start=1):
        room = rooms.get(part.slug) or Room(edition=edition, slug=part.slug)
        rooms[part.slug] = stored(room, {"name": part.name, "position": place})
    there = {session.slug: session for session in edition.sessions.all()}
    slots = _Slots(edition)
    for place, part in enumerate(data.sessions, start=1):
        session = there.pop(part.slug, None) or Session(edition=edition, slug=part.slug)
        stored(session, _session(part, edition, rooms, place))
        slots.load(session, part.slots)
        slots.seat(session, part.chairs)
    for session in there.values():
        slots.load(session, [])
    for row in [*there.values(), *gone]:
        remove(row)
    if data.published and data.sessions:
        publish(edition, by=None)


def _session(part: "SessionPart", edition: Edition, rooms: dict[str, Room], place: int) -> dict[str, Any]:
    starts, ends = None, None
    if isinstance(part.time, Span):
        day: date = part.day if isinstance(part.day, date) else edition.starts_on
        starts, ends = part.time.on(day, edition.time_zone)
    return {
        "kind": part.kind,
        "title": part.title,
        "room_id": None if part.room == OPEN else rooms[part.room].pk,
        "starts_at": starts,
        "ends_at": ends,
        "position": place,
    }


class _Slots:
    """Loads what happens in sessions, with the edition's people and papers at hand."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        people = sorted(edition.people.all(), key=lambda person: -_SPEAKING.index(person.kind))
        self.people = {person.name: person for person in people}

    def load(self, session: Session, parts: list["SlotPart"]) -> None:
        there = list(session.slots.all())
        matched = [(part, _taken(there, part)) for part in parts]
        matched = [(part, slot or (_taken_untitled(there) if not part.paper else None)) for part, slot in matched]
        for slot in there:
            remove(slot)
        # Boards may change hands: free them before giving them out again.
        moving = [slot.pk for part, slot in matched if slot and slot.board not in ("", part.board)]
        Slot.objects.filter(pk__in=moving).update(board="")
        for place, (part, slot) in enumerate(matched, start=1):
            self._store(slot or Slot(session=session), part, place)

    def _store(self, slot: Slot, part: "SlotPart", place: int) -> None:
        paper = self._paper(part.paper, slot) if part.paper else None
        same = {name: getattr(part, name) for name in ("title", "minutes", "board", "url", "abstract")}
        if slot.board != part.board:
            slot.board = ""  # as it is stored now
        stored(slot, {**same, "submission_id": paper, "position": place})
        speakers = [self._person(each) for each in part.speakers]
        if list(slot.speakers.through.objects.filter(slot=slot).order_by("pk").values_list("person", flat=True)) != [
            person.pk for person in speakers
        ]:
            slot.speakers.clear()
            for person in speakers:  # one by one: their order is the order of the rows
                slot.speakers.add(person)

    def seat(self, session: Session, names: list[str]) -> None:
        """Who chairs; one by one, since the order of the rows is theirs."""
        wanted = [self._person(each).pk for each in names]
        rows = Session.chairs.through.objects.filter(session=session).order_by("pk")
        if list(rows.values_list("person", flat=True)) != wanted:
            session.chairs.clear()
            for key in wanted:
                session.chairs.add(key)

    def _person(self, name: str) -> Person:
        if name not in self.people:
            raise CannotLoadError(f"The programme names “{name}”, who is not among the edition's people.")
        return self.people[name]

    def _paper(self, public_id: str, slot: Slot) -> int:
        """The key of a paper that everybody may know of, or that is placed here already."""
        papers = Submission.objects.filter(edition=self.edition, public_id=public_id)
        found = papers.filter(pk=slot.submission_id).first() if slot.submission_id else None
        found = found or public_papers(self.edition, timezone.now()).filter(public_id=public_id).first()
        if found is None:
            raise CannotLoadError(f"The programme places “{public_id}”, which is no accepted paper of this edition.")
        return found.pk


def _taken(there: list[Slot], part: "SlotPart") -> Slot | None:
    """The slot that this part of the file speaks of, taken from the list."""
    for slot in there:
        paper = slot.submission.public_id if slot.submission else ""
        if (part.paper and paper == part.paper) or (part.title and not part.paper and slot.title == part.title):
            there.remove(slot)
            return slot
    return None


def _taken_untitled(there: list[Slot]) -> Slot | None:
    """A talk whose title was to be announced and now is, or still is not: the next one in the session."""
    found = next((slot for slot in there if not slot.title and slot.submission_id is None), None)
    if found is not None:
        there.remove(found)
    return found


def dump(edition: Edition) -> dict[str, Any] | None:
    """The draft as it stands, and whether it is what the public sees. None where there is nothing."""
    rooms = [{"slug": room.slug, "name": room.name} for room in edition.rooms.all()]
    sessions = list(edition.sessions.select_related("room").prefetch_related("slots__submission"))
    if not rooms and not sessions:
        return None
    speakers: dict[int, list[str]] = {}
    rows = Slot.speakers.through.objects.filter(slot__session__edition=edition).order_by("pk")
    for slot, who in rows.values_list("slot", "person__name"):
        speakers.setdefault(slot, []).append(who)
    chairs: dict[int, list[str]] = {}
    rows = Session.chairs.through.objects.filter(session__edition=edition).order_by("pk")
    for session, who in rows.values_list("session", "person__name"):
        chairs.setdefault(session, []).append(who)
    written = [_dumped(session, edition, speakers, chairs.get(session.pk, [])) for session in sessions]
    return without_defaults({"published": _is_published(edition), "rooms": rooms, "sessions": written}, "published")


def _is_published(edition: Edition) -> bool:
    return draft_of(edition, timezone.now()).is_published


def _dumped(session: Session, edition: Edition, speakers: dict[int, list[str]], chairs: list[str]) -> dict[str, Any]:
    day, time = _written_hours(session, edition)
    return without_defaults(
        {
            "slug": session.slug,
            "kind": session.kind,
            "title": session.title,
            "room": session.room.slug if session.room else None,
            "day": day,
            "time": time,
            "chairs": chairs,
            "slots": [_dumped_slot(slot, speakers.get(slot.pk, [])) for slot in session.slots.all()],
        }
    )


def _written_hours(session: Session, edition: Edition) -> tuple[str | None, str]:
    if session.starts_at is None or session.ends_at is None:
        return None, OPEN
    zone = ZoneInfo(edition.time_zone)
    starts, ends = session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)
    until = written_clock(ends.time())
    if ends.date() != starts.date():
        until = f"{ends.date()} {until}"
    day = None if starts.date() == edition.starts_on else starts.date().isoformat()
    return day, f"{written_clock(starts.time())} to {until}"


def _dumped_slot(slot: Slot, speakers: list[str]) -> dict[str, Any]:
    return without_defaults(
        {
            "title": slot.title,
            "paper": slot.submission.public_id if slot.submission else None,
            "speakers": speakers,
            "minutes": slot.minutes,
            "board": slot.board,
            "url": slot.url,
            "abstract": slot.abstract,
        }
    )
