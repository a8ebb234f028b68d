"""Real PDFs by the thousand: text in a base font, a page tree, a cross-reference table, and nothing else."""

import zlib
from collections.abc import Sequence
from functools import lru_cache
from textwrap import wrap

_HEAD = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
_LEFT, _TOP, _LEADING = 108, 700, 12
_HEAD_AT = 746  # points from the foot of the page
LINES_PER_PAGE = 53
_WIDE = 78  # characters of Times 10 point in a line of five and a half inches


@lru_cache(maxsize=512)
def lines_of(paragraph: str) -> tuple[str, ...]:
    return (*wrap(paragraph, _WIDE), "")


def make_pdf(
    pages: Sequence[Sequence[tuple[int, str]]], *, size: tuple[int, int] = (612, 792), title: str = "", head: str = ""
) -> bytes:
    """A PDF of pages that hold lines of (font size, text), set from the top. `title` goes into the metadata, `head`

    above every page.
    """
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", _font(), *([_info(title)] if title else [])]
    kids = []
    for lines in pages:
        content = zlib.compress(_content(lines, size[1], head), 6)
        number = len(objects) + 1
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (*size, number + 1)
        )
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(content), content))
        kids.append(b"%d 0 R" % number)
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    return _file(objects, b" /Info 4 0 R" if title else b"")


def _font() -> bytes:
    return b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /Encoding /WinAnsiEncoding >>"


def _info(title: str) -> bytes:
    return b"<< /Title %s >>" % _string(title)


def _content(lines: Sequence[tuple[int, str]], height: int, head: str) -> bytes:
    running = b"/F1 10 Tf 1 0 0 1 %d %d Tm %s Tj" % (_LEFT, _HEAD_AT, _string(head)) if head else b""
    out = [b"BT", running, b"1 0 0 1 %d %d Tm" % (_LEFT, min(_TOP, height - 62))]
    current = 0
    for size, text in lines:
        if size != current:
            out.append(b"/F1 %d Tf %d TL" % (size, max(size + 2, _LEADING)))
            current = size
        out.append(_string(text) + b" Tj T*" if text else b"T*")
    return b"\n".join([*out, b"ET"])


def _string(text: str) -> bytes:
    encoded = text.encode("cp1252", "replace")
    for special in (b"\\", b"(", b")"):
        encoded = encoded.replace(special, b"\\" + special)
    return b"(" + encoded + b")"


def _file(objects: list[bytes], more: bytes) -> bytes:
    out, offsets = bytearray(_HEAD), []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, more, start)
    return bytes(out)
