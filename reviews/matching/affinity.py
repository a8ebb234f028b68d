"""How close a person's work is to a paper: words in common and topics in common. Plain Python; scikit-learn inside.

Formula: cosine of sublinear TF-IDF vectors over words and pairs of words (Salton and Buckley 1988), blended with the
share of the paper's topics that the person named. Who wrote nothing and named nothing has no score, rather than zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass

TEXT_WEIGHT = 0.7
# A bid bends a score rather than adding to it, so that nobody can bid themselves a paper far from their work.
BID_EXPONENT = {-1: 2.0, 1: 0.8, 2: 0.6}


@dataclass(frozen=True)
class Profile:
    """A paper or a person, as text and topics."""

    text: str = ""
    topics: frozenset[int] = frozenset()


class Affinities:
    """Scores of all pairs of which something is known, and what speaks for a pair."""

    def __init__(self, papers: Sequence[Profile], people: Sequence[Profile]) -> None:
        self._papers, self._people = papers, people
        self._paper_rows = _numbered(papers)
        self._person_rows = _numbered(people)
        self._names: Sequence[str] = ()
        self.scores: dict[tuple[int, int], float] = {}
        self._read_texts()
        self._score()

    def words(self, paper: int, person: int, most: int = 3) -> tuple[str, ...]:
        """The words and pairs of words that weigh most in a pair's score."""
        if not len(self._names) or paper not in self._paper_rows or person not in self._person_rows:
            return ()
        product = self._left[self._paper_rows[paper]].multiply(self._right[self._person_rows[person]]).tocoo()
        heaviest = sorted(zip(product.data, product.col, strict=True), reverse=True)[:most]
        return tuple(str(self._names[column]) for _, column in heaviest)

    def shared_topics(self, paper: int, person: int) -> frozenset[int]:
        return self._papers[paper].topics & self._people[person].topics

    def _read_texts(self) -> None:
        if not self._paper_rows or not self._person_rows:
            return
        from sklearn.feature_extraction.text import TfidfVectorizer

        vectoriser = TfidfVectorizer(
            sublinear_tf=True, ngram_range=(1, 2), stop_words="english", strip_accents="unicode"
        )
        texts = [self._papers[number].text for number in self._paper_rows]
        texts += [self._people[number].text for number in self._person_rows]
        try:
            vectors = vectoriser.fit_transform(texts)
        except ValueError:  # scikit-learn's "empty vocabulary": no text has a word that counts
            return
        self._names = vectoriser.get_feature_names_out()
        self._left, self._right = vectors[: len(self._paper_rows)], vectors[len(self._paper_rows) :]

    def _score(self) -> None:
        cosines = (self._left @ self._right.T).toarray() if len(self._names) else None
        for person, who in enumerate(self._people):
            row = self._person_rows.get(person)
            says_something = row is not None and self._right[row].nnz > 0
            for paper, what in enumerate(self._papers):
                text = None
                if cosines is not None and says_something and paper in self._paper_rows:
                    text = min(1.0, float(cosines[self._paper_rows[paper], row]))
                topics = len(what.topics & who.topics) / len(what.topics) if what.topics and who.topics else None
                if text is not None or topics is not None:
                    self.scores[paper, person] = _blend(text, topics)


def _numbered(profiles: Sequence[Profile]) -> dict[int, int]:
    """Position of a profile with text → its row among those with text."""
    return {number: row for row, number in enumerate(n for n, each in enumerate(profiles) if each.text.strip())}


def with_bid(score: float, bid: int | None) -> float:
    """The score as the solver takes it: a wish raises it by an exponent below one, reluctance lowers it."""
    return score ** BID_EXPONENT[bid] if bid in BID_EXPONENT else score


def _blend(text: float | None, topics: float | None) -> float:
    if text is None:
        return float(topics or 0)
    if topics is None:
        return float(text)
    return float(TEXT_WEIGHT * text + (1 - TEXT_WEIGHT) * topics)
