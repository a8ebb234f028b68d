"""How useful reviews were, for organisers."""

from django.db.models import Avg

from ml4rs.editions.viewer import Viewer
from reviews.models import Rating
from reviews.queries.reviews import RatingView
from submissions.models import Submission


def ratings_of(viewer: Viewer, submission: Submission) -> dict[str, RatingView]:
    """By public id of the review. One query."""
    rows = Rating.objects.seen_by(viewer, paper=submission)
    columns = ("review__public_id", "grade", "note", "rated_by__name")
    return {pid: RatingView(*row) for pid, *row in rows.values_list(*columns)}


def mean_grades(viewer: Viewer) -> dict[int, float]:
    """Reviewer → mean grade of their reviews, of papers that this organiser sees. One query."""
    rows = Rating.objects.seen_by(viewer).filter(review__assignment__reviewer__edition=viewer.edition)
    return dict(rows.order_by().values_list("review__assignment__reviewer").annotate(mean=Avg("grade")))
