"""Fonts that a file names but does not bring along: another machine shows other letters, or none.

The fourteen base fonts of PDF 1.7 (section 9.6.2.2) are not missed, for every viewer has them.
"""

from collections.abc import Iterator

import pikepdf

from submissions.pdfcheck.facts import MissingFont
from submissions.pdfcheck.result import WARNS, Finding

_MOST_PAGES, _MOST_FONTS, _DEEPEST = 200, 500, 4
_BROKEN = (pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError, KeyError, IndexError)
_BASE = ("Times-", "Helvetica", "Courier", "Symbol", "ZapfDingbats", "TimesNewRoman", "Arial", "CourierNew")


def missing_fonts(pdf: pikepdf.Pdf) -> list[MissingFont]:
    """Each such font once, with the first page that uses it; fonts that cannot be read are left to the readers."""
    found: dict[str, MissingFont] = {}
    seen: set[tuple[int, int]] = set()
    for number, page in enumerate(pdf.pages[:_MOST_PAGES], start=1):
        for font in _fonts(page.obj.get("/Resources"), seen, _DEEPEST):
            name = _name_if_missing(font)
            if name:
                found.setdefault(name, MissingFont(name, number))
        if len(seen) > _MOST_FONTS:
            break
    return list(found.values())


def _fonts(resources: pikepdf.Object | None, seen: set[tuple[int, int]], depth: int) -> Iterator[pikepdf.Object]:
    """Fonts of a page and of the figures drawn on it, each object once."""
    try:
        if depth == 0 or not isinstance(resources, pikepdf.Dictionary):
            return
        for font in _values(resources.get("/Font")):
            if _is_new(font, seen):
                yield font
        for drawn in _values(resources.get("/XObject")):
            if isinstance(drawn, pikepdf.Stream) and drawn.get("/Subtype") == "/Form" and _is_new(drawn, seen):
                yield from _fonts(drawn.get("/Resources"), seen, depth - 1)
    except _BROKEN:
        return


def _values(held: pikepdf.Object | None) -> list[pikepdf.Object]:
    return [held[key] for key in list(held.keys())[:_MOST_FONTS]] if isinstance(held, pikepdf.Dictionary) else []


def _is_new(thing: pikepdf.Object, seen: set[tuple[int, int]]) -> bool:
    key = thing.objgen
    if key != (0, 0) and key in seen:
        return False
    seen.add(key)
    return True


def _name_if_missing(font: pikepdf.Object) -> str:
    """Its name, where its letters are not in the file; empty for base fonts and those drawn in the file itself."""
    try:
        if font.get("/Subtype") == "/Type3":
            return ""
        name = str(font.get("/BaseFont", "")).lstrip("/").rpartition("+")[2]
        inner = font["/DescendantFonts"][0] if font.get("/Subtype") == "/Type0" else font
        descriptor = inner.get("/FontDescriptor")
        has_file = isinstance(descriptor, pikepdf.Dictionary) and any(
            key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")
        )
        return "" if has_file or name.startswith(_BASE) else name[:100]
    except _BROKEN:
        return ""


def judge_fonts(missing: list[MissingFont]) -> list[Finding]:
    if not missing:
        return []
    names = ", ".join(font.name for font in missing[:5]) + (" …" if len(missing) > 5 else "")
    message = f"Not all fonts are in the file ({names}); others will see other letters. Embed all fonts."
    return [Finding("font.not_embedded", WARNS, message, page=missing[0].page, excerpt=names)]
