"""Letters of invitation and for visas as PDF. Plain Python."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ml4rs.editions.printing import FONT, sheets

_MARGIN, _WIDTH, _LINE = 25.0, 160.0, 6.0  # mm
_PLACE = re.compile(r"\{\{\s*(\w+)\s*\}\}")

DEFAULT = """To whom it may concern

We invite {{ legal_name }} of {{ institution }} to the workshop {{ name }} ({{ short_name }}) at {{ host }}. It takes \
place on {{ dates }} in {{ place }}.

{{ presents }}The workshop has granted {{ amount }} towards travel, accommodation and registration. The participant \
carries all other costs. The grant is paid after the event, against receipts.

We ask you to give {{ legal_name }} the support and the visa that this visit needs, and gladly answer questions at \
{{ contact }}."""


VISA = """To the embassy or consulate

{{ legal_name }}, {{ studies }} at {{ institution }}, has been invited to the workshop {{ name }} ({{ short_name }}) \
at {{ host }}, on {{ dates }} in {{ place }}, and means to stay {{ stay }}. {{ presents }}The purpose of the visit is \
to take part in this scientific meeting; no work is done and no fee is paid.

The workshop has granted {{ amount }} towards travel, accommodation and registration. The participant carries all \
other costs and returns home after the meeting.

We ask you to issue the visa that this visit needs, and gladly answer questions at {{ contact }}."""

DEFAULTS = {"invitation": DEFAULT, "visa": VISA}
TITLES = {"invitation": "Letter of invitation", "visa": "Letter for a visa"}


@dataclass(frozen=True)
class Letter:
    """What stands on the sheet beside the text: who writes, on which day, who signs, and how to find it again."""

    title: str
    sender: str
    address: str
    day: str
    text: str
    signers: tuple[str, ...]
    reference: str


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The text with its variables; unknown ones stay as written, so that a typing error shows."""
    return _PLACE.sub(lambda place: facts.get(place[1], place[0]), text)


def letter_pdf(letter: Letter) -> bytes:
    """One letter; a long text goes on over as many sheets as it needs."""
    pdf = sheets(f"{letter.title} {letter.reference}")
    pdf.set_margins(_MARGIN, 22, _MARGIN)
    pdf.set_auto_page_break(True, 25)
    pdf.add_page()
    pdf.set_font(FONT, "B", 14)
    pdf.multi_cell(_WIDTH, 7, letter.sender, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font(FONT, "", 9)
    pdf.multi_cell(_WIDTH, 5, letter.address, align="L", new_x="LMARGIN", new_y="NEXT")
    pdf.ln(12)
    pdf.set_font(FONT, "", 11)
    pdf.cell(_WIDTH, _LINE, letter.day, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(8)
    for paragraph in re.split(r"\n\s*\n", letter.text.strip()):
        pdf.multi_cell(_WIDTH, _LINE, " ".join(paragraph.split()), align="L", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(4)
    pdf.ln(10)
    for signer in letter.signers:
        pdf.cell(_WIDTH, _LINE, signer, new_x="LMARGIN", new_y="NEXT")
    pdf.ln(8)
    pdf.set_font(FONT, "", 8)
    pdf.cell(_WIDTH, 5, f"Reference {letter.reference}")
    return bytes(pdf.output())
