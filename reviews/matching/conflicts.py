"""Who is too close to which paper, found from addresses, institutions and names. Plain Python.

One index over all authors answers for every person, so that the cost is people + authorships, not people × papers.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

# Addresses here say nothing of an employer (nor do the three domains that RFC 2606 keeps for examples).
MAIL_PROVIDERS = frozenset(
    {
        "126.com", "163.com", "acm.org", "aol.com", "daum.net", "duck.com", "email.com", "example.com", "example.net",
        "example.org", "fastmail.com", "foxmail.com", "free.fr", "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de",
        "gmx.net", "googlemail.com", "hanmail.net", "hey.com", "hotmail.co.uk", "hotmail.com", "hotmail.fr",
        "hotmail.it", "icloud.com", "ieee.org", "inbox.com", "libero.it", "live.com", "mac.com", "mail.com",
        "mail.ru", "mailbox.org", "me.com", "msn.com", "naver.com", "online.de", "orange.fr", "outlook.com",
        "outlook.de", "outlook.fr", "pm.me", "posteo.de", "proton.me", "protonmail.ch", "protonmail.com", "qq.com",
        "rediffmail.com", "rocketmail.com", "sina.com", "sohu.com", "t-online.de", "tuta.io", "tutanota.com",
        "virgilio.it", "wanadoo.fr", "web.de", "yahoo.ca", "yahoo.co.in", "yahoo.co.jp", "yahoo.co.uk", "yahoo.com",
        "yahoo.de", "yahoo.es", "yahoo.fr", "yahoo.it", "yandex.com", "yandex.ru", "yeah.net", "ymail.com",
        "zoho.com",
    }
)  # fmt: skip
_SECOND_LEVEL = frozenset(
    {"ac", "co", "com", "edu", "gov", "go", "gob", "gouv", "govt", "mil", "net", "or", "org", "res"}
)
_NO_INSTITUTION = frozenset(
    {
        "none", "na", "n a", "tbd", "independent", "independent researcher", "independent consultant", "freelance",
        "freelancer", "self employed", "unaffiliated", "student", "phd student", "university", "institute", "company",
        "industry", "private", "retired",
    }
)  # fmt: skip
_SMALL_WORDS = frozenset(
    {
        "a", "an", "and", "at", "d", "da", "de", "del", "della", "der", "des", "di", "do", "du", "e", "et", "for",
        "fur", "im", "in", "la", "le", "of", "the", "und", "von", "y", "zu",
    }
)  # fmt: skip
_LONG_FORMS = {
    "univ": "university", "uni": "university", "universite": "university", "universita": "university",
    "universitat": "university", "universidad": "university", "universidade": "university",
    "universiteit": "university", "universitet": "university", "inst": "institute", "institut": "institute",
    "instituto": "institute", "istituto": "institute", "tech": "technology", "lab": "laboratory",
    "labs": "laboratory", "laboratories": "laboratory", "dept": "department", "natl": "national", "sci": "science",
    "sciences": "science",
}  # fmt: skip
TITLES = frozenset(
    {
        "bsc", "dipl", "dr", "ing", "mr", "mrs", "ms", "msc", "phd", "prof", "professor",
    }
)  # fmt: skip


# Years at the end of a line: "2019", "(2015-2019)", ", since 2015", "2015 to now".
_YEARS = re.compile(
    r"(?P<mark>[\s,;:(]+(?P<from>since\s+|from\s+)?(?:until\s+)?)(?P<first>(?:19|20)\d\d)"
    r"\s*(?P<open>[-–—]|to|until)?\s*(?P<last>(?:19|20)\d\d|now|today|present)?\s*\)?\.?\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Author:
    """One author of one paper."""

    paper: int
    name: str
    email: str
    affiliation: str = ""
    user: int | None = None


@dataclass(frozen=True)
class Someone:
    """A person who may meet papers: their account, all addresses, and what they said of themselves."""

    user: int
    addresses: frozenset[str] = frozenset()
    affiliations: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()
    name: str = ""
    published: tuple[tuple[str, str], ...] = ()  # names of co-authors, each with the title written together


@dataclass(frozen=True)
class Named:
    """Somebody whom the authors of a paper name, by name or address: they must not review it."""

    paper: int
    line: str
    reason: str = ""


@dataclass(frozen=True)
class Finding:
    user: int
    paper: int
    kind: str  # a value of reviews.models.Conflict.Kind
    evidence: str


@dataclass
class _Index:
    """All authorships, by what can make somebody close to them."""

    by_address: dict[str, list[Author]] = field(default_factory=lambda: defaultdict(list))
    by_user: dict[int, list[Author]] = field(default_factory=lambda: defaultdict(list))
    by_domain: dict[str, list[Author]] = field(default_factory=lambda: defaultdict(list))
    by_institution: dict[str, list[Author]] = field(default_factory=lambda: defaultdict(list))
    by_name: dict[str, list[Author]] = field(default_factory=lambda: defaultdict(list))
    by_paper: dict[int, list[Author]] = field(default_factory=lambda: defaultdict(list))


def find(people: Iterable[Someone], authors: Iterable[Author], named: Iterable[Named] = ()) -> list[Finding]:
    """Every reason why one of `people` must not meet a paper; at most one per person, paper and kind."""
    index, by_line = _index(authors), _by_line(named)
    found: dict[tuple[int, int, str], Finding] = {}
    for person in people:
        for finding in (*_of(person, index), *_named(person, by_line)):
            found.setdefault((finding.user, finding.paper, finding.kind), finding)
    return list(found.values())


def _by_line(named: Iterable[Named]) -> dict[str, list[Named]]:
    """What authors wrote, by the forms in which a person can be meant."""
    found: dict[str, list[Named]] = defaultdict(list)
    for each in named:
        text = each.line.strip()
        keys = {text.lower()} if "@" in text else {plain_name(text), initialled(text)} - {""}
        for key in keys:
            found[key].append(each)
    return found


def _named(person: Someone, by_line: dict[str, list[Named]]) -> Iterator[Finding]:
    """By an address, the full name, or, where one of the two gives only an initial, by that."""
    meant = [each for key in (*sorted(person.addresses), plain_name(person.name)) for each in by_line.get(key, ())]
    for each in by_line.get(initialled(person.name), ()):
        if _has_initial(each.line) or _has_initial(person.name):
            meant.append(each)
    for each in meant:
        why = f": {each.reason}" if each.reason else ""
        yield Finding(person.user, each.paper, "by_author", f"“{each.line}”{why}"[:300])


def _index(authors: Iterable[Author]) -> _Index:
    index = _Index()
    for author in authors:
        index.by_paper[author.paper].append(author)
        index.by_address[author.email.lower()].append(author)
        if author.user is not None:
            index.by_user[author.user].append(author)
        if domain := organisation_of(author.email):
            index.by_domain[domain].append(author)
        for institution in institutions(author.affiliation):
            index.by_institution[institution].append(author)
        for name in {plain_name(author.name), initialled(author.name)} - {""}:
            index.by_name[name].append(author)
    return index


def _of(person: Someone, index: _Index) -> Iterator[Finding]:
    own = _own(person, index)
    for author in own:
        yield Finding(person.user, author.paper, "author", "Is named as an author")
    yield from _through_coauthors(person, own, index)
    for address in sorted(person.addresses):
        domain = organisation_of(address)
        for author in index.by_domain.get(domain, ()) if domain else ():
            if author in own:
                continue
            yield Finding(person.user, author.paper, "domain", f"{author.name}: {domain}")
    yield from _through_institutions(person, own, index)
    for name, title in person.published:
        for author in _named_like(name, index):
            if author not in own:
                yield Finding(person.user, author.paper, "published", f"With {author.name}: “{title}”"[:300])
    for line in person.declared:
        for author in _meant_by(line, index):
            yield Finding(person.user, author.paper, "declared", f"{author.name}, by the line “{line}”"[:300])


def _own(person: Someone, index: _Index) -> list[Author]:
    named = [author for address in sorted(person.addresses) for author in index.by_address.get(address, ())]
    return named + list(index.by_user.get(person.user, ()))


def _through_institutions(person: Someone, own: list[Author], index: _Index) -> Iterator[Finding]:
    for affiliation in person.affiliations:
        for institution in institutions(affiliation):
            for author in index.by_institution.get(institution, ()):
                if author not in own:
                    evidence = f"{author.name}: {author.affiliation}"[:300]
                    yield Finding(person.user, author.paper, "institution", evidence)


def _through_coauthors(person: Someone, own: list[Author], index: _Index) -> Iterator[Finding]:
    """Papers of those with whom this person writes another submission. The evidence doesn't name that one."""
    mine = {author.paper for author in own}
    coauthors = {author.email.lower() for paper in mine for author in index.by_paper[paper]} - person.addresses
    for address in sorted(coauthors):
        for author in index.by_address[address]:
            if author.paper not in mine:
                yield Finding(person.user, author.paper, "coauthor", f"Writes with {author.name}")


