"""The verbs of organisers on their edition: change its rows, move its dates, give and take its roles."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from allauth.account.models import EmailAddress
from django.db import models, transaction
from django.db.models import Max, ProtectedError

from ml4rs.accounts.models import normalise_address
from ml4rs.editions.meanwhile import contents, locked
from ml4rs.editions.models import Edition, Milestone, Role
from ml4rs.editions.policy import NotAllowed, edition_of, may_edit, may_make_current, may_take_role, require
from ml4rs.editions.signals import acted
from ml4rs.editions.viewer import Viewer


def _forget_files(stored: models.Model, names: Iterable[str]) -> None:
    """Delete the pictures behind these fields once the change is certain."""
    for name in names:
        field = stored._meta.get_field(name)
        kept = getattr(stored, name) if isinstance(field, models.FileField) else None
        if kept:
            transaction.on_commit(partial(kept.storage.delete, kept.name))


def _tell(by: Viewer, verb: str, item: models.Model, **details: Any) -> None:
    verb = f"{item._meta.model_name}.{verb}"
    acted.send(type(item), by=by, verb=verb, subject=item, edition=edition_of(item), details=details)


@transaction.atomic
def add(item: models.Model, *, by: Viewer) -> models.Model:
    """Store a new row of the edition, last in its list.

    Raises:
        NotAllowed: `by` does not organise the edition.
    """
    require(may_edit(by, item))
    if hasattr(item, "position"):
        parent = next(name for name in ("tier", "track", "edition") if hasattr(item, f"{name}_id"))
        last = type(item)._default_manager.filter(**{parent: getattr(item, parent)}).aggregate(Max("position"))
        item.position = (last["position__max"] or 0) + 1
    item.save()
    _tell(by, "added", item, name=str(item), after=contents(item))
    return item


@transaction.atomic
def change(item: models.Model, *, by: Viewer, seen: str | None = None) -> models.Model:
    """Store the changed fields of a row. `seen` is the fingerprint of what the organiser had before them.

    Raises:
        NotAllowed: `by` does not organise the edition.
        ChangedMeanwhileError: somebody else changed or removed the row since.
    """
    stored = locked(item, seen)
    require(may_edit(by, stored))
    require(may_edit(by, item))
    before, after = contents(stored), contents(item)
    changed = [name for name in after if before[name] != after[name]]
    if changed:
        _forget_files(stored, changed)
        item.save(update_fields=changed)
        _tell(by, "changed", item, name=str(item), changes={name: [before[name], after[name]] for name in changed})
    return item


@transaction.atomic
def change_basics(edition: Edition, *, by: Viewer, seen: str | None = None) -> Edition:
    """Store the basics of an edition; making it the current one takes that from the other.

    Raises:
        NotAllowed: `by` does not organise the edition, or the current edition is not theirs to replace.
    """
    if edition.is_current:
        other = Edition.objects.filter(is_current=True).exclude(pk=edition.pk).first()
        if other is not None:
            require(may_make_current(by, other))
            Edition.objects.filter(pk=other.pk).update(is_current=False)
            _tell(by, "replaced", other, successor=edition.slug)
    return change(edition, by=by, seen=seen)


class StillNeededError(NotAllowed):
    """The row cannot go: something that people handed in refers to it."""


@transaction.atomic
def remove(item: models.Model, *, by: Viewer, seen: str | None = None) -> None:
    """Remove a row and what belongs to it.

    Raises:
        NotAllowed: `by` does not organise the edition.
        ChangedMeanwhileError: somebody else changed or removed the row since.
        StillNeededError: papers or other things that people handed in refer to it.
    """
    stored = locked(item, seen)
    require(may_edit(by, stored))
    _tell(by, "removed", stored, name=str(stored), before=contents(stored))
    _forget_files(stored, [field.name for field in stored._meta.concrete_fields])
    try:
        stored.delete()
    except ProtectedError as error:
        words = f"“{stored}” is in use and cannot be removed. What refers to it must go first."
        raise StillNeededError(words) from error


@transaction.atomic
def reorder(item: models.Model, siblings: Iterable[models.Model], *, up: bool, by: Viewer) -> None:
    """Move a row one place up or down among its siblings; at the end of the list it stays where it is."""
    require(may_edit(by, item))
    order = list(siblings)
    at = order.index(item)
    to = at - 1 if up else at + 1
    if not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    for position, each in enumerate(order):
        if each.position != position:
            type(each)._default_manager.filter(pk=each.pk).update(position=position)
    _tell(by, "reordered", item, name=str(item), position=to)


@transaction.atomic
def move_milestone(
    milestone: Milestone,
    *,
    instant: datetime | None,
    aoe: bool = False,
    whole_day: bool = False,
    grace: timedelta | None = None,
    by: Viewer,
    seen: str | None = None,
) -> Milestone:
    """Set a milestone to another instant (None: to be confirmed). Everything that reads the date follows.

    A `grace` that is given moves with it, and is put back with it; otherwise the grace stays as it is.

    The old instant stays to be shown as moved; a first date that replaces "to be confirmed" leaves none.

    Raises:
        NotAllowed: `by` does not organise the edition.
        ChangedMeanwhileError: somebody else changed the milestone since.
    """
    stored = locked(milestone, seen)
    require(may_edit(by, stored))
    if (stored.instant, stored.aoe, stored.whole_day) == (instant, aoe, whole_day):
        return stored
    before = _moment(stored)
    if instant != stored.instant:
        stored.previous_instant = stored.instant or stored.previous_instant
        stored.revision += 1
    stored.instant, stored.aoe, stored.whole_day, stored.before_move = instant, aoe, whole_day, before
    stored.grace = stored.grace if grace is None else grace
    stored.save()
    _tell(by, "moved", stored, name=str(stored), before=before, after=_moment(stored), revision=stored.revision)
    return stored


@transaction.atomic
def change_milestone(milestone: Milestone, *, moment: dict[str, Any], by: Viewer, seen: str | None = None) -> Milestone:
    """Store a milestone's other fields and move it (`moment`: instant, aoe, whole_day), both or neither."""
    change(milestone, by=by, seen=seen)
    return move_milestone(milestone, **moment, by=by)


