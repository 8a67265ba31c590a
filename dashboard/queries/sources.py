"""Documents and data sets behind the figures, and what an edition was made of."""

from contextlib import suppress
from datetime import date
from typing import Any

import polars as pl

from dashboard import db
from dashboard.db import fetch, fetch_from


def sources_by_id(source_ids: list[str]) -> pl.DataFrame:
    """The given sources with publisher, title, code, address and licence, by publisher and title."""
    return fetch(
        """
        select source_id, publisher, title, doc_code, url, licence, licence_class, vintage, citation, kind
        from dim_source
        where list_contains($source_ids, source_id)
        order by publisher, title, source_id
        """,
        source_ids=sorted(set(source_ids)),
    )


def sources(words: list[str] | None = None) -> pl.DataFrame:
    """Every source in which every word occurs, by publisher and title.

    ``source_group`` is ``oas`` for the documents and pages of the OAS itself, else the kind of the source. Words are
    looked for without regard to case and accents in publisher, title, code, address, licence and date.
    """
    return fetch(
        """
        select
            source_id, publisher, title, doc_code, url, licence, licence_class, vintage, citation, kind,
            case
                when kind in ('document', 'page')
                    and (publisher like 'Organization of American States%' or contains(publisher, '(IIN-OAS)'))
                then 'oas'
                else kind
            end as source_group,
            lower(strip_accents(concat_ws(' ', publisher, title, doc_code, url, licence, vintage, source_id))) as said
        from dim_source
        where len(list_filter($words, lambda word: not contains(said, lower(strip_accents(word))))) = 0
        order by publisher, title, source_id
        """,
        words=words or [],
    ).drop("said")


def rows_by_source() -> pl.DataFrame:
    """source_id, table_name, rows: how many rows of each table name the source, first or second, by source and table.

    Records of states reached only restate events and deployments and are left out.
    """
    return fetch("""
        with named as (
            select source_id, 'area_membership' as table_name from area_membership
            union all
            select source_id, 'dim_area' from dim_area
            union all
            select source_id, 'dim_indicator' from dim_indicator
            union all
            select unnest(list_distinct([source_id, source_id_2])), 'dim_meeting' from dim_meeting
            union all
            select source_id, 'dim_programme' from dim_programme
            union all
            select source_id, 'dim_questionnaire_round' from dim_questionnaire_round
            union all
            select source_id, 'fct_answer' from fct_answer
            union all
            select source_id, 'fct_commitment' from fct_commitment
            union all
            select unnest(list_distinct([source_id, source_id_2])), 'fct_deployment' from fct_deployment
            union all
            select source_id, 'fct_observation' from fct_observation
            union all
            select source_id, 'fct_response' from fct_response
            union all
            select unnest(list_distinct([source_id, source_id_2])), 'fct_treaty_action' from fct_treaty_action
            union all
            select unnest(list_distinct([source_id, source_id_2])), 'national_authority' from national_authority
            union all
            select source_id, 'national_law' from national_law
            union all
            select source_id, 'national_plan' from national_plan
            union all
            select source_id, 'oas_participation' from oas_participation
            union all
            select source_id, 'programme_funder' from programme_funder
            union all
            select source_id, 'tip_tier_evidence' from tip_tier_evidence
            union all
            select source_id, 'training_statement' from training_statement
        )
        select source_id, table_name, count(*) as rows
        from named
        where source_id is not null
        group by source_id, table_name
        union all
        select source_id, table_name, rows
        from count_source_row
        order by source_id, table_name
        """)


def licences() -> pl.DataFrame:
    """licence, licence_class, sources: the licences as recorded with the number of sources, the most frequent first."""
    return fetch("""
        select licence, licence_class, count(*) as sources
        from dim_source
        group by licence, licence_class
        order by sources desc, licence
        """)


def indicators() -> pl.DataFrame:
    """Every indicator as the catalogue declares it, by family and position; texts in four languages."""
    return fetch("select * from dim_indicator order by family, position, indicator_id")


def caveats() -> pl.DataFrame:
    """caveat_id, kind, family, text in four languages, areas (list of state codes), in their order."""
    return fetch("""
        select
            caveat_id, kind, family, text_en, text_es, text_pt, text_fr,
            coalesce(list(area_code order by area_code) filter (area_code is not null), []) as areas
        from dim_caveat
        left join caveat_area using (caveat_id)
        group by caveat_id, kind, position, family, text_en, text_es, text_pt, text_fr
        order by kind, family, position, caveat_id
        """)


