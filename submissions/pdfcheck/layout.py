"""Where the words stand on the pages: lines with boxes, sizes and fonts, read glyph by glyph with PDFium.

Coordinates are PDF points with the origin at the lower left of the page. Line numbers in the margin, as review
styles print them, and running heads are told apart from the text, for neither is part of the paper.
"""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium

_ONLY_DIGITS = re.compile(r"\d{1,4}")


@dataclass(slots=True)
class Glyph:
    """One character as it stands on the page; `generated` ones are blanks that PDFium put between words."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    baseline: float
    size: float
    font: str
    generated: bool = False
    index: int = -1  # its number on the page, by which PDFium knows it
    upright: bool = True  # on the page as it is written, before it is turned


@dataclass(slots=True)
class Line:
    """Glyphs on one baseline without a wide gap. `box` is left, bottom, right, top."""

    page: int
    text: str
    box: tuple[float, float, float, float]
    baseline: float
    size: float
    font: str
    glyphs: list[Glyph] = field(repr=False, default_factory=list)

    @property
    def left(self) -> float:
        return self.box[0]

    @property
    def right(self) -> float:
        return self.box[2]

    @property
    def width(self) -> float:
        return self.box[2] - self.box[0]

    @property
    def first_font(self) -> str:
        return next((glyph.font for glyph in self.glyphs if glyph.text.isalpha()), self.font)


@dataclass(frozen=True)
class Hidden:
    """A word that nobody sees; `why` ends the sentence "it is …". `by_figure`: as a cut or scaled figure does."""

    text: str
    box: tuple[float, float, float, float]
    why: str
    by_figure: bool = False


@dataclass
class Page:
    """One page: `lines` in the order of the file, without line numbers and running heads, which stand apart."""

    number: int
    width: float
    height: float
    lines: list[Line] = field(default_factory=list)
    running: list[Line] = field(default_factory=list)
    line_numbers: list[Line] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)
    is_looked_at: bool = False  # whether `hidden` is all there is

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True)
class TextBlock:
    """The frame in which a paper's text stands, in points, and what most of its letters look like."""

    left: float
    right: float
    bottom: float
    top: float
    size: float
    leading: float
    columns: int = 1

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return max(self.top - self.bottom, 1.0)


@dataclass
class Layout:
    pages: list[Page]
    block: TextBlock | None = None
    lying_fonts: list[tuple[str, int, tuple[float, float, float, float]]] = field(default_factory=list)  # first seen
    replaced: list[tuple[int, list[str]]] = field(default_factory=list)  # words that the glyphs do not say, by page

    def lines(self) -> Iterator[Line]:
        for page in self.pages:
            yield from page.lines


def read_page(page: pypdfium2.PdfPage, number: int, most_glyphs: int) -> Page:
    """The lines of one page. Raises pypdfium2.PdfiumError when PDFium cannot read it."""
    width, height = page.get_size()
    textpage = page.get_textpage()
    try:
        lines = list(_lines(_glyphs(textpage, most_glyphs), number))
    finally:
        textpage.close()
    return Page(number, width, height, lines)


def finish(pages: list[Page]) -> Layout:
    """Set line numbers and running heads apart, and measure the text block."""
    for page in pages:
        _set_line_numbers_apart(page)
    _set_running_heads_apart(pages)
    return Layout(pages, measure(pages))


# --- Glyphs to lines -------------------------------------------------------------------------------------


