"""The best choice among given arcs under floors and rules that no flow can keep: a whole-number programme (HiGHS)."""

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reviews.matching.flow import Arcs
from reviews.matching.problem import Problem, Remainder, Whole

PROVED, LIMITED = 0, 1  # SciPy's status codes
# Columns; beyond, the solver's own relaxation is as fast, for few arcs enter, and what it does before solving takes
# longer than it saves (measured: a half to three quarters of the time at 500 x 400 to 3,000 x 3,000).
_RELAXED = 10_000
_NEAR = 0.0003  # the distance between the relaxation and whole numbers that is tried first, as a share of the cost
_FIRST_TRY = 0.5  # seconds; if it is not proved by then, its choice still prices others out
Row = tuple[npt.NDArray, npt.NDArray, float, float]  # columns, factors, at least, at most


class TooLongError(Exception):
    """The time ran out before anything was found."""


@dataclass(frozen=True, eq=False)
class Choice:
    """Which arcs, whether nothing better exists among them, and the bound on what could."""

    chosen: npt.NDArray[np.bool_]
    value: int
    bound: float
    is_proved: bool


def choose(
    problem: Problem,
    arcs: Arcs,
    *,
    floor: Whole | None = None,
    unmet: int = 0,
    unfilled: int = 0,
    fixed: npt.NDArray[np.bool_] | None = None,
    least_unmet: bool = False,
    seconds: float = 20.0,
) -> Choice | None:
    """The best sum of gains such that every paper has what it wants but for `unmet` reviews in all, every reviewer's

    load is kept but for `unfilled` places in all, every paper's gains reach its `floor` (locked pairs not counted),
    and the problem's rules hold. `fixed` arcs are taken. With `least_unmet` as few reviews stay unmet as can be,
    and the gains do not matter. None where there is no such choice.

    Raises:
        TooLongError: none was found in time, though there may be one.
    """
    left, number = Remainder.of(problem), len(arcs)
    rows = [*_needs(problem, left, arcs, unmet, unfilled, least_unmet), *_ruled(problem, arcs)]
    if floor is not None:
        rows += [(at, arcs.gain[at], float(floor[paper]), np.inf) for paper, at in _by(arcs.paper) if floor[paper] > 0]
        if (floor[np.setdiff1d(np.arange(problem.papers), arcs.paper)] > 0).any():
            return None
    lowest = np.zeros(number + problem.papers + problem.reviewers)
    if fixed is not None:
        lowest[:number][fixed] = 1
    highest = np.concatenate([np.ones(number), left.demands, left.least]).astype(float)
    spare = np.concatenate([np.ones(problem.papers), np.zeros(problem.reviewers)])
    gains = np.zeros(number) if least_unmet else -arcs.gain.astype(float)
    costs = np.concatenate([gains, spare if least_unmet else 0 * spare])
    found = _Programme(costs, rows, lowest, highest, seconds).best()
    if found is None:
        return None
    chosen = found.columns[:number]
    return Choice(chosen, int(arcs.gain[chosen].sum()), -found.bound, found.is_proved)


def most_for_the_worst(
    problem: Problem, arcs: Arcs, kept: Whole, *, unmet: int, unfilled: int, seconds: float
) -> float:
    """What no assignment's worst paper exceeds, in gains: the best for it if reviews could be given in fractions.

    `kept` is what locked pairs give each paper. Needs and rules as for `choose`.

    Raises:
        TooLongError: the time ran out.
    """
    left, number = Remainder.of(problem), len(arcs)
    worst = number + problem.papers + problem.reviewers
    rows = [*_needs(problem, left, arcs, unmet, unfilled, least_unmet=False), *_ruled(problem, arcs)]
    at_paper, nothing = dict(_by(arcs.paper)), np.zeros(0, np.int64)
    for paper in np.flatnonzero(problem.demands):
        own = at_paper.get(int(paper), nothing)
        rows.append((np.append(own, worst), np.append(-arcs.gain[own], 1.0), -np.inf, float(kept[paper])))
    costs = np.append(np.zeros(worst), -1.0)
    highest = np.concatenate([np.ones(number), left.demands, left.least, [np.inf]]).astype(float)
    relaxed = _Programme(costs, rows, np.zeros(worst + 1), highest, seconds).relaxed()
    return 0.0 if relaxed is None else -relaxed[0]


