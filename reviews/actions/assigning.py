"""Who reviews what: applied from a proposal, set and taken back by hand, declined by the reviewer."""

import secrets
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from ml4rs.audit.actions import record
from ml4rs.editions.models import Edition
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.times import announced
from ml4rs.editions.viewer import Viewer
from ml4rs.jobs.actions import enqueue
from ml4rs.jobs.models import Job
from ml4rs.notifications.actions import Recipient, queue_mail
from reviews.actions.forms import ensure_forms
from reviews.models import Assignment, AssignmentRun, Conflict, Reviewer
from reviews.policy import may_assign, may_decline, may_run_committee, may_unassign
from reviews.texts import desk_in_words
from submissions.models import Submission

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and O, which are read as digits
State = Assignment.State


def ask_for_proposal(edition: Edition, *, by: Viewer, track: str = "", aim: str = "total") -> Job:
    """Have an assignment worked out in the background, for the papers that `by` sees as organiser; the aim is the best

    total, or "fair": the worst paper as well off as can be, then the best total.

    Raises:
        NotAllowed: `by` is no organiser.
    """
    require(may_run_committee(by))
    parameters = ({"track": track} if track else {}) | ({"aim": aim} if aim == "fair" else {})
    subject = f"{edition.slug}:{by.user.public_id}"
    return enqueue("reviews.assign", subject=subject, edition=edition, by=by, parameters=parameters)


@transaction.atomic
def apply_run(run: AssignmentRun, *, by: Viewer) -> tuple[int, int]:
    """Turn a proposal into assignments, and tell each reviewer once: (assigned, left out).

    Left out are pairs that became impossible since: a new conflict, a withdrawn paper, somebody who left. The
    mail names no paper and no number, for organisers in conflict with one of them may read it in the outbox.

    Raises:
        NotAllowed: `by` is no organiser, or the proposal was applied or discarded already.
    """
    require(may_run_committee(by))
    proposed = AssignmentRun.objects.filter(pk=run.pk, state=AssignmentRun.State.PROPOSED)
    if not proposed.update(state=AssignmentRun.State.APPLIED, applied_at=by.now):
        raise NotAllowed("This proposal was applied or discarded already.")
    possible = _still_possible(run)
    for track in {submission.track for submission, _, _ in possible}:
        ensure_forms(track)
    letters = _letters_in_use(submission.pk for submission, _, _ in possible)
    made = Assignment.objects.bulk_create(
        Assignment(
            submission=submission,
            reviewer=reviewer,
            run=run,
            pseudonym=_draw(letters[submission.pk]),
            reason=reason[:300],
            created_at=by.now,
        )
        for submission, reviewer, reason in possible
    )
    for assignment in made:
        details = {"reviewer": assignment.reviewer.public_id, "run": run.public_id}
        record("assignment.made", by=by, subject=assignment, submission_id=assignment.submission_id, details=details)
    papers = defaultdict(set)
    for assignment in made:
        papers[assignment.reviewer].add(assignment.submission_id)
    for reviewer, own in papers.items():
        _tell(reviewer, about=run.public_id, papers=own)
    record("assignment_run.applied", by=by, subject=run)
    return len(made), len(run.pairs) - len(made)


@transaction.atomic
def discard_run(run: AssignmentRun, *, by: Viewer) -> None:
    """Put a proposal aside.

    Raises:
        NotAllowed: `by` is no organiser, or it was applied already.
    """
    require(may_run_committee(by))
    proposed = AssignmentRun.objects.filter(pk=run.pk, state=AssignmentRun.State.PROPOSED)
    if not proposed.update(state=AssignmentRun.State.DISCARDED):
        raise NotAllowed("This proposal was applied or discarded already.")
    record("assignment_run.discarded", by=by, subject=run)


@transaction.atomic
def assign(submission: Submission, reviewer: Reviewer, *, by: Viewer, due_at: datetime | None = None) -> Assignment:
    """Give a paper to a reviewer by hand, with a date of its own where it is urgent. A full load does not refuse.

    Raises:
        NotAllowed: a conflict, the paper or the person is not ready for it, or the date is past.
    """
    require(may_assign(submission, reviewer))
    if due_at is not None and due_at <= by.now:
        raise NotAllowed("Choose a date that lies ahead.")
    return seat(submission, reviewer, reason=f"By hand, {by.user}", by=by, due_at=due_at)


