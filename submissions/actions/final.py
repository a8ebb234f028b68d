"""The camera-ready version: final texts and answers, conditions, and publishing what is complete."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from ml4rs.audit.actions import record
from ml4rs.editions.models import Question
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from submissions.actions.fresh import fresh, held
from submissions.actions.telling import tell_authors
from submissions.actions.writing import save_once
from submissions.models import CameraReady, Submission
from submissions.policy import may_accept_conditions, may_finalise
from submissions.queries.final import is_complete, snapshot
from submissions.questions import merged


@dataclass
class FinalTexts:
    """What an accepted paper is published with, as typed."""

    title: str
    abstract: str
    keywords: str = ""
    answers: dict = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    conditions_answer: str = ""


def keep_as_reviewed(submission: Submission) -> CameraReady:
    """The row beside an accepted paper; made before its first change, with what was reviewed."""
    ready, _ = CameraReady.objects.get_or_create(
        submission_id=submission.pk, defaults={"as_reviewed": snapshot(submission)}
    )
    return ready


@transaction.atomic
def finalise(submission: Submission, texts: FinalTexts, *, by: Viewer, revision: int, tab: str = "") -> Submission:
    """Save the final texts, the answers that go with them, and how the conditions were met.

    A new answer to the conditions waits for the organisers again.

    Raises:
        NotAllowed: `by` is no author, the paper is not accepted, or the camera-ready deadline has passed.
        EditConflict: somebody else saved other texts meanwhile. Nothing was written.
    """
    current = fresh(submission, by)
    require(may_finalise(by, current))
    ready = keep_as_reviewed(current)
    save_once(
        current,
        by=by,
        revision=revision,
        tab=tab,
        title=texts.title,
        abstract=texts.abstract,
        keywords=texts.keywords,
        answers=merged(texts.questions, current.answers, texts.answers),
    )
    if current.conditions and texts.conditions_answer != ready.conditions_answer:
        CameraReady.objects.filter(pk=ready.pk).update(
            conditions_answer=texts.conditions_answer, conditions_met_at=None, conditions_met_by=None
        )
    details = {"title": texts.title, "answers": sorted(texts.answers)}
    record("submission.finalised", by=by, subject=current, submission_id=current.pk, details=details)
    final = fresh(submission, by)
    publish_if_complete(final, at=by.now)
    return final


@transaction.atomic
def accept_conditions(submission: Submission, *, by: Viewer) -> None:
    """Say that the conditions of the acceptance are met; its authors are told.

    Raises:
        NotAllowed: `by` is no organiser without conflict, there are no conditions, or no answer to them yet.
    """
    current = held(submission, by)
    require(may_accept_conditions(by, current))
    waiting = CameraReady.objects.filter(submission=current.pk, conditions_met_at=None).exclude(conditions_answer="")
    if not waiting.update(conditions_met_at=by.now, conditions_met_by=by.user):
        raise NotAllowed("The authors have not said yet how they met the conditions, or they were accepted already.")
    record("submission.conditions_met", by=by, subject=current, submission_id=current.pk)
    tell_authors("submissions.conditions_met", current, revision=str(by.now.timestamp()), context={})
    publish_if_complete(current, at=by.now)


def publish_if_complete(submission: Submission, *, at: datetime) -> bool:
    """Open an accepted paper's files to everybody once all is there and the edition publishes; whether it did.

    Of two parts that arrive at the same moment, the second sees the first: neither leaves it to the other.
    """
    paper = Submission.objects.select_for_update(no_key=True).get(pk=submission.pk)  # the rest is read once it is ours
    is_waiting = (
        paper.edition.papers_public
        and (paper.state, paper.outcome, paper.published_at) == ("submitted", "accepted", None)
        and paper.released_at <= at
    )
    if not is_waiting or not is_complete(paper):
        return False
    paper.published_at = at
    paper.save(update_fields=["published_at"])
    return True
