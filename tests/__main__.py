"""`python -m tests`: everything that this machine can check, and at the end what ran on what and what did not.

With `--strict` or CI=true it is a failure that the browser's tests or the run on PostgreSQL had to be skipped.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable
LOCAL_POSTGRES = "postgres://postgres@127.0.0.1:5432/ml4rs"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

LINT = {
    "style": [str(BIN / "ruff"), "check", "--quiet", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
    "floors": [str(BIN / "lint-imports"), "--no-logo"],
    "templates": [str(BIN / "djlint"), "templates", "--lint", "--quiet"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "types": [str(BIN / "mypy")],
}


@dataclass
class Outcome:
    """What one run of pytest came to."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    seconds: float = 0
    code: int = 0

    @property
    def line(self) -> str:
        skipped = f", {sum(self.skipped.values())} skipped" if self.skipped else ""
        return f"{self.name}: {self.passed} passed, {self.failed} failed{skipped} in {self.seconds:.0f} s"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests", description=__doc__)
    parser.add_argument("--strict", action="store_true", default=os.environ.get("CI", "").lower() in ("1", "true"))
    parser.add_argument("--lint-only", action="store_true")
    parser.add_argument("--workers", default=str(max(2, min(os.cpu_count() or 2, 8))))
    options = parser.parse_args()
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory(prefix="ml4rs-suite-") as scratch:
        # A developer's own settings and data stay out of it, and `make run` may go on beside it.
        for name in ("DATABASE_URL", "REDIS_URL", "SITE_URL", "DEBUG", "EMAIL_URL", "MEDIA_ACCEL"):
            os.environ.pop(name, None)
        # Dozens of processes are started: each would compile all of Django anew.
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        os.environ["DATA_DIR"] = scratch
        complaints = [name for name, command in LINT.items() if not check(name, command)]
        if options.lint_only:
            return report([], complaints, [], strict=False)
        outcomes, missing = run_all(Path(scratch), options.workers)
    return report(outcomes, complaints, missing, strict=options.strict)


def check(name: str, command: list[str]) -> bool:
    done = subprocess.run(command, capture_output=True, text=True)
    print(f"{name:<12}{'ok' if done.returncode == 0 else 'FAILED'}", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0


def run_all(scratch: Path, workers: str) -> tuple[list[Outcome], list[str]]:
    """The suite on each database that is there. Browser and services bring their own, and the crawl takes minutes:

    once is enough for them. What uses no database has nothing to say about a second one.
    """
    missing = []
    chosen = ""
    if not any(map(shutil.which, BROWSERS)):
        missing.append(f"the browser's tests: none of {', '.join(BROWSERS)} is installed")
        chosen = "not browser"
    outcomes = [run_pytest("SQLite", scratch, workers, chosen, {})]
    url = os.environ.get("TEST_DATABASE_URL") or LOCAL_POSTGRES
    if reason := unreachable(url):
        missing.append(f"the run on PostgreSQL: {reason}")
    else:
        rest = "not browser and not services and not crawl and not once"
        outcomes.append(run_pytest("PostgreSQL", scratch, workers, rest, {"DATABASE_URL": url}, "--database-only"))
    return outcomes, missing


def unreachable(url: str) -> str:
    """Why there is no PostgreSQL at `url`, or nothing if there is. The database itself need not exist yet."""
    server = url.rpartition("/")[0] + "/postgres"
    try:
        psycopg.connect(server, connect_timeout=3).close()
    except psycopg.Error as error:
        where = server.rpartition("@")[2]
        return f"no server at {where} ({str(error).strip().splitlines()[-1]})"
    return ""


def run_pytest(
    name: str, scratch: Path, workers: str, chosen: str, environment: dict[str, str], *options: str
) -> Outcome:
    print(f"\nOn {name}", flush=True)
    result = scratch / f"{name}.xml"
    command = [
        PYTHON,
        "-m",
        "pytest",
        f"-n{workers}",
        "--dist=loadgroup",
        "-m",
        chosen,
        f"--junitxml={result}",
        *options,
    ]
    start = time.monotonic()
    done = subprocess.run(
        [*command, "--create-db", "-p", "no:cacheprovider", "--durations=10", "--durations-min=5"],
        env={**os.environ, **environment},
    )
    outcome = Outcome(name, seconds=time.monotonic() - start, code=done.returncode)
    if result.exists():
        count(outcome, result)
    return outcome


def count(outcome: Outcome, result: Path) -> None:
    for case in ElementTree.parse(result).iter("testcase"):
        verdicts = {child.tag: child for child in case if child.tag in ("failure", "error", "skipped")}
        if "failure" in verdicts or "error" in verdicts:
            outcome.failed += 1
        elif "skipped" in verdicts:
            reason = verdicts["skipped"].get("message") or "no reason given"
            outcome.skipped[reason] = outcome.skipped.get(reason, 0) + 1
        else:
            outcome.passed += 1


def report(outcomes: list[Outcome], complaints: list[str], missing: list[str], *, strict: bool) -> int:
    print("\nWhat ran")
    print(f"  lint: {', '.join(complaints) + ' FAILED' if complaints else 'clean'}")
    for outcome in outcomes:
        print(f"  {outcome.line}")
    skipped = [f"{count} × {reason}" for outcome in outcomes for reason, count in outcome.skipped.items()]
    for line in [*missing, *skipped] or ["nothing"]:
        print(f"  skipped: {line}")
    bad = bool(complaints) or any(outcome.code or outcome.failed for outcome in outcomes) or (strict and bool(missing))
    if strict and missing:
        print("  Nothing above may be skipped here (CI or --strict).")
    if outcomes:
        total = [sum(outcome.passed for outcome in outcomes), sum(outcome.failed for outcome in outcomes)]
        print(f"{total[0]} passed, {total[1]} failed, {sum(sum(o.skipped.values()) for o in outcomes)} skipped")
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