def still_close(line: str, since: int) -> str:
    """A declared line without the years behind it; empty if the last of them is before `since`.

    "University of A, 2015-2019" ended in 2019, "University of A (2019)" too; "University of A, since 2015",
    "2015-" and "2015-now" have not ended, nor has a line without years.
    """
    found = _YEARS.search(line)
    if found is None or not (found["mark"].strip() or found["open"]):
        return line.strip()  # no years, or one that may belong to the name
    ended = found["last"] or ("" if found["open"] or found["from"] else found["first"])
    if ended.isdecimal() and int(ended) < since:
        return ""
    return line[: found.start()].strip()


def _meant_by(line: str, index: _Index) -> list[Author]:
    """The authors that a declared line means: an address, a domain, or a name of a person or institution."""
    text = line.strip().lower()
    if "@" in text.strip("@"):
        return index.by_address.get(text, [])
    if re.fullmatch(r"@?[\w-]+(\.[\w-]+)+", text):
        return index.by_domain.get(organisation_of("x@" + text.lstrip("@")), [])
    found = [author for institution in institutions(line) for author in index.by_institution.get(institution, ())]
    return found + _named_like(line, index)


def _named_like(name: str, index: _Index) -> list[Author]:
    """Authors of this name; where one of the two gives only an initial, by that."""
    exact = index.by_name.get(plain_name(name), [])
    abbreviated = [
        author
        for author in index.by_name.get(initialled(name), [])
        if author not in exact and (_has_initial(author.name) or _has_initial(name))
    ]
    return exact + abbreviated


