"""An assignment bettered step by step: a reviewer moved to room left, or two reviewers exchanged between papers."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from reviews.matching.flow import Arcs, whole
from reviews.matching.problem import Problem, Remainder, Whole

_STEPS = 20_000
_SWEEPS, _LOWEST = 3, 5_000
_MOST_LIFTED = 1_000  # papers in a sweep
_WORTHWHILE = 15  # what all others may lose at most for each point that goes to the lowest
_IMPOSSIBLE = np.iinfo(np.int64).min // 4

# What a step is worth, by the two papers' sums after it, what it gains in all, and the other paper's sum before it.
Worth = Callable[[Whole, Whole, Whole, Whole], Whole]


@dataclass(frozen=True)
class Step:
    """A pair's reviewer changes places with that of an `other` pair, or gives way to somebody with room (`to`)."""

    place: int
    other: int | None = None
    to: int = 0


def _if_above(floor: int, mine: Whole, yours: Whole, gained: Whole) -> Whole:
    return np.where((mine >= floor) & (yours >= floor), gained, _IMPOSSIBLE)


class Exchanges:
    """The movable pairs of an assignment, each paper's sum, and each reviewer's room."""

    def __init__(self, problem: Problem, arcs: Arcs, kept: Whole, scale: float) -> None:
        self.problem, self.scale = problem, scale
        self.paper, self.reviewer = arcs.paper.copy(), arcs.reviewer.copy()
        self.gain = arcs.gain.copy()
        self.sums = kept + np.bincount(self.paper, weights=self.gain, minlength=problem.papers).astype(np.int64)
        left = Remainder.of(problem)
        load = np.bincount(self.reviewer, minlength=problem.reviewers)
        self.room, self.spare = left.most - load, load - left.least
        self.wanting = np.flatnonzero(problem.demands > 0)
        self.of_paper: list[set[int]] = [set() for _ in range(problem.papers)]
        self.of_reviewer: list[set[int]] = [set() for _ in range(problem.reviewers)]
        for paper, reviewer in (*zip(self.paper.tolist(), self.reviewer.tolist(), strict=True), *problem.locked):
            self.of_paper[paper].add(reviewer)
            self.of_reviewer[reviewer].add(paper)

    @property
    def worst(self) -> int:
        return int(self.sums[self.wanting].min()) if len(self.wanting) else 0

    @property
    def total(self) -> int:
        return int(self.gain.sum())

    def arcs(self) -> Arcs:
        return Arcs(self.paper, self.reviewer, self.gain)

    def raise_worst(self, aim: int) -> None:
        """Better the worst paper until it reaches the aim or no single step betters it."""
        for _ in range(_STEPS):
            if not len(self.wanting):
                return
            worst = int(self.wanting[self.sums[self.wanting].argmin()])
            if self.sums[worst] >= aim or not self._better(worst, aim):
                return

    def raise_total(self, floor: int) -> None:
        """Better the total by steps that leave nobody below the floor."""
        for _ in range(_SWEEPS):
            before = self.total
            for place in np.argsort(self.gain)[:_LOWEST]:
                gained, step = self._best_step(
                    int(place), lambda mine, yours, gained, before: _if_above(floor, mine, yours, gained)
                )
                if step is not None and gained > 0:
                    self._do(step)
            if self.total == before:
                return

    def lift(self, level: int, least: int) -> None:
        """Raise papers below `level` towards it while the total stays at `least` or above, and the worst does not fall.

        Of the steps for a paper the one is taken that costs the others least for what it lifts.
        """
        floor = self.worst
        for _ in range(_SWEEPS):
            below = self.wanting[self.sums[self.wanting] < level]
            lowest = below[np.argsort(self.sums[below], kind="stable")][:_MOST_LIFTED]
            lifted = [paper for paper in lowest if self._lift_one(int(paper), level, floor, least)]
            if not lifted:
                return

    def _lift_one(self, paper: int, level: int, floor: int, least: int) -> bool:
        own, total = min(int(self.sums[paper]), level), self.total

        def worth(mine: Whole, yours: Whole, gained: Whole, before: Whole) -> Whole:
            lifted = np.minimum(mine, level) - own + np.minimum(yours, level) - np.minimum(before, level)
            possible = (lifted > 0) & (mine >= floor) & (yours >= floor)
            possible &= (_WORTHWHILE * lifted >= -gained) & (total + gained >= least)
            return np.where(possible, lifted * 1_000 // np.maximum(-gained, 1) + lifted, _IMPOSSIBLE)

        steps = [self._best_step(int(place), worth) for place in np.flatnonzero(self.paper == paper)]
        value, step = max(steps, key=lambda each: each[0], default=(_IMPOSSIBLE, None))
        if step is None or value <= 0:
            return False
        self._do(step)
        return True

    def _better(self, paper: int, aim: int) -> bool:
        """The step for one paper after which the lower of the two papers is best off."""
        steps = [
            self._best_step(int(place), lambda mine, yours, gained, before: np.minimum(np.minimum(mine, yours), aim))
            for place in np.flatnonzero(self.paper == paper)
        ]
        worth, step = max(steps, key=lambda each: each[0], default=(_IMPOSSIBLE, None))
        if step is None or worth <= self.sums[paper]:
            return False
        self._do(step)
        return True

    def _best_step(self, place: int, worth: Worth) -> tuple[int, Step | None]:
        """The best thing to do with one pair, by what it is worth."""
        paper, reviewer = int(self.paper[place]), int(self.reviewer[place])
        row, without = self._gains(paper), self.sums[paper] - self.gain[place]
        best, step = _IMPOSSIBLE, None
        others = np.flatnonzero((self.paper != paper) & (row[self.reviewer] > _IMPOSSIBLE))
        given, taken = self._given(self.paper[others], reviewer), row[self.reviewer[others]]
        possible = given > _IMPOSSIBLE
        others, given, taken = others[possible], given[possible], taken[possible]
        if len(others):
            gained = taken + given - self.gain[place] - self.gain[others]
            before = self.sums[self.paper[others]]
            values = worth(without + taken, before - self.gain[others] + given, gained, before)
            best, step = int(values.max()), Step(place, other=int(others[values.argmax()]))
        free = np.flatnonzero((self.room > 0) & (row > _IMPOSSIBLE))
        if len(free) and self.spare[reviewer] > 0:
            mine = without + row[free]
            values = worth(mine, mine, row[free] - self.gain[place], mine)
            if values.max() >= best:
                best, step = int(values.max()), Step(place, to=int(free[values.argmax()]))
        return best, step

    def _gains(self, paper: int) -> Whole:
        """Gains of a paper with everybody; impossible ones and those that it has far below."""
        scores = self.problem.scores[paper]
        gains = np.where(np.isnan(scores), _IMPOSSIBLE, whole(scores, self.scale))
        gains[list(self.of_paper[paper])] = _IMPOSSIBLE
        return gains

    def _given(self, papers: Whole, reviewer: int) -> Whole:
        """Gains of these papers with one reviewer, whom some of them may have already."""
        scores = self.problem.scores[papers, reviewer]
        gains = np.where(np.isnan(scores), _IMPOSSIBLE, whole(scores, self.scale))
        gains[np.isin(papers, list(self.of_reviewer[reviewer]))] = _IMPOSSIBLE
        return gains

    def _do(self, step: Step) -> None:
        before = int(self.reviewer[step.place])
        if step.other is None:
            self.room[before] += 1
            self.spare[before] -= 1
            self.room[step.to] -= 1
            self.spare[step.to] += 1
            self._put(step.place, step.to)
            return
        theirs = int(self.reviewer[step.other])
        self._put(step.place, theirs)
        self._put(step.other, before)

    def _put(self, place: int, reviewer: int) -> None:
        paper, before = int(self.paper[place]), int(self.reviewer[place])
        gain = round(float(self.problem.scores[paper, reviewer]) * self.scale)
        self.sums[paper] += gain - self.gain[place]
        self.of_paper[paper].discard(before)
        self.of_reviewer[before].discard(paper)
        self.of_paper[paper].add(reviewer)
        self.of_reviewer[reviewer].add(paper)
        self.reviewer[place], self.gain[place] = reviewer, gain
