"""Sheets of paper as PDF: A4 with a font that has letters of most scripts with an alphabet. Plain Python.

The font is DejaVu Sans Condensed, from the npm package `dejavu-fonts-ttf`; only the letters that occur are put in.
"""

from pathlib import Path

from fpdf import FPDF

FONTS = Path(__file__).resolve().parents[2] / "node_modules" / "dejavu-fonts-ttf" / "ttf"
FONT = "DejaVu"


def sheets(title: str, language: str = "en") -> FPDF:
    """An empty A4 document in millimetres whose font is set; pages are added by whoever fills it.

    Raises:
        FileNotFoundError: the front-end packages are not installed.
    """
    pdf = FPDF(format="A4", unit="mm")
    pdf.add_font(FONT, "", FONTS / "DejaVuSansCondensed.ttf")
    pdf.add_font(FONT, "B", FONTS / "DejaVuSansCondensed-Bold.ttf")
    pdf.set_font(FONT, size=10)
    pdf.set_title(title)
    pdf.set_lang(language)
    pdf.set_auto_page_break(False)
    return pdf
