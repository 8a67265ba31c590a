"""State × question: every state against the questions of a questionnaire, the kinds of answer told apart."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.charts.answers import Said
from dashboard.charts.matrix import Cell
from dashboard.charts.question_matrix import QuestionHead, StateGroup, StateLine, question_matrix
from dashboard.i18n import _, listing, n_
from dashboard.queries import questionnaires
from dashboard.selection import Selection, address
from dashboard.views.behind import Behind, behind, behind_address
from dashboard.views.nothing import nothing
from dashboard.views.periods import period_text
from dashboard.views.questionnaires.answer_states import (
    ANSWERED,
    by_question,
    mark_of,
    marks,
    said_state,
    standing_of_states,
    state_of_answers,
)
from dashboard.views.questionnaires.rounds import localised_rounds, round_title
from dashboard.views.questionnaires.shown import questions_of, shown_round
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, View
from dashboard.views.worded import each

MOST_QUESTIONS = 20
"""The questions drawn side by side; the others are reached by their topic, one by one or in the download."""


@view("questionnaires.questions")
def questions(selection: Selection) -> View:
    """Every state against the questions of one questionnaire and topic: what kind of answer is on record, if any."""
    one = shown_round(selection)
    if one is None:
        return _nothing(selection, _("No questionnaire with an answer on record falls in these years."))
    asked = questions_of(one["round_id"], selection.topic)
    answered = asked.filter(pl.col("states") > 0)
    if answered.is_empty():
        return _nothing(selection, _why_none(one, asked, selection))
    rows = standing_of_states(one, answered["question_id"], selection)
    drawn = answered.head(MOST_QUESTIONS)
    known = marks()
    found = by_question(rows)
    table = rows.join(
        answered.select("question_id", "place", "wording", "wording_basis", "topic", "topic_basis"),
        on="question_id",
        maintain_order="left",
        validate="m:1",
    ).with_columns(
        round=pl.lit(round_title(dict(one))),
        has_answer=pl.col("answer_id").is_not_null(),
        said=each(rows, lambda row: said_state(row, known)),
    )
    states = rows.filter(pl.col("state").is_in(ANSWERED))["area_code"].n_unique()
    return View(
        id="questionnaires.questions",
        title=_("Who answered what: {round}", round=round_title(dict(one))),
        takeaway=n_(
            "{n} state has an answer of its own on record; {questions} of the {total} questions have at least one answer.",
            "{n} states have an answer of their own on record; {questions} of the {total} questions have at least one answer.",
            states,
            questions=answered.height,
            total=asked.height,
        ),
        figure=question_matrix(
            _groups([found[question_id] for question_id in drawn["question_id"]], known, selection),
            [_head(row, found[row["question_id"]], known, selection) for row in drawn.iter_rows(named=True)],
            corner=_("State"),
            caption=_("Who answered what: {round}", round=round_title(dict(one))),
            legend=[known[state] for state in known if state in set(rows["state"])],
        ),
        # answers before the states without one: a slide or a first look at the table has room for a few rows only
        table=table.sort("has_answer", descending=True, maintain_order=True),
        columns=(
            Column("place", _("No."), "year"),
            Column("wording", _("Question"), is_wide=True),
            Column("area_code", _("State"), "area"),
            Column("answer", _("Answer"), is_wide=True, status_key="obs_status"),
            Column("said", _("Standing"), behind=behind_cell),
            Column("figure", _("Figure as reported"), status_key="obs_status"),
            Column("topic", _("Topic")),
            Column("note", _("Note"), is_wide=True),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(_notes(one, asked, answered, drawn, rows, selection)),
        sources=cite(rows.filter(pl.col("state").is_in(ANSWERED)), [one["source_id"]]),
        period=period_text(selection),
        options={"round": one["round_id"], "question": ""},
    )


def behind_cell(row: Mapping[str, Any]) -> Behind | None:
    """The records behind a state's standing to a question: its answers, else its return of the questionnaire."""
    if row["answer_id"]:
        return behind("answers", question=row["question_id"], area=row["area_code"], year="all")
    return None


def groups_of(selection: Selection, listed: Sequence[str]) -> list[tuple[str, list[str]]]:
    """The groups of the chosen scheme with those of the given states that belong to them, both in reading order.

    States that the scheme leaves out stand at the end, under no name.
    """
    wanted = set(listed)
    found = [
        (areas.name(group), [code for code in areas.members(selection.scheme, group) if code in wanted])
        for group in areas.groups(selection.scheme)
    ]
    left = [code for code in areas.states() if code in wanted - {code for _name, codes in found for code in codes}]
    return [(name, codes) for name, codes in [*found, ("", left)] if codes]


