"""Every headline figure, recounted straight from the records with the csv module and compared with a built edition."""

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.vocabularies import OBSERVATION_NOTES

DATA = Path(__file__).parents[1] / "data"
HEMISPHERE = "019"
TRAINED = ("implemented", "replicated", "follow_up_requested", "audited")
ANNOUNCED_BASES = ("announced", "announced_minimum", "announced_approx")

Query = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def query(shipped_edition: Path) -> Query:
    """Rows of a statement with named parameters, asked of the edition."""
    connection = duckdb.connect(str(shipped_edition), read_only=True)

    def ask(sql: str, **parameters: object) -> list[tuple[Any, ...]]:
        return connection.sql(sql, params=parameters).fetchall() if parameters else connection.sql(sql).fetchall()

    return ask


@pytest.fixture(scope="session")
def observed(query: Query) -> Callable[..., dict[str, float | None]]:
    """Values of an indicator in one area and period, by category."""

    def values(indicator_id: str, *, area: str = HEMISPHERE, period: str = "all_time") -> dict[str, float | None]:
        return dict(
            query(
                """
                select category, value
                from fct_observation
                where indicator_id = $indicator_id
                  and area_code = $area
                  and period = $period
                """,
                indicator_id=indicator_id,
                area=area,
                period=period,
            )
        )

    return values


