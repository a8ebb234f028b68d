"""How an accepted paper is found and cited: tags for scholarly search engines, and schema.org data."""

import re
from unicodedata import combining, normalize

from ml4rs.editions.models import Edition
from ml4rs.notifications.links import absolute
from submissions.models import Submission
from submissions.queries.papers import public_file


def citation_tags(edition: Edition, paper: Submission) -> list[tuple[str, str]]:
    """Name and content of the meta tags that Google Scholar asks for. No query beyond `paper_page`."""
    tags = [("citation_title", paper.title)]
    for author in paper.authorships.all():
        tags.append(("citation_author", author.name))
        if author.affiliation:
            tags.append(("citation_author_institution", author.affiliation))
    if edition.starts_on:
        tags.append(("citation_publication_date", f"{edition.starts_on:%Y/%m/%d}"))
    tags.append(("citation_conference_title", _venue(edition)))
    tags.append(("citation_language", "en"))
    if public_file(paper, "camera_ready"):
        tags.append(("citation_pdf_url", absolute("submissions:paper_pdf", edition.slug, paper.public_id)))
    return tags


def scholarly_article(edition: Edition, paper: Submission) -> dict:
    """The paper as schema.org knows it."""
    article = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "headline": paper.title,
        "abstract": paper.abstract,
        "url": absolute("submissions:paper", edition.slug, paper.public_id),
        "author": [_person(author) for author in paper.authorships.all()],
        "isPartOf": {"@type": "Event", "name": _venue(edition)},
        "keywords": [topic.name for topic in paper.topics.all()],
    }
    if edition.starts_on:
        article["datePublished"] = edition.starts_on.isoformat()
        article["isPartOf"]["startDate"] = edition.starts_on.isoformat()
    if public_file(paper, "camera_ready"):
        article["encoding"] = {
            "@type": "MediaObject",
            "encodingFormat": "application/pdf",
            "contentUrl": absolute("submissions:paper_pdf", edition.slug, paper.public_id),
        }
    return article


# What TeX would take for a command.
_BACKSLASH = r"\textbackslash "
_ESCAPED = {**{each: f"\\{each}" for each in "&%#_{}"}, "~": r"\textasciitilde ", "^": r"\textasciicircum "}
_WORDS = re.compile(r"[a-z0-9]+")
_SMALL = frozenset(
    ["a", "an", "the", "on", "of", "for", "in", "to", "and", "with", "from", "towards", "do", "is", "are"]
)


def bibtex(edition: Edition, paper: Submission) -> str:
    """The paper as an entry for BibTeX, in UTF-8. Formulas between dollar signs stay formulas. No query."""
    authors = [author.name for author in paper.authorships.all()]
    year = f"{edition.starts_on:%Y}" if edition.starts_on else ""
    fields = {
        "title": "{" + _tex(paper.title) + "}",  # a second brace keeps capitals
        "author": " and ".join(_tex(name) for name in authors),
        "booktitle": _tex(_venue(edition)),
        "year": year,
        "url": absolute("submissions:paper", edition.slug, paper.public_id),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@inproceedings{{{_key(authors, year, paper.title)},", *lines, "}"])


def _key(authors: list[str], year: str, title: str) -> str:
    """Surname, year and the first word of weight, in plain letters."""
    surname = authors[0].split()[-1] if authors and authors[0].split() else "anonymous"
    words = [word for word in _WORDS.findall(_plain(title)) if word not in _SMALL]
    return "".join(_WORDS.findall(_plain(surname))) + year + (words[0] if words else "")


def _plain(text: str) -> str:
    """Lower case without accents."""
    return "".join(each for each in normalize("NFKD", text.casefold()) if not combining(each))


def _tex(text: str) -> str:
    """Text as TeX reads it; every other part between dollar signs is a formula, where they and its braces pair up."""
    parts = " ".join(text.split()).split("$")
    if len(parts) % 2 == 0 or not all(_is_balanced(formula) for formula in parts[1::2]):
        return _escaped("$".join(parts)).replace("$", r"\$")
    return "$".join(part if place % 2 else _escaped(part) for place, part in enumerate(parts))


def _is_balanced(formula: str) -> bool:
    depth = 0
    for character in formula:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


def _escaped(text: str) -> str:
    return "".join(_BACKSLASH if each == "\\" else _ESCAPED.get(each, each) for each in text)


def _venue(edition: Edition) -> str:
    return f"{edition.name} Workshop at {edition.host}" if edition.host else f"{edition.name} Workshop"


def _person(author) -> dict:
    person: dict = {"@type": "Person", "name": author.name}
    if author.affiliation:
        person["affiliation"] = {"@type": "Organization", "name": author.affiliation}
    if author.orcid:
        person["sameAs"] = f"https://orcid.org/{author.orcid}"
    return person
