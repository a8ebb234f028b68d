"""The fairest assignment: the worst paper as well off as possible, and the best total among those. Plain Python.

A paper's score is the sum of its reviewers' scores. No paper can have more than its own best choices add up to, so
the least of these sums bounds the worst paper of any assignment (the bottleneck). Small problems are solved exactly:
exchanges of reviewers raise the worst paper, often to that bound; else programmes with higher floors look between it
and what fractions of reviews would allow. With a floor under every paper's score the best total is a whole-number
programme, and since the flow without a floor is priced (see `flow`), a pair whose reduced cost is worse than what the
floor costs in all cannot be part of it: a small programme remains, whose optimum is the optimum of all. Large
problems are solved by weighing papers below the floor more and more (a Lagrangian search) and by exchanges of
reviewers between two papers; the bounds tell what may be missing. There the best total is not proved anyway, and a
small part of it goes to papers far below the mean, so that not the worst paper alone is better off
(`Exchanges.lift`). Source of the aim: Stelmakh, Shah and Singh 2021, "PeerReview4All"; Kobren, Saha and McCallum
2019, "Paper Matching with Local Fairness Constraints".
"""

import time
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from reviews.matching.exchanges import Exchanges
from reviews.matching.flow import Arcs, Flow, best, every_arc, whole
from reviews.matching.problem import Problem, Remainder, Whole
from reviews.matching.programme import Choice, TooLongError, choose, most_for_the_worst

SMALL = 4_000  # pairs; up to here exactly
_ROUNDING = 1e-7  # to which the relaxation is solved
_SHARES = (0.002, 0.02, 0.1)  # of the total, that a floor is first taken to cost at most
_WEIGHINGS = 4
_STEEPNESS = 3.0
_HEAVIEST = 50.0
_FOR_THE_LOWEST = 0.05  # of the total, at most
_LIFTS, _LEVEL, _FAR_BELOW = 2, 1.06, 0.88  # to which the lowest are lifted: of the lowest tenth, and of the mean


@dataclass(frozen=True, eq=False)
class Fair:
    """Chosen pairs (locked ones apart), and what is known: the worst paper, its bound, what is proved."""

    paper: Whole
    reviewer: Whole
    worst: int
    worst_bound: int
    is_worst_proved: bool
    is_total_proved: bool
    scale: float


def fairest(problem: Problem, *, dial: float = 1.0, seconds: float = 20.0) -> Fair:
    """The fairest assignment, or one on the way to it: with `dial` 1 the best worst paper, with 0 the best total,

    between them the best total with the worst paper raised by that share of what is possible. `seconds` limits the
    exact search for the worst paper's score, and once more that for the total.
    """
    plain = best(problem)
    if problem.scores.size <= SMALL:
        return _Exactly(problem, plain, seconds).run(dial)
    return _by_weighing(problem, plain, dial)


def kept_by(problem: Problem, scale: float) -> Whole:
    """What locked pairs give each paper, in whole-number gains."""
    kept = np.zeros(problem.papers, np.int64)
    for pair in problem.locked:
        kept[pair[0]] += round(problem.score(pair) * scale)
    return kept


def _sums(problem: Problem, arcs: Arcs, kept: Whole) -> Whole:
    return kept + np.bincount(arcs.paper, weights=arcs.gain, minlength=problem.papers).astype(np.int64)


def _worst(problem: Problem, sums: Whole) -> int:
    wanting = problem.demands > 0
    return int(sums[wanting].min()) if wanting.any() else 0


def _bottleneck(problem: Problem, kept: Whole, scale: float) -> int:
    """The least sum of a paper's own best choices: no worst paper is better off. In whole-number gains."""
    left = Remainder.of(problem)
    locked = {paper: [r for p, r in problem.locked if p == paper] for paper, _ in problem.locked}
    found = []
    for paper in np.flatnonzero(problem.demands):
        possible = ~np.isnan(problem.scores[paper]) & (left.most > 0)
        possible[locked.get(int(paper), [])] = False
        wanted = int(left.demands[paper])
        gains = whole(problem.scores[paper][possible], scale)
        own = np.partition(gains, len(gains) - wanted)[len(gains) - wanted :] if 0 < wanted < len(gains) else gains
        found.append(int(kept[paper]) + (int(own.sum()) if wanted else 0))
    return min(found, default=0)


