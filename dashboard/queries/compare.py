"""What Compare asks of a few states, groups or the hemisphere: their records side by side, and values over time."""

from datetime import date

import polars as pl

from dashboard.db import fetch


def compared(area_codes: list[str]) -> pl.DataFrame:
    """area_code, area_type, scheme_id (of a group) of the areas, by code."""
    return fetch(
        """
        select area_code, area_type, scheme_id
        from dim_area
        where list_contains($area_codes, area_code)
        order by area_code
        """,
        area_codes=area_codes,
    )


def members(area_codes: list[str], on: date) -> pl.DataFrame:
    """area_code, state: the states of each group on a day, all states of the hemisphere, a state itself; by both."""
    return fetch(
        """
        select area_code, area_code as state
        from dim_area
        where list_contains($area_codes, area_code) and area_type = 'country'
        union
        select dim_area.area_code, area_membership.area_code
        from dim_area
        join area_membership on group_code = dim_area.area_code and area_membership.scheme_id = dim_area.scheme_id
        where list_contains($area_codes, dim_area.area_code)
          and (from_on is null or from_on <= $on)
          and (to_on is null or to_on >= $on)
        union
        select whole.area_code, states.area_code
        from dim_area as whole
        join dim_area as states on states.area_type = 'country'
        where list_contains($area_codes, whole.area_code) and whole.area_type = 'hemisphere'
        order by area_code, state
        """,
        area_codes=area_codes,
        on=on,
    )


def records(area_codes: list[str], first_year: int, last_year: int, is_all_time: bool) -> pl.DataFrame:
    """One row an area: held, announced, planned (events), last_trained, parties, known, palermo, palermo_known; by code.

    An event counts once in an area. ``last_trained`` is the newest year of the period in which training that was held or
    carried out is on record. A state is party to ``parties`` of the ``known`` instruments; of a group's states,
    ``palermo`` of the ``palermo_known`` are party to the Palermo Protocol. Standings are as of their sources.
    """
    return fetch(
        """
        with counted as (
            select area_code, indicator_id, category, period_kind, year, value, numerator, denominator
            from fct_observation
            where list_contains($area_codes, area_code)
              and sex = '_T'
              and age = '_T'
              and indicator_id in ('training_events', 'states_reached', 'countries_covered', 'treaties_in_force')
              and (
                    period_kind = 'all_time'
                    or (period_kind = 'year' and year between $first_year and $last_year)
                )
        ),
        events as (
            select area_code, category, sum(value) as value
            from counted
            where indicator_id = 'training_events' and (period_kind = 'all_time') = $is_all_time
            group by area_code, category
        ),
        reached as (
            select area_code, max(year) as last_trained
            from counted
            where indicator_id in ('states_reached', 'countries_covered') and period_kind = 'year' and value > 0
            group by area_code
        ),
        treaties as (
            select
                area_code,
                max(numerator) filter (category = '_T') as parties,
                max(denominator) filter (category = '_T') as known,
                max(numerator) filter (category = 'PALERMO_TIP') as palermo,
                max(denominator) filter (category = 'PALERMO_TIP') as palermo_known
            from counted
            where indicator_id = 'treaties_in_force' and period_kind = 'all_time'
            group by area_code
        )
        select
            dim_area.area_code,
            any_value(events.value) filter (category = 'held') as held,
            any_value(events.value) filter (category = 'announced') as announced,
            any_value(events.value) filter (category = 'planned') as planned,
            any_value(last_trained) as last_trained,
            any_value(parties) as parties,
            any_value(known) as known,
            any_value(palermo) as palermo,
            any_value(palermo_known) as palermo_known
        from dim_area
        left join events using (area_code)
        left join reached using (area_code)
        left join treaties using (area_code)
        where list_contains($area_codes, dim_area.area_code)
        group by dim_area.area_code
        order by dim_area.area_code
        """,
        area_codes=area_codes,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )


