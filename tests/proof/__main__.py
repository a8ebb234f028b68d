"""`python -m tests.proof [PART …]`: try everything there is, in parts, and write what came of it to var/proof/.

Without a part, those run that have no result for this state of the code, but for those that take long and run only
when they are named. A part takes 60 minutes at most; it goes on where it was stopped.
"""

import argparse
import os
import signal
import sys
from pathlib import Path

from tests.proof import report
from tests.proof.parts import BY_NAME, MINUTES, PARTS, ROOT, Part
from tests.proof.results import Source, days, load, source_of, standing, utc_now
from tests.proof.running import run

FOLDER = ROOT / "var" / "proof"


def main(arguments: list[str] | None = None, folder: Path = FOLDER) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.proof", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"which of {', '.join(BY_NAME)}")
    parser.add_argument("--again", action="store_true", help="run also what has a result for this state of the code")
    parser.add_argument(
        "--minutes", type=float, default=MINUTES, help="how long a part may take; %(default)s by default"
    )
    parser.add_argument("--report-only", action="store_true", help="run nothing, only write the report")
    options = parser.parse_args(arguments)
    if unknown := set(options.parts) - set(BY_NAME):
        parser.error(f"There is no part {', '.join(sorted(unknown))}; there are {', '.join(BY_NAME)}.")
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # whoever ends it ends what it started
    source = Source.now()
    chosen = [] if options.report_only else [BY_NAME[name] for name in options.parts] or _not_alone()
    good = True
    try:
        for part in chosen:
            good &= _run(part, source, folder, again=options.again, minutes=options.minutes)
            report.write(folder, source, utc_now())
    except KeyboardInterrupt:
        print("\nStopped; the same command goes on here.", flush=True)
        good = False
    index = report.write(folder, source, utc_now())
    _say(folder, source)
    print(f"The report is {index}.", flush=True)
    return int(not good)


def _not_alone() -> list[Part]:
    return [part for part in PARTS if not part.alone]


def _run(part: Part, source: Source, folder: Path, *, again: bool, minutes: float) -> bool:
    """Whether the part came to its end and nothing failed."""
    kept = load(folder / f"{part.name}.json")
    if again or not kept or source_of(kept) != source:
        kept = run(part, source, folder, again=again, minutes=minutes)
    return kept["finished"] and kept["state"] in ("passed", "nothing")


def _say(folder: Path, source: Source) -> None:
    print("\nWhat was tried")
    now = utc_now()
    for part in PARTS:
        result = report.result_of(part, folder)
        age = f", {days(result, now)} days old" if result and part.alone else ""
        print(f"  {part.name:<10} {standing(result, source, now).words}{age}")


if __name__ == "__main__":
    sys.exit(main())
