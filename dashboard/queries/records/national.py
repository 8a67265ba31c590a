"""Records of states: authorities, plans, laws, participation in the OAS, values of indicators."""

import polars as pl

from dashboard.queries.records.asked import Asked, ask


def authorities(asked: Asked) -> pl.DataFrame:
    """National authorities by state and name; counts: ``records`` and ``states``."""
    return ask(
        """
        with own as (
            select *
            from national_authority
            where ($is_everywhere or list_contains($states, area_code))
              and ($is_all_time
                or case when $is_undated then created_year is null
                    else created_year between $first_year and $last_year end)
              and (len($type) = 0 or list_contains($type, authority_type))
              and (len($source) = 0 or list_contains($source, source_id) or list_contains($source, source_id_2))
              and (len($record) = 0 or list_contains($record, authority_id))
        )
        select
            authority_id as record, name as title, name_original as title_original, area_code,
            authority_type as kind, role, created_year as year, as_of_year, source_id, source_id_2, note, text_lang,
            count(*) over () as records,
            (select count(distinct area_code) from own) as states
        from own
        order by area_code, name, authority_id
        limit $most
        """,
        asked,
    )


def plans(asked: Asked) -> pl.DataFrame:
    """National plans by state and year; counts: ``records`` and ``states``."""
    return ask(
        """
        with own as (
            select *, coalesce(approved_year, start_year) as year
            from national_plan
            where ($is_everywhere or list_contains($states, area_code))
              and ($is_all_time
                or case when $is_undated then coalesce(approved_year, start_year) is null
                    else coalesce(approved_year, start_year) between $first_year and $last_year end)
              and (len($status) = 0 or list_contains($status, status))
              and (len($source) = 0 or list_contains($source, source_id))
              and (len($record) = 0 or list_contains($record, plan_id))
        )
        select
            plan_id as record, title, title_original, area_code, status, start_year, end_year, year, source_id, note,
            text_lang,
            count(*) over () as records,
            (select count(distinct area_code) from own) as states
        from own
        order by area_code, year nulls last, plan_id
        limit $most
        """,
        asked,
    )


def laws(asked: Asked) -> pl.DataFrame:
    """National laws by state and date; counts: ``records`` and ``states``."""
    return ask(
        """
        with own as (
            select *, year(coalesce(adopted_on, published_on)) as year
            from national_law
            where ($is_everywhere or list_contains($states, area_code))
              and ($is_all_time
                or case when $is_undated then coalesce(adopted_on, published_on) is null
                    else year(coalesce(adopted_on, published_on)) between $first_year and $last_year end)
              and (len($status) = 0 or list_contains($status, status))
              and (len($scope) = 0 or list_contains($scope, scope))
              and (len($source) = 0 or list_contains($source, source_id))
              and (len($record) = 0 or list_contains($record, law_id))
        )
        select
            law_id as record, title, title_original, area_code, law_number, scope as kind, status, adopted_on,
            adopted_precision, published_on, published_precision, year, source_id, note, text_lang,
            count(*) over () as records,
            (select count(distinct area_code) from own) as states
        from own
        order by area_code, year nulls last, law_id
        limit $most
        """,
        asked,
    )


def participation(asked: Asked) -> pl.DataFrame:
    """How states stand to the OAS at the end of the years asked for, by state; ``states`` counts each once.

    ``taking_part`` keeps those that count, or do not count, among the states that take part.
    """
    return ask(
        """
        with own as (
            select *
            from oas_participation
            where ($is_everywhere or list_contains($states, area_code))
              and from_on <= $on
              and coalesce(to_on, date '9999-12-31') >= $on
              and (len($status) = 0 or list_contains($status, status))
              and (len($taking_part) = 0
                or list_contains($taking_part, case when is_counted then 'yes' else 'no' end))
              and (len($source) = 0 or list_contains($source, source_id))
        )
        select
            area_code as record, area_code, status, from_on, from_precision, to_on, to_precision, is_counted, source_id,
            note, 'en' as text_lang,
            count(*) over () as records,
            (select count(distinct area_code) from own) as states
        from own
        order by area_code, from_on
        limit $most
        """,
        asked,
    )


def observations(asked: Asked) -> pl.DataFrame:
    """Values of an indicator of states, by state and year; counts: ``records``, and ``values`` added up.

    Without a category, sex or age, the totals. The value of a group is the sum of its states' values of the year.
    """
    return ask(
        """
        with own as (
            select fct_observation.*, decimals, aggregation
            from fct_observation
            join dim_indicator using (indicator_id)
            where list_contains($indicator, indicator_id)
              and list_contains($states, area_code)
              and ($is_all_time
                or case when $is_undated then period_kind = 'undated' else year between $first_year and $last_year end)
              and (len($over) = 0 or list_contains($over, period_kind))
              and (case when len($category) = 0 then category = '_T' else list_contains($category, category) end)
              and (case when len($sex) = 0 then sex = '_T' else list_contains($sex, sex) end)
              and (case when len($age) = 0 then age = '_T' else list_contains($age, age) end)
              and (len($stated) = 0
                or list_contains(
                    $stated, case when value is null and value_code is null then 'no' else 'yes' end
                ))
              and (len($source) = 0 or list_contains($source, fct_observation.source_id))
        )
        select
            concat_ws('.', indicator_id, area_code, period) as record, indicator_id, area_code, period, year, value,
            value_code, obs_status, decimals, aggregation, coverage, category, sex, age, source_id, note, 'en' as text_lang,
            count(*) over () as records,
            sum(value) over () as values
        from own
        order by indicator_id, area_code, year nulls last, period, category, sex, age
        limit $most
        """,
        asked,
    )
