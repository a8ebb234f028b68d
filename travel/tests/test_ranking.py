"""The ranking's engine: tiers first, more need or distance never hurts, the order of the input does not matter."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from travel.ranking import Candidate, Marks, Weights, funded, moved, ranked, score, standing

WEIGHTS = Weights()
marks = st.lists(
    st.builds(Marks, st.sampled_from(["one", "two", "three"]), st.integers(1, 5), st.integers(1, 5)),
    min_size=1, max_size=3, unique_by=lambda each: each.officer,
).map(tuple)  # fmt: skip
candidate = st.builds(
    Candidate,
    id=st.uuids().map(str),
    tier=st.integers(0, 2),
    presentation=st.sampled_from(["", "oral", "spotlight", "poster"]),
    band=st.none() | st.integers(0, 5),
    marks=marks,
    asked=st.none() | st.integers(1, 200_000),
    uncovered=st.floats(0, 1),
    dependence=st.sampled_from([0.0, 0.5, 1.0]),
)
candidates = st.lists(candidate, min_size=1, max_size=12, unique_by=lambda each: each.id)


@given(candidates, st.randoms())
def test_the_order_of_the_input_does_not_matter(some, chance):
    shuffled = list(some)
    chance.shuffle(shuffled)
    assert ranked(some, WEIGHTS, "seed") == ranked(shuffled, WEIGHTS, "seed")
    assert standing(some, WEIGHTS, "seed", 300_000) == standing(shuffled, WEIGHTS, "seed", 300_000)


@given(candidates)
def test_a_better_tier_always_stands_before(some):
    tiers = [each.tier for each in ranked(some, WEIGHTS, "seed")]
    assert tiers == sorted(tiers)


@given(candidates, st.data())
def test_more_need_or_distance_never_lowers_a_rank(some, data):
    one = data.draw(st.sampled_from(some))
    needier = tuple(replace(each, need=min(5, each.need + data.draw(st.integers(0, 4)))) for each in one.marks)
    farther = replace(
        one,
        marks=needier,
        band=min(5, (one.band or 0) + data.draw(st.integers(0, 5))),
        uncovered=data.draw(st.floats(one.uncovered, 1)),
        dependence=max(one.dependence, data.draw(st.sampled_from([0.0, 0.5, 1.0]))),
    )
    changed = [farther if each.id == one.id else each for each in some]

    def place(rows):
        return [each.id for each in ranked(rows, WEIGHTS, "seed")].index(one.id)

    assert place(changed) <= place(some)


@given(candidate)
def test_a_score_and_its_parts_are_between_0_and_1(one):
    found = score(one, WEIGHTS)
    for part in (found.merit, found.need, found.distance, found.total):
        assert 0 <= part <= 1


@given(candidates, st.integers(0, 500_000))
def test_grants_stay_within_the_money(some, budget):
    chosen = funded(ranked(some, WEIGHTS, "seed"), budget)
    assert sum(each.asked or 0 for each in some if each.id in chosen) <= budget


def test_whom_the_money_does_not_reach_is_passed_over_and_the_next_whom_it_reaches_is_funded():
    asked = {"first": 600, "too much": 500, "nothing said": None, "fits": 300, "what is left": 100, "none left": 100}
    order = [Candidate(name, 0, "oral", 2, (), asked=amount) for name, amount in asked.items()]
    assert funded(order, 1_000) == {"first", "fits", "what is left"}


@given(candidates, st.integers(0, 500_000))
def test_who_is_safely_in_is_in_now_and_who_is_safely_out_is_out(some, budget):
    now = funded(ranked(some, WEIGHTS, "seed"), budget)
    for pid, word in standing(some, WEIGHTS, "seed", budget).items():
        assert word == "borderline" or (word == "in") == (pid in now)


def test_an_exact_tie_is_drawn_by_the_seed():
    twins = [Candidate(name, 0, "oral", 2, (Marks("one", 3, 3),)) for name in ("a", "b", "c", "d")]
    orders = {tuple(each.id for each in ranked(twins, WEIGHTS, seed)) for seed in map(str, range(40))}
    assert len(orders) > 5


@pytest.mark.parametrize("weights", [(0.4, 0.4, 0.2), (0.6, 0.6, -0.2), (0.5, 0.3, 0.3), (1.0, 0.1, 0.0)])
def test_weights_that_break_the_rule_are_refused(weights):
    with pytest.raises(ValueError, match="eigh"):
        Weights(*weights)


def test_moved_weights_keep_the_rule():
    assert moved(WEIGHTS)
    for each in moved(WEIGHTS):
        assert each.merit + 1e-9 >= each.need + each.distance


def test_one_officers_marks_can_make_somebody_borderline():
    strict, kind = Marks("strict", 1, 1), Marks("kind", 5, 5)
    one = Candidate("one", 0, "poster", 1, (strict, kind), asked=100)
    other = Candidate("other", 0, "poster", 1, (Marks("strict", 3, 3), Marks("kind", 3, 3)), asked=100)
    assert set(standing([one, other], WEIGHTS, "seed", 100).values()) == {"borderline"}
