"""`manage.py populate`: how long an edition takes to fill."""

import time
from collections.abc import Iterator

from benchmarks.tables import Table


def measure(*, quick: bool) -> Iterator[Table]:
    from django.db import transaction

    from benchmarks.setting import QUICK_SIZES, SIZES, edition_of
    from ml4rs.demo.population import Order, populate

    submissions, reviewers = (8, 4) if quick else (1000, 300)
    edition = edition_of((QUICK_SIZES if quick else SIZES)[0])
    begun, used = time.monotonic(), time.process_time()
    with transaction.atomic():
        populate(edition, Order(submissions, reviewers, seed=99))
        transaction.set_rollback(True)
    table = Table("Filling an edition", ["submissions", "reviewers", "processor s", "clock s"])
    table.rows.append([submissions, reviewers, time.process_time() - used, time.monotonic() - begun])
    yield table
