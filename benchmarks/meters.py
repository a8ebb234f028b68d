"""What one call costs: processor time of Python and of its PostgreSQL backend, queries, model objects built."""

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """Medians of several rounds. Milliseconds of processor time; `database` is None where it cannot be read."""

    queries: int
    objects: int
    python: float
    database: float | None

    @property
    def total(self) -> float:
        return self.python + (self.database or 0)


def cost_of(call: Callable[[], object], *, rounds: int) -> Cost:
    """`call` is made twice to warm up, once to count, then `rounds` times to measure."""
    call()
    call()
    queries, objects = _counted(call)
    backend = _backend()
    used = _used(backend)
    spans = []
    for _ in range(rounds):
        start = time.process_time()
        call()
        spans.append((time.process_time() - start) * 1000)
    database = (_used(backend) - used) * 1000 / rounds if backend else None
    return Cost(queries, objects, statistics.median(spans), database)


def _counted(call: Callable[[], object]) -> tuple[int, int]:
    from django.db import connection
    from django.db.models.signals import post_init
    from django.test.utils import CaptureQueriesContext

    built = 0

    def count(**kwargs) -> None:
        nonlocal built
        built += 1

    post_init.connect(count, weak=False, dispatch_uid="benchmarks")
    try:
        with CaptureQueriesContext(connection) as captured:
            call()
    finally:
        post_init.disconnect(dispatch_uid="benchmarks")
    return len(captured), built


def _backend() -> int | None:
    """The process that serves our connection, if it is PostgreSQL's and on this machine."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    return pid if Path(f"/proc/{pid}/stat").exists() else None


def _used(pid: int | None) -> float:
    """Seconds of processor time that a process has used; the kernel counts in hundredths."""
    if pid is None:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK
