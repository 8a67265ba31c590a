"""A view as a page of its own and as a picture: what it says, what is kept, and what is refused."""

import asyncio
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import polars as pl
import pytest
from starlette.applications import Starlette

from dashboard import db
from dashboard.exports import browser, pictures, sheet
from dashboard.exports.formats import FORMATS
from dashboard.i18n import in_language, use_language
from dashboard.selection import Selection
from dashboard.views.registry import VIEWS
from dashboard.views.view import Column, Markup, SourceNote, View
from tests.asking import ask, awaited

APP = Starlette(routes=pictures.ROUTES)
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(autouse=True)
def _english(shipped: Path) -> Iterator[None]:
    import dashboard.pages  # noqa: F401  (registers every view)

    db.use_edition(None)
    use_language("en")
    pictures.KEPT.clear()
    yield
    use_language("en")


class Drawer:
    """Stands in for the browser: notes what it is asked to draw."""

    def __init__(self, *, waits: float = 0, fails: Exception | None = None) -> None:
        self.pages: list[tuple[str, str]] = []
        self.waits = waits
        self.fails = fails

    def wake(self) -> None:
        """A drawer is always ready."""

    async def draw(self, page: str, suffix: str) -> bytes:
        self.pages.append((page, suffix))
        await asyncio.sleep(self.waits)
        if self.fails:
            raise self.fails
        return f"{suffix} {len(self.pages)}".encode()


@pytest.fixture
def drawer(monkeypatch: pytest.MonkeyPatch) -> Drawer:
    """A browser that is there and draws at once."""
    drawer = Drawer()
    monkeypatch.setattr(browser, "STUDIO", drawer)
    monkeypatch.setattr(browser, "is_available", lambda: True)
    return drawer


