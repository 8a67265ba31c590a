"""Which two editions the reader wants to compare."""

from collections.abc import Callable

import streamlit as st

from dashboard.i18n import _
from dashboard.selection import Selection
from dashboard.views.changes import edition_choices, pair


def edition_choice(selection: Selection, choose: Callable[..., None]) -> None:
    """Offer the editions on file, the older and the newer side by side; ``choose`` takes what was chosen."""
    before, after = pair(selection)
    words = edition_choices()
    st.session_state["before_choice"] = before or None
    st.session_state["after_choice"] = after
    with st.container(horizontal=True):
        for name, text in (("before", _("What changed from edition")), ("after", _("to edition"))):
            st.selectbox(
                text,
                list(words),
                format_func=words.__getitem__,
                key=f"{name}_choice",
                placeholder=_("Choose an edition"),
                width=420,
                on_change=lambda name=name: choose(**{name: st.session_state[f"{name}_choice"] or ""}),
            )
