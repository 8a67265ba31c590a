"""Every event with all that its sources say of it."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.charts.event_list import Entry, Linked, event_list
from dashboard.i18n import _, listing, n_, number
from dashboard.queries import training
from dashboard.selection import Selection, address
from dashboard.texts import localise, remark
from dashboard.views.dates import span_of
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.training.statements import with_programme
from dashboard.views.training.wording import STATUS_FILLS, caveats, stated_number, status_of
from dashboard.views.view import Column, View
from dashboard.views.worded import each, in_words

MOST_EVENTS, MOST_LISTED = 200, 100
"""The events of the download, and those listed on the page; the period chooses among more."""


@view("training.events")
def events(selection: Selection) -> View:
    """Every event with all that its sources say of it, newest first."""
    rows = with_programme(
        localise(
            training.event_details(**selection.period, most=MOST_EVENTS),
            "title",
            "city",
            "note",
            "programme",
            lists=("audience", "topics"),
        )
    )
    total = int(rows["events_in_all"][0]) if rows.height else 0
    known = areas.names()
    table = rows.with_columns(
        when=each(rows, _when),
        said_type=in_words(rows["event_type"], "event_type"),
        said_status=in_words(rows["status"], "event_status"),
        said_basis=in_words(rows["number_basis"], "number_basis"),
        said_scope=in_words(rows["count_scope"], "count_scope"),
        said_modality=in_words(rows["modality"], "modality"),
        where=pl.Series(
            [listing(known[code] for code in codes) for codes in rows["participants"].to_list()],
            dtype=pl.String,
        ),
        place=each(rows, lambda row: _place(row, known)),
        number_status=status_of("officials_stated"),
        women_status=status_of("women_stated"),
    )
    documents = {source.source_id: source.doc_code or source.title for source in cite(rows)}
    listed = table.head(MOST_LISTED)
    undated = listed.filter(pl.col("date_group") == "undated").height
    spans = listed.filter(pl.col("date_group") == "span").height
    headings: dict[str, list[Entry]] = {}
    for row in listed.iter_rows(named=True):
        headings.setdefault(_heading(row), []).append(_entry(row, documents, selection))
    notes = [
        _("Each line opens to everything that its sources say. An empty cell means that the source does not say."),
        _("Only what was held counts in the figures above; announced and planned events are listed with their mark."),
        *caveats("reading-05"),
    ]
    if spans or undated:
        notes.insert(
            1,
            _(
                "At the end: {spans} events of which only a span of years is known, and {undated} without any date.",
                spans=spans,
                undated=undated,
            ),
        )
    if total > listed.height:
        notes.insert(
            0,
            _(
                "Listed here are the newest {listed}, in the download the newest {shown} of {total}; choose a period for the others.",
                listed=listed.height,
                shown=rows.height,
                total=total,
            ),
        )
    held = listed.filter(pl.col("status") == "held").height
    return View(
        id="training.events",
        title=_("All events on record"),
        takeaway=n_(
            "{n} event is listed, {held} of them held, newest first.",
            "{n} events are listed, {held} of them held, newest first.",
            listed.height,
            held=held,
        ),
        figure=event_list(list(headings.items())),
        is_figure_whole=True,
        table=table,
        columns=(
            Column("title", _("Event"), is_wide=True),
            Column("said_type", _("Type")),
            Column("programme", _("Programme"), is_wide=True),
            Column("when", _("Date")),
            Column("place", _("Place")),
            Column("where", _("States taking part"), is_wide=True),
            Column("audience", _("Audience"), is_wide=True),
            Column("officials_stated", _("People stated"), "number", status_key="number_status"),
            Column("said_basis", _("Kind of number")),
            Column("said_scope", _("Who is in the number")),
            Column("women_stated", _("of these women"), "number", status_key="women_status"),
            Column("topics", _("Topics"), is_wide=True),
            Column("said_modality", _("Mode")),
            Column("said_status", _("Status")),
            Column("note", _("Note"), is_wide=True),
            Column("source_id", _("Source"), "source"),
            Column("source_id_2", _("Second source"), "source"),
        ),
        notes=tuple(notes),
        sources=cite(rows),
        period=period_text(selection),
        empty="" if rows.height else _("No event is on record for these years."),
    )


def _when(row: Mapping[str, Any]) -> str:
    if row["date_group"] == "undated":
        return _("date not stated")
    return span_of(row)


def _place(row: Mapping[str, Any], known: Mapping[str, str]) -> str:
    host = known.get(str(row["host_area_code"]), "") if row["host_area_code"] else ""
    return ", ".join(part for part in (str(row["city"] or ""), host) if part)


def _heading(row: Mapping[str, Any]) -> str:
    if row["date_group"] == "span":
        return _("In a span of years")
    return _("Date not stated") if row["date_group"] == "undated" else str(row["year"])


def _entry(row: Mapping[str, Any], documents: Mapping[str, str], selection: Selection) -> Entry:
    number_text = ""
    if row["officials_stated"] is not None:
        number_text = _(
            "{number} ({scope})",
            number=stated_number(str(row["number_basis"]), int(str(row["officials_stated"]))),
            scope=str(row["said_scope"]) or _("who is in the number is not stated"),
        )
    states: list[Linked] = [
        (areas.name(code), address("country", selection, area=code))
        for code in sorted(row["participants"], key=areas.states().index)  # type: ignore[call-overload]
    ]
    cited: list[Linked] = [
        (documents.get(str(code), str(code)), f"{address('sources', selection)}#{code}")
        for code in dict.fromkeys((row["source_id"], row["source_id_2"]))
        if code
    ]
    return Entry(
        when=str(row["when"]),
        title=str(row["title"]),
        remark=remark(row["title_basis"]),
        where=str(row["where"]) or _("no state named"),
        fill=STATUS_FILLS[str(row["status"])],
        status=str(row["said_status"]),
        details=(
            (_("Type"), [(str(row["said_type"]), "")]),
            (_("Place"), [(str(row["place"]), "")]),
            (_("States taking part"), states or [(_("not stated"), "")]),
            (_("Audience"), [_text(row, "audience")]),
            (_("People stated"), [(number_text or _("not stated"), "")]),
            (
                _("of these women"),
                [(number(int(str(row["women_stated"]))), "")] if row["women_stated"] is not None else [],
            ),
            (_("Topics"), [_text(row, "topics")]),
            (_("Mode"), [(str(row["said_modality"]), "")]),
            (_("Programme"), [_text(row, "programme")]),
            (_("Note"), [_text(row, "note")]),
            (_("Sources"), cited),
        ),
    )


def _text(row: Mapping[str, Any], column: str) -> Linked:
    return (row[column] + remark(row.get(f"{column}_basis")), "") if row[column] else ("", "")
