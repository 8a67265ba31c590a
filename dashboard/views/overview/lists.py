"""Groups side by side, the newest events, and what the edition was built from."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.i18n import _, listing, n_
from dashboard.queries import overview, training
from dashboard.record_filters import ANY_TIME
from dashboard.selection import Selection
from dashboard.texts import localise
from dashboard.views.behind import Behind, behind
from dashboard.views.dates import span_of
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.sourcing import cite, cite_count
from dashboard.views.view import Column, View
from dashboard.views.worded import each, in_words


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
            Column(
                "reached_of",
                _("States reached / taking part"),
                "text",
                behind=lambda row: (
                    behind("reach", area=row["group_code"], taking_part=True) if row["reached"] else None
                ),
            ),
            Column(
                "held",
                _("Events held"),
                "number",
                behind=lambda row: behind("events", area=row["group_code"], status="held"),
            ),
            Column(
                "others",
                _("Announced or planned"),
                "number",
                behind=lambda row: behind("events", area=row["group_code"], status="beforehand"),
            ),
            Column(
                "programmes",
                _("Programmes"),
                "number",
                behind=lambda row: behind(
                    "deployments", area=row["group_code"], status="deployed", counting="programmes"
                ),
            ),
            *((_returned_of(full_round),) if full_round else ()),
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


def _returned_of(full_round: Mapping[str, str]) -> Column:
    """How many of the states asked in a round returned it, as a column of groups."""

    def returned(row: Mapping[str, Any]) -> Behind | None:
        if not row["returned"]:
            return None
        one = {"round": full_round["round_id"], "status": "returned", "year": ANY_TIME}
        return behind("responses", area=row["group_code"], **one)

    words = _("{year} questionnaire: returned / asked", year=full_round["year"])
    return Column("returned_of", words, "text", behind=returned)


LATEST = 8
"""The events listed as the newest ones."""


@view("overview.latest_events")
def latest_events(selection: Selection) -> View:
    """The newest events on record, whatever their status."""
    newest = training.event_details(**selection.period, most=LATEST)
    rows = newest.filter(pl.col("start_on").is_not_null())
    rows = localise(rows, "title").with_columns(
        when=each(rows, span_of),
        said_status=in_words(rows["status"], "event_status"),
        where=pl.Series(
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


_SETS = {
    "meetings": "meetings",
    "national_authorities": "authorities",
    "national_laws": "laws",
    "national_plans": "plans",
    "programme_deployments": "deployments",
    "programmes": "programmes",
    "questionnaire_answers": "answers",
    "questionnaire_responses": "responses",
    "questionnaire_rounds": "rounds",
    "recommendations": "commitments",
    "training_events": "events",
    "training_statements": "statements",
    "treaty_actions": "treaty_actions",
}
"""Table of the data folder -> the set of records that lists its rows."""


def _loaded(row: Mapping[str, Any]) -> Behind | None:
    of = _SETS.get(row["table_name"])
    return behind(of, year=ANY_TIME) if of else None


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
            Column("rows_loaded", _("Rows loaded"), "number", behind=_loaded),
            Column("rows_rejected", _("Rows refused"), "number"),
        ),
        sources=cite(["panorama_compilation"]),
        period=period_text(selection),
    )
