"""What the overview asks: one value a state, and the groups of a scheme side by side."""

from datetime import date

import polars as pl

from dashboard.areas import HEMISPHERE
from dashboard.db import fetch


def events_by_state(first_year: int, last_year: int, is_all_time: bool) -> pl.DataFrame:
    """area_code, value (held events in which the state took part), others (announced or planned ones), by state."""
    return fetch(
        """
        with counted as (
            select area_code, status, events
            from count_event_area
            where $is_all_time or year between $first_year and $last_year
        )
        select
            area_code,
            coalesce(sum(events) filter (status = 'held'), 0)::double as value,
            coalesce(sum(events) filter (status <> 'held'), 0)::double as others
        from dim_area
        left join counted using (area_code)
        where area_type = 'country'
        group by area_code
        order by area_code
        """,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )


def programmes_by_state(first_year: int, last_year: int, is_all_time: bool) -> pl.DataFrame:
    """area_code, value (distinct programmes under way or carried out), others (only planned, announced or of interest).

    A deployment counts from its year to the last one that it is known to cover; without a year, only in all years.
    """
    return fetch(
        """
        with placed as (
            select
                area_code,
                programme_id,
                bool_or(status not in ('interest_expressed', 'announced', 'planned')) as is_deployed
            from fct_deployment
            where area_code is not null
              and ($is_all_time or (year <= $last_year and last_year_counted >= $first_year))
            group by area_code, programme_id
        )
        select
            area_code,
            coalesce(count(programme_id) filter (is_deployed), 0)::double as value,
            coalesce(count(programme_id) filter (not is_deployed), 0)::double as others
        from dim_area
        left join placed using (area_code)
        where area_type = 'country'
        group by area_code
        order by area_code
        """,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )


def returns_by_state(first_year: int, last_year: int, is_all_time: bool) -> pl.DataFrame:
    """area_code, value (OAS questionnaires that the records say the state returned, else empty), others (0), by state.

    Most rounds name only some of their responders, so a state without a known return is "not stated", not zero.
    """
    return fetch(
        """
        with returned as (
            select area_code, count(distinct round_id) as returns
            from fct_response
            join dim_questionnaire_round using (round_id)
            where form_family = 'oas' and respondent_kind = 'states' and response_status = 'returned'
              and ($is_all_time or fct_response.year between $first_year and $last_year)
            group by area_code
        )
        select area_code, returns::double as value, 0.0 as others
        from dim_area
        left join returned using (area_code)
        where area_type = 'country'
        order by area_code
        """,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )


def treaties_by_state(last_year: int | None) -> pl.DataFrame:
    """area_code, value (instruments to which the state is party by the end of a year, or at all), others (0), by state.

    Without a year the undated ones are included. With one they are not: a date that no source gives may be a later
    one. A state without any dated one by then has no value where an undated or unknown standing could change that.
    """
    return fetch(
        """
        with standings as (
            select
                area_code,
                count(*) filter (status = 'party' and ($last_year is null or year <= $last_year)) as parties,
                count(*) filter (status = 'unknown' or (status = 'party' and year is null)) as open_ones
            from fct_treaty_action
            group by area_code
        )
        select
            area_code,
            case when parties > 0 or $last_year is null or open_ones = 0 then parties end::double as value,
            0.0 as others
        from standings
        order by area_code
        """,
        last_year=last_year,
    )


def groups_side_by_side(
    scheme_id: str, first_year: int, last_year: int, is_all_time: bool, on: date, round_id: str
) -> pl.DataFrame:
    """One row a group of the scheme: states taking part, states reached, events held, states returning a round.

    Columns: group_code, participating, reached, held, others (announced or planned events), programmes, asked, returned.
    A state is reached by a held event in which it took part or by a training programme carried out there. Counts are
    of distinct events, programmes and states, so groups never add up to the hemisphere.
    """
    return fetch(
        """
        with belongs as (
            select group_code, area_code
            from area_membership
            where scheme_id = $scheme_id and (from_on is null or from_on <= $on) and (to_on is null or to_on >= $on)
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
        events as (
            select
                area_code as group_code,
                sum(events) filter (status = 'held')::bigint as held,
                sum(events) filter (status <> 'held')::bigint as others
            from count_event_area
            where (from_on is null or from_on <= $on)
              and (to_on is null or to_on >= $on)
              and ($is_all_time or year between $first_year and $last_year)
            group by group_code
        ),
        programmes as (
            select group_code, count(distinct programme_id) as programmes
            from belongs
            join fct_deployment using (area_code)
            where status not in ('interest_expressed', 'announced', 'planned')
              and ($is_all_time or (year <= $last_year and last_year_counted >= $first_year))
            group by group_code
        ),
        replies as (
            -- a round is measured against the members of its own year
            select
                group_code,
                count(*) filter (response_status in ('returned', 'not_received')) as asked,
                count(*) filter (response_status = 'returned') as returned
            from fct_response
            join dim_questionnaire_round using (round_id)
            join area_membership on area_membership.area_code = fct_response.area_code
                and scheme_id = $scheme_id
                and coalesce(from_on, date '1800-01-01') <= make_date(dim_questionnaire_round.year, 12, 31)
                and coalesce(to_on, date '9999-12-31') >= make_date(dim_questionnaire_round.year, 12, 31)
            where round_id = $round_id
            group by group_code
        )
        select
            group_code,
            count(taking_part.area_code) as participating,
            count(taking_part.area_code) filter (belongs.area_code in (from reached)) as reached,
            coalesce(any_value(held), 0) as held,
            coalesce(any_value(others), 0) as others,
            coalesce(any_value(programmes), 0) as programmes,
            coalesce(any_value(asked), 0) as asked,
            coalesce(any_value(returned), 0) as returned
        from belongs
        left join taking_part using (area_code)
        left join events using (group_code)
        left join programmes using (group_code)
        left join replies using (group_code)
        group by group_code
        order by group_code
        """,
        scheme_id=scheme_id,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
        on=on,
        round_id=round_id,
    )


