"""A view as a slide (PPTX): a sentence, a native chart or table, the sources at its foot and in the speaker's notes."""

import io
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import plotly.graph_objects as go
from lxml import etree  # type: ignore[attr-defined]
from pptx import Presentation
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE, MSO_PATTERN, MSO_THEME_COLOR
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from dashboard import db, synthetic
from dashboard.charts.drawing import breadth
from dashboard.exports.citation import Taking, about, document_codes, not_official
from dashboard.exports.slide_chart import BarChart, LineChart, LineSeries, Look, native_chart
from dashboard.i18n import _, language, named, number, percent
from dashboard.queries import sources
from dashboard.theme import LIGHT
from dashboard.views.cells import documents, wording, written
from dashboard.views.view import Column, View

WIDTH, HEIGHT = 13.333, 7.5  # inches
MARGIN = 0.62
ROOM = WIDTH - 2 * MARGIN
SMALLEST = 14
"""The smallest type on a slide, in points: what the last row of a meeting room can read."""

_HEAD_FONT, _TEXT_FONT = "Georgia", "Arial"
# These fonts against the one that is measured; for headings, the broadest that stands in where the font is missing.
_HEAD_BREADTH, _BOLD_BREADTH, _TEXT_BREADTH = 1.3, 1.11, 1.03
_LANGUAGES = {"en": "en-US", "es": "es-ES", "pt": "pt-BR", "fr": "fr-FR"}
_FOOT = 6.62  # inches from the top
_UPRIGHT = 15  # names of categories that have room beside each other
_PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
_MOST_LINES, _MOST_LOOKED_AT, _PADDING, _GAP, _NOTHING = 2, 60, 0.09, 0.35, "–"
_PATTERNS = {
    "/": MSO_PATTERN.WIDE_UPWARD_DIAGONAL,
    "\\": MSO_PATTERN.WIDE_DOWNWARD_DIAGONAL,
    "|": MSO_PATTERN.DARK_VERTICAL,
    "-": MSO_PATTERN.DARK_HORIZONTAL,
    ".": MSO_PATTERN.PERCENT_30,
    "x": MSO_PATTERN.DIAGONAL_CROSS,
    "+": MSO_PATTERN.SMALL_GRID,
}
_DASHES = {"dot": MSO_LINE.ROUND_DOT, "dash": MSO_LINE.DASH, "dashdot": MSO_LINE.DASH_DOT}
# The slots of an Office theme and the roles that stand in them, so that a deck's own theme can take over.
_SLOTS = {
    "dk1": LIGHT.ink,
    "lt1": LIGHT.page,
    "dk2": LIGHT.muted,
    "lt2": LIGHT.line,
    "accent1": LIGHT.focus,
    "accent2": LIGHT.announced,
    "accent3": LIGHT.context,
    "accent4": LIGHT.subregions[0],
    "accent5": LIGHT.subregions[2],
    "accent6": LIGHT.subregions[3],
    "hlink": LIGHT.focus,
    "folHlink": LIGHT.context,
}
_ROLES = {
    LIGHT.ink: MSO_THEME_COLOR.TEXT_1,
    LIGHT.page: MSO_THEME_COLOR.BACKGROUND_1,
    LIGHT.muted: MSO_THEME_COLOR.TEXT_2,
    LIGHT.line: MSO_THEME_COLOR.BACKGROUND_2,
    LIGHT.focus: MSO_THEME_COLOR.ACCENT_1,
    LIGHT.announced: MSO_THEME_COLOR.ACCENT_2,
    LIGHT.context: MSO_THEME_COLOR.ACCENT_3,
    LIGHT.subregions[0]: MSO_THEME_COLOR.ACCENT_4,
    LIGHT.subregions[2]: MSO_THEME_COLOR.ACCENT_5,
    LIGHT.subregions[3]: MSO_THEME_COLOR.ACCENT_6,
}


