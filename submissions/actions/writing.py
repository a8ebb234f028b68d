"""Starting a submission and editing its texts, so that two tabs lose nothing."""

from django.db import transaction
from django.db.models import F, Q

from ml4rs.audit.actions import record
from ml4rs.editions.models import Track
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from submissions.actions.fresh import fresh
from submissions.models import Authorship, Submission
from submissions.policy import may_edit, may_start
from submissions.questions import merged
from submissions.texts import Texts


class EditConflict(Exception):  # noqa: N818  (named after what happened to the writer)
    """Somebody else saved meanwhile; `current` is the row as they left it."""

    def __init__(self, current: Submission) -> None:
        super().__init__("This paper was changed in another tab or by a co-author.")
        self.current = current


@transaction.atomic
def start(track: Track, *, by: Viewer) -> Submission:
    """Create a draft with its creator as first and corresponding author.

    Raises:
        NotAllowed: nobody is signed in, or the track's deadline has passed.
    """
    require(may_start(by, track))
    user = by.user
    draft = Submission.objects.create(
        edition=by.edition, track=track, created_by=user, created_at=by.now, updated_at=by.now
    )
    Authorship.objects.create(
        submission=draft,
        position=1,
        name=user.name or user.email.split("@")[0],
        email=user.email,
        affiliation=user.affiliation,
        country=str(user.country or ""),
        orcid=user.orcid,
        is_corresponding=True,
        is_presenter=True,
        user=user,
        told_at=by.now,
    )
    record("submission.started", by=by, subject=draft, submission_id=draft.pk, details={"track": track.slug})
    return draft


@transaction.atomic
def edit(
    submission: Submission, texts: Texts, *, by: Viewer, revision: int, tab: str = "", typing: bool = False
) -> Submission:
    """Save a paper's texts if nobody else has saved since `revision`, or if the last to save was this same tab.

    `typing` marks the save that happens by itself while somebody writes a draft; it leaves no audit entry.

    Raises:
        NotAllowed: `by` is no author, or the paper can no longer be edited.
        EditConflict: somebody else saved other texts meanwhile. Nothing was written.
    """
    current = fresh(submission, by)
    require(may_edit(by, current))
    changed = texts.changed_from(Texts.of(current))
    if not changed:
        return current
    if typing and current.state != Submission.State.DRAFT:
        raise NotAllowed("A submitted paper changes only when you press “Save changes”.")
    save_once(
        current,
        by=by,
        revision=revision,
        tab=tab,
        title=texts.title,
        abstract=texts.abstract,
        keywords=texts.keywords,
        declarations=texts.declarations,
        answers=merged(texts.questions, current.answers, texts.answers),
    )
    if "topics" in changed:
        current.topics.set(texts.topics)
    if not typing:
        details = {"fields": changed, "title": texts.title}
        record("submission.edited", by=by, subject=current, submission_id=current.pk, details=details)
    return fresh(submission, by)


def save_once(current: Submission, *, by: Viewer, revision: int, tab: str, **values) -> None:
    """Write texts if nobody else has saved since `revision`, or if the last to save was this same tab.

    Raises:
        EditConflict: somebody else did, or the paper moved on. Nothing was written.
    """
    expected = Q(revision=revision) | (Q(edited_in=tab) & ~Q(edited_in=""))
    same = Submission.objects.filter(expected, pk=current.pk, state=current.state, outcome=current.outcome)
    if not same.update(**values, updated_at=by.now, revision=F("revision") + 1, edited_in=tab):
        raise EditConflict(fresh(current, by))
