"""Plants one fault after the other, two at once, and keeps what was found after each: a run can be taken up again."""

import json
import queue
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.mutants.scratch import Copy, Verdict


@dataclass(frozen=True)
class Fault:
    """A file's text with a fault in it, and the tests to run."""

    key: str
    kind: str
    path: str
    text: str
    tests: tuple[str, ...]
    what: str = ""
    database: str = ""
    limit: float = 60


Found = dict[str, dict]
UNNOTICED = ("missed", "broken")


def plant(faults: Iterable[Fault], *, workers: int, kept: Path, resume: bool, missed: bool = False) -> Found:
    """What tests said of each fault, by key; `kept` holds what was found so far.

    With `resume` faults that are in it are not planted again, with `missed` only those that were noticed are not.
    """
    faults = list(faults)
    found = _so_far(kept, {fault.key for fault in faults}, missed=missed) if resume or missed else {}
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ml4rs-mutants-") as folder:
        copies: queue.Queue[Copy] = queue.Queue()
        for number in range(workers):
            copies.put(Copy(Path(folder) / str(number), number))

        def look(fault: Fault) -> tuple[Fault, Verdict]:
            copy = copies.get()
            try:
                return fault, _planted(copy, fault)
            finally:
                copies.put(copy)

        pool = ThreadPoolExecutor(workers)
        try:
            waiting = [pool.submit(look, fault) for fault in faults if fault.key not in found]
            for done in as_completed(waiting):
                fault, verdict = done.result()
                found[fault.key] = {"kind": fault.kind, "what": fault.what, **asdict(verdict)}
                kept.write_text(json.dumps(found, indent=1))
                print(f"{verdict.state:8} {verdict.seconds:5.0f} s  {fault.key}  {verdict.test}", flush=True)
        finally:
            pool.shutdown(cancel_futures=True)
        _take_back(found, copies.get())
    kept.write_text(json.dumps(found, indent=1))
    return found


def _so_far(kept: Path, keys: set[str], *, missed: bool) -> Found:
    rows: Found = json.loads(kept.read_text()) if kept.exists() else {}
    return {key: row for key, row in rows.items() if key in keys and not (missed and row["state"] in UNNOTICED)}


def _planted(copy: Copy, fault: Fault) -> Verdict:
    if not fault.tests:
        return Verdict("missed", note="no test touches it")
    with copy.planted(fault.path, fault.text):
        return copy.run(fault.tests, limit=fault.limit, database=fault.database)


def _take_back(found: Found, copy: Copy) -> None:
    """A test that fails without a fault, too, has noticed nothing."""
    noticed = {row["test"] for row in found.values() if row["state"] == "caught" and not row.get("sound")}
    failing = _failing_without(sorted(noticed), copy)
    for row in found.values():
        if row["state"] == "caught":
            row["sound"] = True
            if row["test"] in failing:
                row |= {"state": "broken", "sound": False, "note": "this test fails without the fault, too"}


def _failing_without(tests: list[str], copy: Copy) -> set[str]:
    """One run for all of them; one for each only where that fails."""
    if not tests or copy.run(tests, limit=1800).state == "missed":
        return set()
    return {test for test in tests if copy.run([test], limit=300).state != "missed"}


def timed(work: Callable[[], Found]) -> tuple[Found, float]:
    start = time.monotonic()
    return work(), time.monotonic() - start
