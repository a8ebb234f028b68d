"""Very many parts, very deep ones, and pages and fonts out of all proportion."""

from submissions.tests import raw_pdf as raw
from submissions.tests.hostile.cases import COSTLY, FINE, NO_PAGES, NO_TEXT, REPAIRED, UNREADABLE, add, case
from submissions.tests.raw_pdf import changed, flate, stream, with_catalogue, with_page

# --- Many and deep -------------------------------------------------------------------------------------------


@case("a hundred thousand links", FINE, "file.too_many_objects")
def many_links() -> bytes:
    link = b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (https://example.org/) >> >>"
    numbers = range(10, 100_010)
    return with_page(b"/Annots [" + b" ".join(b"%d 0 R" % n for n in numbers) + b"]", dict.fromkeys(numbers, link))


@case("half a million objects", "file.too_many_objects", COSTLY)
def many_objects() -> bytes:
    return changed(dict.fromkeys(range(10, 500_010), b"null"))


@case("arrays a hundred thousand deep", FINE, UNREADABLE, REPAIRED)
def deep_arrays() -> bytes:
    return with_catalogue(b"/Deep 6 0 R", {6: b"[" * 100_000 + b"]" * 100_000})


@case("a name of ten megabytes", FINE, REPAIRED, UNREADABLE)
def long_name() -> bytes:
    return with_catalogue(b"/Long /" + b"A" * 10_000_000)


@case("a title of thirty megabytes", FINE, "identity.metadata_author")
def long_title() -> bytes:
    return changed({6: b"<< /Title (" + b"A" * 30_000_000 + b") >>"}, trailer=b"/Info 6 0 R")


@case("an outline twenty thousand levels deep", FINE)
def deep_outline() -> bytes:
    levels = {
        n: b"<< /Title (x) /Parent %d 0 R /First %d 0 R /Last %d 0 R >>" % (n - 1, n + 1, n + 1)
        for n in range(10, 20_010)
    }
    return with_catalogue(b"/Outlines 10 0 R", {**levels, 20_010: b"<< /Title (end) >>"})


add(
    "an outline in a circle",
    with_catalogue(b"/Outlines 6 0 R", {6: b"<< /Title (x) /First 6 0 R /Next 6 0 R >>"}),
    FINE,
)
add(
    "names in a circle",
    with_catalogue(b"/Names << /Dests 6 0 R /EmbeddedFiles 6 0 R >>", {6: b"<< /Kids [6 0 R] >>"}),
    FINE,
)
add(
    "fields in a circle",
    with_catalogue(b"/AcroForm << /Fields [6 0 R] >>", {6: b"<< /T (x) /Kids [6 0 R] /Parent 6 0 R >>"}),
    FINE,
)
add(
    "actions in a circle",
    with_catalogue(b"/OpenAction 6 0 R", {6: b"<< /S /GoTo /D [3 0 R /Fit] /Next 6 0 R >>"}),
    FINE,
)
add("notes that are no list", with_page(b"/Annots 42"), FINE)
add("notes that are numbers", with_page(b"/Annots [1 (two) null 3 0 R]"), FINE)
add("a resource that is the page itself", with_page(b"/Resources 3 0 R"), FINE)

# --- Pages out of all proportion -----------------------------------------------------------------------------

for name, box in {
    "a page as large as a field": b"[0 0 1000000000 1000000000]",
    "a page of no size": b"[0 0 0 0]",
    "a page turned inside out": b"[612 792 0 0]",
    "a page far from the origin": b"[100000 100000 100612 100792]",
    "a page without numbers": b"[(a) null /b true]",
    "a page with three sides": b"[0 0 612]",
    "a page as thin as a hair": b"[0 0 612 0.0001]",
    "a page beyond all numbers": b"[0 0 1e38 999999999999999999999999]",
}.items():
    add(name, changed({3: raw.page_entries(box=box)}), FINE, "page.size", "page.size_absurd", UNREADABLE, NO_PAGES)
add("a page with a magnifying unit", with_page(b"/UserUnit 1000000"), FINE, "page.size")
add("a page turned by an odd angle", with_page(b"/Rotate 37"), FINE)
add("a page turned by a word", with_page(b"/Rotate /Left"), FINE, UNREADABLE)
add("a cut-out beside the page", with_page(b"/CropBox [5000 5000 6000 6000]"), FINE, "page.size")

# --- Fonts ---------------------------------------------------------------------------------------------------

_BROKEN_FONT = b"<< /Type /FontDescriptor /FontName /Odd /Flags 32 /FontBBox [0 0 9 9] /%s 7 0 R >>"
for kind, subtype in ((b"FontFile", b"Type1"), (b"FontFile2", b"TrueType"), (b"FontFile3", b"Type1")):
    add(f"a broken font in {kind.decode()}", changed({
        5: b"<< /Type /Font /Subtype /%s /BaseFont /Odd /FirstChar 0 /LastChar 255 /FontDescriptor 6 0 R >>" % subtype,
        6: _BROKEN_FONT % kind,
        7: flate(bytes(range(256)) * 300, b"/Subtype /Type1C /Length1 100 /Length2 100000 /Length3 0"),
    }), FINE, NO_TEXT)  # fmt: skip
add("a drawn font that draws itself", changed({
    5: b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /CharProcs << /a 6 0 R >> "
       b"/Encoding << /Differences [87 /a] >> /FirstChar 0 /LastChar 255 /Widths 7 0 R "
       b"/Resources << /Font << /F1 5 0 R >> >> >>",
    6: stream(b"1 0 d0 BT /F1 1 Tf (WWWW) Tj ET"), 7: b"[" + b"1 " * 256 + b"]",
}), FINE, COSTLY, NO_TEXT, "hidden.no_ink")  # fmt: skip
add("a font that descends from itself", changed({
    5: b"<< /Type /Font /Subtype /Type0 /BaseFont /Odd /Encoding /Identity-H /DescendantFonts [5 0 R] >>",
}), FINE, NO_TEXT)  # fmt: skip
add("a font that is a page", changed({5: b"3 0 R"}), FINE, NO_TEXT)
add("a map that uses itself", changed({
    5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /ToUnicode 6 0 R >>",
    6: stream(b"/A usecmap 1 begincodespacerange <00> <ff> endcodespacerange", b"/Type /CMap /UseCMap 6 0 R"),
}), FINE)  # fmt: skip
add("a map of sixteen million letters", changed({
    5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /ToUnicode 6 0 R >>",
    6: stream(
        b"1 begincodespacerange <000000> <ffffff> endcodespacerange "
        b"1 beginbfrange <000000> <ffffff> <0041> endbfrange"
    ),
}), FINE, COSTLY)  # fmt: skip
