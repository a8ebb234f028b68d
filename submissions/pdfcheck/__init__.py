"""The PDF check: an engine without Django that reads papers in a limited child process.

`check(path, rules)` says what is in a file and what breaks the rules; `make_copy(source, target)` writes the
copy that reviewers get. Neither opens a PDF in the calling process.
"""

from submissions.pdfcheck.child import check, check_image, draw_page, draw_slide, make_copy
from submissions.pdfcheck.result import RULE_VERSION, CheckResult, Finding
from submissions.pdfcheck.rules import Author, Rules

__all__ = [
    "RULE_VERSION",
    "Author",
    "CheckResult",
    "Finding",
    "Rules",
    "check",
    "check_image",
    "draw_page",
    "draw_slide",
    "make_copy",
]
