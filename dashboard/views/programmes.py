"""Programmes: where each was carried out, when, by pillar, and who is named as paying for it."""

from collections.abc import Iterable
from datetime import date, timedelta
from html import escape
from textwrap import shorten
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.charts.matrix import Cell, matrix
from dashboard.charts.split_bars import Part, SplitBar, split_bars
from dashboard.charts.timeline import timeline, timeline_height
from dashboard.choices import record_years
from dashboard.i18n import _, clauses, day, day_range, language, listing, n_, named, number, sort_key
from dashboard.labels import label, labels
from dashboard.queries import overview, programmes
from dashboard.selection import Selection, address
from dashboard.texts import localise
from dashboard.theme import palette
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.short_names import short_names
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, Markup, SourceNote, View

SIGNS = {
    "implemented": "✓",
    "replicated": "✓",
    "follow_up_requested": "✓",
    "audited": "✓",
    "in_progress": "…",
    "planned": "○",
    "announced": "◇",
    "interest_expressed": "·",
}
"""The sign of each status in the matrix, the strongest first."""
_STRENGTH = {status: rank for rank, status in enumerate(SIGNS)}
_SHORT = 60
_LANE = 52
# Which of the recorded caveats belong beside which view.
_STATUS_CAVEATS = ("reading-09", "reading-10", "gap-07")
_TIME_CAVEATS = ("contradiction-03", "reading-09")
_FUNDER_CAVEATS = ("contradiction-01", "contradiction-20", "gap-15")


def marked(text: str | None, basis: str | None) -> str:
    """A recorded text as HTML, with the small sign of our own translations."""
    mark = f'<span class="pn-tr" title="{escape(_("our translation"))}">°</span>' if basis == "translated" else ""
    return escape(text or "") + mark


def caveats(*caveat_ids: str) -> tuple[str, ...]:
    """The texts of these caveats, as far as they are on record, in the reader's language."""
    return tuple(programmes.caveats(caveat_ids)[f"text_{language()}"])


def when(row: dict[str, Any]) -> str:
    """The time of a deployment in words: its date, its years, or that no date is stated."""
    if row["date_group"] == "undated":
        return _("date not stated")
    if row["date_group"] == "span" and row["last_year"] is None:
        return _("from {year}, end not stated", year=str(row["first_year"]))
    if row["start_on"] is None and row["end_on"] is None:
        return str(row["year"])
    return day_range(row["start_on"], row["start_precision"], row["end_on"], row["end_precision"])


def _as_of(row: dict[str, Any]) -> str | None:
    return day(row["as_of_on"], str(row["as_of_precision"])) if isinstance(row["as_of_on"], date) else None


def _place(row: dict[str, Any]) -> str:
    """The state of a deployment, with its scope where that is not the whole country; without a state, its scope."""
    if row["area_code"] is None:
        return str(row["scope"])
    name = areas.name(str(row["area_code"]))
    return name if row["is_whole_country"] else _("{state}, {scope}", state=name, scope=str(row["scope"]))


def _deployments(selection: Selection) -> pl.DataFrame:
    """All deployments with names, scopes and notes in the reader's language and their words (place, time, status)."""
    rows = programmes.deployments(**selection.period, is_all_time=selection.is_all_time)
    rows = rows.with_columns(
        official=pl.coalesce("name_original", "name"), is_whole_country=pl.col("scope") == "country"
    )
    rows = localise(rows, "name", "scope", "note")
    words = [
        (_place(row), when(row), label("deployment_status", row["status"]), _as_of(row))
        for row in rows.iter_rows(named=True)
    ]
    said = pl.DataFrame(
        words,
        schema={"place": pl.String, "when": pl.String, "said_status": pl.String, "as_of": pl.String},
        orient="row",
    )
    return pl.concat([rows, said], how="horizontal")


