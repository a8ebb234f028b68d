"""Who reviews what: the best assignment for an aim, with figures, what is proved of it, and what is missing.

Plain Python. The exact best total is a flow (`flow`), fairness raises the worst paper (`fair`), rules that no flow can
keep are a whole-number programme (`programme`), and a cap on probabilities makes it a lottery (`lottery`).
"""

from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import numpy as np

from reviews.matching.explaining import Shortage, shortage_of
from reviews.matching.fair import SMALL, fairest, kept_by
from reviews.matching.flow import Arcs, Flow, best, bound_of, every_arc, value_of
from reviews.matching.lottery import commitment, draw, lottery, spread
from reviews.matching.problem import Pair, Problem, Remainder, Rules
from reviews.matching.programme import Choice, TooLongError, choose

__all__ = ["Assignment", "Pair", "Problem", "Rules", "Shortage", "solve"]

Aim = Literal["total", "fair"]


class NotPossibleError(ValueError):
    """What was asked for together cannot be done together; `str()` says what."""


@dataclass(frozen=True)
class Assignment:
    """What came out: pairs (locked ones too) and figures. A paper's score is the sum of its reviewers' scores."""

    pairs: tuple[Pair, ...]
    total: float
    worst: float | None  # None without papers
    lowest_tenth: float | None  # the score below which a tenth of the papers are
    mean: float | None
    loads: tuple[int, ...]
    status: str  # "optimal", or "partial" when not every demand can be met
    unmet: dict[int, int] = field(default_factory=dict)  # paper → reviews missing
    unfilled: dict[int, int] = field(default_factory=dict)  # reviewer → papers missing to their least load
    shortage: Shortage | None = None
    certificate: dict[str, Any] = field(default_factory=dict)


def solve(
    problem: Problem,
    *,
    aim: Aim = "total",
    dial: float = 1.0,
    cap: float | None = None,
    fading: float = 0.0,
    seed: str = "",
    seconds: float = 20.0,
) -> Assignment:
    """The best assignment; a partial one with an explanation when demands cannot all be met.

    `dial` goes from the best total (0) to the best worst paper (1) where the aim is fair. With `cap` no pair has a
    greater probability, `seed` draws, and with `fading` from 0 to 1 chances are spread further (perturbed
    maximisation, beyond which no cap is needed: 1). `seconds` limits each exact step where rules or fairness need one.

    Raises:
        NotPossibleError: a lottery that should be fair or keep rules as well.
        ValueError: a cap that is no probability.
    """
    if cap is not None or fading:
        return _by_lot(problem, aim, 1.0 if cap is None else cap, fading, seed)
    if problem.rules.any:
        return _by_rules(problem, aim, dial, seconds)
    if aim == "fair":
        found = fairest(problem, dial=dial, seconds=seconds)
        certificate = {
            "aim": "fair",
            "worst_bound": found.worst_bound / found.scale,
            "worst_is_proved": found.is_worst_proved,
            "total_is_proved": found.is_total_proved,
        }
        return _described(problem, _paired(found.paper, found.reviewer), certificate)
    plain = best(problem)
    certificate = {"aim": "total", "optimal": value_of(plain, problem) == bound_of(plain, problem)}
    certificate |= {"arcs": len(plain.arcs), "rounds": plain.rounds}
    return _described(problem, _paired(plain.chosen.paper, plain.chosen.reviewer), certificate)


def _by_lot(problem: Problem, aim: Aim, cap: float, fading: float, seed: str) -> Assignment:
    if aim != "total" or problem.rules.any:
        raise NotPossibleError("With a greatest probability the aim is the total, without further rules.")
    found = spread(problem, cap, fading) if fading else lottery(problem, cap)
    certificate = {
        "aim": "total",
        "greatest_probability": float(found.probabilities.max(initial=0.0)),
        "randomness": found.randomness,
        "expected_total": found.expected + sum(problem.score(pair) for pair in problem.locked),
        "seed": seed,
        "seed_sha256": commitment(seed),
    }
    return _described(problem, draw(found, seed), certificate)


