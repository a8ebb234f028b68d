"""The date of reviews as it holds for one reviewer."""

from copy import copy
from datetime import datetime, timedelta

from ml4rs.editions.models import Edition, Extension, Milestone, Track
from ml4rs.editions.queries import extension, milestone, milestones

URGENT = "Review due, urgently"


def review_date(
    edition: Edition, track: Track | int | None, reviewer_pid: str, urgent: datetime | None = None
) -> Milestone | None:
    """The track's date of reviews, or this reviewer's own if they were given more time, or that of an urgent

    assignment, which goes before both. Not to be stored.

    No query beyond the edition's dates, one where anybody was given more time.
    """
    if urgent is not None:
        return Milestone(edition=edition, kind=Milestone.Kind.REVIEW, label=URGENT, instant=urgent, aoe=True)
    due, own = milestone(edition, Milestone.Kind.REVIEW, track), more_time(edition, reviewer_pid)
    if due is None or own is None or (due.instant is not None and own.until <= due.instant):
        return due
    found = copy(due)
    found.instant, found.aoe, found.whole_day, found.grace = own.until, True, False, timedelta()
    found.label, found.previous_instant = f"{due.title}, for you", due.instant
    return found


def more_time(edition: Edition, reviewer_pid: str) -> Extension | None:
    """The later date that this reviewer was given, if any."""
    return extension(edition, Milestone.Kind.REVIEW, reviewer_pid)


def last_review_date(edition: Edition) -> Milestone | None:
    """The date after which no review is due any more: an extension of it is one of all."""
    dated = [each for each in milestones(edition) if each.kind == Milestone.Kind.REVIEW]
    known = [each for each in dated if each.instant is not None]
    return max(known, key=lambda each: each.instant, default=next(iter(dated), None))
