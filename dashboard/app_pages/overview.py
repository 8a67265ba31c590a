"""The hemisphere at a glance."""

import streamlit as st

from dashboard.components.head import page_head
from dashboard.components.map_choice import map_choice
from dashboard.components.show import show
from dashboard.frame import choose, current_selection
from dashboard.i18n import _
from dashboard.pages import FOLDER
from dashboard.selection import to_parameters
from dashboard.views.overview import indicator_choices

selection = current_selection()
page_head(
    _("The hemisphere at a glance"),
    _(
        "What the OAS and its member states have on record against trafficking in persons. Every figure leads to the rows and documents behind it."
    ),
)
show("overview.key_figures", selection, page="")

# tiles leave room for what goes with them; the map takes the whole width
left, right = st.columns([5, 7], gap="large") if selection.map != "outlines" else (st.container(), st.container())
with left:
    titles = indicator_choices(selection.indicator)
    st.session_state["map_indicator"] = selection.indicator or next(iter(titles))
    with st.container(horizontal=True, key="map-choices"):
        st.selectbox(
            _("Indicator on the map"),
            list(titles),
            format_func=titles.__getitem__,
            key="map_indicator",
            width=300,
            on_change=lambda: choose(indicator=st.session_state["map_indicator"]),
        )
        map_choice(selection, choose)
    shown = selection.but(indicator=st.session_state["map_indicator"])
    st.page_link(
        FOLDER / "explore.py",
        label=_("Explore this indicator: trend, distribution, every value"),
        query_params=to_parameters(shown, "explore"),
    )
    show("overview.map", selection, page="")
with right:
    show("training.events_by_year", selection, page="training")
    show("overview.subregions", selection, page="")
show("overview.latest_events", selection, page="")
show("overview.contents", selection, page="")
