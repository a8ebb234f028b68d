"""Files that are no PDF, or no whole one, or whose page tree is a maze."""

import zlib

from submissions.tests import raw_pdf as raw
from submissions.tests.hostile.cases import (
    COSTLY,
    DIFFER,
    FINE,
    NO_PAGES,
    NO_TEXT,
    NOT_PDF,
    REPAIRED,
    TRUNCATED,
    UNREADABLE,
    a_zip,
    add,
    case,
)
from submissions.tests.pdfs import make_pdf
from submissions.tests.raw_pdf import changed, stream

# --- No PDF at all -------------------------------------------------------------------------------------------


add("a web page", b"<!doctype html><title>Paper</title>" * 50, NOT_PDF)
add("a word file", a_zip(), NOT_PDF)
add("a picture", b"\x89PNG\r\n\x1a\n" + bytes(3000), NOT_PDF)
add("PostScript", b"%!PS-Adobe-3.0\n/Times findfont 10 scalefont setfont showpage\n%%EOF", NOT_PDF)
add("a compressed PDF", zlib.compress(raw.changed()), NOT_PDF)
add("one byte", b"%", NOT_PDF)
add("a header far into the file", b" " * 4096 + changed(), NOT_PDF)
add("only a header and an end", b"%PDF-1.7\n%%EOF", UNREADABLE)
add("a PDF as text in a PDF", b"%PDF-1.7\n" + changed().hex().encode() + b"\n%%EOF", UNREADABLE)

# --- Cut off and damaged -------------------------------------------------------------------------------------

whole = make_pdf(3)
for share in (10, 50, 90):
    add(f"cut off after {share} per cent", whole[: len(whole) * share // 100], TRUNCATED)
add("zeros at the end of an upload", whole[: len(whole) // 2] + bytes(len(whole) // 2), TRUNCATED)
add("cut off, with an end glued on", whole[: len(whole) // 3] + b"\n%%EOF\n", UNREADABLE, REPAIRED, DIFFER)
add("zeros in the middle", whole[:300] + bytes(400) + whole[700:], UNREADABLE, REPAIRED, DIFFER, NO_PAGES)
add("a table whose places are wrong", changed(shift=7), REPAIRED, FINE)
add("no table", changed(table=False), REPAIRED, FINE)
add("startxref beyond the end", changed().replace(b"startxref\n", b"startxref\n9"), REPAIRED, FINE)
add("a trailer without a root", changed(root=b"null"), UNREADABLE, REPAIRED)
add("a root that is no catalogue", changed(root=b"5 0 R"), UNREADABLE, REPAIRED, NO_PAGES)
add("a root that is not there", changed(root=b"77 0 R"), UNREADABLE, REPAIRED, NO_PAGES)
add("tables that point at each other", changed(trailer=b"/Prev 9"), REPAIRED, UNREADABLE)
add("a table that is its own predecessor", changed().replace(b"/Root", b"/Prev 401 /Root"), REPAIRED, FINE)
add("a wrong stream length", changed({4: b"<< /Length 3 >>\nstream\n%s\nendstream" % raw.PAGE_TEXT}), REPAIRED)
add("a stream length that is itself", changed({4: b"<< /Length 4 0 R >>\nstream\nx\nendstream"}), REPAIRED, NO_TEXT)
add("a negative stream length", changed({4: b"<< /Length -9 >>\nstream\nx\nendstream"}), REPAIRED, NO_TEXT)
add("content that does not inflate", changed({4: stream(b"\xff" * 900, b"/Filter /FlateDecode")}), NO_TEXT)
add("a filter that nobody knows", changed({4: stream(raw.PAGE_TEXT, b"/Filter /RotThirteen")}), "file.page_unreadable")
add("an object that never ends", changed({6: b"<< /A [ (open"}), UNREADABLE, REPAIRED, FINE)
add("brackets without end", b"%PDF-1.7\n1 0 obj\n" + b"[" * 200_000 + b"\n%%EOF", UNREADABLE)
add("dictionaries without end", b"%PDF-1.7\n1 0 obj\n" + b"<</A" * 100_000 + b"\n%%EOF", UNREADABLE)

# --- Page trees ----------------------------------------------------------------------------------------------

_NODE = b"<< /Type /Pages /Parent 2 0 R /Kids [%s] /Count %s >>"
add("pages that are their own child", changed({2: _NODE % (b"2 0 R", b"1")}), UNREADABLE, NO_PAGES, DIFFER)
add(
    "a page tree in a circle",
    changed({2: _NODE % (b"6 0 R", b"1"), 6: _NODE % (b"2 0 R", b"1")}),
    UNREADABLE,
    NO_PAGES,
    DIFFER,
)
add("a page and a circle", changed({2: _NODE % (b"3 0 R 2 0 R", b"2")}), UNREADABLE, DIFFER)
add("a count far too high", changed({2: _NODE % (b"3 0 R", b"1000000000")}), DIFFER, FINE)
add("a count of two", changed({2: _NODE % (b"3 0 R", b"2")}), DIFFER, FINE)
add("a count of nought", changed({2: _NODE % (b"3 0 R", b"0")}), DIFFER, FINE)
add("a negative count", changed({2: _NODE % (b"3 0 R", b"-5")}), DIFFER, FINE)
add("a count that is a word", changed({2: _NODE % (b"3 0 R", b"(many)")}), DIFFER, FINE)
add("no pages", changed({2: _NODE % (b"", b"0")}), NO_PAGES)
add("no page tree", changed({1: b"<< /Type /Catalog >>"}), UNREADABLE, NO_PAGES)
add("a page tree that is a number", changed({2: b"42"}), UNREADABLE, NO_PAGES)
add("a page that is nothing", changed({3: b"null"}), UNREADABLE, NO_PAGES, DIFFER)
add(
    "a page that is a stream",
    changed({3: stream(b"x", b"/Type /Page /Parent 2 0 R")}),
    UNREADABLE,
    NO_PAGES,
    DIFFER,
    NO_TEXT,
)
add("one page a thousand times", changed({2: _NODE % (b"3 0 R " * 999, b"999")}), FINE, DIFFER)


@case("ten thousand pages", "file.too_many_pages")
def ten_thousand_pages() -> bytes:
    pages = range(10, 10_010)
    kids = b" ".join(b"%d 0 R" % number for number in pages)
    return changed({2: _NODE % (kids, b"10000"), **dict.fromkeys(pages, raw.page_entries())})


@case("a million times the same page", "file.too_many_pages", UNREADABLE, COSTLY, DIFFER)
def a_million_pages() -> bytes:
    return changed({2: _NODE % (b"3 0 R " * 1_000_000, b"1000000")})


@case("a page tree two thousand levels deep", UNREADABLE, DIFFER, FINE)
def deep_tree() -> bytes:
    levels = {n: b"<< /Type /Pages /Parent %d 0 R /Kids [%d 0 R] /Count 1 >>" % (n - 1, n + 1) for n in range(10, 2010)}
    return changed({2: b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>", **levels, 2010: raw.page_entries()})


@case("pages that double at every level", UNREADABLE, "file.too_many_pages", COSTLY, DIFFER)
def doubling_tree() -> bytes:
    levels = {
        n: b"<< /Type /Pages /Kids [%d 0 R %d 0 R] /Count %d >>" % (n + 1, n + 1, 1 << (40 - n)) for n in range(10, 40)
    }
    return changed({2: b"<< /Type /Pages /Kids [10 0 R] /Count 1073741824 >>", **levels, 40: raw.page_entries()})
