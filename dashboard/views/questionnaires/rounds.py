"""The rounds of questionnaires: their names, what a reader may choose among, and the list of all of them."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.i18n import _, day, n_, number
from dashboard.queries import questionnaires
from dashboard.selection import Selection
from dashboard.settings import hides_names_not_received
from dashboard.texts import localise
from dashboard.views.behind import Behind, behind
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, View
from dashboard.views.worded import each, in_words

FAMILIES = ("oas", "other_body")
_PRECISIONS = {4: "year", 7: "month", 10: "day"}


@view("questionnaires.rounds")
def rounds(selection: Selection) -> View:
    """All questionnaires on record: who issued them, when, for which meeting, and what is known of the replies."""
    rows = localised_rounds(selection)
    table = rows.with_columns(
        family=in_words(rows["form_family"], "form_family"),
        respondents=in_words(rows["respondent_kind"], "respondent_kind"),
        stated_status=pl.when(pl.col("responses_stated").is_null()).then(pl.lit("O")).otherwise(pl.lit("A")),
        named=each(rows, _said_named),
        when=pl.Series([_("continuing") if year is None else str(year) for year in rows["year"]], dtype=pl.String),
    )
    own = table.filter(pl.col("form_family") == "oas").height
    return View(
        id="questionnaires.rounds",
        title=_("All questionnaires on record"),
        takeaway=n_(
            "{n} OAS questionnaire is on record, and {others} of other bodies, shown after it.",
            "{n} OAS questionnaires are on record, and {others} of other bodies, shown after them.",
            own,
            others=table.height - own,
        ),
        table=table,
        columns=(
            Column("name", _("Questionnaire"), is_wide=True),
            Column("when", _("Year")),
            Column("issued_by", _("Issued by")),
            Column("family", _("Whose form")),
            Column("meeting", _("Meeting")),
            Column("respondents", _("Answered by")),
            Column(
                "responses_stated",
                _("Replies stated"),
                "number",
                status_key="stated_status",
                behind=lambda row: behind("rounds", record=row["round_id"], year="all"),
            ),
            Column("named", _("Replies named"), behind=_behind_named),
            Column("note", _("Note"), is_wide=True),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            _(
                "Replies stated: the number that the source gives. Replies named: the states on record by name as having replied."
            ),
            _("OAS questionnaires and the forms of other bodies are never added together."),
        ),
        sources=cite(rows),
        period=period_text(selection),
        is_table_open=True,
        empty="" if rows.height else _("No questionnaire is on record for these years."),
    )


def _behind_named(row: Mapping[str, Any]) -> Behind | None:
    """The returns on record; none where they would tell whose reply was not received."""
    if not row["returned"] or (hides_names_not_received() and row["not_received"]):
        return None
    return behind("responses", round=row["round_id"], status="returned", year="all")


def _said_named(row: dict[str, object]) -> str:
    returned = int(str(row["returned"]))
    if row["is_list_complete"]:
        return n_("{n}, list complete", "{n}, list complete", returned)
    if row["is_responders_named"]:
        return number(returned)
    return n_("only {n} seen", "only {n} seen", returned) if returned else _("none")


def round_choices(selection: Selection) -> dict[str, str]:
    """Round id -> title in the reader's language, of the rounds of the period and the one chosen; OAS forms first."""
    rows = localised_rounds(selection)
    known = {row["round_id"]: round_title(row) for row in rows.iter_rows(named=True)}
    return known | ({selection.round: known.get(selection.round, selection.round)} if selection.round else {})


def localised_rounds(selection: Selection) -> pl.DataFrame:
    """The rounds of the period, their texts in the reader's language; see ``queries.questionnaires.rounds``."""
    return localise(questionnaires.rounds(**selection.period), "name", "meeting", "issued_by", "note")


def round_title(row: dict[str, object]) -> str:
    """A round by its localised ``name`` and its ``year``, if it has one."""
    if row["year"] is None:
        return str(row["name"])
    return _("{name} ({year})", name=row["name"], year=str(row["year"]))


def question_title(row: dict[str, object]) -> str:
    """A question by its number within the round (``place``) and its localised wording."""
    return _("{number}. {wording}", number=str(row["place"]), wording=row["wording"])


def said_vintage(vintage: object) -> str:
    """A source's date, cut to what is known of it, as a reader writes it; empty where it is not known."""
    text = str(vintage or "")
    if len(text) not in _PRECISIONS:
        return ""
    return day(date.fromisoformat(text + "-01-01"[len(text) - 4 :]), _PRECISIONS[len(text)])


def names_in_order(codes: Sequence[str]) -> list[str]:
    """The names of states in the reader's alphabetical order."""
    wanted = set(codes)
    return [areas.name(code) for code in areas.states() if code in wanted]


def in_state_order(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows by the name of their state in the reader's language; those of no state last."""
    order = {code: position for position, code in enumerate(areas.states())}
    return rows.sort(
        pl.col("area_code").replace_strict(order, default=len(order), return_dtype=pl.Int64), maintain_order=True
    )
