"""Which mails somebody need not get: classes of mail, each address's own choice, and the way out in each mail.

What tells people of something that was decided about them (decisions, assignments, offers, their account) belongs
to no class: it cannot be switched off.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core import signing
from django.db import transaction

from ml4rs.accounts.models import normalise_address
from ml4rs.notifications.links import absolute
from ml4rs.notifications.models import Message, OptOut
from ml4rs.notifications.registry import Category, event_named

_SALT = "notifications.way-out"

LABELS = {
    Category.REMINDERS: ("Reminders", "Before and after a date, as long as something of yours is still open."),
    Category.NEWS: ("Dates that move", "When a date that concerns you is extended."),
    Category.RECEIPTS: ("Receipts", "That something you handed in has arrived, with its checksum."),
    Category.DIGESTS: ("Daily lists", "For organisers: what is still missing, once a day."),
}


@dataclass(frozen=True)
class WayOut:
    """What the link in a mail stands for: an address, and the class of mail that it can do without."""

    address: str
    category: str


def token_of(address: str, category: str) -> str:
    """Names nothing that its reader does not know: the own address and the class."""
    return signing.dumps([normalise_address(address), category], salt=_SALT, compress=True)


def way_out(token: str) -> WayOut | None:
    """None for anything that is not a link of ours. It does not run out: people keep mails for years."""
    try:
        address, category = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return None
    return WayOut(address, category) if category in LABELS else None


def link_out(address: str, category: str) -> str:
    return absolute("notifications:way_out", token_of(address, category))


def link_of(message: Message) -> str:
    """The way out of mails such as this one; empty where there is none."""
    category = _category(message)
    return link_out(message.recipient, category) if category else ""


def unwanted(messages: Iterable[Message]) -> set[int]:
    """Primary keys of those whose readers have switched off mails of their class.

    One query for all of them, none where none is of any class.
    """
    asked = {each.pk: (each.recipient, category) for each in messages if (category := _category(each))}
    if not asked:
        return set()
    off = OptOut.objects.filter(address__in={address for address, _ in asked.values()})
    pairs = set(off.values_list("address", "category"))
    return {pk for pk, pair in asked.items() if pair in pairs}


def _category(message: Message) -> str:
    event = event_named(message.event)
    return event.category if event else ""


def switched_off(addresses: Iterable[str]) -> set[str]:
    """The classes that any of these addresses has switched off. One query."""
    known = [normalise_address(address) for address in addresses]
    return set(OptOut.objects.filter(address__in=known).values_list("category", flat=True))


@transaction.atomic
def switch(addresses: Iterable[str], category: str, *, on: bool) -> None:
    """Let mails of a class come to these addresses, or no longer."""
    known = {normalise_address(address) for address in addresses}
    if on:
        OptOut.objects.filter(address__in=known, category=category).delete()
    else:
        OptOut.objects.bulk_create(
            (OptOut(address=address, category=category) for address in known), ignore_conflicts=True
        )
