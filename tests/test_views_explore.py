"""Explore: one indicator against a recount from the records, its address, its years, and every form that it takes."""

import csv
import re
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

import plotly.graph_objects as go
import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import areas, db
from dashboard.charts.spread import Mark, Spot, spread
from dashboard.charts.trends import Line, Point, trends
from dashboard.choices import choices
from dashboard.exports.downloads import view_csv
from dashboard.i18n import LANGUAGES, in_language
from dashboard.queries import explore as queries
from dashboard.queries.explore import Slice
from dashboard.selection import Selection, from_parameters, to_parameters
from dashboard.theme import LIGHT
from dashboard.views import VIEWS
from dashboard.views.explore import layout
from dashboard.views.explore.lines import broken_years
from dashboard.views.explore.said import behind_row
from dashboard.views.explored import FAMILIES, Explored, explored, families, is_beforehand, values, word
from dashboard.views.records import listed
from dashboard.views.view import Drawing, Markup, View

APP = Path(__file__).parents[1] / "dashboard" / "app.py"
DATA = Path(__file__).parents[1] / "data"
VIEW_IDS = ("explore.map", "explore.trend", "explore.distribution", "explore.table")


@pytest.fixture(autouse=True)
def _reading_the_shipped_edition(shipped: Path) -> None:
    db.use_edition(shipped.stem)