def view_slide(view: View, taking: Taking) -> bytes:
    """The view, made with a selection in the light theme, as a presentation of one slide of 16:9.

    Its title is the view's sentence. Bars, lines and points become a chart that can be edited; every other figure the
    table behind it, as much as can be read, with a sentence that says how much that is.
    """
    deck = _empty_deck(view)
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    top = _head(slide, view)
    if view.empty or not view.table.height:
        pass
    elif chart := native_chart(plain) if (plain := _plain_figure(view)) else None:
        _chart(slide, view, chart, top)
    else:
        _table(slide, view, top)
    _foot(slide, view)
    notes = slide.notes_slide
    frame = notes.notes_text_frame
    if frame is not None:
        frame.text = "\n".join(_notes(view, taking))
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
                _put(shape, MARGIN, 0.8, ROOM, 1.0)
            else:
                _put(shape, MARGIN, 2.0, ROOM, 4.4)
    theme = deck.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme._blob = _themed(theme.blob)
    background = deck.slide_master.background.fill
    background.solid()
    background.fore_color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
    about_it = deck.core_properties
    about_it.title = _clean(f"{synthetic.sentence()} {view.title}" if synthetic.is_synthetic() else view.title)[:255]
    about_it.subject = _clean(view.empty or view.takeaway)[:255]
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
    for slot, colour in _SLOTS.items():
        place = scheme.find(qn(f"a:{slot}"))
        for child in list(place):
            place.remove(child)
        etree.SubElement(place, qn("a:srgbClr"), val=colour.removeprefix("#"))
    for kind, font in (("major", _HEAD_FONT), ("minor", _TEXT_FONT)):
        theme.find(f".//{qn(f'a:{kind}Font')}/{qn('a:latin')}").set("typeface", font)
    return etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _head(slide: Any, view: View) -> float:
    """The banner of made-up records, the view's title as a line above, the sentence; returns where the rest begins."""
    top = 0.38
    if synthetic.is_synthetic():
        _words(slide, [synthetic.sentence()], MARGIN, top - 0.1, ROOM, 0.34, colour=LIGHT.announced, is_bold=True)
        top += 0.28
    said = view.empty or view.takeaway
    above = " · ".join(part for part in (view.title, "" if view.period in view.title else view.period) if part)
    size = next((size for size in (28, 26, 24, 22) if len(_lines(said, size, ROOM, is_head=True)) <= 2), 0)
    is_sentence_first = bool(size) and said != view.title
    title = said if is_sentence_first else view.title
    size = (
        size
        if is_sentence_first
        else next((size for size in (28, 24, 20, 18) if len(_lines(title, size, ROOM, is_head=True)) <= 2), 16)
    )
    if is_sentence_first:
        _words(slide, [_fitted(above, 16, ROOM)], MARGIN, top, ROOM, 0.36, size=16, colour=LIGHT.muted)
        top += 0.38
    height = _height(_lines(title, size, ROOM, is_head=True), size)
    holder = slide.shapes.title
    _put(holder, MARGIN, top, ROOM, height)
    _fill(holder.text_frame, [title], size=size, colour=LIGHT.ink, is_bold=True, is_head=True)
    top += height + 0.06
    if not is_sentence_first:
        text = said if said != title else view.period
        size = next((size for size in (20, 18, 16) if len(_lines(text, size, ROOM)) <= 3), SMALLEST)
        height = _height(_lines(text, size, ROOM), size)
        _words(slide, [text], MARGIN, top, ROOM, height, size=size, colour=LIGHT.muted)
        top += height + 0.06
    return top + 0.1


def _foot(slide: Any, view: View) -> None:
    line = slide.shapes.add_connector(1, Inches(MARGIN), Inches(_FOOT), Inches(MARGIN + ROOM), Inches(_FOOT))
    line._element.remove(line._element.find(qn("p:style")))  # it would cast a shadow
    line.line.width = Pt(0.75)
    _paint(line.line.color, LIGHT.context)
    _described(line, "")
    cited = tuple(documents(view).values())
    if cited:
        _words(slide, [_source_line(cited)], MARGIN, _FOOT + 0.08, ROOM, 0.32, colour=LIGHT.muted)
    edition = _("Panorama, edition {edition}. Not an official publication of the OAS.", edition=db.edition())
    _words(slide, [edition], MARGIN, _FOOT + 0.38, ROOM - 1.0, 0.32, colour=LIGHT.muted)
    box = _words(slide, [""], MARGIN + ROOM - 0.9, _FOOT + 0.38, 0.9, 0.32, colour=LIGHT.muted)
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
        if _breadth(line, SMALLEST) <= ROOM * 70:
            return line
    return _fitted(line, SMALLEST, ROOM * 0.97)


