"""More time for one reviewer, with its reason."""

from datetime import datetime

from django.db import transaction

from ml4rs.audit.actions import record
from ml4rs.editions.extending import grant, take_back
from ml4rs.editions.models import Extension, Milestone
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.times import announced, of_reader
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.actions import Recipient, queue_mail
from ml4rs.notifications.links import absolute
from reviews.models import Reviewer
from reviews.policy import may_run_committee
from reviews.queries.dates import last_review_date


@transaction.atomic
def give_time(reviewer: Reviewer, *, until: datetime, reason: str, by: Viewer) -> Extension:
    """Let this reviewer's reviews come in later than others'; they are told at once, without the reason.

    Raises:
        NotAllowed: `by` is no organiser, the person is not on the committee, or the date is no later one.
    """
    require(may_run_committee(by))
    if reviewer.state != Reviewer.State.ACCEPTED:
        raise NotAllowed("Only members of the committee can be given more time.")
    due = last_review_date(by.edition)
    found, is_new = grant(due, reviewer.public_id, until=until, reason=reason, by=by)
    if is_new:
        details = {"until": until.isoformat(), "reason": reason}
        record("reviewer.extended", by=by, subject=reviewer, details=details)
        _tell(reviewer, until, by)
    return found


def _tell(reviewer: Reviewer, until: datetime, by: Viewer) -> None:
    words, zone = announced(until, aoe=True), reviewer.user.time_zone
    queue_mail(
        "reviews.extended",
        edition=by.edition,
        to=Recipient(reviewer.user.email, str(reviewer.user), reviewer.user),
        about=reviewer.public_id,
        revision=str(by.now.timestamp()),
        context={
            "name": reviewer.name,
            "link": absolute("reviews:desk", by.edition.slug),
            "due": f"{words}\n{of_reader(until, zone)}" if zone else words,
        },
    )


@transaction.atomic
def take_time_back(reviewer: Reviewer, *, by: Viewer) -> None:
    """The date that holds for everybody holds for this reviewer again.

    Raises:
        NotAllowed: `by` is no organiser, or nothing was given.
    """
    require(may_run_committee(by))
    take_back(by.edition, Milestone.Kind.REVIEW, reviewer.public_id)
    record("reviewer.extension_revoked", by=by, subject=reviewer)
