"""The map as data: every state has a place, a link and its class; kinds of empty differ; the notice is in the picture."""

import math
import re
from collections.abc import Iterator
from xml.etree import ElementTree

import polars as pl
import pytest

import dashboard.pages  # noqa: F401  (registers the views of every page)
from dashboard import areas
from dashboard.charts.americas import enlarged_box, outlines
from dashboard.charts.drawing import breadth, standalone, wrapped
from dashboard.charts.geo_map import PLACES, TALL, WIDE, Layout, geo_map, notice
from dashboard.charts.state_map import state_map
from dashboard.choices import choices
from dashboard.components.drawing import drawing_html
from dashboard.i18n import LANGUAGES, in_language, sort_key
from dashboard.selection import Problem, Selection, address, from_parameters
from dashboard.theme import DARK, LIGHT, Palette
from dashboard.views import VIEWS, Markup
from dashboard.views.overview import indicator_choices
from dashboard.views.view import Drawing

CODES = sorted(PLACES)
NAMES = {code: f"Name of {code}" for code in CODES}
LINKS = {code: f"/country?area={code}&lang=en" for code in CODES}
# The narrowest width at which a layout is shown: a phone of 390 px, the switch between the layouts in the styles.
SHOWN_FROM = {"wide": 880, "tall": 354}
EMPTY = {"O": "not reported", "L": "not asked", "M": "not applicable", "Q": "suppressed"}


def tiles(**changes: dict) -> pl.DataFrame:
    """All 35 states in the lowest class, but for the changes."""
    usual = {"text": "1", "said": "1 event", "obs_status": "A", "level": 0, "has_ring": False, "is_apart": False}
    rows = [{"area_code": code, **usual, **changes.get(code, {})} for code in CODES]
    return pl.DataFrame(rows, schema_overrides={"level": pl.Int64})


def empty(status: str) -> dict:
    return {"text": "–", "said": EMPTY[status], "obs_status": status, "level": None}


EVERY_KIND = {
    "BRA": {"level": 5},
    "CHL": {"level": -1, "text": "0"},
    "KNA": empty("O"),
    "CUB": empty("M"),
    "HTI": empty("L"),
    "DMA": empty("Q"),
    "USA": {"is_apart": True, "level": None, "text": "SC"},
    "BLZ": {"has_ring": True},
}


def drawn(frame: pl.DataFrame | None = None, **changes: object) -> Drawing:
    known = {
        "names": NAMES,
        "links": LINKS,
        "classes": ("one", "two", "three", "four", "five", "six"),
        "statuses": EMPTY,
        "ring": "more planned",
        "apart": "special",
    }
    return geo_map(tiles(**EVERY_KIND) if frame is None else frame, **(known | changes))  # type: ignore[arg-type]


def layouts(drawing: Drawing) -> Iterator[tuple[Layout, ElementTree.Element]]:
    yield WIDE, ElementTree.fromstring(drawing.wide)
    yield TALL, ElementTree.fromstring(drawing.tall)


def places(picture: ElementTree.Element) -> dict[str, ElementTree.Element]:
    return {place.attrib["data-code"]: place for place in picture.iter("a")}


def disc(place: ElementTree.Element) -> ElementTree.Element:
    return next(circle for circle in place.iter("circle") if circle.get("class") == "pn-disc")


def words(picture: ElementTree.Element) -> str:
    return " ".join(" ".join(part.strip() for part in text.itertext()) for text in picture.iter("text"))


def test_every_state_has_a_place_of_its_own_with_code_link_and_sentence() -> None:
    assert set(PLACES) == set(outlines()) - {"land"}
    for layout, picture in layouts(drawn()):
        found = places(picture)
        assert len(list(picture.iter("a"))) == len(found) == 35
        for code, place in found.items():
            assert place.attrib["href"] == LINKS[code]
            assert place.attrib["aria-label"].startswith(NAMES[code])
            assert (place.findtext("title") or "") == place.attrib["aria-label"]
            assert code in words(place).split()
        assert ("SC" in words(picture).split()) == (layout is WIDE)


def test_states_are_heard_in_alphabetical_order() -> None:
    names = NAMES | {"BRA": "Ábaco", "ARG": "Zulu"}
    for _layout, picture in layouts(drawn(names=names)):
        assert list(places(picture)) == sorted(CODES, key=lambda code: sort_key(names[code]))


