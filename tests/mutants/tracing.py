"""A plugin of pytest's: which test touches which line of ours, and how long it takes.

It writes `<folder>/.coverage.*` and `<folder>/seconds.*.json`; `mapping` reads them.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest

FOLDER = "MUTANTS_MAP"
APPS = ("ml4rs", "submissions", "reviews", "schedule", "travel")


class Tracing:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        sources = [f"{app}/*" for app in APPS]
        self.coverage = coverage.Coverage(
            data_file=str(folder / ".coverage"), data_suffix=str(os.getpid()), include=sources,
            omit=["*/tests/*", "*/migrations/*"], config_file=False,
        )  # fmt: skip
        self.coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.coverage.switch_context(item.nodeid)
        try:
            return (yield)
        finally:
            self.coverage.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] = round(self.seconds.get(report.nodeid, 0) + report.duration, 3)
        if report.failed:
            self.failed.add(report.nodeid)

    def pytest_unconfigure(self) -> None:
        self.coverage.stop()
        self.coverage.save()
        passed = {test: seconds for test, seconds in self.seconds.items() if test not in self.failed}
        (self.folder / f"seconds.{os.getpid()}.json").write_text(json.dumps(passed))


def pytest_configure(config: pytest.Config) -> None:
    """In each worker of pytest-xdist, or where there are none, in the one process."""
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None):
        config.pluginmanager.register(Tracing(Path(os.environ[FOLDER])))
