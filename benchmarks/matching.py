"""The assignment engine on random affinities: four reviews a paper, at most six papers each, one pair in a hundred

in conflict. Beside the exact optimum a greedy assignment, so that it has something to be better than; then fairness, a
lottery, rules that no flow keeps; and how far a single bid gets somebody.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.tables import Table

SIZES, QUICK_SIZES = ((60, 50), (500, 400), (3000, 3000), (10_000, 10_000)), ((20, 16),)
LARGEST_FOR_ALL = 3_000 * 3_000  # pairs; beyond, what takes minutes is left out
DEMAND, LOAD, CONFLICTS = 4, 6, 0.01
TRIALS, QUICK_TRIALS = 100, 3


def measure(*, quick: bool) -> Iterator[Table]:
    from reviews.matching.assignment import solve

    solve(_problem(8, 8), aim="fair")  # loads the solvers
    solve(_problem(8, 8, ruled=True))
    columns = ["papers × reviewers", "aim", "processor s", "total", "worst paper", "lowest tenth", "proof"]
    table = Table(
        "Assignment", columns, note="Proof: what the engine itself checked; a gap is the distance to a bound."
    )
    for papers, reviewers in QUICK_SIZES if quick else SIZES:
        for aim, options in _aims(papers, reviewers):
            problem = _problem(papers, reviewers, **options.pop("problem", {}))
            start = time.process_time()
            found = solve(problem, **options)
            spent = time.process_time() - start
            figures = (found.total, found.worst, found.lowest_tenth)
            table.rows.append([f"{papers} × {reviewers}", aim, spent, *figures, _proof(found.certificate)])
        if papers * reviewers < LARGEST_FOR_ALL:
            start = time.process_time()
            total = _greedy(_problem(papers, reviewers))
            table.rows.append([f"{papers} × {reviewers}", "greedy", time.process_time() - start, total, "", "", ""])
    yield table
    yield _attack(QUICK_TRIALS if quick else TRIALS)


def _aims(papers: int, reviewers: int) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "total", {}
    yield "fair", {"aim": "fair"}
    yield "lottery, Q = 0.5", {"cap": 0.5, "seed": "2025"}
    if papers * reviewers <= LARGEST_FOR_ALL:
        yield "perturbed, Q = 0.5", {"cap": 0.5, "fading": 0.5, "seed": "2025"}
        yield "three rules", {"problem": {"ruled": True}}


def _proof(certificate: dict[str, Any]) -> str:
    if "gap" in certificate:
        return f"gap {certificate['gap']:.5f}"
    if "worst_is_proved" in certificate:
        return "worst proved" if certificate["worst_is_proved"] else "none"
    return "optimal" if certificate.get("optimal") else f"at most {certificate['greatest_probability']:.2f}"


def _problem(papers: int, reviewers: int, *, ruled: bool = False):
    import numpy as np

    from reviews.matching.assignment import Problem, Rules

    chance = np.random.default_rng(2025)
    scores = chance.beta(2, 4, (papers, reviewers)).astype(np.float32)
    scores[chance.random((papers, reviewers), np.float32) < CONFLICTS] = np.nan
    load = max(LOAD, -(-papers * DEMAND // reviewers) + 1)
    rules = Rules()
    if ruled:
        authors = {paper: frozenset(chance.integers(0, reviewers, 2).tolist()) for paper in range(papers)}
        for paper, writers in authors.items():
            scores[paper, list(writers)] = np.nan
        institutions = {reviewer: int(chance.integers(max(4, reviewers // 10))) for reviewer in range(reviewers)}
        rules = Rules(institutions, frozenset(np.flatnonzero(chance.random(reviewers) < 0.4).tolist()), authors)
    demands, most = np.full(papers, DEMAND), np.full(reviewers, load)
    return Problem(scores, demands, most, np.zeros(reviewers, np.int64), frozenset(), rules)


def _greedy(problem) -> float:
    """Best pairs first, as long as both have room."""
    import numpy as np

    wanted, room, total = problem.demands.tolist(), problem.most.tolist(), 0.0
    scores = np.nan_to_num(problem.scores, nan=-1.0)
    for place in np.argsort(-scores, axis=None):
        paper, reviewer = divmod(int(place), problem.reviewers)
        if wanted[paper] and room[reviewer] and scores[paper, reviewer] >= 0:
            wanted[paper] -= 1
            room[reviewer] -= 1
            total += float(scores[paper, reviewer])
    return total


def _attack(trials: int) -> Table:
    """One of fifty reviewers bids for one paper that is not theirs by expertise, and for nothing else."""
    table = Table(
        "How often one bid gets an attacker the paper", ["a bid", f"of {trials} trials"],
        note="100 papers, 50 reviewers, honest bids on the closest papers; the wanted paper is one of the attacker's "
        "lesser half.",
    )  # fmt: skip
    from reviews.matching.affinity import with_bid

    table.rows.append(["is an exponent (ours)", _won(trials, lambda score, bid: with_bid(score, bid))])
    table.rows.append(["is added", _won(trials, lambda score, bid: score + 0.5 * (bid or 0))])
    table.rows.append(["does not count", _won(trials, lambda score, bid: score)])
    return table


def _won(trials: int, bent: Callable[[float, int | None], float]) -> int:
    import numpy as np

    from reviews.matching.assignment import Problem, solve

    papers, reviewers, won = 100, 50, 0
    for trial in range(trials):
        chance = np.random.default_rng(trial)
        topics = chance.dirichlet(np.ones(8) * 0.4, papers) @ chance.dirichlet(np.ones(8) * 0.4, reviewers).T
        scores = np.clip(topics + 0.1 * chance.random((papers, reviewers)), 0.01, 1)
        bids: dict[tuple[int, int], int] = {}
        for reviewer in range(1, reviewers):
            closest = np.argsort(-scores[:, reviewer])[:12]
            bids |= {
                (int(paper), reviewer): int(level) for paper, level in zip(closest, [2] * 6 + [1] * 6, strict=True)
            }
        wanted = int(chance.choice(np.argsort(scores[:, 0])[: papers // 2]))
        bids[wanted, 0] = 2
        matrix = np.array([[bent(scores[p, r], bids.get((p, r))) for r in range(reviewers)] for p in range(papers)])
        load = np.full(reviewers, -(-papers * 3 // reviewers) + 1)
        found = solve(Problem(matrix, np.full(papers, 3), load, np.zeros(reviewers, np.int64)))
        won += (wanted, 0) in found.pairs
    return won
