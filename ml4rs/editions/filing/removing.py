"""Taking away what a file has no longer, unless something that people did depends on it."""

from functools import partial

from django.db import models, transaction

from ml4rs.editions.models import Extension, Milestone, Question, Sponsor, TrackFile

# What belongs to a row and goes with it.
_OWN = (TrackFile, Question, Milestone, Extension, Sponsor)


class CannotLoadError(Exception):
    """The file is valid, but the database cannot follow it; `str()` says why."""


def remove(row: models.Model) -> None:
    """Delete a row of an edition, with its pictures.

    Raises:
        CannotLoadError: something else refers to it.
    """
    if needed := list(_dependants(row)):
        what = f"{type(row)._meta.verbose_name} “{row}”"
        raise CannotLoadError(f"The {what} is no longer in the file, but cannot go: {', '.join(needed)}.")
    for field in row._meta.concrete_fields:
        kept = getattr(row, field.name) if isinstance(field, models.FileField) else None
        if kept:
            transaction.on_commit(partial(kept.storage.delete, kept.name))
    row.delete()


def _dependants(row: models.Model):
    """What of other apps refers to a row, such as "12 submissions belong to it"."""
    for relation in row._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete) or relation.related_model in _OWN:
            continue
        # A link between many and many is counted by its own table, and only where the other side made it.
        if relation.many_to_many or relation.related_model._meta.auto_created is type(row):
            continue
        count = relation.related_model._base_manager.filter(**{relation.field.name: row}).count()
        if count:
            yield f"{count} {_named(relation.related_model, row, count)} to it"


def _named(model: type[models.Model], row: models.Model, count: int) -> str:
    """`submissions refer`: for a table between two, the other side's name."""
    if model._meta.auto_created:
        ends = [field.related_model for field in model._meta.fields if field.is_relation]
        model = next(end for end in ends if end is not type(row))
    meta = model._meta
    return f"{meta.verbose_name} refers" if count == 1 else f"{meta.verbose_name_plural} refer"
