"""How many states returned each OAS questionnaire, and whose reply had not been received by the date of the source."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.charts.bar_table import Bar, bar_table
from dashboard.i18n import _, listing, n_, percent
from dashboard.labels import label
from dashboard.queries import questionnaires
from dashboard.selection import Selection, address
from dashboard.settings import hides_names_not_received
from dashboard.views.behind import Behind, behind, behind_address
from dashboard.views.nothing import nothing
from dashboard.views.periods import period_text
from dashboard.views.questionnaires.rounds import (
    in_state_order,
    localised_rounds,
    names_in_order,
    round_title,
    said_vintage,
)
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, Markup, View


@view("questionnaires.return_rates")
def return_rates(selection: Selection) -> View:
    """Share of the states asked that returned each OAS round, by group, where every state's return is known."""
    every = localised_rounds(selection).filter(pl.col("form_family") == "oas")
    full = every.filter(pl.col("is_list_complete") & (pl.col("respondent_kind") == "states"))
    others = every.join(full, on="round_id", how="anti", maintain_order="left")
    codes = [areas.HEMISPHERE, *areas.groups(selection.scheme)]
    rates = questionnaires.return_rates(codes, **selection.period)
    by_place = {(row["round_id"], row["area_code"]): row for row in rates.iter_rows(named=True)}
    titles = {row["round_id"]: round_title(row) for row in every.iter_rows(named=True)}
    parts: list[str] = []
    if full.height:
        parts.append(
            bar_table(
                [
                    (
                        areas.name(code),
                        "" if code == areas.HEMISPHERE else address("subregion", selection, group=code),
                        [_rate_bar(by_place.get((round_id, code)), code, selection) for round_id in full["round_id"]],
                    )
                    for code in codes
                ],
                [titles[round_id] for round_id in full["round_id"]],
                corner=_("Group"),
                caption=_("Return rate by group"),
                has_track=True,
            ).html
        )
    if others.height:
        items = "".join(
            f"<li><b>{escape(titles[row['round_id']])}</b> {escape(_why_no_rate(row))}</li>"
            for row in others.iter_rows(named=True)
        )
        heading = escape(
            n_(
                "{n} OAS questionnaire for which no rate can be given",
                "{n} OAS questionnaires for which no rate can be given",
                others.height,
            )
        )
        is_open = "" if full.height else " open"
        parts.append(
            f'<details class="pn-fold pn-unrated-fold"{is_open}><summary>{heading}</summary><ul class="pn-unrated">{items}</ul></details>'
        )
    table = pl.concat([_rate_rows(full, codes, by_place, titles), _rows_without_rate(others, titles)])
    notes = [_("Return rate: states that returned the questionnaire, as a share of the states asked.")]
    for row in full.iter_rows(named=True):
        notes.append(_denominator(row, selection))
    if full.height:
        notes.append(
            _(
                "Where a change of membership is dated, groups are taken as they stood at the end of the year of the questionnaire."
            )
        )
        notes.append(areas.scheme_note(selection.scheme))
    notes.append(
        _(
            "A state that a source does not name may have replied all the same; no rate is worked out from partial lists."
        )
    )
    return View(
        id="questionnaires.return_rates",
        title=_("How many states returned the OAS questionnaires"),
        takeaway=_rate_takeaway(full, by_place, titles),
        figure=Markup("".join(parts)),
        table=table,
        columns=(
            Column("round", _("Questionnaire"), is_wide=True),
            Column("area_code", _("Group"), "area"),
            Column(
                "returned",
                _("Returned, states on record"),
                "number",
                status_key="returned_status",
                behind=lambda row: _behind_returns(row, "returned"),
            ),
            Column(
                "asked",
                _("States asked"),
                "number",
                status_key="asked_status",
                behind=lambda row: _behind_returns(row, "returned", "not_received"),
            ),
            Column("rate", _("Return rate"), "percent", status_key="rate_status"),
            Column("why", _("Why there is no rate"), is_wide=True),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(notes),
        sources=cite(every),
        period=period_text(selection),
        empty="" if every.height else _("No OAS questionnaire is on record for these years."),
    )


def _rate_bar(row: dict[str, object] | None, code: str, selection: Selection) -> Bar:
    if row is None or row["value"] is None:
        return Bar(None, label("obs_status", str(row["obs_status"]) if row else "O"))
    return Bar(
        float(str(row["value"])),
        _("{n} of {total}", n=float(str(row["numerator"])), total=float(str(row["denominator"]))),
        "focus" if code == areas.HEMISPHERE else "context",
        percent(float(str(row["value"]))),
        behind_address(own, selection) if (own := _behind_returns(row, "returned")) else "",
    )


def _behind_returns(row: Mapping[str, Any], *statuses: str) -> Behind | None:
    """The returns of a round in a place; none where they would tell whose reply was not received."""
    if hides_names_not_received() or not row["round_id"]:
        return None
    return behind("responses", round=row["round_id"], area=row["area_code"], status=statuses, year="all")


_RATE_SCHEMA = {
    "round": pl.String,
    "round_basis": pl.String,
    "area_code": pl.String,
    "returned": pl.Float64,
    "returned_status": pl.String,
    "asked": pl.Float64,
    "asked_status": pl.String,
    "rate": pl.Float64,
    "rate_status": pl.String,
    "why": pl.String,
    "source_id": pl.String,
    "round_id": pl.String,
}


def _rate_rows(
    full: pl.DataFrame, codes: Sequence[str], by_place: dict[tuple[str, str], dict[str, object]], titles: dict[str, str]
) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (
                titles[row["round_id"]],
                row["name_basis"],
                code,
                known["numerator"],
                "A",
                known["denominator"],
                "A",
                known["value"],
                known["obs_status"],
                "" if known["value"] is not None else _("No state of the group was asked."),
                row["source_id"],
                row["round_id"],
            )
            for row in full.iter_rows(named=True)
            for code in codes
            if (known := by_place.get((row["round_id"], code)))
        ],
        schema=_RATE_SCHEMA,
        orient="row",
    )


