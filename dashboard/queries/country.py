"""Everything that the records and the open indicators say about one state."""

import polars as pl

from dashboard.db import fetch


def records_on_file(area_code: str) -> dict[str, int]:
    """How many rows of each kind name the state, whatever the period: the sections of its page that have content."""
    rows = fetch(
        """
        select 'events' as kind, coalesce(sum(events + events_hosted), 0)::bigint as rows
        from count_event_area
        where area_code = $area_code
        union all
        select 'programmes', count(*) from fct_deployment where area_code = $area_code
        union all
        select 'questionnaires', count(*) from fct_response where area_code = $area_code
        union all
        select 'answers', count(*) from fct_answer where area_code = $area_code
        union all
        select 'treaties', count(*) from fct_treaty_action where area_code = $area_code and status <> 'unknown'
        union all
        select 'authorities', count(*) from national_authority where area_code = $area_code
        union all
        select 'plans', count(*) from national_plan where area_code = $area_code
        union all
        select 'laws', count(*) from national_law where area_code = $area_code
        union all
        select 'context', count(distinct indicator_id)
        from fct_observation
        join dim_indicator using (indicator_id)
        where area_code = $area_code and not is_derived and (value is not null or value_code is not null)
        union all
        select 'caveats', count(*) from caveat_area where area_code = $area_code
        order by kind
        """,
        area_code=area_code,
    )
    return dict(rows.iter_rows())


def events(area_code: str, first_year: int, last_year: int, most: int = 200) -> pl.DataFrame:
    """The newest ``most`` (200 or fewer) events in which the state took part or which it hosted; without a year last.

    ``officials`` is the number stated for this state alone, ``officials_stated`` the one stated for the whole event.
    An event that lies in a span of years belongs to the period if the span meets it; an undated one always does.
    ``events_in_all`` on each row is the number of events of the period, shown or not.
    """
    return fetch(
        """
        with newest as (
            select *
            from listed_event
            where area_code = $area_code
              and coalesce(last_year, 9999) >= $first_year
              and coalesce(first_year, 0) <= $last_year
            order by year desc nulls last, start_on desc nulls last, event_id
            limit $most
        ),
        counted as (
            select sum(events + events_hosted)::bigint as events_in_all
            from count_event_area
            where area_code = $area_code
              and coalesce(last_year, 9999) >= $first_year
              and coalesce(first_year, 0) <= $last_year
        )
        select
            event_id, title, event_type, programme_id, status, start_on, start_precision, end_on, end_precision, year,
            first_year, last_year, date_group, city, host_area_code, took_part, hosted,
            case when participants is null then [] else string_split(participants, ';') end as participants, audience,
            coalesce(own_officials, case when attributable_area_code = $area_code then officials_stated end) as officials,
            officials_stated, number_basis, count_scope, modality, topics, source_id, source_id_2, note, text_lang,
            events_in_all
        from newest
        cross join counted
        order by year desc nulls last, start_on desc nulls last, event_id
        """,
        area_code=area_code,
        first_year=first_year,
        last_year=last_year,
        most=most,
    )


def event_counts(area_code: str, first_year: int, last_year: int) -> pl.DataFrame:
    """has_year, has_start, status, events (in which the state took part), events_hosted (that it only hosted).

    Of the period are also the events of a span of years that meets it (of some the start is known), and undated ones.
    """
    return fetch(
        """
        select
            year is not null as has_year,
            first_year is not null as has_start,
            status,
            sum(events)::bigint as events,
            sum(events_hosted)::bigint as events_hosted
        from count_event_area
        where area_code = $area_code
          and coalesce(last_year, 9999) >= $first_year
          and coalesce(first_year, 0) <= $last_year
        group by 1, 2, 3
        order by 1, 2, 3
        """,
        area_code=area_code,
        first_year=first_year,
        last_year=last_year,
    )


def event_sources(area_code: str, first_year: int, last_year: int, is_all_time: bool) -> list[str]:
    """The documents behind the events that count for the state: of the years, or with ``is_all_time`` all; by id."""
    rows = fetch(
        """
        select distinct source_id
        from count_event_source
        where area_code = $area_code and ($is_all_time or year between $first_year and $last_year)
        order by source_id
        """,
        area_code=area_code,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )
    return rows["source_id"].to_list()