def programmes(area_codes: list[str], on: date, first_year: int, last_year: int, is_all_time: bool) -> pl.DataFrame:
    """Programmes on record in each area, one row an area and programme, by area and programme.

    Columns: area_code, programme_id, statuses (of its deployments there), states (how many of a group's states have it),
    is_deployed (carried out or under way), source_id. A deployment without a year counts only in all years; one
    without a state belongs to the hemisphere only.
    """
    return fetch(
        """
        with belongs as (
            select area_code, area_code as state
            from dim_area
            where list_contains($area_codes, area_code) and area_type = 'country'
            union
            select dim_area.area_code, area_membership.area_code
            from dim_area
            join area_membership on group_code = dim_area.area_code and area_membership.scheme_id = dim_area.scheme_id
            where list_contains($area_codes, dim_area.area_code)
              and (from_on is null or from_on <= $on)
              and (to_on is null or to_on >= $on)
        ),
        counted as (
            select area_code as state, programme_id, status, source_id
            from fct_deployment
            where $is_all_time or (year <= $last_year and last_year_counted >= $first_year)
        ),
        placed as (
            select area_code, state, programme_id, status, source_id
            from belongs
            join counted using (state)
            union all
            select dim_area.area_code, state, programme_id, status, counted.source_id
            from counted
            join dim_area on area_type = 'hemisphere' and list_contains($area_codes, dim_area.area_code)
        )
        select
            area_code,
            programme_id,
            list(distinct status order by status) as statuses,
            count(distinct state) as states,
            bool_or(status not in ('interest_expressed', 'announced', 'planned')) as is_deployed,
            min(source_id) as source_id
        from placed
        group by area_code, programme_id
        order by area_code, programme_id
        """,
        area_codes=area_codes,
        on=on,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )


def return_rates(area_codes: list[str], round_id: str) -> pl.DataFrame:
    """area_code, returned, asked of groups in a round whose every reply is known, by code."""
    return fetch(
        """
        select area_code, numerator as returned, denominator as asked
        from fct_observation
        where list_contains($area_codes, area_code)
          and indicator_id = 'questionnaire_return_rate'
          and period_kind = 'all_time'
          and category = $round_id
        order by area_code
        """,
        area_codes=area_codes,
        round_id=round_id,
    )


def series(
    indicator_id: str, category: str, sex: str, age: str, area_codes: list[str], first_year: int, last_year: int
) -> pl.DataFrame:
    """area_code, year, value, value_code, obs_status, coverage, numerator, denominator, note, source_id, by both."""
    return fetch(
        """
        select
            area_code, year, value, value_code, obs_status, coverage, numerator, denominator, note, source_id,
            'en' as text_lang
        from fct_observation
        where list_contains($area_codes, area_code)
          and indicator_id = $indicator_id
          and period_kind = 'year'
          and category = $category
          and sex = $sex
          and age = $age
          and year between $first_year and $last_year
        order by area_code, year
        """,
        indicator_id=indicator_id,
        category=category,
        sex=sex,
        age=age,
        area_codes=area_codes,
        first_year=first_year,
        last_year=last_year,
    )


def medians(indicator_id: str, group_codes: list[str], first_year: int, last_year: int) -> pl.DataFrame:
    """area_code, year, value (median of the states with one), with_value, states, source_id of groups, by both.

    The states are those that belong to the group at the end of the year; the hemisphere has all. Codes have no median.
    """
    return fetch(
        """
        with belongs as (
            select dim_area.area_code, area_membership.area_code as state, from_on, to_on
            from dim_area
            join area_membership on group_code = dim_area.area_code and area_membership.scheme_id = dim_area.scheme_id
            where list_contains($group_codes, dim_area.area_code)
            union all
            select whole.area_code, states.area_code, null, null
            from dim_area as whole
            join dim_area as states on states.area_type = 'country'
            where list_contains($group_codes, whole.area_code) and whole.area_type = 'hemisphere'
        ),
        years as (
            select distinct year
            from fct_observation
            where indicator_id = $indicator_id
              and period_kind = 'year'
              and category = '_T' and sex = '_T' and age = '_T'
              and year between $first_year and $last_year
        ),
        placed as (
            select area_code, year, state
            from belongs
            cross join years
            where coalesce(from_on, date '1800-01-01') <= make_date(year, 12, 31)
              and coalesce(to_on, date '9999-12-31') >= make_date(year, 12, 31)
        )
        select
            placed.area_code,
            placed.year,
            median(value) as value,
            count(value) as with_value,
            count(*) as states,
            any_value(source_id order by source_id) as source_id
        from placed
        left join (
            select area_code as state, year, value, source_id
            from fct_observation
            where indicator_id = $indicator_id
              and period_kind = 'year'
              and category = '_T' and sex = '_T' and age = '_T'
              and value_code is null
        ) using (state, year)
        group by placed.area_code, placed.year
        having count(value) > 0
        order by placed.area_code, placed.year
        """,
        indicator_id=indicator_id,
        group_codes=group_codes,
        first_year=first_year,
        last_year=last_year,
    )


def kinds_of_area(indicator_id: str, category: str) -> set[str]:
    """The kinds of area (country, subregion …) that have rows of an indicator's category."""
    rows = fetch(
        """
        select distinct area_type
        from fct_observation
        join dim_area using (area_code)
        where indicator_id = $indicator_id and category = $category
        order by area_type
        """,
        indicator_id=indicator_id,
        category=category,
    )
    return set(rows["area_type"])


