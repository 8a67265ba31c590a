"""Programmes in countries: each programme once in an area, by status, pillar and year."""

from collections.abc import Mapping

import polars as pl

from pipelines.derive.places import ALL_TIME, UNDATED, Places, years_between
from pipelines.derive.rows import TOTAL, observed, with_known_zeros
from pipelines.vocabularies import DEPLOYED_STATUSES, DEPLOYMENT_STATUSES, PILLARS

ANNOUNCED_STATUSES = ("planned", "announced", "interest_expressed")
ACTIVE_STATUSES = ("in_progress", "implemented")


def observations(tables: Mapping[str, pl.DataFrame], places: Places) -> pl.DataFrame:
    """Programmes deployed, announced and active, and the deployed ones by status and pillar."""
    pillars = tables["dim_programme"].select("programme_id", "pillar")
    deployments = tables["fct_deployment"].join(pillars, on="programme_id", how="left", validate="m:1")
    placed = places.spread(_in_covered_periods(deployments))
    years = years_between(placed.get_column("period").cast(pl.Int32, strict=False))
    deployed = placed.filter(pl.col("status").is_in(DEPLOYED_STATUSES))
    announced = placed.filter(pl.col("status").is_in(ANNOUNCED_STATUSES)).join(
        deployed.filter(pl.col("period") == ALL_TIME), on=["area_code", "programme_id"], how="anti"
    )
    active = placed.filter(pl.col("status").is_in(ACTIVE_STATUSES))

    def counted(records: pl.DataFrame, category: pl.Expr, categories: tuple[str, ...] = (TOTAL,)) -> pl.DataFrame:
        programmes = records.group_by("area_code", "period", category=category).agg(
            value=pl.col("programme_id").n_unique()
        )
        return with_known_zeros(
            programmes, places, years, areas=places.areas.select("area_code"), categories=categories
        )

    everything = pl.lit(TOTAL)
    return pl.concat(
        [
            observed(counted(deployed, everything), "programmes_deployed"),
            observed(counted(placed, pl.col("status"), DEPLOYMENT_STATUSES), "programmes_by_status"),
            observed(counted(deployed, pl.col("pillar"), PILLARS), "programmes_by_pillar"),
            observed(counted(announced, everything), "programmes_announced"),
            observed(counted(active, everything).filter(pl.col("period") != ALL_TIME), "programmes_active"),
        ]
    )


def _in_covered_periods(deployments: pl.DataFrame) -> pl.DataFrame:
    """Each deployment in every year in which it counts, or ``undated``; and again in ``all_time``."""
    covered = (
        deployments.with_columns(covered_year=pl.int_ranges("year", pl.col("last_year_counted") + 1))
        .explode("covered_year")
        .with_columns(period=pl.col("covered_year").cast(pl.String).fill_null(UNDATED))
    )
    in_all_time = deployments.with_columns(period=pl.lit(ALL_TIME, dtype=pl.String))
    columns = ["programme_id", "pillar", "status", "period"]
    return pl.concat([rows.select(*columns, state_code="area_code") for rows in (covered, in_all_time)])
