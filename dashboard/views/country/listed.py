"""Records of a state in a list: their words, dates and documents, and the view that such a list is."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from dashboard.charts.records import Wording
from dashboard.i18n import _, day_range
from dashboard.selection import Selection, address
from dashboard.short_names import cut_short
from dashboard.texts import FREE_OF_REMARK
from dashboard.views.behind import Behind, behind_address
from dashboard.views.country.state_view import TITLES
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, Markup, SourceNote, View
from dashboard.views.vintages import vintage


def is_counted(selection: Selection) -> pl.Expr:
    """Whether a deployment counts in the chosen years: in one of those that it is known to cover; in all, every one."""
    years = selection.period
    is_in_them = (pl.col("year") <= years["last_year"]) & (pl.col("last_year_counted") >= years["first_year"])
    return pl.lit(True) if selection.is_all_time else is_in_them


def wider_note(rows: pl.DataFrame) -> tuple[str, ...]:
    """What is said of the records listed that no source places in a single year, where there are any."""
    if not rows["year"].has_nulls():
        return ()
    return (
        _(
            "Records that no source places in a year are listed where they may lie in the period; they count only in all years."
        ),
    )


def when(row: Mapping[str, object]) -> str:
    """The date of a row as stated, or that none is; the start of an open span is no single date."""
    if row.get("date_group") == "span" and row.get("last_year") is None:
        return _("from {year}, end not stated", year=str(row["first_year"]))
    start, end = row.get("start_on"), row.get("end_on")
    said = day_range(
        start if isinstance(start, date) else None,
        str(row.get("start_precision") or "day"),
        end if isinstance(end, date) else None,
        str(row.get("end_precision") or "day"),
    )
    if said:
        return said
    first, last = row.get("first_year"), row.get("last_year")
    if first is None:
        return _("date not stated")
    return str(first) if first == last or last is None else f"{first}–{last}"


def wording(row: Mapping[str, object], column: str) -> Wording:
    """A recorded text with the remark that its wording asks for."""
    basis = str(row.get(f"{column}_basis") or "")
    return Wording(str(row[column] or ""), "" if basis in FREE_OF_REMARK else basis)


def together(*wordings: Wording) -> Wording:
    """Several short texts on one line; what one of them needs remarking is remarked for the line."""
    said = [wording for wording in wordings if wording.text]
    return Wording(" · ".join(one.text for one in said), next((one.remark for one in said if one.remark), ""))


def original_first(row: Mapping[str, object], original: str, column: str) -> tuple[Wording, tuple[Wording, ...]]:
    """The text in the source's language, and the reader's wording under it where that is another."""
    own = wording(row, column)
    source_text = str(row[original] or "")
    if not source_text:
        return own, ()
    if source_text.casefold() == own.text.casefold():
        return Wording(source_text), ()
    return Wording(source_text), (own,)


def cited(row: Mapping[str, object], documents: Mapping[str, SourceNote], selection: Selection) -> dict[str, str]:
    """The document of a row as the two last fields of an entry."""
    source = documents.get(str(row["source_id"]))
    if source is None:
        return {}
    title = source.doc_code or cut_short(source.title, 48)
    return {"source": title, "source_link": f"{address('sources', selection)}#{source.source_id}"}


def link_to(one: Behind | None, selection: Selection) -> str:
    """The address of the records behind a figure; empty where none are told."""
    return behind_address(one, selection) if one else ""


def documents_of(rows: pl.DataFrame) -> dict[str, SourceNote]:
    """The documents that the rows name, by id, in the order in which they are cited."""
    return {source.source_id: source for source in cite(rows)}


def date_of_source(row: Mapping[str, Any]) -> str:
    """The date of the document of a row (``as_of``, ISO), as far as it is known."""
    return vintage(row["as_of"])


def as_of_source(
    view_id: str,
    rows: pl.DataFrame,
    figure: Markup,
    *,
    takeaway: str,
    columns: tuple[Column, ...],
    notes: tuple[str, ...],
    empty: str,
) -> View:
    """The view of what each source says as of its date, whatever the period; ``empty`` is said where there is none."""
    return View(
        id=view_id,
        title=_(TITLES[view_id]),
        takeaway=takeaway,
        figure=figure,
        is_figure_whole=True,
        table=rows,
        columns=(*columns, Column("source_id", _("Source"), "source")),
        notes=notes,
        sources=cite(rows),
        period=_("As of the date of each source"),
        empty="" if rows.height else empty,
    )