def organisation_of(address: str) -> str:
    """The organisation's part of an address's domain, empty for mail providers: "x@cs.uni-a.ac.uk" → "uni-a.ac.uk"."""
    labels = address.rpartition("@")[2].lower().strip(".").split(".")
    if len(labels) < 2 or ".".join(labels) in MAIL_PROVIDERS:
        return ""
    keep = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    domain = ".".join(labels[-keep:])
    return "" if domain in MAIL_PROVIDERS or labels[-keep] in _SECOND_LEVEL else domain


def institutions(affiliation: str) -> list[str]:
    """The institutions that an affiliation names, in a form in which spellings of one institution meet."""
    found = []
    for part in re.split(r"[;|/&\n]| and (?=[A-Z])", affiliation):
        words = [_LONG_FORMS.get(word, word) for word in folded(part).split() if word not in _SMALL_WORDS]
        name = " ".join(sorted(words))
        if len(name) > 2 and " ".join(words) not in _NO_INSTITUTION and name not in _NO_INSTITUTION:
            found.append(name)
    return found


def plain_name(name: str) -> str:
    """A person's name without accents, titles and order of first and last: "Rossi, María" → "maria rossi"."""
    return " ".join(sorted(word for word in folded(name).split() if word not in TITLES))


def initialled(name: str) -> str:
    """Last name and first initial: the form under which "M. Rossi" and "Maria Rossi" meet."""
    words = [word for word in folded(_natural_order(name)).split() if word not in TITLES]
    return f"{words[-1]} {words[0][0]}." if len(words) > 1 else ""


def _natural_order(name: str) -> str:
    last, comma, first = name.partition(",")
    return f"{first} {last}" if comma else name


def _has_initial(name: str) -> bool:
    return any(len(word) == 1 for word in plain_name(name).split())


def folded(text: str) -> str:
    """Lower case, accents off, everything but letters and digits a blank."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(character for character in decomposed if not unicodedata.combining(character))
    return " ".join(re.sub(r"[^\w]|_", " ", bare.replace("ø", "o").replace("ł", "l").replace("đ", "d")).split())
