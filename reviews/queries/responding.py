"""Author response as its readers see it, and how far the tracks are with it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from ml4rs.editions.models import Milestone, Track
from ml4rs.editions.policy import Verdict
from ml4rs.editions.queries import milestone
from ml4rs.editions.viewer import Viewer
from reviews.models import Assignment, Response, Review
from reviews.policy import may_show_reviews
from reviews.queries.papers import judged
from reviews.queries.writing import named_in_reviews
from reviews.writing.naming import Names
from submissions.models import Submission


@dataclass(frozen=True)
class ResponseView:
    """The response of a paper's authors for one reader."""

    text: str  # as sent; empty where its authors have not sent it yet
    sent_on: date | None
    sent_at: datetime | None  # for authors and organisers
    writer: str | None  # for authors and organisers
    draft: str | None  # for authors
    revision: int
    updated_at: datetime

    @property
    def has_unsent_changes(self) -> bool:
        return self.draft is not None and self.draft != self.text


def response_of(viewer: Viewer, submission: Submission) -> ResponseView | None:
    """What this viewer may read of it. One query; none where the track has no response."""
    if not submission.track.has_author_response:
        return None
    columns = ("sent_text", "seen_on", "seen_at", "seen_writer", "seen_draft", "revision", "updated_at")
    rows = Response.objects.seen_by(viewer, paper=submission).filter(submission=submission.pk)
    row = rows.values_list(*columns).first()
    return ResponseView(*row) if row else None


def authors_named_in(submission: Submission, text: str) -> list[str]:
    """Authors whom a text to reviewers names, where those must not know them. One query."""
    if submission.track.blind != Track.Blind.DOUBLE:
        return []
    people = {row[0]: (row[1], [row[2]]) for row in submission.authorships.values_list("pk", "name", "email")}
    return sorted(people[key][0] for key in Names(people).in_text(text))


@dataclass
class Round:
    """How far a track is with showing reviews to authors, as one organiser sees it."""

    track: Track
    due: Milestone | None
    verdict: Verdict
    going: list[Submission]  # with reviews that their authors have not seen
    without: list[Submission]  # no review is in
    named: list[tuple[Submission, list[str]]]  # of those that go, whose reviews name somebody of the committee
    shown: int
    sent: int

    @property
    def incomplete(self) -> list[Submission]:
        """Of those that go, with reviews still missing."""
        return [paper for paper in self.going if paper.reviews_missing]


def with_newest(papers: QuerySet[Submission]) -> QuerySet[Submission]:
    """Each paper with when its `newest` review came in, None where there is none."""
    is_in = Review.objects.filter(
        assignment__submission=OuterRef("pk"), assignment__state=Assignment.State.ACTIVE, state=Review.State.SUBMITTED
    )
    return papers.annotate(newest=Subquery(is_in.order_by("-submitted_at").values("submitted_at")[:1]))


# Over `with_newest`: papers with reviews that their authors have not been shown.
HAS_NEWS = Q(newest__isnull=False) & (Q(reviews_shown_at__isnull=True) | Q(newest__gt=F("reviews_shown_at")))


def rounds(viewer: Viewer) -> list[Round]:
    """Of each track whose authors may respond. One query, seven where there are any."""
    tracks = list(viewer.edition.tracks.filter(has_author_response=True, is_reviewed=True))
    if not tracks:
        return []
    waiting = judged(viewer).filter(track__in=tracks, released_at__isnull=True)
    rows = list(with_newest(waiting).annotate(has_news=HAS_NEWS).order_by("number"))
    named = named_in_reviews(viewer, [row.pk for row in rows])
    counts = _counts(viewer)
    of = {track.pk: [row for row in rows if row.track_id == track.pk] for track in tracks}
    return [_round(viewer, track, of[track.pk], named, counts.get(track.pk, (0, 0))) for track in tracks]


def _round(viewer: Viewer, track: Track, rows: list[Submission], named: dict, counts: tuple[int, int]) -> Round:
    going = [row for row in rows if row.has_news]
    return Round(
        track=track,
        due=milestone(viewer.edition, Milestone.Kind.RESPONSE, track),
        verdict=may_show_reviews(viewer, track),
        going=going,
        without=[row for row in rows if row.newest is None],
        named=[(row, named[row.pk]) for row in going if row.pk in named],
        shown=counts[0],
        sent=counts[1],
    )


def _counts(viewer: Viewer) -> dict[int, tuple[int, int]]:
    """Track → papers whose reviews are shown, and those of them with a response. One query."""
    rows = judged(viewer).filter(reviews_shown_at__isnull=False).order_by().values("track")
    sent = Count("pk", filter=Q(response__sent_at__isnull=False))
    return {row["track"]: (row["shown"], row["sent"]) for row in rows.annotate(shown=Count("pk"), sent=sent)}
