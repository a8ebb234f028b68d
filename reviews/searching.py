"""A small language to search papers with: `score>=4 -tag:late (track:tiny OR "clouds")`. Plain Python.

Words and tests stand for papers that have all of them; `OR` stands between alternatives, `-` or `NOT` before what must
not be, parentheses around what belongs together, quotes around words that are taken as they are.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_TOKEN = re.compile(r"""\s*(?:(?P<open>\()|(?P<close>\))|(?P<minus>-(?=[^\s)]))|(?P<term>(?:"[^"]*"|[^\s()"])+))""")
_TEST = re.compile(r"(?P<field>[A-Za-z_]+)(?P<sign>>=|<=|>|<|=|:)(?P<value>.+)", re.DOTALL)
_NUMBER = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?")
_MOST_TOKENS = 200
_DEEPEST = 20


class SearchError(ValueError):
    """What was asked cannot be understood; the text says why, in words for whoever typed it."""


@dataclass(frozen=True)
class Words:
    """The title has these words, or they are the paper's number."""

    text: str


@dataclass(frozen=True)
class Comparison:
    """A field compared with a value: a number for a field of numbers, else a lower-case word with sign "="."""

    field: str
    sign: str
    value: float | str


@dataclass(frozen=True)
class Not:
    inner: "Expression"


@dataclass(frozen=True)
class All:
    parts: tuple["Expression", ...]


@dataclass(frozen=True)
class Any:
    parts: tuple["Expression", ...]


Expression = Words | Comparison | Not | All | Any
# Field → the words that it can be, None for any word; a field of numbers has NUMBERS.
NUMBERS = ("numbers",)
Fields = Mapping[str, tuple[str, ...] | None]


def parse(text: str, fields: Fields) -> Expression | None:
    """What is asked; None for nothing.

    Raises:
        SearchError: it is no such language, with words that say what is wrong.
    """
    return _Parser(list(_tokens(text)), fields).whole()


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """(kind, text): open, close, minus, term."""
    if text.count('"') % 2:
        raise SearchError("A quotation mark is missing: each one that opens needs one that closes.")
    place, count = 0, 0
    text = text.rstrip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:  # a minus alone, say
            place += 1
            continue
        count += 1
        if count > _MOST_TOKENS:
            raise SearchError("This is too long. Search for less at once.")
        place = found.end()
        yield found.lastgroup or "", found[found.lastgroup or 0]


class _Parser:
    def __init__(self, tokens: list[tuple[str, str]], fields: Fields) -> None:
        self.tokens, self.fields = tokens, fields
        self.place = self.depth = 0

    def whole(self) -> Expression | None:
        if not self.tokens:
            return None
        found = self._alternatives()
        if self.place < len(self.tokens):
            raise SearchError("A parenthesis closes that was never opened.")
        return found

    def _peek(self) -> tuple[str, str]:
        return self.tokens[self.place] if self.place < len(self.tokens) else ("end", "")

    def _alternatives(self) -> Expression:
        parts = [self._together()]
        while self._peek() == ("term", "OR"):
            self.place += 1
            parts.append(self._together())
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _together(self) -> Expression:
        parts = []
        while self._peek()[0] not in ("end", "close") and self._peek() != ("term", "OR"):
            parts.append(self._one())
        if not parts:
            raise SearchError("Something is missing beside OR, or between parentheses.")
        return parts[0] if len(parts) == 1 else All(tuple(parts))

    def _one(self) -> Expression:
        kind, text = self._peek()
        self.place += 1
        if kind == "minus" or (kind, text) == ("term", "NOT"):
            if self._peek()[0] in ("end", "close") or self._peek() == ("term", "OR"):
                raise SearchError("Something is missing after NOT.")
            return Not(self._deeper(self._one))
        if kind == "open":
            found = self._deeper(self._alternatives)
            if self._peek()[0] != "close":
                raise SearchError("A parenthesis is missing: each one that opens needs one that closes.")
            self.place += 1
            return found
        return self._term(text)

    def _deeper(self, rule) -> Expression:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise SearchError("There are too many parentheses within each other.")
        found = rule()
        self.depth -= 1
        return found

    def _term(self, text: str) -> Expression:
        test = _TEST.fullmatch(text)
        if test is None:
            return Words(text.replace('"', ""))
        field, sign, value = test["field"].lower(), test["sign"], test["value"].replace('"', "").strip()
        if field not in self.fields:
            known = ", ".join(self.fields)
            raise SearchError(f"There is no field “{field}”. There are {known}. Put quotes around words with a colon.")
        if self.fields[field] == NUMBERS:
            return self._number(field, sign, value)
        if sign not in (":", "="):
            raise SearchError(f"“{field}” is no number: write {field}:{value}.")
        return self._word(field, value.lower())

    def _number(self, field: str, sign: str, value: str) -> Comparison:
        if not _NUMBER.fullmatch(value):
            raise SearchError(f"“{field}” is compared with a number, such as {field}>=4, not with “{value}”.")
        return Comparison(field, "=" if sign == ":" else sign, float(value))

    def _word(self, field: str, value: str) -> Comparison:
        choices = self.fields[field]
        if choices is not None and value not in choices:
            raise SearchError(f"“{field}” is one of {', '.join(choices)}, not “{value}”.")
        return Comparison(field, "=", value)
