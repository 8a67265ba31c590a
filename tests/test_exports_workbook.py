"""Workbooks of views, opened again by another library: true numbers, words for what is empty, text that stays text."""

import io
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest

import dashboard.pages  # noqa: F401  (registers every view)
from dashboard import db
from dashboard.exports import workbook
from dashboard.exports.citation import Taking
from dashboard.i18n import LANGUAGES, use_language
from dashboard.selection import Selection
from dashboard.views.registry import VIEWS
from dashboard.views.view import Column, SourceNote, View
from pipelines import editions
from pipelines.demo import write_demo
from tests.office import saved_again

SITE = "https://panorama.example"
HOSTILE = ["=1+1", "+a", "-a", "@a", "\tx", '=HYPERLINK("http://x.example")', "<b>&amp;</b>", "http://x.example/", "12"]


@pytest.fixture(autouse=True)
def _english(shipped: Path) -> Iterator[None]:
    db.use_edition(None)
    use_language("en")
    yield
    use_language("en")


def taken(view: View, selection: Selection | None = None) -> Any:
    content = workbook.view_workbook(view, Taking(selection or Selection(), SITE, date(2026, 11, 22)))
    return openpyxl.load_workbook(io.BytesIO(content))


def column(sheet: Any, name: str) -> list[object]:
    """The values under a header, from the first row on."""
    place = [cell.value for cell in sheet[1]].index(name)
    return [row[place].value for row in sheet.iter_rows(min_row=2)]


def hostile_view() -> View:
    return View(
        "training.hostile",
        "=title",
        "-takeaway",
        pl.DataFrame({"text": HOSTILE, "source_id": ["s"] * len(HOSTILE)}),
        (Column("text", "=Text"), Column("source_id", "Source", "source")),
        notes=("+note",),
        sources=(
            SourceNote("s", "@title", "=DOC/1", "Publisher", "https://example.org/a?b=1&c=2", "CC BY 4.0", "2020"),
            SourceNote("t", "Not on the web", url="javascript:alert(1)"),
        ),
        period="All years",
    )


def test_text_is_never_a_formula_nor_a_link_and_keeps_its_letters() -> None:
    book = taken(hostile_view())
    data = book["Data"]
    assert column(data, "=Text") == HOSTILE
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert [cell.coordinate for cell in row if cell.data_type == "f"] == []
    assert [cell.hyperlink for row in data.iter_rows() for cell in row if cell.hyperlink] == []
    # the mark of Excel for "this is text", so that editing the cell makes no formula of it either
    marked = [cell.value for cell in data["A"] if cell.quotePrefix]
    assert marked == ["=Text", *HOSTILE[:6]]


def test_only_addresses_of_the_web_become_links() -> None:
    sheet = taken(hostile_view())["Sources"]
    assert [cell.value for cell in sheet[1]] == [
        "Document code", "Title", "Publisher", "Address", "Licence", "Date", "Name in the data",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[2]] == [
        "=DOC/1", "@title", "Publisher", "https://example.org/a?b=1&c=2", "CC BY 4.0", "2020", "s",
    ]  # fmt: skip
    assert sheet["D2"].hyperlink.target == "https://example.org/a?b=1&c=2"
    assert (sheet["D3"].value, sheet["D3"].hyperlink) == ("javascript:alert(1)", None)


def test_numbers_shares_years_and_dates_are_what_they_are_and_empty_ones_say_why() -> None:
    table = pl.DataFrame(
        {
            "area_code": ["BRA", "KNA"],
            "value": [1234.5, None],
            "status": ["A", "O"],
            "places": [1, 1],
            "share": [0.255, None],
            "year": [2020, None],
            "on": [date(2020, 3, 1), None],
            "when": ["2 March 2020", "2021"],
            "start_on": [date(2020, 3, 2), date(2021, 1, 1)],
            "start_precision": ["day", "year"],
            "name": ["a", "b"],
            "name_basis": ["translated", "original"],
        }
    )
    columns = (
        Column("area_code", "State", "area"),
        Column("value", "Value", "number", status_key="status", decimals_key="places"),
        Column("share", "Share", "percent", decimals=1),
        Column("year", "Year", "year"),
        Column("on", "Day"),
        Column("when", "When"),
        Column("name", "Name"),
    )
    sheet = taken(View("training.small", "t", "s", table, columns))["Data"]
    assert column(sheet, "State") == ["Brazil", "Saint Kitts and Nevis"]
    assert column(sheet, "State: code") == ["BRA", "KNA"]
    assert column(sheet, "Value") == [1234.5, None]
    assert column(sheet, "Value: status") == ["normal value", "not reported"]
    assert column(sheet, "Share") == [0.255, None]
    assert column(sheet, "Year") == [2020, None]
    assert column(sheet, "Day") == [datetime(2020, 3, 1), None]
    assert column(sheet, "First day, where known to the day") == [datetime(2020, 3, 2), None]
    assert column(sheet, "Name: translation or language") == ["our translation", None]
    formats = {cell.value: sheet.cell(2, cell.column).number_format for cell in sheet[1]}
    assert formats["Value"] == "#,##0.0"
    assert formats["Share"] == "0.0%"
    assert formats["Year"] == "0"
    assert formats["Day"] == "yyyy-mm-dd"
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:K3"