def headline_counts(first_year: int, last_year: int, is_all_time: bool) -> dict[str, int | None]:
    """Events by status and officials stated by basis over a period, each event once; no number stated gives none."""
    return fetch(
        """
        select
            coalesce(sum(events) filter (status = 'held'), 0)::bigint as held,
            coalesce(sum(events) filter (status = 'announced'), 0)::bigint as announced,
            coalesce(sum(events) filter (status = 'planned'), 0)::bigint as planned,
            (sum(officials) filter (number_basis = 'reported'))::bigint as reported,
            (sum(officials) filter (number_basis <> 'reported'))::bigint as beforehand,
            coalesce(
                sum(events) filter (number_basis = 'reported' and count_scope <> 'officials'), 0
            )::bigint as reported_with_others,
            coalesce(sum(events) filter (number_basis is not null), 0)::bigint as with_number
        from count_event
        where $is_all_time or year between $first_year and $last_year
        """,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    ).row(0, named=True)


def reached_states(first_year: int, last_year: int, is_all_time: bool) -> pl.DataFrame:
    """area_code, record_kind, year, source_id, records: the records that show a state reached, by state and year.

    A row stands for all ``records`` of a state that are of one kind, lie in one year and rest on one source.
    """
    return fetch(
        """
        select area_code, record_kind, year, source_id, sum(records)::bigint as records
        from count_reach
        where $is_all_time or year between $first_year and $last_year
        group by area_code, record_kind, year, source_id
        order by area_code, record_kind, year, source_id
        """,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )


def round_counts(round_id: str) -> dict[str, int]:
    """asked, returned, not_asked states of a round."""
    return fetch(
        """
        select
            count(*) filter (response_status in ('returned', 'not_received')) as asked,
            count(*) filter (response_status = 'returned') as returned,
            count(*) filter (response_status = 'not_asked') as not_asked
        from fct_response
        where round_id = $round_id
        """,
        round_id=round_id,
    ).row(0, named=True)


def latest_full_round(first_year: int = 1800, last_year: int = 2100) -> dict[str, str]:
    """round_id, year (as text) and source_id of the period's newest OAS round for which every state's return is known; empty if none."""
    rows = fetch(
        """
        select round_id, year::varchar as year, source_id
        from dim_questionnaire_round
        where form_family = 'oas' and is_list_complete and year between $first_year and $last_year
        order by year desc, round_id
        limit 1
        """,
        first_year=first_year,
        last_year=last_year,
    )
    return rows.row(0, named=True) if rows.height else {}


def record_sources(indicator_id: str, first_year: int, last_year: int, is_all_time: bool) -> list[str]:
    """The documents behind a record indicator of the states over a period, by source id.

    Only those of rows that count: with a state, and in a year of the period or, in all years, any.
    """
    rows = fetch(
        """
        with behind as (
            select 'training_events' as indicator_id, source_id, year, year as last_year_counted
            from count_event_source
            where names_states and area_code = $hemisphere
            union all
            select 'programmes_deployed', unnest([source_id, source_id_2]), year, last_year_counted
            from fct_deployment
            where area_code is not null
            union all
            select 'questionnaires_returned', fct_response.source_id, fct_response.year, fct_response.year
            from fct_response
            join dim_questionnaire_round using (round_id)
            where form_family = 'oas' and respondent_kind = 'states' and response_status = 'returned'
        )
        select distinct source_id
        from behind
        where indicator_id = $indicator_id
          and source_id is not null
          and ($is_all_time or (year <= $last_year and last_year_counted >= $first_year))
        union
        select source_id
        from fct_treaty_action
        where $indicator_id = 'treaties_in_force' and source_id is not null
        union
        select source_id
        from count_reach
        where $indicator_id = 'last_training_year'
        order by source_id
        """,
        indicator_id=indicator_id,
        hemisphere=HEMISPHERE,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )
    return rows["source_id"].to_list()


def not_asked(round_id: str) -> list[str]:
    """The states that a round did not ask, by code."""
    rows = fetch(
        """
        select area_code
        from fct_response
        where round_id = $round_id and response_status = 'not_asked'
        order by area_code
        """,
        round_id=round_id,
    )
    return rows["area_code"].to_list()


def contents() -> pl.DataFrame:
    """table_name, file, rows_read, rows_loaded, rows_rejected of what the edition was built from, by table and file."""
    return fetch("""
        select table_name, file, rows_read, rows_loaded, rows_rejected
        from load_report
        where not is_handed_in
        order by table_name, file
        """)
