"""A part of a page that is words only: a heading, paragraphs, and points of a list."""

from collections.abc import Sequence
from html import escape

import streamlit as st


def prose(title: str, *paragraphs: str, points: Sequence[str] = ()) -> None:
    """Draw a second-level heading with what is to be read under it."""
    said = "".join(f"<p>{escape(words)}</p>" for words in paragraphs)
    listed = "".join(f"<li>{escape(words)}</li>" for words in points)
    below = f"<ul>{listed}</ul>" if listed else ""
    st.html(f'<section class="pn-prose"><h2 class="pn-title">{escape(title)}</h2>{said}{below}</section>')
