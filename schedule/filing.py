"""The programme in an edition's file: rooms, sessions, talks and posters, and whether the public sees them."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from ml4rs.editions.filing.checking import doubles, entries
from ml4rs.editions.filing.schema import Part, PeoplePart
from ml4rs.editions.filing.values import OPEN, OpenDay, OpenSpan, Text, Url, line, name, slug
from ml4rs.editions.models import Edition
from schedule import filed_programme
from schedule.models import Session


class RoomPart(Part):
    slug: slug(40)
    name: name(100)


class SlotPart(Part):
    """A talk or poster. Without a title and a paper it is to be announced."""

    title: line(250) = ""
    paper: line(12) = ""
    speakers: list[name(200)] = []
    minutes: Annotated[int, Field(ge=1, le=24 * 60)] | None = None
    board: line(10) = ""
    url: Url = ""
    abstract: Text = ""


class SessionPart(Part):
    slug: slug(60)
    kind: Literal[tuple(Session.Kind.values)]
    title: name(200)
    room: line(40) = OPEN
    day: OpenDay = None
    time: OpenSpan = OPEN
    chairs: list[name(200)] = []
    slots: list[SlotPart] = []


class ProgrammePart(Part):
    published: bool = False
    rooms: list[RoomPart] = []
    sessions: list[SessionPart] = []


class ProgrammeSection:
    """The key `programme`."""

    key = "programme"
    schema = ProgrammePart

    def problems(self, file: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
        data = file[self.key]
        yield from doubles(entries(data, "rooms"), "slug")
        yield from doubles(entries(data, "sessions"), "slug")
        yield from _in_slots(data)
        yield from _unknown_rooms(data)
        yield from _unknown_speakers(file)
        yield from filed_programme.clashes(file)

    def load(self, edition: Edition, data: ProgrammePart) -> None:
        filed_programme.load(edition, data)

    def dump(self, edition: Edition) -> dict[str, Any] | None:
        return filed_programme.dump(edition)


def _in_slots(data: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """A paper or a board that stands twice in one session."""
    for path, session in entries(data, "sessions"):
        for key in ("paper", "board"):
            for inner, words in doubles(entries(session, "slots"), key):
                yield (*path, *inner), words


def _unknown_rooms(data: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    known = {row.get("slug") for _, row in entries(data, "rooms")} | {OPEN}
    for path, session in entries(data, "sessions"):
        room = session.get("room")
        if isinstance(room, str) and room not in known:
            yield (*path, "room"), f"There is no room “{room}” under `rooms`. Write its slug, or “{OPEN}”."


def _unknown_speakers(file: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Only where the file has people: without that section, the loader asks the database."""
    if not isinstance(file.get("people"), dict):
        return
    known = {row.get("name") for kind in PeoplePart.KINDS for _, row in entries(file, "people", kind)}
    for path, session in entries(file["programme"], "sessions"):
        yield from _strangers((*path, "chairs"), session.get("chairs"), known)
        for inner, slot in entries(session, "slots"):
            yield from _strangers((*path, *inner, "speakers"), slot.get("speakers"), known)


def _strangers(path: tuple[str | int, ...], names: Any, known: set[Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for place, who in enumerate(names if isinstance(names, list) else []):
        if isinstance(who, str) and who not in known:
            yield (*path, place), f"There is nobody called “{who}” under `people`."
