"""From a line to the tests that touch it, quickest and nearest first.

The map is made once (`python -m tests.mutants map`) and kept in var/mutants with the texts that it was made of, so
that lines which moved since are found again, and test files which changed since are run whole.
"""

import difflib
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from hashlib import sha256
from pathlib import Path

from coverage import CoverageData

from tests.mutants.scratch import OURS
from tests.mutants.targets import ROOT, targets
from tests.mutants.tracing import APPS, FOLDER

FOLDER_OF_MAP = ROOT / "var" / "mutants"
QUICK = "not browser and not services and not crawl and not once"
_MOST_SECONDS = 15.0
_MOST_TESTS = 150
_MOST_FILES = 12


def make(workers: int) -> int:
    """Run all quick tests of the apps once, watched. Whole-system tests touch everything, and take long for it."""
    shutil.rmtree(FOLDER_OF_MAP, ignore_errors=True)
    FOLDER_OF_MAP.mkdir(parents=True)
    # Compared with what changed since when the map is used, whenever that is.
    for path in targets():
        kept = FOLDER_OF_MAP / "texts" / path
        kept.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, kept)
    digests = {str(path.relative_to(ROOT)): _digest(path) for path in _test_files()}
    (FOLDER_OF_MAP / "digests.json").write_text(json.dumps(digests))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-m",
        QUICK,
        f"-n{workers}",
        "--dist=load",
        "-p",
        "tests.mutants.tracing",
    ]
    command += ["-p", "no:cacheprovider", "--create-db", *APPS]
    environment = {name: value for name, value in os.environ.items() if name not in OURS}
    code = subprocess.run(command, cwd=ROOT, env=environment | {FOLDER: str(FOLDER_OF_MAP)}).returncode
    data = CoverageData(str(FOLDER_OF_MAP / "lines"))
    for part in sorted(FOLDER_OF_MAP.glob(".coverage.*")):
        read = CoverageData(str(part))
        read.read()
        data.update(read)
        part.unlink()
    data.write()
    return code


def _test_files() -> list[Path]:
    return sorted(path for path in ROOT.glob("*/**/test_*.py") if not {".venv", "node_modules"} & set(path.parts))


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def is_made() -> bool:
    return (FOLDER_OF_MAP / "lines").exists()


def tests_of(path: str, line: int, function: str) -> tuple[str, ...]:
    """Arguments for pytest: by the map, or where none was made, by names."""
    return _map().tests(path, line) if is_made() else _by_name(path, function)


@cache
def _map() -> "Map":
    return Map()


def _by_name(path: str, function: str) -> tuple[str, ...]:
    """Test files of the same app that name the function or the module, those that name both and name it often first."""
    app = path.split("/")[: 1 + path.startswith("ml4rs/")]
    words = [word for word in function.split(".") if word != "module"]
    words += [word for word in Path(path).with_suffix("").parts[1:] if word not in ("actions", "__init__")]
    ranked: dict[str, float] = {}
    for file in _test_files():
        named = str(file.relative_to(ROOT))
        if named.startswith("/".join(app)) and "/tests/" in named:
            text = file.read_text() + file.stem
            counts = [len(re.findall(rf"(?<![a-zA-Z]){re.escape(word.strip('_'))}", text)) for word in words]
            ranked[named] = 10 * sum(map(bool, counts)) + min(9, sum(counts)) / 10
    best = sorted((name for name in ranked if ranked[name]), key=lambda name: (-ranked[name], name))
    return tuple(best[:_MOST_FILES])


class Map:
    """The map as `make` kept it."""

    def __init__(self) -> None:
        self._data = CoverageData(str(FOLDER_OF_MAP / "lines"))
        self._data.read()
        self._seconds: dict[str, float] = {}
        for part in FOLDER_OF_MAP.glob("seconds.*.json"):
            self._seconds |= json.loads(part.read_text())
        self._digests = json.loads((FOLDER_OF_MAP / "digests.json").read_text())
        self.tests = cache(self._tests)

    def _tests(self, path: str, line: int) -> tuple[str, ...]:
        """Arguments for pytest: tests that touch the line; of a line that only an import runs, of the module."""
        changed = self._changed(path)
        by_line = self._contexts(path)
        # Tests that failed without any fault have no seconds.
        touching = set(by_line.get(self._then(path, line), ())) & self._seconds.keys()
        touching = touching or {test for tests in by_line.values() for test in tests} & self._seconds.keys()
        kept: list[str] = []
        spent = 0.0
        near = path.partition("/")[0]
        for test in sorted(touching, key=lambda test: (not test.startswith(near), self._seconds.get(test, 0), test)):
            file = test.partition("::")[0]
            spent += self._seconds.get(test, 0)
            if spent > _MOST_SECONDS or len(kept) == _MOST_TESTS:
                break
            if file not in changed and (ROOT / file).exists():
                kept.append(test)
        return (*kept, *changed)

    def _contexts(self, path: str) -> dict[int, list[str]]:
        return self._data.contexts_by_lineno(str(ROOT / path))

    def _then(self, path: str, line: int) -> int:
        """Where a line of today stood when the map was made; of a new line, where the one before it stood."""
        kept = FOLDER_OF_MAP / "texts" / path
        then, now = (file.read_text().splitlines() if file.exists() else [] for file in (kept, ROOT / path))
        blocks = difflib.SequenceMatcher(None, then, now, autojunk=False).get_matching_blocks()
        found = 1
        for block in blocks:
            if block.size and block.b < line:
                found = block.a + min(line - block.b, block.size)
        return found

    def _changed(self, path: str) -> list[str]:
        """Test files of the same app that are new or different since the map was made."""
        app = ROOT / path.partition("/")[0]
        files = [file for file in _test_files() if file.is_relative_to(app)]
        named = {str(file.relative_to(ROOT)): file for file in files}
        return [name for name, file in named.items() if self._digests.get(name) != _digest(file)]