def _notes(view: View, taking: Taking) -> list[str]:
    said = [named(what, words) for what, words in about(view, taking)]
    if any(wording(one) for column in view.columns for one in _bases(view, column)):
        said.append(_("° Our translation; the document cited has the original wording."))
    said.append(_("Sources"))
    for source in documents(view).values():
        parts = (source.doc_code, source.publisher, source.title, source.vintage, source.licence, source.url)
        said.append("– " + "; ".join(part for part in parts if part))
    return [_clean(line) for line in said]


def _bases(view: View, column: Column) -> list[str | None]:
    key = f"{column.key}_basis"
    return view.table[key].unique().to_list() if key in view.table.columns else []


# Charts ---------------------------------------------------------------------------------------------------------------


def _chart(slide: Any, view: View, chart: BarChart | LineChart, top: float) -> None:
    remarks = [line for remark in chart.remarks for line in _lines("◆ " + remark, SMALLEST, ROOM)]
    bottom = _FOOT - 0.12 - (_height(remarks, SMALLEST) if remarks else 0)
    if isinstance(chart, BarChart):
        kind, data = _bar_data(chart)
    else:
        kind, data = _line_data(chart)
    place = (Inches(MARGIN), Inches(top), Inches(ROOM), Inches(bottom - top))
    frame = slide.shapes.add_chart(kind, *place, data)
    _described(frame, view.takeaway)
    native = frame.chart
    native.font.size = Pt(SMALLEST)
    native.font.name = _TEXT_FONT
    _paint(native.font.color, LIGHT.muted)
    native.has_title = False
    native.has_legend = len(chart.series) > 1
    if native.has_legend:
        native.legend.position = XL_LEGEND_POSITION.TOP
        native.legend.include_in_layout = False
        native.legend.font.size = Pt(SMALLEST)
        _paint(native.legend.font.color, LIGHT.ink)
        _leave_out_of_legend(native, _unnamed(chart))
    _axes(native, chart)
    if isinstance(chart, BarChart):
        _paint_bars(native, chart)
    else:
        _paint_lines(native, chart)
    if remarks:
        _words(slide, ["◆ " + remark for remark in chart.remarks], MARGIN, bottom + 0.04, ROOM, _FOOT - bottom - 0.1)


def _bar_data(chart: BarChart) -> tuple[Any, CategoryChartData]:
    kind = {
        (True, True): XL_CHART_TYPE.BAR_STACKED,
        (True, False): XL_CHART_TYPE.BAR_CLUSTERED,
        (False, True): XL_CHART_TYPE.COLUMN_STACKED,
        (False, False): XL_CHART_TYPE.COLUMN_CLUSTERED,
    }[chart.is_lying, chart.is_stacked]
    data = CategoryChartData(number_format=_format(chart))
    data.categories = [_no_formula(category) for category in chart.categories]
    for one in chart.series:
        data.add_series(_no_formula(one.name), one.values)
    return kind, data


def _line_data(chart: LineChart) -> tuple[Any, CategoryChartData | XyChartData]:
    if chart.is_yearly:
        # one row a year in the sheet behind the chart, which staff can edit; an empty cell is a hole in the line
        by_year = CategoryChartData(number_format=_format(chart))
        years = _years(chart)
        by_year.categories = [str(year) for year in years]
        for one in chart.series:
            values = dict(one.points)
            by_year.add_series(_no_formula(one.name), [values.get(year) for year in years])
        return XL_CHART_TYPE.LINE_MARKERS, by_year
    data = XyChartData(number_format=_format(chart))
    for one in chart.series:
        series = data.add_series(_no_formula(one.name))
        for x, y in one.points:
            if y is not None:
                series.add_data_point(x, y)
    return XL_CHART_TYPE.XY_SCATTER_LINES_NO_MARKERS, data


def _years(chart: LineChart) -> range:
    return range(round(chart.first), round(chart.last) + 1)


