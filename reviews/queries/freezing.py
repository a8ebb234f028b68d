"""What putting reviews back to a time would change."""

from datetime import datetime

from ml4rs.editions.viewer import Viewer
from reviews.models import Review, Snapshot


def changed_since(viewer: Viewer, to: datetime) -> tuple[int, int]:
    """Reviews of papers seen without conflict that were changed since, and those of them first submitted since.

    Two queries.
    """
    rows = Review.objects.seen_by(viewer).filter(is_chairs=True, assignment__submission__released_at=None)
    changed = rows.filter(versions__saved_at__gt=to).order_by().values("pk").distinct()
    return changed.count(), changed.exclude(versions__saved_at__lte=to).count()


def snapshots(viewer: Viewer) -> list[Snapshot]:
    """When snapshots were taken, by whom, and their digests; never what is in them. One query."""
    return list(Snapshot.objects.filter(edition=viewer.edition).select_related("taken_by").defer("content"))