def _glyphs(textpage: pypdfium2.PdfTextPage, most: int) -> Iterator[Glyph]:
    box = [ctypes.c_double() for _ in range(4)]
    left, right, bottom, top = box
    x, y = ctypes.c_double(), ctypes.c_double()
    matrix = pdfium.FS_MATRIX()
    fonts: dict[bytes, str] = {}
    for index in range(min(textpage.count_chars(), most)):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        generated = pdfium.FPDFText_IsGenerated(textpage, index) == 1
        if code == 0 or (generated and code in (10, 13)):
            continue
        pdfium.FPDFText_GetCharBox(textpage, index, *map(ctypes.byref, box))
        pdfium.FPDFText_GetCharOrigin(textpage, index, ctypes.byref(x), ctypes.byref(y))
        size, upright = pdfium.FPDFText_GetFontSize(textpage, index), True
        if pdfium.FPDFText_GetMatrix(textpage, index, ctypes.byref(matrix)):
            size *= math.hypot(matrix.b, matrix.d)
            upright = abs(matrix.b) < 0.1 * abs(matrix.a) and matrix.a > 0 and matrix.d > 0
        yield Glyph(
            _character(code),
            left.value,
            bottom.value,
            right.value,
            top.value,
            y.value,
            round(size, 2),
            _font_name(textpage, index, fonts),
            generated,
            index,
            upright,
        )


def _character(code: int) -> str:
    if code in (0x02, 0xFFFE):  # PDFium's sign for a hyphen at a line's end
        return "-"
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"


_NAME = ctypes.create_string_buffer(128)


def _font_name(textpage: pypdfium2.PdfTextPage, index: int, known: dict[bytes, str]) -> str:
    flags = ctypes.c_int()
    length = pdfium.FPDFText_GetFontInfo(textpage, index, _NAME, len(_NAME), ctypes.byref(flags))
    raw = _NAME.raw[: max(0, min(length, len(_NAME)) - 1)]
    if raw not in known:
        known[raw] = raw.decode("utf-8", "replace").partition("+")[2] or raw.decode("utf-8", "replace")
    return known[raw]


def _lines(glyphs: Iterator[Glyph], page: int) -> Iterator[Line]:
    """Cut the stream where the baseline jumps, the text goes back, or a gap is wider than any between words."""
    current: list[Glyph] = []
    for glyph in glyphs:
        if current and not glyph.generated and _starts_anew(_last_inked(current), glyph):
            yield from _line_of(current, page)
            current = []
        current.append(glyph)
    yield from _line_of(current, page)


def _last_inked(glyphs: list[Glyph]) -> Glyph:
    return next((glyph for glyph in reversed(glyphs) if not glyph.generated), glyphs[-1])


def _starts_anew(before: Glyph, glyph: Glyph) -> bool:
    size = max(before.size, glyph.size, 1.0)
    if abs(glyph.baseline - before.baseline) > 0.6 * size:
        return True
    gap = glyph.left - before.right
    return gap > 2.2 * size or gap < -3 * size


def _line_of(glyphs: list[Glyph], page: int) -> Iterator[Line]:
    text = " ".join("".join(glyph.text for glyph in glyphs).split())
    inked = [glyph for glyph in glyphs if not glyph.text.isspace()]
    if not text or not inked:
        return
    sizes = Counter(glyph.size for glyph in inked)
    fonts = Counter(glyph.font for glyph in inked)
    box = (
        min(glyph.left for glyph in inked),
        min(glyph.bottom for glyph in inked),
        max(glyph.right for glyph in inked),
        max(glyph.top for glyph in inked),
    )
    baseline = median(glyph.baseline for glyph in inked)
    yield Line(page, text, box, baseline, sizes.most_common(1)[0][0], fonts.most_common(1)[0][0], glyphs)


# --- What is not the paper's text ------------------------------------------------------------------------


def _set_line_numbers_apart(page: Page) -> None:
    """Margin numbers of a review style: many short numbers, one under the other, beside the text.

    They may stand anywhere in the stream, and two columns may have them on both sides.
    """
    numbers = [line for line in page.lines if _ONLY_DIGITS.fullmatch(line.text.replace(" ", ""))]
    places = Counter(round(line.right / 4) for line in numbers)
    margins = {place for place, count in places.items() if count + places[place - 1] + places[place + 1] >= 12}
    found = [
        line
        for line in numbers
        if any(round(line.right / 4) + step in margins for step in (-1, 0, 1)) and _is_beside(line, page)
    ]
    apart = set(map(id, found))
    page.line_numbers = found
    page.lines = [line for line in page.lines if id(line) not in apart]
    page.lines = [_without_number(line, found) for line in page.lines]


