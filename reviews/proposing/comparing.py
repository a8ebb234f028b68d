"""Papers and people as the engine compares them, and why a pair was chosen in words."""

from functools import cache
from textwrap import shorten

from django.conf import settings

from reviews.matching.affinity import Affinities, Profile
from reviews.matching.memory import Memory
from reviews.matching.problem import Pair
from reviews.matching.sentences import SentenceModel, packaged_folder
from reviews.models import Bid, Reviewer
from reviews.proposing.situation import Situation
from submissions.models import Submission


def paper_profile(paper: Submission) -> Profile:
    text = f"{paper.title}\n{paper.abstract}\n{paper.keywords}"
    return Profile(text, frozenset(topic.pk for topic in paper.topics.all()))


def person_profile(person: Reviewer) -> Profile:
    written = tuple(f"{each.title}\n{each.abstract}" for each in person.publications.all())
    return Profile(person.profile, frozenset(topic.pk for topic in person.topics.all()), written)


@cache
def sentence_model() -> Memory | None:
    """The model that the settings name, else the packaged one, read once for each process; None where neither is

    installed, and words alone are compared.

    Raises:
        ModelError: it cannot be read, or the packaged one is not the one that was looked at.
    """
    if settings.SENTENCE_MODEL is None and packaged_folder() is None:
        return None
    return Memory(SentenceModel(settings.SENTENCE_MODEL), settings.DATA_DIR / "vectors.sqlite3")


def why(situation: Situation, affinities: Affinities, pair: Pair) -> str:
    """Why this reviewer, in words: what they share, what they wished, or that nothing is known."""
    parts = []
    if topics := affinities.shared_topics(*pair):
        parts.append("topics: " + ", ".join(sorted(situation.topic_names[topic] for topic in topics)))
    if pair in situation.bids:
        parts.append(f"bid: {Bid.Level(situation.bids[pair]).label.lower()}")
    if closest := affinities.closest(*pair):
        written = situation.people[pair[1]].publications.all()
        parts.append("closest: " + ", ".join(f"“{_cut(written[place].title)}”" for place in closest))
    if words := affinities.words(*pair):
        parts.append("words: " + ", ".join(words))
    if pair not in affinities.scores:
        parts.append("closeness unknown: no profile text and no topics")
    return "; ".join(parts)[:300] or "little in common, but free"


def _cut(title: str) -> str:
    """At a word, so that two titles have room in a reason."""
    return shorten(title, 80, placeholder="…")
