"""Questionnaires: rounds, who returned them, and what was answered; OAS forms and other bodies' forms kept apart.

A round without a year of its own belongs to every period.
"""

import polars as pl

from dashboard.db import fetch


def rounds(first_year: int, last_year: int) -> pl.DataFrame:
    """Every round of the years with how many states are on record in it: OAS forms first, then by year.

    ``returned``, ``not_received``, ``not_asked``: distinct states on record with that status; ``vintage``: the date of
    the round's source, cut to what is known.
    """
    return fetch(
        """
        with standings as (
            select
                round_id,
                count(distinct area_code) filter (response_status = 'returned') as returned,
                count(distinct area_code) filter (response_status = 'not_received') as not_received,
                count(distinct area_code) filter (response_status = 'not_asked') as not_asked
            from fct_response
            group by round_id
        )
        select
            round_id, name, meeting, year, issued_by, form_family, respondent_kind, responses_stated,
            is_responders_named, is_list_complete, coalesce(returned, 0) as returned,
            coalesce(not_received, 0) as not_received, coalesce(not_asked, 0) as not_asked,
            dim_questionnaire_round.source_id, vintage, note, text_lang
        from dim_questionnaire_round
        left join standings using (round_id)
        left join dim_source using (source_id)
        where year is null or year between $first_year and $last_year
        order by form_family, year nulls last, round_id
        """,
        first_year=first_year,
        last_year=last_year,
    )


def return_rates(area_codes: list[str], first_year: int, last_year: int) -> pl.DataFrame:
    """round_id, area_code, value (share of the states asked), numerator, denominator, obs_status, by round and area.

    Only OAS rounds for which the return of every state is known.
    """
    return fetch(
        """
        select round_id, area_code, value, numerator, denominator, obs_status
        from fct_observation
        join dim_questionnaire_round on round_id = category
        where indicator_id = 'questionnaire_return_rate'
          and period_kind = 'all_time'
          and form_family = 'oas'
          and respondent_kind = 'states'
          and is_list_complete
          and list_contains($area_codes, area_code)
          and (
                dim_questionnaire_round.year is null
                or dim_questionnaire_round.year between $first_year and $last_year
            )
        order by dim_questionnaire_round.year, round_id, area_code
        """,
        area_codes=area_codes,
        first_year=first_year,
        last_year=last_year,
    )


def standings(form_family: str, first_year: int, last_year: int) -> pl.DataFrame:
    """What is on record of each state in each round that states answered, by round and area.

    ``standing``: returned, not_received, not_asked, not_taking_part (in the OAS, at the time of an OAS round) or
    not_stated. ``years``: the years of the replies, or of the sources that say none came. ``vintage``: the date of
    the newest source behind the standing.
    """
    return fetch(
        """
        with asked as (
            select round_id, year as round_year
            from dim_questionnaire_round
            where form_family = $form_family
              and respondent_kind = 'states'
              and (year is null or year between $first_year and $last_year)
        ),
        ranked as (
            select *, case response_status when 'returned' then 1 when 'not_received' then 2 else 3 end as preference
            from fct_response
            join asked using (round_id)
            where round_year is not null or year is null or year between $first_year and $last_year
            qualify preference = min(preference) over (partition by round_id, area_code)
        ),
        on_record as (
            select
                round_id,
                area_code,
                any_value(response_status) as response_status,
                string_agg(distinct year::varchar, ', ' order by year::varchar) as years,
                arg_max(source_id, coalesce(year, 0)) as source_id,
                arg_max(note, coalesce(year, 0)) as note,
                arg_max(text_lang, coalesce(year, 0)) as text_lang
            from ranked
            group by round_id, area_code
        ),
        outside as (
            select category as round_id, area_code
            from fct_observation
            where indicator_id = 'questionnaire_returns' and period_kind = 'all_time' and obs_status = 'M'
        )
        select
            round_id,
            area_code,
            case
                when response_status is not null then response_status
                when (round_id, area_code) in (select (round_id, area_code) from outside) then 'not_taking_part'
                else 'not_stated'
            end as standing,
            years,
            on_record.source_id,
            vintage,
            on_record.note,
            text_lang
        from asked
        cross join (select area_code from dim_area where area_type = 'country') as states
        left join on_record using (round_id, area_code)
        left join dim_source on dim_source.source_id = on_record.source_id
        order by round_year nulls last, round_id, area_code
        """,
        form_family=form_family,
        first_year=first_year,
        last_year=last_year,
    )


def answers(round_id: str, topic: str, question_id: str, first_year: int, last_year: int) -> pl.DataFrame:
    """Answers with their questions, of one round, topic and question or of all (empty text).

    By form, round, question and state; ``area_code`` is empty where a source gives one answer for all responders
    together.
    """
    return fetch(
        """
        select
            answer_id, form_family, round_id, dim_questionnaire_round.name as round_name,
            dim_questionnaire_round.year as year, question_id, topic, wording, area_code, scope, answer, value, unit,
            answer_status, fct_answer.source_id, fct_answer.note, fct_answer.text_lang
        from fct_answer
        join dim_question using (question_id, round_id)
        join dim_questionnaire_round using (round_id)
        where ($round_id = '' or round_id = $round_id)
          and ($topic = '' or topic = $topic)
          and ($question_id = '' or question_id = $question_id)
          and (dim_questionnaire_round.year is null or dim_questionnaire_round.year between $first_year and $last_year)
        order by form_family, year nulls last, round_id, question_id, area_code nulls last, answer_id
        """,
        round_id=round_id,
        topic=topic,
        question_id=question_id,
        first_year=first_year,
        last_year=last_year,
    )


