"""The committee and its conflicts, for organisers."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from ml4rs.editions.models import Edition
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.models import Message
from reviews.models import Affinity, Bid, Conflict, Exclusion, Reviewer
from submissions.models import Submission

BOUNCED = "bounced"
STEPS_IN = "steps_in"
_UNUSUAL = 3  # papers whose authors name the same member


def members(viewer: Viewer, *, state: str = "", text: str = "") -> QuerySet[Reviewer]:
    """Everybody who was invited, for organisers only, with `bounced`: a mail to the address came back.

    Those removed only when asked for. One query.
    """
    rows = Reviewer.objects.filter(edition=viewer.edition) if viewer.is_organiser else Reviewer.objects.none()
    came_back = Message.objects.filter(
        edition=OuterRef("edition"), recipient=OuterRef("email"), state=Message.State.BOUNCED
    )
    rows = rows.annotate(bounced=Exists(came_back))
    if state == BOUNCED:
        rows, state = rows.filter(bounced=True), ""
    if state == STEPS_IN:
        rows, state = rows.filter(steps_in=True), Reviewer.State.ACCEPTED
    rows = rows.filter(state=state) if state else rows.exclude(state=Reviewer.State.REMOVED)
    if text:
        rows = rows.filter(Q(name__icontains=text) | Q(email__icontains=text) | Q(affiliation__icontains=text))
    return rows.select_related("user").order_by("name", "email", "pk")


def states(edition: Edition) -> dict[str, int]:
    """How many members are in each state. One query."""
    counted = Reviewer.objects.filter(edition=edition).values_list("state").annotate(number=Count("pk")).order_by()
    return dict.fromkeys(Reviewer.State.values, 0) | dict(counted)


def undeclared(edition: Edition) -> int:
    """Accepted members who have not declared conflicts. One query."""
    return Reviewer.objects.filter(
        edition=edition, state=Reviewer.State.ACCEPTED, conflicts_declared_at__isnull=True
    ).count()


def conflicts(viewer: Viewer, *, state: str = "", kind: str = "", text: str = "") -> QuerySet[Conflict]:
    """Conflicts with the papers that this organiser sees without conflict. One query."""
    papers = Submission.objects.seen_by(viewer).filter(is_chair=True)
    rows = Conflict.objects.filter(submission__in=papers.values("pk")).select_related("user", "submission")
    rows = {
        "open": rows.filter(confirmed_at__isnull=True, dismissed_at__isnull=True),
        "confirmed": rows.filter(confirmed_at__isnull=False),
        "dismissed": rows.filter(dismissed_at__isnull=False),
    }.get(state, rows)
    if kind in Conflict.Kind.values:
        rows = rows.filter(kind=kind)
    if text:
        rows = rows.filter(Q(user__name__icontains=text) | Q(submission__title__icontains=text))
    return rows.order_by("submission__number", "user__name", "kind", "pk")


@dataclass(frozen=True)
class Patterns:
    """What is unusual about whom authors name, in papers that one organiser sees."""

    papers: list[tuple[Submission, list[Exclusion]]]  # that name as many as they may
    people: list[tuple[str, int]]  # members named by several papers, and by how many
    nobody: list[Exclusion]  # lines that mean nobody of the committee

    @property
    def any(self) -> bool:
        return bool(self.papers or self.people or self.nobody)


def patterns(viewer: Viewer) -> Patterns:
    """Two queries."""
    papers = Submission.objects.seen_by(viewer).filter(is_chair=True).order_by().values("pk")
    rows = Exclusion.objects.filter(submission__in=papers).select_related("submission__track")
    by_paper: dict[Submission, list[Exclusion]] = {}
    for row in rows.order_by("submission__number", "pk"):
        by_paper.setdefault(row.submission, []).append(row)
    held = conflicts(viewer, kind=Conflict.Kind.BY_AUTHOR).filter(dismissed_at__isnull=True)
    names = [(each.user.name, each.submission_id, each.evidence) for each in held]
    named = Counter(name for name, _, _ in names)
    meant = {(paper, evidence) for _, paper, evidence in names}
    return Patterns(
        papers=[(paper, lines) for paper, lines in by_paper.items() if len(lines) >= paper.track.author_conflicts],
        people=[(name, number) for name, number in named.most_common() if number >= _UNUSUAL],
        nobody=[row for lines in by_paper.values() for row in lines if not _means_somebody(row, meant)],
    )


def _means_somebody(row: Exclusion, meant: set[tuple[int, str]]) -> bool:
    return any(paper == row.submission_id and evidence.startswith(f"“{row.line}”") for paper, evidence in meant)


def biddable(viewer: Viewer) -> QuerySet[Submission]:
    """Papers that this member may bid on, the closest to their own work first, by title where that is not known.

    Neither assigned state nor authors are read. One query, topics one more.
    """
    closeness = Affinity.objects.filter(submission=OuterRef("pk"), reviewer__user=viewer.user).values("score")[:1]
    return (
        Submission.objects.seen_by(viewer)
        .filter(may_bid=True, is_author=False, in_conflict=False, state="submitted", track__is_reviewed=True)
        .annotate(closeness=Subquery(closeness))
        .select_related("track")
        .prefetch_related("topics")
        .defer("declarations", "state_reason")
        .order_by(F("closeness").desc(nulls_last=True), "title", "pk")
    )


def bids_of(viewer: Viewer, reviewer: Reviewer) -> dict[int, int]:
    """One's own bids by paper; whoever looks along learns of those only that are on papers they see. One query."""
    rows = Bid.objects.filter(reviewer=reviewer)
    if viewer.is_watched:
        rows = rows.filter(submission__in=biddable(viewer).order_by().values("pk"))
    return dict(rows.values_list("submission_id", "level"))
