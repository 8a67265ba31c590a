"""Every counting rule on a world of four states, small enough to check by eye."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

import dataframely as dy
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipelines import schemas
from pipelines.derive import ORDER, derive
from pipelines.errors import PromisesBroken
from pipelines.registry.programme_deployments import last_year_counted

AS_OF = datetime.date(2020, 6, 30)
# OAS-SOU is Brazil and Chile, OAS-CAR Jamaica and Cuba; Chile joins MERCOSUR in the middle of 2010.
STATES = ("BRA", "CHL", "JAM", "CUB")
GROUPS = {"OAS-SOU": ("BRA", "CHL"), "OAS-CAR": ("JAM", "CUB")}
HEMISPHERE = "019"
OPEN = {
    **dict.fromkeys(("indicator_id", "area_code", "value_code", "obs_status", "source_id", "note"), pl.String),
    "year": pl.Int32,
    "value": pl.Float64,
}


def rows(contract: type[dy.Schema], records: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """A table of the contract's columns from records that give only what matters."""
    return pl.DataFrame(list(records), schema=contract.create_empty().schema)


def day(text: str | None) -> datetime.date | None:
    return None if text is None else datetime.date.fromisoformat(text)


def world(**given: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """All tables of an edition: the areas of this file, otherwise empty, with the given ones put in their place."""
    areas = [
        *({"area_code": code, "area_type": "country"} for code in STATES),
        *({"area_code": code, "area_type": "subregion", "scheme_id": "oas"} for code in GROUPS),
        {"area_code": "MERCOSUR", "area_type": "bloc", "scheme_id": "mercosur"},
        {"area_code": HEMISPHERE, "area_type": "hemisphere"},
    ]
    memberships = [
        *(
            {"scheme_id": "oas", "group_code": group, "area_code": state}
            for group, states in GROUPS.items()
            for state in states
        ),
        {"scheme_id": "mercosur", "group_code": "MERCOSUR", "area_code": "BRA"},
        {"scheme_id": "mercosur", "group_code": "MERCOSUR", "area_code": "CHL", "from_on": day("2010-07-01")},
    ]
    participation = [
        {"area_code": "BRA", "from_on": day("2000-01-01"), "is_counted": True},
        {"area_code": "CHL", "from_on": day("2000-01-01"), "is_counted": True},
        {"area_code": "JAM", "from_on": day("2000-01-01"), "to_on": day("2015-05-31"), "is_counted": True},
        {"area_code": "JAM", "from_on": day("2015-06-01"), "is_counted": False},
        {"area_code": "CUB", "from_on": day("2000-01-01"), "is_counted": False},
    ]
    return {
        **{name: contract.create_empty() for name, contract in schemas.TABLES.items()},
        "dim_area": rows(schemas.Area, areas),
        "area_membership": rows(schemas.Membership, memberships),
        "oas_participation": rows(schemas.Participation, participation),
        "open_observations": pl.DataFrame(schema=OPEN),
        **given,
    }


def dated(year: int | None, date_group: str | None = None) -> dict[str, Any]:
    return {"year": year, "date_group": date_group or ("undated" if year is None else "dated")}


def event(event_id: str, status: str = "held", year: int | None = 2010, **more: Any) -> dict[str, Any]:
    return {"event_id": event_id, "status": status, **dated(year), **more}


def training(
    events: Iterable[Mapping[str, Any]],
    participants: Mapping[str, Iterable[str]],
    *,
    hosts: Mapping[str, str] | None = None,
    own_numbers: Mapping[tuple[str, str], int] | None = None,
    audiences: Mapping[str, Iterable[str]] | None = None,
) -> dict[str, pl.DataFrame]:
    """The tables of training events and who took part in them."""
    numbers = own_numbers or {}
    took_part = [
        {
            "event_id": event_id,
            "area_code": state,
            "role": "participant",
            "officials_stated": numbers.get((event_id, state)),
        }
        for event_id, states in participants.items()
        for state in states
    ]
    hosted = [{"event_id": event_id, "area_code": state, "role": "host"} for event_id, state in (hosts or {}).items()]
    named = [
        {"event_id": event_id, "audience": group, "audience_group": group}
        for event_id, groups in (audiences or {}).items()
        for group in groups
    ]
    return {
        "fct_training_event": rows(schemas.TrainingEvent, events),
        "fct_training_participation": rows(schemas.TrainingParticipation, [*took_part, *hosted]),
        "training_audience": rows(schemas.TrainingAudience, named),
    }


def programme(programme_id: str, activity_type: str = "training", pillar: str = "prevention") -> dict[str, Any]:
    return {"programme_id": programme_id, "activity_type": activity_type, "pillar": pillar}


def deployments(
    programmes: Iterable[Mapping[str, Any]], records: Iterable[Mapping[str, Any]]
) -> dict[str, pl.DataFrame]:
    """The tables of programmes and where they are."""
    numbered = [{"deployment_id": f"D{number}", **record} for number, record in enumerate(records)]
    return {
        "dim_programme": rows(schemas.Programme, programmes),
        "fct_deployment": rows(schemas.Deployment, numbered).with_columns(last_year_counted()),
    }


def deployment(
    programme_id: str, area_code: str | None, status: str, year: int | None = None, **more: Any
) -> dict[str, Any]:
    return {"programme_id": programme_id, "area_code": area_code, "status": status, **dated(year), **more}


def questionnaires(
    rounds: Iterable[Mapping[str, Any]], responses: Iterable[tuple[str, str, str]]
) -> dict[str, pl.DataFrame]:
    """The tables of rounds and of responses (round, state, status)."""
    usual = {"form_family": "oas", "series_code": "RTP", "respondent_kind": "states", "is_responders_named": True}
    answered = [
        {"response_id": f"R{number}", "round_id": round_id, "area_code": state, "response_status": status}
        for number, (round_id, state, status) in enumerate(responses)
    ]
    return {
        "dim_questionnaire_round": rows(
            schemas.QuestionnaireRound, [{**usual, "is_list_complete": False, **one} for one in rounds]
        ),
        "fct_response": rows(schemas.Response, answered),
    }


def treaties(actions: Iterable[tuple[str, str, str, int | None]]) -> dict[str, pl.DataFrame]:
    """The tables of two instruments, of 1990 and of 2000, and of standings (state, instrument, status, year)."""
    instruments = [{"treaty_id": "OLD", "adopted_year": 1990}, {"treaty_id": "NEW", "adopted_year": 2000}]
    standings = [
        {"area_code": state, "treaty_id": treaty, "status": status, "year": year}
        for state, treaty, status, year in actions
    ]
    return {
        "dim_treaty": rows(schemas.Treaty, instruments),
        "fct_treaty_action": rows(schemas.TreatyAction, standings),
    }


def open_values(values: Iterable[tuple[str, str, int, float]], least_coverage: float | None = 0.5) -> dict[str, Any]:
    """Open values (indicator, state, year, value); all may be added but ``score``."""
    indicators = [
        {
            "indicator_id": indicator,
            "is_derived": False,
            "aggregation": "none" if indicator == "score" else "sum",
            "least_coverage": least_coverage,
        }
        for indicator in ("population", "refugees", "score")
    ]
    observations = [
        {
            "indicator_id": indicator,
            "area_code": state,
            "year": year,
            "value": value,
            "obs_status": "A",
            "source_id": f"publisher_of_{indicator}",
        }
        for indicator, state, year, value in values
    ]
    return {
        "dim_indicator": rows(schemas.Indicator, indicators),
        "open_observations": pl.DataFrame(observations, schema=OPEN),
    }


def cells(tables: Mapping[str, pl.DataFrame], indicator_id: str, category: str = "_T") -> dict[tuple[str, str], Any]:
    """Value, or status and note where there is none, by area and period."""
    chosen = derive(tables, AS_OF).filter(indicator_id=indicator_id, category=category)
    return {
        (row["area_code"], row["period"]): (row["obs_status"], row["note"]) if row["value"] is None else row["value"]
        for row in chosen.iter_rows(named=True)
    }


def one(tables: Mapping[str, pl.DataFrame], indicator_id: str, area: str, period: str, category: str = "_T") -> Any:
    """The one row of a cell."""
    found = derive(tables, AS_OF).filter(indicator_id=indicator_id, area_code=area, period=period, category=category)
    return found.row(0, named=True) if len(found) == 1 else pytest.fail(f"{len(found)} rows")


# 1. Count once


def test_an_event_of_three_states_counts_once_for_each_and_once_in_each_total() -> None:
    held = cells(world(**training([event("E1")], {"E1": ["BRA", "CHL", "JAM"]})), "training_events", "held")
    assert {area: held[area, "2010"] for area in (*STATES[:3], "OAS-SOU", "OAS-CAR", HEMISPHERE)} == {
        "BRA": 1.0,
        "CHL": 1.0,
        "JAM": 1.0,
        "OAS-SOU": 1.0,
        "OAS-CAR": 1.0,
        HEMISPHERE: 1.0,
    }


def test_hosting_is_not_taking_part() -> None:
    tables = world(**training([event("E1")], {"E1": ["CHL"]}, hosts={"E1": "BRA"}))
    held = cells(tables, "training_events", "held")
    assert (held["BRA", "all_time"], held["CHL", "all_time"]) == (0.0, 1.0)


def test_an_event_without_a_list_of_participants_counts_in_the_hemisphere_only() -> None:
    held = cells(world(**training([event("E1")], {}, hosts={"E1": "BRA"})), "training_events", "held")
    assert held[HEMISPHERE, "all_time"] == 1.0
    assert held["OAS-SOU", "all_time"] == 0.0


def test_held_announced_and_planned_events_have_no_total() -> None:
    events = [event("E1"), event("E2", "announced"), event("E3", "planned")]
    tables = world(**training(events, {"E1": ["BRA"], "E2": ["BRA"], "E3": ["BRA"]}))
    categories = derive(tables, AS_OF).filter(indicator_id="training_events")["category"].unique().sort().to_list()
    assert categories == ["announced", "held", "planned"]


def test_an_event_counts_once_under_each_audience_group_it_names() -> None:
    tables = world(
        **training([event("E1"), event("E2")], {"E1": ["BRA"], "E2": ["BRA"]}, audiences={"E1": ["justice", "border"]})
    )
    by_audience = {group: cells(tables, "events_by_audience", f"held.{group}") for group in ("justice", "border")}
    assert by_audience["justice"][HEMISPHERE, "2010"] == by_audience["border"][HEMISPHERE, "2010"] == 1.0
    assert cells(tables, "events_by_audience", "held.not_stated")["BRA", "2010"] == 1.0


# 2. Never split a total


def officials_event(event_id: str, number: int, basis: str = "reported", **more: Any) -> dict[str, Any]:
    return event(event_id, officials_stated=number, number_basis=basis, **more)


def test_a_number_of_several_countries_belongs_to_none_of_them() -> None:
    tables = world(**training([officials_event("E1", 30)], {"E1": ["BRA", "CHL"]}))
    reported = cells(tables, "officials_trained", "reported")
    assert reported["BRA", "2010"] == reported["CHL", "2010"] == ("O", "not_attributable")
    assert (reported["OAS-SOU", "2010"], reported[HEMISPHERE, "2010"]) == (30.0, 30.0)
    assert cells(tables, "officials_not_attributable", "reported")[HEMISPHERE, "2010"] == 30.0


def test_a_number_that_reaches_beyond_a_group_is_not_the_groups() -> None:
    tables = world(**training([officials_event("E1", 30)], {"E1": ["BRA", "JAM"]}))
    reported = cells(tables, "officials_trained", "reported")
    assert reported["OAS-SOU", "2010"] == reported["OAS-CAR", "2010"] == ("O", "not_attributable")
    assert reported[HEMISPHERE, "2010"] == 30.0
    assert cells(tables, "officials_not_attributable", "reported")["OAS-CAR", "2010"] == 30.0


def test_a_number_of_one_country_is_its_own_and_leaves_nothing_unattributed() -> None:
    event_of_one = officials_event("E1", 30, attributable_area_code="JAM")
    tables = world(**training([event_of_one], {"E1": ["JAM"]}))
    reported = cells(tables, "officials_trained", "reported")
    assert {area: reported[area, "2010"] for area in ("JAM", "OAS-CAR", HEMISPHERE)} == dict.fromkeys(
        ("JAM", "OAS-CAR", HEMISPHERE), 30.0
    )
    assert cells(tables, "officials_not_attributable", "reported")[HEMISPHERE, "2010"] == 0.0


def test_a_number_a_source_gives_for_a_state_is_its_own_and_the_rest_stays_unattributed() -> None:
    tables = world(**training([officials_event("E1", 30)], {"E1": ["BRA", "JAM"]}, own_numbers={("E1", "BRA"): 12}))
    reported = cells(tables, "officials_trained", "reported")
    assert (reported["BRA", "2010"], reported["OAS-SOU", "2010"]) == (12.0, 12.0)
    assert reported["JAM", "2010"][0] == "O"
    assert cells(tables, "officials_not_attributable", "reported")[HEMISPHERE, "2010"] == 18.0


def test_states_cannot_be_given_more_than_their_event() -> None:
    tables = world(**training([officials_event("E1", 30)], {"E1": ["BRA", "CHL"]}, own_numbers={("E1", "BRA"): 31}))
    with pytest.raises(PromisesBroken, match="E1 are given 31 officials, the event itself states 30"):
        derive(tables, AS_OF)


def test_a_number_for_several_audiences_is_not_divided() -> None:
    events = [
        officials_event("E1", 30, attributable_area_code="BRA"),
        officials_event("E2", 5, attributable_area_code="BRA"),
    ]
    audiences = {"E1": ["justice", "border"], "E2": ["justice"]}
    tables = world(**training(events, {"E1": ["BRA"], "E2": ["BRA"]}, audiences=audiences))
    assert cells(tables, "officials_by_audience", "reported.several")["BRA", "2010"] == 30.0
    assert cells(tables, "officials_by_audience", "reported.justice")[HEMISPHERE, "2010"] == 5.0
    assert ("BRA", "2010") not in cells(tables, "officials_by_audience", "reported.border")


# 3. What kind of number it is


def test_kinds_of_number_are_never_added() -> None:
    events = [
        officials_event("E1", 30, attributable_area_code="BRA"),
        officials_event("E2", 40, "announced_minimum", attributable_area_code="BRA"),
    ]
    tables = world(**training(events, {"E1": ["BRA"], "E2": ["BRA"]}))
    values = {
        basis: cells(tables, "officials_trained", basis)[HEMISPHERE, "all_time"]
        for basis in ("reported", "announced", "announced_minimum", "announced_approx")
    }
    assert values == {
        "reported": 30.0,
        "announced": ("O", "number_not_stated"),
        "announced_minimum": 40.0,
        "announced_approx": ("O", "number_not_stated"),
    }
    assert cells(tables, "officials_trained") == {}
    assert cells(tables, "events_with_number", "announced_minimum")[HEMISPHERE, "all_time"] == 1.0


def test_numbers_with_civil_society_are_a_part_of_the_officials_not_more() -> None:
    events = [
        officials_event("E1", 30, attributable_area_code="BRA", count_scope="officials_and_civil_society"),
        officials_event("E2", 5, attributable_area_code="BRA", count_scope="officials"),
    ]
    tables = world(**training(events, {"E1": ["BRA"], "E2": ["BRA"]}))
    assert cells(tables, "officials_trained", "reported")["BRA", "2010"] == 35.0
    assert cells(tables, "officials_trained_with_civil_society", "reported")["BRA", "2010"] == 30.0


def test_a_number_nobody_can_claim_says_nothing_about_civil_society() -> None:
    tables = world(**training([officials_event("E1", 30, count_scope="officials")], {"E1": ["BRA", "CHL"]}))
    with_civil_society = cells(tables, "officials_trained_with_civil_society", "reported")
    assert (with_civil_society["BRA", "2010"][0], with_civil_society[HEMISPHERE, "2010"]) == ("O", 0.0)


def test_a_statement_is_no_observation() -> None:
    statement = {"statement_id": "S1", "qualifier": "more_than", "value": 1000.0, "mark_year": 2012}
    events = training([event("E1")], {"E1": ["BRA"]})
    with_statement = world(**events, training_statement=rows(schemas.TrainingStatement, [statement]))
    assert_frame_equal(derive(with_statement, AS_OF), derive(world(**events), AS_OF))


# 4. Held is not planned


def test_only_held_events_and_implemented_training_reach_a_state() -> None:
    tables = world(
        **training([event("E1"), event("E2", "announced"), event("E3", "planned")], {"E1": ["BRA"], "E2": ["CHL"]}),
        **deployments(
            [programme("P1"), programme("P2", "study")],
            [deployment("P1", "CHL", "planned", 2010), deployment("P2", "CHL", "implemented", 2010)],
        ),
    )
    reached = cells(tables, "states_reached")
    assert (reached["BRA", "2010"], reached["CHL", "2010"], reached["CHL", "all_time"]) == (1.0, 0.0, 0.0)


@pytest.mark.parametrize("status", ["implemented", "replicated", "follow_up_requested", "audited"])
def test_a_status_that_presupposes_training_reaches_the_state(status: str) -> None:
    tables = world(**deployments([programme("P1")], [deployment("P1", "BRA", status, 2010)]))
    assert cells(tables, "states_reached")["BRA", "2010"] == 1.0


@pytest.mark.parametrize("status", ["interest_expressed", "announced", "planned", "in_progress"])
def test_any_other_status_does_not(status: str) -> None:
    tables = world(
        **training([event("E1")], {"E1": ["CHL"]}),
        **deployments([programme("P1")], [deployment("P1", "BRA", status, 2010)]),
    )
    assert cells(tables, "states_reached")["BRA", "all_time"] == 0.0


# 5. Five kinds of empty


def test_zero_is_none_on_record_of_a_participating_state_and_empty_for_another() -> None:
    held = cells(world(**training([event("E1")], {"E1": ["BRA"]})), "training_events", "held")
    assert held["CHL", "2010"] == 0.0
    assert held["CUB", "2010"] == held["CUB", "all_time"] == ("M", "not_participating")


def test_a_state_outside_the_oas_keeps_what_is_on_record() -> None:
    tables = world(**training([event("E1")], {"E1": ["CUB"]}))
    assert cells(tables, "training_events", "held")["CUB", "2010"] == 1.0
    assert cells(tables, "training_events", "planned")["CUB", "2010"] == 0.0


def test_a_state_that_left_has_known_zeros_for_all_years_but_none_afterwards() -> None:
    events = [event("E1", year=2012), event("E2", year=2018)]
    held = cells(world(**training(events, {"E1": ["BRA"], "E2": ["BRA"]})), "training_events", "held")
    assert (held["JAM", "2014"], held["JAM", "2016"]) == (0.0, ("M", "not_participating"))
    assert held["JAM", "all_time"] == 0.0


def test_officials_are_zero_without_events_and_not_reported_where_no_number_is_stated() -> None:
    tables = world(**training([event("E1"), event("E2", year=2012)], {"E1": ["BRA"], "E2": ["CHL"]}))
    reported = cells(tables, "officials_trained", "reported")
    assert reported["BRA", "2010"] == ("O", "number_not_stated")
    assert reported["BRA", "2012"] == 0.0


def test_a_year_without_a_row_for_a_category_is_still_there_as_zero() -> None:
    events = [event("E1", year=2009), event("E2", year=2012)]
    held = cells(world(**training(events, {"E1": ["BRA"], "E2": ["BRA"]})), "training_events", "held")
    assert [held["BRA", str(year)] for year in range(2009, 2013)] == [1.0, 0.0, 0.0, 1.0]


# 6. Undated is not dropped


def test_undated_rows_and_spans_stand_apart_and_count_for_all_years() -> None:
    events = [event("E1"), event("E2", year=None), event("E3", year=None, date_group="span", first_year=2010)]
    held = cells(world(**training(events, {"E1": ["BRA"], "E2": ["BRA"], "E3": ["BRA"]})), "training_events", "held")
    assert (held["BRA", "2010"], held["BRA", "undated"], held["BRA", "all_time"]) == (1.0, 2.0, 3.0)


def test_last_training_year_says_when_a_date_is_not_stated() -> None:
    events = [event("E1", year=2012), event("E2", year=2010), event("E3", year=None)]
    tables = world(**training(events, {"E1": ["BRA"], "E2": ["BRA"], "E3": ["BRA", "CHL"]}))
    last = one(tables, "last_training_year", "BRA", "all_time")
    assert (last["value"], last["note"]) == (2012.0, "later_undated")
    assert one(tables, "years_since_last_training", "BRA", "all_time")["value"] == 8.0
    others = cells(tables, "last_training_year")
    assert others["CHL", "all_time"] == ("O", "date_not_stated")
    assert others["JAM", "all_time"] == ("O", "none_on_record")
    assert others["CUB", "all_time"] == ("M", "not_participating")


# 7. Dated denominators


def test_coverage_counts_the_states_that_took_part_at_the_end_of_the_year() -> None:
    events = [event("E1", year=2014), event("E2", year=2016)]
    tables = world(**training(events, {"E1": ["BRA", "JAM", "CUB"], "E2": ["BRA", "JAM"]}))
    of_2014, of_2016 = (one(tables, "countries_covered", HEMISPHERE, year) for year in ("2014", "2016"))
    assert (of_2014["numerator"], of_2014["denominator"]) == (2.0, 3.0)
    assert (of_2016["numerator"], of_2016["denominator"]) == (1.0, 2.0)
    assert one(tables, "countries_covered_share", HEMISPHERE, "2014")["value"] == pytest.approx(2 / 3)


def test_a_group_without_participating_states_has_no_share() -> None:
    events = [event("E1", year=2014), event("E2", year=2016)]
    tables = world(**training(events, {"E1": ["JAM"], "E2": ["JAM"]}))
    assert cells(tables, "countries_covered_share")["OAS-CAR", "2016"] == ("M", "not_participating")


def test_the_running_total_uses_dated_rows_and_shows_the_undated_apart() -> None:
    events = [event("E1", year=2010), event("E2", year=2012), event("E3", year=None)]
    tables = world(**training(events, {"E1": ["BRA"], "E2": ["BRA", "CHL"], "E3": ["BRA", "JAM"]}))
    running = cells(tables, "countries_covered_cumulative")
    assert [running[HEMISPHERE, year] for year in ("2010", "2011", "2012")] == [1.0, 1.0, 2.0]
    # Jamaica no longer takes part on the day of the edition, and nobody else of its group does.
    assert (running[HEMISPHERE, "undated"], running["OAS-CAR", "undated"]) == (0.0, ("M", "not_participating"))
    assert cells(tables, "countries_covered")[HEMISPHERE, "undated"] == 1.0


def test_participating_states_follow_the_intervals() -> None:
    states = cells(world(), "participating_states")
    assert [states[HEMISPHERE, period] for period in ("2014", "2015", "all_time")] == [3.0, 2.0, 2.0]
    assert (states["JAM", "2014"], states["JAM", "2015"], states["CUB", "2014"]) == (1.0, 0.0, 0.0)
    assert one(world(), "participating_states", "OAS-CAR", "2014")["denominator"] == 2.0


def test_a_bloc_has_the_members_it_had_at_the_end_of_the_year() -> None:
    events = [event("E1", year=2009), event("E2", year=2010)]
    held = cells(world(**training(events, {"E1": ["CHL"], "E2": ["CHL"]})), "training_events", "held")
    assert (held["MERCOSUR", "2009"], held["MERCOSUR", "2010"]) == (0.0, 1.0)


# Officials over population


def test_officials_are_set_against_the_population_of_the_same_year_only() -> None:
    events = [
        officials_event("E1", 30, attributable_area_code="BRA"),
        officials_event("E2", 20, attributable_area_code="BRA", year=2012),
        officials_event("E3", 50, attributable_area_code="CHL"),
        officials_event("E4", 9, attributable_area_code="JAM", year=None),
    ]
    tables = world(
        **training(events, {"E1": ["BRA"], "E2": ["BRA"], "E3": ["CHL"], "E4": ["JAM"]}),
        **open_values(
            [("population", "BRA", 2010, 1e6), ("population", "BRA", 2012, 2e6), ("population", "CHL", 2011, 5e5)]
        ),
    )
    rates = cells(tables, "officials_per_100000", "reported")
    assert (rates["BRA", "2010"], rates["BRA", "2012"]) == (3.0, 1.0)
    assert rates["BRA", "all_time"] == 2.5  # 50 officials over the population of 2012
    assert rates["CHL", "2010"] == ("O", "population_missing")
    assert rates["JAM", "all_time"] == ("O", "date_not_stated")
    assert (HEMISPHERE, "2010") not in rates


# Programmes


def test_a_programme_counts_once_in_an_area() -> None:
    records = [deployment("P1", state, "implemented", 2010) for state in ("BRA", "CHL", "JAM")]
    tables = world(**deployments([programme("P1")], [*records, deployment("P1", "BRA", "audited", 2010)]))
    deployed = cells(tables, "programmes_deployed")
    assert [deployed[area, "2010"] for area in ("BRA", "OAS-SOU", HEMISPHERE)] == [1.0, 1.0, 1.0]
    assert cells(tables, "programmes_by_status", "audited")["CHL", "2010"] == 0.0


def test_a_programme_without_a_country_is_the_hemispheres() -> None:
    tables = world(**deployments([programme("P1", pillar="protection")], [deployment("P1", None, "implemented")]))
    deployed = cells(tables, "programmes_deployed")
    assert (deployed[HEMISPHERE, "undated"], deployed["BRA", "undated"]) == (1.0, 0.0)
    assert cells(tables, "programmes_by_pillar", "protection")[HEMISPHERE, "all_time"] == 1.0


def test_a_known_start_and_end_cover_the_years_between_and_bare_years_do_not() -> None:
    exact = {"start_on": day("2010-11-01"), "start_precision": "month", "end_on": day("2012-02-01")}
    tables = world(
        **deployments(
            [programme("P1"), programme("P2"), programme("P3")],
            [
                deployment("P1", "BRA", "implemented", 2010, **exact),
                deployment("P2", "BRA", "in_progress", 2010),
                deployment("P3", "BRA", "implemented", date_group="span", first_year=2010, last_year=2012),
            ],
        )
    )
    deployed, active = cells(tables, "programmes_deployed"), cells(tables, "programmes_active")
    assert [deployed["BRA", period] for period in ("2010", "2011", "2012", "undated", "all_time")] == [2, 1, 1, 1, 3]
    assert [active["BRA", period] for period in ("2010", "2011", "undated")] == [2, 1, 1]
    assert ("BRA", "all_time") not in active


def test_a_start_known_to_the_year_alone_is_not_stretched_to_the_end() -> None:
    only_year = {"start_on": day("2010-01-01"), "start_precision": "year", "end_on": day("2012-12-31")}
    no_start = {"end_on": day("2012-12-31"), "end_precision": "day"}
    tables = world(
        **deployments(
            [programme("P1"), programme("P2")],
            [
                deployment("P1", "BRA", "implemented", 2010, **only_year),
                deployment("P2", "CHL", "implemented", 2010, **no_start),
            ],
        )
    )
    assert cells(tables, "programmes_deployed")[HEMISPHERE, "2010"] == 2
    assert (HEMISPHERE, "2011") not in cells(tables, "programmes_deployed")


def test_an_announced_programme_counts_until_it_is_deployed_in_the_area() -> None:
    tables = world(
        **deployments(
            [programme("P1")],
            [
                deployment("P1", "BRA", "planned", 2010),
                deployment("P1", "CHL", "planned", 2010),
                deployment("P1", "CHL", "implemented"),
            ],
        )
    )
    announced = cells(tables, "programmes_announced")
    assert (announced["BRA", "all_time"], announced["CHL", "2010"], announced["OAS-SOU", "all_time"]) == (1, 0, 0)


# 13. Whose form it was, and what a missing return means


COMPLETE = {"round_id": "Q", "year": 2012, "is_list_complete": True, "responses_stated": 1}
ANSWERS = [("Q", "BRA", "returned"), ("Q", "CHL", "not_received"), ("Q", "CUB", "not_asked")]


def test_a_round_tells_returned_not_received_not_asked_and_not_stated_apart() -> None:
    returns = cells(world(**questionnaires([COMPLETE], ANSWERS)), "questionnaire_returns", "Q")
    assert {state: returns[state, "2012"] for state in STATES} == {
        "BRA": 1.0,
        "CHL": 0.0,
        "JAM": ("O", "not_stated"),
        "CUB": ("L", "not_asked"),
    }
    assert returns[HEMISPHERE, "2012"] == returns[HEMISPHERE, "all_time"] == 1.0


def test_a_rate_is_over_the_states_asked_and_only_for_a_complete_list() -> None:
    named = {"round_id": "N", "year": 2014}
    tables = world(**questionnaires([COMPLETE, named], [*ANSWERS, ("N", "BRA", "returned")]))
    rate = one(tables, "questionnaire_return_rate", HEMISPHERE, "2012", "Q")
    assert (rate["numerator"], rate["denominator"], rate["value"]) == (1.0, 2.0, 0.5)
    assert cells(tables, "questionnaire_return_rate", "N")[HEMISPHERE, "2014"] == ("L", "list_not_complete")
    assert cells(tables, "questionnaire_return_rate", "Q")["OAS-CAR", "2012"] == ("M", "none_asked")


def test_a_round_without_names_gives_the_hemisphere_only_what_the_source_states() -> None:
    unnamed = {"round_id": "U", "year": 2019, "is_responders_named": False}
    tables = world(
        **questionnaires(
            [{**unnamed, "responses_stated": 20}, {**unnamed, "round_id": "V"}], [("U", "BRA", "returned")]
        )
    )
    returns = cells(tables, "questionnaire_returns", "U")
    assert (returns[HEMISPHERE, "2019"], returns["BRA", "2019"]) == (20.0, 1.0)
    assert returns["OAS-SOU", "2019"] == ("O", "responders_not_named")
    assert cells(tables, "questionnaire_returns", "V")[HEMISPHERE, "2019"] == ("O", "responders_not_named")


def test_forms_of_other_bodies_are_never_added_to_those_of_the_oas() -> None:
    other = {"round_id": "X", "year": 2012, "form_family": "other_body", "series_code": "X"}
    tables = world(**questionnaires([COMPLETE, other], [*ANSWERS, ("X", "BRA", "returned")]))
    own, others = (cells(tables, "questionnaires_returned", family) for family in ("oas", "other_body"))
    assert (own["BRA", "all_time"], others["BRA", "all_time"]) == (1.0, 1.0)
    assert cells(tables, "questionnaires_returned") == {}
    assert (own["CHL", "all_time"], others["CHL", "all_time"]) == (0.0, ("O", "not_stated"))
    assert own["CUB", "all_time"] == ("L", "not_asked")


def test_a_return_not_received_is_no_zero_while_another_round_is_unknown() -> None:
    named = {"round_id": "N", "year": 2014}
    tables = world(**questionnaires([COMPLETE, named], [*ANSWERS, ("N", "BRA", "returned")]))
    returned = cells(tables, "questionnaires_returned", "oas")
    assert (returned["CHL", "2012"], returned["CHL", "2014"]) == (0.0, ("O", "not_stated"))
    assert (returned["CHL", "all_time"], returned["BRA", "all_time"]) == (("O", "not_stated"), 2.0)


def test_what_others_than_states_answered_is_left_out() -> None:
    of_ngos = {"round_id": "C", "year": 2001, "respondent_kind": "civil_society"}
    assert cells(world(**questionnaires([of_ngos], [])), "questionnaire_returns", "C") == {}


def test_returns_in_a_row_stop_at_a_gap_but_never_count_it_against_a_state() -> None:
    rounds = [{"round_id": f"Q{year}", "year": year} for year in (2006, 2009, 2012)]
    responses = [
        *(("Q2012", state, "returned") for state in ("BRA", "JAM")),
        ("Q2012", "CHL", "not_received"),
        ("Q2009", "BRA", "returned"),
        ("Q2009", "CHL", "returned"),
        ("Q2006", "JAM", "returned"),
    ]
    in_row = cells(world(**questionnaires(rounds, responses)), "questionnaire_returns_in_row", "RTP")
    assert {state: in_row[state, "all_time"] for state in STATES} == {
        "BRA": 2.0,
        "CHL": 0.0,
        "JAM": 1.0,
        "CUB": ("M", "not_participating"),
    }


def test_the_latest_round_of_an_unnamed_state_does_not_break_its_row() -> None:
    rounds = [{"round_id": f"Q{year}", "year": year} for year in (2006, 2009, 2012)]
    responses = [("Q2009", "BRA", "returned"), ("Q2006", "BRA", "returned"), ("Q2012", "CHL", "returned")]
    in_row = cells(world(**questionnaires(rounds, responses)), "questionnaire_returns_in_row", "RTP")
    assert (in_row["BRA", "all_time"], in_row["JAM", "all_time"]) == (2.0, ("O", "not_stated"))


# Treaties


def test_treaties_count_parties_and_leave_unknown_standings_unknown() -> None:
    actions = [
        *(("BRA", treaty, "party", year) for treaty, year in (("OLD", 1995), ("NEW", None))),
        *(("CHL", treaty, "not_party", None) for treaty in ("OLD", "NEW")),
        ("JAM", "OLD", "unknown", None),
    ]
    tables = world(**treaties(actions))
    total = cells(tables, "treaties_in_force")
    assert (total["BRA", "1995"], total["BRA", "undated"], total["BRA", "all_time"]) == (1.0, 1.0, 2.0)
    assert (total["CHL", "all_time"], total["JAM", "all_time"]) == (0.0, ("O", "not_stated"))
    old = one(tables, "treaties_in_force", HEMISPHERE, "all_time", "OLD")
    assert (old["value"], old["denominator"], old["coverage"], old["note"]) == (1.0, 2.0, 0.5, "some_unknown")
    assert one(tables, "treaties_in_force_share", HEMISPHERE, "all_time", "OLD")["value"] == 0.5
    each = cells(tables, "treaties_in_force", "OLD")
    assert [each[state, "all_time"] for state in STATES] == [1.0, 0.0, ("O", "not_stated"), ("O", "not_stated")]


def test_an_instrument_has_no_years_before_it_was_adopted() -> None:
    actions = [("BRA", "OLD", "party", 1995), ("BRA", "NEW", "party", 2002), ("CHL", "OLD", "not_party", None)]
    by_year = cells(world(**treaties(actions)), "treaties_in_force", "NEW")
    assert min(period for area, period in by_year if area == HEMISPHERE) == "2000"
    assert cells(world(**treaties(actions)), "treaties_in_force")["CHL", "1996"] == 0.0


@pytest.mark.parametrize(("status", "note"), [("party", "some_undated"), ("unknown", "some_unknown")])
def test_a_standing_without_a_year_or_unknown_leaves_no_zero_and_marks_the_count(status: str, note: str) -> None:
    actions = [("BRA", "OLD", status, None), ("BRA", "NEW", "party", 2002), ("CHL", "OLD", "party", 1995)]
    tables = world(**treaties(actions))
    assert cells(tables, "treaties_in_force")["BRA", "2001"] == ("O", "not_stated")
    marked = one(tables, "treaties_in_force", "BRA", "2002")
    assert (marked["value"], marked["note"]) == (1.0, note)


# Sums of open indicators


def test_sums_state_the_share_of_people_behind_them() -> None:
    people = [("population", state, 2010, number) for state, number in zip(STATES, (80.0, 20.0, 1.0, 1.0), strict=True)]
    tables = world(**open_values([*people, ("refugees", "CHL", 2010, 7.0), ("refugees", "JAM", 2010, 2.0)]))
    south = one(tables, "refugees", "OAS-SOU", "2010")
    assert (south["obs_status"], south["value"], south["coverage"]) == ("O", None, 0.2)
    assert south["note"] == "coverage_too_low"
    caribbean = one(tables, "refugees", "OAS-CAR", "2010")
    assert (caribbean["value"], caribbean["coverage"]) == (2.0, 0.5)
    assert caribbean["source_id"] == "publisher_of_refugees"
    assert one(tables, "population", HEMISPHERE, "2010")["value"] == 102.0


def test_without_the_population_of_the_year_coverage_counts_states_and_says_so() -> None:
    tables = world(**open_values([("refugees", "BRA", 2011, 7.0), ("population", "BRA", 2010, 80.0)]))
    south = one(tables, "refugees", "OAS-SOU", "2011")
    assert (south["value"], south["coverage"], south["note"]) == (7.0, 0.5, "coverage_by_states")


def test_scores_have_no_group_value_and_a_group_without_any_value_is_not_zero() -> None:
    tables = world(**open_values([("score", "BRA", 2010, 0.7), ("refugees", "BRA", 2010, 7.0)], least_coverage=None))
    assert cells(tables, "score") == {("BRA", "2010"): 0.7}
    assert cells(tables, "refugees")["OAS-CAR", "2010"] == ("O", "not_reported")


def test_open_values_of_states_pass_unchanged() -> None:
    tables = world(**open_values([("score", "BRA", 2010, 0.7)]))
    tables["open_observations"] = tables["open_observations"].with_columns(
        value=pl.lit(None, pl.Float64), value_code=pl.lit("SC"), obs_status=pl.lit("B"), note=pl.lit("first")
    )
    row = one(tables, "score", "BRA", "2010")
    assert (row["value"], row["value_code"], row["obs_status"], row["note"]) == (None, "SC", "B", "first")
    assert row["source_id"] == "publisher_of_score"


# Properties


@st.composite
def trainings(draw: st.DrawFn) -> dict[str, pl.DataFrame]:
    """Up to six events with any status, year, participants and number."""
    events, participants = [], {}
    for number in range(draw(st.integers(1, 6))):
        event_id, takers = f"E{number}", draw(st.lists(st.sampled_from(STATES), unique=True))
        stated = draw(st.none() | st.integers(0, 50))
        events.append(
            event(
                event_id,
                draw(st.sampled_from(["held", "announced", "planned"])),
                draw(st.none() | st.integers(2008, 2011)),
                officials_stated=stated,
                number_basis=None if stated is None else draw(st.sampled_from(["reported", "announced"])),
                attributable_area_code=takers[0] if stated is not None and len(takers) == 1 else None,
            )
        )
        participants[event_id] = takers
    return training(events, participants)


@given(tables=trainings())
@settings(max_examples=12, deadline=None)
def test_totals_lie_between_the_largest_member_and_the_sum_of_members(tables: dict[str, pl.DataFrame]) -> None:
    observations = derive(world(**tables), AS_OF)
    for status in ("held", "announced", "planned"):
        counts = observations.filter(
            pl.col("value").is_not_null(), indicator_id="training_events", period="all_time", category=status
        )
        value = dict(counts.select("area_code", "value").iter_rows())
        for group, states in GROUPS.items():
            members = [value.get(state, 0.0) for state in states]
            assert max(members) <= value.get(group, 0.0) <= sum(members)
        recorded = tables["fct_training_event"].filter(status=status)
        assert value[HEMISPHERE] == recorded.height


@given(tables=trainings())
@settings(max_examples=12, deadline=None)
def test_officials_of_the_hemisphere_are_those_of_states_and_the_unattributable(
    tables: dict[str, pl.DataFrame],
) -> None:
    observations = derive(world(**tables), AS_OF).filter(pl.col("value").is_not_null(), period="all_time")
    events = tables["fct_training_event"]
    for basis in ("reported", "announced"):
        of_basis = observations.filter(category=basis)
        own = of_basis.filter(pl.col("area_code").is_in(STATES), indicator_id="officials_trained")["value"].sum()
        rest = of_basis.filter(area_code=HEMISPHERE, indicator_id="officials_not_attributable")["value"].sum()
        total = of_basis.filter(area_code=HEMISPHERE, indicator_id="officials_trained")["value"].sum()
        assert float(own) + float(rest) == total == events.filter(number_basis=basis)["officials_stated"].sum()


@given(tables=trainings(), seed=st.integers(0, 9))
@settings(max_examples=12, deadline=None)
def test_the_order_of_the_rows_does_not_matter(tables: dict[str, pl.DataFrame], seed: int) -> None:
    values = [("population", state, 2010, 0.1 * number) for number, state in enumerate(STATES, start=1)]
    ordered = world(**tables, **open_values(values))
    shuffled = {name: table.sample(fraction=1, shuffle=True, seed=seed) for name, table in ordered.items()}
    assert_frame_equal(derive(ordered, AS_OF), derive(shuffled, AS_OF))


@given(tables=trainings())
@settings(max_examples=12, deadline=None)
def test_shares_and_coverage_lie_between_0_and_1_and_years_and_undated_make_all_time(
    tables: dict[str, pl.DataFrame],
) -> None:
    observations = derive(world(**tables), AS_OF)
    shares = observations.filter(indicator_id="countries_covered_share")["value"].drop_nulls()
    assert shares.is_between(0, 1).all()
    held = observations.filter(indicator_id="training_events", area_code=HEMISPHERE, category="held")
    assert held.filter(pl.col("period") != "all_time")["value"].sum() == held.filter(period="all_time")["value"].sum()


@given(
    have=st.lists(st.sampled_from(STATES), unique=True, min_size=1),
    people=st.lists(st.floats(0, 1e9), min_size=4, max_size=4),
)
@settings(max_examples=12, deadline=None)
def test_coverage_of_sums_lies_between_0_and_1(have: list[str], people: list[float]) -> None:
    values = [("population", state, 2010, number) for state, number in zip(STATES, people, strict=True)]
    tables = world(**open_values([*values, *(("refugees", state, 2010, 1.0) for state in have)]))
    sums = derive(tables, AS_OF).filter(pl.col("coverage").is_not_null(), indicator_id="refugees")
    assert sums["coverage"].is_between(0, 1).all()
    assert sums.filter(pl.col("value").is_not_null())["coverage"].ge(0.5).all()


def test_rows_come_in_the_promised_order_each_once() -> None:
    tables = world(**training([event("E1")], {"E1": ["BRA"]}), **open_values([("population", "BRA", 2010, 1.0)]))
    observations = derive(tables, AS_OF)
    assert_frame_equal(observations, observations.sort(ORDER))
    assert observations.select(schemas.Observation.primary_key()).is_unique().all()


def test_an_empty_record_gives_participation_and_nothing_invented() -> None:
    observations = derive(world(), AS_OF)
    values = observations.filter(pl.col("value") > 0)["indicator_id"].unique().to_list()
    assert values == ["participating_states"]
