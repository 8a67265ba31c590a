"""The hemisphere at a glance."""

import polars as pl

from dashboard import areas
from dashboard.charts.classes import classes
from dashboard.charts.figures import KeyFigure, key_figures_html
from dashboard.charts.state_map import state_map
from dashboard.i18n import _, day_range, language, listing, n_, number, short_number
from dashboard.labels import label, labels
from dashboard.queries import observations, overview, training
from dashboard.selection import Selection, address
from dashboard.texts import localise
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.sourcing import cite, cite_count
from dashboard.views.training import counted_sources, numbers_by_kind, with_civil_society
from dashboard.views.view import Column, View

RECORD_INDICATORS = ("programmes_deployed", "training_events", "questionnaires_returned", "treaties_in_force")
"""Indicators of the OAS records that the map counts anew for the chosen period, in the order offered."""


@view("overview.key_figures")
def key_figures(selection: Selection) -> View:
    """Events held, people trained, states reached and questionnaires returned, each with what it is measured against."""
    years, is_all_time = selection.period, selection.is_all_time
    counts = overview.headline_counts(**years, is_all_time=is_all_time)
    taking_part = set(areas.participating(areas.period_end(selection)))
    reached_rows = overview.reached_states(**years, is_all_time=is_all_time)
    reached = set(reached_rows["area_code"])
    held, others = counts["held"] or 0, (counts["announced"] or 0) + (counts["planned"] or 0)
    rows = [
        KeyFigure(
            "training.events_by_year",
            "training",
            held,
            None,
            _(
                "{held}; {others}",
                held=n_("training event held", "training events held", held),
                others=n_("{n} more announced or planned", "{n} more announced or planned", others),
            ),
        ),
        KeyFigure(
            "training.officials_by_year",
            "training",
            counts["reported"],
            None,
            _("people trained as reported afterwards, civil society included")
            if counts["reported_with_others"]
            else _("officials trained as reported afterwards"),
        ),
        KeyFigure(
            "training.officials_by_year",
            "training",
            counts["beforehand"],
            None,
            _("officials announced beforehand; what came of it was not reported, so the two are never added"),
        ),
        KeyFigure(
            "training.coverage",
            "training",
            len(reached & taking_part),
            len(taking_part),
            _("states taking part in the OAS reached by training held or carried out"),
        ),
    ]
    full_round = overview.latest_full_round(**selection.period)
    if full_round:
        replies = overview.round_counts(full_round["round_id"])
        left_out = [areas.name(code) for code in overview.not_asked(full_round["round_id"])]
        returned = _("states returned the {year} questionnaire", year=full_round["year"])
        unasked = n_("{states} was not asked", "{states} were not asked", len(left_out), states=listing(left_out))
        rows.append(
            KeyFigure(
                "questionnaires.return_rates",
                "questionnaires",
                replies["returned"],
                replies["asked"],
                _("{returned}; {unasked}", returned=returned, unasked=unasked) if left_out else returned,
            )
        )
    table = pl.DataFrame(
        [(row.view_id, row.page, row.value, row.of, row.what, "A" if row.value is not None else "O") for row in rows],
        schema={
            "view": pl.String,
            "page": pl.String,
            "value": pl.Int64,
            "of": pl.Int64,
            "what": pl.String,
            "obs_status": pl.String,
        },
        orient="row",
    )
    gone = sorted(areas.name(code) for code in reached - taking_part)
    notes = [
        n_(
            "Of {total} states, {n} takes part in the OAS at the end of the period: the denominator.",
            "Of {total} states, {n} take part in the OAS at the end of the period: the denominator.",
            len(taking_part),
            total=len(areas.states()),
        )
    ]
    if counts["with_number"]:
        # the figure announced beforehand joins numbers of several kinds: here each stands by itself
        notes += [numbers_by_kind(selection), *with_civil_society(selection)]
    if gone:
        notes.append(_("Also reached, but no longer taking part then: {states}.", states=listing(gone)))
    return View(
        id="overview.key_figures",
        title=_("Key figures"),
        takeaway=n_(
            "{n} training event was held; {reached} of {total} states taking part in the OAS were reached.",
            "{n} training events were held; {reached} of {total} states taking part in the OAS were reached.",
            held,
            reached=len(reached & taking_part),
            total=len(taking_part),
        ),
        figure=key_figures_html(rows, selection),
        table=table,
        columns=(
            Column("what", _("Figure"), is_wide=True),
            Column("value", _("Value"), "number", status_key="obs_status"),
            Column("of", _("Of"), "number"),
        ),
        is_lead=True,
        notes=tuple(notes),
        sources=cite_count(reached_rows, counted_sources(selection), [full_round["source_id"]] if full_round else []),
        period=period_text(selection),
    )


