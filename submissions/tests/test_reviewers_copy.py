"""The copy that reviewers get: the same pages, and no trace of who wrote them."""

import io
import zipfile

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from submissions.pdfcheck import make_copy
from submissions.pdfcheck.copying import without_jpeg_notes
from submissions.tests.pdfs import make_pdf, pdf_telling_everywhere

NAME = "Ada Quuxworth"


@pytest.fixture
def copy_of(tmp_path):
    """`copy_of(data, type)`: the path of the copy, or None."""

    def copy_of(data: bytes, content_type: str = "application/pdf"):
        source, target = tmp_path / "original", tmp_path / "copy"
        source.write_bytes(data)
        return target if make_copy(source, target, content_type) else None

    return copy_of


def unpacked(path, tmp_path) -> bytes:
    """Every byte of a PDF with all streams inflated."""
    with pikepdf.open(path) as pdf:
        pdf.save(tmp_path / "unpacked", qdf=True)
    return (tmp_path / "unpacked").read_bytes()


def pixels(path) -> list[bytes]:
    document = pypdfium2.PdfDocument(path)
    shown = [page.render(may_draw_forms=False, draw_annots=False).to_pil().tobytes() for page in document]
    document.close()
    return shown


def test_it_holds_the_name_nowhere_though_the_original_does(copy_of, tmp_path):
    data = pdf_telling_everywhere(NAME)
    (tmp_path / "first").write_bytes(data)
    assert b"Quuxworth" in unpacked(tmp_path / "first", tmp_path)
    assert b"Quuxworth" not in unpacked(copy_of(data), tmp_path)


def test_its_pages_look_the_same(copy_of, tmp_path):
    data = pdf_telling_everywhere(NAME, pages=3)
    (tmp_path / "first").write_bytes(data)
    assert pixels(copy_of(data)) == pixels(tmp_path / "first")


def test_links_within_the_paper_still_work_and_outside_ones_are_gone(copy_of):
    with pikepdf.open(io.BytesIO(make_pdf(2))) as pdf:
        goal = pikepdf.Array([pdf.pages[1].obj, pikepdf.Name.Fit])
        pdf.Root.Names = pikepdf.Dictionary(Dests=pikepdf.Dictionary(Names=[pikepdf.String("cite.quuxworth"), goal]))
        inner = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], Dest=pikepdf.String("cite.quuxworth")
        )
        outer = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Link,
            Rect=[0, 0, 9, 9],
            A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://quuxworth.example")),
        )
        pdf.pages[0].Annots = pikepdf.Array([inner, outer])
        out = io.BytesIO()
        pdf.save(out)
    with pikepdf.open(copy_of(out.getvalue())) as copy:
        [link] = copy.pages[0].Annots
        assert link.Dest[0].objgen == copy.pages[1].obj.objgen


def test_an_earlier_revision_is_not_carried_along(copy_of):
    first = make_pdf(1, author=NAME)
    startxref = first.rindex(b"startxref")
    later = first + b"\n% a later save\n" + first[startxref:]
    assert b"a later save" not in copy_of(later).read_bytes()


def test_the_same_file_gives_the_same_copy(copy_of):
    data = make_pdf(2, author=NAME)
    assert copy_of(data).read_bytes() == copy_of(data).read_bytes()


def test_pictures_lose_what_the_camera_wrote(copy_of, tmp_path):
    picture = Image.new("RGB", (8, 8), "red")
    exif = Image.Exif()
    exif[0x013B] = NAME
    told, plain = io.BytesIO(), io.BytesIO()
    picture.save(told, "JPEG", exif=exif, comment=NAME.encode())
    bare = without_jpeg_notes(told.getvalue())
    picture.save(plain, "JPEG")
    assert NAME.encode() in told.getvalue()
    assert NAME.encode() not in bare
    assert Image.open(io.BytesIO(bare)).tobytes() == Image.open(io.BytesIO(plain.getvalue())).tobytes()


def test_a_zip_loses_owners_dates_comments_and_litter(copy_of):
    told = io.BytesIO()
    with zipfile.ZipFile(told, "w") as archive:
        archive.comment = NAME.encode()
        entry = zipfile.ZipInfo("code/run.py", date_time=(2025, 1, 2, 3, 4, 6))
        entry.comment = NAME.encode()
        archive.writestr(entry, "print(1)")
        archive.writestr("__MACOSX/._run.py", NAME)
        archive.writestr("code/.git/config", NAME)
    data = copy_of(told.getvalue(), "application/zip").read_bytes()
    assert b"Quuxworth" not in data
    with zipfile.ZipFile(io.BytesIO(data)) as copy:
        assert [(each.filename, each.date_time[0]) for each in copy.infolist()] == [("code/run.py", 1980)]
        assert copy.read("code/run.py") == b"print(1)"


def test_what_cannot_be_read_gives_no_copy(copy_of):
    assert copy_of(b"%PDF-1.7 nonsense %%EOF") is None
    assert copy_of(b"PK\x03\x04 nonsense", "application/zip") is None
    assert copy_of(b"\x89PNG", "image/png") is None
