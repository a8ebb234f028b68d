"""Ways to share a budget among ranked applications, to be compared side by side. Plain Python; minor units, no floats.

Everybody gets at most what they ask for; who asks in another currency (`asked` is None) is left out of the comparison.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low

import numpy as np

from travel.ranking import TIERS, Candidate

_SECONDS = 5.0  # for each programme; far more than 2,000 applications take
Grants = dict[str, int]  # application → minor units


@dataclass(frozen=True)
class Outcome:
    """What a policy would do."""

    key: str
    name: str
    about: str
    grants: Mapping[str, int]

    @property
    def people(self) -> int:
        return len(self.grants)

    @property
    def cost(self) -> int:
        return sum(self.grants.values())


def full_ask(order: Sequence[Candidate], budget: int) -> Grants:
    """Down the ranking everybody gets what they ask for; whom the money does not reach is passed over."""
    return _down(order, budget, lambda each: each.asked or 0)


def flat_by_band(order: Sequence[Candidate], budget: int) -> Grants:
    """Down the ranking everybody gets one sum for their distance, the lower median of what is asked from there."""
    asks: dict[int | None, list[int]] = defaultdict(list)
    for each in order:
        if each.asked is not None:
            asks[each.band].append(each.asked)
    sums = {band: median_low(values) for band, values in asks.items()}
    return _down(order, budget, lambda each: min(each.asked or 0, sums[each.band]))


def flood_fill(order: Sequence[Candidate], budget: int) -> Grants:
    """Everybody gets what they ask for up to one level, the highest that the money allows."""
    asks = sorted(each.asked for each in order if each.asked is not None)
    left, level = budget, 0
    for place, ask in enumerate(asks):
        level = min(ask, left // (len(asks) - place))
        if level < ask:
            break
        left -= ask
    grants = {each.id: min(each.asked, level) for each in order if each.asked is not None}
    return {pid: amount for pid, amount in grants.items() if amount > 0}


def most_people(order: Sequence[Candidate], budget: int) -> Grants:
    """As many presenters as can come, then as many authors, then others; among such choices those who rank highest.

    Exact, by whole-number programmes (HiGHS): one for the count of each tier, one for the ranks.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    some = [each for each in order if each.asked is not None]
    if not some:
        return {}
    asks = np.array([each.asked for each in some], float)
    tiers = np.array([each.tier for each in some])
    rows, low, high = [asks], [-np.inf], [float(budget)]
    chosen = np.zeros(len(some), bool)
    aims = [(tiers == tier).astype(float) for tier in range(len(TIERS))]
    for number, aim in enumerate([*aims, np.arange(len(some), 0, -1).astype(float)]):
        found = milp(
            -aim,
            constraints=LinearConstraint(np.array(rows), low, high),
            integrality=np.ones(len(some)),
            bounds=Bounds(0, 1),
            options={"mip_rel_gap": 0, "time_limit": _SECONDS},
        )
        if found.x is None:  # not even a first answer in time: what the tiers before it allow stands
            break
        chosen = found.x > 0.5
        if number < len(aims):
            rows, low, high = [*rows, aim], [*low, float((aim * chosen).sum())], [*high, np.inf]
    return {each.id: each.asked or 0 for each, is_in in zip(some, chosen, strict=True) if is_in}


POLICIES: Mapping[str, tuple[str, str, Callable[[Sequence[Candidate], int], Grants]]] = {
    "full": ("Full ask by rank", "Everybody in turn gets what they ask for.", full_ask),
    "flat": ("One sum for a distance", "The median ask of each distance band.", flat_by_band),
    "flood": ("Flood fill", "Everybody gets their ask up to one level.", flood_fill),
    "most": ("As many as can come", "Presenters first, then authors, then others.", most_people),
}


def compared(order: Sequence[Candidate], budget: int) -> list[Outcome]:
    """What each policy would do with this budget."""
    return [Outcome(key, name, about, share(order, budget)) for key, (name, about, share) in POLICIES.items()]


def reached(amount: int, least: int | None, left: Mapping[str, int]) -> tuple[str, int] | None:
    """From which pool somebody can be offered how much: all of `amount` from the pool that it leaves emptiest,

    else what the richest pool has left if that is at least `least`. None where neither is there. `left` is in minor
    units, by pool; equal ones are taken by their key.
    """
    enough = [(rest, pool) for pool, rest in left.items() if rest >= amount]
    if enough:
        return min(enough)[1], amount
    rest, pool = max(((rest, pool) for pool, rest in left.items()), default=(0, ""))
    return (pool, rest) if least is not None and 0 < least <= rest else None


def into_pools(
    order: Sequence[Candidate], grants: Mapping[str, int], left: Mapping[str, int]
) -> tuple[dict[str, tuple[str, int]], list[str]]:
    """Each grant whole from one pool, down the ranking; and those that fit into no single pool any more."""
    rest, placed, homeless = dict(left), {}, []
    for each in order:
        if not (amount := grants.get(each.id, 0)):
            continue
        found = reached(amount, None, rest)
        if found is None:
            homeless.append(each.id)
            continue
        rest[found[0]] -= amount
        placed[each.id] = found
    return placed, homeless


def _down(order: Sequence[Candidate], budget: int, amount_of: Callable[[Candidate], int]) -> Grants:
    grants = {}
    for each in order:
        if each.asked is None:
            continue
        amount = amount_of(each)
        if 0 < amount <= budget:
            budget -= amount
            grants[each.id] = amount
    return grants
