"""Records behind a figure: what a number, a bar or a cell counts, row by row, each with its document."""

from html import escape

import streamlit as st

from dashboard.charts.entries import section_list
from dashboard.components.head import page_head
from dashboard.components.show import show
from dashboard.frame import current_selection
from dashboard.i18n import _
from dashboard.views.records import record_sets

selection = current_selection()
page_head(
    _("Records behind a figure"),
    _(
        "Numbers, bars and cells on every page lead here: to the records that they count, and from each to its document."
    ),
)
show("records.rows", selection, page="records")
every_kind = _("All records of a kind")
st.html(f'<h2 class="pn-part-head">{escape(every_kind)}</h2>{section_list(record_sets(selection), label=every_kind)}')
