"""Pairs of submissions that may be the same work: alike titles, alike texts, or the very same file. No database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

ALIKE_TITLES, ALIKE_TEXTS = 0.7, 0.6  # cosine; letters of titles in runs of 3 to 5, words of texts and their pairs
_SHORTEST_TEXT = 20  # words


@dataclass(frozen=True)
class Document:
    """What of one submission is compared. `digests` are those of its files."""

    key: int
    title: str
    text: str
    digests: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Pair:
    """Two documents by their keys, and why: likeness from 0 to 1, 0 below what counts as alike."""

    first: int
    second: int
    titles: float
    texts: float
    same_file: bool

    @property
    def weight(self) -> float:
        return self.same_file + max(self.titles, self.texts)


def find_pairs(documents: Sequence[Document]) -> list[Pair]:
    """All pairs that are alike in title or text, or share a file; the likeliest first."""
    if len(documents) < 2:
        return []
    titles = _likeness([each.title for each in documents], ALIKE_TITLES, analyzer="char_wb", ngram_range=(3, 5))
    long = [each.text if len(each.text.split()) >= _SHORTEST_TEXT else "" for each in documents]
    texts = _likeness(long, ALIKE_TEXTS, analyzer="word", ngram_range=(1, 2), sublinear_tf=True)
    shared = set(_shared_files(documents))
    pairs = [
        Pair(
            documents[one].key,
            documents[two].key,
            titles.get((one, two), 0.0),
            texts.get((one, two), 0.0),
            (one, two) in shared,
        )
        for one, two in sorted({*titles, *texts, *shared})
    ]
    return sorted(pairs, key=lambda pair: -pair.weight)


def _likeness(texts: list[str], least: float, **options) -> dict[tuple[int, int], float]:
    """Cosine of TF-IDF vectors by pair of places, where it reaches `least`."""
    if not any(any(character.isalnum() for character in text) for text in texts):
        return {}
    from sklearn.feature_extraction.text import TfidfVectorizer  # a second of start-up that few pages need

    try:
        vectors = TfidfVectorizer(lowercase=True, **options).fit_transform(texts)
    except ValueError:  # nothing but words too short to count
        return {}
    found = (vectors @ vectors.T).tocoo()
    return {
        (int(one), int(two)): round(float(value), 3)
        for one, two, value in zip(found.row, found.col, found.data, strict=True)
        if one < two and value >= least
    }


def _shared_files(documents: Sequence[Document]) -> Iterator[tuple[int, int]]:
    owners: dict[str, list[int]] = {}
    for place, each in enumerate(documents):
        for digest in each.digests:
            owners.setdefault(digest, []).append(place)
    for places in owners.values():
        for at, one in enumerate(places):
            for two in places[at + 1 :]:
                yield one, two