@dataclass(frozen=True, eq=False)
class _Taken:
    """Columns above nothing, what they cost, and what no choice can cost less than."""

    columns: npt.NDArray[np.bool_]
    cost: float
    bound: float
    is_proved: bool


class _Programme:
    """Least cost in whole numbers, relaxed first: what the relaxation prices out is left out, with proof.

    A column that rests at nothing in the relaxation costs at least its reduced cost, so that whatever is worse than
    the distance between the relaxation and a choice in whole numbers has no place in a better one.
    """

    def __init__(self, costs: npt.NDArray, rows: list[Row], lowest: npt.NDArray, highest: npt.NDArray, seconds: float):
        from scipy.sparse import csr_matrix

        self.costs, self.lowest, self.highest = costs, lowest, highest
        self.until = time.monotonic() + seconds
        indices = np.concatenate([row[0] for row in rows]) if rows else np.zeros(0, np.int64)
        factors = np.concatenate([row[1] for row in rows]) if rows else np.zeros(0)
        pointers = np.concatenate([[0], np.cumsum([len(row[0]) for row in rows])]).astype(np.int64)
        self.matrix = csr_matrix((factors.astype(float), indices, pointers), shape=(len(rows), len(costs)))
        self.low = np.array([row[2] for row in rows], float)
        self.high = np.array([row[3] for row in rows], float)

    def best(self) -> _Taken | None:
        """The best choice; None where nothing fits.

        Raises:
            TooLongError: none was found in time.
        """
        everything = np.ones(len(self.costs), bool)
        if len(self.costs) > _RELAXED:
            return self._whole(everything)
        relaxed = self.relaxed()
        if relaxed is None:
            return None
        least, reduced = relaxed
        near = _NEAR * max(1.0, abs(least))
        try:
            found = self._whole(reduced <= near, _FIRST_TRY)
        except TooLongError:
            found = None
        if found is None:
            return self._whole(everything)
        distance = found.cost - least
        return found if found.is_proved and distance <= near else self._whole(reduced <= max(distance, near) + 1)

    def _left(self) -> float:
        left = self.until - time.monotonic()
        if left <= 0:
            raise TooLongError
        return left

    def relaxed(self) -> tuple[float, npt.NDArray] | None:
        """The cost in fractions, and by how much each column that rests at nothing would raise it."""
        from scipy.optimize import linprog
        from scipy.sparse import vstack

        equal = self.low == self.high
        below, above = ~equal & np.isfinite(self.high), ~equal & np.isfinite(self.low) & (self.low > 0)
        found = linprog(
            self.costs,
            A_ub=vstack([self.matrix[below], -self.matrix[above]]) if (below | above).any() else None,
            b_ub=np.concatenate([self.high[below], -self.low[above]]) if (below | above).any() else None,
            A_eq=self.matrix[equal] if equal.any() else None,
            b_eq=self.low[equal] if equal.any() else None,
            bounds=np.column_stack([self.lowest, self.highest]),
            options={"time_limit": self._left()},
        )
        if found.x is None:
            if found.status == LIMITED:
                raise TooLongError
            return None
        return float(found.fun), np.where(self.lowest > 0, 0.0, found.lower.marginals)

    def _whole(self, kept: npt.NDArray[np.bool_], most: float = np.inf) -> _Taken | None:
        from scipy.optimize import Bounds, LinearConstraint, milp

        columns = np.flatnonzero(kept)
        found = milp(
            self.costs[columns],
            constraints=LinearConstraint(self.matrix[:, columns], self.low, self.high),
            bounds=Bounds(self.lowest[columns], self.highest[columns]),
            integrality=np.ones(len(columns)),
            options={
                "time_limit": min(self._left(), most),
                "mip_rel_gap": 0.0,
                "presolve": len(columns) <= _RELAXED,
            },
        )
        if found.x is None:
            if found.status == LIMITED:
                raise TooLongError
            return None
        taken = np.zeros(len(self.costs), bool)
        taken[columns[found.x > 0.5]] = True
        bound = -np.inf if found.mip_dual_bound is None else float(found.mip_dual_bound)
        return _Taken(taken, float(found.fun), bound, found.status == PROVED)


