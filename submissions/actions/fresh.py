"""How every verb begins: with the row as it is now, as this viewer sees it."""

from django.db.models import QuerySet

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


def held(submission: Submission, by: Viewer) -> Submission:
    """As `fresh`; whoever else wants to change this paper waits until the transaction is over. Two queries.

    For verbs that look at more than the row's own columns before they write: its files, its authors, its parts.

    Raises:
        NotAllowed: `by` may not know of it.
    """
    hold(Submission.objects.filter(pk=submission.pk))
    return fresh(submission, by)


def hold(papers: QuerySet[Submission]) -> None:
    """Let nobody else change these papers until the transaction is over. One query."""
    list(papers.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
