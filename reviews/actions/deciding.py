"""Decisions: staged, held, released all at once with their mails, and corrected on the record."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import F

from ml4rs.accounts.models import random_public_id
from ml4rs.audit.actions import record
from ml4rs.editions.models import Edition
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.actions import Recipient, queue_mail
from ml4rs.notifications.links import absolute
from reviews.models import Decision
from reviews.policy import may_correct, may_decide, may_run_committee
from submissions.actions import release_outcome
from submissions.models import Authorship, Submission

State = Decision.State
Outcome = Submission.Outcome


@transaction.atomic
def decide(submissions: Iterable[Submission], *, outcome: str, presentation: str = "", by: Viewer) -> int:
    """Set or change the staged decision of these papers; how many changed. Nobody but organisers learns of it.

    Raises:
        NotAllowed: a conflict, a paper not under review, a released decision, or a form the track does not offer.
    """
    return sum(_stage(submission, outcome, presentation, by) for submission in submissions)


def _stage(submission: Submission, outcome: str, presentation: str, by: Viewer) -> bool:
    require(may_decide(submission))
    form = _presentation(submission, outcome, presentation)
    staged = Decision.objects.filter(submission=submission.pk).exclude(state=State.RELEASED)
    before = staged.values_list("outcome", "presentation").first()
    if before == (outcome, form):
        return False
    fields = {"outcome": outcome, "presentation": form, "decided_by": by.user, "decided_at": by.now}
    if outcome != Outcome.ACCEPTED:
        fields["conditions"] = ""
    if not staged.update(**fields, revision=F("revision") + 1):
        _create(submission, fields)
    details = {"outcome": outcome, "presentation": form, "before": list(before or [])}
    record("decision.staged", by=by, subject=submission, submission_id=submission.pk, details=details)
    return True


def _create(submission: Submission, fields: dict) -> None:
    try:
        with transaction.atomic():
            Decision.objects.create(submission_id=submission.pk, **fields)
    except IntegrityError as error:  # decided, or released, by somebody else a moment ago
        raise NotAllowed(f"Somebody decided on paper {submission.number} a moment ago. Look again.") from error


def _presentation(submission: Submission, outcome: str, presentation: str) -> str:
    """Accepted papers have a form of presentation, one that the track offers; others have none."""
    if outcome not in Outcome.values:
        raise NotAllowed("Choose whether the paper is accepted.")
    if outcome != Outcome.ACCEPTED:
        return ""
    offered = submission.track.presentations
    if presentation and offered and presentation not in offered:
        label = dict(Submission.Presentation.choices).get(presentation, presentation)
        raise NotAllowed(f"{submission.track} does not offer “{label}” (paper {submission.number}).")
    return presentation or (offered[0] if len(offered) == 1 else "")


@transaction.atomic
def comment_on(submission: Submission, comment: str, *, by: Viewer, conditions: str = "") -> None:
    """Write the comment that goes to the authors with a staged decision, and what an acceptance depends on.

    Raises:
        NotAllowed: a conflict, or there is no staged decision.
    """
    require(may_decide(submission))
    staged = Decision.objects.filter(submission=submission.pk).exclude(state=State.RELEASED)
    if conditions and not staged.filter(outcome=Outcome.ACCEPTED).exists():
        raise NotAllowed("Only an accepted paper has conditions.")
    if not staged.update(comment=comment, conditions=conditions):
        raise NotAllowed("Decide first, then comment.")
    record("decision.commented", by=by, subject=submission, submission_id=submission.pk)


@transaction.atomic
def hold(submissions: Iterable[Submission], *, by: Viewer, held: bool = True) -> int:
    """Keep staged decisions back from the next release, or let them go with it; how many changed.

    Raises:
        NotAllowed: a conflict, or a paper not under review.
    """
    now, then = (State.DRAFT, State.HELD) if held else (State.HELD, State.DRAFT)
    changed = 0
    for submission in submissions:
        require(may_decide(submission))
        if Decision.objects.filter(submission=submission.pk, state=now).update(state=then):
            verb = "decision.held" if held else "decision.unheld"
            record(verb, by=by, subject=submission, submission_id=submission.pk)
            changed += 1
    return changed


@transaction.atomic
def clear(submissions: Iterable[Submission], *, by: Viewer) -> int:
    """Take staged decisions back: the papers are undecided again.

    Raises:
        NotAllowed: a conflict, or a paper not under review.
    """
    changed = 0
    for submission in submissions:
        require(may_decide(submission))
        deleted, _ = Decision.objects.filter(submission=submission.pk).exclude(state=State.RELEASED).delete()
        if deleted:
            record("decision.cleared", by=by, subject=submission, submission_id=submission.pk)
            changed += 1
    return changed


@transaction.atomic
def release_decisions(edition: Edition, *, by: Viewer, track: str = "", batch: str = "") -> list[str]:
    """Release every staged decision that is not held, with one mail to each author: public ids of the papers.

    The mails form one batch of the outbox, named `batch` if that is given.

    It is one act for the whole edition (or a track), also for papers with which `by` is in conflict: others
    decided on those, and all authors hear at the same time. Of two clicks one releases, the other finds nothing.

    Raises:
        NotAllowed: `by` is no organiser.
    """
    require(may_run_committee(by))
    staged = Decision.objects.filter(
        submission__edition=edition, submission__state=Submission.State.SUBMITTED, state=State.DRAFT
    )
    if track:
        staged = staged.filter(submission__track__slug=track)
    batch = batch or random_public_id()
    released = []
    for decision in staged.select_related("submission__track", "submission__edition").order_by("pk"):
        waiting = Decision.objects.filter(pk=decision.pk, state=State.DRAFT, revision=decision.revision)
        if waiting.update(state=State.RELEASED, released_at=by.now):
            _publish(decision, by)
            released.append(decision)
    _tell_authors("reviews.decision", released, batch=batch)
    if released:
        record("decisions.released", by=by, subject=edition, details={"track": track, "batch": batch})
    return [decision.submission.public_id for decision in released]


def _publish(decision: Decision, by: Viewer) -> None:
    submission = decision.submission
    copied = release_outcome(
        submission,
        outcome=decision.outcome,
        presentation=decision.presentation,
        conditions=decision.conditions,
        at=by.now,
    )
    if not copied:
        raise NotAllowed("A paper was withdrawn a moment ago. Nothing was released; try again.")
    details = {"outcome": decision.outcome, "presentation": decision.presentation}
    record("decision.released", by=by, subject=submission, submission_id=submission.pk, details=details)


@transaction.atomic
def correct_decision(
    submission: Submission,
    *,
    outcome: str,
    presentation: str = "",
    comment: str,
    conditions: str = "",
    reason: str,
    by: Viewer,
) -> Decision:
    """Change a decision that its authors know already: recorded with its reason, and told by a mail of its own.

    Raises:
        NotAllowed: a conflict, nothing released, no reason, nothing changed, or somebody corrected it meanwhile.
    """
    decision = Decision.objects.filter(submission=submission.pk).first()
    require(may_correct(submission, decision))
    if not reason.strip():
        raise NotAllowed("Say why the decision is corrected; the authors read it.")
    form = _presentation(submission, outcome, presentation)
    before = {name: getattr(decision, name) for name in ("outcome", "presentation", "conditions")}
    after = {
        "outcome": outcome,
        "presentation": form,
        "conditions": conditions if outcome == Outcome.ACCEPTED else "",
    }
    if before == after and comment == decision.comment:
        raise NotAllowed("Nothing is different from the released decision.")
    current = Decision.objects.filter(pk=decision.pk, state=State.RELEASED, revision=decision.revision)
    fields = {**after, "comment": comment, "decided_by": by.user, "decided_at": by.now, "released_at": by.now}
    if not current.update(**fields, revision=F("revision") + 1):
        raise NotAllowed("Somebody corrected this decision a moment ago. Look again.")
    decision = Decision.objects.select_related("submission__track", "submission__edition").get(pk=decision.pk)
    if not release_outcome(submission, **after, at=by.now):
        raise NotAllowed("This paper was withdrawn a moment ago.")
    details = {"before": before, "after": after, "reason": reason}
    record("decision.corrected", by=by, subject=submission, submission_id=submission.pk, details=details)
    _tell_authors("reviews.decision_corrected", [decision], reason=reason)
    return decision


def _tell_authors(event: str, decisions: list[Decision], *, batch: str = "", **extra) -> None:
    """One mail to each author of each paper. One query for all authors, then the outbox's own."""
    papers = {decision.submission_id: decision for decision in decisions}
    for author in Authorship.objects.filter(submission__in=papers).select_related("user"):
        decision = papers[author.submission_id]
        queue_mail(
            event,
            edition=decision.submission.edition,
            to=Recipient(author.email, author.name, author.user),
            about=decision.submission.public_id,
            context=mail_context(decision) | {"name": author.name} | extra,
            revision=decision.revision,
            submission_id=decision.submission_id,
            batch=batch,
        )


def mail_context(decision: Decision) -> dict:
    """What the words of a decision's mail may use; the preview shows the same."""
    submission = decision.submission
    return {
        "title": submission.title,
        "track": submission.track.name,
        "accepted": decision.outcome == Outcome.ACCEPTED,
        "presentation": decision.get_presentation_display() if decision.presentation else "",
        "comment": decision.comment,
        "conditions": decision.conditions,
        "link": absolute("submissions:detail", submission.edition.slug, submission.public_id),
    }