def deployments(area_code: str, first_year: int, last_year: int) -> pl.DataFrame:
    """Programmes in the state, each with status, dates, note and source, newest first; undated ones come last.

    A row that lies in a span of years is listed if the span meets the period, an undated one always.
    """
    return fetch(
        """
        select
            deployment_id, programme_id, name, name_original, pillar, activity_type, status, start_on, start_precision,
            end_on, end_precision, fct_deployment.year, first_year, last_year, date_group, as_of_on, as_of_precision,
            last_year_counted, fct_deployment.source_id, source_id_2, fct_deployment.note, fct_deployment.text_lang
        from fct_deployment
        join dim_programme using (programme_id)
        where area_code = $area_code
          and (
                date_group = 'undated'
                or (
                    coalesce(last_year_counted, last_year, 9999) >= $first_year
                    and coalesce(first_year, 0) <= $last_year
                )
            )
        order by coalesce(fct_deployment.year, first_year) desc nulls last, start_on desc nulls last, deployment_id
        """,
        area_code=area_code,
        first_year=first_year,
        last_year=last_year,
    )


def rounds(area_code: str, first_year: int, last_year: int, is_all_time: bool) -> pl.DataFrame:
    """Every round that states answer, with the state's standing in it; OAS rounds first, then newest first.

    ``standing`` is returned, not_received, not_asked, outside (the state took no part in the OAS then) or not_stated;
    ``as_of`` is the date of the source. ``has_missing`` says whether some state's reply to the round was not received,
    ``round_source_id`` is the source of the round itself.
    """
    return fetch(
        """
        with replies as (
            select *
            from fct_response
            where area_code = $area_code
        ),
        outside as (
            select category as round_id
            from fct_observation
            where indicator_id = 'questionnaire_returns'
              and area_code = $area_code
              and period_kind = 'all_time'
              and obs_status = 'M'
        )
        select
            asked.round_id, asked.name, asked.year, asked.issued_by, asked.form_family,
            case
                when response_status is not null then response_status
                when asked.round_id in (from outside) then 'outside'
                else 'not_stated'
            end as standing,
            replies.year as response_year,
            coalesce(replies.source_id, asked.source_id) as source_id,
            vintage as as_of,
            replies.note,
            coalesce(replies.text_lang, asked.text_lang) as text_lang,
            asked.is_list_complete,
            asked.round_id in (select round_id from fct_response where response_status = 'not_received') as has_missing,
            asked.source_id as round_source_id
        from dim_questionnaire_round as asked
        left join replies using (round_id)
        left join dim_source on dim_source.source_id = coalesce(replies.source_id, asked.source_id)
        where respondent_kind = 'states'
          and ($is_all_time or coalesce(replies.year, asked.year) between $first_year and $last_year)
        order by form_family = 'oas' desc, asked.year desc nulls last, asked.round_id
        """,
        area_code=area_code,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )


def answers(area_code: str, first_year: int, last_year: int, is_all_time: bool) -> pl.DataFrame:
    """What the state answered, with the question: OAS forms first, by topic, then as the round asks.

    A round without a year of its own belongs to every period.
    ``value_status`` is Q where a small count is not shown, otherwise empty.
    """
    return fetch(
        """
        select
            answer_id, dim_question.topic, dim_question.wording, answer, value, unit, answer_status,
            case when answer_status = 'Q' then 'Q' end as value_status,
            asked.round_id, asked.name as round_name, asked.year as round_year, asked.form_family,
            fct_answer.source_id, fct_answer.note, fct_answer.text_lang
        from fct_answer
        join dim_question using (question_id)
        join dim_questionnaire_round as asked on asked.round_id = fct_answer.round_id
        where area_code = $area_code
          and ($is_all_time or asked.year is null or asked.year between $first_year and $last_year)
        order by form_family = 'oas' desc, topic, asked.year desc nulls last, asked.round_id, answer_id
        """,
        area_code=area_code,
        first_year=first_year,
        last_year=last_year,
        is_all_time=is_all_time,
    )


