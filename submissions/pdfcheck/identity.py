"""Whether a double-blind paper tells who wrote it. Being cited in the references like anybody else is no finding."""

import re
from collections.abc import Iterator, Sequence

from submissions.pdfcheck.facts import Structure
from submissions.pdfcheck.layout import Layout, Line
from submissions.pdfcheck.names import Hit, Words, fold, forms_of, letters_of, short_forms_of
from submissions.pdfcheck.places import Places
from submissions.pdfcheck.properties import judge_properties
from submissions.pdfcheck.result import BLOCKS, IDENTITY, WARNS, Finding
from submissions.pdfcheck.rules import DOUBLE, Author, Rules
from submissions.pdfcheck.sections import Parts
from submissions.pdfcheck.traces import judge_links, judge_self_citations, judge_thanks

_MOST_FINDINGS = 30
_MOST_OF_A_KIND = 3
_ANONYMOUS = re.compile(r"anonym|double.blind|under review|authors? (?:omitted|withheld|removed)", re.IGNORECASE)
_INSTITUTION = re.compile(
    r"@|\b(?:universit|institut|laborator|department|school of|college|academy|faculty|centre for|center for)",
    re.IGNORECASE,
)
_REMOVE = "Remove it: reviewing is double-blind."


def judge_identity(structure: Structure, layout: Layout, parts: Parts, rules: Rules) -> list[Finding]:
    """Findings for double-blind tracks only, the gravest first, at most thirty."""
    if rules.blind != DOUBLE:
        return []
    places = Places.of(layout, parts)
    found = [
        *_below_the_title(places, rules.authors),
        *_in_the_text(places, rules.authors),
        *judge_thanks(places),
        *judge_self_citations(places, rules.authors),
        *judge_links(structure, places, rules.authors),
        *judge_properties(structure, rules.authors),
    ]
    return sorted(_without_repeats(found), key=lambda each: each.severity != BLOCKS)[:_MOST_FINDINGS]


def _below_the_title(places: Places, authors: Sequence[Author]) -> Iterator[Finding]:
    """Nobody but authors is named there, so a name is sure, and initials are enough for a warning."""
    words = Words.of(places.byline)
    for author in authors:
        if hit := _first(words, forms_of(author.name)):
            message = f"The name of an author stands below the title. {_REMOVE} Use the style's anonymous option."
            yield _at(hit, "identity.author_name", message, BLOCKS)
        elif hit := _first(words, short_forms_of(author.name)) or _slip(words, author):
            yield _at(hit, "identity.author_name", f"This looks like the name of an author. {_REMOVE}")
        if author.affiliation and (hit := _first(words, _affiliations(author))):
            yield _at(hit, "identity.affiliation", f"The affiliation of an author stands below the title. {_REMOVE}")
    yield from _addresses(places.byline, authors)
    yield from _unknown_people(places.byline)


def _unknown_people(byline: Sequence[Line]) -> Iterator[Finding]:
    """Names that are not on the list of authors would not be known; the institutions beside them are."""
    if any(_ANONYMOUS.search(line.text) for line in byline):
        return
    telling = [line for line in byline if _INSTITUTION.search(line.text)]
    if telling:
        message = "Below the title stands who wrote this. Use the style's anonymous option (no \\iclrfinalcopy)."
        yield _at(Hit(tuple(telling[:6]), telling[0].text), "identity.author_block", message)


def _in_the_text(places: Places, authors: Sequence[Author]) -> Iterator[Finding]:
    text, margins = Words.of([*places.title, *places.text]), Words.of(places.margins)
    thanks = Words.of(places.thanks)
    for author in authors:
        for hit in _all(text, forms_of(author.name)):
            message = f"The name of an author of this paper stands on this page. {_REMOVE}"
            yield _at(hit, "identity.author_name", message)
        for hit in _all(margins, [*forms_of(author.name), *short_forms_of(author.name)]):
            yield _at(hit, "identity.author_name", f"A running head or foot names an author. {_REMOVE}")
        thanked = _first(thanks, _affiliations(author)) if author.affiliation else None
        if thanked is not None:
            yield _at(thanked, "identity.affiliation", f"The acknowledgements name an author's affiliation. {_REMOVE}")
    yield from _addresses([*places.text, *places.margins], authors)


def _addresses(lines: Sequence[Line], authors: Sequence[Author]) -> Iterator[Finding]:
    """E-mail addresses of the authors, also as `{ada,bob}@uni.example`."""
    for author in authors:
        local, _, domain = author.email.lower().partition("@")
        if not domain:
            continue
        for line in lines:
            text = line.text.lower().replace(" ", "")
            if author.email.lower() in text or re.search(rf"\{{[^}}]*\b{re.escape(local)}\b[^}}]*\}}@", text):
                message = f"The e-mail address of an author stands on this page. {_REMOVE}"
                yield _at(Hit((line,), line.text), "identity.author_email", message)
                break


def _affiliations(author: Author) -> list[str]:
    """Its letters, and those of its parts between commas, where they are long enough to be no common word."""
    parts = [author.affiliation, *author.affiliation.split(",")]
    return [letters for part in parts if len(letters := letters_of(part)) >= 8 and len(fold(part).split()) > 1]


def _slip(words: Words, author: Author) -> Hit | None:
    return next((hit for form in forms_of(author.name)[:2] for hit in words.close_to(form)), None)


def _first(words: Words, forms: Sequence[str]) -> Hit | None:
    return next(_all(words, forms), None)


def _all(words: Words, forms: Sequence[str]) -> Iterator[Hit]:
    for form in forms:
        yield from words.find(form)


def _without_repeats(findings: list[Finding]) -> list[Finding]:
    """One for each place, and few of one kind: the third tells no more than the second."""
    kept: list[Finding] = []
    seen: set[tuple] = set()
    counts: dict[tuple, int] = {}
    for each in findings:
        place, kind = (each.code, each.page, each.box), (each.code, each.page)
        if place in seen or counts.get(kind, 0) >= _MOST_OF_A_KIND:
            continue
        seen.add(place)
        counts[kind] = counts.get(kind, 0) + 1
        kept.append(each)
    return kept


def _at(hit: Hit, code: str, message: str, severity: str = WARNS) -> Finding:
    return Finding(code, severity, message, page=hit.page, excerpt=hit.words, kind=IDENTITY, box=hit.box)