def indicator_choices() -> dict[str, str]:
    """Indicator id -> title in the reader's language, of the indicators that the map offers."""
    rows = observations.map_indicators()
    titles = dict(zip(rows["indicator_id"], rows[f"title_{language()}"], strict=True))
    first = [indicator for indicator in RECORD_INDICATORS if indicator in titles]
    return {code: titles[code] for code in (*first, *(code for code in titles if code not in first))}


def _map_values(indicator_id: str, selection: Selection) -> pl.DataFrame:
    """area_code, value, value_code, obs_status, others, year, source_id of an indicator for the chosen period."""
    years = selection.period
    last = years["last_year"]
    if indicator_id == "training_events":
        rows = overview.events_by_state(**years, is_all_time=selection.is_all_time)
    elif indicator_id == "programmes_deployed":
        rows = overview.programmes_by_state(**years, is_all_time=selection.is_all_time)
    elif indicator_id == "questionnaires_returned":
        rows = overview.returns_by_state(**years, is_all_time=selection.is_all_time)
    elif indicator_id == "treaties_in_force":
        rows = overview.treaties_by_state(selection.last_year)
    else:
        found = (
            observations.all_time_values(indicator_id)
            if bool(observations.indicator(indicator_id)["is_derived"])
            else observations.latest_values(indicator_id, last)
        )
        if "year" not in found.columns:
            found = found.with_columns(pl.lit(None, dtype=pl.Int32).alias("year"))
        return (
            areas.tiles()
            .select("area_code")
            .join(found, on="area_code", how="left", validate="1:1")
            .with_columns(pl.col("obs_status").fill_null("O"), others=pl.lit(0.0))
            .sort("area_code")
        )
    taking_part = areas.took_part(selection)
    has_none = pl.col("value").fill_null(0) == 0
    is_outside = ~pl.col("area_code").is_in(taking_part) & has_none & (indicator_id != "treaties_in_force")
    return rows.with_columns(
        pl.when(is_outside).then(None).otherwise(pl.col("value")).alias("value"),
        pl.when(is_outside)
        .then(pl.lit("M"))
        .when(pl.col("value").is_null())
        .then(pl.lit("O"))
        .otherwise(pl.lit("A"))
        .alias("obs_status"),
        note=pl.lit(None, dtype=pl.String),
        value_code=pl.lit(None, dtype=pl.String),
        year=pl.lit(None, dtype=pl.Int32),
        source_id=pl.lit("panorama_compilation"),
    ).sort("area_code")


