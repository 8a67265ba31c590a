"""The key views still look as they did: compared with small pictures in ``tests/golden/pictures``.

What is compared is not every point. Both pictures are laid out in cells of twelve points; each cell is the mean colour of
what lies in it. Other smoothing of letters, another graphics library or half a point of shift change a cell's mean by very
little; a bar, tile or column that is missing, elsewhere or of another colour changes it by much. The letters themselves are
the same everywhere, for Streamlit brings its own. ``make pictures`` makes the pictures anew, for review.
"""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter

from tests.browser.conftest import NewReader

PICTURES = Path(__file__).parents[1] / "golden" / "pictures"
CELL = 12
LARGEST = 80_000  # bytes of one picture
FAR = 24  # of 255: a cell that differs more looks different
FEW = 0.02  # the share of cells that may
# name: address, theme, width, the part of the page, and how much of its height is looked at
VIEWS = {
    "map_tiles": ("/?lang=en", "light", 1366, ".pn-map", 700),
    "map_tiles_phone_dark": ("/?lang=es", "dark", 390, ".pn-map", 700),
    "map_outlines": ("/?lang=en&map=outlines", "light", 1366, ".pn-geo nav:visible", 900),
    "country_head": ("/country?lang=en&area=KNA", "light", 1366, "main", 620),
    "training_by_year": ("/training?lang=en", "light", 1366, ".st-key-chart-training-events_by_year", 500),
    "return_rates": ("/questionnaires?lang=en", "light", 1366, ".st-key-view-questionnaires-return_rates .pn-bt", 500),
    "questionnaires_matrix": (
        "/questionnaires?lang=en",
        "dark",
        1366,
        ".st-key-view-questionnaires-matrix .pn-matrix",
        800,
    ),
}

Compare = Callable[[str, Image.Image], None]


def cells(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The mean colour of each cell; ``size`` is that of the picture it is compared with, which may differ by a little."""
    across, down = max(1, size[0] // CELL), max(1, size[1] // CELL)
    return picture.convert("RGB").resize((across, down), Image.Resampling.BOX)


def strongest(picture: Image.Image) -> list[int]:
    """For each cell the largest of its three parts."""
    return [max(point) for point in zip(*(band.tobytes() for band in picture.split()), strict=True)]


def differing(found: Image.Image, kept: Image.Image) -> float:
    """The share of the cells with something in them that look different; all if the sizes differ by more than a fiftieth."""
    if any(abs(one - other) > max(4, other / 50) for one, other in zip(found.size, kept.size, strict=True)):
        return 1.0
    now, before = cells(found, kept.size), cells(kept, kept.size)
    ground = Image.new("RGB", before.size, max(before.getcolors(before.width * before.height) or [])[1])  # type: ignore[arg-type]
    empty = strongest(ImageChops.lighter(ImageChops.difference(now, ground), ImageChops.difference(before, ground)))
    apart = strongest(ImageChops.difference(now, before))
    return sum(amount > FAR for amount in apart) / max(1, sum(amount > FAR / 4 for amount in empty))


def packed(picture: Image.Image) -> bytes:
    """A picture as a small PNG of few colours; a cell's mean is hardly changed by that."""
    out = io.BytesIO()
    picture.convert("RGB").quantize(96, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


@pytest.mark.parametrize("name", VIEWS)
def test_a_key_view_looks_as_it_did(
    new_reader: NewReader, request: pytest.FixtureRequest, tmp_path: Path, name: str
) -> None:
    address, theme, width, part, height = VIEWS[name]
    reader = new_reader(theme=theme, width=width, height=1000)
    reader.page.emulate_media(reduced_motion="reduce")
    reader.open(address)
    if "outlines" in name:
        reader.see("() => document.querySelectorAll('#pn-shapes path').length === 36")
    place = reader.page.locator(part).first
    place.scroll_into_view_if_needed()
    reader.page.wait_for_timeout(700)
    whole = Image.open(io.BytesIO(place.screenshot(animations="disabled")))
    found = whole.crop((0, 0, whole.width, min(whole.height, height)))
    file = PICTURES / f"{name}.png"
    if request.config.getoption("--rewrite-golden"):
        PICTURES.mkdir(exist_ok=True)
        file.write_bytes(packed(found))
    share = differing(found, Image.open(file))
    found.save(tmp_path / f"{name}.png")
    assert share <= FEW, (
        f"{share:.1%} of {name} looks different; it is now as in {tmp_path / name}.png. If that is meant: make pictures"
    )


def test_the_pictures_are_few_and_small() -> None:
    sizes = {file.stem: file.stat().st_size for file in PICTURES.glob("*.png")}
    assert set(sizes) == set(VIEWS)
    assert max(sizes.values()) < LARGEST
    assert sum(sizes.values()) < 300_000


@pytest.mark.parametrize("name", VIEWS)
def test_other_smoothing_is_no_difference(name: str) -> None:
    kept = Image.open(PICTURES / f"{name}.png").convert("RGB")
    assert differing(kept.filter(ImageFilter.GaussianBlur(0.6)), kept) <= FEW / 2
    assert differing(ImageChops.offset(kept, 1, 0), kept) <= FEW / 2
    assert differing(kept.resize((kept.width, kept.height + 2)), kept) <= FEW / 2


@pytest.mark.parametrize("name", VIEWS)
def test_another_look_is_a_difference(name: str) -> None:
    kept = Image.open(PICTURES / f"{name}.png").convert("RGB")
    emptied = kept.copy()
    # a third of the height is gone, as where a row of tiles or bars is missing
    top = kept.height // 3
    emptied.paste(kept.getpixel((kept.width - 2, kept.height - 2)), (0, top, kept.width, top * 2))  # type: ignore[arg-type]
    assert differing(emptied, kept) > 3 * FEW
    red, green, blue = kept.split()
    if name != "country_head":  # which is words, and they have hardly any colour
        assert differing(Image.merge("RGB", (blue, green, red)), kept) > FEW
    assert differing(kept.crop((0, 0, kept.width, kept.height * 9 // 10)), kept) == 1.0
