"""Reviews as their readers see them, and the desk of those who write them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from ml4rs.editions.models import Milestone, TrackFile
from ml4rs.editions.viewer import Viewer
from reviews.models import Answer, Assignment, Field, Form, Review, Reviewer
from reviews.queries.dates import review_date
from submissions.models import FileVersion, Submission


@dataclass(frozen=True)
class AnswerView:
    """One answer, ready to be read."""

    key: str
    label: str
    kind: str
    audience: str
    number: int | None
    text: str  # the words, or what a number or choice means

    @property
    def is_prose(self) -> bool:
        return self.kind == Field.Kind.TEXT


@dataclass(frozen=True)
class RatingView:
    """How useful organisers found a review, as they see it."""

    grade: int
    note: str
    by: str


@dataclass
class ReviewView:
    """One review for one reader: what is hidden from them is None or absent."""

    public_id: str
    pseudonym: str
    is_own: bool
    state: str
    reviewer: str | None = None
    written_at: datetime | None = None
    written_on: date | None = None
    answers: list[AnswerView] = field(default_factory=list)
    rating: RatingView | None = None
    may_be_rated: bool = False


def membership(viewer: Viewer) -> Reviewer | None:
    """The viewer's own place on the committee, if they accepted one. One query."""
    if viewer.user is None:
        return None
    return Reviewer.objects.filter(edition=viewer.edition, user=viewer.user, state=Reviewer.State.ACCEPTED).first()


def reviews_of(viewer: Viewer, submission: Submission, *, audience: str = "") -> list[ReviewView]:
    """The submitted reviews of a paper (a row of `seen_by`) that this viewer may read, by pseudonym; with

    `audience`, only the answers meant for it (an organiser's preview). Two queries.
    """
    rows = Review.objects.seen_by(viewer, paper=submission).submitted()
    columns = ("pk", "public_id", "assignment__pseudonym", "is_own", "state")
    guarded = ("seen_reviewer", "seen_written_at", "seen_written_on")
    views = {row[0]: ReviewView(*row[1:]) for row in rows.values_list(*columns, *guarded)}
    answers = Answer.objects.seen_by(viewer, paper=submission).filter(review__in=views).select_related("field")
    if audience:
        answers = answers.filter(field__audience=audience)
    for answer in answers.order_by("field__position", "pk"):
        if view := answer_view(answer):
            views[answer.review_id].answers.append(view)
    return list(views.values())


def answer_view(answer: Answer) -> AnswerView | None:
    """None where the question was left open."""
    question = answer.field
    value = answer.number if question.kind == Field.Kind.SCALE else answer.text
    if value in (None, ""):
        return None
    text = answer.text if question.kind == Field.Kind.TEXT else meaning(question, value)
    return AnswerView(question.key, question.label, question.kind, question.audience, answer.number, text)


def meaning(question: Field, value: int | str) -> str:
    """The label of a scale's point or a choice."""
    return next((str(label) for option, label in question.options if str(option) == str(value)), str(value))


# --- The reviewer's desk ------------------------------------------------------------------------------


@dataclass(frozen=True)
class DeskRow:
    """A paper before its reviewer."""

    assignment: Assignment
    due: Milestone | None
    state: str  # todo, draft, submitted
    is_late: bool
    is_released: bool


def desk(viewer: Viewer) -> list[DeskRow]:
    """The viewer's own papers, those that wait first. Two queries."""
    own = Assignment.objects.own_of(viewer).select_related("submission__track", "reviewer")
    rows = [_desk_row(viewer, assignment) for assignment in own.order_by("submission__title", "pk")]
    return sorted(rows, key=lambda row: row.state == Review.State.SUBMITTED)


def _desk_row(viewer: Viewer, assignment: Assignment) -> DeskRow:
    submission = assignment.submission
    due = review_date(viewer.edition, submission.track, assignment.reviewer.public_id, assignment.due_at)
    state = assignment.seen_review_state or "todo"
    is_open = state != Review.State.SUBMITTED
    return DeskRow(
        assignment=assignment,
        due=due,
        state=state,
        is_late=is_open and due is not None and due.has_closed(viewer.now),
        is_released=submission.released_at is not None and submission.released_at <= viewer.now,
    )


@dataclass
class Desk:
    """One paper on the reviewer's desk, with everything its page shows."""

    row: DeskRow
    submission: Submission
    form: Form | None
    questions: list[Field]
    review: Review | None
    values: dict[str, str | int | None]
    manuscript: FileVersion | None
    supplementary: FileVersion | None

    @property
    def assignment(self) -> Assignment:
        return self.row.assignment

    @property
    def revision(self) -> int:
        return self.review.revision if self.review else 0

    @property
    def is_submitted(self) -> bool:
        return self.review is not None and self.review.state == Review.State.SUBMITTED

    @property
    def has_pending(self) -> bool:
        return self.review is not None and self.review.pending is not None


def desk_of(viewer: Viewer, public_id: str) -> Desk | None:
    """One of the viewer's own papers by the assignment's id. Eight queries."""
    paper = Assignment.objects.filter(public_id=public_id).values("submission")
    submission = Submission.objects.seen_by(viewer).select_related("track").filter(pk__in=paper).first()
    if submission is None:
        return None
    own = Assignment.objects.seen_by(viewer, paper=submission).filter(is_own=True, public_id=public_id)
    assignment = own.first()
    if assignment is None:
        return None
    assignment.submission = submission
    review = Review.objects.select_related("form").filter(assignment=assignment.pk).first()
    if review is not None and viewer.is_watched:
        review = _as_submitted(review)
    form = review.form if review else submission.track.review_forms.order_by("-version").first()
    files = _files(submission)
    return Desk(
        row=_desk_row(viewer, assignment),
        submission=submission,
        form=form,
        questions=list(form.fields.all()) if form else [],
        review=review,
        values=values_of(review) if review else {},
        manuscript=files.get(TrackFile.Kind.MANUSCRIPT),
        supplementary=files.get(TrackFile.Kind.SUPPLEMENTARY),
    )


def _as_submitted(review: Review) -> Review | None:
    """What anybody but its writer may know of it."""
    review.pending = None
    return review if review.state == Review.State.SUBMITTED else None


def values_of(review: Review) -> dict[str, str | int | None]:
    """What stands in the writer's form: changes not submitted yet, else the answers. One query."""
    if review.pending is not None:
        return dict(review.pending)
    answers = review.answers.select_related("field")
    return {each.field.key: each.number if each.field.kind == Field.Kind.SCALE else each.text for each in answers}


def _files(submission: Submission) -> dict[str, FileVersion]:
    """The current version of each kind that a reviewer may read. One query."""
    kinds = (TrackFile.Kind.MANUSCRIPT, TrackFile.Kind.SUPPLEMENTARY)
    versions = submission.files.filter(kind__in=kinds).order_by("kind", "version")
    return {version.kind: version for version in versions}


def topic_names(viewer: Viewer, submissions: list[int]) -> dict[int, list[str]]:
    """Topics by paper. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    links = Submission.topics.through.objects.filter(submission__in=submissions).order_by("topic__position")
    for submission, name in links.values_list("submission_id", "topic__name"):
        found[submission].append(name)
    return found
