"""Verdicts: who may do what in an edition, each with its reason."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import Model

from ml4rs.editions.models import Edition, Role
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


def may_view_as(viewer: Viewer) -> Verdict:
    """Look through somebody's eyes: organisers, with their own."""
    return refused("You look through somebody's eyes already.") if viewer.is_watched else may_organise(viewer)


def may_see_edition(viewer: Viewer) -> Verdict:
    """A public edition is there for everybody; a hidden one only for those who have a part in it."""
    edition = viewer.edition
    if edition is not None and (edition.is_public or viewer.roles or viewer.resting_roles):
        return ALLOWED
    return refused("This page does not exist.")


def edition_of(item: Model) -> Edition:
    """The edition that a row of it belongs to."""
    if isinstance(item, Edition):
        return item
    owner = item if hasattr(item, "edition_id") else getattr(item, "track", None) or item.tier
    return owner.edition


def may_edit(viewer: Viewer, item: Model) -> Verdict:
    """Organisers edit the rows of their own edition and of no other."""
    track = getattr(item, "track", None)
    homes = {edition_of(item).pk, track.edition_id if track else edition_of(item).pk}
    if viewer.edition is None or homes != {viewer.edition.pk}:
        return refused("This belongs to another edition.")
    return may_organise(viewer)


def may_make_current(viewer: Viewer, other: Edition) -> Verdict:
    """The site's front page is taken from another edition only by somebody who organises that one too."""
    if viewer.user is not None and (viewer.user.is_superuser or Viewer.of(viewer.user, other, viewer.now).is_organiser):
        return ALLOWED
    return refused(f"“{other}” is the current edition. One of its organisers must hand over the front page.")


def may_start_next(viewer: Viewer) -> Verdict:
    """Who organised an edition may start the next from it; so may whoever runs the site."""
    if viewer.user is not None and viewer.user.is_superuser:
        return ALLOWED
    return may_organise(viewer)


def may_take_role(role: Role, organisers: list[Role]) -> Verdict:
    """`organisers` are all organisers' roles of the edition. One of them must still be able to sign in after."""
    if role.name != Role.Name.ORGANISER or any(each.user_id and each.pk != role.pk for each in organisers):
        return ALLOWED
    return refused("This is the last organiser. Give the role to somebody else first.")