def treaties(area_code: str) -> pl.DataFrame:
    """The state's standing with each instrument, in the catalogue's order; ``as_of`` is the date of the source."""
    return fetch(
        """
        select
            treaty_id, dim_treaty.name, adopted_year, coalesce(status, 'unknown') as status, signature_on,
            signature_precision, action_type, action_on, action_precision, year, vintage as as_of,
            actions.source_id, source_id_2, note, coalesce(text_lang, 'en') as text_lang
        from dim_treaty
        left join (select * from fct_treaty_action where area_code = $area_code) as actions using (treaty_id)
        left join dim_source using (source_id)
        order by position, treaty_id
        """,
        area_code=area_code,
    )


def standing(area_code: str, members: list[str], last_year: int) -> pl.DataFrame:
    """The state's newest value of each indicator, and what the states had in that same period; by position.

    OAS records count all years; open indicators give the newest year up to ``last_year`` in which the state has a
    value. ``lowest``, ``highest`` and ``states`` are those of all states with a value in that period, ``group_median``
    and ``group_states`` those of ``members``.
    """
    return fetch(
        """
        with own as (
            select
                indicator_id, category, period, year, value, value_code, numerator, denominator, obs_status, note,
                fct_observation.source_id
            from fct_observation
            join dim_indicator using (indicator_id)
            where area_code = $area_code
              and sex = '_T'
              and age = '_T'
              and (value is not null or value_code is not null)
              and (
                    (
                        period_kind = 'all_time'
                        and (indicator_id, category) in (
                            ('training_events', 'held'),
                            ('programmes_deployed', '_T'),
                            ('questionnaires_returned', 'oas'),
                            ('treaties_in_force', '_T')
                        )
                    )
                    or (not is_derived and period_kind = 'year' and category = '_T' and year <= $last_year)
                )
            qualify row_number() over (partition by indicator_id order by year desc nulls last) = 1
        ),
        peers as (
            select
                own.indicator_id,
                min(other.value) as lowest,
                max(other.value) as highest,
                count(other.value) as states,
                median(other.value) filter (list_contains($members, other.area_code)) as group_median,
                count(other.value) filter (list_contains($members, other.area_code)) as group_states
            from own
            join fct_observation as other using (indicator_id, category, period)
            join dim_area on dim_area.area_code = other.area_code
            where area_type = 'country' and other.sex = '_T' and other.age = '_T'
            group by own.indicator_id
        )
        select
            indicator_id, family, aggregation, is_derived, decimals, period, own.year, own.value, value_code, numerator,
            denominator, obs_status, note, lowest, highest, states, group_median, group_states, own.source_id
        from own
        join peers using (indicator_id)
        join dim_indicator using (indicator_id)
        order by dim_indicator.position, indicator_id
        """,
        area_code=area_code,
        members=members,
        last_year=last_year,
    )


def indicators() -> pl.DataFrame:
    """The indicators of the edition, in their order, with all that the catalogue says of them."""
    return fetch("select * from dim_indicator order by position, indicator_id")


def tier_evidence(area_code: str, year: int) -> pl.DataFrame:
    """evidence_basis, publisher, source_title, source_id behind a state's tier of one year, by publisher."""
    return fetch(
        """
        select evidence_basis, publisher, source_title, source_id
        from tip_tier_evidence
        where area_code = $area_code and year = $year
        order by publisher, source_title
        """,
        area_code=area_code,
        year=year,
    )


def caveats(area_code: str) -> pl.DataFrame:
    """Contradictions, gaps and advice on reading that name the state, in that order."""
    return fetch(
        """
        select caveat_id, kind, family, text_en, text_es, text_pt, text_fr
        from dim_caveat
        join caveat_area using (caveat_id)
        where area_code = $area_code
        order by list_position(['contradiction', 'gap', 'reading'], kind), position, caveat_id
        """,
        area_code=area_code,
    )


def participation_today() -> pl.DataFrame:
    """area_code, status, from_on, from_precision of every state on the edition's day, by area."""
    return fetch("""
        select area_code, status, from_on, from_precision, source_id
        from oas_participation
        where from_on <= (select as_of_on from edition)
        qualify row_number() over (partition by area_code order by from_on desc) = 1
        order by area_code
        """)
