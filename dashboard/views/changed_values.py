"""What changed between two editions, in words: columns, values and whole rows of any table."""

from collections.abc import Mapping
from functools import lru_cache

import polars as pl

from dashboard import areas, db
from dashboard.i18n import LANGUAGES, _, clauses, named, number
from dashboard.labels import label, labels
from dashboard.queries.changes import WHOLE_ROW, own_name
from dashboard.queries.sources import sources
from dashboard.short_names import cut_short
from dashboard.views.sources import dated

FOLLOWING = ("year", "first_year", "last_year", "last_year_counted", "date_group", "attributable_area_code")
"""Columns that follow from others of the record: said only where nothing else of it changed."""
LONGEST_VALUE = 160
_LISTS = ("audience", "topics", "outcome_documents", "theme")
_AREAS = ("area_code", "host_area_code", "attributable_area_code", "group_code")
_CODE_LISTS: Mapping[tuple[str, str], str] = {
    ("dim_caveat", "kind"): "caveat_kind",
    ("dim_source", "kind"): "source_kind",
    ("fct_commitment", "kind"): "commitment_kind",
    ("fct_deployment", "status"): "deployment_status",
    ("fct_training_event", "status"): "event_status",
    ("fct_treaty_action", "status"): "treaty_status",
    ("national_law", "scope"): "law_scope",
    ("national_law", "status"): "law_status",
    ("national_plan", "status"): "plan_status",
    ("oas_participation", "status"): "participation",
}
"""The list of the codes in a column whose name does not tell it."""
_CALLED_AS_THEIR_LIST = (
    "activity_type", "additive_with_events", "aggregation", "answer_status", "area_type", "audience_group",
    "authority_type", "count_scope", "date_group", "direction", "event_type", "evidence_basis", "family",
    "form_family", "licence_class", "modality", "number_basis", "obs_status", "period_kind", "pillar", "qualifier",
    "respondent_kind", "response_status",
)  # fmt: skip
_CODE_LIST_OF_COLUMN: Mapping[str, str] = {
    **{column: column for column in _CALLED_AS_THEIR_LIST},
    "action_type": "treaty_action",
    "record_kind": "reach_kind",
    "role": "participation_role",
    "text_lang": "text_language",
}


def column_said(column: str) -> str:
    """The words for a column; those of a text in one of four languages name the language."""
    if column == WHOLE_ROW:
        return _("whole row")
    stem, _underscore, lang = column.rpartition("_")
    if lang in LANGUAGES and column not in labels("column"):
        return _("{column} ({language})", column=label("column", stem), language=label("text_language", lang))
    return label("column", column)


def value_said(table: str, column: str, value: str | None) -> str:
    """A value as the reader writes it."""
    if value is None:
        return _("not stated")
    words = words_of(table, column)
    if value in words:
        return words[value]
    if column.endswith("_on"):
        return dated(value)
    if column in _LISTS:
        return ", ".join(part.strip() for part in value.split(";"))
    if column.endswith(("year", "_id", "_code")) or column in ("note", "title", "url", "iso2", "m49"):
        return value
    try:
        figure = float(value)
    except ValueError:
        return value
    return number(figure, 0 if figure.is_integer() else min(len(value.partition(".")[2]), 6))


def row_said(table: str, cells: Mapping[str, str | None]) -> str:
    """What a row holds, in words, cut where it gets long; its identifiers and its name stand elsewhere."""
    unsaid = {*FOLLOWING, "area_code", "text_lang", own_name(table)}
    shown = [
        named(column_said(column), value_said(table, column, _cut_to_stated(column, value, cells)))
        for column, value in cells.items()
        if value is not None
        and column not in unsaid
        and (column == "source_id" or not column.endswith(("_id", "_id_2", "_precision", "_es", "_pt", "_fr")))
    ]
    return cut(clauses(shown), 2 * LONGEST_VALUE)


def cut(text: str, most: int = LONGEST_VALUE) -> str:
    """A text that ends in a sign where it was too long."""
    return text if len(text) <= most else f"{text[: most - 2]} …"


def words_of(table: str, column: str) -> dict[str, str]:
    """The words for the values of a column of codes; none for any other column."""
    if column in _AREAS:
        return dict(areas.names())
    if column in ("source_id", "source_id_2"):
        return _document_names(db.read_from())
    family = _CODE_LISTS.get((table, column)) or _CODE_LIST_OF_COLUMN.get(column)
    if family:
        return labels(family)
    return {"true": _("yes"), "false": _("no")} if column.startswith("is_") else {}


@lru_cache(maxsize=8)
def _document_names(_reading: tuple[str, str]) -> dict[str, str]:
    rows = sources().select("source_id", pl.coalesce("doc_code", "title"))
    return {source_id: cut_short(name, 80) for source_id, name in rows.iter_rows()}


def _cut_to_stated(column: str, value: str, cells: Mapping[str, str | None]) -> str:
    """A date as far as its source states it."""
    length = {"year": 4, "month": 7}.get(str(cells.get(f"{column.removesuffix('_on')}_precision")), len(value))
    return value[:length] if column.endswith("_on") else value