def published_years(indicator_id: str) -> list[int]:
    """The years in which any state has a value of an indicator, oldest first."""
    rows = fetch(
        """
        select distinct year
        from fct_observation
        join dim_area using (area_code)
        where indicator_id = $indicator_id
          and period_kind = 'year'
          and area_type = 'country'
          and (value is not null or value_code is not null)
        order by year
        """,
        indicator_id=indicator_id,
    )
    return rows["year"].to_list()


def other_bases(
    indicator_id: str, area_codes: list[str], first_year: int, last_year: int, is_all_time: bool
) -> pl.DataFrame:
    """area_code, category (kind of number), value above zero of an indicator over the period, by both."""
    return fetch(
        """
        select area_code, category, sum(value) as value
        from fct_observation
        where list_contains($area_codes, area_code)
          and indicator_id = $indicator_id
          and sex = '_T'
          and age = '_T'
          and (
                (period_kind = 'all_time') = $is_all_time
                and (period_kind = 'all_time' or (period_kind = 'year' and year between $first_year and $last_year))
            )
        group by area_code, category
        having sum(value) > 0
        order by area_code, category
        """,
        indicator_id=indicator_id,
        area_codes=area_codes,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )


def populations() -> pl.DataFrame:
    """area_code, year, value of every state's population in the newest year, smallest first."""
    return fetch("""
        select area_code, year, value, fct_observation.source_id
        from fct_observation
        join dim_area using (area_code)
        where indicator_id = 'population'
          and period_kind = 'year'
          and area_type = 'country'
          and value is not null
        qualify row_number() over (partition by area_code order by year desc) = 1
        order by value, area_code
        """)


def groups_of(area_code: str) -> pl.DataFrame:
    """scheme_id, group_code, area_type of the selectable groups to which a state belongs today, by scheme."""
    return fetch(
        """
        select area_membership.scheme_id, group_code, area_type
        from area_membership
        join dim_scheme on dim_scheme.scheme_id = area_membership.scheme_id
        join dim_area on dim_area.area_code = group_code
        where area_membership.area_code = $area_code and is_selectable and to_on is null
        order by dim_scheme.position, group_code
        """,
        area_code=area_code,
    )


def treaty_standings(area_codes: list[str]) -> pl.DataFrame:
    """One row an area and instrument, in the catalogue's order: status and year of a state, parties of a group.

    Columns: area_code, treaty_id, name, adopted_year, status, year, parties, known, source_id. ``status`` is unknown
    where no source says anything; ``parties`` of ``known`` states are party, whatever the kind of area.
    """
    return fetch(
        """
        select
            observed.area_code, treaty_id, dim_treaty.name, adopted_year,
            coalesce(actions.status, case when observed.value is null then 'unknown' end) as status,
            actions.year,
            coalesce(numerator, value) as parties,
            denominator as known,
            coalesce(actions.source_id, observed.source_id) as source_id
        from fct_observation as observed
        join dim_treaty on treaty_id = category
        left join fct_treaty_action as actions using (area_code, treaty_id)
        where list_contains($area_codes, observed.area_code)
          and indicator_id = 'treaties_in_force'
          and period_kind = 'all_time'
        order by dim_treaty.position, treaty_id, observed.area_code
        """,
        area_codes=area_codes,
    )


def answers(area_codes: list[str], first_year: int, last_year: int, is_all_time: bool) -> pl.DataFrame:
    """What the states answered on subjects on which at least two of them did, by subject, state, year and question.

    Columns: topic, area_code, question_id, previous_question_id, wording, answer, value, unit, answer_status, round_id,
    round_name, year, form_family, source_id, text_lang. A round without a year of its own belongs to every period.
    """
    return fetch(
        """
        with own as (
            select
                topic, area_code, question_id, previous_question_id, wording, answer, value, unit, answer_status,
                case when answer_status = 'Q' then 'Q' end as value_status,
                asked.round_id, asked.name as round_name, asked.year, form_family, fct_answer.source_id,
                fct_answer.text_lang
            from fct_answer
            join dim_question using (question_id)
            join dim_questionnaire_round as asked on asked.round_id = fct_answer.round_id
            where list_contains($area_codes, area_code)
              and ($is_all_time or asked.year is null or asked.year between $first_year and $last_year)
        )
        select own.*
        from own
        semi join (
            select topic
            from own
            group by topic
            having count(distinct area_code) > 1
        ) as shared using (topic)
        order by topic, area_code, year nulls last, question_id
        """,
        area_codes=area_codes,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )
