"""Who would come in a pair's place: held against solving again without the pair."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from reviews.matching.alternatives import Alternative, alternatives
from reviews.matching.assignment import Problem, Rules, solve
from reviews.tests.test_assignment_engine import problems


def without(problem: Problem, pair: tuple[int, int]) -> Problem:
    scores = problem.scores.copy()
    scores[pair] = np.nan
    return replace(problem, scores=scores)


@settings(max_examples=80, deadline=None)
@given(problems(most_papers=6, most_reviewers=6))
def test_the_cost_is_what_solving_again_loses(problem):
    found = solve(problem)
    for pair, other in alternatives(problem, found.pairs, is_best_total=True).items():
        again = solve(without(problem, pair))
        if other.reviewer is None:
            goes_without = again.unmet.get(pair[0], 0) > found.unmet.get(pair[0], 0)
            assert goes_without or sum(again.unmet.values()) > sum(found.unmet.values())
        elif sum(again.unfilled.values()) == sum(found.unfilled.values()):
            assert sum(again.unmet.values()) == sum(found.unmet.values())
            assert other.cost == pytest.approx(found.total - again.total, abs=1e-5)


def problem_of(scores, loads, demand=1, rules=None):
    matrix = np.array(scores, float)
    demands = np.full(len(matrix), demand)
    return Problem(matrix, demands, np.array(loads), np.zeros(len(loads), np.int64), rules=rules or Rules())


def test_the_reviewer_named_is_the_one_who_comes():
    problem = problem_of([[0.9, 0.5, 0.1], [0.8, 0.7, 0.2]], [1, 1, 1])
    found = alternatives(problem, solve(problem).pairs, is_best_total=True)
    # Who comes is full elsewhere: the papers change over.
    assert found[0, 0] == Alternative(1, pytest.approx(1.6 - 1.3))
    assert found[1, 1] == Alternative(0, pytest.approx(1.6 - 1.3))


def test_where_nobody_else_is_open_the_paper_would_go_short():
    problem = problem_of([[0.9, np.nan]], [1, 1])
    assert alternatives(problem, [(0, 0)], is_best_total=True) == {(0, 0): Alternative(None, 0.9)}
    assert alternatives(problem, [(0, 0)], is_best_total=False) == {(0, 0): Alternative(None, 0.9)}


def test_beside_another_aim_the_best_free_one_who_keeps_the_rules():
    scores = [[0.9, 0.6, 0.5, 0.4]]
    rules = Rules(institutions={1: "a", 2: "a", 3: "b"})
    problem = problem_of(scores, [1, 1, 1, 1], demand=2, rules=rules)
    found = alternatives(problem, [(0, 0), (0, 1)], is_best_total=False)
    assert found[0, 0] == Alternative(3, pytest.approx(0.5))
    assert found[0, 1] == Alternative(2, pytest.approx(0.1))


def test_the_only_senior_is_replaced_by_a_senior():
    problem = problem_of([[0.9, 0.6, 0.5]], [1, 1, 1], rules=Rules(seniors=frozenset({0, 2})))
    assert alternatives(problem, [(0, 0)], is_best_total=False)[0, 0].reviewer == 2


def test_nobody_comes_who_would_be_judged_in_return():
    rules = Rules(authors={0: frozenset({2}), 1: frozenset({1})})
    problem = problem_of([[0.9, 0.6, np.nan, 0.3], [0.1, np.nan, 0.9, 0.2]], [1, 1, 1, 1], rules=rules)
    assert alternatives(problem, [(0, 0), (1, 2)], is_best_total=False)[0, 0].reviewer == 3


def test_locked_pairs_have_no_alternative():
    problem = problem_of([[0.9, 0.6]], [1, 1]).with_locked([(0, 0)])
    assert alternatives(problem, [(0, 0)], is_best_total=True) == {}
