"""What pypdfium2 (PDFium) reads on the pages: lines with their places, the count of the pages, what is unseen."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import pypdfium2

from submissions.pdfcheck.drawing import TooHeavy
from submissions.pdfcheck.frame import finish
from submissions.pdfcheck.layout import Layout, Page, read_page
from submissions.pdfcheck.mapping import replaced_words
from submissions.pdfcheck.result import UnusableFile
from submissions.pdfcheck.shapes import Faces
from submissions.pdfcheck.sight import hidden_words

MOST_PAGES_READ = 200
_CPU_SECONDS_FOR_TEXT = 4.0  # since the child began
_CPU_SECONDS_FOR_SIGHT = 5.5
_MOST_TEXT = 400_000  # characters; a paper of thirty pages has a quarter of that
_MOST_GLYPHS = 60_000  # on one page; a page of a paper has four thousand


@dataclass
class Text:
    pages: int
    layout: Layout

    @property
    def is_complete(self) -> bool:
        return len(self.layout.pages) == self.pages

    @property
    def by_page(self) -> list[str]:
        """All words of each page, running heads included, line by line."""
        return ["\n".join([*(line.text for line in page.running), page.text]) for page in self.layout.pages]

    @property
    def plain(self) -> str:
        """What the pages say without running heads and line numbers, a form feed between them; cut where long."""
        return "\f".join(page.text for page in self.layout.pages)[:_MOST_TEXT]


@contextmanager
def opened(path: str) -> Iterator[pypdfium2.PdfDocument]:
    """Raises UnusableFile when PDFium cannot open the file."""
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise UnusableFile(
            "file.unreadable", "One of our two readers cannot open this file. Make the PDF again and upload it."
        ) from error
    try:
        yield document
    finally:
        document.close()


def read_text(document: pypdfium2.PdfDocument) -> Text:
    """The lines of the first pages, as many as may be read in the time there is."""
    count, pages = len(document), []
    for number in range(1, min(count, MOST_PAGES_READ) + 1):
        if time.process_time() > _CPU_SECONDS_FOR_TEXT:
            break
        with _page(document, number) as page:
            pages.append(_read(page, number))
    return Text(count, finish(pages))


def look(document: pypdfium2.PdfDocument, layout: Layout) -> None:
    """Find the words that nobody sees, page by page, while there is time; marks each page that was looked at."""
    for read in layout.pages:
        if time.process_time() > _CPU_SECONDS_FOR_SIGHT:
            return
        with _page(document, read.number) as page:
            _look(page, read)


def look_at_letters(document: pypdfium2.PdfDocument, bare: bytes | None, layout: Layout) -> None:
    """Find fonts whose letters look other than they say, and words that stand there by replacement only.

    `bare` is the file without replacement texts, if it has any: there the glyphs speak for themselves.
    """
    if bare is None:
        _learn_faces(document, layout.pages, layout)
        return
    itself = pypdfium2.PdfDocument(bare)
    try:
        pages = read_text(itself).layout.pages
        layout.replaced = [
            (read.number, words)
            for read, other in zip(layout.pages, pages, strict=False)
            if (words := replaced_words(read, other))
        ]
        _learn_faces(itself, pages, layout)
    finally:
        itself.close()


def _learn_faces(document: pypdfium2.PdfDocument, pages: list[Page], layout: Layout) -> None:
    faces = Faces()
    for read in pages:
        if time.process_time() > _CPU_SECONDS_FOR_SIGHT:
            break
        with _page(document, read.number) as page, suppress(TooHeavy, pypdfium2.PdfiumError):
            if page is not None:
                faces.learn(page, read)
    layout.lying_fonts = [(font, *faces.where[font]) for font in faces.lying()]


@contextmanager
def _page(document: pypdfium2.PdfDocument, number: int) -> Iterator[pypdfium2.PdfPage | None]:
    """None for a page that PDFium cannot open."""
    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError:
        yield None
        return
    try:
        yield page
    finally:
        page.close()


def _read(page: pypdfium2.PdfPage | None, number: int) -> Page:
    """One page; one that cannot be read has no words (which is a finding further on)."""
    if page is None:
        return Page(number, 0.0, 0.0)
    try:
        return read_page(page, number, _MOST_GLYPHS)
    except pypdfium2.PdfiumError:
        return Page(number, *page.get_size())


def _look(page: pypdfium2.PdfPage | None, read: Page) -> None:
    try:
        if page is not None:
            read.hidden = hidden_words(page, read)
        read.is_looked_at = True
    except (TooHeavy, pypdfium2.PdfiumError):
        read.is_looked_at = False
