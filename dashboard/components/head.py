"""The head of a page: what it is about, in one title and one or two sentences."""

from html import escape

import streamlit as st

START = "pn-start"
"""Where the content of a page begins: the id of its heading, to which a reader may skip."""


def page_head(title: str, lede: str, *, kicker: str = "", official: str = "") -> None:
    """Draw the page's one first-level heading with its introduction, and an official name under it."""
    above = f'<p class="pn-kicker">{escape(kicker)}</p>' if kicker else ""
    below = f'<p class="pn-official">{escape(official)}</p>' if official else ""
    st.html(
        f'<div>{above}<h1 class="pn-h1" id="{START}" tabindex="-1">{escape(title)}</h1>{below}<p class="pn-lede">{escape(lede)}</p></div>'
    )
