"""Training events: whose a number is, who took part, and what may not be said."""

import pytest

from pipelines.build import READERS, TABLES
from pipelines.reading import read_all

EVENTS = "registry/training_events.csv"


def event(tables, event_id: str) -> dict:
    return tables["fct_training_event"].filter(event_id=event_id).row(0, named=True)


def test_a_number_belongs_to_a_country_only_where_the_event_had_one_country(tiny_tables):
    assert event(tiny_tables, "EV001")["attributable_area_code"] == "BRB"
    assert event(tiny_tables, "EV002")["attributable_area_code"] is None  # two countries took part
    assert event(tiny_tables, "EV004")["attributable_area_code"] is None  # one country, but no number


def test_a_host_is_no_participant(tiny_tables):
    roles = tiny_tables["fct_training_participation"].select("event_id", "area_code", "role", "officials_stated").rows()
    assert roles == [
        ("EV001", "BRB", "host", None),
        ("EV001", "BRB", "participant", None),
        ("EV002", "BRA", "participant", 10),
        ("EV002", "CHL", "host", None),
        ("EV002", "CHL", "participant", 20),
        ("EV004", "BHS", "participant", None),
    ]


def test_events_without_one_year_are_kept(tiny_tables):
    assert [event(tiny_tables, event_id)["date_group"] for event_id in ("EV001", "EV002", "EV003", "EV004")] == [
        "dated",
        "dated",
        "span",
        "undated",
    ]


BASIS = "expected: a basis exactly where officials_trained is filled"
WOMEN = "does not fit the row; expected: a number up to officials_trained"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("40,,announced_minimum", "40,,", f"number_basis: the cell is empty; {BASIS}"),
        ("40,,announced", ",,announced", f'number_basis: "announced_minimum" does not fit the row; {BASIS}'),
        ("30,12,reported", "30,31,reported", f'women_trained: "31" {WOMEN}'),
        ("30,12,reported", ",12,", f'women_trained: "12" {WOMEN}'),
        (
            "police;judges",
            "police;juges",
            'audience: "police;juges" is not a valid list: "juges" is not a key of audiences.csv; nearest: "judges"',
        ),
    ],
)
def test_an_event_that_contradicts_itself_is_refused(tiny_data, edit, old, new, problem):
    edit(EVENTS, old, new)
    problems = read_all(TABLES, tiny_data, READERS)["training_events"].problems
    assert [str(found).partition("column ")[2] for found in problems] == [problem]
