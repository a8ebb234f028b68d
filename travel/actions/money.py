"""The money: pools, what is committed of them, and how it comes back. Sums move by conditional updates only."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from ml4rs.audit.actions import record
from ml4rs.editions.models import Edition, Sponsor
from ml4rs.editions.money import in_words
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from travel.models import Offer, Pool, TravelSettings, room_for
from travel.policy import may_officiate

SETTINGS = frozenset(
    ("airport", "currency", "students_only", "needs_proof", "least_assessments", "answers_on", "offer_days",
     "rolls_by_itself", "erase_on")
)  # fmt: skip
_HELD = (Offer.State.OPEN, Offer.State.ACCEPTED)


def one_at_a_time(edition: Edition) -> None:
    """Within a transaction: whoever answers or moves money of this edition at the same moment waits for its end.

    Every such verb begins with it. Pools, offers and applications are changed in more than one order, which without it
    would end in deadlocks.
    """
    row, _ = TravelSettings.objects.get_or_create(edition=edition)
    TravelSettings.objects.select_for_update().get(pk=row.pk)


def commit(pool: Pool, amount_minor: int) -> None:
    """Set money of a pool aside, if that much is left. Of two officers at once, the second is told.

    Raises:
        NotAllowed: less is left.
    """
    enough = Pool.objects.filter(room_for(F("committed_minor") + amount_minor), pk=pool.pk)
    if not enough.update(committed_minor=F("committed_minor") + amount_minor):
        pool.refresh_from_db()
        left = in_words(pool.left_minor, pool.currency)
        raise NotAllowed(f"“{pool.name}” has {left} left. Offer less, or choose another pool.")


def _check(amount_minor: int, reserve_minor: int, overcommit_percent: int) -> None:
    if reserve_minor > amount_minor:
        raise NotAllowed("The reserve cannot be more than the sum.")
    if not 100 <= overcommit_percent <= 115:
        raise NotAllowed("Between 100 and 115 per cent may be offered.")


def give_back(offer: Offer, state: str, *, at: datetime, only: tuple[str, ...] = _HELD) -> bool:
    """End an offer and return its money to the pool: exactly once, whoever asks twice; never once some is paid."""
    ended = Offer.objects.filter(pk=offer.pk, state__in=only, paid_minor=0).update(state=state, answered_at=at)
    if ended:
        Pool.objects.filter(pk=offer.pool_id).update(committed_minor=F("committed_minor") - offer.amount_minor)
    return bool(ended)


@transaction.atomic
def add_pool(
    edition: Edition,
    *,
    name: str,
    amount_minor: int,
    currency: str,
    sponsor: Sponsor | None = None,
    reserve_minor: int = 0,
    overcommit_percent: int = 100,
    by: Viewer,
) -> Pool:
    """Add money for grants; a reserve is never offered, and of the rest up to 115 per cent may be.

    Raises:
        NotAllowed: `by` is no grants officer, there is a pool of this name, or the reserve exceeds the sum.
    """
    require(may_officiate(by))
    _check(amount_minor, reserve_minor, overcommit_percent)
    try:
        with transaction.atomic():
            pool = Pool.objects.create(
                edition=edition,
                name=name,
                amount_minor=amount_minor,
                currency=currency,
                sponsor=sponsor,
                reserve_minor=reserve_minor,
                overcommit_percent=overcommit_percent,
            )
    except IntegrityError as error:
        raise NotAllowed(f"There is a pool called “{name}” already.") from error
    details = {"name": name, "amount": in_words(amount_minor, currency)}
    record("grant.pool_added", by=by, subject=pool, grants_only=True, details=details)
    return pool


@transaction.atomic
def edit_pool(
    pool: Pool,
    *,
    name: str,
    amount_minor: int,
    sponsor: Sponsor | None,
    reserve_minor: int = 0,
    overcommit_percent: int = 100,
    by: Viewer,
) -> Pool:
    """Change a pool; what may be offered never falls below what is committed.

    Raises:
        NotAllowed: `by` is no grants officer, the name is taken, the reserve exceeds the sum, or more is committed
            than could be offered.
    """
    require(may_officiate(by))
    _check(amount_minor, reserve_minor, overcommit_percent)
    one_at_a_time(pool.edition)
    most = (amount_minor - reserve_minor) * overcommit_percent // 100
    rows = Pool.objects.filter(pk=pool.pk, edition=by.edition, committed_minor__lte=most)
    values = {
        "name": name,
        "amount_minor": amount_minor,
        "sponsor": sponsor,
        "reserve_minor": reserve_minor,
        "overcommit_percent": overcommit_percent,
    }
    try:
        with transaction.atomic():
            changed = rows.update(**values)
    except IntegrityError as error:
        raise NotAllowed(f"There is a pool called “{name}” already.") from error
    if not changed:
        raise NotAllowed("More than that is offered already. Take offers back first.")
    details = {"name": name, "amount": in_words(amount_minor, pool.currency)}
    record("grant.pool_edited", by=by, subject=pool, grants_only=True, details=details)
    pool.refresh_from_db()
    return pool


@transaction.atomic
def remove_pool(pool: Pool, *, by: Viewer) -> None:
    """Remove a pool from which nothing was ever offered.

    Raises:
        NotAllowed: `by` is no grants officer, or offers were made from it.
    """
    require(may_officiate(by))
    if pool.offers.exists():
        raise NotAllowed("Offers were made from this pool; it stays for the record.")
    record("grant.pool_removed", by=by, subject=pool, grants_only=True, details={"name": pool.name})
    pool.delete()


@transaction.atomic
def set_settings(edition: Edition, *, by: Viewer, **values: Any) -> TravelSettings:
    """Change what the edition's support goes by; `values` are fields of `TravelSettings` that officers may set.

    Raises:
        NotAllowed: `by` is no grants officer.
        TypeError: a field is none of these.
    """
    require(may_officiate(by))
    if unknown := values.keys() - SETTINGS:
        raise TypeError(f"no settings: {', '.join(sorted(unknown))}")
    row, _ = TravelSettings.objects.update_or_create(edition=edition, defaults=values)
    details = {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
    record("grant.settings_changed", by=by, subject=row, grants_only=True, details=details)
    return row
