"""Questionnaires: which were sent, who returned them, what was answered; OAS forms and other bodies' forms apart."""

# ruff: noqa: F401  (the rooms register their views)
from dashboard.views.questionnaires import (
    answers,
    changes,
    question,
    questions,
    returns,
    rounds,
    standings,
    topics,
    wording,
)
from dashboard.views.questionnaires.question import steps
from dashboard.views.questionnaires.rounds import FAMILIES, round_choices
from dashboard.views.questionnaires.shown import has_other_rounds, question_choices, round_of_choice, topic_choices

__all__ = [
    "FAMILIES",
    "has_other_rounds",
    "question_choices",
    "round_choices",
    "round_of_choice",
    "steps",
    "topic_choices",
]
