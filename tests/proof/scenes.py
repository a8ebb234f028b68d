"""Scenes for the proof's own tests: a moment, a state of the code, a result."""

from datetime import UTC, datetime

from tests.proof.results import Source, stamp

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
SOURCE = Source("1.0.0", "0123456789abcdef", "")


def a_result(part: str, **changed) -> dict:
    number = {"key": "tests", "label": "Tests", "words": "2 passed", "columns": ["File"], "rows": [["test_a.py"]],
              "count": 1, "file": "", "bad": 0, "note": ""}  # fmt: skip
    return {
        "part": part, "title": part.title(), **stamp(SOURCE), "machine": {"cores": "2", "Python": "3.11"},
        "begun": NOW.isoformat(), "seconds": 61.0, "state": "passed", "finished": True, "left_out": [],
        "numbers": [number], "failures": [],
    } | changed  # fmt: skip
