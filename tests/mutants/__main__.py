"""`python -m tests.mutants leaks|generated|map`: plant faults one at a time, and say which tests noticed."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from tests.mutants import generated, mapping, results
from tests.mutants.leaks import Leak, leaks, text_of
from tests.mutants.planting import UNNOTICED, Fault, Found, plant, timed

NOTICED = ("caught", "timeout")
LEAKS_LIMIT = 600
REQUIRED_PERCENT = 90


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("kind", choices=["leaks", "generated", "map"])
    parser.add_argument("--count", type=int, default=300, help="how many generated faults")
    parser.add_argument("--seed", type=int, default=1, help="which of them")
    parser.add_argument("--only", action="append", default=[], metavar="KEY", help="only faults with this in their key")
    parser.add_argument("--resume", action="store_true", help="go on where the last run was stopped")
    parser.add_argument("--missed", action="store_true", help="plant again what the last run did not notice")
    parser.add_argument("--quick", action="store_true", help="leaks: without tests that crawl all pages")
    parser.add_argument("--by-name", action="store_true", help="generated: choose tests without a map")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    if options.kind == "map":
        return mapping.make(options.workers)
    return {"leaks": plant_leaks, "generated": plant_generated}[options.kind](options)


def plant_leaks(options: argparse.Namespace) -> int:
    chosen = [leak for leak in leaks() if _is_wanted(leak.key, options.only)]
    faults = [_fault(leak, ("-m", "not crawl") if options.quick else ()) for leak in chosen]
    found, seconds = _plant(faults, options)
    rows = [[key, row["kind"], row["what"], row["state"], row["test"]] for key, row in sorted(found.items())]
    missed = [key for key, row in found.items() if row["state"] not in NOTICED]
    print(f"\n{len(found) - len(missed)} of {len(found)} leaks caught in {seconds:.0f} s")
    for key in missed:
        print(f"  missed: {key} ({found[key]['state']}) {found[key]['note']}")
    if not options.only and not options.quick:
        numbers = [
            results.number("leaks", "Leaks planted", ["leak", "kind", "who would learn what", "state", "by"], rows),
            results.number("kinds", "By kind", ["kind", "planted", "caught"], results.by_kind(found, NOTICED)),
        ]
        state = "failed" if missed else "passed"
        results.write("mutants-leaks", "Leaks, planted one at a time", state, seconds, numbers)
    return int(bool(missed))


def _plant(faults: Iterable[Fault], options: argparse.Namespace) -> tuple[Found, float]:
    going_on = {"resume": options.resume, "missed": options.missed}
    return timed(lambda: plant(faults, workers=options.workers, kept=_kept(options), **going_on))


def _fault(leak: Leak, options: tuple[str, ...]) -> Fault:
    tests = (*options, *leak.tests.split())
    return Fault(leak.key, leak.kind, leak.file, text_of(leak), tests, leak.learns, leak.database, LEAKS_LIMIT)


def plant_generated(options: argparse.Namespace) -> int:
    if not mapping.is_made() and not options.by_name:
        mapping.make(options.workers)
    mutants = generated.drawn(options.count, options.seed)
    if options.only:
        mutants = [mutant for mutant in mutants if _is_wanted(mutant.key, options.only)]
    faults = generated.faults(mutants)
    found, seconds = _plant(faults, options)
    score = generated.score(found)
    _tell_survivors(found)
    print(
        f"\n{score.caught} of {len(found)} caught ({score.percent:.1f} %), {score.explained} explained, "
        f"{score.missed} missed, in {seconds:.0f} s (seed {options.seed})"
    )
    passed = score.percent >= REQUIRED_PERCENT and not score.missed
    if not options.only:
        known = generated.reasons()
        rows = [
            [key, row["kind"], row["what"], row["state"], row["test"] or known.get(key, "")]
            for key, row in sorted(found.items())
        ]
        columns = ["fault", "kind", "change", "state", "by, or the reason why not"]
        numbers = [
            results.number("generated", f"Generated faults of seed {options.seed}", columns, rows),
            results.number("kinds", "By kind", ["kind", "planted", "caught"], results.by_kind(found, NOTICED)),
        ]
        title = "Generated faults in rules, sight, verbs and engines"
        results.write("mutants-generated", title, "passed" if passed else "failed", seconds, numbers)
    return int(not passed)


def _tell_survivors(found: Found) -> None:
    known = generated.reasons()
    for key, row in sorted(found.items()):
        if row["state"] in UNNOTICED:
            print(f"\n{row['state']}: {key} {known.get(key, '')}\n{row['what']}\n{row['note']}")


def _is_wanted(key: str, only: list[str]) -> bool:
    return not only or any(part in key for part in only)


def _kept(options: argparse.Namespace) -> Path:
    """Where a run keeps what it found so far; another sample is another run."""
    sample = f"-{options.count}-{options.seed}" if options.kind == "generated" else ""
    only = "-only" if options.only else ""
    return results.ROOT / "var" / "mutants-runs" / f"{options.kind}{sample}{only}.json"


if __name__ == "__main__":
    sys.exit(main())
