"""Ways to share a budget: never above it, never above what is asked, and as good as they claim."""

from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from travel.policies import compared, flood_fill, full_ask, into_pools, most_people, reached
from travel.ranking import Candidate, Marks

people = st.lists(
    st.builds(
        Candidate,
        id=st.uuids().map(str),
        tier=st.integers(0, 2),
        presentation=st.just("poster"),
        band=st.none() | st.integers(0, 5),
        marks=st.just((Marks("one", 3, 3),)),
        asked=st.none() | st.integers(1, 2_000),
    ),
    max_size=8,
    unique_by=lambda each: each.id,
)
budgets = st.integers(0, 8_000)


@given(people, budgets)
@settings(deadline=None)
def test_no_policy_spends_more_than_there_is_or_than_is_asked(some, budget):
    asked = {each.id: each.asked for each in some}
    for outcome in compared(some, budget):
        assert outcome.cost <= budget
        assert all(0 < amount <= asked[pid] for pid, amount in outcome.grants.items())


@given(people, budgets)
def test_a_flood_gives_nobody_more_who_asks_less_and_uses_all_it_can(some, budget):
    grants = flood_fill(some, budget)
    asks = [each.asked for each in some if each.asked is not None]
    short = [pid for pid, amount in grants.items() if amount < {each.id: each.asked for each in some}[pid]]
    assert len({grants[pid] for pid in short}) <= 1
    if asks and sum(asks) <= budget:
        assert sum(grants.values()) == sum(asks)
    elif asks:
        assert budget - sum(grants.values()) < len(asks)


@given(people, budgets)
@settings(deadline=None)
def test_as_many_as_can_come_is_the_best_of_all_choices(some, budget):
    """Against trying every choice: presenters first, then authors, then others, then the higher ranks."""
    known = [each for each in some if each.asked is not None]

    def worth(chosen):
        counts = tuple(sum(each.tier == tier for each in chosen) for tier in range(3))
        return counts, sum(len(known) - known.index(each) for each in chosen)

    choices = [
        choice
        for size in range(len(known) + 1)
        for choice in combinations(known, size)
        if sum(each.asked for each in choice) <= budget
    ]
    found = most_people(some, budget)
    assert worth([each for each in known if each.id in found]) == max(map(worth, choices))


def test_who_is_not_reached_is_passed_over_for_who_asks_less():
    some = [Candidate(str(asked), 0, "", None, (), asked) for asked in (500, 900, 300)]
    assert full_ask(some, 850) == {"500": 500, "300": 300}


@pytest.mark.parametrize(("budget", "level"), [(900, 300), (901, 300), (1_000, 350), (1_700, 900), (5_000, 900)])
def test_the_level_of_a_flood(budget, level):
    some = [Candidate(str(asked), 0, "", None, (), asked) for asked in (500, 900, 300)]
    assert max(flood_fill(some, budget).values()) == level


pools = st.dictionaries(st.text("abc", min_size=1, max_size=2), st.integers(0, 3_000), max_size=4)


@given(people, budgets, pools)
def test_grants_go_whole_into_one_pool_each_and_no_pool_is_overrun(some, budget, left):
    grants = full_ask(some, budget)
    placed, homeless = into_pools(some, grants, left)
    assert {*placed, *homeless} == set(grants)
    for pool, rest in left.items():
        assert sum(amount for name, amount in placed.values() if name == pool) <= rest
    assert all(amount == grants[pid] for pid, (_, amount) in placed.items())


@given(st.integers(1, 2_000), st.none() | st.integers(1, 2_000), pools)
def test_who_waits_is_reached_whenever_some_pool_has_their_least(amount, least, left):
    found = reached(amount, least, left)
    wanted = min(amount, least or amount)
    assert (found is not None) == any(rest >= wanted for rest in left.values())
    if found is not None:
        pool, offered = found
        assert wanted <= offered <= min(amount, left[pool])
        assert offered == amount or all(rest < amount for rest in left.values())
