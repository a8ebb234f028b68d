"""The PDF check for tests of its rules: in a copy of this process, so that the readers are loaded once for all."""

import json
import os
from pathlib import Path

from submissions.pdfcheck import CheckResult, Rules
from submissions.pdfcheck.judging import judge
from submissions.pdfcheck.shapes import plain_letters


def check(path: Path, rules: Rules) -> CheckResult:
    """What `pdfcheck.check` answers. That the limits of a child hold is shown with it, in test_pdf_hostile.py."""
    plain_letters()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _answer(path, rules, writing)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return CheckResult.from_dict(json.loads(answer))


def _answer(path: Path, rules: Rules, writing: int) -> None:
    try:
        with os.fdopen(writing, "w") as pipe:
            json.dump(judge(str(path), rules, lambda result: None).as_dict(), pipe)
    finally:
        os._exit(0)
