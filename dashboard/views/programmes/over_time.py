"""When each programme ran and reached which states."""

from collections.abc import Iterable
from datetime import date, timedelta
from html import escape
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.charts.timeline import timeline, timeline_height
from dashboard.choices import record_years
from dashboard.i18n import _, n_, named
from dashboard.record_filters import ANY_TIME
from dashboard.selection import Selection
from dashboard.short_names import cut_short, short_names
from dashboard.theme import palette
from dashboard.views.behind import Behind, behind, behind_address
from dashboard.views.periods import period_text
from dashboard.views.programmes.found import all_deployments, all_programmes, left_out
from dashboard.views.programmes.wording import caveats, deployment_said, span_said, stated_years
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, View
from dashboard.views.worded import each

_LANE = 52
_TIME_CAVEATS = ("contradiction-03", "reading-09")


def _as_years(on: date) -> float:
    return on.year + (on.timetuple().tm_yday - 1) / 366


def _extent(row: dict[str, Any]) -> tuple[float, float | None]:
    """Where a dated deployment begins and ends on the axis of years; without an end where a span is open."""
    start, end = row["start_on"], row["end_on"]
    if row["date_group"] == "span":
        last = row["last_year"]
        return float(str(row["first_year"])), None if last is None else float(str(last)) + 1
    year = int(str(row["year"]))
    if row["start_precision"] not in ("day", "month") or not isinstance(start, date):
        # only the year is known, or only the last day by which it was expected
        return float(year), float(year + 1)
    last_day = end if isinstance(end, date) else start
    precision = row["end_precision"] if isinstance(end, date) else row["start_precision"]
    if precision == "month":
        last_day = (last_day.replace(day=1) + timedelta(days=32)).replace(day=1)
    elif precision == "year":
        last_day = date(last_day.year, 12, 31)
    return _as_years(start), max(_as_years(last_day), _as_years(start))


def _people(rows: list[dict[str, Any]]) -> str:
    """Whom a mark of the timeline concerns: one or two states by name, more by number, otherwise the scope."""
    codes = sorted({str(row["area_code"]) for row in rows if row["area_code"]})
    if not codes:
        return cut_short(str(rows[0]["scope"]), 34)
    if len(codes) == 1:
        return areas.name(codes[0])
    return n_("{n} state", "{n} states", len(codes))


def _marks(
    programme: dict[str, Any], lane: str, own: list[dict[str, Any]], selection: Selection
) -> Iterable[dict[str, Any]]:
    """The marks of one lane: the programme's stated years, then its deployments grouped by year and by kind."""
    name = escape(cut_short(str(programme["name"]), 60))
    if programme["start_year"] is not None:
        start, end = int(str(programme["start_year"])), programme["end_year"]
        years = _("from {year}, end not stated", year=str(start)) if end is None else span_said(start, int(str(end)))
        yield {
            "lane": lane,
            "start": float(start),
            "end": None if end is None else float(str(end)) + 1,
            "role": "context",
            "kind": "open" if end is None else "bar",
            "text": "",
            "hover": f"{name}<br>{escape(_('Years stated for the programme: {years}', years=years))}",
            "link": behind_address(behind("programmes", programme=programme["programme_id"]), selection),
        }
    groups: dict[tuple[object, ...], list[dict[str, Any]]] = {}
    for row in own:
        years = (row["first_year"], row["last_year"], row["last_year_counted"])
        groups.setdefault((*years, row["date_group"], row["is_carried_out"]), []).append(row)
    for group in groups.values():
        extents = [_extent(row) for row in group]
        start = min(start for start, _end in extents)
        ends = [end for _start, end in extents if end is not None]
        listed = "<br>".join(
            escape(named(row["place"], deployment_said(row | {"is_whole_country": True}))) for row in group[:12]
        )
        more = "<br>" + escape(n_("and {n} more", "and {n} more", len(group) - 12)) if len(group) > 12 else ""
        end = max(ends) if len(ends) == len(extents) else None
        yield {
            "lane": lane,
            "start": start,
            "end": end,
            "role": "focus" if group[0]["is_carried_out"] else "announced",
            "kind": "open" if end is None else "point" if end - start < 1 / 6 else "bar",
            "text": _people(group),
            "hover": f"{name}<br>{listed}{more}",
            "link": behind_address(_group_behind(programme["programme_id"], group[0]), selection),
        }


def _group_behind(programme_id: str, row: dict[str, Any]) -> Behind:
    """The deployments drawn together in one mark: of one programme, in the same years, carried out or not."""
    own = behind(
        "deployments",
        programme=programme_id,
        status="deployed" if row["is_carried_out"] else "beforehand",
        date=row["date_group"],
        year=f"{row['first_year']}-{row['last_year'] or ''}",
    )
    if row["year"] is None:
        return own
    # others that only reach into the same years have marks of their own
    return own.but(year=ANY_TIME, begun=row["year"], ended=row["last_year_counted"])


