"""From counts to rows of ``fct_observation``: the zeros that are known, the empties with their status, the columns."""

from collections.abc import Iterable, Sequence

import polars as pl

from pipelines.derive.places import ALL_TIME, UNDATED, Places, periods_of
from pipelines.schemas import Observation

TOTAL = "_T"
SOURCE_ID = "panorama_compilation"
CELL = ["area_code", "period", "category"]
"""What names a cell of one indicator."""

_DEFAULTS: dict[str, pl.Expr] = {
    "category": pl.lit(TOTAL),
    "sex": pl.lit(TOTAL),
    "age": pl.lit(TOTAL),
    "value_code": pl.lit(None, dtype=pl.String),
    "numerator": pl.lit(None, dtype=pl.Float64),
    "denominator": pl.lit(None, dtype=pl.Float64),
    "obs_status": pl.lit("A"),
    "coverage": pl.lit(None, dtype=pl.Float64),
    "source_id": pl.lit(SOURCE_ID),
    "note": pl.lit(None, dtype=pl.String),
}


def observed(cells: pl.DataFrame, indicator_id: str | None = None) -> pl.DataFrame:
    """Cells (area_code, period, value …) with all columns of the contract, in its order.

    They are of the one indicator given, or of the one that each row names in its ``indicator_id``.
    """
    missing = {name: default for name, default in _DEFAULTS.items() if name not in cells.columns}
    numbers = ("value", "numerator", "denominator", "coverage")
    named = {} if indicator_id is None else {"indicator_id": pl.lit(indicator_id)}
    is_year = ~pl.col("period").is_in([UNDATED, ALL_TIME])
    return (
        cells.with_columns(**named, **missing)
        .with_columns(
            period_kind=pl.when(is_year).then(pl.lit("year")).otherwise("period"),
            year=pl.when(is_year).then("period").cast(pl.Int32),
        )
        .with_columns(pl.col(name).cast(pl.Float64) for name in numbers)
        .select(Observation.column_names())
    )


def with_known_zeros(
    counts: pl.DataFrame,
    places: Places,
    years: Iterable[int],
    *,
    areas: pl.DataFrame,
    categories: Sequence[str] = (TOTAL,),
) -> pl.DataFrame:
    """Counts (area_code, period, value and perhaps category) for every area, period and category.

    Where nothing is on record the value is 0 if that is known (the state took part in the OAS, or has a row in another
    category of the same period), else empty with status M and a note: ``not_participating`` or ``no_members``.
    """
    if "category" not in counts.columns:
        counts = counts.with_columns(category=pl.lit(TOTAL))
    years = list(years)
    zeros = places.where_none_on_record_is_known(years)
    value = pl.col("value")
    is_zero = value.is_null() & (pl.col("is_zero_known") | value.is_not_null().any().over("area_code", "period"))
    return (
        areas.join(pl.DataFrame({"period": periods_of(years)}), how="cross")
        .join(pl.DataFrame({"category": list(categories)}, schema={"category": pl.String}), how="cross")
        .join(counts.with_columns(value.cast(pl.Float64)), on=CELL, how="left", validate="1:1")
        .join(zeros, on=["area_code", "period"], how="left", validate="m:1")
        .with_columns(value=pl.when(is_zero).then(0.0).otherwise(value))
        .with_columns(
            obs_status=pl.when(value.is_null()).then(pl.lit("M")).otherwise(pl.lit("A")),
            note=pl.when(value.is_not_null())
            .then(None)
            .when(places.is_state | (pl.col("states").fill_null(0) > 0))
            .then(pl.lit("not_participating"))
            .otherwise(pl.lit("no_members")),
        )
        .drop("is_zero_known", "states")
    )
