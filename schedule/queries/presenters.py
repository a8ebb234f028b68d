"""Who presents what, and whom a new release concerns: those whose talk or poster is new, moved or gone."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ml4rs.editions.models import Person
from schedule.exports import Item, Programme, Session
from schedule.queries.draft import Draft
from submissions.models import Authorship

_OPEN = "to be confirmed"


class _Reached(NamedTuple):
    address: str
    name: str
    user: int | None


@dataclass
class Concerned:
    """A presenter with what changed for them, in words, and all items that are theirs now."""

    address: str
    name: str
    user: int | None  # the account's key
    lines: list[str] = field(default_factory=list)
    items: set[str] = field(default_factory=set)
    papers: set[int] = field(default_factory=set)


def concerned(draft: Draft) -> list[Concerned]:
    """Whom publishing this draft concerns, by name. Speakers are reached by their account. Two queries."""
    old = Programme.from_data(draft.newest.content) if draft.newest else Programme(draft.programme.zone)
    before = {item.id: (session, item) for session, item in old.items()}
    now = {item.id: (session, item) for session, item in draft.programme.items()}
    reached = _Reach(draft)
    found: dict[str, Concerned] = {}

    def told(session: Session, item: Item) -> Iterator[Concerned]:
        for person in reached.people(item):
            yield found.setdefault(person.address, Concerned(*person))

    for key, (session, item) in now.items():
        line = _line(before.get(key), session, item, ZoneInfo(draft.programme.zone))
        for person in told(session, item):
            person.items.add(key)
            person.papers |= reached.papers_of(item)
            if line:
                person.lines.append(line)
    for key, (session, item) in before.items():
        if key not in now:
            for person in told(session, item):
                person.papers |= reached.papers_of(item)
                person.lines.append(f"“{item.name}” is not in the programme any more.")
    return sorted((each for each in found.values() if each.lines), key=lambda each: (each.name, each.address))


def _line(was: tuple[Session, Item] | None, session: Session, item: Item, zone: ZoneInfo) -> str:
    """What is new about an item; empty where nothing is."""
    place = _place(session, item, zone)
    if was is None:
        return f"“{item.name}”: {place}."
    earlier = _place(*was, zone)
    return "" if earlier == place else f"“{item.name}”: now {place}; it was {earlier}."


def _place(session: Session, item: Item, zone: ZoneInfo) -> str:
    where = [f"room {session.room or _OPEN}", f"board {item.board}" if item.board else ""]
    return ", ".join(part for part in (_when(item.starts, item.ends, zone), f"in “{session.title}”", *where) if part)


def _when(starts: datetime | None, ends: datetime | None, zone: ZoneInfo) -> str:
    if starts is None or ends is None:
        return f"time {_OPEN}"
    return f"{starts.astimezone(zone):%a %d %b %Y, %H:%M} to {ends.astimezone(zone):%H:%M}"


class _Reach:
    """Addresses of presenters by paper, and of speakers by name."""

    def __init__(self, draft: Draft) -> None:
        self._keys = {paper.public_id: paper.pk for paper in draft.papers.values()}
        rows = Authorship.objects.filter(submission__in=draft.papers).order_by("submission", "position")
        everybody: dict[int, list[tuple[_Reached, bool]]] = defaultdict(list)
        columns = ("submission", "email", "name", "user", "is_presenter")
        for paper, address, name, user, presents in rows.values_list(*columns):
            everybody[paper].append((_Reached(address, name, user), presents))
        self._presenters = {
            paper: [each for each, presents in authors if presents] or [authors[0][0]]
            for paper, authors in everybody.items()
        }
        speakers = Person.objects.filter(edition=draft.edition, user__isnull=False)
        self._speakers = {
            name: _Reached(address, name, user)
            for name, address, user in speakers.values_list("name", "user__email", "user")
        }

    def people(self, item: Item) -> Iterator[_Reached]:
        for speaker in item.speakers:
            if person := self._speakers.get(speaker.name):
                yield person
        if not item.speakers:
            yield from self._presenters.get(self._keys.get(item.paper, 0), [])

    def papers_of(self, item: Item) -> set[int]:
        return {self._keys[item.paper]} if item.paper in self._keys else set()
