"""A later date for one thing alone, such as a paper or a reviewer: granted with a reason, and taken back.

Who may grant it, who is told, and what the log says of it is for the app that knows the thing.
"""

from datetime import datetime

from ml4rs.editions.models import Edition, Extension, Milestone
from ml4rs.editions.policy import NotAllowed
from ml4rs.editions.queries import extension
from ml4rs.editions.viewer import Viewer


def grant(due: Milestone | None, about: str, *, until: datetime, reason: str, by: Viewer) -> tuple[Extension, bool]:
    """The extension, and whether it is a new one: a second one takes the first's place, the same one twice is one.

    Raises:
        NotAllowed: there is no such date, `until` is not ahead of now and of the date, or no reason is given.
    """
    if due is None:
        raise NotAllowed("There is no such date.")
    if until <= by.now:
        raise NotAllowed("Choose a moment that is still ahead.")
    if due.instant is not None and until <= due.instant:
        raise NotAllowed("This is no later than the date that holds for everybody.")
    if not reason.strip():
        raise NotAllowed("Give the reason; it is kept with the extension.")
    standing = extension(by.edition, due.kind, about)
    if standing is not None and (standing.milestone_id, standing.until, standing.reason) == (due.pk, until, reason):
        return standing, False
    granted = {"until": until, "reason": reason, "granted_by": by.user, "granted_at": by.now}
    found, _ = Extension.objects.update_or_create(milestone=due, about=about, defaults=granted)
    _forget(by.edition)
    return found, True


def take_back(edition: Edition, kind: str, about: str) -> None:
    """The date that holds for everybody holds again.

    Raises:
        NotAllowed: there is none.
    """
    found = extension(edition, kind, about)
    if found is None or not Extension.objects.filter(pk=found.pk).delete()[0]:
        raise NotAllowed("There is no extension to take back.")
    _forget(edition)


def _forget(edition: Edition) -> None:
    """What was read of the edition's extensions in this request no longer holds."""
    for known in ("_extensions", "_milestones"):
        edition.__dict__.pop(known, None)
