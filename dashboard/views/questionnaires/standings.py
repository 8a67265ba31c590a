"""Every state against every questionnaire: who returned which; forms of the OAS and of other bodies in views apart."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.charts.matrix import Cell, matrix
from dashboard.i18n import _, listing, n_
from dashboard.labels import label
from dashboard.queries import questionnaires
from dashboard.selection import Selection, address
from dashboard.settings import hides_names_not_received
from dashboard.texts import localise
from dashboard.views.behind import Behind, behind, behind_address
from dashboard.views.periods import period_text
from dashboard.views.questionnaires.rounds import in_state_order, localised_rounds, round_title, said_vintage
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, View
from dashboard.views.worded import each

UNTOLD = "untold"
"""Standing of a state whose reply was not received or of which nothing is stated, where the two are not told apart."""


@view("questionnaires.matrix")
def oas_matrix(selection: Selection) -> View:
    """Every state against every OAS round with a state on record."""
    every, standings, withheld = _told("oas", selection)
    returned = standings.filter(pl.col("standing") == "returned")["area_code"].n_unique()
    return _standing_view(
        "questionnaires.matrix",
        selection,
        every,
        standings,
        title=_("Who returned which OAS questionnaire"),
        takeaway=n_(
            "{n} of {total} states is on record as having returned at least one of these OAS questionnaires.",
            "{n} of {total} states are on record as having returned at least one of these OAS questionnaires.",
            returned,
            total=len(areas.states()),
        ),
        notes=(
            _("Not stated: no source seen says whether the state was asked or replied. It is not a missing reply."),
            *withheld,
        ),
        empty=" ".join(withheld) or _("No OAS questionnaire with a state on record falls in these years."),
    )


@view("questionnaires.other_bodies")
def other_bodies(selection: Selection) -> View:
    """Every state against the forms of other bodies, shown apart from those of the OAS."""
    every, standings, withheld = _told("other_body", selection)
    returned = standings.filter(pl.col("standing") == "returned")["area_code"].n_unique()
    return _standing_view(
        "questionnaires.other_bodies",
        selection,
        every,
        standings,
        title=_("What states told other bodies"),
        takeaway=n_(
            "{n} of {total} states is on record as having replied to at least one other body.",
            "{n} of {total} states are on record as having replied to at least one other body.",
            returned,
            total=len(areas.states()),
        ),
        notes=(
            _("These are not OAS questionnaires on trafficking: they are shown apart and never added to them."),
            _("For a continuing mechanism the years are those of the documents in which the replies are quoted."),
            *withheld,
        ),
        empty=" ".join(withheld) or _("No reply to another body is on record for these years."),
    )


def _told(form_family: str, selection: Selection) -> tuple[pl.DataFrame, pl.DataFrame, tuple[str, ...]]:
    """The rounds of a family, what is told of the states in them, and in words what is withheld.

    Where the states whose reply was not received are not named, a round in which everyone else's is known is left out
    with its number; in any other such a state stands together with those of whom nothing is stated.
    """
    every = localised_rounds(selection).filter(pl.col("form_family") == form_family)
    standings = questionnaires.standings(form_family, **selection.period)
    missing = standings.filter(pl.col("standing") == "not_received")["round_id"].unique().to_list()
    if not missing or not hides_names_not_received():
        return every, standings, ()
    left_out = every.filter(pl.col("round_id").is_in(missing), "is_list_complete")
    is_untold = pl.col("round_id").is_in(missing) & pl.col("standing").is_in(["not_received", "not_stated"])
    told = standings.join(left_out, on="round_id", how="anti", maintain_order="left").with_columns(
        *(
            pl.when(~is_untold).then(pl.col(name)).alias(name)
            for name in ("years", "source_id", "note", "vintage", "text_lang")
        ),
        standing=pl.when(is_untold).then(pl.lit(UNTOLD)).otherwise("standing"),
    )
    notes = [
        n_(
            "“{round}” is left out: {n} reply was not received, and the state is not named on this site.",
            "“{round}” is left out: {n} replies were not received, and the states are not named on this site.",
            row["not_received"],
            round=round_title(row),
        )
        for row in left_out.iter_rows(named=True)
    ]
    if len(missing) > left_out.height:
        notes.append(_("States whose reply was not received are not named on this site."))
    return every.join(left_out, on="round_id", how="anti", maintain_order="left"), told, tuple(notes)


def _marks() -> dict[str, Cell]:
    """The marks of the standings, in the order of the legend."""
    return {
        "returned": Cell("focus", "✓", label("response_status", "returned")),
        "not_received": Cell("zero", "", _("not received by the date of the source")),
        "not_asked": Cell("unasked", "–", label("response_status", "not_asked")),
        "not_taking_part": Cell("outside", "", _("not counted as taking part in the OAS at the time")),
        "not_stated": Cell("missing", "", label("response_status", "not_stated")),
        UNTOLD: Cell("none", "·", _("not stated, or not shown on this site")),
    }


def _standing_view(
    view_id: str,
    selection: Selection,
    every: pl.DataFrame,
    standings: pl.DataFrame,
    *,
    title: str,
    takeaway: str,
    notes: tuple[str, ...],
    empty: str,
) -> View:
    """The view that both matrices share: rounds with a state on record as columns, the other rounds in the notes."""
    named = standings.filter(~pl.col("standing").is_in(["not_stated", "not_taking_part", UNTOLD]))["round_id"].unique()
    columns = every.filter(pl.col("round_id").is_in(named.to_list()))
    titles = {row["round_id"]: round_title(row) for row in every.iter_rows(named=True)}
    said = _marks()
    shown = standings.filter(pl.col("round_id").is_in(columns["round_id"].to_list())).with_columns(
        pl.col("text_lang").fill_null("en")
    )
    rows = in_state_order(localise(shown, "note")).with_columns(
        round=pl.col("round_id").replace(titles),
        round_basis=pl.col("round_id").replace(dict(every.select("round_id", "name_basis").iter_rows())),
        said=each(in_state_order(shown), lambda row: _said_standing(row, said)),
    )
    silent = [
        titles[row["round_id"]]
        for row in every.iter_rows(named=True)
        if row["round_id"] not in named and row["respondent_kind"] == "states"
    ]
    by_others = [
        titles[row["round_id"]] for row in every.iter_rows(named=True) if row["respondent_kind"] == "civil_society"
    ]
    if silent:
        notes = (
            *notes,
            _("Left out, because no source seen names a state that replied: {rounds}.", rounds=listing(silent)),
        )
    if by_others:
        notes = (
            *notes,
            _("Left out, because civil society answered and not states: {rounds}.", rounds=listing(by_others)),
        )
    return View(
        id=view_id,
        title=title,
        takeaway=takeaway,
        figure=matrix(
            [(code, areas.name(code), address("country", selection, area=code)) for code in areas.states()],
            [(round_id, titles[round_id]) for round_id in columns["round_id"]],
            {
                (row["area_code"], row["round_id"]): Cell(
                    said[row["standing"]].kind,
                    said[row["standing"]].sign,
                    row["said"],
                    behind_address(own, selection) if (own := _behind(row)) else "",
                )
                for row in rows.iter_rows(named=True)
            },
            corner=_("State"),
            caption=title,
            absent=said["not_stated"],
            legend=list(said.values()),
        ),
        table=rows,
        columns=(
            Column("area_code", _("State"), "area"),
            Column("round", _("Questionnaire"), is_wide=True),
            Column("said", _("Standing"), behind=_behind),
            Column("note", _("Note"), is_wide=True),
            Column("source_id", _("Source"), "source"),
        ),
        notes=notes,
        sources=cite(rows, columns),
        period=period_text(selection),
        empty="" if columns.height else empty,
    )


def _behind(row: Mapping[str, Any]) -> Behind | None:
    """The return of a state in a round, where it is on record."""
    if row["standing"] not in ("returned", "not_received", "not_asked"):
        return None
    return behind("responses", round=row["round_id"], area=row["area_code"], status=row["standing"], year="all")


def _said_standing(row: dict[str, object], said: dict[str, Cell]) -> str:
    standing = str(row["standing"])
    if standing == "not_received" and (by := said_vintage(row["vintage"])):
        return _("not received by {date}", date=by)
    if standing in ("returned", "not_received") and row["years"]:
        return _("{standing} ({years})", standing=said[standing].words, years=row["years"])
    return said[standing].words