class _Exactly:
    """By whole-number programmes on the pairs that the flow's prices leave.

    `seconds` limits the search for the highest floor, and once more that for the best total above it.
    """

    def __init__(self, problem: Problem, plain: Flow, seconds: float) -> None:
        self.problem, self.plain, self.seconds = problem, plain, seconds
        self.until = time.monotonic() + seconds
        self.kept = kept_by(problem, plain.scale)
        left = Remainder.of(problem)
        self.arcs = every_arc(problem, plain.scale)
        of_paper, of_reviewer = plain.prices.paper[self.arcs.paper], plain.prices.reviewer[self.arcs.reviewer]
        self.reduced = self.arcs.gain - of_paper - of_reviewer
        self.total = int(plain.chosen.gain.sum())
        load = np.bincount(plain.chosen.reviewer, minlength=problem.reviewers)
        self.unmet = int(plain.unmet.sum())
        self.unfilled = int(np.maximum(left.least - load, 0).sum())
        self.in_time = True

    def run(self, dial: float) -> Fair:
        start = self._worst_of(self.plain.chosen)
        bound = _bottleneck(self.problem, self.kept, self.plain.scale)
        best = self._by_exchanges(bound)
        if self._worst_of(best) < bound:
            bound = min(bound, self._relaxed(bound))
            best = self._raised(best, bound)
        is_worst_proved = self.in_time or self._worst_of(best) >= bound
        floor = start + int((self._worst_of(best) - start) * dial)
        chosen, is_total_proved = self._with_the_best_total(best, floor, start)
        worst = self._worst_of(chosen)
        return Fair(chosen.paper, chosen.reviewer, worst, bound, is_worst_proved, is_total_proved, self.plain.scale)

    def _with_the_best_total(self, kept: Arcs, floor: int, start: int) -> tuple[Arcs, bool]:
        """The best total above a floor `kept` keeps, and whether it is proved; from `start` down it is the flow."""
        if floor <= start:
            return self.plain.chosen, True
        above = self._with_floor(floor, self.seconds)
        return (kept, False) if above is None else (self.arcs.only(above.chosen), above.is_proved)

    def _worst_of(self, chosen: Arcs) -> int:
        return _worst(self.problem, _sums(self.problem, chosen, self.kept))

    def _by_exchanges(self, bound: int) -> Arcs:
        """The flow's choice with its worst paper raised step by step; rules are beyond exchanges."""
        if self.problem.rules.any:
            return self.plain.chosen
        found = Exchanges(self.problem, self.plain.chosen, self.kept, self.plain.scale)
        found.raise_worst(bound)
        return found.arcs()

    def _relaxed(self, bound: int) -> int:
        """The bound on the worst paper of the programme in fractions."""
        try:
            most = most_for_the_worst(
                self.problem, self.arcs, self.kept, unmet=self.unmet, unfilled=self.unfilled, seconds=self.seconds
            )
        except TooLongError:
            return bound
        return int(most * (1 + _ROUNDING)) + 1

    def _raised(self, best: Arcs, bound: int) -> Arcs:
        """A choice with the highest floor that can be kept: the bound itself if it can, else by halving.

        No attempt takes more than half of the time that is left, so that a hard one leaves time for lower floors.
        """
        low, high, middle = self._worst_of(best), bound, bound
        while low < high:
            attempt = self._with_floor(middle, (self.until - time.monotonic()) / 2)
            if attempt is None:
                high = middle - 1
            else:
                best = self.arcs.only(attempt.chosen)
                low = max(middle, self._worst_of(best))
            middle = (low + high + 1) // 2
        return best

    def _with_floor(self, floor: int, seconds: float) -> Choice | None:
        """The best total with every paper at the floor or above; None if there is none (or none was found in time).

        A pair of reduced cost −c costs the total at least c, so pairs beyond what the floor costs are left out.
        """
        floors = np.where(self.problem.demands > 0, floor - self.kept, 0)
        until = time.monotonic() + seconds
        attempt = partial(choose, self.problem, floor=floors, unmet=self.unmet, unfilled=self.unfilled)
        try:
            for share in _SHARES:
                most = max(1, int(share * max(1, abs(self.total))))
                near = self.reduced >= -most
                left = until - time.monotonic()
                found = attempt(arcs=self.arcs.only(near), fixed=self.reduced[near] > most, seconds=left)
                if found is not None and found.is_proved and self.total - found.value <= most:
                    return self._spread(found, near)
            return attempt(arcs=self.arcs, seconds=until - time.monotonic())
        except TooLongError:
            self.in_time = False
            return None

    def _spread(self, found: Choice, near: npt.NDArray[np.bool_]) -> Choice:
        chosen = np.zeros(len(self.arcs), bool)
        chosen[np.flatnonzero(near)[found.chosen]] = True
        return Choice(chosen, found.value, found.bound, found.is_proved)


def _by_weighing(problem: Problem, plain: Flow, dial: float) -> Fair:
    """Flows in which papers far from the bottleneck weigh more, each then bettered by exchanges; the best is kept."""
    kept = kept_by(problem, plain.scale)
    bound = _bottleneck(problem, kept, plain.scale)
    start = _worst(problem, _sums(problem, plain.chosen, kept))
    aim = start + int((bound - start) * dial)
    found = Exchanges(problem, plain.chosen, kept, plain.scale)
    found.raise_worst(aim)
    weights, sums = np.ones(problem.papers), _sums(problem, plain.chosen, kept)
    for _ in range(_WEIGHINGS):
        if found.worst >= aim:
            break
        behind = np.clip(aim / np.maximum(sums, 1), 1, 2)
        weights = np.minimum(weights * behind**_STEEPNESS, _HEAVIEST)
        weighed = best(problem, weights=weights).chosen
        gains = whole(problem.scores[weighed.paper, weighed.reviewer], plain.scale)
        chosen = Arcs(weighed.paper, weighed.reviewer, gains)
        sums = _sums(problem, chosen, kept)
        other = Exchanges(problem, chosen, kept, plain.scale)
        other.raise_worst(aim)
        if (other.worst, other.total) > (found.worst, found.total):
            found = other
    found.raise_total(min(found.worst, aim))
    _lift_the_lowest(found, dial)
    pairs = found.arcs()
    return Fair(pairs.paper, pairs.reviewer, found.worst, bound, found.worst >= bound, False, plain.scale)


def _lift_the_lowest(found: Exchanges, dial: float) -> None:
    """Where papers are far below the mean, raise the lowest tenth and those beside it, for a share of the total."""
    least = int(found.total * (1 - _FOR_THE_LOWEST * dial))
    for _ in range(_LIFTS if len(found.wanting) and dial else 0):
        sums = found.sums[found.wanting]
        level = min(max(np.quantile(sums, 0.1) * _LEVEL, np.quantile(sums, 0.2)), sums.mean() * _FAR_BELOW)
        found.lift(int(level), least)