@transaction.atomic
def undo_move(milestone: Milestone, *, by: Viewer) -> Milestone:
    """Put a milestone back to where it was before its last move, as if that had not happened.

    The revision still counts on, so that reminders follow the date that holds now.
    """
    stored = locked(milestone, None)
    require(may_edit(by, stored))
    if stored.before_move is None:
        raise NotAllowed("There is no move to undo.")
    before, after = stored.before_move, _moment(stored)
    stored.instant = _parsed(before["instant"])
    stored.previous_instant = _parsed(before["previous_instant"])
    stored.aoe, stored.whole_day = before["aoe"], before["whole_day"]
    if "grace" in before:  # moves of before that field was kept have none
        stored.grace = timedelta(seconds=before["grace"])
    stored.before_move = None
    stored.revision += 1
    stored.save()
    _tell(by, "move_undone", stored, name=str(stored), before=after, after=before, revision=stored.revision)
    return stored


def _moment(milestone: Milestone) -> dict[str, Any]:
    def text(instant: datetime | None) -> str | None:
        return instant.isoformat() if instant else None

    return {
        "instant": text(milestone.instant),
        "previous_instant": text(milestone.previous_instant),
        "aoe": milestone.aoe,
        "whole_day": milestone.whole_day,
        "grace": milestone.grace.total_seconds(),
    }


def _parsed(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def holder(address: str) -> Any:
    """The person who has verified this address, or None."""
    found = EmailAddress.objects.filter(email=normalise_address(address), verified=True).select_related("user")
    return next((each.user for each in found if each.user.is_active), None)


@transaction.atomic
def give_role(edition: Edition, name: str, address: str, *, by: Viewer) -> Role:
    """Give a role to whoever has this address; it waits for them if nobody has verified it yet. Idempotent."""
    user = holder(address)
    role = Role(edition=edition, name=name, user=user, email="" if user else normalise_address(address))
    require(may_edit(by, role))
    kept = Role.objects.filter(edition=edition, name=name, user=user, email=role.email).first()
    if kept is not None:
        return kept
    role.save()
    _tell(by, "given", role, role=name, to=normalise_address(address))
    return role


@transaction.atomic
def take_role(role: Role, *, by: Viewer) -> None:
    """Take a role away; never that of the last organiser who can sign in.

    Raises:
        NotAllowed: `by` does not organise the edition, or the edition would be left without an organiser.
        ChangedMeanwhileError: it is gone already.
    """
    # All organisers' rows at once: of two organisers who remove each other, one comes second.
    organisers = list(Role.objects.select_for_update().filter(edition=role.edition, name=Role.Name.ORGANISER))
    stored = locked(role, None)
    require(may_edit(by, stored))
    require(may_take_role(stored, organisers))
    _tell(by, "taken", stored, role=stored.name, of=str(stored.user.public_id if stored.user else stored.email))
    stored.delete()