def _programmes() -> pl.DataFrame:
    """All programmes with their texts in the reader's language; ``official``: the official title as recorded."""
    rows = programmes.programmes().with_columns(official=pl.coalesce("name_original", "name"))
    rows = localise(rows, "name", "lead_unit", "description", "note")
    return rows.with_columns(_official_or_same())


def _official_or_same() -> pl.Expr:
    return (
        pl.when(pl.col("official") == pl.col("name"))
        .then(pl.lit(_("as shown")))
        .otherwise("official")
        .alias("official")
    )


def _left_out(rows: pl.DataFrame) -> tuple[str, ...]:
    """How many deployments a chosen period leaves out, and why."""
    outside = rows.filter(~pl.col("is_in_period"))
    undated = outside.filter(pl.col("year").is_null()).height
    dated = outside.height - undated
    if not outside.height:
        return ()
    return (
        n_(
            "Not counted in this period: {n} record dated in other years, and {undated} that no source places in a single "
            "year within it.",
            "Not counted in this period: {n} records dated in other years, and {undated} that no source places in a single "
            "year within it.",
            dated,
            undated=undated,
        ),
    )


def _columns_of_deployments() -> tuple[Column, ...]:
    return (
        Column("name", _("Programme"), is_wide=True),
        Column("place", _("State or scope")),
        Column("when", _("Time")),
        Column("said_status", _("Status")),
        Column("as_of", _("As of")),
        Column("note", _("Note"), is_wide=True),
        Column("source_id", _("Source"), "source"),
        Column("source_id_2", _("Second source"), "source"),
    )


@view("programmes.matrix")
def programme_matrix(selection: Selection) -> View:
    """Each programme in each state by its strongest status, and the deployments that belong to no single state."""
    everything = _deployments(selection)
    rows = everything.filter("is_in_period")
    placed = rows.filter(pl.col("area_code").is_not_null())
    apart = rows.filter(pl.col("area_code").is_null())
    states = sorted(set(placed["area_code"]))  # by the code that stands at the head of the column
    names = {row["programme_id"]: row for row in rows.iter_rows(named=True)}
    cells: dict[tuple[str, str], Cell] = {}
    signs: set[str] = set()
    for (programme, state), own in placed.group_by("programme_id", "area_code", maintain_order=True):
        ranked = sorted(own.iter_rows(named=True), key=lambda row: _STRENGTH[row["status"]])
        strongest = ranked[0]
        signs.add(SIGNS[strongest["status"]])
        cells[str(programme), str(state)] = Cell(
            "focus" if strongest["is_carried_out"] else "announced",
            SIGNS[strongest["status"]] + ("+" if len({row["status"] for row in ranked}) > 1 else ""),
            clauses(_said(row) for row in ranked),
        )
    in_rows = placed["programme_id"].unique(maintain_order=True).to_list()
    carried_out = placed.filter("is_carried_out")
    short = dict(zip(in_rows, short_names([names[programme]["name"] for programme in in_rows], _SHORT), strict=True))
    official = dict(
        zip(in_rows, short_names([names[programme]["official"] for programme in in_rows], _SHORT), strict=True)
    )
    figure = matrix(
        [(programme, short[programme], "") for programme in in_rows],
        [(code, code) for code in states],
        cells,
        corner=_("Programme"),
        caption=_("Programmes by state and status"),
        absent=Cell("none", "", _("nothing on record")),
        legend=_legend(signs),
        full_names={code: areas.name(code) for code in states},
        below={
            programme: official[programme]
            for programme in in_rows
            if names[programme]["official"] != names[programme]["name"]
        },
    )
    no_record = programmes.programmes().filter(pl.col("records") == 0).height
    notes = [
        n_(
            "{n} record of a deployment: {placed} in the matrix, {apart} without a single state beneath it.",
            "{n} records of deployments: {placed} in the matrix, {apart} without a single state beneath it.",
            rows.height,
            placed=placed.height,
            apart=apart.height,
        ),
        *_left_out(everything),
        _(
            "A “+” says that the state has further statuses for the programme; each cell carries all of them with their dates."
        ),
        n_(
            "{n} programme has no deployment on record and is only in the list of programmes.",
            "{n} programmes have no deployment on record and are only in the list of programmes.",
            no_record,
        ),
        *caveats(*_STATUS_CAVEATS),
    ]
    return View(
        id="programmes.matrix",
        title=_("Programmes by state"),
        takeaway=n_(
            "{n} programme is on record in {states}; states with at least one in progress or carried out: {carried_out}.",
            "{n} programmes are on record in {states}; states with at least one in progress or carried out: {carried_out}.",
            len(in_rows),
            states=n_("{n} state", "{n} states", len(states)),
            carried_out=carried_out["area_code"].n_unique(),
        ),
        figure=Markup(f'<div class="pn-matrix-whole">{figure.html}</div>{_without_a_state(apart)}'),
        table=rows,
        columns=_columns_of_deployments(),
        notes=tuple(notes),
        sources=cite(rows),
        period=period_text(selection),
        empty="" if rows.height else _("No deployment of a programme is on record for these years."),
    )


