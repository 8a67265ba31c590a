"""Small counts of people and cases never reach an edition."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.suppression import without_small_counts

SCHEMA = {
    "topic": pl.String, "answer": pl.String, "value": pl.Float64, "unit": pl.String, "has_small_parts": pl.Boolean,
    "note": pl.String,
}  # fmt: skip


def suppressed(
    topic: str, value: float | None, unit: str | None = "victims", *, has_small_parts: bool = False
) -> tuple:
    row = pl.DataFrame([(topic, "as answered", value, unit, has_small_parts, "a note")], schema=SCHEMA, orient="row")
    return without_small_counts(row).select("answer", "value", "note", "answer_status").row(0)


HIDDEN = (None, None, None, "Q")


@pytest.mark.parametrize("topic", ["victim data", "case data"])
@pytest.mark.parametrize("unit", ["victims", "persons convicted", "cases", "charges", None])
@pytest.mark.parametrize("value", [1, 9])
def test_counts_of_people_and_cases_from_1_to_9_are_suppressed(topic, unit, value):
    assert suppressed(topic, value, unit) == HIDDEN


@pytest.mark.parametrize("value", [0, 10, 563])
def test_zero_and_counts_from_10_on_stay(value):
    assert suppressed("case data", value, "cases") == ("as answered", value, "a note", "A")


@pytest.mark.parametrize(("topic", "unit"), [("training", "people"), ("case data", "per cent"), ("case data", "year")])
def test_what_counts_nobody_stays(topic, unit):
    assert suppressed(topic, 7, unit) == ("as answered", 7, "a note", "A")


def test_of_a_total_with_small_parts_only_the_total_stays():
    assert suppressed("victim data", 16, has_small_parts=True) == ("16", 16, None, "A")
    assert suppressed("training", 16, has_small_parts=True) == ("16", 16, None, "A")


def test_small_parts_without_a_total_to_show_are_suppressed_whole():
    assert suppressed("victim data", None, has_small_parts=True) == HIDDEN
    assert suppressed("coordination", 4, has_small_parts=True) == HIDDEN


def test_an_answer_without_a_number_stays():
    assert suppressed("case data", None, None) == ("as answered", None, "a note", "A")


@given(st.integers(0, 200), st.integers(2, 50), st.booleans())
def test_no_small_count_is_left_whatever_the_threshold(value, smallest_shown, has_small_parts):
    row = pl.DataFrame(
        [("case data", f"{value} cases", value, "cases", has_small_parts, "n")], schema=SCHEMA, orient="row"
    )
    left = without_small_counts(row, smallest_shown).row(0, named=True)
    assert (left["answer_status"] == "Q") == (0 < value < smallest_shown)
    assert left["value"] in (None, value)
    assert (left["value"] is None) == (left["answer"] is None) == (left["answer_status"] == "Q")


def test_no_table_of_an_edition_holds_a_suppressed_text(tiny_tables):
    texts = {
        cell
        for table in tiny_tables.values()
        for column in table.select(pl.col(pl.String)).iter_columns()
        for cell in column.drop_nulls()
    }
    for gone in ("female", "mujeres", "16: 13", "Two were children", "All found in one place"):
        assert not [text for text in texts if gone in text]
