"""The one verb of the audit app: write down what happened, in the transaction in which it happens."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Model
from django.utils import timezone

from ml4rs.audit import origin
from ml4rs.audit.models import Entry, Erasure
from ml4rs.editions.models import Edition
from ml4rs.editions.viewer import Viewer


def record(
    verb: str,
    *,
    by: Viewer | None,
    subject: Model | None = None,
    edition: Edition | None = None,
    submission_id: int | None = None,
    application_id: int | None = None,
    grants_only: bool = False,
    details: dict | None = None,
) -> Entry:
    """Append one entry. `by` is None where the system acts on its own; `edition` defaults to the viewer's.

    The paper or travel application is taken from the subject where the caller does not name it, so that
    forgetting it hides nothing from the conflict rule. Whoever looks through somebody's eyes is the one who acts, now.
    """
    if by is not None and by.watcher is not None:
        by = by.watcher
    return Entry.objects.create(
        edition=edition or (by.edition if by else None),
        actor=by.user if by else None,
        verb=verb,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        submission_id=submission_id if submission_id is not None else _key(subject, "submissions.submission"),
        application_id=application_id if application_id is not None else _key(subject, "travel.application"),
        grants_only=grants_only,
        details=details or {},
        origin=origin.current(),
        happened_at=by.now if by else timezone.now(),
    )


def erase_entries(applications: Iterable[int], *, at: datetime) -> None:
    """Delete what the log holds about these applications for travel support, whose data is deleted as announced.

    `applications` are primary keys. Nothing else can ever be deleted from the log.
    """
    keys = list(applications)
    Erasure.objects.bulk_create([Erasure(application_id=key, erased_at=at) for key in keys], ignore_conflicts=True)
    Entry.objects.filter(application_id__in=keys).delete()


def _key(subject: Model | None, label: str) -> int | None:
    """The row of this model that the subject is, or belongs to."""
    if subject is None:
        return None
    if subject._meta.label_lower == label:
        return subject.pk
    return getattr(subject, f"{label.rpartition('.')[2]}_id", None)
