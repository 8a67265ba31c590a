"""What the records and the open indicators say about the states of one group."""

from datetime import date

import polars as pl

from dashboard.db import fetch


def members_on(scheme_id: str, group_code: str, on: date) -> list[str]:
    """The states that belong to a group on a day, by code."""
    rows = fetch(
        """
        select distinct area_code
        from area_membership
        where scheme_id = $scheme_id
          and group_code = $group_code
          and (from_on is null or from_on <= $on)
          and (to_on is null or to_on >= $on)
        order by area_code
        """,
        scheme_id=scheme_id,
        group_code=group_code,
        on=on,
    )
    return rows["area_code"].to_list()


def memberships(scheme_id: str, group_code: str) -> pl.DataFrame:
    """Every membership of the group on record, past ones included, by state."""
    return fetch(
        """
        select area_code, from_on, from_precision, to_on, to_precision, note, source_id
        from area_membership
        where scheme_id = $scheme_id and group_code = $group_code
        order by area_code, from_on nulls first
        """,
        scheme_id=scheme_id,
        group_code=group_code,
    )


def members_side_by_side(
    area_codes: list[str], first_year: int, last_year: int, is_all_time: bool, on: date, round_id: str
) -> pl.DataFrame:
    """One row a state: training, programmes, standing in a questionnaire round, treaties; by code.

    ``is_reached`` by training, events ``held`` and ``others`` (announced or planned), ``programmes``, ``parties`` among
    the ``known`` standings with treaties. ``is_participating`` says whether the state is counted as taking part in the
    OAS on the day. ``last_trained`` is the newest dated training up to the period's end; ``is_undated_only`` tells that
    training is on record without a year.
    """
    return fetch(
        """
        with states as (
            select unnest($area_codes) as area_code
        ),
        taking_part as (
            select distinct area_code
            from oas_participation
            where is_counted and from_on <= $on and coalesce(to_on, date '9999-12-31') >= $on
        ),
        last_training as (
            select
                area_code,
                max(year) filter (year <= $last_year) as last_trained,
                count(*) filter ($is_all_time or year between $first_year and $last_year) as trainings
            from count_reach
            group by area_code
        ),
        events as (
            select
                area_code,
                sum(events) filter (status = 'held')::bigint as held,
                sum(events) filter (status <> 'held')::bigint as others
            from count_event_area
            where $is_all_time or year between $first_year and $last_year
            group by area_code
        ),
        programmes as (
            select area_code, count(distinct programme_id) as programmes
            from fct_deployment
            where status not in ('interest_expressed', 'announced', 'planned')
              and ($is_all_time or (year <= $last_year and last_year_counted >= $first_year))
            group by area_code
        ),
        replies as (
            select area_code, min(response_status) as response_status
            from fct_response
            where round_id = $round_id
            group by area_code
        ),
        treaties as (
            select
                area_code,
                count(*) filter (status = 'party') as parties,
                count(*) filter (status <> 'unknown') as known
            from fct_treaty_action
            group by area_code
        )
        select
            states.area_code,
            taking_part.area_code is not null as is_participating,
            coalesce(trainings, 0) > 0 as is_reached,
            coalesce(held, 0) as held,
            coalesce(others, 0) as others,
            coalesce(programmes, 0) as programmes,
            last_trained,
            coalesce(trainings, 0) > 0 and last_trained is null as is_undated_only,
            coalesce(response_status, 'not_stated') as response_status,
            coalesce(parties, 0) as parties,
            coalesce(known, 0) as known
        from states
        left join taking_part using (area_code)
        left join last_training using (area_code)
        left join events using (area_code)
        left join programmes using (area_code)
        left join replies using (area_code)
        left join treaties using (area_code)
        order by area_code
        """,
        area_codes=area_codes,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
        on=on,
        round_id=round_id,
    )


def event_sources(area_codes: list[str], first_year: int, last_year: int, is_all_time: bool) -> pl.DataFrame:
    """status, source_id of the events in which any of the states took part, each pair once, by source."""
    return fetch(
        """
        select distinct status, source_id
        from count_event_source
        where list_contains($area_codes, area_code)
          and is_first
          and ($is_all_time or year between $first_year and $last_year)
        order by source_id, status
        """,
        area_codes=area_codes,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )


def reply_sources(area_codes: list[str], round_id: str) -> pl.DataFrame:
    """source_id of what is known of the states' replies to a round, by source."""
    return fetch(
        """
        select distinct source_id
        from fct_response
        where round_id = $round_id and list_contains($area_codes, area_code)
        order by source_id
        """,
        area_codes=area_codes,
        round_id=round_id,
    )


