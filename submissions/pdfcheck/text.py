"""What pypdfium2 (PDFium) reads on the pages: lines with their places, and its own count of the pages."""

import resource
from dataclasses import dataclass

import pypdfium2

from submissions.pdfcheck.hidden import hidden_words
from submissions.pdfcheck.layout import Layout, Page, finish, read_page
from submissions.pdfcheck.structure import UnusableFile

MOST_PAGES_READ = 200
_CPU_SECONDS_FOR_TEXT = 5
_CPU_SECONDS_FOR_SIGHT = 4  # drawing pages to look for words without ink ends first
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


def read_text(path: str) -> Text:
    """The lines of the first pages, as many as may be read in the time there is.

    Raises:
        UnusableFile: PDFium cannot open the file.
    """
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise UnusableFile(
            "file.unreadable", "One of our two readers cannot open this file. Make the PDF again and upload it."
        ) from error
    try:
        count, pages = len(document), []
        for number in range(min(count, MOST_PAGES_READ)):
            if resource.getrusage(resource.RUSAGE_SELF).ru_utime > _CPU_SECONDS_FOR_TEXT:
                break
            pages.append(_page(document, number))
        return Text(count, finish(pages))
    finally:
        document.close()


def _page(document: pypdfium2.PdfDocument, number: int) -> Page:
    """One page; one that cannot be read has no words (which is a finding further on)."""
    try:
        page = document[number]
    except pypdfium2.PdfiumError:
        return Page(number + 1, 0.0, 0.0)
    try:
        read = read_page(page, number + 1, _MOST_GLYPHS)
        if resource.getrusage(resource.RUSAGE_SELF).ru_utime < _CPU_SECONDS_FOR_SIGHT:
            read.hidden = hidden_words(page, read)
        return read
    except pypdfium2.PdfiumError:
        return Page(number + 1, *page.get_size())
    finally:
        page.close()
