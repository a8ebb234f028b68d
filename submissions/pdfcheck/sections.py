"""Which part of a paper begins where: main text, acknowledgements, statements, references, appendix.

A heading stands alone on its line, in the face of the paper's other headings. References are believed when entries
follow; a table of contents is none. Statements on ethics, reproducibility and the like, which venues ask for behind
the paper proper, are not counted as main text, as ICLR's own call has it since 2022.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from submissions.pdfcheck.headings import (
    is_caption,
    is_digit_numbered,
    is_first_letter,
    is_numbered,
    is_section_like,
    is_set_as_heading,
    is_set_off_letter,
    is_small_print,
    largest,
    letters,
    runs_into_thanks,
    same_face,
    says_appendix,
    says_references,
    says_statement,
    says_thanks,
    stands_alone,
)
from submissions.pdfcheck.layout import Layout, Line, Page, TextBlock

ACKNOWLEDGEMENTS, STATEMENTS, REFERENCES, APPENDIX = "acknowledgements", "statements", "references", "appendix"

_ENTRY = re.compile(
    r"\b(?:19|20)\d\d[a-z]?\b|arxiv|proceedings|conference|journal|\bdoi\b|\bet al\b|https?:|\bpp\.|\bvol\.|^\[\d+\]",
    re.IGNORECASE,
)
_LINES_BEHIND = 14


@dataclass(frozen=True)
class Heading:
    """The line that begins a part. `sure` tells that more than its words speak for it."""

    part: str
    line: Line
    sure: bool = True


@dataclass(frozen=True)
class Parts:
    """Where the parts are; pages from 1, None where there is none or it is unknown.

    `main_ends` is the page and height (points) of the last line of main text, floats of that page included.
    `late_floats` are captions of figures and tables that stand behind the references and before an appendix.
    """

    references: Heading | None = None
    appendix: Heading | None = None
    acknowledgements: Heading | None = None
    statements: Heading | None = None
    main_ends: tuple[int, float] | None = None
    late_floats: tuple[Line, ...] = ()
    sure: bool = False

    @property
    def main_text_pages(self) -> int | None:
        return self.main_ends[0] if self.main_ends else None

    @property
    def references_page(self) -> int | None:
        return self.references.line.page if self.references else None

    @property
    def appendix_page(self) -> int | None:
        return self.appendix.line.page if self.appendix else None


def find_parts(layout: Layout, *, acknowledgements_count: bool = False) -> Parts:
    """The parts of a paper by its headings.

    Acknowledgements, and the statements around them, belong to the main text where the track counts them.
    """
    lines = in_reading_order(layout)
    if not lines:
        return Parts()
    references = _references(lines, layout.block)
    appendix = _appendix(lines, references, layout.block)
    end = _first(lines, references, appendix)
    thanks = _closing(ACKNOWLEDGEMENTS, lines, end, references, layout.block)
    statements = _closing(STATEMENTS, lines, end, references, layout.block)
    behind = () if acknowledgements_count else (thanks, statements)
    last = _last_main_line(lines, _first(lines, references, appendix, *behind))
    return Parts(
        references,
        appendix,
        thanks,
        statements,
        (last.page, _lowest(last, lines)) if last else None,
        tuple(_late_floats(lines, references, appendix)),
        sure=references is not None and references.sure,
    )


def in_reading_order(layout: Layout) -> list[Line]:
    found: list[Line] = []
    for page in layout.pages:
        found += _ordered(page, layout.block)
    return found


def _ordered(page: Page, block: TextBlock | None) -> list[Line]:
    """From top to bottom; of two columns the left one first. What spans both stands before what is below it."""
    if block is None or block.columns == 1:
        return sorted(page.lines, key=lambda line: (-round(line.baseline), line.left))
    middle = page.width / 2
    spanning = [line for line in page.lines if line.left < middle - 20 and line.right > middle + 20]
    wide = sorted(spanning, key=lambda line: -line.baseline)
    edges = [*(line.baseline for line in wide if line.width > block.width * 0.6), float("-inf")]

    def place(line: Line) -> tuple:
        band = next(number for number, edge in enumerate(edges) if line.baseline >= edge)
        return band, line.left >= middle - 8, -line.baseline

    return sorted(page.lines, key=place)


# --- References ------------------------------------------------------------------------------------------


def _references(lines: list[Line], block: TextBlock | None) -> Heading | None:
    """The first heading of references that entries follow; else the last one that stands like a heading."""
    candidates = [
        line
        for at, line in enumerate(lines)
        if says_references(line) and not is_small_print(line, block) and stands_alone(line, lines, at)
    ]
    believed = [line for line in candidates if _entries_follow(line, lines)]
    set_apart = [line for line in believed if is_set_as_heading(line, block)]
    for line in set_apart or believed:
        return Heading(REFERENCES, line)
    return Heading(REFERENCES, candidates[-1], sure=False) if candidates else None


def _entries_follow(heading: Line, lines: list[Line]) -> bool:
    start = lines.index(heading) + 1
    behind = lines[start : start + _LINES_BEHIND]
    return sum(bool(_ENTRY.search(line.text)) for line in behind) >= min(3, max(1, len(behind) // 3))


# --- Appendix --------------------------------------------------------------------------------------------


def _appendix(lines: list[Line], references: Heading | None, block: TextBlock | None) -> Heading | None:
    """Before the references a heading that says so or the first lettered one; behind them any other section.

    In a paper without section numbers only the gap behind its letter tells an appendix from "A New Method".
    """
    split = lines.index(references.line) if references else len(lines)
    before = _appendix_before(lines[:split], references, block)
    line = before or (_appendix_behind(lines, split, references, block) if references else None)
    return Heading(APPENDIX, line) if line else None


def _appendix_before(lines: list[Line], references: Heading | None, block: TextBlock | None) -> Line | None:
    numbered: Line | None = None
    for at, line in enumerate(lines):
        if not is_set_as_heading(line, block) or not stands_alone(line, lines, at):
            continue
        if at > 10 and says_appendix(line):
            return line
        if numbered and is_first_letter(line) and same_face(line, numbered) and not says_references(line):
            return line
        if references and not numbered and is_set_off_letter(line) and same_face(line, references.line):
            return line
        if is_digit_numbered(line) and (references is None or same_face(line, references.line)):
            numbered = line
    return None


def _appendix_behind(lines: list[Line], split: int, references: Heading, block: TextBlock | None) -> Line | None:
    title = largest(max(lines[:12], key=largest))
    for at in range(split + 1, len(lines)):
        line = lines[at]
        named = says_appendix(line) and is_set_as_heading(line, block)
        section = is_section_like(line, references.line, block)
        if (named or section or _is_second_title(line, references.line, title)) and stands_alone(line, lines, at):
            return line
    return None


def _is_second_title(line: Line, references: Line, size: float) -> bool:
    """A second document in the same file begins with a title as large as the first one's."""
    is_title = largest(line) >= size - 0.5 and size > largest(references) + 1
    return is_title and line.page > references.page and len(letters(line.text)) > 3


