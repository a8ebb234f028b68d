"""The discussion of a paper: opened by organisers, led under pseudonyms, told of by mails that reveal nothing."""

import re
from collections.abc import Iterable

from django.db import IntegrityError, transaction

from ml4rs.audit.actions import record
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.actions import Recipient, queue_mail
from ml4rs.notifications.links import absolute
from reviews.models import Assignment, Conflict, Discussion, Post, Review, Reviewer
from reviews.policy import may_open_discussion, may_post
from submissions.models import Submission

LONGEST_POST = 10_000
_MENTION = re.compile(r"@(?:reviewer )?([A-Z]{1,2})\b", re.IGNORECASE)


@transaction.atomic
def open_discussions(submissions: Iterable[Submission], *, by: Viewer) -> int:
    """Let the committee talk about these papers (again); how many were opened. Reviewers whose review is in are told.

    Raises:
        NotAllowed: a conflict, no discussion in the track, or a released decision.
    """
    return sum(_open(submission, by) for submission in submissions)


def _open(submission: Submission, by: Viewer) -> bool:
    require(may_open_discussion(submission))
    fields = {"opened_by": by.user, "opened_at": by.now}
    found, is_new = Discussion.objects.get_or_create(submission_id=submission.pk, defaults=fields)
    closed = Discussion.objects.filter(pk=found.pk, closed_at__isnull=False)
    if not is_new and not closed.update(**fields, closed_at=None):
        return False
    record("discussion.opened", by=by, subject=submission, submission_id=submission.pk)
    for assignment in talkers(submission):
        _tell("discussion_opened", assignment, by, revision=f"{by.now.timestamp():.0f}")
    return True


@transaction.atomic
def close_discussions(submissions: Iterable[Submission], *, by: Viewer) -> int:
    """End the talk about these papers; what was said can still be read. How many were closed.

    Raises:
        NotAllowed: a conflict, or a released decision.
    """
    closed = 0
    for submission in submissions:
        require(may_open_discussion(submission))
        rows = Discussion.objects.filter(submission=submission.pk, closed_at__isnull=True)
        if rows.update(closed_at=by.now):
            record("discussion.closed", by=by, subject=submission, submission_id=submission.pk)
            closed += 1
    return closed


@transaction.atomic
def post(submission: Submission, text: str, *, by: Viewer, parent: Post | None = None, nonce: str = "") -> Post:
    """Say something: as the letter that one has on this paper, or as an organiser.

    `nonce` names the form that it comes from, so that a second click says it once. The other reviewers whose review
    is in get one mail a day for all that was said; who is mentioned gets one at once.

    Raises:
        NotAllowed: not one's discussion, not open, nothing written, or far too much.
    """
    require(may_post(by, submission, Discussion.objects.filter(submission=submission.pk).first()))
    words = text.strip()
    if not words:
        raise NotAllowed("Write something first.")
    if len(words) > LONGEST_POST:
        raise NotAllowed(f"This has {len(words):,} characters; at most {LONGEST_POST:,} are taken.")
    if parent is not None and parent.submission_id != submission.pk:
        raise NotAllowed("What you answer is gone.")
    made = _create(submission, words, by, parent, nonce)
    if made is None:
        return Post.objects.get(submission=submission.pk, writer=by.user, nonce=nonce)
    record("discussion.posted", by=by, subject=made, submission_id=submission.pk)
    _tell_of(made, by)
    return made


def _create(submission: Submission, words: str, by: Viewer, parent: Post | None, nonce: str) -> Post | None:
    try:
        with transaction.atomic():
            return Post.objects.create(
                submission_id=submission.pk,
                writer=by.user,
                assignment=_own_seat(submission, by),
                parent=parent.parent or parent if parent else None,
                text=words,
                nonce=nonce,
                created_at=by.now,
            )
    except IntegrityError:
        return None


def _own_seat(submission: Submission, by: Viewer) -> Assignment | None:
    """The letter under which one speaks, also for an organiser who reviews the paper."""
    return Assignment.objects.active().filter(submission=submission.pk, reviewer__user=by.user).first()


@transaction.atomic
def withdraw_post(written: Post, submission: Submission, *, by: Viewer) -> None:
    """Take back one's own words; that something stood there stays visible.

    Raises:
        NotAllowed: somebody else's, or the discussion is over.
    """
    require(may_post(by, submission, Discussion.objects.filter(submission=submission.pk).first()))
    own = Post.objects.filter(pk=written.pk, writer=by.user, kind=Post.Kind.COMMENT, withdrawn_at__isnull=True)
    if not own.update(withdrawn_at=by.now):
        raise NotAllowed("Only your own comments can be taken back.")
    record("discussion.withdrawn", by=by, subject=written, submission_id=submission.pk)


def note_changed_scores(review: Review, before: dict[str, int | None], *, by: Viewer) -> None:
    """Once a paper is discussed, a changed score stands in the discussion, with the old one beside it."""
    submission = review.assignment.submission
    if not Discussion.objects.filter(submission=submission.pk).exists():
        return
    lines = [
        f"{label}: {before[label] if before.get(label) is not None else 'none'} → {number}"
        for label, number in scores_of(review).items()
        if number is not None and before.get(label) != number
    ]
    if lines:
        Post.objects.create(
            submission_id=submission.pk,
            kind=Post.Kind.CHANGE,
            writer=by.user,
            assignment=review.assignment,
            text="\n".join(lines),
            created_at=by.now,
        )


def scores_of(review: Review) -> dict[str, int | None]:
    """The scores that other reviewers may read, by question. One query."""
    answers = review.answers.filter(field__kind="scale").exclude(field__audience="organisers")
    return dict(answers.order_by("field__position").values_list("field__label", "number"))


# --- Mails -----------------------------------------------------------------------------------------------


def talkers(submission: Submission) -> list[Assignment]:
    """The reviewers of the paper who take part: their own review is in, and no conflict was found since."""
    tied = Conflict.objects.filter(submission=submission.pk, dismissed_at__isnull=True)
    seats = (
        Assignment.objects.active()
        .filter(submission=submission.pk, review__state=Review.State.SUBMITTED)
        .filter(reviewer__state=Reviewer.State.ACCEPTED)
        .exclude(reviewer__user__in=tied.values("user"))
    )
    return list(seats.select_related("reviewer__user", "submission__edition").order_by("pseudonym"))


def _tell_of(made: Post, by: Viewer) -> None:
    mentioned = {letter.upper() for letter in _MENTION.findall(made.text)}
    for seat in talkers(made.submission):
        if seat.reviewer.user_id == made.writer_id:
            continue
        if seat.pseudonym in mentioned:
            _tell("mentioned", seat, by, revision=made.public_id)
        else:
            _tell("discussion_news", seat, by, revision=f"{by.now:%Y%m%d}")


def _tell(event: str, seat: Assignment, by: Viewer, *, revision: str) -> None:
    """Neither the paper nor anybody's words stand in it: mail is read over shoulders."""
    person, edition = seat.reviewer.user, seat.submission.edition
    queue_mail(
        f"reviews.{event}",
        edition=edition,
        to=Recipient(person.email, person.name, person),
        about=seat.public_id,
        revision=revision,
        context={
            "name": seat.reviewer.name,
            "pseudonym": seat.pseudonym,
            "link": absolute("reviews:discussion", edition.slug, seat.public_id),
        },
        submission_id=seat.submission_id,
    )
