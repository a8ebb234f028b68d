"""Running a part: step by step, within its time, going on where an interrupted run of the same source stopped.

What a run has so far is in var/proof/work/<part>/; the result is beside it once every step has ended.
"""

import os
import platform
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.__main__ import OF_DEVELOPERS
from tests.proof import ledger, numbers
from tests.proof.parts import MINUTES, ROOT, Command, Part, Selection
from tests.proof.results import Source, load, save, stamp, utc_now
from tests.suite.databases import Database, databases
from tests.suite.running import OPTIONS

# A developer's settings stay out of it; those of the tests come from pyproject.toml.
NOT_PASSED_ON = (*OF_DEVELOPERS, "DJANGO_SETTINGS_MODULE")
INTERRUPTED, NOTHING_CHOSEN = 2, 5  # exit codes of pytest
GRACE = 60  # seconds that a stopped program has to tidy up


@dataclass
class Run:
    """One run of a part: `ended` has the exit code of each step that came to its end."""

    part: Part
    source: Source
    folder: Path
    begun: str
    seconds: float = 0
    ended: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def work(self) -> Path:
        return work_of(self.folder, self.part.name)

    @property
    def finished(self) -> bool:
        return all(step.name in self.ended or step.name in self.left_out for step in self.part.steps)

    def keep(self) -> None:
        kept = {"begun": self.begun, "seconds": self.seconds, "ended": self.ended, "left_out": self.left_out}
        save(self.work / "run.json", stamp(self.source) | kept)


def work_of(folder: Path, part: str) -> Path:
    return folder / "work" / part


def run(part: Part, source: Source, folder: Path, *, again: bool = False, minutes: float = MINUTES) -> dict:
    """Run what is left of a part, and keep its result.

    Returns:
        The result; its `finished` is false if time or somebody's patience ended first.
    """
    if again:
        shutil.rmtree(work_of(folder, part.name), ignore_errors=True)
    one = _begin_or_go_on(part, source, folder)
    until = time.monotonic() + minutes * 60
    start, before = time.monotonic(), one.seconds
    try:
        for step in part.steps:
            if step.name in one.ended or time.monotonic() >= until:
                continue
            _take(step, one, until)
            one.seconds = before + time.monotonic() - start
            one.keep()
    finally:
        one.seconds = before + time.monotonic() - start
        one.keep()
        result = result_of(one)
        save(folder / f"{part.name}.json" if one.finished else one.work / "result.json", result)
    if one.finished:
        shutil.rmtree(one.work)
    return result


def _begin_or_go_on(part: Part, source: Source, folder: Path) -> Run:
    work = work_of(folder, part.name)
    kept = load(work / "run.json")
    if kept and all(kept[name] == value for name, value in stamp(source).items()):
        return Run(part, source, folder, kept["begun"], kept["seconds"], kept["ended"])
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    one = Run(part, source, folder, utc_now().isoformat(timespec="seconds"))
    one.keep()
    return one


def _take(step: Selection | Command, one: Run, until: float) -> None:
    going_on = (one.work / f"{step.name}.log").exists()
    environment: dict[str, str] = {}
    if isinstance(step, Command):
        command = [sys.executable, "-m", step.module, *step.arguments, *(step.going_on if going_on else ())]
        if step.figures:
            (ROOT / step.figures).unlink(missing_ok=True)  # those of an earlier run say nothing about this one
    else:
        database, reason = _database_for(step)
        if database is None:
            one.left_out[step.name] = reason
            return
        command, environment = _pytest(step, one.work), database.environment
    print(f"\n{one.part.name}: {' '.join(command[1:])}", flush=True)
    with tempfile.TemporaryDirectory(prefix="ml4rs-proof-") as scratch:
        kept = {name: value for name, value in os.environ.items() if name not in NOT_PASSED_ON}
        told = kept | environment | _told(one, step) | {"DATA_DIR": scratch}
        code = _follow(command, told, one.work / f"{step.name}.log", until)
    if code is not None and not (isinstance(step, Selection) and code == INTERRUPTED and not _broke(one.work, step)):
        one.ended[step.name] = code


def _database_for(step: Selection) -> tuple[Database | None, str]:
    main, other, reason = databases()
    return (main, "") if step.database == "main" else (other, f"There is no other database here: {reason}")


def _pytest(step: Selection, work: Path) -> list[str]:
    done = [test["test"] for test in outcomes(work, step.name) if test["outcome"] != "failed"]
    (work / f"{step.name}.done").write_text("\n".join(done))
    workers = max(2, min(os.cpu_count() or 2, 8))
    chosen = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob(step.only)) if step.only else []
    if step.only and not chosen:
        chosen = [step.only]  # which pytest refuses: without a path it would run everything
    ignored = [f"--ignore-glob={ROOT / step.without}"] if step.without else []
    return [
        sys.executable, "-m", "pytest", f"-n{workers}", *OPTIONS, "-p", "tests.proof.recording", "-m", step.markers,
        *ignored, *step.options, *chosen,
    ]  # fmt: skip


