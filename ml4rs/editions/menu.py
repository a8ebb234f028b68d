"""Menu entries of the editions themselves: the public pages, and the way to one's desks."""

from collections.abc import Iterator

from django.urls import reverse

from ml4rs.editions.registry import MenuEntry
from ml4rs.editions.viewer import Viewer

_PUBLIC = (("call", "Call", 10), ("dates", "Dates", 20), ("speakers", "Speakers", 40), ("committee", "People", 60),
           ("sponsors", "Sponsors", 70))  # fmt: skip


def entries(viewer: Viewer) -> Iterator[MenuEntry]:
    if viewer.edition is None:
        return
    slug = viewer.edition.slug
    for name, label, position in _PUBLIC:
        yield MenuEntry("public", label, reverse(f"editions:{name}", args=[slug]), position)
    if viewer.is_signed_in:
        yield MenuEntry("personal", "What is due", reverse("editions:desk", args=[slug]), 0)
    if viewer.is_schedule_editor or viewer.is_deputy or viewer.is_grants_officer:
        area = "organising" if viewer.is_schedule_editor or viewer.is_deputy else "grants"
        yield MenuEntry(area, "Overview", reverse("editions:organise", args=[slug]), 0)
    if viewer.is_organiser:
        yield MenuEntry("organising", "Set up the edition", reverse("editions:editing", args=[slug]), 90)
        yield MenuEntry("organising", "Phases", reverse("editions:phases", args=[slug]), 92)
        yield MenuEntry("organising", "View as", reverse("editions:view_as", args=[slug]), 93)
