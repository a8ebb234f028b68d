"""Meta-reviews as their readers see them."""

from dataclasses import dataclass
from datetime import datetime

from ml4rs.editions.viewer import Viewer
from reviews.models import MetaReview
from submissions.models import Submission


@dataclass(frozen=True)
class MetaReviewView:
    """What one reader may know of it: None where that is hidden."""

    pseudonym: str
    is_own: bool
    is_chairs: bool
    text: str | None
    recommendation: str | None
    writer: str | None
    submitted_at: datetime | None
    revision: int

    @property
    def recommended(self) -> str:
        return dict(Submission.Outcome.choices).get(self.recommendation or "", "")


def meta_review_of(viewer: Viewer, submission: Submission) -> MetaReviewView | None:
    """One query; none where the track has none."""
    if not submission.track.has_meta_review:
        return None
    columns = (
        "assignment__pseudonym", "is_own", "is_chairs", "seen_text", "seen_recommendation", "seen_writer",
        "submitted_at", "revision",
    )  # fmt: skip
    rows = MetaReview.objects.seen_by(viewer, paper=submission).filter(submission=submission.pk)
    row = rows.values_list(*columns).first()
    return MetaReviewView(*row) if row else None
