"""The text floor: a bare Streamlit page with a heading and a sentence, the least that a page can be."""

import streamlit as st

st.set_page_config(layout="wide")
st.html('<h1 id="floor">Floor</h1><p>As little as a page can show.</p>')
st.html('<p class="pn-pagefoot">The end, as on every page.</p>')
