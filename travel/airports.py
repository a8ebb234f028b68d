"""Airports by code and by name, from the offline table of the `airportsdata` package."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import airportsdata

from travel.scoring import great_circle_km


@dataclass(frozen=True)
class Airport:
    code: str
    name: str
    city: str
    country: str
    at: tuple[float, float]
    keys: tuple[str, str] = ("", "")  # city and name as they are compared

    def __str__(self) -> str:
        place = f"{self.city}, {self.country}" if self.city and self.city not in self.name else self.country
        return f"{self.code} · {self.name} ({place})"


class AirportUnclearError(ValueError):
    """What was typed names no airport, or several; `str()` says what to do."""


@lru_cache(maxsize=1)
def _all() -> dict[str, Airport]:
    table = airportsdata.load("IATA")
    return {
        code: Airport(code, row["name"], row["city"], row["country"], (row["lat"], row["lon"]), _keys(row))
        for code, row in table.items()
    }


def airport(code: str) -> Airport | None:
    return _all().get(code.upper())


def search(text: str, most: int = 12) -> list[Airport]:
    """Airports whose code, city or name begins with what was typed; the code's own first."""
    wanted = _folded(text.strip())
    if len(wanted) < 2:
        return []
    found = [each for each in _all().values() if _rank(each, wanted) < _MISS]
    return sorted(found, key=lambda each: (_rank(each, wanted), each.code))[:most]


_MISS = 9


def _rank(each: Airport, wanted: str) -> int:
    city, name = each.keys
    if each.code.casefold() == wanted:
        return 0
    if city == wanted:
        return 1 if "international" in name else 2
    return 3 if city.startswith(wanted) or name.startswith(wanted) else _MISS


def _keys(row: dict) -> tuple[str, str]:
    return _folded(row["city"]), _folded(row["name"])


def _folded(text: str) -> str:
    """Lower case without accents: Zürich is found as Zurich."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def meant_by(text: str) -> str:
    """The code that a code, an entry of the completion or a city stands for.

    Raises:
        AirportUnclearError: it names none, or several.
    """
    typed = text.strip()
    code = typed.split("·")[0].strip().upper()
    if len(code) == 3 and airport(code):
        return code
    found = search(typed)
    if len(found) == 1:
        return found[0].code
    if not found:
        raise AirportUnclearError("No airport is known by this. Give its three-letter code, such as ZRH.")
    raise AirportUnclearError(f"Several airports fit. Write the code of one: {'; '.join(map(str, found[:6]))}.")


def kilometres(start: str, end: str) -> int | None:
    """Great-circle distance between two airports by code; None where one is unknown."""
    here, there = airport(start), airport(end)
    return round(great_circle_km(here.at, there.at)) if here and there else None
