"""A map of the world as SVG, without tiles or requests: land outlines of Natural Earth, in plate carrée. Plain Python.

The npm package `world-atlas` brings the outlines (1:110 million) as TopoJSON. Source of the format:
https://github.com/topojson/topojson-specification
"""

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 720.0, 360.0  # of the view box: two units a degree
_PER_DEGREE = 2.0
Point = tuple[float, float]  # degrees east, degrees north


def on_map(longitude: float, latitude: float) -> Point:
    """Where a place stands in the view box, from the upper left.

    Raises:
        ValueError: there is no such place.
    """
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise ValueError("Longitudes go from -180 to 180 and latitudes from -90 to 90.")
    return (longitude + 180) * _PER_DEGREE, (90 - latitude) * _PER_DEGREE


@lru_cache(maxsize=2)
def land(file: Path) -> str:
    """The outlines of all land as the `d` of one SVG path; empty where the package is not installed."""
    if not file.is_file():
        return ""
    topology = json.loads(file.read_text(encoding="utf-8"))
    arcs = [_decoded(arc, topology["transform"]) for arc in topology["arcs"]]
    rings = _rings(topology["objects"]["land"]["geometries"])
    return "".join(_drawn(_joined(ring, arcs)) for ring in rings)


def _decoded(arc: list[list[int]], transform: dict[str, Any]) -> list[Point]:
    """Arcs are written as differences of whole numbers."""
    (scale_x, scale_y), (shift_x, shift_y) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for step_x, step_y in arc:
        x, y = x + step_x, y + step_y
        points.append((x * scale_x + shift_x, y * scale_y + shift_y))
    return points


def _rings(geometries: list[dict[str, Any]]) -> Iterator[list[int]]:
    for geometry in geometries:
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        for polygon in polygons:
            yield from polygon


def _joined(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    """A ring of arcs by number; `~n` is arc n from its end. Neighbours share their ends."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def _drawn(points: list[Point]) -> str:
    """A ring; where it leaps over 180° a new part begins, so that no line crosses the map."""
    parts: list[list[Point]] = [[]]
    for longitude, latitude in points:
        place = on_map(max(-180.0, min(180.0, longitude)), max(-90.0, min(90.0, latitude)))
        if parts[-1] and abs(place[0] - parts[-1][-1][0]) > WIDTH / 2:
            parts.append([])
        parts[-1].append(place)
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in part) + "Z" for part in parts if len(part) > 1)
