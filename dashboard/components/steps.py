"""Links to what lies before and after, in one line above a view."""

from collections.abc import Sequence
from html import escape

import streamlit as st


def draw_steps(links: Sequence[tuple[str, str]], name: str) -> None:
    """Draw links (words, address) in their order; ``name`` says to listeners among what they lead."""
    items = "".join(f'<li><a href="{escape(href)}">{escape(words)}</a></li>' for words, href in links)
    st.html(f'<nav class="pn-sections pn-list" aria-label="{escape(name)}"><ul>{items}</ul></nav>')
