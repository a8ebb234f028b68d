"""A small typesetter for papers in review styles, so that each feature of a PDF can be planted where it is wanted."""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache

from fpdf import FPDF

SENTENCES = (
    "We study how models that were trained on optical images carry over to radar.",
    "The data covers three continents and two growing seasons, with clouds left in.",
    "Each scene is cut into tiles, and tiles of one scene never stand on both sides of a split.",
    "Our ablation shows that the decoder matters more than the depth of the encoder.",
)
ENTRIES = (
    "Anna Smith and Peter Jones. Learning from clouds. In International Conference on Learning",
    "Representations, 2021. URL https://arxiv.org/abs/2101.01234.",
    "Maria Rossi. Fields from above. Journal of Remote Sensing, 12(3):4-9, 2019.",
)


class Paper:
    """Sets lines from top to bottom on US Letter, 10 on 11 point in a block of 396 by 648 points."""

    LEFT, TOP, BOTTOM, WIDTH = 108.0, 100.0, 730.0, 396.0
    FOOT = 765.0  # where the page number stands

    def __init__(
        self,
        *,
        line_numbers: bool = False,
        near_numbers: bool = False,
        running_head: str = "Under review as a workshop paper at ICLR 2025",
        columns: int = 1,
        size: str = "letter",
        leading: float = 11.0,
    ) -> None:
        self._written: bytes | None = None
        self.pdf = FPDF(unit="pt", format=size)
        self.pdf.set_creation_date(datetime(2025, 1, 1, tzinfo=UTC))
        self.pdf.set_auto_page_break(auto=False)
        self.near_numbers = near_numbers
        self.line_numbers, self.running_head, self.columns, self.leading = line_numbers, running_head, columns, leading
        self.column, self.y, self.said, self.numbered = 0, 0.0, 0, 0
        self.page()

    # --- Building blocks ------------------------------------------------------------------------------

    def page(self) -> "Paper":
        """Begin a page: its running head, its number and, in the review style, its line numbers first."""
        self.pdf.add_page()
        number = self.pdf.page_no()
        if self.line_numbers:
            self.pdf.set_font("Helvetica", size=6)
            for row in range(54):
                self.pdf.text(60, self.TOP + row * 11.7, f"{(number - 1) * 54 + row:03d}")
        self.pdf.set_font("Times", size=10)
        if self.running_head:
            self.pdf.text(self.LEFT, 60, self.running_head)
        self.pdf.text(300, self.FOOT, str(number))
        self.column, self.y = 0, self.TOP
        return self

    def line(self, text: str, size: float = 10, style: str = "") -> "Paper":
        if self.y + self.leading > self.BOTTOM:
            self._next_column()
        if self.near_numbers:
            self._number_the_line(self.y + size)
        self.pdf.set_font("Times", style, size)
        self.pdf.text(self._left, self.y + size, text)
        self.y += max(self.leading, size * min(1.1, self.leading / 10))
        return self

    def text(self, lines: int) -> "Paper":
        """So many lines of running text, never the same line twice in a row."""
        for _ in range(lines):
            self.said += 1
            self.line(self._fitting(SENTENCES[self.said % 4] + " " + SENTENCES[(self.said + 1) % 4]))
        return self

    def pages_of_text(self, pages: float) -> "Paper":
        """Text for so many pages from here on."""
        return self.text(round(pages * self.columns * (self.BOTTOM - self.TOP) / self.leading))

    def heading(self, text: str, size: float = 12, style: str = "") -> "Paper":
        self.y += 12
        self.line(text, size, style)
        self.y += 6
        return self

    def lettered(self, letter: str, title: str, gap: float = 12) -> "Paper":
        """A heading whose letter is set off by a gap, as TeX sets section numbers."""
        self.y += 12
        self.pdf.set_font("Times", "", 12)
        self.pdf.text(self._left, self.y + 12, letter)
        self.pdf.text(self._left + self.pdf.get_string_width(letter) + gap, self.y + 12, title)
        self.y += 18
        return self

    def small_capitals(self, text: str) -> "Paper":
        """A heading whose first letters are larger than the rest, as TeX sets small capitals."""
        self.y += 12
        x = self._left
        for word in text.split():
            for part, size in ((word[:1], 12.0), (word[1:], 9.6)):
                self.pdf.set_font("Times", "", size)
                self.pdf.text(x, self.y + 12, part)
                x += self.pdf.get_string_width(part)
            x += 4
        self.y += 20
        return self

    def entries(self, lines: Iterable[str] = ENTRIES, times: int = 3) -> "Paper":
        for _ in range(times):
            for line in lines:
                self.line(self._fitting(line))
        return self

    def figure(self, caption: str, height: float = 120) -> "Paper":
        self.pdf.rect(self._left, self.y + 8, 200, height)
        self.y += height + 16
        return self.line(caption)

    def bytes(self) -> bytes:
        if self._written is None:  # it can be written once only
            self._written = bytes(self.pdf.output())
        return self._written

    # --- How it is done -------------------------------------------------------------------------------

    @property
    def _column_width(self) -> float:
        return self.WIDTH if self.columns == 1 else 240.0

    @property
    def _left(self) -> float:
        return self.LEFT if self.columns == 1 else 54.0 + self.column * 264.0

    def _number_the_line(self, y: float) -> None:
        """One digit to three, close to the text, as LaTeX's own line numbers stand."""
        self.numbered += 1
        self.pdf.set_font("Helvetica", size=5)
        self.pdf.text(self._left - 10 - self.pdf.get_string_width(str(self.numbered)), y, str(self.numbered))

    def _next_column(self) -> None:
        if self.column + 1 < self.columns:
            self.column, self.y = self.column + 1, self.TOP
        else:
            self.page()

    def _fitting(self, text: str) -> str:
        return _fitting(text, self._column_width)


@cache
def _fitting(text: str, width: float) -> str:
    """As many words as stand in a line of running text. The same few sentences are measured again and again."""
    ruler = FPDF(unit="pt")
    ruler.set_font("Times", size=10)
    while ruler.get_string_width(text) > width:
        text = text.rpartition(" ")[0]
    return text
