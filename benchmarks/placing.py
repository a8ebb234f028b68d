"""Places for papers in a made-up programme: a third are talks that hang as posters too, presenters have several."""

import random
import time
from collections.abc import Iterator

from benchmarks.tables import Table

SIZES, QUICK_SIZES = ((60, 3, 1), (600, 12, 3)), ((12, 2, 1),)  # papers, oral sessions, of them at once
_TOPICS = 12


def measure(*, quick: bool) -> Iterator[Table]:
    from schedule.placing.explaining import explain
    from schedule.placing.solving import solve

    solve(_problem(6, 1, 1))  # loads the libraries
    columns = ["papers", "oral sessions", "at once", "works", "placed", "processor s", "gap"]
    table = Table("Placing", columns, note="The gap is the distance to a bound for the themes that were used.")
    for papers, sessions, parallel in QUICK_SIZES if quick else SIZES:
        problem = _problem(papers, sessions, parallel)
        start = time.process_time()
        found = solve(problem)
        explain(problem, found)
        spent = time.process_time() - start
        table.rows.append([papers, sessions, parallel, len(problem.works), len(found.at), spent, found.gap])
    yield table


def _problem(papers: int, sessions: int, parallel: int):
    from schedule.placing.problem import Place, Placing, Work

    chance = random.Random(2025)
    works = []
    for paper in range(papers):
        topic, other = chance.randrange(_TOPICS), chance.randrange(_TOPICS)
        words = [f"t{topic}w{chance.randrange(30)}" for _ in range(60)]
        words += [f"t{other}w{chance.randrange(30)}" for _ in range(15)]
        people = frozenset({chance.randrange(int(papers * 0.8))})
        for kind in ("orals", "posters") if paper % 3 == 0 else ("posters",):
            works.append(Work(frozenset({kind}), people, " ".join(words), paper))
    talks = sum("orals" in work.kinds for work in works)
    hours = [60.0 * (number // parallel) for number in range(sessions)]
    places = [Place("orals", start, start + 60, -(-talks // sessions) + 1) for start in hours]
    boards = -(-(len(works) - talks) // 3) + 2
    places += [Place("posters", 2000.0 + 90 * number, 2090.0 + 90 * number, boards) for number in range(3)]
    return Placing(tuple(places), tuple(works))
