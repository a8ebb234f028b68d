"""The reading side of submissions: every function takes a viewer and answers with guarded rows."""

from submissions.queries.papers import (
    AuthorView,
    accepted,
    authors_of,
    paper_page,
    public_answers,
    public_file,
    reviewable,
    seen_or_none,
    slides,
)
from submissions.queries.sheet import FileSlot, Missing, Sheet, current_files, missing, sheet, wanted_files

__all__ = [
    "AuthorView",
    "FileSlot",
    "Missing",
    "Sheet",
    "accepted",
    "authors_of",
    "current_files",
    "missing",
    "paper_page",
    "public_answers",
    "public_file",
    "reviewable",
    "seen_or_none",
    "sheet",
    "slides",
    "wanted_files",
]
