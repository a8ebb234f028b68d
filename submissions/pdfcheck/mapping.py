"""Letters that say other than they show: replacement texts, glyphs that stand for sentences, fonts that lie.

`bare_copy` gives the file without its replacement texts (ActualText, PDF 32000-1, 14.9.4), so that the same reader
tells what the glyphs themselves say. Ligatures, hyphens and formulas are replaced in honest papers too.
"""

import io
import re
from collections.abc import Iterator, Sequence

import pikepdf

from submissions.pdfcheck.facts import Saying
from submissions.pdfcheck.hidden import is_prose, speaks_to_a_program
from submissions.pdfcheck.layout import Layout, Page
from submissions.pdfcheck.result import BLOCKS, IDENTITY, INFORMS, WARNS, Finding

_BROKEN = (pikepdf.PdfError, RuntimeError, ValueError, TypeError, AttributeError, LookupError)
_MOST_STREAMS = 2000
_LONG = re.compile(rb"<[0-9A-Fa-f]{2,8}>\s*<((?:[0-9A-Fa-f]\s*){48,})>")  # one glyph for twelve letters or more
_MOST_LONG = 20
_REPLACED = "/ActualText"
_FEWEST = 3
_DEEPEST = 5


def bare_copy(pdf: pikepdf.Pdf) -> bytes | None:
    """The file without replacement texts; None if it has none. The open file is changed: call this last."""
    try:
        found = [_strip(thing) for thing in _carriers(pdf)]
        if not any(found):
            return None
        out = io.BytesIO()
        pdf.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        return out.getvalue()
    except _BROKEN:
        return None


def _carriers(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """What can hold a replacement text: content, forms, and the properties that content refers to."""
    seen: set[tuple[int, int]] = set()
    for page in pdf.pages:
        content = page.obj.get("/Contents")
        parts = list(content) if isinstance(content, pikepdf.Array) else [content]
        for part in parts[:_MOST_STREAMS]:
            if isinstance(part, pikepdf.Stream) and part.objgen not in seen:
                seen.add(part.objgen)
                yield part
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream):
            if thing.get("/Subtype") == "/Form" and thing.objgen not in seen:
                yield thing
        elif isinstance(thing, pikepdf.Dictionary) and _REPLACED.encode() in thing.unparse(resolved=True):
            yield thing


def _strip(thing: pikepdf.Object) -> bool:
    if isinstance(thing, pikepdf.Stream):
        data = thing.read_bytes()
        if _REPLACED.encode() in data:
            thing.write(data.replace(_REPLACED.encode(), b"/AktualText"))
            return True
        thing = thing.stream_dict
    return _strip_dictionary(thing, 0)


def _strip_dictionary(thing: pikepdf.Object, depth: int) -> bool:
    if depth > _DEEPEST:
        return False
    found = _REPLACED in thing
    if found:
        del thing[_REPLACED]
    for key in thing.keys():  # noqa: SIM118  (pikepdf dictionaries iterate otherwise)
        child = thing[key]
        if isinstance(child, pikepdf.Dictionary) and not child.is_indirect:
            found = _strip_dictionary(child, depth + 1) or found
    return found


def long_glyphs(pdf: pikepdf.Pdf) -> list[Saying]:
    """What single glyphs stand for, where that is longer than any ligature."""
    found: list[Saying] = []
    for thing in pdf.objects:
        if not isinstance(thing, pikepdf.Dictionary) or len(found) >= _MOST_LONG:
            continue
        table = thing.get("/ToUnicode")
        try:
            data = table.read_bytes() if isinstance(table, pikepdf.Stream) else b""
        except _BROKEN:
            continue
        for match in _LONG.finditer(data):
            words = bytes.fromhex(re.sub(rb"\s", b"", match.group(1)).decode()).decode("utf-16-be", "replace")
            found.append(Saying("glyph", words))
    return found


def replaced_words(page: Page, bare: Page) -> list[str]:
    """Words that a program reads on the page and that its glyphs do not say."""
    said = _letters(bare.text + " ".join(line.text for line in bare.running))
    lines = [*page.lines, *page.running]
    return [word for line in lines for word in line.text.split() if _letters(word) and _letters(word) not in said]


def judge_mapping(layout: Layout, glyphs: Sequence[Saying]) -> Iterator[Finding]:
    """Instructions block; sentences and lying fonts warn; else it is for information."""
    for number, words in layout.replaced:
        text = " ".join(words)
        if len(words) >= _FEWEST or speaks_to_a_program(text):
            severity = BLOCKS if speaks_to_a_program(text) else WARNS if is_prose(text) else INFORMS
            message = "A program reads other words on this page than it shows (ActualText). Remove the replacement."
            yield Finding("hidden.replaced", severity, message, page=number, excerpt=text, kind=IDENTITY)
    for glyph in glyphs:
        severity = BLOCKS if speaks_to_a_program(glyph.text) else WARNS
        message = "A single letter of a font stands for many words when a program reads it. Make the PDF again."
        yield Finding("hidden.mapping", severity, message, excerpt=glyph.text, kind=IDENTITY)
    yield from _lying(layout)


def _lying(layout: Layout) -> Iterator[Finding]:
    if not layout.lying_fonts:
        return
    names = {font for font, _, _ in layout.lying_fonts}
    _, number, box = layout.lying_fonts[0]
    text = " ".join(line.text for line in layout.lines() if line.font in names)
    severity = BLOCKS if speaks_to_a_program(text[:20_000]) else WARNS
    message = (
        "Letters in this file look other than what a program reads, so searching and copying give wrong words. Make "
        f"the PDF with its fonts embedded anew: {', '.join(sorted(names))}."
    )
    yield Finding("hidden.mapping", severity, message, page=number, excerpt=text, kind=IDENTITY, box=box)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.casefold())
