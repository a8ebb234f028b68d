"""How much room the programme has for each form of presentation."""

from collections.abc import Iterable

from django.db import transaction

from ml4rs.audit.actions import record
from ml4rs.editions.models import Edition
from ml4rs.editions.policy import require
from ml4rs.editions.viewer import Viewer
from reviews.models import Capacity
from reviews.policy import may_run_committee


@transaction.atomic
def set_capacities(edition: Edition, rows: Iterable[Capacity], *, by: Viewer) -> None:
    """Take these in place of all that were known. They warn in the table of decisions, and bar nothing.

    Raises:
        NotAllowed: `by` is no organiser.
    """
    require(may_run_committee(by))
    rows = list(rows)
    replace_capacities(edition, rows)
    record("capacity.set", by=by, subject=edition, details={row.presentation: row.room_for for row in rows})


def replace_capacities(edition: Edition, rows: Iterable[Capacity]) -> None:
    """The same for an edition's file, whose loader has asked who may."""
    Capacity.objects.filter(edition=edition).delete()
    for row in rows:
        row.edition = edition
    Capacity.objects.bulk_create(rows)


def copy_capacities(source: Edition, target: Edition) -> None:
    """Give a cloned edition the room of the one it comes from."""
    if not target.capacities.exists():
        same = source.capacities.values("presentation", "places", "minutes", "minutes_each")
        replace_capacities(target, [Capacity(**each) for each in same])