def _told(one: Run, step: Selection | Command) -> dict[str, str]:
    return {
        "PROOF_LEDGER": str(one.work / "ledger"),
        "PROOF_RUN": utc_now().isoformat(),
        "PROOF_RECORD": str(one.work / f"{step.name}.jsonl"),
        "PROOF_DONE": str(one.work / f"{step.name}.done"),
        "PYTHONUNBUFFERED": "1",
    }


def _follow(command: list[str], environment: dict[str, str], log: Path, until: float) -> int | None:
    """Run it, show and keep what it says. Nothing is returned if its time was up first."""
    with log.open("a") as writing, log.open() as reading:
        reading.seek(0, os.SEEK_END)
        # A session of its own, so that whatever it started ends with it.
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=writing, stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
        try:
            while process.poll() is None and time.monotonic() < until:
                print(reading.read(), end="", flush=True)
                time.sleep(0.2)
            return process.poll()
        finally:
            _end(process)
            print(reading.read(), end="", flush=True)


def _end(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            print("It does not stop by itself and is ended.", flush=True)
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        process.wait()


def outcomes(work: Path, step: str) -> list[dict]:
    """How each test ended last, from lines that a killed process may have left unfinished."""
    file = work / f"{step}.jsonl"
    if not file.exists():
        return []
    latest = {}
    for line in ledger.whole_lines(file):
        latest[line["test"]] = line
    return list(latest.values())


def _broke(work: Path, step: Selection) -> bool:
    """Whether files of tests could not even be read: pytest gives that the code of an interruption."""
    return any("::" not in test["test"] for test in outcomes(work, step.name))


def result_of(one: Run) -> dict:
    """What the run came to, as it is kept. The lists of a stopped run do not replace those of the last whole one."""
    tests = [test | {"step": step.name} for step in one.part.steps for test in outcomes(one.work, step.name)]
    place = one.folder if one.finished else one.work
    found = _numbers(one, tests, place)
    for number in found:
        number["file"] = number["file"] and str((place / number["file"]).relative_to(one.folder))
    return {
        "part": one.part.name,
        "title": one.part.title,
        **stamp(one.source),
        "machine": _machine(),
        "begun": one.begun,
        "seconds": round(one.seconds, 1),
        "state": _state(one, tests),
        "finished": one.finished,
        "left_out": list(one.left_out.values()),
        "numbers": found,
        "failures": _failures(one, tests),
    }


def _numbers(one: Run, tests: list[dict], place: Path) -> list[dict]:
    name = one.part.name
    with_tests = any(isinstance(step, Selection) for step in one.part.steps)
    found = numbers.of_tests(tests, place, name) if with_tests else []
    found += numbers.of_ledger(one.part.kinds, lambda: ledger.read(one.work / "ledger"), place, name)
    for step in one.part.steps:
        if isinstance(step, Command) and step.figures and step.name in one.ended:
            found += numbers.of_figures(load(ROOT / step.figures) or {}, place, name)
    return found


def _state(one: Run, tests: list[dict]) -> str:
    count = Counter(test["outcome"] for test in tests)
    programs = [
        code for step in one.part.steps if isinstance(step, Command) and (code := one.ended.get(step.name)) is not None
    ]
    if count["failed"] or any(code not in (0, NOTHING_CHOSEN) for code in one.ended.values()):
        return "failed"
    if not one.finished:
        return "partial"
    return "passed" if count["passed"] or programs else "nothing"


def _failures(one: Run, tests: list[dict]) -> list[dict]:
    failed = [{"what": test["test"], "text": test["text"]} for test in tests if test["outcome"] == "failed"]
    for step in one.part.steps:
        code = one.ended.get(step.name, 0)
        if code not in (0, NOTHING_CHOSEN) and (isinstance(step, Command) or not failed):
            said = (one.work / f"{step.name}.log").read_text(errors="replace")[-4000:]
            failed.append({"what": f"{step.name} ended with {code}", "text": said})
    return failed


def _machine() -> dict[str, str]:
    main, other, _ = databases()
    versions = {"SQLite": sqlite3.sqlite_version}
    for database in (main, other):
        if database and (url := database.environment.get("DATABASE_URL")):
            with psycopg.connect(url.rpartition("/")[0] + "/postgres") as connection:
                versions[database.name] = str(connection.execute("SHOW server_version").fetchone()[0]).split()[0]
    return {"cores": str(os.cpu_count()), "Python": platform.python_version(), **versions}
