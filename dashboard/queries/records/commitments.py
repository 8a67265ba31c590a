"""Records of what was asked for and promised: meetings, recommendations and commitments, standings with treaties."""

import polars as pl

from dashboard.queries.records.asked import Asked, ask


def commitments(asked: Asked) -> pl.DataFrame:
    """Items of instruments, newest instrument first, in the order of the instrument; ``records`` on each row."""
    return ask(
        """
        select
            commitment_id as record, paraphrase as title, instrument, instrument_code, year, issuer, item_no, kind,
            pillar, source_id, note, text_lang, count(*) over () as records
        from fct_commitment
        where ($is_all_time
            or case when $is_undated then year is null else year between $first_year and $last_year end)
          and (len($instrument) = 0
            or list_contains($instrument, instrument_code)
            or list_contains($instrument, instrument))
          and (len($kind) = 0 or list_contains($kind, kind))
          and (len($pillar) = 0 or list_contains($pillar, pillar))
          and (len($issuer) = 0 or list_contains($issuer, issuer))
          and (len($source) = 0 or list_contains($source, source_id))
          and (len($record) = 0 or list_contains($record, commitment_id))
        order by year desc, instrument, kind, item_no nulls last, commitment_id
        limit $most
        """,
        asked,
    )


def meetings(asked: Asked) -> pl.DataFrame:
    """Meetings, oldest first, those without a date last; ``records`` on each row."""
    return ask(
        """
        select
            meeting_id as record, name as title, series, number, start_on, start_precision, end_on, end_precision, year,
            first_year, last_year, date_group, city, host_area_code, source_id, source_id_2, note, text_lang,
            count(*) over () as records
        from dim_meeting
        where ($is_all_time
            or case when $is_undated then year is null else year between $first_year and $last_year end)
          and (len($series) = 0 or list_contains($series, series))
          and (len($host) = 0 or list_contains($host, host_area_code))
          and (len($source) = 0 or list_contains($source, source_id) or list_contains($source, source_id_2))
          and (len($record) = 0 or list_contains($record, meeting_id))
        order by start_on nulls last, series, number
        limit $most
        """,
        asked,
    )


def treaty_actions(asked: Asked) -> pl.DataFrame:
    """Standings of states with instruments, by instrument and state; counts: ``records``, ``states``, ``treaties``."""
    return ask(
        """
        with own as (
            select fct_treaty_action.*, name, position
            from fct_treaty_action
            join dim_treaty using (treaty_id)
            where ($is_everywhere or list_contains($states, area_code))
              and ($is_all_time
                or case when $is_undated then year is null else year between $first_year and $last_year end)
              and (len($treaty) = 0 or list_contains($treaty, treaty_id))
              and (len($status) = 0 or list_contains($status, status))
              and (len($action) = 0 or list_contains($action, action_type))
              and (len($source) = 0 or list_contains($source, source_id) or list_contains($source, source_id_2))
              and (len($record) = 0 or list_contains($record, concat(area_code, '.', treaty_id)))
        )
        select
            concat(area_code, '.', treaty_id) as record, name as title, area_code, status, signature_on,
            signature_precision, action_type, action_on, action_precision, year, source_id, source_id_2, note, text_lang,
            count(*) over () as records,
            (select count(distinct area_code) from own) as states,
            (select count(distinct treaty_id) from own) as treaties
        from own
        order by position, treaty_id, area_code
        limit $most
        """,
        asked,
    )
