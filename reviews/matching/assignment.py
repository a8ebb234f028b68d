"""The exact best assignment of reviewers to papers, as a flow of least cost. Plain Python; OR-tools inside.

Formula: maximise the number of reviews given, and among those the sum of scores, subject to each paper's demand,
each reviewer's load, one review per pair, forbidden pairs left out and locked pairs kept. As a network (source →
paper → reviewer → sink, capacities demand, 1, load) this is a minimum-cost maximum flow, whose integral optimum is
exact (Taylor 2008, "On the optimal assignment of conference papers to reviewers"). Costs are whole numbers:
scores are rounded to 1e-6, so the total is exact to half a millionth per pair.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite

SCALE = 1_000_000
Pair = tuple[int, int]  # paper, reviewer: positions in the problem


@dataclass(frozen=True)
class Problem:
    """What is wanted. A pair without a score can't be assigned; `forbidden` says so for a reason of its own."""

    demands: Sequence[int]
    loads: Sequence[int]
    scores: Mapping[Pair, float]
    forbidden: frozenset[Pair] = frozenset()
    locked: frozenset[Pair] = frozenset()

    def __post_init__(self) -> None:
        if any(number < 0 for number in (*self.demands, *self.loads)):
            raise ValueError("Demands and loads must not be negative.")
        for (paper, reviewer), score in self.scores.items():
            if not (0 <= paper < len(self.demands) and 0 <= reviewer < len(self.loads)):
                raise ValueError(f"Pair ({paper}, {reviewer}) names a paper or reviewer that does not exist.")
            if not isfinite(score):
                raise ValueError(f"The score of pair ({paper}, {reviewer}) is not a number.")
        if clash := self.locked & self.forbidden:
            raise ValueError(f"Pair {min(clash)} is both locked and forbidden.")


@dataclass(frozen=True)
class Shortage:
    """A group of papers that together cannot get what they need, from the final cut of the flow."""

    papers: tuple[int, ...]
    reviewers: tuple[int, ...]  # the only ones open to these papers, all of them full
    needed: int
    available: int

    @property
    def missing(self) -> int:
        return self.needed - self.available


@dataclass(frozen=True)
class Assignment:
    """What came out: pairs and figures."""

    pairs: tuple[Pair, ...]
    total: float
    worst: float | None  # the least sum of scores that a paper got, None without papers
    loads: tuple[int, ...]
    status: str  # "optimal", or "partial" when not every demand can be met
    unmet: dict[int, int] = field(default_factory=dict)  # paper → reviews missing
    shortage: Shortage | None = None


def solve(problem: Problem) -> Assignment:
    """The best assignment; a partial one with an explanation when demands cannot all be met."""
    demands, loads = _left_after_locked(problem)
    arcs = [
        pair
        for pair in sorted(problem.scores)
        if pair not in problem.forbidden and pair not in problem.locked and demands[pair[0]] and loads[pair[1]]
    ]
    chosen = _flow(demands, loads, arcs, [round(problem.scores[pair] * SCALE) for pair in arcs])
    pairs = sorted(problem.locked | chosen)
    return _described(problem, pairs, demands, loads, arcs, chosen)


def _left_after_locked(problem: Problem) -> tuple[list[int], list[int]]:
    """What is still to be given and taken; a locked pair may go beyond a demand or load, never below zero left."""
    demands, loads = list(problem.demands), list(problem.loads)
    for paper, reviewer in problem.locked:
        demands[paper] = max(0, demands[paper] - 1)
        loads[reviewer] = max(0, loads[reviewer] - 1)
    return demands, loads


def _flow(demands: Sequence[int], loads: Sequence[int], arcs: Sequence[Pair], gains: Sequence[int]) -> set[Pair]:
    if not arcs:
        return set()
    import numpy as np
    from ortools.graph.python import min_cost_flow

    papers, reviewers = len(demands), len(loads)
    source, sink = papers + reviewers, papers + reviewers + 1
    pairs = np.asarray(arcs, dtype=np.int64)
    tails = np.concatenate([np.full(papers, source), pairs[:, 0], papers + np.arange(reviewers)])
    heads = np.concatenate([np.arange(papers), papers + pairs[:, 1], np.full(reviewers, sink)])
    capacities = np.concatenate([demands, np.ones(len(arcs), dtype=np.int64), loads])
    costs = np.concatenate([np.zeros(papers, np.int64), -np.asarray(gains, np.int64), np.zeros(reviewers, np.int64)])
    network = min_cost_flow.SimpleMinCostFlow()
    numbers = network.add_arcs_with_capacity_and_unit_cost(tails, heads, capacities, costs)
    supply = min(int(sum(demands)), int(sum(loads)))
    network.set_nodes_supplies(np.array([source, sink]), np.array([supply, -supply]))
    status = network.solve_max_flow_with_min_cost()
    if status != network.OPTIMAL:
        raise RuntimeError(f"The solver stopped with status {status}.")
    flows = network.flows(numbers)[papers : papers + len(arcs)]
    return {arcs[int(position)] for position in np.flatnonzero(flows)}


def _described(problem, pairs: list[Pair], demands, loads, arcs, chosen: set[Pair]) -> Assignment:
    got = [0] * len(problem.demands)
    sums = [0.0] * len(problem.demands)
    carried = [0] * len(problem.loads)
    for paper, reviewer in pairs:
        got[paper] += 1
        sums[paper] += problem.scores.get((paper, reviewer), 0.0)
        carried[reviewer] += 1
    unmet = {paper: wanted - got[paper] for paper, wanted in enumerate(problem.demands) if got[paper] < wanted}
    wanting = [sums[paper] for paper, wanted in enumerate(problem.demands) if wanted]
    return Assignment(
        pairs=tuple(pairs),
        total=sum(sums),
        worst=min(wanting, default=None),
        loads=tuple(carried),
        status="partial" if unmet else "optimal",
        unmet=unmet,
        shortage=_shortage(demands, loads, arcs, chosen) if unmet else None,
    )


def _shortage(demands: Sequence[int], loads: Sequence[int], arcs: Sequence[Pair], chosen: set[Pair]) -> Shortage:
    """The source's side of the cut: unmet papers, whom they could ask, whose papers those hold, and so on."""
    open_to: dict[int, list[int]] = {}
    held: dict[int, list[int]] = {}
    for paper, reviewer in arcs:
        if (paper, reviewer) in chosen:
            held.setdefault(reviewer, []).append(paper)
        else:
            open_to.setdefault(paper, []).append(reviewer)
    given = [0] * len(demands)
    for paper, _ in chosen:
        given[paper] += 1
    papers = {paper for paper, wanted in enumerate(demands) if given[paper] < wanted}
    reviewers: set[int] = set()
    waiting = deque(sorted(papers))
    while waiting:
        for reviewer in open_to.get(waiting.popleft(), ()):
            if reviewer not in reviewers:
                reviewers.add(reviewer)
                fresh = [paper for paper in held.get(reviewer, ()) if paper not in papers]
                papers.update(fresh)
                waiting.extend(fresh)
    return Shortage(
        papers=tuple(sorted(papers)),
        reviewers=tuple(sorted(reviewers)),
        needed=sum(demands[paper] for paper in papers),
        available=sum(given[paper] for paper in papers),
    )
