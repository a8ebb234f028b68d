"""The launcher: one command, several processes, none left over however it ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.services

ROOT = Path(__file__).resolve().parent.parent
# Two programs that note their process ids, one with a child of its own, as gunicorn has workers.
SCRIPT = """
import signal, sys
from ml4rs.jobs.launcher import Launcher, Program
note = "import os, sys, time; open(sys.argv[1], 'a').write(f'{{os.getpid()}}\\\\n'); "
sleeper = note + "time.sleep(600)"
parent = note + (
    "import subprocess; child = subprocess.Popen([sys.executable, '-c', sys.argv[2], sys.argv[1]]); "
    "import signal; signal.signal(signal.SIGTERM, lambda *a: (child.kill(), sys.exit(0))); time.sleep(600)"
)
stubborn = note + "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
folder = {folder!r}
Launcher(
    [
        Program("plain", [sys.executable, "-c", sleeper, folder + "/plain"]),
        Program("stubborn", [sys.executable, "-c", stubborn, folder + "/stubborn"]),
        Program("parent", [sys.executable, "-c", parent, folder + "/parent", sleeper], death_signal=signal.SIGTERM),
    ],
    patience=0.5,
).run()
"""


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def until(condition: Callable[[], object], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


class Running:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT.format(folder=str(folder))],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings", "DATA_DIR": str(folder)},
        )

    def pids(self, name: str) -> list[int]:
        file = self.folder / name
        return [int(line) for line in file.read_text().split()] if file.exists() else []

    def all(self) -> list[int]:
        return [pid for name in ("plain", "stubborn", "parent") for pid in self.pids(name)]

    def none_alive(self) -> bool:
        return not any(alive(pid) for pid in self.all())


@pytest.fixture
def running(tmp_path) -> Iterator[Running]:
    running = Running(tmp_path)
    assert until(lambda: len(running.all()) == 4), "all programs and the grandchild start"
    yield running
    for pid in [running.process.pid, *running.all()]:
        if alive(pid):
            os.kill(pid, signal.SIGKILL)
    running.process.wait()
    running.process.stdout.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_told_to_stop_it_ends_everything_even_the_stubborn(running, number):
    running.process.send_signal(number)
    running.process.wait(timeout=20)
    assert running.process.returncode == 0
    assert running.none_alive()


def test_killed_hard_it_leaves_no_orphans(running):
    running.process.kill()
    assert until(running.none_alive)


def test_a_program_that_dies_is_started_again(running):
    (first,) = running.pids("plain")
    os.kill(first, signal.SIGKILL)
    assert until(lambda: len(running.pids("plain")) == 2)
    assert alive(running.pids("plain")[1])
    assert alive(running.process.pid)


def test_what_a_dead_program_had_started_goes_with_it(running):
    parent, child = running.pids("parent")
    os.kill(parent, signal.SIGKILL)
    assert until(lambda: not alive(child))
    assert until(lambda: len(running.pids("parent")) == 4), "both come back"


def test_a_second_signal_cuts_the_waiting_short(tmp_path):
    script = SCRIPT.replace("patience=0.5", "patience=600").format(folder=str(tmp_path))
    process = subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.DEVNULL)
    stubborn = tmp_path / "stubborn"
    try:
        assert until(lambda: stubborn.exists() and stubborn.read_text().strip())
        time.sleep(0.3)
        process.terminate()
        assert until(lambda: not (tmp_path / "plain").exists() or not alive(int((tmp_path / "plain").read_text())))
        process.terminate()
        process.wait(timeout=20)
    finally:
        process.kill()
        process.wait()
    assert not alive(int(stubborn.read_text()))
