"""The ledger of a proof: what a test tried, a line at a time, for the report that lists it.

Tests write without asking whether a proof runs: without `PROOF_LEDGER` nothing happens. The kinds and their facts:

    cell     row, actor, phase, channel, expected, met
    worlds   phase, actor, twist, requests, differing
    address  actor, phase, path, parameters, status, reason (why it was left out, else "")
    post     actor, phase, path, status
    hostile  file, verdict
"""

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

Fact = str | int | bool

KINDS = {
    "cell": ("row", "actor", "phase", "channel", "expected", "met"),
    "worlds": ("phase", "actor", "twist", "requests", "differing"),
    "address": ("actor", "phase", "path", "parameters", "status", "reason"),
    "post": ("actor", "phase", "path", "status"),
    "hostile": ("file", "verdict"),
}

_folder = os.environ.get("PROOF_LEDGER", "")
_files: dict[tuple[str, int], TextIO] = {}  # by folder and process: a forked one writes to a file of its own


def note(kind: str, **facts: Fact) -> None:
    """One thing that was tried: `note("hostile", file="bomb.pdf", verdict="refused")`."""
    if _folder:
        _write({"kind": kind, **facts})


def note_many(kind: str, columns: Iterable[str], rows: Iterable[Iterable[Fact]], **facts: Fact) -> None:
    """Many of one kind in one line: `facts` hold for all, a row has the values of `columns`.

    `note_many("cell", ("row", "expected", "met"), [("paper", True, True), …], actor=…, phase=…, channel="pages")`.
    """
    if _folder:
        _write({"kind": kind, **facts, "columns": list(columns), "rows": [list(row) for row in rows]})


def read(folder: Path) -> Iterator[dict[str, Fact]]:
    """Everything noted in a folder, each with its `kind` and the `test` that noted it; broken last lines are left out.

    A process that was killed may leave half a line. A test that ran again replaces what it noted before.
    """
    runs: dict[tuple[str, str], list[dict]] = {}
    for file in sorted(folder.glob("*.jsonl")):
        for line in whole_lines(file):
            runs.setdefault((line.get("test", ""), line.get("run", "")), []).append(line)
    newest = dict(sorted(runs))  # a run is named by when it began
    for (test, run), lines in runs.items():
        if newest[test] == run or not test:
            for line in lines:
                yield from _expanded(line)


def whole_lines(file: Path) -> Iterator[dict]:
    """The lines of a file that some process may have been killed while writing."""
    for line in file.read_text(errors="replace").splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def _write(line: dict[str, object]) -> None:
    key = (_folder, os.getpid())
    if key not in _files:
        folder = Path(_folder)
        folder.mkdir(parents=True, exist_ok=True)
        _files[key] = (folder / f"{os.getpid()}.jsonl").open("a", buffering=1)
    test = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
    run = os.environ.get("PROOF_RUN", "")
    _files[key].write(json.dumps({**line, "test": test, "run": run}, separators=(",", ":")) + "\n")


def _expanded(line: dict) -> Iterator[dict[str, Fact]]:
    columns, rows = line.pop("columns", None), line.pop("rows", None)
    line.pop("run", None)
    if columns is None:
        yield line
        return
    for row in rows:
        yield {**line, **dict(zip(columns, row, strict=True))}
