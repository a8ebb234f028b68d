"""What every page's frame needs: the viewer, the edition and the menus."""

from django.http import HttpRequest

import ml4rs
from ml4rs.editions.registry import menu_of


def frame(request: HttpRequest) -> dict:
    viewer = getattr(request, "viewer", None)
    edition = viewer.edition if viewer else None
    return {"viewer": viewer, "edition": edition, "menu_entries": _Menu(viewer), "version": ml4rs.__version__}


class _Menu:
    """Menu entries by area, computed only if the template asks (an error page must not touch the database)."""

    def __init__(self, viewer) -> None:
        self._viewer = viewer

    def __iter__(self):
        return iter(menu_of(self._viewer) if self._viewer else [])
