"""Makes the outlines of the map of the Americas: ``python -m dashboard.geometry world-atlas-2.0.2.tgz``.

The input is the npm package world-atlas (``npm pack world-atlas@2.0.2``), a redistribution of Natural Earth 1:50m as
TopoJSON. It is decoded, cut to the Americas, projected once and simplified; the result is committed, so that neither
the app nor its tests need the package.
"""

import argparse
import hashlib
import itertools
import json
import math
import tarfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pycountry

from dashboard.charts.americas import CENTRE, ENLARGED, FILE, LAND, RADIUS_KM, Point, project

_MEMBER = "package/countries-50m.json"

_STATES = (
    "ARG ATG BHS BLZ BOL BRA BRB CAN CHL COL CRI CUB DMA DOM ECU GRD GTM GUY HND HTI JAM KNA LCA MEX NIC PAN PER PRY "
    "SLV SUR TTO URY USA VCT VEN"
)
_TERRITORIES = "ABW AIA BLM BMU CUW CYM FLK GRL MAF MSR PRI SGS SPM SXM TCA VGB VIR"
STATES = frozenset(_STATES.split())
TERRITORIES = frozenset(_TERRITORIES.split())
# The outlines of these lie in several parts of the world: what lies west of the longitude belongs to the Americas.
_PARTLY_HERE = {"FRA": -50.0, "NLD": -60.0}

# How far an outline may stray, and how small an island may be, in km and km²; finer where the map is enlarged.
_STRAY_KM, _STRAY_ENLARGED_KM = 8.0, 1.6
_LEAST_KM2, _LEAST_ENLARGED_KM2 = 400.0, 4.0

Ring = list[Point]


def area(ring: Sequence[Point]) -> float:
    """The area inside a closed ring of plane points, in their unit squared."""
    return abs(sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in itertools.pairwise(ring))) / 2


def simplify(line: Ring, stray: float) -> Ring:
    """A line with fewer points, none of the points left out farther than ``stray`` from it (Douglas and Peucker, 1973).

    The ends stay; of a closed line the point farthest from its start stays as well, and as much as keeps its area
    within a tenth.
    """
    if line[0] != line[-1]:
        return _thin(line, stray)
    far = max(range(len(line)), key=lambda index: math.dist(line[0], line[index]))
    for finer in (1, 2, 4, 8):
        thin = _thin(line[: far + 1], stray / finer)[:-1] + _thin(line[far:], stray / finer)
        if len(thin) >= 4 and abs(area(thin) / area(line) - 1) <= 0.1:
            return thin
    return line


def _thin(line: Ring, stray: float) -> Ring:
    kept = {0, len(line) - 1}
    waiting = [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        farthest = max(range(first + 1, last), key=lambda index: _distance(line[index], line[first], line[last]))
        if _distance(line[farthest], line[first], line[last]) > stray:
            kept.add(farthest)
            waiting += [(first, farthest), (farthest, last)]
    return [line[index] for index in sorted(kept)]


def _distance(point: Point, start: Point, end: Point) -> float:
    (x, y), (x1, y1), (x2, y2) = point, start, end
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    along = 0.0 if length == 0 else min(1.0, max(0.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length))
    return math.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1))


@dataclass
class Topology:
    """A decoded TopoJSON file: its arcs as longitude and latitude, and the rings of arcs of each country."""

    arcs: list[Ring]
    countries: list[tuple[str, list[list[list[int]]]]]  # ISO alpha-3, polygons of rings of numbers of arcs

    @classmethod
    def read(cls, text: str) -> "Topology":
        """Decode the object ``countries`` of a file; countries without an ISO number are left out."""
        file = json.loads(text)
        scale, start = file["transform"]["scale"], file["transform"]["translate"]
        arcs = []
        for steps in file["arcs"]:
            x = y = 0
            arc = []
            for dx, dy in steps:
                x, y = x + dx, y + dy
                arc.append((x * scale[0] + start[0], y * scale[1] + start[1]))
            arcs.append(arc)
        countries = []
        for shape in file["objects"]["countries"]["geometries"]:
            country = pycountry.countries.get(numeric=shape.get("id", ""))
            if country is not None:
                polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
                countries.append((country.alpha_3, polygons))
        return cls(arcs, countries)

    def ring(self, numbers: Iterable[int], arcs: Sequence[Ring] | None = None) -> Ring:
        """The closed ring of some arcs; a negative number is the complement of an arc walked backwards."""
        known = self.arcs if arcs is None else arcs
        points: Ring = []
        for number in numbers:
            arc = known[number] if number >= 0 else known[~number][::-1]
            points += arc[1:] if points else arc
        return points


def is_american(code: str, ring: Ring) -> bool:
    """Whether an outline of a country belongs to the Americas."""
    if code in _PARTLY_HERE:
        return max(longitude for longitude, _latitude in ring) < _PARTLY_HERE[code]
    return code in STATES or code in TERRITORIES


def _is_enlarged(ring: Ring) -> bool:
    west, south, east, north = ENLARGED
    return any(west <= longitude <= east and south <= latitude <= north for longitude, latitude in ring)


