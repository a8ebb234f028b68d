"""Engine of the ranking of applications: tiers, scores, ties, and who is safely in or out. Plain Python.

The rule is the one that applicants are told: presenters of accepted papers first, then their other authors, then all
others; within a tier S = wM · merit + wN · need + wD · distance, each part from 0 to 1, and merit weighs at least as
much as need and distance together, so that these stay additional.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from travel.scoring import BANDS_KM

PRESENTER, AUTHOR, NEITHER = 0, 1, 2
TIERS = ("Presents an accepted paper", "Author of an accepted paper", "Without an accepted paper")
PRESENTATIONS = {"oral": 1.0, "spotlight": 0.75, "poster": 0.5}
LOWEST, HIGHEST = 1, 5  # of an officer's marks
_STEP = 0.1  # by which weights are moved to see who is safely in or out
_EXACT = 1e-9


@dataclass(frozen=True)
class Weights:
    """How much each part counts. They add up to 1.

    Raises:
        ValueError: they do not, one is negative, or need and distance together outweigh merit.
    """

    merit: float = 0.5
    need: float = 0.3
    distance: float = 0.2

    def __post_init__(self) -> None:
        parts = (self.merit, self.need, self.distance)
        if any(part < 0 for part in parts) or abs(sum(parts) - 1) > _EXACT:
            raise ValueError("Weights are not negative and add up to 1.")
        if self.merit + _EXACT < self.need + self.distance:
            raise ValueError("Merit weighs at least as much as need and distance together.")


@dataclass(frozen=True)
class Marks:
    """What one officer gave, from 1 to 5: for what the statement promises, and for the need it shows."""

    officer: str
    merit: int
    need: int


@dataclass(frozen=True)
class Candidate:
    """An application with what counts for its place. `asked` is in minor units; None where it cannot be compared."""

    id: str
    tier: int
    presentation: str
    band: int | None
    marks: tuple[Marks, ...]
    asked: int | None = None
    uncovered: float = 0.0  # what is asked, of all expected costs; 0 where no costs are given
    dependence: float = 0.0  # 1: cannot come without, 0.5: perhaps, 0: can, or not said


@dataclass(frozen=True)
class Score:
    """The parts, each from 0 to 1, and what they come to."""

    merit: float
    need: float
    distance: float
    total: float


def score(candidate: Candidate, weights: Weights) -> Score:
    """Merit is half the form of presentation and half the officers' marks; need is a third each the officers' marks,

    the uncovered share and the dependence. What is not said counts as none, and so does an unknown distance.
    """
    marks = candidate.marks
    statement = _mean([each.merit for each in marks])
    merit = (PRESENTATIONS.get(candidate.presentation, 0.0) + statement) / 2
    need = (_mean([each.need for each in marks]) + candidate.uncovered + candidate.dependence) / 3
    distance = (candidate.band or 0) / len(BANDS_KM)
    total = weights.merit * merit + weights.need * need + weights.distance * distance
    return Score(merit, need, distance, total)


def _mean(marks: Sequence[int]) -> float:
    """From 0 (all 1) to 1 (all 5); nothing marked is 0."""
    return (sum(marks) / len(marks) - LOWEST) / (HIGHEST - LOWEST) if marks else 0.0


def ranked(candidates: Sequence[Candidate], weights: Weights, seed: str) -> list[Candidate]:
    """By tier, then by score; exact ties by a draw that `seed` decides, whatever the order of the input."""
    return sorted(candidates, key=lambda each: (each.tier, -round(score(each, weights).total, 9), _lot(seed, each.id)))


def _lot(seed: str, candidate: str) -> str:
    return sha256(f"{seed}:{candidate}".encode()).hexdigest()


def funded(order: Sequence[Candidate], budget: int) -> set[str]:
    """Who has what they ask for, down the ranking, as long as money lasts; whom it does not reach is passed over."""
    found = set()
    for each in order:
        if each.asked is not None and each.asked <= budget:
            budget -= each.asked
            found.add(each.id)
    return found


def standing(candidates: Sequence[Candidate], weights: Weights, seed: str, budget: int) -> Mapping[str, str]:
    """`in`, `out` or `borderline`: whether it depends on a weight moved by 0.1, or on any one officer's marks."""
    outcomes = [funded(ranked(some, each, seed), budget) for each, some in _variants(candidates, weights)]
    always, ever = set.intersection(*outcomes), set.union(*outcomes)
    return {each.id: "in" if each.id in always else "borderline" if each.id in ever else "out" for each in candidates}


def _variants(candidates: Sequence[Candidate], weights: Weights) -> Iterator[tuple[Weights, Sequence[Candidate]]]:
    yield weights, candidates
    for other in moved(weights):
        yield other, candidates
    for officer in sorted({mark.officer for each in candidates for mark in each.marks}):
        yield (
            weights,
            [
                replace(each, marks=tuple(mark for mark in each.marks if mark.officer != officer) or each.marks)
                for each in candidates
            ],
        )


def moved(weights: Weights) -> list[Weights]:
    """The weights with one of them 0.1 more or less and the others in proportion, as far as the rule allows it."""
    found = []
    values = {"merit": weights.merit, "need": weights.need, "distance": weights.distance}
    for name, value in values.items():
        for step in (-_STEP, _STEP):
            rest = 1 - value
            if not 0 <= value + step <= 1 or rest <= 0:
                continue
            scale = (rest - step) / rest
            others = {other: part * scale for other, part in values.items() if other != name}
            try:
                found.append(Weights(**{name: value + step, **others}))
            except ValueError:
                continue  # need and distance would outweigh merit
    return found
