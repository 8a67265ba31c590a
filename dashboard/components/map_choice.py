"""How the reader wants to see the states: as tiles of one size or as a map."""

from collections.abc import Callable

import streamlit as st

from dashboard.i18n import _
from dashboard.selection import MAP_KINDS, Selection


def map_choice(selection: Selection, choose: Callable[..., None]) -> None:
    """Offer the ways of drawing the states; ``choose`` takes what was chosen."""
    words = {"tiles": _("Tiles"), "outlines": _("Map")}
    st.session_state["map_kind"] = selection.map or MAP_KINDS[0]
    st.segmented_control(
        _("States drawn as"),
        MAP_KINDS,
        format_func=words.__getitem__,
        key="map_kind",
        required=True,
        on_change=lambda: choose(map=st.session_state["map_kind"]),
    )
