"""Compare: a few states or groups side by side, against a recount from the files, and what an address may ask of it."""

import csv
import re
from collections import defaultdict
from html import unescape
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import plotly.graph_objects as go
import polars as pl
import pytest

import dashboard.pages  # noqa: F401  (registers every view)
from dashboard import areas, db
from dashboard.charts.measures import Amount, Block, Row, measures
from dashboard.charts.one_scale import Apart, Placed, one_scale
from dashboard.charts.small_multiples import Panel, Point, Scale, Stretch, levels_of, scale_of, small_multiples
from dashboard.choices import read_address
from dashboard.components.compare_link import compare_link
from dashboard.components.tables import table_html
from dashboard.exports.citation import file_link, view_link
from dashboard.exports.downloads import view_csv
from dashboard.i18n import LANGUAGES, in_language
from dashboard.queries import compare as queries
from dashboard.queries import observations
from dashboard.selection import Problem, Selection, address, to_parameters
from dashboard.views import VIEWS
from dashboard.views.behind import Behind
from dashboard.views.compare import area_choices, lede, order_of, peers_of
from dashboard.views.compare.measured import measured
from dashboard.views.compare.peers import offers
from dashboard.views.country.key_figures import counts
from dashboard.views.records import listed
from dashboard.views.view import Drawing, Markup, View

DATA = Path(__file__).parent.parent / "data"
VIEW_IDS = sorted(view_id for view_id in VIEWS if view_id.startswith("compare."))
ISLANDS = ("KNA", "LCA", "VCT")
MIXED = ("CUB", "HTI", "KNA", "SUR", "VEN", "OAS-CAR")
GROUPS = ("OAS-CAR", "OAS-CEN", "OAS-NOR", "OAS-SOU")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(autouse=True)
def _reading_the_shipped_edition(shipped: Path) -> None:
    db.use_edition(shipped.stem)


def records(table: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def published(indicator_id: str) -> dict[str, dict[int, float]]:
    """State -> year -> value of an open indicator, as the file has it."""
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for row in records("open/open_indicators"):
        if row["indicator_id"] == indicator_id and row["value"]:
            found[row["country"]][int(row["year"])] = float(row["value"])
    return found


def shown(view_id: str, codes: tuple[str, ...], **choices: Any) -> View:
    return VIEWS[view_id](Selection(areas=codes, **choices))


def rows_of(view: View) -> dict[str, dict[str, Any]]:
    return {row["area_code"]: row for row in view.table.iter_rows(named=True)}


def read(**parameters: str) -> tuple[Selection, list[Problem]]:
    return read_address(parameters, Selection())


# What an address may ask for.


def test_the_areas_of_an_address_come_back_as_they_were_said() -> None:
    for codes in (ISLANDS, MIXED, GROUPS, ("X-SICA", "019"), ("KNA",), ()):
        selection = Selection(areas=codes, indicator="population", first_year=2000)
        parameters = dict(parse_qsl(urlsplit(address("compare", selection)).query))
        assert parameters.get("areas", "") == ",".join(codes)
        assert read_address(parameters, Selection()) == (selection, [])


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("kna, lca", ("KNA", "LCA")),
        ("Brasil,Brazil,BRA", ("BRA",)),
        ("Haïti,Las Américas", ("HTI", "019")),
        ("oas-car,CARICOM", ("OAS-CAR", "CARICOM")),
        (",,KNA,", ("KNA",)),
    ],
)
def test_names_spellings_and_repeated_areas_are_understood(said: str, meant: tuple[str, ...]) -> None:
    assert read(areas=said) == (Selection(areas=meant), [])


def test_an_unknown_area_is_told_with_the_nearest_and_the_others_stay() -> None:
    selection, problems = read(areas="KNA,Brasill,LCA")
    assert selection.areas == ("KNA", "LCA")
    assert problems == [Problem("areas", "Brasill", "BRA", mended=(("areas", "KNA,BRA,LCA"),))]
    assert read(areas="KNA,Xyzzyq") == (Selection(areas=("KNA",)), [Problem("areas", "Xyzzyq")])


def test_more_than_six_are_told_and_the_first_six_shown() -> None:
    selection, problems = read(areas="ARG,BOL,BRA,CHL,COL,ECU,PER,PRY")
    assert selection.areas == ("ARG", "BOL", "BRA", "CHL", "COL", "ECU")
    assert [problem.text for problem in problems] == ["The address asks to compare 8 areas; the first 6 are shown."]
    assert read(areas=",".join(["KNA", "kna", "LCA"] * 9)) == (Selection(areas=("KNA", "LCA")), [])


