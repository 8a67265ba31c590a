"""Questionnaires: who was asked, who replied, what was answered, and one question in full."""

import streamlit as st

from dashboard.components.head import page_head
from dashboard.components.show import show
from dashboard.components.steps import draw_steps
from dashboard.frame import choose, current_selection
from dashboard.i18n import _
from dashboard.views.questionnaires import (
    has_other_rounds,
    question_choices,
    round_choices,
    round_of_choice,
    steps,
    topic_choices,
)

PAGE = "questionnaires"

selection = current_selection()


def choices() -> None:
    """The controls that choose questionnaire, topic and question."""
    rounds, topics, questions = round_choices(selection), topic_choices(selection), question_choices(selection)
    st.session_state["round_choice"] = round_of_choice(selection) or None
    st.session_state["topic_choice"] = selection.topic
    st.session_state["question_choice"] = selection.question
    with st.container(key="questionnaire-choices", horizontal=True):
        st.selectbox(
            _("Questionnaire"),
            list(rounds),
            format_func=rounds.__getitem__,
            key="round_choice",
            # a topic or a question of another round would leave nothing to read
            on_change=lambda: choose(round=st.session_state["round_choice"], topic="", question=""),
        )
        st.selectbox(
            _("Topic"),
            list(topics),
            format_func=topics.__getitem__,
            key="topic_choice",
            on_change=lambda: choose(
                round=st.session_state["round_choice"], topic=st.session_state["topic_choice"], question=""
            ),
        )
        st.selectbox(
            _("Question"),
            list(questions),
            format_func=questions.__getitem__,
            key="question_choice",
            on_change=lambda: choose(
                round=st.session_state["round_choice"], question=st.session_state["question_choice"]
            ),
        )


page_head(
    _("Questionnaires"),
    _(
        "What the OAS asked the states about trafficking in persons, who replied, and what they answered. What states told other bodies stands apart."
    ),
)
if selection.question:
    choices()
    draw_steps(steps(selection), _("Questions"))
    show("questionnaires.question", selection, page=PAGE)
    if has_other_rounds(selection):
        show("questionnaires.wording", selection, page=PAGE)
        show("questionnaires.change", selection, page=PAGE)
else:
    left, right = st.columns([7, 5], gap="large")
    with left:
        show("questionnaires.return_rates", selection, page=PAGE)
    with right:
        show("questionnaires.not_received", selection, page=PAGE)
    choices()
    show("questionnaires.questions", selection, page=PAGE)
    show("questionnaires.changes", selection, page=PAGE)
    show("questionnaires.answers", selection, page=PAGE)
    show("questionnaires.topics", selection, page=PAGE)
    show("questionnaires.matrix", selection, page=PAGE)
    show("questionnaires.other_bodies", selection, page=PAGE)
    show("questionnaires.rounds", selection, page=PAGE)
    show("questionnaires.reading", selection, page=PAGE)
