"""States reached by training that was held or implemented, as numbers, shares and years since."""

import datetime
from collections.abc import Mapping

import dataframely as dy
import polars as pl

from pipelines import dates
from pipelines.conform import conform
from pipelines.derive.places import ALL_TIME, UNDATED, Places, in_periods, periods_of, years_between
from pipelines.derive.rows import observed, with_known_zeros
from pipelines.schemas import Reach

REACHING_STATUSES = ("implemented", "replicated", "follow_up_requested", "audited")
"""Implemented, or a status that presupposes it."""


def observations(reached: pl.DataFrame, event_years: pl.Series, places: Places, as_of: datetime.date) -> pl.DataFrame:
    """States reached, countries covered (with denominators), the running total, and the last year of training.

    ``reached`` has the state_code and year of every record that shows a state reached, ``event_years`` those of events.
    """
    years = years_between(event_years, reached.get_column("year"))
    covered = _covered(reached, places, years)
    last = _last_year(reached, places, years)
    return pl.concat(
        [
            observed(
                with_known_zeros(
                    in_periods(reached).select("period", area_code="state_code", value=pl.lit(1.0)).unique(),
                    places,
                    years,
                    areas=places.states,
                ),
                "states_reached",
            ),
            observed(_as_number(covered), "countries_covered"),
            observed(_as_share(covered), "countries_covered_share"),
            observed(_as_number(_cumulative(reached, places, years)), "countries_covered_cumulative"),
            observed(last, "last_training_year"),
            observed(last.with_columns(value=as_of.year - pl.col("value")), "years_since_last_training"),
        ]
    )


def reaching_records(tables: Mapping[str, pl.DataFrame]) -> dy.DataFrame[Reach]:
    """Every record that shows a state reached: one row for each state and held event or training carried out there."""
    held, carried_out = _held(tables), _carried_out(tables)
    own = [*dates.COLUMNS, "area_code", "programme_id", "source_id"]
    events = held.select(*own, record_kind=pl.lit("event"), record_id="event_id")
    deployments = carried_out.select(
        *own, "as_of_on", "as_of_precision", record_kind=pl.lit("deployment"), record_id="deployment_id"
    )
    return conform(pl.concat([events, deployments], how="diagonal"), Reach, "fct_reach")


def _held(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    held = tables["fct_training_event"].filter(pl.col("status") == "held")
    took_part = tables["fct_training_participation"].filter(pl.col("role") == "participant")
    return took_part.select("event_id", "area_code").join(held, on="event_id", validate="m:1")


def _carried_out(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    training = tables["dim_programme"].filter(pl.col("activity_type") == "training")
    return (
        tables["fct_deployment"]
        .join(training, on="programme_id", how="semi")
        .filter(pl.col("status").is_in(REACHING_STATUSES), pl.col("area_code").is_not_null())
    )


def reached_by_events(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The years in which events reached each state: year, state_code."""
    return _held(tables).select("year", state_code="area_code").unique()


def reached_by_programmes(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The years in which training was carried out in each state as part of a programme: year, state_code."""
    return _carried_out(tables).select("year", state_code="area_code").unique()


def _covered(reached: pl.DataFrame, places: Places, years: range) -> pl.DataFrame:
    states = in_periods(reached).select("period", "state_code", is_reached=pl.lit(True)).unique()
    return _share_of_counted(
        places.group_members.filter(pl.col("period").is_in(periods_of(years))).join(
            states, on=["period", "state_code"], how="left", validate="m:1"
        )
    )


def _cumulative(reached: pl.DataFrame, places: Places, years: range) -> pl.DataFrame:
    """States reached up to each year by dated rows; under ``undated``, those reached by undated rows alone."""
    first = reached.group_by("state_code").agg(first_year=pl.col("year").min())
    members = places.group_members.filter(pl.col("period").is_in([*map(str, years), UNDATED])).join(
        first.with_columns(is_known=pl.lit(True)), on="state_code", how="left", validate="m:1"
    )
    only_undated = pl.col("is_known").fill_null(False) & pl.col("first_year").is_null()
    return _share_of_counted(
        members.with_columns(
            is_reached=pl.when(pl.col("period") == UNDATED)
            .then(only_undated)
            .otherwise(pl.col("first_year") <= pl.col("period").cast(pl.Int32, strict=False))
        )
    )


def _share_of_counted(members: pl.DataFrame) -> pl.DataFrame:
    return members.group_by("area_code", "period").agg(
        numerator=(pl.col("is_reached").fill_null(False) & pl.col("is_counted")).sum(),
        denominator=pl.col("is_counted").sum(),
    )


def _as_number(covered: pl.DataFrame) -> pl.DataFrame:
    return _empty_where_nobody_counts(covered, pl.col("numerator"))


def _as_share(covered: pl.DataFrame) -> pl.DataFrame:
    return _empty_where_nobody_counts(covered, pl.col("numerator") / pl.col("denominator"))


def _empty_where_nobody_counts(covered: pl.DataFrame, value: pl.Expr) -> pl.DataFrame:
    counts = pl.col("denominator") > 0
    return covered.with_columns(
        value=pl.when(counts).then(value),
        obs_status=pl.when(counts).then(pl.lit("A")).otherwise(pl.lit("M")),
        note=pl.when(~counts).then(pl.lit("not_participating")),
    )


def _last_year(reached: pl.DataFrame, places: Places, years: range) -> pl.DataFrame:
    known = reached.group_by(area_code="state_code").agg(
        value=pl.col("year").max(), has_undated=pl.col("year").is_null().any(), is_reached=pl.lit(True)
    )
    zeros = places.where_none_on_record_is_known(years).filter(pl.col("period") == ALL_TIME)
    has_year, is_reached = pl.col("value").is_not_null(), pl.col("is_reached").fill_null(False)
    could_be_reached = pl.col("is_zero_known")
    return (
        places.states.join(known, on="area_code", how="left", validate="1:1")
        .join(zeros, on="area_code", validate="1:1")
        .select(
            "area_code",
            "period",
            "value",
            obs_status=pl.when(has_year)
            .then(pl.lit("A"))
            .when(is_reached | could_be_reached)
            .then(pl.lit("O"))
            .otherwise(pl.lit("M")),
            note=pl.when(has_year & pl.col("has_undated"))
            .then(pl.lit("later_undated"))
            .when(has_year)
            .then(None)
            .when(is_reached)
            .then(pl.lit("date_not_stated"))
            .when(could_be_reached)
            .then(pl.lit("none_on_record"))
            .otherwise(pl.lit("not_participating")),
        )
    )
