"""Where a slide comes from: documents and edition at its foot, everything in the speaker's notes."""

from typing import Any

from lxml import etree  # type: ignore[attr-defined]
from pptx.enum.text import PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from dashboard import db
from dashboard.exports.citation import Taking, about, document_codes
from dashboard.exports.slide.boxes import describe, text_box
from dashboard.exports.slide.colours import paint
from dashboard.exports.slide.measures import FOOT, MARGIN, ROOM, SMALLEST
from dashboard.exports.slide.text import clean, fitted, text_breadth
from dashboard.i18n import _, named
from dashboard.theme import LIGHT
from dashboard.views.cells import documents, wording
from dashboard.views.view import Column, View


def add_foot(slide: Any, view: View) -> None:
    """Add the line at the foot with the documents, the edition, and the number of the slide."""
    line = slide.shapes.add_connector(1, Inches(MARGIN), Inches(FOOT), Inches(MARGIN + ROOM), Inches(FOOT))
    line._element.remove(line._element.find(qn("p:style")))  # it would cast a shadow
    line.line.width = Pt(0.75)
    paint(line.line.color, LIGHT.context)
    describe(line, "")
    cited = tuple(documents(view).values())
    if cited:
        text_box(slide, [_source_line(cited)], MARGIN, FOOT + 0.08, ROOM, 0.32, colour=LIGHT.muted)
    edition = _("Panorama, edition {edition}. Not an official publication of the OAS.", edition=db.edition())
    text_box(slide, [edition], MARGIN, FOOT + 0.38, ROOM - 1.0, 0.32, colour=LIGHT.muted)
    box = text_box(slide, [""], MARGIN + ROOM - 0.9, FOOT + 0.38, 0.9, 0.32, colour=LIGHT.muted)
    paragraph = box.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT
    # a field, so that the number is right in whatever deck the slide is put
    number = etree.fromstring(
        f'<a:fld xmlns:a="{paragraph._p.nsmap["a"]}" id="{{6F0B5A78-0A85-4808-8788-9416222E0001}}" type="slidenum">'
        f'<a:rPr sz="{SMALLEST * 100}"><a:solidFill><a:schemeClr val="tx2"/></a:solidFill></a:rPr><a:t>1</a:t></a:fld>'
    )
    paragraph._p.insert_element_before(number, "a:endParaRPr")


def _source_line(cited: tuple[Any, ...]) -> str:
    """The documents by code as far as a line goes; the others are counted and stand in the notes."""
    line = ""
    for most in range(min(len(cited), 8), 0, -1):
        line = f"{_('Source:')} {document_codes(cited, most)}"
        if text_breadth(line, SMALLEST) <= ROOM * 70:
            return line
    return fitted(line, SMALLEST, ROOM * 0.97)


def speaker_notes(view: View, taking: Taking) -> list[str]:
    """All that is to be known of a view, in lines: what it is, how it counts, its sources in full."""
    said = [named(what, words) for what, words in about(view, taking)]
    if any(wording(one) for column in view.columns for one in _bases(view, column)):
        said.append(_("° Our translation; the document cited has the original wording."))
    said.append(_("Sources"))
    for source in documents(view).values():
        parts = (source.doc_code, source.publisher, source.title, source.vintage, source.licence, source.url)
        said.append("– " + "; ".join(part for part in parts if part))
    return [clean(line) for line in said]


def _bases(view: View, column: Column) -> list[str | None]:
    key = f"{column.key}_basis"
    return view.table[key].unique().to_list() if key in view.table.columns else []
