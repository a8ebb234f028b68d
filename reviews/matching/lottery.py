"""An assignment drawn by lot, so that nobody can be sure to get a paper. Plain Python.

Formula: maximise the expected total such that no pair has a probability above Q (Jecmen, Zhang, Liu, Shah, Conitzer
and Fang 2020, "Mitigating Manipulation in Peer Review via Randomized Reviewer Assignments"). Probabilities are whole
multiples of 1/share, with share a power of two, so that this is the same flow with every number multiplied. The draw
halves the grain again and again: pairs whose count is odd at a grain form a graph in which, helped by a spare paper
and reviewer, every degree is even, so it falls into closed walks; along each the counts go up and down in turn, by a
fair coin which begins. Expectations stay, and what each paper gets and each reviewer carries stays whole.

Perturbed maximisation spreads the probabilities further at little cost: a pair with probability x counts
score × (x − fading·x²), which is concave, so that the first share of a pair counts most (Xu, Jecmen, Song and Fang
2023, "A One-Size-Fits-All Approach to Improving Randomness in Paper Assignment"). On the grid of shares it is a flow
with an arc for each unit, its gain falling from unit to unit, and so exact on that grid.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from reviews.matching.flow import Arcs, best, whole
from reviews.matching.problem import Pair, Problem, Whole

_FINEST = 1024
_UNITS = 32  # of a pair where probabilities are spread: each is an arc of its own


@dataclass(frozen=True, eq=False)
class Lottery:
    """Pairs with their probabilities, `amount` / `share`; none exceeds the cap."""

    arcs: Arcs
    amount: Whole
    share: int
    scale: float

    @property
    def probabilities(self) -> npt.NDArray[np.floating]:
        return self.amount / self.share

    @property
    def randomness(self) -> float:
        """The entropy of the pairs' probabilities, in bits: how little the scores tell of who reviews what."""
        chances = self.probabilities[(self.probabilities > 0) & (self.probabilities < 1)]
        return float(-(chances * np.log2(chances)).sum())

    @property
    def expected(self) -> float:
        """The expected total."""
        return float((self.arcs.gain * self.probabilities).sum() / self.scale)


def lottery(problem: Problem, cap: float) -> Lottery:
    """The best probabilities none of which is above `cap`; rounded down to a multiple of 1/1024.

    Raises:
        ValueError: a cap that is no probability above 1/1024.
    """
    if not 1 / _FINEST <= cap <= 1:
        raise ValueError("The greatest probability must be between 1/1024 and 1.")
    share = 1
    while share < _FINEST and not (cap * share).is_integer():
        share *= 2
    found = best(problem, share=share, cap=int(cap * share))
    some = found.amount > 0
    return Lottery(found.arcs.only(some), found.amount[some], share, found.scale)


def spread(problem: Problem, cap: float, fading: float) -> Lottery:
    """Probabilities up to `cap` (rounded down to a multiple of 1/32) that perturbed maximisation prefers.

    Raises:
        ValueError: a cap that is no probability from 1/32, a fading that is not above 0 and at most 1, or scores
            below zero, for which a fading gain would be a growing one.
    """
    if not 1 / _UNITS <= cap <= 1:
        raise ValueError("The greatest probability must be between 1/32 and 1.")
    if not 0 < fading <= 1:
        raise ValueError("The perturbation must be above 0 and at most 1.")
    if (problem.scores < 0).any():
        raise ValueError("Perturbed maximisation needs scores from 0.")
    units = np.arange(int(cap * _UNITS))
    found = best(problem, share=_UNITS, fading=1 - fading * (2 * units + 1) / _UNITS)
    amount = found.amount.reshape(-1, len(units)).sum(axis=1)
    some = amount > 0
    first = np.arange(0, len(found.arcs), len(units))[some]
    paper, reviewer = found.arcs.paper[first], found.arcs.reviewer[first]
    arcs = Arcs(paper, reviewer, whole(problem.scores[paper, reviewer], found.scale))
    return Lottery(arcs, amount[some], _UNITS, found.scale)


def commitment(seed: str) -> str:
    """What can be shown before the draw, and tells afterwards that the seed was not chosen later: its SHA-256."""
    return hashlib.sha256(seed.encode()).hexdigest()


def draw(found: Lottery, seed: str) -> frozenset[Pair]:
    """One assignment, the same for the same seed."""
    coins = np.random.default_rng(int(commitment(seed), 16))
    amount = found.amount.copy()
    grain = 1
    while grain < found.share:
        odd = np.flatnonzero(amount // grain % 2)
        _round(amount, odd, found.arcs, grain, coins)
        grain *= 2
    chosen = np.flatnonzero(amount)
    return frozenset(zip(found.arcs.paper[chosen].tolist(), found.arcs.reviewer[chosen].tolist(), strict=True))


def _round(amount: Whole, odd: npt.NDArray, arcs: Arcs, grain: int, coins: np.random.Generator) -> None:
    """Move each odd count up or down by a grain, along closed walks."""
    walks = _Walks(arcs.paper[odd].tolist(), arcs.reviewer[odd].tolist())
    for walk in walks.closed():
        sign = 1 if coins.random() < 0.5 else -1
        for edge in walk:
            if edge < len(odd):
                amount[odd[edge]] += sign * grain
            sign = -sign


class _Walks:
    """Closed walks that use every edge once; spare edges (numbers beyond the given ones) make degrees even."""

    def __init__(self, papers: list[int], reviewers: list[int]) -> None:
        self.ends = [((0, paper), (1, reviewer)) for paper, reviewer in zip(papers, reviewers, strict=True)]
        degree: dict[tuple[int, int], int] = defaultdict(int)
        for ends in self.ends:
            for node in ends:
                degree[node] += 1
        spare = {0: (1, -1), 1: (0, -1)}  # a paper's spare partner is a reviewer, and the other way round
        odd = [node for node, number in sorted(degree.items()) if number % 2]
        self.ends += [(node, spare[node[0]]) for node in odd]
        if sum(node[0] for node in odd) % 2:
            self.ends.append((spare[0], spare[1]))
        self.at: dict[tuple[int, int], list[int]] = defaultdict(list)
        for edge, ends in enumerate(self.ends):
            for node in ends:
                self.at[node].append(edge)

    def closed(self) -> list[list[int]]:
        used = [False] * len(self.ends)
        found: list[list[int]] = []
        for first in range(len(self.ends)):
            if used[first]:
                continue
            walk: list[int] = []
            start = node = self.ends[first][0]
            while not walk or node != start:
                edge = self._next(node, used)
                used[edge] = True
                walk.append(edge)
                one, other = self.ends[edge]
                node = other if node == one else one
            found.append(walk)
        return found

    def _next(self, node: tuple[int, int], used: list[bool]) -> int:
        waiting = self.at[node]
        while used[waiting[-1]]:
            waiting.pop()
        return waiting[-1]
