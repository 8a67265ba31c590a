"""A question through the questionnaires in which the records link it, and what is said where there is only one."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard.i18n import _, n_
from dashboard.queries import questionnaires
from dashboard.selection import Selection
from dashboard.texts import localise
from dashboard.views.nothing import nothing
from dashboard.views.periods import period_text
from dashboard.views.view import View


def chain_of(asked: Mapping[str, Any], selection: Selection) -> tuple[pl.DataFrame, int]:
    """The chain of a question within the chosen years, and how many questionnaires those years leave out.

    ``recorded`` and ``recorded_topic`` are as recorded; wording and name are in the reader's language.
    """
    every = questionnaires.question_chain(asked["question_id"])
    years = selection.period
    within = every.filter(pl.col("year").is_null() | pl.col("year").is_between(years["first_year"], years["last_year"]))
    return localise(within.with_columns(recorded=pl.col("wording")), "wording", "name"), every.height - within.height


def years_note(left_out: int) -> str:
    """That the chosen years leave out questionnaires of a chain."""
    return n_(
        "{n} questionnaire with this question lies outside the chosen years.",
        "{n} questionnaires with this question lie outside the chosen years.",
        left_out,
    )


def alone(view_id: str, title: str, asked: Mapping[str, Any] | None, selection: Selection) -> View:
    """A view of a chain where the chosen years hold one questionnaire with the question, or none."""
    return nothing(
        view_id,
        title,
        _("The records link this question to none of another questionnaire of these years.")
        if asked
        else _("No question of the chosen questionnaire falls in these years."),
        period=period_text(selection),
        options={"question": asked["question_id"]} if asked else {},
    )
