"""Addresses that may not be whose they seem: a known person's new one, and domains made to look like known ones."""

from collections.abc import Iterable, Sequence

from reviews.matching.conflicts import organisation_of, plain_name

_LOOKS_LIKE = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"))


class Known:
    """People who are known already, with their addresses."""

    def __init__(self, people: Iterable[tuple[str, str]]) -> None:
        """`people`: name and e-mail address."""
        self._by_name: dict[str, tuple[str, str]] = {}
        self._addresses: set[str] = set()
        self._domains: set[str] = set()
        for name, email in people:
            self._addresses.add(email.lower())
            self._domains |= {organisation_of(email)} - {""}
            if len(plain_name(name).split()) > 1:
                self._by_name.setdefault(plain_name(name), (name, email.lower()))
        self._by_look: dict[str, str] = {}
        for domain in sorted(self._domains):
            self._by_look.setdefault(_look(domain), domain)

    def suspicions(self, name: str, email: str) -> list[str]:
        """What to look at twice before somebody is invited; empty for most."""
        address = email.lower()
        if address in self._addresses:
            return []
        found = []
        same = self._by_name.get(plain_name(name)) if name else None
        if same is not None:
            found.append(f"{same[0]} is known by another address, {same[1]}.")
        domain = organisation_of(address)
        if domain and domain not in self._domains:
            found += self._domain_suspicions(domain)
        return found

    def _domain_suspicions(self, domain: str) -> list[str]:
        if not domain.isascii() or "xn--" in domain:
            return [f"The domain {domain} has letters that can look like others."]
        close = self._by_look.get(_look(domain)) or next(
            (each for each in sorted(self._domains) if len(each) > 7 and _is_one_off(domain, each)), None
        )
        return [f"The domain {domain} looks much like {close}."] if close else []


def _look(domain: str) -> str:
    for letters, alike in _LOOKS_LIKE:
        domain = domain.replace(letters, alike)
    return domain


def _is_one_off(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a single letter was changed, added, left out, or swapped with the next."""
    if len(one) > len(other):
        one, other = other, one
    if one == other or len(other) - len(one) > 1:
        return False
    at = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    if one[at + 1 :] == other[at + 1 :]:
        return True
    return one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
