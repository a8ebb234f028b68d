"""`python -m tests.releases`: leave this version's databases, each as it migrates and fills one. Once a release."""

import sys
import tempfile
from pathlib import Path

import ml4rs
from tests.releases import ENDINGS, FOLDER, ROOT, empty, keep, run

MOST_BYTES = 300 * 1024


def main() -> int:
    version = ml4rs.__version__
    if version in {path.name.partition(".sqlite")[0] for path in FOLDER.glob("*.sqlite.xz")}:
        print(f"{version} has left its databases: a release is never dumped a second time.")
        return 1
    for vendor in ENDINGS:
        with tempfile.TemporaryDirectory() as scratch, empty(vendor, Path(scratch)) as environment:
            for command in (["manage.py", "migrate", "--verbosity=0"], ["-m", "tests.releases.fill"]):
                done = run(*command, environment=environment)
                if done.returncode:
                    print(done.stdout + done.stderr)
                    return done.returncode
            target = keep(version, vendor, environment)
        size = target.stat().st_size
        print(f"{target.relative_to(ROOT)}: {size / 1024:.0f} KiB")
        if size > MOST_BYTES:
            target.unlink()
            print(f"That is more than {MOST_BYTES // 1024} KiB: the history of this project would carry it for ever.")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
