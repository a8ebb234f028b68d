"""Whether letters look like what they say: a font can show one letter and give a program that reads the paper another.

A few letters of every font are cut out of the drawn pages and compared with the same letters in plain faces. In an
honest font, however it is drawn, most letters are nearest to themselves; in a font that lies they are near anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from statistics import median

import pypdfium2

from submissions.pdfcheck.drawing import Drawing, draw_grey, scale_for
from submissions.pdfcheck.facts import Box
from submissions.pdfcheck.layout import Glyph, Page

_SCALE = 3.0  # pixels a point
_SECONDS = 1.0
_GRID = 14  # cells each way into which a letter is cut
_SMALLEST_LETTER = 6.5  # points
_FEWEST_LETTERS = 7  # of a font, to say anything of it
_SAMPLES = 3  # of a letter
_ASPECT = 10  # how many cells a difference of one in height to width counts for
_FACES = (
    "Times-Roman", "Times-Bold", "Times-Italic", "Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Courier",
)  # fmt: skip
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Shape:
    """A letter as a grid of inked cells (one bit each), and how high it is for its width."""

    cells: int
    aspect: float

    def differs_from(self, other: "Shape") -> float:
        return (self.cells ^ other.cells).bit_count() + _ASPECT * abs(self.aspect - other.aspect)


@dataclass
class Faces:
    """Shapes of letters by font, cut out of pages as they come."""

    by_font: dict[str, dict[str, list[Shape]]] = field(default_factory=dict)
    where: dict[str, tuple[int, Box]] = field(default_factory=dict)  # where a font is first met

    def learn(self, page: pypdfium2.PdfPage, read: Page) -> None:
        """Draw the page if it has letters that are still wanted. Raises drawing.TooHeavy or pypdfium2.PdfiumError."""
        wanted = list(self._wanted(read))
        if len(wanted) < _FEWEST_LETTERS:
            return
        drawn = draw_grey(page, scale_for(page, _SCALE), _SECONDS)
        if not drawn.place.is_upright:
            return
        for glyph in wanted:
            if shape := shape_in(drawn, (glyph.left, glyph.bottom, glyph.right, glyph.top)):
                self.by_font[glyph.font].setdefault(glyph.text, []).append(shape)

    def _wanted(self, read: Page) -> Iterator[Glyph]:
        taken: dict[tuple[str, str], int] = {}
        for line in read.lines:
            for glyph in line.glyphs:
                if glyph.text not in _LETTERS or glyph.size < _SMALLEST_LETTER or not glyph.upright:
                    continue
                key = (glyph.font, glyph.text)
                known = len(self.by_font.setdefault(glyph.font, {}).get(glyph.text, ()))
                if known + taken.get(key, 0) < _SAMPLES:
                    taken[key] = taken.get(key, 0) + 1
                    self.where.setdefault(glyph.font, (read.number, line.box))
                    yield glyph

    def lying(self) -> Iterator[str]:
        """Fonts most of whose letters look like any other letter rather than like themselves."""
        plain = None
        for font, letters in self.by_font.items():
            if len({letter.casefold() for letter in letters}) < _FEWEST_LETTERS:
                continue
            plain = plain or plain_letters()
            ranks = [median(_rank(letter, shape, plain) for shape in shapes) for letter, shapes in letters.items()]
            near = sum(rank <= 3 for rank in ranks) / len(ranks)
            if median(ranks) >= 6 and near < 0.4:
                yield font


def _rank(letter: str, shape: Shape, plain: dict[str, list[Shape]]) -> int:
    """How many letters of the alphabet look more like this shape than the letter that it claims to be."""
    distances = {other: min(map(shape.differs_from, shapes)) for other, shapes in plain.items()}
    own = distances[letter.casefold()]
    return sum(distance < own for distance in distances.values())


def shape_in(drawn: Drawing, box: Box) -> Shape | None:
    """The inked part of a box, cut into a grid; None where there is no ink."""
    left, upper, right, lower = (int(side) for side in drawn.place.pixels(box))
    left, right = max(0, left), min(drawn.width, right + 2)
    rows = [drawn.grey[row * drawn.width + left : row * drawn.width + right] for row in range(max(0, upper), lower + 2)]
    rows = [row for row in rows if len(row) == right - left > 0]
    if not rows:
        return None
    light = (max(map(max, rows)) + min(map(min, rows))) // 2
    inked = [[value < light for value in row] for row in rows]
    inked = [row for row in inked if any(row)]
    columns = [at for at in range(right - left) if any(row[at] for row in inked)]
    if not columns or len(inked) < 4:
        return None
    first, width = columns[0], columns[-1] - columns[0] + 1
    cells = 0
    for down in range(_GRID):
        row = inked[(2 * down + 1) * len(inked) // (2 * _GRID)]
        for across in range(_GRID):
            cells = cells << 1 | row[first + (2 * across + 1) * width // (2 * _GRID)]
    return Shape(cells, min(len(inked) / width, 4.0))


@cache
def plain_letters() -> dict[str, list[Shape]]:
    """Both cases of every letter in the faces that PDFium brings along, by the small letter."""
    found: dict[str, list[Shape]] = {}
    document = pypdfium2.PdfDocument(_specimen())
    try:
        page = document[0]
        drawn = draw_grey(page, _SCALE, _SECONDS)
        for row in range(len(_FACES)):
            for column, letter in enumerate(_LETTERS):
                box = (20.0 + column * 20, 15.0 + row * 30, 39.0 + column * 20, 44.0 + row * 30)
                if shape := shape_in(drawn, box):
                    found.setdefault(letter.casefold(), []).append(shape)
    finally:
        document.close()
    return found


def _specimen() -> bytes:
    """One page with a row of all letters in each face."""
    fonts = b"".join(
        b"%d 0 obj\n<< /Type /Font /Subtype /Type1 /BaseFont /%s >>\nendobj\n" % (number, face.encode())
        for number, face in enumerate(_FACES, start=5)
    )
    named = b" ".join(b"/F%d %d 0 R" % (number, number) for number in range(5, 5 + len(_FACES)))
    text = b"".join(
        b"BT /F%d 18 Tf %d %d Td (%s) Tj ET\n" % (row + 5, 22 + column * 20, 22 + row * 30, letter.encode())
        for row in range(len(_FACES))
        for column, letter in enumerate(_LETTERS)
    )
    return (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1080 240] /Contents 4 0 R "
        b"/Resources << /Font << " + named + b" >> >> >>\nendobj\n"
        b"4 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (len(text), text) + fonts + b""
        b"trailer\n<< /Root 1 0 R >>\n%%EOF\n"
    )
