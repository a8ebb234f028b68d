"""A plugin of pytest: writes how each test ended as soon as it ends, and leaves out those that had ended well before.

So an interrupted part goes on where it stopped. The file of those to leave out is written before the run begins: all
of its processes must choose the same.
"""

import json
import os
from pathlib import Path

import pytest

_SHOWN = 4000  # characters of a failure's text; its end tells most


class Recorder:
    def __init__(self, path: Path) -> None:
        self.file = path.open("a", buffering=1)
        self.running: dict[str, dict] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        kept = self.running.setdefault(report.nodeid, {"test": report.nodeid, "outcome": "passed", "seconds": 0.0})
        kept["seconds"] = round(kept["seconds"] + getattr(report, "duration", 0), 3)
        if report.failed:
            kept |= {"outcome": "failed", "text": report.longreprtext[-_SHOWN:]}
        elif report.skipped and kept["outcome"] == "passed":
            kept |= {"outcome": "skipped", "text": _reason(report)}
        if report.when not in ("setup", "call"):  # torn down, or its process crashed
            self._write(self.running.pop(report.nodeid))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            text = report.longreprtext[-_SHOWN:]
            self._write({"test": report.nodeid, "outcome": "failed", "seconds": 0.0, "text": text})

    def _write(self, line: dict) -> None:
        self.file.write(json.dumps(line) + "\n")


def _reason(report: pytest.TestReport) -> str:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
    return str(reason).removeprefix("Skipped: ")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(Path(os.environ["PROOF_RECORD"])))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    done = set(Path(os.environ["PROOF_DONE"]).read_text().splitlines())
    left_out = [item for item in items if not done.isdisjoint(_names(item))]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if done.isdisjoint(_names(item))]


def _names(item: pytest.Item) -> set[str]:
    """A test that belongs to a group of xdist's is reported with the group's name behind its own."""
    group = item.get_closest_marker("xdist_group")
    name = (group.kwargs.get("name") or (group.args[0] if group.args else "")) if group else ""
    return {item.nodeid, f"{item.nodeid}@{name}"}
