"""Tags as their readers see them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from ml4rs.editions.viewer import Viewer
from reviews.models import Tag, Tagging
from submissions.models import Submission


@dataclass(frozen=True)
class TagView:
    """A word on a paper."""

    name: str
    tone: str


def tags_on(viewer: Viewer, papers: Iterable[int]) -> dict[int, list[TagView]]:
    """Paper → its tags, as far as this viewer may know them. One query."""
    found: dict[int, list[TagView]] = defaultdict(list)
    rows = Tagging.objects.seen_by(viewer).filter(submission__in=list(papers)).order_by("tag__name")
    for paper, name, tone in rows.values_list("submission", "tag__name", "tag__tone"):
        found[paper].append(TagView(name, tone))
    return found


def tagged(viewer: Viewer, rows: QuerySet[Submission], name: str) -> QuerySet[Submission]:
    """Those of these papers that have a tag; all of them where none is asked for; with a "-" before it, the others."""
    word = name.strip().lstrip("#")
    if not word:
        return rows
    wanted = Tagging.objects.seen_by(viewer).filter(tag__name__iexact=word.removeprefix("-"))
    papers = wanted.order_by().values("submission")
    return rows.exclude(pk__in=papers) if word.startswith("-") else rows.filter(pk__in=papers)


def tags_of(viewer: Viewer) -> list[Tag]:
    """Tags on papers that this organiser sees, with `papers`, their number. One query.

    A tag that stands on no such paper is absent, whether it stands on none or on papers of a conflict.
    """
    seen = Tagging.objects.seen_by(viewer).order_by().values("pk")
    own = Q(owner__isnull=True) if viewer.is_watched else Q(owner__isnull=True) | Q(owner=viewer.user)
    rows = Tag.objects.filter(own, edition=viewer.edition)
    counted = rows.annotate(papers=Count("taggings", filter=Q(taggings__in=seen)))
    return list(counted.filter(papers__gt=0).order_by("name"))
