"""The overview: what it says is recounted from the CSV files, and it holds for every selection."""

import csv
from pathlib import Path

import pytest

import dashboard.pages  # noqa: F401  (registers the views of every page)
from dashboard import areas
from dashboard.i18n import LANGUAGES, in_language
from dashboard.queries import observations, overview, subregion
from dashboard.selection import Selection
from dashboard.views import VIEWS, Markup
from dashboard.views.overview import RECORD_INDICATORS, indicator_choices

DATA = Path(__file__).parent.parent / "data"
OVERVIEW = ("key_figures", "map", "subregions", "latest_events", "contents")
pytestmark = pytest.mark.usefixtures("shipped")


def read(file: str) -> list[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def figures(selection: Selection) -> dict[str, tuple[int | None, int | None]]:
    table = VIEWS["overview.key_figures"](selection).table
    return {
        f"{row['view']}/{position}": (row["value"], row["of"])
        for position, row in enumerate(table.iter_rows(named=True))
    }


def test_key_figures_agree_with_a_recount_of_the_files() -> None:
    events = read("registry/training_events.csv")
    held = sum(event["status"] == "held" for event in events)
    reported = sum(int(event["officials_trained"]) for event in events if event["number_basis"] == "reported")
    beforehand = sum(
        int(event["officials_trained"]) for event in events if event["number_basis"].startswith("announced")
    )
    returned = [
        row["response_status"] for row in read("registry/questionnaire_responses.csv") if row["round_id"] == "Q2012"
    ]
    found = figures(Selection())
    assert found["training.events_by_year/0"] == (held, None)
    assert found["training.officials_by_year/1"] == (reported, None)
    assert found["training.officials_by_year/2"] == (beforehand, None)
    assert found["questionnaires.return_rates/4"] == (
        returned.count("returned"),
        returned.count("returned") + returned.count("not_received"),
    )


def test_a_period_without_a_reported_number_shows_none_not_zero() -> None:
    found = figures(Selection(first_year=2005, last_year=2009))
    assert found["training.officials_by_year/1"] == (None, None)
    assert "questionnaires.return_rates/4" not in found, "no complete round lies in these years"


def test_the_denominator_is_of_the_periods_end() -> None:
    assert figures(Selection(last_year=2012))["training.coverage/3"][1] == 34
    assert figures(Selection(last_year=2010))["training.coverage/3"][1] == 33


def test_reached_states_agree_with_the_pipelines_count() -> None:
    reached = set(overview.reached_states(1800, 2100, True)["area_code"])
    counted = observations.all_time_values("states_reached")
    assert reached == set(counted.filter(counted["value"] == 1)["area_code"])


@pytest.mark.parametrize("indicator", RECORD_INDICATORS)
def test_the_map_agrees_with_the_pipelines_all_time_values(indicator: str) -> None:
    category = {"training_events": "held", "questionnaires_returned": "oas"}.get(indicator, "_T")
    counted = observations.all_time_values(indicator, category)
    expected = {row["area_code"]: row["value"] for row in counted.iter_rows(named=True)}
    view = VIEWS["overview.map"](Selection(indicator=indicator))
    for row in view.table.iter_rows(named=True):
        if row["obs_status"] == "A":
            assert row["value"] == expected[row["area_code"]], row["area_code"]


def test_the_map_has_a_link_for_each_of_the_35_states_and_says_who_takes_no_part() -> None:
    view = VIEWS["overview.map"](Selection(lang="es"))
    assert isinstance(view.figure, Markup)
    assert view.figure.html.count('class="pn-tile ') == 35
    assert "/country?area=KNA&amp;lang=es" in view.figure.html
    cuba = view.table.filter(view.table["area_code"] == "CUB").row(0, named=True)
    assert (cuba["value"], cuba["obs_status"]) == (None, "M")


def test_special_case_has_no_place_on_the_scale_of_tiers() -> None:
    view = VIEWS["overview.map"](Selection(indicator="tip_tier"))
    assert isinstance(view.figure, Markup)
    haiti = view.figure.html.partition("area=HTI")[0].rpartition("<a ")[2]
    assert "pn-apart" in haiti


def test_groups_count_an_event_once_and_cover_every_scheme() -> None:
    hemisphere = figures(Selection())["training.events_by_year/0"][0]
    assert hemisphere is not None
    for scheme in areas.schemes():
        table = VIEWS["overview.subregions"](Selection(scheme=scheme)).table
        assert table["group_code"].to_list() == areas.groups(scheme)
        assert all(value <= hemisphere for value in table["held"])
        assert (table["reached"] <= table["participating"]).all()
        assert (table["returned"] <= table["asked"]).all()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", OVERVIEW)
@pytest.mark.parametrize("period", [(None, None), (2010, 2012), (1995, 1996)])
def test_every_view_holds_in_every_language_and_period(
    name: str, lang: str, period: tuple[int | None, int | None]
) -> None:
    with in_language(lang):
        selection = Selection(lang=lang, first_year=period[0], last_year=period[1])
        view = VIEWS[f"overview.{name}"](selection)
        assert view.title
        assert view.takeaway or view.empty
        assert view.empty or view.sources or name == "latest_events"


def test_every_indicator_can_be_put_on_the_map() -> None:
    for indicator in indicator_choices():
        view = VIEWS["overview.map"](Selection(indicator=indicator))
        assert view.table.height == 35
        assert view.sources, indicator


def single_year(row: dict[str, str]) -> int | None:
    """The year of a deployment by the rule of the records: its own, or a start to the month, or the same year twice."""
    if row["year"]:
        return int(row["year"])
    start, end = row["start_date"], row["end_date"]
    return int(start[:4]) if len(start) > 4 or (start and start == end) else None


def test_a_period_counts_the_same_programmes_on_every_page() -> None:
    first, last = 2010, 2012
    carried_out: dict[str, set[str]] = {code: set() for code in areas.states()}
    for row in read("registry/programme_deployments.csv"):
        year = single_year(row)
        is_counted = (
            row["status"] not in ("planned", "announced", "interest_expressed") and year and first <= year <= last
        )
        if is_counted and row["country"]:
            carried_out[row["country"]].add(row["programme_id"])
    expected = {code: len(found) for code, found in carried_out.items()}
    chosen = Selection(indicator="programmes_deployed", first_year=first, last_year=last)
    for name in ("overview.map", "programmes.countries"):
        values = VIEWS[name](chosen).table
        assert {row["area_code"]: row["value"] or 0 for row in values.iter_rows(named=True)} == expected, name
    side_by_side = subregion.members_side_by_side(areas.states(), first, last, False, areas.period_end(chosen), "")
    assert dict(side_by_side.select("area_code", "programmes").iter_rows()) == expected
    groups = VIEWS["overview.subregions"](chosen).table
    for row in groups.iter_rows(named=True):
        members = areas.members("oas", row["group_code"])
        assert row["programmes"] == len(set().union(*(carried_out[code] for code in members))), row["group_code"]
    pillars = VIEWS["programmes.by_pillar"](chosen).table
    without_state = {
        row["programme_id"]
        for row in read("registry/programme_deployments.csv")
        if not row["country"] and first <= (single_year(row) or 0) <= last and row["status"] == "implemented"
    }
    assert int(pillars["carried_out"].sum()) == len(set().union(without_state, *carried_out.values()))


@pytest.mark.parametrize("last", [1996, 2012, 2026])
def test_a_treaty_of_unknown_date_does_not_bind_in_a_year_that_may_lie_before_it(last: int) -> None:
    dated = dict.fromkeys(areas.states(), 0)
    for row in read("registry/treaty_actions.csv"):
        year = row["action_date"][:4] or row["year"]
        dated[row["country"]] += row["status"] == "party" and bool(year) and int(year) <= last
    view = VIEWS["overview.map"](Selection(indicator="treaties_in_force", last_year=last))
    found = {row["area_code"]: row["value"] for row in view.table.iter_rows(named=True)}
    assert {code: value or 0 for code, value in found.items()} == dated
    assert any("left out" in note for note in view.notes)


def test_no_dated_treaty_is_no_zero_where_an_unknown_one_may_be_earlier() -> None:
    values = overview.treaties_by_state(1930)
    assert values.height == len(areas.states())
    assert values["value"].null_count() > 0
    assert observations.all_time_values("treaties_in_force")["value"].null_count() == 0


def test_the_sources_of_the_map_are_those_of_the_rows_it_counts() -> None:
    def sources(indicator: str, **period: int) -> set[str]:
        view = VIEWS["overview.map"](Selection(indicator=indicator, **period))  # type: ignore[arg-type]
        return {source.source_id for source in view.sources}

    assert "oas_release_e_162_06" in sources("training_events", first_year=2006, last_year=2006)
    assert "oas_release_e_162_06" not in sources("training_events", first_year=2013, last_year=2020)
    assert sources("training_events", first_year=1995, last_year=1996) == {"panorama_compilation"}
    answered = {
        row["source_id"]
        for row in read("registry/questionnaire_responses.csv")
        if row["year"] == "2014" and row["response_status"] == "returned"
    }
    assert sources("questionnaires_returned", first_year=2014, last_year=2014) == answered
    assert "oas_work_plan_2010_2012_report" in sources("last_training_year"), "training carried out counts there too"


def test_the_groups_name_the_documents_behind_every_column() -> None:
    cited = {source.source_id for source in VIEWS["overview.subregions"](Selection()).sources}
    announced = {
        row["source_id"] for row in read("registry/training_events.csv") if row["event_id"] in ("EV010", "EV022")
    }
    deployed = {row["source_id"] for row in read("registry/programme_deployments.csv") if row["country"]}
    assert announced | deployed | {"oas_work_plan_2010_2012_report"} <= cited


def test_the_key_figures_say_each_kind_of_number_and_who_is_in_it() -> None:
    notes = " ".join(VIEWS["overview.key_figures"](Selection()).notes)
    assert "250, at least 165, and about 65" in notes
    assert "civil society" in notes
    assert "about 45" in notes


def test_the_groups_hold_without_any_complete_questionnaire(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overview, "latest_full_round", lambda *_years, **_period: {})
    view = VIEWS["overview.subregions"](Selection())
    assert "returned_of" not in [column.key for column in view.columns]
    assert view.table.height == 4


def test_no_map_tells_whose_reply_was_not_received_where_names_are_kept_back(monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = Selection(indicator="questionnaires_returned")
    assert "questionnaires_returned" in indicator_choices()
    assert VIEWS["overview.map"](chosen).table["value"].null_count() < 35
    monkeypatch.setenv("PANORAMA_HIDE_NOT_RECEIVED", "1")
    assert "questionnaires_returned" not in indicator_choices()
    view = VIEWS["overview.map"](chosen)
    assert view.empty or view.table["value"].null_count() == view.table.height
