"""Records of questionnaires: rounds, returns, answers."""

import polars as pl

from dashboard.queries.records.asked import Asked, ask


def rounds(asked: Asked) -> pl.DataFrame:
    """Questionnaires, newest first; ``records``, and ``replies``: the returns that their sources state, added up."""
    return ask(
        """
        with own as (
            select *
            from dim_questionnaire_round
            where ($is_all_time
                or case when $is_undated then year is null else year between $first_year and $last_year end)
              and (len($round) = 0 or list_contains($round, round_id))
              and (len($form) = 0 or list_contains($form, form_family))
              and (len($respondent) = 0 or list_contains($respondent, respondent_kind))
              and (len($source) = 0 or list_contains($source, source_id))
              and (len($record) = 0 or list_contains($record, round_id))
        )
        select
            round_id as record, name as title, year, issued_by, form_family, respondent_kind, responses_stated,
            is_responders_named, is_list_complete, source_id, note, text_lang,
            count(*) over () as records,
            (coalesce(sum(responses_stated) over (), 0))::bigint as replies
        from own
        order by year desc nulls last, round_id
        limit $most
        """,
        asked,
    )


def responses(asked: Asked) -> pl.DataFrame:
    """Returns of questionnaires by round (newest first) and state; counts: ``records``, ``states``, ``rounds``.

    A round is measured against the members that a group had in the round's own year. Where names are kept back, a
    return that was not received has no state, and one state or group alone cannot be asked for it; nor can one for a
    return to a round of which everyone's reply is known, because who is not among them did not reply.
    """
    return ask(
        """
        with dated as (
            select
                fct_response.*,
                dim_questionnaire_round.name as title,
                form_family,
                respondent_kind,
                series_code,
                coalesce(fct_response.year, dim_questionnaire_round.year) as year_of_return,
                make_date(coalesce(dim_questionnaire_round.year, 2100), 12, 31) as on_day,
                $hides_names
                    and (
                        response_status = 'not_received'
                        or (
                            response_status = 'returned'
                            and is_list_complete
                            and round_id in (select round_id from fct_response where response_status = 'not_received')
                        )
                    ) as is_untold
            from fct_response
            join dim_questionnaire_round using (round_id)
        ),
        own as (
            select *
            from dated
            where ($is_everywhere
                or list_contains($area, area_code)
                or exists (
                    select 1
                    from area_membership
                    where list_contains($area, group_code)
                      and area_membership.area_code = dated.area_code
                      and coalesce(from_on, date '1800-01-01') <= on_day
                      and coalesce(to_on, date '9999-12-31') >= on_day
                ))
              and ($is_all_time
                or case
                    when $is_undated then year_of_return is null
                    else year_of_return between $first_year and $last_year
                end)
              and (len($status) = 0 or list_contains($status, response_status))
              and (len($round) = 0 or list_contains($round, round_id))
              and (len($series) = 0 or list_contains($series, series_code))
              and (len($form) = 0 or list_contains($form, form_family))
              and (len($respondent) = 0 or list_contains($respondent, respondent_kind))
              and (len($source) = 0 or list_contains($source, source_id))
              and (len($record) = 0 or list_contains($record, response_id))
              and not (is_untold and (not $is_everywhere or len($record) > 0 or len($source) > 0))
        ),
        told as (
            select
                *,
                case when not is_untold then area_code end as told_area,
                case when not is_untold then response_id end as told_id,
                case when not is_untold then note end as told_note
            from own
        )
        select
            told_id as record, title, round_id, told_area as area_code, year_of_return as year, response_status,
            source_id, told_note as note, text_lang,
            count(*) over () as records,
            (select count(distinct area_code) from own) as states,
            (select count(distinct round_id) from own) as rounds
        from told
        order by year_of_return desc nulls last, round_id, told_area nulls last
        limit $most
        """,
        asked,
    )


def answers(asked: Asked) -> pl.DataFrame:
    """Answers by round (newest first), question and state; counts: ``records``, ``states``, and ``value`` added up."""
    return ask(
        """
        with own as (
            select
                fct_answer.*,
                dim_question.wording,
                dim_question.topic,
                dim_questionnaire_round.name as title,
                dim_questionnaire_round.year
            from fct_answer
            join dim_question using (question_id)
            join dim_questionnaire_round on dim_questionnaire_round.round_id = fct_answer.round_id
            where ($is_everywhere or list_contains($states, area_code))
              and ($is_all_time
                or case
                    when $is_undated then dim_questionnaire_round.year is null
                    else dim_questionnaire_round.year between $first_year and $last_year
                end)
              and (len($named) = 0 or list_contains($named, case when area_code is null then 'no' else 'yes' end))
              and (len($status) = 0 or list_contains($status, answer_status))
              and (len($round) = 0 or list_contains($round, fct_answer.round_id))
              and (len($form) = 0 or list_contains($form, form_family))
              and (len($question) = 0 or list_contains($question, question_id))
              and (len($topic) = 0 or list_contains($topic, topic))
              and (len($pillar) = 0 or list_contains($pillar, pillar))
              and (len($source) = 0 or list_contains($source, fct_answer.source_id))
              and (len($record) = 0 or list_contains($record, answer_id))
        )
        select
            answer_id as record, wording, title, topic, area_code, scope, year, answer, value, unit, answer_status,
            source_id, note, text_lang,
            count(*) over () as records,
            (select count(distinct area_code) from own) as states,
            sum(value) over () as values
        from own
        order by year desc nulls last, round_id, question_id, area_code nulls first, answer_id
        limit $most
        """,
        asked,
    )
