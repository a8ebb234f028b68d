"""The papers that may stand in a programme: those everybody may know of. The same for every editor."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet

from ml4rs.editions.models import Edition
from ml4rs.editions.viewer import Viewer
from submissions.models import Authorship, Submission


@dataclass(frozen=True)
class Paper:
    """An accepted paper as the programme shows it."""

    pk: int
    public_id: str
    title: str
    presentation: str
    presentation_name: str
    authors: tuple[str, ...]
    presenters: tuple[tuple[str, str], ...]  # (identity, name)

    @property
    def wants(self) -> frozenset[str]:
        """Session kinds of which it needs at least one."""
        return _WANTS.get(self.presentation, frozenset())

    def is_placed_in(self, kinds: set[str]) -> bool:
        """Whether sessions of these kinds are all that it needs."""
        return bool(self.wants & kinds) if self.wants else bool(kinds)


_WANTS = {
    Submission.Presentation.ORAL: frozenset({"orals"}),
    Submission.Presentation.SPOTLIGHT: frozenset({"spotlights", "orals"}),
    Submission.Presentation.POSTER: frozenset({"posters"}),
}


def public_papers(edition: Edition, now: datetime) -> QuerySet[Submission]:
    """What a stranger may know of now: accepted, released, not withdrawn."""
    return Submission.objects.seen_by(Viewer.of(None, edition, now)).filter(is_public=True)


def placeable(edition: Edition, now: datetime) -> dict[int, Paper]:
    """All papers that may be placed, by primary key, in the order of their titles. Two queries, no model objects."""
    rows = public_papers(edition, now).order_by("title", "pk")
    authors = _authors(rows)
    return {
        pk: Paper(
            pk,
            public_id,
            title,
            presentation,
            str(dict(Submission.Presentation.choices).get(presentation, "")),
            tuple(author.name for author in authors[pk]),
            tuple((identity(author.user, author.name), author.name) for author in _presenting(authors[pk])),
        )
        for pk, public_id, title, presentation in rows.values_list("pk", "public_id", "title", "presentation")
    }


def texts_of(papers: dict[int, Paper]) -> dict[str, str]:
    """Title, abstract and topics of papers, by public id. Two queries."""
    rows = Submission.objects.filter(pk__in=papers).values_list("public_id", "title", "abstract", "keywords")
    texts = {pid: f"{title}\n{abstract}\n{keywords}" for pid, title, abstract, keywords in rows}
    topics = Submission.topics.through.objects.filter(submission__in=papers)
    for paper, name in topics.values_list("submission_id", "topic__name"):
        texts[papers[paper].public_id] += f"\n{name}"
    return texts


class _Author(NamedTuple):
    submission: int
    name: str
    user: int | None
    presents: bool


def _authors(papers: QuerySet[Submission]) -> dict[int, list[_Author]]:
    found: dict[int, list[_Author]] = defaultdict(list)
    rows = Authorship.objects.filter(submission__in=papers.order_by().values("pk")).order_by("submission", "position")
    for row in rows.values_list("submission", "name", "user", "is_presenter"):
        found[row[0]].append(_Author(*row))
    return found


def _presenting(authors: list[_Author]) -> list[_Author]:
    """Who is expected at the talk or board: the presenters; where none is named, the first author."""
    return [author for author in authors if author.presents] or authors[:1]


def identity(user_id: int | None, name: str) -> str:
    """Who is the same person: the account where it is known, else the name as it is shown."""
    return f"account:{user_id}" if user_id else f"name:{' '.join(name.casefold().split())}"