def test_the_notes_say_everything_that_the_view_says_and_where_it_is() -> None:
    selection = Selection(first_year=2005, last_year=2015)
    view = VIEWS["training.events_by_year"](selection)
    sheet = taken(view, selection)["Notes"]
    lines = [(row[0].value, row[1].value) for row in sheet.iter_rows()]
    said = [text for _what, text in lines]
    for text in (view.title, view.takeaway, *view.notes, view.period, db.edition()):
        assert text in said
    link = dict(lines)["Link, frozen to this edition"]
    assert f"edition={db.edition()}" in link
    assert "period=2005-2015" in link
    assert any(
        cell.hyperlink and cell.hyperlink.target == link.split("#")[0] for row in sheet.iter_rows() for cell in row
    )
    assert "CC BY 4.0" in dict(lines)["Licence"]


def test_a_text_longer_than_a_cell_says_that_it_is_cut() -> None:
    table = pl.DataFrame({"text": ["x" * 40_000]})
    found = column(taken(View("training.long", "t", "s", table, (Column("text", "Text"),)))["Data"], "Text")
    assert len(str(found[0])) < 32_767
    assert str(found[0]).endswith("(cut here: a cell holds no more; the CSV file has all)")


def test_a_number_that_is_none_stays_a_word() -> None:
    table = pl.DataFrame({"value": [float("nan"), float("inf"), 1.0]})
    found = column(taken(View("training.odd", "t", "s", table, (Column("value", "Value", "number"),)))["Data"], "Value")
    assert found == ["nan", "inf", 1]


def test_every_view_has_its_numbers_in_the_workbook() -> None:
    for position, (view_id, function) in enumerate(VIEWS.items()):
        lang = LANGUAGES[position % len(LANGUAGES)]
        use_language(lang)
        selection = Selection(lang=lang, area="KNA", group="OAS-CAR")
        view = function(selection)
        book = taken(view, selection)
        assert len(book.worksheets) == 3
        data = book.worksheets[0]
        assert data.max_row == view.table.height + 1, view_id
        heads = [cell.value for cell in data[1]]
        for one in view.columns:
            if one.kind in ("number", "percent") and view.table.height:
                place = heads.index(one.label)
                found = [row[place].value for row in data.iter_rows(min_row=2)]
                # a spreadsheet keeps about sixteen digits
                wanted = [None if value is None else pytest.approx(value, rel=1e-14) for value in view.table[one.key]]
                assert found == wanted, (view_id, one.key)
        assert book.worksheets[2].max_row >= len(view.sources) + 1


def test_libreoffice_opens_it_and_finds_the_same_numbers(tmp_path: Path) -> None:
    view = VIEWS["training.by_subregion"](Selection())
    path = tmp_path / "book.xlsx"
    path.write_bytes(workbook.view_workbook(view, Taking(Selection(), SITE, date(2026, 11, 22))))
    saved: Any = openpyxl.load_workbook(saved_again(path, "xlsx", tmp_path))
    assert saved.sheetnames == ["Data", "Notes", "Sources"]
    label = next(one.label for one in view.columns if one.key == "held")
    assert column(saved["Data"], label) == view.table["held"].to_list()


def test_synthetic_records_say_so_in_every_row_and_on_every_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_demo(tmp_path / "data", events=200, rounds=2, questions=5, seed=7, has_edition=True)
    monkeypatch.setenv("PANORAMA_EDITIONS", str(editions.resolve(None, tmp_path / "data" / "editions").parent))
    db.use_edition(None)
    view = VIEWS["training.events"](Selection())
    book = taken(view)
    assert set(column(book["Data"], "Synthetic")) == {"invented for practice"}
    sentence = "Synthetic records for practice. No figure here is real."
    assert book["Notes"]["B1"].value == sentence
    assert all(sentence in sheet.oddHeader.center.text for sheet in book.worksheets)
    assert book.properties.title.startswith(sentence)
