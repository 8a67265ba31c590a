"""One state: its records, its place among the others, and what is missing."""

import streamlit as st

from dashboard import areas
from dashboard.charts.entries import section_list
from dashboard.components.compare_link import compare_link
from dashboard.components.head import page_head
from dashboard.components.map_choice import map_choice
from dashboard.components.profile_link import profile_link
from dashboard.components.show import show
from dashboard.frame import choose, current_selection
from dashboard.i18n import _
from dashboard.views.changes import settled
from dashboard.views.country import TITLES, kicker, layout, portrait

selection = current_selection()
st.session_state["area_choice"] = selection.area or None
names = areas.names()
st.selectbox(
    _("State"),
    areas.states(),
    format_func=names.__getitem__,
    key="area_choice",
    placeholder=_("Choose a state"),
    width=320,
    on_change=lambda: choose(area=st.session_state["area_choice"] or ""),
)
if selection.area:
    page_head(
        areas.name(selection.area),
        portrait(selection),
        kicker=kicker(selection),
        official=official if (official := areas.official_name(selection.area)) != areas.name(selection.area) else "",
    )
    st.html(profile_link(selection) + compare_link(selection))
    rows = layout(selection)
    sections = [
        (_(TITLES[view_id]), "#" + view_id.replace(".", "-")) for row in rows for column in row for view_id in column
    ]
    st.html(section_list(sections, label=_("On this page")))
    own = {"country.changes": settled(selection)}
    for row in rows:
        for place, view_ids in zip(st.columns(len(row), gap="large"), row, strict=True):
            with place:
                for view_id in view_ids:
                    show(view_id, own.get(view_id, selection.but(before="", after="")), page="country")
else:
    page_head(
        _("Countries"),
        _("Each of the 35 states has a page with its records, its place among the others, and what is missing."),
    )
    map_choice(selection, choose)
    show("country.choice", selection, page="country")
