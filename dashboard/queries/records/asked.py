"""Which records are asked for: the filters of an address as the parameters of a statement."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from dashboard.db import fetch
from dashboard.record_filters import ALIASES, ANY_TIME, NO_SINGLE_YEAR, RECORD_SETS, SEPARATOR, year_bounds

MOST = 5_000
"""The records of a list and of its download; how many there are in all stands beside each."""

_PLACE = re.compile(r"\$(\w+)")


@dataclass(frozen=True)
class Asked:
    """A set of records, its filters (name -> codes), the years, and the day on which groups and members are taken.

    ``states`` are those of the areas asked for, or all where none is; ``hides_names`` keeps back which states did not
    return a questionnaire.
    """

    of: str
    codes: Mapping[str, list[str]]
    first_year: int = 1800
    last_year: int = 2100
    is_all_time: bool = True
    is_undated: bool = False
    on: date = date(2100, 12, 31)
    states: list[str] = field(default_factory=list)
    is_everywhere: bool = True
    is_state: bool = False
    hides_names: bool = False


def codes_of(of: str, where: Mapping[str, str]) -> dict[str, list[str]]:
    """The codes of each filter of the set, none where it is not asked for; one for several stands for each of them."""
    return {name: _codes(of, name, where[name]) if name in where else [] for name in RECORD_SETS[of]}


def _codes(of: str, name: str, value: str) -> list[str]:
    # the name of an instrument may hold the sign that separates codes
    parts = [value] if name in ("record", "instrument", "issuer", "unit") else value.split(SEPARATOR)
    if name in ("begun", "ended") and (bounds := year_bounds(value)):
        return [str(year) for year in range(bounds[0], bounds[1] + 1)]
    aliases = ALIASES.get((of, name), {})
    return [code for part in parts for code in aliases.get(part, (part,))]


def years_of(where: Mapping[str, str], period: Mapping[str, int], is_all_time: bool) -> dict[str, Any]:
    """first_year, last_year, is_all_time, is_undated: those of the filter ``year``, else those of the reader's period."""
    asked = where.get("year", "")
    bounds = year_bounds(asked) if asked else None
    if bounds:
        return {"first_year": bounds[0], "last_year": bounds[1], "is_all_time": False, "is_undated": False}
    if asked:
        every = {"first_year": 1800, "last_year": 2100}
        return {**every, "is_all_time": asked == ANY_TIME, "is_undated": asked == NO_SINGLE_YEAR}
    return {**period, "is_all_time": is_all_time, "is_undated": False}


def states_of(area_codes: list[str], on: date) -> list[str]:
    """The states among the areas and those that belong to the groups among them on a day, by code."""
    rows = fetch(
        """
        select area_code
        from dim_area
        where area_type = 'country' and list_contains($area_codes, area_code)
        union
        select area_code
        from area_membership
        where list_contains($area_codes, group_code)
          and (from_on is null or from_on <= $on)
          and (to_on is null or to_on >= $on)
        order by area_code
        """,
        area_codes=area_codes,
        on=on,
    )
    return rows["area_code"].to_list()


def ask(sql: str, asked: Asked) -> pl.DataFrame:
    """The rows of a statement whose places are filters of the set or the fields of ``asked``."""
    known: dict[str, Any] = {
        **asked.codes,
        "first_year": asked.first_year,
        "last_year": asked.last_year,
        "is_all_time": asked.is_all_time,
        "is_undated": asked.is_undated,
        "on": asked.on,
        "states": asked.states,
        "is_everywhere": asked.is_everywhere,
        "is_state": asked.is_state,
        "hides_names": asked.hides_names,
        "most": MOST,
    }
    return fetch(sql, **{place: known[place] for place in dict.fromkeys(_PLACE.findall(sql))})
