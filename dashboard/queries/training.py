"""Training events, officials trained and countries covered."""

from datetime import date

import polars as pl

from dashboard.areas import HEMISPHERE
from dashboard.db import fetch


def events_by_year(area_code: str, first_year: int, last_year: int) -> pl.DataFrame:
    """year, category (held, announced, planned), value of an area's events, oldest first; years with none are absent."""
    return fetch(
        """
        select year, category, value
        from fct_observation
        where indicator_id = 'training_events'
          and area_code = $area_code
          and period_kind = 'year'
          and value > 0
          and year between $first_year and $last_year
        order by year, category
        """,
        area_code=area_code,
        first_year=first_year,
        last_year=last_year,
    )


def events_without_year(area_code: str) -> pl.DataFrame:
    """category, value of an area's events that no source places in one year."""
    return fetch(
        """
        select category, value
        from fct_observation
        where indicator_id = 'training_events'
          and area_code = $area_code
          and period_kind = 'undated'
          and value > 0
        order by category
        """,
        area_code=area_code,
    )


def event_counts(first_year: int, last_year: int, is_all_time: bool) -> pl.DataFrame:
    """status, date_group, events, of the events of the years; with ``is_all_time`` also of those without a single year."""
    return fetch(
        """
        select
            status,
            case
                when year is not null then 'dated'
                when coalesce(first_year, last_year) is not null then 'span'
                else 'undated'
            end as date_group,
            sum(events)::bigint as events
        from count_event
        where $is_all_time or year between $first_year and $last_year
        group by 1, 2
        order by 1, 2
        """,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )


def event_details(first_year: int, last_year: int, most: int) -> pl.DataFrame:
    """The newest ``most`` (200 or fewer) events of the years with every detail; then those of a span of years, then the undated ones.

    An event that lies in a span of years belongs to the period if the span meets it; an undated one always does.
    ``events_in_all`` on each row is the number of events of the period, shown or not.
    """
    return fetch(
        """
        with
        newest as (
            select *
            from listed_event
            where area_code = $hemisphere
              and coalesce(last_year, 9999) >= $first_year
              and coalesce(first_year, 0) <= $last_year
            order by year desc nulls last, start_on desc nulls last, event_id
            limit $most
        ),
        counted as (
            select sum(events)::bigint as events_in_all
            from count_event
            where coalesce(last_year, 9999) >= $first_year and coalesce(first_year, 0) <= $last_year
        )
        select
            event_id, title, event_type, newest.programme_id, name as programme,
            name_original as programme_original, status, start_on, start_precision, end_on, end_precision, year,
            first_year, last_year, date_group, city, host_area_code,
            case when participants is null then [] else string_split(participants, ';') end as participants, audience,
            officials_stated, women_stated, number_basis, count_scope, attributable_area_code, modality, topics,
            newest.source_id, source_id_2, newest.note, newest.text_lang, events_in_all
        from newest
        cross join counted
        left join dim_programme on dim_programme.programme_id = newest.programme_id
        order by year desc nulls last, start_on desc nulls last, event_id
        """,
        hemisphere=HEMISPHERE,
        first_year=first_year,
        last_year=last_year,
        most=most,
    )


def sources_of_events(first_year: int, last_year: int) -> pl.DataFrame:
    """source_id of every document behind the events of the years (undated ones included), by id."""
    return fetch(
        """
        select distinct source_id
        from count_event_source
        where area_code = $hemisphere
          and coalesce(last_year, 9999) >= $first_year
          and coalesce(first_year, 0) <= $last_year
        order by source_id
        """,
        hemisphere=HEMISPHERE,
        first_year=first_year,
        last_year=last_year,
    )


def sources_of_counted_events(first_year: int, last_year: int, is_all_time: bool) -> pl.DataFrame:
    """source_id of every document behind the events that count: of the years, or with ``is_all_time`` all, by id."""
    return fetch(
        """
        select distinct source_id
        from count_event_source
        where area_code = $hemisphere
          and ($is_all_time or year between $first_year and $last_year)
        order by source_id
        """,
        hemisphere=HEMISPHERE,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )


def sources_of_numbers(first_year: int, last_year: int) -> pl.DataFrame:
    """source_id of every document behind the events of the years for which a number of people is stated, by id."""
    return fetch(
        """
        select distinct source_id
        from count_event_source
        where area_code = $hemisphere
          and has_number
          and coalesce(last_year, 9999) >= $first_year
          and coalesce(first_year, 0) <= $last_year
        order by source_id
        """,
        hemisphere=HEMISPHERE,
        first_year=first_year,
        last_year=last_year,
    )


def officials_by_year(first_year: int, last_year: int) -> pl.DataFrame:
    """year, number_basis, is_attributable, value (people as stated), events; oldest first, without a single year last.

    Each event once. The part of a number that a source gives to a country, or that belongs to the only country of the
    event, is attributable; the rest is not. A number is never split.
    """
    return fetch(
        """
        with numbers as (
            select
                year,
                number_basis,
                unnest([true, false]) as is_attributable,
                unnest([attributable, shared]) as value,
                unnest([attributable_events, shared_events]) as events
            from count_event
            where officials is not null and (year is null or year between $first_year and $last_year)
        )
        select year, number_basis, is_attributable, sum(value)::bigint as value, sum(events)::bigint as events
        from numbers
        where value > 0
        group by year, number_basis, is_attributable
        order by year nulls last, number_basis, is_attributable desc
        """,
        first_year=first_year,
        last_year=last_year,
    )