def _said(row: dict[str, Any]) -> str:
    """A deployment in a cell: status, time, scope where it is not the country, and the day to which it refers."""
    said = _("{status} ({when})", status=str(row["said_status"]), when=str(row["when"]))
    if row["as_of"]:
        said = _(
            "{status} ({when}; as of {as_of})",
            status=str(row["said_status"]),
            when=str(row["when"]),
            as_of=str(row["as_of"]),
        )
    return said if row["is_whole_country"] else named(str(row["scope"]), said)


def _legend(signs: set[str]) -> list[Cell]:
    """The words of the signs that occur, the strongest first."""
    words = labels("deployment_status") | {"implemented": _("carried out, also replicated, followed up or audited")}
    shown = ("implemented", "in_progress", "planned", "announced", "interest_expressed")
    carried_out = ("implemented", "in_progress")
    return [
        Cell("focus" if status in carried_out else "announced", SIGNS[status], words[status])
        for status in shown
        if SIGNS[status] in signs
    ]


def _without_a_state(rows: pl.DataFrame) -> str:
    if rows.is_empty():
        return ""
    items = "".join(
        f"<li>{marked(row['name'], row['name_basis'])}<br><small>{marked(row['place'], row['scope_basis'])} · "
        f"{escape(_said(row | {'is_whole_country': True}))}</small></li>"
        for row in rows.iter_rows(named=True)
    )
    return f'<h3 class="pn-subhead">{escape(_("Without a single state"))}</h3><ul class="pn-entries">{items}</ul>'


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
        return shorten(str(rows[0]["scope"]), 34, placeholder=" …")
    if len(codes) == 1:
        return areas.name(codes[0])
    return n_("{n} state", "{n} states", len(codes))


def _marks(programme: dict[str, Any], lane: str, own: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """The marks of one lane: the programme's stated years, then its deployments grouped by year and by kind."""
    name = escape(shorten(str(programme["name"]), 60, placeholder=" …"))
    if programme["start_year"] is not None:
        start, end = int(str(programme["start_year"])), programme["end_year"]
        years = _("from {year}, end not stated", year=str(start)) if end is None else _years(start, int(str(end)))
        yield {
            "lane": lane,
            "start": float(start),
            "end": None if end is None else float(str(end)) + 1,
            "role": "context",
            "kind": "open" if end is None else "bar",
            "text": "",
            "hover": f"{name}<br>{escape(_('Years stated for the programme: {years}', years=years))}",
        }
    groups: dict[tuple[object, ...], list[dict[str, Any]]] = {}
    for row in own:
        groups.setdefault((row["first_year"], row["last_year"], row["date_group"], row["is_carried_out"]), []).append(
            row
        )
    for group in groups.values():
        extents = [_extent(row) for row in group]
        start = min(start for start, _end in extents)
        ends = [end for _start, end in extents if end is not None]
        listed = "<br>".join(escape(named(row["place"], _said(row | {"is_whole_country": True}))) for row in group[:12])
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
        }