@view("programmes.timeline")
def programme_timeline(selection: Selection) -> View:
    """When each programme ran and reached which states, programmes without any date at the end."""
    rows = all_deployments(selection)
    dated = rows.filter(pl.col("is_in_period") | pl.col("is_within"), pl.col("first_year").is_not_null())
    by_programme = {str(key[0]): own.to_dicts() for key, own in dated.group_by("programme_id", maintain_order=True)}
    without = dict(
        rows.filter(pl.col("date_group") == "undated").group_by("programme_id").len().sort("programme_id").iter_rows()
    )
    first_record, last_record = record_years()
    years = (selection.first_year or first_record, selection.last_year or last_record)
    listed = all_programmes()
    timed: list[tuple[float, str, list[dict[str, Any]]]] = []
    untimed: list[str] = []
    for programme, short in zip(
        listed.iter_rows(named=True), short_names(listed["name"].to_list(), _LANE), strict=True
    ):
        lane = short
        if missing := without.get(programme["programme_id"], 0):
            lane = n_("{name} ({n} record without a date)", "{name} ({n} records without a date)", missing, name=lane)
        marks = [
            mark
            for mark in _marks(programme, lane, by_programme.get(programme["programme_id"], []), selection)
            if mark["start"] < years[1] + 1
            and (mark["end"] is None or mark["end"] > years[0])
            and (mark["end"] is not None or mark["start"] >= years[0])
        ]
        if marks:
            timed.append((min(float(str(mark["start"])) for mark in marks), programme["programme_id"], marks))
        elif programme["start_year"] is None and not _has_date(rows, programme["programme_id"]):
            untimed.append(short)
    timed.sort(key=lambda one: one[:2])
    marks = [mark for _start, _id, own in timed for mark in own]
    frame = pl.DataFrame(
        marks,
        schema={
            "lane": pl.String,
            "start": pl.Float64,
            "end": pl.Float64,
            "role": pl.String,
            "kind": pl.String,
            "text": pl.String,
            "hover": pl.String,
            "link": pl.String,
        },
    )
    beginnings = [programme for programme in listed["start_year"].drop_nulls() if years[0] <= programme <= years[1]]
    lanes = [_("Date not stated:"), *untimed] if untimed else []
    figure_rows = pl.concat([frame, pl.DataFrame({"lane": lanes}, schema={"lane": pl.String})], how="diagonal")
    table = listed.with_columns(
        years=each(listed, stated_years),
        undated=pl.col("programme_id").replace_strict(without, default=0, return_dtype=pl.Int64),
        dated=pl.col("programme_id").replace_strict(
            {key: len(own) for key, own in by_programme.items()}, default=0, return_dtype=pl.Int64
        ),
    )
    return View(
        id="programmes.timeline",
        title=_("Programmes over time"),
        takeaway=_(
            "Of {total} programmes, {dated} have a year or a dated record in this period; for {undated} no source states "
            "any date.",
            total=listed.height,
            dated=len(timed),
            undated=len(untimed),
        ),
        figure=timeline(
            figure_rows,
            colours=palette(selection.theme),
            years=years,
            roles={
                "focus": _("in progress or carried out"),
                "announced": _("planned, announced or of interest"),
                "context": _("years stated for the programme"),
            },
        ),
        height=timeline_height(figure_rows, years),
        table=table,
        columns=(
            Column("name", _("Programme"), is_wide=True),
            Column("official", _("Official title"), is_wide=True),
            Column("years", _("Years stated for the programme")),
            Column(
                "dated",
                _("Dated records of deployments"),
                "number",
                behind=lambda row: behind("deployments", programme=row["programme_id"], date=("dated", "span")),
            ),
            Column(
                "undated",
                _("Records without a date"),
                "number",
                behind=lambda row: behind("deployments", programme=row["programme_id"], date="undated", year=ANY_TIME),
            ),
            Column("note", _("Note"), is_wide=True),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            _(
                "Deployments of one programme in the same year are drawn together, from the first date to the last; the hint on each mark lists them."
            ),
            _(
                "A bar over several years can mean that something took place within them; only what the source states is drawn."
            ),
            *left_out(rows),
            *caveats(*_TIME_CAVEATS),
        ),
        sources=cite(listed, dated),
        period=period_text(selection),
        empty="" if beginnings or timed or untimed else _("No programme is on record for these years."),
    )


def _has_date(rows: pl.DataFrame, programme_id: str) -> bool:
    return not rows.filter(pl.col("programme_id") == programme_id, pl.col("first_year").is_not_null()).is_empty()
