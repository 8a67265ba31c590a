"""The outlines of the map: every state and territory is there, in true proportion, and says where it comes from."""

import csv
import json
import math
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.charts.americas import FILE, LAND, RADIUS_KM, outlines, project
from dashboard.geometry import STATES, Topology, area, collection, inner_point, is_inside, outlines_of, simplify

PROJECT = Path(__file__).parents[1]
ORIGINAL = PROJECT.parent / "shared" / "data" / "natural_earth" / "countries-50m.json"
MAP = json.loads(FILE.read_text(encoding="utf-8"))
SHAPES = {feature["id"]: feature["geometry"]["coordinates"] for feature in MAP["features"]}
# Surface areas in km² as states report them to the United Nations (Demographic Yearbook), rounded.
AREAS = {
    "ARG": 2_780_400, "ATG": 442, "BHS": 13_940, "BLZ": 22_966, "BOL": 1_098_581, "BRA": 8_515_767, "BRB": 431,
    "CAN": 9_984_670, "CHL": 756_102, "COL": 1_141_748, "CRI": 51_100, "CUB": 109_884, "DMA": 750, "DOM": 48_671,
    "ECU": 257_217, "GRD": 345, "GTM": 108_889, "GUY": 214_969, "HND": 112_492, "HTI": 27_750, "JAM": 10_991,
    "KNA": 261, "LCA": 616, "MEX": 1_964_375, "NIC": 130_373, "PAN": 75_320, "PER": 1_285_216, "PRY": 406_752,
    "SLV": 21_041, "SUR": 163_820, "TTO": 5_127, "URY": 173_626, "USA": 9_525_067, "VCT": 389, "VEN": 912_050,
}  # fmt: skip
TERRITORIES = {
    "Cayenne, French Guiana": (-52.4, 4.8),
    "Greenland": (-42.0, 70.0),
    "Puerto Rico": (-66.4, 18.2),
    "Bermuda": (-64.75, 32.31),
    "Aruba": (-69.97, 12.51),
    "Curaçao": (-68.97, 12.2),
    "Falkland Islands (Malvinas)": (-58.9, -51.8),
    "Guadeloupe": (-61.6, 16.2),
    "Martinique": (-61.0, 14.65),
}


def drawn_area(code: str) -> float:
    return sum(area(rings[0]) - sum(area(hole) for hole in rings[1:]) for rings in SHAPES[code])


def covers(code: str, longitude: float, latitude: float) -> bool:
    place = project(longitude, latitude)
    return any(is_inside(place, rings[0]) for rings in SHAPES[code])


def test_the_map_has_the_35_states_of_the_catalogue_and_all_other_land() -> None:
    with (PROJECT / "data" / "catalog" / "areas.csv").open(encoding="utf-8", newline="") as lines:
        states = {row["area_code"] for row in csv.DictReader(lines) if row["area_type"] == "country"}
    assert set(SHAPES) == states | {LAND}
    assert states == STATES
    assert all(drawn_area(code) > 0 for code in SHAPES)


@pytest.mark.parametrize("name", TERRITORIES)
def test_a_territory_is_neutral_land_and_no_hole(name: str) -> None:
    assert [code for code in SHAPES if covers(code, *TERRITORIES[name])] == [LAND]


@pytest.mark.parametrize(
    ("code", "longitude", "latitude"),
    [("KNA", -62.75, 17.32), ("BRA", -47.9, -15.8), ("USA", -150.0, 64.0), ("USA", -155.5, 19.6), ("TTO", -61.3, 10.4)],
)
def test_a_place_lies_in_its_state(code: str, longitude: float, latitude: float) -> None:
    assert [other for other in SHAPES if covers(other, longitude, latitude)] == [code]


@pytest.mark.parametrize("code", sorted(STATES))
def test_areas_are_in_true_proportion(code: str) -> None:
    # of the smallest states the source leaves out rocks and islets; whose claims overlap count some land twice
    stray = 0.05 if AREAS[code] > 20_000 and code != "SUR" else 0.25
    assert drawn_area(code) == pytest.approx(AREAS[code], rel=stray)


def test_the_inner_point_of_each_state_lies_inside_it() -> None:
    for code in STATES:
        place = outlines()[code].inner_point
        assert any(is_inside(place, rings[0]) for rings in SHAPES[code]), code


