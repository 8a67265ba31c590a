"""One question: what every state answered to it, in full."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.charts.answers import Said
from dashboard.charts.matrix import Cell
from dashboard.charts.state_answers import AnswerGroup, AnsweringState, FullAnswer, Silent, state_answers
from dashboard.i18n import _, language, listing, n_, named, number
from dashboard.labels import label
from dashboard.queries import questionnaires
from dashboard.selection import Selection, address
from dashboard.texts import localise
from dashboard.views.behind import Behind, behind, behind_address
from dashboard.views.nothing import nothing
from dashboard.views.periods import period_text
from dashboard.views.questionnaires.answer_states import (
    ANSWERED,
    by_state,
    mark_of,
    marks,
    said_state,
    standing_of_states,
    state_of_answer,
    state_of_answers,
    with_figures,
)
from dashboard.views.questionnaires.answers import COUNTING_TOPICS, TRAINING_TOPICS
from dashboard.views.questionnaires.questions import groups_of, reading_note, standing_notes
from dashboard.views.questionnaires.rounds import question_title, round_title
from dashboard.views.questionnaires.shown import questions_of, shown_question, shown_round
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, View
from dashboard.views.worded import each

_STANDINGS = {"unanswered": "returned", "not_received": "not_received", "not_asked": "not_asked"}
"""Ways of standing to a question for which the return of the questionnaire is on record, and its status there."""


@view("questionnaires.question")
def question(selection: Selection) -> View:
    """Every state's answer to the question chosen, as recorded, with its language, our translation and its document."""
    one, asked = shown_round(selection), shown_question(selection)
    if one is None or asked is None:
        return _nothing(selection)
    states = standing_of_states(one, [asked["question_id"]], selection)
    together = _together(asked, selection)
    rows = pl.concat([together, states], how="diagonal")
    known = marks()
    table = rows.with_columns(
        round=pl.lit(round_title(dict(one))),
        wording=pl.lit(asked["wording"]),
        wording_basis=pl.lit(asked["wording_basis"], dtype=pl.String),
        area_status=pl.lit("M"),
        given_for=pl.coalesce("scope", pl.lit(_("the state itself"))),
        said=each(rows, lambda row: said_state(row, known)),
        said_lang=each(rows, lambda row: label("language", row["text_lang"]) if row["recorded"] else None),
    )
    is_worded_anew = (rows["recorded"] != rows["answer"]).any()
    documents = {source.source_id: source.doc_code or source.title for source in cite(rows)}
    return View(
        id="questionnaires.question",
        title=question_title(dict(asked)),
        takeaway=_takeaway(states, together, one),
        figure=state_answers(
            _groups(rows, known, documents, selection),
            caption=question_title(dict(asked)),
            legend=[known[state] for state in ANSWERED if state in set(rows["state"])],
        ),
        table=table.sort(pl.col("answer_id").is_not_null(), descending=True, maintain_order=True),
        columns=(
            Column("area_code", _("State"), "area", status_key="area_status"),
            *((Column("given_for", _("Given for")),) if together.height else ()),
            Column("said", _("Standing"), behind=behind_answer),
            Column("recorded", _("Answer as recorded"), is_wide=True, status_key="obs_status"),
            Column("said_lang", _("Language of the record")),
            *(
                (Column("answer", _("In your language"), is_wide=True, status_key="obs_status"),)
                if is_worded_anew
                else ()
            ),
            Column("figure", _("Figure as reported"), status_key="obs_status"),
            Column("note", _("Note"), is_wide=True),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(_notes(one, asked, rows, selection)),
        sources=cite(rows.filter(pl.col("answer_id").is_not_null()), [one["source_id"]]),
        period=period_text(selection),
        is_figure_whole=True,
        options={"round": one["round_id"], "topic": "", "question": asked["question_id"]},
    )


def behind_answer(row: Mapping[str, Any]) -> Behind | None:
    """The record of an answer, or the state's return of the questionnaire where that is on record."""
    if row["answer_id"]:
        return behind("answers", record=row["answer_id"], year="all")
    if row["state"] in _STANDINGS and row["round_id"]:
        return behind(
            "responses", round=row["round_id"], area=row["area_code"], status=_STANDINGS[row["state"]], year="all"
        )
    return None


def _together(asked: Mapping[str, Any], selection: Selection) -> pl.DataFrame:
    """The answers for all responders together, in the columns of ``standing_of_states``."""
    rows = questionnaires.answers("", "", asked["question_id"], **selection.period).filter(
        pl.col("area_code").is_null()
    )
    states = [
        state_of_answer(row["answer"], row["value"], row["unit"], row["answer_status"], row["text_lang"])
        for row in rows.iter_rows(named=True)
    ]
    localised = localise(
        rows.with_columns(
            state=pl.Series(states, dtype=pl.String),
            recorded=pl.col("answer"),
            unit_code=pl.col("unit"),
            obs_status=pl.lit("M"),
            vintage=pl.lit(None, dtype=pl.String),
        ),
        *("answer", "unit", "note", "scope"),
    ).drop("form_family", "round_name", "year", "topic", "wording")
    return with_figures(localised)


def _groups(
    rows: pl.DataFrame, known: Mapping[str, Cell], documents: Mapping[str, str], selection: Selection
) -> list[AnswerGroup]:
    found = by_state(rows)
    together = found.pop(None, [])
    groups = [
        AnswerGroup(
            name,
            [_state(found[code], known, documents, selection) for code in codes if found[code][0]["answer_id"]],
            _silent([found[code][0] for code in codes if not found[code][0]["answer_id"]], known, selection),
        )
        for name, codes in groups_of(selection, [code for code in found if code])
    ]
    if together:
        shown = [_state([row], known, documents, selection) for row in together]
        groups.insert(0, AnswerGroup(_("Answers given for all responders together"), shown))
    return groups


def _silent(rows: list[dict[str, Any]], known: Mapping[str, Cell], selection: Selection) -> list[Silent]:
    """The states of a group without an answer, by reason, the reasons in the order of the legend."""
    reasons: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: list(known).index(row["state"])):
        reasons.setdefault((row["state"], said_state(row, known)), []).append(row)
    found = []
    for (state, words), alike in reasons.items():
        link = ""
        if state in _STANDINGS:
            codes = [row["area_code"] for row in alike]
            own = behind("responses", round=alike[0]["round_id"], area=codes, status=_STANDINGS[state], year="all")
            link = behind_address(own, selection)
        states = [(areas.name(row["area_code"]), address("country", selection, area=row["area_code"])) for row in alike]
        found.append(Silent(Cell(known[state].kind, known[state].sign, words, link), states))
    return found