def _stated_years(row: dict[str, Any]) -> str | None:
    """The years that a source states for a programme as a whole, if any."""
    if row["start_year"] is None:
        return None
    if row["end_year"] is None:
        return _("from {year}, end not stated", year=str(row["start_year"]))
    return _years(row["start_year"], row["end_year"])


def _years(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


@view("programmes.timeline")
def programme_timeline(selection: Selection) -> View:
    """When each programme ran and reached which states, programmes without any date at the end."""
    rows = _deployments(selection)
    dated = rows.filter(pl.col("is_in_period") | pl.col("is_within"), pl.col("first_year").is_not_null())
    by_programme = {str(key[0]): own.to_dicts() for key, own in dated.group_by("programme_id", maintain_order=True)}
    without = dict(
        rows.filter(pl.col("date_group") == "undated").group_by("programme_id").len().sort("programme_id").iter_rows()
    )
    first_record, last_record = record_years()
    years = (selection.first_year or first_record, selection.last_year or last_record)
    listed = _programmes()
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
            for mark in _marks(programme, lane, by_programme.get(programme["programme_id"], []))
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
        },
    )
    beginnings = [programme for programme in listed["start_year"].drop_nulls() if years[0] <= programme <= years[1]]
    lanes = [_("Date not stated:"), *untimed] if untimed else []
    figure_rows = pl.concat([frame, pl.DataFrame({"lane": lanes}, schema={"lane": pl.String})], how="diagonal")
    table = listed.with_columns(
        pl.Series(
            "years",
            [_stated_years(row) for row in listed.iter_rows(named=True)],
            dtype=pl.String,
        ),
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
            Column("dated", _("Dated records of deployments"), "number"),
            Column("undated", _("Records without a date"), "number"),
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
            *_left_out(rows),
            *caveats(*_TIME_CAVEATS),
        ),
        sources=cite(listed, dated),
        period=period_text(selection),
        empty="" if beginnings or timed or untimed else _("No programme is on record for these years."),
    )


def _has_date(rows: pl.DataFrame, programme_id: str) -> bool:
    return not rows.filter(pl.col("programme_id") == programme_id, pl.col("first_year").is_not_null()).is_empty()


