"""The lines of a paper by what stands there: below the title, in the text, in the margins, in the references."""

import re
from dataclasses import dataclass

from submissions.pdfcheck.layout import Layout, Line, unmarked
from submissions.pdfcheck.sections import Parts, in_reading_order

_ABSTRACT = re.compile(r"^\W*a\s?b\s?s\s?t\s?r\s?a\s?c\s?t\b", re.IGNORECASE)
_FIRST_SECTION = re.compile(r"^\W*(?:1|I)?\.?\s*introduction\b", re.IGNORECASE)
_MOST_LINES_ABOVE = 40


@dataclass(frozen=True)
class Places:
    """`byline` is between title and abstract on the first page, empty where no abstract could be found."""

    title: list[Line]
    byline: list[Line]
    text: list[Line]  # without byline and references
    references: list[Line]
    margins: list[Line]  # running heads and feet
    thanks: list[Line]  # the acknowledgements, a part of the text

    @classmethod
    def of(cls, layout: Layout, parts: Parts) -> "Places":
        lines = in_reading_order(layout)
        start, end = _span(lines, parts)
        above = _above_abstract(lines)
        title = _title(above)
        return cls(
            title=title,
            byline=[unmarked(line) for line in above if not any(line is each for each in title)],
            text=[line for at, line in enumerate(lines) if at >= len(above) and not start <= at < end],
            references=lines[start:end],
            margins=[line for page in layout.pages for line in page.running],
            thanks=_thanks(lines, parts),
        )


def _span(lines: list[Line], parts: Parts) -> tuple[int, int]:
    """From the references' heading to the appendix, or to the end."""
    if parts.references is None:
        return len(lines), len(lines)
    start = _index(lines, parts.references.line)
    end = _index(lines, parts.appendix.line) if parts.appendix else len(lines)
    return start, end if end > start else len(lines)


def _index(lines: list[Line], wanted: Line) -> int:
    return next((at for at, line in enumerate(lines) if line is wanted), len(lines))


def _above_abstract(lines: list[Line]) -> list[Line]:
    first = [line for line in lines if line.page == 1][:_MOST_LINES_ABOVE]
    for pattern in (_ABSTRACT, _FIRST_SECTION):
        for at, line in enumerate(first):
            if pattern.match(line.text):
                return first[:at]
    return []


def _title(above: list[Line]) -> list[Line]:
    """The lines in the largest letters, which come first."""
    largest = max((line.size for line in above), default=0)
    return [line for line in above if line.size > largest - 0.5] if largest > 11 else above[:1]


def _thanks(lines: list[Line], parts: Parts) -> list[Line]:
    if parts.acknowledgements is None:
        return []
    at = _index(lines, parts.acknowledgements.line)
    return lines[at : at + 12]
