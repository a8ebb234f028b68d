"""What pypdfium2 (PDFium) reads on the pages: text by page, and its own count of the pages."""

import resource
from dataclasses import dataclass, field

import pypdfium2

from submissions.pdfcheck.structure import UnusableFile

MOST_PAGES_READ = 200
_CPU_SECONDS_FOR_TEXT = 5
_LONGEST_PAGE = 200_000


@dataclass
class Text:
    pages: int
    by_page: list[str] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        return len(self.by_page) == self.pages


def read_text(path: str) -> Text:
    """The text of the first pages, as many as may be read in the time there is.

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
        text = Text(len(document))
        for number in range(min(text.pages, MOST_PAGES_READ)):
            if resource.getrusage(resource.RUSAGE_SELF).ru_utime > _CPU_SECONDS_FOR_TEXT:
                break
            text.by_page.append(_page_text(document, number))
        return text
    finally:
        document.close()


def _page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    """One page's text; a page that cannot be read has none (which is a finding further on)."""
    try:
        page = document[number]
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError:
        return ""
    try:
        return textpage.get_text_bounded()[:_LONGEST_PAGE]
    finally:
        textpage.close()
        page.close()