@view("programmes.countries")
def programme_countries(selection: Selection) -> View:
    """How many programmes each state saw carried out, and how many are only planned, announced or of interest."""
    counted = overview.programmes_by_state(**selection.period, is_all_time=selection.is_all_time)
    everything = _deployments(selection)
    rows = everything.filter("is_in_period", pl.col("area_code").is_not_null())
    own: dict[str, dict[str, set[str]]] = {}
    for row in rows.iter_rows(named=True):
        kinds = own.setdefault(row["area_code"], {"carried_out": set(), "beforehand": set()})
        kinds["carried_out" if row["is_carried_out"] else "beforehand"].add(row["name"])
    values = {row["area_code"]: row for row in counted.iter_rows(named=True)}
    taking_part = set(areas.participating(areas.period_end(selection)))
    reached = {code for code, row in values.items() if row["value"]}
    # a zero is known only of a state that took part in the OAS; of the others nothing can be said
    began = date(selection.first_year or record_years()[0], 1, 1)
    outside = [
        code
        for code in areas.states()
        if code not in taking_part and code not in areas.participating(began) and code not in own
    ]
    drawn = []
    for code in areas.states():
        if code in outside:
            drawn.append(
                SplitBar(areas.name(code), (), label("obs_status", "M"), link=address("country", selection, area=code))
            )
            continue
        carried_out, others = int(values[code]["value"]), int(values[code]["others"])
        drawn.append(
            SplitBar(
                name=areas.name(code),
                parts=(Part("focus", carried_out), Part("announced", others)),
                words=number(carried_out) + (f" · {number(others)}" if others else ""),
                link=address("country", selection, area=code),
                said=_(
                    "{state}: {carried_out} in progress or carried out; {others} only planned, announced or of interest",
                    state=areas.name(code),
                    carried_out=carried_out,
                    others=others,
                ),
            )
        )
    order = {code: position for position, code in enumerate(areas.states())}
    table = counted.select(
        "area_code",
        pl.col("value").cast(pl.Int64),
        pl.col("others").cast(pl.Int64),
        pl.col("area_code")
        .replace_strict(
            {code: _named(kinds["carried_out"]) for code, kinds in own.items()}, default=None, return_dtype=pl.String
        )
        .alias("carried_out"),
        pl.col("area_code")
        .replace_strict(
            {code: _named(kinds["beforehand"] - kinds["carried_out"]) for code, kinds in own.items()},
            default=None,
            return_dtype=pl.String,
        )
        .alias("beforehand"),
    )
    is_outside = pl.col("area_code").is_in(outside)
    table = table.with_columns(
        pl.when(~is_outside).then("value").alias("value"),
        pl.when(~is_outside).then("others").alias("others"),
        pl.when(is_outside).then(pl.lit("M")).otherwise(pl.lit("A")).alias("obs_status"),
    ).sort(pl.col("area_code").replace_strict(order, return_dtype=pl.Int64))
    gone = sorted((areas.name(code) for code in reached - taking_part), key=sort_key)
    apart = everything.filter("is_in_period", pl.col("area_code").is_null()).height
    return View(
        id="programmes.countries",
        title=_("Programmes in each state"),
        takeaway=_(
            "{reached} of the {total} states taking part in the OAS have at least one programme in progress or carried out "
            "on record.",
            reached=len(reached & taking_part),
            total=len(taking_part),
        ),
        figure=split_bars(
            drawn,
            legend=(
                ("focus", _("in progress or carried out")),
                ("announced", _("only planned, announced or of interest")),
            ),
            is_in_columns=True,
        ),
        table=table,
        columns=(
            Column("area_code", _("State"), "area"),
            Column("value", _("In progress or carried out"), "number", status_key="obs_status"),
            Column("others", _("Only planned, announced or of interest"), "number", status_key="obs_status"),
            Column("carried_out", _("Programmes in progress or carried out"), is_wide=True),
            Column("beforehand", _("Programmes only planned, announced or of interest"), is_wide=True),
        ),
        notes=(
            n_(
                "Of {total} states, {n} takes part in the OAS at the end of the period: the denominator.",
                "Of {total} states, {n} take part in the OAS at the end of the period: the denominator.",
                len(taking_part),
                total=len(areas.states()),
            ),
            _(
                "States stand in alphabetical order. A programme counts once in a state, however many records it has there; studies, questionnaires and networks are programmes too."
            ),
            _("Zero means that no record names the state; it does not say that nothing took place."),
            *(
                (
                    _(
                        "Not applicable: {states} did not take part in the OAS in the period, and no record names it.",
                        states=listing(areas.name(code) for code in outside),
                    ),
                )
                if outside
                else ()
            ),
            *(
                (_("Also with a programme, but no longer taking part then: {states}.", states=listing(gone)),)
                if gone
                else ()
            ),
            *(
                (
                    n_(
                        "{n} record belongs to no single state and counts in none.",
                        "{n} records belong to no single state and count in none.",
                        apart,
                    ),
                )
                if apart
                else ()
            ),
            *_left_out(everything),
        ),
        sources=cite(rows),
        period=period_text(selection),
        empty="" if rows.height else _("No deployment of a programme in a state is on record for these years."),
    )


def _named(names: set[str]) -> str | None:
    return clauses(sorted(names, key=sort_key)) or None


