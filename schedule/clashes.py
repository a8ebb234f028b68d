"""What is wrong with a draft, named as one works: nothing here is refused, all of it wants a look."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import NamedTuple, Protocol, TypeVar
from zoneinfo import ZoneInfo

from schedule.exports.programme import Item, Programme, Session
from schedule.exports.timing import overrun

T = TypeVar("T")


class Placeable(Protocol):
    public_id: str
    title: str
    wants: frozenset[str]


@dataclass(frozen=True)
class Notice:
    """One thing to look at, in words, and the session where it is mended (empty: none yet)."""

    kind: str  # room, person, absent, board, overrun, slot, screen or unplaced
    words: str
    session: str = ""


class Absent(NamedTuple):
    """When somebody cannot be there."""

    identity: str
    starts: datetime
    ends: datetime


_WORDS_FOR_KIND = {"orals": "an oral session", "posters": "a poster session", "spotlights": "a spotlight session"}


def warnings(programme: Programme, papers: Sequence[Placeable], absences: Sequence[Absent] = ()) -> list[Notice]:
    """Everything to look at, the gravest first."""
    zone = ZoneInfo(programme.zone)
    return [
        *_rooms(programme, zone),
        *_people(programme, zone),
        *_absences(programme, absences, zone),
        *_boards(programme),
        *_overruns(programme),
        *_in_breaks(programme),
        *_screens(programme),
        *_unplaced(programme, papers),
    ]


def at_once(spans: Iterable[tuple[datetime, datetime, T]]) -> Iterator[tuple[T, T]]:
    """Every pair of what overlaps, the one that starts first first. Where one ends as the other starts is no overlap.

    A sweep: what starts is compared with all that is still open then, for a long one overlaps more than what is next.
    """
    still_open: list[tuple[datetime, datetime, T]] = []
    for span in sorted(spans, key=lambda each: each[:2]):
        still_open = [each for each in still_open if each[1] > span[0]]
        for each in still_open:
            yield each[2], span[2]
        still_open.append(span)


def overlapping(programme: Programme) -> Iterator[tuple[Session, Session]]:
    """Pairs of sessions that are in one room at once."""
    by_room = defaultdict(list)
    for session in programme.sessions:
        if session.room and session.hours:
            by_room[session.room].append((*session.hours, session))
    for timed in by_room.values():
        yield from at_once(timed)


def _rooms(programme: Programme, zone: ZoneInfo) -> Iterator[Notice]:
    for one, other in overlapping(programme):
        at = f" at {other.starts.astimezone(zone):%H:%M}" if other.starts else ""
        words = f"“{one.title}” and “{other.title}” are both in {one.room}{at}."
        yield Notice("room", words, other.id)


_Expected = tuple[datetime, datetime, Session, Item | None]  # None: as the chair of the session


def _people(programme: Programme, zone: ZoneInfo) -> Iterator[Notice]:
    """Who is expected in two sessions at one time, each pair of sessions named once."""
    expected, names = _expected(programme)
    for identity, places in expected.items():
        seen = set()
        for one, two in at_once((place[0], place[1], place) for place in places):
            (_, _, session, item), (starts, _, elsewhere, other) = one, two
            pair = frozenset({session.id, elsewhere.id})
            if pair in seen or _chairs_own(session, item, elsewhere, other):
                continue
            seen.add(pair)
            yield _twice(names[identity], item, session, other, elsewhere, starts.astimezone(zone))


def _absences(programme: Programme, absences: Sequence[Absent], zone: ZoneInfo) -> Iterator[Notice]:
    """Somebody is expected when they said that they cannot be there."""
    expected, names = _expected(programme)
    for identity, starts, ends in absences:
        for begins, over, session, item in expected.get(identity, ()):
            if begins < ends and starts < over:
                what = f"“{item.name}” in “{session.title}”" if item else f"“{session.title}”"
                words = f"{names[identity]} cannot be there for {what} at {begins.astimezone(zone):%H:%M}."
                yield Notice("absent", words, session.id)


def _expected(programme: Programme) -> tuple[dict[str, list[_Expected]], dict[str, str]]:
    """When everybody is expected where, and how they are called, by identity."""
    expected: dict[str, list[_Expected]] = defaultdict(list)
    names: dict[str, str] = {}
    for session in programme.sessions:
        for identity, name in session.people:
            names[identity] = name
            if session.hours:
                expected[identity].append((*session.hours, session, None))
        for item in session.items:
            for identity, name in dict(item.people).items():  # named twice on one talk is one person at one place
                names[identity] = name
                if item.hours:
                    expected[identity].append((*item.hours, session, item))
    return expected, names


def _chairs_own(session: Session, item: Item | None, elsewhere: Session, other: Item | None) -> bool:
    """Whoever chairs a session may speak in it."""
    return session.id == elsewhere.id and (item is None or other is None)


def _twice(
    name: str, item: Item | None, session: Session, other: Item | None, elsewhere: Session, at: datetime
) -> Notice:
    if session.id == elsewhere.id and item is not None and other is not None:
        return Notice(
            "person",
            f"{name} has two things at once in “{session.title}”: “{item.name}” and “{other.name}”.",
            session.id,
        )
    words = f"{name} is expected in “{session.title}” and in “{elsewhere.title}” at {at:%H:%M}."
    return Notice("person", words, elsewhere.id)


def _boards(programme: Programme) -> Iterator[Notice]:
    """One board for two posters, within a session and across poster sessions that overlap."""
    taken: dict[str, list[tuple[Session, Item]]] = defaultdict(list)
    for session, item in programme.items():
        if item.board and session.kind == "posters":
            taken[item.board].append((session, item))
    for board, uses in taken.items():
        for (one, poster), (other, second) in combinations(uses, 2):
            same_time = one.id == other.id or _overlap(one, other)
            if same_time and (one.room == other.room):
                words = f"Board {board} is given twice: to “{poster.name}” and to “{second.name}”."
                yield Notice("board", words, other.id)


def _overlap(one: Session, other: Session) -> bool:
    if one.hours is None or other.hours is None:
        return False
    return one.hours[0] < other.hours[1] and other.hours[0] < one.hours[1]


def _overruns(programme: Programme) -> Iterator[Notice]:
    for session in programme.sessions:
        minutes = int(overrun(session).total_seconds() // 60)
        if minutes > 0:
            yield Notice(
                "overrun", f"The talks of “{session.title}” take {minutes} minutes longer than the session.", session.id
            )


def _in_breaks(programme: Programme) -> Iterator[Notice]:
    """A paper in a break, where nobody would talk about it."""
    for session, item in programme.items():
        if item.paper and session.kind in ("break", "lunch"):
            yield Notice("slot", f"“{item.name}” stands in a break, “{session.title}”.", session.id)


def _screens(programme: Programme) -> Iterator[Notice]:
    """A break in which nobody could watch the bonus slides, since it has no room while others have one."""
    if not any(session.room for session in programme.sessions):
        return
    for session in programme.sessions:
        if session.kind in ("break", "posters") and session.starts and not session.room:
            words = f"“{session.title}” has no room, so no screen for the bonus slides. Say in which room it is."
            yield Notice("screen", words, session.id)


def _unplaced(programme: Programme, papers: Sequence[Placeable]) -> Iterator[Notice]:
    placed: dict[str, set[str]] = defaultdict(set)
    for session, item in programme.items():
        if item.paper:
            placed[item.paper].add(session.kind)
    for paper in papers:
        kinds = placed.get(paper.public_id, set())
        if not kinds:
            yield Notice("unplaced", f"“{paper.title}” is not in the programme.")
        elif paper.wants and not paper.wants & kinds:
            wanted = " or ".join(_WORDS_FOR_KIND[kind] for kind in sorted(paper.wants))
            yield Notice("unplaced", f"“{paper.title}” is not in {wanted}.")
