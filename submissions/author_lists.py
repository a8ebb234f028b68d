"""Reading a pasted list of authors: one person a line or between semicolons, as `Name <mail>, Affiliation`.

CMT writes names and addresses apart, `Name (Affiliation)*; …` and `mail*; …`, with a star at the corresponding
author; pasted together, the first name belongs to the first address and so on.
"""

import re
from dataclasses import dataclass

_ADDRESS = re.compile(r"[^\s<>,;()*]+@[^\s<>,;()*]+\.[^\s<>,;()*]+")
_BETWEEN = re.compile(r";(?![^()]*\))")  # no semicolon inside brackets
_IN_BRACKETS = re.compile(r"^(?P<name>[^()]+)\((?P<affiliation>.*)\)$")


@dataclass(frozen=True)
class PastedAuthor:
    name: str
    email: str
    affiliation: str = ""
    is_corresponding: bool = False


@dataclass(frozen=True)
class PastedList:
    people: tuple[PastedAuthor, ...]
    problems: tuple[str, ...]


def read_list(text: str) -> PastedList:
    """The people of a pasted list, and in words what could not be understood."""
    entries = _entries(text)
    names = [entry for entry in entries if not _ADDRESS.search(entry)]
    addresses = [entry for entry in entries if _ADDRESS.fullmatch(entry.rstrip("* "))]
    if names and addresses and len(names) + len(addresses) == len(entries):
        return _matched(names, addresses)
    people, problems = [], []
    for entry in entries:
        person = _person(entry)
        if person is None:
            problems.append(f"“{entry[:80]}” needs a name and an e-mail address, as in: Ada Lovelace <ada@example.org>")
        else:
            people.append(person)
    return _without_doubles(people, problems)


def _matched(names: list[str], addresses: list[str]) -> PastedList:
    if len(names) != len(addresses):
        words = f"There are {len(names)} names and {len(addresses)} addresses; each person needs one of both."
        return PastedList((), (words,))
    pairs = zip(names, addresses, strict=True)
    return _without_doubles([_named(name, mail.rstrip("* "), starred=mail.endswith("*")) for name, mail in pairs], [])


def _without_doubles(found: list[PastedAuthor], problems: list[str]) -> PastedList:
    people: dict[str, PastedAuthor] = {}
    for person in found:
        if person.email in people:
            problems.append(f"{person.email} is in the list twice.")
        people.setdefault(person.email, person)
    return PastedList(tuple(people.values()), tuple(problems))


def _entries(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    parts = [part for line in lines for part in (_BETWEEN.split(line) if _divides(line) else [line])]
    return [part.strip(" ;\t") for part in parts if part.strip(" ;\t")]


def _divides(line: str) -> bool:
    """Whether semicolons stand between people: where there is more than one address, or none but names of CMT."""
    count = len(_ADDRESS.findall(line))
    return count > 1 or (
        count == 0 and all(part.strip(" *").endswith(")") for part in _BETWEEN.split(line.strip("; ")))
    )


def _person(entry: str) -> PastedAuthor | None:
    found = _ADDRESS.search(entry)
    if found is None:
        return None
    name = entry[: found.start()].strip(" \t<,;(\"'")
    affiliation = entry[found.end() :].strip(" \t>,;)\"'*")
    if not name:  # `mail, Name, Affiliation`
        name, _, affiliation = (part.strip() for part in affiliation.partition(","))
    return _named(name, found.group(), affiliation, starred="*" in entry) if name.strip("* ") else None


def _named(name: str, email: str, affiliation: str = "", *, starred: bool = False) -> PastedAuthor:
    """The affiliation may stand in brackets behind the name, the star behind either."""
    bare = name.strip("* ")
    if not affiliation and (found := _IN_BRACKETS.match(bare)):
        bare, affiliation = found["name"].strip(), found["affiliation"].strip()
    return PastedAuthor(bare[:200], email.lower(), affiliation[:200], starred or name.rstrip().endswith("*"))
