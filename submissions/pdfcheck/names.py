"""A person's name on a page, however it is set: accents as glyphs of their own, other order, initials, a hyphen at the

line's end, letters torn apart or run together. Names are compared letter by letter, from the start of a word to
the end of one.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise

from submissions.pdfcheck.layout import Line

_LOOSE_ACCENTS = str.maketrans("", "", "´`¨ˆ˜¸ˇ˚˝¯˘˙ˊˋ")
_HYPHEN_AT_LINE_END = re.compile(r"(\w)[-\u00ad]\s*\n\s*(\w)")
_SPECIAL = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"})
_MARK = re.compile(r"(?<=[a-z])\d{1,2}$")  # of an affiliation, set like the name before it
_SHORT = 8  # letters; so short a name must also begin with a capital wherever it stands


def fold(text: str) -> str:
    """Lower case without accents (also those set as separate glyphs), hyphenated line ends joined."""
    joined = _HYPHEN_AT_LINE_END.sub(r"\1\2", text.replace("\r\n", "\n").replace("\ufffe", "-"))
    # Loose accents go first: compatibility decomposition would leave a space in their place.
    plain = unicodedata.normalize("NFKD", joined.translate(_LOOSE_ACCENTS))
    lower = unicodedata.normalize("NFKD", plain.casefold())
    bare = "".join(character for character in lower if not unicodedata.combining(character)).translate(_SPECIAL)
    return " ".join(re.sub(r"[^\w@.+\-]", " ", bare).split())


def letters_of(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", fold(text))


@dataclass(frozen=True)
class Hit:
    """Where something was found: the lines, and the words as printed."""

    lines: tuple[Line, ...]
    words: str

    @property
    def page(self) -> int:
        return self.lines[0].page

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Around the lines on the first page of the hit, in points from the lower left."""
        here = [line.box for line in self.lines if line.page == self.page]
        return (min(b[0] for b in here), min(b[1] for b in here), max(b[2] for b in here), max(b[3] for b in here))


@dataclass
class Words:
    """The words of some lines, searchable by their letters alone."""

    printed: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    letters: str = ""
    _starts: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, lines: Sequence[Line]) -> "Words":
        pairs = [(word, line) for line in lines for word in line.text.split()]
        bare = [_MARK.sub("", letters_of(word)) for word, _ in pairs]
        kept = [(word, line, letters) for (word, line), letters in zip(pairs, bare, strict=True) if letters]
        starts = list(accumulate((len(letters) for _, _, letters in kept), initial=0))
        printed, places = [word for word, _, _ in kept], [line for _, line, _ in kept]
        return cls(printed, places, "".join(letters for _, _, letters in kept), starts)

    def find(self, name: str) -> Iterator[Hit]:
        """Every place where these letters stand as whole words, at most five words long."""
        at = self.letters.find(name) if name else -1
        while at >= 0:
            first, last = bisect_left(self._starts, at), bisect_left(self._starts, at + len(name))
            whole = self._starts[first] == at and self._starts[last] == at + len(name)
            if whole and last - first <= 5 and self._looks_like_a_name(first, last, len(name)):
                yield Hit(self._lines_of(first, last), " ".join(self.printed[max(0, first - 4) : last + 4]))
            at = self.letters.find(name, at + 1)

    def _looks_like_a_name(self, first: int, last: int, length: int) -> bool:
        if length >= _SHORT:
            return True
        return last - first > 1 and all(word[:1].isupper() for word in self.printed[first:last])

    def close_to(self, name: str) -> Iterator[Hit]:
        """Runs of two to four words that are one slip of the pen away from a long name."""
        if len(name) < 10:
            return
        for first in range(len(self.printed)):
            for last in range(first + 2, min(first + 4, len(self.printed)) + 1):
                run = self.letters[self._starts[first] : self._starts[last]]
                if abs(len(run) - len(name)) <= 1 and run != name and one_slip(run, name):
                    yield Hit(self._lines_of(first, last), " ".join(self.printed[first:last]))

    def find_around(self, first: str, last: str) -> Hit | None:
        """Two words of a name with one or two others, such as a middle name, between them."""
        words = [self.letters[start:end] for start, end in pairwise(self._starts)]
        for at, word in enumerate(words):
            for end in range(at + 2, min(at + 4, len(words))):
                if word == first and words[end] == last:
                    return Hit(self._lines_of(at, end + 1), " ".join(self.printed[at : end + 1]))
        return None

    def _lines_of(self, first: int, last: int) -> tuple[Line, ...]:
        return tuple({id(line): line for line in self.lines[first:last]}.values())


def one_slip(one: str, other: str) -> bool:
    """Whether one letter changed, added, left out or swapped with its neighbour makes the two the same.

    Their lengths must differ by one at most.
    """
    if len(one) > len(other):
        one, other = other, one
    same = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    if len(one) == len(other):
        swapped = one[same + 1 : same + 2] + one[same : same + 1] == other[same : same + 2]
        return one[same + 1 :] == other[same + 1 :] or (swapped and one[same + 2 :] == other[same + 2 :])
    return one[same:] == other[same + 1 :]


def forms_of(name: str) -> list[str]:
    """The letters of a name as it may be written in full: either order, with and without what stands between."""
    words = [letters_of(word) for word in fold(name).replace(".", " ").split()]
    words = [word for word in words if word]
    if len(words) < 2:
        return []  # a single word is too often an ordinary one
    forms = []
    for split in range(len(words) - 1, 0, -1):  # the family's name may be two words, or three
        given, middle, family = words[0], words[1:split], "".join(words[split:])
        for between in ("".join(middle), "", "".join(word[0] for word in middle)):
            forms += [given + between + family, family + given + between, given + between + words[split]]
    return [form for form in dict.fromkeys(forms) if len(form) >= 4]


def short_forms_of(name: str) -> list[str]:
    """With initials only: enough where nobody but authors is named, such as below the title."""
    words = [letters_of(word) for word in fold(name).replace(".", " ").split()]
    words = [word for word in words if word]
    if len(words) < 2 or len(words[-1]) < 3:
        return []
    initials, family = "".join(word[0] for word in words[:-1]), words[-1]
    given = re.split(r"[\s.\-]+", fold(name).rpartition(" ")[0])
    hyphened = "".join(part[0] for part in map(letters_of, given) if part)  # "W.-L. Chen"
    return list(dict.fromkeys([initials + family, words[0][0] + family, family + initials, hyphened + family]))
