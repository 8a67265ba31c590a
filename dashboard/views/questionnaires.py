"""Questionnaires: which were sent, who returned them, what was answered; OAS forms and other bodies' forms apart."""

from collections.abc import Sequence
from datetime import date
from html import escape

import polars as pl

from dashboard import areas
from dashboard.charts.answers import AnswerLine, QuestionBlock, RoundBlock, Said, answer_list
from dashboard.charts.bar_table import Bar, bar_table
from dashboard.charts.matrix import Cell, matrix
from dashboard.i18n import _, day, language, listing, n_, number, percent, sort_key
from dashboard.labels import label
from dashboard.queries import questionnaires
from dashboard.selection import Selection, address
from dashboard.settings import hides_names_not_received
from dashboard.texts import localise, wording
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, Markup, View

FAMILIES = ("oas", "other_body")
TRAINING_TOPICS = ("training",)
COUNTING_TOPICS = ("victim data", "case data")
"""Topics whose figures count victims or cases: always those detected and reported."""
UNITS_OF_TIME = ("year",)
"""Units whose figure is a calendar year, written without separators."""
_PRECISIONS = {4: "year", 7: "month", 10: "day"}
_MOST_OPEN_ANSWERS, _MOST_ANSWERS = 40, 400
_UNTOLD = "untold"
"""Standing of a state whose reply was not received or of which nothing is stated, where the two are not told apart."""


