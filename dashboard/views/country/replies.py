"""What a state replied to questionnaires: its standing in each round, and the answers on record."""

from collections.abc import Mapping

import polars as pl

from dashboard.charts.records import Entry, record_list
from dashboard.i18n import _, n_
from dashboard.labels import label
from dashboard.queries import country
from dashboard.record_filters import ANY_TIME
from dashboard.selection import Selection
from dashboard.texts import localise
from dashboard.views.behind import behind
from dashboard.views.country.listed import cited, date_of_source, documents_of, wording
from dashboard.views.country.rows_behind import own_reply
from dashboard.views.country.state_view import TITLES, state_view
from dashboard.views.country.withheld import names_note, rounds_told
from dashboard.views.periods import period_text
from dashboard.views.view import Column, Markup, View
from dashboard.views.worded import each, in_words

_STANDING_KINDS = {"returned": "focus", "not_received": "zero", "not_asked": "unasked", "not_shown": "missing"}
_UNKNOWN = ("not_stated", "untold", "outside")
"""Standings that say nothing of a reply: only the table has them."""
_NO_REPLY = (*_UNKNOWN, "not_shown")


@state_view("country.questionnaires")
def questionnaires(selection: Selection) -> View:
    """The rounds that states answer, with the state's standing; OAS forms apart from those of other bodies."""
    found = localise(rounds_told(selection), "name", "note", "issued_by")
    known = found.filter(~pl.col("standing").is_in(_UNKNOWN))
    documents = documents_of(known)
    rows = found.with_columns(
        said_standing=each(found, _standing_words),
        form=in_words(found["form_family"], "form_family"),
        when=pl.col("response_year").fill_null(pl.col("year")).cast(pl.String).fill_null(_("not stated")),
    )
    groups = [
        (
            label("form_family", family),
            [
                Entry(
                    when=row["when"],
                    title=wording(row, "name"),
                    lines=(wording(row, "issued_by"), wording(row, "note")),
                    status=row["said_standing"],
                    kind=_STANDING_KINDS[row["standing"]],
                    **cited(row, documents, selection),
                )
                for row in rows.filter(pl.col("form_family") == family, ~pl.col("standing").is_in(_UNKNOWN)).iter_rows(
                    named=True
                )
            ],
        )
        for family in ("oas", "other_body")
    ]
    notes = [
        _("Only the OAS forms count in the key figures; what states tell other bodies is shown apart."),
    ]
    if unstated := rows.filter(pl.col("standing") == "not_stated").height:
        notes.append(
            n_(
                "For {n} more round the sources do not say whether the state replied; the table names it.",
                "For {n} more rounds the sources do not say whether the state replied; the table names them.",
                unstated,
            )
        )
    if outside := rows.filter(pl.col("standing") == "outside").height:
        notes.append(
            n_(
                "In {n} OAS round the state did not take part in the OAS.",
                "In {n} OAS rounds the state did not take part in the OAS.",
                outside,
            )
        )
    notes += names_note()
    oas = known.filter(pl.col("form_family") == "oas")
    asked = oas.filter(~pl.col("standing").is_in(["not_asked", "not_shown"])).height
    unsaid = _("The sources do not say that the state was asked by any OAS questionnaire, or whether it replied.")
    if "not_shown" in oas["standing"]:
        unsaid = _("States whose reply was not received are not named on this site.")
    return View(
        id="country.questionnaires",
        title=_(TITLES["country.questionnaires"]),
        takeaway=n_(
            "{n} OAS questionnaire is on record as returned, of {known} for which the state’s reply is known.",
            "{n} OAS questionnaires are on record as returned, of {known} for which the state’s reply is known.",
            oas.filter(pl.col("standing") == "returned").height,
            known=asked,
        )
        if asked
        else unsaid,
        figure=record_list(groups) if known.height else Markup(""),
        table=rows,
        columns=(
            Column("name", _("Questionnaire"), is_wide=True),
            Column("form", _("Whose form")),
            Column("when", _("Year")),
            Column(
                "said_standing",
                _("Standing of the state"),
                behind=lambda row: None if row["standing"] in _NO_REPLY else own_reply(selection.area, row["round_id"]),
            ),
            Column("note", _("Note")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(notes),
        sources=tuple(documents.values()),
        period=period_text(selection),
        empty="" if rows.height else _("No questionnaire was issued in these years."),
    )


def _standing_words(row: Mapping[str, object]) -> str:
    if row["standing"] == "not_received" and row["as_of"]:
        return _("not received by {date}", date=date_of_source(row))
    if row["standing"] == "not_shown":
        return _("not shown on this site")
    if row["standing"] == "untold":
        return _("not stated, or not shown on this site")
    return label("response_status", str(row["standing"]))


@state_view("country.answers")
def answers(selection: Selection) -> View:
    """What the state answered, by topic; OAS forms apart from what it told other bodies."""
    found = localise(
        country.answers(selection.area, **selection.period, is_all_time=selection.is_all_time),
        "topic",
        "wording",
        "answer",
        "unit",
        "round_name",
        "note",
    )
    documents = documents_of(found)
    is_suppressed = pl.col("answer_status") == "Q"
    rows = found.with_columns(
        form=in_words(found["form_family"], "form_family"),
        shown=pl.when(is_suppressed).then(pl.lit(label("obs_status", "Q"))).otherwise(pl.col("answer")),
        shown_basis=pl.when(is_suppressed).then(None).otherwise(pl.col("answer_basis")),
    )
    groups = [
        (
            label("form_family", family),
            [
                Entry(
                    when=row["topic"],
                    title=wording(row, "wording"),
                    lines=(wording(row, "shown"), wording(row, "note")),
                    status="",
                    kind="suppressed" if row["answer_status"] == "Q" else "",
                    **cited(row, documents, selection),
                )
                for row in rows.filter(pl.col("form_family") == family).iter_rows(named=True)
            ],
        )
        for family in ("oas", "other_body")
    ]
    suppressed = rows.filter(is_suppressed).height
    oas = rows.filter(pl.col("form_family") == "oas").height
    notes = [
        _("Training that a state reports to another body is national training, never OAS training."),
        _("The answers found are not the whole reply: most replies are not published in full."),
    ]
    if suppressed:
        notes.append(
            n_(
                "{n} answer is a count of fewer than 10 and is not shown.",
                "{n} answers are counts of fewer than 10 and are not shown.",
                suppressed,
            )
        )
    return View(
        id="country.answers",
        title=_(TITLES["country.answers"]),
        takeaway=n_(
            "{n} answer is on record: {oas} to forms of the OAS, {others} to other bodies.",
            "{n} answers are on record: {oas} to forms of the OAS, {others} to other bodies.",
            rows.height,
            oas=oas,
            others=rows.height - oas,
        ),
        figure=record_list(groups, most_shown=5),
        table=rows,
        columns=(
            Column("wording", _("Question"), is_wide=True),
            Column("topic", _("Topic")),
            Column("shown", _("Answer"), is_wide=True),
            Column(
                "value",
                _("Number stated"),
                "number",
                status_key="value_status",
                behind=lambda row: behind("answers", record=row["answer_id"], year=ANY_TIME),
            ),
            Column("unit", _("Unit")),
            Column("form", _("Whose form")),
            Column("round_name", _("Questionnaire")),
            Column("note", _("Note")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(notes),
        sources=tuple(documents.values()),
        period=period_text(selection),
        empty="" if rows.height else _("No answer of the state is on record in these years."),
    )