@view("overview.map")
def overview_map(selection: Selection) -> View:
    """One indicator for the 35 states, as tiles of equal size."""
    indicator_id = selection.indicator or next(iter(indicator_choices()))
    years_asked = {**selection.period, "is_all_time": selection.is_all_time}
    about = observations.indicator(indicator_id)
    decimals = int(str(about["decimals"]))
    is_year = about["unit_en"] == "year"
    rows = _map_values(indicator_id, selection)
    is_code = bool(rows["value_code"].is_not_null().any())
    if is_code:
        # a code without a rank (Special Case) lies outside the order: it has a mark of its own, no place on the scale
        ranked = rows.filter(pl.col("value").is_not_null()).sort("value")["value_code"].unique(maintain_order=True)
        codes = ranked.to_list()
        order = {code: position for position, code in enumerate(codes)}
        levels: list[int | None] = [order.get(code) for code in rows["value_code"]]
        unranked = sorted(set(rows["value_code"].drop_nulls()) - set(codes))
        words = tuple(str(code) for code in codes)
        texts = [code or "–" for code in rows["value_code"]]
    else:
        unranked = []
        levels, words = classes(rows["value"].to_list(), None if is_year else decimals)
        texts = ["–" if value is None else _tile_text(value, None if is_year else decimals) for value in rows["value"]]
    empty = {"O": _("not reported"), "M": _("did not take part in the OAS"), "Q": _("suppressed"), "L": _("not asked")}
    has_ring = [value > 0 for value in rows["others"]]
    if indicator_id == "questionnaires_returned":
        empty["O"] = label("observation_note", "not_stated")
    elif is_year:
        empty["O"] = _("no year on record")
    said = [_said(row, None if is_year else decimals, empty) for row in rows.iter_rows(named=True)]
    tiles = areas.tiles().join(
        rows.select("area_code", "obs_status").with_columns(
            pl.Series("level", levels, dtype=pl.Int64),
            rows["value_code"].is_in(unranked).fill_null(False).alias("is_apart"),
            pl.Series("text", texts),
            pl.Series("said", said),
            pl.Series("has_ring", has_ring),
        ),
        on="area_code",
        how="left",
        validate="1:1",
        maintain_order="left",
    )
    title = str(about[f"title_{language()}"])
    years = rows["year"].drop_nulls()
    notes = [str(about[f"definition_{language()}"])]
    if years.len():
        low, high = int(str(years.min())), int(str(years.max()))
        notes.append(
            _("Each state's newest value; the years differ, from {first} to {last}.", first=str(low), last=str(high))
            if low != high
            else _("All values are of {year}.", year=str(low))
        )
    elif not selection.is_all_time and (
        indicator_id in ("training_events", "programmes_deployed")
        or (indicator_id == "treaties_in_force" and selection.last_year is not None)
    ):
        notes.append(_("Rows without a single year are left out while a period is chosen; all years include them."))
    return View(
        id="overview.map",
        title=_("{indicator}, by state", indicator=title),
        takeaway=_map_takeaway(indicator_id, rows, decimals, is_year=is_year),
        figure=state_map(
            tiles,
            kind=selection.map,
            names=areas.names(),
            links={code: address("country", selection, area=code) for code in rows["area_code"]},
            classes=words,
            statuses=empty,
            ring=_("more planned or announced"),
            apart=", ".join(unranked),
            chosen=selection.area,
        ),
        table=rows.with_columns(
            pl.col("area_code").replace(areas.names()).alias("name"),
            pl.col("value_code").fill_null("").alias("code"),
        ).sort(pl.col("area_code").replace_strict({code: position for position, code in enumerate(areas.states())})),
        columns=(
            Column("area_code", _("State"), "area"),
            Column("code", _("Value"))
            if is_code
            else Column("value", _("Value"), "year" if is_year else "number", decimals, status_key="obs_status"),
            *((Column("year", _("Year"), "year"),) if years.len() else ()),
            *((Column("others", _("Planned or announced"), "number"),) if any(has_ring) else ()),
            *((Column("source_id", _("Source"), "source"),) if years.len() else ()),
        ),
        notes=tuple(notes),
        sources=cite_count(
            rows.filter(pl.col("source_id") != "panorama_compilation"),
            overview.record_sources(indicator_id, **years_asked),
        ),
        period=period_text(selection),
        options={"indicator": indicator_id},
    )


def _map_takeaway(indicator_id: str, rows: pl.DataFrame, decimals: int, *, is_year: bool) -> str:
    values = rows["value"].drop_nulls()
    with_value = rows.filter(pl.col("value").is_not_null() | pl.col("value_code").is_not_null()).height
    if is_year and values.len():
        return _(
            "The years run from {first} to {last}; {n} of {total} states have one.",
            first=str(int(float(str(values.min())))),
            last=str(int(float(str(values.max())))),
            n=with_value,
            total=rows.height,
        )
    if indicator_id in RECORD_INDICATORS:
        return n_(
            "{n} of {total} states has at least one on record.",
            "{n} of {total} states have at least one on record.",
            int((values > 0).sum()),
            total=rows.height,
        )
    if rows["value_code"].is_not_null().any() or values.is_empty():
        return n_(
            "{n} of {total} states has a value.", "{n} of {total} states have a value.", with_value, total=rows.height
        )
    low, middle, high = (float(str(value)) for value in (values.min(), values.median(), values.max()))
    return _(
        "Values run from {low} to {high}, with a median of {median}; {n} of {total} states have one.",
        low=number(low, decimals),
        high=number(high, decimals),
        median=number(middle, decimals),
        n=with_value,
        total=rows.height,
    )


def _tile_text(value: float, decimals: int | None) -> str:
    if decimals is None:
        return str(int(value))
    return short_number(value) if decimals == 0 else number(value, min(decimals, 2))


def _said(row: dict[str, object], decimals: int | None, empty: dict[str, str]) -> str:
    if row["value_code"]:
        text = str(row["value_code"])
    elif row["value"] is None:
        if row["note"] in labels("observation_note"):
            return label("observation_note", str(row["note"]))
        return empty.get(str(row["obs_status"]), "")
    else:
        value = float(str(row["value"]))
        text = str(int(value)) if decimals is None else number(value, decimals)
    if row["year"]:
        text += f" ({row['year']})"
    others = int(float(str(row["others"] or 0)))
    return text + ("; " + n_("{n} planned or announced", "{n} planned or announced", others) if others else "")


