"""The one verb of the audit app: write down what happened, in the transaction in which it happens."""

from django.db.models import Model
from django.utils import timezone

from ml4rs.audit.models import Entry
from ml4rs.editions.models import Edition
from ml4rs.editions.viewer import Viewer


def record(
    verb: str,
    *,
    by: Viewer | None,
    subject: Model | None = None,
    edition: Edition | None = None,
    submission_id: int | None = None,
    grants_only: bool = False,
    details: dict | None = None,
) -> Entry:
    """Append one entry. `by` is None where the system acts on its own; `edition` defaults to the viewer's."""
    return Entry.objects.create(
        edition=edition or (by.edition if by else None),
        actor=by.user if by else None,
        verb=verb,
        subject_type=subject._meta.label_lower if subject is not None else "",
        subject_id=subject.pk if subject is not None else None,
        submission_id=submission_id,
        grants_only=grants_only,
        details=details or {},
        happened_at=by.now if by else timezone.now(),
    )
