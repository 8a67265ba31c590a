"""The floor: a bare Streamlit page with one Plotly line over years and a slider for the period."""

import plotly.graph_objects as go
import streamlit as st

FIRST, LAST = 2001, 2026

st.set_page_config(layout="wide")
st.html('<h1 id="floor">Floor</h1><p>As little as a page with a chart can show.</p>')
first, last = st.slider("Years", FIRST, LAST, (FIRST, LAST), key="period_choice")
years = list(range(first, last + 1))
figure = go.Figure(go.Scatter(x=years, y=[(year * 7) % 13 for year in years], mode="lines"))
st.plotly_chart(figure, key="chart-line", theme=None, height=320, config={"displayModeBar": False})
st.html('<p class="pn-pagefoot">The end, as on every page.</p>')
