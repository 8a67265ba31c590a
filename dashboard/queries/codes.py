"""The words for the codes that records and observations carry, as the edition keeps them."""

from functools import lru_cache

import polars as pl

from dashboard import db
from dashboard.db import fetch


def words(code_list: str, lang: str) -> dict[str, str]:
    """Code -> word in a language for a list of codes, in the order shown; empty for a list that the edition has not."""
    return _words(db.read_from(), lang).get(code_list, {})


def code_names() -> pl.DataFrame:
    """code_list, code, name_en, name_es, name_pt, name_fr: the words for every code, by list and position."""
    return fetch("""
        select code_list, code, name_en, name_es, name_pt, name_fr
        from dim_code
        order by code_list, position
        """)


@lru_cache(maxsize=32)
def _words(_reading: tuple[str, str], lang: str) -> dict[str, dict[str, str]]:
    if not db.has_table("dim_code"):
        return {}
    lists: dict[str, dict[str, str]] = {}
    for code_list, code, name in code_names().select("code_list", "code", f"name_{lang}").iter_rows():
        lists.setdefault(code_list, {})[code] = name
    return lists
