"""Questionnaire answers and the other records whose rules span columns."""

import pytest

from pipelines.build import READERS, TABLES
from pipelines.reading import read_all


def test_an_answer_knows_its_round_and_keeps_no_small_count(tiny_tables):
    answers = tiny_tables["fct_answer"].select("answer_id", "round_id", "area_code", "answer", "value", "answer_status")
    assert answers.rows() == [
        ("QA001", "Q2012", "BRB", None, None, "Q"),
        ("QA002", "Q2012", "CHL", "16", 16.0, "A"),
        ("QA003", "Q2012", "BRB", "Yes, by an Act", 2010.0, "A"),
        ("QA004", "Q2012", None, "Yes in both", None, "A"),
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            "questionnaire_answers",
            "all responders,Yes in both",
            "all responders,",
            "row 5, column answer: the cell is empty; expected: a text here, a value or both",
        ),
        (
            "programme_deployments",
            "country,2010,2010-04-08",
            "country,2011,2010-04-08",
            'row 2, column year: "2011" does not fit the row; expected: a year from start_date to end_date',
        ),
        (
            "treaty_actions",
            "1967,1967",
            "1967,1968",
            'row 3, column year: "1968" does not fit the row; expected: the year of action_date',
        ),
        (
            "treaty_actions",
            "not_party,,,,,oas_report",
            "not_party,,,,,",
            "row 4, column source_id: the cell is empty; expected: a source; only the status unknown needs none",
        ),
        (
            "national_plans",
            "2015,2018",
            "2018,2015",
            'row 2, column end_year: "2015" does not fit the row; expected: a year from start_year on',
        ),
    ],
)
def test_a_row_that_contradicts_itself_is_refused(tiny_data, edit, file, old, new, problem):
    edit(f"registry/{file}.csv", old, new)
    assert [str(found) for found in read_all(TABLES, tiny_data, READERS)[file].problems] == [f"{file}.csv, {problem}"]


def test_the_mark_of_a_value_not_available_becomes_not_reported(tiny_tables):
    marked = tiny_tables["fct_observation"].filter(indicator_id="control_of_corruption_estimate", area_code="BRB")
    assert marked.select("year", "value", "obs_status").rows() == [(2010, None, "O")]


def test_a_tier_outside_the_order_has_a_code_and_no_value(tiny_tables):
    tiers = tiny_tables["fct_observation"].filter(indicator_id="tip_tier").sort("area_code")
    assert tiers.select("area_code", "value", "value_code", "obs_status").rows() == [
        ("BHS", None, "SC", "A"),
        ("BRB", 2.5, "2WL", "A"),
    ]