def _rows_without_rate(others: pl.DataFrame, titles: dict[str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            (
                titles[row["round_id"]],
                row["name_basis"],
                areas.HEMISPHERE,
                _replies(row),
                "O" if _replies(row) is None else "A",
                None,
                "O",
                None,
                "O",
                _why_no_rate(row),
                row["source_id"],
                # a number that a source states has no single returns behind it
                row["round_id"] if row["returned"] else None,
            )
            for row in others.iter_rows(named=True)
        ],
        schema=_RATE_SCHEMA,
        orient="row",
    )


def _replies(row: dict[str, object]) -> float | None:
    """Replies on record or stated; none where a source neither names nor counts them (that is no zero)."""
    if row["returned"] or row["is_responders_named"]:
        return float(str(row["returned"]))
    return None if row["responses_stated"] is None else float(str(row["responses_stated"]))


def _why_no_rate(row: dict[str, object]) -> str:
    if row["respondent_kind"] == "civil_society":
        return _("Answered by civil society, not by states.")
    returned, stated = int(str(row["returned"])), row["responses_stated"]
    if row["is_responders_named"]:
        return n_(
            "{n} reply on record, its state named; it is not on record which other states were asked.",
            "{n} replies on record, their states named; it is not on record which other states were asked.",
            returned,
        )
    if stated is not None:
        return n_(
            "The source states {n} reply, but not of which state.",
            "The source states {n} replies, but not of which states.",
            int(str(stated)),
        )
    if returned:
        return n_(
            "{n} reply seen; how many states replied or were asked is not on record.",
            "{n} replies seen; how many states replied or were asked is not on record.",
            returned,
        )
    return _("How many states replied, and which, is not on record.")


def _denominator(row: dict[str, object], selection: Selection) -> str:
    asked = int(str(row["returned"])) + int(str(row["not_received"]))
    standings = questionnaires.standings("oas", **selection.period)
    left_out = standings.filter((pl.col("round_id") == row["round_id"]) & (pl.col("standing") == "not_asked"))
    if left_out.is_empty():
        return _("{round}: the denominator is the {total} states that were asked.", round=round_title(row), total=asked)
    return n_(
        "{round}: the denominator is the {total} states that were asked; {states} was not asked.",
        "{round}: the denominator is the {total} states that were asked; {states} were not asked.",
        left_out.height,
        round=round_title(row),
        total=asked,
        states=listing(names_in_order(left_out["area_code"].to_list())),
    )


