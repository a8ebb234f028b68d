"""One run of pytest on one database, and what it came to."""

import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.suite.databases import Database

OPTIONS = ("--dist=loadgroup", "-p", "no:cacheprovider", "--durations=10", "--durations-min=2")


@dataclass
class Outcome:
    """What one run of pytest came to; seconds of a kind are summed over workers."""

    name: str
    passed: int = 0
    failed: list[str] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)
    seconds: float = 0
    code: int = 0
    tests_of: Counter[str] = field(default_factory=Counter)
    seconds_of: Counter[str] = field(default_factory=Counter)

    @property
    def ok(self) -> bool:
        """A run in which nothing failed and something ran; pytest's 5 says that nothing was chosen."""
        return not self.failed and self.code == 0

    @property
    def line(self) -> str:
        skipped = f", {self.skipped.total()} skipped" if self.skipped else ""
        return f"{self.name}: {self.passed} passed, {len(self.failed)} failed{skipped} in {self.seconds:.0f} s"


def run_pytest(database: Database, chosen: str, *, workers: int, scratch: Path, paths: tuple[str, ...] = ()) -> Outcome:
    """Run the tests that a marker expression chooses.

    Args:
        chosen: as pytest's -m takes it.
        scratch: where the result is written.
    """
    print(f"\nOn {database.name}: {chosen}", flush=True)
    result = scratch / f"{database.name}-{time.monotonic_ns()}.xml"
    command = [sys.executable, "-m", "pytest", f"-n{workers}", *OPTIONS, "-m", chosen, f"--junitxml={result}", *paths]
    start = time.monotonic()
    done = subprocess.run(command, env={**os.environ, **database.environment})
    outcome = Outcome(database.name, seconds=time.monotonic() - start, code=done.returncode)
    if result.exists():
        count(outcome, result)
    return outcome


def count(outcome: Outcome, result: Path) -> None:
    """Add what pytest wrote of each test to the outcome."""
    for case in ElementTree.parse(result).iter("testcase"):
        verdicts = {child.tag: child for child in case if child.tag in ("failure", "error", "skipped")}
        if "failure" in verdicts or "error" in verdicts:
            outcome.failed.append(f"{case.get('classname')}.{case.get('name')}")
        elif "skipped" in verdicts:
            outcome.skipped[verdicts["skipped"].get("message") or "no reason given"] += 1
        else:
            outcome.passed += 1
        kind = next((p.get("value") or "" for p in case.iter("property") if p.get("name") == "kind"), "others")
        outcome.tests_of[kind] += 1
        outcome.seconds_of[kind] += float(case.get("time", 0))
