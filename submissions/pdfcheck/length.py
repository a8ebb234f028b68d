"""Where the main text ends: the page of the references and of the appendix, by their headings.

A first form that informs and warns. It blocks only what needs no reading: more pages than the limit where
every page counts.
"""

import re
from dataclasses import dataclass

from submissions.pdfcheck.result import BLOCKS, INFORMS, WARNS, Finding
from submissions.pdfcheck.rules import COUNTED, FORBIDDEN, Rules

_REFERENCES = {"references", "bibliography", "literaturecited", "referencesandnotes"}
_APPENDIX = {
    "appendix", "appendices", "aappendix", "appendixa", "supplementarymaterial", "supplementarymaterials",
    "asupplementarymaterial", "supplementalmaterial", "technicalappendix", "supplement",
}  # fmt: skip
_NOT_LETTERS = re.compile(r"[^a-z]")
_RUNNING_HEAD = re.compile(r"under review as|published as|workshop paper|workshop @|preprint", re.IGNORECASE)


@dataclass(frozen=True)
class Parts:
    main_text_pages: int | None = None
    references_page: int | None = None
    appendix_page: int | None = None


def find_parts(pages: list[str], complete: bool) -> Parts:
    """The parts of a paper by its headings; pages from 1, None where unknown."""
    references, before = _heading(pages, _REFERENCES)
    appendix, before_appendix = _heading(pages, _APPENDIX)
    ends = [_last_page(page, lines) for page, lines in ((references, before), (appendix, before_appendix)) if page]
    if ends:
        return Parts(min(ends), references, appendix)
    return Parts(len(pages) if complete else None, None, None)


def _heading(pages: list[str], words: set[str]) -> tuple[int | None, list[str]]:
    """The first page with a line that is such a heading and nothing else, and the lines above it there.

    Digits, dots and spaces do not matter: "5 REFERENCES", "R EFERENCES" (small capitals) and the line
    numbers of a review style all read the same.
    """
    for number, text in enumerate(pages, start=1):
        lines = text.splitlines()
        for index, line in enumerate(lines):
            if len(line) < 60 and _NOT_LETTERS.sub("", line.casefold()) in words:
                return number, lines[:index]
    return None, []


def _last_page(page: int, lines_above: list[str]) -> int:
    """The heading's own page if text stands above it there, else the page before."""
    text = [line for line in lines_above if _is_text(line)]
    return page if text else max(page - 1, 1)


def _is_text(line: str) -> bool:
    letters = _NOT_LETTERS.sub("", line.casefold())
    return len(letters) > 12 and not _RUNNING_HEAD.search(line)


def judge_length(pages: int, parts: Parts, rules: Rules, has_text: bool) -> list[Finding]:
    """What breaks the track's limit for certain, and what looks as if it did."""
    if not rules.is_main_file:
        return []
    findings = _forbidden_parts(parts, rules)
    limit = rules.page_limit
    if limit is None or pages <= limit:
        return findings
    if rules.every_page_counts:
        what = "one page" if limit == 1 else f"{limit} pages"
        message = f"The file has {pages} pages; this track takes {what}, and every page counts."
        return [*findings, Finding("length.over_limit", BLOCKS, message, page=limit + 1)]
    if has_text and parts.references_page is None and parts.appendix_page is None:
        message = (
            f"We found no heading “References”, so we cannot tell where the main text ends. Of {pages} pages "
            f"at most {limit} may be main text."
        )
        return [*findings, Finding("length.unknown_end", WARNS, message)]
    if parts.main_text_pages is not None and parts.main_text_pages > limit and has_text:
        message = f"The main text seems to end on page {parts.main_text_pages}; the limit of this track is {limit}."
        return [*findings, Finding("length.seems_over_limit", WARNS, message, page=limit + 1)]
    return findings


def _forbidden_parts(parts: Parts, rules: Rules) -> list[Finding]:
    found = []
    if rules.appendix == FORBIDDEN and parts.appendix_page:
        message = "This seems to be an appendix, and this track takes none. Move it to the supplementary file."
        found.append(Finding("length.appendix", WARNS, message, page=parts.appendix_page))
    if rules.references == COUNTED and parts.references_page:
        message = "In this track the references count towards the page limit."
        found.append(Finding("length.references_count", INFORMS, message, page=parts.references_page))
    return found
