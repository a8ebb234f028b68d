"""Publications out of BibTeX, or out of the XML of a person's page in DBLP. Plain Python."""

import itertools
import logging
import re
from dataclasses import dataclass, field

from reviews.matching.conflicts import folded, initialled, plain_name

LARGEST = 1_000_000  # bytes
MOST = 3_000  # publications
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_KEY = re.compile(r"(@\w+\s*\{)\s*[^,\s={}\"]*\s*,")
_LATEX = re.compile(r"[\\{}$~]")
_LONGEST, _LONGEST_NAME, _MOST_BRACES = 5_000, 200, 200
_NOBODY = frozenset({"others", "et al", "et al."})
# What people upload does not belong into the server's log.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)


@dataclass(frozen=True)
class Publication:
    """One publication. `year` is None where it says none."""

    title: str
    authors: tuple[str, ...] = ()
    year: int | None = None
    abstract: str = ""

    @property
    def key(self) -> str:
        """By which the same publication is known again, from whatever source."""
        return folded(self.title)


@dataclass
class Read:
    """What a file holds, and in words what of it could not be read."""

    publications: list[Publication] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def read(data: bytes) -> Read:
    """The publications of a file, each once; what cannot be read is a problem, never an exception."""
    if len(data) > LARGEST:
        return Read(problems=[f"The file is larger than {LARGEST // 1_000_000} MB."])
    text = _decoded(data)
    if "\0" in text:
        return Read(problems=["This is no text file."])
    found = _from_dblp(data) if text.lstrip("\ufeff \t\r\n").startswith("<") else _from_bibtex(text)
    once = {each.key: each for each in found.publications if each.key}
    found.publications = list(once.values())[:MOST]
    if not found.publications and not found.problems:
        found.problems.append("There is no publication in this file. It should be BibTeX, or XML from DBLP.")
    return found


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


# --- BibTeX --------------------------------------------------------------------------------------------------


def _from_bibtex(text: str) -> Read:
    """Only what is needed is decoded, and only so much of it: a file must not keep the server busy."""
    import bibtexparser

    count = itertools.count()
    # A key that stands twice would cost the second entry; nothing here asks for keys.
    text = _KEY.sub(lambda found: f"{found[1]}k{next(count)},", text)
    library = bibtexparser.parse_string(text)
    found = Read()
    for entry in library.entries[:MOST]:
        fields = {each.key.lower(): str(each.value) for each in entry.fields}
        title, abstract = (_decoded_latex(fields.get(name, "")[:_LONGEST]) for name in ("title", "abstract"))
        found.publications.append(Publication(title, _bibtex_names(fields), _year(fields.get("year")), abstract))
    for block in library.failed_blocks:
        found.problems.append(f"From line {(block.start_line or 0) + 1} on an entry could not be read.")
    return found


def _bibtex_names(fields: dict[str, str]) -> tuple[str, ...]:
    from bibtexparser.middlewares.names import split_multiple_persons_names

    names = split_multiple_persons_names(fields.get("author", "")[: 2 * _LONGEST])
    return _names([_decoded_latex(name[:_LONGEST_NAME]) for name in names])


def _decoded_latex(text: str) -> str:
    """Accents and commands as the characters that they stand for; braces within braces without end stay undecoded."""
    if not _LATEX.search(text) or text.count("{") > _MOST_BRACES:
        return _plain(text)
    from pylatexenc.latex2text import LatexNodes2Text

    try:
        return _plain(LatexNodes2Text(math_mode="verbatim").latex_to_text(text))
    except (RecursionError, ValueError):
        return _plain(text)


# --- DBLP ----------------------------------------------------------------------------------------------------


def _from_dblp(data: bytes) -> Read:
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(data)
    except (ParseError, DefusedXmlException, ValueError) as error:
        place = getattr(error, "position", None)
        where = f" (line {place[0]})" if place else ""
        return Read(problems=[f"This XML cannot be read{where}. Save the XML of your page in DBLP again."])
    found = Read()
    for node in root.iter():
        title = node.find("title")
        if title is None:
            continue
        names = ["".join(each.itertext()) for each in node.findall("author")]
        year = node.find("year")
        words = "".join(title.itertext()).rstrip(".")
        found.publications.append(
            Publication(_plain(words), _names(names), _year(year.text if year is not None else ""))
        )
    return found


# --- Common to both ------------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    return " ".join(text.replace("{", "").replace("}", "").split())[:5_000]


def _names(names: list[str]) -> tuple[str, ...]:
    """Without the numbers by which DBLP tells namesakes apart, and without "and others"."""
    plain = (re.sub(r"\s+[0-9]{4}$", "", _plain(name)) for name in names)
    return tuple(name[:200] for name in plain if name and name.lower() not in _NOBODY)[:500]


def _year(value: object) -> int | None:
    found = _YEAR.search(str(value or ""))
    return int(found.group()) if found else None


def coauthors(publications: list[Publication], own: str, since: int) -> dict[str, Publication]:
    """Name → the newest publication since a year (inclusive) written with them; `own` is the person's own name.

    Publications without a year count: nothing says that they are old.
    """
    mine = {plain_name(own), initialled(own)} - {""}
    found: dict[str, Publication] = {}
    for each in sorted(publications, key=lambda one: one.year or since):
        if each.year is not None and each.year < since:
            continue
        for name in each.authors:
            if plain_name(name) not in mine and initialled(name) not in mine:
                found[name] = each
    return found