def number_counts(first_year: int, last_year: int, is_all_time: bool) -> dict[str, int]:
    """Of the events of a period: events, with_number, women_stated (each a number of events)."""
    return fetch(
        """
        select
            coalesce(sum(events), 0)::bigint as events,
            coalesce(sum(events) filter (number_basis is not null), 0)::bigint as with_number,
            coalesce(sum(events_with_women), 0)::bigint as women_stated
        from count_event
        where $is_all_time or year between $first_year and $last_year
        """,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    ).row(0, named=True)


def numbers_with_civil_society(first_year: int, last_year: int, is_all_time: bool) -> pl.DataFrame:
    """year, number_basis, value of the numbers that include people from civil society, summed, newest first."""
    return fetch(
        """
        select year, number_basis, sum(officials)::bigint as value
        from count_event
        where officials is not null
          and count_scope = 'officials_and_civil_society'
          and ($is_all_time or year between $first_year and $last_year)
        group by year, number_basis
        order by year desc nulls last, number_basis
        """,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )


def officials_by_state(first_year: int, last_year: int, is_all_time: bool) -> pl.DataFrame:
    """area_code, number_basis, value, with_civil_society (of value), events; only numbers that belong to one state."""
    return fetch(
        """
        select
            area_code,
            number_basis,
            sum(officials)::bigint as value,
            sum(with_civil_society)::bigint as with_civil_society,
            sum(events)::bigint as events
        from count_official_area
        where $is_all_time or year between $first_year and $last_year
        group by area_code, number_basis
        order by area_code, number_basis
        """,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )


def events_and_reach_by_group(
    scheme_id: str, hemisphere: str, first_year: int, last_year: int, is_all_time: bool, on: date
) -> pl.DataFrame:
    """group_code, participating, reached, held, announced, planned of a scheme's groups and of the hemisphere, by code.

    Each event once in each group that it reached and once in the hemisphere, which also counts the events whose sources
    name no state taking part. ``reached`` are states that take part in the OAS on the day ``on``.
    """
    return fetch(
        """
        with belongs as (
            select group_code, area_code
            from area_membership
            where scheme_id = $scheme_id and (from_on is null or from_on <= $on) and (to_on is null or to_on >= $on)
            union all
            select $hemisphere, area_code
            from dim_area
            where area_type = 'country'
        ),
        taking_part as (
            select distinct area_code
            from oas_participation
            where is_counted and from_on <= $on and coalesce(to_on, date '9999-12-31') >= $on
        ),
        reached as (
            select area_code
            from count_reach
            where $is_all_time or year between $first_year and $last_year
        ),
        placed as (
            select area_code as group_code, status, events
            from count_event_area
            where (from_on is null or from_on <= $on)
              and (to_on is null or to_on >= $on)
              and ($is_all_time or year between $first_year and $last_year)
            union all
            select $hemisphere, status, events
            from count_event
            where $is_all_time or year between $first_year and $last_year
        ),
        counted as (
            select
                group_code,
                sum(events) filter (status = 'held')::bigint as held,
                sum(events) filter (status = 'announced')::bigint as announced,
                sum(events) filter (status = 'planned')::bigint as planned
            from placed
            group by group_code
        )
        select
            group_code,
            count(taking_part.area_code) as participating,
            count(taking_part.area_code) filter (belongs.area_code in (from reached)) as reached,
            coalesce(any_value(held), 0) as held,
            coalesce(any_value(announced), 0) as announced,
            coalesce(any_value(planned), 0) as planned
        from belongs
        left join taking_part using (area_code)
        left join counted using (group_code)
        group by group_code
        order by group_code
        """,
        scheme_id=scheme_id,
        hemisphere=hemisphere,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
        on=on,
    )


def events_naming_no_state(first_year: int, last_year: int, is_all_time: bool) -> int:
    """How many events of a period have a source that names no state taking part."""
    rows = fetch(
        """
        select coalesce(sum(events), 0)::bigint as events
        from count_event
        where not names_states and ($is_all_time or year between $first_year and $last_year)
        """,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )
    return int(rows["events"][0])


def events_by_audience(first_year: int, last_year: int, is_all_time: bool) -> pl.DataFrame:
    """audience_group, held, announced, planned: each event once in every group that it names; ``not_stated`` if none."""
    return fetch(
        """
        select
            audience_group,
            coalesce(sum(events) filter (status = 'held'), 0)::bigint as held,
            coalesce(sum(events) filter (status = 'announced'), 0)::bigint as announced,
            coalesce(sum(events) filter (status = 'planned'), 0)::bigint as planned
        from count_audience
        where audience_group <> 'several' and ($is_all_time or year between $first_year and $last_year)
        group by audience_group
        order by audience_group
        """,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )


