"""Who reviews what: set and taken back by hand, declined by the reviewer."""

import secrets
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from ml4rs.audit.actions import record
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.times import announced
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.actions import Recipient, queue_mail
from reviews.actions.forms import ensure_forms
from reviews.models import Assignment, Reviewer
from reviews.policy import may_assign, may_decline, may_unassign
from reviews.texts import desk_in_words
from submissions.models import Submission

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # no I and O, which are read as digits
State = Assignment.State


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
        pseudonym=draw_letter(letters_in_use([submission.pk])[submission.pk]),
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
    tell(reviewer, about=assignment.public_id, papers={submission.pk}, due_at=due_at)
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


def letters_in_use(submissions: Iterable[int]) -> dict[int, set[str]]:
    """Pseudonyms that these papers have or had. One query."""
    used: dict[int, set[str]] = defaultdict(set)
    rows = Assignment.objects.filter(submission__in=list(submissions)).values_list("submission_id", "pseudonym")
    for submission, letter in rows:
        used[submission].add(letter)
    return used


def draw_letter(used: set[str]) -> str:
    """A letter that this paper has not had yet, at random, so that it tells no order; two letters when all are used."""
    free = [letter for letter in _LETTERS if letter not in used]
    free = free or [a + b for a in _LETTERS for b in _LETTERS if a + b not in used]
    letter = secrets.choice(free)
    used.add(letter)
    return letter


def tell(
    reviewer: Reviewer,
    *,
    about: str,
    papers: set[int],
    due_at: datetime | None = None,
    batch: str = "",
    held: bool = False,
) -> None:
    """One mail to a reviewer about new papers, which it does not name."""
    own_date = {"due": announced(due_at, aoe=True)} if due_at else {}
    queue_mail(
        "reviews.assigned",
        edition=reviewer.edition,
        to=Recipient(reviewer.user.email, str(reviewer.user), reviewer.user),
        about=f"{about}:{reviewer.public_id}",
        context={"name": reviewer.name, **desk_in_words(reviewer.edition), **own_date},
        papers=papers,
        batch=batch,
        held=held,
    )
