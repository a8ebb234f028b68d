"""Writing a review: saved while typed, submitted when complete, changed until decisions are released."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import F

from ml4rs.audit.actions import record
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from reviews.actions.discussing import note_changed_scores, scores_of
from reviews.models import Answer, Assignment, Field, Form, Review, ReviewVersion
from reviews.policy import may_write

Values = Mapping[str, str | int | None]  # field key → text, choice or number
State = Review.State


class EditConflict(Exception):  # noqa: N818  (it is what happened, not an error of ours)
    """The review was saved elsewhere since this page was opened; nothing was overwritten."""


@dataclass(frozen=True)
class Saved:
    """Where a review stands after a save."""

    review: Review
    revision: int


@transaction.atomic
def save_draft(assignment: Assignment, form: Form, values: Values, *, revision: int, by: Viewer) -> Saved:
    """Keep what was typed, complete or not. Changes to a submitted review wait beside it until submitted.

    `revision` is the one that the page was opened with, 0 where there was no review yet.

    Raises:
        NotAllowed: somebody else's, or decisions are released.
        EditConflict: another tab saved in between.
    """
    require(may_write(by, assignment))
    review = _claimed(assignment, form, revision, by)
    if review.state == State.SUBMITTED:
        Review.objects.filter(pk=review.pk).update(pending=dict(values))
    else:
        write_answers(review, values)
    return Saved(review, review.revision)


@transaction.atomic
def submit_review(assignment: Assignment, form: Form, values: Values, *, revision: int, by: Viewer) -> Review:
    """Hand in a review, the first time or changed. Every submit leaves a version.

    `values` are complete: the caller's form has checked them against the questions.

    Raises:
        NotAllowed: somebody else's, or decisions are released.
        EditConflict: another tab saved in between.
    """
    require(may_write(by, assignment))
    review = _claimed(assignment, form, revision, by)
    is_first = review.state == State.DRAFT
    before = {} if is_first else scores_of(review)
    write_answers(review, values)
    changes = {"state": State.SUBMITTED, "pending": None}
    if is_first:
        changes["submitted_at"] = by.now
    Review.objects.filter(pk=review.pk).update(**changes)
    ReviewVersion.objects.create(review=review, revision=review.revision, answers=dict(values), saved_at=by.now)
    verb = "review.submitted" if is_first else "review.changed"
    record(verb, by=by, subject=review, submission_id=assignment.submission_id)
    review.refresh_from_db()
    if not is_first:
        note_changed_scores(review, before, by=by)
    return review


@transaction.atomic
def discard_changes(assignment: Assignment, *, by: Viewer) -> None:
    """Drop what was typed after submitting; the submitted review stays as it is.

    Raises:
        NotAllowed: somebody else's, or decisions are released.
    """
    require(may_write(by, assignment))
    Review.objects.filter(assignment=assignment.pk, state=State.SUBMITTED).update(
        pending=None, revision=F("revision") + 1
    )


def _claimed(assignment: Assignment, form: Form, revision: int, by: Viewer) -> Review:
    """The review with its next revision, ours alone: of two tabs one gets it, and the other is told."""
    if not Assignment.objects.active().filter(pk=assignment.pk).exists():
        raise NotAllowed("This paper is no longer assigned to you.")
    if revision == 0:
        try:
            with transaction.atomic():
                return Review.objects.create(
                    assignment_id=assignment.pk, form=form, created_at=by.now, updated_at=by.now
                )
        except IntegrityError as error:
            raise EditConflict from error
    mine = Review.objects.filter(assignment=assignment.pk, revision=revision)
    if not mine.update(revision=revision + 1, updated_at=by.now):
        raise EditConflict
    return Review.objects.get(assignment=assignment.pk)


def write_answers(review: Review, values: Values) -> None:
    """Put the answers in place of the old ones. Two queries."""
    fields = {field.key: field for field in review.form.fields.all()}
    answers = []
    for key, value in values.items():
        field = fields.get(key)
        if field is None:
            continue
        is_number = field.kind == Field.Kind.SCALE
        answers.append(
            Answer(
                review=review,
                field=field,
                number=int(value) if is_number and value not in (None, "") else None,
                text="" if is_number or value is None else str(value),
            )
        )
    Answer.objects.bulk_create(
        answers, update_conflicts=True, unique_fields=["review", "field"], update_fields=["number", "text"]
    )