def records(table: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def shown(view_id: str, **chosen: Any) -> View:
    return VIEWS[view_id](Selection(**chosen))


def by_area(view: View, column: str = "value") -> dict[str, Any]:
    return dict(view.table.select("area_code", column).iter_rows())


def traces(view: View) -> list[Any]:
    """What the figure of a view draws."""
    assert isinstance(view.figure, go.Figure)
    return list(view.figure.data)


def every_slice() -> list[Explored]:
    return [
        Explored(one.about, one.slices, own) for family in families().values() for one in family for own in one.slices
    ]


def opened(**parameters: str) -> AppTest:
    session = AppTest.from_file(str(APP), default_timeout=60)
    session.query_params = {"lang": "en"}
    session.run()
    session.query_params = {"lang": "en", **parameters}
    return session.switch_page("app_pages/explore.py").run()


# what is counted


def test_events_of_a_period_agree_with_a_recount_of_the_records() -> None:
    held = {
        row["event_id"]
        for row in records("registry/training_events")
        if row["status"] == "held"
        and "2010" <= row["start_date"][:4] <= "2015"
        # a start known only to the year says the year where the end is of the same one
        and (row["start_date"][4:] or row["end_date"][:4] == row["start_date"])
    }
    counted: dict[str, set[str]] = defaultdict(set)
    for row in records("registry/training_participation"):
        if row["event_id"] in held:
            counted[row["country"]].add(row["event_id"])
    found = by_area(shown("explore.map", indicator="training_events", first_year=2010, last_year=2015))
    assert held
    assert {code: value for code, value in found.items() if value} == {code: len(own) for code, own in counted.items()}


def test_a_context_indicator_shows_the_newest_value_of_the_period_with_its_own_year() -> None:
    newest: dict[str, tuple[int, float]] = {}
    for row in records("open/open_indicators"):
        if row["indicator_id"] == "gini_index" and row["value"] and 2005 <= int(row["year"]) <= 2012:
            newest[row["country"]] = max(newest.get(row["country"], (0, 0.0)), (int(row["year"]), float(row["value"])))
    view = shown("explore.table", indicator="gini_index", first_year=2005, last_year=2012)
    rows = view.table.filter(pl.col("value").is_not_null())
    assert {row["area_code"]: (row["year"], row["value"]) for row in rows.iter_rows(named=True)} == newest
    assert len({year for year, _value in newest.values()}) > 1
    assert "the years run from" in view.takeaway


def test_the_nearest_year_is_never_shown_as_the_year_asked_for() -> None:
    view = shown("explore.map", indicator="international_migrant_stock", first_year=2016, last_year=2022)
    assert set(view.table["year"].drop_nulls()) == {2020}
    assert "The latest values in the period are of 2020." in view.takeaway
    assert shown("explore.map", indicator="international_migrant_stock", first_year=2017, last_year=2017).empty


def test_figures_added_over_all_dated_years_are_those_of_all_years_without_the_undated() -> None:
    for what in every_slice():
        if what.indicator_id not in (
            "training_events",
            "events_with_number",
            "officials_trained",
            "questionnaires_returned",
        ):
            continue
        undated = db.fetch(
            """
            select area_code from fct_observation
            where indicator_id = $indicator_id and category = $category and sex = $sex and age = $age
              and period_kind = 'undated' and (value > 0 or obs_status = 'O')
            """,
            **what.one.asked,
        )
        whole = queries.in_all_time(what.one).join(undated, on="area_code", how="anti")
        added = queries.added(what.one, 1800, 2100).join(whole, on="area_code", how="semi")
        columns = ["area_code", "value", "obs_status"]
        assert whole.select(columns).equals(added.select(columns)), what.one


@pytest.mark.parametrize("year", [2005, 2012, 2019])
def test_what_is_counted_anew_for_a_period_agrees_with_the_rows_of_a_single_year(year: int) -> None:
    checked = 0
    for what in every_slice():
        if what.indicator_id.startswith("programmes_"):
            counted = queries.programmes(what.one, year, year)
        elif what.indicator_id in ("countries_covered", "countries_covered_share"):
            selection = Selection(first_year=year, last_year=year)
            counted = queries.covered(what.one, year, year, areas.period_end(selection))
        else:
            continue
        own = queries.by_year(what.one, year, year).join(counted, on="area_code", how="semi")
        columns = ["area_code", "value", "obs_status"]
        assert counted.height >= 20
        assert counted.select(columns).equals(own.select(columns)), (what.one, year)
        checked += 1
    assert checked > 10


def test_no_record_of_an_audience_is_zero_only_where_the_event_could_be_known() -> None:
    view = shown("explore.table", indicator="events_by_audience", category="held.border")
    found = by_area(view)
    statuses = by_area(view, "obs_status")
    assert found["CAN"] == 0
    assert (found["CUB"], statuses["CUB"]) == (None, "M")
    officials = shown("explore.table", indicator="officials_by_audience", category="reported.law_enforcement").table
    named = officials.filter(pl.col("value").is_null())
    assert set(named["obs_status"]) <= {"O", "M"}


def test_what_was_worked_out_here_is_not_called_reported() -> None:
    counted = by_area(shown("explore.table", indicator="events", category="held"), "standing")
    assert (counted["BOL"], counted["CUB"]) == ("computed from the records", "not applicable")
    assert by_area(shown("explore.table", indicator="gini_index"), "standing")["BOL"] == "as reported"
    over_time = shown("explore.trend", indicator="population").table
    standing = dict(over_time.filter(pl.col("value").is_not_null()).select("area_code", "standing").iter_rows())
    assert standing[areas.HEMISPHERE] == "computed from the values of states"


def test_every_value_has_a_status_and_every_state_a_row() -> None:
    for what in every_slice():
        view = shown("explore.table", indicator=what.indicator_id, category=what.one.code)
        if not what.has_states:
            continue
        assert view.table["area_code"].to_list() == areas.states(), what.one
        assert not view.table["obs_status"].is_null().any(), what.one
        empty = view.table.filter(pl.col("value").is_null(), pl.col("value_code").is_null())
        assert set(empty["obs_status"]) <= {"O", "L", "M", "Q"}, what.one


@pytest.mark.parametrize(
    "period", [{}, {"first_year": 2008, "last_year": 2014}, {"first_year": 2011, "last_year": 2011}]
)
def test_the_records_behind_a_value_add_up_to_it(period: dict[str, Any]) -> None:
    checked = set()
    for what in every_slice():
        if not what.is_derived or what.is_year or what.indicator_id == "years_since_last_training":
            continue
        selection = Selection(indicator=what.indicator_id, category=what.one.code, **period)
        rows = values(what, selection).filter(pl.col("area_code").is_in(["HND", "KNA", "OAS-CAR", areas.HEMISPHERE]))
        is_rate = what.is_share or what.indicator_id == "officials_per_100000"
        for row in rows.filter(pl.col("value") > 0).iter_rows(named=True):
            one = behind_row(what, row, selection)
            assert one is not None
            assert listed(one, selection).figure == row["numerator" if is_rate else "value"], (what.one, row, one)
            checked.add(what.indicator_id)
    assert len(checked) > 10


def test_each_bar_leads_to_its_own_records() -> None:
    selection = Selection(indicator="training_events")
    view = VIEWS["explore.trend"](selection)
    behind = next(column.behind for column in view.columns if column.key == "value")
    assert behind is not None
    rows = [row for row in view.table.iter_rows(named=True) if row["value"]]
    assert {row["category"] for row in rows} == {"held", "announced", "planned"}
    assert any(row["year"] is None for row in rows)
    for row in rows:
        one = behind(row)
        assert one is not None
        assert listed(one, selection).figure == row["value"], (row, one)
    links = {link for trace in traces(view) for link in (trace.meta or {}).get("links", ())}
    assert len(links) == len(rows)


# forms


def test_an_indicator_of_groups_shows_bars_and_no_map() -> None:
    view = shown("explore.map", indicator="countries_covered")
    assert isinstance(view.figure, Markup)
    assert "pn-tile" not in view.figure.html
    assert view.table["area_code"].to_list() == [*areas.groups("oas"), areas.HEMISPHERE]
    assert shown("explore.distribution", indicator="countries_covered").empty


def test_tiers_are_counted_by_year_and_never_averaged() -> None:
    counted: dict[tuple[str, int], int] = defaultdict(int)
    for row in records("open/open_indicators"):
        if row["indicator_id"] == "tip_tier" and row["value_code"]:
            counted[row["value_code"], int(row["year"])] += 1
    view = shown("explore.trend", indicator="tip_tier", area="HTI")
    assert isinstance(view.figure, Markup)
    for (code, year), states in counted.items():
        words = {"1": "Tier 1", "2": "Tier 2", "2WL": "Tier 2 Watch List", "3": "Tier 3", "SC": "Special Case"}[code]
        assert f'title="{words}, {year}: {states}' in view.figure.html
    assert 'title="Special Case, 2025: 1, Haiti"' in view.figure.html
    assert "pn-code-edge" in view.figure.html
    assert any("2004" in note for note in view.notes)
    assert "median" not in shown("explore.map", indicator="tip_tier").takeaway
    lists = shown("explore.distribution", indicator="tip_tier").figure
    assert isinstance(lists, Markup)
    assert len(re.findall(r"/country\?area=", lists.html)) == 35


def test_each_questionnaire_stands_by_itself() -> None:
    view = shown("explore.trend", indicator="questionnaire_return_rate")
    assert isinstance(view.figure, Markup)
    assert "19 of 34" in view.figure.html
    assert view.table["year"].drop_nulls().is_sorted()
    assert any("no series" in note for note in view.notes)


def test_states_stand_at_their_values_and_none_is_left_out() -> None:
    view = shown("explore.distribution", indicator="human_development_index", area="KNA")
    assert isinstance(view.figure, Drawing)
    for picture in (view.figure.wide, view.figure.tall):
        assert sorted(re.findall(r'data-code="(\w+)"', picture)) == sorted(areas.states())
        sizes = set(re.findall(r'class="pn-disc"[^>]*width="([\d.]+)" height="([\d.]+)"', picture))
        assert len(sizes) == 1, "small states are as large as the others"
        assert min(float(side) for side in next(iter(sizes))) >= 24
    places = {
        code: float(x) for code, x in re.findall(r'data-code="(\w+)"[^>]*>.*?<text x="([\d.]+)"', view.figure.wide)
    }
    found = by_area(view)
    assert sorted(places, key=places.__getitem__) == sorted(found, key=lambda code: (found[code], places[code]))
    middle = median(value for value in found.values() if value is not None)
    assert f"median {middle:.3f}" in view.figure.wide
    assert f"median of {middle:.3f}" in view.takeaway


def test_chips_never_overlap() -> None:
    spots = [Spot(f"A{n:02}", f"State {n}", "/", float(n % 3), "A", "") for n in range(30)]
    drawing = spread(spots, marks=(Mark(0, "low"), Mark(2, "high")), median=Mark(1, "median"), write=str, statuses={})
    for picture in (drawing.wide, drawing.tall):
        boxes = [
            tuple(map(float, box))
            for box in re.findall(
                r'class="pn-disc" x="([\d.-]+)" y="([\d.-]+)" width="([\d.]+)" height="([\d.]+)"', picture
            )
        ]
        assert len(boxes) == 30
        for n, (x, y, width, height) in enumerate(boxes):
            for other_x, other_y, _width, _height in boxes[n + 1 :]:
                assert abs(x - other_x) >= width - 0.2 or abs(y - other_y) >= height - 0.2


def test_lines_join_nothing_over_a_gap_or_a_break() -> None:
    line = Line(
        "Haiti", tuple(Point(year, float(year), str(year)) for year in (2001, 2002, 2005, 2006)), "focus", broken={2006}
    )
    figure = trends(
        [line], colours=LIGHT, years=(2001, 2006), write=str, quiet_name="others", break_name="break in the series"
    )
    drawn: Any = figure.data
    assert list(drawn[0].y) == [2001.0, 2002.0, None, 2005.0, None, 2006.0]
    assert drawn[0].connectgaps is False
    assert [trace.name for trace in drawn[1:2]] == ["break in the series"]
    assert list(drawn[1].x) == [2006]


def test_a_line_breaks_where_what_is_counted_changes_and_not_where_only_its_evidence_does() -> None:
    rows = pl.DataFrame(
        [
            (2001, "A", None),
            (2002, "A", "rests on a single underlying source"),
            (2003, "A", "counts foreign citizens, not foreign-born"),
            (2004, "A", "counts foreign citizens, not foreign-born"),
            (2005, "B", "counts foreign citizens, not foreign-born"),
            (2006, "A", "coverage_by_states"),
        ],
        schema=["year", "obs_status", "note"],
        orient="row",
    )
    assert broken_years(rows) == [2003, 2005, 2006]


def test_a_breakdown_by_sex_and_age_has_its_words() -> None:
    assert word(Slice("detected_victims", "sex.F", "_T", "F", "_T")) == "sex: F"
    assert word(Slice("detected_victims", "_T", "_T", "_T", "_T")) == "Total"
    assert (
        word(Slice("events_by_audience", "held.border", "held.border", "_T", "_T")) == "held; immigration and customs"
    )


def test_the_trend_of_a_sum_draws_ordinary_rows_of_groups() -> None:
    view = shown("explore.trend", indicator="population", first_year=2000, last_year=2010)
    drawn = traces(view)
    names = {trace.name for trace in drawn if "lines" in trace.mode}
    assert names == {areas.name(code) for code in (*areas.groups("oas"), areas.HEMISPHERE)}
    whole = next(trace for trace in drawn if trace.name == areas.name(areas.HEMISPHERE))
    rows = queries.by_year(Slice("population", "_T", "_T", "_T", "_T"), 2000, 2010).filter(area_code=areas.HEMISPHERE)
    assert list(whole.y) == rows["value"].to_list()


def test_what_was_said_beforehand_is_never_added_to_what_happened() -> None:
    view = shown("explore.trend", indicator="officials_trained")
    bars = [trace for trace in traces(view) if trace.type == "bar"]
    by_name = {trace.name: trace for trace in bars}
    assert not by_name["reported afterwards"].marker.pattern.shape
    assert all(trace.marker.pattern.shape for name, trace in by_name.items() if name != "reported afterwards")
    assert all(not any(trace.base) for trace in bars), "no bar stands on another"
    only = shown("explore.trend", indicator="officials_trained", category="announced")
    assert {trace.name for trace in traces(only) if trace.type == "bar"} == {"announced beforehand"}


def test_a_year_with_records_and_no_number_is_marked_and_is_not_zero() -> None:
    view = shown("explore.trend", indicator="officials_trained")
    crosses = [one for one in traces(view) if one.type == "scatter" and one.mode == "markers"]
    assert [trace.name for trace in crosses] == ["no number stated"]
    assert any("not zero" in note for note in view.notes)


def test_a_single_number_is_a_sentence() -> None:
    view = shown(
        "explore.trend", indicator="training_events", category="held", area="KNA", first_year=2011, last_year=2011
    )
    assert (
        view.empty
        == "Saint Kitts and Nevis: held: 1 events, in 2011 only; no other year of the period has any on record."
    )
    assert view.figure is None
    assert shown("explore.trend", indicator="population", first_year=2012, last_year=2012).empty
    same = shown("explore.distribution", indicator="officials_trained", first_year=2010, last_year=2015)
    assert "all have the same: 0" in same.empty


def test_states_with_a_yardstick_of_their_own_are_not_set_on_one_scale() -> None:
    view = shown("explore.distribution", indicator="national_poverty_rate")
    assert "compare a state with its own past only" in view.empty


def test_nothing_is_ranked_and_no_state_is_red() -> None:
    for indicator in ("training_events", "gini_index"):
        table = shown("explore.table", indicator=indicator).table
        assert table["area_code"].to_list() == areas.states()
        figure = shown("explore.distribution", indicator=indicator).figure
        assert isinstance(figure, Drawing)
        assert "attention" not in figure.wide


@pytest.mark.parametrize("indicator", ["questionnaires_returned", "questionnaire_returns"])
def test_states_whose_reply_is_missing_are_not_named_where_that_is_the_setting(
    indicator: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PANORAMA_HIDE_NOT_RECEIVED", "1")
    for view_id in VIEW_IDS:
        view = shown(view_id, indicator=indicator, area="KNA")
        assert not set(view.table["area_code"]) & set(areas.states()) or view.empty, view_id


# every selection


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_indicator_is_shown_in_every_language(lang: str) -> None:
    with in_language(lang):
        for own in families().values():
            for one in own:
                for view_id in VIEW_IDS:
                    view = shown(view_id, indicator=one.indicator_id, lang=lang, area="KNA")
                    assert view.empty or (view.title and view.takeaway), (view_id, one.indicator_id)
                    assert view_csv(view)


@pytest.mark.parametrize(
    "odd",
    [
        {"first_year": 1950, "last_year": 1950},
        {"first_year": 2026, "last_year": 2026},
        {"scheme": "can", "group": "X-ANDEAN"},
        {"scheme": "sica", "group": "SICA", "first_year": 2010},
        {"area": "CUB", "map": "outlines", "last_year": 2012, "theme": "dark"},
        {"group": "no such group"},
        {"category": "no such category"},
    ],
    ids=["before", "last-year", "rest", "open-end", "outside", "no-group", "no-category"],
)
def test_odd_selections_give_a_view_or_a_sentence(odd: dict[str, Any]) -> None:
    for own in families().values():
        for one in own:
            for view_id in VIEW_IDS:
                view = shown(view_id, indicator=one.indicator_id, **odd)
                assert view.figure is not None or view.empty or view.is_table_open, (view_id, one.indicator_id)


def test_indicators_are_offered_family_by_family() -> None:
    offered = families()
    assert list(offered) == [family for family in FAMILIES if family in offered]
    assert sum(map(len, offered.values())) == len(choices().indicators)
    assert not any(is_beforehand(one.one) for own in offered.values() for one in own), "what happened comes first"


# the address


def test_an_address_is_read_back_as_it_was_written() -> None:
    for what in every_slice():
        one = Selection(
            indicator=what.indicator_id,
            category=what.one.code,
            area="KNA",
            map="outlines",
            first_year=2010,
            last_year=2015,
        )
        again, problems = from_parameters(to_parameters(one, "explore"), choices(), Selection())
        assert (again, problems) == (one, [])


@pytest.mark.parametrize(
    ("category", "nearest"), [("heldd", "held"), ("HELD", None), ("<b>", "")], ids=["near", "case", "nonsense"]
)
def test_a_breakdown_is_read_strictly(category: str, nearest: str | None) -> None:
    selection, problems = from_parameters(
        {"indicator": "training_events", "category": category}, choices(), Selection(category="planned")
    )
    if nearest is None:
        assert (selection.category, problems) == ("held", [])
    else:
        assert selection.category == ""
        assert [(problem.parameter, problem.value, problem.nearest) for problem in problems] == [
            ("category", category, nearest)
        ]


def test_the_breakdown_of_another_indicator_is_a_problem() -> None:
    _selection, problems = from_parameters({"indicator": "population", "category": "held"}, choices(), Selection())
    assert [problem.parameter for problem in problems] == ["category"]


def test_a_group_may_stand_out_where_a_state_can() -> None:
    selection, problems = from_parameters(
        {"indicator": "population", "area": "OAS-CAR"}, choices(), Selection(area="BRA")
    )
    assert (selection.area, selection.group, problems) == ("", "OAS-CAR", [])


# the page


def test_slider_and_typed_years_agree_and_are_in_the_address() -> None:
    session = opened(indicator="population", period="2000-2010")
    assert (session.number_input(key="years_first").value, session.number_input(key="years_last").value) == (2000, 2010)
    assert session.slider(key="years_slider").value == (2000, 2010)
    session.number_input(key="years_last").set_value(2015).run()
    assert session.query_params["period"] == "2000-2015"
    assert session.slider(key="years_slider").value == (2000, 2015)
    session.slider(key="years_slider").set_range(2003, 2008).run()
    assert session.query_params["period"] == "2003-2008"
    assert (session.number_input(key="years_first").value, session.number_input(key="years_last").value) == (2003, 2008)
    session.number_input(key="years_first").set_value(2012).run()
    assert session.query_params["period"] == "2008-2012", "years typed the wrong way round are put in order"
    session.button(key="explore_all_years").click().run()
    assert session.query_params["period"] == "all"
    assert [error.value for error in session.exception] == []


def test_an_indicator_without_years_offers_none() -> None:
    session = opened(indicator="last_training_year")
    assert [slider.key for slider in session.slider] == ["period_choice"], "that of all pages alone"
    assert not session.number_input
    assert [error.value for error in session.exception] == []
    years = shown("explore.table", indicator="last_training_year").table["value"].drop_nulls()
    assert years.dtype == pl.Int64


def test_choosing_keeps_everything_in_the_address() -> None:
    session = opened()
    assert session.query_params["indicator"] == "training_events"
    session.selectbox(key="explore_category").select("announced").run()
    session.selectbox(key="explore_area").select("OAS-CAR").run()
    assert session.query_params["category"] == "announced"
    assert session.query_params["group"] == "OAS-CAR"
    session.selectbox(key="explore_area").select("KNA").run()
    assert session.query_params["area"] == "KNA"
    assert "group" not in session.query_params
    session.selectbox(key="explore_indicator").select("officials_trained").run()
    assert session.query_params["indicator"] == "officials_trained"
    assert "category" not in session.query_params, "a breakdown belongs to its indicator"
    assert session.query_params["area"] == "KNA"
    assert [error.value for error in session.exception] == []


def test_the_views_that_stand_on_the_page_are_those_registered() -> None:
    for indicator in ("training_events", "tip_tier"):
        for kind in ("", "outlines"):
            rows = layout(Selection(indicator=indicator, map=kind))
            assert sorted(view_id for row in rows for view_id in row) == sorted(VIEW_IDS)


def test_the_first_indicator_is_one_that_the_edition_has() -> None:
    assert explored(Selection()).indicator_id == "training_events"
    assert explored(Selection(indicator="no such indicator")).indicator_id == "training_events"
