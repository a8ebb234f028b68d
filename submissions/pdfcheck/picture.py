"""One page as a PNG, for people to look at. Runs in the child process."""

import pypdfium2
import pypdfium2.raw as pdfium

from submissions.pdfcheck.drawing import TooHeavy, draw, scale_for

_SCALE = 1.6  # pixels a point: sharp enough to read on a page of usual width
_SECONDS = 5.0


def write_picture(path: str, page: int, target: str) -> bool:
    """Draw page `page` (from 1) as a PNG; False if there is no such page, or it cannot be drawn in time."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return False
    try:
        return 1 <= page <= len(document) and _write(document[page - 1], target)
    except (pypdfium2.PdfiumError, TooHeavy):
        return False
    finally:
        document.close()


def _write(page: pypdfium2.PdfPage, target: str) -> bool:
    bitmap = draw(page, scale_for(page, _SCALE), _SECONDS, pdfium.FPDFBitmap_BGR, 0)
    try:
        bitmap.to_pil().save(target, format="PNG", optimize=False)
    finally:
        bitmap.close()
    return True
