"""`python -m benchmarks [NAME ...] [--quick] [--folder DIR]`: measure, print, keep.

Costs are processor time, since a busy machine lengthens the clock's; compare ratios of one run, never seconds of two.
"""

import argparse
import json
import os
import platform
import sys
from pathlib import Path

from benchmarks.setting import prepare
from benchmarks.tables import as_markdown

NAMES = ("pages", "matching", "placing", "grants", "pdf", "outbox", "filling", "deadline")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help=f"Which of {', '.join(NAMES)}; all by default.")
    parser.add_argument("--quick", action="store_true", help="Small loads and few rounds: only to see that it runs.")
    parser.add_argument("--folder", type=Path, default=Path("var/benchmarks"), help="Where load and figures are kept.")
    options = parser.parse_args()
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"There is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}.")
    database = prepare(options.folder.resolve(), quick=options.quick)
    about = {"python": platform.python_version(), "cores": os.cpu_count(), "database": database}
    print(f"Python {about['python']}, {about['cores']} cores, {database}", flush=True)
    tables = []
    for name in options.names or NAMES:
        for table in _measure(name, quick=options.quick):
            tables.append(table)
            print(f"\n{as_markdown(table)}", flush=True)
    kept = options.folder / "figures.json"
    kept.write_text(json.dumps({"about": about, "tables": [table.as_dict() for table in tables]}, indent=1))
    print(f"\nFigures are in {kept}.")
    return 0


def _measure(name: str, *, quick: bool):
    """Modules are imported once Django stands."""
    from importlib import import_module

    return import_module(f"benchmarks.{name}").measure(quick=quick)


if __name__ == "__main__":
    sys.exit(main())
