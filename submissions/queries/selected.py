"""What organisers picked on their list, and what can be done with it at once."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet

from ml4rs.editions.viewer import Viewer
from submissions.duplicates import Document, Pair, find_pairs
from submissions.models import FileVersion, Submission
from submissions.policy import FILES_OF_SUBMISSION
from submissions.queries.downloads import neutral_name
from submissions.queries.listing import Filters, listed

DESK_REJECT_TEXTS = "desk-reject-"  # keys of the edition's texts that are ready reasons


def selected(viewer: Viewer, filters: Filters, picked: Iterable[str] | None) -> QuerySet[Submission]:
    """The picked papers of the list, or all that the filters find; never one that the list does not hold."""
    rows = listed(viewer, filters)
    return rows if picked is None else rows.filter(public_id__in=list(picked))


def ready_reasons(viewer: Viewer) -> list[tuple[str, str, str]]:
    """Key, title and words of the edition's ready reasons for a desk reject. One query."""
    texts = viewer.edition.texts.filter(key__startswith=DESK_REJECT_TEXTS)
    return [(text.key.removeprefix(DESK_REJECT_TEXTS), text.title or text.key, text.body.strip()) for text in texts]


@dataclass(frozen=True)
class Packed:
    """One file of an archive: its name there, and where its bytes are."""

    name: str
    version: FileVersion

    @property
    def stored(self):
        """Reviewers' copies where there are any, so that an archive tells no more than the paper does."""
        has_copy = self.version.kind in FILES_OF_SUBMISSION and self.version.reviewers_copy
        return self.version.reviewers_copy if has_copy else self.version.stored


def packed(viewer: Viewer, rows: QuerySet[Submission], kind: str) -> Iterator[Packed]:
    """The current file of a kind of each of these papers. Two queries."""
    newest = FileVersion.objects.filter(kind=kind).order_by("-version")
    for paper in rows.prefetch_related(Prefetch("files", newest, to_attr="of_kind")):
        for version in paper.of_kind[:1]:
            name = neutral_name(viewer, paper, version, counted=False)
            yield Packed(name if paper.number else f"draft-{paper.public_id}-{name}", version)


@dataclass(frozen=True)
class Alike:
    """A pair of papers that may be the same work."""

    first: Submission
    second: Submission
    pair: Pair


def duplicates(viewer: Viewer) -> list[Alike]:
    """Pairs among the papers that this organiser may list, drafts left out. Two queries."""
    rows = listed(viewer, Filters()).exclude(state=Submission.State.DRAFT).defer(None)
    papers = {paper.pk: paper for paper in rows.defer("declarations", "answers").prefetch_related("files")}
    documents = [
        Document(pk, paper.title, paper.abstract, frozenset(file.sha256 for file in paper.files.all()))
        for pk, paper in papers.items()
    ]
    return [Alike(papers[pair.first], papers[pair.second], pair) for pair in find_pairs(documents)]
