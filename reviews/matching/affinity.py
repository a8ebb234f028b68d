"""How close a person's work is to a paper: what both write about, and topics in common. Plain Python.

Formula: for each of a person's publications (their own words count as one more) the closeness to the paper is a
blend of two: the cosine of sentence vectors (see `sentences`) and the cosine of TF-IDF vectors over stemmed words
and pairs of words, sublinear (Salton and Buckley 1988; Porter's stemmer). Each is divided by what counts as very
close among all pairs of the run, within fixed bounds, so that both have one scale. A person's publications are
pooled by a rank-discounted mean: the closest counts 1, the next 0.7, then 0.49, over the sum of these. A maximum
would be what a single planted publication attacks, a plain mean would punish breadth. Where the sentence model is
not installed the words alone count. Topics in common, the share of the paper's topics that the person named, come
in with a weight of their own. Who wrote nothing and named nothing has no score, rather than zero.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

DISCOUNT = 0.7
_VERY_CLOSE = 0.995  # quantile of all pairs that the scale is taken from

Matrix = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Weights:
    """What counts how much. A bid bends a score rather than adding to it: nobody bids themselves a paper far from

    their work. An exponent below 0.5 would come near to that, so it is refused.

    Raises:
        ValueError: a share outside 0 to 1, or exponents out of bounds or order.
    """

    text: float = 0.7  # the rest is topics, where both named some
    sentences: float = 0.7  # of the text; the rest is words
    wants: float = 0.7  # exponents of bids
    can: float = 0.85
    rather_not: float = 2.0

    def __post_init__(self) -> None:
        if not (0 <= self.text <= 1 and 0 <= self.sentences <= 1):
            raise ValueError("A share must be between 0 and 1.")
        if not 0.5 <= self.wants <= self.can <= 1 <= self.rather_not <= 4:
            raise ValueError("Exponents must be 0.5 ≤ would love to ≤ can ≤ 1 ≤ rather not ≤ 4.")

    def exponent(self, bid: int | None) -> float:
        """Of a bid from −1 (rather not) to 2 (wants to); 1 without one."""
        return {-1: self.rather_not, 1: self.can, 2: self.wants}.get(bid or 0, 1.0)


USUAL = Weights()


class Embedder(Protocol):
    """What turns texts into vectors of length 1."""

    def embed(self, texts: Sequence[str], progress: Callable[[float], None] | None = None) -> Matrix: ...


@dataclass(frozen=True)
class Profile:
    """A paper or a person: text, topics, and, of a person, a text for each publication."""

    text: str = ""
    topics: frozenset[int] = frozenset()
    publications: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything there is to read, own words last."""
        return tuple(text for text in (*self.publications, self.text) if text.strip())


class Affinities:
    """Scores of all pairs of which something is known, and what speaks for a pair."""

    def __init__(
        self,
        papers: Sequence[Profile],
        people: Sequence[Profile],
        model: Embedder | None = None,
        progress: Callable[[float], None] | None = None,
        weights: Weights = USUAL,
    ) -> None:
        self._papers, self._people, self._weights = papers, people, weights
        self._readings: list[_Reading] = [_Words(papers, people)]
        if model is not None:
            self._readings.append(_Sentences(papers, people, model, progress))
        self.scores: dict[tuple[int, int], float] = {}
        self._score()

    def words(self, paper: int, person: int, most: int = 3) -> tuple[str, ...]:
        """The words and pairs of words that weigh most in a pair's score."""
        reading = self._readings[0]
        return reading.in_common(paper, person, most) if isinstance(reading, _Words) else ()

    def closest(self, paper: int, person: int, most: int = 2) -> tuple[int, ...]:
        """Which of a person's publications are closest to the paper, by their place; none that has nothing of it."""
        closeness = sum(weight * reading.each(paper, person) for weight, reading in self._weighed())
        if isinstance(closeness, int):
            return ()
        number = len([text for text in self._people[person].publications if text.strip()])
        order = np.argsort(-closeness[:number], kind="stable")[:most]
        return tuple(int(place) for place in order if closeness[place] > 0)

    def shared_topics(self, paper: int, person: int) -> frozenset[int]:
        return self._papers[paper].topics & self._people[person].topics

    def texts(self) -> Matrix:
        """Closeness of texts alone, papers × people, from 0 to about 1; NaN where nothing is known."""
        found = sum(weight * reading.pooled() for weight, reading in self._weighed())
        matrix = np.full((len(self._papers), len(self._people)), np.nan) if isinstance(found, int) else found
        silent_papers = [place for place, each in enumerate(self._papers) if not each.text.strip()]
        silent_people = [place for place, each in enumerate(self._people) if not each.texts]
        matrix[silent_papers, :] = np.nan
        matrix[:, silent_people] = np.nan
        return matrix

    def _weighed(self) -> list[tuple[float, "_Reading"]]:
        if len(self._readings) == 1:
            return [(1.0, self._readings[0])]
        share = self._weights.sentences
        return [(1 - share, self._readings[0]), (share, self._readings[1])]

    def _score(self) -> None:
        texts = self.texts()
        for person, who in enumerate(self._people):
            for paper, what in enumerate(self._papers):
                text = None if np.isnan(texts[paper, person]) else float(np.clip(texts[paper, person], 0, 1))
                topics = len(what.topics & who.topics) / len(what.topics) if what.topics and who.topics else None
                if text is not None or topics is not None:
                    self.scores[paper, person] = _blend(text, topics, self._weights.text)


