"""The exact best assignment as a flow of least cost on few arcs, proved to be the best on all of them.

Formula: give as many of the wanted reviews as possible, then fill least loads, then maximise the sum of scores. As a
network (paper → reviewer → sink with capacities 1 and load; paper → sink for what stays unmet, at a price above any
chain of exchanges) this is a minimum-cost flow, whose integral optimum is exact (Taylor 2008, "On the optimal
assignment of conference papers to reviewers"). Only promising arcs enter. Prices λ of papers and μ of reviewers,
computed from the flow's residual network, then tell of every other pair whether it could improve anything
(score > λ + μ: its reduced cost); those enter, until none is left. So few arcs give the optimum of all, with proof.
Costs are whole numbers: scores are rounded to a millionth of the largest.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reviews.matching.problem import Problem, Remainder, Whole

PRECISION = 1_000_000
_CHUNK = 4_000_000  # pairs of the full matrix looked at in one go
_SPARE = 16  # arcs per paper beyond what it wants, to begin with
_FRESH = 16  # arcs per paper that enter in one round, at most


@dataclass(frozen=True, eq=False)
class Arcs:
    """Pairs that may be chosen, by paper and then reviewer, with whole-number gains."""

    paper: Whole
    reviewer: Whole
    gain: Whole

    def __len__(self) -> int:
        return len(self.paper)

    def only(self, chosen: npt.NDArray) -> "Arcs":
        return Arcs(self.paper[chosen], self.reviewer[chosen], self.gain[chosen])


@dataclass(frozen=True, eq=False)
class Prices:
    """What one more place costs: λ by paper, μ by reviewer, in whole-number gains; `unmet` what none costs."""

    paper: Whole
    reviewer: Whole
    unmet: int
    unfilled: int


@dataclass(frozen=True, eq=False)
class Flow:
    """The best choice among all pairs: which arcs, how much of each, and the prices that prove it."""

    arcs: Arcs
    amount: Whole
    unmet: Whole
    prices: Prices
    scale: float
    rounds: int

    @property
    def chosen(self) -> Arcs:
        return self.arcs.only(self.amount > 0)


def scale_of(scores: npt.NDArray) -> float:
    """By what scores are multiplied to be whole numbers."""
    largest = float(np.nanmax(np.abs(scores))) if scores.size and not np.isnan(scores).all() else 0.0
    return PRECISION if 0.01 <= largest <= 100 or largest == 0 else PRECISION / largest


def whole(scores: npt.NDArray, scale: float) -> Whole:
    """Scores as whole-number gains; nothing for impossible pairs."""
    found = scores.astype(np.float64)
    found[np.isnan(found)] = 0
    found *= scale
    return np.rint(found, out=found).astype(np.int64)


def every_arc(problem: Problem, scale: float) -> Arcs:
    """All pairs that can be chosen, for problems small enough to look at each."""
    left = Remainder.of(problem)
    possible = ~np.isnan(problem.scores) & (left.demands > 0)[:, None] & (left.most > 0)[None, :]
    for paper, reviewer in problem.locked:
        possible[paper, reviewer] = False
    papers, reviewers = np.nonzero(possible)
    return Arcs(papers, reviewers, whole(problem.scores[papers, reviewers], scale))


def best(
    problem: Problem,
    *,
    share: int = 1,
    cap: int = 1,
    weights: npt.NDArray | None = None,
    fading: npt.NDArray | None = None,
) -> Flow:
    """The best flow over all pairs of a problem.

    With `share` every demand and load counts so many times, and a pair gets at most `cap` of it: marginals of a lottery
    are its amounts divided by `share`. `weights` multiply each paper's gains. With `fading`, factors that never rise,
    the first unit of a pair gains by the first of them, the next by the second; each unit is then an arc of its own,
    and a pair gets at most as many as there are factors.
    """
    left = Remainder.of(problem)
    search = _Search(problem, left, share, cap, weights, fading)
    return search.run()


class _Search:
    """Candidate arcs, the flow on them, prices, and what the prices find missing; until nothing is."""

    def __init__(
        self,
        problem: Problem,
        left: Remainder,
        share: int,
        cap: int,
        weights: npt.NDArray | None,
        fading: npt.NDArray | None,
    ) -> None:
        self.problem, self.share, self.fading = problem, share, fading
        self.cap = cap if fading is None else 1
        self.demands, self.most, self.least = (share * each for each in (left.demands, left.most, left.least))
        self.weights = weights
        self.scale = scale_of(problem.scores) if problem.scores.size else 1.0
        self.locked = np.array(sorted(problem.locked), np.int64).reshape(-1, 2)
        self.open = np.flatnonzero(self.demands > 0)
        self.takes = self.most > 0

    def run(self) -> Flow:
        keys, rounds = self._first(), 0
        while True:
            rounds += 1
            arcs = self._arcs(keys)
            amount, unmet, costs = solve_on(arcs, self.demands, self.most, self.least, self.cap)
            prices = prices_of(arcs, amount, unmet, self.demands, self.most, self.least, self.cap, costs)
            fresh = self._missing(prices, keys)
            if not len(fresh):
                return Flow(arcs, amount, unmet, prices, self.scale, rounds)
            keys = np.union1d(keys, fresh)

    def gains(self, rows: npt.NDArray) -> tuple[Whole, npt.NDArray[np.bool_]]:
        """Whole-number gains of some papers with everybody, and which of those pairs are possible."""
        scores = self.problem.scores[rows]
        possible = ~np.isnan(scores) & self.takes[None, :]
        gains = whole(scores, self.scale)
        if self.weights is not None:
            gains = np.rint(gains * self.weights[rows][:, None]).astype(np.int64)
        if self.fading is not None:
            gains = np.rint(gains * self.fading[0]).astype(np.int64)
        for place in np.flatnonzero(np.isin(rows, self.locked[:, 0])) if len(self.locked) else ():
            possible[place, self.locked[self.locked[:, 0] == rows[place], 1]] = False
        return gains, possible

    def _first(self) -> Whole:
        """For each paper those who fit best."""
        reviewers = self.problem.reviewers
        if not reviewers or not len(self.open):
            return np.zeros(0, np.int64)
        wanted = int(self.demands.max() // self.share) * 2 + _SPARE
        found = [np.zeros(0, np.int64)]
        for rows in self._chunks():
            gains, possible = self.gains(rows)
            gains = np.where(possible, gains, np.iinfo(np.int64).min)
            places = _largest(gains, wanted)
            keys = rows[:, None] * reviewers + places
            found.append(keys[np.take_along_axis(possible, places, axis=1)])
        return np.unique(np.concatenate(found))

    def _chunks(self) -> list[npt.NDArray]:
        step = max(1, _CHUNK // max(1, self.problem.reviewers))
        return [self.open[start : start + step] for start in range(0, len(self.open), step)]

    def _arcs(self, keys: Whole) -> Arcs:
        paper, reviewer = np.divmod(keys, max(1, self.problem.reviewers))
        gain = whole(self.problem.scores[paper, reviewer], self.scale)
        if self.weights is not None:
            gain = np.rint(gain * self.weights[paper]).astype(np.int64)
        if self.fading is None:
            return Arcs(paper, reviewer, gain)
        units = len(self.fading)
        faded = np.rint(gain[:, None] * self.fading[None, :]).astype(np.int64)
        return Arcs(np.repeat(paper, units), np.repeat(reviewer, units), faded.ravel())

    def _missing(self, prices: Prices, keys: Whole) -> Whole:
        """Pairs that are not among the arcs and would gain more than their prices."""
        reviewers, found = self.problem.reviewers, [np.zeros(0, np.int64)]
        for rows in self._chunks() if reviewers else ():
            gains, possible = self.gains(rows)
            over = gains - prices.paper[rows][:, None] - prices.reviewer[None, :]
            over[~possible] = 0
            known = keys[np.searchsorted(keys, rows[0] * reviewers) : np.searchsorted(keys, (rows[-1] + 1) * reviewers)]
            at, who = np.divmod(known, reviewers)
            over[np.searchsorted(rows, at), who] = 0
            worth = np.flatnonzero(over.max(axis=1) > 0)
            if len(worth):
                places = _largest(over[worth], _FRESH)
                fresh = rows[worth][:, None] * reviewers + places
                found.append(fresh[np.take_along_axis(over[worth], places, axis=1) > 0])
        return np.concatenate(found)


def _largest(values: npt.NDArray, number: int) -> npt.NDArray:
    """Places of the largest values of each row."""
    if values.shape[1] <= number:
        return np.tile(np.arange(values.shape[1]), (values.shape[0], 1))
    return np.argpartition(values, -number, axis=1)[:, -number:]


def solve_on(arcs: Arcs, demands: Whole, most: Whole, least: Whole, cap: int) -> tuple[Whole, Whole, tuple[int, int]]:
    """The flow of least cost on these arcs: its amounts, what stays unmet by paper, and the two prices used.

    Raises:
        RuntimeError: the solver stopped.
    """
    from ortools.graph.python import min_cost_flow

    papers, reviewers = len(demands), len(most)
    # No chain of exchanges gains more than this, so that no sum of scores outweighs a least load or a review.
    unfilled = (papers + reviewers + 2) * 2 * max(1, int(np.abs(arcs.gain).max(initial=0)))
    unmet = 3 * unfilled
    sink = papers + reviewers
    nodes = papers + np.arange(reviewers)
    tails = np.concatenate([arcs.paper, nodes, nodes, np.arange(papers)])
    heads = np.concatenate([papers + arcs.reviewer, np.full(2 * reviewers + papers, sink)])
    capacities = np.concatenate([np.full(len(arcs), cap), least, most - least, demands])
    zero = np.zeros(reviewers, np.int64)
    costs = np.concatenate([-arcs.gain, zero - unfilled, zero, np.full(papers, unmet)])
    network = min_cost_flow.SimpleMinCostFlow()
    numbers = network.add_arcs_with_capacity_and_unit_cost(tails, heads, capacities, costs)
    supplies = np.concatenate([demands, zero, [-int(demands.sum())]])
    network.set_nodes_supplies(np.arange(sink + 1), supplies)
    status = network.solve()
    if status != network.OPTIMAL:
        raise RuntimeError(f"The solver stopped with status {status}.")
    flows = np.asarray(network.flows(numbers), np.int64)
    return flows[: len(arcs)], flows[len(flows) - papers :], (unmet, unfilled)


def prices_of(
    arcs: Arcs, amount: Whole, unmet: Whole, demands: Whole, most: Whole, least: Whole, cap: int, costs: tuple[int, int]
) -> Prices:
    """Prices that support an optimal flow: shortest ways through its residual network (Bellman and Ford).

    With −λ of papers and μ of reviewers as distances: a pair that can take more bounds −λ by μ − gain, one that has
    some bounds μ by −λ + gain; a reviewer with room left costs nothing, one below their least load pays for filling it.
    """
    per_unmet, per_unfilled = costs
    load = np.bincount(arcs.reviewer, weights=amount, minlength=len(most)).astype(np.int64)
    far = 4 * per_unmet
    bound = np.full(len(most), far)
    bound[load < most] = 0
    bound[load < least] = -per_unfilled
    minus, price = np.full(len(demands), per_unmet), bound
    more, some = arcs.only(amount < cap), arcs.only(amount > 0)
    by_reviewer = np.argsort(some.reviewer, kind="stable")
    some = some.only(by_reviewer)
    starts, papers = _starts(more.paper)
    ends, reviewers = _starts(some.reviewer)
    while True:
        least_minus = minus.copy()
        if len(more):
            ways = np.minimum.reduceat(price[more.reviewer] - more.gain, starts)
            least_minus[papers] = np.minimum(per_unmet, ways)
        cheaper = bound.copy()
        if len(some):
            ways = np.minimum.reduceat(least_minus[some.paper] + some.gain, ends)
            cheaper[reviewers] = np.minimum(bound[reviewers], ways)
        if (least_minus == minus).all() and (cheaper == price).all():
            return Prices(-minus, price, per_unmet, per_unfilled)
        minus, price = least_minus, cheaper


def _starts(sorted_values: Whole) -> tuple[npt.NDArray, Whole]:
    """Where each run of equal values begins, and the values."""
    values, starts = np.unique(sorted_values, return_index=True)
    return starts, values


def bound_of(flow: Flow, problem: Problem, *, share: int = 1, cap: int = 1) -> int:
    """What the prices say no choice can exceed, as the sum of gains minus the prices of unmet reviews and loads.

    Equals `value_of` for an optimal flow: strong duality, which tests and every report check.
    """
    left, prices = Remainder.of(problem), flow.prices
    demands, most, least = (share * each for each in (left.demands, left.most, left.least))
    over = flow.arcs.gain - prices.paper[flow.arcs.paper] - prices.reviewer[flow.arcs.reviewer]
    of_arcs = cap * int(np.maximum(over, 0).sum())
    of_papers = int((demands * prices.paper).sum()) + int((demands * np.maximum(-prices.unmet - prices.paper, 0)).sum())
    first = least * np.maximum(prices.reviewer + prices.unfilled, 0)
    second = (most - least) * np.maximum(prices.reviewer, 0)
    return of_arcs + of_papers + int(first.sum()) + int(second.sum())


def value_of(flow: Flow, problem: Problem, *, share: int = 1) -> int:
    """The same sum for the flow itself."""
    least = share * Remainder.of(problem).least
    load = np.bincount(flow.arcs.reviewer, weights=flow.amount, minlength=problem.reviewers).astype(np.int64)
    filled = int(np.minimum(load, least).sum())
    gains = int((flow.arcs.gain * flow.amount).sum())
    return gains - flow.prices.unmet * int(flow.unmet.sum()) + flow.prices.unfilled * filled
