"""The head of a slide: the sentence of its view, or the title where the sentence is too long for a heading."""

from typing import Any

from dashboard import synthetic
from dashboard.exports.slide.boxes import fill, put, text_box
from dashboard.exports.slide.measures import MARGIN, ROOM, SMALLEST
from dashboard.exports.slide.text import fitted, height_of, in_lines
from dashboard.theme import LIGHT
from dashboard.views.view import View


def add_head(slide: Any, view: View) -> float:
    """The banner of made-up records, the view's title as a line above, the sentence; returns where the rest begins."""
    top = 0.38
    if synthetic.is_synthetic():
        text_box(slide, [synthetic.sentence()], MARGIN, top - 0.1, ROOM, 0.34, colour=LIGHT.announced, is_bold=True)
        top += 0.28
    said = view.empty or view.takeaway
    above = " · ".join(part for part in (view.title, "" if view.period in view.title else view.period) if part)
    size = next((size for size in (28, 26, 24, 22) if len(in_lines(said, size, ROOM, is_head=True)) <= 2), 0)
    is_sentence_first = bool(size) and said != view.title
    title = said if is_sentence_first else view.title
    size = (
        size
        if is_sentence_first
        else next((size for size in (28, 24, 20, 18) if len(in_lines(title, size, ROOM, is_head=True)) <= 2), 16)
    )
    if is_sentence_first:
        text_box(slide, [fitted(above, 16, ROOM)], MARGIN, top, ROOM, 0.36, size=16, colour=LIGHT.muted)
        top += 0.38
    height = height_of(in_lines(title, size, ROOM, is_head=True), size)
    holder = slide.shapes.title
    put(holder, MARGIN, top, ROOM, height)
    fill(holder.text_frame, [title], size=size, colour=LIGHT.ink, is_bold=True, is_head=True)
    top += height + 0.06
    if not is_sentence_first:
        text = said if said != title else view.period
        size = next((size for size in (20, 18, 16) if len(in_lines(text, size, ROOM)) <= 3), SMALLEST)
        height = height_of(in_lines(text, size, ROOM), size)
        text_box(slide, [text], MARGIN, top, ROOM, height, size=size, colour=LIGHT.muted)
        top += height + 0.06
    return top + 0.1
