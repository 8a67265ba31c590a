"""What pages count of training events, counted when the edition is built: as few rows however many events there are.

Each table is made of whole events, so the counts of all events are the sums of those of their parts.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from pipelines import schemas
from pipelines.conform import conform
from pipelines.derive.training import NOT_STATED, SEVERAL, own_numbers, participants

Tables = Mapping[str, pl.DataFrame]

MEASURES = {
    "count_event": (
        "events",
        "officials",
        "attributable",
        "attributable_events",
        "shared",
        "shared_events",
        "events_of_many",
        "events_with_women",
    ),
    "count_event_area": ("events", "events_hosted"),
    "count_official_area": ("officials", "with_civil_society", "events"),
    "count_audience": ("events", "officials"),
    "count_event_source": ("events",),
    "count_source_row": ("rows",),
    "count_reach": ("records",),
}
"""The columns of each table that are added up; the others say what is counted."""
_TIMES = ["year", "first_year", "last_year"]
_MOST_STATES = 64  # bits of a whole number


@dataclass(frozen=True)
class Groups:
    """The states' bits, and the groups as bits of their members for each time in which these are the same.

    ``states``: area_code, bit. ``members``: area_code, from_on, to_on, members.
    """

    hemisphere: str
    states: pl.DataFrame
    members: pl.DataFrame


def groups_of(tables: Tables) -> Groups:
    """The groups of all schemes with their members over time."""
    areas = tables["dim_area"]
    codes = areas.filter(area_type="country")["area_code"].sort()
    if codes.len() > _MOST_STATES:
        raise ValueError(f"{codes.len()} states; events can be counted by group for up to {_MOST_STATES}")
    bits = pl.Series("bit", [1 << place for place in range(codes.len())], dtype=pl.UInt64)
    states = pl.DataFrame([codes, bits])
    members = [
        {"area_code": group, "from_on": start, "to_on": end, "members": bits}
        for group in areas.filter(~pl.col("area_type").is_in(["country", "hemisphere"]))["area_code"].sort()
        for start, end, bits in _times(tables["area_membership"].filter(group_code=group), states)
    ]
    return Groups(
        hemisphere=areas.filter(area_type="hemisphere")["area_code"].item(),
        states=states,
        members=pl.DataFrame(
            members, schema={"area_code": pl.String, "from_on": pl.Date, "to_on": pl.Date, "members": pl.UInt64}
        ),
    )


def _times(
    memberships: pl.DataFrame, states: pl.DataFrame
) -> Iterable[tuple[datetime.date | None, datetime.date | None, int]]:
    """The times between changes of a group's members (first and last day, both included) with the members' bits."""
    a_day = datetime.timedelta(days=1)
    changes = {*memberships["from_on"].drop_nulls(), *(day + a_day for day in memberships["to_on"].drop_nulls())}
    starts = [None, *sorted(changes)]
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        end = None if following is None else following - a_day
        day = start or end or datetime.date.min
        standing = memberships.filter(
            pl.col("from_on").is_null() | (pl.col("from_on") <= day),
            pl.col("to_on").is_null() | (pl.col("to_on") >= day),
        )
        yield start, end, sum(states.join(standing, on="area_code", how="semi")["bit"].to_list())


def in_states(part: Tables) -> pl.DataFrame:
    """The states of each event, once each: event_id, area_code, took_part, hosted, own_officials (stated for it)."""
    named = part["fct_training_participation"]
    took_part = named.filter(pl.col("role") == "participant").select(
        "event_id", "area_code", took_part=pl.lit(True), own_officials="officials_stated"
    )
    hosted = named.filter(pl.col("role") == "host").select("event_id", "area_code", hosted=pl.lit(True))
    return took_part.join(hosted, on=["event_id", "area_code"], how="full", coalesce=True, validate="1:1").with_columns(
        pl.col("took_part", "hosted").fill_null(False)
    )


def counted(part: Tables, states: pl.DataFrame, groups: Groups) -> dict[str, pl.DataFrame]:
    """The counts of the tables of whole events (and their ``in_states``), by the name of the table that they are of."""
    takers = participants(part)
    own = own_numbers(part["fct_training_event"], takers)
    events = _events(part, takers, own, groups)
    counts = {
        "count_event": _all(events),
        "count_event_area": pl.concat([_of_states(states, events), _of_groups(events, groups)]),
        "count_official_area": _officials_of_states(events, own),
        "count_audience": _audiences(part, events),
        "count_event_source": _sources(events, takers, groups.hemisphere),
        "count_source_row": _rows_by_source(part),
        "count_reach": part["fct_reach"]
        .group_by([name for name in schemas.ReachCount.column_names() if name != "records"])
        .agg(records=pl.len()),
    }
    return {name: _in_columns(table, name) for name, table in counts.items()}


def added(tables: Iterable[Tables]) -> dict[str, pl.DataFrame]:
    """The counts of all events from those of their parts."""
    together = list(tables)
    return {
        name: pl.concat([part[name] for part in together])
        .group_by([column for column in _columns(name) if column not in measures])
        .agg(_sum_of_known(pl.col(measure)).alias(measure) for measure in measures)
        .pipe(_in_columns, name)
        for name, measures in MEASURES.items()
    }


def conformed(counts: Tables) -> dict[str, pl.DataFrame]:
    """The tables of counts as the edition holds them."""
    return {name: conform(table, schemas.TABLES[name], name) for name, table in counts.items()}


def _events(part: Tables, takers: pl.DataFrame, own: pl.DataFrame, groups: Groups) -> pl.DataFrame:
    """Every event with ``states`` (the bits of those that took part) and ``given`` (people whose state is known)."""
    bits = takers.join(groups.states, left_on="state_code", right_on="area_code")
    took_part = bits.group_by("event_id").agg(states=pl.col("bit").sum())  # each state once, so the sum sets its bit
    given = own.group_by("event_id").agg(given=pl.col("own").sum())
    return (
        part["fct_training_event"]
        .join(took_part, on="event_id", how="left", validate="1:1")
        .join(given, on="event_id", how="left", validate="1:1")
        .with_columns(pl.col("states", "given").fill_null(0))
    )


def _all(events: pl.DataFrame) -> pl.DataFrame:
    stated, given = pl.col("officials_stated"), pl.col("given")
    is_stated = stated.is_not_null()
    rest = stated - given
    return events.group_by(*_TIMES, "status", "number_basis", "count_scope", names_states=pl.col("states") > 0).agg(
        events=pl.len(),
        officials=_sum_of_known(stated),
        attributable=given.filter(is_stated).sum(),
        attributable_events=(is_stated & (given > 0)).sum(),
        shared=rest.sum(),
        shared_events=(rest > 0).sum(),
        events_of_many=(is_stated & pl.col("attributable_area_code").is_null()).sum(),
        events_with_women=pl.col("women_stated").count(),
    )


def _of_states(states: pl.DataFrame, events: pl.DataFrame) -> pl.DataFrame:
    took_part = pl.col("took_part")
    return (
        states.join(events.select("event_id", *_TIMES, "status"), on="event_id", validate="m:1")
        .group_by("area_code", *_TIMES, "status")
        .agg(events=took_part.sum(), events_hosted=(~took_part).sum())
        .with_columns(from_on=pl.lit(None, pl.Date), to_on=pl.lit(None, pl.Date))
        .pipe(_in_columns, "count_event_area")
    )


def _of_groups(events: pl.DataFrame, groups: Groups) -> pl.DataFrame:
    alike = events.group_by(*_TIMES, "status", "states").agg(events=pl.len())
    return pl.concat(
        [
            alike.filter(pl.col("states") & members > 0)
            .group_by(*_TIMES, "status")
            .agg(pl.col("events").sum(), events_hosted=pl.lit(0))
            .with_columns(
                area_code=pl.lit(group, pl.String), from_on=pl.lit(start, pl.Date), to_on=pl.lit(end, pl.Date)
            )
            .pipe(_in_columns, "count_event_area")
            for group, start, end, members in groups.members.iter_rows()
        ]
    )


def _officials_of_states(events: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    has_others = (pl.col("count_scope") == "officials_and_civil_society").fill_null(False)
    return (
        own.join(events.select("event_id", "year", "number_basis", "count_scope"), on="event_id", validate="m:1")
        .group_by("year", "number_basis", area_code="state_code")
        .agg(officials=pl.col("own").sum(), with_civil_society=pl.col("own").filter(has_others).sum(), events=pl.len())
    )


def _audiences(part: Tables, events: pl.DataFrame) -> pl.DataFrame:
    # Many events name the same list of audiences: those of one kind are taken as one.
    kind = ["audience", "year", "status", "number_basis"]
    alike = events.group_by(kind).agg(
        pl.col("event_id").first(), events=pl.len(), officials=_sum_of_known(pl.col("officials_stated"))
    )
    named = (
        part["training_audience"].join(alike, on="event_id", how="semi").select("event_id", "audience_group").unique()
    )
    own = alike.join(named.group_by("event_id").agg(groups=pl.len()), on="event_id", how="left", validate="1:1")
    has_several = pl.col("groups").fill_null(0) > 1
    of_groups = own.join(named, on="event_id", how="left").with_columns(
        pl.col("audience_group").fill_null(NOT_STATED), officials=pl.when(~has_several).then("officials")
    )
    of_several = own.filter(has_several).with_columns(audience_group=pl.lit(SEVERAL))
    return (
        pl.concat([of_groups, of_several])
        .group_by("audience_group", "year", "status", "number_basis")
        .agg(pl.col("events").sum(), officials=_sum_of_known(pl.col("officials")))
    )


def _sources(events: pl.DataFrame, takers: pl.DataFrame, hemisphere: str) -> pl.DataFrame:
    said = events.select(
        "event_id",
        *_TIMES,
        "status",
        "source_id",
        "source_id_2",
        has_number=pl.col("officials_stated").is_not_null(),
        names_states=pl.col("states") > 0,
    )
    cited = pl.concat(
        [
            said.drop("source_id_2").with_columns(is_first=pl.lit(True)),
            said.drop_nulls("source_id_2")
            .with_columns(source_id="source_id_2", is_first=pl.lit(False))
            .drop("source_id_2"),
        ]
    )
    alike = [*_TIMES, "status", "has_number", "names_states", "source_id", "is_first"]
    in_states = takers.select("event_id", area_code="state_code").join(cited, on="event_id")
    return pl.concat(
        [
            cited.group_by(alike).agg(events=pl.len()).with_columns(area_code=pl.lit(hemisphere)),
            in_states.group_by(*alike, "area_code").agg(events=pl.len()),
        ],
        how="diagonal",
    )


def _rows_by_source(part: Tables) -> pl.DataFrame:
    events = part["fct_training_event"].select("source_id", "source_id_2")
    is_another = pl.col("source_id_2") != pl.col("source_id")
    cited = pl.concat([events.select("source_id"), events.filter(is_another).select(source_id="source_id_2")])
    named = {"fct_training_event": cited, "fct_training_participation": part["fct_training_participation"]}
    return pl.concat(
        [
            rows.group_by("source_id").agg(rows=pl.len()).select("source_id", "rows", table_name=pl.lit(name))
            for name, rows in named.items()
        ]
    )


def _in_columns(table: pl.DataFrame, name: str) -> pl.DataFrame:
    return table.select(
        pl.col(column).cast(pl.Int64) if column in MEASURES[name] else column for column in _columns(name)
    )


def _columns(name: str) -> list[str]:
    return schemas.TABLES[name].column_names()


def _sum_of_known(value: pl.Expr) -> pl.Expr:
    return pl.when(value.count() > 0).then(value.sum())
