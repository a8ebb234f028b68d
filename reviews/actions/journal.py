"""From the workshop to a journal: papers invited, authors' answers, reviewers' consent, and what became of them."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from ml4rs.audit.actions import record
from ml4rs.editions.models import Edition, Milestone
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.queries import milestone
from ml4rs.editions.times import announced
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.actions import Recipient, batch_of, queue_mail
from ml4rs.notifications.links import absolute
from reviews.models import Assignment, JournalCandidate, JournalStream, Review
from reviews.policy import may_answer_journal, may_be_named_to_journal, may_invite_to_journal, may_run_committee
from submissions.models import Authorship, Submission

State = JournalCandidate.State


@transaction.atomic
def describe_stream(edition: Edition, *, by: Viewer, **values) -> JournalStream:
    """Name the journal, its portal, the article types it takes, and what invited authors should know.

    Raises:
        NotAllowed: `by` is no organiser.
    """
    require(may_run_committee(by))
    stream, _ = JournalStream.objects.update_or_create(edition=edition, defaults=values)
    record("journal.described", by=by, subject=stream, edition=edition)
    return stream


@transaction.atomic
def invite_to_journal(submissions: Iterable[Submission], *, article_type: str, by: Viewer) -> int:
    """Invite the authors of these papers, each by mail; how many papers are new. Invited ones are passed over.

    Raises:
        NotAllowed: a conflict, a paper that is not accepted or not opted in, no journal, or another type of article.
    """
    stream = JournalStream.objects.filter(edition=by.edition).first()
    if stream is None:
        raise NotAllowed("Describe the journal first.")
    if stream.article_types and article_type not in stream.article_types:
        raise NotAllowed("Choose one of the journal's types of articles.")
    submissions = list(submissions)
    new = [made for each in submissions if (made := _invite(each, article_type, by)) is not None]
    _tell(new, stream, batch_of(new))
    return len(new)


def _invite(submission: Submission, article_type: str, by: Viewer) -> JournalCandidate | None:
    require(may_invite_to_journal(by, submission))
    try:
        with transaction.atomic():
            made = JournalCandidate.objects.create(
                submission=submission, article_type=article_type, invited_by=by.user, invited_at=by.now
            )
    except IntegrityError:  # invited before, or a moment ago
        return None
    details = {"article_type": article_type}
    record("journal.invited", by=by, subject=submission, submission_id=submission.pk, details=details)
    return made


def _tell(candidates: list[JournalCandidate], stream: JournalStream, batch: str) -> None:
    papers = {each.submission_id: each for each in candidates}
    for author in Authorship.objects.filter(submission__in=papers).select_related("user"):
        candidate = papers[author.submission_id]
        submission, edition = candidate.submission, stream.edition
        due = milestone(edition, Milestone.Kind.JOURNAL, submission.track_id)
        queue_mail(
            "reviews.journal_invitation",
            edition=edition,
            to=Recipient(author.email, author.name, author.user),
            about=submission.public_id,
            context={
                "name": author.name,
                "title": submission.title,
                "journal": stream.name,
                "article_type": candidate.article_type,
                "until": announced(due.instant, aoe=due.aoe) if due and due.instant else "",
                "link": absolute("submissions:detail", edition.slug, submission.public_id) + "#journal",
            },
            submission_id=submission.pk,
            batch=batch,
        )


@transaction.atomic
def answer_journal(submission: Submission, *, going: bool, by: Viewer) -> None:
    """The authors go on to the journal, or do not.

    Raises:
        NotAllowed: somebody else's, not invited, or too late.
    """
    candidate = JournalCandidate.objects.filter(submission=submission.pk).first()
    require(may_answer_journal(by, submission, candidate))
    state = State.GOING if going else State.DECLINED
    waiting = JournalCandidate.objects.filter(pk=candidate.pk, state=candidate.state)
    if not waiting.update(state=state, answered_at=by.now):
        raise NotAllowed("This changed a moment ago. Look again.")
    record("journal.answered", by=by, subject=submission, submission_id=submission.pk, details={"state": state})


@transaction.atomic
def mark_journal(submission: Submission, state: str, *, by: Viewer) -> None:
    """An organiser notes how far an invited paper is.

    Raises:
        NotAllowed: a conflict, it is not invited, or there is no such state.
    """
    require(may_invite_to_journal(by, submission))
    if state not in (State.SUBMITTED, State.PUBLISHED, State.REJECTED, State.GOING):
        raise NotAllowed("There is no such state.")
    found = JournalCandidate.objects.filter(submission=submission.pk)
    if state == State.GOING:
        found.filter(answered_at__isnull=True).update(answered_at=by.now)
    if not found.exclude(state=State.DECLINED).update(state=state):
        raise NotAllowed("Its authors are not invited, or do not want to.")
    record("journal.marked", by=by, subject=submission, submission_id=submission.pk, details={"state": state})


@transaction.atomic
def agree_to_be_named(assignment: Assignment, *, agrees: bool, by: Viewer) -> None:
    """Whether a journal's guest editors may learn who wrote this review, if its paper goes on to the journal.

    Raises:
        NotAllowed: somebody else's, not submitted, or the paper cannot go to a journal.
    """
    require(may_be_named_to_journal(assignment))
    written = Review.objects.filter(assignment=assignment.pk, state=Review.State.SUBMITTED)
    written.update(named_to_journal=agrees)
    record("journal.consent", by=by, subject=assignment, submission_id=assignment.submission_id)


def copy_stream(source: Edition, target: Edition) -> None:
    """Give a cloned edition the journal of the one it comes from."""
    stream = JournalStream.objects.filter(edition=source).first()
    if stream is not None:
        names = ("name", "portal_url", "article_types", "instructions")
        JournalStream.objects.get_or_create(edition=target, defaults={each: getattr(stream, each) for each in names})
