"""What changed from one text to another: sentences set side by side, and inside them words. No database."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, REMOVED, ADDED = "same", "removed", "added"
_HYPHEN = re.compile(r"(\w)-\n(?=[a-z])")
_SENTENCE = re.compile(r"(?<=[.!?:])\s+(?=[A-Z0-9\[(“])|\f")
_MOST_WORDS = 400  # of a passage that is compared word by word; longer ones change as a whole
_AROUND = 2  # sentences shown before and after a change


@dataclass(frozen=True)
class Piece:
    """A run of words that stayed, went or came. `left_out` counts the sentences of a gap that is not shown."""

    kind: str
    text: str
    left_out: int = 0


def compare(before: str, after: str) -> list[Piece]:
    """The changes with some of what stands around them; empty where nothing changed."""
    old, new = _sentences(before), _sentences(after)
    if old == new:
        return []
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return list(_pieces(blocks, old, new))


def _sentences(text: str) -> list[str]:
    """Sentences however the lines are broken: a change that only moves line ends is none."""
    whole = _HYPHEN.sub(r"\1", text)
    return [" ".join(part.split()) for part in _SENTENCE.split(whole) if part and part.strip()]


def _pieces(blocks: list[tuple], old: list[str], new: list[str]) -> Iterator[Piece]:
    for place, (kind, a, b, c, d) in enumerate(blocks):
        if kind == "equal":
            yield from _kept(old[a:b], first=place == 0, last=place == len(blocks) - 1)
        else:
            yield from _changed(" ".join(old[a:b]), " ".join(new[c:d]))


def _kept(sentences: list[str], *, first: bool, last: bool) -> Iterator[Piece]:
    """The beginning and the end of what stayed; the middle is left out."""
    head = [] if first else sentences[:_AROUND]
    tail = [] if last else sentences[max(len(head), len(sentences) - _AROUND) :]
    if head:
        yield Piece(SAME, " ".join(head))
    if gap := len(sentences) - len(head) - len(tail):
        yield Piece(SAME, "", left_out=gap)
    if tail:
        yield Piece(SAME, " ".join(tail))


def _changed(before: str, after: str) -> Iterator[Piece]:
    old, new = before.split(), after.split()
    if not old or not new or max(len(old), len(new)) > _MOST_WORDS:
        yield from (piece for piece in (Piece(REMOVED, before), Piece(ADDED, after)) if piece.text)
        return
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece(SAME, " ".join(old[a:b]))
            continue
        if a < b:
            yield Piece(REMOVED, " ".join(old[a:b]))
        if c < d:
            yield Piece(ADDED, " ".join(new[c:d]))
