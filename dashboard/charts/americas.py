"""The outlines of the Americas as the map draws them: projected, simplified, read once from the static folder."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

FILE = Path(__file__).parents[1] / "static" / "americas.geojson"
RADIUS_KM = 6371.0088  # mean radius of the Earth (IUGG)
CENTRE = (-85.0, 8.0)  # longitude and latitude, the middle of what is drawn
ENLARGED = (-92.8, 6.6, -55.4, 27.6)  # west, south, east, north of what the map shows a second time, larger
LAND = "land"

Point = tuple[float, float]


@dataclass(frozen=True)
class Outline:
    """A shape as SVG path data, and for a state a place well inside it with its distance from the outline, in km."""

    path: str
    inner_point: Point = (0.0, 0.0)
    clear_km: float = 0.0
    is_enlarged: bool = False


def project(longitude: float, latitude: float) -> Point:
    """A place in km east and north of the centre, areas kept: Lambert's azimuthal equal-area projection of a sphere.

    The formula is that of J. P. Snyder, Map Projections: A Working Manual, U.S. Geological Survey Professional Paper
    1395 (1987), equations 24-2, 22-4 and 22-5.
    """
    turn, high = math.radians(longitude - CENTRE[0]), math.radians(latitude)
    middle = math.radians(CENTRE[1])
    sin_high, cos_high, sin_middle, cos_middle = math.sin(high), math.cos(high), math.sin(middle), math.cos(middle)
    scale = RADIUS_KM * math.sqrt(2 / (1 + sin_middle * sin_high + cos_middle * cos_high * math.cos(turn)))
    return (
        scale * cos_high * math.sin(turn),
        scale * (cos_middle * sin_high - sin_middle * cos_high * math.cos(turn)),
    )


@cache
def enlarged_box() -> tuple[float, float, float, float]:
    """West, south, east and north of the enlarged part, in km from the centre."""
    west, south, east, north = ENLARGED
    middle = (west + east) / 2
    return project(west, south)[0], project(middle, south)[1], project(east, south)[0], project(west, north)[1]


@cache
def outlines() -> Mapping[str, Outline]:
    """The outline of each of the 35 states by its code, and of all other land under ``land``."""
    return MappingProxyType({feature["id"]: _outline(feature) for feature in json.loads(FILE.read_bytes())["features"]})


@cache
def version() -> str:
    """A short mark of the file's content, so that a browser keeps it exactly as long as it is the same."""
    return hashlib.sha256(FILE.read_bytes()).hexdigest()[:12]


def _outline(feature: dict) -> Outline:
    rings = [ring for polygon in feature["geometry"]["coordinates"] for ring in polygon]
    path = "".join("M" + "L".join(f"{x:g} {y:g}" for x, y in ring[:-1]) + "Z" for ring in rings)
    west, south, east, north = enlarged_box()
    is_enlarged = any(west <= x <= east and south <= y <= north for ring in rings for x, y in ring)
    about = feature["properties"]
    if not about:
        return Outline(path, is_enlarged=is_enlarged)
    return Outline(path, tuple(about["inner_point"]), about["clear_km"], is_enlarged)
