"""Slides of views, opened again: native charts with the view's numbers, tables, notes, nothing beyond the edge."""

import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import plotly.graph_objects as go
import polars as pl
import pytest
from pptx import Presentation
from pptx.enum.dml import MSO_FILL
from pptx.util import Inches

import dashboard.pages  # noqa: F401  (registers every view)
from dashboard import areas, db
from dashboard.charts.split_bars import Part, SplitBar, split_bars
from dashboard.exports.citation import Taking
from dashboard.exports.slide import view_slide
from dashboard.exports.slide.figure import BarChart, LineChart, native_chart
from dashboard.exports.slide.measures import FOOT, SMALLEST
from dashboard.i18n import LANGUAGES, use_language
from dashboard.selection import Selection
from dashboard.views.registry import VIEWS
from dashboard.views.view import Column, SourceNote, View
from pipelines import editions
from pipelines.demo import write_demo
from tests.office import saved_again

SITE = "https://panorama.example"
MARKUP = '<img src=x onerror="alert(1)"> & =1+1'


@pytest.fixture(autouse=True)
def _english(shipped: Path) -> Iterator[None]:
    db.use_edition(None)
    use_language("en")
    yield
    use_language("en")


def taken(view: View, selection: Selection | None = None) -> Any:
    content = view_slide(view, Taking(selection or Selection(), SITE, date(2026, 11, 22)))
    return Presentation(io.BytesIO(content))


def of(view_id: str, **chosen: Any) -> tuple[View, Any]:
    selection = Selection(**chosen)
    view = VIEWS[view_id](selection)
    return view, taken(view, selection).slides[0]


def the_chart(page: Any) -> Any:
    return next(shape.chart for shape in page.shapes if shape.has_chart)


def the_table(page: Any) -> list[list[str]]:
    table = next(shape.table for shape in page.shapes if shape.has_table)
    return [[cell.text for cell in row.cells] for row in table.rows]


def words(page: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in page.shapes if shape.has_text_frame)


def figure_view(figure: Any, **more: Any) -> View:
    return View(
        "training.small",
        "A title",
        "A sentence.",
        pl.DataFrame({"name": ["a"], "value": [1]}),
        (Column("name", "Name"), Column("value", "Value", "number")),
        figure=figure,
        period="All years",
        **more,
    )


def test_bars_become_a_chart_with_the_numbers_of_the_table() -> None:
    view, page = of("training.events_by_year")
    chart = the_chart(page)
    categories = list(chart.plots[0].categories)
    drawn = {
        (categories[n], series.name): value
        for series in chart.plots[0].series
        for n, value in enumerate(series.values)
        if value is not None
    }
    assert drawn == {(str(row["when"]), row["category"]): row["value"] for row in view.table.iter_rows(named=True)}
    assert "2015" in categories  # a year without an event keeps its place
    assert categories[-1] == "no single year"


def test_the_sheet_behind_the_chart_holds_the_same_numbers_so_that_it_can_be_edited() -> None:
    _view, page = of("training.events_by_year")
    chart = the_chart(page)
    sheet: Any = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
    rows = list(sheet.iter_rows(values_only=True))
    assert [series.name for series in chart.plots[0].series] == list(rows[0][1:])
    for n, series in enumerate(chart.plots[0].series, start=1):
        assert [row[n] for row in rows[1:]] == list(series.values)


def test_what_was_announced_is_hatched_and_what_was_held_is_not() -> None:
    _view, page = of("training.events_by_year")
    fills = {series.name: series.format.fill.type for series in the_chart(page).plots[0].series}
    assert fills == {"held": MSO_FILL.SOLID, "announced": MSO_FILL.PATTERNED, "planned": MSO_FILL.PATTERNED}


def test_numbers_of_different_kinds_stand_side_by_side_with_their_sign_and_marks_are_said() -> None:
    view, page = of("training.officials_by_year")
    chart = the_chart(page)
    assert chart.plots[0].overlap == 0
    total = sum(value for series in chart.plots[0].series for value in series.values if value is not None)
    assert total == view.table["value"].sum()
    formats = {series.name: series.data_labels.number_format for series in chart.plots[0].series}
    assert formats["reported afterwards"] == "#,##0"
    assert formats["announced beforehand, at least"].startswith('"≥')
    assert "◆ 2012: more than 1,000 stated, to October 2012" in words(page)


