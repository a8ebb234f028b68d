"""Undo: what an editor did last to the draft is taken back, unless somebody changed the same things since."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

from django.db import transaction

from ml4rs.audit.actions import record
from ml4rs.editions.models import Edition
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from schedule.actions.rooms import refuse_double_booking
from schedule.models import Resource, Session, Slot, Step
from schedule.policy import may_edit_programme

Rows = dict[str, dict[str, Any]]  # public id → fields as plain JSON

T = TypeVar("T")

_KEPT = 50  # steps for each editor
_SESSION = ("slug", "kind", "title", "room_id", "starts_at", "ends_at", "position")
_SLOT = ("position", "submission_id", "title", "abstract", "minutes", "board", "url")
_RESOURCE = ("kind", "label", "url", "visible_from", "visible_until")
_BUSY = "schedule.undoable"


@contextmanager
def undoable(by: Viewer, words: str) -> Iterator[None]:
    """All that happens to the draft inside is one step, which `undo` takes back. One editor at a time gets in.

    Steps within steps belong to the outermost. Nothing is kept where nothing changed.
    """
    if by.memo.get(_BUSY):
        yield
        return
    by.memo[_BUSY] = True
    try:
        with transaction.atomic():
            _one_at_a_time(by)
            before = _snapshot(by.edition)
            yield
            after = _snapshot(by.edition)
            _keep(by, words, before, after)
    finally:
        by.memo[_BUSY] = False


def step(words: str) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """Makes a verb one step, and refuses it to who does not edit the programme, so that no verb need ask again.

    `words` is filled with its arguments: `"Changed “{0.title}”"`.
    """

    def decorate(verb: Callable[..., T]) -> Callable[..., T]:
        @wraps(verb)
        def wrapper(*args: Any, by: Viewer, **kwargs: Any) -> T:
            require(may_edit_programme(by))
            with undoable(by, words.format(*args)):
                return verb(*args, by=by, **kwargs)

        return wrapper

    return decorate


@transaction.atomic
def undo(edition: Edition, *, by: Viewer) -> str:
    """Take back what `by` did last to the draft; returns in words what that was.

    Raises:
        NotAllowed: `by` does not edit the programme, did nothing that is left to undo, somebody changed the same
            things since, or a room would be taken twice.
    """
    require(may_edit_programme(by))
    _one_at_a_time(by)
    step = last_step(by)
    if step is None:
        raise NotAllowed("There is nothing of yours left to undo.")
    now = _snapshot(edition)
    for kind in ("sessions", "slots"):
        for pid, left in step.after[kind].items():
            if now[kind].get(pid) != left:
                raise NotAllowed(f"Somebody changed the same since: “{step.words}” can only be undone by hand.")
    _restore(edition, step.before)
    step.delete()
    refuse_double_booking(edition)
    record("programme.step_undone", by=by, subject=edition, details={"what": step.words})
    return step.words


def last_step(by: Viewer) -> Step | None:
    """What `undo` would take back. One query."""
    return Step.objects.filter(edition=by.edition, by=by.user).first()


def _one_at_a_time(by: Viewer) -> None:
    Edition.objects.select_for_update(no_key=True).only("pk").get(pk=by.edition.pk)


def _snapshot(edition: Edition) -> dict[str, Rows]:
    """The draft as plain JSON. Five queries."""
    sessions = {
        row.pop("public_id"): {name: _plain(value) for name, value in row.items()} | {"chairs": []}
        for row in Session.objects.filter(edition=edition).order_by().values("public_id", *_SESSION)
    }
    slots = {
        row.pop("public_id"): {**row, "speakers": [], "resources": []}
        for row in Slot.objects.filter(session__edition=edition)
        .order_by()
        .values("public_id", "session__public_id", *_SLOT)
    }
    chairs = Session.chairs.through.objects.filter(session__edition=edition).order_by("pk")
    for pid, person in chairs.values_list("session__public_id", "person"):
        sessions[pid]["chairs"].append(person)
    speakers = Slot.speakers.through.objects.filter(slot__session__edition=edition).order_by("pk")
    for pid, person in speakers.values_list("slot__public_id", "person"):
        slots[pid]["speakers"].append(person)
    resources = Resource.objects.filter(slot__session__edition=edition)
    for row in resources.values("public_id", "slot__public_id", *_RESOURCE):
        slots[row.pop("slot__public_id")]["resources"].append({name: _plain(value) for name, value in row.items()})
    return {"sessions": sessions, "slots": slots}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _keep(by: Viewer, words: str, before: dict[str, Rows], after: dict[str, Rows]) -> None:
    changed = {
        kind: [pid for pid in before[kind] | after[kind] if before[kind].get(pid) != after[kind].get(pid)]
        for kind in before
    }
    if not any(changed.values()):
        return
    was, became = (
        {kind: {pid: each[kind].get(pid) for pid in pids} for kind, pids in changed.items()} for each in (before, after)
    )
    Step.objects.create(edition=by.edition, by=by.user, words=words[:300], before=was, after=became, done_at=by.now)
    mine = Step.objects.filter(edition=by.edition, by=by.user)
    mine.filter(pk__in=list(mine.values_list("pk", flat=True)[_KEPT:])).delete()


def _restore(edition: Edition, before: dict[str, dict[str, dict[str, Any] | None]]) -> None:
    """Sessions first, since items are in them; boards are cleared before they are given again."""
    for pid, fields in before["sessions"].items():
        if fields is not None:
            _put_session(edition, pid, fields)
    slots = Slot.objects.filter(session__edition=edition, public_id__in=before["slots"])
    slots.filter(public_id__in=[pid for pid, fields in before["slots"].items() if fields is None]).delete()
    slots.update(board="", position=0)
    for pid, fields in before["slots"].items():
        if fields is not None:
            _put_slot(edition, pid, fields)
    gone = [pid for pid, fields in before["sessions"].items() if fields is None]
    Session.objects.filter(edition=edition, public_id__in=gone).delete()


def _put_session(edition: Edition, pid: str, fields: dict[str, Any]) -> None:
    own = {name: fields[name] for name in _SESSION}
    if own["room_id"] and not edition.rooms.filter(pk=own["room_id"]).exists():
        own["room_id"] = None  # the room itself was removed since
    row, _ = Session.objects.update_or_create(edition=edition, public_id=pid, defaults=own)
    row.chairs.set(edition.people.filter(pk__in=fields["chairs"]))


def _put_slot(edition: Edition, pid: str, fields: dict[str, Any]) -> None:
    session = edition.sessions.get(public_id=fields["session__public_id"])
    own = {name: fields[name] for name in _SLOT} | {"session": session}
    row, _ = Slot.objects.update_or_create(public_id=pid, defaults=own)
    row.speakers.set(edition.people.filter(pk__in=fields["speakers"]))
    row.resources.all().delete()
    for each in fields["resources"]:
        row.resources.create(**each)
