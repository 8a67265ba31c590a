"""Training reach: what was held, for whom, and where nothing is on record."""

import streamlit as st

from dashboard.choices import record_years
from dashboard.components.head import page_head
from dashboard.components.show import show
from dashboard.frame import choose, current_selection
from dashboard.i18n import _
from dashboard.views.training import first_year_asked

selection = current_selection()
page_head(
    _("Training reach"),
    _(
        "Training of the OAS and its partners against trafficking in persons: what was held, announced and planned, how many "
        "people their sources state, and which states were reached."
    ),
)
left, right = st.columns(2, gap="large")
with left:
    show("training.events_by_year", selection, page="training")
with right:
    show("training.officials_by_year", selection, page="training")

left, right = st.columns(2, gap="large")
with left:
    show("training.coverage", selection, page="training")
with right:
    show("training.by_subregion", selection, page="training")

first, last = record_years()
st.session_state["not_reached_since"] = first_year_asked(selection)
st.selectbox(
    _("No training on record since"),
    range(last, first - 1, -1),
    format_func=str,
    key="not_reached_since",
    width=220,
    on_change=lambda: choose(since=st.session_state["not_reached_since"]),
)
show("training.not_reached", selection, page="training")

left, right = st.columns(2, gap="large")
with left:
    show("training.by_audience", selection, page="training")
with right:
    show("training.officials_by_country", selection, page="training")
show("training.statements", selection, page="training")
show("training.events", selection, page="training")
