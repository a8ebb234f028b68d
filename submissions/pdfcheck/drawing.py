"""Pages drawn with PDFium, within a time: a drawing that would never end is given up."""

import ctypes
import math
import time
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from submissions.pdfcheck.facts import Box

_MOST_PIXELS = 4_000_000
_FINE = 16  # parts of a pixel, in which PDFium is asked where a point lies


class TooHeavy(Exception):  # noqa: N818  (a judgement on the page, not an error of ours)
    """The page takes longer to draw than there is time."""


@dataclass(frozen=True)
class Place:
    """How points of the page become pixels: `x' = a·x + c·y + e`, `y' = b·x + d·y + f`, turned pages included."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    @classmethod
    def of(cls, page: pypdfium2.PdfPage, width: int, height: int) -> "Place":
        """PDFium is asked, for a page's origin need not be a corner, and its box may be one that all pages share."""
        (e, f), (ax, ay), (bx, by) = (_pixel(page, width, height, *point) for point in ((0, 0), (1000, 0), (0, 1000)))
        return cls((ax - e) / 1000, (ay - f) / 1000, (bx - e) / 1000, (by - f) / 1000, e, f)

    @property
    def is_upright(self) -> bool:
        return self.a > 0 > self.d and abs(self.b) < abs(self.a) / 10

    def pixels(self, box: Box) -> Box:
        """Left, upper, right and lower edge in pixels from the upper left."""
        corners = [(box[i], box[j]) for i in (0, 2) for j in (1, 3)]
        xs = [self.a * x + self.c * y + self.e for x, y in corners]
        ys = [self.b * x + self.d * y + self.f for x, y in corners]
        return (min(xs), min(ys), max(xs), max(ys))


@dataclass(frozen=True)
class Drawing:
    """The page in grey, a byte a pixel, row by row."""

    grey: bytes
    width: int
    height: int
    place: Place


def scale_for(page: pypdfium2.PdfPage, wanted: float) -> float:
    """Pixels a point: as wanted, unless the page is so large that it would not fit."""
    width, height = page.get_size()
    return min(wanted, math.sqrt(_MOST_PIXELS / max(width * height, 1.0)))


def draw_grey(page: pypdfium2.PdfPage, scale: float, seconds: float) -> Drawing:
    """Raises TooHeavy, or pypdfium2.PdfiumError."""
    bitmap = draw(page, scale, seconds, pdfium.FPDFBitmap_Gray, pdfium.FPDF_GRAYSCALE)
    try:
        place = Place.of(page, bitmap.width, bitmap.height)
        return Drawing(bytes(bitmap.buffer), bitmap.width, bitmap.height, place)
    finally:
        bitmap.close()


def draw(page: pypdfium2.PdfPage, scale: float, seconds: float, kind: int, flags: int) -> pypdfium2.PdfBitmap:
    """The page on white, without what is written over it in notes."""
    width, height = (max(1, math.ceil(side * scale)) for side in page.get_size())
    bitmap = pypdfium2.PdfBitmap.new_native(width, height, kind)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    end = time.process_time() + seconds
    pause = pdfium.IFSDK_PAUSE(version=1)
    pause.NeedToPauseNow = type(pause.NeedToPauseNow)(lambda _: time.process_time() > end)
    status = pdfium.FPDF_RenderPageBitmap_Start(bitmap, page, 0, 0, width, height, 0, flags, pause)
    pdfium.FPDF_RenderPage_Close(page)
    if status == pdfium.FPDF_RENDER_DONE:
        return bitmap
    bitmap.close()
    raise TooHeavy


def _pixel(page: pypdfium2.PdfPage, width: int, height: int, x: float, y: float) -> tuple[float, float]:
    across, down = ctypes.c_int(), ctypes.c_int()
    fine = (0, 0, width * _FINE, height * _FINE, 0)
    pdfium.FPDF_PageToDevice(page, *fine, float(x), float(y), ctypes.byref(across), ctypes.byref(down))
    return across.value / _FINE, down.value / _FINE
