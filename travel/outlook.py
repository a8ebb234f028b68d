"""Planned answers and the waiting list as an officer may read them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import QuerySet

from ml4rs.editions.clock import aoe_deadline
from ml4rs.editions.models import Edition
from ml4rs.editions.policy import require
from ml4rs.editions.viewer import Viewer
from travel.models import Application, Assessment, Plan, TravelSettings
from travel.policy import may_officiate
from travel.queries import PoolLine, pools, settings_of
from travel.quorum import missing_assessments


def planned(viewer: Viewer) -> list[Plan]:
    """What this officer would release: plans for applications that they handle and nobody answered, by place.

    As many queries as `seen_by`, and one.
    """
    handled = Application.objects.handled_by(viewer).filter(state=Application.State.SUBMITTED).order_by()
    rows = Plan.objects.filter(application__in=handled.values("pk")).order_by("place", "pk")
    return list(rows.select_related("application__edition", "application__user", "pool"))


def fingerprint(plans: list[Plan]) -> str:
    """Changes with any answer, so that nothing is released that was not looked at."""
    text = ";".join(f"{each.application_id},{each.answer},{each.pool_id},{each.amount_minor}" for each in plans)
    return sha256(text.encode()).hexdigest()[:16]


def waiting(edition: Edition, viewer: Viewer | None = None) -> QuerySet[Plan]:
    """The waiting list in its order; for an officer those whom they handle."""
    rows = Plan.objects.filter(
        answer=Plan.Answer.WAIT, application__edition=edition, application__state=Application.State.WAITING
    )
    if viewer is not None:
        rows = rows.filter(application__in=Application.objects.handled_by(viewer).order_by().values("pk"))
    return rows.select_related("application__edition", "application__user", "planned_by").order_by("place", "pk")


def answered_until(edition: Edition, now: datetime) -> datetime | None:
    """When an offer that is made now expires: after the days of the settings, before the edition begins.

    None where that is too late for an offer.
    """
    last = now.date() + timedelta(days=settings_of(edition).offer_days)
    if edition.starts_on is not None:
        last = min(last, edition.starts_on - timedelta(days=1))
    until = aoe_deadline(last)
    return until if until > now else None


@dataclass(frozen=True)
class Planned:
    """A planned answer. Its amount is hidden from an officer whose marks are not in yet."""

    plan: Plan
    is_blind: bool
    missing: int

    @property
    def currency(self) -> str:
        return self.plan.pool.currency if self.plan.pool else self.plan.application.currency


@dataclass(frozen=True)
class Planning:
    """A pool with what the planned offers would take of it, in minor units.

    The sum is hidden (`is_blind`) from an officer who has not marked everybody in it: of one offer it is the amount.
    """

    line: PoolLine
    planned: int
    is_blind: bool

    @property
    def rest(self) -> int:
        return self.line.left - self.planned

    @property
    def lacking(self) -> int:
        return max(0, -self.rest)


@dataclass(frozen=True)
class Outlook:
    """All that an officer looks at before they release answers."""

    offers: list[Planned]
    waits: list[Planned]
    declines: list[Planned]
    pools: list[Planning]
    unplanned: int
    waiting: list[Planned]
    settings: TravelSettings
    seen: str
    can_offer: bool

    @property
    def count(self) -> int:
        return len(self.offers) + len(self.waits) + len(self.declines)

    @property
    def groups(self) -> list[tuple[str, list[Planned]]]:
        """Those that have anybody in them."""
        named = (("Offers", self.offers), ("Waiting list", self.waits), ("Not granted", self.declines))
        return [(title, rows) for title, rows in named if rows]

    @property
    def obstacles(self) -> list[str]:
        """Why nothing can be released as it stands."""
        found = [
            f"“{each.line.pool.name}” has too little left for what is planned." for each in self.pools if each.lacking
        ]
        short = [each for _, rows in self.groups for each in rows if each.missing]
        if short:
            names = ", ".join(each.plan.application.legal_name for each in short)
            found.append(f"Not enough officers have assessed these yet: {names}.")
        return found


def outlook(viewer: Viewer) -> Outlook:
    """What is planned among those whom this officer handles. Twelve queries, and eight for each officer.

    Raises:
        NotAllowed: the viewer is no grants officer.
    """
    require(may_officiate(viewer))
    plans, on_list = planned(viewer), list(waiting(viewer.edition, viewer))
    missing = missing_assessments(viewer, [each.application for each in plans])
    keys = [each.application_id for each in (*plans, *on_list)]
    marked = set(
        Assessment.objects.filter(application__in=keys, officer=viewer.user).values_list("application", flat=True)
    )

    def shown(rows: list[Plan], answer: str = "") -> list[Planned]:
        return [
            Planned(each, each.application_id not in marked, missing.get(each.application_id, 0))
            for each in rows
            if answer in ("", each.answer)
        ]

    handled = Application.objects.handled_by(viewer).order_by()
    return Outlook(
        offers=shown(plans, Plan.Answer.OFFER),
        waits=shown(plans, Plan.Answer.WAIT),
        declines=shown(plans, Plan.Answer.DECLINE),
        pools=_pools(viewer, plans, marked),
        unplanned=handled.filter(state=Application.State.SUBMITTED, plan__isnull=True).count(),
        waiting=shown(on_list),
        settings=settings_of(viewer.edition),
        seen=fingerprint(plans),
        can_offer=answered_until(viewer.edition, viewer.now) is not None,
    )


def _pools(viewer: Viewer, plans: list[Plan], marked: set[int]) -> list[Planning]:
    lines = pools(viewer)
    sums = {line.pool.pk: 0 for line in lines}
    for each in plans:
        if each.pool_id is not None:
            sums[each.pool_id] += each.amount_minor or 0
    hidden = {each.pool_id for each in plans if each.application_id not in marked}
    return [Planning(line, sums[line.pool.pk], line.pool.pk in hidden) for line in lines]
