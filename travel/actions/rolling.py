"""Money that came back goes to the waiting list: in its order, to everybody whom it reaches."""

from datetime import datetime

from django.db import transaction

from ml4rs.editions.models import Edition
from ml4rs.editions.policy import NotAllowed, require
from ml4rs.editions.viewer import Viewer
from travel.actions.money import one_at_a_time
from travel.actions.offering import make_offer
from travel.models import Offer, Plan, Pool
from travel.outlook import answered_until, waiting
from travel.policies import reached
from travel.policy import may_officiate
from travel.queries import settings_of


def roll(edition: Edition, now: datetime) -> list[Offer]:
    """Offer what is left to those on the waiting list, unless the officers want to approve each offer."""
    return _offered(edition, now, None) if settings_of(edition).rolls_by_itself else []


@transaction.atomic
def offer_to_waiting(*, by: Viewer) -> list[Offer]:
    """An officer's press: what is left goes to those on the waiting list whom they handle.

    Raises:
        NotAllowed: `by` is no grants officer, or nobody is reached by what is left.
    """
    require(may_officiate(by))
    made = _offered(by.edition, by.now, by)
    if not made:
        raise NotAllowed("What is left reaches nobody on the waiting list.")
    return made


@transaction.atomic
def _offered(edition: Edition, now: datetime, by: Viewer | None) -> list[Offer]:
    one_at_a_time(edition)
    until = answered_until(edition, now)
    if until is None:
        return []
    return [made for plan in waiting(edition, by) if (made := _reach(plan, now, until, by)) is not None]


def _reach(plan: Plan, now: datetime, until: datetime, by: Viewer | None) -> Offer | None:
    """An offer to one person, if what is left now reaches them. Somebody else's press at the same time comes first."""
    application = plan.application
    pools = {
        pool.public_id: pool
        for pool in Pool.objects.filter(edition=application.edition_id, currency=application.currency)
    }
    left = {key: pool.left_minor for key, pool in pools.items()}
    found = reached(plan.amount_minor or 0, application.least_minor, left)
    if found is None:
        return None
    try:
        with transaction.atomic():
            return make_offer(
                application,
                pool=pools[found[0]],
                amount_minor=found[1],
                offered_by=by.user if by else plan.planned_by,
                at=now,
                expires_at=until,
                by=by,
            )
    except NotAllowed:  # answered or spent between the look and the press; the list goes on
        return None
