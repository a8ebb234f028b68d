"""Two people at one thing: what a row says, in short, and a lock that refuses who has not seen it as it is now."""

import hashlib
import json

from django.db import models

_NOT_COMPARED = {"id", "public_id", "position", "revision", "previous_instant", "before_move"}


class ChangedMeanwhileError(Exception):
    """The row is no longer what somebody saw. `stored` is what it is now; None if it is gone."""

    def __init__(self, stored: models.Model | None) -> None:
        super().__init__("This was changed by somebody else meanwhile.")
        self.stored = stored


def contents(item: models.Model) -> dict[str, str]:
    """The fields that somebody edits, as text: for comparison and for the audit log. One query per set of rows."""
    fields = [field for field in item._meta.concrete_fields if field.name not in _NOT_COMPARED]
    sets = [field.name for field in item._meta.many_to_many] if item.pk else []
    return {
        **{field.name: field.value_to_string(item) for field in fields},
        **{name: str(sorted(getattr(item, name).values_list("pk", flat=True))) for name in sets},
    }


def fingerprint(item: models.Model) -> str:
    """A short digest of what somebody sees of a row."""
    return hashlib.sha256(json.dumps(contents(item), sort_keys=True).encode()).hexdigest()[:16]


def locked(item: models.Model, seen: str | None) -> models.Model:
    """The stored row, locked until the transaction ends.

    Raises:
        ChangedMeanwhileError: it is gone, or not what was `seen` (a fingerprint; None: whatever it is).
    """
    stored = type(item)._default_manager.select_for_update().filter(pk=item.pk).first()
    if stored is None or (seen is not None and fingerprint(stored) != seen):
        raise ChangedMeanwhileError(stored)
    return stored
