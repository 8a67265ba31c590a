"""The style sheets keep to one scale of letters, one of spaces, and to the colours that have a role."""

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[1] / "dashboard" / "static"
SHEETS = ("panorama.css", "sheet.css")
SIZES = {"note": 13, "table": 14.5, "text": 16, "title": 21, "part": 27, "page": 32, "figure": 40}
SPACES = {"half": 2, "1": 4, "2": 8, "3": 12, "4": 20, "5": 28, "6": 44}
SPACING = r"margin|padding|gap|row-gap|column-gap|(?:margin|padding)-(?:top|right|bottom|left|block|inline)"
SPACE = re.compile(r"0|auto|(?:calc\(-1 \* )?var\(--pn-(?:space-(?:half|[1-6])|edge|room)\)\)?")
TOKEN = re.compile(r"calc\(.*?\)\)|var\([^)]*\)|\S+")


def rules(sheet: str) -> str:
    """A style sheet without its comments."""
    return re.sub(r"/\*.*?\*/", "", (STATIC / sheet).read_text(encoding="utf-8"), flags=re.DOTALL)


def declared(sheet: str, names: str) -> list[str]:
    """The values that a style sheet gives to properties, important or not."""
    found = re.findall(rf"(?<![\w-])(?:{names}): ([^;}}]+)", rules(sheet))
    return [value.replace("!important", "").strip() for value in found]


@pytest.mark.parametrize("sheet", SHEETS)
def test_letters_have_the_sizes_of_the_scale(sheet: str) -> None:
    sizes = [value for value in declared(sheet, "font-size") if value != "18px"]  # Streamlit's own root, for projectors
    shorthands = [value for value in declared(sheet, "font") if value != "inherit"]
    strays = [value for value in sizes if not re.fullmatch(r"var\(--pn-size-[a-z]+\)|inherit", value)]
    strays += [value for value in shorthands if not re.search(r" var\(--pn-size-[a-z]+\)/[\d.]+ var\(--pn-s", value)]
    assert sizes
    assert strays == []


@pytest.mark.parametrize("sheet", SHEETS)
def test_spaces_are_steps_of_the_scale(sheet: str) -> None:
    values = declared(sheet, SPACING)
    assert values
    assert [value for value in values if not all(SPACE.fullmatch(part) for part in TOKEN.findall(value))] == []


@pytest.mark.parametrize("sheet", SHEETS)
def test_colours_are_named_by_their_role(sheet: str) -> None:
    without_roles = re.sub(r"--pn-[a-z0-9-]+: [^;]*;", "", rules(sheet))
    assert (
        re.findall(r"#[0-9a-fA-F]{3,8}\b|(?:rgb|hsl|light-dark)a?\([^)]*\)|: (?:white|black|gr[ae]y)\b", without_roles)
        == []
    )


def test_both_scales_are_those_of_the_design() -> None:
    styles = rules("panorama.css")
    for kind, scale in (("size", SIZES), ("space", SPACES)):
        said = dict(re.findall(rf"--pn-{kind}-(\w+): ([\d.]+)px", styles.split("@media")[0]))
        assert {name: float(pixels) for name, pixels in said.items()} == scale


def test_a_projector_gets_larger_letters_of_every_size() -> None:
    projector = re.search(r"@media \(min-width: 1800px\) \{\s*:root \{([^}]*)\}", rules("panorama.css"))
    assert projector
    said = {name: float(pixels) for name, pixels in re.findall(r"--pn-size-(\w+): ([\d.]+)px", projector[1])}
    assert said.keys() == SIZES.keys()
    assert all(said[name] >= 1.15 * size for name, size in SIZES.items())


def test_every_variable_that_is_used_is_defined() -> None:
    styles = "".join(rules(sheet) for sheet in SHEETS)
    used = set(re.findall(r"var\((--pn-[a-z0-9-]+)", styles))
    assert used - set(re.findall(r"(--pn-[a-z0-9-]+): ", styles)) == set()
