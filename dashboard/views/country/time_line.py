"""Everything of a state on one line of time."""

from collections.abc import Mapping
from datetime import date
from html import escape
from typing import Any

import polars as pl

from dashboard.charts.timeline import timeline, timeline_height
from dashboard.choices import record_years
from dashboard.i18n import _, n_
from dashboard.labels import label
from dashboard.queries import country
from dashboard.selection import Selection
from dashboard.short_names import cut_short
from dashboard.texts import localise
from dashboard.theme import palette
from dashboard.views.behind import Behind
from dashboard.views.country.listed import link_to, when
from dashboard.views.country.rows_behind import moment
from dashboard.views.country.state_view import TITLES, state_view
from dashboard.views.country.withheld import rounds_told
from dashboard.views.long_lists import first_named
from dashboard.views.periods import period_text
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, View
from dashboard.views.worded import each

MOST_MARKS = 30
"""The marks in a lane of the line of time: more would lie on each other."""


@state_view("country.timeline")
def state_timeline(selection: Selection) -> View:
    """Events, programmes, questionnaires and treaties of the state on one line of time."""
    first, last = record_years()
    years = (selection.first_year or first, selection.last_year or last)
    everything = _moments(selection)
    on_line = everything.filter(
        pl.col("start").is_not_null(), pl.col("start") < years[1] + 1, pl.col("until") > years[0]
    )
    undated = everything.filter(pl.col("start").is_null())
    earlier = everything.filter(pl.col("until") <= years[0]) if selection.is_all_time else everything.clear()
    notes = []
    if undated.height:
        short = [cut_short(title, 64) for title in undated["title"]]
        notes.append(_("On record without a year: {titles}.", titles=first_named(list(dict.fromkeys(short)))))
    if earlier.height:
        notes.append(
            _("Before {year}: {titles}.", year=str(years[0]), titles=first_named(earlier["text_and_year"].to_list()))
        )
    notes.append(_("A mark one year long says that the source gives only the year."))

    def found(row: Mapping[str, Any]) -> Behind | None:
        return moment(selection.area, row["set"], row["record"])

    drawn = on_line.filter(pl.col("until").rank("ordinal", descending=True).over("lane") <= MOST_MARKS)
    more_on_line, more = _events_not_listed(selection)
    if more:
        notes.append(
            _(
                "The line shows the newest {n} records of each subject; {more} more training events are neither shown nor in the download: choose a period to see them.",
                n=MOST_MARKS,
                more=more,
            )
        )
    elif drawn.height < on_line.height:
        notes.append(_("The line shows the newest {n} records of each subject; the download has all.", n=MOST_MARKS))
    lanes = drawn.group_by("lane", maintain_order=True).agg(pl.len())
    return View(
        id="country.timeline",
        title=_(TITLES["country.timeline"]),
        takeaway=n_(
            "{n} dated record between {first} and {last}.",
            "{n} dated records between {first} and {last}.",
            on_line.height + more_on_line,
            first=str(years[0]),
            last=str(years[1]),
        ),
        figure=timeline(
            drawn.with_columns(link=each(drawn, lambda row: link_to(found(row), selection))),
            colours=palette(selection.theme),
            years=years,
            roles={role: label("event_status", role) for role in ("announced", "planned")},
        )
        if on_line.height
        else None,
        height=timeline_height(drawn, years) if lanes.height else 120,
        table=pl.concat([on_line, earlier, undated]),
        columns=(
            Column("lane", _("Subject")),
            Column("title", _("What"), is_wide=True),
            Column("when", _("Date"), behind=found),
            Column("said_status", _("Status")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(notes),
        sources=cite(everything),
        period=period_text(selection),
        empty="" if on_line.height or undated.height else _("No record of the state lies in these years."),
    )


def _events_not_listed(selection: Selection) -> tuple[int, int]:
    """How many events are too many for a list of the newest: those with a place on the line, and all of them."""
    listed = country.events(selection.area, **selection.period)
    counts = country.event_counts(selection.area, **selection.period).with_columns(
        rows=pl.col("events") + pl.col("events_hosted")
    )
    on_line = int(counts.filter("has_start")["rows"].sum()) - listed["first_year"].count()
    return on_line, int(counts["rows"].sum()) - listed.height


_MOMENT = {
    "lane": pl.String,
    "start": pl.Float64,
    "end": pl.Float64,
    "until": pl.Float64,
    "role": pl.String,
    "kind": pl.String,
    "text": pl.String,
    "title": pl.String,
    "title_basis": pl.String,
    "text_and_year": pl.String,
    "when": pl.String,
    "said_status": pl.String,
    "source_id": pl.String,
    "hover": pl.String,
    "set": pl.String,
    "record": pl.String,
}


def _moments(selection: Selection) -> pl.DataFrame:
    """Everything of the state that has or might have a date: one row a mark, in the order of the lanes."""
    area, years = selection.area, selection.period
    rows: list[dict[str, object]] = []
    events_on_file = localise(country.events(area, **years), "title")
    for row in events_on_file.sort("took_part", descending=True, maintain_order=True).iter_rows(named=True):
        rows.append(
            _moment(
                _("Training events") if row["took_part"] else _("Events that it only hosted"),
                row,
                "focus" if row["status"] == "held" else row["status"],
                label("event_type", row["event_type"]),
                label("event_status", row["status"]),
                ("events", row["event_id"]),
            )
        )
    for row in localise(country.deployments(area, **years), "name").iter_rows(named=True):
        role = "announced" if row["status"] in ("interest_expressed", "announced") else row["status"]
        role = role if role in ("announced", "planned") else "focus"
        row = row | {"title": row["name"], "title_basis": row["name_basis"]}
        rows.append(
            _moment(
                _("Programmes"),
                row,
                role,
                cut_short(row["name"], 27),
                label("deployment_status", row["status"]),
                ("deployments", row["deployment_id"]),
            )
        )
    rounds = rounds_told(selection).filter(pl.col("standing") == "returned")
    for row in localise(rounds, "name").iter_rows(named=True):
        at = row["response_year"] or row["year"]
        lane = _("OAS questionnaires") if row["form_family"] == "oas" else _("Questionnaires of other bodies")
        row = row | {"title": row["name"], "title_basis": row["name_basis"], "first_year": at, "last_year": at}
        rows.append(
            _moment(
                lane,
                row,
                "focus",
                cut_short(row["name"], 27),
                label("response_status", "returned"),
                ("responses", row["round_id"]),
            )
        )
    parties = country.treaties(area).filter(pl.col("status") == "party")
    for row in localise(parties, "name").sort("year", "treaty_id", nulls_last=True).iter_rows(named=True):
        row = row | {
            "title": row["name"],
            "title_basis": row["name_basis"],
            "start_on": row["action_on"],
            "start_precision": row["action_precision"],
            "first_year": row["year"],
            "last_year": row["year"],
        }
        if row["year"] is None and not selection.is_all_time:
            continue
        rows.append(
            _moment(
                _("Treaties"),
                row,
                "focus",
                label("treaty_short", row["treaty_id"]),
                label("treaty_action", row["action_type"]) or label("treaty_status", "party"),
                ("treaty_actions", row["treaty_id"]),
            )
        )
    return pl.DataFrame(rows, schema=_MOMENT)


def _moment(
    lane: str, row: Mapping[str, object], role: str, text: str, status: str, record: tuple[str, str]
) -> dict[str, object]:
    """A record as a mark: a point where its day or month is known, otherwise a bar over the years it may lie in."""
    start_on, first, last = row.get("start_on"), row["first_year"], row["last_year"]
    is_exact = isinstance(start_on, date) and row.get("start_precision") in ("day", "month")
    if is_exact and isinstance(start_on, date):
        start, end, kind = _as_year(start_on), None, "point"
        end_on = row.get("end_on")
        if isinstance(end_on, date) and (end_on - start_on).days > 60:
            end, kind = _as_year(end_on), "bar"
    elif first is None:
        start, end, kind = None, None, "point"
    elif last is None:
        start, end, kind = float(str(first)), None, "open"
    else:
        start, end, kind = float(str(first)), float(str(last)) + 1, "bar"
    said = when(row)
    until = None if start is None else (end if end is not None else start + (0.01 if kind == "point" else 100))
    return {
        "lane": lane,
        "start": start,
        "end": end,
        "until": until,
        "role": role,
        "kind": kind,
        "text": text,
        "title": str(row["title"]),
        "title_basis": row["title_basis"],
        "text_and_year": f"{text} ({said})",
        "when": said,
        "said_status": status,
        "source_id": row["source_id"],
        "set": record[0],
        "record": record[1],
        "hover": "<br>".join(escape(part) for part in (cut_short(str(row["title"]), 90), said, status) if part),
    }


def _as_year(value: date) -> float:
    return value.year + (value.timetuple().tm_yday - 1) / 366
