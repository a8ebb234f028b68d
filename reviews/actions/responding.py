"""Author response: reviews shown to authors before decisions, and what the authors answer."""

from datetime import datetime

from django.db import IntegrityError, transaction

from ml4rs.accounts.models import random_public_id
from ml4rs.audit.actions import record
from ml4rs.editions.models import Milestone, Track
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.queries import milestone
from ml4rs.editions.times import announced
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.actions import Recipient, queue_mail
from ml4rs.notifications.links import absolute
from reviews.actions.discussing import talkers
from reviews.actions.reviewing import EditConflict
from reviews.models import Response
from reviews.policy import may_respond, may_show_reviews
from reviews.queries.responding import HAS_NEWS, with_newest
from submissions.models import Authorship, Submission

LONGEST_DRAFT = 100_000  # characters


@transaction.atomic
def show_reviews(track: Track, *, by: Viewer, batch: str = "") -> list[str]:
    """Show their authors the reviews that are in: public ids of the papers that have new ones. Authors get a mail.

    As with decisions it is one act for the whole track, also for papers with which `by` is in conflict. A review
    that comes in later stays hidden until this is done again, or the decision is released. Of two clicks one shows,
    the other finds nothing.

    Raises:
        NotAllowed: no organiser, no response in this track, or no date for it ahead.
    """
    require(may_show_reviews(by, track))
    shown = []
    under_review = Submission.objects.filter(
        track=track, state=Submission.State.SUBMITTED, released_at__isnull=True
    ).select_related("edition")
    for paper in with_newest(under_review).filter(HAS_NEWS):
        same = under_review.filter(pk=paper.pk, reviews_shown_at=paper.reviews_shown_at)
        if same.update(reviews_shown_at=by.now):
            record("reviews.shown", by=by, subject=paper, submission_id=paper.pk)
            shown.append(paper)
    _tell_authors(shown, milestone(by.edition, Milestone.Kind.RESPONSE, track), by, batch or random_public_id())
    return [paper.public_id for paper in shown]


def _tell_authors(papers: list[Submission], due: Milestone | None, by: Viewer, batch: str) -> None:
    by_key = {paper.pk: paper for paper in papers}
    until = announced(due.instant, aoe=due.aoe) if due and due.instant else ""
    for author in Authorship.objects.filter(submission__in=by_key).select_related("user"):
        paper = by_key[author.submission_id]
        queue_mail(
            "reviews.reviews_shown",
            edition=paper.edition,
            to=Recipient(author.email, author.name, author.user),
            about=paper.public_id,
            revision=f"{by.now.timestamp():.0f}",
            context={
                "name": author.name,
                "title": paper.title,
                "until": until,
                "link": absolute("reviews:respond", paper.edition.slug, paper.public_id),
            },
            submission_id=paper.pk,
            batch=batch,
        )


@transaction.atomic
def save_response(submission: Submission, text: str, *, revision: int, by: Viewer) -> Response:
    """Keep what was typed; nobody but the authors reads it. `revision` is the one the page was opened with, 0 at first.

    Raises:
        NotAllowed: somebody else's paper, not the time for it, or far too long to keep.
        EditConflict: a co-author, or another tab, saved in between.
    """
    require(may_respond(by, submission))
    if len(text) > LONGEST_DRAFT:
        raise NotAllowed(f"This has {len(text):,} characters; at most {LONGEST_DRAFT:,} are kept.")
    if revision == 0:
        try:
            with transaction.atomic():
                return Response.objects.create(
                    submission_id=submission.pk, text=text, written_by=by.user, updated_at=by.now
                )
        except IntegrityError as error:
            raise EditConflict from error
    mine = Response.objects.filter(submission=submission.pk, revision=revision)
    if not mine.update(text=text, written_by=by.user, updated_at=by.now, revision=revision + 1):
        raise EditConflict
    return Response.objects.get(submission=submission.pk)


@transaction.atomic
def send_response(submission: Submission, text: str, *, revision: int, by: Viewer) -> Response:
    """Let reviewers and organisers read it, in place of what was sent before.

    Reviewers hear of the first one only.

    Raises:
        NotAllowed: as for saving; or nothing is written, or more words than the track takes.
        EditConflict: a co-author, or another tab, saved in between.
    """
    words, most = len(text.split()), submission.track.response_words
    if not words:
        raise NotAllowed("Write something first.")
    if words > most:
        raise NotAllowed(f"This has {words:,} words; at most {most:,} are taken.")
    saved = save_response(submission, text, revision=revision, by=by)
    is_first = saved.sent_at is None
    Response.objects.filter(pk=saved.pk).update(sent_text=text, sent_at=by.now)
    record("response.sent", by=by, subject=submission, submission_id=submission.pk)
    if is_first:
        _tell_reviewers(submission, by.now)
    saved.refresh_from_db()
    return saved


def _tell_reviewers(submission: Submission, at: datetime) -> None:
    """Neither the paper nor anybody's words stand in it: mail is read over shoulders."""
    for seat in talkers(submission):
        person, edition = seat.reviewer.user, seat.submission.edition
        queue_mail(
            "reviews.response_in",
            edition=edition,
            to=Recipient(person.email, person.name, person),
            about=seat.public_id,
            revision=f"{at.timestamp():.0f}",
            context={"name": seat.reviewer.name, "link": absolute("reviews:review", edition.slug, seat.public_id)},
            submission_id=seat.submission_id,
        )
