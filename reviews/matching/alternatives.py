"""Who would come in a pair's place, and what it would cost. Plain Python.

Of the best total, exactly: taking a pair out of an optimal flow means to find the shortest way from the paper to the
reviewer through the residual network, since what leaves on that way is the cheapest rearrangement (Ahuja, Magnanti and
Orlin 1993, "Network Flows", chapter 9). Of any other choice, such as the fairest, the best free reviewer who keeps the
rules, with all else as it stands.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reviews.matching.problem import Pair, Problem, Remainder

_SHORT = 3  # a missing review costs as much as three places below a least load
_ROUNDING = 1e-9
MOST_EXACT = 20_000  # pairs of a problem, since every way through it is looked at


@dataclass(frozen=True)
class Alternative:
    """The reviewer who would come instead, and what the sum of scores would lose; nobody, where a review goes missing.

    The cost is then the pair's own score.
    """

    reviewer: int | None
    cost: float


def alternatives(problem: Problem, pairs: Iterable[Pair], *, is_best_total: bool) -> dict[Pair, Alternative]:
    """For each pair that is not locked. `is_best_total`: the pairs are an optimum of the total without rules."""
    chosen = sorted(set(pairs) - problem.locked)
    if is_best_total and not problem.rules.any and problem.scores.size <= MOST_EXACT:
        return _Residual(problem, chosen).found()
    return _Direct(problem, chosen).found()


class _Residual:
    """The network that an optimal choice leaves, with every distance to every reviewer."""

    def __init__(self, problem: Problem, chosen: list[Pair]) -> None:
        self.problem, self.chosen = problem, chosen
        self.gain = np.nan_to_num(problem.scores.astype(np.float64), nan=0.0)
        self.much = 4.0 * (problem.papers + problem.reviewers + 2) * max(1.0, float(np.abs(self.gain).max(initial=0)))
        self._fill()

    def _fill(self) -> None:
        problem, left = self.problem, Remainder.of(self.problem)
        self.forth = np.where(np.isnan(problem.scores) | (left.most == 0)[None, :], np.inf, -self.gain)
        self.back = np.full((problem.reviewers, problem.papers), np.inf)
        load, given = np.zeros(problem.reviewers, np.int64), np.zeros(problem.papers, np.int64)
        for paper, reviewer in problem.locked:
            self.forth[paper, reviewer] = np.inf
        for paper, reviewer in self.chosen:
            self.forth[paper, reviewer] = np.inf
            self.back[reviewer, paper] = self.gain[paper, reviewer]
            load[reviewer] += 1
            given[paper] += 1
        self.leave = np.where(load < left.most, 0.0, np.inf)
        self.leave[load < left.least] = -self.much
        self.enter = np.where(load > left.least, 0.0, np.where(load > 0, self.much, np.inf))
        self.is_short = given < left.demands

    def found(self) -> dict[Pair, Alternative]:
        if not self.chosen:
            return {}
        reviewers, sink = self._distances()
        found = {}
        for paper, reviewer in self.chosen:
            ways = self.forth[paper] + reviewers[:, reviewer]
            place, own = int(np.argmin(ways)), float(self.gain[paper, reviewer])
            cost = float(ways[place]) + own
            below_least = round(cost / self.much) if np.isfinite(cost) else _SHORT
            goes_without = _SHORT * self.much + sink[reviewer] < ways[place] - _ROUNDING
            if goes_without or below_least >= _SHORT:  # else another paper, at the end of the chain
                found[paper, reviewer] = Alternative(None, own)
            else:
                found[paper, reviewer] = Alternative(place, cost - below_least * self.much)
        return found

    def _distances(self) -> tuple[npt.NDArray, npt.NDArray]:
        """From reviewers and from the sink to every reviewer (Bellman and Ford, all targets at once)."""
        unmet, number = _SHORT * self.much, self.problem.reviewers
        papers = np.full((self.problem.papers, number), np.inf)
        reviewers = np.where(np.eye(number, dtype=bool), 0.0, np.inf)
        sink = np.full(number, np.inf)
        for _ in range(2 * (self.problem.papers + number)):
            fresh = np.minimum(reviewers, (self.leave[:, None] + sink[None, :]))
            fresh = np.minimum(fresh, _through(self.back, papers))
            end = np.min(self.enter[:, None] + fresh, axis=0)
            if self.is_short.any():
                end = np.minimum(end, papers[self.is_short].min(axis=0) - unmet)
            start = np.minimum(_through(self.forth, fresh), unmet + end[None, :])
            if _same(start, papers) and _same(fresh, reviewers) and _same(end, sink):
                break
            papers, reviewers, sink = start, fresh, end
        return reviewers, sink


def _same(one: npt.NDArray, other: npt.NDArray) -> bool:
    """Infinities included; sums of scores differ by more than rounding where they differ."""
    return bool(np.isclose(one, other, rtol=0, atol=_ROUNDING).all())


def _through(first: npt.NDArray, then: npt.NDArray) -> npt.NDArray:
    """The shortest way of two steps: rows of `first` to columns of `then`."""
    if not first.shape[1]:
        return np.full((first.shape[0], then.shape[1]), np.inf)
    return np.stack([np.min(row[:, None] + then, axis=0) for row in first]) if len(first) else then[:0]


class _Direct:
    """The best free reviewer for each pair, with everything else as it stands."""

    def __init__(self, problem: Problem, chosen: list[Pair]) -> None:
        self.problem, self.chosen = problem, chosen
        self.on: dict[int, set[int]] = {}
        load = np.zeros(problem.reviewers, np.int64)
        for paper, reviewer in [*chosen, *problem.locked]:
            self.on.setdefault(paper, set()).add(reviewer)
            load[reviewer] += 1
        self.free = np.flatnonzero(load < problem.most)
        self.reviewed: dict[int, set[int]] = {}
        for paper, people in self.on.items():
            for person in people:
                self.reviewed.setdefault(person, set()).add(paper)

    def found(self) -> dict[Pair, Alternative]:
        found = {}
        for paper, reviewer in self.chosen:
            score = self.problem.score((paper, reviewer))
            found[paper, reviewer] = Alternative(None, score)
            scores = self.problem.scores[paper, self.free]
            for place in np.argsort(-np.nan_to_num(scores, nan=-np.inf), kind="stable"):
                other = int(self.free[place])
                if np.isnan(scores[place]):
                    break
                if other not in self.on[paper] and self._keeps_rules(paper, reviewer, other):
                    found[paper, reviewer] = Alternative(other, score - float(scores[place]))
                    break
        return found

    def _keeps_rules(self, paper: int, goes: int, comes: int) -> bool:
        rules, stay = self.problem.rules, self.on[paper] - {goes}
        of = rules.institutions
        if comes in of and any(of.get(each) == of[comes] for each in stay):
            return False
        if rules.seniors and goes in rules.seniors and not rules.seniors & (stay | {comes}):
            return False
        written = {other for other, authors in rules.authors.items() if comes in authors}
        return not any(self.reviewed.get(author, set()) & written for author in rules.authors.get(paper, ()))
