"""PDFs written object by object, so that anything can be wrong with them."""

import zlib
from collections.abc import Mapping

PAGE_TEXT = b"BT /F1 10 Tf 72 700 Td (We study how models carry over to radar, and what is lost on the way.) Tj ET"
CATALOGUE, PAGES, PAGE, CONTENT, FONT = 1, 2, 3, 4, 5


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data), entries, data)


def flate(data: bytes, entries: bytes = b"") -> bytes:
    return stream(zlib.compress(data, 9), b"/Filter /FlateDecode " + entries)


def zeros(megabytes: int) -> bytes:
    """So many megabytes of zeros, deflated: one flushed block again and again, and the checksum by its formula."""
    packer = zlib.compressobj(9)
    head = packer.compress(b"\0" * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b"\0" * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = ((megabytes << 20) % 65521) << 16 | 1  # Adler-32 of zeros
    return head + block * (megabytes - 1) + b"\x03\x00" + checksum.to_bytes(4, "big")


def page_entries(more: bytes = b"", box: bytes = b"[0 0 612 792]") -> bytes:
    return b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> %s >>" % (
        box,
        more,
    )


def plain() -> dict[int, bytes]:
    """The objects of a file of one page."""
    return {
        CATALOGUE: b"<< /Type /Catalog /Pages 2 0 R >>",
        PAGES: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        PAGE: page_entries(),
        CONTENT: stream(PAGE_TEXT),
        FONT: b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman >>",
    }


def written(
    objects: Mapping[int, bytes],
    *,
    trailer: bytes = b"",
    header: bytes = b"%PDF-1.7\n",
    root: bytes = b"1 0 R",
    shift: int = 0,
    table: bool = True,
) -> bytes:
    """The whole file. `shift` puts every offset of the table wrong by so much; without a table it has to be found."""
    parts, at, places = [header], len(header), {}
    for number, body in objects.items():
        piece = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        places[number] = at
        parts.append(piece)
        at += len(piece)
    size = max(objects, default=0) + 1
    if table:
        rows = [b"0000000000 65535 f \n"]
        rows += [
            b"%010d 00000 n \n" % (places[n] + shift) if n in places else b"0000000000 00000 f \n"
            for n in range(1, size)
        ]
        parts.append(b"xref\n0 %d\n%s" % (size, b"".join(rows)))
    parts.append(b"trailer\n<< /Size %d /Root %s %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, trailer, at))
    return b"".join(parts)


def changed(changes: Mapping[int, bytes] | None = None, **how) -> bytes:
    """A file of one page with some of its objects put otherwise, or added."""
    return written({**plain(), **(changes or {})}, **how)


def with_catalogue(entries: bytes, more: Mapping[int, bytes] | None = None, **how) -> bytes:
    return changed({CATALOGUE: b"<< /Type /Catalog /Pages 2 0 R %s >>" % entries, **(more or {})}, **how)


def with_page(entries: bytes, more: Mapping[int, bytes] | None = None, **how) -> bytes:
    return changed({PAGE: page_entries(entries), **(more or {})}, **how)


def with_content(content: bytes, resources: bytes = b"", more: Mapping[int, bytes] | None = None) -> bytes:
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> %s >> >>" % resources
    )
    return changed({PAGE: page, CONTENT: stream(PAGE_TEXT + b"\n" + content), **(more or {})})
