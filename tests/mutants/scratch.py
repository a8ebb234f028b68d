"""A copy of the tree in which faults are planted, and tests run in it."""

import compileall
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.targets import ROOT

_LINKED = (".venv", "node_modules")
# What a developer, or what this process has imported, would tell the tests.
OURS = frozenset(
    {"DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "DEBUG", "SITE_URL", "EMAIL_URL", "MEDIA_ACCEL"}
)
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+\.py(?:::.+?)?)(?: - .*)?$", re.MULTILINE)
POSTGRES = "postgres://postgres@127.0.0.1:5432"


@dataclass(frozen=True)
class Verdict:
    """What tests said: `caught` (by `test`), `missed`, `timeout`, or `broken` where the code did not even load or

    nothing ran.
    """

    state: str
    test: str = ""
    seconds: float = 0
    note: str = ""


class Copy:
    """The tracked files of the tree in a folder of their own."""

    def __init__(self, folder: Path, number: int) -> None:
        self.folder, self.number = folder, number
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
        for name in filter(None, names):
            source, target = ROOT / name, folder / name
            if source.is_file() and name not in _LINKED:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, target)
        for name in _LINKED:
            (folder / name).symlink_to((ROOT / name).resolve())
        # The migrated database that the suite keeps: no fault is planted in a migration.
        (ROOT / "var" / "suite").mkdir(parents=True, exist_ok=True)
        (folder / "var").mkdir()
        (folder / "var" / "suite").symlink_to(ROOT / "var" / "suite")
        # Nothing is compiled later on: what was compiled from a fault could outlive it.
        compileall.compile_dir(folder, maxlevels=8, quiet=2, rx=re.compile(r"/(?:\.venv|node_modules)/"))

    @contextmanager
    def planted(self, path: str, text: str) -> Iterator[None]:
        """The file at `path` reads `text`, for a while."""
        file = self.folder / path
        kept = file.read_bytes()
        _forget_compiled(file)
        file.write_text(text)
        try:
            yield
        finally:
            file.write_bytes(kept)
            _forget_compiled(file)

    def run(self, chosen: Sequence[str], *, limit: float, database: str = "", first_only: bool = True) -> Verdict:
        """Run these tests (arguments of pytest), for `limit` seconds at most."""
        options = [
            "-q",
            "--tb=line",
            "--show-capture=no",
            "-rfE",
            "-p",
            "no:cacheprovider",
            "--assert=plain",
            "--create-db",
        ]
        if first_only:
            options.append("-x")
        start = time.monotonic()
        # A session of its own, so that whatever a test started ends with it.
        process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *options, *chosen],
            cwd=self.folder, env=self._environment(database), stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, start_new_session=True,
        )  # fmt: skip
        try:
            said, _ = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return Verdict("timeout", seconds=time.monotonic() - start, note=f"not done after {limit:.0f} s")
        return _verdict(process.returncode, said, time.monotonic() - start)

    def _environment(self, database: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in OURS}
        if database == "postgresql":
            kept["DATABASE_URL"] = f"{POSTGRES}/ml4rs_mutants_{self.number}"
        return kept | {"PYTHONDONTWRITEBYTECODE": "1", "DATA_DIR": str(self.folder / "var")}


def _forget_compiled(file: Path) -> None:
    for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
        compiled.unlink()


def _verdict(code: int, said: str, seconds: float) -> Verdict:
    failed = [re.sub(r"@\w+$", "", name) for name in _FAILED.findall(said)]
    if code == 1 and failed:
        return Verdict("caught", failed[0], seconds, _reason(said))
    if code == 0:
        return Verdict("missed", seconds=seconds)
    return Verdict("broken", seconds=seconds, note=said.strip()[-600:])


def _reason(said: str) -> str:
    """Where and with what the first test failed, as `--tb=line` tells it."""
    found = re.search(r"^\S+:\d+: .*$", said, re.MULTILINE)
    return found[0][-300:] if found else ""
