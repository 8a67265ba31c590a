"""Names, groups and participation of the areas, in the reader's language."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import polars as pl

from dashboard.db import fetch, read_from
from dashboard.i18n import language, sort_key
from dashboard.selection import Selection

HEMISPHERE = "019"
_KEPT = 32  # editions and languages whose names are kept at hand


def _all_areas() -> pl.DataFrame:
    return fetch("select * from dim_area order by area_code")


@lru_cache(maxsize=_KEPT)
def _names(_reading: tuple[str, str], lang: str) -> Mapping[str, str]:
    areas = _all_areas()
    return MappingProxyType(dict(zip(areas["area_code"], areas[f"name_{lang}"], strict=True)))


def names() -> Mapping[str, str]:
    """Area code -> name in the reader's language, of every state, group and the hemisphere."""
    return _names(read_from(), language())


def name(area_code: str) -> str:
    """The name of an area in the reader's language."""
    return names().get(area_code, area_code)


def official_name(area_code: str) -> str:
    """The official name of a state in the reader's language, or its short name."""
    row = _all_areas().filter(pl.col("area_code") == area_code)
    return (row[f"official_name_{language()}"][0] if row.height else None) or name(area_code)


@lru_cache(maxsize=_KEPT)
def _states(_reading: tuple[str, str], lang: str) -> tuple[str, ...]:
    areas = _all_areas().filter(pl.col("area_type") == "country")
    named = zip(areas["area_code"], areas[f"name_{lang}"], strict=True)
    return tuple(code for code, _name in sorted(named, key=lambda pair: sort_key(pair[1])))


def states() -> list[str]:
    """The codes of the 35 states in the alphabetical order of the reader's language."""
    return list(_states(read_from(), language()))


def tiles() -> pl.DataFrame:
    """area_code, tile_row, tile_column of the states, by row and column."""
    return fetch("""
        select area_code, tile_row, tile_column
        from dim_area
        where area_type = 'country'
        order by tile_row, tile_column
        """)


def schemes() -> dict[str, str]:
    """Scheme id -> name in the reader's language, of the schemes a reader may choose, in their order."""
    rows = fetch("select * from dim_scheme where is_selectable order by position")
    return dict(zip(rows["scheme_id"], rows[f"name_{language()}"], strict=True))


def scheme_note(scheme_id: str) -> str:
    """Whose grouping a scheme is and what it rests on."""
    rows = fetch("select * from dim_scheme where scheme_id = $scheme_id", scheme_id=scheme_id)
    return rows[f"note_{language()}"][0] if rows.height else ""


def groups(scheme_id: str) -> list[str]:
    """The group codes of a scheme: blocs before the rest, then by name in the reader's language."""
    rows = fetch(
        "select area_code, area_type from dim_area where scheme_id = $scheme_id order by area_code", scheme_id=scheme_id
    )
    known = names()
    pairs = zip(rows["area_code"], rows["area_type"], strict=True)
    return [code for code, kind in sorted(pairs, key=lambda pair: (pair[1] == "rest", sort_key(known[pair[0]])))]


def members(scheme_id: str, group_code: str) -> list[str]:
    """The states that belong to a group today, in the reader's alphabetical order."""
    rows = fetch(
        """
        select area_code
        from area_membership
        where scheme_id = $scheme_id and group_code = $group_code and to_on is null
        order by area_code
        """,
        scheme_id=scheme_id,
        group_code=group_code,
    )
    known = names()
    return sorted(rows["area_code"], key=lambda code: sort_key(known[code]))


def group_of(area_code: str, scheme_id: str) -> str:
    """The group of a state under a scheme; empty where the scheme leaves it out."""
    rows = fetch(
        """
        select group_code
        from area_membership
        where scheme_id = $scheme_id and area_code = $area_code and to_on is null
        order by group_code
        """,
        scheme_id=scheme_id,
        area_code=area_code,
    )
    return rows["group_code"][0] if rows.height else ""


def blocs_of(area_code: str) -> list[str]:
    """The blocs (CARICOM, SICA …) to which a state belongs, by name."""
    rows = fetch(
        """
        select distinct group_code
        from area_membership
        join dim_area on dim_area.area_code = group_code
        join dim_scheme on dim_scheme.scheme_id = area_membership.scheme_id
        where area_membership.area_code = $area_code and area_type = 'bloc' and is_selectable and to_on is null
        order by group_code
        """,
        area_code=area_code,
    )
    known = names()
    return sorted((known[code] for code in rows["group_code"]), key=sort_key)


def participation(area_code: str) -> pl.DataFrame:
    """from_on, to_on (with precision), status, is_counted, note, source_id of a state, oldest first."""
    return fetch(
        "select * from oas_participation where area_code = $area_code order by from_on",
        area_code=area_code,
    )


def period_end(selection: Selection) -> date:
    """The day to which denominators refer: the end of the chosen period, never later than the edition's own day."""
    as_of = fetch("select as_of_on from edition")["as_of_on"][0]
    last = date(selection.last_year, 12, 31) if selection.last_year else as_of
    return min(last, as_of)


def participating(on: date) -> list[str]:
    """The states counted as taking part in the OAS on a day, by code."""
    rows = fetch(
        """
        select distinct area_code
        from oas_participation
        where is_counted and from_on <= $on and coalesce(to_on, date '9999-12-31') >= $on
        order by area_code
        """,
        on=on,
    )
    return rows["area_code"].to_list()


def took_part(selection: Selection) -> list[str]:
    """The states counted as taking part in the OAS at some time of the chosen period, by code."""
    rows = fetch(
        """
        select distinct area_code
        from oas_participation
        where is_counted and from_on <= $last_on and coalesce(to_on, date '9999-12-31') >= $first_on
        order by area_code
        """,
        first_on=date(selection.first_year or _first_record_year(), 1, 1),
        last_on=period_end(selection),
    )
    return rows["area_code"].to_list()


def _first_record_year() -> int:
    return fetch("""
        select least((select min(first_year) from count_event), (select min(first_year) from fct_deployment))
        """).row(0)[0]
