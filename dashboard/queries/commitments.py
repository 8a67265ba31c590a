"""Meetings of authorities, and what was recommended, mandated or committed to."""

import polars as pl

from dashboard.db import fetch


def meetings(first_year: int, last_year: int) -> pl.DataFrame:
    """Meetings of the years and those without a date on record, which come last; oldest first."""
    return fetch(
        """
        select
            meeting_id, series, number, name, start_on, start_precision, end_on, end_precision, year, date_group, city,
            host_area_code, modality, participants_note, outcome_documents, theme, source_id, source_id_2, note, text_lang
        from dim_meeting
        where year is null or year between $first_year and $last_year
        order by start_on nulls last, series, number
        """,
        first_year=first_year,
        last_year=last_year,
    )


def recommendations(first_year: int, last_year: int) -> pl.DataFrame:
    """Items of the years, newest instrument first, in the order of the instrument; unnumbered items come last."""
    return fetch(
        """
        select
            commitment_id, instrument, instrument_code, year, issuer, item_no, kind, pillar, paraphrase, source_id, note,
            text_lang
        from fct_commitment
        where year between $first_year and $last_year
        order by year desc, instrument, kind, item_no nulls last, commitment_id
        """,
        first_year=first_year,
        last_year=last_year,
    )


def by_pillar(first_year: int, last_year: int) -> pl.DataFrame:
    """kind, items and how many of them belong to each pillar (prevention, protection, prosecution, cooperation)."""
    return fetch(
        """
        select
            kind,
            count(*)::integer as items,
            (count(*) filter (pillar = 'prevention'))::integer as prevention,
            (count(*) filter (pillar = 'protection'))::integer as protection,
            (count(*) filter (pillar = 'prosecution'))::integer as prosecution,
            (count(*) filter (pillar = 'cooperation'))::integer as cooperation
        from fct_commitment
        where year between $first_year and $last_year
        group by kind
        order by items desc, kind
        """,
        first_year=first_year,
        last_year=last_year,
    )
