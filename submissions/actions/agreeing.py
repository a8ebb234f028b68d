"""What the people named on a paper say to it: that they are its authors, or that they are not.

The link in their mail is theirs alone, needs no account, and holds as long as they stand on the list with that
address. Opening it changes nothing.
"""

from django.db import transaction

from ml4rs.audit.actions import record
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.viewer import Viewer
from submissions.actions.telling import tell_authors
from submissions.models import Authorship

Answer = Authorship.Answer


@transaction.atomic
def agree(author: Authorship, *, by: Viewer) -> None:
    """Confirm to be an author of the paper. Doing it twice changes nothing."""
    if _answered(author, Answer.CONFIRMED, "", by):
        record("submission.author_confirmed", by=by, subject=author, details={"name": author.name})


@transaction.atomic
def object_to_being_named(author: Authorship, *, words: str, by: Viewer) -> None:
    """Say that one is no author, or does not agree. The other authors are told; organisers find it in their list.

    Raises:
        NotAllowed: there are no words that say why.
    """
    if not words.strip():
        raise NotAllowed("Say in a few words what is wrong.")
    if not _answered(author, Answer.OBJECTED, words, by):
        return
    record("submission.author_objected", by=by, subject=author, details={"name": author.name, "words": words})
    paper = author.submission
    paper.edition = by.edition
    others = paper.authorships.exclude(pk=author.pk).select_related("user")
    context = {"who": author.name, "words": words}
    revision = f"{author.public_id}:{by.now.isoformat()}"
    tell_authors("submissions.objected", paper, revision=revision, context=context, only=others)


def _answered(author: Authorship, answer: str, words: str, by: Viewer) -> bool:
    """Whether this is news."""
    rows = Authorship.objects.filter(pk=author.pk, email=author.email).exclude(answer=answer, objection=words)
    return bool(rows.update(answer=answer, objection=words, answered_at=by.now))
