"""Meta-reviews: asked of one reviewer, saved, submitted, and changed until the decision is released."""

from django.db import IntegrityError, transaction

from ml4rs.audit.actions import record
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.actions import Recipient, queue_mail
from ml4rs.notifications.links import absolute
from reviews.actions.discussing import talkers
from reviews.actions.reviewing import EditConflict
from reviews.models import MetaReview
from reviews.policy import may_ask_for_meta_review, may_sum_up
from submissions.models import Submission

LONGEST = 10_000


@transaction.atomic
def ask_for_meta_review(submission: Submission, assignment_pid: str, *, by: Viewer) -> MetaReview:
    """Ask one of the paper's reviewers, whose own review is in, to sum all of them up. They get a mail.

    Raises:
        NotAllowed: a conflict, no such reviewer, or somebody is asked already.
    """
    require(may_ask_for_meta_review(submission))
    seat = next((each for each in talkers(submission) if each.public_id == assignment_pid), None)
    if seat is None:
        raise NotAllowed("Choose a reviewer whose own review is in.")
    try:
        with transaction.atomic():
            made = MetaReview.objects.create(
                submission_id=submission.pk, assignment=seat, asked_by=by.user, asked_at=by.now
            )
    except IntegrityError as error:
        raise NotAllowed("Somebody is asked for it already.") from error
    record("meta_review.asked", by=by, subject=submission, submission_id=submission.pk)
    person, edition = seat.reviewer.user, seat.submission.edition
    queue_mail(
        "reviews.meta_review_asked",
        edition=edition,
        to=Recipient(person.email, person.name, person),
        about=seat.public_id,
        revision=f"{by.now.timestamp():.0f}",
        context={"name": seat.reviewer.name, "link": absolute("reviews:sum_up", edition.slug, seat.public_id)},
        submission_id=submission.pk,
    )
    return made


@transaction.atomic
def take_meta_review_back(submission: Submission, *, by: Viewer) -> None:
    """Ask no longer; somebody else can be asked then.

    Raises:
        NotAllowed: a conflict, or it is submitted.
    """
    require(may_ask_for_meta_review(submission))
    removed, _ = MetaReview.objects.filter(submission=submission.pk, submitted_at=None).delete()
    if not removed:
        raise NotAllowed("It is submitted, or nobody is asked.")
    record("meta_review.taken_back", by=by, subject=submission, submission_id=submission.pk)


@transaction.atomic
def sum_up(
    submission: Submission, text: str, recommendation: str, *, revision: int, submit: bool, by: Viewer
) -> MetaReview:
    """Save it, and with `submit` let the others read it. Once submitted it cannot become unreadable again.

    Raises:
        NotAllowed: somebody else's, released, something missing, or too long.
        EditConflict: another tab saved in between.
    """
    found = MetaReview.objects.seen_by(by, paper=submission).filter(submission=submission.pk).first()
    require(may_sum_up(by, submission, found))
    if len(text) > LONGEST:
        raise NotAllowed(f"This has {len(text):,} characters; at most {LONGEST:,} are taken.")
    submit = submit or found.submitted_at is not None
    if submit and not (text.strip() and recommendation in Submission.Outcome.values):
        raise NotAllowed("Write a text and choose what you recommend.")
    mine = MetaReview.objects.filter(pk=found.pk, revision=revision)
    fields = {"text": text, "recommendation": recommendation if recommendation in Submission.Outcome.values else ""}
    if submit and found.submitted_at is None:
        fields["submitted_at"] = by.now
    if not mine.update(**fields, revision=revision + 1):
        raise EditConflict
    if submit:
        record("meta_review.submitted", by=by, subject=submission, submission_id=submission.pk)
    return MetaReview.objects.get(pk=found.pk)
