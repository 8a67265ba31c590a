"""Records of training: events, the numbers of people stated for them, states reached, figures stated as a whole."""

import polars as pl

from dashboard.queries.records.asked import Asked, ask


def events(asked: Asked) -> pl.DataFrame:
    """Events, newest first, those without a single year last; each once, however many of the states took part.

    Counts of all of them stand on each row: ``records``, and ``women`` (stated, added up).
    """
    return ask(
        """
        with takers as (
            select event_id, area_code
            from fct_training_participation
            where role = 'participant'
        ),
        own as (
            select *
            from fct_training_event
            where ($is_everywhere
                or event_id in (select event_id from takers where list_contains($states, area_code)))
              and ($is_all_time
                or case when $is_undated then year is null else year between $first_year and $last_year end)
              and (len($status) = 0 or list_contains($status, status))
              and (len($basis) = 0 or list_contains($basis, number_basis))
              and (len($scope) = 0 or list_contains($scope, count_scope))
              and (len($type) = 0 or list_contains($type, event_type))
              and (len($host) = 0 or list_contains($host, host_area_code))
              and (len($programme) = 0 or list_contains($programme, programme_id))
              and (len($stated) = 0
                or list_contains($stated, case when officials_stated is null then 'no' else 'yes' end))
              and (len($women) = 0 or list_contains($women, case when women_stated is null then 'no' else 'yes' end))
              and (len($named) = 0
                or list_contains($named, case when event_id in (select event_id from takers) then 'yes' else 'no' end))
              and (len($audience) = 0
                or event_id in (
                    select event_id from training_audience where list_contains($audience, audience_group)
                )
                or (list_contains($audience, 'not_stated')
                    and event_id not in (select event_id from training_audience)))
              and (len($source) = 0 or list_contains($source, source_id) or list_contains($source, source_id_2))
              and (len($record) = 0 or list_contains($record, event_id))
        ),
        newest as (
            select *
            from own
            order by year desc nulls last, start_on desc nulls last, event_id
            limit $most
        ),
        parts as (
            select event_id, list(area_code order by area_code) as area_codes
            from takers
            semi join newest using (event_id)
            group by event_id
        )
        select
            event_id as record, title, event_type, status, start_on, start_precision, end_on, end_precision, year,
            first_year, last_year, date_group, city, host_area_code, coalesce(area_codes, []) as area_codes,
            officials_stated, women_stated, number_basis, count_scope, source_id, source_id_2, text_lang,
            (select count(*) from own) as records,
            (select coalesce(sum(women_stated), 0)::bigint from own) as women
        from newest
        left join parts using (event_id)
        order by year desc nulls last, start_on desc nulls last, event_id
        """,
        asked,
    )


def officials(asked: Asked) -> pl.DataFrame:
    """Events with a number of people, and ``people``: what of it belongs to the area asked for; newest first.

    A number belongs to a state only where a source gives it for that state or the event had one country, to a group
    also where all who took part belong to it, to the hemisphere always. Of the parts of a number, ``own`` is what
    sources give to single states and ``shared`` the rest. An event's audience is its only one, or ``several``.
    """
    return ask(
        """
        with takers as (
            select
                event_id,
                area_code,
                coalesce(
                    fct_training_participation.officials_stated,
                    case when attributable_area_code = area_code then fct_training_event.officials_stated end
                ) as own
            from fct_training_participation
            join fct_training_event using (event_id)
            where role = 'participant'
        ),
        given as (
            select
                event_id,
                sum(own) as own,
                sum(own) filter (list_contains($states, area_code)) as own_here,
                count(*) as takers,
                count(*) filter (list_contains($states, area_code)) as takers_here,
                list(area_code order by area_code) as area_codes
            from takers
            group by event_id
        ),
        audiences as (
            select event_id, count(distinct audience_group) as groups, any_value(audience_group) as only_group
            from training_audience
            group by event_id
        ),
        own as (
            select
                fct_training_event.*,
                coalesce(area_codes, []) as area_codes,
                case
                    when list_contains($part, 'shared') then officials_stated - coalesce(own, 0)
                    when list_contains($part, 'own') and $is_everywhere then coalesce(own, 0)
                    when list_contains($part, 'own') then own_here
                    when $is_everywhere then officials_stated
                    when not $is_state and takers_here = takers and takers > 1 then officials_stated
                    else own_here
                end::bigint as people
            from fct_training_event
            left join given using (event_id)
            left join audiences using (event_id)
            where officials_stated is not null
              and ($is_everywhere or takers_here > 0)
              and ($is_all_time
                or case when $is_undated then year is null else year between $first_year and $last_year end)
              and (len($status) = 0 or list_contains($status, status))
              and (len($basis) = 0 or list_contains($basis, number_basis))
              and (len($scope) = 0 or list_contains($scope, count_scope))
              and (len($type) = 0 or list_contains($type, event_type))
              and (len($host) = 0 or list_contains($host, host_area_code))
              and (len($programme) = 0 or list_contains($programme, programme_id))
              and (len($stated) = 0 or list_contains($stated, 'yes'))
              and (len($women) = 0 or list_contains($women, case when women_stated is null then 'no' else 'yes' end))
              and (len($named) = 0 or list_contains($named, case when takers is null then 'no' else 'yes' end))
              and (len($audience) = 0
                or list_contains(
                    $audience, case when groups > 1 then 'several' else coalesce(only_group, 'not_stated') end
                ))
              and (len($source) = 0 or list_contains($source, source_id) or list_contains($source, source_id_2))
              and (len($record) = 0 or list_contains($record, event_id))
        ),
        counted as (
            select *
            from own
            where people is not null and (len($part) = 0 or people > 0)
        )
        select
            event_id as record, title, event_type, status, start_on, start_precision, end_on, end_precision, year,
            first_year, last_year, date_group, city, host_area_code, area_codes, people, officials_stated, number_basis,
            count_scope, source_id, source_id_2, text_lang,
            count(*) over () as records,
            (sum(people) over ())::bigint as all_people
        from counted
        order by year desc nulls last, start_on desc nulls last, event_id
        limit $most
        """,
        asked,
    ).rename({"people": "people_here", "all_people": "people"})