@pytest.mark.parametrize("text", ["'; drop table dim_area; --", "<script>", "," * 5000, "KNA" * 200, "=1+1,\x00", "🏝"])
def test_hostile_lists_give_problems_and_never_an_area(text: str) -> None:
    selection, problems = read(areas=text)
    assert selection.areas == ()
    assert all(len(problem.value) <= 80 for problem in problems)


def test_one_area_asks_for_a_second_and_none_for_two() -> None:
    for view_id in set(VIEW_IDS) - {"compare.peers"}:
        assert "a comparison needs two" in shown(view_id, ("KNA",)).empty
        assert "two to six" in shown(view_id, ()).empty
        assert shown(view_id, ("KNA",)).table.is_empty()
    assert lede(Selection(areas=("KNA",))).startswith("Saint Kitts and Nevis is chosen")
    assert "two to six" in lede(Selection())


def test_what_is_compared_travels_in_every_link_and_file() -> None:
    selection = Selection(areas=ISLANDS, indicator="population", scheme="caricom", first_year=2000, last_year=2010)
    for view_id in VIEW_IDS:
        view = VIEWS[view_id](selection)
        for link in (view_link(view, selection), file_link(view, selection, "xlsx")):
            said = dict(parse_qsl(urlsplit(link).query))
            assert (said["areas"], said["indicator"], said["scheme"], said["period"]) == (
                "KNA,LCA,VCT", "population", "caricom", "2000-2010",
            ), view_id  # fmt: skip


def test_a_view_without_a_chosen_indicator_names_the_one_it_shows() -> None:
    view = shown("compare.values", ISLANDS)
    assert "indicator=training_events&category=held" in view_link(view, Selection(areas=ISLANDS))


# Order and names.


def test_areas_stand_by_name_states_first_in_the_language_of_the_reader() -> None:
    codes = ("019", "OAS-CAR", "USA", "DEU", "ECU", "BRA")
    assert order_of(codes) == ["BRA", "ECU", "USA", "OAS-CAR", "019"]
    with in_language("es"):
        assert order_of(codes) == ["BRA", "ECU", "USA", "OAS-CAR", "019"]
    with in_language("fr"):
        assert order_of(codes) == ["BRA", "ECU", "USA", "OAS-CAR", "019"]
        assert order_of(("USA", "SLV", "BRA", "ECU")) == ["BRA", "SLV", "ECU", "USA"]
    assert shown("compare.records", ("VCT", "LCA", "KNA")).table["area_code"].to_list() == list(ISLANDS)


def test_groups_of_one_name_are_told_apart() -> None:
    view = shown("compare.records", ("029", "OAS-CAR", "X-SICA", "KNA"))
    assert isinstance(view.figure, Markup)
    assert "Caribbean · UN M49 subregions" in view.figure.html
    assert "Other states · Central American Integration System (SICA)" in view.figure.html
    assert "Caribbean · " not in shown("compare.records", ("OAS-CAR", "KNA")).takeaway


def test_everything_that_can_be_compared_is_offered_once() -> None:
    offered = area_choices(Selection(scheme="sica"))
    assert len(offered) == 35 + sum(len(areas.groups(scheme)) for scheme in areas.schemes()) + 1
    assert list(offered)[:35] == areas.states()
    assert list(offered)[35] == "SICA"
    assert "RSS" in area_choices(Selection(areas=("RSS", "KNA")))


# Records side by side.


def test_events_of_states_agree_with_a_recount() -> None:
    held = {row["event_id"]: row["status"] for row in records("registry/training_events")}
    found = rows_of(shown("compare.records", MIXED))
    for code in ("HTI", "KNA", "SUR", "VEN"):
        own = {row["event_id"] for row in records("registry/training_participation") if row["country"] == code}
        assert found[code]["held"] == sum(held[event] == "held" for event in own), code
        assert found[code]["beforehand"] == sum(held[event] != "held" for event in own), code


def test_a_state_outside_the_oas_has_no_zero() -> None:
    cuba = rows_of(shown("compare.records", MIXED))["CUB"]
    assert (cuba["held"], cuba["outside"]) == (None, "M")
    assert rows_of(shown("compare.records", MIXED))["HTI"]["held"] == 0


@pytest.mark.parametrize("period", [{}, {"first_year": 2009, "last_year": 2012}, {"first_year": 2022}])
def test_states_have_the_figures_of_their_own_pages(period: dict[str, int]) -> None:
    for codes in (("ARG", "BHS", "BRA", "CAN", "GTM", "HND"), MIXED[:5]):
        for code, row in rows_of(shown("compare.records", codes, **period)).items():
            own = counts(Selection(area=code).but(**period))
            assert (row["held"] or 0, row["beforehand"] or 0) == (own.held, own.other_events), code
            assert (row["deployed"], row["prospective"]) == (own.programmes, own.other_programmes), code
            assert (row["returned"] or 0, row["known"] or 0) == (own.returned if own.known else 0, own.known), code