def _format(chart: BarChart | LineChart) -> str:
    values = (
        [value for one in chart.series for value in one.values]
        if isinstance(chart, BarChart)
        else [y for one in chart.series for _x, y in one.points]
    )
    if chart.is_percent:
        return "0%"
    return "#,##0" if all(value is None or float(value).is_integer() for value in values) else "#,##0.0##"


def _axes(native: Any, chart: BarChart | LineChart) -> None:
    measure = native.value_axis
    measure.has_major_gridlines = True
    measure.major_gridlines.format.line.width = Pt(0.75)
    _paint(measure.major_gridlines.format.line.color, LIGHT.line)
    measure.format.line.fill.background()
    measure.major_tick_mark = XL_TICK_MARK.NONE
    measure.tick_labels.number_format = _format(chart)
    measure.tick_labels.number_format_is_linked = False
    along = native.category_axis
    along.has_major_gridlines = False
    along.major_tick_mark = XL_TICK_MARK.NONE
    along.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    along.format.line.width = Pt(1)
    _paint(along.format.line.color, LIGHT.context)
    for axis in (measure, along):
        axis.tick_labels.font.size = Pt(SMALLEST)
        _paint(axis.tick_labels.font.color, LIGHT.muted)
    if isinstance(chart, BarChart):
        values = [value for one in chart.series for value in one.values if value is not None]
        if min(values) >= 0:
            measure.minimum_scale = 0
        if chart.is_lying:
            along.reverse_order = True
            measure.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
        if len(chart.categories) > _UPRIGHT and not chart.is_lying:
            # all years in full: left to itself, each program leaves out other ones
            along._element.get_or_add_txPr().find(qn("a:bodyPr")).set("rot", "-2700000")
    else:
        step = max(1, round((chart.last - chart.first) / 12))
        if chart.is_yearly:
            _every(along, step)
        else:
            along.tick_labels.number_format = "0"
            along.tick_labels.number_format_is_linked = False
            along.minimum_scale, along.maximum_scale = chart.first, chart.last
            along.major_unit = step
        if all(y is None or y >= 0 for one in chart.series for _x, y in one.points):
            measure.minimum_scale = 0


def _every(axis: Any, step: int) -> None:
    """Write only every so many of an axis' categories."""
    offset = axis._element.find(qn("c:lblOffset"))
    offset.addnext(parse_xml(f'<c:tickLblSkip xmlns:c="{axis._element.nsmap["c"]}" val="{step}"/>'))


def _paint_bars(native: Any, chart: BarChart) -> None:
    plot = native.plots[0]
    plot.gap_width = 15 if chart.is_stacked else 30
    plot.overlap = 100 if chart.is_stacked else 0
    for series, one in zip(plot.series, chart.series, strict=True):
        series.invert_if_negative = False
        _fill_bar(series.format, one.look)
        if chart.has_figures:
            labels = series.data_labels
            sign = one.sign.replace('"', "")
            labels.number_format = f'"{sign}"{_format(chart)}' if sign else _format(chart)
            labels.number_format_is_linked = False
            labels.show_value = True
            labels.font.size = Pt(SMALLEST)
            _paint(labels.font.color, LIGHT.ink)
            if not chart.is_stacked:
                labels.position = XL_LABEL_POSITION.OUTSIDE_END


def _fill_bar(format_: Any, look: Look) -> None:
    fill = format_.fill
    if look.hatch:
        fill.patterned()
        fill.pattern = _PATTERNS.get(look.hatch, MSO_PATTERN.WIDE_UPWARD_DIAGONAL)
        _paint(fill.fore_color, look.colour)
        _paint(fill.back_color, LIGHT.page)
    else:
        fill.solid()
        _paint(fill.fore_color, look.colour)
    if look.outline:
        format_.line.width = Pt(2 if look.outline == LIGHT.ink else 1)
        _paint(format_.line.color, look.outline)


