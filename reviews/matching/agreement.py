"""How far reviewers of the same papers agree."""

from collections.abc import Iterable, Sequence
from itertools import chain


def alpha(scores: Iterable[Sequence[float]]) -> float | None:
    """Krippendorff's alpha for interval data (K. Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011).

    `scores`: the scores of each paper, as many as it has. 1 is full agreement, 0 what chance gives, below 0
    systematic disagreement. None where fewer than two papers have two scores, or all scores are the same.
    """
    papers = [paper for paper in scores if len(paper) > 1]
    pooled = list(chain.from_iterable(papers))
    if len(papers) < 2:
        return None
    expected = _pairwise(pooled) / (len(pooled) - 1)
    if not expected:
        return None
    observed = sum(_pairwise(paper) / (len(paper) - 1) for paper in papers)
    return 1 - observed / expected


def _pairwise(values: Sequence[float]) -> float:
    """The sum of squared differences over all ordered pairs: 2 (n Σx² − (Σx)²)."""
    return 2 * (len(values) * sum(value * value for value in values) - sum(values) ** 2)
