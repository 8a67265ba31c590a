"""The states of a group, one by one."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.i18n import _
from dashboard.labels import label
from dashboard.queries import overview, subregion
from dashboard.record_filters import ANY_TIME
from dashboard.selection import Selection
from dashboard.settings import hides_names_not_received
from dashboard.views.behind import Behind, behind
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.subregion.choice import group_option, members_of, round_shown
from dashboard.views.view import Column, View
from dashboard.views.worded import each, in_words


@view("subregion.members")
def members(selection: Selection) -> View:
    """One row a state of the group: reached, events, programmes, last training, questionnaire, treaties."""
    codes = members_of(selection)
    full_round = round_shown(selection)
    year = full_round.get("year", "")
    found = subregion.members_side_by_side(
        codes,
        **selection.period,
        is_all_time=selection.is_all_time,
        on=areas.period_end(selection),
        round_id=full_round.get("round_id", ""),
    )
    order = {code: position for position, code in enumerate(codes)}
    found = found.sort(pl.col("area_code").replace_strict(order, default=None, return_dtype=pl.Int64))
    # "not applicable" where a state took no part in the OAS at any time of the period; its zeros are known otherwise
    found = found.with_columns(pl.col("area_code").is_in(areas.took_part(selection)).alias("took_part"))
    is_outside = ~pl.col("took_part")
    rows = found.with_columns(
        reached_said=each(found, _reached),
        trained_said=each(found, _last_trained),
        reply=in_words(found["response_status"], "response_status"),
        treaties_said=each(found, lambda row: _("{n} of {total} known", n=row["parties"], total=row["known"])),
        **{
            column: pl.when(is_outside, pl.col(column) == 0).then(None).otherwise(pl.col(column))
            for column in ("held", "others", "programmes")
        },
        outside=pl.when(is_outside).then(pl.lit("M")),
    )
    reached = rows.filter("is_reached").height
    replied = rows.filter(pl.col("response_status") == "returned").height
    # everyone's reply to this round is known: who returned it also tells who did not
    hides = hides_names_not_received()
    if hides:
        rows = rows.drop("reply", "response_status")
    return View(
        id="subregion.members",
        title=_("State by state"),
        takeaway=_(
            "Training is on record as held or carried out in {reached} of {total} states; {replied} returned the {year} questionnaire.",
            reached=reached,
            total=rows.height,
            replied=replied,
            year=year,
        ),
        table=rows,
        columns=(
            Column("area_code", _("State"), "area"),
            Column(
                "reached_said",
                _("Reached by training"),
                behind=lambda row: _of(row, "reach", counting="records") if row["is_reached"] else None,
            ),
            Column(
                "held",
                _("Events held"),
                "number",
                status_key="outside",
                behind=lambda row: _of(row, "events", status="held"),
            ),
            Column(
                "others",
                _("Announced or planned"),
                "number",
                status_key="outside",
                behind=lambda row: _of(row, "events", status="beforehand"),
            ),
            Column(
                "programmes",
                _("Programmes"),
                "number",
                status_key="outside",
                behind=lambda row: _of(row, "deployments", status="deployed", counting="programmes"),
            ),
            Column(
                "trained_said",
                _("Last training on record"),
                behind=lambda row: (
                    _of(row, "reach", year=row["last_trained"], counting="records") if row["last_trained"] else None
                ),
            ),
            *(
                ()
                if hides
                else (
                    Column(
                        "reply",
                        _("{year} questionnaire", year=year),
                        behind=lambda row: (
                            _of(row, "responses", round=full_round.get("round_id", ""), year=ANY_TIME)
                            if row["response_status"] != "not_stated"
                            else None
                        ),
                    ),
                )
            ),
            Column(
                "treaties_said",
                _("Party to treaties"),
                behind=lambda row: (
                    _of(row, "treaty_actions", status="party", year=ANY_TIME) if row["parties"] else None
                ),
            ),
        ),
        notes=(
            _(
                "In alphabetical order; each event counts once for each state that took part, so the rows do not add up to the group’s number."
            ),
            _(
                "“Not applicable” stands where a state does not take part in the OAS at the end of the period and nothing is on record."
            ),
            _("A training programme carried out also reaches a state: the last training may be a programme’s."),
            *((_("States whose reply was not received are not named on this site."),) if hides else ()),
        ),
        sources=cite(
            overview.reached_states(**selection.period, is_all_time=selection.is_all_time).filter(
                pl.col("area_code").is_in(codes)
            ),
            subregion.treaty_sources(codes),
            subregion.reply_sources(codes, full_round.get("round_id", "")),
        ),
        period=period_text(selection),
        is_table_open=True,
        options=group_option(selection),
        empty="" if codes else _("The group has no member at the end of the period."),
    )


def _of(row: Mapping[str, Any], records: str, **where: object) -> Behind:
    """The records of a set behind a cell of a state's row."""
    return behind(records, area=row["area_code"], **where)


def _reached(row: Mapping[str, object]) -> str:
    if row["is_reached"]:
        return _("yes")
    return _("none on record") if row["took_part"] else label("obs_status", "M")


def _last_trained(row: Mapping[str, object]) -> str:
    if row["last_trained"]:
        return str(row["last_trained"])
    if row["is_undated_only"]:
        return _("date not stated")
    return _("none on record") if row["took_part"] else label("obs_status", "M")