def _is_beside(number: Line, page: Page) -> bool:
    """Outside of where the words stand: in the outer sixth of the page."""
    return number.right < page.width / 6 or number.left > page.width * 5 / 6


def _without_number(line: Line, numbers: list[Line]) -> Line:
    """A line whose own margin number was joined to it, because the gap was narrow."""
    match = re.match(r"(\d{3})\s+(?=\D)", line.text)
    if not numbers or not match or line.left > max(number.right for number in numbers) + 4:
        return line
    inked = [glyph for glyph in line.glyphs if not glyph.text.isspace()][3:]
    return next(_line_of(inked, line.page), line)


def _set_running_heads_apart(pages: list[Page]) -> None:
    """Words that stand at the same height of the margin on most pages, and page numbers."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_bare(line.text) for line in page.lines if _is_in_margin(line, page)})
    often = {text for text, count in seen.items() if text and count >= max(2, len(pages) * 0.4)}
    for page in pages:
        running = [line for line in page.lines if _is_in_margin(line, page) and _is_running(line, often)]
        apart = set(map(id, running))
        page.running = running
        page.lines = [line for line in page.lines if id(line) not in apart]


def _is_running(line: Line, often: set[str]) -> bool:
    bare = _bare(line.text)
    return bare in often or not bare or bool(_RUNNING.search(line.text))


_RUNNING = re.compile(r"under review as|published as|workshop paper|workshop at iclr|preprint|arxiv:\d", re.IGNORECASE)


def _is_in_margin(line: Line, page: Page) -> bool:
    return line.baseline > page.height * 0.915 or line.baseline < page.height * 0.07


def _bare(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.casefold())


# --- The text block --------------------------------------------------------------------------------------


def measure(pages: list[Page]) -> TextBlock | None:
    """The text block by the body's own lines: those in the most frequent size. None where there is too little."""
    weights: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            weights[round(line.size * 2) / 2] += len(line.text)
    if sum(weights.values()) < 400:
        return None
    size = weights.most_common(1)[0][0]
    body = [line for page in pages for line in page.lines if abs(line.size - size) < 0.3 and len(line.text) > 20]
    if len(body) < 8:
        return None
    columns = _columns(body, pages[0].width)
    lefts = Counter(round(line.left) for line in body)
    rights = Counter(round(line.right) for line in body)
    left = min(_frequent(lefts, len(body)))
    right = max(_frequent(rights, len(body)))
    bottoms = sorted(min((line.baseline for line in page.lines), default=page.height) for page in pages)
    tops = sorted(max((line.box[3] for line in page.lines), default=0.0) for page in pages)
    return TextBlock(
        left, right, bottoms[len(bottoms) // 4], tops[3 * len(tops) // 4], size, _leading(body) or size * 1.1, columns
    )


def _frequent(places: Counter[int], total: int) -> list[int]:
    """Places where at least a twelfth of the lines begin or end, counted with their neighbours."""
    found = [p for p in places if places[p - 1] + places[p] + places[p + 1] >= max(3, total / 12)]
    return found or [places.most_common(1)[0][0]]


def _columns(body: list[Line], page_width: float) -> int:
    half = [line for line in body if line.width < page_width * 0.47]
    right = [line for line in half if line.left > page_width * 0.48]
    left = [line for line in half if line.right < page_width * 0.54]
    return 2 if len(half) > 0.7 * len(body) and min(len(left), len(right)) > 0.2 * len(body) else 1


def _leading(body: list[Line]) -> float | None:
    steps = Counter(
        round((before.baseline - after.baseline) * 4) / 4
        for before, after in pairwise(body)
        if before.page == after.page and 0 < before.baseline - after.baseline < 3 * before.size
    )
    return steps.most_common(1)[0][0] if steps else None
