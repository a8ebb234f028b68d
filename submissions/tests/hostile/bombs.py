"""Small files that become large, and drawings that never end."""

import zlib

from submissions.tests import raw_pdf as raw
from submissions.tests.hostile.cases import BOMB, COSTLY, FINE, NO_TEXT, UNREADABLE, UNSEEN, add, case
from submissions.tests.raw_pdf import changed, flate, stream, with_catalogue, with_content, written, zeros

# --- Bombs ---------------------------------------------------------------------------------------------------

_FLATE = b"/Filter /FlateDecode"


@case("a gigabyte of content", BOMB)
def content_bomb() -> bytes:
    return changed({4: stream(zeros(1024), _FLATE)})


@case("four gigabytes of content, deflated twice", BOMB)
def twice_deflated() -> bytes:
    return changed({4: flate(zeros(4096), b"").replace(_FLATE, b"/Filter [/FlateDecode /FlateDecode]")})


@case("a gigabyte of properties", BOMB)
def metadata_bomb() -> bytes:
    return with_catalogue(b"/Metadata 6 0 R", {6: stream(zeros(1024), b"/Type /Metadata /Subtype /XML " + _FLATE)})


@case("a picture of two gigabytes", BOMB)
def picture_bomb() -> bytes:
    picture = b"/Type /XObject /Subtype /Image /Width 46000 /Height 46000 /BitsPerComponent 8 /ColorSpace /DeviceGray "
    return with_content(
        b"q 400 0 0 400 50 50 cm /I Do Q", b"/XObject << /I 6 0 R >>", {6: stream(zeros(2048), picture + _FLATE)}
    )


@case("a picture that claims ten thousand million pixels", FINE, BOMB)
def empty_picture() -> bytes:
    picture = b"/Type /XObject /Subtype /Image /Width 100000 /Height 100000 /BitsPerComponent 8 /ColorSpace /DeviceRGB"
    return with_content(b"q 400 0 0 400 50 50 cm /I Do Q", b"/XObject << /I 6 0 R >>", {6: stream(b"abc", picture)})


@case("an object stream of a gigabyte", BOMB)
def object_stream_bomb() -> bytes:
    objects = raw.plain() | {6: stream(zeros(1024), b"/Type /ObjStm /N 100000 /First 1000000 " + _FLATE)}
    return written(objects, table=False)


@case("a cross-reference stream of a gigabyte", BOMB)
def table_bomb() -> bytes:
    body = written(raw.plain(), table=False)
    at = body.index(b"trailer")
    entries = b"/Type /XRef /W [1 4 2] /Size 150000000 /Root 1 0 R " + _FLATE
    return body[:at] + b"9 0 obj\n" + stream(zeros(1024), entries) + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % at


@case("a font's map of a gigabyte", BOMB)
def map_bomb() -> bytes:
    return changed(
        {
            5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Times-Roman /ToUnicode 6 0 R >>",
            6: stream(zeros(1024), _FLATE),
        }
    )


@case("a font file of a gigabyte", BOMB)
def font_bomb() -> bytes:
    return changed({
        5: b"<< /Type /Font /Subtype /TrueType /BaseFont /Odd /FontDescriptor 6 0 R >>",
        6: b"<< /Type /FontDescriptor /FontName /Odd /Flags 32 /FontFile2 7 0 R >>",
        7: stream(zeros(1024), _FLATE),
    })  # fmt: skip


@case("many streams of a hundred megabytes", BOMB)
def many_bombs() -> bytes:
    part = stream(zeros(100), _FLATE)
    return with_catalogue(b"", dict.fromkeys(range(10, 40), part))


@case("a stream without a length that inflates to a gigabyte", BOMB)
def bomb_without_length() -> bytes:
    return changed({4: b"<< /Filter /FlateDecode >>\nstream\n" + zeros(1024) + b"\nendstream"})


@case("a bomb under an abbreviated filter's name", BOMB, NO_TEXT)
def abbreviated_bomb() -> bytes:
    return changed({4: stream(zeros(1024), b"/Filter /Fl")})


@case("a bomb whose filter is written in hexadecimal", BOMB)
def escaped_bomb() -> bytes:
    return changed({4: stream(zeros(1024), b"/Filter /Fl#61teDecode")})


@case("a bomb whose filter stands elsewhere", BOMB)
def indirect_bomb() -> bytes:
    return changed({4: stream(zeros(1024), b"/Filter 6 0 R"), 6: b"/FlateDecode"})


@case("a run-length bomb", BOMB, NO_TEXT, FINE, COSTLY)
def run_length_bomb() -> bytes:
    return changed({4: stream(b"\x81A" * 4_000_000 + b"\x80", b"/Filter /RunLengthDecode")})


