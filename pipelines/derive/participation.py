"""States that count as taking part in the OAS: the base of every "n of N states"."""

import datetime
from collections.abc import Mapping

import polars as pl

from pipelines.derive.places import ALL_TIME, Places, years_between
from pipelines.derive.rows import observed


def observations(tables: Mapping[str, pl.DataFrame], places: Places, as_of: datetime.date) -> pl.DataFrame:
    """``participating_states`` at the end of each year and on the edition's day; for a state 1 or 0."""
    years = years_between(tables["oas_participation"].get_column("from_on").dt.year(), pl.Series([as_of.year]))
    standing = places.standing.filter(pl.col("period").is_in([*map(str, years), ALL_TIME]))
    return observed(
        standing.select("area_code", "period", value="counted", numerator="counted", denominator="states"),
        "participating_states",
    )
