"""Kinds of long work, announced by the apps that do it."""

from collections.abc import Callable
from typing import Protocol

from ml4rs.jobs.models import Job


class Cancelled(Exception):  # noqa: N818 - an outcome, not an error
    """Somebody asked the job to stop; raised by `progress` so that the runner unwinds."""


class JobError(Exception):
    """The work cannot be done, for a reason that its requester should read; `str()` is fit for their eyes."""


class Progress(Protocol):
    """What a runner calls now and then, each a write to the database: per cent done, and the step in words."""

    def __call__(self, per_cent: int, step: str) -> None:
        """Raises `Cancelled` when the job should stop."""


Runner = Callable[[Job, Progress], dict]


class JobKinds:
    """Runners by kind, each with a name for people."""

    def __init__(self) -> None:
        self._runners: dict[str, Runner] = {}
        self._labels: dict[str, str] = {}

    def register_kind(self, kind: str, label: str = "") -> Callable[[Runner], Runner]:
        """`label` is the heading of the progress page, such as "Check of a PDF"."""

        def keep(runner: Runner) -> Runner:
            self._runners[kind] = runner
            self._labels[kind] = label or kind.rpartition(".")[2].replace("_", " ").capitalize()
            return runner

        return keep

    def runner(self, kind: str) -> Runner:
        """Raises KeyError for a kind that no app announced."""
        return self._runners[kind]

    def label(self, kind: str) -> str:
        """The kind in words; a kind that is no longer announced is just work."""
        return self._labels.get(kind, "Work")


job_kinds = JobKinds()
