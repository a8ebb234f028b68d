"""Looking at an edition through somebody else's eyes, on any date: what both may see, and nothing can be changed.

An organiser's choice waits in their session and counts for the pages of one edition. Sight is taken care of where it
is decided on: a viewer with a `watcher` meets only papers that the watcher handles without conflict, or that are
public, and nothing that is private to whom the eyes belong to.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from ml4rs.accounts.models import User
from ml4rs.editions.models import Edition, Role
from ml4rs.editions.policy import NotAllowed, may_view_as, require
from ml4rs.editions.registry import Part, parts
from ml4rs.editions.signals import acted
from ml4rs.editions.viewer import Viewer

_KEY = "view_as"
_NOBODYS_KEY = -1  # of a person who does not exist: no row has it
ANYONE, SIGNED_IN = "anyone", "signed-in"
PLAYED = (Role.Name.REVIEWER, Role.Name.SCHEDULE_EDITOR)
_PERSON, _ROLE = "person-", "role-"


@dataclass(frozen=True, eq=False)
class Eyes(Viewer):
    """Somebody, looked through by `watcher`; `label` says whom, `is_dated` whether on another date than now."""

    label: str = ""
    is_dated: bool = False


def choices(watcher: Viewer) -> list[tuple[str, list[tuple[str, str]]]]:
    """Through whose eyes this organiser may look, in groups: (value, label)."""
    everybody = [
        (ANYONE, "Anyone, not signed in"),
        (SIGNED_IN, "Somebody signed in, without a part"),
        *((f"{_ROLE}{role}", f"{role.label}, nobody in particular") for role in PLAYED),
        (f"{_PERSON}{watcher.user.public_id}", "Yourself, on another date"),
    ]
    groups: dict[str, dict[str, str]] = {}
    for part in _parts(watcher):
        groups.setdefault(part.group, {})[f"{_PERSON}{part.public_id}"] = part.name
    people = [(group, sorted(found.items(), key=lambda pair: pair[1].lower())) for group, found in groups.items()]
    return [("Nobody in particular", everybody), *people]


def _parts(watcher: Viewer) -> list[Part]:
    return [part for source in parts for part in source(watcher)]


def role_holders(watcher: Viewer) -> Iterator[Part]:
    """Everybody with a role in the edition. One query."""
    held = Role.objects.filter(edition=watcher.edition, user__is_active=True).select_related("user")
    for role in held.order_by("name", "pk"):
        yield Part(role.get_name_display(), role.user.public_id, str(role.user))


def begin(session: SessionBase, choice: str, at: datetime | None, *, by: Viewer) -> None:
    """From the next page on, look through these eyes.

    The log says so; of an author it says it of each paper, to those alone who may know of it.

    Raises:
        NotAllowed: not an organiser, or the person has no part that this organiser may know of.
    """
    require(may_view_as(by))
    subject: User | None = None
    papers: set[int | None] = {None}
    if choice.startswith(_PERSON) and choice != f"{_PERSON}{by.user.public_id}":
        own = [each for each in _parts(by) if f"{_PERSON}{each.public_id}" == choice]
        if not own:
            raise NotAllowed("This person has no part here that you know of.")
        subject, papers = User.objects.get(public_id=own[0].public_id), {each.submission_id for each in own}
    details = {"as": str(subject or _in_words(choice)), "on": at.isoformat() if at else ""}
    for paper in sorted(papers, key=lambda each: each or 0):
        acted.send(
            begin,
            by=by,
            verb="edition.viewed_as",
            subject=subject,
            edition=by.edition,
            details=details,
            submission_id=paper,
        )
    session[_KEY] = {"edition": by.edition.slug, "choice": choice, "at": at.isoformat() if at else ""}


def _in_words(choice: str) -> str:
    return "oneself" if choice.startswith(_PERSON) else choice.removeprefix(_ROLE).replace("_", " ")


def end(session: SessionBase) -> None:
    """With one's own eyes again."""
    session.pop(_KEY, None)


def viewer_of(request: HttpRequest, edition: Edition | None) -> Viewer:
    """Who looks at this edition: the person of the request, or through whose eyes they chose to look.

    No query unless such a choice was made.
    """
    viewer = Viewer.of(request.user, edition, request.arrived_at)
    if edition is None or not viewer.is_signed_in:
        return viewer
    kept = request.session.get(_KEY)
    if not kept or kept["edition"] != edition.slug or not may_view_as(viewer):
        return viewer
    return _eyes(kept["choice"], kept["at"], viewer) or viewer


def _eyes(choice: str, at: str, watcher: Viewer) -> Eyes | None:
    """None for a person who is not there any more."""
    user, played, label = None, None, "somebody who is not signed in"
    if choice.startswith(_PERSON):
        user = User.objects.filter(public_id=choice.removeprefix(_PERSON), is_active=True).first()
        if user is None:
            return None
        label = str(user)
    elif choice != ANYONE:
        user = User(pk=_NOBODYS_KEY, name="Somebody")
        played = Role.Name(choice.removeprefix(_ROLE)) if choice.startswith(_ROLE) else None
        label = f"a {played.label.lower()} without papers" if played else "somebody without a part"
    now = datetime.fromisoformat(at) if at else watcher.now
    return Eyes(user, watcher.edition, now, watcher, played, label, bool(at))
