"""The assignment engine on random affinities: four reviews a paper, at most six papers each, one pair in a hundred

in conflict; beside it a greedy assignment, so that the optimum has something to be better than.
"""

import time
from collections.abc import Iterator

from benchmarks.tables import Table

SIZES, QUICK_SIZES = ((100, 50), (500, 400)), ((20, 16),)
DEMAND, LOAD = 4, 6


def measure(*, quick: bool) -> Iterator[Table]:
    from reviews.matching.assignment import solve

    columns = ["papers × reviewers", "solver s", "greedy s", "optimum", "greedy", "status"]
    table = Table("Assignment: processor seconds and sum of affinities", columns)
    for papers, reviewers in QUICK_SIZES if quick else SIZES:
        problem = _problem(papers, reviewers)
        start = time.process_time()
        found = solve(problem)
        solved = time.process_time()
        total = _greedy(problem)
        greedy = time.process_time() - solved
        size = f"{papers} × {reviewers}"
        table.rows.append([size, solved - start, greedy, found.total, total, found.status])
    yield table


def _problem(papers: int, reviewers: int):
    import numpy as np

    from reviews.matching.assignment import Problem

    chance = np.random.default_rng(2025)
    affinity, barred = chance.beta(2, 4, (papers, reviewers)), chance.random((papers, reviewers)) < 0.01
    scores = {
        (paper, reviewer): float(affinity[paper, reviewer])
        for paper in range(papers)
        for reviewer in range(reviewers)
        if not barred[paper, reviewer]
    }
    load = max(LOAD, -(-papers * DEMAND // reviewers) + 1)
    return Problem(demands=[DEMAND] * papers, loads=[load] * reviewers, scores=scores)


def _greedy(problem) -> float:
    """Best pairs first, as long as both have room."""
    wanted, room, total = list(problem.demands), list(problem.loads), 0.0
    for (paper, reviewer), score in sorted(problem.scores.items(), key=lambda item: -item[1]):
        if wanted[paper] and room[reviewer]:
            wanted[paper] -= 1
            room[reviewer] -= 1
            total += score
    return total
