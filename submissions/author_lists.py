"""Reading a pasted list of authors: one person a line or between semicolons, as `Name <mail>, Affiliation`."""

import re
from dataclasses import dataclass

_ADDRESS = re.compile(r"[^\s<>,;()]+@[^\s<>,;()]+\.[^\s<>,;()]+")


@dataclass(frozen=True)
class PastedAuthor:
    name: str
    email: str
    affiliation: str = ""


@dataclass(frozen=True)
class PastedList:
    people: tuple[PastedAuthor, ...]
    problems: tuple[str, ...]


def read_list(text: str) -> PastedList:
    """The people of a pasted list, and in words what could not be understood."""
    people: list[PastedAuthor] = []
    problems: list[str] = []
    for entry in _entries(text):
        person = _person(entry)
        if person is None:
            problems.append(f"“{entry[:80]}” needs a name and an e-mail address, as in: Ada Lovelace <ada@example.org>")
        elif person.email in {each.email for each in people}:
            problems.append(f"{person.email} is in the list twice.")
        else:
            people.append(person)
    return PastedList(tuple(people), tuple(problems))


def _entries(text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    # A semicolon divides people only where more than one address stands on the line.
    parts = [part for line in lines for part in (line.split(";") if len(_ADDRESS.findall(line)) > 1 else [line])]
    return [part.strip(" ;\t") for part in parts if part.strip(" ;\t")]


def _person(entry: str) -> PastedAuthor | None:
    found = _ADDRESS.search(entry)
    if found is None:
        return None
    name = entry[: found.start()].strip(" \t<,;(\"'")
    affiliation = entry[found.end() :].strip(" \t>,;)\"'")
    if not name:  # `mail, Name, Affiliation`
        name, _, affiliation = (part.strip() for part in affiliation.partition(","))
    return PastedAuthor(name[:200], found.group().lower(), affiliation[:200]) if name else None
