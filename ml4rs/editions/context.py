"""What every page's frame needs: the viewer, the edition and the menus."""

from django.http import HttpRequest

from ml4rs.editions.registry import menu


def frame(request: HttpRequest) -> dict:
    viewer = getattr(request, "viewer", None)
    edition = viewer.edition if viewer else None
    return {"viewer": viewer, "edition": edition, "menu_entries": _Menu(viewer)}


class _Menu:
    """Menu entries by area, computed only if the template asks (an error page must not touch the database)."""

    def __init__(self, viewer) -> None:
        self._viewer = viewer
        self._entries: list | None = None

    def __iter__(self):
        if self._entries is None:
            found = [entry for source in menu for entry in source(self._viewer)] if self._viewer else []
            self._entries = sorted(found, key=lambda entry: entry.position)
        return iter(self._entries)
