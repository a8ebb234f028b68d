"""Making the database agree with a file, in one transaction; a dry run does the same and takes it back."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from ml4rs.editions.filing.checking import Checked
from ml4rs.editions.filing.differences import Difference, differences
from ml4rs.editions.filing.dumping import dump
from ml4rs.editions.filing.pictures import Pictures
from ml4rs.editions.filing.rows import Sections, stored
from ml4rs.editions.filing.schema import EditionPart
from ml4rs.editions.models import Edition
from ml4rs.editions.registry import file_sections
from ml4rs.editions.signals import acted

_SAME_NAMES = (
    "name", "short_name", "ordinal", "tagline", "host", "host_url", "starts_on", "ends_on", "venue", "city", "country",
    "time_zone", "source_url", "papers_public", "coauthor_years",
)  # fmt: skip


@dataclass(frozen=True)
class Loaded:
    """What a load did, or would do."""

    edition: Edition
    created: bool
    differences: list[Difference]
    notes: list[str]


def load(file: Checked, *, dry_run: bool = False) -> Loaded:
    """Create or update the edition that `file` describes; all of it or nothing.

    Raises:
        CannotLoadError: something that would have to go is still needed, or a section refers to what is not there.
    """
    pictures = Pictures(file.folder)
    try:
        with transaction.atomic():
            loaded = _load(file, pictures)
            transaction.set_rollback(dry_run)
    except BaseException:
        pictures.forget()
        raise
    if dry_run:
        pictures.forget()
    return loaded


def _load(file: Checked, pictures: Pictures) -> Loaded:
    known = Edition.objects.select_for_update().filter(slug=file.core.edition.slug).first()
    before = dump(known, roles=True) if known else {}
    notes = _hand_over_front_page(file.core.edition)
    edition = _basics(file.core.edition, known)
    sections = Sections(edition, pictures)
    sections.load(file.core)
    for section in file_sections:
        if file.sections.get(section.key) is not None:
            section.load(edition, file.sections[section.key])
    sections.remove_what_is_gone()
    notes += pictures.kept
    found = differences(before, dump(edition, roles=True))
    if found or notes:
        _tell(edition, known is None, found)
    return Loaded(edition, known is None, found, notes)


def _tell(edition: Edition, created: bool, found: list[Difference]) -> None:
    details: dict[str, Any] = {"created": created, "changes": [each.lines()[0] for each in found][:200]}
    acted.send(Edition, by=None, verb="edition.loaded", subject=edition, edition=edition, details=details)


def _hand_over_front_page(part: EditionPart) -> list[str]:
    """The current edition makes way for another one that is to be it."""
    other = Edition.objects.filter(is_current=True).exclude(slug=part.slug).first() if part.current else None
    if other is None:
        return []
    Edition.objects.filter(pk=other.pk).update(is_current=False)
    details = {"successor": part.slug}
    acted.send(Edition, by=None, verb="edition.replaced", subject=other, edition=other, details=details)
    return [f"“{other.slug}” is no longer the current edition."]


def _basics(part: EditionPart, edition: Edition | None) -> Edition:
    values = {name: getattr(part, name) for name in _SAME_NAMES}
    flags = {"contact_email": part.contact, "is_public": part.public, "is_current": part.current}
    return stored(edition or Edition(slug=part.slug), values | flags)
