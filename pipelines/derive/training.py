"""Training events and the officials trained in them: each event once, each number with its basis."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.derive.places import Places, in_periods, years_between
from pipelines.derive.rows import CELL, observed, with_known_zeros
from pipelines.errors import PromisesBroken
from pipelines.i18n import _
from pipelines.vocabularies import EVENT_STATUSES, NUMBER_BASES

SEVERAL, NOT_STATED = "several", "not_stated"
NOTHING_COUNTED = pl.DataFrame(schema={"measure": pl.String, **dict.fromkeys(CELL, pl.String), "value": pl.Int64})
_EVENT_IN_AREA = ["area_code", "period", "event_id"]
_PLACED_AT_ONCE = 20_000  # events; each is placed in all its areas and periods while it is counted


def observations(
    counts: pl.DataFrame, event_years: pl.Series, open_observations: pl.DataFrame, places: Places
) -> pl.DataFrame:
    """Events by status and audience, officials by kind of number and audience, and officials per 100,000 people.

    ``counts`` are those of all events (see ``counted``), ``event_years`` the years in which there are any.
    """
    years = years_between(event_years)
    everywhere = places.areas.select("area_code")
    officials = _by_basis(counts, "officials", places, years)

    def cells(measure: str) -> pl.DataFrame:
        return counts.filter(measure=measure).drop("measure")

    return pl.concat(
        [
            observed(
                with_known_zeros(cells("events"), places, years, areas=everywhere, categories=EVENT_STATUSES),
                "training_events",
            ),
            observed(cells("events_by_audience"), "events_by_audience"),
            observed(
                with_known_zeros(cells("events_with_number"), places, years, areas=everywhere, categories=NUMBER_BASES),
                "events_with_number",
            ),
            observed(officials, "officials_trained"),
            observed(_by_basis(counts, "with_civil_society", places, years), "officials_trained_with_civil_society"),
            observed(
                _by_basis(counts, "not_attributable", places, years).join(places.groups, on="area_code", how="semi"),
                "officials_not_attributable",
            ),
            observed(cells("officials_by_audience"), "officials_by_audience"),
            observed(_per_100000(officials, open_observations, places), "officials_per_100000"),
        ]
    )


def counted(tables: Mapping[str, pl.DataFrame], places: Places) -> pl.DataFrame:
    """Events and officials in every area and period, of whole events: what parts of all events give may be ``added``.

    Columns: measure, area_code, period, category, value (empty where there are rows but no number to add).
    """
    return counted_alike(_alike(tables), places)


def counted_alike(alike: "Alike", places: Places) -> pl.DataFrame:
    """The same of events of which those alike are together."""
    pieces = alike.events.iter_slices(_PLACED_AT_ONCE) if len(alike.events) else [alike.events]
    return added(_counted_alike(piece, alike.takers, alike.audiences, places) for piece in pieces)


def _counted_alike(events: pl.DataFrame, takers: pl.DataFrame, audiences: pl.DataFrame, places: Places) -> pl.DataFrame:
    placed = _events_in_areas(events, takers, places)
    numbers = _numbers_in_areas(placed, takers, places)
    by_audience = placed.join(audiences, on="event_id")
    return pl.concat(
        [
            _cells("events", placed, "events", "category"),
            _cells("events_with_number", placed.drop_nulls("number_basis"), "events", "number_basis"),
            _cells("events_by_audience", by_audience, "events", "category", "audience_group"),
            *(
                _cells(measure, numbers, measure, "number_basis")
                for measure in ("officials", "with_civil_society", "not_attributable")
            ),
            _cells(
                "officials_by_audience", _with_audience(numbers, audiences), "officials", "number_basis", "audience"
            ),
        ]
    )


def added(counts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """The counts of all events from those of their parts."""
    return pl.concat(counts).group_by("measure", *CELL).agg(_sum_of_known(pl.col("value")).alias("value"))


@dataclass(frozen=True, kw_only=True)
class Alike:
    """Events that are alike in all that is counted, as one: numbered, with what they state added up.

    ``events``: event_id (a number), category (their status), number_basis, year, count_scope, events (how many they
    are), officials_stated. ``takers``: event_id, state_code, own. ``audiences``: event_id, audience_group;
    ``not_stated`` where no audience is.
    """

    events: pl.DataFrame
    takers: pl.DataFrame
    audiences: pl.DataFrame


def alike_without_takers(kinds: pl.DataFrame) -> Alike:
    """Events in which no state took part, by their kinds.

    ``kinds``: category, number_basis, year, count_scope, groups (of their audiences, split at ``;``), events,
    officials_stated.
    """
    events = kinds.with_row_index("event_id")
    takers = pl.DataFrame(schema={"event_id": pl.UInt32, "state_code": pl.String, "own": pl.Int64})
    return Alike(events=events.drop("groups"), takers=takers, audiences=_groups_named(events))


def _groups_named(alike: pl.DataFrame) -> pl.DataFrame:
    named = alike.select("event_id", audience_group=pl.col("groups").fill_null(NOT_STATED).str.split(";"))
    return named.explode("audience_group").unique()


def _alike(tables: Mapping[str, pl.DataFrame]) -> Alike:
    """The events of whole tables, those alike together."""
    events, takers = tables["fct_training_event"], participants(tables)
    taken = takers.join(own_numbers(events, takers), on=["event_id", "state_code"], how="left", validate="1:1")
    has_own = pl.when(pl.col("own").is_not_null()).then(pl.lit("=")).otherwise(pl.lit(""))
    states = taken.group_by("event_id").agg(states=pl.col("state_code") + has_own)
    groups = tables["training_audience"].group_by("event_id").agg(groups="audience_group")
    same = ["category", "number_basis", "year", "count_scope", "states", "groups"]
    each = (
        events.rename({"status": "category"})
        .join(states, on="event_id", how="left", validate="1:1")
        .join(groups, on="event_id", how="left", validate="1:1")
        .with_columns(pl.col("states").list.sort().list.join(";"), pl.col("groups").list.join(";"))
        .select("event_id", "officials_stated", *same)
    )
    alike = (
        each.group_by(same)
        .agg(events=pl.len().cast(pl.Int64), officials_stated=_sum_of_known(pl.col("officials_stated")))
        .with_row_index("event_id")
    )
    own = (
        taken.join(each.select("event_id", *same), on="event_id", validate="m:1")
        .group_by(*same, "state_code")
        .agg(own=_sum_of_known(pl.col("own")))
        .join(alike.select("event_id", *same), on=same, nulls_equal=True, validate="m:1")
        .select("event_id", "state_code", "own")
    )
    return Alike(events=alike.drop("states", "groups"), takers=own, audiences=_groups_named(alike))


def _cells(measure: str, rows: pl.DataFrame, value: str, *category: str) -> pl.DataFrame:
    return (
        rows.group_by("area_code", "period", *category)
        .agg(_sum_of_known(pl.col(value)).alias("value"))
        .with_columns(measure=pl.lit(measure), category=pl.concat_str(category, separator="."))
        .select("measure", *CELL, "value")
    )


def _sum_of_known(value: pl.Expr) -> pl.Expr:
    return pl.when(value.count() > 0).then(value.sum())


def participants(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """The states that took part in each event, hosts left out: event_id, state_code, own_stated."""
    return (
        tables["fct_training_participation"]
        .filter(pl.col("role") == "participant")
        .select("event_id", state_code="area_code", own_stated="officials_stated")
    )


def _events_in_areas(events: pl.DataFrame, takers: pl.DataFrame, places: Places) -> pl.DataFrame:
    """Each event once for each area a participant belongs to, and for the hemisphere.

    Columns: area_code, period, those of ``events``, takers_here (how many), own (their own numbers, added up).
    """
    periods = in_periods(events.select("event_id", "year")).drop("year")
    return (
        places.spread(periods.join(takers, on="event_id", how="left"))
        .group_by(_EVENT_IN_AREA)
        .agg(takers_here=pl.col("state_code").count(), own=_sum_of_known(pl.col("own")))
        .join(events, on="event_id", validate="m:1")
    )


def _numbers_in_areas(placed: pl.DataFrame, takers: pl.DataFrame, places: Places) -> pl.DataFrame:
    """For each event with a number and each of its areas: what of the number belongs to the area.

    Columns: area_code, period, event_id, number_basis, officials, with_civil_society, not_attributable. A number
    belongs to a state only where a source gives it for that state or the event had one country, to a group also where
    all participants belong to the group, and to the hemisphere always.
    """
    of_event = takers.group_by("event_id").agg(takers=pl.len(), given=pl.col("own").sum())
    is_hemisphere = pl.col("area_code") == places.hemisphere
    is_whole = is_hemisphere | (~places.is_state & (pl.col("takers_here") == pl.col("takers")) & (pl.col("takers") > 1))
    officials = pl.when(is_whole).then("officials_stated").otherwise("own")
    has_others = (pl.col("count_scope") == "officials_and_civil_society").fill_null(False)
    return (
        placed.drop_nulls("officials_stated")
        .join(of_event, on="event_id", how="left", validate="m:1")
        .with_columns(officials=officials, not_attributable=pl.col("officials_stated") - pl.col("given").fill_null(0))
        .with_columns(with_civil_society=pl.col("officials") * has_others.cast(pl.Int64))
        .select(*_EVENT_IN_AREA, "number_basis", "officials", "with_civil_society", "not_attributable")
    )


def own_numbers(events: pl.DataFrame, takers: pl.DataFrame) -> pl.DataFrame:
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
                _more_than_stated(event_id, stated, given)
                for event_id, stated, given in broken.select("event_id", "officials_stated", "given").iter_rows()
            ]
        )
    return own.select("event_id", "state_code", "own")


def _more_than_stated(event_id: str, stated: int | None, given: int) -> str:
    if stated is None:
        return _(
            "training_participation: the states of event {event} are given {given} officials, the event itself states "
            "no number; expected: at least {given}, with its basis",
            event=event_id,
            given=str(given),
        )
    return _(
        "training_participation: the states of event {event} are given {given} officials, the event itself states "
        "{stated}; expected: at least {given}, with its basis",
        event=event_id,
        given=str(given),
        stated=str(stated),
    )


def _by_basis(counts: pl.DataFrame, measure: str, places: Places, years: range) -> pl.DataFrame:
    """A sum of officials by kind of number; 0 only where no event is on record at all.

    Events without a number of this kind leave the cell empty (O, ``number_not_stated``), and so does a number that no
    one state or group can claim (O, ``not_attributable``).
    """
    sums = counts.filter(measure=measure).drop("measure")
    cells = with_known_zeros(
        sums.drop_nulls("value"),
        places,
        years,
        areas=places.areas.select("area_code"),
        categories=NUMBER_BASES,
    )
    number = sums.select(*CELL, is_stated=pl.lit(True), has_sum=pl.col("value").is_not_null())
    events = counts.filter(measure="events").select("area_code", "period", has_events=pl.lit(True)).unique()
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


def _with_audience(numbers: pl.DataFrame, audiences: pl.DataFrame) -> pl.DataFrame:
    label = audiences.group_by("event_id").agg(
        audience=pl.when(pl.len() == 1).then(pl.col("audience_group").first()).otherwise(pl.lit(SEVERAL))
    )
    return numbers.drop_nulls("officials").join(label, on="event_id", validate="m:1")


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