def officials_by_audience(first_year: int, last_year: int, is_all_time: bool) -> pl.DataFrame:
    """audience_group, number_basis, value: numbers of events with one audience group; ``several`` for all others."""
    return fetch(
        """
        select audience_group, number_basis, sum(officials)::bigint as value
        from count_audience
        where officials is not null and ($is_all_time or year between $first_year and $last_year)
        group by audience_group, number_basis
        order by audience_group, number_basis
        """,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )


def coverage_by_year(first_year: int, last_year: int, as_of: date) -> pl.DataFrame:
    """year, reached, participating, newly (codes) for every year of the period, oldest first.

    ``reached`` are the states reached from ``first_year`` up to the year by records of a single year, of those that take
    part in the OAS at the end of the year; ``newly`` are all states reached in the year for the first time.
    """
    return fetch(
        """
        with years as (
            select year, least(make_date(year, 12, 31), $as_of) as on_day
            from (select unnest(range($first_year, $last_year + 1))::integer as year)
        ),
        firsts as (
            select area_code, min(year) as first_reached
            from count_reach
            where year between $first_year and $last_year
            group by area_code
        ),
        counted as (
            select
                years.year,
                count(distinct oas_participation.area_code) as participating,
                count(distinct oas_participation.area_code) filter (first_reached <= years.year) as reached
            from years
            left join oas_participation
                on is_counted and from_on <= on_day and coalesce(to_on, date '9999-12-31') >= on_day
            left join firsts using (area_code)
            group by years.year
        ),
        new_ones as (
            select first_reached as year, list(area_code order by area_code) as newly
            from firsts
            group by first_reached
        )
        select year, reached, participating, coalesce(newly, []) as newly
        from counted
        left join new_ones using (year)
        order by year
        """,
        first_year=first_year,
        last_year=last_year,
        as_of=as_of,
    )


def last_reached() -> pl.DataFrame:
    """For each state, what is known of its training held or carried out, by code.

    Columns: area_code, last_year (of records of a single year), spans (texts like 2010–2012, oldest first), undated
    (records without any date), known_by_on with known_by_precision (the day by which all undated records had happened,
    where each of them tells), source_ids (of the records of the last year, else of all).
    """
    return fetch("""
        with newest as (
            select
                *,
                max(year) over (partition by area_code) as newest_year,
                concat(coalesce(first_year::varchar, ''), '–', coalesce(last_year::varchar, '')) as span
            from count_reach
        ),
        known as (
            select
                area_code,
                any_value(newest_year) as last_year,
                list_sort(list(distinct span) filter (date_group = 'span')) as spans,
                coalesce(sum(records) filter (date_group = 'undated'), 0)::bigint as undated,
                coalesce(sum(records) filter (date_group = 'undated' and as_of_on is not null), 0)::bigint as undated_known_by,
                max(as_of_on) filter (date_group = 'undated') as known_by_on,
                arg_max(as_of_precision, as_of_on) filter (date_group = 'undated') as known_by_precision,
                list_sort(list(distinct source_id) filter (newest_year is null or year = newest_year)) as source_ids
            from newest
            group by area_code
        )
        select
            dim_area.area_code,
            known.last_year,
            coalesce(spans, []) as spans,
            coalesce(undated, 0) as undated,
            case when undated = undated_known_by then known_by_on end as known_by_on,
            case when undated = undated_known_by then known_by_precision end as known_by_precision,
            coalesce(source_ids, []) as source_ids
        from dim_area
        left join known using (area_code)
        where area_type = 'country'
        order by dim_area.area_code
        """)


def only_without_a_year() -> pl.DataFrame:
    """area_code of the states that training reached, but never in a year that a source states, by code."""
    return fetch("""
        select area_code
        from count_reach
        group by area_code
        having count(year) = 0
        order by area_code
        """)


def statements(first_year: int, last_year: int) -> pl.DataFrame:
    """Every figure stated for many events at once that a year of the period can bear, or none, newest first."""
    return fetch(
        """
        select
            statement_id, training_statement.programme_id, name as programme, name_original as programme_original,
            scope, qualifier, value, unit, period, mark_year, additive_with_events, training_statement.source_id,
            training_statement.note, training_statement.text_lang
        from training_statement
        left join dim_programme on dim_programme.programme_id = training_statement.programme_id
        where mark_year is null or mark_year between $first_year and $last_year
        order by mark_year desc nulls last, statement_id
        """,
        first_year=first_year,
        last_year=last_year,
    )


def caveats(caveat_ids: list[str]) -> pl.DataFrame:
    """caveat_id and text_en … text_fr of the given remarks on the figures, by position; unknown ids are left out."""
    return fetch(
        """
        select caveat_id, text_en, text_es, text_pt, text_fr
        from dim_caveat
        where list_contains($caveat_ids, caveat_id)
        order by kind desc, position
        """,
        caveat_ids=caveat_ids,
    )


def as_of() -> date:
    """The edition's own day: what counts as today."""
    return fetch("select as_of_on from edition")["as_of_on"][0]
