"""What an assignment has to fulfil. Plain Python; NumPy inside."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

Pair = tuple[int, int]  # paper, reviewer: positions in the problem
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Rules:
    """Rules beside demands and loads, by positions; each is empty where it does not hold.

    `institutions`: reviewer → whatever two reviewers of one paper must not share. `seniors`: of whom each paper needs
    one. `authors`: paper → reviewers who wrote it; A does not review B's paper while B reviews A's.
    """

    institutions: Mapping[int, Any] = field(default_factory=dict)
    seniors: frozenset[int] = frozenset()
    authors: Mapping[int, frozenset[int]] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        return bool(self.institutions or self.seniors or self.authors)


@dataclass(frozen=True, eq=False)
class Problem:
    """Papers that want reviews, and reviewers who give some.

    `scores` is papers × reviewers, NaN where a pair is impossible. `demands` says how many reviews each paper wants,
    `most` and `least` how many each reviewer writes. `locked` pairs are kept, also beyond a demand or load.

    Raises:
        ValueError: shapes that do not fit, negative numbers, a score that is infinite, a locked pair that is not there.
    """

    scores: npt.NDArray[np.floating]
    demands: Whole
    most: Whole
    least: Whole
    locked: frozenset[Pair] = frozenset()
    rules: Rules = Rules()

    def __post_init__(self) -> None:
        papers, reviewers = self.scores.shape
        if len(self.demands) != papers or len(self.most) != reviewers or len(self.least) != reviewers:
            raise ValueError("There must be one demand for each paper and one load for each reviewer.")
        for name, numbers in (("Demands", self.demands), ("Loads", self.most), ("Least loads", self.least)):
            if len(numbers) and numbers.min() < 0:
                raise ValueError(f"{name} must not be negative.")
        if (self.least > self.most).any():
            raise ValueError("Nobody can review at least more papers than at most.")
        if np.isinf(self.scores).any():
            paper, reviewer = (int(place) for place in np.argwhere(np.isinf(self.scores))[0])
            raise ValueError(f"The score of pair ({paper}, {reviewer}) is not a number.")
        for paper, reviewer in self.locked:
            if not (0 <= paper < papers and 0 <= reviewer < reviewers):
                raise ValueError(f"Pair ({paper}, {reviewer}) names a paper or reviewer that does not exist.")

    @classmethod
    def of(
        cls,
        demands: Sequence[int],
        loads: Sequence[int],
        scores: Mapping[Pair, float],
        *,
        forbidden: Iterable[Pair] = (),
        locked: Iterable[Pair] = (),
        least: Sequence[int] = (),
        rules: Rules | None = None,
    ) -> "Problem":
        """From pairs: one without a score cannot be assigned, nor one that is forbidden.

        Raises:
            ValueError: as the class, and for a pair that does not exist or is both locked and forbidden.
        """
        matrix = np.full((len(demands), len(loads)), np.nan)
        for (paper, reviewer), score in scores.items():
            if not (0 <= paper < len(demands) and 0 <= reviewer < len(loads)):
                raise ValueError(f"Pair ({paper}, {reviewer}) names a paper or reviewer that does not exist.")
            if not np.isfinite(score):
                raise ValueError(f"The score of pair ({paper}, {reviewer}) is not a number.")
            matrix[paper, reviewer] = score
        kept, barred = frozenset(locked), frozenset(forbidden)
        if clash := kept & barred:
            raise ValueError(f"Pair {min(clash)} is both locked and forbidden.")
        for paper, reviewer in barred:
            matrix[paper, reviewer] = np.nan
        fewest = np.zeros(len(loads), np.int64) if not len(least) else np.asarray(least, np.int64)
        return cls(matrix, np.asarray(demands, np.int64), np.asarray(loads, np.int64), fewest, kept, rules or Rules())

    @property
    def papers(self) -> int:
        return len(self.demands)

    @property
    def reviewers(self) -> int:
        return len(self.most)

    def score(self, pair: Pair) -> float:
        """Of a pair; nothing for a locked one that has no score."""
        found = float(self.scores[pair])
        return 0.0 if np.isnan(found) else found

    def with_locked(self, pairs: Iterable[Pair]) -> "Problem":
        """The same with more pairs that stay."""
        return replace(self, locked=self.locked | frozenset(pairs))


@dataclass(frozen=True, eq=False)
class Remainder:
    """What is still to be given and taken once locked pairs are counted; never below zero."""

    demands: Whole
    most: Whole
    least: Whole

    @classmethod
    def of(cls, problem: Problem) -> "Remainder":
        given, taken = np.zeros(problem.papers, np.int64), np.zeros(problem.reviewers, np.int64)
        for paper, reviewer in problem.locked:
            given[paper] += 1
            taken[reviewer] += 1
        return cls(
            np.maximum(problem.demands - given, 0),
            np.maximum(problem.most - taken, 0),
            np.maximum(problem.least - taken, 0),
        )