def rounds_answered(topic: str, first_year: int, last_year: int) -> list[str]:
    """The rounds with an answer on a topic (empty text: on any), those worth opening first before the others.

    OAS forms first, rounds with answers of single states before those with answers of all together, then the newest,
    then the one of which most states' answers are on record.
    """
    rows = fetch(
        """
        select round_id, count(distinct area_code) as states
        from fct_answer
        join dim_question using (question_id, round_id)
        join dim_questionnaire_round using (round_id)
        where ($topic = '' or topic = $topic)
          and (year is null or year between $first_year and $last_year)
        group by round_id, form_family, year
        order by form_family = 'oas' desc, states > 0 desc, year desc nulls last, states desc, round_id
        """,
        topic=topic,
        first_year=first_year,
        last_year=last_year,
    )
    return rows["round_id"].to_list()


def questions(round_id: str, topic: str) -> pl.DataFrame:
    """question_id, round_id, topic, wording, previous_question_id, text_lang, states of a round's questions, by id.

    Of one topic or of all (empty text); ``states``: those with an answer of their own on record.
    """
    return fetch(
        """
        select
            question_id, round_id, topic, wording, previous_question_id, dim_question.text_lang,
            count(distinct area_code) as states
        from dim_question
        left join fct_answer using (question_id, round_id)
        where round_id = $round_id
          and ($topic = '' or topic = $topic)
        group by question_id, round_id, topic, wording, previous_question_id, dim_question.text_lang
        order by question_id
        """,
        round_id=round_id,
        topic=topic,
    )


def question_chain(question_id: str) -> pl.DataFrame:
    """A question with all that it follows and that follow it, of the same family of forms, by year and round.

    ``previous_question_id`` is the question of an earlier round that the records link it to. Links that run in a
    circle end where they began.
    """
    return fetch(
        """
        with recursive earlier as (
            select question_id, previous_question_id
            from dim_question
            where question_id = $question_id
            union
            select dim_question.question_id, dim_question.previous_question_id
            from earlier
            join dim_question on dim_question.question_id = earlier.previous_question_id
        ),
        later as (
            select question_id
            from dim_question
            where question_id = $question_id
            union
            select dim_question.question_id
            from later
            join dim_question on dim_question.previous_question_id = later.question_id
        ),
        chain as (
            select question_id
            from earlier
            union
            select question_id
            from later
        ),
        own as (
            select form_family
            from dim_question
            join dim_questionnaire_round using (round_id)
            where question_id = $question_id
        )
        select
            question_id, round_id, topic, wording, previous_question_id, dim_question.text_lang, name, year,
            form_family, dim_questionnaire_round.source_id
        from chain
        join dim_question using (question_id)
        join dim_questionnaire_round using (round_id)
        where form_family in (select form_family from own)
        order by year nulls last, round_id, question_id
        """,
        question_id=question_id,
    )


def answers_by_topic(first_year: int, last_year: int) -> pl.DataFrame:
    """topic, form_family, answers, states (with an answer of their own), suppressed (of the answers), by topic."""
    return fetch(
        """
        select
            topic,
            form_family,
            count(*) as answers,
            count(distinct area_code) as states,
            count(*) filter (answer_status = 'Q') as suppressed
        from fct_answer
        join dim_question using (question_id, round_id)
        join dim_questionnaire_round using (round_id)
        where year is null or year between $first_year and $last_year
        group by topic, form_family
        order by topic, form_family
        """,
        first_year=first_year,
        last_year=last_year,
    )


def answer_sources(first_year: int, last_year: int) -> pl.DataFrame:
    """source_id of the documents behind the answers of the years."""
    return fetch(
        """
        select distinct fct_answer.source_id
        from fct_answer
        join dim_questionnaire_round using (round_id)
        where year is null or year between $first_year and $last_year
        order by source_id
        """,
        first_year=first_year,
        last_year=last_year,
    )


def topics_of(round_id: str) -> list[str]:
    """The topics of which a round has answers (empty text: of all rounds), as recorded."""
    rows = fetch(
        """
        select distinct topic
        from fct_answer
        join dim_question using (question_id, round_id)
        where $round_id = '' or round_id = $round_id
        order by topic
        """,
        round_id=round_id,
    )
    return rows["topic"].to_list()


def caveats() -> pl.DataFrame:
    """kind, text in four languages and area_codes (list) of the remarks on questionnaires, in their order."""
    return fetch("""
        select
            caveat_id, kind, text_en, text_es, text_pt, text_fr,
            coalesce(list(area_code order by area_code) filter (area_code is not null), []) as area_codes
        from dim_caveat
        left join caveat_area using (caveat_id)
        where family = 'questionnaires'
        group by caveat_id, kind, position, text_en, text_es, text_pt, text_fr
        order by kind desc, position, caveat_id
        """)
