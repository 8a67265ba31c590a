"""Training events and the officials trained in them: each event once, each number with its basis."""

from collections.abc import Mapping

import polars as pl

from pipelines.derive.places import Places, in_periods, years_between
from pipelines.derive.rows import CELL, observed, with_known_zeros
from pipelines.errors import PromisesBroken
from pipelines.vocabularies import EVENT_STATUSES, NUMBER_BASES

SEVERAL, NOT_STATED = "several", "not_stated"
_EVENT_IN_AREA = ["area_code", "period", "event_id"]


def observations(tables: Mapping[str, pl.DataFrame], places: Places) -> pl.DataFrame:
    """Events by status and audience, officials by kind of number and audience, and officials per 100,000 people."""
    events = tables["fct_training_event"].with_columns(category="status")
    takers = participants(tables)
    audiences = _audience_groups(tables)
    years = years_between(events.get_column("year"))
    placed = _events_in_areas(events, takers, places)
    numbers = _numbers_in_areas(placed, events, takers, places)
    officials = _by_basis(numbers, "officials", placed, places, years)
    everywhere = places.areas.select("area_code")
    return pl.concat(
        [
            observed(
                with_known_zeros(_events_counted(placed), places, years, areas=everywhere, categories=EVENT_STATUSES),
                "training_events",
            ),
            observed(_events_by_audience(placed, audiences), "events_by_audience"),
            observed(_events_with_number(placed, places, years), "events_with_number"),
            observed(officials, "officials_trained"),
            observed(
                _by_basis(numbers, "with_civil_society", placed, places, years), "officials_trained_with_civil_society"
            ),
            observed(
                _by_basis(numbers, "not_attributable", placed, places, years).join(
                    places.groups, on="area_code", how="semi"
                ),
                "officials_not_attributable",
            ),
            observed(_officials_by_audience(numbers, audiences), "officials_by_audience"),
            observed(_per_100000(officials, tables["open_observations"], places), "officials_per_100000"),
        ]
    )


