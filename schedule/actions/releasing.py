"""Publishing: the draft becomes a frozen release with a change log; only releases are shown to the public."""

import json
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.utils import timezone

from ml4rs.accounts.models import User
from ml4rs.audit.actions import record
from ml4rs.editions.models import Edition
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from ml4rs.notifications.actions import Recipient, batch_of, queue_mail
from ml4rs.notifications.links import absolute
from schedule.feeding import calendar_of
from schedule.models import Release
from schedule.policy import may_publish
from schedule.presenting import place_of
from schedule.queries.draft import Draft, draft_of
from schedule.queries.presenters import concerned
from schedule.queries.published import picked


@transaction.atomic
def publish(edition: Edition, *, by: Viewer | None, note: str = "", tell: bool = False) -> Release:
    """Freeze the draft as the next version; the newest one as it is where nothing changed. With `tell` those whose

    talk or poster is new, moved or gone get one mail each, with a calendar file.

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
    if draft.newest is not None and draft.is_published:
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
    if tell:
        _tell(draft, release)
    return release


def _tell(draft: Draft, release: Release) -> None:
    people = concerned(draft)
    batch, users = batch_of(people), User.objects.in_bulk({person.user for person in people if person.user})
    for person in people:
        own = picked(draft.programme, person.items)
        calendar = calendar_of(draft.edition, own, version=release.version, published_at=release.published_at)
        queue_mail(
            "schedule.presenting",
            edition=draft.edition,
            to=Recipient(person.address, person.name, users.get(person.user or 0)),
            about=draft.edition.slug,
            revision=release.version,
            context={
                "name": person.name,
                "changes": "\n".join(person.lines),
                "zone": place_of(draft.programme.zone),
                "link": absolute("schedule:programme", draft.edition.slug),
            },
            papers=person.papers,
            batch=batch,
            calendar=calendar.decode() if own.sessions else "",
        )


def digest_of(content: dict) -> str:
    """SHA-256 of a release's content, the same however a database orders its keys."""
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _create(**fields) -> Release:
    try:
        with transaction.atomic():
            return Release.objects.create(**fields)
    except IntegrityError as error:
        raise NotAllowed("Somebody published the programme a moment ago. Look at the changes again.") from error