# --- What closes the main text ---------------------------------------------------------------------------


def _first(lines: list[Line], *headings: Heading | None) -> Line | None:
    return min((heading.line for heading in headings if heading), key=lines.index, default=None)


def _closing(
    part: str, lines: list[Line], end: Line | None, references: Heading | None, block: TextBlock | None
) -> Heading | None:
    """The first heading of thanks, or of a statement, from which on only such sections come before the references."""
    stop = lines.index(end) if end else len(lines)
    says = says_thanks if part == ACKNOWLEDGEMENTS else says_statement
    found = None
    for at, line in enumerate(lines[:stop]):
        if says(line) and _closes(line, lines, at, block):
            found = found or Heading(part, line)
        elif found and references and _is_main_section(line, references.line, block):
            found = None
    return found


def _closes(line: Line, lines: list[Line], at: int, block: TextBlock | None) -> bool:
    if says_statement(line) and (is_small_print(line, block) or not is_set_as_heading(line, block)):
        return False
    return runs_into_thanks(line) or stands_alone(line, lines, at)


def _is_main_section(line: Line, model: Line, block: TextBlock | None) -> bool:
    if says_thanks(line) or says_statement(line) or not 3 < len(letters(line.text)) < 60:
        return False
    return same_face(line, model) and (is_numbered(line) or is_set_as_heading(line, block))


def _last_main_line(lines: list[Line], end: Line | None) -> Line | None:
    before = lines[: lines.index(end)] if end else lines
    return before[-1] if before else None


def _lowest(last: Line, lines: list[Line]) -> float:
    """The height down to which the last page of main text is used."""
    stop = lines.index(last) + 1
    return min(line.box[1] for line in lines[:stop] if line.page == last.page)


def _late_floats(lines: list[Line], references: Heading | None, appendix: Heading | None) -> Iterator[Line]:
    if references is None:
        return
    start = lines.index(references.line)
    stop = lines.index(appendix.line) if appendix else len(lines)
    for line in lines[start:stop]:
        if line.page > references.line.page and is_caption(line):
            yield line
