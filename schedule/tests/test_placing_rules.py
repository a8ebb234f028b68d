"""What the placing of papers goes by, rule by rule: room, hours, people, reasons. Plain values, no database."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest

from schedule.exports import Item, Programme, Session
from schedule.placing.explaining import Reason, explain
from schedule.placing.problem import Place, Placing, Work
from schedule.placing.solving import Placed, Texts, solve
from schedule.proposing import Laid, _in_words, _left, _wanted, open_sessions, presenters, room_in

NINE = datetime(2025, 4, 27, 9, tzinfo=UTC)
ORALS, POSTERS, EITHER = frozenset({"orals"}), frozenset({"posters"}), frozenset({"orals", "posters"})


def work(people="", kinds=ORALS, text="", paper=None) -> Work:
    return Work(kinds, frozenset(people), text, paper)


def hour(number: float, capacity=1, kind="orals", inside=(), length=60) -> Place:
    return Place(kind, number * 60, number * 60 + length, capacity, inside)


# --- The problem ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("starts", "ends", "does"), [
    (0, 60, False), (0, 61, True), (119, 200, True), (120, 200, False), (70, 80, True), (0, 300, True),
])  # fmt: skip
def test_a_span_overlaps_only_where_it_shares_a_moment(starts, ends, does):
    assert hour(1).overlaps(starts, ends) is does


def test_a_person_is_taken_when_absent_and_where_something_of_theirs_stands():
    problem = Placing((hour(1, inside=(0,)), hour(3)), (work("ab", frozenset()), work("c")), {"a": ((0, 5),)})
    assert problem.occupied == {"a": [(0, 5), (60, 120)], "b": [(60, 120)]}


@pytest.mark.parametrize("inside", [(-1,), (1,)])
def test_what_stands_in_a_place_must_exist(inside):
    Placing((hour(0, inside=(0,)), hour(1, capacity=0)), (work(),))
    with pytest.raises(ValueError, match="does not exist"):
        Placing((hour(0, inside=inside),), (work(),))


# --- The solver -----------------------------------------------------------------------------------------------


def test_a_person_is_placed_twice_only_in_sessions_that_share_no_moment():
    both = (work("a"), work("a"))
    assert len(solve(Placing((hour(0), hour(1)), both)).at) == 2, "one ends as the other starts"
    assert len(solve(Placing((hour(0), hour(0.5)), both)).at) == 1
    assert len(solve(Placing((hour(0, capacity=2),), both)).at) == 1
    assert len(solve(Placing((hour(0, length=180), hour(1), hour(2)), (*both, work("a")))).at) == 2


def test_talk_and_poster_of_one_paper_are_never_at_once():
    pair = (work("a", paper=1), work("b", POSTERS, paper=1))
    assert len(solve(Placing((hour(0), hour(0, kind="posters")), pair)).at) == 1
    assert len(solve(Placing((hour(0), hour(1, kind="posters")), pair)).at) == 2
    others = (work("a", paper=1), work("b", POSTERS, paper=2))
    assert len(solve(Placing((hour(0), hour(0, kind="posters")), others)).at) == 2


def test_a_place_without_room_or_of_another_kind_takes_nothing():
    assert solve(Placing((hour(0, capacity=0), hour(1, kind="posters")), (work("a"),))).at == {}
    assert solve(Placing((hour(0, capacity=0), hour(1)), (work("a"),))).at == {0: 1}


def test_sessions_of_a_kind_are_about_equally_full():
    found = solve(Placing((hour(0, 4), hour(1, 4)), tuple(work(name) for name in "abcd")))
    assert sorted(found.at.values()) == [0, 0, 1, 1]
    bigger = solve(Placing((hour(0, 6), hour(1, 2)), tuple(work(name) for name in "abcd")))
    assert sorted(bigger.at.values()) == [0, 0, 0, 1]


def test_without_words_everything_is_placed_still():
    found = solve(Placing((hour(0, 2),), (work("a", text=""), work("b", text="the"))))
    assert found.at == {0: 0, 1: 0}
    assert found.gap == pytest.approx(0, abs=1e-3)
    assert solve(Placing((), (work("a"),))).gap == 0


def test_words_in_common_are_those_that_weigh_most_in_both():
    texts = Texts.of(["radar clouds forest flood", "radar clouds", "radar", "snow"])
    assert texts.in_common(0, [1, 2])[0] == "radar"
    assert set(texts.in_common(0, [1, 2])) == {"radar", "clouds"}
    assert texts.in_common(0, [3]) == texts.in_common(0, []) == ()
    same = Texts.of(["radar clouds forest flood"] * 2)
    assert len(same.in_common(0, [1])) == 3


# --- Reasons --------------------------------------------------------------------------------------------------


def placed(problem: Placing, at: dict[int, int], closeness) -> dict[int, Reason]:
    return explain(problem, Placed(at, np.array(closeness, float), 0.0, 0.0))


@pytest.mark.parametrize(("problem", "at", "why"), [
    (Placing((hour(0), hour(1)), (work("a"),), {"a": ((60, 70),)}), {0: 0}, "busy"),
    (Placing((hour(0), hour(1)), (work("a"),), {"a": ((120, 130),)}), {0: 0}, "even"),
    (Placing((hour(0), hour(1)), (work("a"),), {"b": ((60, 70),)}), {0: 0}, "even"),
    (Placing((hour(0), hour(1), hour(1)), (work("a"), work("a"))), {0: 0, 1: 2}, "clash"),
    (Placing((hour(0), hour(1), hour(2)), (work("a"), work("a"))), {0: 0, 1: 2}, "even"),
    (Placing((hour(0), hour(1), hour(1)), (work("a", paper=1), work("b", paper=1))), {0: 0, 1: 2}, "clash"),
    (Placing((hour(0), hour(1), hour(1)), (work("a"), work("b"))), {0: 0, 1: 2}, "even"),
    (Placing((hour(0), hour(1)), (work("a"), work("b"))), {0: 0, 1: 1}, "full"),
    (Placing((hour(0), hour(1, 2)), (work("a"), work("b"))), {0: 0, 1: 1}, "even"),
])  # fmt: skip
def test_why_it_is_not_where_it_fits_better(problem, at, why):
    closeness = [[0.1, 0.9, 0.0][: len(problem.places)]] * len(problem.works)
    assert placed(problem, at, closeness)[0] == Reason((), 1, why)


def test_where_nothing_fits_better_there_is_nothing_to_say():
    problem = Placing((hour(0), hour(1), hour(2, kind="posters")), (work("a"), work("b", frozenset())))
    assert placed(problem, {0: 0}, [[0.5, 0.5, 0.9]] * 2) == {0: Reason()}


def test_without_a_place_the_first_session_of_its_kind_says_why():
    problem = Placing((hour(0, kind="posters"), hour(1, capacity=0), hour(2)), (work("a"),), {"a": ((120, 121),)})
    assert placed(problem, {}, [[0, 0, 0]])[0].why_not == "full"
    assert placed(Placing((hour(0, kind="posters"),), (work("a"),)), {}, [[0]])[0].why_not == "kind"


LAID = Laid(sessions=[SimpleNamespace(title="Early"), SimpleNamespace(title="Late")])


@pytest.mark.parametrize(("reason", "words"), [
    (Reason(), "any session fits as well"),
    (Reason(("radar", "snow")), "in common with the others: radar, snow"),
    (Reason((), 1, "full"), "“Late” fits better, but is full"),
    (Reason(("radar",), 0, "clash"),
     "in common with the others: radar; “Early” fits better, but is when a presenter has another paper"),
])  # fmt: skip
def test_a_reason_reads_as_a_sentence(reason, words):
    assert _in_words(LAID, reason) == words


def test_what_finds_no_place_is_listed_with_the_kinds_it_asked_for():
    paper = SimpleNamespace(public_id="p")
    laid = Laid(works=[work(kinds=frozenset()), work(), work(kinds=EITHER)], papers={1: paper, 2: paper})
    reasons = {1: Reason(why_not="full"), 2: Reason(why_not="kind")}
    assert list(_left(laid, {1: 0}, reasons)) == [
        ("p", "oral session or poster session", "there is no session of this kind")
    ]


# --- From the draft -------------------------------------------------------------------------------------------


def draft(*sessions: Session, papers=(), unplaced=()) -> SimpleNamespace:
    return SimpleNamespace(
        programme=Programme("UTC", sessions), papers=dict(enumerate(papers)), unplaced=list(unplaced)
    )


def session(kind="orals", minutes: int | None = 60, *items: Item) -> Session:
    times = (NINE, NINE + timedelta(minutes=minutes)) if minutes is not None else (None, None)
    return Session(kind, kind, kind, kind, "", *times, items=items)


def test_papers_go_into_sessions_of_talks_or_posters_that_have_a_time():
    rows = [session(kind) for kind in ("orals", "spotlights", "posters", "panel", "break")]
    found = open_sessions(draft(*rows, session("orals", None)))
    assert [each.kind for each, *_ in found] == ["orals", "spotlights", "posters"]
    assert found[0][1:] == (NINE, NINE + timedelta(hours=1))


@pytest.mark.parametrize(("of", "room"), [
    (session("orals", 60), 4), (session("orals", 59), 3), (session("spotlights", 60), 12), (session("orals", None), 0),
    (session("orals", 60, Item("i"), Item("j", minutes=20)), 1), (session("orals", 30, Item("i", minutes=40)), 0),
])  # fmt: skip
def test_a_session_of_talks_has_room_for_as_many_as_its_time_lets(of, room):
    assert room_in(of, draft(of)) == room


def test_posters_that_wait_are_shared_among_the_poster_sessions():
    want = [SimpleNamespace(wants=wants) for wants in (POSTERS, POSTERS, frozenset(), ORALS)]
    one = session("posters")
    assert room_in(one, draft(one, unplaced=want)) == 3
    assert room_in(one, draft(one, session("posters"), session("orals"), unplaced=want)) == 2
    assert room_in(session("posters", None), draft(session("posters", None), unplaced=want)) == 3


def test_presenters_are_known_by_who_they_are():
    papers = [SimpleNamespace(presenters=(("1", "Ada"), ("2", "Grace"))), SimpleNamespace(presenters=(("1", "Ada"),))]
    assert presenters(draft(papers=papers)) == {"1": "Ada", "2": "Grace"}


ANY = frozenset({"orals", "spotlights", "posters"})


@pytest.mark.parametrize(("wants", "there", "posters_too", "found"), [
    (ORALS, set(), False, [ORALS]), (ORALS, {"orals"}, False, []), (ORALS, {"posters"}, False, [ORALS]),
    (frozenset(), set(), False, [ANY]), (frozenset(), {"orals"}, False, []), (frozenset(), {"orals"}, True, []),
    (ORALS, set(), True, [ORALS, POSTERS]), (ORALS, {"orals"}, True, [POSTERS]),
    (ORALS, {"orals", "posters"}, True, []), (POSTERS, set(), True, [POSTERS]),
])  # fmt: skip
def test_a_paper_still_needs_what_it_does_not_have(wants, there, posters_too, found):
    assert list(_wanted(SimpleNamespace(wants=wants), there, posters_too)) == found
