"""What organisers do with many papers at once: each by the same rules as one, all or none."""

from collections.abc import Iterable

from django.db import transaction

from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.viewer import Viewer
from submissions.actions.states import desk_reject, reinstate
from submissions.models import Submission


@transaction.atomic
def desk_reject_all(papers: Iterable[Submission], *, by: Viewer, reason: str) -> int:
    """Desk-reject these papers with one reason; how many they were.

    Raises:
        NotAllowed: one of them cannot be desk-rejected. None was.
    """
    return sum(1 for paper in papers if _named(paper, lambda paper: desk_reject(paper, by=by, reason=reason)))


@transaction.atomic
def reinstate_all(papers: Iterable[Submission], *, by: Viewer) -> int:
    """Take back these desk rejections; how many they were.

    Raises:
        NotAllowed: one of them is not desk-rejected. None was taken back.
    """
    return sum(1 for paper in papers if _named(paper, lambda paper: reinstate(paper, by=by)))


def _named(paper: Submission, verb) -> bool:
    """Do it; a refusal says which paper it is about."""
    try:
        verb(paper)
    except NotAllowed as refusal:
        raise NotAllowed(f"{paper}: {refusal} Nothing was changed.") from refusal
    return True