@view("programmes.by_pillar")
def programmes_by_pillar(selection: Selection) -> View:
    """Programmes and their deployments by pillar."""
    counted = programmes.by_pillar(**selection.period, is_all_time=selection.is_all_time)
    order = {pillar: position for position, pillar in enumerate(labels("pillar"))}
    counted = counted.sort(pl.col("pillar").replace_strict(order, return_dtype=pl.Int64))
    unplaced = (
        _("no deployment on record")
        if selection.is_all_time
        else _("no deployment on record that counts in these years")
    )
    drawn = [
        SplitBar(
            name=label("pillar", row["pillar"]),
            parts=(
                Part("focus", row["carried_out"]),
                Part("announced", row["beforehand"]),
                Part("context", row["unplaced"]),
            ),
            words=n_("{n} programme", "{n} programmes", row["programmes"]),
            said=_(
                "{pillar}: {programmes} programmes, of which {carried_out} in progress or carried out and {beforehand} only "
                "planned, announced or of interest",
                pillar=label("pillar", row["pillar"]),
                programmes=row["programmes"],
                carried_out=row["carried_out"],
                beforehand=row["beforehand"],
            ),
        )
        for row in counted.iter_rows(named=True)
    ]
    table = counted.with_columns(pl.col("pillar").replace(labels("pillar")).alias("said_pillar"))
    return View(
        id="programmes.by_pillar",
        title=_("Programmes by pillar"),
        takeaway=_(
            "Of {total} programmes, {carried_out} are on record as in progress or carried out: {pillars}.",
            total=int(counted["programmes"].sum()),
            carried_out=int(counted["carried_out"].sum()),
            pillars=listing(
                _("{pillar} {n}", pillar=label("pillar", row["pillar"]), n=row["carried_out"])
                for row in counted.iter_rows(named=True)
            ),
        ),
        figure=split_bars(
            drawn,
            legend=(
                ("focus", _("in progress or carried out")),
                ("announced", _("only planned, announced or of interest")),
                ("context", unplaced),
            ),
        ),
        table=table,
        columns=(
            Column("said_pillar", _("Pillar")),
            Column("programmes", _("Programmes"), "number"),
            Column("carried_out", _("In progress or carried out"), "number"),
            Column("beforehand", _("Only planned, announced or of interest"), "number"),
            Column("unplaced", unplaced[:1].upper() + unplaced[1:], "number"),
            Column("records", _("Records of deployments"), "number"),
            Column("carried_out_records", _("of which in progress or carried out"), "number"),
        ),
        notes=(
            _("Each programme belongs to one pillar, so the programmes add up to the total."),
            *_left_out(_deployments(selection)),
        ),
        sources=cite(_programmes()),
        period=period_text(selection),
    )


@view("programmes.funders")
def programme_funders(selection: Selection) -> View:
    """The states that sources name as paying for a programme."""
    rows = localise(programmes.funders().with_columns(official=pl.coalesce("name_original", "name")), "name")
    rows = rows.with_columns(_official_or_same())
    order = {code: position for position, code in enumerate(areas.states())}
    rows = rows.sort(pl.col("funder").replace_strict(order, default=len(order), return_dtype=pl.Int64), "programme_id")
    total = programmes.programmes().height
    stated = rows["programme_id"].n_unique()
    funders = listing(
        areas.name(str(code)) + f" ({number(n)})"
        for code, n in rows.group_by("funder", maintain_order=True).len().iter_rows()
    )
    return View(
        id="programmes.funders",
        title=_("Who is named as paying"),
        takeaway=_(
            "For {unstated} of {total} programmes no source names a funding state; named are {funders}.",
            unstated=total - stated,
            total=total,
            funders=funders,
        ),
        figure=Markup(_by_funder(rows, selection)),
        table=rows,
        columns=(
            Column("funder", _("Funding state"), "area"),
            Column("name", _("Programme"), is_wide=True),
            Column("official", _("Official title"), is_wide=True),
            Column("start_year", _("Start"), "year"),
            Column("end_year", _("End"), "year"),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            _(
                "Only states that a source names are shown; amounts are not on record, and a programme with two funders stands in two rows."
            ),
            _("Funding does not depend on the chosen period: sources do not say in which years it was paid."),
            *caveats(*_FUNDER_CAVEATS),
        ),
        sources=cite(rows),
        period=_("All years"),
        empty=""
        if rows.height
        else _("No source names a funding state for any of the {total} programmes.", total=total),
    )


