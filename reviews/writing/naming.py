"""Finds people who are named in a text: by full name in either order, or by e-mail address."""

import re
from collections.abc import Iterable, Mapping

from reviews.matching.conflicts import TITLES, folded


class Names:
    """People to look for. Names of a single word are too common to be looked for."""

    def __init__(self, people: Mapping[int, tuple[str, Iterable[str]]]) -> None:
        """`people`: key → (name, e-mail addresses)."""
        self._by_name: dict[str, int] = {}
        self._by_address: dict[str, int] = {}
        for key, (name, addresses) in people.items():
            words = [word for word in folded(name).split() if word not in TITLES]
            if len(words) > 1:
                for order in (words, words[::-1], [*words[1:], words[0]], [words[0], words[-1]], [words[-1], words[0]]):
                    self._by_name.setdefault(" ".join(order), key)
            for address in addresses:
                self._by_address.setdefault(address.lower(), key)
        longest_first = sorted(self._by_name, key=len, reverse=True)
        self._pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b") if longest_first else None

    def in_text(self, text: str) -> set[int]:
        """Keys of the people whom the text names."""
        found = {self._by_name[match] for match in self._pattern.findall(folded(text))} if self._pattern else set()
        for address in re.findall(r"[\w.+-]+@[\w.-]+\w", text.lower()):
            if address in self._by_address:
                found.add(self._by_address[address])
        return found
