"""What tells a heading: its words, and how it is set beside the rest of the paper."""

import re

from submissions.pdfcheck.layout import Line, TextBlock

_NOT_LETTERS = re.compile(r"[^a-z]")
_REFERENCES = {
    "references", "reference", "bibliography", "literaturecited", "referencesandnotes", "referencescited", "workscited",
}  # fmt: skip
_APPENDIX = re.compile(
    r"(?:the)?(?:online|technical)?(?:[a-z]?appendi(?:x|ces)[a-z]?"
    r"|[a-z]?supplement(?:ary|al|s)?(?:materials?|information|text|appendix|data|notes?|figures?|tables?)?)"
)
_APPENDIX_START = re.compile(
    r"^(?:(?:[A-Z]|\d{1,2})\.?\s+)?(?:(?:technical |online )?appendi(?:x|ces)\b"
    r"|supplement(?:ary|al)? (?:material|information|text)|supplement\s*[:.—–-])",
    re.IGNORECASE,
)
_ACKNOWLEDGEMENTS = re.compile(
    r"acknowledge?ments?(?:and.*)?|fundingacknowledge?ments?|(?:disclosureof)?funding(?:disclosure)?|authorcontributions?"
    r"|authorscontributions?|contributions?statement|competinginterests?|conflictsofinterests?"
)
_RUN_IN_ACKNOWLEDGEMENTS = re.compile(r"^acknowledge?ments?\s*[.:—–-]", re.IGNORECASE)
_STATEMENT = re.compile(
    r"(?:ethics?|ethical|reproducibility|broaderimpacts?|impact|socialimpact|data(?:andcode)?availability"
    r"|code(?:anddata)?availability|(?:the)?useof(?:large)?languagemodels|(?:the)?useofllms?|llmusage"
    r"|largelanguagemodels?usage)(?:statements?|considerations?|disclosures?)?"
)
_PAGE_NUMBER = re.compile(r"[. ]*(?:\d{1,3}|[ivx]{1,5})")
_CONTENTS_ENTRY = re.compile(r"(?:\. ?){3,}\d*$|\s\d+$")
_NUMBERED = re.compile(r"^(?:\d{1,2}|[IVX]{1,4}|[A-Z])(?:\.\d+)*\.?\s+\S")
_DIGIT_NUMBERED = re.compile(r"^\d{1,2}\.?\s+[A-Z(]")
_LETTERED = re.compile(r"^(?:[A-Z]|S\d)(?:\.\d+)*\.?\s+[A-Z(]")
_FIRST_LETTER = re.compile(r"^A(?:\.1)?\.?\s+[A-Z(]")
_CAPTION = re.compile(r"^(?:figure|fig\.|table)\s*[A-Z]?\.?\s*\d+\s*[:.|]", re.IGNORECASE)
_LONGEST_HEADING = 90


def letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text.casefold())


def stands_alone(line: Line, lines: list[Line], at: int) -> bool:
    """No words beside it in its column, and no page number at the end of its row as in a table of contents."""
    row = [
        other
        for other in lines[max(0, at - 3) : at + 4]
        if other is not line and other.page == line.page and abs(other.baseline - line.baseline) < 2
    ]
    if any(_PAGE_NUMBER.fullmatch(other.text) and other.left > line.right for other in row):
        return False
    return not any(abs(other.left - line.right) < 60 and len(letters(other.text)) > 1 for other in row)


# --- By its words ----------------------------------------------------------------------------------------


def says_references(line: Line) -> bool:
    text = line.text
    return len(text) < 40 and without_number(text) in _REFERENCES and not re.search(r"\.{2,}|(?:\. ){2,}", text)


def says_appendix(line: Line) -> bool:
    if len(line.text) >= _LONGEST_HEADING or line.text.endswith((".", ",", ";")) or _CONTENTS_ENTRY.search(line.text):
        return False
    text = _joined_capitals(line.text)
    return bool(_APPENDIX.fullmatch(letters(text)) or _APPENDIX_START.match(text))


