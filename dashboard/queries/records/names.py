"""What the codes in the filters of records stand for."""

import polars as pl

from dashboard.db import fetch


def names() -> pl.DataFrame:
    """filter, code, name (as recorded) of programmes, questionnaires, questions and treaties, by filter and code."""
    return fetch("""
        select 'programme' as filter, programme_id as code, name from dim_programme
        union all
        select 'round', round_id, name from dim_questionnaire_round
        union all
        select 'question', question_id, wording from dim_question
        union all
        select 'treaty', treaty_id, name from dim_treaty
        order by filter, code
        """)


def indicators() -> pl.DataFrame:
    """indicator_id and title_en … title_fr of every indicator, by id."""
    return fetch("""
        select indicator_id, title_en, title_es, title_pt, title_fr
        from dim_indicator
        order by indicator_id
        """)
