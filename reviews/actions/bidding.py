"""Bids: how much a reviewer wants which paper."""

from django.db import transaction

from ml4rs.editions.policy import require
from ml4rs.editions.viewer import Viewer
from reviews.models import Bid, Reviewer
from reviews.policy import may_bid
from submissions.models import Submission


@transaction.atomic
def place_bids(reviewer: Reviewer, levels: dict[str, int | None], *, by: Viewer) -> int:
    """Write bids by public id of the paper; None takes one back. Papers that can't be bid on are passed over.

    Raises:
        NotAllowed: no member of the committee, conflicts not declared, or bidding is not open.
    """
    require(may_bid(by, reviewer))
    open_ones = Submission.objects.seen_by(by).filter(
        may_bid=True, is_author=False, in_conflict=False, state=Submission.State.SUBMITTED, track__is_reviewed=True
    )
    keys = dict(open_ones.filter(public_id__in=levels).values_list("public_id", "pk"))
    taken_back = [keys[paper] for paper, level in levels.items() if paper in keys and level is None]
    Bid.objects.filter(reviewer=reviewer, submission__in=taken_back).delete()
    Bid.objects.bulk_create(
        [
            Bid(reviewer=reviewer, submission_id=keys[paper], level=level)
            for paper, level in levels.items()
            if paper in keys and level is not None
        ],
        update_conflicts=True,
        unique_fields=["reviewer", "submission"],
        update_fields=["level"],
    )
    return len(keys)