def test_groups_have_the_figures_of_their_own_pages() -> None:
    for scheme in areas.schemes():
        groups = areas.groups(scheme)
        for code, row in rows_of(shown("compare.records", tuple(groups))).items():
            profile = VIEWS["subregion.profile"](Selection(scheme=scheme, group=code)).table["value"].to_list()
            assert (row["held"], row["deployed"]) == (profile[2], profile[3]), code
            assert row["held"] == observations.value("training_events", code, "held")["value"]


def test_the_hemisphere_counts_every_event_once() -> None:
    statuses = [row["status"] for row in records("registry/training_events")]
    row = rows_of(shown("compare.records", ("KNA", "019")))["019"]
    assert (row["held"], row["beforehand"]) == (statuses.count("held"), len(statuses) - statuses.count("held"))
    assert row["deployed"] == observations.value("programmes_deployed", "019")["value"]


def test_treaties_count_parties_among_known_standings() -> None:
    actions = records("registry/treaty_actions")
    for code, row in rows_of(shown("compare.records", ISLANDS)).items():
        own = [action["status"] for action in actions if action["country"] == code]
        assert (row["parties"], row["standings"]) == (own.count("party"), len(own) - own.count("unknown"))


def test_a_group_among_states_is_written_and_not_drawn() -> None:
    view = shown("compare.records", ("KNA", "OAS-CAR"))
    assert isinstance(view.figure, Markup)
    training = view.figure.html.split("<section>")[1]
    assert "18 held; 12 announced or planned" in re.sub("<[^>]+>", "", training)
    assert "does not compare with a single state" in training
    assert training.count('class="pn-measure-bar"') == 1
    groups = shown("compare.records", GROUPS)
    assert isinstance(groups.figure, Markup)
    assert "does not compare" not in groups.figure.html.split("<section>")[1]
    assert groups.figure.html.split("<section>")[1].count('class="pn-measure-bar"') >= 4


def test_different_numbers_of_known_replies_are_said() -> None:
    view = shown("compare.records", ISLANDS)
    assert isinstance(view.figure, Markup)
    assert "Saint Kitts and Nevis 1, Saint Lucia 3" in view.figure.html


def test_every_linked_figure_of_the_records_is_the_number_of_records_behind_it() -> None:
    for codes in (ISLANDS, MIXED, ("KNA", "OAS-CAR", "019")):
        for period in ({}, {"first_year": 2009, "last_year": 2012}):
            selection = Selection(areas=codes).but(**period)
            view = VIEWS["compare.records"](selection)
            checked = 0
            for column in (column for column in view.columns if column.behind):
                for row in view.table.iter_rows(named=True):
                    one = column.behind(row) if column.behind else None
                    if one and row[column.key]:
                        assert listed(one, selection).figure == row[column.key], (column.key, row)
                        checked += 1
            assert checked >= len(codes)


@pytest.mark.parametrize("period", [{}, {"first_year": 2009, "last_year": 2012}])
@pytest.mark.parametrize("codes", [("KNA", "LCA", "OAS-CAR"), MIXED, ("ARG", "HND", "019"), GROUPS])
def test_every_link_of_the_figure_leads_to_as_many_records_as_it_says(
    codes: tuple[str, ...], period: dict[str, int]
) -> None:
    view = VIEWS["compare.records"](Selection(areas=codes).but(**period))
    assert isinstance(view.figure, Markup)
    links = re.findall(r'<a class="pn-behind" href="([^"]+)"[^>]*>([^<]+)<', view.figure.html)
    assert len(links) > 8
    for href, words in links:
        chosen, problems = read_address(dict(parse_qsl(urlsplit(unescape(href)).query)), Selection())
        assert problems == [], href
        found = listed(Behind(chosen.of, chosen.where), chosen)
        number = int(re.match(r"\d+", words)[0])  # type: ignore[index]
        # a year has the records of that year behind it
        assert found.figure == number if number < 1900 else found.counts["records"], (words, href)


# Values on one scale.


def test_values_are_those_of_the_file_in_one_year() -> None:
    population = published("population")
    found = measured(Selection(areas=ISLANDS, indicator="population"))
    newest = max(population["KNA"])
    assert found.year == newest
    assert {figure.area: figure.value for figure in found.figures} == {
        code: population[code][newest] for code in ISLANDS
    }


