"""Which part of a paper begins where: main text, acknowledgements, references, appendix.

Headings are found by their words and by how they are set: a heading stands alone on its line, in the face of the
paper's other headings. References are believed when entries follow; a table of contents is none.
"""

import re
from dataclasses import dataclass

from submissions.pdfcheck.layout import Layout, Line, Page, TextBlock

MAIN, ACKNOWLEDGEMENTS, REFERENCES, APPENDIX = "main", "acknowledgements", "references", "appendix"

_NOT_LETTERS = re.compile(r"[^a-z]")
_REFERENCES = {
    "references", "reference", "bibliography", "literaturecited", "referencesandnotes", "referencescited", "workscited",
}  # fmt: skip
_APPENDIX = re.compile(
    r"(?:the)?(?:online|technical)?(?:[a-z]?appendi(?:x|ces)[a-z]?"
    r"|[a-z]?supplement(?:ary|al)?(?:materials?|information|text|appendix|data|notes?|figures?|tables?)?)"
)
_APPENDIX_START = re.compile(
    r"^(?:(?:technical |online )?appendi(?:x|ces)\b|supplement(?:ary|al)? (?:material|information|text))", re.IGNORECASE
)
_ACKNOWLEDGEMENTS = re.compile(
    r"acknowledge?ments?(?:and.*)?|fundingacknowledge?ments?|(?:disclosureof)?funding(?:disclosure)?|authorcontributions?"
    r"|authorscontributions?|contributions?statement|competinginterests?|conflictsofinterests?"
)
_RUN_IN_ACKNOWLEDGEMENTS = re.compile(r"^acknowledge?ments?\s*[.:—–-]", re.IGNORECASE)
_STATEMENTS = re.compile(
    r"(?:ethics|reproducibility|impact|broaderimpact|limitations?|dataavailability|codeavailability).*"
)
_CONTENTS_ENTRY = re.compile(r"(?:\. ?){3,}\d*$|\s\d+$")
_PAGE_NUMBER = re.compile(r"[. ]*(?:\d{1,3}|[ivx]{1,5})")
_NUMBERED = re.compile(r"^(?:\d{1,2}|[IVX]{1,4}|[A-Z])(?:\.\d+)*\.?\s+\S")
_LETTERED = re.compile(r"^(?:[A-Z]|S\d)(?:\.\d+)*\.?\s+[A-Z(]")
_CAPTION = re.compile(r"^(?:figure|fig\.|table)\s*[A-Z]?\.?\s*\d+\s*[:.|]", re.IGNORECASE)
_ENTRY = re.compile(
    r"\b(?:19|20)\d\d[a-z]?\b|arxiv|proceedings|conference|journal|\bdoi\b|\bet al\b|https?:|\bpp\.|\bvol\.|^\[\d+\]",
    re.IGNORECASE,
)
_LONGEST_HEADING = 90
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
    """The parts of a paper by its headings. Acknowledgements belong to the main text where the track counts them."""
    lines = in_reading_order(layout)
    if not lines:
        return Parts()
    references = _references(lines)
    appendix = _appendix(lines, references, layout.block)
    end = _end_of_main(lines, references, appendix)
    thanks = _acknowledgements(lines, end, references)
    behind_thanks = None if acknowledgements_count else thanks
    stops = [line for line in (end, behind_thanks.line if behind_thanks else None) if line is not None]
    last = _last_main_line(lines, min(stops, key=lines.index, default=None))
    return Parts(
        references,
        appendix,
        thanks,
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


def _letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text.casefold())


def _stands_alone(line: Line, lines: list[Line], at: int) -> bool:
    """No words beside it in its column, and no page number at the end of its row as in a table of contents."""
    row = [
        other
        for other in lines[max(0, at - 3) : at + 4]
        if other is not line and other.page == line.page and abs(other.baseline - line.baseline) < 2
    ]
    if any(_PAGE_NUMBER.fullmatch(other.text) and other.left > line.right for other in row):
        return False
    return not any(abs(other.left - line.right) < 60 and len(_letters(other.text)) > 1 for other in row)


