"""Proposals of who reviews what: asked for, changed by hand, applied at once, put aside; their mails held or sent."""

import secrets
from collections import defaultdict
from dataclasses import replace

from django.db import transaction

from ml4rs.accounts.models import random_public_id
from ml4rs.audit.actions import record
from ml4rs.editions.models import Edition
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from ml4rs.jobs.actions import enqueue
from ml4rs.jobs.models import Job
from ml4rs.notifications import batches
from reviews.actions.assigning import draw_letter, letters_in_use, tell
from reviews.actions.forms import ensure_forms
from reviews.matching.lottery import commitment
from reviews.models import Assignment, AssignmentRun, Conflict, Reviewer
from reviews.policy import may_assign, may_run_committee
from reviews.proposing.aims import LOTTERY
from reviews.proposing.parameters import Parameters
from reviews.proposing.scores import Scores
from submissions.models import Submission

State = AssignmentRun.State
_OVER = "This proposal was applied or discarded already."


@transaction.atomic
def ask_for_proposal(edition: Edition, *, by: Viewer, asked: Parameters | None = None) -> Job:
    """Have an assignment worked out in the background, for the papers that `by` sees as organiser.

    The seed of a draw is fixed and its hash written down now, before anybody knows what it draws. A second click
    is the same search.

    Raises:
        NotAllowed: `by` is no organiser, or a search of theirs for something else still runs.
    """
    require(may_run_committee(by))
    asked = asked or Parameters()
    if asked.aim == LOTTERY:
        asked = replace(asked, seed=asked.seed or secrets.token_hex(16))
    subject = f"{edition.slug}:{by.user.public_id}"
    job = enqueue("reviews.assign", subject=subject, edition=edition, by=by, parameters=asked.stored())
    if job.parameters | {"seed": ""} != asked.stored() | {"seed": ""}:
        raise NotAllowed("Another search of yours still runs. Wait for it, then ask again.")
    if asked.aim == LOTTERY and job.parameters["seed"] == asked.seed:
        record("assignment_run.drawn", by=by, edition=edition, details={"seed_sha256": commitment(asked.seed)})
    return job


@transaction.atomic
def apply_run(run: AssignmentRun, *, by: Viewer, hold_mails: bool = False) -> tuple[int, int]:
    """Turn a proposal into assignments, and tell each reviewer once: (assigned, left out).

    Left out are pairs that became impossible since: a new conflict, a withdrawn paper, somebody who left. The
    mail names no paper and no number, for organisers in conflict with one of them may read it in the outbox. With
    `hold_mails` they wait there until they are released.

    Raises:
        NotAllowed: `by` is no organiser, or the proposal was applied or discarded already.
    """
    require(may_run_committee(by))
    batch = random_public_id()
    proposed = AssignmentRun.objects.filter(pk=run.pk, state=State.PROPOSED)
    if not proposed.update(state=State.APPLIED, applied_at=by.now, mails=batch if hold_mails else ""):
        raise NotAllowed(_OVER)
    run.refresh_from_db()  # somebody may have changed a pair a moment ago
    made = _seated(run, by)
    papers = defaultdict(set)
    for assignment in made:
        details = {"reviewer": assignment.reviewer.public_id, "run": run.public_id}
        record("assignment.made", by=by, subject=assignment, submission_id=assignment.submission_id, details=details)
        papers[assignment.reviewer].add(assignment.submission_id)
    for reviewer, own in papers.items():
        tell(reviewer, about=run.public_id, papers=own, batch=batch, held=hold_mails)
    record("assignment_run.applied", by=by, subject=run)
    return len(made), len(run.pairs) - len(made)


def _seated(run: AssignmentRun, by: Viewer) -> list[Assignment]:
    """The pairs of a run that can be assigned today, with a pseudonym each."""
    possible = _still_possible(run)
    for track in {submission.track for submission, _, _ in possible}:
        ensure_forms(track)
    letters = letters_in_use(submission.pk for submission, _, _ in possible)
    return Assignment.objects.bulk_create(
        Assignment(
            submission=submission,
            reviewer=reviewer,
            run=run,
            pseudonym=draw_letter(letters[submission.pk]),
            reason=reason[:300],
            created_at=by.now,
        )
        for submission, reviewer, reason in possible
    )