def outlines_of(topology: Topology) -> dict[str, list[list[Ring]]]:
    """The projected, simplified polygons of each state by its code, of all other land under ``land``; in km."""

    @cache
    def thin(number: int) -> Ring:
        arc = topology.arcs[number]
        # shared borders are one arc: thinned once, they stay shared
        return simplify([project(*place) for place in arc], _STRAY_ENLARGED_KM if _is_enlarged(arc) else _STRAY_KM)

    found: dict[str, list[list[Ring]]] = {}
    for code, polygons in topology.countries:
        here = [rings for rings in polygons if is_american(code, topology.ring(rings[0]))]
        sizes = [area([project(*place) for place in topology.ring(rings[0])]) for rings in here]
        for rings, size in zip(here, sizes, strict=True):
            least = _LEAST_ENLARGED_KM2 if _is_enlarged(topology.ring(rings[0])) else _LEAST_KM2
            if size < least and size < max(sizes):  # of every state and territory at least the largest part is drawn
                continue
            drawn = []
            for numbers in rings:
                points: Ring = []
                for number in numbers:
                    arc = thin(number) if number >= 0 else thin(~number)[::-1]
                    points += arc[1:] if points else arc
                if len(points) >= 4:
                    drawn.append(points)
            found.setdefault(code if code in STATES else LAND, []).append(drawn)
    return {code: found[code] for code in sorted(found)}


def inner_point(polygons: list[list[Ring]]) -> tuple[Point, float]:
    """The place inside the largest polygon that is farthest from its outline, on a grid, and that distance; in km."""
    ring = max((rings[0] for rings in polygons), key=area)
    west, east = min(x for x, _y in ring), max(x for x, _y in ring)
    south, north = min(y for _x, y in ring), max(y for _x, y in ring)
    steps = 40
    places = (
        (west + (east - west) * (i + 0.5) / steps, south + (north - south) * (j + 0.5) / steps)
        for i in range(steps)
        for j in range(steps)
    )
    inside = [place for place in places if is_inside(place, ring)]
    clear = [(min(_distance(place, a, b) for a, b in itertools.pairwise(ring)), place) for place in inside]
    distance, place = max(clear)
    return place, distance


def is_inside(place: Point, ring: Sequence[Point]) -> bool:
    """Whether a place lies inside a closed ring."""
    x, y = place
    crossings = (
        (y1 > y) != (y2 > y) and x < x1 + (x2 - x1) * (y - y1) / (y2 - y1)
        for (x1, y1), (x2, y2) in itertools.pairwise(ring)
    )
    return sum(crossings) % 2 == 1


def collection(text: str, version: str, made_on: date) -> dict[str, Any]:
    """The map as GeoJSON with where it comes from; coordinates in km east and north of the centre."""
    features = []
    for code, polygons in outlines_of(Topology.read(text)).items():
        properties: dict[str, Any] = {}
        if code != LAND:
            place, distance = inner_point(polygons)
            properties = {"inner_point": _written(place), "clear_km": round(distance)}
        features.append(
            {
                "type": "Feature",
                "id": code,
                "properties": properties,
                "geometry": {
                    "type": "MultiPolygon",
                    "coordinates": [[_ring_written(ring) for ring in rings] for rings in polygons],
                },
            }
        )
    return {
        "type": "FeatureCollection",
        "provenance": {
            "outlines": "Natural Earth 4.1.0, Admin 0 countries, 1:50m",
            "licence": "public domain (Natural Earth); the package that carries it: ISC",
            "package": f"world-atlas {version}, {_MEMBER.removeprefix('package/')}",
            "sha256": hashlib.sha256(text.encode("utf-8")).hexdigest(),
            "made_on": made_on.isoformat(),
            "made_by": "python -m dashboard.geometry",
        },
        "projection": {
            "name": "Lambert azimuthal equal-area, sphere",
            "centre": list(CENTRE),
            "radius_km": RADIUS_KM,
            "unit": "km east and north of the centre",
        },
        "features": features,
    }


def _written(place: Point) -> list[float]:
    return [round(place[0], 1), round(place[1], 1)]


def _ring_written(ring: Ring) -> list[list[float]]:
    # an arc that the enlargement shows has places to a tenth of a km, all others to a km
    west, south = project(ENLARGED[0], ENLARGED[1])
    east, north = project(ENLARGED[2], ENLARGED[3])
    return [_written((x, y)) if west <= x <= east and south <= y <= north else [round(x), round(y)] for x, y in ring]


def main() -> None:
    """Read the package and write the map."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path, help="the tarball of the npm package world-atlas")
    with tarfile.open(parser.parse_args().package) as package:
        members = {name: package.extractfile(name) for name in (_MEMBER, "package/package.json")}
        texts = {name: member.read().decode("utf-8") for name, member in members.items() if member is not None}
    made = collection(texts[_MEMBER], json.loads(texts["package/package.json"])["version"], date.today())
    FILE.write_text(json.dumps(made, separators=(",", ":"), ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{FILE}: {FILE.stat().st_size:,} bytes, {len(made['features'])} features")


if __name__ == "__main__":
    main()
