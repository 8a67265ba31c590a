"""Promises across tables: the tiny data keep all of them, and each breach is told in a sentence."""

from datetime import date

import polars as pl
import pytest

from pipelines import build, checks
from pipelines.errors import PromisesBroken
from tests.conftest import make_tiny_data


@pytest.fixture
def tables(tiny_tables) -> dict[str, pl.DataFrame]:
    values = tiny_tables["fct_observation"].filter(indicator_id="population", area_code="BRB")
    return {**tiny_tables, "open_observations": values}


def changed(table: pl.DataFrame, condition: pl.Expr, **values: object) -> pl.DataFrame:
    return table.with_columns(
        pl.when(condition).then(pl.lit(value, table.schema[column])).otherwise(pl.col(column)).alias(column)
        for column, value in values.items()
    )


def test_the_tiny_data_keep_every_promise(tables):
    assert [finding for check in checks.CHECKS for finding in check(tables)] == []


@pytest.mark.parametrize(
    ("check", "table", "condition", "values", "finding"),
    [
        (
            checks.every_source_exists,
            "fct_response",
            pl.col("response_id") == "QR001",
            {"source_id": "nowhere"},
            'fct_response, column source_id: "nowhere" is not in dim_source',
        ),
        (
            checks.every_area_exists,
            "fct_training_event",
            pl.col("event_id") == "EV001",
            {"host_area_code": "XXX"},
            'fct_training_event, column host_area_code: "XXX" is not in dim_area',
        ),
        (
            checks.every_reference_exists,
            "fct_answer",
            pl.col("answer_id") == "QA001",
            {"question_id": "Q9"},
            'fct_answer, column question_id: "Q9" is not in dim_question',
        ),
        (
            checks.every_reference_exists,
            "dim_indicator",
            pl.col("indicator_id") == "population",
            {"indicator_id": "people"},
            'fct_observation, column indicator_id: "population" is not in dim_indicator',
        ),
        (
            checks.every_state_is_in_one_group,
            "area_membership",
            (pl.col("area_code") == "BRB") & (pl.col("scheme_id") == "m49"),
            {"to_on": date(2001, 1, 1)},
            "area_memberships.csv: BRB is in 0 groups of the scheme m49; expected: exactly one",
        ),
        (
            checks.groups_belong_to_their_scheme,
            "area_membership",
            (pl.col("area_code") == "BHS") & (pl.col("scheme_id") == "m49"),
            {"scheme_id": "caricom"},
            "area_memberships.csv: BHS is in 029 in the scheme caricom; areas.csv gives the group another scheme",
        ),
        (
            checks.participation_does_not_overlap,
            "oas_participation",
            (pl.col("area_code") == "CHL") & pl.col("to_on").is_not_null(),
            {"to_on": date(2015, 7, 1)},
            "oas_participation.csv: CHL has an interval from 1948-01-01 that overlaps the one from 2015-07-01",
        ),
        (
            checks.stated_responses_are_counted,
            "fct_response",
            pl.col("response_id") == "QR002",
            {"response_status": "not_received"},
            "questionnaire_responses.csv: 1 state is recorded as returned in the round Q2012; "
            "expected: 2, as its source states",
        ),
        (
            checks.responses_come_once,
            "fct_response",
            pl.col("response_id") == "QR002",
            {"area_code": "BRB"},
            "questionnaire_responses.csv: QR001, QR002 are all the return of BRB in the round Q2012",
        ),
        (
            checks.answers_have_a_response,
            "fct_answer",
            pl.col("answer_id") == "QA004",
            {"area_code": "BHS"},
            "questionnaire_answers.csv: QA004 is an answer of BHS, which has no return of the round Q2012; expected: a "
            "row in questionnaire_responses.csv, or a note that says how the answer is known",
        ),
        (
            checks.questions_follow_older_ones,
            "dim_question",
            pl.col("question_id") == "Q2012-02",
            {"previous_question_id": "Q2012-01"},
            "questionnaire_questions.csv: Q2012-02 follows Q2012-01, which is not of an earlier round of the series",
        ),
        (
            checks.parts_are_not_more_than_the_whole,
            "fct_training_participation",
            pl.col("officials_stated") == 20,
            {"officials_stated": 25},
            "training_participation.csv: the countries of EV002 have 35 officials in all; expected: at most 30",
        ),
        (
            checks.open_values_are_kept,
            "open_observations",
            pl.lit(True),
            {"value": 5.0},
            "fct_observation: the open value of population for BRB in 2010 is missing or was changed",
        ),
        (
            checks.every_text_is_in_every_language,
            "dim_text",
            (pl.col("text_id") == "t1") & (pl.col("lang") == "pt"),
            {"lang": "es"},
            "texts/pt.csv: the text t1 is missing",
        ),
    ],
)
def test_a_breach_is_told(tables, check, table, condition, values, finding):
    assert check(tables) == []
    tables[table] = changed(tables[table], condition, **values)
    assert check(tables) == [finding]


def test_a_group_cannot_count_more_than_its_states_together(tables):
    events = (
        (pl.col("indicator_id") == "training_events")
        & (pl.col("area_code") == "OAS-CAR")
        & (pl.col("period") == "all_time")
        & (pl.col("value") > 0)
    )
    assert tables["fct_observation"].filter(events).height
    tables["fct_observation"] = changed(tables["fct_observation"], events, value=99.0)
    findings = checks.group_counts_are_not_more_than_their_states(tables)
    assert findings
    assert findings[0].startswith("fct_observation: training_events of OAS-CAR in all_time is 99, more than")


def test_a_breach_stops_the_build(tmp_path):
    data = make_tiny_data(tmp_path)
    responses = data / "registry/questionnaire_responses.csv"
    responses.write_text(responses.read_text(encoding="utf-8").replace("CHL,2012,returned", "CHL,2012,not_received"))
    with pytest.raises(PromisesBroken, match="expected: 2, as its source states"):
        build.build(data, tmp_path / "editions")
    assert not list((tmp_path / "editions").glob("*.duckdb"))
