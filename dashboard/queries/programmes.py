"""Programmes, and where and when they were carried out, planned, announced or asked for."""

import polars as pl

from dashboard.db import fetch


def programmes() -> pl.DataFrame:
    """Every programme with funders (codes of states) and what its records of deployments say, by programme.

    Columns of counts: records (deployments on record), states (distinct states with any), carried_out and beforehand
    (distinct states in progress or carried out; only planned, announced or of interest).
    """
    return fetch("""
        with funders as (
            select programme_id, list(area_code order by area_code) as funders
            from programme_funder
            group by programme_id
        ),
        placed as (
            select
                programme_id,
                area_code,
                count(*) as records,
                bool_or(status not in ('interest_expressed', 'announced', 'planned')) as is_carried_out
            from fct_deployment
            group by programme_id, area_code
        ),
        counted as (
            select
                programme_id,
                sum(records)::integer as records,
                count(area_code)::integer as states,
                (count(area_code) filter (is_carried_out))::integer as carried_out,
                (count(area_code) filter (not is_carried_out))::integer as beforehand,
                bool_or(is_carried_out) as is_carried_out
            from placed
            group by programme_id
        )
        select
            programme_id, name, name_original, pillar, activity_type, start_year, end_year,
            coalesce(funders, []) as funders, lead_unit, description,
            coalesce(records, 0) as records, coalesce(states, 0) as states,
            coalesce(carried_out, 0) as carried_out, coalesce(beforehand, 0) as beforehand,
            is_carried_out, source_id, note, text_lang
        from dim_programme
        left join funders using (programme_id)
        left join counted using (programme_id)
        order by programme_id
        """)


def deployments(first_year: int, last_year: int, is_all_time: bool) -> pl.DataFrame:
    """Every deployment with its programme's name, by programme, state (none last) and date; nothing is left out.

    ``is_in_period``: counted in the period, that is in a year from ``year`` to ``last_year_counted``; in all years,
    every row.
    ``is_within``: its year in the period, or lying in a span that it covers, or that begins in it and has no end on record.
    ``is_carried_out``: in progress or beyond, not merely planned, announced or of interest.
    """
    return fetch(
        """
        select
            deployment_id, programme_id, name, name_original, pillar, activity_type, area_code, scope, status,
            start_on, start_precision, end_on, end_precision, year, first_year, last_year, date_group,
            last_year_counted, as_of_on, as_of_precision,
            status not in ('interest_expressed', 'announced', 'planned') as is_carried_out,
            $is_all_time
                or coalesce(year <= $last_year and last_year_counted >= $first_year, false)
                as is_in_period,
            coalesce(first_year >= $first_year and coalesce(last_year, first_year) <= $last_year, false) as is_within,
            fct_deployment.source_id, source_id_2, fct_deployment.note, fct_deployment.text_lang
        from fct_deployment
        join dim_programme using (programme_id)
        order by programme_id, area_code nulls last, first_year nulls last, start_on nulls last, deployment_id
        """,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )


def by_pillar(first_year: int, last_year: int, is_all_time: bool) -> pl.DataFrame:
    """pillar, programmes (all on record), carried_out, beforehand, unplaced (programmes, adding up to them), records.

    ``records``: deployments that count in the period; ``carried_out_records``: those carried out or in progress.
    Outside all years ``unplaced`` also holds programmes whose deployments lie elsewhere in time. By pillar.
    """
    return fetch(
        """
        with counted as (
            select
                programme_id,
                count(*) as records,
                count(*) filter (status not in ('interest_expressed', 'announced', 'planned')) as carried_out_records
            from fct_deployment
            where $is_all_time or (year <= $last_year and last_year_counted >= $first_year)
            group by programme_id
        )
        select
            pillar,
            count(*)::integer as programmes,
            (count(*) filter (carried_out_records > 0))::integer as carried_out,
            (count(*) filter (records > 0 and carried_out_records = 0))::integer as beforehand,
            (count(*) filter (records is null))::integer as unplaced,
            coalesce(sum(records), 0)::integer as records,
            coalesce(sum(carried_out_records), 0)::integer as carried_out_records
        from dim_programme
        left join counted using (programme_id)
        group by pillar
        order by pillar
        """,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )


def funders() -> pl.DataFrame:
    """funder, programme_id, name, name_original, pillar, start_year, end_year, source_id, by funder and programme."""
    return fetch("""
        select
            area_code as funder, programme_id, name, name_original, pillar, start_year, end_year,
            programme_funder.source_id, text_lang
        from programme_funder
        join dim_programme using (programme_id)
        order by area_code, programme_id
        """)


def caveats(caveat_ids: tuple[str, ...]) -> pl.DataFrame:
    """caveat_id and its text in four languages, of the given caveats, contradictions first."""
    return fetch(
        """
        select caveat_id, text_en, text_es, text_pt, text_fr
        from dim_caveat
        where list_contains($caveat_ids, caveat_id)
        order by kind, position
        """,
        caveat_ids=sorted(caveat_ids),
    )
