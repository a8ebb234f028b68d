"""Reads a pasted list of people to invite, line by line, without writing anything."""

import csv
import io
import re
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from ml4rs.accounts.models import normalise_address
from ml4rs.editions.models import Edition, Role
from reviews.matching.identities import Known
from reviews.models import Reviewer
from reviews.writing.offline import decoded

MOST_AT_ONCE = 500
_ADDRESS = re.compile(r"[^\s<>,;\"']+@[^\s<>,;\"']+")


@dataclass(frozen=True)
class Invitee:
    """One line: whom it names, and whether they can be invited."""

    number: int
    line: str
    name: str = ""
    email: str = ""
    affiliation: str = ""
    state: str = "new"  # new, known or faulty
    remark: str = ""  # of a new one: what to look at twice


def lines_of_table(data: bytes) -> tuple[str, str]:
    """A CSV file as lines that can be read and mended in the form, and a remark if its encoding was guessed.

    Columns may have any order; a first row of headings is left out, and "Last, First" becomes "First Last".

    Raises:
        ValueError: it is no text, or no table.
    """
    text, remark = decoded(data)
    text = text.replace("\0", "")
    head = text.splitlines()[0] if text.strip() else ""
    divider = max(",;\t", key=head.count)
    lines = []
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=divider))
    except csv.Error as error:
        raise ValueError(str(error)) from error
    for number, row in enumerate(rows):
        cells = [" ".join(cell.split()) for cell in row]
        addresses = [cell for cell in cells if _ADDRESS.search(cell)]
        if not any(cells) or (number == 0 and not addresses and "mail" in head.lower()):
            continue
        if len(addresses) != 1 or not _ADDRESS.fullmatch(addresses[0]):
            lines.append(", ".join(cell for cell in cells if cell))
            continue
        name, *rest = [cell for cell in cells if cell and cell != addresses[0]] or [""]
        last, comma, first = name.partition(",")
        named = f"{first.strip()} {last.strip()}" if comma else name
        lines.append(", ".join([f"{named} <{addresses[0]}>".strip(), *rest]))
    return "\n".join(lines), remark


def read_invitees(edition: Edition, text: str) -> list[Invitee]:
    """Each line that is not empty, with its state. Three queries."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    known = Known(_known_people(edition))
    members = {row.email: row for row in Reviewer.objects.filter(edition=edition).only("email", "name", "state")}
    found: list[Invitee] = []
    met: dict[str, int] = {}
    for number, line in lines:
        invitee = _read(number, line)
        if invitee.state == "new":
            invitee = _compared(invitee, members, met)
        if invitee.state == "new":
            remark = " ".join(known.suspicions(invitee.name, invitee.email))
            invitee = replace(invitee, remark=remark)
        found.append(invitee)
    return found


def _known_people(edition: Edition) -> list[tuple[str, str]]:
    """Whoever was on a committee of any edition or has a role in this one. Two queries."""
    members = Reviewer.objects.exclude(state=Reviewer.State.DECLINED).values_list("name", "email")
    roles = Role.objects.filter(edition=edition, user__isnull=False)
    return [*members, *roles.values_list("user__name", "user__email").distinct()]


def _read(number: int, line: str) -> Invitee:
    addresses = _ADDRESS.findall(line)
    if len(addresses) != 1:
        remark = "There is no e-mail address in this line." if not addresses else "There is more than one address."
        return Invitee(number, line, state="faulty", remark=remark)
    email = normalise_address(addresses[0])
    try:
        validate_email(email)
    except ValidationError:
        return Invitee(number, line, state="faulty", remark=f"“{addresses[0]}” is not an e-mail address.")
    before, _, after = line.partition(addresses[0])
    parts = [part.strip(" \t\"'<>") for part in re.split(r"[,;\t]", f"{before},{after}")]
    name, *rest = [part for part in parts if part] or [""]
    if len(name) > 200 or sum(map(len, rest)) > 190:
        return Invitee(number, line, state="faulty", remark="This line is too long to be a name and an address.")
    return Invitee(number, line, name=name, email=email, affiliation=", ".join(rest))


def _compared(invitee: Invitee, members: dict[str, Reviewer], met: dict[str, int]) -> Invitee:
    """Known to the edition, or in the list twice?"""
    member = members.get(invitee.email)
    remark = ""
    if member is not None and member.state != Reviewer.State.REMOVED:
        remark = f"{member}: {member.get_state_display().lower()} already."
    elif invitee.email in met:
        remark = f"The same address stands in line {met[invitee.email]}."
    met.setdefault(invitee.email, invitee.number)
    if not remark:
        return invitee
    return replace(invitee, state="known", remark=remark)
