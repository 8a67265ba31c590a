"""What Explore asks of one indicator: its breakdowns, one value an area over a period, and its values year by year.

A breakdown is a category, sex and age of an indicator. Every question about values gives the same columns: area_code,
year (empty where a value belongs to no single year), value, value_code, numerator, denominator, obs_status, coverage,
note, source_id.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from dashboard.db import fetch

FIRST = "training_events"
"""The indicator that is explored until another one is chosen."""

Together = Literal["sum", "largest", "rate"]
"""How the values of several years become one."""


@dataclass(frozen=True)
class Slice:
    """One breakdown of one indicator: what an address calls it, and what the observations call its parts."""

    indicator_id: str
    code: str
    category: str
    sex: str
    age: str

    @property
    def asked(self) -> dict[str, str]:
        """The parameters of a question about it."""
        return {"indicator_id": self.indicator_id, "category": self.category, "sex": self.sex, "age": self.age}


def breakdowns() -> pl.DataFrame:
    """indicator_id, code, category, sex, age, first_year, last_year of every breakdown that an indicator has.

    ``code`` is what an address says: the category, with ``sex.`` and ``age.`` before the parts that are no totals.
    """
    return fetch("""
        select
            indicator_id,
            coalesce(
                nullif(
                    concat_ws(
                        '.',
                        nullif(category, '_T'),
                        'sex.' || nullif(sex, '_T'),
                        'age.' || nullif(age, '_T')
                    ),
                    ''
                ),
                '_T'
            ) as code,
            category,
            sex,
            age,
            min(year) as first_year,
            max(year) as last_year
        from fct_observation
        group by indicator_id, category, sex, age
        order by indicator_id, code
        """)


def indicators() -> pl.DataFrame:
    """Every indicator with its texts, and first_seen and last_seen, the years in which it has rows, in their order."""
    return fetch("""
        with seen as (
            select
                indicator_id,
                min(year) as first_seen,
                max(year) as last_seen,
                bool_or(area_type = 'country') as has_states,
                bool_or(area_type <> 'country') as has_groups
            from fct_observation
            join dim_area using (area_code)
            group by indicator_id
        )
        select dim_indicator.*, first_seen, last_seen, has_states, has_groups
        from dim_indicator
        join seen using (indicator_id)
        order by position, indicator_id
        """)


def in_all_time(one: Slice) -> pl.DataFrame:
    """The value of each area over all years, dated and undated together, by area."""
    return fetch(
        """
        select
            area_code, year, value, value_code, numerator, denominator, obs_status, coverage, note, source_id
        from fct_observation
        where indicator_id = $indicator_id
          and category = $category
          and sex = $sex
          and age = $age
          and period_kind = 'all_time'
        order by area_code
        """,
        **one.asked,
    )


def newest(one: Slice, first_year: int, last_year: int, *, takes_empty: bool) -> pl.DataFrame:
    """The newest value of each area within the years, with its own year, by area.

    With ``takes_empty`` the newest row counts even where it is empty, and all areas are seen in the same year; else an
    area is empty only where all its rows are.
    """
    return fetch(
        """
        select
            area_code, year, value, value_code, numerator, denominator, obs_status, coverage, note, source_id
        from fct_observation
        where indicator_id = $indicator_id
          and category = $category
          and sex = $sex
          and age = $age
          and period_kind = 'year'
          and year between $first_year and $last_year
        qualify row_number() over (
            partition by area_code
            order by ($takes_empty or value is not null or value_code is not null) desc, year desc
        ) = 1
        order by area_code
        """,
        **one.asked,
        first_year=first_year,
        last_year=last_year,
        takes_empty=takes_empty,
    )


def added(one: Slice, first_year: int, last_year: int, how: Together = "sum") -> pl.DataFrame:
    """One value of each area of its values within the years, by area: their sum, the largest, or a rate.

    For figures whose records each have one year. As in the figures of all years, what is stated in some years stands
    for itself, and a zero only where no year has a record without a number. A rate is the sum of the numerators per
    100,000 people of the latest year with a number.
    """
    return fetch(
        """
        with summed as (
            select
                area_code,
                case $how when 'sum' then sum(value) when 'largest' then max(value) else sum(numerator) end as total,
                arg_max(denominator, year) filter ($how = 'rate' and numerator > 0) as people,
                bool_or(obs_status = 'O') as has_unstated,
                bool_or(obs_status = 'L') as has_unasked,
                max(note) filter (obs_status = 'O') as unstated,
                max(note) as any_note,
                any_value(source_id) as source_id
            from fct_observation
            where indicator_id = $indicator_id
              and category = $category
              and sex = $sex
              and age = $age
              and period_kind = 'year'
              and year between $first_year and $last_year
            group by area_code
        ),
        decided as (
            select
                *,
                case
                    when total > 0 and $how = 'rate' then total / people * 100000
                    when total > 0 or not has_unstated then total
                end as value
            from summed
        )
        select
            area_code,
            null::integer as year,
            value,
            null::varchar as value_code,
            case when $how = 'rate' then total end as numerator,
            people as denominator,
            case
                when value is not null then 'A'
                when has_unstated or total > 0 then 'O'
                when has_unasked then 'L'
                else 'M'
            end as obs_status,
            null::double as coverage,
            case
                when value is not null then null
                when total > 0 then 'population_missing'
                else coalesce(unstated, any_note)
            end as note,
            source_id
        from decided
        order by area_code
        """,
        **one.asked,
        first_year=first_year,
        last_year=last_year,
        how=how,
    )


def programmes(one: Slice, first_year: int, last_year: int) -> pl.DataFrame:
    """Distinct programmes of each state within the years, counted as the indicator counts those of one year, by area.

    Zero stands where the state took part in the OAS at some time within the years.
    """
    return fetch(
        """
        with deployments as (
            select
                area_code,
                programme_id,
                pillar,
                status,
                status not in ('interest_expressed', 'announced', 'planned') as is_deployed,
                year,
                last_year_counted
            from fct_deployment
            join dim_programme using (programme_id)
            where area_code is not null
        ),
        counted as (
            select area_code, count(distinct programme_id)::double as programmes
            from deployments
            where year <= $last_year
              and last_year_counted >= $first_year
              and case $indicator_id
                  when 'programmes_deployed' then is_deployed
                  when 'programmes_by_pillar' then is_deployed and pillar = $category
                  when 'programmes_by_status' then status = $category
                  when 'programmes_active' then status in ('in_progress', 'implemented')
                  when 'programmes_announced' then not is_deployed and (area_code, programme_id) not in (
                      select (area_code, programme_id) from deployments where is_deployed
                  )
              end
            group by area_code
        ),
        known as (
            select area_code, bool_or(value is not null) as is_known, max(note) as note, any_value(source_id) as source_id
            from fct_observation
            where indicator_id = $indicator_id
              and category = $category
              and sex = $sex
              and age = $age
              and period_kind = 'year'
              and year between $first_year and $last_year
              and area_code in (select area_code from dim_area where area_type = 'country')
            group by area_code
        )
        select
            area_code,
            null::integer as year,
            case when programmes is not null or is_known then coalesce(programmes, 0) end as value,
            null::varchar as value_code,
            null::double as numerator,
            null::double as denominator,
            case when programmes is not null or is_known then 'A' else 'M' end as obs_status,
            null::double as coverage,
            case when programmes is null and not is_known then note end as note,
            source_id
        from known
        left join counted using (area_code)
        order by area_code
        """,
        **one.asked,
        first_year=first_year,
        last_year=last_year,
    )


def covered(one: Slice, first_year: int, last_year: int, on: date) -> pl.DataFrame:
    """States of each group and of the hemisphere reached within the years, of those taking part on a day, by area.

    ``value`` is their number, or their share where the indicator is one.
    """
    return fetch(
        """
        with belongs as (
            select group_code, area_code
            from area_membership
            where (from_on is null or from_on <= $on) and (to_on is null or to_on >= $on)
            union
            select hemisphere.area_code, state.area_code
            from dim_area as state, dim_area as hemisphere
            where state.area_type = 'country' and hemisphere.area_type = 'hemisphere'
        ),
        taking_part as (
            select distinct area_code
            from oas_participation
            where is_counted and from_on <= $on and coalesce(to_on, date '9999-12-31') >= $on
        ),
        reached as (
            select distinct area_code
            from fct_reach
            where year between $first_year and $last_year
        ),
        counted as (
            select
                group_code,
                count(distinct area_code) filter (area_code in (from reached)) as numerator,
                count(distinct area_code) as denominator
            from belongs
            join taking_part using (area_code)
            group by group_code
        )
        select
            group_code as area_code,
            null::integer as year,
            case when $indicator_id = 'countries_covered_share' then numerator / denominator else numerator end::double
                as value,
            null::varchar as value_code,
            numerator::double as numerator,
            denominator::double as denominator,
            'A' as obs_status,
            null::double as coverage,
            null::varchar as note,
            'panorama_compilation' as source_id
        from counted
        order by area_code
        """,
        indicator_id=one.indicator_id,
        first_year=first_year,
        last_year=last_year,
        on=on,
    )


def by_year(one: Slice, first_year: int, last_year: int) -> pl.DataFrame:
    """Every row of every area within the years, by area and year."""
    return fetch(
        """
        select
            area_code, year, value, value_code, numerator, denominator, obs_status, coverage, note, source_id
        from fct_observation
        where indicator_id = $indicator_id
          and category = $category
          and sex = $sex
          and age = $age
          and period_kind = 'year'
          and year between $first_year and $last_year
        order by area_code, year
        """,
        **one.asked,
        first_year=first_year,
        last_year=last_year,
    )


def without_year(indicator_id: str, area_code: str) -> pl.DataFrame:
    """category, value, obs_status of what an area has on record in no single year, by category."""
    return fetch(
        """
        select category, value, obs_status, source_id
        from fct_observation
        where indicator_id = $indicator_id
          and area_code = $area_code
          and period_kind = 'undated'
          and sex = '_T'
          and age = '_T'
          and value > 0
        order by category
        """,
        indicator_id=indicator_id,
        area_code=area_code,
    )


def rounds() -> pl.DataFrame:
    """round_id, name, year, form_family of the questionnaires, the newest first."""
    return fetch("""
        select round_id, name, year, form_family, text_lang
        from dim_questionnaire_round
        order by year desc nulls last, round_id
        """)


def of_each_round(indicator_id: str, area_code: str, first_year: int, last_year: int) -> pl.DataFrame:
    """The value of an area for every questionnaire of the years, the oldest first; without a year it comes last.

    Columns: round_id, form_family, and those of every question about values.
    """
    return fetch(
        """
        select
            round_id, form_family, area_code, dim_questionnaire_round.year, value, value_code, numerator, denominator,
            obs_status, coverage, fct_observation.note, fct_observation.source_id
        from fct_observation
        join dim_questionnaire_round on round_id = category
        where indicator_id = $indicator_id
          and area_code = $area_code
          and period_kind = 'all_time'
          and (dim_questionnaire_round.year is null or dim_questionnaire_round.year between $first_year and $last_year)
        order by dim_questionnaire_round.year nulls last, round_id
        """,
        indicator_id=indicator_id,
        area_code=area_code,
        first_year=first_year,
        last_year=last_year,
    )
