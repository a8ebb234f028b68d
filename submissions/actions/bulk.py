"""What organisers do with many papers at once: each by the same rules as one, all or none."""

import re
from collections.abc import Iterable

from django.db import transaction
from django.db.models import prefetch_related_objects

from ml4rs.audit.actions import record
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.actions import queue_mail
from submissions.actions.states import desk_reject, reinstate
from submissions.actions.telling import paper_in_words, recipient_of
from submissions.models import Submission
from submissions.policy import may_mail_authors

PLACEHOLDERS = ("title", "number", "track", "url")
_PLACEHOLDER = re.compile(r"\{(\w*)\}")


@transaction.atomic
def desk_reject_all(papers: Iterable[Submission], *, by: Viewer, reason: str) -> int:
    """Desk-reject these papers with one reason; how many they were.

    Raises:
        NotAllowed: one of them cannot be desk-rejected. None was.
    """
    return sum(1 for paper in papers if _named(paper, lambda paper: desk_reject(paper, by=by, reason=reason)))


@transaction.atomic
def reinstate_all(papers: Iterable[Submission], *, by: Viewer) -> int:
    """Take back these desk rejections; how many they were.

    Raises:
        NotAllowed: one of them is not desk-rejected. None was taken back.
    """
    return sum(1 for paper in papers if _named(paper, lambda paper: reinstate(paper, by=by)))


def _named(paper: Submission, verb) -> bool:
    """Do it; a refusal says which paper it is about."""
    try:
        verb(paper)
    except NotAllowed as refusal:
        raise NotAllowed(f"{paper}: {refusal} Nothing was changed.") from refusal
    return True


@transaction.atomic
def mail_authors(
    papers: Iterable[Submission], *, subject: str, text: str, batch: str, by: Viewer, everybody: bool = False
) -> int:
    """Write to the corresponding author of each paper, or to everybody on it; how many mails.

    `batch` is the form's own word for this sending: the same form sent twice writes to nobody twice.
    `{title}`, `{number}`, `{track}` and `{url}` are filled in for each paper.

    Raises:
        NotAllowed: `by` may not write about one of them, or a placeholder is unknown.
    """
    unknown = {name for name in _PLACEHOLDER.findall(subject + text) if name not in PLACEHOLDERS}
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise NotAllowed(f"There is no {{{sorted(unknown)[0]}}}. What can be filled in: {known}.")
    papers, count = list(papers), 0
    prefetch_related_objects(papers, "authorships__user")
    for paper in papers:
        require(may_mail_authors(by, paper))
        paper.edition = by.edition
        about = paper_in_words(paper)
        words = {"subject": filled(subject, about), "text": filled(text, about)}
        people = list(paper.authorships.all())
        speaking = [author for author in people if author.is_corresponding] or people
        for author in people if everybody else speaking:
            queue_mail(
                "submissions.message",
                edition=by.edition,
                to=recipient_of(author),
                about=paper.public_id,
                context={**about, **words},
                revision=batch,
                submission_id=paper.pk,
                batch=batch,
            )
            count += 1
        record("submission.mailed", by=by, subject=paper, submission_id=paper.pk, details={"subject": words["subject"]})
    return count


def filled(text: str, about: dict) -> str:
    """The words with what is said of one paper in its place."""
    return _PLACEHOLDER.sub(lambda found: str(about[found[1]] or "") if found[1] in PLACEHOLDERS else found[0], text)