def reach(asked: Asked) -> pl.DataFrame:
    """Records that show a state reached by training, by state and date; ``states`` counts each state once.

    ``taking_part`` keeps the states that take part in the OAS at the end of the years asked for.
    """
    return ask(
        """
        with taking_part as (
            select area_code
            from oas_participation
            where is_counted and from_on <= $on and coalesce(to_on, date '9999-12-31') >= $on
        ),
        ever_dated as (
            select area_code
            from fct_reach
            where year is not null
        ),
        own as (
            select *
            from fct_reach
            where ($is_everywhere or list_contains($states, area_code))
              and ($is_all_time
                or case when $is_undated then year is null else year between $first_year and $last_year end)
              and (len($kind) = 0 or list_contains($kind, record_kind))
              and (len($programme) = 0 or list_contains($programme, programme_id))
              and (len($taking_part) = 0
                or list_contains($taking_part, case when area_code in (from taking_part) then 'yes' else 'no' end))
              and (len($dated) = 0
                or list_contains($dated, case when area_code in (from ever_dated) then 'ever' else 'never' end))
              and (len($source) = 0 or list_contains($source, source_id))
              and (len($record) = 0 or list_contains($record, record_id))
        )
        select
            own.record_id as record, own.record_kind, own.area_code,
            coalesce(fct_training_event.title, dim_programme.name) as title,
            own.start_on, own.start_precision, own.end_on, own.end_precision, own.year, own.first_year, own.last_year,
            own.date_group, own.as_of_on, own.as_of_precision, own.source_id,
            coalesce(fct_training_event.text_lang, dim_programme.text_lang, 'en') as text_lang,
            (select count(*) from own) as records,
            (select count(distinct area_code) from own) as states
        from own
        left join fct_training_event on own.record_kind = 'event' and event_id = own.record_id
        left join dim_programme on own.record_kind = 'deployment' and dim_programme.programme_id = own.programme_id
        order by own.area_code, own.year desc nulls last, own.start_on desc nulls last, own.record_id
        limit $most
        """,
        asked,
    )


def statements(asked: Asked) -> pl.DataFrame:
    """Figures that a source states for many events at once, newest first; ``records`` on each row."""
    return ask(
        """
        select
            statement_id as record, scope as title, qualifier, value, unit, period, mark_year as year, source_id, note,
            text_lang, count(*) over () as records
        from training_statement
        where ($is_all_time
            or case when $is_undated then mark_year is null else mark_year between $first_year and $last_year end)
          and (len($unit) = 0 or list_contains($unit, unit))
          and (len($additive) = 0 or list_contains($additive, additive_with_events))
          and (len($programme) = 0 or list_contains($programme, programme_id))
          and (len($source) = 0 or list_contains($source, source_id))
          and (len($record) = 0 or list_contains($record, statement_id))
        order by mark_year desc nulls last, statement_id
        limit $most
        """,
        asked,
    )
