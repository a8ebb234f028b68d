"""What is checked without running the product: style, floors, templates, migrations, types."""

import subprocess
import sys
from pathlib import Path

BIN = Path(sys.executable).parent
PYTHON = sys.executable

LINT = {
    "style": [str(BIN / "ruff"), "check", "--quiet", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "--quiet", "."],
    "floors": [str(BIN / "lint-imports"), "--no-logo"],
    "templates": [str(BIN / "djlint"), "templates", "--lint", "--quiet"],
    "migrations": [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run"],
    "digests": [PYTHON, "-m", "tests.digests"],
    "types": [str(BIN / "mypy")],
}


def complaints() -> list[str]:
    """The names of the checks that failed; what each has to say is printed."""
    return [name for name, command in LINT.items() if not _passes(name, command)]


def _passes(name: str, command: list[str]) -> bool:
    done = subprocess.run(command, capture_output=True, text=True)
    print(f"{name:<12}{'ok' if done.returncode == 0 else 'FAILED'}", flush=True)
    if done.returncode:
        print(done.stdout + done.stderr, flush=True)
    return done.returncode == 0
