"""Records of programmes and of their deployments."""

import polars as pl

from dashboard.queries.records.asked import Asked, ask


def programmes(asked: Asked) -> pl.DataFrame:
    """Programmes by first year and name; ``records`` on each row.

    ``placed`` asks whether a deployment of the years is on record, with or without a state; nothing else is dated here.
    """
    return ask(
        """
        select
            programme_id as record, name as title, name_original as title_original, pillar, activity_type, start_year,
            end_year, lead_unit, source_id, note, text_lang, count(*) over () as records
        from dim_programme
        where (len($programme) = 0 or list_contains($programme, programme_id))
          and (len($pillar) = 0 or list_contains($pillar, pillar))
          and (len($type) = 0 or list_contains($type, activity_type))
          and (len($funder) = 0
            or programme_id in (select programme_id from programme_funder where list_contains($funder, area_code)))
          and (len($placed) = 0
            or list_contains(
                $placed,
                case
                    when programme_id in (
                        select programme_id
                        from fct_deployment
                        where $is_all_time
                           or case when $is_undated then year is null else year <= $last_year and last_year_counted >= $first_year end
                    )
                    then 'yes'
                    else 'no'
                end
            ))
          and (len($source) = 0 or list_contains($source, source_id))
          and (len($record) = 0 or list_contains($record, programme_id))
        order by start_year nulls last, name, programme_id
        limit $most
        """,
        asked,
    )


def deployments(asked: Asked) -> pl.DataFrame:
    """Deployments by programme, state and date, with the counts ``records``, ``programmes`` and ``states``.

    A deployment belongs to every year from its own to the last one in which it counts; ``begun`` and ``ended`` ask for
    the first and the last of them. With ``date`` spans count too, where the years cover them. ``standing`` asks for what
    was only said beforehand: see ``dashboard/record_filters.py``.
    """
    return ask(
        """
        with placed as (
            select
                deployment.*,
                dim_programme.name as title,
                name_original as title_original,
                pillar,
                activity_type,
                status not in ('interest_expressed', 'announced', 'planned') as is_deployed
            from fct_deployment as deployment
            join dim_programme using (programme_id)
            where ($is_everywhere or list_contains($states, area_code))
        ),
        in_time as (
            select *
            from placed
            where ($is_all_time
                or case when $is_undated then year is null else year <= $last_year and last_year_counted >= $first_year end
                or (list_contains($date, 'span')
                    and first_year >= $first_year
                    and coalesce(last_year, first_year) <= $last_year))
              and (len($date) = 0 or list_contains($date, date_group))
              and (len($begun) = 0 or list_contains($begun, year::varchar))
              and (len($ended) = 0 or list_contains($ended, last_year_counted::varchar))
        ),
        own as (
            select *
            from in_time
            where (len($placed) = 0 or list_contains($placed, case when area_code is null then 'no' else 'yes' end))
              and (len($status) = 0 or list_contains($status, status))
              and (len($programme) = 0 or list_contains($programme, programme_id))
              and (len($pillar) = 0 or list_contains($pillar, pillar))
              and (len($type) = 0 or list_contains($type, activity_type))
              and (len($source) = 0 or list_contains($source, source_id) or list_contains($source, source_id_2))
              and (len($record) = 0 or list_contains($record, deployment_id))
              and (not list_contains($standing, 'not_there')
                or not exists (
                    select 1
                    from in_time as other
                    where other.programme_id = in_time.programme_id
                      and other.area_code is not distinct from in_time.area_code
                      and other.is_deployed
                ))
              and (not list_contains($standing, 'nowhere')
                or programme_id not in (select programme_id from in_time where is_deployed))
              and (not list_contains($standing, 'never')
                or programme_id not in (select programme_id from placed where is_deployed))
        )
        select
            deployment_id as record, programme_id, title, title_original, pillar, area_code, scope, status, start_on,
            start_precision, end_on, end_precision, year, first_year, last_year, date_group, as_of_on, as_of_precision,
            source_id, source_id_2, note, text_lang,
            (select count(*) from own) as records,
            (select count(distinct programme_id) from own) as programmes,
            (select count(distinct area_code) from own) as states
        from own
        order by title, programme_id, area_code nulls last, first_year nulls last, start_on nulls last, deployment_id
        limit $most
        """,
        asked,
    )