def test_a_line_that_holds_until_the_next_year_is_drawn_in_steps() -> None:
    view, page = of("training.coverage")
    by_name = {series.name: series for series in the_chart(page).plots[0].series}
    reached = by_name["states reached so far"]
    numbers = [row for row in view.table.iter_rows(named=True) if str(row["when"]).isdecimal()]
    across = [float(point.text) for point in reached._element.xpath("c:xVal//c:pt/c:v")]
    found = dict(zip(across, reached.values, strict=True))  # the later point of a year is its value
    assert found == {float(row["when"]): row["reached"] for row in numbers}
    assert len(across) == 2 * len(numbers) - 1
    assert "no single year: +3" in words(page)


def test_other_figures_become_a_table_that_says_what_it_leaves_out() -> None:
    view, page = of("training.events")
    rows = the_table(page)
    assert rows[0][0] == "Event"
    assert rows[1][0] == view.table["title"][0]
    assert f"of {view.table.height} rows" in words(page)
    assert f"of {len(view.columns)} columns" in words(page)


@pytest.mark.parametrize("kind", ["tiles", "outlines"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_map_becomes_a_table_of_all_states_and_their_values(lang: str, kind: str) -> None:
    use_language(lang)
    view, page = of("overview.map", lang=lang, map=kind)
    rows = the_table(page)
    width = len(rows[0])
    part = rows[0].index("") + 1 if "" in rows[0] else width
    found = {row[start]: row[start + 1] for row in rows[1:] for start in range(0, width, part) if row[start]}
    assert len(found) == view.table.height == 35
    for row in view.table.iter_rows(named=True):
        if row["value"] is not None:
            assert found[areas.name(row["area_code"])] == str(int(row["value"]))


def test_short_tables_are_whole() -> None:
    view, page = of("training.by_subregion")
    rows = the_table(page)
    assert len(rows) == view.table.height + 1
    held = rows[0].index("Events held")
    assert [row[held] for row in rows[1:]] == [str(value) for value in view.table["held"]]
    assert "XLSX" not in words(page)


def test_the_chart_has_its_sentence_as_alternative_text_and_the_notes_say_where_all_comes_from() -> None:
    view, page = of("training.events_by_year", lang="en")
    frame = next(shape for shape in page.shapes if shape.has_chart)
    assert frame._element.xpath(".//p:cNvPr/@descr") == [view.takeaway]
    assert page.shapes.title.text_frame.text == view.takeaway
    notes = page.notes_slide.notes_text_frame.text
    for text in (view.title, *view.notes, db.edition(), f"edition={db.edition()}"):
        assert text in notes
    for source in view.sources:
        assert source.title in notes
        assert source.url in notes


def test_the_foot_names_documents_edition_and_whose_publication_it_is_not() -> None:
    view, page = of("training.events_by_year")
    foot = words(page)
    codes = [source.doc_code for source in view.sources if source.doc_code]
    assert codes[0] in foot
    assert db.edition() in foot
    assert "Not an official publication of the OAS" in foot
    assert page._element.xpath('.//a:fld[@type="slidenum"]')


def test_markup_and_formulas_are_literal_everywhere() -> None:
    figure = go.Figure(go.Bar(x=[MARKUP, "=2+2"], y=[1, 2], name=MARKUP))
    view = figure_view(figure, notes=(MARKUP,), sources=(SourceNote("s", MARKUP, "<b>"),))
    page = taken(view).slides[0]
    chart = the_chart(page)
    assert list(chart.plots[0].categories) == [MARKUP, "'=2+2"]
    sheet: Any = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
    assert [cell.data_type for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []
    assert MARKUP in page.notes_slide.notes_text_frame.text
    table = pl.DataFrame({"name": [MARKUP, "a\x00b\x1b"], "value": [1, 2]})
    rows = the_table(taken(View("training.x", MARKUP, MARKUP, table, view.columns)).slides[0])
    assert [row[0] for row in rows[1:]] == [MARKUP, "ab"]


def test_an_empty_view_says_why_and_has_neither_chart_nor_table() -> None:
    view = figure_view(go.Figure(), empty="There is nothing yet.")
    page = taken(view).slides[0]
    assert "There is nothing yet." in words(page)
    assert not any(shape.has_chart or shape.has_table for shape in page.shapes)


def test_figures_that_no_chart_of_a_slide_can_say_are_left_to_the_table() -> None:
    lanes = go.Figure(go.Bar(x=[1], base=[2001], y=[1], orientation="h"))
    double = go.Figure([go.Bar(x=[1], y=[1]), go.Bar(x=[1], y=[1], xaxis="x2")])
    for figure in (lanes, double, go.Figure(go.Pie(values=[1])), go.Figure()):
        assert native_chart(figure) is None
    bars = split_bars([SplitBar("a", (Part("focus", 1),), "1")], legend=[])
    assert the_table(taken(figure_view(bars)).slides[0])[1] == ["a", "1"]


def test_lying_bars_and_points_are_read_as_they_are() -> None:
    lying = native_chart(go.Figure(go.Bar(x=[3, None], y=["a", "b"], orientation="h", name="n")))
    assert isinstance(lying, BarChart)
    assert (lying.categories, lying.series[0].values, lying.is_lying) == (("a", "b"), (3, None), True)
    points = native_chart(go.Figure(go.Scatter(x=[1, 2], y=[0.5, 0.7], mode="markers")))
    assert isinstance(points, LineChart)
    assert (points.series[0].points, points.series[0].has_line) == (((1, 0.5), (2, 0.7)), False)


def test_a_line_keeps_its_holes_and_its_breaks_between_years_that_follow_each_other() -> None:
    years = [2000, 2001, None, 2003, None, 2004]
    values = [1.0, 2.0, None, 3.0, None, 4.0]
    broken = figure_view(go.Figure(go.Scatter(x=years, y=values, mode="lines+markers", name="n")))
    chart = the_chart(taken(broken).slides[0])
    # 2002 is empty; 2003 and 2004 follow each other and are not joined, so they stand in two rows of the sheet
    assert list(chart.plots[0].categories) == ["2000", "2001", "2002", "2003", "2004"]
    assert [list(series.values) for series in chart.plots[0].series] == [
        [1.0, 2.0, None, 3.0, None],
        [None, None, None, None, 4.0],
    ]
    assert chart._chartSpace.xpath("c:chart/c:dispBlanksAs/@val") == ["gap"]


def test_every_view_fits_on_its_slide_in_type_that_can_be_read() -> None:
    for position, (view_id, function) in enumerate(VIEWS.items()):
        lang = LANGUAGES[position % len(LANGUAGES)]
        use_language(lang)
        selection = Selection(lang=lang, area="KNA", group="OAS-CAR")
        deck = taken(function(selection), selection)
        page = deck.slides[0]
        for shape in page.shapes:
            assert shape.left >= 0, view_id
            assert shape.left + shape.width <= deck.slide_width, view_id
            assert shape.top + shape.height <= deck.slide_height, view_id
        body = [shape for shape in page.shapes if shape.has_chart or shape.has_table]
        foot = Inches(FOOT)
        for shape in body:
            assert shape.top + shape.height <= foot, view_id
            assert shape.top >= page.shapes.title.top + page.shapes.title.height, view_id
        sizes = [int(size) for size in page._element.xpath(".//@sz")]
        assert min(sizes) >= SMALLEST * 100, view_id
        for shape in body:
            if shape.has_chart:
                assert min(int(size) for size in shape.chart._chartSpace.xpath(".//@sz")) >= 1400, view_id


def test_libreoffice_opens_the_slide_without_repair(tmp_path: Path) -> None:
    view = VIEWS["training.events_by_year"](Selection())
    path = tmp_path / "slide.pptx"
    path.write_bytes(view_slide(view, Taking(Selection(), SITE, date(2026, 11, 22))))
    again = Presentation(str(saved_again(path, "pptx", tmp_path)))
    assert view.takeaway in words(again.slides[0])
    before = [list(series.values) for series in the_chart(Presentation(str(path)).slides[0]).plots[0].series]
    after = [list(series.values) for series in the_chart(again.slides[0]).plots[0].series]
    assert after == before


def test_synthetic_records_say_so_on_the_slide_in_the_notes_and_in_the_title_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_demo(tmp_path / "data", events=200, rounds=2, questions=5, seed=7, has_edition=True)
    monkeypatch.setenv("PANORAMA_EDITIONS", str(editions.resolve(None, tmp_path / "data" / "editions").parent))
    db.use_edition(None)
    deck = taken(VIEWS["training.events_by_year"](Selection()))
    sentence = "Synthetic records for practice. No figure here is real."
    assert sentence in words(deck.slides[0])
    assert sentence in deck.slides[0].notes_slide.notes_text_frame.text
    assert deck.core_properties.title.startswith(sentence)
