"""Sources and methods: what the figures rest on, how they are counted, what an edition is made of."""

import streamlit as st

from dashboard.charts.entries import section_list
from dashboard.components.edition_choice import edition_choice
from dashboard.components.head import page_head
from dashboard.components.show import show
from dashboard.frame import choose, current_selection
from dashboard.i18n import _
from dashboard.views.changes import COMPARING, settled
from dashboard.views.sources import section_titles

selection = current_selection()
page_head(
    _("Sources and methods"),
    _("Where every figure comes from, how it is counted, what is missing, and what changed since the last edition."),
)
own = {"sources.documents": selection.but(before="", after="")} | dict.fromkeys(
    COMPARING, settled(selection).but(find="")
)
# where no earlier edition is on file, one sentence says so for all that would be compared
untold = () if settled(selection).before else COMPARING[1:]
sections = {view_id: title for view_id, title in section_titles().items() if view_id not in untold}
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
    if view_id == "sources.revisions":
        edition_choice(selection, choose)
    show(view_id, own.get(view_id, selection.but(find="", before="", after="")), page="sources")