@pytest.mark.parametrize("layout", [WIDE, TALL], ids=["wide", "tall"])
def test_places_are_large_enough_for_a_finger_and_do_not_overlap(layout: Layout) -> None:
    picture = {one.name: svg for one, svg in layouts(drawn())}[layout.name]
    _left, _top, width, height = (float(part) for part in picture.attrib["viewBox"].split())
    scale = SHOWN_FROM[layout.name] / width
    discs = {code: disc(place) for code, place in places(picture).items()}
    middles = {code: (float(one.attrib["cx"]), float(one.attrib["cy"])) for code, one in discs.items()}
    assert min(2 * float(one.attrib["r"]) for one in discs.values()) * scale >= 24
    for code, (x, y) in middles.items():
        assert layout.radius <= x <= width - layout.radius, code
        assert layout.radius <= y <= height - layout.radius, code
    apart = {
        (one, other): math.dist(middles[one], middles[other]) * scale for one in CODES for other in CODES if one < other
    }
    assert {pair: distance for pair, distance in apart.items() if distance < 24} == {}


def test_both_the_outline_and_the_place_of_a_state_show_its_class() -> None:
    for _layout, picture in layouts(drawn()):
        shapes = [group for group in picture.iter("g") if group.get("data-of") == "BRA"]
        assert {shape.attrib["fill"] for shape in shapes} == {"var(--pn-level-5)"}
        assert disc(places(picture)["VCT"]).attrib["fill"] == "var(--pn-level-0)"
        assert disc(places(picture)["BRA"]).attrib["fill"] == "transparent"  # its name stands on its outline
        chile = [group for group in picture.iter("g") if group.get("data-of") == "CHL"]
        assert {shape.attrib["fill"] for shape in chile} == {"var(--pn-blank)"}


def test_the_enlargement_shows_its_states_again_and_the_whole_map_all_35() -> None:
    for _layout, picture in layouts(drawn()):
        groups = [
            [shape.attrib["data-of"] for shape in panel if shape.get("data-of")]
            for panel in picture.iter("g")
            if panel.get("transform")
        ]
        whole, enlarged = groups
        assert sorted(whole) == CODES
        assert len(enlarged) == len(set(enlarged)) < 35
        assert {"ATG", "BRB", "DMA", "GRD", "KNA", "LCA", "VCT", "TTO", "PAN", "BHS"} <= set(enlarged)
        assert not {"CAN", "ARG", "BRA"} & set(enlarged)
        assert sum(use.attrib["href"] == "#pn-shape-land" for use in picture.iter("use")) == 2


def test_five_kinds_of_empty_differ_by_pattern_on_the_map_and_in_the_legend() -> None:
    for layout, picture in layouts(drawn()):
        found = places(picture)
        looks = {
            code: (disc(found[code]).attrib["fill"], disc(found[code]).get("stroke-dasharray"))
            for code in ("CHL", "KNA", "CUB", "HTI", "DMA")
        }
        assert len(set(looks.values())) == 5
        patterns = {pattern.attrib["id"] for pattern in picture.iter("pattern")}
        used = {name for element in picture.iter() for name in re.findall(r"url\(#(.*?)\)", element.get("fill", ""))}
        assert used == patterns
        assert {f"pn-{layout.name}-{kind}" for kind in ("missing", "outside", "suppressed")} <= patterns
        keys = [key for key in picture if key.tag == "rect" and key.get("height") == "13"]
        # six classes of which two occur, zero, the value outside the order, four kinds of empty
        assert len({(key.attrib["fill"], key.attrib["stroke"], key.get("stroke-dasharray")) for key in keys}) == 8
        assert all(text in words(picture) for text in (*EMPTY.values(), "special", "more planned", "one", "six"))
        assert "three" not in words(picture)


def test_the_legend_names_only_what_occurs() -> None:
    for _layout, picture in layouts(drawn(tiles(), apart="")):
        assert not any(text in words(picture) for text in (*EMPTY.values(), "special", "more planned", "two"))
        assert list(picture.iter("pattern")) == []


def test_a_small_island_is_led_to_from_its_place() -> None:
    for _layout, picture in layouts(drawn()):
        place = places(picture)["KNA"]
        one = disc(place)
        start_x, start_y, end_x, end_y = (
            float(part) for part in re.findall(r"-?[\d.]+", next(place.iter("path")).attrib["d"])
        )
        reach = math.dist((start_x, start_y), (float(one.attrib["cx"]), float(one.attrib["cy"])))
        assert reach == pytest.approx(float(one.attrib["r"]), abs=0.2)
        west, _south, east, north = enlarged_box()
        frame = next(rect for rect in picture.iter("rect") if rect.get("rx") == "4")
        scale = float(frame.attrib["width"]) / (east - west)
        x, y = outlines()["KNA"].inner_point
        assert end_x == pytest.approx(float(frame.attrib["x"]) + (x - west) * scale, abs=0.2)
        assert end_y == pytest.approx(float(frame.attrib["y"]) + (north - y) * scale, abs=0.2)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_boundary_notice_is_inside_the_picture_in_the_readers_language(lang: str) -> None:
    with in_language(lang):
        said = notice()
        pictures = [picture for _layout, picture in layouts(drawn())]
    for picture in pictures:
        assert said in words(picture)
        lines = [span for span in picture.iter("tspan") if span.text and said.startswith(span.text[:20])]
        assert len(lines) == 1


