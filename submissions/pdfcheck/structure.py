"""What pikepdf (qpdf) knows of a file: whether it is whole, its pages, active content and metadata."""

import pikepdf

from submissions.pdfcheck.active import active_content
from submissions.pdfcheck.facts import Structure
from submissions.pdfcheck.fonts import missing_fonts
from submissions.pdfcheck.gathering import gather
from submissions.pdfcheck.mapping import bare_copy, long_glyphs
from submissions.pdfcheck.opening import look_at_the_bytes
from submissions.pdfcheck.result import UnusableFile

MOST_PAGES = 1000
_LONGEST_METADATA = 1 << 20
_MOST_UNPACKED = 64 << 20  # bytes of one stream that qpdf may unpack
_MOST_PARTS = 500  # of one page's content
_BROKEN = (pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError, ArithmeticError, LookupError)


def read_structure(path: str) -> Structure:
    """Open a file with pikepdf and look at all of its objects.

    Raises:
        UnusableFile: it is no PDF, incomplete, encrypted, dangerous or broken beyond repair.
    """
    look_at_the_bytes(path)
    pikepdf.settings.set_qpdf_limits(
        flate_max_memory=_MOST_UNPACKED, run_length_max_memory=_MOST_UNPACKED, png_max_memory=_MOST_UNPACKED,
        tiff_max_memory=_MOST_UNPACKED, dct_max_memory=_MOST_UNPACKED, doc_max_warnings=2000,
    )  # fmt: skip
    try:
        pdf = pikepdf.open(path, suppress_warnings=True)
    except pikepdf.PasswordError as error:
        raise UnusableFile("file.encrypted", "The file is locked with a password. Upload it without one.") from error
    except (pikepdf.PdfError, RuntimeError, ValueError) as error:
        if "no pages" in str(error):
            _refuse_odd_counts(0)
        raise UnusableFile(
            "file.unreadable", "The file is damaged and cannot be read. Make the PDF again and upload it."
        ) from error
    with pdf:
        if pdf.is_encrypted:
            raise UnusableFile(
                "file.encrypted", "The file is encrypted (it restricts copying or printing). Export it without that."
            )
        structure = _describe(pdf)
        structure.links, structure.sayings = gather(pdf, path)
        structure.fonts = missing_fonts(pdf)
        structure.glyphs, structure.bare = long_glyphs(pdf), bare_copy(pdf)
        return structure


def _describe(pdf: pikepdf.Pdf) -> Structure:
    try:
        count = len(pdf.pages)
        _refuse_odd_counts(count)
        structure = Structure(count, [_size_of(page) for page in pdf.pages])
    except _BROKEN as error:
        raise UnusableFile("file.unreadable", "The list of pages is broken. Make the PDF again.") from error
    structure.active, structure.complete_walk = active_content(pdf)
    structure.metadata = _metadata(pdf)
    structure.unreadable_pages = [number for number, page in enumerate(pdf.pages, start=1) if not _is_readable(page)]
    structure.repaired = "; ".join(str(warning) for warning in pdf.get_warnings()[:3])
    return structure


def _refuse_odd_counts(pages: int) -> None:
    if pages == 0:
        raise UnusableFile("file.no_pages", "The file has no pages. Make the PDF again.")
    if pages > MOST_PAGES:
        raise UnusableFile("file.too_many_pages", f"The file has {pages} pages; no more than {MOST_PAGES} can be read.")


def _size_of(page: pikepdf.Page) -> tuple[float, float]:
    """As it is shown: the visible part of the page, turned."""
    crop, media = _box(page.cropbox), _box(page.mediabox)
    left, bottom = max(crop[0], media[0]), max(crop[1], media[1])
    width, height = min(crop[2], media[2]) - left, min(crop[3], media[3]) - bottom
    if width <= 0 or height <= 0:  # a cut-out beside the page shows the whole page
        width, height = media[2] - media[0], media[3] - media[1]
    turn = page.obj.get("/Rotate", 0)
    turned = isinstance(turn, int) and turn % 180 == 90
    return (height, width) if turned else (width, height)


def _box(sides: pikepdf.Array) -> tuple[float, float, float, float]:
    a, b, c, d = (float(side) for side in sides)
    return (min(a, c), min(b, d), max(a, c), max(b, d))


def _is_readable(page: pikepdf.Page) -> bool:
    """Whether the page's content can be unpacked, as any viewer has to."""
    content = page.obj.get("/Contents")
    try:
        parts = list(content)[:_MOST_PARTS] if isinstance(content, pikepdf.Array) else [content]
        for part in {part.objgen: part for part in parts if isinstance(part, pikepdf.Stream)}.values():
            part.read_bytes()
    except _BROKEN:
        return False
    return True


def _metadata(pdf: pikepdf.Pdf) -> dict[str, str]:
    """Info entries by name, and the whole XMP packet under "XMP"."""
    found: dict[str, str] = {}
    try:
        for key, value in pdf.docinfo.items():
            found[str(key).lstrip("/")] = str(value)[:2000]
        packet = pdf.Root.get("/Metadata")
        if isinstance(packet, pikepdf.Stream):
            found["XMP"] = packet.read_bytes()[:_LONGEST_METADATA].decode("utf-8", "replace")
    except _BROKEN:
        found["unreadable"] = "The metadata of this file cannot be read."
    return found