def participants(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The states that took part in each event, hosts left out: event_id, state_code, own_stated."""
    return (
        tables["fct_training_participation"]
        .filter(pl.col("role") == "participant")
        .select("event_id", state_code="area_code", own_stated="officials_stated")
    )


def _events_in_areas(events: pl.DataFrame, takers: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Each event once for each area a participant belongs to, and for the hemisphere."""
    periods = in_periods(events.select("event_id", "category", "number_basis", "year")).drop("year")
    return (
        places.spread(periods.join(takers.select("event_id", "state_code"), on="event_id", how="left"))
        .drop("state_code")
        .unique(_EVENT_IN_AREA)
    )


def _events_counted(placed: pl.DataFrame) -> pl.DataFrame:
    return placed.group_by(CELL).agg(value=pl.len())


def _audience_groups(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The audience groups each event names; an event that names none has the group ``not_stated``."""
    named = tables["training_audience"].select("event_id", "audience_group").unique()
    return (
        tables["fct_training_event"]
        .select("event_id")
        .join(named, on="event_id", how="left")
        .with_columns(pl.col("audience_group").fill_null(NOT_STATED))
    )


def _events_by_audience(placed: pl.DataFrame, audiences: pl.DataFrame) -> pl.DataFrame:
    return (
        placed.join(audiences, on="event_id")
        .with_columns(category=pl.format("{}.{}", "category", "audience_group"))
        .group_by(CELL)
        .agg(value=pl.len())
    )


def _events_with_number(placed: pl.DataFrame, places: Places, years: range) -> pl.DataFrame:
    counts = (
        placed.filter(pl.col("number_basis").is_not_null())
        .with_columns(category="number_basis")
        .group_by(CELL)
        .agg(value=pl.len())
    )
    return with_known_zeros(counts, places, years, areas=places.areas.select("area_code"), categories=NUMBER_BASES)


def _numbers_in_areas(placed: pl.DataFrame, events: pl.DataFrame, takers: pl.DataFrame, places: Places) -> pl.DataFrame:
    """For each event with a number and each of its areas: what of the number belongs to the area.

    Columns: area_code, period, event_id, number_basis, officials, with_civil_society, not_attributable. A number
    belongs to a state only where a source gives it for that state or the event had one country, to a group also where
    all participants belong to the group, and to the hemisphere always.
    """
    own = _own_numbers(events, takers)
    stated = (
        events.filter(pl.col("officials_stated").is_not_null())
        .join(own.group_by("event_id").agg(given=pl.col("own").sum()), on="event_id", how="left", validate="1:1")
        .select(
            "event_id",
            "officials_stated",
            includes_civil_society=(pl.col("count_scope") == "officials_and_civil_society").fill_null(False),
            not_attributable=pl.col("officials_stated") - pl.col("given").fill_null(0),
        )
    )
    periods = placed.select("event_id", "period").unique()
    in_area = (
        places.spread(periods.join(takers, on="event_id").select("event_id", "period", "state_code"))
        .join(own, on=["event_id", "state_code"], how="left", validate="m:1")
        .group_by(_EVENT_IN_AREA)
        .agg(takers_here=pl.len(), own=pl.when(pl.col("own").count() > 0).then(pl.col("own").sum()))
    )
    takers_of_event = takers.group_by("event_id").agg(takers=pl.len())
    is_hemisphere = pl.col("area_code") == places.hemisphere
    is_whole = is_hemisphere | (~places.is_state & (pl.col("takers_here") == pl.col("takers")) & (pl.col("takers") > 1))
    officials = pl.when(is_whole).then("officials_stated").otherwise("own")
    return (
        placed.join(stated, on="event_id", validate="m:1")
        .join(in_area, on=_EVENT_IN_AREA, how="left", validate="1:1")
        .join(takers_of_event, on="event_id", how="left", validate="m:1")
        .with_columns(officials=officials)
        .with_columns(with_civil_society=pl.col("officials") * pl.col("includes_civil_society").cast(pl.Int64))
        .select(*_EVENT_IN_AREA, "number_basis", "officials", "with_civil_society", "not_attributable")
    )


def _own_numbers(events: pl.DataFrame, takers: pl.DataFrame) -> pl.DataFrame:
    """The number of each participating state where it has one: event_id, state_code, own."""
    own = (
        takers.join(
            events.select("event_id", "officials_stated", "attributable_area_code"), on="event_id", validate="m:1"
        )
        .with_columns(
            own=pl.coalesce(
                "own_stated",
                pl.when(pl.col("attributable_area_code") == pl.col("state_code")).then("officials_stated"),
            )
        )
        .filter(pl.col("own").is_not_null())
    )
    given = own.group_by("event_id", "officials_stated").agg(given=pl.col("own").sum()).sort("event_id")
    broken = given.filter(pl.col("officials_stated").is_null() | (pl.col("given") > pl.col("officials_stated")))
    if len(broken):
        raise PromisesBroken(
            [
                f"training_participation: the states of event {event_id} are given {given} officials, the event itself "
                f"states {'no number' if stated is None else stated}; expected: at least {given}, with its basis"
                for event_id, stated, given in broken.rows()
            ]
        )
    return own.select("event_id", "state_code", "own")


def _by_basis(numbers: pl.DataFrame, column: str, placed: pl.DataFrame, places: Places, years: range) -> pl.DataFrame:
    """Sums of ``column`` by kind of number; 0 only where no event is on record at all.

    Events without a number of this kind leave the cell empty (O, ``number_not_stated``), and so does a number that no
    one state or group can claim (O, ``not_attributable``).
    """
    sums = numbers.group_by("area_code", "period", category="number_basis").agg(
        value=pl.when(pl.col(column).count() > 0).then(pl.col(column).sum()),
        is_stated=pl.lit(True),
    )
    cells = with_known_zeros(
        sums.filter(pl.col("value").is_not_null()).drop("is_stated"),
        places,
        years,
        areas=places.areas.select("area_code"),
        categories=NUMBER_BASES,
    )
    number = sums.select(*CELL, "is_stated", has_sum=pl.col("value").is_not_null())
    events = placed.select("area_code", "period", has_events=pl.lit(True)).unique()
    is_empty = pl.col("has_events").fill_null(False) & ~pl.col("has_sum").fill_null(False)
    return (
        cells.join(number, on=CELL, how="left", validate="1:1")
        .join(events, on=["area_code", "period"], how="left", validate="m:1")
        .with_columns(
            value=pl.when(~is_empty).then("value"),
            obs_status=pl.when(is_empty).then(pl.lit("O")).otherwise("obs_status"),
            note=pl.when(is_empty & pl.col("is_stated").fill_null(False))
            .then(pl.lit("not_attributable"))
            .when(is_empty)
            .then(pl.lit("number_not_stated"))
            .otherwise("note"),
        )
        .drop("is_stated", "has_sum", "has_events")
    )


def _officials_by_audience(numbers: pl.DataFrame, audiences: pl.DataFrame) -> pl.DataFrame:
    label = audiences.group_by("event_id").agg(
        audience=pl.when(pl.len() == 1).then(pl.col("audience_group").first()).otherwise(pl.lit(SEVERAL))
    )
    return (
        numbers.filter(pl.col("officials").is_not_null())
        .join(label, on="event_id", validate="m:1")
        .with_columns(category=pl.format("{}.{}", "number_basis", "audience"))
        .group_by(CELL)
        .agg(value=pl.col("officials").sum())
    )


def _per_100000(officials: pl.DataFrame, open_observations: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Officials of each state over its population of the same year; for all years, of the latest year with a number."""
    population = open_observations.filter(pl.col("indicator_id") == "population").select(
        "area_code", population_year=pl.col("year").cast(pl.String), people="value"
    )
    of_states = officials.join(places.states, on="area_code", how="semi")
    of_years = of_states.filter(pl.col("period").str.contains(r"^\d+$"))
    dated = (
        of_years.filter(pl.col("value") > 0)
        .group_by("area_code", "category")
        .agg(dated_officials=pl.col("value").sum(), population_year=pl.col("period").max())
    )
    all_time = (
        of_states.filter(pl.col("period") == "all_time")
        .join(dated, on=["area_code", "category"], how="left", validate="1:1")
        .with_columns(
            is_only_undated=pl.col("dated_officials").is_null() & (pl.col("value") > 0),
            value=pl.when(pl.col("value") > 0).then("dated_officials").otherwise("value"),
        )
        .drop("dated_officials")
    )
    cells = pl.concat(
        [
            of_years.with_columns(population_year="period", is_only_undated=pl.lit(False)),
            all_time.select(*of_years.columns, "population_year", "is_only_undated"),
        ]
    ).join(population, on=["area_code", "population_year"], how="left", validate="m:1")
    number = pl.col("value")
    is_rate = (number > 0) & pl.col("people").is_not_null()
    lacks_people = (number > 0) & pl.col("people").is_null()
    return cells.select(
        *CELL,
        value=pl.when(is_rate).then(number / pl.col("people") * 100_000).when(number == 0).then(0.0),
        numerator=number,
        denominator=pl.when(number.is_not_null()).then("people"),
        obs_status=pl.when("is_only_undated")
        .then(pl.lit("O"))
        .when(lacks_people)
        .then(pl.lit("O"))
        .otherwise("obs_status"),
        note=pl.when("is_only_undated")
        .then(pl.lit("date_not_stated"))
        .when(lacks_people)
        .then(pl.lit("population_missing"))
        .otherwise("note"),
    )