def _paint_lines(native: Any, chart: LineChart) -> None:
    named = len(chart.series) - len(_unnamed(chart))
    for series, one in zip(native.plots[0].series, chart.series, strict=True):
        series.smooth = False
        if one.has_line:
            series.format.line.width = Pt(one.look.width)
            _paint(series.format.line.color, one.look.colour)
            if one.look.dash in _DASHES:
                series.format.line.dash_style = _DASHES[one.look.dash]
        else:
            series.format.line.fill.background()
        series.marker.style = XL_MARKER_STYLE.NONE
        for place in _marked(one):
            _mark((series.points[_place(chart, one, place)] if one.is_quiet else series).marker, one)
        if one.has_line and one.is_last and not one.is_quiet and (one.has_marks or len(one.points) > 1):
            label = series.points[_place(chart, one, len(one.points) - 1)].data_label
            frame = label.text_frame
            frame.text = _last_value(one.points[-1][1], chart)
            # above its point a value would lie on the line of another
            label.position = XL_LABEL_POSITION.RIGHT if named > 1 else XL_LABEL_POSITION.ABOVE
            run = frame.paragraphs[0].runs[0]
            run.font.size, run.font.bold = Pt(16), True
            _paint(run.font.color, one.look.colour)


def _marked(one: LineSeries) -> list[int]:
    """The points of a line with a mark: of a quiet one only those that no line reaches, else all, told by the first."""
    if not one.has_marks:
        return []
    if not one.is_quiet:
        return [0]
    years = [x for x, _y in one.points]
    return [n for n, x in enumerate(years) if x - 1 not in years[n - 1 : n] and x + 1 not in years[n + 1 : n + 2]]


def _place(chart: LineChart, one: LineSeries, n: int) -> int:
    """The place of the n-th point of a line in the chart's sheet."""
    return round(one.points[n][0] - chart.first) if chart.is_yearly else n


def _mark(marker: Any, one: LineSeries) -> None:
    marker.style = XL_MARKER_STYLE.CIRCLE
    marker.size = 4 if one.is_quiet else 8
    marker.format.fill.solid()
    _paint(marker.format.fill.fore_color, one.look.colour)
    marker.format.line.fill.background()


def _unnamed(chart: BarChart | LineChart) -> list[int]:
    """The places of the series that have no entry of their own in the legend."""
    if isinstance(chart, BarChart):
        return []
    return [n for n, one in enumerate(chart.series) if one.is_quiet or one.is_continued]


def _leave_out_of_legend(native: Any, places: list[int]) -> None:
    """Take the series at these places out of the legend; they stay in the chart and in its sheet."""
    legend = native.legend._element
    for place in reversed(places):
        entry = (
            f'<c:legendEntry xmlns:c="{legend.nsmap["c"]}"><c:idx val="{place}"/><c:delete val="1"/></c:legendEntry>'
        )
        legend.insert(1, parse_xml(entry))


def _last_value(value: float | None, chart: LineChart) -> str:
    """The last value of a line as it is written beside it."""
    if value is None:
        return ""
    return (
        percent(value)
        if chart.is_percent
        else number(value, 0 if float(value).is_integer() else 1 if abs(value) >= 10 else 2)
    )


# Tables ---------------------------------------------------------------------------------------------------------------


Words = tuple[str, int]
"""A text and the number of lines that it takes."""


@dataclass(frozen=True)
class Sheet:
    """A table that fits: type size, columns with their breadth in inches, rows of cells by line, and side-by-side parts."""

    size: int
    columns: tuple[Column, ...]
    widths: tuple[float, ...]
    head: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]
    parts: int
    rows_in_part: int
    cuts: int  # cells that do not show all of their text