def _groups(
    by_column: Sequence[Mapping[str | None, list[dict[str, Any]]]],
    known: Mapping[str, Cell],
    selection: Selection,
) -> list[StateGroup]:
    return [
        StateGroup(
            name,
            [
                StateLine(
                    areas.name(code),
                    address("country", selection, area=code),
                    _cells([column[code] for column in by_column], known, selection),
                )
                for code in codes
            ],
        )
        for name, codes in groups_of(selection, [code for code in by_column[0] if code])
    ]


def _cells(answers: Sequence[list[dict[str, Any]]], known: Mapping[str, Cell], selection: Selection) -> list[Cell]:
    """The marks of a state; one alone where it has the same standing to every question and an answer to none."""
    standings = {rows[0]["state"] for rows in answers}
    if len(standings) == 1 and not answers[0][0]["answer_id"]:
        return [mark_of(answers[0], known)]
    return [
        mark_of(rows, known, behind_address(one, selection) if (one := behind_cell(rows[0])) else "")
        for rows in answers
    ]


def _head(
    row: dict[str, Any],
    answers: Mapping[str | None, list[dict[str, Any]]],
    known: Mapping[str, Cell],
    selection: Selection,
) -> QuestionHead:
    states = [state_of_answers(rows) for rows in answers.values()]
    return QuestionHead(
        str(row["place"]),
        Said(row["wording"], row["wording_basis"]),
        row["topic"],
        address("questionnaires", selection, round=row["round_id"], topic="", question=row["question_id"]),
        [(known[state], states.count(state)) for state in ANSWERED if state in states],
    )


def _notes(
    one: Mapping[str, Any],
    asked: pl.DataFrame,
    answered: pl.DataFrame,
    drawn: pl.DataFrame,
    rows: pl.DataFrame,
    selection: Selection,
) -> list[str]:
    notes = [reading_note()]
    if drawn.height < answered.height:
        notes.insert(
            0,
            _(
                "Shown are the first {shown} of {total} questions; choose a topic or a question for the others. The download has all.",
                shown=drawn.height,
                total=answered.height,
            ),
        )
    if silent := asked.height - answered.height:
        notes.append(
            n_(
                "{n} question is left out: no state’s own answer to it is on record.",
                "{n} questions are left out: no state’s own answer to them is on record.",
                silent,
            )
        )
    notes += standing_notes(one, rows)
    if others := _rounds_with_topic(one, selection):
        notes.append(_("Answers on this topic are also on record from: {rounds}.", rounds=listing(others)))
    notes.append(areas.scheme_note(selection.scheme))
    return [note for note in notes if note]


def reading_note() -> str:
    """How the kind of an answer is told."""
    return _(
        "Yes, no and partly are read from the beginning of the recorded answer; every other answer counts as a figure or as words. States stand in alphabetical order within their group."
    )


def standing_notes(one: Mapping[str, Any], rows: pl.DataFrame) -> list[str]:
    """What must be known of the states without an answer, as far as there are any, and whose form it is."""
    states = set(rows["state"])
    notes = []
    if "unanswered" in states:
        notes.append(
            _(
                "No answer on record does not mean that the state left the question open: most replies have not been found in full."
            )
        )
    if "not_received" in states:
        notes.append(
            _(
                "Not received means: not among the states that the source names as having replied by its date. Replies may have come later."
            )
        )
    if "not_stated" in states:
        notes.append(
            _("Not stated: no source seen says whether the state was asked or replied. It is not a missing reply.")
        )
    if "untold" in states or rows["area_code"].n_unique() < len(areas.states()):
        notes.append(_("States whose reply was not received are not named on this site."))
    if one["form_family"] == "other_body":
        notes.append(
            _("These are not OAS questionnaires on trafficking: they are shown apart and never added to them.")
        )
    return notes


def _rounds_with_topic(one: Mapping[str, Any], selection: Selection) -> list[str]:
    if not selection.topic:
        return []
    found = questionnaires.rounds_answered(selection.topic, **selection.period)
    every = localised_rounds(selection).filter(pl.col("round_id").is_in(found), pl.col("round_id") != one["round_id"])
    return [round_title(row) for row in every.iter_rows(named=True)]


def _why_none(one: Mapping[str, Any], asked: pl.DataFrame, selection: Selection) -> str:
    recorded = questionnaires.answers(one["round_id"], selection.topic, "", **selection.period)
    title = round_title(dict(one))
    if recorded.height:
        return _(
            "The answers to “{round}” are on record for all responders together only, not state by state; they stand below.",
            round=title,
        )
    if asked.is_empty() and selection.topic:
        return _("“{round}” has no question on this topic on record.", round=title)
    return _("Of “{round}” no answer is on record.", round=title)


def _nothing(selection: Selection, why: str) -> View:
    return nothing(
        "questionnaires.questions",
        _("Who answered what"),
        why,
        period=period_text(selection),
        options={"round": selection.round, "question": ""},
    )
