"""A view's table on a slide, with a sentence that says how much of it is there."""

from typing import Any

from lxml import etree  # type: ignore[attr-defined]
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from dashboard.exports.slide.boxes import describe, fill, text_box
from dashboard.exports.slide.measures import FOOT, MARGIN, ROOM
from dashboard.exports.slide.sheet import GAP, Sheet, padding, row_heights, sheet_of
from dashboard.i18n import _
from dashboard.theme import LIGHT
from dashboard.views.view import Column, View

_PLAIN_TABLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"


def add_table(slide: Any, view: View, top: float) -> None:
    """Add as much of the table of a view as fits between ``top`` (inches) and the foot."""
    room = FOOT - 0.18 - top
    sheet = sheet_of(view, room)
    if len(sheet.rows) < view.table.height or len(sheet.columns) < len(view.columns):
        sheet = sheet_of(view, room - 0.36)
        text_box(slide, [_left_out(view, sheet)], MARGIN, FOOT - 0.36, ROOM, 0.3, colour=LIGHT.muted)
    across = len(sheet.columns) * sheet.parts + sheet.parts - 1
    heights = row_heights(sheet)
    wide = sum(sheet.widths) * sheet.parts + GAP * (sheet.parts - 1)
    frame = slide.shapes.add_table(
        len(heights), across, Inches(MARGIN), Inches(top), Inches(wide), Inches(sum(heights))
    )
    describe(frame, view.takeaway)
    table = frame.table
    table.first_row, table.horz_banding = True, False
    frame._element.graphic.graphicData.tbl.tblPr.find(qn("a:tableStyleId")).text = _PLAIN_TABLE
    for place in range(across):
        part, n = divmod(place, len(sheet.columns) + 1)
        column = sheet.columns[n] if n < len(sheet.columns) else None
        table.columns[place].width = Inches(sheet.widths[n] if column else GAP)
        _cell(table.cell(0, place), sheet.head[n][0] if column else "", column, sheet, is_head=True)
        for down in range(sheet.rows_in_part):
            row = part * sheet.rows_in_part + down
            is_there = column is not None and row < len(sheet.rows)
            words, own = (sheet.rows[row][n][0], column) if is_there else ("", None)
            _cell(table.cell(down + 1, place), words, own, sheet)
    for row, height in zip(table.rows, heights, strict=True):
        row.height = Inches(height)


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


def _cell(cell: Any, text: str, column: Column | None, sheet: Sheet, *, is_head: bool = False) -> None:
    cell.margin_left, cell.margin_right = Inches(0), Inches(0.16)
    cell.margin_top = cell.margin_bottom = Inches(padding(sheet) / 2)
    cell.vertical_anchor = MSO_ANCHOR.BOTTOM if is_head else MSO_ANCHOR.TOP
    is_number = column is not None and column.kind in ("number", "percent", "year")
    fill(
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
