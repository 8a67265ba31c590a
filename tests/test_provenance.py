"""Every number leads to its records: their count or sum, followed as a reader follows it, is the number on the page."""

import math
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import plotly.graph_objects as go
import pytest

import dashboard.pages  # noqa: F401  (registers every view)
from dashboard import db
from dashboard.choices import read_address
from dashboard.queries import observations, sources
from dashboard.record_filters import RECORD_SETS
from dashboard.selection import Selection
from dashboard.views.behind import Behind, behind_value
from dashboard.views.overview import RECORD_INDICATORS
from dashboard.views.records import listed
from dashboard.views.registry import VIEWS
from dashboard.views.sources import SETS
from dashboard.views.view import Column, Markup, View

RATES = {
    "a rate or share: behind it stand the records of its numerator": (
        "officials_per_100000",
        "countries_covered_share",
        "questionnaire_return_rate",
        "treaties_in_force_share",
    ),
    "a year, or a number of years: behind it stand the records that tell it": (
        "last_training_year",
        "years_since_last_training",
    ),
    "returns in a row: behind it stand all returns of the series": ("questionnaire_returns_in_row",),
    "a published value, with its code": ("tip_tier",),
}
NOT_COUNTED = {indicator for indicators in RATES.values() for indicator in indicators}
"""Indicators whose value is no count and no sum of the records behind it, by the reason."""

OTHER_NUMBERS = {
    ("training.not_reached", "last_year"): "a year; behind it stand the records of that year",
    **dict.fromkeys(
        [
            (view, column)
            for view in ("country.standing", "country.context")
            for column in ("lowest", "highest", "group_median", "median", "middle")
        ],
        "the lowest, middle or highest value of those behind it",
    ),
}
"""Cells of numbers that are no count and no sum of the records behind them."""

SELECTIONS = {
    "all years": Selection(area="KNA", group="OAS-CAR"),
    "some years": Selection(area="BRA", group="MERCOSUR", scheme="mercosur", first_year=2005, last_year=2012),
    "until a year": Selection(area="JAM", group="X-SICA", scheme="sica", last_year=2010),
    "since a year": Selection(area="HTI", group="CARICOM", scheme="caricom", first_year=2013),
    "no record": Selection(area="CUB", group="013", scheme="m49", first_year=1999, last_year=1999),
}


ALL = SELECTIONS["all years"]


@pytest.fixture(autouse=True)
def _reading_the_shipped_edition(shipped: Any) -> None:
    db.use_edition(shipped.stem)


def cells(view: View) -> Iterator[tuple[Column, dict[str, Any], Behind]]:
    """Every cell of a view's table that leads to records: column, row, the records."""
    for row in view.table.with_row_index("place_in_table").iter_rows(named=True):
        for column in view.columns:
            if column.behind and row[column.key] and (one := column.behind(row)):
                yield column, row, one


def wrong(view: View, selection: Selection) -> list[str]:
    """The cells of a view whose number is not that of the records behind them."""
    found = []
    for column, row, one in cells(view):
        value = row[column.key]
        indicator = row.get("indicator_id") or view.options.get("indicator")
        if (view.id, column.key) in OTHER_NUMBERS or indicator in NOT_COUNTED:
            value = None
        elif isinstance(value, str):
            # "18 / 34", "7 of 9 known"; other words are no number and need only be founded on something
            count = re.match(r"([\d,]*\d) (?:/|of) ", value)
            value = float(count[1].replace(",", "")) if count else None
        listing = listed(one, selection)
        # what one record states may stand on the page itself: its value, the replies that its source gives
        figures = listing.counts.values() if listing.counts["records"] == 1 else [listing.figure]
        is_same = value is None or any(math.isclose(figure, value) for figure in figures)
        if not listing.counts["records"] or not is_same:
            found.append(f"{view.id}.{column.key}: {row[column.key]!r}, but {listing.counts} behind {one}")
    return found


@pytest.mark.parametrize("chosen", SELECTIONS)
@pytest.mark.parametrize("view_id", sorted(VIEWS))
def test_every_cell_equals_the_records_behind_it(view_id: str, chosen: str) -> None:
    selection = SELECTIONS[chosen]
    assert wrong(VIEWS[view_id](selection), selection) == []


@pytest.mark.parametrize(
    "view_id",
    [
        "overview.key_figures", "overview.map", "overview.subregions", "training.events_by_year",
        "training.officials_by_year", "training.officials_by_country", "training.by_subregion",
        "training.by_audience", "training.coverage", "training.not_reached", "programmes.countries",
        "programmes.by_pillar", "programmes.list", "programmes.timeline", "subregion.profile", "subregion.members",
        "subregion.events_by_year", "subregion.programmes", "subregion.treaties", "subregion.context",
        "commitments.by_pillar",
    ],
)  # fmt: skip
def test_the_numbers_of_a_view_lead_somewhere(view_id: str) -> None:
    view = VIEWS[view_id](SELECTIONS["all years"])
    led = {(column.key, row["place_in_table"]) for column, row, _one in cells(view)}
    numbers = [
        column
        for column in view.columns
        # nothing is on file of a standing that is not known
        if column.kind == "number" and column.key not in ("coverage", "lowest", "middle", "highest", "unknown")
    ]
    assert len(led) >= view.table.height / 3
    assert [column.key for column in numbers if column.behind is None] == []


