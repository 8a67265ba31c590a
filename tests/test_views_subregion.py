"""The subregion page: groups of every scheme, counted once, against a recount from the records."""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import plotly.graph_objects as go
import polars as pl
import pytest

from dashboard import areas, db
from dashboard.charts.shares import Share, shares
from dashboard.exports.downloads import view_csv
from dashboard.i18n import LANGUAGES, in_language
from dashboard.queries import observations
from dashboard.queries import subregion as queries
from dashboard.selection import Selection
from dashboard.views import VIEWS
from dashboard.views import subregion as views
from dashboard.views.view import Markup, View

DATA = Path(__file__).parent.parent / "data"
VIEW_IDS = sorted(view_id for view_id in VIEWS if view_id.startswith("subregion."))
SCHEMES = ("oas", "m49", "caricom", "sica", "mercosur", "can")


@pytest.fixture(autouse=True)
def _reading_the_shipped_edition(shipped: Path) -> None:
    db.use_edition(shipped.stem)


def records(table: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def shown(view_id: str, **choices: Any) -> View:
    return VIEWS[view_id](Selection(**choices))


def every_group() -> list[tuple[str, str]]:
    return [(scheme, group) for scheme in SCHEMES for group in areas.groups(scheme)]


def test_the_six_schemes_are_those_a_reader_may_choose() -> None:
    assert tuple(areas.schemes()) == SCHEMES


def test_key_figures_of_every_group_agree_with_the_observations_of_all_years() -> None:
    for scheme, group in every_group():
        rows = shown("subregion.profile", scheme=scheme, group=group).table
        participating, reached, held, programmes, *returns = rows["value"].to_list()
        assert participating == observations.value("participating_states", group)["value"], group
        assert reached == observations.value("countries_covered", group)["value"], group
        assert held == observations.value("training_events", group, "held")["value"], group
        assert programmes == observations.value("programmes_deployed", group)["value"], group
        rate = observations.value("questionnaire_return_rate", group, "Q2012")
        if returns:
            assert (returns[0], rows["of"][-1]) == (rate["numerator"], rate["denominator"]), group
        else:
            assert not rate["denominator"], group


def test_events_count_once_in_the_group_and_once_for_each_state() -> None:
    held = {row["event_id"] for row in records("registry/training_events") if row["status"] == "held"}
    caribbean = set(areas.members("oas", "OAS-CAR"))
    by_state: dict[str, set[str]] = defaultdict(set)
    for row in records("registry/training_participation"):
        if row["event_id"] in held and row["country"] in caribbean:
            by_state[row["country"]].add(row["event_id"])
    table = shown("subregion.members", group="OAS-CAR").table
    counted = {row["area_code"]: row["held"] for row in table.iter_rows(named=True)}
    assert {code: held or 0 for code, held in counted.items()} == {code: len(by_state[code]) for code in caribbean}
    total = shown("subregion.profile", group="OAS-CAR").table["value"][2]
    assert total == len(set().union(*by_state.values()))


def test_members_stand_in_alphabetical_order_and_outsiders_have_no_zero() -> None:
    with in_language("es"):
        table = shown("subregion.members", lang="es", group="OAS-CAR").table
        assert table["area_code"].to_list() == [code for code in areas.states() if code in set(table["area_code"])]
    cuba = shown("subregion.members", group="OAS-CAR").table.filter(pl.col("area_code") == "CUB").row(0, named=True)
    assert (cuba["held"], cuba["outside"], cuba["reply"]) == (None, "M", "not asked")
    haiti = shown("subregion.members", group="OAS-CAR").table.filter(pl.col("area_code") == "HTI").row(0, named=True)
    assert (haiti["held"], haiti["outside"], haiti["trained_said"]) == (0, None, "none on record")


def test_last_training_agrees_with_the_indicator() -> None:
    for scheme, group in every_group():
        for row in shown("subregion.members", scheme=scheme, group=group).table.iter_rows(named=True):
            assert row["last_trained"] == observations.value("last_training_year", row["area_code"])["value"]


def test_a_group_of_another_scheme_gives_way_to_the_first_of_the_chosen_one() -> None:
    selection = Selection(scheme="sica", group="OAS-CAR")
    assert views.group_of(selection) == "SICA"
    assert VIEWS["subregion.members"](selection).table.height == 8


def test_membership_follows_its_dates() -> None:
    assert "BOL" not in queries.members_on("mercosur", "MERCOSUR", date(2024, 7, 4))
    assert "BOL" in queries.members_on("mercosur", "MERCOSUR", date(2024, 7, 5))
    before = shown("subregion.members", scheme="mercosur", group="MERCOSUR", last_year=2012).table
    after = shown("subregion.members", scheme="mercosur", group="MERCOSUR").table
    assert set(after["area_code"]) - set(before["area_code"]) == {"BOL"}
    note = shown("subregion.note", scheme="mercosur", group="MERCOSUR")
    assert note.table.filter(pl.col("area_code") == "BOL")["since"].to_list() == ["July 5, 2024"]
    assert "1 membership has a date" in note.notes[0]


def test_every_state_is_in_exactly_one_group_of_a_scheme() -> None:
    for scheme in SCHEMES:
        codes = [
            code for group in areas.groups(scheme) for code in views.members_of(Selection(scheme=scheme, group=group))
        ]
        assert sorted(codes) == sorted(areas.states()), scheme


def test_treaties_count_parties_among_known_standings() -> None:
    states = set(areas.members("oas", "OAS-CEN"))
    table = shown("subregion.treaties", group="OAS-CEN").table
    actions = [row for row in records("registry/treaty_actions") if row["country"] in states]
    for row in table.iter_rows(named=True):
        own = [action["status"] for action in actions if action["treaty_id"] == row["treaty_id"]]
        assert row["parties"] == own.count("party")
        assert row["known"] == len(own) - own.count("unknown")
        assert row["parties"] + row["others"] + row["unknown"] == len(states)
        observed = observations.value("treaties_in_force", "OAS-CEN", row["treaty_id"])
        assert (row["parties"], row["known"]) == (observed["numerator"], observed["denominator"])


def test_programmes_list_their_states_and_agree_with_the_total() -> None:
    rows = shown("subregion.programmes", group="OAS-SOU").table
    assert rows.filter(pl.col("states") > 0).height == observations.value("programmes_deployed", "OAS-SOU")["value"]
    members = set(areas.members("oas", "OAS-SOU"))
    deployments = [row for row in records("registry/programme_deployments") if row["country"] in members]
    assert set(rows["programme_id"]) == {row["programme_id"] for row in deployments}


def test_programmes_in_a_period_count_only_those_with_a_year_of_their_own() -> None:
    members = set(areas.members("oas", "OAS-CAR"))
    early = shown("subregion.programmes", group="OAS-CAR", first_year=1995, last_year=1996)
    assert early.takeaway.startswith("0 programmes were carried out")
    assert "; 0 are on record in all" in early.takeaway
    assert set(early.table["when"]) == {"date not stated"}
    assert early.table["states"].to_list() == [0] * early.table.height
    assert any("count only in all years" in note for note in early.notes)
    for group in areas.groups("oas"):
        for first, last in ((1995, 1996), (2010, 2012), (2014, None), (None, None)):
            chosen = {"group": group, "first_year": first, "last_year": last}
            view = shown("subregion.programmes", **chosen)
            figure = shown("subregion.profile", **chosen).table["value"][3]
            assert view.takeaway.split()[0] == str(figure), chosen
            assert view.table.filter(pl.col("states") > 0).height == figure, chosen
    listed = {row["programme_id"] for row in records("registry/programme_deployments") if row["country"] in members}
    assert set(shown("subregion.programmes", group="OAS-CAR").table["programme_id"]) == listed


def test_the_setting_hides_who_returned_the_questionnaire_but_not_how_many(monkeypatch: pytest.MonkeyPatch) -> None:
    before = shown("subregion.members", group="OAS-CAR")
    assert "not received" in before.table["reply"].to_list()
    monkeypatch.setenv("PANORAMA_HIDE_NOT_RECEIVED", "1")
    view = shown("subregion.members", group="OAS-CAR")
    assert "reply" not in {column.key for column in view.columns}
    assert not {"reply", "response_status"} & set(view.table.columns)
    assert "not received," not in view_csv(view)
    assert view.takeaway == before.takeaway
    assert any("not named on this site" in note for note in view.notes)


def test_events_by_year_hold_every_event_once_and_hatch_what_was_announced() -> None:
    view = shown("subregion.events_by_year", group="OAS-CAR")
    assert isinstance(view.figure, go.Figure)
    figure: Any = view.figure
    for status in ("held", "announced", "planned"):
        drawn = view.table.filter(pl.col("category") == status)["value"].sum()
        assert drawn == observations.value("training_events", "OAS-CAR", status)["value"], status
    bars = {bar.name: bar for bar in figure.data}
    assert bars["announced"].marker.pattern.shape == "/"
    assert bars["held"].marker.pattern.shape is None
    assert "no single year" not in shown("subregion.events_by_year", group="OAS-CAR", first_year=2010).table["when"]


def test_context_adds_only_what_may_be_added() -> None:
    rows = shown("subregion.context", group="OAS-NOR").table
    sums = rows.filter(pl.col("total").is_not_null())
    ranges = rows.filter(pl.col("total").is_null())
    assert "population" in set(sums["indicator_id"])
    assert "human_development_index" in set(ranges["indicator_id"])
    assert "tip_tier" not in set(rows["indicator_id"])
    population = sums.filter(pl.col("indicator_id") == "population").row(0, named=True)
    published = [
        float(row["value"])
        for row in records("open/open_indicators")
        if row["indicator_id"] == "population"
        and row["year"] == str(population["year"])
        and row["country"] in ("CAN", "MEX", "USA")
    ]
    assert population["total"] == sum(published)
    hdi = ranges.filter(pl.col("indicator_id") == "human_development_index").row(0, named=True)
    values = [
        float(row["value"])
        for row in records("open/open_indicators")
        if row["indicator_id"] == "human_development_index"
        and row["year"] == str(hdi["year"])
        and row["country"] in ("CAN", "MEX", "USA")
    ]
    assert (hdi["lowest"], hdi["middle"], hdi["highest"]) == (min(values), median(values), max(values))


def test_a_range_needs_half_of_the_states() -> None:
    for scheme, group in every_group():
        rows = shown("subregion.context", scheme=scheme, group=group).table.filter(pl.col("with_value").is_not_null())
        assert (rows["with_value"] * 2 >= rows["states"]).all()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_view_answers_for_every_group_in_every_language_and_period(lang: str) -> None:
    with in_language(lang):
        for scheme, group in every_group():
            for first, last in ((None, None), (2010, 2012), (2025, None), (None, 2003)):
                selection = Selection(
                    lang=lang, scheme=scheme, group=group, first_year=first, last_year=last, theme="dark"
                )
                assert views.portrait(selection).endswith(".")
                for view_id in VIEW_IDS:
                    view = VIEWS[view_id](selection)
                    assert view.empty or view.takeaway
                    assert view.empty or view.sources, view_id
                    assert view.options == {"group": group}
                    assert {column.key for column in view.columns} <= set(view.table.columns), view_id


def test_a_bar_of_states_shows_its_three_parts_and_escapes_its_name() -> None:
    drawn = shares([Share("<t>", "1 of 3", 1, 2, 4, "<s>")], yes_name="y", no_name="n", unknown_name="u")
    assert isinstance(drawn, Markup)
    assert "<t>" not in drawn.html
    for css, states in (("focus", 1), ("zero", 2), ("missing", 4)):
        assert f'pn-{css}" style="flex-grow:{states}"' in drawn.html
    assert "pn-missing" not in shares([Share("t", "", 1, 0, 0, "")], yes_name="y", no_name="n", unknown_name="u").html
