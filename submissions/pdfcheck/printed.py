"""The names below the title of a camera-ready paper, held against the list of authors: the mirror of anonymity."""

import re
from collections.abc import Iterator, Sequence

from submissions.pdfcheck.layout import Layout, Line
from submissions.pdfcheck.names import Hit, Words, fold, forms_of, letters_of, one_slip, short_forms_of
from submissions.pdfcheck.places import Places
from submissions.pdfcheck.result import INFORMS, WARNS, Finding
from submissions.pdfcheck.rules import Author, Rules
from submissions.pdfcheck.sections import Parts

_ANONYMOUS = re.compile(r"anonymous authors?|double.blind", re.IGNORECASE)
# Superscripts of affiliations and of equal contribution stand between names as letters or signs of their own.
_BETWEEN = re.compile(r"\s*(?:[,;&]|\band\b|[\d*†‡§¶∗⋆♠♣♦♥✉]+(?:\s*,\s*[\d*†‡§¶∗⋆♠♣♦♥✉]+)*)\s*", re.IGNORECASE)
_NAME = re.compile(r"[^\W\d_][\w'’.\-]*(?:\s+[^\W\d_][\w'’.\-]*){1,4}")
_NO_NAME = re.compile(
    r"@|https?:|\b(?:universit|institut|laborator|department|dept|school|college|academy|faculty|cent(?:er|re)|group|"
    r"research|lab\b|labs\b|inc\b|ltd\b|gmbh|agency|company|corporation|foundation|division|equal|contribution|"
    r"correspond|author|work done|usa|china|germany|france|india|kingdom|states|street|city)",
    re.IGNORECASE,
)


def judge_printed(layout: Layout, parts: Parts, rules: Rules) -> list[Finding]:
    """Authors who are listed but not printed, printed but not listed, or in another order; nothing where names

    need not be printed. Names are found however they are set, as in the search for names that must not be there.
    """
    if not rules.prints_authors or not rules.authors or not rules.is_main_file:
        return []
    places = Places.of(layout, parts)
    byline = places.byline or [line for line in layout.pages[0].lines if line not in places.title][:40]
    anonymous = next((line for line in byline if _ANONYMOUS.search(line.text)), None)
    if anonymous is not None:
        message = (
            "The paper is still anonymous. Use the style's final option (\\iclrfinalcopy), which prints its authors."
        )
        return [_at("authors.anonymous", WARNS, message, [anonymous])]
    words = Words.of(byline)
    found = [(author, _printed(words, author)) for author in rules.authors]
    there = [(author, hit) for author, hit in found if hit is not None]
    missing = [author.name for author, hit in found if hit is None]
    return [
        *_missing(missing, byline),
        *_unlisted(byline, rules.authors, there),
        *_order(words, [author for author, _ in there]),
    ]


def _printed(words: Words, author: Author) -> Hit | None:
    forms = [*forms_of(author.name), *short_forms_of(author.name)] or [letters_of(author.name)]
    for form in forms:
        if hit := next(words.find(form), None):
            return hit
    close = (hit for form in forms_of(author.name)[:2] for hit in words.close_to(form))
    return next(close, None) or words.find_around(*_ends(author.name))


def _ends(name: str) -> tuple[str, str]:
    """The first and the last word of a name, as letters."""
    words = [letters_of(word) for word in name.split()]
    return words[0], words[-1]


def _missing(names: list[str], byline: list[Line]) -> Iterator[Finding]:
    if not names:
        return
    message = (
        f"Not printed below the title: {', '.join(names)}. The names in the paper and on the list of authors must be "
        "the same: correct one of the two."
    )
    yield _at("authors.missing", WARNS, message, byline[:3])


def _unlisted(byline: list[Line], authors: Sequence[Author], there: list[tuple[Author, Hit]]) -> Iterator[Finding]:
    """Names on the lines on which listed authors stand: other lines hold institutions and addresses."""
    lines = {id(line): line for _, hit in there for line in hit.lines}
    known = {letters for author in authors for letters in (*forms_of(author.name), *short_forms_of(author.name))}
    known |= {letters_of(author.name) for author in authors}
    places = {letters_of(part) for author in authors for part in author.affiliation.split(",")}
    for line in lines.values():
        for part in _BETWEEN.split(line.text):
            name = part.strip(" .")
            if not _NAME.fullmatch(name) or _NO_NAME.search(name) or not _is_capitalised(name):
                continue
            letters = letters_of(name)
            if letters not in places and not _is_known(letters, known, authors):
                message = (
                    f"“{name}” is printed below the title, but not on the list of authors. Correct one of the two."
                )
                yield _at("authors.unlisted", WARNS, message, [line])


def _is_known(letters: str, known: set[str], authors: Sequence[Author]) -> bool:
    """A listed name, also with a mark of its affiliation, a middle name more or less, or a slip of the pen."""
    if any(form in letters and len(letters) - len(form) <= 3 for form in known if len(form) >= 5):
        return True
    ends = [_ends(author.name) for author in authors]
    if any(letters.startswith(first) and letters.endswith(last) for first, last in ends):
        return True
    return any(one_slip(*sorted((form, letters), key=len)) for form in known if abs(len(form) - len(letters)) <= 1)


def _is_capitalised(name: str) -> bool:
    small = {"de", "van", "von", "der", "den", "la", "le", "di", "da", "dos", "del", "el", "al", "bin", "ter", "te"}
    return all(word[:1].isupper() or fold(word) in small for word in name.split()) and len(name.split()) <= 5


def _order(words: Words, authors: list[Author]) -> Iterator[Finding]:
    at = {author.name: place for author in authors if (place := _first_at(words, author)) is not None}
    printed = sorted(at, key=at.__getitem__)
    if len(at) < len(authors) or printed == list(at):
        return
    message = (
        f"The authors are printed in another order than on the list: {', '.join(printed)}. Correct one of the two."
    )
    yield Finding("authors.order", INFORMS, message, page=1)


def _first_at(words: Words, author: Author) -> int | None:
    forms = (*forms_of(author.name), *short_forms_of(author.name), *_ends(author.name)[1:])
    return next((place for form in forms if (place := words.letters.find(form)) >= 0), None)


def _at(code: str, severity: str, message: str, lines: list[Line]) -> Finding:
    if not lines:
        return Finding(code, severity, message, page=1)
    hit = Hit(tuple(lines), " ".join(line.text for line in lines))
    return Finding(code, severity, message, page=hit.page, excerpt=hit.words, box=hit.box)
