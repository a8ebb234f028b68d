"""Papers under review as organisers see them: who reviews, what came in, what was decided, as one table.

Every table starts from the papers that this organiser sees without conflict; all other numbers follow from there.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    Avg,
    Case,
    Count,
    Exists,
    F,
    FloatField,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from ml4rs.editions.viewer import Viewer
from reviews.models import (
    Answer,
    Assignment,
    Decision,
    Discussion,
    Field,
    Post,
    Response,
    Review,
    Reviewer,
    SavedView,
)
from reviews.queries.dates import review_date
from reviews.queries.delegating import proposed
from submissions.models import Submission
from submissions.queries.papers import reviewable


def saved_views(viewer: Viewer) -> QuerySet[SavedView]:
    """Tables of decisions that the viewer keeps; nobody else learns of them. One query."""
    if viewer.is_watched:
        return SavedView.objects.none()
    return SavedView.objects.filter(edition=viewer.edition, owner=viewer.user)


def judged(viewer: Viewer) -> QuerySet[Submission]:
    """Papers under review with `assigned`, `reviews_in`, `mean`, `low`, `high`, `confidence`, `said` (contributions),

    `discussed` (None, "open" or "closed"), `responded` ("sent", "none yet" or empty),
    and the decision's `decided`, `form_of_presentation`, `decision_state`.
    One query with select_related track.
    """
    overall, confidence = _answers(Field.Use.OVERALL), _answers(Field.Use.CONFIDENCE)
    assignments = Assignment.objects.active().filter(submission=OuterRef("pk"))
    decision = Decision.objects.filter(submission=OuterRef("pk"))
    state = Case(When(closed_at__isnull=True, then=Value("open")), default=Value("closed"))
    discussion = Discussion.objects.filter(submission=OuterRef("pk")).annotate(state=state)
    responses = Response.objects.filter(submission=OuterRef("pk"), sent_at__isnull=False)
    return (
        reviewable(viewer)
        .filter(is_chair=True)
        .defer("abstract", "declarations", "keywords", "state_reason")
        .annotate(
            assigned=_count(assignments),
            reviews_in=_count(assignments.filter(review__state=Review.State.SUBMITTED)),
            mean=_of(overall, Avg("number"), FloatField()),
            low=_of(overall, Min("number"), IntegerField()),
            high=_of(overall, Max("number"), IntegerField()),
            confidence=_of(confidence, Avg("number"), FloatField()),
            responded=Case(
                When(Exists(responses), then=Value("sent")),
                When(reviews_shown_at__isnull=False, then=Value("none yet")),
                default=Value(""),
            ),
            said=_count(Post.objects.filter(submission=OuterRef("pk"), withdrawn_at__isnull=True)),
            discussed=Subquery(discussion.values("state")),
            decided=Subquery(decision.values("outcome")),
            form_of_presentation=Subquery(decision.values("presentation")),
            decision_state=Subquery(decision.values("state")),
        )
        .annotate(reviews_missing=F("assigned") - F("reviews_in"), spread=F("high") - F("low"))
    )


def _answers(use: str) -> QuerySet[Answer]:
    return Answer.objects.filter(
        review__assignment__submission=OuterRef("pk"),
        review__assignment__state=Assignment.State.ACTIVE,
        review__state=Review.State.SUBMITTED,
        field__use=use,
    ).order_by()


def _of(answers: QuerySet, aggregate, output_field) -> Subquery:
    grouped = answers.values("review__assignment__submission").annotate(value=aggregate).values("value")
    return Subquery(grouped, output_field=output_field)


def _count(rows: QuerySet):
    grouped = rows.order_by().values("submission").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(grouped, output_field=IntegerField()), 0)


# --- Filters of the tables -----------------------------------------------------------------------------

DECISION_STATES = {
    "none": Q(decision_state__isnull=True),
    "accepted": Q(decided="accepted"),
    "rejected": Q(decided="rejected"),
    "held": Q(decision_state="held"),
    "released": Q(decision_state="released"),
}
DISCUSSION_STATES = {
    "none": Q(discussed__isnull=True),
    "open": Q(discussed="open"),
    "closed": Q(discussed="closed"),
}
REVIEW_STATES = {
    "unassigned": Q(assigned__lt=F("track__reviews_per_paper")),
    "missing": Q(reviews_missing__gt=0),
    "complete": Q(assigned__gt=0, reviews_missing=0),
}
SORTS = {
    "number": ["number"],
    "title": ["title", "number"],
    "score": [F("mean").desc(nulls_last=True), "number"],
    "spread": [F("spread").desc(nulls_last=True), "number"],
    "missing": ["-reviews_missing", "number"],
}


def narrowed(rows: QuerySet[Submission], parameters: dict[str, str]) -> QuerySet[Submission]:
    """The table after the reader’s choices, by the names of its filters. Unknown values change nothing."""
    if track := parameters.get("track"):
        rows = rows.filter(track__slug=track)
    if condition := REVIEW_STATES.get(parameters.get("reviews", "")):
        rows = rows.filter(condition)
    if condition := DECISION_STATES.get(parameters.get("decision", "")):
        rows = rows.filter(condition)
    if parameters.get("colleagues"):
        rows = rows.filter(pk__in=proposed().values("assignment__submission"))
    if condition := DISCUSSION_STATES.get(parameters.get("discussion", "")):
        rows = rows.filter(condition)
    return rows.order_by(*SORTS.get(parameters.get("sort", ""), SORTS["number"]), "pk")


# --- Who reviews a paper, and how far they are ------------------------------------------------------------


@dataclass(frozen=True)
class Seat:
    """One reviewer on one paper, for organisers."""

    assignment: str
    submission: int
    reviewer: str
    reviewer_id: str
    pseudonym: str
    state: str
    review_state: str
    reason: str
    decline_reason: str
    due_at: datetime | None

    @property
    def is_active(self) -> bool:
        return self.state == Assignment.State.ACTIVE


def seats(viewer: Viewer, submissions: list[int]) -> dict[int, list[Seat]]:
    """The reviewers of these papers, past ones last. One query."""
    rows = (
        Assignment.objects.seen_by(viewer)
        .filter(is_chairs=True, submission__in=submissions)
        .order_by("submission", "state", "pseudonym")
        .values_list(
            "public_id",
            "submission_id",
            "reviewer__name",
            "reviewer__public_id",
            "pseudonym",
            "state",
            "seen_review_state",
            "seen_reason",
            "decline_reason",
            "reviewer__email",
            "due_at",
        )
    )
    found: dict[int, list[Seat]] = {each: [] for each in submissions}
    for row in rows:
        pid, submission, name, reviewer_id, letter, state, review_state, reason, declined, email, due_at = row
        seat = Seat(
            pid,
            submission,
            name or email,
            reviewer_id,
            letter,
            state,
            review_state or "todo",
            reason or "",
            declined,
            due_at,
        )
        found[submission].append(seat)
    return found


@dataclass(frozen=True)
class Load:
    """A reviewer with what they carry, as far as this organiser may know."""

    reviewer: Reviewer
    assigned: int
    submitted: int
    late: int

    @property
    def is_full(self) -> bool:
        return self.assigned >= self.reviewer.load

    @property
    def steps_in(self) -> bool:
        """Offered one paper more than their load, on short notice, and has not got it yet."""
        return self.reviewer.steps_in and self.assigned <= self.reviewer.load

    @property
    def unfinished(self) -> int:
        return self.assigned - self.submitted


def loads(viewer: Viewer) -> list[Load]:
    """Accepted reviewers by name, with papers, reviews in and late ones. Two queries, and one for the dates."""
    counted = carried(viewer)
    members = Reviewer.objects.filter(edition=viewer.edition, state=Reviewer.State.ACCEPTED).order_by("name", "pk")
    return [Load(member, *counted.get(member.pk, (0, 0, 0))) for member in members]


def carried(viewer: Viewer) -> dict[int, tuple[int, int, int]]:
    """Reviewer → how many papers, reviews in, reviews late, as far as this organiser may know.

    One query, and one for the edition's dates.
    """
    rows = Assignment.objects.seen_by(viewer).active().filter(is_chairs=True)
    found: dict[int, tuple[int, int, int]] = {}
    columns = ("reviewer_id", "reviewer__public_id", "submission__track", "due_at", "seen_review_state")
    for reviewer, reviewer_pid, track, urgent, review_state in rows.values_list(*columns):
        papers, submitted, late = found.get(reviewer, (0, 0, 0))
        is_in = review_state == Review.State.SUBMITTED
        is_late = not is_in and _is_late(viewer, track, reviewer_pid, urgent)
        found[reviewer] = (papers + 1, submitted + is_in, late + is_late)
    return found


def _is_late(viewer: Viewer, track: int, reviewer_pid: str, urgent: datetime | None) -> bool:
    due = review_date(viewer.edition, track, reviewer_pid, urgent)
    return due is not None and due.has_closed(viewer.now)


def _tracks(viewer: Viewer) -> list:
    """The edition's tracks, once for as long as the edition object lives."""
    if not hasattr(viewer.edition, "_reviewed_tracks"):
        viewer.edition._reviewed_tracks = list(viewer.edition.tracks.filter(is_reviewed=True))
    return viewer.edition._reviewed_tracks


def reviewed_tracks(viewer: Viewer) -> list:
    """Tracks of the edition that have reviews. One query for as long as the edition object lives."""
    return _tracks(viewer)