@view("overview.subregions")
def subregions(selection: Selection) -> View:
    """The groups of the chosen scheme side by side."""
    full_round = overview.latest_full_round(**selection.period) or overview.latest_full_round()
    years = {**selection.period, "is_all_time": selection.is_all_time}
    rows = overview.groups_side_by_side(
        selection.scheme,
        **years,
        on=areas.period_end(selection),
        round_id=full_round.get("round_id", ""),
    )
    order = {code: position for position, code in enumerate(areas.groups(selection.scheme))}
    rows = rows.with_columns(
        reached_of=pl.format("{} / {}", "reached", "participating"),
        returned_of=pl.format("{} / {}", "returned", "asked"),
    ).sort(pl.col("group_code").replace_strict(order, return_dtype=pl.Int64))
    counted = [
        _("{group} {n}", group=areas.name(row["group_code"]), n=row["held"]) for row in rows.iter_rows(named=True)
    ]
    return View(
        id="overview.subregions",
        title=areas.schemes()[selection.scheme],
        takeaway=_("Events held, once in each group that took part: {counts}.", counts=listing(counted)),
        table=rows,
        columns=(
            Column("group_code", _("Group"), "area"),
            Column("reached_of", _("States reached / taking part"), "text"),
            Column("held", _("Events held"), "number"),
            Column("others", _("Announced or planned"), "number"),
            Column("programmes", _("Programmes"), "number"),
            *(
                (Column("returned_of", _("{year} questionnaire: returned / asked", year=full_round["year"]), "text"),)
                if full_round
                else ()
            ),
        ),
        notes=(
            areas.scheme_note(selection.scheme),
            _("Each event and programme counts once in each group that it reached, so the rows do not add up."),
        ),
        sources=cite_count(
            overview.reached_states(**years),
            overview.record_sources("training_events", **years),
            overview.record_sources("programmes_deployed", **years),
            [full_round["source_id"]] if full_round else [],
        ),
        period=period_text(selection),
        is_table_open=True,
    )


LATEST = 8
"""The events listed as the newest ones."""


@view("overview.latest_events")
def latest_events(selection: Selection) -> View:
    """The newest events on record, whatever their status."""
    newest = training.event_details(**selection.period, most=LATEST)
    rows = newest.filter(pl.col("start_on").is_not_null())
    rows = localise(rows, "title").with_columns(
        pl.Series(
            "when",
            [
                day_range(row["start_on"], row["start_precision"], row["end_on"], row["end_precision"])
                for row in rows.iter_rows(named=True)
            ],
            dtype=pl.String,
        ),
        pl.Series("said_status", [label("event_status", code) for code in rows["status"]], dtype=pl.String),
        pl.Series(
            "where",
            [listing(areas.name(code) for code in codes) for codes in rows["participants"]],
            dtype=pl.String,
        ),
    )
    empty = "" if rows.height else _("No dated event is on record in this period.")
    newest = rows.row(0, named=True) if rows.height else {}
    return View(
        id="overview.latest_events",
        title=_("Latest events on record"),
        takeaway=_("The newest is “{title}” ({when}).", title=newest.get("title", ""), when=newest.get("when", "")),
        table=rows,
        columns=(
            Column("title", _("Event"), is_wide=True),
            Column("when", _("Date")),
            Column("where", _("States taking part")),
            Column("said_status", _("Status")),
            Column("source_id", _("Source"), "source"),
        ),
        sources=cite(rows),
        period=period_text(selection),
        is_table_open=True,
        empty=empty,
    )


@view("overview.contents")
def contents(selection: Selection) -> View:
    """What the edition was built from."""
    rows = (
        overview.contents()
        .group_by("table_name")
        .agg(pl.col("rows_read", "rows_loaded", "rows_rejected").sum())
        .sort("table_name")
    )
    return View(
        id="overview.contents",
        title=_("What this edition contains"),
        takeaway=n_(
            "{n} row was read and {loaded} loaded; {rejected} were refused.",
            "{n} rows were read and {loaded} loaded; {rejected} were refused.",
            int(rows["rows_read"].sum()),
            loaded=int(rows["rows_loaded"].sum()),
            rejected=int(rows["rows_rejected"].sum()),
        ),
        table=rows,
        columns=(
            Column("table_name", _("Table")),
            Column("rows_read", _("Rows read"), "number"),
            Column("rows_loaded", _("Rows loaded"), "number"),
            Column("rows_rejected", _("Rows refused"), "number"),
        ),
        sources=cite(["panorama_compilation"]),
        period=period_text(selection),
    )