def test_every_indicator_of_the_map_equals_its_records() -> None:
    asked = [
        chosen.but(indicator=indicator)
        for indicator in observations.map_indicators()["indicator_id"]
        for chosen in ([SELECTIONS["all years"], SELECTIONS["some years"]] if indicator in RECORD_INDICATORS else [ALL])
    ]
    assert [one for selection in asked for one in wrong(VIEWS["overview.map"](selection), selection)] == []


def test_every_value_worked_out_here_equals_its_records() -> None:
    values = db.fetch("""
        select indicator_id, area_code, year, category, coalesce(numerator, value) as counted
        from fct_observation
        join dim_indicator using (indicator_id)
        where is_derived and value > 0 and sex = '_T'
          and (period_kind = 'all_time' or year in (2007, 2010, 2012))
          and area_code in ('KNA', 'BRA', 'HTI', 'OAS-CAR', 'MERCOSUR', '019')
        order by indicator_id, area_code, year, category
        """)
    found = [
        (indicator, area, year, category, counted, figure)
        for indicator, area, year, category, counted in values.iter_rows()
        if not math.isclose(
            figure := listed(behind_value(indicator, area, year, category), Selection()).figure, counted
        )
        and indicator not in NOT_COUNTED - {"officials_per_100000"}
    ]
    assert values["indicator_id"].n_unique() > 20
    assert found == []


def test_an_indicator_of_another_publisher_leads_to_its_value_with_source() -> None:
    found = listed(behind_value("population", "KNA", 2020), Selection())
    assert found.rows.select("area_code", "year").rows() == [("KNA", 2020)]
    assert found.figure == found.rows["value"][0] > 40_000
    assert found.rows["source_id"][0]
    states = listed(behind_value("population", "OAS-CAR", 2020), Selection())
    group = observations.latest_values("population", 2020).filter(area_code="OAS-CAR", year=2020)["value"][0]
    assert math.isclose(states.figure, group)


@pytest.mark.parametrize("of", sorted(RECORD_SETS))
def test_the_marks_of_figures_lead_to_known_records(of: str) -> None:
    """What charts link to is read back from their addresses without a problem."""
    links = {
        link
        for view_id in sorted(VIEWS)
        for link in links_of(VIEWS[view_id](SELECTIONS["all years"]))
        if f"of={of}&" in link + "&"
    }
    for link in sorted(links)[:40]:
        _selection, problems = read_address(dict(parse_qsl(urlsplit(link).query)), Selection())
        assert problems == []


def traces(figure: go.Figure) -> list[Any]:
    return list(figure.data)  # type: ignore[arg-type]


def links_of(view: View) -> set[str]:
    """The addresses of records in the figure of a view."""
    if isinstance(view.figure, Markup):
        return {unescape(link) for link in re.findall(r'href="(/records[^"]*)"', view.figure.html)}
    if isinstance(view.figure, go.Figure):
        return {link for trace in traces(view.figure) if trace.meta for link in trace.meta["links"] if link}
    return set()


@pytest.mark.parametrize(
    ("view_id", "most"),
    [
        ("training.events_by_year", 40), ("training.officials_by_year", 20), ("training.coverage", 30),
        ("subregion.events_by_year", 30), ("programmes.timeline", 60), ("programmes.matrix", 120),
        ("programmes.countries", 35), ("programmes.by_pillar", 4), ("programmes.list", 60), ("overview.key_figures", 6),
        ("subregion.profile", 6), ("subregion.treaties", 11), ("subregion.context", 30), ("training.by_subregion", 20),
        ("training.by_audience", 40), ("training.officials_by_country", 20), ("sources.documents", 900),
    ],
)  # fmt: skip
def test_the_marks_of_a_figure_lead_to_records(view_id: str, most: int) -> None:
    assert 0 < len(links_of(VIEWS[view_id](SELECTIONS["all years"]))) <= most


def test_what_rests_on_a_document_is_what_its_entry_leads_to() -> None:
    links = sorted(links_of(VIEWS["sources.documents"](Selection())))
    resting = {
        (table, source): rows
        for source, table, rows in sources.rows_by_source().select("source_id", "table_name", "rows").iter_rows()
    }
    tables = {of: table for table, of in SETS.items()}
    for link in links[:: len(links) // 60]:
        selection, problems = read_address(dict(parse_qsl(urlsplit(link).query)), Selection())
        assert problems == []
        source = dict(selection.where)["source"]
        found = listed(Behind(selection.of, selection.where), selection)
        assert found.counts["records"] == resting[tables[selection.of], source], link


def test_the_bars_of_a_year_lead_to_the_events_that_they_draw() -> None:
    figure = VIEWS["training.events_by_year"](Selection()).figure
    assert isinstance(figure, go.Figure)
    for trace in traces(figure):
        for height, link in zip(trace.y, trace.meta["links"] if trace.meta else [], strict=bool(trace.meta)):
            assert bool(height) == bool(link)
            if link:
                selection, _problems = read_address(dict(parse_qsl(urlsplit(link).query)), Selection())
                assert listed(Behind(selection.of, selection.where), selection).figure == height
