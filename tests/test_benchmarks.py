"""The benchmarks run and give their rows. What the figures are is nobody's to assert."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.__main__ import NAMES

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.services
def test_every_benchmark_runs_on_an_empty_machine(tmp_path):
    """But those that start workers and servers: the outbox's are met in test_outbox_killed.py, the deadline's in

    test_journey.py.
    """
    names = [name for name in NAMES if name not in ("outbox", "deadline")]
    nowhere = {"TEST_DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *names, "--quick", "--folder", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, **nowhere},
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert figures["about"]["database"] == "SQLite"
    titles = [table["title"].split(" ")[0] for table in figures["tables"]]
    assert titles == [
        "Pages",
        "Pages",
        "Assignment",
        "How",
        "Placing",
        "Ranking",
        "PDF",
        "Filling",
    ]
    for table in figures["tables"]:
        assert table["rows"], table["title"]
        assert all(len(row) == len(table["columns"]) for row in table["rows"]), table["title"]


def test_an_unknown_benchmark_is_refused_in_words():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "weather"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 2
    assert "There is no benchmark weather" in done.stderr
