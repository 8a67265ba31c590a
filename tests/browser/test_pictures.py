"""Pictures as the real browser draws them: whole, true to the view, in every format, without asking anyone outside."""

import asyncio
import base64
import io
import json
import re
import time
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from PIL import Image
from pypdf import PdfReader
from pypdf.errors import PdfReadError

from dashboard import db
from dashboard.exports import browser, sheet
from dashboard.i18n import in_language
from dashboard.selection import Selection
from dashboard.views.registry import VIEWS
from dashboard.views.view import View
from tests.browser.chromium import NoBrowserError, executable
from tests.browser.conftest import Reader

SVG = "{http://www.w3.org/2000/svg}"
CHART, LISTED, MAP = "training.events_by_year", "training.officials_by_country", "overview.map"


@pytest.fixture(scope="module")
def net_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("net") / "log.json"


@pytest.fixture(scope="module")
def studio(net_log: Path) -> Iterator[browser.Studio]:
    """The browser for pictures, which notes everything that it does on a network."""
    try:
        executable()
    except NoBrowserError as error:
        pytest.fail(str(error))
    studio = browser.Studio([f"--log-net-log={net_log}", "--net-log-capture-mode=Everything"])
    yield studio
    studio.stop()


@pytest.fixture
def draw(studio: browser.Studio, shipped: Path) -> "Draw":
    import dashboard.pages  # noqa: F401  (registers every view)

    db.use_edition(None)
    return Draw(studio)


class Draw:
    """Draws views as a request for a picture does."""

    def __init__(self, studio: browser.Studio) -> None:
        self.studio = studio

    def view(self, view_id: str, selection: Selection) -> View:
        with in_language(selection.lang):
            return VIEWS[view_id](selection)

    def page(self, view_id: str, selection: Selection) -> str:
        with in_language(selection.lang):
            view = VIEWS[view_id](selection)
            return sheet.view_page(view, selection, width=sheet.WIDTH, theme=selection.theme)

    def __call__(self, view_id: str, suffix: str, selection: Selection) -> bytes:
        return self.drawn(self.page(view_id, selection), suffix)

    def drawn(self, page: str, suffix: str, seconds: float = 60) -> bytes:
        return self.studio.drawn(page, suffix, seconds=seconds)


def pixels(png: bytes) -> tuple[int, int, Counter[tuple[int, ...]]]:
    """Width and height of a PNG, and how often each colour occurs in it."""
    image = Image.open(io.BytesIO(png)).convert("RGB")
    found = image.getcolors(maxcolors=image.width * image.height) or []
    return image.width, image.height, Counter({colour: n for n, colour in found})  # type: ignore[misc]


def words(texts: Iterator[str]) -> str:
    return " ".join(" ".join(texts).split())


def svg_words(svg: bytes) -> str:
    return words("".join(text.itertext()) for text in ET.fromstring(svg).iter(f"{SVG}text"))


@pytest.mark.parametrize("view_id", [CHART, LISTED, MAP])
@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_svg_says_what_the_view_says(draw: Draw, view_id: str, lang: str) -> None:
    selection = Selection(lang=lang, map="outlines")
    view = draw.view(view_id, selection)
    svg = draw(view_id, "svg", selection)
    root, said = ET.fromstring(svg), svg_words(svg)
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == lang
    assert int(root.get("width", "0")) == sheet.WIDTH
    assert root.findtext(f"{SVG}title") == view.title
    for text in (view.title, view.takeaway, *view.notes, db.edition()):
        assert " ".join(text.split()) in said
    assert not [tag for tag in ("script", "foreignObject", "image", "a") if root.findall(f".//{SVG}{tag}")]
    assert not re.search(rb'(href|src)="(?!#)', svg)
    # nothing is left that only a page with our style could read
    assert b"var(--" not in svg


def values_of(described: Any) -> list[float]:
    """The numbers of a trace, which Plotly may have packed."""
    if isinstance(described, dict):
        return np.frombuffer(base64.b64decode(described["bdata"]), dtype=described["dtype"]).tolist()
    return described


def test_the_svg_has_as_many_marks_as_the_chart(draw: Draw) -> None:
    figure = draw.view(CHART, Selection()).figure
    assert isinstance(figure, go.Figure)
    traces: list[dict[str, Any]] = json.loads(figure.to_json() or "{}")["data"]
    bars = sum(sum(1 for value in values_of(trace["y"]) if value) for trace in traces if trace["type"] == "bar")
    root = ET.fromstring(draw(CHART, "svg", Selection()))
    points = [group for group in root.iter(f"{SVG}g") if group.get("class") == "point"]
    drawn = [path for group in points for path in group.iter(f"{SVG}path") if not path.get("d", "").startswith("M0,0Z")]
    assert bars > 10
    assert len(drawn) == bars