def test_a_closest_year_is_never_the_year_asked_for() -> None:
    gini = published("gini_index")
    view = shown("compare.values", ("BRA", "COL", "HTI", "JAM", "VEN"), indicator="gini_index")
    found = rows_of(view)
    assert {row["year"] for row in found.values() if row["comparable"] == "yes"} == {2021}
    assert (found["HTI"]["year"], found["HTI"]["value"]) == (max(gini["HTI"]), gini["HTI"][max(gini["HTI"])])
    assert (found["HTI"]["comparable"], found["VEN"]["comparable"]) == ("no", "no")
    assert isinstance(view.figure, Markup)
    on_scale, apart = view.figure.html.split("pn-apart-list")
    assert "Haiti" not in on_scale
    assert "Another year: the value of Haiti is of 2012, the others are of 2021." in unescape(apart)
    older = shown("compare.values", ISLANDS, indicator="population", last_year=2030)
    assert "it is not 2030, the end of the period" in older.notes[0]
    exact = shown("compare.values", ISLANDS, indicator="population", last_year=2010)
    assert (exact.period, "it is not" in exact.notes[0]) == ("2010", False)


def test_a_definition_of_its_own_keeps_a_state_off_the_scale() -> None:
    view = shown("compare.values", ("GUY", "SUR", "TTO"), indicator="international_migrant_stock")
    assert [row["comparable"] for row in rows_of(view).values()] == ["yes", "no", "yes"]
    assert "counts foreign citizens" in rows_of(view)["SUR"]["reasons"]


def test_a_number_announced_does_not_stand_beside_one_reported() -> None:
    found = rows_of(shown("compare.values", ("HND", "BRA", "OAS-CAR", "019"), indicator="officials_trained"))
    assert (found["HND"]["value"], found["HND"]["basis"]) == (121, "reported afterwards")
    assert found["OAS-CAR"]["basis"] == "announced beforehand"
    assert "Another kind of number" in found["OAS-CAR"]["reasons"]
    assert (found["BRA"]["value"], found["BRA"]["obs_status"]) == (None, "O")


def test_no_two_poverty_rates_compare_and_no_group_has_one() -> None:
    view = shown("compare.values", ("COL", "ECU", "OAS-SOU"), indicator="national_poverty_rate")
    assert set(rows_of(view)["COL"]["comparable"]) == set("no")
    assert rows_of(view)["OAS-SOU"]["value"] is None
    assert isinstance(view.figure, Markup)
    assert "pn-scale-track" not in view.figure.html
    assert "No two" in view.takeaway


def test_a_median_of_a_group_is_recounted_and_marked() -> None:
    values = published("human_development_index")
    members = areas.members("oas", "OAS-CAR")
    view = shown("compare.values", ("KNA", "OAS-CAR"), indicator="human_development_index")
    found = rows_of(view)["OAS-CAR"]
    assert found["value"] == pytest.approx(median(values[code][found["year"]] for code in members))
    assert found["of_whom"] == "median of its states"
    assert isinstance(view.figure, Markup)
    assert view.figure.html.count('class="pn-scale-median"') == 1


def test_medians_follow_the_membership_of_each_year() -> None:
    values = published("human_development_index")
    rows = queries.medians("human_development_index", ["MERCOSUR", "019"], 2010, 2023)
    for code, year, value, with_value, states in rows.select(
        "area_code", "year", "value", "with_value", "states"
    ).iter_rows():
        members = areas.states() if code == "019" else ["ARG", "BRA", "PRY", "URY"]
        own = [values[state][year] for state in members if year in values[state]]
        assert (value, with_value, states) == (pytest.approx(median(own)), len(own), len(members)), (code, year)


def test_totals_of_groups_say_how_much_they_cover() -> None:
    found = rows_of(shown("compare.values", ("CARICOM", "OAS-CAR", "OAS-CEN"), indicator="refugees_hosted"))
    assert all(0 < row["coverage"] < 1 for row in found.values())
    assert all("covers" in row["reasons"] for row in found.values())


def test_groups_alone_share_a_scale_and_with_states_they_do_not() -> None:
    assert {row["comparable"] for row in rows_of(shown("compare.values", GROUPS, indicator="population")).values()} == {
        "yes"
    }
    mixed = rows_of(shown("compare.values", ("KNA", "LCA", "OAS-CAR"), indicator="population"))
    assert [mixed[code]["comparable"] for code in ("KNA", "LCA", "OAS-CAR")] == ["yes", "yes", "no"]


def test_codes_stand_in_their_order_and_special_cases_beside_it() -> None:
    view = shown("compare.values", ("BLZ", "BRB", "HTI", "KNA", "OAS-CAR"), indicator="tip_tier")
    found = rows_of(view)
    assert (found["HTI"]["code"], found["HTI"]["value"], found["HTI"]["comparable"]) == ("SC", None, "no")
    assert found["OAS-CAR"]["obs_status"] == "M"
    assert isinstance(view.figure, Markup)
    assert re.findall(r"<span style=[^>]+>([^<]+)<", view.figure.html)[-4:] == ["1", "2", "2WL", "3"]


