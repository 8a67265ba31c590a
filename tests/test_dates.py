"""Partial dates and the year rule."""

import calendar
from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.dates import first_day, precision, stated, year_columns


def year_of(
    start: str | None, end: str | None, year: int | None = None
) -> tuple[int | None, int | None, int | None, str]:
    row = pl.DataFrame(
        {"start": [start], "end": [end], "own": [year]}, schema={"start": pl.String, "end": pl.String, "own": pl.Int32}
    )
    return row.select(year_columns("start", "end", "own")).row(0)


@pytest.mark.parametrize(
    ("start", "end", "own", "expected"),
    [
        ("2010-04-08", "2010-04-09", None, (2010, 2010, 2010, "dated")),
        ("2010-12-30", "2011-01-02", None, (2010, 2010, 2010, "dated")),
        ("2010-03", None, None, (2010, 2010, 2010, "dated")),
        ("2011", "2011", None, (2011, 2011, 2011, "dated")),
        ("2010", "2010-05", None, (2010, 2010, 2010, "dated")),
        ("2001", None, 2001, (2001, 2001, 2001, "dated")),
        (None, "2012-12-31", 2012, (2012, 2012, 2012, "dated")),
        (None, None, 2013, (2013, 2013, 2013, "dated")),
        ("2010", "2012", None, (None, 2010, 2012, "span")),
        ("2010", "2012-10-01", None, (None, 2010, 2012, "span")),
        ("2014", None, None, (None, 2014, None, "span")),
        (None, "2012-12-31", None, (None, None, 2012, "span")),
        (None, None, None, (None, None, None, "undated")),
    ],
)
def test_a_row_lies_in_a_year_only_where_its_dates_say_so(start, end, own, expected):
    assert year_of(start, end, own) == expected


partial_dates = st.one_of(
    st.none(),
    st.dates(date(1990, 1, 1), date(2030, 12, 31)).map(str),
    st.dates(date(1990, 1, 1), date(2030, 12, 31)).map(lambda day: str(day)[:7]),
    st.integers(1990, 2030).map(str),
)


@given(start=partial_dates, end=partial_dates)
def test_a_row_is_dated_exactly_where_it_has_a_year_and_never_in_a_year_nobody_stated(start, end):
    year, first, last, group = year_of(start, end)
    assert (group == "dated") == (year is not None)
    assert (group == "undated") == (start is None and end is None)
    assert {str(known) for known in (year, first, last) if known} <= {text[:4] for text in (start, end) if text}


@given(st.integers(1990, 2030), st.integers(0, 15), st.integers(0, 40))
def test_a_day_is_real_exactly_where_the_calendar_has_it(year, month, day):
    is_real = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
    text = f"{year}-{month:02}-{day:02}"
    assert pl.select(first_day(pl.lit(text))).item() == (date(year, month, day) if is_real else None)


@pytest.mark.parametrize("text", ["2010-02-30", "2010-13", "10-02-2010", "2010/02/03", "2010-2-3", "1492", "", "soon"])
def test_other_texts_are_no_dates(text):
    assert pl.select(first_day(pl.lit(text))).item() is None


def test_the_precision_is_what_the_source_states():
    dates = pl.DataFrame({"start": ["2010-03-01", "2010-03", "2010", None]})
    assert dates.select(stated("start", "start")).rows() == [
        (date(2010, 3, 1), "day"),
        (date(2010, 3, 1), "month"),
        (date(2010, 1, 1), "year"),
        (None, None),
    ]
    assert dates.select(precision(pl.col("start"))).to_series().to_list() == ["day", "month", "year", None]
