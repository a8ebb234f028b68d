"""What wants a look in a draft: plain values in, sentences out. Whatever overlaps is told, what only touches is not."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedule.clashes import Absent, at_once, overlapping, warnings
from schedule.exports import Item, Programme, Session, timed

MIDNIGHT = datetime(2025, 4, 27, tzinfo=UTC)
ADA = ("user:1", "Ada Lovelace")


def clock(hour: float) -> datetime:
    return MIDNIGHT + timedelta(hours=hour)


def session(name: str, starts: float | None, ends: float | None, *items: Item, room="Hall", **fields) -> Session:
    hours = {"starts": clock(starts), "ends": clock(ends)} if starts is not None and ends is not None else {}
    kind = {"kind": "orals", "kind_name": "Oral talks"}
    return timed(Session(**{"id": name, "title": name, "room": room, "items": items, **kind, **hours, **fields}))


def posters(name: str, starts: float | None, ends: float | None, *boards: str, **fields) -> Session:
    items = (Item(f"{name}{number}", title=f"{name}{number}", board=board) for number, board in enumerate(boards))
    return session(name, starts, ends, *items, kind="posters", **fields)


def told(kind: str, *sessions: Session, absences=(), papers=()) -> list[str]:
    programme = Programme("UTC", sessions)
    return [each.words for each in warnings(programme, papers, absences) if each.kind == kind]


# --- A sweep over what is open --------------------------------------------------------------------------------

_HALF_HOURS = st.integers(0, 12)
_SPANS = st.tuples(_HALF_HOURS, st.integers(1, 6)).map(lambda span: (clock(span[0] / 2), clock(sum(span) / 2)))


def overlap(one, other) -> bool:
    """What the sweep has to find, as it is defined."""
    return one[0] < other[1] and other[0] < one[1]


@given(st.lists(_SPANS, max_size=12))
def test_a_sweep_finds_the_pairs_that_comparing_all_with_all_finds(spans):
    found = Counter(frozenset(pair) for pair in at_once((*span, key) for key, span in enumerate(spans)))
    every = combinations(range(len(spans)), 2)
    assert found == Counter(frozenset(pair) for pair in every if overlap(*(spans[key] for key in pair)))


@given(st.lists(st.tuples(_SPANS, st.sampled_from(["Hall", "Attic", ""])), max_size=8))
def test_a_room_is_taken_twice_wherever_two_of_its_sessions_overlap(rows):
    sessions = [Session(str(key), "orals", "Orals", str(key), room, *span) for key, (span, room) in enumerate(rows)]
    found = Counter(frozenset((one.id, other.id)) for one, other in overlapping(Programme("UTC", tuple(sessions))))
    assert found == Counter(
        frozenset((one.id, other.id))
        for one, other in combinations(sessions, 2)
        if one.room and one.room == other.room and overlap((one.starts, one.ends), (other.starts, other.ends))
    )


@given(st.lists(st.tuples(_SPANS, st.sampled_from(["Hall", "Attic"]), st.sampled_from("123")), max_size=8))
def test_a_board_is_given_twice_wherever_two_sessions_in_a_room_overlap(rows):
    sessions = [
        Session(str(key), "posters", "Posters", str(key), room, *span, items=(Item(str(key), str(key), board=board),))
        for key, (span, room, board) in enumerate(rows)
    ]
    pairs = [(one, other) for one, other in combinations(sessions, 2) if one.items[0].board == other.items[0].board]
    assert len(told("board", *sessions)) == sum(
        one.room == other.room and overlap((one.starts, one.ends), (other.starts, other.ends)) for one, other in pairs
    )


# --- Rooms ----------------------------------------------------------------------------------------------------


def test_a_long_session_clashes_with_every_one_that_it_covers():
    found = told("room", session("A", 9, 12), session("B", 9.5, 10), session("C", 11, 11.5))
    assert found == ["“A” and “B” are both in Hall at 09:30.", "“A” and “C” are both in Hall at 11:00."]


def test_back_to_back_is_no_clash():
    assert told("room", session("A", 10, 11), session("B", 11, 12)) == []
    assert told("room", session("A", 10, 11), session("B", 10.99, 12)) != []


def test_another_room_no_room_or_no_time_is_no_clash():
    for other in (session("B", 10, 11, room="Attic"), session("B", None, None)):
        assert told("room", session("A", 10, 11), other) == []
    assert told("room", session("A", 10, 11, room=""), session("B", 10, 11, room="")) == []


# --- People ---------------------------------------------------------------------------------------------------


def talk(name: str, *people: tuple[str, str], **fields) -> Item:
    return Item(name, title=name, people=people, **fields)


def test_whoever_chairs_all_morning_clashes_with_every_talk_elsewhere():
    morning = session("Morning", 9, 12, people=(ADA,))
    early, late = session("Early", 9.5, 10, talk("One", ADA)), session("Late", 11, 11.5, talk("Two", ADA))
    assert told("person", morning, early, late) == [
        "Ada Lovelace is expected in “Morning” and in “Early” at 09:30.",
        "Ada Lovelace is expected in “Morning” and in “Late” at 11:00.",
    ]


def test_nobody_is_late_for_what_starts_when_the_last_thing_ended():
    assert told("person", session("A", 10, 11, talk("One", ADA)), session("B", 11, 12, talk("Two", ADA))) == []
    assert told("person", session("A", 10, 12, talk("One", ADA), talk("Two", ADA))) == []


def test_two_posters_of_one_session_are_two_things_at_once():
    both = session("Posters", 10, 11, talk("One", ADA), talk("Two", ADA), kind="posters")
    assert told("person", both) == ["Ada Lovelace has two things at once in “Posters”: “One” and “Two”."]


def test_named_twice_on_one_poster_is_in_one_place():
    assert told("person", session("Posters", 10, 11, talk("One", ADA, ADA), kind="posters")) == []


def test_whoever_chairs_a_session_may_speak_in_it():
    assert told("person", session("A", 10, 11, talk("One", ADA), people=(ADA,))) == []


def test_two_sessions_are_named_once_however_often_somebody_is_in_both():
    orals = session("Orals", 9, 10, talk("One", ADA), talk("Two", ADA))
    assert len(told("person", orals, session("Posters", 9.25, 10, talk("Board", ADA), kind="posters"))) == 1


def test_a_talk_without_a_time_is_nowhere():
    assert told("person", session("A", None, None, talk("One", ADA)), session("B", 9, 10, talk("Two", ADA))) == []


@pytest.mark.parametrize(
    ("starts", "ends", "is_told"),
    [(8, 9, False), (8, 9.1, True), (9.9, 12, True), (10, 12, False), (9.2, 9.3, True), (8, 12, True)],
)
def test_an_absence_is_told_where_it_overlaps_the_talk(starts, ends, is_told):
    orals = session("Orals", 9, 10, talk("One", ADA))
    found = told("absent", orals, absences=[Absent(ADA[0], clock(starts), clock(ends))])
    assert found == (["Ada Lovelace cannot be there for “One” in “Orals” at 09:00."] if is_told else [])


def test_an_absence_of_whoever_chairs_names_the_session():
    orals = session("Orals", 9, 10, people=(ADA,))
    absences = [Absent(ADA[0], clock(9), clock(10))]
    assert told("absent", orals, absences=absences) == ["Ada Lovelace cannot be there for “Orals” at 09:00."]


@pytest.mark.parametrize("half", [{"starts": clock(9)}, {"ends": clock(12)}])
@pytest.mark.parametrize("place", [0, 1])
def test_of_what_only_one_end_is_known_nothing_is_said(half, place):
    item = replace(talk("Open", ADA, board="1"), **half)
    sessions = [posters("A", 9, 12, "1", people=(ADA,))]
    sessions.insert(place, Session("B", "posters", "Posters", "B", "Hall", items=(item,), people=(ADA,), **half))
    absences = [Absent(ADA[0], clock(14), clock(15))]
    assert [each.words for each in warnings(Programme("UTC", tuple(sessions)), (), absences)] == []


def test_whoever_chairs_may_also_speak_late_in_the_session():
    assert told("person", session("A", 10, 11, talk("One"), talk("Two", ADA), people=(ADA,))) == []


def test_two_talks_at_once_in_two_sessions_are_told_with_the_sessions():
    found = told("person", session("A", 10, 11, talk("One", ADA)), session("B", 10.5, 12, talk("Two", ADA)))
    assert found == ["Ada Lovelace is expected in “A” and in “B” at 10:30."]


# --- Boards ---------------------------------------------------------------------------------------------------


def test_a_long_poster_session_shares_a_board_with_every_one_that_it_covers():
    found = told("board", posters("A", 9, 12, "1"), posters("B", 9.5, 10, "1"), posters("C", 11, 11.5, "1"))
    assert found == [f"Board 1 is given twice: to “A0” and to “{other}0”." for other in "BC"]


def test_a_board_may_be_used_again_once_the_session_before_is_over():
    assert told("board", posters("A", 9, 10, "1"), posters("B", 10, 11, "1")) == []
    assert told("board", posters("B", 10, 11, "1"), posters("A", 9, 10, "1")) == []


@pytest.mark.parametrize("hours", [(9, 10), (None, None)])
def test_a_board_is_given_once_within_a_session_whatever_its_time(hours):
    assert len(told("board", posters("A", *hours, "1", "1", "1", "2"))) == 3


def test_a_board_elsewhere_or_at_no_known_time_is_another():
    first = posters("A", 9, 10, "1")
    assert told("board", first, posters("B", 9, 10, "1", room="Attic")) == []
    for one, other in ((first, posters("B", None, None, "1")), (posters("B", None, None, "1"), first)):
        assert told("board", one, other) == []


def test_only_posters_have_boards():
    talks = session("Orals", 9, 10, Item("x", "x", board="1"), Item("y", "y", board="1"))
    assert told("board", talks) == []
    assert told("board", posters("A", 9, 10, "", "")) == []


# --- The rest -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "is_told"), [(60, False), (61, True)])
def test_talks_that_fill_their_session_exactly_fit(minutes, is_told):
    full = session("Orals", 9, 10, Item("a", "a", minutes=minutes))
    words = "The talks of “Orals” take 1 minutes longer than the session."
    assert told("overrun", full) == ([words] if is_told else [])


@pytest.mark.parametrize(("kind", "paper", "is_told"), [
    ("break", "p", True), ("lunch", "p", True), ("orals", "p", False), ("break", "", False),
])  # fmt: skip
def test_a_paper_stands_in_no_break(kind, paper, is_told):
    assert bool(told("slot", session("Tea", 9, 10, Item("a", "a", paper=paper), kind=kind))) is is_told


@pytest.mark.parametrize(("fields", "is_told"), [
    ({"kind": "break"}, True), ({"kind": "posters"}, True), ({"kind": "orals"}, False),
    ({"kind": "break", "room": "Hall"}, False), ({"kind": "break", "ends": None}, False),
])  # fmt: skip
def test_a_break_without_a_room_has_no_screen_where_others_have_one(fields, is_told):
    tea = session("Tea", 10, **{"ends": 11, "room": "", **fields})
    assert bool(told("screen", session("Orals", 9, 10), tea)) is is_told
    assert told("screen", session("Orals", 9, 10, room=""), replace(tea, room="")) == [], "no rooms are known yet"


class Waiting:
    """A paper that waits for its place."""

    public_id, title = "p", "Reeds"

    def __init__(self, *wants: str) -> None:
        self.wants = frozenset(wants)


@pytest.mark.parametrize(("wants", "kinds", "words"), [
    ((), (), "“Reeds” is not in the programme."),
    (("orals",), (), "“Reeds” is not in the programme."),
    ((), ("posters",), None),
    (("orals",), ("posters",), "“Reeds” is not in an oral session."),
    (("orals", "posters"), ("posters",), None),
    (("posters", "spotlights"), ("orals",), "“Reeds” is not in a poster session or a spotlight session."),
])  # fmt: skip
def test_a_paper_waits_until_it_is_in_a_session_of_its_kind(wants, kinds, words):
    placed = [session(kind, 9, 10, Item("a", "a", paper="p"), kind=kind, room=kind) for kind in kinds]
    placed.append(session("Free", 12, 13, Item("b", "b")))
    assert told("unplaced", *placed, papers=[Waiting(*wants)]) == ([words] if words else [])
