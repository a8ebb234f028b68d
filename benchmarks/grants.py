"""The ranking of made-up applications for travel support, who is safely in or out, and ways to share the money."""

import random
import time
from collections.abc import Iterator

from benchmarks.tables import Table

SIZES, QUICK_SIZES = (50, 500, 2000), (20,)
_OFFICERS, _EACH = 8, 3


def measure(*, quick: bool) -> Iterator[Table]:
    from travel.policies import compared
    from travel.ranking import Weights, ranked, standing

    columns = ["applications", "ranking, processor s", "sensitivity, processor s", "four ways to share, processor s"]
    table = Table("Ranking of applications", columns)
    for number in QUICK_SIZES if quick else SIZES:
        some = _candidates(number)
        start = time.process_time()
        order = ranked(some, Weights(), "seed")
        middle = time.process_time()
        standing(some, Weights(), "seed", number * 30_000)
        late = time.process_time()
        compared(order, number * 30_000)
        table.rows.append([number, middle - start, late - middle, time.process_time() - late])
    yield table


def _candidates(number: int):
    from travel.ranking import Candidate, Marks

    chance = random.Random(2025)
    return [
        Candidate(
            str(place),
            chance.randrange(3),
            chance.choice(("", "oral", "spotlight", "poster")),
            chance.randrange(6),
            tuple(
                Marks(str(officer), chance.randint(1, 5), chance.randint(1, 5))
                for officer in chance.sample(range(_OFFICERS), _EACH)
            ),
            chance.randint(10_000, 150_000),
        )
        for place in range(number)
    ]
