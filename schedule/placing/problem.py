"""What a placing has to fulfil. Plain Python; times in minutes from any origin."""

from collections import defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field

Person = Hashable


@dataclass(frozen=True)
class Place:
    """A session with room for `capacity` more items, beside `inside` that stand there (numbers of works)."""

    kind: str
    starts: float
    ends: float
    capacity: int
    inside: tuple[int, ...] = ()

    def overlaps(self, starts: float, ends: float) -> bool:
        return self.starts < ends and starts < self.ends


@dataclass(frozen=True)
class Work:
    """A talk or poster to place in a session of one of these kinds, or (without kinds) one that stands already.

    `people` must be there. `paper` ties the talk and the poster of one paper together: they are never in one session.
    """

    kinds: frozenset[str]
    people: frozenset[Person]
    text: str = ""
    paper: Hashable = None


@dataclass(frozen=True)
class Placing:
    """Places, works, and when somebody cannot come: person → spans in minutes (absences, talks of their own).

    Raises:
        ValueError: a session that ends before it starts, a negative capacity, or an item inside that does not exist.
    """

    places: tuple[Place, ...]
    works: tuple[Work, ...]
    busy: dict[Person, tuple[tuple[float, float], ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, place in enumerate(self.places):
            if place.ends <= place.starts or place.capacity < 0:
                raise ValueError(f"Place {number} has no time or a negative capacity.")
            if any(not 0 <= work < len(self.works) for work in place.inside):
                raise ValueError(f"Place {number} holds an item that does not exist.")

    @property
    def occupied(self) -> dict[Person, list[tuple[float, float]]]:
        """When people are taken: absences, and sessions in which something of theirs stands."""
        found: dict[Person, list[tuple[float, float]]] = defaultdict(list)
        for person, spans in self.busy.items():
            found[person].extend(spans)
        for place in self.places:
            for work in place.inside:
                for person in self.works[work].people:
                    found[person].append((place.starts, place.ends))
        return found
