"""The file of a slide: a presentation of our size, theme and one layout, with one view on its one slide."""

import io
from typing import Any

import plotly.graph_objects as go
from lxml import etree  # type: ignore[attr-defined]
from pptx import Presentation
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.util import Inches

from dashboard import db, synthetic
from dashboard.exports.citation import Taking, not_official
from dashboard.exports.slide.boxes import put
from dashboard.exports.slide.chart import add_chart
from dashboard.exports.slide.colours import SLOTS
from dashboard.exports.slide.figure import native_chart
from dashboard.exports.slide.head import add_head
from dashboard.exports.slide.measures import HEIGHT, MARGIN, ROOM, WIDTH
from dashboard.exports.slide.sources import add_foot, speaker_notes
from dashboard.exports.slide.table import add_table
from dashboard.exports.slide.text import HEAD_FONT, TEXT_FONT, clean
from dashboard.i18n import language
from dashboard.queries import sources
from dashboard.views.view import View

_LANGUAGES = {"en": "en-US", "es": "es-ES", "pt": "pt-BR", "fr": "fr-FR"}


def view_slide(view: View, taking: Taking) -> bytes:
    """The view, made with a selection in the light theme, as a presentation of one slide of 16:9.

    Its title is the view's sentence. Bars, lines and points become a chart that can be edited; every other figure the
    table behind it, as much as can be read, with a sentence that says how much that is.
    """
    deck = _empty_deck(view)
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    top = add_head(slide, view)
    if view.empty or not view.table.height:
        pass
    elif chart := native_chart(plain) if (plain := _plain_figure(view)) else None:
        add_chart(slide, view, chart, top)
    else:
        add_table(slide, view, top)
    add_foot(slide, view)
    notes = slide.notes_slide
    frame = notes.notes_text_frame
    if frame is not None:
        frame.text = "\n".join(speaker_notes(view, taking))
    for part in (slide, notes):
        for run in part.element.iter(qn("a:rPr"), qn("a:endParaRPr"), qn("a:defRPr")):
            run.set("lang", _LANGUAGES[language()])
        for run in part.element.iter(qn("a:r")):
            run.get_or_add_rPr().set("lang", _LANGUAGES[language()])
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _plain_figure(view: View) -> go.Figure | None:
    """The figure that a native chart can be made of."""
    return view.figure if isinstance(view.figure, go.Figure) else view.plain


def _empty_deck(view: View) -> Any:
    """A presentation of our size, theme and one layout, without a slide."""
    deck: Any = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDTH), Inches(HEIGHT)
    kept = next(layout for layout in deck.slide_layouts if layout.name == "Title Only")
    for layout in [layout for layout in deck.slide_layouts if layout is not kept]:
        deck.slide_layouts.remove(layout)
    for holder in (deck.slide_master, kept):
        for shape in list(holder.placeholders):
            if shape.placeholder_format.type in (13, 15, 16):  # date, footer and number have a line of their own
                shape.element.getparent().remove(shape.element)
            elif holder is kept or shape.placeholder_format.idx == 0:
                put(shape, MARGIN, 0.8, ROOM, 1.0)
            else:
                put(shape, MARGIN, 2.0, ROOM, 4.4)
    theme = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = _themed(theme.blob)
    background = deck.slide_master.background.fill
    background.solid()
    background.fore_color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
    about_it = deck.core_properties
    about_it.title = clean(f"{synthetic.sentence()} {view.title}" if synthetic.is_synthetic() else view.title)[:255]
    about_it.subject = clean(view.empty or view.takeaway)[:255]
    about_it.author = about_it.last_modified_by = "Panorama"
    about_it.keywords = db.edition()
    about_it.comments = not_official()[:255]
    about_it.language = language()
    # the same edition gives the same file, whenever it is taken
    about_it.created = about_it.modified = sources.edition()["built_at"]
    return deck


def _themed(blob: bytes) -> bytes:
    theme = etree.fromstring(blob)
    scheme = theme.find(f".//{qn('a:clrScheme')}")
    scheme.set("name", "Panorama")
    for slot, colour in SLOTS.items():
        place = scheme.find(qn(f"a:{slot}"))
        for child in list(place):
            place.remove(child)
        etree.SubElement(place, qn("a:srgbClr"), val=colour.removeprefix("#"))
    for kind, font in (("major", HEAD_FONT), ("minor", TEXT_FONT)):
        theme.find(f".//{qn(f'a:{kind}Font')}/{qn('a:latin')}").set("typeface", font)
    return etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)
