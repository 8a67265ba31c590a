"""The entry script: read the address, draw the frame, run the page."""

import streamlit as st

from dashboard import db, frame


def main() -> None:
    """Draw the page that the address names."""
    st.set_page_config(layout="wide")  # each page brings its own title; the icon stands in the head of the page
    try:
        problems = frame.begin()
    except db.NoEdition as error:
        frame.no_edition(error)
        return
    page, here, pages = frame.navigation()
    frame.header(here, pages)
    frame.tell([*problems, *frame.unknown_page(here)], here)
    frame.banners()
    page.run()
    frame.page_foot()


main()