def _by_funder(rows: pl.DataFrame, selection: Selection) -> str:
    """Funding states as a list, each with the programmes for which a source names it."""
    items = []
    for (funder,), own in rows.group_by("funder", maintain_order=True):
        link = address("country", selection, area=str(funder))
        lines = "<br>".join(
            f"<small>{marked(row['name'], row['name_basis'])}</small>" for row in own.iter_rows(named=True)
        )
        items.append(f'<li><a href="{escape(link)}">{escape(areas.name(str(funder)))}</a><br>{lines}</li>')
    return f'<ul class="pn-entries">{"".join(items)}</ul>'


@view("programmes.undated")
def programmes_undated(selection: Selection) -> View:
    """Every deployment that no source places in a single year."""
    rows = _deployments(selection.but(first_year=None, last_year=None)).filter(pl.col("year").is_null())
    spans = rows.filter(pl.col("date_group") == "span").height
    return View(
        id="programmes.undated",
        title=_("Without a single year"),
        takeaway=_(
            "{n} records of deployments have no single year: {spans} lie in a span of years, for {undated} no date is stated.",
            n=rows.height,
            spans=spans,
            undated=rows.height - spans,
        ),
        figure=Markup(_by_programme(rows)),
        table=rows,
        columns=_columns_of_deployments(),
        notes=(
            _(
                "They count in all years together, whatever the period; “as of” is the date of the source, not of the deployment."
            ),
            *caveats("reading-09"),
        ),
        sources=cite(rows),
        period=_("All years"),
        empty="" if rows.height else _("Every deployment on record has a year."),
    )


def _by_programme(rows: pl.DataFrame) -> str:
    """Deployments as a list: one entry a programme, one line for each status, time and day to which it refers."""
    items = []
    for _key, own in rows.group_by("programme_id", maintain_order=True):
        first = own.row(0, named=True)
        lines = []
        for _same, group in own.group_by("status", "when", "as_of", maintain_order=True):
            said = _said(group.row(0, named=True) | {"is_whole_country": True})
            basis = "translated" if _has_translated_scope(group) else None
            lines.append(
                f"<small>{marked(listing(sorted(group['place'], key=sort_key)), basis)}: {escape(said)}</small>"
            )
        items.append(f"<li>{marked(first['name'], first['name_basis'])}<br>{'<br>'.join(lines)}</li>")
    return f'<ul class="pn-entries">{"".join(items)}</ul>'


def _has_translated_scope(rows: pl.DataFrame) -> bool:
    return not rows.filter(~pl.col("is_whole_country"), pl.col("scope_basis") == "translated").is_empty()


