"""The country page: every number on it against a recount from the records; states with little data; any selection."""

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
from dashboard.charts.facts import Fact, facts
from dashboard.charts.records import Entry, Wording, record_list
from dashboard.charts.strips import Strip, strips
from dashboard.exports.downloads import view_csv
from dashboard.i18n import LANGUAGES, in_language
from dashboard.queries import country as queries
from dashboard.queries import observations
from dashboard.selection import Selection
from dashboard.views import VIEWS
from dashboard.views import country as views
from dashboard.views.country.listed import when
from dashboard.views.records import Listed, listed
from dashboard.views.view import Markup, View
from dashboard.views.vintages import vintage

DATA = Path(__file__).parent.parent / "data"
VIEW_IDS = sorted(view_id for view_id in VIEWS if view_id.startswith("country."))
DEPLOYED = {"in_progress", "implemented", "replicated", "follow_up_requested", "audited"}
ALL = {"first_year": 1800, "last_year": 2100, "is_all_time": True}


@pytest.fixture(autouse=True)
def _reading_the_shipped_edition(shipped: Path) -> None:
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


def in_layout(state: str) -> set[str]:
    """The views on the page of a state; each stands there once."""
    views_shown = [view_id for row in views.layout(Selection(area=state)) for column in row for view_id in column]
    assert len(views_shown) == len(set(views_shown))
    return set(views_shown)


def test_the_page_leaves_out_what_is_not_on_record_and_says_so() -> None:
    shown_views = in_layout("CUB")
    assert "country.events" not in shown_views
    assert "country.laws" not in shown_views
    assert "country.plans" in shown_views
    missing = shown("country.missing", area="CUB")
    assert "national laws" in missing.takeaway
    assert "OAS training events" in missing.takeaway
    absent = missing.table.filter(pl.col("rows") == 0)["subject"].to_list()
    assert absent == ["OAS training events", "OAS programmes", "answers to questionnaires", "national laws"]


def test_every_section_of_the_layout_is_a_view_with_a_title() -> None:
    assert in_layout("JAM") == set(views.TITLES) == set(VIEW_IDS) - {"country.choice"} | {"country.changes"}
    assert set(views.SECTIONS) < in_layout("JAM")
    assert set(views.SUBJECTS) | {"caveats"} == set(views.SECTIONS.values())


def test_the_columns_of_the_page_end_about_together_and_stay_where_they_are_in_every_period() -> None:
    beside = {state: views.layout(Selection(area=state))[3] for state in areas.states()}
    with_short_records = [state for state, columns in beside.items() if "country.context" in columns[0]]
    with_long_records = [state for state, columns in beside.items() if "country.context" in columns[1]]
    assert "CUB" in with_short_records
    assert "JAM" in with_long_records
    for state, columns in beside.items():
        assert len(columns) == 2, state
        assert views.layout(Selection(area=state, first_year=2010, last_year=2012))[3] == columns


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


UNPLACED = (
    "Records that no source places in a year are listed where they may lie in the period; they count only in all years."
)


@pytest.mark.parametrize(("state", "first", "last"), [("KNA", 1995, 1996), ("JAM", 2010, 2012), ("KNA", 2011, 2011)])
def test_lists_count_what_the_key_figures_count(state: str, first: int, last: int) -> None:
    chosen = {"area": state, "first_year": first, "last_year": last}
    programmes, events, *_rest = shown("country.profile", **chosen).table.rows(named=True)
    listed = shown("country.events", **chosen)
    held = {row["event_id"] for row in listed.table.rows(named=True) if row["year"] and row["status"] == "held"}
    counted = listed.table.filter(pl.col("took_part"), pl.col("year").is_between(first, last)).height
    assert events["shown"] == str(len(held))
    verb = "event with its participation is" if counted == 1 else "events with its participation are"
    assert listed.takeaway == f"{counted} {verb} on record, {events['shown']} of them held."
    deployed = shown("country.programmes", **chosen)
    assert deployed.takeaway.startswith(f"{programmes['shown']} programme")
    for view in (listed, deployed):
        assert (UNPLACED in view.notes) == view.table["year"].has_nulls()


