"""The parts that PDFium draws a page from: which are letters, which are grounds that words can stand on or under."""

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager

import pypdfium2
import pypdfium2.raw as pdfium

from submissions.pdfcheck.facts import Box

_MOST_PARTS = 50_000
_DEEPEST = 6
_GROUND = 6.0  # points; what is smaller on either side (rules, arrows, ticks) covers no word
_MOST_GROUNDS = 300
_PALE = 200  # of 255
_FAINT = 64  # of 255, opacity
_INKED_MODES = {pdfium.FPDF_TEXTRENDERMODE_FILL, pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE}


class Parts:
    """The parts of one page. Close it after use."""

    def __init__(self, page: pypdfium2.PdfPage) -> None:
        self.page = page
        self.textpage = page.get_textpage()
        count = min(pdfium.FPDFPage_CountObjects(page), _MOST_PARTS)
        self._own = [pdfium.FPDFPage_GetObject(page, index) for index in range(count)]
        self._own_letters = {_address(part) for part in self._own if _is_text(part)}

    def close(self) -> None:
        self.textpage.close()

    def is_in_figure(self, glyph: int) -> bool:
        """Whether a glyph, by its number on the page, belongs to something that was put in as a whole (a form)."""
        return _address(pdfium.FPDFText_GetTextObject(self.textpage, glyph)) not in self._own_letters

    def has_dark_ink(self, glyph: int) -> bool:
        """Whether the glyph would be seen on white paper, if nothing cut it off or covered it."""
        part = pdfium.FPDFText_GetTextObject(self.textpage, glyph)
        red, green, blue, opacity = (ctypes.c_uint() for _ in range(4))
        if not part or pdfium.FPDFTextObj_GetTextRenderMode(part) not in _INKED_MODES:
            return False
        pdfium.FPDFPageObj_GetFillColor(part, *map(ctypes.byref, (red, green, blue, opacity)))
        return min(red.value, green.value, blue.value) < _PALE and opacity.value > _FAINT

    def grounds(self) -> list[Box] | None:
        """Boxes of what else stands on the page, but thin lines; None if there is too much to say."""
        sides = [ctypes.c_float() for _ in range(4)]
        found: list[Box] = []
        for part in self._own:
            if _is_text(part):
                continue
            if not pdfium.FPDFPageObj_GetBounds(part, *map(ctypes.byref, sides)) or len(found) >= _MOST_GROUNDS:
                return None
            left, bottom, right, top = (side.value for side in sides)
            if right - left > _GROUND and top - bottom > _GROUND:
                found.append((left, bottom, right, top))
        return found

    @contextmanager
    def without_letters(self) -> Iterator[None]:
        """While it lasts, the page is drawn without any text, also that within forms."""
        letters = list(_letters(iter(self._own), 0))
        for part in letters:
            pdfium.FPDFPageObj_SetIsActive(part, False)
        try:
            yield
        finally:
            for part in letters:
                pdfium.FPDFPageObj_SetIsActive(part, True)


def _letters(parts: Iterator, depth: int) -> Iterator:
    for part in parts:
        if _is_text(part):
            yield part
        elif pdfium.FPDFPageObj_GetType(part) == pdfium.FPDF_PAGEOBJ_FORM and depth < _DEEPEST:
            count = min(pdfium.FPDFFormObj_CountObjects(part), _MOST_PARTS)
            yield from _letters((pdfium.FPDFFormObj_GetObject(part, index) for index in range(count)), depth + 1)


def _is_text(part) -> bool:
    return pdfium.FPDFPageObj_GetType(part) == pdfium.FPDF_PAGEOBJ_TEXT


def _address(part) -> int:
    return ctypes.cast(part, ctypes.c_void_p).value or 0