@view("programmes.list")
def programme_list(selection: Selection) -> View:
    """All programmes with what is recorded about each."""
    rows = _programmes()
    rows = rows.with_columns(
        pl.col("pillar").replace(labels("pillar")).alias("said_pillar"),
        pl.col("activity_type").replace(labels("activity_type")).alias("said_type"),
        pl.Series(
            "paying",
            [listing(areas.name(code) for code in codes) or None for codes in rows["funders"]],
            dtype=pl.String,
        ),
    )
    first, last = rows["start_year"].min(), rows["start_year"].max()
    return View(
        id="programmes.list",
        title=_("All programmes"),
        takeaway=_(
            "{n} programmes, projects, studies and standing lines of work are on record; the stated starts run from {first} "
            "to {last}.",
            n=rows.height,
            first=str(first),
            last=str(last),
        ),
        figure=Markup(_folds(rows, selection)),
        table=rows,
        columns=(
            Column("name", _("Programme"), is_wide=True),
            Column("official", _("Official title"), is_wide=True),
            Column("said_pillar", _("Pillar")),
            Column("said_type", _("Type of activity")),
            Column("start_year", _("Start"), "year"),
            Column("end_year", _("End"), "year"),
            Column("lead_unit", _("Lead unit")),
            Column("description", _("What it is"), is_wide=True),
            Column("paying", _("Funding states named")),
            Column("carried_out", _("States, in progress or carried out"), "number"),
            Column("note", _("Note"), is_wide=True),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            _("The list does not depend on the chosen period. A dash means that the source does not say."),
            *caveats("reading-13", "contradiction-03", "contradiction-20"),
        ),
        sources=cite(rows),
        period=_("All years"),
        empty="" if rows.height else _("No programme is on record."),
    )


def _folds(rows: pl.DataFrame, selection: Selection) -> str:
    """Programmes by pillar, each a fold with what is recorded about it and the document that says so."""
    documents = {source.source_id: source for source in cite(rows)}
    parts = []
    for pillar, words in labels("pillar").items():
        own = rows.filter(pl.col("pillar") == pillar)
        if own.height:
            parts.append(f'<h3 class="pn-subhead">{escape(words[:1].upper() + words[1:])} ({number(own.height)})</h3>')
            parts += [_fold(row, documents.get(row["source_id"]), selection) for row in own.iter_rows(named=True)]
    return "".join(parts)


def _fold(row: dict[str, Any], document: SourceNote | None, selection: Selection) -> str:
    unstated = f'<span class="pn-none">{escape(_("not stated"))}</span>'
    facts = [
        (_("Official title"), escape(row["official"])),
        (_("What it is"), marked(row["description"], row["description_basis"])),
        (_("Lead unit"), marked(row["lead_unit"], row["lead_unit_basis"]) or unstated),
        (_("Funding states named"), escape(row["paying"] or "") or unstated),
        (_("States, in progress or carried out"), number(row["carried_out"])),
        (_("States, only planned, announced or of interest"), number(row["beforehand"])),
    ]
    if row["note"]:
        facts.append((_("Note"), marked(row["note"], row["note_basis"])))
    if document:
        href = f"{address('sources', selection)}#{document.source_id}"
        title = document.doc_code or document.title
        facts.append(
            (_("Source"), f'<a href="{escape(href)}" title="{escape(document.publisher)}">{escape(title)}</a>')
        )
    body = "".join(f"<dt>{escape(name)}</dt><dd>{value}</dd>" for name, value in facts)
    small = f"{row['said_type']} · {_stated_years(row) or _('years not stated')}"
    return (
        f'<details class="pn-instrument"><summary>{marked(row["name"], row["name_basis"])} <small>{escape(small)}</small>'
        f"</summary><dl>{body}</dl></details>"
    )


@view("programmes.deployments")
def programme_deployments(selection: Selection) -> View:
    """All deployments of the period, and beside them those without a single year."""
    everything = _deployments(selection)
    rows = everything.filter(pl.col("is_in_period") | pl.col("year").is_null())
    return View(
        id="programmes.deployments",
        title=_("All records of deployments"),
        takeaway=n_(
            "{n} record: a programme in a state, or in a group of them, with its status as its source gives it.",
            "{n} records: each is a programme in a state, or in a group of them, with its status as its source gives it.",
            rows.height,
        ),
        table=rows,
        columns=_columns_of_deployments(),
        notes=(
            _("Records without a single year are listed whatever the period; they count only in all years."),
            *caveats(*_STATUS_CAVEATS, "reading-11"),
        ),
        sources=cite(rows),
        period=period_text(selection),
        empty="" if rows.height else _("No deployment of a programme is on record for these years."),
    )