def _table(slide: Any, view: View, top: float) -> None:
    room = _FOOT - 0.18 - top
    sheet = _sheet(view, room)
    if len(sheet.rows) < view.table.height or len(sheet.columns) < len(view.columns):
        sheet = _sheet(view, room - 0.36)
        _words(slide, [_left_out(view, sheet)], MARGIN, _FOOT - 0.36, ROOM, 0.3, colour=LIGHT.muted)
    across = len(sheet.columns) * sheet.parts + sheet.parts - 1
    heights = _heights(sheet)
    wide = sum(sheet.widths) * sheet.parts + _GAP * (sheet.parts - 1)
    frame = slide.shapes.add_table(
        len(heights), across, Inches(MARGIN), Inches(top), Inches(wide), Inches(sum(heights))
    )
    _described(frame, view.takeaway)
    table = frame.table
    table.first_row, table.horz_banding = True, False
    frame._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId")).text = _PLAIN_TABLE
    for place in range(across):
        part, n = divmod(place, len(sheet.columns) + 1)
        column = sheet.columns[n] if n < len(sheet.columns) else None
        table.columns[place].width = Inches(sheet.widths[n] if column else _GAP)
        _cell(table.cell(0, place), sheet.head[n][0] if column else "", column, sheet, is_head=True)
        for down in range(sheet.rows_in_part):
            row = part * sheet.rows_in_part + down
            is_there = column is not None and row < len(sheet.rows)
            words, own = (sheet.rows[row][n][0], column) if is_there else ("", None)
            _cell(table.cell(down + 1, place), words, own, sheet)
    for row, height in zip(table.rows, heights, strict=True):
        row.height = Inches(height)


def _heights(sheet: Sheet) -> list[float]:
    """The height of each row in inches, the head first."""
    line = sheet.size * 1.2 / 72
    counts = [max(lines for _text, lines in sheet.head)] + [
        max(lines for row in _beside(sheet, down) for _text, lines in sheet.rows[row])
        for down in range(sheet.rows_in_part)
    ]
    return [line * count + _padding(sheet) for count in counts]


def _padding(sheet: Sheet) -> float:
    """The space above and below the words of a row; less where the table stands in parts beside each other."""
    return _PADDING if sheet.parts == 1 else _PADDING / 2


def _beside(sheet: Sheet, down: int) -> list[int]:
    rows = (part * sheet.rows_in_part + down for part in range(sheet.parts))
    return [row for row in rows if row < len(sheet.rows)]


def _left_out(view: View, sheet: Sheet) -> str:
    places = {
        "shown": len(sheet.rows),
        "total": view.table.height,
        "columns": len(sheet.columns),
        "all": len(view.columns),
    }
    if len(sheet.columns) == len(view.columns):
        return _("The first {shown} of {total} rows; the workbook (XLSX) of this view has all.", **places)
    if len(sheet.rows) == view.table.height:
        return _("{columns} of {all} columns; the workbook (XLSX) of this view has all.", **places)
    return _(
        "The first {shown} of {total} rows and {columns} of {all} columns; the workbook (XLSX) of this view has all.",
        **places,
    )


def _sheet(view: View, room: float) -> Sheet:
    """As much of the view's table as can be read in a room of that height.

    Rather more columns than more rows, then whole words, then larger type.
    """
    rows = view.table.head(_MOST_LOOKED_AT).to_dicts()
    texts = [[_text(column, row) for column in view.columns] for row in rows]
    sizes = (20, 18, 16, SMALLEST) if len(rows) <= 24 else (SMALLEST,)
    # of a list of states none is left out, rather than that one more column is shown
    is_of_states = view.columns[0].kind == "area" and len(rows) == view.table.height
    sheets = [
        sheet
        for limit in ((len(view.columns), 2) if is_of_states else (len(view.columns),))
        for size in sizes
        for parts in (1, 2, 3)
        for most in ((8, 3, _MOST_LINES) if len(rows) <= 12 else (_MOST_LINES,))
        for sheet in [_sheet_in(view, texts, room, size, parts, most, limit)]
        if sheet is not None
    ]
    return max(
        sheets,
        key=lambda sheet: (
            is_of_states and len(sheet.rows) == len(rows),
            len(sheet.columns),
            len(sheet.rows),
            -sheet.cuts,
            sheet.size,
            -sheet.parts,
        ),
    )