def test_events_over_a_period_are_added_up_and_linked() -> None:
    selection = Selection(areas=ISLANDS, indicator="training_events", first_year=2009, last_year=2012)
    view = VIEWS["compare.values"](selection)
    column = next(column for column in view.columns if column.key == "value")
    for row in view.table.iter_rows(named=True):
        events = VIEWS["compare.records"](selection).table.filter(pl.col("area_code") == row["area_code"])["held"][0]
        assert row["value"] == events
        one = column.behind(row) if column.behind else None
        assert (one is None) == (row["value"] == 0)
        if one:
            assert listed(one, selection).figure == row["value"]


@pytest.mark.parametrize(
    "indicator",
    [
        "population", "human_development_index", "tip_tier", "refugees_hosted", "training_events", "officials_trained",
        "programmes_deployed", "treaties_in_force", "questionnaires_returned", "countries_covered",
    ],
)  # fmt: skip
@pytest.mark.parametrize("period", [{}, {"first_year": 2009, "last_year": 2012}])
def test_what_is_behind_a_value_amounts_to_it(indicator: str, period: dict[str, int]) -> None:
    selection = Selection(areas=("BRA", "HND", "OAS-CAR"), indicator=indicator).but(**period)
    for view_id in ("compare.values", "compare.over_time"):
        view = VIEWS[view_id](selection)
        column = next(column for column in view.columns if column.key == "value")
        assert column.behind is not None
        rows = [(row, one) for row in view.table.iter_rows(named=True) if (one := column.behind(row))]
        assert rows or not (view.table["value"].fill_null(0) > 0).any()
        for row, one in rows[:: max(len(rows) // 5, 1)]:
            assert listed(one, selection).figure == pytest.approx(row["value"]), (view_id, row)
        assert not [row for row, _one in rows if row["value"] == 0]


# Year by year.


def drawn(view: View) -> list[ElementTree.Element]:
    """The wide and the tall picture, parsed."""
    assert isinstance(view.figure, Drawing)
    return [ElementTree.fromstring(svg) for svg in (view.figure.wide, view.figure.tall)]


def test_the_table_over_time_has_every_value_of_the_file() -> None:
    values = published("gini_index")
    view = shown("compare.over_time", ("BRA", "HTI"), indicator="gini_index")
    found = {(code, year): value for code, year, value in view.table.select("area_code", "year", "value").iter_rows()}
    assert found == {(code, year): value for code in ("BRA", "HTI") for year, value in values[code].items()}


def test_nothing_is_joined_over_a_year_without_a_value() -> None:
    view = shown("compare.over_time", ("HTI", "JAM"), indicator="gini_index")
    for picture in drawn(view):
        lines = [path for path in picture.iter("path") if path.get("stroke-width") == "2.5"]
        # the key of the legend is all: no two years of these follow each other
        assert all("L" not in str(path.get("d")) for path in lines)
        assert len(list(picture.iter("circle"))) >= sum(
            len(own) for code, own in published("gini_index").items() if code in ("HTI", "JAM")
        )


def test_a_series_of_five_years_is_points_and_no_line() -> None:
    view = shown("compare.over_time", ("GUY", "TTO"), indicator="international_migrant_stock")
    for picture in drawn(view):
        assert not [path for path in picture.iter("path") if path.get("stroke-width") == "2.5"]


def test_a_break_in_the_series_is_drawn_and_named() -> None:
    view = shown("compare.over_time", ("BLZ", "GTM"), indicator="tip_tier")
    wide, _tall = drawn(view)
    texts = ["".join(text.itertext()) for text in wide.iter("text")]
    assert "break: before and after do not compare" in texts
    broken = [path for path in wide.iter("path") if path.get("stroke-dasharray") == "2 3"]
    assert len(broken) == 1 + 2  # in the legend, and once in the panel of each of the two


def test_a_year_that_others_report_shows_the_kind_of_empty() -> None:
    view = shown("compare.over_time", ("KNA", "LCA"), indicator="human_development_index")
    first = min(published("human_development_index")["KNA"])
    for picture in drawn(view):
        hatched = [rect for rect in picture.iter("rect") if "missing" in str(rect.get("fill"))]
        assert len(hatched) == 1 + first - 1990


def test_all_panels_have_one_scale_and_the_same_years() -> None:
    view = shown("compare.over_time", ("KNA", "LCA", "OAS-CAR"), indicator="human_development_index")
    for picture in drawn(view):
        texts = ["".join(text.itertext()) for text in picture.iter("text")]
        assert texts.count("1990") == texts.count("2023") == 3
        assert texts.count("0.60") == texts.count("0.90") == 3


def test_a_group_as_a_whole_is_not_drawn_on_the_scale_of_states() -> None:
    view = shown("compare.over_time", ("KNA", "LCA", "OAS-CAR"), indicator="population")
    wide, _tall = drawn(view)
    said = " ".join("".join(text.itertext()) for text in wide.iter("text"))
    assert "A group as a whole" in said
    assert not [text for text in wide.iter("text") if "40M" in "".join(text.itertext())]
    assert "OAS-CAR" in set(view.table["area_code"])
    assert any("Not drawn" in note and "Caribbean" in note for note in view.notes)


def test_announced_events_are_hatched_and_never_part_of_what_was_held() -> None:
    view = shown("compare.over_time", ("HTI", "KNA", "LCA"))
    wide, _tall = drawn(view)
    hatched = [rect for rect in wide.iter("rect") if "announced" in str(rect.get("fill"))]
    assert len(hatched) > 1
    events = {row["event_id"]: row for row in records("registry/training_events") if row["status"] == "held"}
    own = [
        events[part["event_id"]]
        for part in records("registry/training_participation")
        if part["country"] in ("HTI", "KNA", "LCA") and part["event_id"] in events
    ]
    with_year = [row for row in own if len(row["start_date"]) > 4 or row["start_date"] == row["end_date"][:4] != ""]
    assert view.table["value"].sum() == len(with_year)


def test_undated_events_are_named_because_no_panel_has_them() -> None:
    view = shown("compare.over_time", ISLANDS)
    dated = view.table.filter(pl.col("area_code") == "KNA")["value"].sum()
    whole = rows_of(shown("compare.records", ISLANDS))["KNA"]["held"]
    assert dated < whole
    assert f"Saint Kitts and Nevis {int(whole - dated)}" in next(
        note for note in view.notes if "without a single year" in note
    )


# Matrices and answers.


def test_every_programme_on_record_has_a_row_and_the_strongest_status() -> None:
    view = shown("compare.programmes", ISLANDS)
    deployments = [row for row in records("registry/programme_deployments") if row["country"] in ISLANDS]
    assert set(view.table["programme_id"]) == {row["programme_id"] for row in deployments}
    assert view.table.height == len({row["programme_id"] for row in deployments}) * 3
    assert isinstance(view.figure, Markup)
    marks = view.figure.html.split("<tbody>")[1].count("pn-mark-focus")
    beforehand = {"interest_expressed", "announced", "planned"}
    carried_out = {(row["programme_id"], row["country"]) for row in deployments if row["status"] not in beforehand}
    assert marks == len(carried_out)


def test_standings_with_treaties_are_those_on_record() -> None:
    view = shown("compare.treaties", ("BRA", "KNA"))
    actions = {(row["country"], row["treaty_id"]): row["status"] for row in records("registry/treaty_actions")}
    for row in view.table.iter_rows(named=True):
        assert (row["status"] or "unknown") == actions[row["area_code"], row["treaty_id"]]
    shared = sum(
        all(actions[code, treaty["treaty_id"]] == "party" for code in ("BRA", "KNA"))
        for treaty in records("catalog/treaties")
    )
    assert f"party to {shared} of 11" in view.takeaway


def test_replies_to_questionnaires_are_those_on_record() -> None:
    replies = {
        (row["round_id"], row["country"]): row["response_status"] for row in records("registry/questionnaire_responses")
    }
    view = shown("compare.rounds", ISLANDS)
    for row in view.table.iter_rows(named=True):
        on_record = replies.get((row["round_id"], row["area_code"]))
        assert row["standing"] == (on_record or "not_stated") or row["standing"] == "outside"


def test_answers_to_different_questions_are_never_called_comparable() -> None:
    view = shown("compare.answers", ("ATG", "BHS", "JAM", "TTO"))
    assert view.table.height
    for (topic,), own in view.table.group_by("topic"):
        if own["question_id"].n_unique() > 1:
            assert "yes" not in set(own["comparable"]), topic
    suppressed = view.table.filter(pl.col("answer_status") == "Q")
    assert suppressed.height
    assert set(suppressed["said"]) == {"suppressed: fewer than 10"}


# Whom to compare with.


def test_the_nearest_in_population_are_nearest_in_proportion() -> None:
    population = {code: own[max(own)] for code, own in published("population").items()}
    for code in ("KNA", "BRA", "HND"):
        own = population[code]
        ranked = sorted(
            (other for other in population if other != code),
            key=lambda other: max(population[other] / own, own / population[other]),
        )
        assert set(peers_of(code)) == {code, *ranked[:5]}
        assert peers_of(code)[0] == code
    assert set(peers_of("KNA", group="CARICOM")) <= set(areas.members("caricom", "CARICOM"))


def test_every_offer_can_be_set_and_none_is_what_is_shown() -> None:
    for codes in ((), ("KNA",), ISLANDS, ("OAS-CAR",), GROUPS, MIXED, ("019", "CUB")):
        offered = offers(Selection(areas=codes, area="KNA" if not codes else ""))
        assert offered
        sets = [frozenset(offer.codes) for offer in offered]
        assert len(set(sets)) == len(sets)
        assert frozenset(codes) not in sets
        for offer in offered:
            assert 2 <= len(set(offer.codes)) <= 6, offer
            assert read(areas=",".join(offer.codes)) == (Selection(areas=tuple(offer.codes)), [])


def test_the_link_of_a_country_page_sets_the_state_and_its_peers() -> None:
    link = compare_link(Selection(area="KNA", lang="es", scheme="caricom"))
    href = re.search(r'href="([^"]+)"', link)
    assert href is not None
    selection, problems = read_address(dict(parse_qsl(urlsplit(unescape(href[1])).query)), Selection())
    assert problems == []
    assert "KNA" in selection.areas
    assert len(selection.areas) == 6
    assert (selection.lang, selection.scheme) == ("es", "caricom")
    assert set(selection.areas) <= set(areas.members("caricom", "CARICOM"))


# Every selection, every language.


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "choices",
    [
        {"areas": ISLANDS},
        {"areas": MIXED, "indicator": "population", "first_year": 2010, "last_year": 2012},
        {"areas": GROUPS, "indicator": "questionnaire_return_rate", "scheme": "sica"},
        {"areas": ("CUB", "019"), "indicator": "tip_tier", "first_year": 1900, "last_year": 1901},
        {"areas": ("KNA", "X-RSS"), "indicator": "events_by_audience", "first_year": 2026},
        {"areas": ("ARG", "CARICOM"), "indicator": "last_training_year", "theme": "dark"},
        {"areas": ("KNA", "OAS-CAR"), "indicator": "officials_per_100000", "category": "announced"},
    ],
)
def test_every_view_answers_every_selection(choices: dict[str, Any], lang: str) -> None:
    with in_language(lang):
        selection = Selection(lang=lang, **choices)
        for view_id in VIEW_IDS:
            view = VIEWS[view_id](selection)
            assert view.empty or view.takeaway, view_id
            if not view.empty:
                assert table_html(view, selection)
                assert view_csv(view)
                assert not isinstance(view.figure, go.Figure)


def test_every_indicator_can_be_compared() -> None:
    for indicator in queries_indicators():
        for codes in (("KNA", "BRA"), ("KNA", "OAS-CAR"), GROUPS):
            for view_id in ("compare.values", "compare.over_time"):
                view = shown(view_id, codes, indicator=indicator)
                assert view.empty or view.takeaway, (indicator, codes)


def queries_indicators() -> list[str]:
    return [path.stem for path in sorted((DATA / "catalog" / "indicators").glob("*.yml"))]


def test_the_setting_hides_who_did_not_reply(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANORAMA_HIDE_NOT_RECEIVED", "1")
    selection = Selection(areas=("BRA", "LCA"), indicator="questionnaires_returned")
    said = " ".join(view_csv(VIEWS[view_id](selection)) for view_id in VIEW_IDS)
    assert "not received" not in said.replace("whose reply was not received", "").replace("never “not received”", "")
    assert VIEWS["compare.values"](selection).table["value"].to_list() == [None, None]
    assert "not named on this site" in VIEWS["compare.over_time"](selection).empty


# The charts.


def test_a_scale_holds_all_values_and_writes_round_ones() -> None:
    assert scale_of([0.55, 0.84], [2000, 2020], 3, from_zero=False).low < 0.55
    counts_only = scale_of([1.0, 2.0], [2000], 0, from_zero=True)
    assert [text for _value, text in counts_only.ticks] == ["0", "1", "2"]
    below = scale_of([-3.0, 4.0], [2000], 1, from_zero=True)
    assert below.low <= -3.0 < 4.0 <= below.high
    assert 0.0 in [value for value, _text in below.ticks]
    for values in ([5.0], [0.0, 0.0], [1e9, 2.5e9], [0.001, 0.002]):
        scale = scale_of(values, [2000], 3, from_zero=False)
        assert scale.low <= min(values) <= max(values) <= scale.high
        assert scale.low < scale.high


def test_levels_run_down_in_their_order() -> None:
    scale = levels_of(["1", "2", "3"], [2001, 2005])
    assert [(value, text) for value, text in scale.ticks] == [(0.0, "1"), (-1.0, "2"), (-2.0, "3")]


def test_names_that_look_like_markup_are_literal_in_every_chart() -> None:
    nasty = '<img src=x onerror="alert(1)">&'
    scale = Scale(2000, 2001, 0.0, 1.0, ((0.0, nasty),))
    panel = Panel(nasty, "/x", nasty, nasty, (Point(2000, 0.5),), (Stretch(((2000, 0.5), (2001, 0.6))),), remark=nasty)
    picture = small_multiples([panel, panel], scale, style="line", legend={"line": nasty}, label=nasty, hint=nasty)
    for svg in (picture.wide, picture.tall):
        assert "<img" not in svg
        ElementTree.fromstring(svg)
    bars = measures(
        [Block(nasty, [Row(nasty, "/x", (Amount("focus", 1, nasty, nasty, "/y"),))], [nasty])],
        legend=[("focus", nasty)],
        corner=nasty,
    )
    values = one_scale(
        [Placed(nasty, "/x", 1.0, nasty, nasty, remarks=(nasty,))],
        [Apart(nasty, "/x", nasty, nasty, (nasty,))],
        ends=(0, 1),
        marks=[(0.0, nasty)],
        caption=nasty,
        unit=nasty,
    )
    assert "<img" not in bars.html + values.html


def test_parameters_of_other_pages_are_left_out_of_its_address() -> None:
    said = to_parameters(Selection(areas=ISLANDS, area="BRA", round="Q2012", indicator="population"), "compare")
    assert set(said) == {"areas", "lang", "scheme", "period", "indicator"}


def test_a_slide_carries_the_same_values_as_bars_or_as_lines_with_their_holes() -> None:
    for codes, indicator, kind, mode in (
        (("LCA", "BRA"), "human_development_index", "scatter", "lines+markers"),
        (("BRA", "HTI"), "gini_index", "scatter", "lines+markers"),
        (("BRA", "KNA"), "training_events", "bar", None),
    ):
        view = shown("compare.over_time", codes, indicator=indicator)
        assert view.plain is not None
        traces: Any = view.plain.data
        assert {(trace.type, getattr(trace, "mode", None)) for trace in traces} == {(kind, mode)}
        found = {
            (trace.name, year): value
            for trace in traces
            for year, value in zip(trace.x, trace.y, strict=True)
            if year is not None  # a hole, so that nothing joins the years around it
        }
        filled = view.table.filter(pl.col("value").is_not_null())
        assert found == {
            (areas.name(code), year): value
            for code, year, value in filled.select("area_code", "year", "value").iter_rows()
        }
    for codes, indicator in (
        (("BLZ", "BRB"), "tip_tier"),
        (("COL", "ECU"), "national_poverty_rate"),
        (("KNA", "OAS-CAR"), "population"),
    ):
        assert shown("compare.over_time", codes, indicator=indicator).plain is None


def test_a_state_with_nothing_held_keeps_its_panel_and_what_was_announced() -> None:
    view = shown("compare.over_time", ("HTI", "KNA"))
    wide, _tall = drawn(view)
    assert "Nothing above zero" not in " ".join("".join(text.itertext()) for text in wide.iter("text"))
    panels = [rect for rect in wide.iter("rect") if "announced" in str(rect.get("fill"))]
    assert len(panels) == 1 + len({
        event["event_id"]
        for event in records("registry/training_events")
        for part in records("registry/training_participation")
        if part["event_id"] == event["event_id"] and part["country"] == "HTI" and event["status"] == "announced"
    })  # fmt: skip


def test_where_every_year_is_zero_there_is_no_chart_but_a_table() -> None:
    view = shown("compare.over_time", ("BRA", "COL"), indicator="officials_trained")
    assert (view.figure, view.plain, view.empty) == (None, None, "")
    assert view.table.height
    groups = shown("compare.over_time", ("BRA", "COL", "019"), indicator="officials_trained")
    wide, _tall = drawn(groups)
    said = " ".join("".join(text.itertext()) for text in wide.iter("text"))
    assert said.count("Nothing above zero") == 2


def test_questionnaires_returned_say_out_of_how_many_known_ones() -> None:
    notes = shown("compare.values", ("KNA", "LCA"), indicator="questionnaires_returned").notes
    assert any("Saint Kitts and Nevis 1 and Saint Lucia 3" in note for note in notes)
    other = shown("compare.values", ("KNA", "LCA"), indicator="questionnaires_returned", category="other_body").notes
    assert not any("More returned" in note for note in other)


def test_answers_that_fill_no_screen_stand_open() -> None:
    view = shown("compare.answers", ("ATG", "BHS", "JAM", "TTO"))
    assert isinstance(view.figure, Markup)
    folds = re.findall(r"<details[^>]*>", view.figure.html)
    assert folds[0].endswith(" open>")
    assert any(not fold.endswith(" open>") for fold in folds)


def test_a_zero_has_a_figure_and_no_bar() -> None:
    rows = [Placed(name, "/x", value, str(value), "", kind="bar") for name, value in (("A", 0.0), ("B", 2.0))]
    drawn_rows = one_scale(rows, [], ends=(0, 2), marks=(), caption="c", unit="u").html.split("<tr>")[2:]
    assert [row.count("pn-scale-bar") for row in drawn_rows] == [0, 1]
    assert "0.0" in drawn_rows[0]
