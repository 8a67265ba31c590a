"""Values of indicators by area and period, from the one table that holds them all."""

import polars as pl

from dashboard.db import fetch


def indicator(indicator_id: str) -> dict[str, object]:
    """What an indicator is: its row in the catalogue, texts in four languages."""
    return fetch("select * from dim_indicator where indicator_id = $indicator_id", indicator_id=indicator_id).row(
        0, named=True
    )


def map_indicators() -> pl.DataFrame:
    """The indicators that a reader may choose for the 35 states, in their order."""
    return fetch("select * from dim_indicator where is_on_map order by position, indicator_id")


def all_time_values(indicator_id: str, category: str = "_T") -> pl.DataFrame:
    """area_code, value, value_code, obs_status, numerator, denominator, note over all years, by area."""
    return fetch(
        """
        select area_code, value, value_code, obs_status, numerator, denominator, coverage, note, source_id
        from fct_observation
        where indicator_id = $indicator_id and period_kind = 'all_time' and category = $category
        order by area_code
        """,
        indicator_id=indicator_id,
        category=category,
    )


def latest_values(indicator_id: str, last_year: int) -> pl.DataFrame:
    """area_code, year, value, value_code, obs_status of each state's newest value up to a year, by area.

    The year stands beside each value: it is the newest on record, not the year asked for.
    """
    return fetch(
        """
        select area_code, year, value, value_code, obs_status, note, source_id
        from fct_observation
        where indicator_id = $indicator_id
          and period_kind = 'year'
          and category = '_T'
          and sex = '_T'
          and age = '_T'
          and year <= $last_year
          and (value is not null or value_code is not null)
        qualify row_number() over (partition by area_code order by year desc) = 1
        order by area_code
        """,
        indicator_id=indicator_id,
        last_year=last_year,
    )


def value(indicator_id: str, area_code: str, category: str = "_T") -> dict[str, object]:
    """The all-time value of one area with its status, numerator and denominator; status O where no row exists."""
    rows = all_time_values(indicator_id, category).filter(pl.col("area_code") == area_code)
    if rows.height:
        return rows.row(0, named=True)
    return {
        "area_code": area_code,
        "value": None,
        "value_code": None,
        "obs_status": "O",
        "numerator": None,
        "denominator": None,
        "coverage": None,
        "note": None,
        "source_id": None,
    }
