"""Where the words stand on the pages: lines with boxes, sizes and fonts, read glyph by glyph with PDFium.

Coordinates are PDF points with the origin at the lower left of the page.
"""

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium


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
            yield from line_of(current, page)
            current = []
        current.append(glyph)
    yield from line_of(current, page)


def _last_inked(glyphs: list[Glyph]) -> Glyph:
    return next((glyph for glyph in reversed(glyphs) if not glyph.generated), glyphs[-1])


def _starts_anew(before: Glyph, glyph: Glyph) -> bool:
    size = max(before.size, glyph.size, 1.0)
    if abs(glyph.baseline - before.baseline) > 0.6 * size:
        return True
    gap = glyph.left - before.right
    return gap > 2.2 * size or gap < -3 * size


def unmarked(line: Line) -> Line:
    """The line without small raised signs, such as the marks of affiliations behind names."""
    largest = max((glyph.size for glyph in line.glyphs if not glyph.text.isspace()), default=line.size)
    kept = [
        replace(glyph, text=" ") if glyph.size < 0.82 * largest and glyph.baseline > line.baseline + 1 else glyph
        for glyph in line.glyphs
    ]
    return next(line_of(kept, line.page), line)


def line_of(glyphs: list[Glyph], page: int) -> Iterator[Line]:
    """The line that these glyphs make; none where no ink is among them."""
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
