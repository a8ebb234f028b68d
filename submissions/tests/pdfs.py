"""Real PDFs made on the spot, for every test that hands in a paper."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO

from fpdf import FPDF
from pikepdf import Dictionary, Name, Pdf, String

_LOREM = (
    "We study how models that were trained on optical satellite images carry over to radar, and we report what "
    "is lost on the way. The benchmark covers three continents and two growing seasons. "
)


def make_pdf(
    pages: int = 4,
    text: str = "",
    author: str = "",
    *,
    references_on: int | None = None,
    texts: Sequence[str] = (),
    size: str | tuple[float, float] = "letter",
) -> bytes:
    """A PDF of that many pages; `text` stands on the first page, `texts` on the pages in order.

    `author` goes into the metadata only. `references_on` starts a references section on that page (from 1).
    """
    pdf = FPDF(unit="pt", format=size)
    pdf.set_creation_date(datetime(2025, 1, 1, tzinfo=UTC))
    pdf.set_auto_page_break(auto=False)
    if author:
        pdf.set_author(author)
    for page in range(1, pages + 1):
        pdf.add_page()
        pdf.set_font("Times", size=10)
        own = [text] if page == 1 and text else []
        own += [texts[page - 1]] if page <= len(texts) else []
        for paragraph in [*own, _LOREM * 3]:
            pdf.multi_cell(396, 11, _printable(paragraph), new_x="LMARGIN", new_y="NEXT")
        if references_on == page:
            pdf.set_font("Times", size=12)
            pdf.multi_cell(396, 24, "REFERENCES", new_x="LMARGIN", new_y="NEXT")
            pdf.set_font("Times", size=10)
            pdf.multi_cell(
                396, 11, "A. Person. Some earlier work. In Proceedings, 2020.", new_x="LMARGIN", new_y="NEXT"
            )
    return bytes(pdf.output())


def _printable(text: str) -> str:
    """The core fonts know Latin-1 only; anything else would be a test's mistake, so it fails loudly."""
    return text.encode("latin-1").decode("latin-1")


def encrypted_pdf(pages: int = 1) -> bytes:
    from pikepdf import Encryption

    with Pdf.open(BytesIO(make_pdf(pages))) as pdf:
        return _saved(pdf, encryption=Encryption(owner="owner", user="user"))


def pdf_with_javascript(pages: int = 1) -> bytes:
    with Pdf.open(BytesIO(make_pdf(pages))) as pdf:
        action = Dictionary(S=Name.JavaScript, JS=String("app.alert('hello')"))
        pdf.Root.OpenAction = pdf.make_indirect(action)
        return _saved(pdf)


def pdf_with_launch(pages: int = 1) -> bytes:
    with Pdf.open(BytesIO(make_pdf(pages))) as pdf:
        link = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=[0, 0, 10, 10],
            A=Dictionary(S=Name.Launch, F=String("calc.exe")),
        )
        pdf.pages[0].Annots = pdf.make_indirect([pdf.make_indirect(link)])
        return _saved(pdf)


def pdf_telling_everywhere(name: str, pages: int = 2) -> bytes:
    """A PDF that hides `name` in every place outside the page that we know of: the reviewers' copy must lose all."""
    with Pdf.open(BytesIO(make_pdf(pages, author=name))) as pdf:
        pdf.docinfo["/Title"] = f"Paper by {name}"
        pdf.docinfo["/Custom"] = name
        with pdf.open_metadata(set_pikepdf_as_editor=False) as xmp:
            xmp["dc:creator"] = [name]
        pdf.attachments["notes by " + name + ".txt"] = f"written by {name}".encode()
        note = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Text,
            Rect=[0, 0, 20, 20],
            T=String(name),
            Contents=String(f"{name} was here"),
            NM=String(name),
            Subj=String(name),
        )
        link = Dictionary(
            Type=Name.Annot,
            Subtype=Name.Link,
            Rect=[0, 30, 20, 50],
            Contents=String(name),
            A=Dictionary(S=Name.URI, URI=String(f"https://example.org/{name.replace(' ', '-')}")),
        )
        pdf.pages[0].Annots = pdf.make_indirect([pdf.make_indirect(note), pdf.make_indirect(link)])
        with pdf.open_outline() as outline:
            from pikepdf import OutlineItem

            outline.root.append(OutlineItem(f"Section of {name}", 0))
        pdf.pages[0].PieceInfo = Dictionary(Tool=Dictionary(Private=String(name)))
        pdf.pages[0].LastModified = String("D:20250101000000Z")
        pdf.pages[0].Metadata = pdf.make_stream(f"<x>{name}</x>".encode())
        return _saved(pdf)


def _saved(pdf: Pdf, **options) -> bytes:
    out = BytesIO()
    pdf.save(out, static_id=True, **options)
    return out.getvalue()
