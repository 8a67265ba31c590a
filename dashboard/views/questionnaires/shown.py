"""Which questionnaire and which question are shown: the chosen ones, else those with most to read."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard.i18n import _, sort_key
from dashboard.queries import questionnaires
from dashboard.selection import Selection
from dashboard.texts import localise, wording
from dashboard.views.questionnaires.rounds import localised_rounds, question_title


def shown_round(selection: Selection) -> Mapping[str, Any] | None:
    """The localised row of the round chosen, else of the newest OAS round with answers of states on record.

    None where the chosen years hold no such round.
    """
    if selection.question:
        chain = questionnaires.question_chain(selection.question)
        wanted = chain.filter(pl.col("question_id") == selection.question)["round_id"].to_list()
    elif selection.round:
        wanted = [selection.round]
    else:
        wanted = questionnaires.rounds_answered(selection.topic, **selection.period)
    rows = localised_rounds(selection).filter(pl.col("round_id").is_in(wanted[:1]))
    return rows.row(0, named=True) if rows.height else None


def shown_question(selection: Selection) -> Mapping[str, Any] | None:
    """The localised row of the question chosen, else of the first of those that most states answered; none without."""
    one = shown_round(selection)
    if one is None:
        return None
    rows = questions_of(one["round_id"], "" if selection.question else selection.topic)
    if selection.question:
        rows = rows.filter(pl.col("question_id") == selection.question)
    rows = rows.sort("states", "question_id", descending=[True, False])
    return rows.row(0, named=True) if rows.height else None


def questions_of(round_id: str, topic: str) -> pl.DataFrame:
    """The questions of a round (of one topic, or all), numbered from 1 within the round (``place``).

    ``recorded`` is the wording as recorded, ``topic_code`` the topic; wording and topic are in the reader's language.
    """
    every = questionnaires.questions(round_id, "")
    numbered = localise(
        every.with_columns(recorded=pl.col("wording"), topic_code=pl.col("topic"), place=pl.int_range(1, pl.len() + 1)),
        "wording",
        "topic",
    )
    return numbered.filter(pl.col("topic_code") == topic) if topic else numbered


def topic_choices(selection: Selection) -> dict[str, str]:
    """Topic as recorded -> its words, of the topics with answers in the round shown; first the choice of all."""
    codes = {*questionnaires.topics_of(round_of_choice(selection)), *([selection.topic] if selection.topic else [])}
    words = {code: wording(code) for code in codes}
    return {"": _("All topics")} | {code: words[code] for code in sorted(codes, key=lambda code: sort_key(words[code]))}


def question_choices(selection: Selection) -> dict[str, str]:
    """Question id -> its number and wording, of the round and topic shown; first the choice of all of them."""
    one = shown_round(selection)
    every = {"": _("All questions, state by state")}
    if one is None:
        return every
    rows = questions_of(one["round_id"], selection.topic)
    return every | {row["question_id"]: question_title(row) for row in rows.iter_rows(named=True)}


def round_of_choice(selection: Selection) -> str:
    """The id of the round shown, for the control that chooses it; empty where there is none."""
    one = shown_round(selection)
    return one["round_id"] if one else ""


def has_other_rounds(selection: Selection) -> bool:
    """Whether the records link the question shown to one of another round."""
    one = shown_question(selection)
    return one is not None and questionnaires.question_chain(one["question_id"]).height > 1