def get(address: str, **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of the answer to a request."""
    status, said, body = awaited(ask(APP, address, **headers))
    return status, said, body.decode()


def words(page: str) -> str:
    """What a page says, without its markup."""
    return unescape(" ".join(re.sub(r"<(style|script)\b.*?</\1>|<[^>]*>", " ", page, flags=re.DOTALL).split()))


def small(**changes: Any) -> View:
    given: dict[str, Any] = {
        "id": "small.view",
        "title": "A small view",
        "takeaway": "One sentence.",
        "table": pl.DataFrame({"name": [f"row {place}" for place in range(50)]}),
        "columns": (Column("name", "Name"),),
        "period": "2010–2012",
    }
    return View(**(given | changes))


# What the page says


@pytest.mark.parametrize("lang", ["en", "es", "pt", "fr"])
@pytest.mark.parametrize(
    "view_id", ["overview.map", "training.events_by_year", "subregion.members", "country.treaties"]
)
def test_the_page_says_all_that_the_view_says(view_id: str, lang: str) -> None:
    with in_language(lang):
        selection = Selection(lang=lang, area="KNA", group="OAS-CAR")
        view = VIEWS[view_id](selection)
        page = sheet.view_page(view, selection, width=sheet.WIDTH)
    said = words(page)
    assert f'<html lang="{lang}"' in page
    for text in (view.title, view.takeaway, view.period, *view.notes, db.edition()):
        assert " ".join(text.split()) in said
    for source in view.sources[: sheet.MOST_SOURCES]:
        assert (source.doc_code or source.title.removeprefix(f"{source.publisher}: ")) in said
    not_official = {
        "en": "not an official",
        "es": "no una publicación",
        "pt": "não uma publicação",
        "fr": "non une publi",
    }
    assert not_official[lang] in said


@pytest.mark.parametrize("kind", ["tiles", "outlines"])
def test_the_boundary_notice_is_inside_the_picture_of_a_map(kind: str) -> None:
    selection = Selection(lang="es", map=kind)
    with in_language("es"):
        page = sheet.view_page(VIEWS["overview.map"](selection), selection, width=sheet.WIDTH)
    assert "Los nombres y los límites se muestran por conveniencia" in words(page)


def test_synthetic_records_say_so_in_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Synthetic records" not in sheet.view_page(small(), Selection(), width=1200)
    monkeypatch.setattr("dashboard.synthetic.is_synthetic", lambda: True)
    assert "Synthetic records for practice. No figure here is real." in sheet.view_page(
        small(), Selection(), width=1200
    )


def test_a_long_table_is_cut_in_the_picture_and_says_so() -> None:
    page = words(sheet.view_page(small(), Selection(), width=sheet.WIDTH))
    assert "row 39" in page
    assert "row 40" not in page
    assert "The first 40 of 50 rows" in page
    whole = words(sheet.view_page(small(), Selection()))
    assert "row 49" in whole
    assert "The first" not in whole


def test_an_empty_view_says_why() -> None:
    page = words(sheet.view_page(small(empty="Nothing was recorded in these years."), Selection(), width=1200))
    assert "Nothing was recorded in these years." in page
    assert "row 1" not in page


def test_names_that_look_like_markup_are_literal() -> None:
    figure = go.Figure(go.Bar(x=["</script>" + HOSTILE], y=[1]))
    source = SourceNote("s", title=HOSTILE, doc_code=HOSTILE, publisher=HOSTILE)
    table = pl.DataFrame({"name": [HOSTILE]})
    texts: dict[str, Any] = {"title": HOSTILE, "takeaway": HOSTILE, "notes": (HOSTILE,), "sources": (source,)}
    for view in (small(**texts, table=table), small(**texts, figure=figure)):
        for width in (0, sheet.WIDTH):
            page = sheet.view_page(view, Selection(), width=width)
            assert "<img" not in page
            assert HOSTILE in unescape(page)
    described = re.search(
        r'<script type="application/json">(.*?)</script>', sheet.view_page(view, Selection(), width=1200)
    )
    assert described is not None
    assert "\\u003c/script>" in described[1]


def test_the_page_of_a_picture_names_no_address() -> None:
    for view_id in ("overview.map", "training.events_by_year"):
        selection = Selection()
        page = sheet.view_page(VIEWS[view_id](selection), selection, width=sheet.WIDTH)
        head, _mark, _rest = page.partition("<body")
        assert not re.search(r"url\(|@import|<link|src=", head)
        assert not re.search(r"<(script(?! type=\"application/json\")|img|iframe|link)", page)


def test_the_page_to_embed_takes_scripts_and_typefaces_from_this_site_only() -> None:
    selection = Selection()
    page = sheet.view_page(VIEWS["training.events_by_year"](selection), selection)
    addresses = re.findall(r'(?:src|href)="([^"]*)"|url\("([^"]*)"\)', page.partition("<body")[0])
    assert {address.partition("?")[0] for pair in addresses for address in pair if address} >= {
        sheet.CHARTS,
        "../app/static/sheet.js",
    }
    assert not [address for pair in addresses for address in pair if re.match(r"(https?:)?//", address)]
    without = sheet.view_page(small(figure=Markup("<p>figure</p>")), selection)
    assert "<script" not in without


# The addresses


def test_the_page_to_embed_is_served() -> None:
    status, headers, body = get("/view/overview.map.html?lang=es&theme=dark")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert '<html lang="es" style="color-scheme:dark">' in body
    assert get("/view/overview.map.html?lang=es&theme=dark", if_none_match=headers["etag"])[0] == 304


@pytest.mark.parametrize(("suffix", "media_type"), pictures.PICTURES.items())
def test_a_picture_is_drawn_from_the_standing_page(drawer: Drawer, suffix: str, media_type: str) -> None:
    status, headers, body = get(f"/view/overview.map.{suffix}?lang=fr&area=KNA")
    assert (status, headers["content-type"], body) == (200, media_type, f"{suffix} 1")
    assert headers["content-disposition"] == f'inline; filename="overview.map.{suffix}"'
    assert headers["cache-control"] == "no-cache"
    selection = Selection(lang="fr", area="KNA")
    with in_language("fr"):
        expected = sheet.view_page(VIEWS["overview.map"](selection), selection, width=sheet.WIDTH)
    assert drawer.pages == [(expected, suffix)]


def test_a_picture_is_drawn_once_for_each_selection_and_format(drawer: Drawer) -> None:
    for address in (
        "map.png",
        "map.png?lang=en",
        "map.svg",
        "map.png?lang=es",
        "map.png?theme=dark",
        "map.png?lang=es",
    ):
        assert get(f"/view/overview.{address}")[0] == 200
    assert len(drawer.pages) == 4


def test_another_live_edition_is_drawn_anew(drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    get("/view/overview.map.png")
    monkeypatch.setattr(db, "now_live", lambda: "another")
    get("/view/overview.map.png")
    assert len(drawer.pages) == 2


def test_a_picture_of_a_named_edition_may_be_kept_by_the_reader(drawer: Drawer) -> None:
    headers = get(f"/view/overview.map.png?edition={db.edition()}")[1]
    assert headers["cache-control"].startswith("public, max-age=")


def test_readers_who_ask_at_once_share_one_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    drawer = Drawer(waits=0.2)
    monkeypatch.setattr(browser, "STUDIO", drawer)
    monkeypatch.setattr(browser, "is_available", lambda: True)

    async def together() -> list[tuple[int, dict[str, str], bytes]]:
        return await asyncio.gather(*(ask(APP, "/view/overview.map.png") for _reader in range(5)))

    assert [(status, body) for status, _headers, body in awaited(together())] == [(200, b"png 1")] * 5


def test_what_is_kept_is_bounded() -> None:
    kept = pictures.Kept(10)
    kept.put("a", b"1234")
    kept.put("b", b"1234")
    assert kept.get("a") == b"1234"
    kept.put("c", b"1234")
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == (b"1234", None, b"1234")
    kept.put("d", b"x" * 11)
    assert kept.get("d") is None
    kept.put("a", b"12")
    kept.put("e", b"1234")
    assert (kept.get("a"), kept.get("c"), kept.get("e")) == (b"12", b"1234", b"1234")


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/view/overview.mapp.png", 404, "overview.map"),
        ("/view/overview.mapp.html", 404, "overview.map"),
        ("/view/overview.map.pdf?area=Jamaca", 400, "area=JAM"),
        ("/view/overview.map.svg?edition=nope", 400, "nope"),
        ("/view/overview.map.png?lang=xx", 400, "xx"),
        ("/view/overview.map.png?theme=drak", 400, "theme=dark"),
        ("/view/overview.map.png?period=2020-1990", 400, "2020-1990"),
        ("/view/country.treaties.png", 400, "area=KNA"),
    ],
)
def test_what_does_not_exist_is_refused_with_the_nearest(drawer: Drawer, address: str, status: int, said: str) -> None:
    found, headers, body = get(address)
    assert (found, headers["content-type"], headers["cache-control"]) == (
        status,
        "text/html; charset=utf-8",
        "no-store",
    )
    assert said in body.partition("<main>")[2]
    assert drawer.pages == []


def test_a_refusal_speaks_the_readers_language_and_shows_names_literally(drawer: Drawer) -> None:
    body = get(f"/view/{HOSTILE.replace('/', '')}.png", accept_language="fr-CA,fr;q=0.9")[2]
    assert '<html lang="fr"' in body
    assert "Il n" in words(body)
    assert "<img" not in body
    assert '<html lang="pt"' in get("/view/no.png?lang=pt", accept_language="fr")[2]


def test_other_endings_are_left_to_other_addresses() -> None:
    assert get("/view/overview.map.gif")[2] == "Not Found"


def test_without_a_browser_the_page_says_so_and_offers_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "program", lambda: "")
    status, _headers, body = get("/view/overview.map.png?lang=en&area=KNA")
    assert status == 503
    assert "no browser" in words(body)
    for suffix in ("html", "csv", "xlsx", "pptx"):
        assert f'href="overview.map.{suffix}?area=KNA&amp;lang=en' in body
    assert 'href="overview.map.pdf' not in body
    assert get("/view/overview.map.html")[0] == 200
    assert {suffix for suffix, one in FORMATS.items() if not one.is_possible()} == set(pictures.PICTURES)


def test_a_browser_that_does_not_start_is_no_browser(drawer: Drawer) -> None:
    drawer.fails = browser.NoBrowser()
    assert get("/view/overview.map.pdf")[0] == 503


def test_a_picture_that_takes_too_long_is_stopped(drawer: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser, "SECONDS", 0.3)
    drawer.waits = 60
    status, headers, body = get("/view/overview.map.png")
    assert (status, headers["cache-control"]) == (504, "no-store")
    assert "was stopped" in words(body)
    drawer.waits = 0
    assert get("/view/overview.map.png")[0] == 200


def test_a_picture_that_fails_tells_the_reader_nothing_of_the_inside(drawer: Drawer) -> None:
    drawer.fails = browser.PictureFailed("TypeError at secret.js:1")
    status, _headers, body = get("/view/overview.map.png")
    assert status == 500
    assert "secret" not in body


def test_without_an_edition_nothing_is_drawn(drawer: Drawer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANORAMA_EDITIONS", str(tmp_path))
    assert get("/view/overview.map.png")[0] == 503
    assert drawer.pages == []


def test_the_chart_library_is_the_installed_one() -> None:
    status, headers, body = get("/view/plotly.min.js")
    assert (status, headers["content-type"].partition(";")[0]) == (200, "text/javascript")
    assert f"plotly.js v{sheet._charts_version()}" in body[:400]


# The browser


def test_the_program_is_the_one_named_or_the_first_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(browser, "_MAC", tmp_path / "absent")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    assert browser.program() == ""
    assert not browser.is_available()
    for name in ("chromium", "my-browser"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    assert browser.program() == str(tmp_path / "chromium")
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "my-browser"))
    assert browser.program() == str(tmp_path / "my-browser")
    monkeypatch.setenv("CHROMIUM", "not-there")
    assert browser.program() == ""


def test_a_program_that_is_no_browser_counts_as_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("CHROMIUM", str(broken))
    studio = browser.Studio()
    with pytest.raises(browser.NoBrowser):
        studio.drawn("<!DOCTYPE html><p>page</p>", "png", seconds=30)
    assert studio.process_id == 0
    studio.stop()


@pytest.mark.parametrize(
    ("width", "height", "is_a4"), [(1200, 700, True), (1200, 848, True), (1200, 900, False), (1500, 1000, True)]
)
def test_a_page_is_printed_on_a4_where_it_fits(width: int, height: int, is_a4: bool) -> None:
    paper = browser._paper(width, height)
    assert ((paper["paperWidth"], paper["paperHeight"]) == (11.693, 8.268)) is is_a4
    # all of the page is on the sheet, which has one side
    assert width * paper["scale"] <= paper["paperWidth"] * 96 + 0.01
    assert height * paper["scale"] <= paper["paperHeight"] * 96