def _references(lines: list[Line]) -> Heading | None:
    """The first heading of references that entries follow; else the last one that stands like a heading."""
    candidates = [
        (at, line)
        for at, line in enumerate(lines)
        if len(line.text) < 40
        and _without_number(line.text) in _REFERENCES
        and not re.search(r"\.{2,}|(?:\. ){2,}", line.text)
        and _stands_alone(line, lines, at)
    ]
    for at, line in candidates:
        behind = lines[at + 1 : at + 1 + _LINES_BEHIND]
        if sum(bool(_ENTRY.search(other.text)) for other in behind) >= min(3, max(1, len(behind) // 3)):
            return Heading(REFERENCES, line)
    return Heading(REFERENCES, candidates[-1][1], sure=False) if candidates else None


def _without_number(text: str) -> str:
    """The heading's letters without its section number: "5 R EFERENCES", "VII. References", "A References"."""
    bare = _letters(text)
    numbered = re.match(r"^(?:[IVX]+|[A-Z])[.\s]\s*(?=\S{2,})", text)
    if numbered and bare not in _REFERENCES:
        return _letters(text[numbered.end() :])
    return bare


def _appendix(lines: list[Line], references: Heading | None, block: TextBlock | None) -> Heading | None:
    """Before the references only a heading that says so; behind them the first heading of any other section."""
    split = lines.index(references.line) if references else len(lines)
    for at, line in enumerate(lines[:split]):
        if at > 10 and _is_named_appendix(line) and _stands_alone(line, lines, at) and _is_set_as_heading(line, block):
            return Heading(APPENDIX, line)
    for at in range(split + 1, len(lines)):
        line = lines[at]
        if _is_named_appendix(line) and _is_set_as_heading(line, block) and _stands_alone(line, lines, at):
            return Heading(APPENDIX, line)
        if references and _is_section_like(line, references.line, block) and _stands_alone(line, lines, at):
            return Heading(APPENDIX, line)
    return None


def _is_named_appendix(line: Line) -> bool:
    if len(line.text) >= _LONGEST_HEADING or line.text.endswith((".", ",", ";")) or _CONTENTS_ENTRY.search(line.text):
        return False
    return bool(_APPENDIX.fullmatch(_letters(line.text)) or _APPENDIX_START.match(_joined_capitals(line.text)))


def _joined_capitals(text: str) -> str:
    """Small capitals come as "S UPPLEMENTARY M ATERIAL": the blank behind a single capital is none."""
    return re.sub(r"\b([A-Z]) (?=[A-Z]{2,})", r"\1", text)


def _is_set_as_heading(line: Line, block: TextBlock | None) -> bool:
    """Larger than the text, or in a face of its own, or in capitals."""
    if block is None:
        return True
    largest = max((glyph.size for glyph in line.glyphs if not glyph.text.isspace()), default=line.size)
    return largest > block.size + 0.6 or _is_bold(line) or line.text.isupper()


def _is_bold(line: Line) -> bool:
    return bool(re.search(r"bold|demi|medi|black|heavy|-bx|cmbx|cmcsc|-b\b", line.first_font, re.IGNORECASE))


def _is_section_like(line: Line, model: Line, block: TextBlock | None) -> bool:
    """Set like the heading of the references, and neither thanks, statements, a caption nor an entry."""
    text = line.text
    if len(text) > _LONGEST_HEADING or len(_letters(text)) < 4 or _CAPTION.match(text):
        return False
    bare = _letters(text)
    if _ACKNOWLEDGEMENTS.fullmatch(bare) or _STATEMENTS.fullmatch(bare) or bare in _REFERENCES:
        return False
    if not _is_set_as_heading(line, block):
        return False
    return _same_face(line, model) or bool(_LETTERED.match(text) and line.size > (block.size if block else 0) + 0.6)


def _same_face(line: Line, model: Line) -> bool:
    def face(of: Line) -> tuple[float, str]:
        inked = [glyph for glyph in of.glyphs if not glyph.text.isspace()]
        return max(glyph.size for glyph in inked), of.first_font

    (size, font), (model_size, model_font) = face(line), face(model)
    return abs(size - model_size) < 0.4 and font == model_font


def _end_of_main(lines: list[Line], references: Heading | None, appendix: Heading | None) -> Line | None:
    ends = [heading.line for heading in (references, appendix) if heading]
    return min(ends, key=lines.index, default=None)


def _acknowledgements(lines: list[Line], end: Line | None, references: Heading | None) -> Heading | None:
    """The heading of thanks from which on nothing but such sections comes before the references."""
    stop = lines.index(end) if end else len(lines)
    found = None
    model = references.line if references else None
    for at, line in enumerate(lines[:stop]):
        bare = _letters(line.text)
        alone = len(line.text) < 70 and _ACKNOWLEDGEMENTS.fullmatch(_without_number(line.text)) is not None
        if (alone and _stands_alone(line, lines, at)) or (_RUN_IN_ACKNOWLEDGEMENTS.match(line.text) and _is_bold(line)):
            found = found or Heading(ACKNOWLEDGEMENTS, line)
        elif found and model and _is_main_section(line, model, bare):
            found = None
    return found


def _is_main_section(line: Line, model: Line, bare: str) -> bool:
    thanks = _ACKNOWLEDGEMENTS.fullmatch(bare)
    return not thanks and 3 < len(bare) < 60 and bool(_NUMBERED.match(line.text)) and _same_face(line, model)


def _last_main_line(lines: list[Line], end: Line | None) -> Line | None:
    before = lines[: lines.index(end)] if end else lines
    return before[-1] if before else None


def _lowest(last: Line, lines: list[Line]) -> float:
    """The height down to which the last page of main text is used."""
    stop = lines.index(last) + 1
    return min(line.box[1] for line in lines[:stop] if line.page == last.page)


def _late_floats(lines: list[Line], references: Heading | None, appendix: Heading | None) -> list[Line]:
    if references is None:
        return []
    start = lines.index(references.line)
    stop = lines.index(appendix.line) if appendix else len(lines)
    return [line for line in lines[start:stop] if line.page > references.line.page and _CAPTION.match(line.text)]
