"""The training page: every number on it against a recount from the records, and views that hold for any selection."""

import csv
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import polars as pl
import pytest

import dashboard.pages  # noqa: F401  (registers every view)
from dashboard import areas, db
from dashboard.charts.bars import BarKind, BarRow, bars
from dashboard.charts.event_list import Entry, event_list
from dashboard.charts.kinds import Kind, kinds_by_year
from dashboard.charts.name_lists import name_lists
from dashboard.i18n import LANGUAGES, in_language
from dashboard.queries import training
from dashboard.selection import Selection
from dashboard.theme import palette
from dashboard.views import VIEWS
from dashboard.views.training import events as event_views
from dashboard.views.training import years
from dashboard.views.view import Markup, View

REGISTRY = Path(__file__).parent.parent / "data" / "registry"
VIEW_IDS = sorted(view_id for view_id in VIEWS if view_id.startswith("training."))
STATUSES = ("held", "announced", "planned")
ALL = {"first_year": 1800, "last_year": 2100, "is_all_time": True}


@pytest.fixture(autouse=True)
def _reading_the_shipped_edition(shipped: Path) -> None:
    db.use_edition(shipped.stem)


def records(table: str) -> list[dict[str, str]]:
    with (REGISTRY / f"{table}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def single_year(event: dict[str, str]) -> int | None:
    """The year of an event by the rule of the records: a start to the month or day, or the same year twice."""
    start, end = event["start_date"], event["end_date"]
    if len(start) > 4 or (start and start == end):
        return int(start[:4])
    return None


def takers() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in records("training_participation"):
        found[row["event_id"]].append(row["country"])
    return found


def shown(view_id: str, **choices: Any) -> View:
    return VIEWS[view_id](Selection(**choices))


def figure_of(view: View) -> go.Figure:
    assert isinstance(view.figure, go.Figure)
    return view.figure


def html_of(view: View) -> str:
    assert isinstance(view.figure, Markup)
    return view.figure.html


def traces(figure: go.Figure) -> list[dict[str, Any]]:
    return figure.to_dict()["data"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("view_id", VIEW_IDS)
@pytest.mark.parametrize(
    "choices",
    [
        {},
        {"first_year": 2010, "last_year": 2012, "scheme": "caricom", "theme": "dark"},
        {"first_year": 2019, "last_year": 2020, "scheme": "m49"},
        {"last_year": 1990},
        {"first_year": 2024, "since": 2003},
    ],
)
def test_every_view_holds_for_every_selection(view_id: str, lang: str, choices: dict[str, object]) -> None:
    with in_language(lang):
        view = shown(view_id, lang=lang, **choices)
    assert view.id == view_id
    assert view.title
    assert view.empty or (view.takeaway and view.figure is not None) or view.is_table_open
    assert {column.key for column in view.columns} <= set(view.table.columns)
    if not view.empty and view_id != "training.not_reached":
        assert view.period


def test_officials_of_each_kind_are_those_of_the_records_and_never_added() -> None:
    expected: Counter[tuple[int | None, str]] = Counter()
    for event in records("training_events"):
        if event["officials_trained"]:
            expected[single_year(event), event["number_basis"]] += int(event["officials_trained"])
    rows = training.officials_by_year(1800, 2100)
    found = {(year, basis): value for year, basis, value in rows.select("year", "number_basis", "value").iter_rows()}
    assert found == dict(expected)
    view = shown("training.officials_by_year")
    totals = Counter({basis: sum(n for (_y, b), n in expected.items() if b == basis) for _year, basis in expected})
    assert str(totals["reported"]) in view.takeaway
    assert str(sum(totals.values())) not in view.takeaway
    assert str(totals["announced"] + totals["announced_minimum"] + totals["announced_approx"]) not in view.takeaway


def test_no_bar_of_officials_stands_on_another_kind() -> None:
    bars_drawn = [trace for trace in traces(figure_of(shown("training.officials_by_year"))) if trace["type"] == "bar"]
    spots = [
        (spot - width / 2, spot + width / 2)
        for trace in bars_drawn
        for spot, width in zip(trace["x"], trace["width"], strict=True)
    ]
    spots.sort()
    assert all(left_end <= right_start + 1e-9 for (_s, left_end), (right_start, _e) in pairwise(spots))
    assert {base for trace in bars_drawn for base in trace["base"]} == {0}
    hatched = {trace["name"]: bool(trace["marker"].get("pattern")) for trace in bars_drawn}
    assert hatched == {
        "reported afterwards": False,
        "announced beforehand": True,
        "announced beforehand, at least": True,
        "announced beforehand, about": True,
    }


def test_a_statement_is_a_diamond_above_the_scale_and_no_bar() -> None:
    view = shown("training.officials_by_year")
    diamonds = [trace for trace in traces(figure_of(view)) if "markers" in str(trace.get("mode"))]
    assert [list(trace["text"]) for trace in diamonds] == [["more than 1,000 stated,<br>to October 2012"]]
    assert list(diamonds[0]["x"]) == [2012]
    assert 1000 not in view.table["value"].to_list()
    assert not [
        trace
        for trace in traces(figure_of(shown("training.officials_by_year", first_year=2013)))
        if "markers" in str(trace.get("mode"))
    ]


def test_participants_who_are_not_officials_are_in_no_number() -> None:
    church = next(row for row in records("training_statements") if "Not officials" in row["note"])
    assert church["value"] == "100"
    for view_id in ("training.officials_by_year", "training.officials_by_country"):
        assert 100 not in shown(view_id).table["value"].to_list()
    assert any("100" in note for note in shown("training.officials_by_year").notes)


def test_numbers_that_include_civil_society_are_named() -> None:
    mixed = [row for row in records("training_events") if row["count_scope"] == "officials_and_civil_society"]
    note = next(note for note in shown("training.officials_by_year").notes if "civil society" in note)
    assert all(f"{row['officials_trained']} " in note for row in mixed)


def test_women_are_said_to_be_unstated_and_never_zero() -> None:
    assert not any(row["women_trained"] for row in records("training_events"))
    assert any("women" in note and "no figure" in note for note in shown("training.officials_by_year").notes)
    assert shown("training.events").table["women_stated"].null_count() == len(records("training_events"))


def test_a_state_has_only_the_numbers_of_events_of_its_own() -> None:
    states = takers()
    expected: Counter[tuple[str, str]] = Counter()
    for event in records("training_events"):
        own = states[event["event_id"]]
        if event["officials_trained"] and len(own) == 1:
            expected[own[0], event["number_basis"]] += int(event["officials_trained"])
    table = shown("training.officials_by_country").table
    assert {
        (code, basis): n for code, basis, n in table.select("area_code", "number_basis", "value").iter_rows()
    } == dict(expected)
    order = areas.states()
    assert table["area_code"].to_list() == sorted(table["area_code"].to_list(), key=order.index)


def test_audiences_keep_numbers_of_several_together() -> None:
    with (REGISTRY.parent / "catalog" / "audiences.csv").open(encoding="utf-8") as lines:
        group_of = {row["audience"]: row["audience_group"] for row in csv.DictReader(lines)}
    events: Counter[tuple[str, str]] = Counter()
    people: Counter[tuple[str, str]] = Counter()
    for event in records("training_events"):
        named = {group_of[part.strip()] for part in event["audience"].split(";") if part.strip()} or {"not_stated"}
        for group in named:
            events[group, event["status"]] += 1
        if event["officials_trained"]:
            home = next(iter(named)) if len(named) == 1 else "several"
            people[home, event["number_basis"]] += int(event["officials_trained"])
    found = training.events_by_audience(**ALL)
    assert {
        (row["audience_group"], status): row[status]
        for row in found.iter_rows(named=True)
        for status in STATUSES
        if row[status]
    } == dict(events)
    numbers = training.officials_by_audience(**ALL)
    assert {(group, basis): n for group, basis, n in numbers.iter_rows()} == dict(people)
    table = shown("training.by_audience").table
    several = table.filter(pl.col("audience_group") == "several").row(0, named=True)
    assert several["held"] is None
    assert several["status"] == "M"


@pytest.mark.parametrize("scheme", ["oas", "m49", "caricom", "sica", "mercosur", "can"])
def test_groups_count_each_event_once(scheme: str) -> None:
    with (REGISTRY.parent / "catalog" / "area_memberships.csv").open(encoding="utf-8") as lines:
        members: dict[str, set[str]] = defaultdict(set)
        for row in csv.DictReader(lines):
            if row["scheme_id"] == scheme and not row["to_date"]:
                members[row["group_code"]].add(row["area_code"])
    states = takers()
    table = shown("training.by_subregion", scheme=scheme).table
    for row in table.iter_rows(named=True):
        for status in STATUSES:
            expected = sum(
                event["status"] == status
                and (
                    row["group_code"] == areas.HEMISPHERE
                    or bool(members[row["group_code"]] & set(states[event["event_id"]]))
                )
                for event in records("training_events")
            )
            assert row[status] == expected, (row["group_code"], status)
    assert table["group_code"].to_list() == [*areas.groups(scheme), areas.HEMISPHERE]


def observed(indicator_id: str, **conditions: str) -> dict[str, float]:
    """area_code (and category) -> value of all years of an indicator in the edition."""
    rows = db.fetch(
        """
        select area_code, period, category, value
        from fct_observation
        where indicator_id = $indicator_id
        order by area_code, period, category
        """,
        indicator_id=indicator_id,
    )
    for column, value in conditions.items():
        rows = rows.filter(pl.col(column) == value)
    return {".".join((area, period, category)): value for area, period, category, value in rows.iter_rows()}


def test_groups_agree_with_the_observations_of_all_years() -> None:
    events, covered = observed("training_events", period="all_time"), observed("countries_covered", period="all_time")
    for row in shown("training.by_subregion").table.iter_rows(named=True):
        code = row["group_code"]
        assert covered[f"{code}.all_time._T"] == row["reached"]
        assert [events[f"{code}.all_time.{status}"] for status in STATUSES] == [row[status] for status in STATUSES]


def test_coverage_agrees_with_the_observations_year_by_year() -> None:
    running = observed("countries_covered_cumulative", area_code="019")
    table = shown("training.coverage").table
    dated = table.filter(pl.col("when").str.contains(r"^\d+$"))
    compared = [(year, n) for year, n in dated.select("when", "reached").iter_rows() if f"019.{year}._T" in running]
    assert len(compared) > 20
    assert all(running[f"019.{year}._T"] == n for year, n in compared)
    assert running["019.undated._T"] == table.filter(pl.col("when") == "no single year")["reached"][0]


def test_coverage_ends_at_the_key_figure() -> None:
    for selection in (Selection(), Selection(first_year=2010, last_year=2012)):
        table = VIEWS["training.coverage"](selection).table
        whole = VIEWS["overview.key_figures"](selection).table.filter(pl.col("view") == "training.coverage")
        dated = table.filter(pl.col("when").str.contains(r"^\d+$"))
        apart = table.filter(pl.col("when") == "no single year")["reached"].sum() if selection.is_all_time else 0
        assert dated["reached"][-1] + apart == whole["value"][0]
        assert dated["participating"][-1] == whole["of"][0]


def test_what_has_no_single_year_is_apart_from_the_line_and_named() -> None:
    view = shown("training.coverage")
    line = next(trace for trace in traces(figure_of(view)) if trace.get("name") == "states reached so far")
    block = next(trace for trace in traces(figure_of(view)) if trace["type"] == "bar")
    assert list(block["base"]) == [list(line["y"])[-1]]
    apart = [areas.name(code) for code in training.only_without_a_year()["area_code"]]
    assert apart
    note = next(note for note in view.notes if "never in a year" in note)
    assert all(name in note for name in apart)
    chosen = shown("training.coverage", first_year=2010, last_year=2012)
    assert not [trace for trace in traces(figure_of(chosen)) if trace["type"] == "bar"]


def reached_in(since: int) -> set[str]:
    """States with a training held or carried out in a year from ``since`` on, straight from the records."""
    states = takers()
    training_programmes = {row["programme_id"] for row in records("programmes") if row["activity_type"] == "training"}
    found = {
        state
        for event in records("training_events")
        if event["status"] == "held" and (single_year(event) or 0) >= since
        for state in states[event["event_id"]]
    }
    done = ("implemented", "replicated", "follow_up_requested", "audited")
    return found | {
        row["country"]
        for row in records("programme_deployments")
        if row["programme_id"] in training_programmes
        and row["status"] in done
        and row["country"]
        and int(row["year"] or 0) >= since
    }


@pytest.mark.parametrize("since", [2004, 2011, 2022, 2024])
def test_not_reached_lists_all_other_states_in_alphabetical_order(since: int) -> None:
    view = shown("training.not_reached", since=since)
    listed = view.table["area_code"].to_list()
    assert set(listed) == set(areas.states()) - reached_in(since)
    assert listed == sorted(listed, key=areas.states().index)
    html = html_of(view)
    assert all(f"area={code}" in html for code in listed)
    assert f"since {since}" in view.title


def test_not_reached_starts_five_years_before_the_edition() -> None:
    as_of = training.as_of()
    assert shown("training.not_reached").title.endswith(str(as_of.year - 5))


def test_not_reached_tells_a_known_year_an_unstated_time_and_no_record_apart() -> None:
    groups = dict(shown("training.not_reached", since=2021).table.select("area_code", "group").iter_rows())
    assert groups["BRA"] == "before"
    assert groups["DMA"] == "unstated"
    assert groups["CAN"] == "none"
    known = dict(shown("training.not_reached", since=2021).table.select("area_code", "known").iter_rows())
    assert known["BRA"] == "2007"
    assert known["DMA"] == "1 record without a date, from October 2012 at the latest"
    assert known["NIC"] == "1 record without a date"


def test_statements_are_all_there_with_their_figures() -> None:
    table = shown("training.statements").table
    expected = {row["statement_id"]: float(row["value"]) for row in records("training_statements")}
    assert dict(table.select("statement_id", "value").iter_rows()) == expected


def test_events_are_all_there_newest_first_with_the_undated_at_the_end() -> None:
    table = shown("training.events").table
    source = {row["event_id"]: row for row in records("training_events")}
    assert sorted(table["event_id"]) == sorted(source)
    groups = table["date_group"].to_list()
    assert groups == sorted(groups, key=["dated", "span", "undated"].index)
    dated = table.filter(pl.col("date_group") == "dated")["year"].to_list()
    assert dated == sorted(dated, reverse=True)
    stated = {row["event_id"]: row["officials_stated"] for row in table.iter_rows(named=True)}
    assert stated == {
        code: int(row["officials_trained"]) if row["officials_trained"] else None for code, row in source.items()
    }


def test_the_list_of_events_labels_what_has_no_year_and_shows_all_details() -> None:
    html = html_of(shown("training.events"))
    assert html.index("<h3") < html.index(">In a span of years</h3>") < html.index(">Date not stated</h3>")
    assert html.count("<details") == len(records("training_events"))
    assert "121 reported afterwards (officials and civil society)" in html
    assert "at least 40 announced beforehand (officials)" in html
    assert "/sources?" in html


def test_a_long_list_of_events_says_what_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_views, "MOST_EVENTS", 10)
    view = shown("training.events")
    assert view.table.height == 10
    assert any("10 of 47" in note for note in view.notes)


def test_the_longest_time_without_a_held_event_lies_between_two_of_them() -> None:
    assert years._longest_gap([2003, 2004, 2010, 2013, 2022]) == (2014, 2021)
    assert years._longest_gap([2003, 2005]) is None
    assert years._longest_gap([]) is None


KINDS = (Kind("reported", "reported", ""), Kind("announced_minimum", "announced", "|", "≥"))
Drawn = Callable[[list[tuple[int | None, str, bool, int]]], list[dict[str, Any]]]


@pytest.fixture
def drawn() -> Drawn:
    def draw(rows: list[tuple[int | None, str, bool, int]]) -> list[dict[str, Any]]:
        table = pl.DataFrame(
            rows,
            schema={"year": pl.Int32, "category": pl.String, "is_attributable": pl.Boolean, "value": pl.Int64},
            orient="row",
        )
        figure = kinds_by_year(
            table,
            KINDS,
            colours=palette("light"),
            years=(2010, 2012),
            unit="people",
            shared_name="several countries",
            no_year_name="no year",
        )
        return traces(figure)

    return draw


def test_a_shared_part_stands_outlined_on_the_part_of_one_country(drawn: Drawn) -> None:
    own, shared, labels = drawn([(2010, "reported", True, 30), (2010, "reported", False, 12)])
    assert (list(own["y"]), list(own["base"])) == ([30], [0])
    assert (list(shared["y"]), list(shared["base"])) == ([12], [30])
    assert shared["name"] == "reported; several countries"
    assert shared["marker"]["line"]["color"] == palette("light").ink
    assert list(labels["text"]) == ["42"]


def test_kinds_of_one_year_share_its_width_and_a_row_without_year_stands_apart(drawn: Drawn) -> None:
    reported, announced, _labels = drawn(
        [(2010, "reported", True, 30), (2010, "announced_minimum", True, 40), (None, "reported", True, 5)]
    )
    assert list(reported["x"]) == pytest.approx([2009.785, 2014.0])
    assert list(announced["x"]) == pytest.approx([2010.215])
    assert list(reported["width"]) == pytest.approx([0.43, 0.86])


def test_no_rows_give_an_empty_chart(drawn: Drawn) -> None:
    assert drawn([]) == []


def test_charts_of_html_escape_every_text() -> None:
    nasty = "<script>&\"'"
    shapes = (
        bars(
            [BarRow(nasty, "", nasty, [("a", 1, nasty)], instead=nasty)],
            [BarKind("a", nasty, "focus")],
            corner=nasty,
            caption=nasty,
        ),
        name_lists([(nasty, nasty, [(nasty, "/x?a=1&b=2", nasty)])]),
        event_list([(nasty, [Entry(nasty, nasty, nasty, nasty, "focus", nasty, [(nasty, [(nasty, "/x?a=1&b=2")])])])]),
    )
    for shape in shapes:
        assert "<script" not in shape.html
        assert "&b=2" not in shape.html.replace("&amp;b=2", "")


def test_only_kinds_that_occur_stand_in_the_legend() -> None:
    kinds = [BarKind("a", "first kind", "focus"), BarKind("b", "second kind", "planned")]
    html = bars([BarRow("Row", "", "", [("a", 2, "2")])], kinds, corner="c", caption="d").html
    assert "first kind" in html
    assert "second kind" not in html
    assert "width:100.00%" in html


def test_a_status_says_why_a_number_is_empty_and_only_then() -> None:
    for view_id in VIEW_IDS:
        view = shown(view_id)
        for column in view.columns:
            if column.status_key:
                for value, status in view.table.select(column.key, column.status_key).iter_rows():
                    assert (value is None) == (status not in ("A", "E", "B", "P")), (view_id, column.key, value, status)


def test_states_reached_so_far_rest_on_every_record_that_reached_one() -> None:
    reaching = {"implemented", "replicated", "follow_up_requested", "audited"}
    training_programmes = {row["programme_id"] for row in records("programmes") if row["activity_type"] == "training"}
    held = {row["event_id"]: row["source_id"] for row in records("training_events") if row["status"] == "held"}
    expected = {held[event_id] for event_id in takers() if event_id in held} | {
        row["source_id"]
        for row in records("programme_deployments")
        if row["country"] and row["status"] in reaching and row["programme_id"] in training_programmes
    }
    assert {source.source_id for source in shown("training.coverage").sources} == expected


def test_a_state_reached_at_an_unstated_time_is_not_said_to_be_reached_in_a_period() -> None:
    assert any("no longer taking part" in note and "Nicaragua" in note for note in shown("training.coverage").notes)
    chosen = shown("training.coverage", first_year=2024, last_year=2026)
    assert not any("no longer taking part" in note for note in chosen.notes)


def test_a_period_without_any_event_rests_on_the_records_as_a_whole() -> None:
    for view_id in ("training.by_subregion", "training.by_audience"):
        view = shown(view_id, first_year=1995, last_year=1996)
        assert [source.source_id for source in view.sources] == ["panorama_compilation"]


def test_the_words_of_a_statement_are_no_markup_in_the_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    stated = training.statements(1800, 2100).with_columns(period=pl.lit('<a href="https://example.org">2012</a>'))
    monkeypatch.setattr(training, "statements", lambda *_years, **_period: stated)
    figure = shown("training.officials_by_year").figure
    assert isinstance(figure, go.Figure)
    drawn = str(figure.to_dict())
    assert "&lt;a href" in drawn
    assert "<a href" not in drawn
