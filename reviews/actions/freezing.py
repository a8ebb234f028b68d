"""The switch for bad days: stop everything but the public pages, keep what there is, put reviews back as they were."""

import json
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.db.models import F

from ml4rs.audit.actions import record
from ml4rs.editions.models import Edition
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.actions import hold_all
from reviews.actions.reviewing import write_answers
from reviews.models import Answer, Decision, Review, ReviewVersion, Snapshot
from reviews.policy import may_roll_back, may_run_committee


@transaction.atomic
def freeze(edition: Edition, *, reason: str, by: Viewer) -> Snapshot:
    """Close all pages but the public ones, hold every mail that waits, and keep a snapshot.

    Reminders pause as well. Everybody who comes reads the reason.

    Raises:
        NotAllowed: `by` is no organiser, no reason is given, or it is frozen already.
    """
    require(may_run_committee(by))
    words = " ".join(reason.split())[:300]
    if not words:
        raise NotAllowed("Say why; everybody who comes reads it.")
    if not Edition.objects.filter(pk=edition.pk, frozen_at=None).update(frozen_at=by.now, frozen_because=words):
        raise NotAllowed("It is frozen already.")
    hold_all(edition, by=by)
    snapshot = _snapshot(edition, by)
    record("edition.frozen", by=by, subject=edition, details={"reason": words, "snapshot": snapshot.digest})
    return snapshot


@transaction.atomic
def thaw(edition: Edition, *, by: Viewer) -> None:
    """Open it again. Mails that were held stay so until they are released.

    Raises:
        NotAllowed: `by` is no organiser, or it is not frozen.
    """
    require(may_run_committee(by))
    if not Edition.objects.filter(pk=edition.pk, frozen_at__isnull=False).update(frozen_at=None, frozen_because=""):
        raise NotAllowed("It is not frozen.")
    record("edition.thawed", by=by, subject=edition)


@transaction.atomic
def roll_back(edition: Edition, *, to: datetime, by: Viewer) -> int:
    """Put every review back as it stood at that instant: how many changed.

    One that was first submitted later becomes a draft of its writer again, with its words. It is one act for the
    whole edition, also for papers with which `by` is in conflict; each review's history keeps what it said since.

    Raises:
        NotAllowed: `by` is no organiser, the edition is not frozen, or the instant is not past.
    """
    require(may_roll_back(by, to))
    later = Review.objects.filter(
        assignment__submission__edition=edition, assignment__submission__released_at=None, versions__saved_at__gt=to
    )
    reviews = list(later.distinct().select_related("assignment", "form"))
    for review in reviews:
        _put_back(review, to, by)
    record("reviews.rolled_back", by=by, subject=edition, details={"to": to.isoformat()})
    return len(reviews)


def _put_back(review: Review, to: datetime, by: Viewer) -> None:
    then = ReviewVersion.objects.filter(review=review, saved_at__lte=to).order_by("-revision").first()
    rows = Review.objects.filter(pk=review.pk)
    if then is None:
        rows.update(state=Review.State.DRAFT, submitted_at=None, pending=None, revision=F("revision") + 1)
    else:
        write_answers(review, then.answers)
        rows.update(pending=None, revision=F("revision") + 1, updated_at=by.now)
        review.refresh_from_db()
        ReviewVersion.objects.create(review=review, revision=review.revision, answers=then.answers, saved_at=by.now)
    record("review.rolled_back", by=by, subject=review, submission_id=review.assignment.submission_id)


def _snapshot(edition: Edition, by: Viewer) -> Snapshot:
    content = {"reviews": _reviews(edition), "decisions": _decisions(edition)}
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return Snapshot.objects.create(
        edition=edition, taken_by=by.user, taken_at=by.now, content=content, digest=sha256(text.encode()).hexdigest()
    )


def _reviews(edition: Edition) -> list[dict]:
    """Two queries."""
    rows = Review.objects.filter(assignment__submission__edition=edition).order_by("public_id")
    found = {
        pk: {"review": pid, "state": state, "revision": revision, "answers": {}}
        for pk, pid, state, revision in rows.values_list("pk", "public_id", "state", "revision")
    }
    answers = Answer.objects.filter(review__in=found).order_by("pk")
    for review, key, number, text in answers.values_list("review", "field__key", "number", "text"):
        found[review]["answers"][key] = text if number is None else number
    return list(found.values())


def _decisions(edition: Edition) -> list[dict]:
    rows = Decision.objects.filter(submission__edition=edition).order_by("submission__public_id")
    columns = ("submission__public_id", "outcome", "presentation", "state", "comment", "conditions")
    names = ("paper", *columns[1:])
    return [dict(zip(names, row, strict=True)) for row in rows.values_list(*columns)]
