"""Why some papers cannot get what they want: the cut that the flow leaves. Plain Python."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from reviews.matching.problem import Pair, Problem, Remainder


@dataclass(frozen=True)
class Shortage:
    """A group of papers that together cannot get what they need, from the final cut of the flow."""

    papers: tuple[int, ...]
    reviewers: tuple[int, ...]  # the only ones open to these papers, all of them full
    needed: int
    available: int

    @property
    def missing(self) -> int:
        return self.needed - self.available


def shortage_of(problem: Problem, chosen: Iterable[Pair]) -> Shortage:
    """The source's side of the cut: unmet papers, whom they could ask, whose papers those hold, and so on."""
    left = Remainder.of(problem)
    held: dict[int, list[int]] = {}
    taken: dict[int, set[int]] = {}
    given = np.zeros(problem.papers, np.int64)
    for paper, reviewer in chosen:
        held.setdefault(reviewer, []).append(paper)
        taken.setdefault(paper, set()).add(reviewer)
        given[paper] += 1
    for paper, reviewer in problem.locked:
        taken.setdefault(paper, set()).add(reviewer)
    papers = {int(paper) for paper in np.flatnonzero(given < left.demands)}
    reviewers: set[int] = set()
    waiting = deque(sorted(papers))
    while waiting:
        paper = waiting.popleft()
        possible = np.flatnonzero(~np.isnan(problem.scores[paper]) & (left.most > 0)).tolist()
        for reviewer in set(possible) - taken.get(paper, set()) - reviewers:
            reviewers.add(reviewer)
            fresh = [other for other in held.get(reviewer, ()) if other not in papers]
            papers.update(fresh)
            waiting.extend(fresh)
    members = sorted(papers)
    return Shortage(
        papers=tuple(members),
        reviewers=tuple(sorted(reviewers)),
        needed=int(left.demands[members].sum()),
        available=int(given[members].sum()),
    )
