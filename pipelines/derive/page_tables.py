"""The tables that pages read in the place of very many records: counts of events, and the events that a list can show.

They are made inside the edition's file, of the tables in it, so that they take as little however many events there are.
Each statement gives the columns of its contract in their order, and its rows sorted.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from pipelines.derive.training import NOT_STATED, SEVERAL
from pipelines.editions import Writer
from pipelines.fields import LIST_SEPARATOR

LISTED = 200
"""Events of an area, newest first, that a list of any period shows at most."""
_MOST_STATES = 64  # bits of a whole number

_TOOK_PART = """
    select
        event.rowid as event_row,
        part.area_code,
        part.officials_stated as own_stated,
        coalesce(
            part.officials_stated,
            case when event.attributable_area_code = part.area_code then event.officials_stated end
        ) as own
    from fct_training_participation as part
    join fct_training_event as event on event.event_id = part.event_id
    where part.role = 'participant'
    """
_TOGETHER = """
    select
        event_row,
        coalesce(bit_or(bit), 0)::ubigint as states,
        coalesce(sum(own), 0)::bigint as given
    from took_part
    left join state on state.area_code = took_part.area_code
    group by event_row
    """
# A period has all events of an area with the same three years or none: of these the newest are enough for any period.
# So that only few events are put in order, those before the day of the last one are left out first, by counts of days.
_NEWEST = """
    with
        event as not materialized (
            select
                rowid as event_row,
                year,
                first_year,
                last_year,
                coalesce(start_on - date '0001-01-01' + 1, 0) as day,
                host_area_code
            from fct_training_event
        ),
        hemisphere as (
            select area_code
            from dim_area
            where area_type = 'hemisphere'
        ),
        by_host as (
            select
                host_area_code,
                year,
                first_year,
                last_year,
                day,
                count(*) as events
            from event
            group by all
        ),
        daily as (
            select
                host_area_code as area_code,
                * exclude (host_area_code)
            from by_host
            where host_area_code is not null
            union all
            select
                area_code,
                by_host.* exclude (host_area_code)
            from by_host
            cross join hemisphere
            union all
            select
                area_code,
                year,
                first_year,
                last_year,
                day,
                count(*) as events
            from took_part
            join event on event.event_row = took_part.event_row
            where host_area_code is distinct from area_code
            group by all
        ),
        counted as (
            select
                area_code,
                year,
                first_year,
                last_year,
                day,
                sum(sum(events)) over (partition by area_code, year, first_year, last_year order by day desc)
                    - sum(events) as newer
            from daily
            group by area_code, year, first_year, last_year, day
        ),
        last_day as (
            select
                area_code,
                year,
                first_year,
                last_year,
                min(day) as day
            from counted
            where newer < $listed
            group by area_code, year, first_year, last_year
        ),
        places as (
            select
                host_area_code as area_code,
                * exclude (host_area_code)
            from event
            where host_area_code is not null
            union all
            select
                area_code,
                event.* exclude (host_area_code)
            from event
            cross join hemisphere
            union all
            select
                area_code,
                event.* exclude (host_area_code)
            from took_part
            join event on event.event_row = took_part.event_row
            where host_area_code is distinct from area_code
        )
    select
        places.area_code,
        places.area_code in (select area_code from hemisphere) as is_hemisphere,
        event_row
    from places
    join last_day
        on last_day.area_code = places.area_code
        and last_day.year is not distinct from places.year
        and last_day.first_year is not distinct from places.first_year
        and last_day.last_year is not distinct from places.last_year
        and last_day.day <= places.day
    qualify
        row_number() over (
            partition by places.area_code, places.year, places.first_year, places.last_year
            order by places.day desc, event_row
        ) <= $listed
    """
_HELPERS = {"took_part": _TOOK_PART, "together": _TOGETHER, "newest": _NEWEST}
"""What several statements read, or one that would else hold too much at once.

