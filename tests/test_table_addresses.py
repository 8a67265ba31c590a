"""The table of a view by itself: what waits in a closed fold, and what the addresses give when it is opened."""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest
from starlette.applications import Starlette

from dashboard import db, pages  # noqa: F401  (registers every view)
from dashboard.components import show, table_addresses
from dashboard.components.tables import table_html
from dashboard.exports import downloads, pictures
from dashboard.i18n import LANGUAGES, in_language, use_language
from dashboard.selection import Selection
from dashboard.views import VIEWS
from dashboard.views.view import Column, View
from tests.asking import ask, awaited

APP = Starlette(routes=[*table_addresses.ROUTES, *pictures.ROUTES, *downloads.ROUTES])
JAMAICA = Selection(area="JAM", first_year=2005, last_year=2020)


@pytest.fixture(autouse=True)
def _english(shipped: Path) -> Iterator[None]:
    db.use_edition(None)
    use_language("en")
    yield
    use_language("en")


def get(address: str, **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and text of the answer to a request."""
    status, answered, body = awaited(ask(APP, address, **headers))
    return status, answered, body.decode()


def of_rows(height: int) -> View:
    """A view with a table of so many rows."""
    table = pl.DataFrame({"n": list(range(height))}, schema={"n": pl.Int64})
    return View("a.view", "A view", "", table, (Column("n", "Number", "number"),))


def folds(view: View, selection: Selection) -> list[str]:
    """The addresses from which the folds under a view fetch what they hold."""
    return [unescape(found) for found in re.findall(r'data-later="([^"]+)"', show.foot(view, selection, "country"))]


def test_a_short_table_comes_with_the_page_and_a_long_one_when_its_fold_is_opened() -> None:
    short, long = (show.foot(of_rows(height), Selection(), "") for height in (12, 13))
    assert short.count("<tr>") == 13
    assert "data-later" not in short
    assert "<table" not in long
    assert "Table, 13 rows" in long
    assert ".table.html?" in long


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "view_id", ["country.answers", "country.timeline", "overview.contents", "programmes.deployments"]
)
def test_an_opened_fold_gets_the_table_of_the_view_it_stands_under(view_id: str, lang: str) -> None:
    selection = JAMAICA.but(lang=lang, scheme="m49")
    with in_language(lang):
        view = VIEWS[view_id](selection)
        (address,) = folds(view, selection)
        expected = table_html(view, selection)
    status, headers, body = get(address, accept_language="en")
    assert (status, headers["content-language"]) == (200, lang)
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert body == expected


def test_the_choices_of_a_view_travel_with_its_fold() -> None:
    view = VIEWS["overview.map"](Selection(indicator="training_events", first_year=2010))
    (address,) = folds(view, Selection(indicator="training_events", first_year=2010))
    assert get(address)[2] == table_html(view, Selection(indicator="training_events", first_year=2010))


class _Links(HTMLParser):
    """The headings, rows and links of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)


def test_without_script_the_link_in_the_fold_leads_to_a_whole_page() -> None:
    view = VIEWS["country.answers"](JAMAICA)
    href = re.search(r'href="(/view/country.answers.table.html[^"]+)"', show.foot(view, JAMAICA, "country"))
    assert href
    status, headers, body = get(unescape(href[1]))
    assert (status, headers["content-language"]) == (200, "en")
    assert body.startswith('<!DOCTYPE html><html lang="en"')
    assert body.count("<tr>") == view.table.height + 1
    assert "Jamaica" in body
    tags = _Links(body).tags
    assert tags.count("h1") == tags.count("table") == 1


def test_a_table_of_the_edition_on_screen_stays_so_when_another_goes_live() -> None:
    (address,) = folds(VIEWS["country.answers"](JAMAICA), JAMAICA)
    assert f"read={db.edition()}" in address
    assert get(address)[1]["cache-control"] == "private, max-age=3600"
    unknown = address.replace(f"read={db.edition()}", "read=../../etc/passwd")
    status, headers, body = get(unknown)
    assert (status, headers["cache-control"]) == (200, "no-cache")
    assert body == get(address)[2]
    # what the table leads to is live, as the page is
    assert "edition=" not in body


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/view/country.answer.table?area=JAM", 404, "The nearest is “country.answers”."),
        ("/view/country.answers.table?area=Jamaika", 400, "The nearest is “JAM”."),
        ("/view/country.answers.table.html?period=1500-1600", 400, "“1500-1600”"),
        ("/view/country.answers.table?lang=de", 400, "“de”"),
    ],
)
def test_what_is_unknown_is_refused_and_nothing_is_shown(address: str, status: int, said: str) -> None:
    found, headers, body = get(address, accept_language="en")
    assert found == status
    assert said in body
    assert headers["content-type"].startswith("text/plain")


def test_the_table_of_a_state_that_was_not_named_is_nobodys() -> None:
    status, _headers, body = get("/view/country.answers.table?lang=en")
    assert status == 200
    assert "<tr>" not in body.replace("<thead><tr></tr>", "")


def test_without_an_edition_there_is_no_table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANORAMA_EDITIONS", str(tmp_path))
    assert get("/view/country.answers.table?area=JAM", accept_language="fr")[0] == 503