@case("run lengths of deflated run lengths", BOMB, COSTLY, NO_TEXT)
def layered_bomb() -> bytes:
    inner = zlib.compress(b"\x81A" * 4_000_000 + b"\x80", 9)
    return changed({4: stream(inner, b"/Filter [/FlateDecode /RunLengthDecode]")})


@case("a hundred filters", "file.page_unreadable", UNREADABLE, BOMB)
def hundred_filters() -> bytes:
    data = raw.PAGE_TEXT
    for _ in range(100):
        data = zlib.compress(data)
    return changed({4: stream(data, b"/Filter [" + b"/FlateDecode " * 100 + b"]")})


@case("the same content a hundred thousand times", COSTLY, FINE, "text.not_all_read", UNSEEN)
def repeated_content() -> bytes:
    page = raw.page_entries().replace(b"4 0 R", b"[" + b"4 0 R " * 100_000 + b"]")
    return changed({3: page})


@case("forms that double ten times ten", COSTLY, FINE, UNSEEN)
def laughing_forms() -> bytes:
    head = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /N %d 0 R >> >> "
    forms = {n: stream(b"/N Do " * 10, head % (n + 1)) for n in range(10, 20)}
    forms[20] = stream(b"0 0 1 1 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 612 792]")
    return with_content(b"/N Do", b"/XObject << /N 10 0 R >>", forms)


@case("a form within itself", FINE, COSTLY, UNREADABLE)
def form_in_itself() -> bytes:
    head = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /N 6 0 R >> >>"
    return with_content(b"/N Do", b"/XObject << /N 6 0 R >>", {6: stream(b"/N Do /N Do", head)})


@case("a thousand forms within each other", FINE, COSTLY, UNREADABLE)
def nested_forms() -> bytes:
    head = b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /XObject << /N %d 0 R >> >> "
    forms = {n: stream(b"q /N Do Q", head % (n + 1)) for n in range(10, 1010)}
    forms[1010] = stream(b"0 0 1 1 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 612 792]")
    return with_content(b"/N Do", b"/XObject << /N 10 0 R >>", forms)


# --- What never ends when it is drawn ------------------------------------------------------------------------

_TILES = b"/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.0001 /YStep 0.0001 /Resources << >>"
_MASKED = (
    b"/Type /XObject /Subtype /Form /BBox [0 0 99 99] /Group << /S /Transparency >> "
    b"/Resources << /ExtGState << /G 6 0 R >> >>"
)
_CALCULATED = b"<< /ShadingType 1 /ColorSpace /DeviceGray /Domain [0 100000 0 100000] /Function 6 0 R >>"

add("a pattern of endless small tiles", with_content(
    b"/Pattern cs /P scn 0 0 612 792 re f", b"/Pattern << /P 6 0 R >>",
    {6: stream(b"0 0 1 1 re f", _TILES)},
), FINE, COSTLY, UNSEEN)  # fmt: skip
add("dashes without end", with_content(b"[0.00001] 0 d 0.1 w " + b"0 0 m 600 700 l S " * 2000), FINE, COSTLY, UNSEEN)
add("states without end", with_content(b"q " * 500_000), FINE, COSTLY, UNSEEN)
add(
    "half a million lines",
    with_content(b"1 0 0 RG " + b"10 10 m 500 700 l 20 600 l S " * 250_000),
    FINE,
    COSTLY,
    UNSEEN,
)
add("noise as content", with_content(bytes(range(256)) * 4000), FINE, COSTLY, UNSEEN)
add("a number of a million digits", with_content(b"1" * 1_000_000 + b" 0 m"), FINE)
add(
    "a million letters on a page",
    with_content(b"BT /F1 4 Tf 50 50 Td " + b"(words and words and more words here) Tj " * 28_000 + b"ET"),
    FINE,
    COSTLY,
    UNSEEN,
)
add("a soft mask within itself", with_content(
    b"/G gs 0 0 100 100 re f", b"/ExtGState << /G 6 0 R >>",
    {6: b"<< /SMask << /S /Luminosity /G 7 0 R >> >>",
     7: stream(b"/G gs 0 0 50 50 re f", _MASKED)},
), FINE, COSTLY)  # fmt: skip
add("a shading that calculates without end", with_content(
    b"/S sh", b"/Shading << /S %s >>" % _CALCULATED,
    {6: stream(b"{ " + b"dup mul sin " * 20_000 + b"}", b"/FunctionType 4 /Domain [0 100000 0 100000] /Range [0 1]")},
), FINE, COSTLY, UNSEEN)  # fmt: skip
