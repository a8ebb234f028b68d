"""The papers that may stand in a programme: those everybody may know of. The same for every editor."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

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


_WANTS = {
    Submission.Presentation.ORAL: frozenset({"orals"}),
    Submission.Presentation.SPOTLIGHT: frozenset({"spotlights", "orals"}),
    Submission.Presentation.POSTER: frozenset({"posters"}),
}


def public_papers(edition: Edition, now) -> QuerySet[Submission]:
    """What a stranger may know of now: accepted, released, not withdrawn."""
    return Submission.objects.seen_by(Viewer.of(None, edition, now)).filter(is_public=True)


def placeable(edition: Edition, now) -> dict[int, Paper]:
    """All papers that may be placed, by primary key, in the order of their titles. Two queries."""
    rows = (
        public_papers(edition, now)
        .prefetch_related(Prefetch("authorships", Authorship.objects.order_by("position")))
        .defer("abstract", "declarations")
        .order_by("title", "pk")
    )
    return {row.pk: _paper(row) for row in rows}


def _paper(row: Submission) -> Paper:
    authors = list(row.authorships.all())
    return Paper(
        row.pk,
        row.public_id,
        row.title,
        row.presentation,
        row.get_presentation_display(),
        tuple(author.name for author in authors),
        tuple((identity(author.user_id, author.name), author.name) for author in _presenting(authors)),
    )


def _presenting(authors: Iterable[Authorship]) -> list[Authorship]:
    """Who is expected at the talk or board: the presenters; where none is named, the first author."""
    authors = list(authors)
    return [author for author in authors if author.is_presenter] or authors[:1]


def identity(user_id: int | None, name: str) -> str:
    """Who is the same person: the account where it is known, else the name as it is shown."""
    return f"account:{user_id}" if user_id else f"name:{' '.join(name.casefold().split())}"
