"""The overview: what it says is recounted from the CSV files, and it holds for every selection."""

import csv
from pathlib import Path

import pytest

from dashboard import areas
from dashboard.i18n import LANGUAGES, in_language
from dashboard.queries import observations, overview
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
    returned = [row["response_status"] for row in read("registry/questionnaire_responses.csv") if row["round_id"] == "Q2012"]
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
def test_every_view_holds_in_every_language_and_period(name: str, lang: str, period: tuple[int | None, int | None]) -> None:
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
