"""The mails that submissions cause: who gets them, and what they are told."""

from collections.abc import Iterable

from ml4rs.editions.models import Milestone
from ml4rs.editions.queries import milestone
from ml4rs.editions.times import announced
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.actions import Recipient, queue_mail
from ml4rs.notifications.links import absolute
from submissions.actions.links import answer_link
from submissions.models import Authorship, FileVersion, Submission


def recipient_of(author: Authorship) -> Recipient:
    return Recipient(author.email, author.name, author.user)


def tell_authors(
    event: str, submission: Submission, *, revision: int | str, context: dict, only: Iterable[Authorship] | None = None
) -> None:
    """Queue one mail of this event to every author of a paper."""
    people = submission.authorships.select_related("user") if only is None else only
    for author in people:
        queue_mail(
            event,
            edition=submission.edition,
            to=recipient_of(author),
            about=submission.public_id,
            context={**paper_in_words(submission), **context},
            revision=revision,
            submission_id=submission.pk,
        )


def tell_coauthors(submission: Submission, *, by: Viewer) -> None:
    """Tell each person who was named on a paper, once, except the one who acts."""
    named = submission.authorships.filter(told_at__isnull=True).select_related("user")
    for author in named:
        if not Authorship.objects.filter(pk=author.pk, told_at__isnull=True).update(told_at=by.now):
            continue
        if author.user_id == by.user.pk or author.email in by.addresses:
            continue
        queue_mail(
            "submissions.named",
            edition=submission.edition,
            to=recipient_of(author),
            about=f"{author.public_id}:{author.email}",
            context={
                **paper_in_words(submission),
                "named_by": str(by.user),
                "answer_url": answer_link(author, submission.edition),
            },
            submission_id=submission.pk,
        )


def send_receipt(submission: Submission, files: Iterable[FileVersion], *, by: Viewer, revision: str) -> None:
    """Confirm to the person who acted what we hold, with the SHA-256 of every file."""
    queue_mail(
        "submissions.receipt",
        edition=submission.edition,
        to=Recipient(by.user.email, by.user.name, by.user),
        about=submission.public_id,
        context={**paper_in_words(submission), "files": [_file_in_words(version) for version in files]},
        revision=revision,
        submission_id=submission.pk,
    )


def paper_in_words(submission: Submission) -> dict:
    """What every mail about a paper may say of it."""
    found = milestone(submission.edition, Milestone.Kind.SUBMISSION, submission.track)
    return {
        "title": submission.title or "Untitled draft",
        "number": submission.number,
        "track": submission.track.name,
        "deadline": _in_words(found) if found else "to be confirmed",
        "url": absolute("submissions:detail", submission.edition.slug, submission.public_id),
    }


def _in_words(found: Milestone) -> str:
    if found.instant is None:
        return "to be confirmed"
    return announced(found.instant, aoe=found.aoe, whole_day=found.whole_day, venue=found.edition.time_zone)


def _file_in_words(version: FileVersion) -> dict:
    return {
        "kind": version.get_kind_display(),
        "version": version.version,
        "size": version.size,
        "sha256": version.sha256,
    }
