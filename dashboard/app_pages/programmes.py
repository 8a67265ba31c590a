"""Programmes, and the mandates and recommendations behind them."""

from html import escape

import streamlit as st

from dashboard.components.head import page_head
from dashboard.components.show import show
from dashboard.frame import current_selection
from dashboard.i18n import _

selection = current_selection()
page_head(
    _("Programmes"),
    _(
        "What the OAS carried out, planned or announced against trafficking in persons, in which states and when; and what "
        "the meetings of authorities and the organs of the OAS asked for."
    ),
)
show("programmes.matrix", selection, page="programmes")
show("programmes.countries", selection, page="programmes")
left, right = st.columns(2, gap="large")
with left:
    show("programmes.by_pillar", selection, page="programmes")
with right:
    show("programmes.funders", selection, page="programmes")
show("programmes.timeline", selection, page="programmes")
show("programmes.undated", selection, page="programmes")
show("programmes.list", selection, page="programmes")
show("programmes.deployments", selection, page="programmes")

st.html(f'<h2 class="pn-part-head" id="mandates">{escape(_("Mandates and recommendations"))}</h2>')
show("commitments.meetings", selection, page="programmes", level=3)
show("commitments.recommendations", selection, page="programmes", level=3)
show("commitments.by_pillar", selection, page="programmes", level=3)