def _rate_takeaway(
    full: pl.DataFrame, by_place: dict[tuple[str, str], dict[str, object]], titles: dict[str, str]
) -> str:
    newest = full["round_id"][-1] if full.height else ""
    row = by_place.get((newest, areas.HEMISPHERE))
    if not row or row["value"] is None:
        return _("For none of the OAS questionnaires of these years is the return of every state known.")
    return _(
        "{n} of the {total} states asked returned “{round}”: {share}.",
        n=float(str(row["numerator"])),
        total=float(str(row["denominator"])),
        round=titles[newest],
        share=percent(float(str(row["value"]))),
    )


@view("questionnaires.not_received")
def not_received(selection: Selection) -> View:
    """The states not among the responders of the chosen or latest round whose returns are all known."""
    every = localised_rounds(selection).filter(pl.col("form_family") == "oas")
    full = every.filter(pl.col("is_list_complete") & (pl.col("respondent_kind") == "states"))
    chosen = full.filter(pl.col("round_id") == selection.round)
    shown = (chosen if chosen.height else full).tail(1)
    if shown.is_empty():
        return nothing(
            "questionnaires.not_received",
            _("Not received by the date of the source"),
            _("For no OAS questionnaire of these years is it known which replies had not been received."),
            period=period_text(selection),
        )
    one = shown.row(0, named=True)
    standings = questionnaires.standings("oas", **selection.period).filter(pl.col("round_id") == one["round_id"])
    missing = in_state_order(standings.filter(pl.col("standing") == "not_received"))
    asked = missing.height + standings.filter(pl.col("standing") == "returned").height
    by = said_vintage(one["vintage"])
    notes = [
        _(
            "Not received means: not among the states that the source names as having replied by its date. Replies may have come later."
        )
    ]
    if selection.round and chosen.is_empty():
        notes.insert(
            0,
            _(
                "For the questionnaire chosen below the replies not received are not known; the newest for which they are is shown."
            ),
        )
    hides = hides_names_not_received()
    if hides:
        notes.append(_("The names of the states are not shown on this site; the number is."))
    names = "".join(
        f'<li><a href="{escape(address("country", selection, area=code))}">{escape(areas.name(code))}</a></li>'
        for code in missing["area_code"]
    )
    number_only = pl.DataFrame(
        {"round": [round_title(one)], "n": [missing.height], "asked": [asked], "source_id": [one["source_id"]]}
    )
    return View(
        id="questionnaires.not_received",
        title=_("Not received by {date}", date=by) if by else _("Not received by the date of the source"),
        takeaway=n_(
            "Of the {total} states asked, the reply of {n} to “{round}” had not been received.",
            "Of the {total} states asked, the replies of {n} to “{round}” had not been received.",
            missing.height,
            total=asked,
            round=round_title(one),
        ),
        figure=None if hides or missing.is_empty() else Markup(f'<ul class="pn-listed">{names}</ul>'),
        table=number_only
        if hides
        else missing.select("area_code", "source_id").with_columns(
            round=pl.lit(round_title(one)),
            round_id=pl.lit(one["round_id"]),
            round_basis=pl.lit(one["name_basis"], dtype=pl.String),
            standing=pl.lit(_("not received by {date}", date=by) if by else label("response_status", "not_received")),
        ),
        columns=(
            Column("round", _("Questionnaire"), is_wide=True),
            Column("n", _("Replies not received"), "number"),
            Column("asked", _("States asked"), "number"),
            Column("source_id", _("Source"), "source"),
        )
        if hides
        else (
            Column("area_code", _("State"), "area"),
            Column("round", _("Questionnaire"), is_wide=True),
            Column("standing", _("Standing"), behind=lambda row: _behind_returns(row, "not_received")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(notes),
        sources=cite(shown),
        period=period_text(selection),
        options={"round": one["round_id"], "question": ""},
    )