def test_the_svg_has_as_many_bars_as_the_list(draw: Draw) -> None:
    page = draw.page(LISTED, Selection())
    bars = re.findall(r'<i class="pn-fill-(\w+)" style="width:', page)
    keys = re.findall(r'<i class="pn-key pn-fill-(\w+)"', page)
    root = ET.fromstring(draw.drawn(page, "svg"))
    hatched = [rect for rect in root.iter(f"{SVG}rect") if rect.get("fill", "").startswith("url(#pattern-")]
    patterns = {pattern.get("id") for pattern in root.iter(f"{SVG}pattern")}
    assert {rect.get("fill", "")[5:-1] for rect in hatched} <= patterns
    # what was only said beforehand is hatched, what was reported is not
    assert len(hatched) == sum(1 for kind in bars + keys if kind != "focus")
    assert len(bars) > len(hatched) / 2 > 3


def test_the_svg_has_every_state_and_every_kind_of_empty(draw: Draw) -> None:
    for kind in ("tiles", "outlines"):
        said = svg_words(draw(MAP, "svg", Selection(map=kind))).split()
        view = draw.view(MAP, Selection())
        assert view.table.height == 35
        assert set(view.table["area_code"]) <= set(said)
    root = ET.fromstring(draw(MAP, "svg", Selection()))
    tiles = [rect for rect in root.iter(f"{SVG}rect") if (rect.get("width"), rect.get("height")) == ("60", "56")]
    assert len(tiles) >= 35


@pytest.mark.parametrize(("view_id", "theme"), [(CHART, "light"), (MAP, "dark"), (LISTED, "light")])
def test_the_png_is_twice_as_large_and_not_blank(draw: Draw, view_id: str, theme: str) -> None:
    selection = Selection(lang="es", map="outlines", theme=theme)
    width, height, colours = pixels(draw(view_id, "png", selection))
    svg = ET.fromstring(draw(view_id, "svg", selection))
    assert (width, height) == (2 * int(svg.get("width", "0")), 2 * int(svg.get("height", "0")))
    page = {"light": (0xFB, 0xFA, 0xF6), "dark": (0x0E, 0x1A, 0x24)}[theme]
    assert colours.most_common(1)[0][0] == page
    assert len(colours) > 20
    assert 0.5 < colours[page] / colours.total() < 0.985


@pytest.mark.parametrize("lang", ["en", "pt"])
@pytest.mark.parametrize("view_id", [CHART, MAP])
def test_the_pdf_is_one_tagged_page_in_the_readers_language(draw: Draw, view_id: str, lang: str) -> None:
    selection = Selection(lang=lang, map="outlines")
    view = draw.view(view_id, selection)
    pdf = PdfReader(io.BytesIO(draw(view_id, "pdf", selection)))
    catalogue: Any = pdf.trailer["/Root"].get_object()
    assert len(pdf.pages) == 1
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/Lang"] == lang
    assert pdf.metadata is not None
    assert pdf.metadata.title == f"{view.title} · Panorama"
    said = words(iter([pdf.pages[0].extract_text()]))
    for text in (view.title, view.takeaway, db.edition()):
        assert " ".join(text.split()) in said
    # the letters are inside
    resources: Any = pdf.pages[0]["/Resources"].get_object()
    fonts = resources["/Font"].values()
    kinds = {font.get_object()["/Subtype"] for font in fonts}
    # the letters are inside: as outlines, or as a part of the typeface
    assert kinds <= {"/Type3", "/Type0"}
    parts = [font.get_object()["/DescendantFonts"][0] for font in fonts if font.get_object()["/Subtype"] == "/Type0"]
    assert all({"/FontFile2", "/FontFile3"} & set(part.get_object()["/FontDescriptor"]) for part in parts)


@pytest.mark.parametrize("view_id", [CHART, "explore.distribution"])
def test_hatches_are_lines_in_the_pdf_and_not_pixels(draw: Draw, view_id: str) -> None:
    selection = Selection()
    made = PdfReader(io.BytesIO(draw(view_id, "pdf", selection)))
    assert not [kept for kept in every_object(made) if kept.get("/Subtype") == "/Image"]
    assert b"<pattern" in draw(view_id, "svg", selection)


def every_object(pdf: PdfReader) -> Iterator[dict[str, Any]]:
    """The dictionaries and streams of a PDF."""
    for number in range(1, len(pdf.xref[0]) + 1):
        with suppress(PdfReadError):
            found = pdf.get_object(number)
            if isinstance(found, dict):
                yield found


