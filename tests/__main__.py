"""`python -m tests [test|quick|lint]`: the suite at the speed that is wanted, and at the end what ran and what did not.

quick: lint, types, and what needs neither browser nor services nor the crawl of all pages, on the main database.
test:  that, browser, services and crawl on the main database, and on the other one what differs between the two.
With `--strict` or CI=true it is a failure that the browser's tests or one of the databases had to be skipped.
`python -m tests.proof` runs everything there is.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.suite import lint
from tests.suite.databases import databases
from tests.suite.report import report
from tests.suite.running import Outcome, run_pytest

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# A developer's own settings and data stay out of it, and `make run` may go on beside it.
OF_DEVELOPERS = ("DATABASE_URL", "REDIS_URL", "SITE_URL", "DEBUG", "EMAIL_URL", "MEDIA_ACCEL")
BOTH = "both and not browser and not services and not proof"
QUICK = "not browser and not services and not crawl and not proof"


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("speed", nargs="?", choices=("test", "quick", "lint"), default="test")
    parser.add_argument("--strict", action="store_true", default=os.environ.get("CI", "").lower() in ("1", "true"))
    parser.add_argument("--workers", type=int, default=max(2, min(os.cpu_count() or 2, 8)))
    options = parser.parse_args()
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory(prefix="ml4rs-suite-") as scratch:
        apart_from_the_developer(scratch)
        complaints = lint.complaints()
        outcomes, missing = run(options.speed, options.workers, Path(scratch))
    return report(outcomes, complaints, missing, strict=options.strict and options.speed == "test")


def apart_from_the_developer(scratch: str) -> None:
    for name in OF_DEVELOPERS:
        os.environ.pop(name, None)
    # Dozens of processes are started: each would compile all of Django anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["DATA_DIR"] = scratch


def run(speed: str, workers: int, scratch: Path) -> tuple[list[Outcome], list[str]]:
    """What a speed runs, and what this machine could not."""
    if speed == "lint":
        return [], []
    main_database, other, missing_database = databases()
    if speed == "quick":
        return [run_pytest(main_database, QUICK, workers=workers, scratch=scratch)], []
    missing = [missing_database] if missing_database else []
    chosen = "not proof"
    if not any(map(shutil.which, BROWSERS)):
        missing.append(f"the browser's tests: none of {', '.join(BROWSERS)} is installed")
        chosen += " and not browser"
    outcomes = [run_pytest(main_database, chosen, workers=workers, scratch=scratch)]
    if other:
        outcomes.append(
            run_pytest(other, "both and not browser and not services and not proof", workers=workers, scratch=scratch)
        )
    return outcomes, missing


if __name__ == "__main__":
    sys.exit(main())
