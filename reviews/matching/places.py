"""Who works at the same place, from addresses and affiliations. Plain Python."""

from collections.abc import Sequence

from reviews.matching.conflicts import institutions, organisation_of


def places(people: Sequence[tuple[str, str]]) -> list[str]:
    """For each (address, affiliation) the name of their place, the same for all who share a domain or an institution.

    Empty where neither tells anything. Of several institutions the first counts. A place is called by the first
    affiliation met there, else by the domain.
    """
    groups = _Groups()
    keys = [_keys(address, affiliation) for address, affiliation in people]
    for own in keys:
        for key in own:
            groups.join(own[0], key)
    names: dict[str, str] = {}
    for own, (_, affiliation) in zip(keys, people, strict=True):
        if own and affiliation.strip():
            names.setdefault(groups.head(own[0]), affiliation.strip())
    return [names.get(groups.head(own[0]), own[0]) if own else "" for own in keys]


def _keys(address: str, affiliation: str) -> list[str]:
    """The domain first."""
    return [key for key in (organisation_of(address), *institutions(affiliation)[:1]) if key]


class _Groups:
    """Sets that grow together (union-find)."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def head(self, key: str) -> str:
        while (above := self._above.get(key, key)) != key:
            key = above
        return key

    def join(self, one: str, other: str) -> None:
        self._above.setdefault(other, other)
        self._above[self.head(other)] = self.head(one)
