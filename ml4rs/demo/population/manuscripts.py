"""Papers and slides as PDFs: the right number of pages, headings, paragraphs and references."""

from random import Random

from ml4rs.demo.population.pdfs import LINES_PER_PAGE, lines_of, make_pdf
from ml4rs.demo.population.phrases import PARAGRAPHS, SECTIONS
from ml4rs.demo.population.wordlists import FAMILY

Line = tuple[int, str]
_BODY, _HEADING, _TITLE = 10, 12, 17
_REFERENCES = 12


def manuscript(draw: Random, title: str, abstract: str, *, pages: int, authors: str = "") -> bytes:
    """A paper of that many pages, references on the last. Anonymous unless `authors` are named."""
    lines = [*_title(title), (_BODY, authors or "Anonymous authors"), (_BODY, "")]
    lines += [(_HEADING, "Abstract"), (_BODY, ""), *_text(abstract)]
    body = _body(draw)
    references = _references(draw)
    room = LINES_PER_PAGE * pages - len(references) - 2
    while len(lines) < room:
        lines += next(body)
    lines = lines[:room] + references
    sheets = [lines[start : start + LINES_PER_PAGE] for start in range(0, len(lines), LINES_PER_PAGE)]
    head = "Published as a workshop paper" if authors else "Under review as a workshop paper"
    return make_pdf(sheets, head=head)


def _title(title: str) -> list[Line]:
    return [(_TITLE, line) for line in lines_of(title)] if len(title) < 60 else [(14, line) for line in lines_of(title)]


def _text(paragraph: str) -> list[Line]:
    return [(_BODY, line) for line in lines_of(paragraph)]


def _body(draw: Random):
    """Sections without end, each with a few paragraphs."""
    number = 0
    while True:
        heading = SECTIONS[number % len(SECTIONS)]
        number += 1
        yield [(_HEADING, f"{number} {heading}"), (_BODY, "")]
        for paragraph in draw.sample(PARAGRAPHS, 3):
            yield _text(paragraph)


def _references(draw: Random) -> list[Line]:
    lines = [(_HEADING, "References"), (_BODY, "")]
    for number in range(1, _REFERENCES + 1):
        who = draw.choice(FAMILY)
        year = draw.randint(2014, 2024)
        lines.append((_BODY, f"[{number}] {who} et al. On the mapping of land and water. Journal of Maps, {year}."))
    return lines


def slide(title: str, data: str) -> bytes:
    """One slide in landscape."""
    lines = [(28, title[:46]), (28, title[46:92]), (16, ""), (16, f"From {data}"), (16, "What we did, in one picture")]
    return make_pdf([lines], size=(960, 540))
