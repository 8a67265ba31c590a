"""The cells of a view's table as the reader sees them, without markup."""

from typing import Any

from dashboard import areas
from dashboard.i18n import _, number, percent
from dashboard.labels import label
from dashboard.texts import FREE_OF_REMARK
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, SourceNote, View


def written(column: Column, row: dict[str, Any]) -> str:
    """A cell's value in the reader's way; an empty value shows the word of its status."""
    value = row[column.key]
    if value is None:
        return label("obs_status", row.get(column.status_key)) if column.status_key else ""
    if column.kind == "number":
        return number(value, row[column.decimals_key] if column.decimals_key else column.decimals)
    if column.kind == "percent":
        return percent(value, column.decimals)
    if column.kind == "area":
        return areas.name(value)
    return str(value)


def wording(basis: str | None) -> str:
    """What is to be said of a wording: that it is our translation, or its language; empty where nothing is."""
    if basis is None or basis in FREE_OF_REMARK:
        return ""
    return _("our translation") if basis == "translated" else label("language", basis)


def has_translations(view: View) -> bool:
    """Whether the table shows a wording that is our own translation."""
    return any(
        "translated" in view.table[f"{column.key}_basis"].to_list()
        for column in view.columns
        if f"{column.key}_basis" in view.table.columns
    )


def documents(view: View) -> dict[str, SourceNote]:
    """Every document of a view by its id, in the order cited: those under it, then any others its rows name."""
    found = {source.source_id: source for source in view.sources}
    named = [column.key for column in view.columns if column.kind == "source"]
    if named:
        further = {source_id for key in named for source_id in view.table[key].drop_nulls().to_list()} - found.keys()
        found |= {source.source_id: source for source in cite(sorted(further))}
    return found
