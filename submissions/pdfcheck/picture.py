"""One page as a PNG, for people to look at. Runs in the child process."""

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageOps

from submissions.pdfcheck.drawing import TooHeavy, draw, scale_for
from submissions.pdfcheck.images import judge_image
from submissions.pdfcheck.rules import Rules

_SCALE = 1.6  # pixels a point: sharp enough to read on a page of usual width
_SECONDS = 5.0


def write_picture(path: str, page: int, target: str, width: int = 0) -> bool:
    """Draw page `page` (from 1) as a PNG, so many pixels wide where a width is given.

    False if there is no such page, or it cannot be drawn in time.
    """
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError:
        return False
    try:
        return 1 <= page <= len(document) and _write(document[page - 1], target, width)
    except (pypdfium2.PdfiumError, TooHeavy):
        return False
    finally:
        document.close()


def _write(page: pypdfium2.PdfPage, target: str, width: int) -> bool:
    wanted = width / page.get_width() if width else _SCALE
    bitmap = draw(page, scale_for(page, wanted), _SECONDS, pdfium.FPDFBitmap_BGR, 0)
    try:
        bitmap.to_pil().save(target, format="PNG", optimize=False)
    finally:
        bitmap.close()
    return True


def write_slide(path: str, target: str, content_type: str, width: int) -> bool:
    """A slide as a PNG with nothing but its pixels, at most `width` wide; False if it cannot be drawn."""
    if content_type == "application/pdf":
        return write_picture(path, 1, target, width)
    if judge_image(path, Rules()).verdict == "refused":
        return False
    with Image.open(path, formats=("PNG", "JPEG")) as picture:
        plain = ImageOps.exif_transpose(picture).convert("RGB")
    plain.thumbnail((width, width))
    plain.info.clear()
    plain.save(target, format="PNG")
    return True
