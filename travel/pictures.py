"""The ranking in pictures: how scores are spread, and where people would come from. No name is in them."""

from collections import Counter
from dataclasses import dataclass

from ml4rs.editions.charts import Chart, Row
from ml4rs.editions.maps import on_map
from travel.airports import airport
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
