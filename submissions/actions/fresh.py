"""How every verb begins: with the row as it is now, as this viewer sees it."""

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.viewer import Viewer
from submissions.models import Submission


def fresh(submission: Submission, by: Viewer) -> Submission:
    """The submission as it stands in the database, with what `by` is to it. One query.

    Raises:
        NotAllowed: `by` may not know of it.
    """
    seen = Submission.objects.seen_by(by).select_related("track").filter(pk=submission.pk).first()
    if seen is None:
        raise NotAllowed("This page does not exist.")
    seen.edition = by.edition
    return seen
