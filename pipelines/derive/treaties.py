"""Treaties: how many instruments bind a state, and how many states of a group each instrument binds."""

from collections.abc import Mapping

import polars as pl

from pipelines.derive.places import ALL_TIME, UNDATED, Places, years_between
from pipelines.derive.rows import CELL, TOTAL, observed


def observations(tables: Mapping[str, pl.DataFrame], places: Places) -> pl.DataFrame:
    """``treaties_in_force`` of states and groups, and the share of known standings that is "party"."""
    standings = _standings(tables, places)
    years = years_between(standings.filter("is_party").get_column("year"))
    periods = pl.DataFrame({"period": [*map(str, years), UNDATED, ALL_TIME]})
    all_instruments = standings.with_columns(area_code="state_code", category=pl.lit(TOTAL))
    each_instrument = standings.join(
        places.group_members.select("period", "area_code", "state_code"), on="state_code"
    ).with_columns(category="treaty_id")
    one_instrument = standings.with_columns(
        area_code="state_code", category="treaty_id", period=pl.lit(ALL_TIME, dtype=pl.String)
    )
    cells = pl.concat([all_instruments.join(periods, how="cross"), each_instrument], how="diagonal_relaxed")
    in_all_time = _known(cells.filter(pl.col("period") == ALL_TIME))
    return pl.concat(
        [
            observed(in_all_time, "treaties_in_force"),
            observed(_known(one_instrument).drop("numerator", "denominator"), "treaties_in_force"),
            observed(_undated(cells.filter(pl.col("period") == UNDATED)), "treaties_in_force"),
            observed(_by_year(cells, years), "treaties_in_force"),
            observed(_share(in_all_time), "treaties_in_force_share"),
        ]
    )


def _standings(tables: Mapping[str, pl.DataFrame], places: Places) -> pl.DataFrame:
    """Every state and instrument; a pair without a row on file is not known.

    Columns: treaty_id, adopted_year, state_code, year, is_party, is_known.
    """
    actions = tables["fct_treaty_action"].select("treaty_id", "status", "year", state_code="area_code")
    status = pl.col("status").fill_null("unknown")
    return (
        tables["dim_treaty"]
        .select("treaty_id", "adopted_year")
        .join(places.states.select(state_code="area_code"), how="cross")
        .join(actions, on=["treaty_id", "state_code"], how="left", validate="1:1")
        .select(
            "treaty_id", "adopted_year", "state_code", "year", is_party=status == "party", is_known=status != "unknown"
        )
    )


def _known(cells: pl.DataFrame) -> pl.DataFrame:
    """Parties among the standings that are known; empty where none is."""
    is_any_known = pl.col("denominator") > 0
    return (
        cells.group_by(CELL)
        .agg(numerator=pl.col("is_party").sum(), denominator=pl.col("is_known").sum(), standings=pl.len())
        .with_columns(
            value=pl.when(is_any_known).then("numerator"),
            obs_status=pl.when(is_any_known).then(pl.lit("A")).otherwise(pl.lit("O")),
            coverage=pl.col("denominator") / pl.col("standings"),
            note=pl.when(pl.col("denominator") < pl.col("standings")).then(pl.lit("some_unknown")),
        )
        .with_columns(note=pl.when(is_any_known).then("note").otherwise(pl.lit("not_stated")))
        .drop("standings")
    )


def _undated(cells: pl.DataFrame) -> pl.DataFrame:
    return cells.group_by(CELL).agg(value=(pl.col("is_party") & pl.col("year").is_null()).sum())


def _by_year(cells: pl.DataFrame, years: range) -> pl.DataFrame:
    """Parties by the end of each year as far as dated; 0 only where no undated or unknown standing could change it.

    An instrument has no rows for the years before it was adopted, and no part in the totals of those years.
    """
    is_undated, is_unknown = pl.col("is_party") & pl.col("year").is_null(), ~pl.col("is_known")
    year = pl.col("period").cast(pl.Int32, strict=False)
    has_value = (pl.col("parties") > 0) | ~(pl.col("has_undated") | pl.col("has_unknown"))
    return (
        cells.filter(
            year.is_between(years.start, years.stop - 1), year >= pl.col("adopted_year").fill_null(years.start)
        )
        .group_by(CELL)
        .agg(
            parties=(pl.col("is_party") & (pl.col("year") <= year)).sum(),
            has_undated=is_undated.any(),
            has_unknown=is_unknown.any(),
        )
        .with_columns(
            value=pl.when(has_value).then("parties"),
            obs_status=pl.when(has_value).then(pl.lit("A")).otherwise(pl.lit("O")),
            note=pl.when(~has_value)
            .then(pl.lit("not_stated"))
            .when("has_undated")
            .then(pl.lit("some_undated"))
            .when("has_unknown")
            .then(pl.lit("some_unknown")),
        )
        .drop("parties", "has_undated", "has_unknown")
    )


def _share(in_all_time: pl.DataFrame) -> pl.DataFrame:
    return in_all_time.with_columns(
        value=pl.when(pl.col("denominator") > 0).then(pl.col("numerator") / pl.col("denominator"))
    )
