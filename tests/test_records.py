"""The page of records behind a figure: what it lists, what it says of it, and what it does with a bad address."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

import dashboard.pages  # noqa: F401  (registers every view)
from dashboard import areas, db
from dashboard.choices import choices, read_address
from dashboard.components.show import foot
from dashboard.components.tables import table_html
from dashboard.exports.downloads import ROUTES
from dashboard.i18n import LANGUAGES, in_language
from dashboard.queries.records import asked, training
from dashboard.record_filters import COUNTINGS, OWN_CODES, RECORD_SETS, is_year, year_bounds
from dashboard.selection import _EVERYWHERE, Problem, Selection, address, to_parameters
from dashboard.views.behind import Behind, behind, behind_address
from dashboard.views.records import Listed, listed, record_sets
from dashboard.views.registry import VIEWS
from dashboard.views.view import View
from tests.asking import ask, awaited

PROJECT = Path(__file__).parent.parent
REGISTRY = PROJECT / "data" / "registry"
APP = PROJECT / "dashboard" / "app.py"
HOSTILE = ("'; drop table fct_training_event; --", "<script>alert(1)</script>", '" onmouseover="x', "=1+1", "%00")


@pytest.fixture(autouse=True)
def _reading_the_shipped_edition(shipped: Path) -> None:
    db.use_edition(shipped.stem)


def records(table: str) -> list[dict[str, str]]:
    with (REGISTRY / f"{table}.csv").open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def found(of: str, **where: object) -> Listed:
    return listed(behind(of, **where), Selection())


def shown(of: str, selection: Selection | None = None, **where: object) -> View:
    one = behind(of, **where)
    return VIEWS["records.rows"]((selection or Selection()).but(of=one.of, where=one.where))


def read(**parameters: str) -> tuple[Selection, list[Problem]]:
    return read_address(parameters, Selection())


# What is listed, against a recount from the files of the registry.


def test_events_are_those_of_the_registry() -> None:
    events = records("training_events")
    held = [row["event_id"] for row in events if row["status"] == "held"]
    assert sorted(found("events", status="held").rows["record"]) == sorted(held)
    took_part = {row["event_id"] for row in records("training_participation") if row["country"] == "KNA"}
    assert set(found("events", area="KNA").rows["record"]) <= took_part
    of_2010 = [row["event_id"] for row in events if row["start_date"].startswith("2010-")]
    assert set(of_2010) <= set(found("events", year=2010).rows["record"])


def test_people_stated_are_added_up_kind_by_kind() -> None:
    reported = [
        int(row["officials_trained"])
        for row in records("training_events")
        if row["officials_trained"] and row["number_basis"] == "reported"
    ]
    counted = found("officials", basis="reported")
    assert counted.counting == "people"
    assert (counted.figure, counted.counts["records"]) == (sum(reported), len(reported))
    assert counted.rows["people_here"].sum() == counted.figure
    parts = [found("officials", basis="reported", part=part).figure for part in ("own", "shared")]
    assert sum(parts) == counted.figure


def test_states_reached_are_counted_once() -> None:
    reached = found("reach")
    assert reached.figure == reached.rows["area_code"].n_unique() < reached.counts["records"]
    taking_part = set(areas.participating(areas.period_end(Selection())))
    assert set(found("reach", taking_part=True).rows["area_code"]) <= taking_part


def test_programmes_of_a_state_are_counted_once() -> None:
    own = [row for row in records("programme_deployments") if row["country"] == "KNA"]
    deployed = {
        row["programme_id"] for row in own if row["status"] not in ("interest_expressed", "announced", "planned")
    }
    assert found("deployments", area="KNA", status="deployed", counting="programmes").figure == len(deployed)
    assert found("deployments", area="KNA").figure == len(own)


def test_questionnaires_answers_and_treaties_are_those_of_the_registry() -> None:
    returned = [row for row in records("questionnaire_responses") if row["response_status"] == "returned"]
    assert found("responses", status="returned").figure == len(returned)
    of_round = [row for row in returned if row["round_id"] == "Q2012" and row["country"] == "KNA"]
    assert found("responses", status="returned", round="Q2012", area="KNA").figure == len(of_round)
    answers = [row for row in records("questionnaire_answers") if row["country"] == "KNA"]
    assert found("answers", area="KNA").figure == len(answers)
    parties = [row for row in records("treaty_actions") if row["status"] == "party" and row["country"] == "KNA"]
    assert found("treaty_actions", area="KNA", status="party").figure == len(parties)
    assert found("commitments", kind="mandate").figure == sum(
        row["kind"] == "mandate" for row in records("recommendations")
    )


def test_a_group_has_the_members_of_its_day() -> None:
    rows = found("authorities", area="OAS-CAR").rows
    assert set(rows["area_code"]) <= set(areas.members("oas", "OAS-CAR"))
    assert found("events", area=areas.HEMISPHERE).figure == found("events").figure


def test_records_without_a_single_year_stand_apart() -> None:
    undated = found("events", year="none")
    assert undated.rows["year"].is_null().all()
    dated = listed(behind("events"), Selection(first_year=1900, last_year=2100))
    assert dated.figure + undated.figure == found("events").figure


def test_the_period_of_the_reader_holds_unless_the_figure_has_its_own() -> None:
    period = Selection(first_year=2010, last_year=2011)
    own = listed(behind("events"), period)
    assert set(own.rows["year"]) <= {2010, 2011}
    assert listed(behind("events", year=2005), period).rows["year"].unique().to_list() == [2005]
    assert listed(behind("events", year="all"), period).figure == found("events").figure


# What the page says.


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("of", RECORD_SETS)
def test_every_set_and_every_filter_is_shown_in_every_language(of: str, lang: str) -> None:
    known = choices().records
    with in_language(lang):
        for name in RECORD_SETS[of]:
            codes = known[of, name][:2] or ("KNA",)
            code = {"area": "OAS-CAR", "year": "2005-2012", "begun": "2010", "ended": "2010"}.get(name, codes[0])
            where = {"indicator": "population", "area": "OAS-CAR"} if of == "observations" else {}
            view = shown(of, Selection(lang=lang), **{**where, name: code})
            assert view.title
            assert view.empty or view.takeaway
            if not view.empty:
                assert table_html(view, Selection(lang=lang)).count("<tr>") == min(view.table.height, 250) + 1


def test_the_page_says_how_many_records_and_what_they_add_up_to() -> None:
    whole = found("officials", basis="reported")
    said = shown("officials", basis="reported").takeaway
    assert f"{int(whole.figure):,} people" in said
    assert f"Records behind it: {int(whole.counts['records'])}." in said
    assert "reported afterwards" in said
    assert "2 records are behind the figure" in shown("events", area="KNA").takeaway
    assert "Saint Kitts and Nevis" in shown("events", area="KNA").takeaway


def test_each_row_names_its_document_which_leads_to_its_entry_among_the_sources() -> None:
    view = shown("events", area="KNA")
    html = table_html(view, Selection())
    for source_id in view.table["source_id"]:
        assert f"#{source_id}" in html
    assert {source.source_id for source in view.sources} >= set(view.table["source_id"])
    assert 'href="/sources?' in html


def test_a_figure_without_records_says_so() -> None:
    view = shown("events", area="KNA", year=1999)
    assert view.empty.startswith("No record is behind this figure.")
    assert "1999" in view.empty


def test_a_long_list_says_how_long_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "MOST", 5)
    monkeypatch.setattr("dashboard.views.records.MOST", 5)
    view = shown("events")
    total = len(records("training_events"))
    assert view.table.height == 5
    assert f"{total} records are behind the figure" in view.takeaway
    assert any(f"the first 5 of {total} records" in note for note in view.notes)


def test_names_that_are_kept_back_are_kept_back_here_too(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = [row for row in records("questionnaire_responses") if row["response_status"] == "not_received"]
    assert silent
    monkeypatch.setenv("PANORAMA_HIDE_NOT_RECEIVED", "1")
    kept_back = found("responses", status="not_received")
    assert kept_back.figure == len(silent)
    assert kept_back.rows["area_code"].is_null().all()
    assert kept_back.rows["record"].is_null().all()
    one = silent[0]
    assert found("responses", area=one["country"], status="not_received").figure == 0
    assert found("responses", record=one["response_id"]).figure == 0
    assert all(row["response_id"] not in table_html(shown("responses"), Selection()) for row in silent)
    assert any("not named" in note for note in shown("responses").notes)


def test_whoever_returned_a_round_of_which_every_reply_is_known_is_kept_back_with_the_others(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    silent = {row["round_id"] for row in records("questionnaire_responses") if row["response_status"] == "not_received"}
    whole = {row["round_id"] for row in records("questionnaire_rounds") if row["is_list_complete"] == "true"} & silent
    replies = [
        row
        for row in records("questionnaire_responses")
        if row["round_id"] in whole and row["response_status"] == "returned"
    ]
    assert replies
    monkeypatch.setenv("PANORAMA_HIDE_NOT_RECEIVED", "1")
    for round_id in whole:
        kept_back = found("responses", round=round_id, status="returned")
        assert kept_back.figure == sum(row["round_id"] == round_id for row in replies)
        assert kept_back.rows["area_code"].is_null().all()
    for row in replies:
        assert found("responses", area=row["country"], round=row["round_id"], status="returned").figure == 0
        assert found("responses", record=row["response_id"]).figure == 0


def test_the_records_can_be_taken_away_with_their_sources() -> None:
    one = behind("officials", basis="reported")
    query = urlencode(to_parameters(Selection(of=one.of, where=one.where)))
    app = Starlette(routes=ROUTES)
    status, _headers, body = awaited(ask(app, f"/view/records.rows.csv?{query}"))
    assert status == 200
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    listed_rows = rows[: int(found("officials", basis="reported").counts["records"])]
    assert sum(int(row["People counted here"]) for row in listed_rows) == found("officials", basis="reported").figure
    assert all(row["Address"] or row["Title"] for row in listed_rows)
    status, _headers, body = awaited(ask(app, f"/view/records.rows.xlsx?{query}"))
    assert (status, body[:2]) == (200, b"PK")
    status, _headers, body = awaited(ask(app, "/view/records.rows.csv?of=events&area=Atlantis&lang=en"))
    assert status == 400
    assert b"Atlantis" in body


def test_the_menu_offers_the_records_that_are_shown() -> None:
    one = behind("events", area="KNA", status="held")
    selection = Selection(of=one.of, where=one.where)
    html = foot(VIEWS["records.rows"](selection), selection, "records")
    assert (
        "/view/records.rows.xlsx?lang=en&amp;scheme=oas&amp;period=all&amp;of=events&amp;area=KNA&amp;status=held"
        in html
    )


# Addresses, good and bad.


@pytest.mark.parametrize("of", RECORD_SETS)
def test_an_address_gives_back_the_records_it_was_made_for(of: str) -> None:
    known = choices().records
    for name in RECORD_SETS[of]:
        for code in known[of, name][:3]:
            one = behind(of, **{name: code})
            selection, problems = read(**to_parameters(Selection(of=one.of, where=one.where)))
            assert problems == []
            assert Behind(selection.of, selection.where) == one


def test_no_filter_is_called_as_something_chosen_on_every_page() -> None:
    names = {name for filters in RECORD_SETS.values() for name in filters}
    assert names & {*_EVERYWHERE, "of", "embed", "embed_options"} == set()
    assert COUNTINGS.keys() == RECORD_SETS.keys()
    assert OWN_CODES.keys() <= names


def test_a_person_may_name_a_state_or_group_in_words() -> None:
    selection, problems = read(of="events", area="Saint Kitts and Nevis")
    assert (dict(selection.where), problems) == ({"area": "KNA"}, [])
    selection, problems = read(of="events", area="KNA,BRA", status="held")
    assert (dict(selection.where), problems) == ({"area": "KNA,BRA", "status": "held"}, [])


@pytest.mark.parametrize(
    ("parameters", "parameter", "nearest"),
    [
        ({"of": "event"}, "of", "events"),
        ({"of": "events", "area": "Brasill"}, "area", "BRA"),
        ({"of": "events", "status": "hold"}, "status", "held"),
        ({"of": "events", "staus": "held"}, "filter", "status"),
        ({"of": "observations", "indicator": "populaton"}, "indicator", "population"),
        ({"of": "events", "year": "2030-2020"}, "year", None),
        ({"of": "events", "counting": "sheep"}, "counting", ""),
    ],
)
def test_what_an_address_does_not_know_is_told_with_the_nearest(
    parameters: dict[str, str], parameter: str, nearest: str | None
) -> None:
    _selection, problems = read(**parameters)
    assert [problem.parameter for problem in problems] == [parameter]
    assert nearest is None or problems[0].nearest == nearest


def test_an_unknown_value_lists_nothing_in_its_place() -> None:
    selection, _problems = read(of="events", area="Atlantis")
    assert VIEWS["records.rows"](selection).empty
    selection, _problems = read(of="events", year="20x0")
    assert VIEWS["records.rows"](selection).empty


def hostile_addresses() -> Iterator[tuple[str, str, str]]:
    for of, filters in RECORD_SETS.items():
        for name in filters:
            for text in HOSTILE[:2]:
                yield of, name, text


def test_hostile_values_are_literal_everywhere() -> None:
    before = db.fetch("select count(*) as n from fct_training_event")["n"][0]
    for of, name, text in hostile_addresses():
        where = {"indicator": "population"} if of == "observations" and name != "indicator" else {}
        selection, problems = read(**{**where, "of": of, name: text})
        assert name == "record" or [problem.value for problem in problems] == [text[:80]]
        view = VIEWS["records.rows"](selection)
        assert view.table.height == 0, (of, name)
        assert "<script>" not in foot(view, selection, "records")
    assert db.fetch("select count(*) as n from fct_training_event")["n"][0] == before


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_name_of_a_filter_or_set_is_told(text: str) -> None:
    _selection, problems = read(of=text)
    assert [problem.parameter for problem in problems] == ["of"]
    selection, problems = read(of="events", **{text: "held"})
    assert [problem.parameter for problem in problems] == ["filter"]
    assert selection.where == ()


def test_years_are_read_strictly() -> None:
    assert [year_bounds(text) for text in ("2010", "2005-2010", "2005-", "-2010")] == [
        (2010, 2010), (2005, 2010), (2005, 2100), (1800, 2010),
    ]  # fmt: skip
    for text in ("", "-", "20x0", "0000", "2010-2005", "99999", "2010-2011-2012", "²⁰¹⁰", "1799"):
        assert not is_year(text)


def test_a_programming_error_in_a_filter_is_found_at_once() -> None:
    with pytest.raises(ValueError, match="colour"):
        behind("events", colour="red")
    assert behind("events", area=None, status="", host=()).where == ()
    assert behind("events", women=True, status=("held", "planned")).where == (
        ("status", "held,planned"),
        ("women", "yes"),
    )


def test_a_link_keeps_language_scheme_edition_and_period() -> None:
    selection = Selection(lang="pt", scheme="sica", first_year=2005, last_year=2010, edition="20260101T000000Z")
    link = behind_address(behind("events", area="KNA"), selection)
    assert link == "/records?lang=pt&scheme=sica&period=2005-2010&of=events&edition=20260101T000000Z&area=KNA"
    assert address("country", selection.but(of="events", where=(("area", "BRA"),), area="KNA")).count("area=KNA") == 1


def test_language_and_period_change_on_the_page_and_the_records_asked_for_stay() -> None:
    session = AppTest.from_file(str(APP), default_timeout=60)
    session.query_params = {"lang": "en", "of": "events", "area": "KNA", "status": "held"}
    session.run()
    session.query_params = {"lang": "en", "of": "events", "area": "KNA", "status": "held"}
    session.switch_page("app_pages/records.py").run()
    session.selectbox(key="language_choice").select("es").run()
    said = {name: value[0] if isinstance(value, list) else value for name, value in session.query_params.items()}
    assert {"lang": "es", "of": "events", "area": "KNA", "status": "held"}.items() <= said.items()
    assert "Saint Kitts y Nevis" in "".join(str(element.value) for element in session.html)
    assert [error.value for error in session.exception] == []


def test_every_set_has_a_list_of_all_its_records() -> None:
    for _name, link in record_sets(Selection()):
        parameters = dict(part.split("=") for part in link.partition("?")[2].split("&"))
        selection, problems = read(**parameters)
        assert problems == []
        assert not VIEWS["records.rows"](selection).empty


def test_events_of_the_query_are_each_listed_once() -> None:
    rows = training.events(asked.Asked("events", asked.codes_of("events", {})))
    assert rows["record"].is_unique().all()
