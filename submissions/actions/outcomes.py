"""What becomes of a submission: released outcomes, answers to bonus items, and publishing the papers."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from ml4rs.audit.actions import record
from ml4rs.editions.models import Edition, Track
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from submissions.actions.fresh import fresh, hold
from submissions.actions.telling import tell_authors
from submissions.models import CameraReady, Submission
from submissions.policy import may_approve, may_publish_papers
from submissions.queries.final import is_complete, with_parts

_PRESENTATION_OF = {Track.Kind.SLIDE: Submission.Presentation.SLIDE, Track.Kind.DEMO: Submission.Presentation.DEMO}


def release_outcome(
    submission: Submission, *, outcome: str, presentation: str = "", conditions: str = "", at: datetime
) -> bool:
    """Copy a released decision onto the submission; False if it is no longer submitted (withdrawn, say).

    Called inside the releasing app's transaction, which checks who may, leaves the audit entry and queues the
    mail. A decision released anew takes the old one's place; what is no longer accepted, or has new conditions to
    meet, is no longer published.
    """
    accepted = outcome == Submission.Outcome.ACCEPTED
    fields: dict = {
        "outcome": outcome,
        "presentation": presentation if accepted else "",
        "conditions": conditions if accepted else "",
        "released_at": at,
    }
    waiting = Submission.objects.filter(pk=submission.pk, state=Submission.State.SUBMITTED)
    has_new_conditions = bool(fields["conditions"]) and _conditions_of(waiting) not in (None, fields["conditions"])
    if has_new_conditions:
        CameraReady.objects.filter(submission=submission.pk).update(conditions_met_at=None, conditions_met_by=None)
    if not accepted or has_new_conditions:
        fields["published_at"] = None
    return waiting.update(**fields) == 1


def _conditions_of(waiting: QuerySet[Submission]) -> str | None:
    """Those that hold, while nobody accepts an answer to them; None if the paper is gone."""
    return waiting.select_for_update(no_key=True).values_list("conditions", flat=True).first()


@transaction.atomic
def answer_bonus(submission: Submission, *, by: Viewer, accept: bool, comment: str = "") -> Submission:
    """Accept or decline a slide or demo: there is no review, the answer goes out at once.

    Raises:
        NotAllowed: `by` is no organiser or is among its authors, it is a paper, or it was answered already.
    """
    current = fresh(submission, by)
    require(may_approve(by, current))
    outcome = Submission.Outcome.ACCEPTED if accept else Submission.Outcome.REJECTED
    presentation = _PRESENTATION_OF.get(current.track.kind, "") if accept else ""
    waiting = Submission.objects.filter(pk=current.pk, state=Submission.State.SUBMITTED, outcome="")
    published_at = by.now if accept and by.edition.papers_public else None
    answered = waiting.update(outcome=outcome, presentation=presentation, released_at=by.now, published_at=published_at)
    if not answered:
        raise NotAllowed("This item was answered a moment ago.")
    details = {"outcome": str(outcome), "comment": comment}
    record("submission.bonus_answered", by=by, subject=current, submission_id=current.pk, details=details)
    tell_authors("submissions.bonus_answered", current, revision=1, context={"accepted": accept, "comment": comment})
    return current


@transaction.atomic
def publish_papers(edition: Edition, *, by: Viewer) -> int:
    """Open the files of accepted papers to everybody: camera-ready papers, posters, slides; never manuscripts.

    Papers that still lack something are published as soon as they are complete. Returns how many are public now.

    Raises:
        NotAllowed: `by` is no organiser.
    """
    require(may_publish_papers(by))
    accepted = Submission.objects.filter(edition=edition, state=Submission.State.SUBMITTED, outcome="accepted")
    hold(accepted)  # a paper that is completed at this moment is ready here, or finds the papers public
    Edition.objects.filter(pk=edition.pk).update(papers_public=True)
    edition.papers_public = True
    waiting = accepted.filter(published_at__isnull=True, released_at__lte=by.now).select_related("track", "edition")
    ready = [paper.pk for paper in with_parts(waiting) if is_complete(paper)]
    waiting.filter(pk__in=ready).update(published_at=by.now)
    count = accepted.filter(published_at__isnull=False).count()
    record("edition.papers_published", by=by, subject=edition, edition=edition, details={"papers": count})
    return count


@transaction.atomic
def unpublish_papers(edition: Edition, *, by: Viewer) -> None:
    """Close the files again; the list of accepted papers stays.

    Raises:
        NotAllowed: `by` is no organiser.
    """
    require(may_publish_papers(by))
    Edition.objects.filter(pk=edition.pk).update(papers_public=False)
    edition.papers_public = False
    Submission.objects.filter(edition=edition).update(published_at=None)
    record("edition.papers_unpublished", by=by, subject=edition, edition=edition)
