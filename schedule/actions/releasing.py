"""Publishing: the draft becomes a frozen release with a change log; only releases are shown to the public."""

import json
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils import timezone

from ml4rs.audit.actions import record
from ml4rs.editions.models import Edition
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from schedule.models import Release
from schedule.policy import may_publish
from schedule.queries.draft import draft_of


@transaction.atomic
def publish(edition: Edition, *, by: Viewer | None, note: str = "") -> Release:
    """Freeze the draft as the next version; the newest one as it is where nothing changed.

    Only papers that everybody may know of come into a release. `by` is None where the system acts (an edition
    loaded from its file).

    Raises:
        NotAllowed: `by` does not edit the programme, there is nothing to publish, or somebody published meanwhile.
    """
    if by is not None:
        require(may_publish(by))
    now = by.now if by else timezone.now()
    draft = draft_of(edition, now)
    if not draft.programme.sessions:
        raise NotAllowed("There are no sessions yet. Add one before publishing.")
    content = draft.programme.to_data()
    if draft.newest is not None and draft.newest.content == content:
        return draft.newest
    version = draft.newest.version + 1 if draft.newest else 1
    release = _create(
        edition=edition,
        version=version,
        content=content,
        digest=digest_of(content),
        changes=draft.changes,
        note=note,
        published_by=by.user if by else None,
        published_at=now,
    )
    public_ids = draft.programme.papers()
    release.papers.set(paper.pk for paper in draft.papers.values() if paper.public_id in public_ids)
    details = {"version": version, "changes": draft.changes[:50], "note": note}
    record("programme.published", by=by, subject=release, edition=edition, details=details)
    return release


def digest_of(content: dict) -> str:
    """SHA-256 of a release's content, the same however a database orders its keys."""
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _create(**fields) -> Release:
    try:
        with transaction.atomic():
            return Release.objects.create(**fields)
    except IntegrityError as error:
        raise NotAllowed("Somebody published the programme a moment ago. Look at the changes again.") from error
