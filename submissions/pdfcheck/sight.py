"""Words that a program reads and nobody sees: the page is drawn with and without its letters, and compared.

One question covers white and transparent letters, letters without ink (render mode 3), switched-off layers, letters
under a rectangle or a picture, and clipped ones: does the drawing change where a word stands? Words outside the page
and too small to read are found by their places.
"""

from collections.abc import Iterator
from itertools import groupby

import pypdfium2

from submissions.pdfcheck.drawing import Drawing, draw_grey, scale_for
from submissions.pdfcheck.facts import Box
from submissions.pdfcheck.layout import Glyph, Hidden, Page
from submissions.pdfcheck.parts import Parts

OUTSIDE, TINY, NO_INK, COVERED = "outside the page", "too small to read", "without ink", "covered by something"
_SCALE = 1.5  # pixels a point
_SECONDS = 1.5  # for one drawing
_FAINTEST = 8  # of 255; thin letters in a pale grey still differ twice as much from their ground
_SMALLEST = 2.0  # points
_NARROWEST = 0.35  # points a letter


def hidden_words(page: pypdfium2.PdfPage, read: Page) -> list[Hidden]:
    """Words of a page that nobody sees. Raises drawing.TooHeavy or pypdfium2.PdfiumError."""
    parts = Parts(page)
    try:
        return list(_hidden(page, list(_words(read)), parts))
    finally:
        parts.close()


def _hidden(page: pypdfium2.PdfPage, words: list[list[Glyph]], parts: Parts) -> Iterator[Hidden]:
    scale = scale_for(page, _SCALE)
    drawn = draw_grey(page, scale, _SECONDS)
    bare = None
    if any(_may_be_covered(words, parts)):
        with parts.without_letters():
            bare = draw_grey(page, scale, _SECONDS)
    for word in words:
        if why := _why(word, drawn, bare):
            at = word[0].index
            is_cut_off = parts.is_in_figure(at) and (why == TINY or parts.has_dark_ink(at))
            yield Hidden("".join(glyph.text for glyph in word), _around(word), why, is_cut_off)


def _may_be_covered(words: list[list[Glyph]], parts: Parts) -> Iterator[bool]:
    """Words of the page's own that something else lies under or over: only there a drawing can deceive."""
    grounds = parts.grounds()
    if grounds is None:
        yield True
        return
    for word in words if grounds else ():
        if any(_touch(_around(word), ground) for ground in grounds):
            yield not parts.is_in_figure(word[0].index)


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _why(word: list[Glyph], drawn: Drawing, bare: Drawing | None) -> str:
    box = _around(word)
    left, upper, right, lower = drawn.place.pixels(box)
    if right < 0 or left > drawn.width or lower < 0 or upper > drawn.height:
        return OUTSIDE
    letters = sum(glyph.text.isalnum() for glyph in word)
    if letters and (max(glyph.size for glyph in word) < _SMALLEST or _is_squeezed(word)):
        return TINY
    rows = _rows(drawn, box) if letters > 1 else []
    return _by_ink(rows, _rows(bare, box) if bare else None) if rows else ""


def _by_ink(rows: list[bytes], bare: list[bytes] | None) -> str:
    contrast = max(map(max, rows)) - min(map(min, rows))
    if bare is None:
        return "" if contrast >= _FAINTEST else NO_INK
    if _change(rows, bare) >= _FAINTEST:
        return ""
    return COVERED if contrast >= _FAINTEST else NO_INK


def _change(rows: list[bytes], others: list[bytes]) -> int:
    """The largest difference of two pieces of the same size."""
    pairs = ((one, other) for one, other in zip(rows, others, strict=True) if one != other)
    return max((abs(a - b) for one, other in pairs for a, b in zip(one, other, strict=True)), default=0)


def _is_squeezed(word: list[Glyph]) -> bool:
    """Letters scaled sideways to nothing."""
    left, bottom, right, top = _around(word)
    length = right - left if all(glyph.upright for glyph in word) else max(right - left, top - bottom)
    return len(word) > 3 and length / len(word) < _NARROWEST


def _rows(drawing: Drawing, box: Box) -> list[bytes]:
    left, upper, right, lower = drawing.place.pixels(box)
    first, last = max(0, int(left)), min(drawing.width, int(right) + 1)
    upper, lower = max(0, int(upper)), min(drawing.height, int(lower) + 1)
    if last <= first:
        return []
    return [drawing.grey[row * drawing.width + first : row * drawing.width + last] for row in range(upper, lower)]


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
