"""`python -m tests.digests`: a landed migration is never edited again, for databases were made by it.

Each migration's digest is kept in `tests/migrations.sha256` (`sha256sum --check` reads it too). `--add` adds those
of new migrations; there is no way here to change one.
"""

import argparse
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = "tests/migrations.sha256"
APPS = ("ml4rs/*", "submissions", "reviews", "schedule", "travel")


def main(arguments: Sequence[str] | None = None, *, root: Path = ROOT) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.digests", description=__doc__)
    parser.add_argument("--add", action="store_true", help="Add the digests of new migrations.")
    options = parser.parse_args(arguments)
    kept, found = _kept(root), _found(root)
    complaints = [
        f"{path} was landed and is {'gone' if path not in found else 'changed'}: databases were made by it. "
        "Restore it, and say what is to change in a new migration."
        for path, digest in kept.items()
        if found.get(path) != digest
    ]
    new = sorted(found.keys() - kept.keys())
    if options.add and not complaints:
        lines = [f"{digest}  {path}\n" for path, digest in sorted({**kept, **found}.items())]
        (root / KEPT).write_text("".join(lines))
        print("\n".join(f"added {path}" for path in new) or "nothing new")
        return 0
    complaints += [f"{path} is new: `python -m tests.digests --add`, and commit {KEPT} with it." for path in new]
    print("\n".join(complaints))
    return int(bool(complaints))


def _kept(root: Path) -> dict[str, str]:
    file = root / KEPT
    lines = file.read_text().splitlines() if file.exists() else []
    return {path: digest for digest, path in (line.split("  ", 1) for line in lines)}


def _found(root: Path) -> dict[str, str]:
    files = [file for app in APPS for file in root.glob(f"{app}/migrations/*.py") if file.name != "__init__.py"]
    return {file.relative_to(root).as_posix(): sha256(file.read_bytes()).hexdigest() for file in files}


if __name__ == "__main__":
    sys.exit(main())