def programmes(area_codes: list[str], first_year: int, last_year: int, is_all_time: bool) -> pl.DataFrame:
    """Programmes in any of the states: which ones have them deployed, which only in prospect; by first year.

    Columns: programme_id, name, name_original, pillar, activity_type, deployed, prospective (lists of states by code),
    states (number of those with it deployed that count), is_counted, first_year, last_year (of the dated rows),
    is_open (a span without an end), has_undated, source_id, text_lang. A row that lies in a span of years is listed if
    the span meets the period, an undated one always; neither counts in a period, where only rows with a year do.
    """
    return fetch(
        """
        with placed as (
            select
                programme_id,
                area_code,
                bool_or(status not in ('interest_expressed', 'announced', 'planned')) as is_deployed,
                bool_or($is_all_time or year is not null) as is_counted,
                bool_or(
                    status not in ('interest_expressed', 'announced', 'planned') and ($is_all_time or year is not null)
                ) as is_counted_deployed,
                min(first_year) as first_year,
                max(coalesce(last_year_counted, last_year, first_year)) as last_year,
                bool_or(first_year is not null and last_year is null) as is_open,
                bool_or(date_group = 'undated') as has_undated,
                min(source_id) as source_id
            from fct_deployment
            where list_contains($area_codes, area_code)
              and (
                    date_group = 'undated'
                    or (
                        coalesce(last_year_counted, last_year, 9999) >= $first_year
                        and coalesce(first_year, 0) <= $last_year
                    )
                )
            group by programme_id, area_code
        )
        select
            programme_id,
            any_value(name) as name,
            any_value(name_original) as name_original,
            any_value(pillar) as pillar,
            any_value(activity_type) as activity_type,
            coalesce(list(area_code order by area_code) filter (is_deployed), []) as deployed,
            coalesce(list(area_code order by area_code) filter (not is_deployed), []) as prospective,
            count(*) filter (is_counted_deployed) as states,
            bool_or(is_counted) as is_counted,
            min(first_year) as first_year,
            max(last_year) as last_year,
            bool_or(is_open) as is_open,
            bool_or(has_undated) as has_undated,
            min(placed.source_id) as source_id,
            any_value(text_lang) as text_lang
        from placed
        join dim_programme using (programme_id)
        group by programme_id
        order by min(first_year) nulls last, programme_id
        """,
        area_codes=area_codes,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )


def treaties(area_codes: list[str]) -> pl.DataFrame:
    """Each instrument with how many of the states are party, known not to be, and unknown; in the catalogue's order."""
    return fetch(
        """
        select
            treaty_id,
            any_value(name) as name,
            any_value(adopted_year) as adopted_year,
            count(*) filter (status = 'party') as parties,
            count(*) filter (status in ('not_party', 'no_action')) as others,
            len($area_codes) - count(*) filter (status <> 'unknown') as unknown,
            len($area_codes) as states,
            list(area_code order by area_code) filter (status in ('not_party', 'no_action')) as not_party_states
        from dim_treaty
        left join (select * from fct_treaty_action where list_contains($area_codes, area_code)) using (treaty_id)
        group by treaty_id, position
        order by position, treaty_id
        """,
        area_codes=area_codes,
    )


def treaty_sources(area_codes: list[str]) -> pl.DataFrame:
    """source_id of what is known of the states' standing with the instruments, by source."""
    return fetch(
        """
        select distinct source_id
        from fct_treaty_action
        where list_contains($area_codes, area_code) and source_id is not null
        order by source_id
        """,
        area_codes=area_codes,
    )


def context_sums(group_code: str, last_year: int) -> pl.DataFrame:
    """The group's newest sum of each open indicator that may be added up, with its coverage, by position."""
    return fetch(
        """
        select indicator_id, decimals, year, value, obs_status, coverage, note, fct_observation.source_id
        from fct_observation
        join dim_indicator using (indicator_id)
        where area_code = $group_code
          and aggregation = 'sum'
          and not is_derived
          and period_kind = 'year'
          and category = '_T' and sex = '_T' and age = '_T'
          and year <= $last_year
          and value is not null
        qualify row_number() over (partition by indicator_id order by year desc) = 1
        order by position, indicator_id
        """,
        group_code=group_code,
        last_year=last_year,
    )


def context_ranges(area_codes: list[str], last_year: int) -> pl.DataFrame:
    """Lowest, median and highest value of each open indicator that cannot be added, in one year; by position.

    The year is the newest up to ``last_year`` in which at least half of the states have a value; ``with_value`` says
    how many do, ``states`` how many there are.
    """
    return fetch(
        """
        with years as (
            select
                indicator_id,
                year,
                min(value) as lowest,
                median(value) as middle,
                max(value) as highest,
                count(value) as with_value,
                any_value(fct_observation.source_id order by fct_observation.source_id) as source_id
            from fct_observation
            join dim_indicator using (indicator_id)
            where list_contains($area_codes, area_code)
              and aggregation = 'none'
              and not is_derived
              and period_kind = 'year'
              and category = '_T' and sex = '_T' and age = '_T'
              and year <= $last_year
              and value is not null
              and value_code is null
            group by indicator_id, year
            having count(value) * 2 >= len($area_codes)
        )
        select
            indicator_id, decimals, year, lowest, middle, highest, with_value, len($area_codes) as states, years.source_id
        from years
        join dim_indicator using (indicator_id)
        qualify row_number() over (partition by indicator_id order by year desc) = 1
        order by position, indicator_id
        """,
        area_codes=area_codes,
        last_year=last_year,
    )


def context_codes(area_codes: list[str], last_year: int) -> pl.DataFrame:
    """How many of the states have each code of an indicator of codes, in its newest year; by indicator and code."""
    return fetch(
        """
        with coded as (
            select indicator_id, year, value_code, source_id
            from fct_observation
            where list_contains($area_codes, area_code)
              and period_kind = 'year'
              and category = '_T' and sex = '_T' and age = '_T'
              and year <= $last_year
              and value_code is not null
        ),
        newest as (
            select indicator_id, max(year) as year
            from coded
            group by indicator_id
        )
        select indicator_id, year, value_code, count(*) as states, min(source_id) as source_id
        from coded
        join newest using (indicator_id, year)
        group by indicator_id, year, value_code
        order by indicator_id, value_code
        """,
        area_codes=area_codes,
        last_year=last_year,
    )
