"""What a pool of money did, in figures without names: for sponsors, and for what remains after the data is erased."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django_countries import countries

from ml4rs.editions.policy import require
from ml4rs.editions.viewer import Viewer
from travel.models import Application, Offer, Pool
from travel.policy import may_officiate

FEWEST = 3  # people, below which countries and statuses could tell who they are


@dataclass
class Figures:
    """Accepted grants of a pool. `countries` and `statuses` count people by code."""

    people: int = 0
    granted_minor: int = 0
    paid_minor: int = 0
    presenters: int = 0
    countries: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)

    def add(self, offer: Offer) -> None:
        """Count an accepted offer; its application comes with it."""
        row = offer.application
        self.people += 1
        self.granted_minor += offer.amount_minor
        self.paid_minor += offer.paid_minor
        self.presenters += row.will_present
        self.countries[str(row.country or "")] += 1
        self.statuses[row.status] += 1

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.people + other.people,
            self.granted_minor + other.granted_minor,
            self.paid_minor + other.paid_minor,
            self.presenters + other.presenters,
            self.countries + other.countries,
            self.statuses + other.statuses,
        )

    @property
    def tells_more(self) -> bool:
        """Whether there are enough people to say where they came from."""
        return self.people >= FEWEST

    @property
    def country_names(self) -> list[str]:
        return sorted(str(countries.name(code)) for code in self.countries if code)

    @property
    def status_lines(self) -> list[tuple[str, int]]:
        labels = dict(Application.Status.choices)
        return [(str(labels[key]), number) for key, number in self.statuses.most_common() if key in labels]

    def packed(self) -> dict:
        """As a pool keeps them once who they are about is erased."""
        return {
            "people": self.people,
            "granted_minor": self.granted_minor,
            "paid_minor": self.paid_minor,
            "presenters": self.presenters,
            "countries": dict(self.countries),
            "statuses": dict(self.statuses),
        }

    @classmethod
    def unpacked(cls, kept: dict | None) -> "Figures":
        if not kept:
            return cls()
        return cls(**{**kept, "countries": Counter(kept["countries"]), "statuses": Counter(kept["statuses"])})


def figures_by_pool(offers: Iterable[Offer]) -> dict[int, Figures]:
    """By primary key of the pool; of accepted offers alone."""
    found: dict[int, Figures] = defaultdict(Figures)
    for offer in offers:
        if offer.state == Offer.State.ACCEPTED:
            found[offer.pool_id].add(offer)
    return found


def thanks(viewer: Viewer) -> list[tuple[Pool, Figures]]:
    """Every pool of the edition with what it did. Two queries.

    Raises:
        NotAllowed: the viewer is no grants officer.
    """
    require(may_officiate(viewer))
    pools = list(Pool.objects.filter(edition=viewer.edition).select_related("sponsor"))
    offers = Offer.objects.filter(pool__in=[pool.pk for pool in pools], state=Offer.State.ACCEPTED)
    live = figures_by_pool(offers.select_related("application"))
    return [(pool, Figures.unpacked(pool.final_figures) + live[pool.pk]) for pool in pools]