def test_the_file_is_small_and_says_where_it_comes_from() -> None:
    assert FILE.stat().st_size <= 150 * 1024
    about = MAP["provenance"]
    assert re.fullmatch(r"world-atlas \d+\.\d+\.\d+, countries-50m\.json", about["package"])
    assert re.fullmatch(r"[0-9a-f]{64}", about["sha256"])
    assert date.fromisoformat(about["made_on"]) <= date.today()
    assert "Natural Earth" in about["outlines"]
    assert "public domain" in about["licence"]


@given(st.floats(-170, -20), st.floats(-58, 82), st.floats(0.05, 0.5))
def test_the_projection_keeps_areas(longitude: float, latitude: float, step: float) -> None:
    corners = [(0.0, 0.0), (step, 0.0), (step, step), (0.0, step), (0.0, 0.0)]
    plane = area([project(longitude + east, latitude + north) for east, north in corners])
    south, north = math.sin(math.radians(latitude)), math.sin(math.radians(latitude + step))
    assert plane == pytest.approx(RADIUS_KM**2 * math.radians(step) * (north - south), rel=0.005)


def test_the_projection_puts_its_centre_in_the_middle_and_north_up() -> None:
    assert project(-85.0, 8.0) == pytest.approx((0.0, 0.0), abs=1e-6)
    east, north = project(-84.0, 9.0)
    assert east == pytest.approx(RADIUS_KM * math.radians(1) * math.cos(math.radians(9)), rel=0.01)
    assert north == pytest.approx(RADIUS_KM * math.radians(1), rel=0.01)


def test_simplifying_keeps_the_ends_and_what_matters() -> None:
    line = [(0.0, 0.0), (1.0, 0.1), (2.0, 0.0), (3.0, 5.0), (4.0, 0.0)]
    assert simplify(line, 1.0) == [(0.0, 0.0), (2.0, 0.0), (3.0, 5.0), (4.0, 0.0)]
    square = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0), (0.0, 0.0)]
    assert area(simplify(square, 100.0)) == pytest.approx(1.0)


TINY = {
    "transform": {"scale": [1, 1], "translate": [-60, 0]},
    # one border that two states share, and what closes each of them
    "arcs": [[[0, 0], [0, 4]], [[0, 4], [-4, 0], [0, -4], [4, 0]], [[0, 4], [4, 0], [0, -4], [-4, 0]]],
    "objects": {
        "countries": {
            "geometries": [
                {"type": "Polygon", "id": "328", "arcs": [[0, 1]]},
                {"type": "Polygon", "id": "740", "arcs": [[0, 2]]},
                {"type": "Polygon", "id": "250", "arcs": [[-1, -2]]},
                {"type": "Polygon", "id": "276", "arcs": [[0, 1]]},
                {"type": "Polygon", "arcs": [[0, 1]]},
            ]
        }
    },
}


def test_arcs_are_decoded_walked_backwards_and_shared() -> None:
    topology = Topology.read(json.dumps(TINY))
    assert [code for code, _polygons in topology.countries] == ["GUY", "SUR", "FRA", "DEU"]
    assert topology.ring([0, 1]) == [(-60, 0), (-60, 4), (-64, 4), (-64, 0), (-60, 0)]
    assert topology.ring([-1, 1])[:2] == [(-60, 4), (-60, 0)]
    drawn = outlines_of(topology)
    assert set(drawn) == {"GUY", "SUR", LAND}
    border = {project(-60, 0), project(-60, 4)}
    assert border <= set(drawn["GUY"][0][0])
    assert border <= set(drawn["SUR"][0][0])


def test_the_inner_point_is_the_one_farthest_from_the_outline() -> None:
    place, clear = inner_point([[[(0.0, 0.0), (0.0, 40.0), (40.0, 40.0), (40.0, 0.0), (0.0, 0.0)]]])
    assert place == pytest.approx((20.0, 20.0), abs=1.0)
    assert clear == pytest.approx(20.0, abs=1.0)


@pytest.mark.originals
def test_the_committed_map_is_what_the_package_gives() -> None:
    if not ORIGINAL.exists():
        pytest.skip("the publishers' originals are not beside the repository")
    version = MAP["provenance"]["package"].split()[1].rstrip(",")
    made_on = date.fromisoformat(MAP["provenance"]["made_on"])
    assert collection(ORIGINAL.read_text(encoding="utf-8"), version, made_on) == MAP