def test_the_chosen_state_has_a_dark_outline() -> None:
    for _layout, picture in layouts(drawn(chosen="KNA")):
        assert places(picture)["KNA"].get("aria-current") == "true"
        assert [code for code, place in places(picture).items() if place.get("aria-current")] == ["KNA"]
        strokes = {group.attrib["stroke"] for group in picture.iter("g") if group.get("data-of") == "KNA"}
        assert strokes == {"var(--pn-ink)"}


def test_names_that_look_like_markup_are_shown_as_they_are() -> None:
    evil = '<img src=x onerror="alert(1)">'
    drawing = drawn(
        tiles(KNA={"text": evil, "said": evil}), names=NAMES | {"KNA": evil}, classes=(evil,), ring=evil, apart=evil
    )
    assert "<img" not in drawing.wide + drawing.tall + drawing_html(drawing)
    for _layout, picture in layouts(drawing):
        assert evil in places(picture)["KNA"].attrib["aria-label"]
        assert list(picture.iter("img")) == []


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_the_picture_as_a_file_needs_nothing_else(colours: Palette) -> None:
    drawing = drawn()
    for svg in (drawing.wide, drawing.tall):
        file = standalone(svg, colours)
        assert "var(" not in file
        assert re.findall(r"https?://[^\"]*", file) == ["http://www.w3.org/2000/svg"]
        picture = ElementTree.fromstring(file)
        space = "{http://www.w3.org/2000/svg}"
        assert picture.get("viewBox", "").split()[2:] == [picture.get("width"), picture.get("height")]
        assert list(picture.iter(f"{space}a")) == []
        defined = {
            path.attrib["id"]
            for path in picture.iter(f"{space}path")
            if path.get("d", "").count("M") and path.get("id")
        }
        assert {use.attrib["href"].removeprefix("#") for use in picture.iter(f"{space}use")} == defined
        assert len(defined) == 36
        assert colours.scale[5] in file
        assert notice() in " ".join(" ".join(part for part in text.itertext()) for text in picture.iter(f"{space}text"))


def test_a_standalone_picture_is_bounded() -> None:
    assert len(standalone(drawn().wide, LIGHT)) < 200_000
    assert len(drawing_html(drawn())) < 100_000


def test_text_is_wrapped_at_words_and_nothing_is_lost() -> None:
    text = "Names and boundaries are shown for convenience"
    lines = wrapped(text, 13, 120)
    assert " ".join(lines) == text
    assert all(breadth(line, 13) <= 120 for line in lines)
    assert wrapped("Unbreakable", 13, 10) == ["Unbreakable"]


def test_the_reader_chooses_between_tiles_and_outlines() -> None:
    known = {"names": NAMES, "links": LINKS, "classes": ("one",), "statuses": {}}
    grid = tiles().with_columns(tile_row=pl.int_range(pl.len()), tile_column=pl.lit(0))
    assert isinstance(state_map(grid, kind="", **known), Markup)
    assert isinstance(state_map(grid, kind="tiles", **known), Markup)
    assert isinstance(state_map(grid, kind="outlines", **known), Drawing)


@pytest.mark.usefixtures("shipped")
class TestShipped:
    """On the shipped data."""

    def test_the_way_of_drawing_is_in_the_address(self) -> None:
        chosen = Selection(map="outlines")
        assert "map=outlines" in address("", chosen)
        assert "map=outlines" in address("country", chosen)
        assert "map=" not in address("training", chosen)
        assert from_parameters({"map": "outlines"}, choices(), Selection()) == (chosen.but(edition=""), [])
        assert from_parameters({"map": "outline"}, choices(), Selection())[1] == [Problem("map", "outline", "outlines")]

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_every_indicator_is_drawn(self, lang: str) -> None:
        with in_language(lang):
            for indicator in indicator_choices():
                view = VIEWS["overview.map"](Selection(lang=lang, indicator=indicator, map="outlines"))
                assert isinstance(view.figure, Drawing), indicator
                tiled = VIEWS["overview.map"](Selection(lang=lang, indicator=indicator))
                assert isinstance(tiled.figure, Markup)
                said = set(re.findall(r'aria-label="([^"]*)"', tiled.figure.html))
                for _layout, picture in layouts(view.figure):
                    assert len(places(picture)) == 35
                    labels = re.findall(r'aria-label="([^"]*)"', view.figure.wide)
                    assert set(labels) <= said
            view = VIEWS["country.choice"](Selection(lang=lang, map="outlines"))
            assert isinstance(view.figure, Drawing)
            assert set(places(ElementTree.fromstring(view.figure.tall))) == set(areas.states())