def counting_examples(on: date) -> dict[str, Any]:
    """The figures of this edition that illustrate the rules of counting, as of a day; one row, names tell what it is."""
    return fetch(
        """
        with newest as (
            select indicator_id, area_code, max(year) as year
            from fct_observation
            join dim_area using (area_code)
            join dim_indicator using (indicator_id)
            where area_type = 'country' and not is_derived and is_on_map and period_kind = 'year' and value is not null
            group by indicator_id, area_code
        ),
        spread as (
            select indicator_id, min(year) as oldest_year, max(year) as newest_year
            from newest
            group by indicator_id
            order by newest_year - oldest_year desc, indicator_id
            limit 1
        ),
        taking_part as (
            select distinct area_code
            from oas_participation
            where is_counted and from_on <= $on and coalesce(to_on, date '9999-12-31') >= $on
        ),
        counted as (
            select
                coalesce(sum(events) filter (status = 'held' and names_states), 0)::bigint as held_with_states,
                coalesce(sum(events) filter (officials is not null), 0)::bigint as with_number,
                coalesce(sum(events_of_many), 0)::bigint as not_attributable,
                coalesce(sum(officials) filter (number_basis = 'reported'), 0)::bigint as reported,
                coalesce(sum(officials) filter (number_basis <> 'reported'), 0)::bigint as beforehand,
                coalesce(sum(events) filter (status = 'held'), 0)::bigint as held,
                coalesce(sum(events) filter (status = 'announced'), 0)::bigint as announced,
                coalesce(sum(events) filter (status = 'planned'), 0)::bigint as planned,
                coalesce(sum(events), 0)::bigint as events,
                coalesce(sum(events) filter (year is null), 0)::bigint as events_without_year
            from count_event
        )
        select
            held_with_states,
            (
                select coalesce(sum(events), 0)::bigint
                from count_event_area
                join dim_area using (area_code)
                where status = 'held' and area_type = 'country'
            ) as held_by_state,
            with_number,
            not_attributable,
            reported,
            beforehand,
            (select count(*) from training_statement) as statements,
            held,
            announced,
            planned,
            events,
            events_without_year,
            (select count(*) from fct_observation where value = 0) as zeros,
            (select count(*) from fct_observation where obs_status = 'O') as not_reported,
            (select count(*) from fct_observation where obs_status = 'L') as not_asked,
            (select count(*) from fct_observation where obs_status = 'M') as not_applicable,
            (select count(*) from fct_observation where obs_status = 'Q')
            + (select count(*) from fct_answer where answer_status = 'Q') as suppressed,
            (select count(*) from fct_answer where answer_status = 'Q') as answers_suppressed,
            (select count(*) from taking_part) as taking_part,
            (select count(*) from fct_observation where obs_status = 'B') as breaks,
            (select count(*) from dim_question) as questions,
            (select count(previous_question_id) from dim_question) as questions_with_predecessor,
            (select indicator_id from spread) as spread_indicator,
            (select oldest_year from spread) as spread_oldest,
            (select newest_year from spread) as spread_newest,
            (select count(*) from dim_questionnaire_round where form_family = 'oas') as oas_rounds,
            (select count(*) from dim_questionnaire_round where form_family = 'other_body') as other_rounds,
            (select count(*) from revision) as revisions
        from counted
        """,
        on=on,
    ).row(0, named=True)


def edition() -> dict[str, Any]:
    """edition_id, built_at (UTC), as_of_on, is_synthetic, allows_rejected, software_version of the edition read."""
    return fetch("""
        select edition_id, built_at, as_of_on, is_synthetic, allows_rejected, software_version
        from edition
        """).row(0, named=True)


def load_report() -> pl.DataFrame:
    """table_name, file, sha256, rows_read, rows_loaded, rows_rejected, is_handed_in of every file read, by file."""
    return fetch("""
        select table_name, file, sha256, rows_read, rows_loaded, rows_rejected, is_handed_in
        from load_report
        order by file, table_name
        """)


def rejected_rows(most: int) -> pl.DataFrame:
    """table_name, file, row, column, value, reason of the first rows that were refused, by file and row."""
    return fetch(
        """
        select table_name, file, "row", "column", value, reason
        from rejected_row
        order by file, "row", "column", table_name
        limit $most
        """,
        most=most,
    )


def rejected_row_count() -> int:
    """How many rows were refused; a row refused for two reasons is one row."""
    return fetch('select count(distinct (table_name, file, "row")) as rows from rejected_row')["rows"][0]


def editions_on_file() -> pl.DataFrame:
    """edition_id, built_at, as_of_on, is_synthetic, is_live, can_show of every edition on file, newest first."""
    found = []
    for edition_id in {db.edition(), *db.editions()}:
        with suppress(db.NoEdition):  # pruned since the folder was read
            about = fetch_from(edition_id, "select built_at, as_of_on, is_synthetic from edition")
            found.append(about.with_columns(edition_id=pl.lit(edition_id), can_show=pl.lit(db.can_show(edition_id))))
    live = db.live_edition()
    return pl.concat(found).with_columns(is_live=pl.col("edition_id") == live).sort("edition_id", descending=True)


def tables() -> pl.DataFrame:
    """table_name, column_name, data_type of every table of the edition, by table and position of the column."""
    return fetch("""
        select table_name, column_name, data_type
        from information_schema.columns
        where table_schema = 'main'
        order by table_name, ordinal_position
        """)


def table_size(name: str) -> int:
    """How many rows a table of the edition has; those of a view were counted when it was built."""
    known = fetch("select rows from stored.view_size where table_name = $name", name=name)
    return (known if known.height else fetch("select count(*) as rows from query_table($name)", name=name))["rows"][0]


def full_rounds() -> pl.DataFrame:
    """round_id, year, asked, returned, not_asked (list of state codes) of the OAS rounds whose every return is known.

    The newest comes first.
    """
    return fetch("""
        select
            round_id,
            dim_questionnaire_round.year,
            count(*) filter (response_status in ('returned', 'not_received')) as asked,
            count(*) filter (response_status = 'returned') as returned,
            coalesce(list(area_code order by area_code) filter (response_status = 'not_asked'), []) as not_asked
        from dim_questionnaire_round
        join fct_response using (round_id)
        where form_family = 'oas' and respondent_kind = 'states' and is_list_complete
        group by round_id, dim_questionnaire_round.year
        order by dim_questionnaire_round.year desc, round_id
        """)
