"""The ranking in pictures: how scores are spread, and where people would come from. No name is in them."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Q, Sum

from ml4rs.editions.charts import Chart, Row
from ml4rs.editions.maps import on_map
from travel.airports import airport
from travel.models import Offer, Pool
from travel.queries import PoolLine
from travel.standings import Line

_BINS = 10


@dataclass(frozen=True)
class Departure:
    """An airport on the map of the world, with how many would leave from it."""

    x: float
    y: float
    title: str
    people: int

    width = height = 0.0  # a point


def scores(lines: list[Line]) -> Chart:
    """How many applications have which score, from 0 to 1 in tenths; set off, those safely in."""
    counted = Counter(_tenth(line) for line in lines)
    safe = Counter(_tenth(line) for line in lines if line.standing == "in")
    rows = [Row(f"{place / _BINS:.1f}", counted[place], safe[place]) for place in range(_BINS)]
    return Chart("Scores", rows, columns=("From", "Applications"), part="Safely in")


def _tenth(line: Line) -> int:
    return min(int(line.score.total * _BINS), _BINS - 1)


def departures(lines: list[Line]) -> list[Departure]:
    """By airport, the most frequented first."""
    counted = Counter(line.application.airport for line in lines if line.application.airport)
    found = []
    for code, people in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])):
        if (place := airport(code)) is not None:
            x, y = on_map(place.at[1], place.at[0])
            found.append(Departure(x, y, f"{place.city or place.name}, {place.country}: {people}", people))
    return found


@dataclass(frozen=True)
class Part:
    """A piece of a pool's bar: what it is, how much in minor units, where it begins and how long it is in per cent."""

    key: str
    label: str
    minor: int
    start: float
    share: float


@dataclass(frozen=True)
class Bar:
    """A pool's money from what is paid to what is kept back."""

    pool: Pool
    parts: list[Part]


def budget_bars(pools: list[PoolLine]) -> list[Bar]:
    """One bar for each pool that holds money: paid, accepted, waiting for an answer, free, reserve.

    What may be offered beyond the sum (up to 115 per cent) has no place of its own: bars that are over-full are
    drawn to what is promised. One query.
    """
    held = Offer.objects.filter(pool__in=[line.pool.pk for line in pools]).order_by()
    sums = {
        row["pool"]: row
        for row in held.values("pool").annotate(
            paid=Sum("paid_minor", default=0),
            accepted=Sum("amount_minor", filter=Q(state=Offer.State.ACCEPTED), default=0),
            asked=Sum("amount_minor", filter=Q(state=Offer.State.OPEN), default=0),
        )
    }
    nothing = {"paid": 0, "accepted": 0, "asked": 0}
    return [_bar(line.pool, sums.get(line.pool.pk, nothing)) for line in pools if line.pool.amount_minor]


def _bar(pool: Pool, sums: dict[str, int]) -> Bar:
    free = max(0, pool.amount_minor - pool.reserve_minor - sums["accepted"] - sums["asked"])
    named = (
        ("paid", "Paid", sums["paid"]),
        ("accepted", "Accepted, to be paid", sums["accepted"] - sums["paid"]),
        ("open", "Offered, no answer yet", sums["asked"]),
        ("free", "Free", free),
        ("reserve", "Kept back", pool.reserve_minor),
    )
    whole, start, parts = sum(minor for *_, minor in named) or 1, 0.0, []
    for key, label, minor in named:
        share = 100 * minor / whole
        if minor:
            parts.append(Part(key, label, minor, round(start, 3), round(share, 3)))
        start += share
    return Bar(pool, parts)
