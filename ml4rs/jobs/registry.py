"""Kinds of long work, announced by the apps that do it."""

from collections.abc import Callable
from typing import Protocol

from ml4rs.jobs.models import Job


class Cancelled(Exception):  # noqa: N818 - an outcome, not an error
    """Somebody asked the job to stop; raised by `progress` so that the runner unwinds."""


class Progress(Protocol):
    """What a runner calls now and then: per cent done and the present step in words."""

    def __call__(self, per_cent: int, step: str) -> None:
        """Raises `Cancelled` when the job should stop."""


Runner = Callable[[Job, Progress], dict]


class JobKinds:
    """Runners by kind."""

    def __init__(self) -> None:
        self._runners: dict[str, Runner] = {}

    def register_kind(self, kind: str) -> Callable[[Runner], Runner]:
        def keep(runner: Runner) -> Runner:
            self._runners[kind] = runner
            return runner

        return keep

    def runner(self, kind: str) -> Runner:
        """Raises KeyError for a kind that no app announced."""
        return self._runners[kind]


job_kinds = JobKinds()