def _by(values: Whole) -> Iterator[tuple[int, npt.NDArray]]:
    """Each value with the places where it stands."""
    order = np.argsort(values, kind="stable")
    found, starts = np.unique(values[order], return_index=True)
    yield from zip(found.tolist(), np.split(order, starts[1:]), strict=True)


def _needs(
    problem: Problem, left: Remainder, arcs: Arcs, unmet: int, unfilled: int, least_unmet: bool
) -> Iterator[Row]:
    """Demands and loads; what stays open is a variable behind the arcs, for each paper and each least load."""
    number, papers, reviewers = len(arcs), problem.papers, problem.reviewers
    at_paper, at_reviewer = dict(_by(arcs.paper)), dict(_by(arcs.reviewer))
    nothing = np.zeros(0, np.int64)
    for paper in np.flatnonzero(left.demands):
        columns = np.append(at_paper.get(int(paper), nothing), number + paper)
        yield columns, np.ones(len(columns)), float(left.demands[paper]), float(left.demands[paper])
    for reviewer, columns in at_reviewer.items():
        if len(columns) > left.most[reviewer]:
            yield columns, np.ones(len(columns)), 0.0, float(left.most[reviewer])
    for bound in np.flatnonzero(left.least):
        columns = np.append(at_reviewer.get(int(bound), nothing), number + papers + bound)
        yield columns, np.ones(len(columns)), float(left.least[bound]), np.inf
    if not least_unmet:
        yield number + np.arange(papers), np.ones(papers), 0.0, float(unmet)
        yield number + papers + np.arange(reviewers), np.ones(reviewers), 0.0, float(unfilled)


def _ruled(problem: Problem, arcs: Arcs) -> Iterator[Row]:
    """The rules beside demands and loads, locked pairs taken into account."""
    if not problem.rules.any:
        return
    at_paper = dict(_by(arcs.paper))
    yield from _institutions(problem, arcs, at_paper)
    yield from _seniors(problem, arcs, at_paper)
    yield from _reciprocal(problem, arcs)


def _institutions(problem: Problem, arcs: Arcs, at_paper: dict[int, npt.NDArray]) -> Iterator[Row]:
    of = problem.rules.institutions
    kept = {(paper, of[reviewer]) for paper, reviewer in problem.locked if reviewer in of}
    for paper, columns in at_paper.items():
        groups = defaultdict(list)
        for column in columns:
            if (reviewer := int(arcs.reviewer[column])) in of:
                groups[of[reviewer]].append(column)
        for institution, members in groups.items():
            room = 0.0 if (paper, institution) in kept else 1.0
            if len(members) > room:
                yield np.array(members), np.ones(len(members)), 0.0, room


def _seniors(problem: Problem, arcs: Arcs, at_paper: dict[int, npt.NDArray]) -> Iterator[Row]:
    """Where a paper gets anybody at all, one of them is senior."""
    seniors = problem.rules.seniors
    if not seniors:
        return
    has_one = {paper for paper, reviewer in problem.locked if reviewer in seniors}
    wanted = Remainder.of(problem).demands
    for paper, columns in at_paper.items():
        if paper in has_one:
            continue
        juniors = columns[[int(arcs.reviewer[column]) not in seniors for column in columns]]
        yield juniors, np.ones(len(juniors)), 0.0, max(0.0, float(wanted[paper]) - 1)


def _reciprocal(problem: Problem, arcs: Arcs) -> Iterator[Row]:
    """A reviews no paper of B while B reviews one of A."""
    place = {pair: column for column, pair in enumerate(zip(arcs.paper.tolist(), arcs.reviewer.tolist(), strict=True))}
    written = defaultdict(set)
    for paper, authors in problem.rules.authors.items():
        for reviewer in authors:
            written[reviewer].add(paper)
    for (paper, other), column in place.items():
        for one in problem.rules.authors.get(paper, ()):
            for back in written[other]:
                if (back, one) in problem.locked:
                    yield np.array([column]), np.ones(1), 0.0, 0.0
                elif (pair := (back, one)) in place and (paper, other) < pair:
                    yield np.array([column, place[pair]]), np.ones(2), 0.0, 1.0
