"""What an address may name in the edition being read: states, groups, schemes, indicators, rounds, topics, years."""

from collections.abc import Mapping
from functools import lru_cache

from dashboard import db
from dashboard.db import fetch
from dashboard.i18n import LANGUAGES
from dashboard.queries import explore
from dashboard.record_codes import record_codes
from dashboard.selection import Choices, Problem, Selection, from_parameters


def choices() -> Choices:
    """The codes of this run's edition, with every spelling by which a person may mean them."""
    return _choices(str(db.editions_folder()), db.edition(), tuple(db.editions()))


def read_address(parameters: Mapping[str, str], defaults: Selection) -> tuple[Selection, list[Problem]]:
    """Read the edition that an address names, for the rest of this run, and what it chooses there; see selection.

    An edition that is unknown or cannot be shown gives a problem, and the live one is read.
    """
    asked = parameters.get("edition", "")
    is_on_file = asked in db.editions()
    is_shown = is_on_file and db.can_show(asked)
    db.use_edition(asked if is_shown else None)
    if is_on_file and not is_shown:
        readable = {name: value for name, value in parameters.items() if name != "edition"}
        selection, problems = from_parameters(readable, choices(), defaults)
        return selection, [Problem("edition", asked, is_of_other_contract=True), *problems]
    return from_parameters(parameters, choices(), defaults)


@lru_cache(maxsize=8)
def _choices(_folder: str, edition_id: str, editions: tuple[str, ...]) -> Choices:
    areas = fetch("select * from dim_area order by area_code")
    spellings: dict[str, str] = {}
    group_names: dict[str, str] = {}
    for row in areas.iter_rows(named=True):
        target = spellings if row["area_type"] == "country" else group_names
        for lang in LANGUAGES:
            for name in (row[f"name_{lang}"], row[f"official_name_{lang}"]):
                if name:
                    target.setdefault(name.lower(), row["area_code"])
        for code in (row["area_code"], row["iso2"], row["m49"]):
            if code:
                target.setdefault(code.lower(), row["area_code"])
    schemes = fetch("select scheme_id from dim_scheme where is_selectable order by position")["scheme_id"].to_list()
    groups = {
        scheme: tuple(
            fetch("select area_code from dim_area where scheme_id = $scheme order by area_code", scheme=scheme)[
                "area_code"
            ]
        )
        for scheme in schemes
    }
    years = fetch("""
        select
            least(
                (select min(year) from count_event),
                (select min(year) from fct_deployment),
                (select min(year) from fct_observation where period_kind = 'year')
            ) as first,
            (select year(as_of_on) from edition) as last
        """).row(0)
    return Choices(
        schemes=tuple(schemes),
        areas=spellings,
        groups=groups,
        group_names=group_names,
        indicators=_column("select indicator_id from dim_indicator order by position, indicator_id"),
        categories=_categories(),
        rounds=_column("select round_id from dim_questionnaire_round order by round_id"),
        topics=_column("select distinct topic from dim_question order by topic"),
        questions={
            question_id: (round_id, topic)
            for question_id, round_id, topic in fetch(
                "select question_id, round_id, topic from dim_question order by question_id"
            ).iter_rows()
        },
        editions=(*editions, edition_id),
        years=(int(years[0] or 2000), int(years[1])),
        records=record_codes(),
    )


def _categories() -> dict[str, tuple[str, ...]]:
    """Indicator -> the codes of its breakdowns; under the empty id those of the indicator explored first."""
    found: dict[str, tuple[str, ...]] = {}
    for indicator_id, code in explore.breakdowns().select("indicator_id", "code").iter_rows():
        found[indicator_id] = (*found.get(indicator_id, ()), code)
    return found | {"": found.get(explore.FIRST, ())}


def record_years() -> tuple[int, int]:
    """The first and last year of the OAS records (events and deployments), for the period slider and the charts."""
    row = fetch("""
        select
            least((select min(first_year) from count_event), (select min(first_year) from fct_deployment)),
            (select year(as_of_on) from edition)
        """).row(0)
    return int(row[0]), int(row[1])


def _column(sql: str) -> tuple[str, ...]:
    rows = fetch(sql)
    return tuple(rows[rows.columns[0]])
