"""Runs the readers in a child process of their own, since no known PDF library is safe inside a server.

The child may use 1 GiB of addresses and 8 s of CPU and is ended after 12 s; whatever becomes of it, the caller
gets an answer in words.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from submissions.pdfcheck.result import CheckResult, refusal
from submissions.pdfcheck.rules import Rules

WALL_SECONDS = 12
_PROJECT = Path(__file__).resolve().parent.parent.parent
_TOO_COSTLY = (
    "Reading this file takes more time or memory than any paper needs. Print it to a new PDF and upload that one."
)
# Killed, out of processor time, or ended by PDFium itself for want of memory.
_SPENT = {-signal.SIGKILL, -signal.SIGXCPU, -signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL}
_UNREADABLE = "This file cannot be read as a PDF. Make the PDF again and check that it opens in a viewer."


def check(path: str | Path, rules: Rules) -> CheckResult:
    """Read one file and judge it by the rules. Answers for every file; raises only when the child cannot start."""
    return result_of(*_run({"do": "check", "path": str(Path(path).resolve()), "rules": rules.as_dict()}))


def check_image(path: str | Path, rules: Rules) -> CheckResult:
    """Read one picture, as `check` reads a PDF."""
    return result_of(*_run({"do": "image", "path": str(Path(path).resolve()), "rules": rules.as_dict()}))


def make_copy(source: str | Path, target: str | Path, content_type: str = "application/pdf") -> bool:
    """Write the reviewers' copy of `source` to `target`; False if that was not possible."""
    order = {"do": "copy", "path": str(Path(source).resolve()), "target": str(Path(target).resolve())}
    return _is_done("copied", {**order, "content_type": content_type})


def draw_page(source: str | Path, page: int, target: str | Path) -> bool:
    """Draw one page (from 1) of a PDF into a PNG at `target`; False if that was not possible."""
    order = {"do": "draw", "path": str(Path(source).resolve()), "page": page, "target": str(Path(target).resolve())}
    return _is_done("drawn", order)


def draw_slide(source: str | Path, target: str | Path, content_type: str, width: int) -> bool:
    """A slide (the first page of a PDF, or a picture) as a PNG without metadata, at most so many pixels wide.

    False if that was not possible.
    """
    order = {"do": "slide", "path": str(Path(source).resolve()), "target": str(Path(target).resolve())}
    return _is_done("drawn", {**order, "content_type": content_type, "width": width})


def result_of(output: bytes, code: int) -> CheckResult:
    """What a child that looked at a file came to: its answer, or why there is none."""
    if (answer := _last_answer(output)) is not None:
        return CheckResult.from_dict(answer)
    if code in _SPENT:
        return refusal("file.too_costly", _TOO_COSTLY)
    return refusal("file.unreadable", _UNREADABLE)


def _is_done(word: str, order: dict) -> bool:
    output, _ = _run(order)
    return bool((_last_answer(output) or {}).get(word))


def _run(order: dict) -> tuple[bytes, int]:
    """What the child said, and its exit code."""
    process = subprocess.Popen(
        [sys.executable, "-E", "-s", "-W", "ignore", "-m", "submissions.pdfcheck"],
        cwd=_PROJECT,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "1", "HOME": os.devnull},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(json.dumps(order).encode(), timeout=WALL_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
    return output, process.returncode


def _last_answer(output: bytes) -> dict | None:
    """The last whole line: a child that was ended while it looked closer has said before what it knew."""
    lines = [line for line in output.split(b"\n")[:-1] if line]
    return json.loads(lines[-1]) if lines else None
