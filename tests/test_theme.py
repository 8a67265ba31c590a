"""One palette in three places; colours that can be read, and told apart by readers who see fewer of them."""

import math
import re
import tomllib
from collections.abc import Sequence
from itertools import combinations, pairwise
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


Rgb = tuple[float, float, float]
# Full protanopia, deuteranopia and tritanopia, on linear RGB: G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A
# Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE Transactions on Visualization and Computer
# Graphics 15 (6), 2009, the table of matrices for severity 1.0.
SEEN_BY: dict[str, tuple[Rgb, Rgb, Rgb]] = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
TOLD_APART = 17  # CIEDE2000; a difference that is plain even in small marks that do not touch


def linear(colour: str) -> Rgb:
    """Red, green and blue of an sRGB colour as shares of light."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance of a colour, as WCAG 2 defines it."""
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def lab(light: Rgb) -> Rgb:
    """CIELAB (white D65) of linear RGB."""
    red, green, blue = (min(max(part, 0.0), 1.0) for part in light)
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (part ** (1 / 3) if part > 216 / 24389 else (24389 / 27 * part + 16) / 116 for part in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def ciede2000(one: Rgb, other: Rgb) -> float:
    """Difference of two CIELAB colours: CIE 142-2001, in the form of Sharma, Wu and Dalal (2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    stretch = 1.5 - 0.5 * math.sqrt(mean**7 / (mean**7 + 25**7))
    c1, c2 = math.hypot(a1 * stretch, b1), math.hypot(a2 * stretch, b2)
    h1, h2 = (math.degrees(math.atan2(b, a * stretch)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    hue = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    lightness, chroma = (l1 + l2) / 2, (c1 + c2) / 2
    t = (
        1
        - 0.17 * math.cos(math.radians(hue - 30))
        + 0.24 * math.cos(math.radians(2 * hue))
        + 0.32 * math.cos(math.radians(3 * hue + 6))
        - 0.20 * math.cos(math.radians(4 * hue - 63))
    )
    by_lightness = (l2 - l1) / (1 + 0.015 * (lightness - 50) ** 2 / math.sqrt(20 + (lightness - 50) ** 2))
    by_chroma = (c2 - c1) / (1 + 0.045 * chroma)
    by_hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2)) / (1 + 0.015 * chroma * t)
    rotation = -math.sin(math.radians(60 * math.exp(-(((hue - 275) / 25) ** 2))))
    rotation *= 2 * math.sqrt(chroma**7 / (chroma**7 + 25**7))
    return math.sqrt(by_lightness**2 + by_chroma**2 + by_hue**2 + rotation * by_chroma * by_hue)


def as_seen(colour: str, reader: str) -> Rgb:
    """A colour as a reader sees it, in CIELAB."""
    light = linear(colour)
    red, green, blue = (sum(share * part for share, part in zip(row, light, strict=True)) for row in SEEN_BY[reader])
    return lab((red, green, blue))


def difference(one: str, other: str, reader: str = "all colours") -> float:
    """How different two colours are to a reader."""
    return ciede2000(as_seen(one, reader), as_seen(other, reader))


def too_close(colours: Sequence[str], least: float = TOLD_APART) -> list[tuple[str, str, str, float]]:
    """The pairs that some reader cannot tell apart."""
    return [
        (reader, one, other, round(apart, 1))
        for reader in SEEN_BY
        for one, other in combinations(colours, 2)
        if (apart := difference(one, other, reader)) < least
    ]


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


@BOTH
def test_subregions_can_be_named_in_their_colours(colours: Palette) -> None:
    assert min(contrast(colour, colours.page) for colour in colours.subregions) >= 4.5


# Worked examples of Sharma, Wu and Dalal: "The CIEDE2000 Color-Difference Formula", Color Research & Application 30 (1),
# 2005, rows 1, 7, 17 and 25 of their test data.
@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, 0, 0), (50, -1, 2), 2.3669),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ],
)
def test_the_difference_of_colours_is_that_of_the_standard(one: Rgb, other: Rgb, expected: float) -> None:
    assert ciede2000(one, other) == pytest.approx(expected, abs=1e-4)
    assert ciede2000(other, one) == pytest.approx(expected, abs=1e-4)


def test_a_simulated_reader_takes_colours_for_each_other_that_others_tell_apart() -> None:
    assert difference("#FF0000", "#00FF00") > 80
    assert difference("#C02020", "#607000", "protanopia") < difference("#C02020", "#607000") / 2
    for reader in SEEN_BY:
        assert as_seen("#808080", reader) == pytest.approx(as_seen("#808080", "all colours"), abs=0.1)


@BOTH
def test_subregions_are_told_apart_by_every_reader(colours: Palette) -> None:
    assert too_close(colours.subregions) == []


@BOTH
def test_what_happened_was_announced_and_surrounds_it_is_told_apart_by_every_reader(colours: Palette) -> None:
    assert too_close([colours.focus, colours.announced, colours.context, colours.ink]) == []
    # what stands behind the marks
    marks = [colours.focus, colours.announced, colours.context]
    assert [
        pair for mark in marks for ground in (colours.page, colours.blank) for pair in too_close([mark, ground])
    ] == []


@BOTH
def test_the_steps_of_the_scale_are_told_apart_by_every_reader(colours: Palette) -> None:
    # neighbours may be closer than categories: their order says which is which, and every tile has its value written on it
    for reader in SEEN_BY:
        assert min(difference(one, other, reader) for one, other in pairwise(colours.scale)) >= 7
        lightness = [as_seen(colour, reader)[0] for colour in colours.scale]
        assert lightness in (sorted(lightness), sorted(lightness, reverse=True))
    assert too_close(colours.scale[::3]) == too_close(colours.scale[1::3]) == too_close(colours.scale[2::3]) == []


def declarations(selector: str) -> dict[str, str]:
    """What the style sheet says of one selector that stands alone before its brace, outside of media queries."""
    found = re.findall(rf"^{re.escape(selector)} {{ ([^}}]*) }}", STYLES, re.MULTILINE)
    return dict(part.strip().split(": ", 1) for rule in found for part in rule.split(";") if part.strip())


def roles_in(value: str) -> set[str]:
    return set(re.findall(r"var\(--pn-([a-z0-9-]+)\)", value))


@pytest.mark.parametrize(
    "selector",
    [
        *(f".pn-{kind}" for kind in ("missing", "outside", "suppressed")),
        *(f".pn-mark-{kind}" for kind in ("missing", "outside", "announced")),
        *(f".pn-fill-{kind}" for kind in ("announced", "minimum", "about", "planned")),
        ".pn-part.pn-announced",
        ".pn-key.pn-announced",
    ],
)
def test_a_pattern_stands_out_from_its_ground(selector: str) -> None:
    painted = roles_in(declarations(selector)["background"]) - {"page"}
    assert painted, selector
    for role in painted:
        light, dark = STYLED[role]
        assert contrast(light, LIGHT.page) >= 3
        assert contrast(dark, DARK.page) >= 3


def test_words_and_signs_on_marks_can_be_read() -> None:
    pairs = {
        ".pn-mark-focus": "focus",
        ".pn-mark-announced": "page",  # the sign has a ground of its own on the hatch
        ".pn-mark-zero": "blank",
        ".pn-mark-unasked": "page",
        ".pn-zero": "blank",
        ".pn-apart": "page",
        ".pn-keys": "ink",
    }
    for selector, ground in pairs.items():
        (role,) = roles_in(declarations(selector)["color"])
        for words, below in zip(STYLED[role], STYLED[ground], strict=True):
            assert contrast(words, below) >= 4.5, selector
    assert "no-repeat" in declarations(".pn-mark-announced")["background"]


def test_the_frame_of_the_focus_stands_out_on_every_ground() -> None:
    for theme, colours in enumerate((LIGHT, DARK)):
        ink = STYLED["ink"][theme]
        assert min(contrast(ink, ground) for ground in (colours.page, STYLED["raised"][theme], colours.blank)) >= 3
    outline = re.findall(r":focus-visible \{ outline: (\d)px solid var\(--pn-([a-z]+)\)", STYLES)
    assert ("2", "ink") in outline


def test_the_ring_of_what_is_announced_stands_out_on_every_step() -> None:
    # a ground of the page's colour inside and around the ring separates it from the tile
    assert roles_in(declarations(".pn-ring")["background"]) == {"page"}
    assert roles_in(declarations(".pn-ring")["border"]) == {"announced"}


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
