"""Questionnaires: who was asked, who replied, what was answered."""

import streamlit as st

from dashboard.components.head import page_head
from dashboard.components.show import show
from dashboard.frame import choose, current_selection
from dashboard.i18n import _
from dashboard.views.questionnaires import round_choices, topic_choices

PAGE = "questionnaires"

selection = current_selection()
page_head(
    _("Questionnaires"),
    _(
        "What the OAS asked the states about trafficking in persons, who replied, and what they answered. What states told other bodies stands apart."
    ),
)
left, right = st.columns([7, 5], gap="large")
with left:
    show("questionnaires.return_rates", selection, page=PAGE)
with right:
    show("questionnaires.not_received", selection, page=PAGE)
show("questionnaires.matrix", selection, page=PAGE)
show("questionnaires.topics", selection, page=PAGE)

rounds, topics = round_choices(selection), topic_choices(selection)
st.session_state["round_choice"] = selection.round
st.session_state["topic_choice"] = selection.topic
with st.container(key="questionnaire-choices", horizontal=True):
    st.selectbox(
        _("Questionnaire"),
        list(rounds),
        format_func=rounds.__getitem__,
        key="round_choice",
        # a topic of another round would leave nothing to read
        on_change=lambda: choose(round=st.session_state["round_choice"], topic=""),
    )
    st.selectbox(
        _("Topic"),
        list(topics),
        format_func=topics.__getitem__,
        key="topic_choice",
        on_change=lambda: choose(topic=st.session_state["topic_choice"]),
    )
show("questionnaires.answers", selection, page=PAGE)
show("questionnaires.other_bodies", selection, page=PAGE)
show("questionnaires.rounds", selection, page=PAGE)
show("questionnaires.reading", selection, page=PAGE)