def _by_rules(problem: Problem, aim: Aim, dial: float, seconds: float) -> Assignment:
    """The flow's arcs hold the best choice, or one whose distance to the flow's own total is told."""
    plain = best(problem)
    arcs = every_arc(problem, plain.scale) if problem.scores.size <= SMALL else plain.arcs
    unfilled = int(_unfilled(problem, plain.chosen).sum())
    floor = None
    if aim == "fair":
        floor = _floor(problem, plain, dial, seconds)
    found = _within(problem, arcs, floor, int(plain.unmet.sum()), unfilled, seconds)
    if found is None:
        raise NotPossibleError("In the time given no assignment was found that keeps these rules. Loosen one of them.")
    total, most = found.value / plain.scale, int(plain.chosen.gain.sum()) / plain.scale
    certificate = {
        "aim": aim,
        "optimal": found.is_proved and problem.scores.size <= SMALL,
        "total_without_rules": most,
        "gap": (most - total) / most if most else 0.0,
    }
    chosen = arcs.only(found.chosen)
    return _described(problem, _paired(chosen.paper, chosen.reviewer), certificate)


def _floor(problem: Problem, plain: Flow, dial: float, seconds: float):
    """What each paper needs beside its locked pairs to reach what fairness without rules reaches."""
    fair = fairest(problem, dial=dial, seconds=seconds)
    return np.where(problem.demands > 0, fair.worst - kept_by(problem, plain.scale), 0)


def _within(problem: Problem, arcs: Arcs, floor, unmet: int, unfilled: int, seconds: float) -> Choice | None:
    """With the floor if it can be kept, else with a lower one; with as few reviews unmet as the rules allow."""
    attempt = partial(choose, problem, arcs, unmet=unmet, unfilled=unfilled, seconds=seconds)
    for lower in (0.0,) if floor is None else (1.0, 0.98, 0.95, 0.9, 0.8, 0.6):
        with suppress(TooLongError):
            found = attempt(floor=None if floor is None else (floor * lower).astype(np.int64))
            if found is not None:
                return found
    try:
        return _with_fewest_unmet(problem, arcs, seconds)
    except TooLongError:
        return None


def _with_fewest_unmet(problem: Problem, arcs: Arcs, seconds: float) -> Choice | None:
    least = choose(problem, arcs, least_unmet=True, seconds=seconds)
    if least is None:
        return None
    left = Remainder.of(problem)
    unmet, unfilled = int(left.demands.sum()) - int(least.chosen.sum()), int(left.least.sum())
    return choose(problem, arcs, unmet=unmet, unfilled=unfilled, seconds=seconds) or least


def _paired(papers, reviewers) -> frozenset[Pair]:
    return frozenset(zip(papers.tolist(), reviewers.tolist(), strict=True))


def _unfilled(problem: Problem, chosen: Arcs):
    load = np.bincount(chosen.reviewer, minlength=problem.reviewers)
    return np.maximum(Remainder.of(problem).least - load, 0)


def _described(problem: Problem, chosen: frozenset[Pair], certificate: dict[str, Any]) -> Assignment:
    pairs = sorted(problem.locked | chosen)
    got, loads = np.zeros(problem.papers, np.int64), np.zeros(problem.reviewers, np.int64)
    sums = np.zeros(problem.papers)
    for paper, reviewer in pairs:
        got[paper] += 1
        loads[reviewer] += 1
        sums[paper] += problem.score((paper, reviewer))
    missing, below = np.maximum(problem.demands - got, 0), np.maximum(problem.least - loads, 0)
    wanting = sums[problem.demands > 0]
    return Assignment(
        pairs=tuple(pairs),
        total=float(sums.sum()),
        worst=float(wanting.min()) if len(wanting) else None,
        lowest_tenth=float(np.quantile(wanting, 0.1)) if len(wanting) else None,
        mean=float(wanting.mean()) if len(wanting) else None,
        loads=tuple(loads.tolist()),
        status="partial" if missing.any() else "optimal",
        unmet={int(paper): int(missing[paper]) for paper in np.flatnonzero(missing)},
        unfilled={int(reviewer): int(below[reviewer]) for reviewer in np.flatnonzero(below)},
        shortage=shortage_of(problem, chosen) if missing.any() else None,
        certificate=certificate,
    )
