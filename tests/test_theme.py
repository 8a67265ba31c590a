"""One palette in three places, and colours that can be read."""

import re
import tomllib
from pathlib import Path

import pytest

from dashboard.theme import DARK, LIGHT, Palette, palette, template

PROJECT = Path(__file__).parents[1]
CONFIG = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
STYLES = (PROJECT / "dashboard" / "static" / "panorama.css").read_text(encoding="utf-8")
STYLED = {
    name: tuple(colour.strip().upper() for colour in pair.split(","))
    for name, pair in re.findall(r"--pn-([a-z0-9-]+): light-dark\(([^)]*)\)", STYLES)
}
ROLES = (
    "page",
    "ink",
    "muted",
    "line",
    "focus",
    "announced",
    "context",
    "attention",
    "blank",
    "land",
    "on-low",
    "on-middle",
    "on-high",
)
BOTH = pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])


def luminance(colour: str) -> float:
    """Relative luminance of a colour, as WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_the_formula_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("role", ROLES)
def test_the_styles_of_the_page_have_the_colours_of_the_charts(role: str) -> None:
    assert STYLED[role] == tuple(getattr(colours, role.replace("-", "_")).upper() for colours in (LIGHT, DARK))


def test_the_classes_of_the_map_have_the_colours_of_the_scale() -> None:
    for level, (light, dark) in enumerate(zip(LIGHT.scale, DARK.scale, strict=True)):
        assert STYLED[f"level-{level}"] == (light.upper(), dark.upper())
    assert f"--pn-level-{len(LIGHT.scale)}" not in STYLES


@pytest.mark.parametrize(("theme", "colours"), [("light", LIGHT), ("dark", DARK)])
def test_streamlit_draws_its_own_parts_in_the_same_colours(theme: str, colours: Palette) -> None:
    own = {name: colour.upper() for name, colour in CONFIG[theme].items()}
    assert own["backgroundColor"] == colours.page
    assert own["textColor"] == colours.ink
    assert own["primaryColor"] == own["linkColor"] == colours.focus
    assert own["borderColor"] == colours.line
    assert STYLED["raised"][0 if theme == "light" else 1] == own["secondaryBackgroundColor"]


@BOTH
@pytest.mark.parametrize("role", ["ink", "muted", "announced", "attention", "focus"])
def test_text_colours_can_be_read(colours: Palette, role: str) -> None:
    assert contrast(getattr(colours, role), colours.page) >= 4.5


@BOTH
@pytest.mark.parametrize("role", ["ink", "muted", "attention", "focus"])
def test_text_colours_can_be_read_on_raised_ground(colours: Palette, role: str) -> None:
    ground = STYLED["raised"][0 if colours is LIGHT else 1]
    assert contrast(getattr(colours, role), ground) >= 4.5


def test_subregions_can_be_named_in_their_colours() -> None:
    assert min(contrast(colour, LIGHT.page) for colour in LIGHT.subregions) >= 4.5


@BOTH
def test_marks_stand_out(colours: Palette) -> None:
    marks = [colours.context, colours.focus, colours.announced, *colours.subregions]
    assert min(contrast(colour, colours.page) for colour in marks) >= 3


@BOTH
def test_the_scale_runs_one_way_and_ends_far_from_the_page(colours: Palette) -> None:
    steps = [luminance(colour) for colour in colours.scale]
    assert steps in (sorted(steps), sorted(steps, reverse=True))
    assert contrast(colours.scale[-1], colours.page) >= 3


def test_the_words_on_a_tile_can_be_read() -> None:
    grounds = {f"pn-level-{level}": level for level in range(len(LIGHT.scale))}
    for selector, words in re.findall(r"(\.pn-level[^{]*)\{ color: ([^;]*);", STYLES):
        light, dark = STYLED[words.removeprefix("var(--pn-").removesuffix(")")]
        for name in re.findall(r"pn-level-\d", selector):
            level = grounds.pop(name)
            assert contrast(light, LIGHT.scale[level]) >= 4.5, name
            assert contrast(dark, DARK.scale[level]) >= 4.5, name
    assert grounds == {}


def test_a_theme_without_a_name_is_light() -> None:
    assert palette("dark") is DARK
    assert palette("light") is palette("") is LIGHT


@BOTH
def test_figures_use_the_palette_and_text_large_enough(colours: Palette) -> None:
    layout = template(colours).to_plotly_json()["layout"]
    assert layout["font"]["color"] == colours.ink
    assert layout["xaxis"]["tickfont"]["size"] >= 13
    assert layout["xaxis"]["fixedrange"] is True
    assert layout["yaxis"]["fixedrange"] is True


def test_charts_and_views_name_no_colour_of_their_own() -> None:
    folder = PROJECT / "dashboard"
    files = [*(folder / "charts").glob("*.py"), *(folder / "views").glob("*.py"), *(folder / "app_pages").glob("*.py")]
    named = {file.name: re.findall(r"#[0-9A-Fa-f]{6}\b", file.read_text(encoding="utf-8")) for file in files}
    assert {name: colours for name, colours in named.items() if colours} == {}
