"""A native chart on a slide: its numbers in a sheet that can be edited, its colours by role, its axes and labels."""

import re
from typing import Any

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE, MSO_PATTERN
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from dashboard.exports.slide.boxes import describe, text_box
from dashboard.exports.slide.colours import paint
from dashboard.exports.slide.figure import BarChart, LineChart, LineSeries, Look
from dashboard.exports.slide.measures import FOOT, MARGIN, ROOM, SMALLEST
from dashboard.exports.slide.text import TEXT_FONT, clean, height_of, in_lines
from dashboard.i18n import number, percent
from dashboard.theme import LIGHT
from dashboard.views.view import View

_UPRIGHT = 15  # names of categories that have room beside each other
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


def add_chart(slide: Any, view: View, chart: BarChart | LineChart, top: float) -> None:
    """Add the chart of a view between ``top`` (inches) and the foot, with its remarks beneath."""
    remarks = [line for remark in chart.remarks for line in in_lines("◆ " + remark, SMALLEST, ROOM)]
    bottom = FOOT - 0.12 - (height_of(remarks, SMALLEST) if remarks else 0)
    if isinstance(chart, BarChart):
        kind, data = _bar_data(chart)
    else:
        kind, data = _line_data(chart)
    place = (Inches(MARGIN), Inches(top), Inches(ROOM), Inches(bottom - top))
    frame = slide.shapes.add_chart(kind, *place, data)
    describe(frame, view.takeaway)
    native = frame.chart
    native.font.size = Pt(SMALLEST)
    native.font.name = TEXT_FONT
    paint(native.font.color, LIGHT.muted)
    native.has_title = False
    native.has_legend = len(chart.series) > 1
    if native.has_legend:
        native.legend.position = XL_LEGEND_POSITION.TOP
        native.legend.include_in_layout = False
        native.legend.font.size = Pt(SMALLEST)
        paint(native.legend.font.color, LIGHT.ink)
        _leave_out_of_legend(native, _unnamed(chart))
    _axes(native, chart)
    if isinstance(chart, BarChart):
        _paint_bars(native, chart)
    else:
        _paint_lines(native, chart)
    if remarks:
        text_box(slide, ["◆ " + remark for remark in chart.remarks], MARGIN, bottom + 0.04, ROOM, FOOT - bottom - 0.1)


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


def _no_formula(text: str) -> str:
    """A text for the sheet behind a chart, which would take some beginnings for a formula."""
    text = clean(text)
    return "'" + text if re.match(r"[=+\-@\t\r]", text) else text


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
    paint(measure.major_gridlines.format.line.color, LIGHT.line)
    measure.format.line.fill.background()
    measure.major_tick_mark = XL_TICK_MARK.NONE
    measure.tick_labels.number_format = _format(chart)
    measure.tick_labels.number_format_is_linked = False
    along = native.category_axis
    along.has_major_gridlines = False
    along.major_tick_mark = XL_TICK_MARK.NONE
    along.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    along.format.line.width = Pt(1)
    paint(along.format.line.color, LIGHT.context)
    for axis in (measure, along):
        axis.tick_labels.font.size = Pt(SMALLEST)
        paint(axis.tick_labels.font.color, LIGHT.muted)
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
            paint(labels.font.color, LIGHT.ink)
            if not chart.is_stacked:
                labels.position = XL_LABEL_POSITION.OUTSIDE_END


def _fill_bar(format_: Any, look: Look) -> None:
    fill = format_.fill
    if look.hatch:
        fill.patterned()
        fill.pattern = _PATTERNS.get(look.hatch, MSO_PATTERN.WIDE_UPWARD_DIAGONAL)
        paint(fill.fore_color, look.colour)
        paint(fill.back_color, LIGHT.page)
    else:
        fill.solid()
        paint(fill.fore_color, look.colour)
    if look.outline:
        format_.line.width = Pt(2 if look.outline == LIGHT.ink else 1)
        paint(format_.line.color, look.outline)


def _paint_lines(native: Any, chart: LineChart) -> None:
    named = len(chart.series) - len(_unnamed(chart))
    for series, one in zip(native.plots[0].series, chart.series, strict=True):
        series.smooth = False
        if one.has_line:
            series.format.line.width = Pt(one.look.width)
            paint(series.format.line.color, one.look.colour)
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
            paint(run.font.color, one.look.colour)


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
    paint(marker.format.fill.fore_color, one.look.colour)
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
