"""Runs several programs as one: starts them, restarts one that dies, and never leaves any behind."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STEADY_SECONDS = 10.0  # who lives this long did not fail at the start
LONGEST_PAUSE = 30.0
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def end_with_parent(death_signal: signal.Signals = signal.SIGTERM) -> None:
    """Have the kernel send this process `death_signal` when the process that started it ends."""
    _libc.prctl(_PR_SET_PDEATHSIG, int(death_signal))


@dataclass
class Program:
    """One of the programs to keep running, and what happened to it so far."""

    name: str
    command: Sequence[str]
    # What the kernel sends when the launcher is killed hard. A program with children of its own needs one that
    # it can pass on (SIGTERM); one that may be busy for long needs one that it cannot put off (SIGKILL).
    death_signal: signal.Signals = signal.SIGKILL
    process: subprocess.Popen | None = field(default=None, repr=False)
    pause: float = 1.0
    started_at: float = 0.0
    due_at: float = 0.0

    def start(self) -> None:
        """Start it in a process group of its own, tied to the life of the calling thread."""
        launcher = os.getpid()

        def tie() -> None:
            end_with_parent(self.death_signal)
            if os.getppid() != launcher:  # the launcher died before the knot was tied
                os._exit(1)

        self.started_at = time.monotonic()
        self.process = subprocess.Popen(self.command, start_new_session=True, preexec_fn=tie)  # noqa: S603 (our own)

    def signal_group(self, number: signal.Signals) -> None:
        """Reaches the program and every process that it started; none left is fine."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


class Launcher:
    """Keeps programs running until it is told to stop.

    Ctrl-C, SIGTERM and SIGHUP stop all of them, politely first, for at most `patience` seconds. If the launcher
    itself is killed hard, the kernel ends them: the death signal hangs on the thread that forked, so `run` must
    be called from the main thread. A program that dies is started again, after a pause that doubles each time.
    """

    def __init__(
        self,
        programs: Sequence[Program],
        *,
        say: Callable[[str], object] = print,
        each_round: Callable[[], object] = lambda: None,
        patience: float = 10.0,
    ) -> None:
        self.programs = programs
        self.say = say
        self.each_round = each_round
        self.patience = patience
        self.told_to_stop = 0

    def run(self) -> None:
        with self._listening():
            try:
                for program in self.programs:
                    program.start()
                while not self.told_to_stop:
                    self._revive()
                    self.each_round()
                    time.sleep(0.2)
            finally:
                self._stop()

    @contextmanager
    def _listening(self) -> Iterator[None]:
        def note(number: int, frame: FrameType | None) -> None:
            self.told_to_stop += 1

        before = {number: signal.signal(number, note) for number in STOPPING}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _revive(self) -> None:
        now = time.monotonic()
        for program in self.programs:
            if program.alive:
                continue
            if program.process is not None:
                self._bury(program, now)
            if now >= program.due_at and not self.told_to_stop:
                program.start()

    def _bury(self, program: Program, now: float) -> None:
        steady = now - program.started_at >= STEADY_SECONDS
        program.pause = 1.0 if steady else min(program.pause * 2, LONGEST_PAUSE)
        program.due_at = now + program.pause
        code = program.process.returncode if program.process else None
        program.signal_group(signal.SIGKILL)  # what it started itself must not outlive it
        program.process = None
        self.say(f"{program.name} ended with code {code}; starting it again in {program.pause:.0f} s.")

    def _stop(self) -> None:
        """Ask, wait, insist. A second Ctrl-C cuts the waiting short."""
        asked = self.told_to_stop
        for program in self.programs:
            if program.alive and program.process is not None:
                program.process.terminate()
        end = time.monotonic() + self.patience
        while any(program.alive for program in self.programs) and time.monotonic() < end:
            if self.told_to_stop > asked:
                break
            time.sleep(0.05)
        for program in self.programs:
            program.signal_group(signal.SIGKILL)
            if program.process is not None:
                program.process.wait()