def write_to_reviewers(run: AssignmentRun, *, by: Viewer) -> int:
    """Send the mails of an applied proposal that were held: how many.

    Raises:
        NotAllowed: `by` is no organiser, or none is held that they may know of.
    """
    require(may_run_committee(by))
    number = batches.go_on(run.mails, by=by) if run.mails else 0
    if not number:
        raise NotAllowed("No mail of this proposal is held.")
    return number


@transaction.atomic
def discard_run(run: AssignmentRun, *, by: Viewer) -> None:
    """Put a proposal aside.

    Raises:
        NotAllowed: `by` is no organiser, or it was applied already.
    """
    require(may_run_committee(by))
    if not AssignmentRun.objects.filter(pk=run.pk, state=State.PROPOSED).update(state=State.DISCARDED):
        raise NotAllowed(_OVER)
    record("assignment_run.discarded", by=by, subject=run)


@transaction.atomic
def change_run(
    run: AssignmentRun, submission: Submission, *, goes: Reviewer | None, comes: Reviewer | None, by: Viewer
) -> None:
    """Take one reviewer off a paper in a proposal, put another on it, or both. A full load does not refuse.

    Raises:
        NotAllowed: a conflict, the proposal is over, who goes is not on the paper any more, or who comes is already.
    """
    require(may_run_committee(by))
    locked = AssignmentRun.objects.select_for_update().get(pk=run.pk)
    if locked.state != State.PROPOSED:
        raise NotAllowed(_OVER)
    if comes is not None:
        require(may_assign(submission, comes))
    elif not submission.is_chair:
        raise NotAllowed("Only an organiser without conflict may do this.")
    pairs = [tuple(pair[:2]) for pair in locked.pairs]
    if goes is not None and (submission.pk, goes.pk) not in pairs:
        raise NotAllowed("Somebody changed this paper's reviewers a moment ago. Look again.")
    if comes is not None and (submission.pk, comes.pk) in pairs:
        raise NotAllowed(f"{comes} is proposed for this paper already.")
    if goes is None and comes is None:
        raise NotAllowed("Choose who goes, who comes, or both.")
    if goes is not None:
        locked.pairs = [pair for pair in locked.pairs if tuple(pair[:2]) != (submission.pk, goes.pk)]
    if comes is not None:
        score = Scores.unpacked(locked.scores).of(submission.pk, comes.pk) or 0.0
        locked.pairs.append([submission.pk, comes.pk, round(score, 4), f"By hand, {by.user}", None, None])
    locked.save(update_fields=["pairs"])
    people = {"goes": goes.public_id if goes else "", "comes": comes.public_id if comes else ""}
    details = {"run": run.public_id, **people}
    record("assignment_run.changed", by=by, subject=locked, submission_id=submission.pk, details=details)


def _still_possible(run: AssignmentRun) -> list[tuple[Submission, Reviewer, str]]:
    """The pairs of a run that can be assigned today. Four queries."""
    papers = {pair[0] for pair in run.pairs}
    people = {pair[1] for pair in run.pairs}
    submissions = Submission.objects.select_related("track").in_bulk(papers)
    accepted = Reviewer.objects.filter(state=Reviewer.State.ACCEPTED, conflicts_declared_at__isnull=False)
    reviewers = accepted.select_related("edition", "user").in_bulk(people)
    conflicts = set(
        Conflict.objects.filter(submission__in=papers, dismissed_at__isnull=True).values_list(
            "user_id", "submission_id"
        )
    )
    taken = set(Assignment.objects.filter(submission__in=papers).values_list("submission_id", "reviewer_id"))
    found = []
    for paper, person, _, reason, *_ in run.pairs:
        submission, reviewer = submissions.get(paper), reviewers.get(person)
        if submission is None or reviewer is None or submission.state != Submission.State.SUBMITTED:
            continue
        if (paper, person) not in taken and (reviewer.user_id, paper) not in conflicts:
            found.append((submission, reviewer, reason))
    return found