def seat(
    submission: Submission, reviewer: Reviewer, *, reason: str, by: Viewer, due_at: datetime | None = None
) -> Assignment:
    """Put a reviewer on a paper and tell them; whether they may has been asked before.

    Raises:
        NotAllowed: a conflict was found, or somebody did the same, a moment ago.
    """
    ensure_forms(submission.track)
    assignment = Assignment(
        submission_id=submission.pk,
        reviewer=reviewer,
        pseudonym=_draw(_letters_in_use([submission.pk])[submission.pk]),
        reason=reason[:300],
        due_at=due_at,
        created_at=by.now,
    )
    try:
        with transaction.atomic():
            assignment.save(force_insert=True)
    except IntegrityError as error:  # a second click, or a conflict found a moment ago
        raise NotAllowed("Somebody changed this paper's reviewers or conflicts a moment ago. Look again.") from error
    details = {"reviewer": reviewer.public_id}
    record("assignment.made", by=by, subject=assignment, submission_id=submission.pk, details=details)
    _tell(reviewer, about=assignment.public_id, papers={submission.pk}, due_at=due_at)
    return assignment


@transaction.atomic
def unassign(assignment: Assignment, *, by: Viewer) -> None:
    """Take a paper back from a reviewer. A draft stays stored and is not shown any more.

    Raises:
        NotAllowed: a conflict, the review is submitted, or it was taken back already.
    """
    require(may_unassign(assignment))
    _leave(assignment, State.REMOVED)
    details = {"reviewer": assignment.reviewer.public_id}
    record("assignment.removed", by=by, subject=assignment, submission_id=assignment.submission_id, details=details)


@transaction.atomic
def decline_assignment(assignment: Assignment, *, reason: str, by: Viewer) -> None:
    """A reviewer gives a paper back, and says why.

    Raises:
        NotAllowed: somebody else's, the review is submitted, or decisions are released.
    """
    require(may_decline(by, assignment))
    _leave(assignment, State.DECLINED, decline_reason=reason)
    record("assignment.declined", by=by, subject=assignment, submission_id=assignment.submission_id)


def _leave(assignment: Assignment, state: str, **fields) -> None:
    active = Assignment.objects.active().filter(pk=assignment.pk).exclude(review__state="submitted")
    if not active.update(state=state, **fields):
        raise NotAllowed("This assignment changed a moment ago. Look again.")


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
    for paper, person, _, reason in run.pairs:
        submission, reviewer = submissions.get(paper), reviewers.get(person)
        if submission is None or reviewer is None or submission.state != Submission.State.SUBMITTED:
            continue
        if (paper, person) not in taken and (reviewer.user_id, paper) not in conflicts:
            found.append((submission, reviewer, reason))
    return found


def _letters_in_use(submissions: Iterable[int]) -> dict[int, set[str]]:
    used: dict[int, set[str]] = defaultdict(set)
    rows = Assignment.objects.filter(submission__in=list(submissions)).values_list("submission_id", "pseudonym")
    for submission, letter in rows:
        used[submission].add(letter)
    return used


def _draw(used: set[str]) -> str:
    """A letter that this paper has not had yet, at random, so that it tells no order; two letters when all are used."""
    free = [letter for letter in _LETTERS if letter not in used]
    free = free or [a + b for a in _LETTERS for b in _LETTERS if a + b not in used]
    letter = secrets.choice(free)
    used.add(letter)
    return letter


def _tell(reviewer: Reviewer, *, about: str, papers: set[int], due_at: datetime | None = None) -> None:
    own_date = {"due": announced(due_at, aoe=True)} if due_at else {}
    queue_mail(
        "reviews.assigned",
        edition=reviewer.edition,
        to=Recipient(reviewer.user.email, str(reviewer.user), reviewer.user),
        about=f"{about}:{reviewer.public_id}",
        context={"name": reviewer.name, **desk_in_words(reviewer.edition), **own_date},
        papers=papers,
    )
