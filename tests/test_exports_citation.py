"""Citation, links and embed snippet of a view: what they name, and where they lead."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest

import dashboard.pages
from dashboard import db
from dashboard.choices import read_address
from dashboard.exports.citation import (
    Taking,
    citation,
    document_codes,
    embed_snippet,
    file_link,
    frozen_link,
    page_of,
    view_link,
)
from dashboard.i18n import use_language
from dashboard.selection import Selection
from dashboard.views.registry import VIEWS
from dashboard.views.view import SourceNote, View

SITE = "https://panorama.example"
PAGES = {entry.path for entry in dashboard.pages.PAGES}


@pytest.fixture(autouse=True)
def _english(shipped: Path) -> Iterator[None]:
    db.use_edition(None)
    yield
    use_language("en")


def taking(**chosen: str) -> Taking:
    return Taking(Selection(**chosen), SITE, date(2026, 11, 22))  # type: ignore[arg-type]


def small_view(*sources: SourceNote, title: str = "A title") -> View:
    return View("training.small", title, "One.", pl.DataFrame({"a": [1]}), (), sources=sources, period="All years")


def test_a_citation_names_title_period_edition_documents_address_and_day() -> None:
    view = small_view(SourceNote("a", "Plain title", publisher="Someone"), SourceNote("b", "Coded", "DOC/1"))
    cited = citation(view, taking(lang="en"))
    assert "“A title” (All years)" in cited
    assert f"Edition {db.edition()}." in cited
    assert "Based on: DOC/1; Someone, Plain title." in cited
    assert f"{SITE}/training?lang=en&scheme=oas&period=all&edition={db.edition()}#training-small" in cited
    assert cited.endswith("(accessed November 22, 2026).")


def test_a_long_list_of_documents_says_how_many_it_leaves_out() -> None:
    notes = [SourceNote(str(n), f"T{n}", f"D/{n}") for n in range(11)]
    assert document_codes(notes) == "D/0; D/1; D/2; D/3; D/4; D/5; D/6; D/7; 3 more documents"
    assert document_codes(notes[:1]) == "D/0"


def test_a_publisher_named_in_the_title_is_not_named_twice() -> None:
    assert document_codes([SourceNote("a", "UNODC: report", publisher="UNODC")]) == "UNODC: report"


def test_every_view_leads_to_a_page_that_shows_it() -> None:
    scripts = {entry.path: (dashboard.pages.FOLDER / entry.script).read_text() for entry in dashboard.pages.PAGES}
    for view_id in VIEWS:
        assert page_of(view_id) in PAGES
        shown_on = {path for path, script in scripts.items() if f'"{view_id}"' in script}
        assert not shown_on or page_of(view_id) in shown_on, view_id


def test_the_frozen_link_names_the_edition_and_the_live_one_does_not() -> None:
    view = VIEWS["training.not_reached"](Selection(since=2015))
    frozen = urlsplit(frozen_link(view, taking(since="2015")))
    assert parse_qs(frozen.query)["edition"] == [db.edition()]
    live = urlsplit(view_link(view, Selection(since=2015, edition=db.edition())))
    assert "edition" not in parse_qs(live.query)
    assert live.path == frozen.path == "/training"
    assert live.fragment == frozen.fragment == "training-not_reached"


@pytest.mark.parametrize("lang", ["en", "es", "pt", "fr"])
def test_the_address_of_a_file_is_read_back_as_the_selection_that_it_was_made_of(lang: str) -> None:
    selection = Selection(lang=lang, area="KNA", first_year=2005, last_year=2015, scheme="m49")
    view = VIEWS["country.events"](selection)
    link = urlsplit(file_link(view, selection, "xlsx"))
    assert link.path == "/view/country.events.xlsx"
    again, problems = read_address({key: value[0] for key, value in parse_qs(link.query).items()}, Selection())
    assert problems == []
    assert again == selection.but(**view.options)


def test_markup_in_a_title_stays_text_in_the_snippet() -> None:
    snippet = embed_snippet(small_view(title='<img onerror="x">'), taking(lang="en"))
    assert snippet.count("<") == 2
    assert 'title="&lt;img onerror=&quot;x&quot;&gt;"' in snippet
    assert f'src="{SITE}/view/training.small.html?lang=en&amp;' in snippet
