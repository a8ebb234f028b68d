"""Verdicts: who may do what in an edition, each with its reason."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied

from ml4rs.editions.viewer import Viewer


@dataclass(frozen=True)
class Verdict:
    """An answer that carries its reason, so that page, API and test say the same. Falsy when refused."""

    allowed: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.allowed


ALLOWED = Verdict(True)


def refused(reason: str) -> Verdict:
    return Verdict(False, reason)


class NotAllowed(PermissionDenied):
    """Somebody asked for what their role or the date does not permit; `str()` is fit for their eyes."""


def require(verdict: Verdict) -> None:
    """Raise `NotAllowed` with the verdict's reason unless it allows."""
    if not verdict:
        raise NotAllowed(verdict.reason)


def may_organise(viewer: Viewer) -> Verdict:
    return ALLOWED if viewer.is_organiser else refused("Only organisers of this edition may do this.")


def may_see_edition(viewer: Viewer) -> Verdict:
    """A public edition is there for everybody; a hidden one only for those who have a part in it."""
    edition = viewer.edition
    if edition is not None and (edition.is_public or viewer.roles or viewer.resting_roles):
        return ALLOWED
    return refused("This page does not exist.")