def says_thanks(line: Line) -> bool:
    alone = len(line.text) < 70 and _ACKNOWLEDGEMENTS.fullmatch(without_number(line.text)) is not None
    return alone or runs_into_thanks(line)


def runs_into_thanks(line: Line) -> bool:
    """ "Acknowledgements." in bold, with the thanks themselves behind it on the line."""
    return bool(_RUN_IN_ACKNOWLEDGEMENTS.match(line.text)) and is_bold(line)


def says_statement(line: Line) -> bool:
    """An unnumbered section that venues ask for behind the paper proper: ethics, reproducibility, availability …"""
    return len(line.text) < 70 and _STATEMENT.fullmatch(letters(line.text)) is not None


def is_caption(line: Line) -> bool:
    return bool(_CAPTION.match(line.text))


def is_numbered(line: Line) -> bool:
    return bool(_NUMBERED.match(line.text))


def is_digit_numbered(line: Line) -> bool:
    return bool(_DIGIT_NUMBERED.match(line.text))


def is_lettered(line: Line) -> bool:
    return bool(_LETTERED.match(line.text))


def is_first_letter(line: Line) -> bool:
    return bool(_FIRST_LETTER.match(line.text))


def is_set_off_letter(line: Line) -> bool:
    """ "A", a gap as wide as a letter (a quad, as TeX sets it behind section numbers), and words: no article."""
    if not is_first_letter(line):
        return False
    seen = [glyph for glyph in line.glyphs if not glyph.text.isspace() and not glyph.generated]
    return len(seen) > 1 and seen[1].left - seen[0].right > 0.55 * largest(line)


def without_number(text: str) -> str:
    """The heading's letters without its section number: "5 R EFERENCES", "VII. References", "A References"."""
    bare = letters(text)
    numbered = re.match(r"^(?:[IVX]+|[A-Z])[.\s]\s*(?=\S{2,})", text)
    if numbered and bare not in _REFERENCES:
        return letters(text[numbered.end() :])
    return bare


def _joined_capitals(text: str) -> str:
    """Small capitals come as "S UPPLEMENTARY M ATERIAL": the blank behind a single capital is none."""
    joined = re.sub(r"\b([A-Z]) (?=[A-Z]{2,})", r"\1", text)
    return re.sub(r"^([A-Z])(?=APPENDI)", r"\1 ", joined)  # "A APPENDIX" is a section's letter and a word


# --- By its looks ----------------------------------------------------------------------------------------


def is_set_as_heading(line: Line, block: TextBlock | None) -> bool:
    """Larger than the text, or in a face of its own, or in capitals."""
    if block is None:
        return True
    return largest(line) > block.size + 0.6 or is_bold(line) or line.text.isupper()


def is_small_print(line: Line, block: TextBlock | None) -> bool:
    """Smaller than the text, as the words inside a figure are."""
    return block is not None and largest(line) < block.size - 0.8


def is_bold(line: Line) -> bool:
    """In a face that its name calls heavy, or small capitals: what headings are set in at the size of the text."""
    return bool(
        re.search(r"bold|demi|medi|black|heavy|-bx|cmbx|csc|caps|sfcc|eccc|-sc\b|-b\b", line.first_font, re.IGNORECASE)
    )


def largest(line: Line) -> float:
    """The size of its largest letter, in points: small capitals begin with one of the heading's own size."""
    return max((glyph.size for glyph in line.glyphs if not glyph.text.isspace()), default=line.size)


def same_face(line: Line, model: Line) -> bool:
    return abs(largest(line) - largest(model)) < 0.4 and line.first_font == model.first_font


def is_section_like(line: Line, model: Line, block: TextBlock | None) -> bool:
    """Set like the heading of the references, and neither thanks, statements, a caption nor an entry."""
    if len(line.text) > _LONGEST_HEADING or len(letters(line.text)) < 4 or is_caption(line):
        return False
    if says_thanks(line) or says_statement(line) or says_references(line) or not is_set_as_heading(line, block):
        return False
    return same_face(line, model) or (is_lettered(line) and line.size > (block.size if block else 0) + 0.6)