def _state(
    rows: list[dict[str, Any]], known: Mapping[str, Cell], documents: Mapping[str, str], selection: Selection
) -> AnsweringState:
    code = rows[0]["area_code"]
    return AnsweringState(
        name=Said(areas.name(code)) if code else Said(rows[0]["scope"], rows[0]["scope_basis"]),
        link=address("country", selection, area=code) if code else "",
        answers=[_answer(row, known, documents, selection) for row in rows],
    )


def _answer(
    row: dict[str, Any], known: Mapping[str, Cell], documents: Mapping[str, str], selection: Selection
) -> FullAnswer:
    record = behind_answer(row)
    is_foreign = bool(row["recorded"]) and row["text_lang"] != language()
    answer = (
        Said(known["suppressed"].words)
        if row["state"] == "suppressed"
        else Said(row["answer"] or "", row["answer_basis"])
    )
    if is_foreign and row["answer"] == row["recorded"] and row["answer_basis"] == row["text_lang"]:
        answer = Said(_("No wording in your language is on record."))
    return FullAnswer(
        mark=mark_of([row], known, behind_address(record, selection) if record else ""),
        recorded=row["recorded"] if is_foreign else "",
        recorded_lang=row["text_lang"],
        answer=answer,
        figure=row["figure"] or "",
        note=Said(row["note"] or "", row["note_basis"]),
        source=documents[row["source_id"]],
        source_link=address("sources", selection) + "#" + row["source_id"],
    )


def _takeaway(states: pl.DataFrame, together: pl.DataFrame, one: Mapping[str, Any]) -> str:
    known = marks()
    answered = states.filter(pl.col("state").is_in(ANSWERED))
    found = [state_of_answers(rows) for rows in by_state(answered).values()]
    if not found:
        return (
            _("In “{round}” this question is answered for all responders together, not state by state.", round=round_title(dict(one)))
            if together.height
            else _("No state’s answer to this question of “{round}” is on record.", round=round_title(dict(one)))
        )  # fmt: skip
    kinds = [named(known[state].words, number(found.count(state))) for state in ANSWERED if state in found]
    return n_(
        "In “{round}” the answer of {n} state is on record ({kinds}).",
        "In “{round}” the answers of {n} states are on record ({kinds}).",
        len(found),
        round=round_title(dict(one)),
        kinds=listing(kinds),
    )


def _notes(one: Mapping[str, Any], asked: Mapping[str, Any], rows: pl.DataFrame, selection: Selection) -> list[str]:
    notes = [
        named(_("Topic"), asked["topic"]),
        _(
            "Answers stand as they are recorded here, often shortened; a state’s full text is not held. The document cited has it."
        ),
    ]
    if asked["topic_code"] in COUNTING_TOPICS:
        notes.append(_("Figures of victims and cases are those detected and reported, not those that occurred."))
    if asked["topic_code"] in TRAINING_TOPICS:
        notes.append(
            _(
                "Training in these answers is national training as reported by the state. It is not OAS training and is counted nowhere as such."
            )
        )
    if hidden := rows.filter(pl.col("state") == "suppressed").height:
        notes.append(
            n_(
                "{n} answer is suppressed, because it counts fewer than 10 people or cases.",
                "{n} answers are suppressed, because they count fewer than 10 people or cases.",
                hidden,
            )
        )
    notes.append(reading_note())
    notes += standing_notes(one, rows.filter(pl.col("area_code").is_not_null()))
    if questionnaires.question_chain(asked["question_id"]).height == 1:
        notes.append(_("The records link this question to none of another questionnaire, so no change is shown."))
    notes.append(areas.scheme_note(selection.scheme))
    return [note for note in notes if note]


def _nothing(selection: Selection) -> View:
    return nothing(
        "questionnaires.question",
        _("One question"),
        _("No question of the chosen questionnaire falls in these years."),
        period=period_text(selection),
        options={"question": selection.question},
    )


def steps(selection: Selection) -> list[tuple[str, str]]:
    """Where a reader goes on from a question, as (words, address): the one before, all of them, the next."""
    one, asked = shown_round(selection), shown_question(selection)
    if one is None or asked is None:
        return []
    ids = questions_of(one["round_id"], "")["question_id"].to_list()
    at = asked["place"] - 1
    found = [(_("Previous question"), ids[at - 1])] if at else []
    found.append((_("All questions, state by state"), ""))
    found += [(_("Next question"), ids[at + 1])] if at + 1 < len(ids) else []
    return [
        (words, address("questionnaires", selection, round=one["round_id"], topic="", question=question_id))
        for words, question_id in found
    ]