def test_records_without_a_single_year_are_listed_and_marked_but_not_counted() -> None:
    view = shown("country.events", area="KNA", first_year=1995, last_year=1996)
    assert view.table.select("year", "when").rows() == [(None, "date not stated")]
    assert view.takeaway == "0 events with its participation are on record, 0 of them held."
    programmes = shown("country.programmes", area="KNA", first_year=1995, last_year=1996)
    assert programmes.table.height == 3
    assert programmes.takeaway.startswith("0 programmes are on record")
    assert "; 0 in all" in programmes.takeaway
    jamaica = shown("country.programmes", area="JAM", first_year=2010, last_year=2012)
    assert "2010 to 2012" in jamaica.table.filter(pl.col("date_group") == "span")["when"].to_list()


def test_an_open_span_is_not_shown_as_one_year() -> None:
    span = {"date_group": "span", "first_year": 2014, "start_on": date(2014, 1, 1), "start_precision": "year"}
    assert when({**span, "last_year": None, "end_on": None}) == "from 2014, end not stated"
    closed = {"last_year": 2016, "end_on": date(2016, 1, 1), "end_precision": "year"}
    assert when(span | closed) == "2014 to 2016"


def test_the_last_training_is_that_of_the_chosen_years() -> None:
    everything = shown("country.profile", area="JAM").takeaway
    last = int(observations.value("last_training_year", "JAM")["value"])  # type: ignore[call-overload]
    assert str(last) in everything
    before = shown("country.profile", area="JAM", last_year=last - 1).takeaway
    assert str(last) not in before
    none = shown("country.profile", area="JAM", first_year=1995, last_year=1996).takeaway
    assert none == "No training held or carried out is dated in these years."
    chosen = shown("country.profile", area="JAM", first_year=last).takeaway
    assert chosen == f"The last training dated in these years is of {last}."


@pytest.mark.parametrize(("state", "first", "last"), [("KNA", None, None), ("KNA", 1995, 1996), ("JAM", 2010, 2012)])
def test_the_key_figures_cite_what_they_count_and_nothing_else(state: str, first: int | None, last: int | None) -> None:
    def counts(row: dict[str, str], start: str, end: str) -> bool:
        if first is None or last is None:
            return True
        single = row.get("year") or (start[:4] if len(start) > 4 or (start and start == end) else "")
        return bool(single) and first <= int(single) <= last

    cited = {
        source.source_id for source in shown("country.profile", area=state, first_year=first, last_year=last).sources
    }
    taken = {row["event_id"] for row in records("registry/training_participation") if row["country"] == state}
    expected = set()
    for row in records("registry/training_events"):
        if row["event_id"] in taken and counts(row, row["start_date"], row["end_date"]):
            expected |= {row["source_id"], row["source_id_2"]}
    for row in records("registry/programme_deployments"):
        if row["country"] == state and counts(row, row["start_date"], row["end_date"]):
            expected |= {row["source_id"], row["source_id_2"]}
    replies = oas_replies(state, "returned", "not_received")
    for row in records("registry/questionnaire_responses"):
        if row["country"] == state and row["round_id"] in replies and counts(row, "", ""):
            expected.add(row["source_id"])
    for row in records("registry/treaty_actions"):
        if row["country"] == state and row["treaty_id"] == "PALERMO_TIP":
            expected |= {row["source_id"], row["source_id_2"]}
    assert cited == expected - {""}


def test_answers_to_a_round_without_a_year_stay_in_every_period() -> None:
    recorded = [row for row in records("registry/questionnaire_answers") if row["country"] == "JAM"]
    rounds = {row["question_id"]: row["round_id"] for row in records("registry/questionnaire_questions")}
    ilo = {row["answer_id"] for row in recorded if rounds[row["question_id"]] == "ILO-C29"}
    assert ilo
    assert set(shown("country.answers", area="JAM", first_year=1995, last_year=1996).table["answer_id"]) == ilo