def _sheet_in(
    view: View, texts: list[list[str]], room: float, size: int, parts: int, most: int, limit: int
) -> Sheet | None:
    """The table in that type, in parts side by side, with cells of at most so many lines; none where it makes no sense.

    ``limit`` is how many of its columns are offered.
    """
    wide = (ROOM - _GAP * (parts - 1)) / parts
    places, widths = _chosen(view, texts, size, wide, limit)
    if parts > 1 and (len(texts) <= 12 or len(places) < min(2, len(view.columns))):
        return None
    columns = tuple(view.columns[place] for place in places)
    widths = _stretched(columns, widths, [[row[place] for row in texts] for place in places], size, wide)
    head = tuple(
        _cut(column.label, size * _BOLD_BREADTH, width, 3) for column, width in zip(columns, widths, strict=True)
    )
    cells = tuple(
        tuple(_cut(row[place], size, width, most) for place, width in zip(places, widths, strict=True)) for row in texts
    )
    shown = len(cells)
    while shown:
        cuts = sum(text.endswith("…") for row in cells[:shown] for text, _lines in row)
        sheet = Sheet(size, columns, widths, head, cells[:shown], parts, -(-shown // parts), cuts)
        if sum(_heights(sheet)) <= room:
            return sheet
        shown -= 1
    return Sheet(size, columns, widths, head, cells[:1], 1, 1, 0) if parts == 1 else None


def _chosen(
    view: View, texts: list[list[str]], size: int, room: float, limit: int
) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """The places of the columns from the left that fit beside each other, and how broad each has to be.

    Empty ones are passed over; documents stand at the foot and in the notes.
    """
    offered = [n for n, column in enumerate(view.columns) if column.kind != "source"] or [*range(len(view.columns))]
    chosen: list[int] = []
    widths: list[float] = []
    left = room
    for place in offered[:limit]:
        own = [row[place] for row in texts]
        width = _width(view.columns[place], own, size, room)
        if chosen and (width > left or all(text == _NOTHING for text in own)):
            continue
        chosen.append(place)
        widths.append(min(width, room))
        left -= width
    return tuple(chosen), tuple(widths)


def _width(column: Column, texts: list[str], size: int, room: float) -> float:
    """The breadth of a column in inches: the longest word whole, most cells in one line or two."""
    head = size * _BOLD_BREADTH
    word = max(
        (
            _breadth(word, size if text is not column.label else head)
            for text in (column.label, *texts)
            for word in text.split()
        ),
        default=0,
    )
    lengths = sorted(_breadth(text, size) for text in texts) or [0.0]
    usual = (
        lengths[int(len(lengths) * 0.9)]
        if room < ROOM
        else lengths[-1]
        if lengths[-1] < 220
        else lengths[int(len(lengths) * 0.9)]
    )
    most = (2.2 if column.kind in ("number", "percent", "year") else min(4.6, room * 0.6)) * 72
    wanted = usual if usual <= most * 0.75 else min(usual / 1.7, most)
    return max(min(word, most), wanted, min(_breadth(column.label, head) / 2, most)) * 1.03 / 72 + 0.18


def _stretched(
    chosen: tuple[Column, ...], widths: tuple[float, ...], texts: list[list[str]], size: int, room: float
) -> tuple[float, ...]:
    """The widths with what is left of the room given to the columns of words, first to those that need it."""
    words = [n for n, column in enumerate(chosen) if column.kind in ("text", "area")] or list(range(len(chosen)))
    needed = [max((_breadth(text, size) for text in own), default=0) * 1.03 / 72 + 0.2 for own in texts]
    broken = [n for n, width in enumerate(widths) if needed[n] > width]
    left = max(0.0, room - sum(widths))
    grown = list(widths)
    # who needs least is served first: what it leaves is for the others
    for position, n in enumerate(sorted(broken, key=lambda n: needed[n] - widths[n])):
        given = min(needed[n] - widths[n], left / (len(broken) - position))
        grown[n] += given
        left -= given
    if broken:
        return tuple(grown)
    share = left / len(words)
    share = min(share, 2.4) if room == ROOM else 0.0
    return tuple(width + share if n in words else width for n, width in enumerate(widths))


def _text(column: Column, row: dict[str, Any]) -> str:
    text = written(column, row)
    if text and wording(row.get(f"{column.key}_basis")):
        text += "°"
    return _clean(" ".join(text.split())) or _NOTHING


def _cell(cell: Any, text: str, column: Column | None, sheet: Sheet, *, is_head: bool = False) -> None:
    cell.margin_left, cell.margin_right = Inches(0), Inches(0.16)
    cell.margin_top = cell.margin_bottom = Inches(_padding(sheet) / 2)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if is_head else MSO_ANCHOR.TOP
    is_number = column is not None and column.kind in ("number", "percent", "year")
    _fill(
        cell.text_frame,
        [text],
        size=sheet.size,
        colour=LIGHT.muted if is_head else LIGHT.ink,
        is_bold=is_head,
        align=PP_ALIGN.RIGHT if is_number else PP_ALIGN.LEFT,
        keeps_margins=True,
    )
    if column is None:
        return
    properties = cell._tc.get_or_add_tcPr()
    border = etree.SubElement(properties, qn("a:lnB"), w=str(Pt(1 if is_head else 0.75)))
    paint = etree.SubElement(etree.SubElement(border, qn("a:solidFill")), qn("a:schemeClr"))
    paint.set("val", "accent3" if is_head else "bg2")


# Words ----------------------------------------------------------------------------------------------------------------


def _words(
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
    is_low: bool = False,
) -> Any:
    box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    _fill(box.text_frame, paragraphs, size=size, colour=colour, is_bold=is_bold)
    if is_low:
        box.text_frame.vertical_anchor = MSO_ANCHOR.BOTTOM
    return box


def _fill(
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
        run.text = _clean(text)
        run.font.size, run.font.bold = Pt(size), is_bold
        # the fonts of the theme by name, so that a deck's own theme can take over
        latin = etree.SubElement(run.font._rPr, qn("a:latin"))
        latin.set("typeface", "+mj-lt" if is_head else "+mn-lt")
        _paint(run.font.color, colour)


@lru_cache(maxsize=20_000)
def _breadth(text: str, size: float, *, is_head: bool = False) -> float:
    """About how broad a text is on a slide, in points."""
    return breadth(text, size) * (_HEAD_BREADTH if is_head else _TEXT_BREADTH)


def _lines(text: str, size: float, width: float, *, is_head: bool = False) -> list[str]:
    """A text in lines of a breadth in inches, broken as programs do: at spaces and after hyphens, else within a word."""
    most = width * 72
    lines = [""]
    for space, word in re.findall(r"(\s*)([^\s-]*-+(?=\S)|[^\s-]*-*\S?)", text):
        longer = lines[-1] + (" " if space and lines[-1] else "") + word
        if not word or _breadth(longer, size, is_head=is_head) <= most:
            lines[-1] = longer if word else lines[-1]
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and _breadth(lines[-1] + letter, size, is_head=is_head) > most:
                lines.append("")
            lines[-1] += letter
    return lines


def _cut(text: str, size: float, width: float, most: int = _MOST_LINES) -> Words:
    """A text and the lines it takes, at most so many; one that is longer ends in a sign that something is left out."""
    inner = width - 0.18
    lines = _lines(text, size, inner)
    if len(lines) <= most:
        return text, len(lines)
    return " ".join([*lines[: most - 1], _fitted(" ".join(lines[most - 1 :]), size, inner)]), most


def _fitted(text: str, size: float, width: float) -> str:
    """A text cut to one line of a breadth in inches."""
    if _breadth(text, size) <= width * 72:
        return text
    room = width * 72 - _breadth("…", size)
    kept = text
    while kept and _breadth(kept, size) > room:
        kept = kept[:-1]
    return kept.rstrip(" ,;.") + "…"


def _height(lines: list[str], size: float) -> float:
    return len(lines) * size * 1.22 / 72 + 0.04


def _clean(text: str) -> str:
    """A text without characters that no document can hold."""
    return "".join(
        letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs", "Co")
    )


def _no_formula(text: str) -> str:
    """A text for the sheet behind a chart, which would take some beginnings for a formula."""
    text = _clean(text)
    return "'" + text if re.match(r"[=+\-@\t\r]", text) else text


def _paint(colour: Any, paint: str) -> None:
    """A colour by its role in the theme where it has one."""
    if paint in _ROLES:
        colour.theme_color = _ROLES[paint]
    else:
        colour.rgb = RGBColor.from_string(paint.removeprefix("#").upper())


def _put(shape: Any, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top, shape.width, shape.height = (Inches(part) for part in (left, top, width, height))


def _described(shape: Any, text: str) -> None:
    """Give a chart or table its alternative text; the empty text marks decoration."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", _clean(text))