def rows_of(path: str) -> list[dict[str, str]]:
    with (DATA / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def year_of(row: dict[str, str]) -> str | None:
    """The year a record belongs to, if its dates say so."""
    start, end = row["start_date"], row["end_date"]
    if len(start) > 4:
        return start[:4]
    if row.get("year"):
        return row["year"]
    return start if start and start == end[:4] else None


def participants_of() -> dict[str, set[str]]:
    taking_part: dict[str, set[str]] = {}
    for row in rows_of("registry/training_participation.csv"):
        taking_part.setdefault(row["event_id"], set()).add(row["country"])
    return taking_part


def counted_on(day: str) -> set[str]:
    """The states counted as taking part in the OAS; dates cut short stand for their first day."""

    def whole(text: str) -> str:
        return text + "0000-01-01"[len(text) :]

    return {
        row["area_code"]
        for row in rows_of("catalog/oas_participation.csv")
        if row["is_counted"] == "true"
        and whole(row["from_date"]) <= day
        and (not row["to_date"] or day <= whole(row["to_date"]))
    }


def states_of_group(group: str) -> set[str]:
    return {row["area_code"] for row in rows_of("catalog/area_memberships.csv") if row["group_code"] == group}


def states_reached() -> set[str]:
    """States that took part in an event held, or have training implemented, whatever the date."""
    held = {row["event_id"] for row in rows_of("registry/training_events.csv") if row["status"] == "held"}
    took_part = {state for event, states in participants_of().items() if event in held for state in states}
    training = {row["programme_id"] for row in rows_of("registry/programmes.csv") if row["activity_type"] == "training"}
    implemented = {
        row["country"]
        for row in rows_of("registry/programme_deployments.csv")
        if row["programme_id"] in training and row["status"] in TRAINED and row["country"]
    }
    return took_part | implemented


def test_47_events_30_held_13_announced_4_planned(observed: Callable[..., dict[str, float | None]]) -> None:
    recount = Counter(row["status"] for row in rows_of("registry/training_events.csv"))
    assert recount == {"held": 30, "announced": 13, "planned": 4}
    assert observed("training_events") == recount


def test_events_of_each_year_and_status(query: Query) -> None:
    recount = Counter((year_of(row) or "undated", row["status"]) for row in rows_of("registry/training_events.csv"))
    found = query(
        """
        select period, category, value
        from fct_observation
        where indicator_id = 'training_events'
          and area_code = $area
          and period <> 'all_time'
          and value > 0
        """,
        area=HEMISPHERE,
    )
    assert {(period, status): value for period, status, value in found} == recount


def test_events_of_each_state_by_who_took_part(query: Query) -> None:
    status = {row["event_id"]: row["status"] for row in rows_of("registry/training_events.csv")}
    recount = Counter((state, status[event]) for event, states in participants_of().items() for state in states)
    found = query(
        """
        select area_code, category, value
        from fct_observation
        join dim_area using (area_code)
        where indicator_id = 'training_events'
          and area_type = 'country'
          and period = 'all_time'
          and value > 0
        """
    )
    assert {(area, category): value for area, category, value in found} == recount


def test_events_between_2010_and_2012_are_not_counted_in_2010(
    observed: Callable[..., dict[str, float | None]], query: Query
) -> None:
    events = rows_of("registry/training_events.csv")
    spans = {row["event_id"] for row in events if (row["start_date"], row["end_date"]) == ("2010", "2012")}
    assert spans == {"EV028", "EV029", "EV030", "EV031", "EV032"}
    held = [row for row in events if row["status"] == "held"]
    assert observed("training_events", period="2010")["held"] == sum(year_of(row) == "2010" for row in held)
    assert observed("training_events", period="undated")["held"] == sum(year_of(row) is None for row in held)
    assert dict(query("select event_id, year from fct_training_event where date_group = 'span'")) == dict.fromkeys(
        spans
    )


def test_121_officials_are_reported_and_480_announced_and_nothing_adds_them(
    observed: Callable[..., dict[str, float | None]], query: Query
) -> None:
    recount: Counter[str] = Counter()
    for row in rows_of("registry/training_events.csv"):
        if row["officials_trained"]:
            recount[row["number_basis"]] += int(row["officials_trained"])
    assert recount["reported"] == 121
    assert sum(recount[basis] for basis in ANNOUNCED_BASES) == 480
    assert observed("officials_trained") == recount
    assert observed("officials_not_attributable") == dict.fromkeys(recount, 0.0)
    ever = query("select max(value) from fct_observation where indicator_id like 'officials_%' and category <> '_T'")
    assert ever == [(float(max(recount.values())),)]
    assert query("select count(*) from fct_observation where indicator_id like 'officials%' and category = '_T'") == [
        (0,)
    ]


def test_officials_belong_to_the_one_country_of_their_event(query: Query) -> None:
    taking_part, recount = participants_of(), Counter[tuple[str, str]]()
    for row in rows_of("registry/training_events.csv"):
        states = taking_part.get(row["event_id"], set())
        if row["officials_trained"] and len(states) == 1:
            recount[next(iter(states)), row["number_basis"]] += int(row["officials_trained"])
    found = query(
        """
        select area_code, category, value
        from fct_observation
        join dim_area using (area_code)
        where indicator_id = 'officials_trained'
          and area_type = 'country'
          and period = 'all_time'
          and value > 0
        """
    )
    assert {(area, category): value for area, category, value in found} == recount


def test_the_100_people_of_the_church_group_are_not_officials(query: Query) -> None:
    church = [row for row in rows_of("registry/training_events.csv") if "Church" in row["title"]]
    assert [(row["event_id"], row["officials_trained"]) for row in church] == [("EV038", "")]
    found = query(
        """
        select distinct category, value, obs_status, note
        from fct_observation
        where indicator_id = 'officials_trained'
          and area_code = 'KNA'
          and period = 'undated'
          and category = 'reported'
        """
    )
    assert found == [("reported", None, "O", "number_not_stated")]


def test_more_than_1000_is_a_statement_and_no_observation(query: Query) -> None:
    stated = [
        row
        for row in rows_of("registry/training_statements.csv")
        if row["qualifier"] == "more_than" and row["value"] == "1000"
    ]
    assert [row["additive_with_events"] for row in stated] == ["no"]
    repeated = query(
        "select statement_id from training_statement where additive_with_events = 'already_in_events' order by 1"
    )
    assert repeated == [("TT08",), ("TT09",), ("TT10",)], "only these figures are those of single events on record"
    kept = query("select count(*) from training_statement where qualifier = 'more_than' and value = 1000")
    assert kept == [(1,)]
    derived = query(
        """
        select count(*)
        from fct_observation
        join dim_indicator using (indicator_id)
        where family = 'training'
          and indicator_id not like '%year'
          and value >= 500
        """
    )
    assert derived == [(0,)]


def test_19_of_34_states_returned_the_questionnaire_of_2012_and_cuba_was_not_asked(query: Query) -> None:
    recount = Counter(
        row["response_status"] for row in rows_of("registry/questionnaire_responses.csv") if row["round_id"] == "Q2012"
    )
    assert recount == {"returned": 19, "not_received": 15, "not_asked": 1}
    (rate,) = query(
        """
        select numerator, denominator, value
        from fct_observation
        where indicator_id = 'questionnaire_return_rate'
          and area_code = $area
          and category = 'Q2012'
          and period = '2012'
        """,
        area=HEMISPHERE,
    )
    assert rate == (19.0, 34.0, pytest.approx(19 / 34))
    cuba = query(
        """
        select value, obs_status
        from fct_observation
        where indicator_id = 'questionnaire_returns'
          and area_code = 'CUB'
          and category = 'Q2012'
          and period = '2012'
        """
    )
    assert cuba == [(None, "L")]


def test_no_state_is_said_not_to_have_returned_a_round_without_a_complete_list(query: Query) -> None:
    said = {
        (row["round_id"], row["country"])
        for row in rows_of("registry/questionnaire_responses.csv")
        if row["response_status"] == "not_received"
    }
    found = query(
        """
        select distinct category, area_code
        from fct_observation
        join dim_area using (area_code)
        where indicator_id = 'questionnaire_returns'
          and area_type = 'country'
          and value = 0
        """
    )
    # A state may answer a continuing round later: it then counts as returned, never as 0.
    assert set(found) <= said


def test_18_states_have_the_first_programme_implemented_and_13_are_of_the_caribbean_course(query: Query) -> None:
    recount = {
        row["country"]
        for row in rows_of("registry/programme_deployments.csv")
        if row["programme_id"] == "P01" and row["status"] == "implemented"
    }
    caribbean = states_of_group("TIP-CAR")
    assert (len(recount), len(recount & caribbean), len(caribbean)) == (18, 13, 13)
    found = query("select area_code from fct_deployment where programme_id = 'P01' and status = 'implemented'")
    assert {area for (area,) in found} == recount


def test_all_100_deployments_are_there_34_without_a_year_and_5_without_a_country(query: Query) -> None:
    deployments = rows_of("registry/programme_deployments.csv")
    undated = {row["deployment_id"] for row in deployments if year_of(row) is None}
    nowhere = {row["deployment_id"] for row in deployments if not row["country"]}
    assert (len(deployments), len(nowhere)) == (100, 5)
    assert len({row["deployment_id"] for row in deployments if not row["year"]}) == len(undated) == 34
    assert query("select count(*) from fct_deployment") == [(100,)]
    assert {key for (key,) in query("select deployment_id from fct_deployment where year is null")} == undated
    assert {key for (key,) in query("select deployment_id from fct_deployment where area_code is null")} == nowhere


def test_programmes_deployed_and_announced(observed: Callable[..., dict[str, float | None]]) -> None:
    deployments = rows_of("registry/programme_deployments.csv")
    deployed = {row["programme_id"] for row in deployments if row["status"] in (*TRAINED, "in_progress")}
    others = {row["programme_id"] for row in deployments} - deployed
    assert observed("programmes_deployed") == {"_T": len(deployed)}
    assert observed("programmes_announced") == {"_T": len(others)}
    pillar = {row["programme_id"]: row["pillar"] for row in rows_of("registry/programmes.csv")}
    assert observed("programmes_by_pillar") == Counter(pillar[programme] for programme in deployed)


@pytest.mark.parametrize(("year", "count"), [("2008", 34), ("2010", 33), ("2012", 34), ("2025", 32)])
def test_denominators_are_the_states_taking_part_at_the_end_of_the_year(
    year: str, count: int, observed: Callable[..., dict[str, float | None]]
) -> None:
    assert len(counted_on(f"{year}-12-31")) == count
    assert observed("participating_states", period=year) == {"_T": count}


def test_states_reached_by_training(query: Query) -> None:
    reached, counted = states_reached(), counted_on("2026-11-22")
    found = query(
        """
        select area_code
        from fct_observation
        where indicator_id = 'states_reached'
          and period = 'all_time'
          and value = 1
        """
    )
    assert {area for (area,) in found} == reached
    covered = query(
        """
        select area_code, numerator, denominator
        from fct_observation
        where indicator_id = 'countries_covered'
          and period = 'all_time'
          and area_code in ($hemisphere, 'OAS-CAR')
        """,
        hemisphere=HEMISPHERE,
    )
    caribbean = states_of_group("OAS-CAR")
    assert {area: (part, whole) for area, part, whole in covered} == {
        HEMISPHERE: (len(reached & counted), len(counted)),
        "OAS-CAR": (len(reached & counted & caribbean), len(counted & caribbean)),
    }


def test_parties_to_each_treaty_among_the_standings_known(query: Query) -> None:
    parties, known = Counter[str](), Counter[str]()
    for row in rows_of("registry/treaty_actions.csv"):
        parties[row["treaty_id"]] += row["status"] == "party"
        known[row["treaty_id"]] += row["status"] != "unknown"
    assert sum(known.values()) == 331
    found = query(
        """
        select category, value, denominator
        from fct_observation
        where indicator_id = 'treaties_in_force'
          and area_code = $area
          and period = 'all_time'
        """,
        area=HEMISPHERE,
    )
    assert {treaty: (value, whole) for treaty, value, whole in found} == {
        treaty: (parties[treaty], known[treaty]) for treaty in parties
    }


def test_open_values_of_states_are_the_published_ones_each_once(query: Query) -> None:
    recount = {
        (row["indicator_id"], row["country"], int(row["year"])): (
            float(row["value"]) if row["value"] else None,
            row["value_code"] or None,
        )
        for row in rows_of("open/open_indicators.csv")
    }
    found = query(
        """
        select indicator_id, area_code, year, value, value_code
        from fct_observation
        join dim_area using (area_code)
        join dim_indicator using (indicator_id)
        where area_type = 'country'
          and not is_derived
        """
    )
    assert len(found) == len(recount)
    assert {(indicator, area, year): (value, code) for indicator, area, year, value, code in found} == recount


def test_population_of_the_hemisphere_is_the_sum_of_its_states(query: Query) -> None:
    recount = sum(
        float(row["value"])
        for row in rows_of("open/open_indicators.csv")
        if row["indicator_id"] == "population" and row["year"] == "2024"
    )
    found = query(
        """
        select value, coverage
        from fct_observation
        where indicator_id = 'population'
          and area_code = $area
          and year = 2024
        """,
        area=HEMISPHERE,
    )
    assert found == [(pytest.approx(recount), 1.0)]


def test_notes_of_derived_rows_are_of_the_closed_list(query: Query) -> None:
    found = query(
        """
        select distinct fct_observation.note
        from fct_observation
        join dim_area using (area_code)
        join dim_indicator using (indicator_id)
        where fct_observation.note is not null
          and (is_derived or area_type <> 'country')
        """
    )
    assert {note for (note,) in found} <= set(OBSERVATION_NOTES)


def test_scores_shares_and_tiers_have_no_group_value(query: Query) -> None:
    found = query(
        """
        select distinct indicator_id
        from fct_observation
        join dim_area using (area_code)
        join dim_indicator using (indicator_id)
        where area_type <> 'country'
          and not is_derived
          and aggregation <> 'sum'
        """
    )
    assert found == []
