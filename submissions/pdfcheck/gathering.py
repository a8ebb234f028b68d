"""Links and words beside the pages, gathered with pikepdf: bookmarks, notes, attachments, fields, earlier versions."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pikepdf

from submissions.pdfcheck.facts import Link, Saying

_MOST_PAGES = 200
_MOST_LINKS = 2_000
_MOST_SAYINGS = 500
_MOST_REVISIONS = 3
_LARGEST_WITH_REVISIONS = 64 << 20
_BROKEN = (pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError, KeyError, IndexError)


def gather(pdf: pikepdf.Pdf, path: str) -> tuple[list[Link], list[Saying]]:
    """What can be read; a part that is broken has nothing to say."""
    links: list[Link] = []
    sayings: list[Saying] = []
    for number, page in enumerate(pdf.pages[:_MOST_PAGES], start=1):
        for note in _annotations(page):
            links += _link(note, number)
            sayings += _notes(note, number)
        if len(links) > _MOST_LINKS or len(sayings) > _MOST_SAYINGS:
            break
    sayings += _bookmarks(pdf)
    sayings += _attachments(pdf)
    sayings += _earlier(path)
    return links[:_MOST_LINKS], sayings[:_MOST_SAYINGS]


def _annotations(page: pikepdf.Page) -> list[pikepdf.Object]:
    try:
        found = page.obj.get("/Annots")
        return [found[at] for at in range(min(len(found), _MOST_LINKS))] if isinstance(found, pikepdf.Array) else []
    except _BROKEN:
        return []


def _link(note: pikepdf.Object, page: int) -> Iterator[Link]:
    try:
        action = note.get("/A")
        address = action.get("/URI") if isinstance(action, pikepdf.Dictionary) else None
        if address is not None:
            yield Link(page, str(address)[:1000], _box(note))
    except _BROKEN:
        return


def _box(note: pikepdf.Object) -> tuple[float, float, float, float] | None:
    sides = [float(side) for side in note.get("/Rect", [])]
    if len(sides) != 4:
        return None
    return (min(sides[0], sides[2]), min(sides[1], sides[3]), max(sides[0], sides[2]), max(sides[1], sides[3]))


def _notes(note: pikepdf.Object, page: int) -> Iterator[Saying]:
    """Who wrote a note, what it says, and what stands in a form's field."""
    try:
        kind = "field" if note.get("/Subtype") == "/Widget" else "note"
        for key in ("/T", "/Contents", "/V", "/TU"):
            value = note.get(key)
            if isinstance(value, pikepdf.String):
                yield Saying(kind, str(value)[:1000], page)
    except _BROKEN:
        return


def _bookmarks(pdf: pikepdf.Pdf) -> list[Saying]:
    found: list[Saying] = []
    try:
        waiting = [pdf.Root.get("/Outlines")]
        seen = 0
        while waiting and seen < _MOST_SAYINGS:
            item = waiting.pop()
            seen += 1
            if not isinstance(item, pikepdf.Dictionary):
                continue
            if "/Title" in item:
                found.append(Saying("bookmark", str(item["/Title"])[:500]))
            waiting += [item.get("/Next"), item.get("/First")]
    except _BROKEN:
        return found
    return found


def _attachments(pdf: pikepdf.Pdf) -> list[Saying]:
    try:
        return [Saying("attachment", str(name)[:300]) for name in list(pdf.attachments)[:50]]
    except _BROKEN:
        return []


def _earlier(path: str) -> list[Saying]:
    """Properties and first page of versions that an incremental save left inside the file."""
    if Path(path).stat().st_size > _LARGEST_WITH_REVISIONS:
        return []
    whole = Path(path).read_bytes()
    ends = [at + 5 for at in _positions(whole, b"%%EOF")][:-1]
    found = []
    for end in ends[-_MOST_REVISIONS:]:
        found += _said_in(whole[:end] + b"\n")
    return found


def _positions(data: bytes, mark: bytes) -> Iterator[int]:
    at = data.find(mark)
    while at >= 0:
        yield at
        at = data.find(mark, at + 1)


def _said_in(version: bytes) -> list[Saying]:
    """Empty where the piece is no PDF of its own, as in a linearised file."""
    import pypdfium2

    found = []
    try:
        with pikepdf.open(BytesIO(version), suppress_warnings=True, attempt_recovery=False) as pdf:
            found += [Saying("earlier", str(value)[:500]) for value in pdf.docinfo.values()]
        document = pypdfium2.PdfDocument(version)
        try:
            found.append(Saying("earlier", document[0].get_textpage().get_text_bounded()[:4000]))
        finally:
            document.close()
    except (*_BROKEN, pypdfium2.PdfiumError):
        return found
    return found