@view("questionnaires.return_rates")
def return_rates(selection: Selection) -> View:
    """Share of the states asked that returned each OAS round, by group, where every state's return is known."""
    every = _localised_rounds(selection).filter(pl.col("form_family") == "oas")
    full = every.filter(pl.col("is_list_complete") & (pl.col("respondent_kind") == "states"))
    others = every.join(full, on="round_id", how="anti", maintain_order="left")
    codes = [areas.HEMISPHERE, *areas.groups(selection.scheme)]
    rates = questionnaires.return_rates(codes, **selection.period)
    by_place = {(row["round_id"], row["area_code"]): row for row in rates.iter_rows(named=True)}
    titles = {row["round_id"]: _round_title(row) for row in every.iter_rows(named=True)}
    parts: list[str] = []
    if full.height:
        parts.append(
            bar_table(
                [
                    (
                        areas.name(code),
                        "" if code == areas.HEMISPHERE else address("subregion", selection, group=code),
                        [_rate_bar(by_place.get((round_id, code)), code) for round_id in full["round_id"]],
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
        heading = escape(_("OAS questionnaires for which no rate can be given"))
        parts.append(f'<h3 class="pn-title">{heading}</h3><ul class="pn-unrated">{items}</ul>')
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
            Column("returned", _("Returned, states on record"), "number", status_key="returned_status"),
            Column("asked", _("States asked"), "number", status_key="asked_status"),
            Column("rate", _("Return rate"), "percent", status_key="rate_status"),
            Column("why", _("Why there is no rate"), is_wide=True),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(notes),
        sources=cite(every),
        period=period_text(selection),
        empty="" if every.height else _("No OAS questionnaire is on record for these years."),
    )


def _rate_bar(row: dict[str, object] | None, code: str) -> Bar:
    if row is None or row["value"] is None:
        return Bar(None, label("obs_status", str(row["obs_status"]) if row else "O"))
    return Bar(
        float(str(row["value"])),
        _("{n} of {total}", n=float(str(row["numerator"])), total=float(str(row["denominator"]))),
        "focus" if code == areas.HEMISPHERE else "context",
        percent(float(str(row["value"]))),
    )


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
        return _(
            "{round}: the denominator is the {total} states that were asked.", round=_round_title(row), total=asked
        )
    return n_(
        "{round}: the denominator is the {total} states that were asked; {states} was not asked.",
        "{round}: the denominator is the {total} states that were asked; {states} were not asked.",
        left_out.height,
        round=_round_title(row),
        total=asked,
        states=listing(_names_in_order(left_out["area_code"].to_list())),
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
    every = _localised_rounds(selection).filter(pl.col("form_family") == "oas")
    full = every.filter(pl.col("is_list_complete") & (pl.col("respondent_kind") == "states"))
    chosen = full.filter(pl.col("round_id") == selection.round)
    shown = (chosen if chosen.height else full).tail(1)
    if shown.is_empty():
        return View(
            id="questionnaires.not_received",
            title=_("Not received by the date of the source"),
            takeaway="",
            table=pl.DataFrame(),
            columns=(),
            period=period_text(selection),
            empty=_("For no OAS questionnaire of these years is it known which replies had not been received."),
        )
    one = shown.row(0, named=True)
    standings = questionnaires.standings("oas", **selection.period).filter(pl.col("round_id") == one["round_id"])
    missing = _in_state_order(standings.filter(pl.col("standing") == "not_received"))
    asked = missing.height + standings.filter(pl.col("standing") == "returned").height
    by = _said_vintage(one["vintage"])
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
        {"round": [_round_title(one)], "n": [missing.height], "asked": [asked], "source_id": [one["source_id"]]}
    )
    return View(
        id="questionnaires.not_received",
        title=_("Not received by {date}", date=by) if by else _("Not received by the date of the source"),
        takeaway=n_(
            "Of the {total} states asked, the reply of {n} to “{round}” had not been received.",
            "Of the {total} states asked, the replies of {n} to “{round}” had not been received.",
            missing.height,
            total=asked,
            round=_round_title(one),
        ),
        figure=None if hides or missing.is_empty() else Markup(f'<ul class="pn-listed">{names}</ul>'),
        table=number_only
        if hides
        else missing.select("area_code", "source_id").with_columns(
            round=pl.lit(_round_title(one)),
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
            Column("standing", _("Standing")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(notes),
        sources=cite(shown),
        period=period_text(selection),
        options={"round": one["round_id"]},
    )


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
    every = _localised_rounds(selection).filter(pl.col("form_family") == form_family)
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
        standing=pl.when(is_untold).then(pl.lit(_UNTOLD)).otherwise("standing"),
    )
    notes = [
        n_(
            "“{round}” is left out: {n} reply was not received, and the state is not named on this site.",
            "“{round}” is left out: {n} replies were not received, and the states are not named on this site.",
            row["not_received"],
            round=_round_title(row),
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
        _UNTOLD: Cell("none", "·", _("not stated, or not shown on this site")),
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
    named = standings.filter(~pl.col("standing").is_in(["not_stated", "not_taking_part", _UNTOLD]))["round_id"].unique()
    columns = every.filter(pl.col("round_id").is_in(named.to_list()))
    titles = {row["round_id"]: _round_title(row) for row in every.iter_rows(named=True)}
    said = _marks()
    shown = standings.filter(pl.col("round_id").is_in(columns["round_id"].to_list())).with_columns(
        pl.col("text_lang").fill_null("en")
    )
    rows = _in_state_order(localise(shown, "note")).with_columns(
        round=pl.col("round_id").replace(titles),
        round_basis=pl.col("round_id").replace(dict(every.select("round_id", "name_basis").iter_rows())),
        said=pl.Series(
            [_said_standing(row, said) for row in _in_state_order(shown).iter_rows(named=True)], dtype=pl.String
        ),
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
                    said[row["standing"]].kind, said[row["standing"]].sign, row["said"]
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
            Column("said", _("Standing")),
            Column("note", _("Note"), is_wide=True),
            Column("source_id", _("Source"), "source"),
        ),
        notes=notes,
        sources=cite(rows, columns),
        period=period_text(selection),
        empty="" if columns.height else empty,
    )


def _said_standing(row: dict[str, object], said: dict[str, Cell]) -> str:
    standing = str(row["standing"])
    if standing == "not_received" and (by := _said_vintage(row["vintage"])):
        return _("not received by {date}", date=by)
    if standing in ("returned", "not_received") and row["years"]:
        return _("{standing} ({years})", standing=said[standing].words, years=row["years"])
    return said[standing].words


@view("questionnaires.rounds")
def rounds(selection: Selection) -> View:
    """All questionnaires on record: who issued them, when, for which meeting, and what is known of the replies."""
    rows = _localised_rounds(selection)
    table = rows.with_columns(
        family=pl.Series([label("form_family", code) for code in rows["form_family"]], dtype=pl.String),
        respondents=pl.Series([label("respondent_kind", code) for code in rows["respondent_kind"]], dtype=pl.String),
        stated_status=pl.when(pl.col("responses_stated").is_null()).then(pl.lit("O")).otherwise(pl.lit("A")),
        named=pl.Series([_said_named(row) for row in rows.iter_rows(named=True)], dtype=pl.String),
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
            Column("responses_stated", _("Replies stated"), "number", status_key="stated_status"),
            Column("named", _("Replies named")),
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


def _said_named(row: dict[str, object]) -> str:
    returned = int(str(row["returned"]))
    if row["is_list_complete"]:
        return n_("{n}, list complete", "{n}, list complete", returned)
    if row["is_responders_named"]:
        return number(returned)
    return n_("only {n} seen", "only {n} seen", returned) if returned else _("none")


@view("questionnaires.answers")
def answers(selection: Selection) -> View:
    """What was answered, by form, round and question; answers for all responders together stand apart."""
    recorded = questionnaires.answers(selection.round, selection.topic, **selection.period)
    order = {code: position for position, code in enumerate(areas.states())}
    rows = (
        localise(
            recorded.with_columns(topic_code=pl.col("topic"), unit_code=pl.col("unit")),
            *("round_name", "topic", "wording", "scope", "answer", "unit", "note"),
        )
        .with_columns(
            is_together=pl.col("area_code").is_null(),
            place=pl.col("area_code").replace_strict(order, default=len(order), return_dtype=pl.Int64),
            nth=pl.int_range(pl.len()),
        )
        .sort("form_family", "is_together", pl.col("year").fill_null(9999), "round_id", "question_id", "place", "nth")
    )
    suppressed = label("obs_status", "Q")
    table = rows.with_columns(
        family=pl.Series([label("form_family", code) for code in rows["form_family"]], dtype=pl.String),
        area_status=pl.when("is_together").then(pl.lit("M")).otherwise(pl.lit("A")),
        given_for=pl.when("is_together").then(pl.col("scope")).otherwise(pl.lit(_("the state itself"))),
        figure=pl.Series([_plain_figure(value) for value in rows["value"]], dtype=pl.String),
        figure_status=pl.when(pl.col("answer_status") == "Q")
        .then(pl.lit("Q"))
        .when(pl.col("value").is_null())
        .then(pl.lit("M"))
        .otherwise(pl.lit("A")),
        unit=pl.when(pl.col("value").is_not_null()).then(pl.col("unit")),
        answer_text_status=pl.when(pl.col("answer_status") == "Q").then(pl.lit("Q")).otherwise(pl.lit("M")),
    )
    of_states = rows.filter(~pl.col("is_together"))
    hidden = rows.filter(pl.col("answer_status") == "Q").height
    topics = set(rows["topic_code"])
    notes = [
        _(
            "Answers stand as their source gives them, at its date; where the body took one from elsewhere, the note says so."
        )
    ]
    if topics & set(COUNTING_TOPICS):
        notes.append(_("Figures of victims and cases are those detected and reported, not those that occurred."))
    if hidden:
        notes.append(
            n_(
                "{n} answer is suppressed, because it counts fewer than 10 people or cases.",
                "{n} answers are suppressed, because they count fewer than 10 people or cases.",
                hidden,
            )
        )
    if topics & set(TRAINING_TOPICS):
        notes.append(
            _(
                "Training in these answers is national training as reported by the state. It is not OAS training and is counted nowhere as such."
            )
        )
    if rows["is_together"].any():
        notes.append(_("Answers given for all responders together belong to no single state and are shown apart."))
    notes.append(_("OAS questionnaires and the forms of other bodies are never added together."))
    in_round = pl.len().over("form_family", "is_together", "round_id")
    listed = rows.with_columns(in_round=in_round).head(_MOST_ANSWERS)
    if listed.height < rows.height:
        notes.insert(
            0,
            _(
                "Listed here are the first {shown} of {total} answers; choose a questionnaire or a topic for the others. The download has all.",
                shown=listed.height,
                total=rows.height,
            ),
        )
    return View(
        id="questionnaires.answers",
        title=_("What was answered"),
        takeaway=_answers_takeaway(rows, of_states),
        figure=answer_list(
            _answer_sections(listed, selection, suppressed),
            columns=(_("State"), _("Answer"), _("Figure as reported"), _("Note"), _("Source")),
            is_open=bool(selection.round or selection.topic) and rows.height <= _MOST_OPEN_ANSWERS,
        )
        if rows.height
        else None,
        table=table,
        columns=(
            Column("family", _("Whose form")),
            Column("round_name", _("Questionnaire"), is_wide=True),
            Column("topic", _("Topic")),
            Column("wording", _("Question"), is_wide=True),
            Column("area_code", _("State"), "area", status_key="area_status"),
            Column("given_for", _("Given for")),
            Column("answer", _("Answer"), is_wide=True, status_key="answer_text_status"),
            Column("figure", _("Figure as reported"), "year", status_key="figure_status"),
            Column("unit", _("Unit")),
            Column("note", _("Note"), is_wide=True),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(notes),
        sources=cite(rows),
        period=period_text(selection),
        empty="" if rows.height else _("No answer is on record for this choice."),
    )


def _answers_takeaway(rows: pl.DataFrame, of_states: pl.DataFrame) -> str:
    own = rows.filter(pl.col("form_family") == "oas").height
    others, states = rows.height - own, of_states["area_code"].n_unique()
    if not others:
        return n_(
            "{n} answer to OAS questionnaires is on record; states with an answer of their own: {states}.",
            "{n} answers to OAS questionnaires are on record; states with an answer of their own: {states}.",
            own,
            states=states,
        )
    if not own:
        return n_(
            "{n} answer to another body is on record; states with an answer of their own: {states}.",
            "{n} answers to other bodies are on record; states with an answer of their own: {states}.",
            others,
            states=states,
        )
    return n_(
        "{n} answer to OAS questionnaires is on record and, apart from it, {others} to other bodies.",
        "{n} answers to OAS questionnaires are on record and, apart from them, {others} to other bodies.",
        own,
        others=others,
    )


def _answer_sections(rows: pl.DataFrame, selection: Selection, suppressed: str) -> list[tuple[str, list[RoundBlock]]]:
    headings = {
        ("oas", False): _("OAS questionnaires: answers of states"),
        ("oas", True): _("OAS questionnaires: answers given for all responders together"),
        ("other_body", False): _("Questionnaires of other bodies: answers of states"),
        ("other_body", True): _("Questionnaires of other bodies: answers given for all responders together"),
    }
    documents = {source.source_id: source.doc_code or source.title for source in cite(rows)}
    sections = []
    for (family, is_together), heading in headings.items():
        own = rows.filter((pl.col("form_family") == family) & (pl.col("is_together") == is_together))
        blocks = [
            _round_block(part, selection, documents, suppressed)
            for part in own.partition_by("round_id", maintain_order=True)
        ]
        if blocks:
            sections.append((heading, blocks))
    return sections


def _round_block(rows: pl.DataFrame, selection: Selection, documents: dict[str, str], suppressed: str) -> RoundBlock:
    first = rows.row(0, named=True)
    title = first["round_name"] if first["year"] is None else f"{first['year']} · {first['round_name']}"
    questions = []
    for part in rows.partition_by("question_id", maintain_order=True):
        question = part.row(0, named=True)
        questions.append(
            QuestionBlock(
                Said(question["wording"], question["wording_basis"]),
                question["topic"],
                _question_remark(question["topic_code"]),
                [_answer_line(row, selection, documents, suppressed) for row in part.iter_rows(named=True)],
            )
        )
    count = n_("{n} answer", "{n} answers", first["in_round"])
    if rows.height < first["in_round"]:
        count = _("{shown} of {total} answers", shown=rows.height, total=first["in_round"])
    return RoundBlock(Said(title, first["round_name_basis"]), count, questions)


def _question_remark(topic: str) -> str:
    if topic in COUNTING_TOPICS:
        return _("detected and reported only")
    if topic in TRAINING_TOPICS:
        return _("national training, not OAS training")
    return ""


def _answer_line(
    row: dict[str, object], selection: Selection, documents: dict[str, str], suppressed: str
) -> AnswerLine:
    code = str(row["area_code"] or "")
    is_suppressed = row["answer_status"] == "Q"
    return AnswerLine(
        who=Said(areas.name(code)) if code else Said(str(row["scope"]), _basis(row, "scope")),
        who_link=address("country", selection, area=code) if code else "",
        answer=Said(suppressed) if is_suppressed else Said(str(row["answer"] or ""), _basis(row, "answer")),
        figure=suppressed if is_suppressed else _figure(row),
        note=Said(str(row["note"] or ""), _basis(row, "note")),
        source=documents[str(row["source_id"])],
        source_link=address("sources", selection) + "#" + str(row["source_id"]),
        is_suppressed=is_suppressed,
    )


def _basis(row: dict[str, object], column: str) -> str | None:
    basis = row[f"{column}_basis"]
    return str(basis) if basis else None


def _plain_figure(value: float | None) -> str | None:
    """A stored figure as it stands, without separators: it may be a year."""
    if value is None:
        return None
    return str(int(value)) if value == int(value) else repr(value)


def _figure(row: dict[str, object]) -> str:
    """A figure with its unit in the reader's way; a year is written as one."""
    if row["value"] is None:
        return ""
    value = float(str(row["value"]))
    if row["unit_code"] in UNITS_OF_TIME:
        return _plain_figure(value) or ""
    decimals = 0 if value == int(value) else len(repr(value).partition(".")[2])
    return _("{number} {unit}", number=number(value, decimals), unit=row["unit"] or "").strip()


@view("questionnaires.topics")
def topics(selection: Selection) -> View:
    """How many answers each topic has and of how many states, OAS forms and other bodies' forms side by side."""
    counted = questionnaires.answers_by_topic(**selection.period)
    rows = localise(counted.with_columns(topic_code=pl.col("topic")), "topic")
    wide = (
        rows.pivot(
            on="form_family", index=["topic_code", "topic", "topic_basis"], values=["answers", "states", "suppressed"]
        )
        if rows.height
        else rows
    )
    names = {f"{what}_{family}" for what in ("answers", "states", "suppressed") for family in FAMILIES}
    wide = wide.with_columns(
        *(pl.lit(None, dtype=pl.Int64).alias(name) for name in sorted(names - set(wide.columns))),
    )
    # no answer on record is a count of ours, so it is a true zero
    wide = wide.with_columns(pl.col(sorted(names)).fill_null(0).cast(pl.Int64))
    wide = wide.sort(pl.col("topic").map_elements(sort_key, return_dtype=pl.String))
    most = (
        max((max(row[f"answers_{family}"] for family in FAMILIES) for row in wide.iter_rows(named=True)), default=1)
        or 1
    )
    in_both = wide.filter((pl.col("answers_oas") > 0) & (pl.col("answers_other_body") > 0)).height
    return View(
        id="questionnaires.topics",
        title=_("What the answers are about"),
        takeaway=n_(
            "{n} topic has answers on record; {both} both in OAS questionnaires and in those of other bodies.",
            "{n} topics have answers on record; {both} both in OAS questionnaires and in those of other bodies.",
            wide.height,
            both=in_both,
        ),
        figure=bar_table(
            [
                (
                    row["topic"],
                    address("questionnaires", selection, topic=row["topic_code"], round="") + "#questionnaires-answers",
                    [
                        _topic_bar(row["answers_oas"], row["states_oas"], most, "focus"),
                        _topic_bar(row["answers_other_body"], row["states_other_body"], most, "context"),
                    ],
                )
                for row in wide.iter_rows(named=True)
            ],
            [label("form_family", family) for family in FAMILIES],
            corner=_("Topic"),
            caption=_("Answers by topic"),
        ),
        table=wide,
        columns=(
            Column("topic", _("Topic")),
            Column("answers_oas", _("OAS: answers"), "number"),
            Column("states_oas", _("OAS: states"), "number"),
            Column("suppressed_oas", _("OAS: suppressed answers"), "number"),
            Column("answers_other_body", _("Other bodies: answers"), "number"),
            Column("states_other_body", _("Other bodies: states"), "number"),
            Column("suppressed_other_body", _("Other bodies: suppressed answers"), "number"),
        ),
        notes=(
            _(
                "The count is of answers on record here, not of answers given: most replies have not been found in full."
            ),
            _(
                "States: those with an answer of their own; answers given for all responders together belong to no state."
            ),
            _("Bars of the two kinds of form have the same scale and are never added. Suppressed answers are counted."),
        ),
        sources=cite(questionnaires.answer_sources(**selection.period)),
        period=period_text(selection),
        empty="" if wide.height else _("No answer is on record for these years."),
    )


def _topic_bar(answers_: int, states: int, most: int, role: str) -> Bar:
    if not answers_:
        return Bar(None, _("none on record"))
    return Bar(
        answers_ / most,
        n_("{n} answer", "{n} answers", answers_),
        "focus" if role == "focus" else "context",
        n_("{n} state", "{n} states", states) if states else _("all responders together"),
    )


@view("questionnaires.reading")
def reading(selection: Selection) -> View:
    """What to know about these records: how to read them, where sources disagree, what was not found."""
    rows = questionnaires.caveats()
    hides = hides_names_not_received()
    if hides:
        rows = rows.filter(pl.col("area_codes").list.len() == 0)
    table = rows.with_columns(
        said_kind=pl.Series([label("caveat_kind", code) for code in rows["kind"]], dtype=pl.String),
        text=pl.col(f"text_{language()}"),
        states=pl.Series([listing(_names_in_order(codes)) for codes in rows["area_codes"]], dtype=pl.String),
    )
    return View(
        id="questionnaires.reading",
        title=_("What to know when reading these answers"),
        takeaway=n_(
            "{n} remark on gaps, contradictions and ways of counting belongs to these records.",
            "{n} remarks on gaps, contradictions and ways of counting belong to these records.",
            table.height,
        ),
        table=table,
        columns=(
            Column("said_kind", _("Kind")),
            Column("text", _("Remark"), is_wide=True),
            Column("states", _("States concerned")),
        ),
        notes=(_("States whose reply was not received are not named on this site."),) if hides else (),
        sources=cite(["panorama_compilation"]),
        period=period_text(selection),
        empty="" if table.height else _("No remark is on record."),
    )


def round_choices(selection: Selection) -> dict[str, str]:
    """Round id -> title in the reader's language, of the rounds of the period; first the choice of all of them."""
    rows = _localised_rounds(selection)
    known = {row["round_id"]: _round_title(row) for row in rows.iter_rows(named=True)}
    return (
        {"": _("All questionnaires")}
        | known
        | ({selection.round: known.get(selection.round, selection.round)} if selection.round else {})
    )


def topic_choices(selection: Selection) -> dict[str, str]:
    """Topic as recorded -> its words, of the topics with answers in the chosen round; first the choice of all."""
    codes = {*questionnaires.topics_of(selection.round), *([selection.topic] if selection.topic else [])}
    words = {code: wording(code) for code in codes}
    return {"": _("All topics")} | {code: words[code] for code in sorted(codes, key=lambda code: sort_key(words[code]))}


def _localised_rounds(selection: Selection) -> pl.DataFrame:
    return localise(questionnaires.rounds(**selection.period), "name", "meeting", "issued_by", "note")


def _round_title(row: dict[str, object]) -> str:
    if row["year"] is None:
        return str(row["name"])
    return _("{name} ({year})", name=row["name"], year=str(row["year"]))


def _said_vintage(vintage: object) -> str:
    """A source's date, cut to what is known of it, as a reader writes it; empty where it is not known."""
    text = str(vintage or "")
    if len(text) not in _PRECISIONS:
        return ""
    return day(date.fromisoformat(text + "-01-01"[len(text) - 4 :]), _PRECISIONS[len(text)])


def _names_in_order(codes: Sequence[str]) -> list[str]:
    wanted = set(codes)
    return [areas.name(code) for code in areas.states() if code in wanted]


def _in_state_order(rows: pl.DataFrame) -> pl.DataFrame:
    order = {code: position for position, code in enumerate(areas.states())}
    return rows.sort(
        pl.col("area_code").replace_strict(order, default=len(order), return_dtype=pl.Int64), maintain_order=True
    )
