"""Sources and methods: what the figures rest on, how they are counted, what an edition is made of."""

import streamlit as st

from dashboard.charts.entries import section_list
from dashboard.components.head import page_head
from dashboard.components.show import show
from dashboard.frame import choose, current_selection
from dashboard.i18n import _
from dashboard.views.sources import section_titles

selection = current_selection()
page_head(
    _("Sources and methods"),
    _("Where every figure comes from, how it is counted, what is missing, and what changed since the last edition."),
)
sections = section_titles()
st.html(
    section_list(
        [(title, f"#{view_id.replace('.', '-')}") for view_id, title in sections.items()], label=_("On this page")
    )
)

st.session_state["source_words"] = selection.find
st.text_input(
    _("Find a source by publisher, title, code or year"),
    key="source_words",
    max_chars=80,
    width=520,
    on_change=lambda: choose(find=" ".join(st.session_state["source_words"].split())),
)
for view_id in sections:
    show(view_id, selection if view_id == "sources.documents" else selection.but(find=""), page="sources")
