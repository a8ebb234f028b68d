"""Putting words on papers and taking them off."""

import re
from collections.abc import Iterable

from django.db import IntegrityError, transaction

from ml4rs.audit.actions import record
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from reviews.models import Tag, Tagging
from reviews.policy import may_run_committee, may_tag
from submissions.models import Submission

_NAME = re.compile(r"~?[\w][\w.:+-]{0,28}")


@transaction.atomic
def tag(submissions: Iterable[Submission], name: str, *, by: Viewer) -> int:
    """Put a word on these papers; how many did not have it. A new one is made: `~mine` for oneself only.

    Raises:
        NotAllowed: `by` is no organiser, a conflict, or the word is none.
    """
    found = _tag_called(name, by, make=True)
    return sum(_put(found, submission, by) for submission in submissions)


def _put(found: Tag, submission: Submission, by: Viewer) -> bool:
    require(may_tag(submission))
    fields = {"tagged_by": by.user, "tagged_at": by.now}
    _, is_new = Tagging.objects.get_or_create(tag=found, submission_id=submission.pk, defaults=fields)
    if is_new and found.owner_id is None:
        record("paper.tagged", by=by, subject=submission, submission_id=submission.pk, details={"tag": found.name})
    return is_new


@transaction.atomic
def untag(submissions: Iterable[Submission], name: str, *, by: Viewer) -> int:
    """Take a word off these papers; how many had it.

    Raises:
        NotAllowed: `by` is no organiser, a conflict, or there is no such tag.
    """
    found, taken = _tag_called(name, by, make=False), 0
    for submission in submissions:
        require(may_tag(submission))
        deleted, _ = Tagging.objects.filter(tag=found, submission=submission.pk).delete()
        if deleted and found.owner_id is None:
            details = {"tag": found.name}
            record("paper.untagged", by=by, subject=submission, submission_id=submission.pk, details=details)
        taken += bool(deleted)
    return taken


def _tag_called(name: str, by: Viewer, *, make: bool) -> Tag:
    require(may_run_committee(by))
    word = name.strip().lstrip("#")
    if not _NAME.fullmatch(word):
        raise NotAllowed(f"“{name.strip()[:40]}” is no tag. Use one word of at most 29 letters, digits, and . : + -")
    owner = by.user if word.startswith("~") else None
    rows = Tag.objects.filter(edition=by.edition, name__iexact=word, owner=owner)
    if not make:  # one that stands on papers of a conflict only is as good as none
        rows = rows.filter(taggings__in=Tagging.objects.seen_by(by).order_by().values("pk")).distinct()
    if (found := rows.first()) is not None:
        return found
    if not make:
        raise NotAllowed(f"There is no tag “{word}”.")
    audience = Tag.Audience.PRIVATE if owner else Tag.Audience.ORGANISERS
    try:
        with transaction.atomic():
            return Tag.objects.create(edition=by.edition, name=word, owner=owner, audience=audience)
    except IntegrityError:  # made by somebody else a moment ago
        return rows.get()


@transaction.atomic
def change_tag(found: Tag, *, tone: str, audience: str, by: Viewer) -> None:
    """Give a tag another colour, or show it to reviewers on their papers. A private one stays private.

    Raises:
        NotAllowed: `by` is no organiser, or it is somebody else's.
    """
    require(may_run_committee(by))
    if found.owner_id is not None:
        audience = Tag.Audience.PRIVATE
    elif audience == Tag.Audience.PRIVATE:
        raise NotAllowed("Only a tag that begins with ~ is for yourself.")
    rows = Tag.objects.filter(pk=found.pk, edition=by.edition)
    rows.filter(owner=None if found.owner_id is None else by.user).update(tone=tone, audience=audience)
    if found.owner_id is None:
        record("tag.changed", by=by, subject=found, edition=by.edition, details={"tone": tone, "audience": audience})


@transaction.atomic
def delete_tag(found: Tag, *, by: Viewer) -> None:
    """Take a tag off all papers that `by` sees without conflict, and forget it if it stands on no other.

    Raises:
        NotAllowed: `by` is no organiser, or it is somebody else's.
    """
    require(may_run_committee(by))
    if found.owner_id not in (None, by.user.pk):
        raise NotAllowed("This tag is somebody else's.")
    if found.owner_id is None:
        record("tag.deleted", by=by, subject=found, edition=by.edition, details={"tag": found.name})
    Tagging.objects.seen_by(by).filter(tag=found).delete()
    if not found.taggings.exists():
        found.delete()
