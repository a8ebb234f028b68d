"""Asking for reviews that are not in."""

from collections import defaultdict

from django.db import transaction

from ml4rs.audit.actions import record
from ml4rs.editions.policy import require
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.actions import Recipient, batch_of, queue_mail
from reviews.models import Assignment, Review, Reviewer
from reviews.policy import may_run_committee
from reviews.texts import desk_in_words


@transaction.atomic
def chase(*, by: Viewer, reviewers: list[str] | None = None) -> int:
    """Write to reviewers with unfinished reviews, at most once a day to each; how many.

    The mail names no paper and no number: whoever reads the outbox may be in conflict with one of them.

    Raises:
        NotAllowed: `by` is no organiser.
    """
    require(may_run_committee(by))
    open_ones = Assignment.objects.seen_by(by).active().filter(is_chairs=True)
    papers = defaultdict(set)
    unfinished = open_ones.exclude(review__state=Review.State.SUBMITTED)
    for reviewer_id, paper in unfinished.values_list("reviewer", "submission"):
        papers[reviewer_id].add(paper)
    people = Reviewer.objects.filter(pk__in=papers).select_related("user")
    if reviewers:
        people = people.filter(public_id__in=reviewers)
    batch = batch_of(people)
    for reviewer in people:
        queue_mail(
            "reviews.chased",
            edition=by.edition,
            to=Recipient(reviewer.user.email, str(reviewer.user), reviewer.user),
            about=reviewer.public_id,
            context={"name": reviewer.name, **desk_in_words(by.edition)},
            revision=f"{by.now:%Y%m%d}",
            papers=papers[reviewer.pk],
            batch=batch,
        )
        for paper in papers[reviewer.pk]:
            record("reviewer.chased", by=by, subject=reviewer, submission_id=paper)
    return len(people)
