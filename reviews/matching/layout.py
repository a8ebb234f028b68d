"""Papers and people in two dimensions, so that who fits what stands near it. Plain Python.

Formula: the matrix of scores, its rows and columns centred, is decomposed into singular values; papers take the left
and people the right vectors of the two largest, each times the root of its value (a biplot with equal shares: Gabriel
1971, "The biplot graphic display of matrices").
"""

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.floating]


def layout(scores: npt.NDArray[np.floating]) -> tuple[Points, Points]:
    """Places of papers and of people, n × 2 each, from 0 to 1. `scores` is papers × people, NaN where unknown."""
    papers, people = scores.shape
    if not papers or not people or np.isnan(scores).all():
        return np.full((papers, 2), 0.5), np.full((people, 2), 0.5)
    filled = np.where(np.isnan(scores), np.nanmean(scores), scores).astype(np.float64)
    centred = filled - filled.mean(axis=0, keepdims=True) - filled.mean(axis=1, keepdims=True) + filled.mean()
    left, values, right = np.linalg.svd(centred, full_matrices=False)
    roots = np.sqrt(values[:2])
    one, other = _two(left[:, :2] * roots), _two(right[:2].T * roots)
    for axis in range(2):  # a decomposition leaves the signs open
        both = np.concatenate([one[:, axis], other[:, axis]])
        if both[np.argmax(np.abs(both))] < 0:
            one[:, axis] *= -1
            other[:, axis] *= -1
    return _boxed(one, other)


def _two(points: Points) -> Points:
    """Two columns, also where there is only one value."""
    return np.pad(points, ((0, 0), (0, 2 - points.shape[1])))


def _boxed(one: Points, other: Points) -> tuple[Points, Points]:
    both = np.concatenate([one, other])
    low, span = both.min(axis=0), np.ptp(both, axis=0)
    flat = span < 1e-9
    span = np.where(flat, 1.0, span)
    return np.where(flat, 0.5, (one - low) / span), np.where(flat, 0.5, (other - low) / span)
