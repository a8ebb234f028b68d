"""Labels for poster boards: eight on a sheet of A4, each with a QR code that leads to the paper. Plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass

from fpdf import FPDF
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from ml4rs.editions.printing import FONT, sheets

_WIDTH, _HEIGHT, _ACROSS, _ON_A_SHEET = 105.0, 74.25, 2, 8  # mm; common sheets of labels are cut so
_MARGIN, _CODE = 8.0, 38.0
_LONGEST = 140


@dataclass(frozen=True)
class Label:
    board: str
    title: str
    people: str
    address: str


def labels_pdf(title: str, labels: Sequence[Label]) -> bytes:
    """The sheets as PDF; one empty sheet without labels."""
    pdf = sheets(title)
    if not labels:
        pdf.add_page()
    for number, label in enumerate(labels):
        place = number % _ON_A_SHEET
        if place == 0:
            pdf.add_page()
        _draw(pdf, label, place % _ACROSS * _WIDTH, place // _ACROSS * _HEIGHT)
    return bytes(pdf.output())


def _draw(pdf: FPDF, label: Label, left: float, top: float) -> None:
    _code(pdf, label.address, left + _MARGIN, top + _MARGIN)
    text = left + _MARGIN + _CODE + 4
    width = left + _WIDTH - _MARGIN - text
    pdf.set_xy(text, top + _MARGIN)
    if label.board:
        pdf.set_font(FONT, "B", 28)
        pdf.cell(width, 13, label.board, new_x="LEFT", new_y="NEXT")
    pdf.set_font(FONT, "B", 11)
    pdf.multi_cell(width, 5, _shortened(label.title), align="L", new_x="LEFT", new_y="NEXT")
    pdf.set_font(FONT, "", 8)
    pdf.multi_cell(width, 4, _shortened(label.people), align="L")


def _code(pdf: FPDF, address: str, left: float, top: float) -> None:
    """Runs of dark modules as rectangles; a seventh may be soiled and a camera still reads it (level M)."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(address)
    code.make()
    matrix = code.get_matrix()
    module = _CODE / len(matrix)
    for row, line in enumerate(matrix):
        start = 0
        while start < len(line):
            end = start
            while end < len(line) and line[end]:
                end += 1
            if end > start:
                pdf.rect(left + start * module, top + row * module, (end - start) * module, module, style="F")
            start = end + 1


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…"