def test_the_setting_hides_whose_reply_was_not_received(monkeypatch: pytest.MonkeyPatch) -> None:
    open_views = {state: shown("country.questionnaires", area=state) for state in ("HTI", "KNA")}
    assert open_views["HTI"].table.filter(pl.col("note").fill_null("").str.contains("Not among the 19")).height == 1
    monkeypatch.setenv("PANORAMA_HIDE_NOT_RECEIVED", "1")
    standings = {}
    for state in areas.states():
        view = shown("country.questionnaires", area=state)
        said = html(view) + view_csv(view)
        assert "not received by" not in said, state
        assert "Not among the" not in said, state
        assert (
            view.table["round_id"].to_list() == shown("country.questionnaires", area=state).table["round_id"].to_list()
        )
        row = view.table.filter(pl.col("round_id") == "Q2012").row(0, named=True)
        standings[state] = (row["said_standing"], row["when"], row["note"], row["source_id"])
    # a state whose reply was received reads the same, or the others would be known by it
    assert set(standings.values()) - {standings["CUB"]} == {standings["HTI"]} == {standings["KNA"]}
    assert standings["HTI"][:3] == ("not shown on this site", "2012", None)
    assert standings["CUB"][0] == "not asked"
    haiti = shown("country.questionnaires", area="HTI").table
    report = haiti.filter(pl.col("round_id") == "ILO-C29").row(0, named=True)
    assert (report["said_standing"], report["note"]) == ("not stated, or not shown on this site", None)
    at_the_time = shown("country.questionnaires", area="HTI", first_year=2021, last_year=2021).table
    assert "ILO-C29" not in at_the_time["round_id"].to_list()


def test_the_setting_hides_a_missing_reply_from_figures_line_strips_and_remarks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def replies(state: str) -> dict[str, Any]:
        return shown("country.profile", area=state).table.row(2, named=True)

    assert (replies("HTI")["shown"], replies("HTI")["of"]) == ("0", 1)
    assert any("Haiti (2021)" in text for text in shown("country.caveats", area="HTI").table["text"])
    monkeypatch.setenv("PANORAMA_HIDE_NOT_RECEIVED", "1")
    assert (replies("HTI")["shown"], replies("HTI")["of"]) == ("–", None)
    assert "not shown on this site" in replies("HTI")["what"]
    for state in ("HTI", "KNA"):
        strips_shown = shown("country.standing", area=state)
        assert "questionnaires_returned" not in strips_shown.table["indicator_id"].to_list()
        line = shown("country.timeline", area=state).table.filter(pl.col("lane") == "OAS questionnaires")
        assert not line.filter(pl.col("title").str.starts_with("Best practices questionnaire")).height
        assert not any("Haiti (2021)" in text for text in shown("country.caveats", area=state).table.to_series(-2))
        assert views.layout(Selection(area=state))
    for view_id in VIEW_IDS:
        view = shown(view_id, area="HTI")
        assert "not received by" not in view_csv(view) + " ".join(view.notes), view_id
        assert "Haiti (2021)" not in view_csv(view), view_id


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


BEHIND_STATES = ["KNA", "JAM", "BRA", "CUB", "USA", "HND"]
PERIODS: list[dict[str, Any]] = [{}, {"first_year": 2010, "last_year": 2012}]


def found_behind(view: View, key: str, row: dict[str, Any], selection: Selection) -> Listed | None:
    """What the page of records finds for a cell of a view's table, if the cell leads there."""
    column = next(column for column in view.columns if column.key == key)
    one = column.behind(row) if column.behind else None
    return listed(one, selection) if one else None


@pytest.mark.parametrize("years", PERIODS)
@pytest.mark.parametrize("state", BEHIND_STATES)
def test_key_figures_lead_to_exactly_the_records_that_they_count(state: str, years: dict[str, Any]) -> None:
    selection = Selection(area=state, **years)
    view = VIEWS["country.profile"](selection)
    programmes, events, replies, palermo = view.table.rows(named=True)
    for row in (programmes, events, replies):
        found = found_behind(view, "shown", row, selection)
        assert (found is None) == (row["shown"] in ("0", "–")), row
        assert found is None or str(int(found.figure)) == row["shown"], row
        if row["of"] is not None:
            assert (asked := found_behind(view, "of", row, selection))
            assert asked.figure == row["of"]
    own = found_behind(view, "shown", palermo, selection)
    assert own is None or [own.rows.height, own.rows["area_code"][0], str(own.rows["year"][0])] == [
        1,
        state,
        palermo["shown"],
    ]
    drawn = html(view)
    assert drawn.count('<dd><a href="/records?') == sum(
        row["shown"] not in ("0", "–") for row in view.table.rows(named=True)
    )