The states that took part in each event, with people stated for each; the same as bits, with the people added up; the
events to list of each area.
"""

_ALL = """
    select
        year,
        first_year,
        last_year,
        status,
        number_basis,
        count_scope,
        coalesce(states, 0) > 0 as names_states,
        count(*) as events,
        sum(officials_stated)::bigint as officials,
        coalesce(sum(given) filter (officials_stated is not null), 0)::bigint as attributable,
        count(*) filter (officials_stated is not null and given > 0) as attributable_events,
        coalesce(sum(officials_stated - coalesce(given, 0)), 0)::bigint as shared,
        count(*) filter (officials_stated > coalesce(given, 0)) as shared_events,
        count(*) filter (officials_stated is not null and attributable_area_code is null) as events_of_many,
        count(women_stated) as events_with_women
    from fct_training_event as event
    left join together on together.event_row = event.rowid
    group by all
    order by all nulls last
    """
_AREAS = """
    with
        of_states as (
            select
                year,
                first_year,
                last_year,
                area_code,
                status,
                count(*) as events,
                -count(*) filter (host_area_code = area_code) as events_hosted
            from took_part
            join fct_training_event as event on event.rowid = took_part.event_row
            group by all
            union all
            select
                year,
                first_year,
                last_year,
                host_area_code as area_code,
                status,
                0 as events,
                count(*) as events_hosted
            from fct_training_event as event
            where host_area_code is not null
            group by all
        ),
        alike as (
            select
                year,
                first_year,
                last_year,
                status,
                states,
                count(*) as events
            from together
            join fct_training_event as event on event.rowid = together.event_row
            group by all
        )
    select
        year,
        first_year,
        last_year,
        area_code,
        null::date as from_on,
        null::date as to_on,
        status,
        sum(events)::bigint as events,
        sum(events_hosted)::bigint as events_hosted
    from of_states
    group by all
    union all
    select
        year,
        first_year,
        last_year,
        area_code,
        from_on,
        to_on,
        status,
        sum(events)::bigint as events,
        0 as events_hosted
    from alike
    join members_over_time on (members & states) > 0
    group by all
    order by all nulls last
    """
_OFFICIALS = """
    select
        area_code,
        year,
        number_basis,
        sum(own)::bigint as officials,
        coalesce(sum(own) filter (count_scope = 'officials_and_civil_society'), 0)::bigint as with_civil_society,
        count(*) as events
    from took_part
    join fct_training_event as event on event.rowid = took_part.event_row
    where own is not null
    group by all
    order by all nulls last
    """
# Many events name the same list of audiences: each list is taken apart once.
_AUDIENCES = """
    with
        alike as (
            select
                audience,
                year,
                status,
                number_basis,
                count(*) as events,
                sum(officials_stated)::bigint as officials
            from fct_training_event
            group by all
        ),
        lists as (
            select distinct
                audience as named,
                unnest(string_split(audience, $separator)) as audience
            from alike
            where audience is not null
        ),
        grouped as (
            select
                named,
                list(distinct audience_group) as groups
            from lists
            join dim_audience on dim_audience.audience = lists.audience
            group by named
        ),
        counted as (
            select
                alike.*,
                coalesce(groups, [$not_stated]) as groups,
                coalesce(len(grouped.groups) > 1, false) as has_several
            from alike
            left join grouped on grouped.named = alike.audience
        ),
        cells as (
            select
                unnest(groups) as audience_group,
                year,
                status,
                number_basis,
                events,
                case when not has_several then officials end as officials
            from counted
            union all
            select
                $several as audience_group,
                year,
                status,
                number_basis,
                events,
                officials
            from counted
            where has_several
        )
    select
        audience_group,
        year,
        status,
        number_basis,
        sum(events)::bigint as events,
        sum(officials)::bigint as officials
    from cells
    group by all
    order by all nulls last
    """
_SOURCES = """
    with
        alike as (
            select
                year,
                first_year,
                last_year,
                (select area_code from dim_area where area_type = 'hemisphere') as area_code,
                source_id,
                source_id_2,
                status,
                officials_stated is not null as has_number,
                coalesce(states, 0) > 0 as names_states,
                count(*) as events
            from fct_training_event as event
            left join together on together.event_row = event.rowid
            group by all
            union all
            select
                year,
                first_year,
                last_year,
                area_code,
                source_id,
                source_id_2,
                status,
                officials_stated is not null as has_number,
                states > 0 as names_states,
                count(*) as events
            from took_part
            join together on together.event_row = took_part.event_row
            join fct_training_event as event on event.rowid = took_part.event_row
            group by all
        ),
        cited as (
            select
                * exclude (source_id_2),
                true as is_first
            from alike
            union all by name
            select
                * exclude (source_id, source_id_2),
                source_id_2 as source_id,
                false as is_first
            from alike
            where source_id_2 is not null
        )
    select
        year,
        first_year,
        last_year,
        area_code,
        source_id,
        is_first,
        status,
        has_number,
        names_states,
        sum(events)::bigint as events
    from cited
    group by all
    order by all nulls last
    """
_ROWS_BY_SOURCE = """
    with
        named as (
            select
                source_id,
                source_id_2,
                count(*) as rows
            from fct_training_event
            group by all
        ),
        cited as (
            select
                'fct_training_event' as table_name,
                source_id,
                rows
            from named
            union all
            select
                'fct_training_event' as table_name,
                source_id_2 as source_id,
                rows
            from named
            where source_id_2 <> source_id
            union all
            select
                'fct_training_participation' as table_name,
                source_id,
                count(*) as rows
            from fct_training_participation
            group by all
        )
    select
        table_name,
        source_id,
        sum(rows)::bigint as rows
    from cited
    group by all
    order by all nulls last
    """
_REACH = """
    select
        year,
        first_year,
        last_year,
        area_code,
        record_kind,
        date_group,
        as_of_on,
        as_of_precision,
        source_id,
        count(*) as records
    from fct_reach
    group by all
    order by all nulls last
    """
_LISTED = """
    with
        listed as (
            select
                rowid as event_row,
                *
            from fct_training_event
            where rowid in (select event_row from newest)  -- sought by row, they are found without reading all
        ),
        named as (
            select
                event_row,
                string_agg(area_code, $separator order by area_code) as participants
            from took_part
            where event_row in (select event_row from newest)
            group by event_row
        )
    select
        listed.* exclude (event_row, event_id),
        listed.event_id,
        newest.area_code,
        case when is_hemisphere then participants is not null else own.event_row is not null end as took_part,
        case
            when is_hemisphere then host_area_code is not null
            else coalesce(host_area_code = newest.area_code, false)
        end as hosted,
        participants,
        own_stated as own_officials
    from newest
    join listed on listed.event_row = newest.event_row
    left join took_part as own on own.event_row = newest.event_row and own.area_code = newest.area_code
    left join named on named.event_row = newest.event_row
    order by newest.area_code, year nulls last, start_on nulls last, event_id
    """
_STATEMENTS = {
    "count_event": _ALL,
    "count_event_area": _AREAS,
    "count_official_area": _OFFICIALS,
    "count_audience": _AUDIENCES,
    "count_event_source": _SOURCES,
    "count_source_row": _ROWS_BY_SOURCE,
    "count_reach": _REACH,
    "listed_event": _LISTED,
}
_VALUES = {"listed": LISTED, "not_stated": NOT_STATED, "separator": LIST_SEPARATOR, "several": SEVERAL}
PAGE_TABLES = tuple(_STATEMENTS)
"""Their names; they only restate other tables of the edition."""


@dataclass(frozen=True)
class Groups:
    """The states' bits, and the groups as bits of their members for each time in which these are the same.

    ``states``: area_code, bit. ``members``: area_code, from_on, to_on, members.
    """

    states: pl.DataFrame
    members: pl.DataFrame


def add_page_tables(writer: Writer, tables: Mapping[str, pl.DataFrame]) -> None:
    """Have them written once all tables are that they are made of; of ``tables``, areas and memberships are needed."""
    groups = groups_of(tables)
    beside = {"state": groups.states, "members_over_time": groups.members}
    writer.add_views()
    for name, query in _HELPERS.items():
        writer.add_helper(name, query, beside, _values_in(query))
    for name, query in _STATEMENTS.items():
        writer.add_found(name, query, beside, _values_in(query))


def _values_in(query: str) -> dict[str, object]:
    return {name: value for name, value in _VALUES.items() if f"${name}" in query}


def groups_of(tables: Mapping[str, pl.DataFrame]) -> Groups:
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
