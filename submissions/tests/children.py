"""The PDF check in a child with its limits, as in production, but born of a process that has the readers loaded.

What starting Python and loading the readers costs is then paid once, not for each of many files. Limits can be
lowered, for files that are there to use them up. How long a busy machine takes is no finding: only what the child
itself used counts.
"""

import io
import json
import multiprocessing
import os
import sys
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from pathlib import Path

from submissions.pdfcheck import CheckResult, Rules, __main__, inflating
from submissions.pdfcheck.child import result_of

WALL_SECONDS = 120
_READERS = ["submissions.pdfcheck.judging", "submissions.pdfcheck.copying", "submissions.tests.children"]


@dataclass(frozen=True)
class Limits:
    """Seconds of processor, and what a stream and a whole file may become. Unless lowered, production's."""

    cpu_seconds: int = __main__.CPU_SECONDS
    largest_stream: int = inflating.LARGEST_STREAM
    largest_total: int = inflating.LARGEST_TOTAL


def check(path: Path, rules: Rules, limits: Limits) -> CheckResult:
    """What `pdfcheck.check` answers under these limits."""
    order = json.dumps({"do": "check", "path": str(path), "rules": rules.as_dict()})
    said = path.with_suffix(".said")
    child = _context().Process(target=_live, args=(order, limits, said))
    said.touch()
    child.start()
    child.join(WALL_SECONDS)
    if child.exitcode is None:
        child.kill()
        child.join()
    return result_of(said.read_bytes(), child.exitcode or 0)


def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_READERS)
    return context


def _live(order: str, limits: Limits, said: Path) -> None:
    __main__.CPU_SECONDS = limits.cpu_seconds
    inflating.LARGEST_STREAM, inflating.LARGEST_TOTAL = limits.largest_stream, limits.largest_total
    with said.open("w") as sys.stdout, Path(os.devnull).open("w") as sys.stderr:
        sys.stdin = io.StringIO(order)
        __main__.main()
        sys.stdout.flush()
        os._exit(0)
