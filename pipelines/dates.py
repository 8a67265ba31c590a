"""Dates cut to what a source states (2010-03-01, 2010-03, 2010) and the one rule that puts a row in a year.

The year rule, in this order:

1. a start known to the day or the month gives its year: the row is ``dated``;
2. else the record's own year, where the record has one, gives the year;
3. else a start and an end in the same year give that year;
4. else, where a start or an end is known, the row lies in a ``span``: no year, ``first_year`` and ``last_year`` as far
   as they are known (an open end leaves ``last_year`` empty);
5. else the row is ``undated``.

A dated row has its year as ``first_year`` and ``last_year`` too.
"""

import polars as pl

FIRST_YEAR, LAST_YEAR = 1800, 2100
COLUMNS = (
    "start_on",
    "start_precision",
    "end_on",
    "end_precision",
    "year",
    "first_year",
    "last_year",
    "date_group",
)
"""The columns of a record's dates in the edition."""
_SHAPE = r"^(1[89]\d{2}|20\d{2}|2100)(-\d{2}(-\d{2})?)?$"


def first_day(date: pl.Expr) -> pl.Expr:
    """The first day of a partial date; empty where the text is no such date or lies outside 1800 to 2100."""
    return pl.when(date.str.contains(_SHAPE)).then(first_day_text(date)).str.to_date("%Y-%m-%d", strict=False)


def first_day_text(date: pl.Expr) -> pl.Expr:
    """The first day of a valid partial date as text, which sorts as the day does and is found much quicker."""
    return (date + "-01-01").str.head(10)


def precision(date: pl.Expr) -> pl.Expr:
    """How much of a partial date is stated: ``day``, ``month`` or ``year``."""
    lengths = {"10": "day", "7": "month", "4": "year"}
    return date.str.len_chars().cast(pl.String).replace_strict(lengths, default=None)


def stated(date_column: str, name: str) -> list[pl.Expr]:
    """The columns ``<name>_on`` and ``<name>_precision`` of a partial date."""
    date = pl.col(date_column)
    return [first_day(date).alias(f"{name}_on"), precision(date).alias(f"{name}_precision")]


def year_columns(start_column: str, end_column: str, year_column: str | None = None) -> list[pl.Expr]:
    """The columns ``year``, ``first_year``, ``last_year`` and ``date_group`` by the year rule above, of valid dates."""
    start, end = pl.col(start_column), pl.col(end_column)
    start_year, end_year = (date.str.head(4).cast(pl.Int32) for date in (start, end))
    own_year = pl.lit(None, dtype=pl.Int32) if year_column is None else pl.col(year_column).cast(pl.Int32)
    year = (
        pl.when(precision(start).is_in(["day", "month"]))
        .then(start_year)
        .when(own_year.is_not_null())
        .then(own_year)
        .when(start_year == end_year)
        .then(start_year)
    )
    has_date = start.is_not_null() | end.is_not_null()
    return [
        year.alias("year"),
        pl.coalesce(year, start_year).alias("first_year"),
        pl.when(year.is_not_null()).then(year).otherwise(end_year).alias("last_year"),
        pl.when(year.is_not_null())
        .then(pl.lit("dated"))
        .when(has_date)
        .then(pl.lit("span"))
        .otherwise(pl.lit("undated"))
        .alias("date_group"),
    ]
