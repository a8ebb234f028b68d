"""Organisers say privately how useful reviews were."""

from django.db import transaction

from ml4rs.audit.actions import record
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from reviews.models import Rating, Review
from reviews.policy import may_rate
from submissions.models import Submission


@transaction.atomic
def rate(submission: Submission, review_pid: str, *, grade: int | None, note: str = "", by: Viewer) -> None:
    """Rate a review of this paper, in place of a rating before; without a grade that is taken back.

    Raises:
        NotAllowed: a conflict, one's own review, none that is submitted, or no such grade.
    """
    rows = Review.objects.filter(assignment__submission=submission.pk, public_id=review_pid)
    review = rows.select_related("assignment__reviewer").first()
    if review is None:
        raise NotAllowed("There is no such review.")
    require(may_rate(by, submission, review))
    if grade is None:
        Rating.objects.filter(review=review).delete()
    elif grade not in Rating.Grade.values:
        raise NotAllowed("Choose one of the grades.")
    else:
        values = {"grade": grade, "note": " ".join(note.split())[:300], "rated_by": by.user, "rated_at": by.now}
        Rating.objects.update_or_create(review=review, defaults=values)
    record("review.rated", by=by, subject=review, submission_id=submission.pk)
