"""Open indicators: the published values of states, and sums over groups where people or money may be added."""

from collections.abc import Mapping

import polars as pl

from pipelines.derive.places import Places
from pipelines.derive.rows import SOURCE_ID, observed

POPULATION = "population"
_MEMBER = ["period", "state_code"]


def observations(tables: Mapping[str, pl.DataFrame], places: Places) -> pl.DataFrame:
    """The open values of states as they are, and the sums over groups and the hemisphere."""
    values = tables["open_observations"].with_columns(period=pl.col("year").cast(pl.String))
    summed = tables["dim_indicator"].filter(~pl.col("is_derived"), pl.col("aggregation") == "sum")
    population = values.filter(pl.col("indicator_id") == POPULATION).select(
        "period", people="value", state_code="area_code"
    )
    of_groups = [
        _sums(indicator_id, least_coverage, values, population, places)
        for indicator_id, least_coverage in summed.select("indicator_id", "least_coverage").sort("indicator_id").rows()
    ]
    return pl.concat([observed(values), *of_groups])


def _sums(
    indicator_id: str, least_coverage: float | None, values: pl.DataFrame, population: pl.DataFrame, places: Places
) -> pl.DataFrame:
    own = values.filter(pl.col("indicator_id") == indicator_id)
    members = (
        places.group_members.join(own.select("period").unique(), on="period", how="semi")
        .join(
            own.select("period", "value", "obs_status", "source_id", state_code="area_code"),
            on=_MEMBER,
            how="left",
            validate="m:1",
        )
        .join(population, on=_MEMBER, how="left", validate="m:1")
    )
    has_value = pl.col("value").is_not_null()
    all_people_known = pl.col("people").is_not_null().all() & (pl.col("people").sum() > 0)
    by_people = all_people_known & pl.lit(indicator_id != POPULATION)
    people_behind = pl.col("people").filter(has_value).sort().sum() / pl.col("people").sort().sum()
    sums = members.group_by("area_code", "period").agg(
        # Sorted before summing, so that the order of the rows cannot change the last digit.
        total=pl.col("value").sort().sum(),
        with_value=has_value.sum(),
        is_by_people=by_people,
        coverage=pl.when(by_people).then(people_behind).otherwise(has_value.mean()),
        has_estimate=(pl.col("obs_status") == "E").any(),
        has_provisional=(pl.col("obs_status") == "P").any(),
        has_break=((pl.col("obs_status") == "B") & has_value).any(),
        sources=pl.col("source_id").drop_nulls().unique().sort(),
    )
    is_covered = pl.col("coverage") >= (0.0 if least_coverage is None else least_coverage)
    is_shown = is_covered & (pl.col("with_value") > 0)
    is_by_states = pl.lit(indicator_id != POPULATION) & ~pl.col("is_by_people")
    return observed(
        sums.with_columns(coverage=pl.col("coverage").clip(0.0, 1.0)).select(
            "area_code",
            "period",
            "coverage",
            value=pl.when(is_shown).then("total"),
            obs_status=pl.when(~is_shown)
            .then(pl.lit("O"))
            .when("has_estimate")
            .then(pl.lit("E"))
            .when("has_provisional")
            .then(pl.lit("P"))
            .when("has_break")
            .then(pl.lit("B"))
            .otherwise(pl.lit("A")),
            source_id=pl.when(pl.col("sources").list.len() == 1)
            .then(pl.col("sources").list.first())
            .otherwise(pl.lit(SOURCE_ID)),
            note=pl.when(~is_covered)
            .then(pl.lit("coverage_too_low"))
            .when(~is_shown)
            .then(pl.lit("not_reported"))
            .when(is_by_states)
            .then(pl.lit("coverage_by_states")),
        ),
        indicator_id,
    )