def test_names_that_look_like_markup_are_drawn_as_they_are_written(draw: Draw) -> None:
    hostile = "<img src=x onerror=\"document.title='owned'\"> & 'co'"
    figure = go.Figure(go.Bar(x=["a"], y=[1]))
    view = draw.view(CHART, Selection())
    changed = View(view.id, hostile, hostile, view.table, view.columns, figure=figure, notes=(hostile,), period="2010")
    svg = draw.drawn(sheet.view_page(changed, Selection(), width=sheet.WIDTH), "svg")
    assert svg_words(svg).count(hostile) == 3
    assert ET.fromstring(svg).findtext(f"{SVG}title") == hostile


def test_a_picture_that_fails_or_takes_too_long_does_not_spoil_the_next(draw: Draw) -> None:
    broken = "<!DOCTYPE html><html lang='en'><body style='width:1200px'><div data-figure><script>{</script></div></body></html>"
    with pytest.raises(browser.PictureFailed):
        draw.drawn(broken, "svg")
    start = time.monotonic()
    with pytest.raises(browser.TooSlow):
        draw.drawn(draw.page(CHART, Selection()), "pdf", seconds=0.001)
    assert time.monotonic() - start < 10
    assert draw.drawn(draw.page(CHART, Selection()), "svg").startswith(b"<svg")


def test_a_browser_that_was_killed_is_started_anew(draw: Draw) -> None:
    draw(MAP, "svg", Selection())
    before = draw.studio.process_id
    assert before
    draw.studio._browser.subprocess.kill()
    draw.studio._browser.subprocess.wait(timeout=10)
    assert draw(MAP, "svg", Selection()).startswith(b"<svg")
    assert draw.studio.process_id not in (0, before)


def unlike(one: str, other: str) -> tuple[str, str]:
    """Where two drawings begin to differ, if they do."""
    if one == other:
        return "", ""
    start = next((place for place, both in enumerate(zip(one, other, strict=False)) if both[0] != both[1]), 0)
    return one[max(0, start - 40) : start + 160], other[max(0, start - 40) : start + 160]


def test_no_more_than_two_are_drawn_at_once(draw: Draw) -> None:
    page = draw.page(MAP, Selection())
    with ThreadPoolExecutor(max_workers=6) as readers:
        first, *others = (made.decode() for made in readers.map(lambda _reader: draw.drawn(page, "svg"), range(6)))
    assert [unlike(first, other) for other in others] == [("", "")] * 5
    assert 1 <= len(draw.studio._free) <= browser.AT_ONCE


def test_each_page_drawn_on_has_a_window_of_its_own(draw: Draw) -> None:
    # one that lies behind another is hidden, and the picture of a hidden page may never come
    page = draw.page(CHART, Selection())
    with ThreadPoolExecutor(max_workers=2) as readers:
        list(readers.map(lambda _reader: draw.drawn(page, "png"), range(2)))
    loop = draw.studio._loop
    assert loop is not None
    assert len(draw.studio._free) == browser.AT_ONCE
    for tab in draw.studio._free:
        seen = asyncio.run_coroutine_threadsafe(browser._evaluate(tab, "document.visibilityState"), loop)
        assert seen.result(timeout=10) == "visible"


def test_the_address_of_a_picture_answers(reader: Reader) -> None:
    answer = reader.page.request.get(f"{reader.server.url}/view/{CHART}.png?lang=fr", timeout=30_000)
    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
    assert answer.body()[:4] == b"\x89PNG"
    reader.page.goto(f"{reader.server.url}/view/{CHART}.html?lang=fr")
    reader.see("document.querySelectorAll('.point path').length > 10")
    assert reader.lang == "fr"


def test_no_picture_asks_anyone_outside(studio: browser.Studio, draw: Draw, net_log: Path) -> None:
    for view_id in (CHART, MAP):
        draw(view_id, "png", Selection(map="outlines"))
    studio.stop()
    assert studio.process_id == 0
    log = json.loads(net_log.read_text(encoding="utf-8"))
    names = {number: name for name, number in log["constants"]["logEventTypes"].items()}
    happened = Counter(names[event["type"]] for event in log["events"])
    # the browser itself would like to ask for updates: it finds no way out
    assert sum(happened.values()) > 10
    assert happened["TCP_CONNECT_ATTEMPT"] == 0
    assert not {name for name in happened if "BYTES_SENT" in name}
    own = {event["params"]["url"] for event in log["events"] if "url" in event.get("params", {})}
    assert not [url for url in own if re.search(r"127\.0\.0\.1|localhost|plotly|topojson|/static/|/view/", url)]
