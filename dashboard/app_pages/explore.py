"""One indicator: map, trend, distribution and every value."""

import streamlit as st

from dashboard.components.head import page_head
from dashboard.components.map_choice import map_choice
from dashboard.components.show import show
from dashboard.components.years_choice import years_choice
from dashboard.frame import choose, current_selection
from dashboard.i18n import _
from dashboard.labels import label
from dashboard.pages import FOLDER
from dashboard.selection import to_parameters
from dashboard.views.explore import (
    about_html,
    area_choices,
    breakdown_choices,
    glossary_html,
    layout,
    place_chosen,
)
from dashboard.views.explored import explored, families, highlighted, titles

PAGE = "explore"

what = explored(current_selection())
if current_selection().indicator != what.indicator_id:
    # the address always says which indicator is shown
    choose(indicator=what.indicator_id)
selection = current_selection()
own_family = str(what.about["family"])
offered = families()

page_head(what.title, what.definition, kicker=_("Explore an indicator"))

st.session_state["explore_family"] = own_family
st.segmented_control(
    _("Subject"),
    list(offered),
    format_func=lambda family: label("family", family),
    key="explore_family",
    required=True,
    on_change=lambda: choose(indicator=offered[st.session_state["explore_family"]][0].indicator_id, category=""),
)
with st.container(horizontal=True, key="explore-choices"):
    indicators = titles(offered[own_family])
    st.session_state["explore_indicator"] = what.indicator_id
    st.selectbox(
        _("Indicator"),
        list(indicators),
        format_func=indicators.__getitem__,
        key="explore_indicator",
        width=340,
        on_change=lambda: choose(indicator=st.session_state["explore_indicator"], category=""),
    )
    breakdowns = breakdown_choices(selection)
    st.session_state["explore_category"] = what.one.code
    st.selectbox(
        _("Breakdown"),
        list(breakdowns),
        format_func=breakdowns.__getitem__,
        key="explore_category",
        width=340,
        disabled=len(breakdowns) == 1,
        on_change=lambda: choose(category=st.session_state["explore_category"]),
    )
    places = area_choices(selection)
    st.session_state["explore_area"] = highlighted(selection)
    st.selectbox(
        _("State or group that stands out"),
        list(places),
        format_func=places.__getitem__,
        key="explore_area",
        width=280,
        on_change=lambda: choose(**place_chosen(st.session_state["explore_area"])),
    )
    map_choice(selection, choose)
years_choice(selection, what.years, choose)
st.page_link(
    FOLDER / "compare.py",
    label=_("Compare a few states or groups on this indicator"),
    query_params=to_parameters(selection, "compare"),
)
st.html(about_html(selection).html + glossary_html(selection, own_family).html)

for row in layout(selection):
    for place, view_id in zip(st.columns([5, 7] if len(row) > 1 else 1, gap="large"), row, strict=True):
        with place:
            show(view_id, selection, page=PAGE)