@pytest.mark.parametrize("years", PERIODS)
@pytest.mark.parametrize("state", BEHIND_STATES)
def test_values_among_the_states_lead_to_what_they_count(state: str, years: dict[str, Any]) -> None:
    for scheme in ("oas", "mercosur"):
        selection = Selection(area=state, scheme=scheme, **years)
        for view_id in ("country.standing", "country.context"):
            view = VIEWS[view_id](selection)
            for row in view.table.rows(named=True):
                own = found_behind(view, "value_code" if row["value_code"] else "value", row, selection)
                if row["is_derived"]:
                    assert (own.figure if own else 0) == row["value"], row["indicator_id"]
                else:
                    assert own, row
                    assert own.rows.select("value_code", "year").rows() == [(row["value_code"], row["year"])]
                    assert row["value_code"] or own.rows["value"].to_list() == [row["value"]]
                beside = found_behind(view, "group_median", row, selection)
                if beside and row["value_code"] is None:
                    assert beside.figure == row["group_states"], row
                    assert beside.rows["value"].median() == pytest.approx(
                        row["group_median"] or beside.rows["value"][0]
                    )
                if view_id == "country.standing":
                    every = found_behind(view, "states", row, selection)
                    assert every
                    assert every.figure == row["states"]
                    assert (every.rows["value"].min(), every.rows["value"].max()) == (row["lowest"], row["highest"])


@pytest.mark.parametrize("state", BEHIND_STATES)
def test_marks_and_rows_lead_to_the_one_record_they_stand_for(state: str) -> None:
    selection = Selection(area=state)
    for view_id, key in (("country.timeline", "when"), ("country.treaties", "said_status")):
        view = VIEWS[view_id](selection)
        for row in view.table.rows(named=True):
            found = found_behind(view, key, row, selection)
            assert (found is None) == (row.get("status") == "unknown")
            assert found is None or found.rows["source_id"].to_list() == [row["source_id"]], row
    line = VIEWS["country.timeline"](selection)
    assert isinstance(line.figure, go.Figure)
    links = [link for trace in line.figure.data for link in (trace.meta or {"links": []})["links"]]  # type: ignore[attr-defined]
    assert links
    assert all(link.startswith("/records?") for link in links)


def test_stated_numbers_lead_to_the_record_that_states_them() -> None:
    selection = Selection(area="HND")
    view = VIEWS["country.events"](selection)
    row = view.table.row(by_predicate=pl.col("event_id") == "EV042", named=True)
    people = found_behind(view, "officials", row, selection)
    assert people
    assert (people.figure, people.rows["record"].to_list()) == (121, ["EV042"])
    jamaica = Selection(area="JAM")
    answers = VIEWS["country.answers"](jamaica)
    for row in answers.table.filter(pl.col("value").is_not_null()).rows(named=True):
        found = found_behind(answers, "value", row, jamaica)
        assert found
        assert found.rows["value"].to_list() == [row["value"]]


@pytest.mark.parametrize("state", BEHIND_STATES)
def test_the_rows_of_a_subject_lead_to_those_very_rows(state: str) -> None:
    selection = Selection(area=state)
    view = VIEWS["country.missing"](selection)
    led = 0
    for row in view.table.rows(named=True):
        found = found_behind(view, "rows", row, selection)
        assert found is None or found.counts["records"] == row["rows"], row
        led += found is not None
    assert led == 7


def test_no_link_tells_whose_reply_was_not_received_where_names_are_kept_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANORAMA_HIDE_NOT_RECEIVED", "1")
    for state in ("HTI", "KNA"):
        selection = Selection(area=state)
        for view_id in VIEW_IDS:
            view = VIEWS[view_id](selection)
            leading = [column.behind for column in view.columns if column.behind]
            sets = {one.of for row in view.table.rows(named=True) for behind in leading if (one := behind(row))}
            assert "responses" not in sets, view_id
            drawn = view.figure.html if isinstance(view.figure, Markup) else str(view.figure)
            assert "of=responses" not in drawn, view_id
