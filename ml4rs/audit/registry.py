"""Whose papers' records a viewer may read: known to higher floors, which fill this in `ready()`."""

from collections.abc import Callable

from django.db.models import QuerySet

from ml4rs.editions.viewer import Viewer


class SubmissionGuard:
    """Primary keys of the papers whose audit entries, mails and jobs a viewer may read.

    Filled once at start-up by the floor that knows papers; until then nothing about any paper is shown.
    """

    def __init__(self) -> None:
        self._visible: Callable[[Viewer], QuerySet] | None = None

    def register(self, visible: Callable[[Viewer], QuerySet]) -> None:
        """`visible(viewer)` gives a queryset of one column: the primary keys, for use as a subquery."""
        self._visible = visible

    def visible_to(self, viewer: Viewer) -> QuerySet | list[int]:
        return self._visible(viewer) if self._visible else []


submissions = SubmissionGuard()
