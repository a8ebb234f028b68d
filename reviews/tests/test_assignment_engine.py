"""The assignment engine against an independent exact solver: total, least loads, fairness, rules, lotteries."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.matching.assignment import NotPossibleError, Problem, Rules, solve
from reviews.matching.fair import fairest
from reviews.matching.flow import best, bound_of, value_of
from reviews.matching.lottery import commitment, draw, lottery, spread
from reviews.matching.programme import TooLongError, choose


@st.composite
def problems(draw, most_papers=7, most_reviewers=6, fullness=0.85):
    """Small ones with every corner: nobody, nothing possible, ties, least loads, locked pairs."""
    papers, reviewers = draw(st.integers(0, most_papers)), draw(st.integers(0, most_reviewers))
    chance = np.random.default_rng(draw(st.integers(0, 10**6)))
    scores = np.round(chance.beta(2, 4, (papers, reviewers)), draw(st.integers(1, 4)))
    scores[chance.random((papers, reviewers)) > fullness] = np.nan
    most = chance.integers(0, 5, reviewers)
    least = np.minimum(most, chance.integers(0, 3, reviewers)) * draw(st.integers(0, 1))
    locked = frozenset(
        (int(chance.integers(papers)), int(chance.integers(reviewers)))
        for _ in range(draw(st.integers(0, 2)) if papers and reviewers else 0)
    )
    return Problem(scores, chance.integers(0, 4, papers), most, least, locked)


@st.composite
def roomy(draw):
    """Everybody gets what they want, so that fairness is about scores alone; with topics or without."""
    papers, reviewers = draw(st.integers(2, 12)), draw(st.integers(4, 10))
    chance = np.random.default_rng(draw(st.integers(0, 10**6)))
    scores = chance.beta(2, 4, (papers, reviewers))
    if draw(st.booleans()):
        scores = chance.dirichlet(np.ones(3) * 0.4, papers) @ chance.dirichlet(np.ones(3) * 0.4, reviewers).T
    scores = np.round(scores, 4)
    load = -(-papers * 2 // reviewers) + draw(st.integers(0, 2))
    return Problem(scores, np.full(papers, 2), np.full(reviewers, load), np.zeros(reviewers, np.int64))


class Independent:
    """The same questions put to an integer programme over all pairs, written without the engine."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.pairs = [
            (p, r)
            for p in range(problem.papers)
            for r in range(problem.reviewers)
            if not np.isnan(problem.scores[p, r]) and (p, r) not in problem.locked
        ]
        kept_papers = Counter(p for p, _ in problem.locked)
        kept_reviewers = Counter(r for _, r in problem.locked)
        self.demands = [max(0, int(d) - kept_papers[p]) for p, d in enumerate(problem.demands)]
        self.most = [max(0, int(m) - kept_reviewers[r]) for r, m in enumerate(problem.most)]
        self.least = [max(0, int(m) - kept_reviewers[r]) for r, m in enumerate(problem.least)]
        self.kept = [sum(problem.score(pair) for pair in problem.locked if pair[0] == p) for p in range(problem.papers)]

    def solve(self, floor: float | None = None, *, by_floor: bool = False) -> tuple[float, float] | None:
        """(reviews unmet · 1000 + places unfilled · 10 − gains, floor); None where it cannot be."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        n, papers, reviewers = len(self.pairs), len(self.demands), len(self.most)
        width = n + papers + reviewers + 1
        rows, low, high = [], [], []

        def row(entries, at_least, at_most):
            line = np.zeros(width)
            for column, factor in entries:
                line[column] += factor
            rows.append(line)
            low.append(at_least)
            high.append(at_most)

        for p in range(papers):
            own = [(k, 1.0) for k, pair in enumerate(self.pairs) if pair[0] == p]
            row([*own, (n + p, 1.0)], self.demands[p], self.demands[p])
            if self.problem.demands[p] > 0:
                gains = [(k, self.problem.score(self.pairs[k])) for k, _ in own]
                row([*gains, (width - 1, -1.0)], -self.kept[p], np.inf)
        for r in range(reviewers):
            own = [(k, 1.0) for k, pair in enumerate(self.pairs) if pair[1] == r]
            row(own, 0, self.most[r])
            row([*own, (n + papers + r, 1.0)], self.least[r], np.inf)
        lowest = np.zeros(width)
        lowest[-1] = -1e3 if floor is None else floor
        highest = np.concatenate(
            [np.ones(n), np.full(papers + reviewers, 1e3), [1e3 if by_floor else lowest[-1] + 1e-9]]
        )
        cost = np.concatenate(
            [[-self.problem.score(pair) for pair in self.pairs], np.full(papers, 1e3), np.full(reviewers, 10.0), [0.0]]
        )
        if by_floor:
            cost = np.concatenate([np.zeros(n), np.full(papers, 1e3), np.full(reviewers, 10.0), [-1.0]])
        whole = np.concatenate([np.ones(width - 1), [0]])
        options = {"mip_rel_gap": 0.0}
        limits = LinearConstraint(np.array(rows), low, high) if rows else ()
        found = milp(cost, constraints=limits, bounds=Bounds(lowest, highest), integrality=whole, options=options)
        return None if found.x is None else (float(found.fun), float(found.x[-1]))


def cost_of(problem: Problem, solution) -> float:
    gained = solution.total - sum(problem.score(pair) for pair in problem.locked)
    return 1000 * sum(solution.unmet.values()) + 10 * sum(solution.unfilled.values()) - gained


@settings(max_examples=120, deadline=None)
@given(problems())
def test_the_assignment_is_the_exact_optimum(problem):
    solution = solve(problem)
    expected = Independent(problem).solve()
    assert cost_of(problem, solution) == pytest.approx(expected[0], abs=1e-4)
    assert solution.certificate["optimal"]


@settings(max_examples=80, deadline=None)
@given(problems())
def test_it_keeps_to_what_was_asked(problem):
    solution = solve(problem)
    assert len(set(solution.pairs)) == len(solution.pairs)
    assert problem.locked <= set(solution.pairs)
    for paper, reviewer in set(solution.pairs) - problem.locked:
        assert not np.isnan(problem.scores[paper, reviewer])
    kept = Counter(reviewer for _, reviewer in problem.locked)
    for reviewer, load in enumerate(solution.loads):
        assert load <= max(int(problem.most[reviewer]), kept[reviewer])


@settings(max_examples=60, deadline=None)
@given(problems(fullness=0.5))
def test_what_is_missing_is_exactly_what_the_cut_explains(problem):
    solution = solve(problem)
    if solution.status == "optimal":
        assert solution.shortage is None
    elif not problem.least.any():
        assert solution.shortage.missing == sum(solution.unmet.values())


@settings(max_examples=40, deadline=None)
@given(roomy())
def test_the_fairest_has_the_best_worst_paper_and_then_the_best_total(problem):
    fair = fairest(problem)
    independent = Independent(problem)
    _, worst = independent.solve(by_floor=True)
    assert fair.worst / fair.scale == pytest.approx(worst, abs=2e-6)
    total = -independent.solve(floor=fair.worst / fair.scale - 1e-7)[0]
    assert sum(problem.scores[fair.paper, fair.reviewer]) == pytest.approx(total, abs=1e-5)
    assert fair.is_worst_proved
    assert fair.is_total_proved


@settings(max_examples=20, deadline=None)
@given(roomy(), st.sampled_from([0.0, 0.5, 1.0]))
def test_the_dial_leads_from_the_best_total_to_the_best_worst_paper(problem, dial):
    plain, fair, between = solve(problem), solve(problem, aim="fair"), solve(problem, aim="fair", dial=dial)
    assert fair.total - 1e-6 <= between.total <= plain.total + 1e-6
    assert between.worst >= plain.worst + dial * (fair.worst - plain.worst) - 1e-5


def structured(papers, reviewers, seed=1):
    chance = np.random.default_rng(seed)
    scores = chance.dirichlet(np.ones(6) * 0.4, papers) @ chance.dirichlet(np.ones(6) * 0.4, reviewers).T
    scores += 0.05 * chance.random((papers, reviewers))
    return Problem(
        scores / scores.max(), np.full(papers, 3), np.full(reviewers, -(-papers * 3 // reviewers) + 1),
        np.zeros(reviewers, np.int64),
    )  # fmt: skip


def test_a_few_arcs_give_the_optimum_of_all_with_proof():
    problem = structured(300, 200)
    found = best(problem)
    assert len(found.arcs) < problem.scores.size / 2
    assert value_of(found, problem) == bound_of(found, problem)
    dense = -Independent(structured(40, 30)).solve()[0]
    assert solve(structured(40, 30)).total == pytest.approx(dense, abs=1e-4)


def test_nothing_is_given_away_where_the_worst_paper_cannot_be_raised():
    """Two papers are equally badly off; one could be raised at the cost of a third, the other not."""
    scores = {(0, 0): 0.2, (0, 2): 0.3, (1, 1): 0.2, (1, 3): 0.5, (2, 2): 0.9, (2, 0): 0.6, (3, 3): 0.9}
    problem = Problem.of([1] * 4, [1] * 4, scores)
    assert solve(problem, aim="fair").total == pytest.approx(solve(problem).total)


@pytest.mark.parametrize("seconds", [0, 20])
def test_a_dial_is_kept_also_without_time(seconds):
    problem = structured(12, 9, seed=1)
    start, most = solve(problem).worst, fairest(problem, seconds=seconds)
    half = fairest(problem, dial=0.5, seconds=seconds)
    assert half.worst / half.scale >= (start + most.worst / most.scale) / 2 - 1e-5


def test_without_time_the_fairest_is_what_exchanges_find_and_says_that_it_is_not_proved():
    problem = structured(12, 9, seed=1)
    plain, hurried, fair = best(problem), fairest(problem, seconds=0), fairest(problem)
    sums = np.bincount(plain.chosen.paper, weights=plain.chosen.gain, minlength=problem.papers)
    assert sums.min() < hurried.worst <= fair.worst <= fair.worst_bound <= hurried.worst_bound
    assert not hurried.is_total_proved
    assert hurried.is_worst_proved == (hurried.worst >= hurried.worst_bound)
    loads = np.bincount(hurried.reviewer, minlength=problem.reviewers)
    assert (loads <= problem.most).all()
    assert len(set(zip(hurried.paper.tolist(), hurried.reviewer.tolist(), strict=True))) == problem.demands.sum()


def test_a_large_problem_is_fair_without_losing_much():
    problem = structured(200, 120)
    plain, fair = solve(problem), solve(problem, aim="fair")
    assert fair.worst >= plain.worst
    assert fair.worst <= fair.certificate["worst_bound"] + 1e-6
    assert fair.total >= 0.94 * plain.total
    assert max(fair.loads) <= problem.most.max()
    assert fair.status == "optimal"


@pytest.mark.parametrize("seed", range(3))
def test_the_lowest_tenth_of_a_large_problem_is_lifted_for_a_small_part_of_the_total(monkeypatch, seed):
    problem = structured(120, 90, seed)
    lifted = solve(problem, aim="fair")
    monkeypatch.setattr("reviews.matching.fair._FOR_THE_LOWEST", 0.0)
    before = solve(problem, aim="fair")
    assert lifted.worst >= before.worst - 1e-9
    assert lifted.lowest_tenth > before.lowest_tenth
    assert lifted.total >= 0.95 * before.total - 1e-6


def test_where_nobody_is_far_below_the_mean_the_total_is_left_alone(monkeypatch):
    chance = np.random.default_rng(5)
    problem = Problem(chance.random((100, 80)), np.full(100, 4), np.full(80, 6), np.zeros(80, np.int64))
    lifted = solve(problem, aim="fair")
    monkeypatch.setattr("reviews.matching.fair._FOR_THE_LOWEST", 0.0)
    assert lifted.pairs == solve(problem, aim="fair").pairs


# --- Rules --------------------------------------------------------------------------------------------------


def with_rules(seed=3, papers=20, reviewers=15):
    problem = structured(papers, reviewers, seed)
    chance = np.random.default_rng(seed)
    authors = {paper: frozenset({int(chance.integers(reviewers))}) for paper in range(papers)}
    scores = problem.scores.copy()
    for paper, writers in authors.items():
        scores[paper, list(writers)] = np.nan
    rules = Rules({r: r % 5 for r in range(reviewers)}, frozenset(range(0, reviewers, 2)), authors)
    return Problem(scores, problem.demands, problem.most, problem.least, frozenset(), rules)


def broken(problem: Problem, pairs) -> list[str]:
    rules, found = problem.rules, []
    for paper in range(problem.papers):
        own = [reviewer for p, reviewer in pairs if p == paper]
        places = [rules.institutions[reviewer] for reviewer in own]
        if len(places) != len(set(places)):
            found.append("institution")
        if own and not set(own) & rules.seniors:
            found.append("senior")
    for paper, reviewer in pairs:
        for writer in rules.authors[paper]:
            if any((other, writer) in pairs for other, by in rules.authors.items() if reviewer in by):
                found.append("reciprocal")
    return found


@pytest.mark.parametrize("aim", ["total", "fair"])
@pytest.mark.parametrize("seed", range(4))
def test_rules_are_kept(seed, aim):
    problem = with_rules(seed)
    solution = solve(problem, aim=aim, seconds=1)
    assert broken(problem, set(solution.pairs)) == []
    assert solution.status == "optimal"
    assert 0 <= solution.certificate["gap"] < 0.1


def test_rules_change_something_at_all():
    problem = with_rules()
    plain = Problem(problem.scores, problem.demands, problem.most, problem.least)
    assert broken(problem, set(solve(plain).pairs))


@pytest.mark.parametrize("aim", ["total", "fair"])
def test_a_locked_pair_counts_for_the_rules(aim):
    problem = with_rules().with_locked([(0, 0 if 0 not in with_rules().rules.authors[0] else 1)])
    solution = solve(problem, aim=aim, seconds=3)
    assert problem.locked <= set(solution.pairs)
    assert broken(problem, set(solution.pairs)) == []


def test_a_floor_that_takes_too_long_under_rules_makes_room_for_a_lower_one(monkeypatch):
    problem, asked = with_rules(), []

    def hurried(*args, floor=None, **options):
        asked.append(floor)
        if len(asked) == 1:
            raise TooLongError
        return choose(*args, floor=floor, **options)

    monkeypatch.setattr("reviews.matching.assignment.choose", hurried)
    solution = solve(problem, aim="fair", seconds=3)
    assert (asked[1] < asked[0]).any()
    assert broken(problem, set(solution.pairs)) == []
    assert solution.status == "optimal"


def test_rules_that_leave_too_few_give_as_many_reviews_as_they_can():
    rules = Rules({0: "a", 1: "a", 2: "b"})
    solution = solve(Problem.of([3], [1, 1, 1], {(0, r): 0.5 for r in range(3)}, rules=rules))
    assert len(solution.pairs) == 2
    assert solution.unmet == {0: 1}


# --- Lotteries ----------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(problems(), st.sampled_from([0.1, 0.25, 0.5, 0.8, 1.0]))
def test_no_probability_exceeds_the_cap_and_sums_are_kept(problem, cap):
    found = lottery(problem, cap)
    assert found.probabilities.max(initial=0) <= cap
    taken = np.bincount(found.arcs.reviewer, weights=found.probabilities, minlength=problem.reviewers)
    assert (taken <= problem.most + 1e-9).all()
    pairs = draw(found, "seed")
    loads = np.bincount([r for _, r in pairs], minlength=problem.reviewers) if pairs else np.zeros(problem.reviewers)
    assert (loads <= np.ceil(taken - 1e-9)).all()


def test_ten_thousand_draws_keep_the_marginals_and_the_cap():
    problem = structured(8, 8)
    found = lottery(problem, 0.5)
    counts, draws = Counter(), 10_000
    for number in range(draws):
        pairs = draw(found, f"draw {number}")
        assert len(pairs) == 24
        counts.update(pairs)
    for paper, reviewer, probability in zip(
        found.arcs.paper.tolist(), found.arcs.reviewer.tolist(), found.probabilities, strict=True
    ):
        assert counts[paper, reviewer] / draws == pytest.approx(probability, abs=0.02)
    assert max(counts.values()) / draws <= 0.52


def test_a_finer_cap_keeps_its_marginals_too():
    found = lottery(structured(6, 6), 0.7)
    draws = [draw(found, str(number)) for number in range(3000)]
    counts = Counter(pair for pairs in draws for pair in pairs)
    for paper, reviewer, probability in zip(
        found.arcs.paper.tolist(), found.arcs.reviewer.tolist(), found.probabilities, strict=True
    ):
        assert counts[paper, reviewer] / 3000 == pytest.approx(probability, abs=0.04)


def test_the_seed_decides_and_its_hash_tells_nothing_but_that():
    problem = structured(10, 10)
    one, same = solve(problem, cap=0.5, seed="a"), solve(problem, cap=0.5, seed="a")
    assert one.pairs == same.pairs
    assert one.certificate["seed_sha256"] == commitment("a") != commitment("b")
    assert any(solve(problem, cap=0.5, seed=str(n)).pairs != one.pairs for n in range(5))


def test_the_expected_total_of_a_cap_of_one_is_the_optimum():
    problem = structured(10, 8)
    found = solve(problem, cap=1.0, seed="x")
    assert found.certificate["expected_total"] == pytest.approx(solve(problem).total, abs=1e-5)


# --- Bad input ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"loads": [-1]}, "negative"),
        ({"demands": [-1]}, "negative"),
        ({"scores": {(0, 0): float("nan")}}, "not a number"),
        ({"scores": {(0, 0): float("inf")}}, "not a number"),
        ({"scores": {(3, 0): 0.5}}, "does not exist"),
        ({"locked": {(0, 7)}}, "does not exist"),
        ({"least": [2]}, "at least more"),
        ({"locked": {(0, 0)}, "forbidden": {(0, 0)}}, "both locked and forbidden"),
    ],
)
def test_an_impossible_problem_is_refused_in_words(change, words):
    given = {"demands": [1], "loads": [1], "scores": {(0, 0): 0.5}} | change
    with pytest.raises(ValueError, match=words):
        Problem.of(given.pop("demands"), given.pop("loads"), given.pop("scores"), **given)


@pytest.mark.parametrize("cap", [0.0, -1, 1.5])
def test_a_cap_that_is_no_probability_is_refused(cap):
    with pytest.raises(ValueError, match="between"):
        solve(structured(4, 4), cap=cap)


def test_a_fair_lottery_is_refused_in_words():
    with pytest.raises(NotPossibleError, match="aim is the total"):
        solve(structured(4, 4), aim="fair", cap=0.5)


def test_no_papers_and_no_reviewers_are_answered_calmly():
    assert solve(Problem.of([], [], {})).status == "optimal"
    assert solve(Problem.of([2], [], {})).unmet == {0: 2}
    assert solve(Problem.of([2], [], {}), aim="fair").unmet == {0: 2}


def test_locked_pairs_stay_and_count():
    scores = {(0, 0): 0.1, (0, 1): 0.9, (1, 0): 0.8, (1, 1): 0.2}
    solution = solve(Problem.of([1, 1], [1, 1], scores, locked=[(0, 0)]))
    assert solution.pairs == ((0, 0), (1, 1))
    assert solution.worst == pytest.approx(0.1)


@pytest.mark.parametrize("factor", [1e-9, 1e-3, 1, 1000, 1e9])
def test_the_scale_of_scores_does_not_matter(factor):
    problem = structured(20, 15)
    larger = Problem(problem.scores * factor, problem.demands, problem.most, problem.least)
    assert solve(larger).total == pytest.approx(solve(problem).total * factor, rel=1e-4)


def test_who_replaces_a_reviewer_who_drops_out_touches_nobody_else():
    problem = structured(12, 10)
    before = solve(problem)
    scores = problem.scores.copy()
    gone = before.pairs[0][1]
    scores[:, gone] = np.nan
    stay = frozenset(pair for pair in before.pairs if pair[1] != gone)
    most = problem.most.copy()
    most[gone] = 0
    after = solve(replace(problem, scores=scores, most=most, locked=stay))
    assert stay <= set(after.pairs)
    assert {pair[0] for pair in set(after.pairs) - stay} <= {pair[0] for pair in before.pairs if pair[1] == gone}
    assert not any(reviewer == gone for _, reviewer in after.pairs)


# --- Perturbed maximisation ---------------------------------------------------------------------------------


def concave(problem, amount_of, fading):
    """What perturbed maximisation counts, from whole amounts of 1/32."""
    total = 0.0
    for pair, amount in amount_of.items():
        total += problem.scores[pair] * sum(1 - fading * (2 * unit + 1) / 32 for unit in range(amount)) / 32
    return total


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.5, 0.75, 1.0]), st.sampled_from([0.2, 0.5, 1.0]))
def test_perturbed_probabilities_are_the_optimum_of_an_independent_programme(seed, cap, fading):
    from scipy.optimize import linprog

    chance = np.random.default_rng(seed)
    scores = chance.random((3, 4))
    problem = Problem(scores, np.full(3, 2), np.full(4, 2), np.zeros(4, np.int64))
    found = spread(problem, cap, fading)
    pairs = zip(found.arcs.paper.tolist(), found.arcs.reviewer.tolist(), strict=True)
    amounts = dict(zip(pairs, found.amount.tolist(), strict=True))
    assert found.probabilities.max() <= cap
    units = int(cap * 32)
    factors = 1 - fading * (2 * np.arange(units) + 1) / 32
    costs = -(scores.ravel()[:, None] * factors[None, :] / 32).ravel()
    of_paper = np.repeat(np.kron(np.eye(3), np.ones(4)), units, axis=1)
    of_reviewer = np.repeat(np.kron(np.ones(3), np.eye(4)), units, axis=1)
    independent = linprog(
        costs, A_ub=of_reviewer, b_ub=np.full(4, 64), A_eq=of_paper, b_eq=np.full(3, 64), bounds=(0, 1)
    )
    assert concave(problem, amounts, fading) == pytest.approx(-independent.fun, abs=1e-4)


def test_chances_are_spread_further_than_a_cap_alone_does():
    problem = structured(12, 10)
    capped, fading = lottery(problem, 0.5), spread(problem, 0.5, 0.5)
    assert fading.randomness > capped.randomness
    assert fading.expected > 0.8 * capped.expected


def test_a_draw_of_spread_chances_meets_every_demand():
    problem = structured(12, 10)
    found = solve(problem, cap=0.5, fading=0.5, seed="a")
    assert found.status == "optimal"
    assert found.pairs == solve(problem, cap=0.5, fading=0.5, seed="a").pairs
    assert max(found.loads) <= problem.most.max()


@pytest.mark.parametrize(("cap", "fading"), [(0.01, 0.5), (1.5, 0.5), (0.5, 1.5), (0.5, -1)])
def test_chances_that_cannot_be_spread_are_refused(cap, fading):
    with pytest.raises(ValueError, match="must be"):
        solve(structured(4, 4), cap=cap, fading=fading, seed="a")


def test_scores_below_zero_cannot_be_spread():
    problem = Problem(np.array([[-0.5, 0.5]]), np.array([1]), np.array([1, 1]), np.zeros(2, np.int64))
    with pytest.raises(ValueError, match="from 0"):
        solve(problem, cap=0.5, fading=0.5, seed="a")
