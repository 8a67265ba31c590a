"""The first and last year, by hand or by slider: two ways to say the same, always in step."""

from collections.abc import Callable

import streamlit as st

from dashboard.i18n import _
from dashboard.selection import Selection

_SLIDER, _FIRST, _LAST = "years_slider", "years_first", "years_last"


def years_choice(selection: Selection, bounds: tuple[int, int] | None, choose: Callable[..., None]) -> None:
    """Offer the years between ``bounds``; none says that the years change nothing. ``choose`` takes what was chosen."""
    if bounds is None:
        # as high as the choice, so that nothing moves when another indicator is chosen
        with st.container(key="years-choice", height=92, border=False, vertical_alignment="bottom"):
            st.caption(_("This indicator has one value for all years together: there are no years to choose."))
        return
    first, last = bounds
    is_fixed = first == last
    shown = (
        min(max(selection.first_year or first, first), last),
        min(max(selection.last_year or last, first), last),
    )
    # what the address says is what all three show, whichever of them was moved
    st.session_state[_SLIDER] = shown if not is_fixed else (first, max(last, first + 1))
    st.session_state[_FIRST], st.session_state[_LAST] = shown

    def typed() -> None:
        years = sorted((st.session_state[_FIRST], st.session_state[_LAST]))
        choose(first_year=years[0], last_year=years[1])

    def moved() -> None:
        years = st.session_state[_SLIDER]
        choose(first_year=years[0], last_year=years[1])

    with st.container(horizontal=True, key="years-choice", vertical_alignment="bottom"):
        st.number_input(
            _("First year"), first, last, step=1, format="%d", key=_FIRST, on_change=typed, width=130, disabled=is_fixed
        )
        with st.container(width="stretch", key="years-slider"):
            st.slider(_("Years"), first, max(last, first + 1), key=_SLIDER, on_change=moved, disabled=is_fixed)
        st.number_input(
            _("Last year"), first, last, step=1, format="%d", key=_LAST, on_change=typed, width=130, disabled=is_fixed
        )
        st.button(
            _("All years"),
            key="explore_all_years",
            disabled=selection.is_all_time,
            on_click=lambda: choose(first_year=None, last_year=None),
        )
