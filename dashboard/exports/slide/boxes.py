"""Boxes of text on a slide, and what every shape of a slide has: a place and an alternative text."""

from typing import Any

from lxml import etree  # type: ignore[attr-defined]
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from dashboard.exports.slide.colours import paint
from dashboard.exports.slide.measures import SMALLEST
from dashboard.exports.slide.text import clean
from dashboard.theme import LIGHT


def text_box(
    slide: Any,
    paragraphs: list[str],
    left: float,
    top: float,
    width: float,
    height: float,
    *,
    size: int = SMALLEST,
    colour: str = LIGHT.ink,
    is_bold: bool = False,
) -> Any:
    """A box of text in the type of slides: one paragraph each, at a place and of a size in inches; the shape."""
    box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    fill(box.text_frame, paragraphs, size=size, colour=colour, is_bold=is_bold)
    return box


def fill(
    frame: Any,
    paragraphs: list[str],
    *,
    size: int,
    colour: str,
    is_bold: bool = False,
    is_head: bool = False,
    align: Any = PP_ALIGN.LEFT,
    keeps_margins: bool = False,
) -> None:
    """Put paragraphs into a text frame, in the fonts of the theme and a colour by its role."""
    frame.word_wrap = True
    if not keeps_margins:
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        frame.vertical_anchor = MSO_ANCHOR.TOP
    for n, text in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if n == 0 else frame.add_paragraph()
        paragraph.alignment = align
        paragraph.line_spacing = 1.0 if not is_head else 0.95
        if not text:
            # an empty cell would otherwise be as high as the standard type
            etree.SubElement(paragraph._p, qn("a:endParaRPr")).set("sz", str(size * 100))
            continue
        run = paragraph.add_run()
        run.text = clean(text)
        run.font.size, run.font.bold = Pt(size), is_bold
        # the fonts of the theme by name, so that a deck's own theme can take over
        latin = etree.SubElement(run.font._rPr, qn("a:latin"))
        latin.set("typeface", "+mj-lt" if is_head else "+mn-lt")
        paint(run.font.color, colour)


def put(shape: Any, left: float, top: float, width: float, height: float) -> None:
    """Give a shape its place and size, in inches."""
    shape.left, shape.top, shape.width, shape.height = (Inches(part) for part in (left, top, width, height))


def describe(shape: Any, text: str) -> None:
    """Give a chart or table its alternative text; the empty text marks decoration."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", clean(text))
