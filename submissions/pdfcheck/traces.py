"""What leads to the authors without naming them: thanks, grants, "our previous work [7]", links to their own pages."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from submissions.pdfcheck.facts import Link, Structure
from submissions.pdfcheck.layout import Line
from submissions.pdfcheck.names import Hit, fold, letters_of
from submissions.pdfcheck.places import Places
from submissions.pdfcheck.result import IDENTITY, WARNS, Finding
from submissions.pdfcheck.rules import Author

_GRANT = re.compile(
    r"\b(?:grants?|awards?|contracts?|projects?|fellowships?)\s*(?:agreements?\s*)?(?:numbers?|nos?|id)?\.?\s*[:#№]?\s*"
    r"(?=[\w/.-]*\d{3})[A-Z0-9][\w/.-]{4,}",
    re.IGNORECASE,
)
_FUNDED = re.compile(
    r"\b(?:this|our|the) (?:work|research|study|project) (?:was|is|has been) (?:\w+ ){0,2}"
    r"(?:funded|supported|sponsored) by",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"\b(?:our|my) (?:own )?(?:previous|prior|earlier|recent|past|former|preceding) (?:\w+ )?"
    r"(?:works?|papers?|study|studies|method|approach|results?)"
    r"|\b(?:we|I) (?:have )?(?:previously|recently|earlier) (?:\w+ )?"
    r"(?:show|prov|propos|introduc|present|develop|publish|report|demonstrat|stud)\w*"
    r"|\bin (?:our|my) (?:\w+ )?(?:companion|preceding) (?:paper|work)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\[(\d{1,3})(?:[,;–\-\s]+\d{1,3})*\]")
_BY_NAME = re.compile(r"\(?[A-Z][\w’'-]+(?:,? (?:and|&) [A-Z][\w’'-]+| et al\.?,?)?,? \(?(?:19|20)\d\d[a-z]?\)")
_NEAR = 160  # letters between the words and the citation
_HOSTS = {
    "github.com", "gitlab.com", "bitbucket.org", "huggingface.co", "codeberg.org", "kaggle.com", "linkedin.com",
    "twitter.com", "x.com", "researchgate.net", "scholar.google.com", "youtube.com", "zenodo.org",
}  # fmt: skip
_PERSONAL_HOSTS = ("drive.google.com", "docs.google.com", "dropbox.com", "sites.google.com", "orcid.org", "1drv.ms")
_PAGES = (".github.io", ".gitlab.io", ".netlify.app")
_ANONYMOUS = ("anonymous", "anonymised", "anonymized", "4open.science", "view_only=")
_OWN_CODE = re.compile(
    r"\bour (?:\w+ )?"
    r"(?:code|data|dataset|data set|models?|weights|implementation|repository|project page|demo|website)"
    r"|\b(?:code|data|dataset|models?|weights|implementation|project page)\b[^.]{0,60}"
    r"\b(?:available|released?|found|published|open.?sourced?)"
    r"|\bwe (?:will )?(?:release|publish|open.?source|provide|make)\b",
    re.IGNORECASE,
)
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\]})\"]+", re.IGNORECASE)


def judge_thanks(places: Places) -> Iterator[Finding]:
    """Acknowledgements, and sentences about grants wherever they stand."""
    if places.thanks:
        message = "Acknowledgements often tell who wrote a paper. Leave them out until it is accepted."
        yield _finding("identity.acknowledgements", message, places.thanks[:1])
    for at, line in enumerate(places.text):
        run = " ".join(each.text for each in places.text[at : at + 2])
        match = _FUNDED.search(run) or _GRANT.search(run)
        if match and match.start() < len(line.text):
            message = "A grant or sponsor leads to the authors. Leave this sentence out until the paper is accepted."
            yield _finding("identity.grant", message, places.text[at : at + 1], match.group())


def judge_self_citations(places: Places, authors: Sequence[Author]) -> Iterator[Finding]:
    """ "Our previous work [7]": whose work that is stands in the references."""
    for at, line in enumerate(places.text):
        run = " ".join(each.text for each in places.text[at : at + 3])
        match = _OURS.search(run)
        if match is None or match.start() >= len(line.text):
            continue
        behind = run[match.start() : match.end() + _NEAR]
        cited = _NUMBER.search(behind) or _BY_NAME.search(behind)
        if cited is None:
            continue
        whose = _entry(places.references, cited) if cited.re is _NUMBER else cited.group()
        sure = any(_family(author) and _family(author) in letters_of(whose) for author in authors)
        named = " The reference names an author of this paper." if sure else ""
        message = f"This cites work as your own.{named} Write of it as of anybody else's: “Doe et al. [7] show …”."
        yield _finding("identity.self_citation", message, places.text[at : at + 1], behind[: cited.end()])


def _entry(references: Sequence[Line], cited: re.Match) -> str:
    """The words of a numbered reference, as far as its first two lines."""
    mark = f"[{cited.group(1)}]"
    for at, line in enumerate(references):
        if line.text.lstrip().startswith(mark):
            return " ".join(each.text for each in references[at : at + 2])
    return ""


def _family(author: Author) -> str:
    return letters_of(fold(author.name).split()[-1]) if author.name.strip() else ""


# --- Links ----------------------------------------------------------------------------------------------


def judge_links(structure: Structure, places: Places, authors: Sequence[Author]) -> Iterator[Finding]:
    """Links behind words and addresses in print that lead to the authors' own pages; anonymous mirrors are fine."""
    told: set[str] = set()
    for link in [*structure.links, *_printed(places)]:
        words = _words_at(link, places)
        reason = _why(link.address, words, authors)
        if reason and link.address not in told:
            told.add(link.address)
            message = f"{reason} Use an anonymous copy until the paper is accepted (anonymous.4open.science, say)."
            yield Finding(
                "identity.link", WARNS, message, page=link.page, excerpt=link.address, kind=IDENTITY, box=link.box
            )


