"""Compare: two to six states or groups side by side, and why some of their values do not compare."""

import streamlit as st

from dashboard.components.head import page_head
from dashboard.components.show import show
from dashboard.frame import choose, current_selection
from dashboard.i18n import _
from dashboard.selection import MOST_COMPARED
from dashboard.views.compare import area_choices, breakdown_choices, indicator_choices, lede, order_of
from dashboard.views.explored import explored

PAGE = "compare"

selection = current_selection()
page_head(_("Compare"), lede(selection))

offered = area_choices(selection)
st.session_state["compared_areas"] = [code for code in order_of(selection.areas) if code in offered]
st.multiselect(
    _("States and groups to compare, at most {n}", n=MOST_COMPARED),
    list(offered),
    format_func=offered.__getitem__,
    key="compared_areas",
    max_selections=MOST_COMPARED,
    placeholder=_("Choose states or groups"),
    on_change=lambda: choose(areas=tuple(order_of(st.session_state["compared_areas"]))),
)
if len(selection.areas) < 2:
    show("compare.peers", selection, page=PAGE)
else:
    show("compare.records", selection, page=PAGE)

    indicators = indicator_choices()
    what = explored(selection)
    st.session_state["compared_indicator"] = what.indicator_id
    with st.container(key="compare-choices", horizontal=True):
        st.selectbox(
            _("Indicator"),
            list(indicators),
            format_func=indicators.__getitem__,
            key="compared_indicator",
            width=420,
            on_change=lambda: choose(indicator=st.session_state["compared_indicator"], category=""),
        )
        breakdowns = breakdown_choices(selection)
        if breakdowns:
            st.session_state["compared_breakdown"] = what.one.code
            st.selectbox(
                _("Breakdown"),
                list(breakdowns),
                format_func=breakdowns.__getitem__,
                key="compared_breakdown",
                width=320,
                on_change=lambda: choose(category=st.session_state["compared_breakdown"]),
            )
    show("compare.values", selection, page=PAGE)
    show("compare.over_time", selection, page=PAGE)
    show("compare.programmes", selection, page=PAGE)
    left, right = st.columns(2, gap="large")
    with left:
        show("compare.treaties", selection, page=PAGE)
    with right:
        show("compare.rounds", selection, page=PAGE)
    show("compare.answers", selection, page=PAGE)
    show("compare.peers", selection, page=PAGE)
