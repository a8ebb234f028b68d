"""Words that a program reads and nobody sees: the page is drawn with and without its letters, and compared.

One question covers white and transparent letters, letters without ink (render mode 3), switched-off layers, letters
under a rectangle or a picture, and clipped ones: does the drawing change where a word stands? Words outside the page
and too small to read are found by their places.
"""

import ctypes
from collections.abc import Iterator
from itertools import groupby

import pypdfium2
import pypdfium2.raw as pdfium

from submissions.pdfcheck.drawing import Drawing, draw_grey, scale_for
from submissions.pdfcheck.facts import Box
from submissions.pdfcheck.layout import Glyph, Hidden, Page

OUTSIDE, TINY, NO_INK, COVERED = "outside the page", "too small to read", "without ink", "covered by something"
_SCALE = 1.5  # pixels a point
_SECONDS = 1.5  # for one drawing
_FAINTEST = 8  # of 255; thin letters in a pale grey still differ twice as much from their ground
_SMALLEST = 2.0  # points
_NARROWEST = 0.35  # points a letter
_MOST_PARTS = 50_000
_DEEPEST = 6
_GROUND = 6.0  # points; what is smaller on either side (rules, arrows) covers no word


def hidden_words(page: pypdfium2.PdfPage, read: Page) -> list[Hidden]:
    """Words of a page that nobody sees. Raises drawing.TooHeavy or pypdfium2.PdfiumError."""
    scale = scale_for(page, _SCALE)
    drawn = draw_grey(page, scale, _SECONDS)
    bare = _without_letters(page, scale) if _has_grounds(page) else None
    found = []
    for word in _words(read):
        if why := _why(word, drawn, bare):
            found.append(Hidden("".join(glyph.text for glyph in word), _around(word), why))
    return found


def _why(word: list[Glyph], drawn: Drawing, bare: Drawing | None) -> str:
    box = _around(word)
    left, upper, right, lower = drawn.place.pixels(box)
    if right < 0 or left > drawn.width or lower < 0 or upper > drawn.height:
        return OUTSIDE
    letters = sum(glyph.text.isalnum() for glyph in word)
    if letters and (max(glyph.size for glyph in word) < _SMALLEST or _is_squeezed(word)):
        return TINY
    if letters < 2:
        return ""
    rows = _rows(drawn, box)
    if not rows:
        return ""
    contrast = _contrast(rows)
    if bare is None:
        return "" if contrast >= _FAINTEST else NO_INK
    if _change(rows, _rows(bare, box)) >= _FAINTEST:
        return ""
    return COVERED if contrast >= _FAINTEST else NO_INK


def _is_squeezed(word: list[Glyph]) -> bool:
    """Letters scaled sideways to nothing."""
    first, last = word[0], word[-1]
    return len(word) > 3 and max(last.right - first.left, max(g.top - g.bottom for g in word)) / len(word) < _NARROWEST


def _rows(drawing: Drawing, box: Box) -> list[bytes]:
    left, upper, right, lower = drawing.place.pixels(box)
    first, last = max(0, int(left)), min(drawing.width, int(right) + 1)
    upper, lower = max(0, int(upper)), min(drawing.height, int(lower) + 1)
    if last <= first:
        return []
    return [drawing.grey[row * drawing.width + first : row * drawing.width + last] for row in range(upper, lower)]


def _contrast(rows: list[bytes]) -> int:
    return max(map(max, rows)) - min(map(min, rows))


def _change(rows: list[bytes], others: list[bytes]) -> int:
    return max(
        (
            max(abs(a - b) for a, b in zip(one, other, strict=True))
            for one, other in zip(rows, others, strict=True)
            if one != other
        ),
        default=0,
    )


def _words(page: Page) -> Iterator[list[Glyph]]:
    for line in [*page.lines, *page.running]:
        for is_ink, run in groupby(line.glyphs, key=lambda glyph: not glyph.text.isspace()):
            if is_ink:
                yield list(run)


def _around(word: list[Glyph]) -> Box:
    return (
        min(glyph.left for glyph in word),
        min(glyph.bottom for glyph in word),
        max(glyph.right for glyph in word),
        max(glyph.top for glyph in word),
    )


# --- The page without its letters ---------------------------------------------------------------------------


def _has_grounds(page: pypdfium2.PdfPage) -> bool:
    """Whether anything but letters and thin lines is drawn, over or under which words could stand."""
    sides = [ctypes.c_float() for _ in range(4)]
    for part in _parts(page):
        if pdfium.FPDFPageObj_GetType(part) == pdfium.FPDF_PAGEOBJ_TEXT:
            continue
        if not pdfium.FPDFPageObj_GetBounds(part, *map(ctypes.byref, sides)):
            return True
        left, bottom, right, top = (side.value for side in sides)
        if right - left > _GROUND and top - bottom > _GROUND:
            return True
    return False


def _without_letters(page: pypdfium2.PdfPage, scale: float) -> Drawing:
    letters = list(_letters(_parts(page), 0))
    for part in letters:
        pdfium.FPDFPageObj_SetIsActive(part, False)
    try:
        return draw_grey(page, scale, _SECONDS)
    finally:
        for part in letters:
            pdfium.FPDFPageObj_SetIsActive(part, True)


def _parts(page: pypdfium2.PdfPage) -> Iterator:
    for index in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_PARTS)):
        yield pdfium.FPDFPage_GetObject(page, index)


def _letters(parts: Iterator, depth: int) -> Iterator:
    """Text objects, also those within forms."""
    for part in parts:
        kind = pdfium.FPDFPageObj_GetType(part)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            yield part
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            count = min(pdfium.FPDFFormObj_CountObjects(part), _MOST_PARTS)
            inner = (pdfium.FPDFFormObj_GetObject(part, index) for index in range(count))
            yield from _letters(inner, depth + 1)
