"""Engine of travel support: how far somebody travels. Plain Python, no Django."""

from math import asin, cos, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088  # mean radius, IUGG 1980 (https://doi.org/10.1007/s001900050278)
BANDS_KM = (500, 1500, 3500, 7000, 11000)


def great_circle_km(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Kilometres between two points (latitude, longitude in degrees) on a sphere.

    The haversine formula, stable for small distances (R. W. Sinnott, "Virtues of the Haversine", 1984).
    """
    lat1, lon1, lat2, lon2 = (radians(angle) for angle in (*start, *end))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))


def band(kilometres: float) -> int:
    """0 for the nearest to 5 for the farthest; never falls with distance."""
    return sum(kilometres >= edge for edge in BANDS_KM)