def _printed(places: Places) -> Iterator[Link]:
    for line in [*places.byline, *places.text, *places.margins]:
        for match in _URL.finditer(line.text):
            yield Link(line.page, match.group().rstrip(".,;"), line.box)


def _words_at(link: Link, places: Places) -> str:
    """The line that a link stands on, with the one before it; empty in the references."""
    if link.box is None:
        return ""
    for at, line in enumerate(places.text):
        middle = (line.box[1] + line.box[3]) / 2
        overlaps = line.box[0] < link.box[2] and link.box[0] < line.box[2]
        if line.page == link.page and overlaps and link.box[1] <= middle <= link.box[3]:
            return " ".join(each.text for each in places.text[max(0, at - 1) : at + 2])
    return ""


def _why(address: str, words: str, authors: Sequence[Author]) -> str:
    """In words, or empty where a link tells nothing."""
    if any(mark in address.lower() for mark in _ANONYMOUS):
        return ""
    parts = urlsplit(address if "://" in address else f"https://{address}")
    if parts.scheme == "mailto":
        return "A link writes to an author." if any(a.email and a.email in address.lower() for a in authors) else ""
    host = (parts.hostname or "").removeprefix("www.")
    path = unquote(parts.path)
    if _names_an_author(host + path, authors):
        return "A link has the name of an author in it."
    if host in _PERSONAL_HOSTS and words:
        return "A link leads to somebody's own account."
    if (host in _HOSTS or host.endswith(_PAGES) or "/~" in path) and _OWN_CODE.search(words):
        return "A link leads to the account that holds your code or data."
    return ""


def _names_an_author(address: str, authors: Sequence[Author]) -> bool:
    """The family name and something of the given name in one part of the address: `/~lovelace`, `/ada-lovelace`."""
    pieces = [letters_of(piece) for piece in re.split(r"[/.?=&]", address)]
    for author in authors:
        words = [letters_of(word) for word in fold(author.name).replace(".", " ").split()]
        if len(words) < 2 or len(words[-1]) < 3:
            continue
        given, family = words[0], words[-1]
        usual = {given + family, family + given, given[0] + family, family + given[0]}
        if len(family) >= 6:
            usual.add(family)
        if any(piece in usual for piece in pieces):
            return True
    return False


def _finding(code: str, message: str, lines: Sequence[Line], words: str = "") -> Finding:
    hit = Hit(tuple(lines), words or lines[0].text)
    return Finding(code, WARNS, message, page=hit.page, excerpt=hit.words, kind=IDENTITY, box=hit.box)
