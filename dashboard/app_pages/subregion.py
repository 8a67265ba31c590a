"""The states of one group of the chosen scheme, together and one by one."""

import streamlit as st

from dashboard import areas
from dashboard.components.head import page_head
from dashboard.components.show import show
from dashboard.frame import choose, current_selection
from dashboard.i18n import _
from dashboard.views.subregion import group_of, portrait

selection = current_selection()
group = group_of(selection)
if selection.group != group:
    # the address always says which group is shown
    choose(group=group)
    selection = current_selection()
names = areas.names()
st.session_state["group_choice"] = group
st.selectbox(
    _("Group"),
    areas.groups(selection.scheme),
    format_func=names.__getitem__,
    key="group_choice",
    width=320,
    on_change=lambda: choose(group=st.session_state["group_choice"]),
)
scheme = areas.schemes()[selection.scheme]
page_head(areas.name(group), portrait(selection), kicker=scheme if scheme != areas.name(group) else "")
show("subregion.profile", selection, page="subregion")
show("subregion.members", selection, page="subregion")
left, right = st.columns(2, gap="large")
with left:
    show("subregion.events_by_year", selection, page="subregion")
with right:
    show("subregion.treaties", selection, page="subregion")
show("subregion.programmes", selection, page="subregion")
left, right = st.columns(2, gap="large")
with left:
    show("subregion.context", selection, page="subregion")
with right:
    show("subregion.note", selection, page="subregion")