class _Reading:
    """One way to compare: a vector for each paper, and for each text of each person."""

    very_close: tuple[float, float]  # cosines between which the scale of a run lies, however small the run

    def __init__(self, papers: Sequence[Profile], people: Sequence[Profile]) -> None:
        self.papers, self.people = papers, people
        self.starts = np.concatenate([[0], np.cumsum([len(each.texts) for each in people])]).astype(np.int64)
        self.left, self.right = self.read([each.text for each in papers], [text for p in people for text in p.texts])
        self.scale = 1.0
        pooled = self.pooled()
        close = float(np.quantile(pooled, _VERY_CLOSE)) if pooled.size else 0.0
        self.scale = float(np.clip(close, *self.very_close))

    def read(self, papers: list[str], texts: list[str]) -> tuple[Any, Any]:
        """Vectors of papers and of texts, whose products are cosines."""
        raise NotImplementedError

    def pooled(self) -> Matrix:
        """Papers × people, on the scale of very close pairs."""
        found = np.zeros((len(self.papers), len(self.people)))
        for person in range(len(self.people)):
            own = self.right[self.starts[person] : self.starts[person + 1]]
            if own.shape[0]:
                found[:, person] = _discounted(_dense(self.left @ own.T))
        return found / self.scale

    def each(self, paper: int, person: int) -> Matrix:
        """The closeness of each of a person's texts to a paper."""
        own = self.right[self.starts[person] : self.starts[person + 1]]
        return _dense(self.left[paper : paper + 1] @ own.T)[0] / self.scale


def _dense(product: Any) -> Matrix:
    return np.asarray(product.toarray() if hasattr(product, "toarray") else product, np.float64)


def _discounted(closeness: Matrix) -> Matrix:
    """The rank-discounted mean of each row."""
    ranked = -np.sort(-closeness, axis=1)
    weights = DISCOUNT ** np.arange(ranked.shape[1])
    return ranked @ weights / weights.sum()


class _Words(_Reading):
    """Stemmed words and pairs of words."""

    very_close = (0.1, 0.4)

    def read(self, papers: list[str], texts: list[str]) -> tuple[Any, Any]:
        from scipy.sparse import csr_matrix
        from sklearn.feature_extraction.text import TfidfVectorizer

        self.names: Sequence[str] = ()
        self.analyser = _Analyser()
        vectoriser = TfidfVectorizer(sublinear_tf=True, analyzer=self.analyser)
        try:
            vectors = vectoriser.fit_transform([*papers, *texts])
        except ValueError:  # scikit-learn's "empty vocabulary": no text has a word that counts
            return csr_matrix((len(papers), 1)), csr_matrix((len(texts), 1))
        self.names = vectoriser.get_feature_names_out()
        return vectors[: len(papers)], vectors[len(papers) :]

    def in_common(self, paper: int, person: int, most: int) -> tuple[str, ...]:
        """Words of the paper that weigh most in the person's texts together."""
        own = self.right[self.starts[person] : self.starts[person + 1]]
        if not own.shape[0] or not len(self.names):
            return ()
        product = self.left[paper].multiply(own.sum(axis=0)).tocoo()
        heaviest = sorted(zip(product.data, product.col, strict=True), reverse=True)
        chosen: list[str] = []
        for name in (str(self.names[column]) for weight, column in heaviest if weight > 0):
            if not any(set(name.split()) & set(other.split()) for other in chosen):  # no word within a pair again
                chosen.append(name)
        return tuple(self.analyser.written(name) for name in chosen[:most])


class _Analyser:
    """A text as stemmed words and pairs of neighbouring ones, without the most common words of English.

    Scripts that do not part words by blanks come as single characters and pairs of them.
    """

    def __init__(self) -> None:
        import re

        import snowballstemmer
        from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS, strip_accents_unicode

        self.stem = snowballstemmer.stemmer("porter").stemWord
        self.stop, self.plain = ENGLISH_STOP_WORDS, strip_accents_unicode
        self.word = re.compile(r"[぀-ヿ㐀-鿿가-힯]|\w\w+")
        self.known: dict[str, str] = {}
        self.surface: dict[str, str] = {}  # stem → the word that it was first met in

    def written(self, stems: str) -> str:
        """Stems as words that somebody wrote."""
        return " ".join(self.surface.get(stem, stem) for stem in stems.split(" "))

    def _stem(self, word: str) -> str:
        if word not in self.known:
            self.known[word] = self.stem(word)
            self.surface.setdefault(self.known[word], word)
        return self.known[word]

    def __call__(self, text: str) -> list[str]:
        found = [word for word in self.word.findall(self.plain(text.lower())) if word not in self.stop]
        stems = [self._stem(word) for word in found]
        return [*stems, *(f"{one} {two}" for one, two in pairwise(stems))]


class _Sentences(_Reading):
    """Vectors of a sentence model."""

    very_close = (0.5, 0.8)

    def __init__(
        self,
        papers: Sequence[Profile],
        people: Sequence[Profile],
        model: Embedder,
        progress: Callable[[float], None] | None,
    ) -> None:
        self.model, self.progress = model, progress
        super().__init__(papers, people)

    def read(self, papers: list[str], texts: list[str]) -> tuple[Any, Any]:
        vectors = self.model.embed([*papers, *texts], self.progress)
        return vectors[: len(papers)], vectors[len(papers) :]


def with_bid(score: float, bid: int | None, weights: Weights = USUAL) -> float:
    """The score as the solver takes it: a wish raises it by an exponent below one, reluctance lowers it."""
    return score ** weights.exponent(bid)


def _blend(text: float | None, topics: float | None, share: float) -> float:
    if text is None:
        return float(topics or 0)
    if topics is None:
        return float(text)
    return float(share * text + (1 - share) * topics)
