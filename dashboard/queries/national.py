"""Authorities, plans and laws of a state, as of the date of each source."""

import polars as pl

from dashboard.db import fetch


def authorities(area_code: str) -> pl.DataFrame:
    """Bodies that coordinate or carry out the fight against trafficking, coordinating inter-agency bodies first."""
    return fetch(
        """
        select
            authority_id, name_original, name, authority_type, role, lead_institution, created_year, legal_basis, website,
            as_of_year, source_id, source_id_2, note, text_lang
        from national_authority
        where area_code = $area_code
        order by authority_type = 'inter_agency_body' desc, authority_id
        """,
        area_code=area_code,
    )


def plans(area_code: str) -> pl.DataFrame:
    """National plans, policies and strategies, newest first; ``as_of`` is the date of the source."""
    return fetch(
        """
        select
            plan_id, title_original, national_plan.title, approved_year, start_year, end_year, status, legal_basis,
            vintage as as_of, source_id, note, text_lang
        from national_plan
        left join dim_source using (source_id)
        where area_code = $area_code
        order by coalesce(start_year, approved_year) desc nulls last, plan_id
        """,
        area_code=area_code,
    )


def laws(area_code: str) -> pl.DataFrame:
    """Acts, sections of codes, regulations and decrees, comprehensive ones first; ``as_of`` is the source's date."""
    return fetch(
        """
        select
            law_id, title_original, national_law.title, law_number, adopted_on, adopted_precision, published_on,
            published_precision, scope, status, vintage as as_of, source_id, note, text_lang
        from national_law
        left join dim_source using (source_id)
        where area_code = $area_code
        order by
            list_position(['comprehensive', 'penal', 'regulation', 'institutional', 'related'], scope),
            coalesce(adopted_on, published_on) desc nulls last,
            law_id
        """,
        area_code=area_code,
    )
