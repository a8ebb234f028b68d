"""Reads a pasted list of people to invite, line by line, without writing anything."""

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from ml4rs.accounts.models import normalise_address
from ml4rs.editions.models import Edition
from reviews.models import Reviewer

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
    remark: str = ""


def read_invitees(edition: Edition, text: str) -> list[Invitee]:
    """Each line that is not empty, with its state. One query."""
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    members = {row.email: row for row in Reviewer.objects.filter(edition=edition).only("email", "name", "state")}
    found: list[Invitee] = []
    met: dict[str, int] = {}
    for number, line in lines:
        invitee = _read(number, line)
        if invitee.state == "new":
            invitee = _compared(invitee, members, met)
        found.append(invitee)
    return found


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
    return Invitee(
        invitee.number, invitee.line, invitee.name, invitee.email, invitee.affiliation, state="known", remark=remark
    )
