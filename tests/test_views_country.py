"""The country page: every number on it against a recount from the records; states with little data; any selection."""

import csv
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

import plotly.graph_objects as go
import polars as pl
import pytest

from dashboard import areas, db
from dashboard.charts.facts import Fact, facts
from dashboard.charts.records import Entry, Wording, record_list
from dashboard.charts.strips import Strip, strips
from dashboard.i18n import LANGUAGES, in_language, use_language
from dashboard.queries import country as queries
from dashboard.queries import observations
from dashboard.selection import Selection
from dashboard.views import VIEWS
from dashboard.views import country as views
from dashboard.views.view import Markup, View
from dashboard.views.vintages import vintage

DATA = Path(__file__).parent.parent / "data"
VIEW_IDS = sorted(view_id for view_id in VIEWS if view_id.startswith("country."))
DEPLOYED = {"in_progress", "implemented", "replicated", "follow_up_requested", "audited"}
ALL = {"first_year": 1800, "last_year": 2100, "is_all_time": True}


@pytest.fixture(autouse=True)
def _reading_the_shipped_edition(shipped: Path) -> None:
    use_language("en")
    db.use_edition(shipped.stem)


def records(table: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def shown(view_id: str, **choices: Any) -> View:
    return VIEWS[view_id](Selection(**choices))


def html(view: View) -> str:
    assert isinstance(view.figure, Markup)
    return view.figure.html


def held_by_state() -> dict[str, set[str]]:
    held = {row["event_id"] for row in records("registry/training_events") if row["status"] == "held"}
    found: dict[str, set[str]] = defaultdict(set)
    for row in records("registry/training_participation"):
        if row["event_id"] in held:
            found[row["country"]].add(row["event_id"])
    return found


def deployed_by_state() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in records("registry/programme_deployments"):
        if row["status"] in DEPLOYED and row["country"]:
            found[row["country"]].add(row["programme_id"])
    return found


def oas_replies(state: str, *statuses: str) -> set[str]:
    oas = {
        row["round_id"]
        for row in records("registry/questionnaire_rounds")
        if row["form_family"] == "oas" and row["respondent_kind"] == "states"
    }
    return {
        row["round_id"]
        for row in records("registry/questionnaire_responses")
        if row["country"] == state and row["round_id"] in oas and row["response_status"] in statuses
    }


def test_key_figures_of_every_state_are_those_of_the_records() -> None:
    held, deployed = held_by_state(), deployed_by_state()
    for state in areas.states():
        rows = shown("country.profile", area=state).table.rows(named=True)
        programmes, events, replies, _palermo = rows
        if state != "CUB":
            assert programmes["shown"] == str(len(deployed[state])), state
            assert events["shown"] == str(len(held[state])), state
        known = oas_replies(state, "returned", "not_received")
        assert replies["of"] == (len(known) or None), state
        assert replies["shown"] == (str(len(oas_replies(state, "returned"))) if known else "–"), state


def test_key_figures_agree_with_the_observations_of_all_years() -> None:
    for state in areas.states():
        if state == "CUB":
            continue
        programmes, events, *_rest = shown("country.profile", area=state).table.rows(named=True)
        assert float(events["shown"]) == observations.value("training_events", state, "held")["value"], state
        assert float(programmes["shown"]) == observations.value("programmes_deployed", state)["value"], state


def test_a_state_outside_the_oas_has_no_zero_but_a_reason() -> None:
    programmes, events, replies, _palermo = shown("country.profile", area="CUB").table.rows(named=True)
    assert programmes["shown"] == events["shown"] == replies["shown"] == "–"
    assert "did not take part in the OAS" in events["what"]
    assert "not asked" in replies["what"]
    assert observations.value("training_events", "CUB", "held")["value"] is None


def test_a_state_that_left_late_keeps_its_known_zero() -> None:
    _programmes, events, *_rest = shown("country.profile", area="VEN").table.rows(named=True)
    assert events["shown"] == "0"
    _programmes, events, *_rest = shown("country.profile", area="VEN", first_year=2024).table.rows(named=True)
    assert events["shown"] == "–"


def test_the_year_of_the_palermo_protocol_is_that_of_the_records() -> None:
    for row in records("registry/treaty_actions"):
        if row["treaty_id"] == "PALERMO_TIP" and row["status"] == "party":
            year = row["year"] or row["action_date"][:4]
            assert shown("country.profile", area=row["country"]).table.row(-1, named=True)["shown"] == year


def test_the_page_leaves_out_what_is_not_on_record_and_says_so() -> None:
    shown_views = {view_id for row in views.layout(Selection(area="CUB")) for view_id in row}
    assert "country.events" not in shown_views
    assert "country.laws" not in shown_views
    assert "country.plans" in shown_views
    missing = shown("country.missing", area="CUB")
    assert "national laws" in missing.takeaway
    assert "OAS training events" in missing.takeaway
    absent = missing.table.filter(pl.col("rows") == 0)["subject"].to_list()
    assert absent == ["OAS training events", "OAS programmes", "answers to questionnaires", "national laws"]


def test_every_section_of_the_layout_is_a_view_with_a_title() -> None:
    in_layout = {view_id for row in views.ROWS for view_id in row}
    assert in_layout == set(views.TITLES) == set(VIEW_IDS) - {"country.choice"}
    assert set(views.SECTIONS) < in_layout
    assert set(views.SUBJECTS) | {"caveats"} == set(views.SECTIONS.values())


def test_without_a_state_no_view_shows_anybody() -> None:
    for view_id in VIEW_IDS:
        view = shown(view_id)
        if view_id == "country.choice":
            assert view.table.height == 35
        else:
            assert view.empty
            assert view.table.is_empty()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("state", ["KNA", "BRA", "HTI", "CUB", "VEN", "NIC", "DMA", "USA", "HND"])
def test_every_view_answers_in_every_language_for_any_period(state: str, lang: str) -> None:
    with in_language(lang):
        for first, last, scheme in (
            (None, None, "oas"),
            (2010, 2012, "can"),
            (2025, None, "m49"),
            (None, 2003, "sica"),
        ):
            selection = Selection(lang=lang, area=state, scheme=scheme, first_year=first, last_year=last, theme="dark")
            assert views.kicker(selection)
            assert views.portrait(selection).endswith(".")
            for view_id in VIEW_IDS:
                view = VIEWS[view_id](selection)
                assert view.empty or view.takeaway
                assert {column.key for column in view.columns} <= set(view.table.columns), view_id


def test_events_that_a_state_only_hosted_are_shown_apart() -> None:
    view = shown("country.events", area="USA")
    held = view.table.filter(pl.col("took_part"), pl.col("status") == "held")
    assert set(held["event_id"]) == held_by_state()["USA"]
    hosted = view.table.filter(~pl.col("took_part"))
    assert hosted.height
    assert set(hosted["part"]) == {"hosted; taking part not on record"}
    line = shown("country.timeline", area="USA").table
    conferences = line.filter(pl.col("title").str.starts_with("Children First"))
    assert conferences["lane"].to_list() == ["Events that it only hosted"]


def test_a_number_is_shown_for_the_state_only_where_it_is_the_states_own() -> None:
    view = shown("country.events", area="HND")
    own = view.table.filter(pl.col("officials").is_not_null())
    assert own.select("event_id", "officials").rows() == [("EV042", 121)]
    assert own["basis"].to_list() == ["reported afterwards; civil society included"]
    rest = view.table.filter(pl.col("officials").is_null())
    assert set(rest["officials_status"]) <= {"O"}


def test_announced_events_are_hatched_in_the_list_and_on_the_line() -> None:
    view = shown("country.events", area="GRD")
    assert view.table["status"].to_list() == ["announced"]
    assert 'class="pn-key pn-announced"' in html(view)
    roles = shown("country.timeline", area="GRD").table.filter(pl.col("lane") == "Training events")["role"]
    assert roles.to_list() == ["announced"]


def test_a_period_keeps_undated_rows_in_sight() -> None:
    view = shown("country.programmes", area="KNA", first_year=2011, last_year=2011)
    assert view.table.filter(pl.col("date_group") == "dated")["year"].to_list() == [2011]
    assert view.table.filter(pl.col("date_group") == "undated").height == 3


def test_the_time_line_holds_every_dated_record_and_names_the_undated() -> None:
    view = shown("country.timeline", area="KNA")
    assert isinstance(view.figure, go.Figure)
    assert any("without a year" in note for note in view.notes)
    undated = view.table.filter(pl.col("start").is_null())
    assert {"Training event of the Wesley Methodist Church Women's Group"} <= set(undated["title"])
    dated = view.table.filter(pl.col("start").is_not_null())
    assert set(dated["lane"]) == {
        "Training events",
        "Programmes",
        "OAS questionnaires",
        "Questionnaires of other bodies",
        "Treaties",
    }
    seminar = dated.filter(pl.col("lane") == "Training events").row(0, named=True)
    assert (seminar["start"], seminar["end"], seminar["kind"]) == (2011.0, 2012.0, "bar")
    palermo = dated.filter(pl.col("text") == "Palermo Protocol").row(0, named=True)
    assert palermo["kind"] == "point"
    assert 2004.3 < palermo["start"] < 2004.5


def test_the_strips_stand_within_the_range_and_beside_the_median_of_the_same_year() -> None:
    rows = shown("country.standing", area="KNA").table
    assert "tip_tier" not in set(rows["indicator_id"])
    assert "population" not in set(rows["indicator_id"])
    own = rows.filter(pl.col("indicator_id") == "human_development_index").row(0, named=True)
    published = [
        row
        for row in records("open/open_indicators")
        if row["indicator_id"] == "human_development_index" and row["year"] == str(own["year"]) and row["value"]
    ]
    values = {row["country"]: float(row["value"]) for row in published}
    caribbean = [values[code] for code in areas.members("oas", "OAS-CAR") if code in values]
    assert own["value"] == values["KNA"]
    assert (own["lowest"], own["highest"]) == (min(values.values()), max(values.values()))
    assert own["group_median"] == pytest.approx(median(caribbean))
    assert (own["states"], own["group_states"]) == (len(values), len(caribbean))
    events = rows.filter(pl.col("indicator_id") == "training_events").row(0, named=True)
    counts = [len(held_by_state()[code]) for code in areas.states() if code != "CUB"]
    assert (events["lowest"], events["highest"], events["states"]) == (min(counts), max(counts), len(counts))


def test_the_median_follows_the_chosen_scheme() -> None:
    by_scheme = {}
    for scheme in ("oas", "m49"):
        rows = shown("country.standing", area="GUY", scheme=scheme).table
        by_scheme[scheme] = rows.filter(pl.col("indicator_id") == "human_development_index")["group_median"][0]
    assert by_scheme["oas"] != by_scheme["m49"]


def test_no_value_is_taken_from_after_the_period() -> None:
    rows = shown("country.context", area="BRA", last_year=2005).table
    assert rows.height
    assert max(rows["year"]) <= 2005


def test_the_tier_is_a_code_with_its_evidence() -> None:
    view = shown("country.context", area="BRA", last_year=2024)
    tier = view.table.filter(pl.col("indicator_id") == "tip_tier").row(0, named=True)
    assert (tier["value_code"], tier["value"], tier["group_median"]) == ("2", None, None)
    assert any("worked out by elimination" in note for note in view.notes)


def test_small_counts_are_suppressed_and_other_bodies_stand_apart() -> None:
    view = shown("country.answers", area="JAM")
    suppressed = view.table.filter(pl.col("answer_status") == "Q")
    assert suppressed.height
    assert set(suppressed["shown"]) == {"suppressed: fewer than 10"}
    assert suppressed["value"].null_count() == suppressed.height
    first = html(view)
    assert first.index("OAS questionnaires") < first.index("Questionnaires of other bodies")
    recorded = [row for row in records("registry/questionnaire_answers") if row["country"] == "JAM"]
    assert view.table.height == len(recorded)
    assert any("never OAS training" in note for note in view.notes)


def test_a_missing_reply_is_worded_by_the_date_of_its_source() -> None:
    view = shown("country.questionnaires", area="HTI")
    reply = view.table.filter(pl.col("round_id") == "Q2012").row(0, named=True)
    assert reply["said_standing"] == "not received by October 2012"
    unstated = view.table.filter(pl.col("standing") == "not_stated")
    assert unstated.height
    assert all(name not in html(view) for name in unstated["name"])


def test_standings_with_treaties_say_their_date_and_unknown_is_no_refusal() -> None:
    view = shown("country.treaties", area="KNA")
    by_treaty = {row["treaty_id"]: row for row in view.table.iter_rows(named=True)}
    assert len(by_treaty) == 11
    assert by_treaty["ILO_C189"]["said_status"] == "not party as of October 5, 2020"
    assert by_treaty["CRC_OPSC"]["said_status"] == "no action seen as of August 2022"
    assert by_treaty["ILO_P29"]["said_status"] == "not known here"
    assert view.takeaway.startswith("Party to 6 of the 8 instruments")


def test_participation_is_told_with_its_interruptions() -> None:
    assert shown("country.participation", area="CUB").takeaway == "Has not taken part in the OAS since 1962."
    assert shown("country.participation", area="NIC").takeaway.endswith("November 19, 2023.")
    assert "disputed" in shown("country.participation", area="VEN").takeaway
    assert "July 5, 2009 to May 31, 2011" in shown("country.participation", area="HND").takeaway
    assert shown("country.participation", area="KNA").takeaway == "Has taken part in the OAS since 1984."


def test_the_original_title_comes_first_and_the_readers_wording_beneath() -> None:
    with in_language("es"):
        drawn = html(shown("country.laws", lang="es", area="KNA"))
    original, wording = "Trafficking in Persons (Prevention) Act, 2008", "Ley sobre la Trata de Personas"
    assert drawn.index(original) < drawn.index(wording)
    assert drawn.count(original) == 1
    with in_language("en"):
        assert html(shown("country.laws", area="KNA")).count(original) == 1


def test_caveats_are_those_that_name_the_state() -> None:
    named = {row["caveat_id"] for row in records("catalog/caveats") if "DMA" in row["area_codes"].split(";")}
    assert set(queries.caveats("DMA")["caveat_id"]) == named


def test_every_number_leads_to_a_document() -> None:
    for view_id in VIEW_IDS:
        view = shown(view_id, area="BLZ")
        if not view.empty:
            assert view.sources, view_id
            cited = {source.source_id for source in view.sources}
            if view_id not in ("country.questionnaires",) and "source_id" in view.table.columns:
                assert set(view.table["source_id"].drop_nulls()) <= cited, view_id


def test_records_are_escaped_and_long_lists_folded() -> None:
    one = Entry(when="<2010>", title=Wording("<b>&", "translated"), lines=(Wording("<i>"), Wording("")), status="<s>")
    drawn = record_list([("<h>", [one] * 3), ("empty", [])]).html
    assert "<i>" not in drawn
    assert "&lt;b&gt;&amp;" in drawn
    assert "empty" not in drawn
    assert "<details" not in drawn
    assert record_list([("", [one] * 12)], most_shown=4).html.count("<li>") == 12
    assert "Show 8 more" in record_list([("", [one] * 12)], most_shown=4).html
    assert "&lt;x&gt;" in facts(("<x>",), [Fact("<x>", "<x>", ("<x>",), ("focus",))]).html


def test_a_strip_puts_marks_where_their_values_lie() -> None:
    def strip(value: float, highest: float, middle: float | None) -> Strip:
        return Strip("a", "b", value, "v", "w", 0.0, "l", highest, "h", middle, "m", "said")

    drawn = strips([("g", [strip(1, 4, 2)])], own_name="o", median_name="m", range_name="r").html
    assert 'class="pn-strip-dot" style="left:25.0%"' in drawn
    assert 'class="pn-strip-tick" style="left:50.0%"' in drawn
    same = strips([("g", [strip(0, 0, None)])], own_name="o", median_name="m", range_name="r").html
    assert 'class="pn-strip-dot" style="left:50.0%"' in same
    assert 'pn-strip-tick" style' not in same


def test_a_vintage_is_written_as_far_as_it_is_known() -> None:
    assert vintage("2020-10-05") == "October 5, 2020"
    assert vintage("2020-10") == "October 2020"
    assert vintage("2020") == "2020"
    assert vintage(None) == ""
