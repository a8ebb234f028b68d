"""Words that a program reads and nobody sees: where the page as drawn shows no ink in a word's own box.

One question covers white and transparent letters, letters without ink (render mode 3), letters under a white
rectangle, behind a picture of one colour, and clipped ones; words outside the page and too small to read are found
by their places. A scan with its recognised text behind it is no finding, since its picture shows what the words say.
"""

import ctypes
import re
from collections.abc import Iterator
from itertools import groupby

import pypdfium2
import pypdfium2.raw as pdfium

from submissions.pdfcheck.layout import Glyph, Hidden, Page
from submissions.pdfcheck.result import BLOCKS, IDENTITY, INFORMS, WARNS, Finding

_SCALE = 1.5  # pixels a point
_FAINTEST = 8  # of 255; thin letters in a pale grey still differ twice as much from their ground
_FINE = 16  # parts of a pixel, in which PDFium is asked where the page's origin lies
_SMALLEST = 2.0  # points
_SENTENCE = 8  # hidden words on one page
_FEWEST = 3
_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget)\b.{0,40}\b(?:instructions?|prompts?|above|previous)\b"
    r"|\b(?:language model|llm|chatgpt|gpt-?\d|ai (?:model|reviewer|assistant)|as an ai)\b"
    r"|\b(?:give|write|provide|recommend|only)\b.{0,40}"
    r"\b(?:positive|favou?rable|strong(?:ly)?) (?:reviews?|scores?|accept\w*)"
    r"|\b(?:do not|don't|never) (?:mention|highlight|list|discuss)\b.{0,40}\b(?:weakness\w*|negatives?|limitations?)"
    r"|\b(?:recommend|suggest) (?:strong )?accept",
    re.IGNORECASE,
)
Box = tuple[float, float, float, float]


def hidden_words(page: pypdfium2.PdfPage, read: Page) -> list[Hidden]:
    """Words of a page without ink, outside of it, or too small. Raises pypdfium2.PdfiumError."""
    if page.get_rotation():
        return []
    ink = _Ink(page)
    found = []
    for word in _words(read):
        text, box = "".join(glyph.text for glyph in word), _around(word)
        if ink.is_outside(box):
            found.append(Hidden(text, box, "outside the page"))
        elif max(glyph.size for glyph in word) < _SMALLEST:
            found.append(Hidden(text, box, "too small to read"))
        elif sum(map(str.isalnum, text)) > 1 and not ink.shows(box):
            found.append(Hidden(text, box, "without ink"))
    return found


def judge_hidden(pages: list[Page]) -> Iterator[Finding]:
    """One finding a page: an instruction blocks, a sentence warns, some words only inform."""
    for page in pages:
        for why, run in groupby(page.hidden, key=lambda word: word.why):
            words = list(run)
            text = " ".join(word.text for word in words)
            if len(words) < _FEWEST and not _INSTRUCTION.search(text):
                continue
            severity, message = _verdict(text, len(words), why)
            code, box = f"hidden.{_CODES[why]}", _spanning([word.box for word in words])
            yield Finding(code, severity, message, page=page.number, excerpt=text, kind=IDENTITY, box=box)


_CODES = {"outside the page": "outside", "too small to read": "tiny", "without ink": "no_ink"}


def _verdict(text: str, count: int, why: str) -> tuple[str, str]:
    if _INSTRUCTION.search(text):
        message = f"Words that nobody sees ({why}) speak to a program that reads the paper. Remove them."
        return BLOCKS, message
    if count >= _SENTENCE:
        return WARNS, f"This page has words that nobody sees ({why}). Remove them, or show them."
    return INFORMS, f"A few words on this page are {why}, in a figure perhaps."


def _words(page: Page) -> Iterator[list[Glyph]]:
    for line in page.lines:
        for is_ink, run in groupby(line.glyphs, key=lambda glyph: not glyph.text.isspace()):
            word = list(run)
            if is_ink:
                yield word


def _around(word: list[Glyph]) -> Box:
    return _spanning([(glyph.left, glyph.bottom, glyph.right, glyph.top) for glyph in word])


def _spanning(boxes: list[Box]) -> Box:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return (min(lefts), min(bottoms), max(rights), max(tops))


class _Ink:
    """The page in grey, as it is drawn."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        bitmap = page.render(scale=_SCALE, grayscale=True, may_draw_forms=False)
        self.grey, self.stride = bytes(bitmap.buffer), bitmap.stride
        self.width, self.height = bitmap.width, bitmap.height
        bitmap.close()
        # The page's own origin need not be a corner, and its box may be one that all pages share: PDFium knows.
        x, y = ctypes.c_int(), ctypes.c_int()
        fine = (0, 0, self.width * _FINE, self.height * _FINE, 0)
        pdfium.FPDF_PageToDevice(page, *fine, 0.0, 0.0, ctypes.byref(x), ctypes.byref(y))
        self.x, self.y = x.value / _FINE, y.value / _FINE

    def is_outside(self, box: Box) -> bool:
        left, upper, right, lower = self._pixels(box)
        return right < 0 or left > self.width or lower < 0 or upper > self.height

    def _pixels(self, box: Box) -> Box:
        """Left, upper, right and lower edge in pixels from the upper left."""
        across = (self.x + box[0] * _SCALE, self.x + box[2] * _SCALE)
        down = (self.y - box[3] * _SCALE, self.y - box[1] * _SCALE)
        return (across[0], down[0], across[1], down[1])

    def shows(self, box: Box) -> bool:
        """Whether anything stands out in the box."""
        left, upper, right, lower = self._pixels(box)
        first, last = max(0, int(left)), min(self.width, int(right) + 1)
        upper, lower = max(0, int(upper)), min(self.height, int(lower) + 1)
        if last <= first or lower <= upper:
            return True
        rows = [self.grey[row * self.stride + first : row * self.stride + last] for row in range(upper, lower)]
        return max(map(max, rows)) - min(map(min, rows)) >= _FAINTEST
