"""Which states make up each area in each period, and which of them count as taking part in the OAS."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

UNDATED, ALL_TIME = "undated", "all_time"
"""The periods beside the years: rows without a single year, and all rows together."""


@dataclass(frozen=True)
class Places:
    """States and groups over time; a year stands for its end, the other periods for the edition's day.

    ``areas``: area_code, area_type. ``members``: period, area_code, state_code, is_counted; a state is a member of
    itself and of the hemisphere. ``standing``: period, area_code, states, counted (how many members there are and how
    many of them count as taking part in the OAS); an area without members in a period has no row.
    """

    areas: pl.DataFrame
    hemisphere: str
    members: pl.DataFrame
    standing: pl.DataFrame

    @property
    def states(self) -> pl.DataFrame:
        """The states: area_code."""
        return self.areas.filter(pl.col("area_type") == "country").select("area_code")

    @property
    def groups(self) -> pl.DataFrame:
        """Groups of every scheme and the hemisphere: area_code."""
        return self.areas.filter(pl.col("area_type") != "country").select("area_code")

    @property
    def is_state(self) -> pl.Expr:
        """Whether ``area_code`` is a state's."""
        return pl.col("area_code").is_in(self.states.get_column("area_code").to_list())

    @property
    def group_members(self) -> pl.DataFrame:
        """``members`` without the states' own rows."""
        return self.members.join(self.groups, on="area_code", how="semi")

    def spread(self, records: pl.DataFrame) -> pl.DataFrame:
        """The records (period, state_code …) once for each area of the state, and all of them for the hemisphere.

        A record without a state is one of the hemisphere only; columns: those of ``records`` and ``area_code``.
        """
        within = (
            records.join(self.members.select("period", "area_code", "state_code"), on=["period", "state_code"])
            .filter(pl.col("area_code") != self.hemisphere)
            .select(*records.columns, "area_code")
        )
        return pl.concat([within, records.with_columns(area_code=pl.lit(self.hemisphere))])

    def where_none_on_record_is_known(self, years: Iterable[int]) -> pl.DataFrame:
        """Areas and periods in which no record means zero: area_code, period, is_zero_known, states.

        In a year, the state (or a state of the group) counts as taking part in the OAS at the year's end; in the other
        periods it does so at the end of one of ``years`` or on the edition's day.
        """
        periods = pl.DataFrame({"period": periods_of(years)}, schema={"period": pl.String})
        standing = self.standing.join(periods, on="period", how="semi")
        ever_counted = standing.filter(pl.col("counted") > 0).select("area_code").unique()
        return (
            self.areas.select("area_code")
            .join(periods, how="cross")
            .join(standing, on=["area_code", "period"], how="left")
            .with_columns(was_counted=pl.col("area_code").is_in(ever_counted.get_column("area_code").to_list()))
            .select(
                "area_code",
                "period",
                "states",
                is_zero_known=pl.when(pl.col("period").is_in([UNDATED, ALL_TIME]))
                .then("was_counted")
                .otherwise(pl.col("counted").fill_null(0) > 0),
            )
        )


def periods_of(years: Iterable[int]) -> list[str]:
    """The periods of a family of indicators: its years, ``undated`` and ``all_time``."""
    return [*map(str, years), UNDATED, ALL_TIME]


def years_between(*years: pl.Series) -> range:
    """Every year from the first to the last on record; none where no row has a year."""
    known = pl.concat([series.drop_nulls().cast(pl.Int64) for series in years]).sort()
    return range(known[0], known[-1] + 1) if len(known) else range(0)


def in_periods(records: pl.DataFrame) -> pl.DataFrame:
    """Each record in its year (or ``undated``) and again in ``all_time``, as the column ``period``."""
    own_period = pl.col("year").cast(pl.String).fill_null(UNDATED)
    return pl.concat(
        [records.with_columns(period=own_period), records.with_columns(period=pl.lit(ALL_TIME, dtype=pl.String))]
    )


def make_places(tables: Mapping[str, pl.DataFrame], event_years: pl.Series, as_of: datetime.date) -> Places:
    """Membership and participation for every year that any table speaks of, up to the year of ``as_of``."""
    areas = tables["dim_area"].select("area_code", "area_type")
    states = areas.filter(pl.col("area_type") == "country").select(state_code="area_code")
    hemisphere = areas.filter(pl.col("area_type") == "hemisphere").get_column("area_code").item()
    ends = _period_ends(_years_of(tables, event_years, as_of), as_of)
    no_date = pl.lit(None, dtype=pl.Date)
    belongs = pl.concat(
        [
            tables["area_membership"].select("from_on", "to_on", state_code="area_code", area_code="group_code"),
            states.select(from_on=no_date, to_on=no_date, state_code="state_code", area_code="state_code"),
            states.select(from_on=no_date, to_on=no_date, state_code="state_code", area_code=pl.lit(hemisphere)),
        ],
        how="diagonal",
    )
    counted = (
        tables["oas_participation"]
        .filter("is_counted")
        .join(ends, how="cross")
        .filter(_covers_the_end())
        .select("period", state_code="area_code", is_counted=pl.lit(True))
        .unique()
    )
    members = (
        belongs.join(ends, how="cross")
        .filter(_covers_the_end())
        .select("period", "area_code", "state_code")
        .unique()
        .join(counted, on=["period", "state_code"], how="left", validate="m:1")
        .with_columns(pl.col("is_counted").fill_null(False))
        .sort("period", "area_code", "state_code")
    )
    standing = members.group_by("period", "area_code").agg(states=pl.len(), counted=pl.col("is_counted").sum())
    return Places(areas=areas, hemisphere=hemisphere, members=members, standing=standing.sort("period", "area_code"))


def _covers_the_end() -> pl.Expr:
    begun = pl.col("from_on").is_null() | (pl.col("from_on") <= pl.col("period_end"))
    not_over = pl.col("to_on").is_null() | (pl.col("to_on") >= pl.col("period_end"))
    return begun & not_over


def _period_ends(years: Sequence[int], as_of: datetime.date) -> pl.DataFrame:
    ends = [min(datetime.date(year, 12, 31), as_of) for year in years]
    return pl.DataFrame(
        {"period": [*map(str, years), UNDATED, ALL_TIME], "period_end": [*ends, as_of, as_of]},
        schema={"period": pl.String, "period_end": pl.Date},
    )


def _years_of(tables: Mapping[str, pl.DataFrame], event_years: pl.Series, as_of: datetime.date) -> range:
    deployments, rounds = tables["fct_deployment"], tables["dim_questionnaire_round"]
    return years_between(
        pl.Series([as_of.year]),
        tables["oas_participation"].get_column("from_on").dt.year(),
        tables["open_observations"].get_column("year"),
        event_years,
        deployments.get_column("year"),
        deployments.get_column("end_on").dt.year(),
        rounds.get_column("year"),
        tables["fct_response"].get_column("year"),
        tables["fct_treaty_action"].get_column("year"),
    )
