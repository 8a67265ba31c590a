"""What was handed in, given back to be mended: the same rows where they were, and beside each bad cell the reason.

The copy is a fresh workbook of values, never formulas. Reasons stand as a note on the cell, in a column of their own to
the right of the table, and on the first sheet, which links to every cell; so nothing hangs on colour or on notes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import polars as pl
from xlsxwriter.worksheet import Worksheet

from pipelines.csv_rows import ROW
from pipelines.errors import RecordProblem, shown
from pipelines.fields import Field, Table
from pipelines.i18n import LANGUAGES, _, in_language, n_, number
from pipelines.intake.checking import Checked, CheckedSheet
from pipelines.intake.forms import (
    LEAST_ROWS,
    MOST_COLUMNS,
    MOST_ROWS,
    Choices,
    Form,
    add_choices,
    day_of,
    field_of,
    heading_height,
    height_of,
    new_form,
    set_page,
    style_of,
    width_of,
    write_choices,
    write_heading,
    write_note,
    write_text,
)
from pipelines.intake.plain_words import plain
from pipelines.intake.sheets import Kind, cell_name, letters
from pipelines.intake.tables import AIDS, EXAMPLE_KEYS, INTAKE_TABLES, TO_MEND, WITHDRAW
from pipelines.intake.template import FIRST_ROW, HEADING_ROW, write_headings, write_read_me, write_title
from pipelines.intake.wording import SHEET, Wording, read_wording

MOST_LINKS = 60_000  # a spreadsheet takes 65,530 on a sheet
MOST_NOTES = 5_000  # on a sheet; beyond it the column of reasons says the same and the file still opens
MOST_MEASURED = 5_000  # rows of a sheet whose height is fitted to their texts
_LAST_FROZEN_ROW = 10  # a heading further down would leave no room below it
_LONGEST_NAME = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_COLUMNS_TOGETHER = " + "  # as a problem of several columns names them
_REASONS_WIDTH, _OTHER_WIDTH = 60, 24
_LIST_WIDTHS = (8, 28, 10, 30, 34, 90)

Found = tuple[RecordProblem, str, str | None]  # a problem, the sheet and the cell of the copy where it is to be seen


@dataclass(frozen=True, kw_only=True)
class Faults:
    """What is wrong on a sheet: by row the reasons in words, and by row and position (from 1) those of a cell."""

    reasons: Mapping[int, Sequence[str]]
    cells: Mapping[tuple[int, int], Sequence[str]]


class Cell(NamedTuple):
    """A cell of the copy: its position (from 1), what was handed in and how it was stored, what is wrong with it."""

    position: int
    text: str | None
    kind: int | None
    declared: Field | None
    reasons: Sequence[str] = ()
    is_example: bool = False


def write_fix_copy(path: Path, checked: Checked, data: Path) -> None:
    """Everything handed in, to be corrected at ``path`` and handed in again; whatever was there is replaced."""
    with in_language(checked.language):
        wording = read_wording(data, checked.language)
        kept = [sheet for sheet in checked.sheets if _aid(sheet, wording) is None]
        has_read_me = any(_aid(sheet, wording) == "read_me" for sheet in checked.sheets)
        title = _("Panorama: what to mend")
        with new_form(path, wording, title, data) as form:
            mend_list = form.add_sheet(wording.sheet("mend_list"))
            read_me = form.add_sheet(wording.sheet("read_me")) if has_read_me else None
            names = list(_names(kept, wording))
            copies = [form.add_sheet(name) for name in names]
            choices = write_choices(form, data)
            _write_list(form, mend_list, checked, list(_found(kept, names)))
            if read_me is not None:
                write_read_me(form, read_me)
            for sheet, copy in zip(kept, copies, strict=True):
                _write_copy(form, copy, sheet, choices)
            mend_list.activate()


def write_rejected(path: Path, checked: Checked, data: Path) -> None:
    """Only the refused rows, each table on a sheet as in the template, with the reasons; sheets unknown as they are."""
    with in_language(checked.language):
        wording = read_wording(data, checked.language)
        refused = [sheet for sheet in checked.sheets if sheet.rows_rejected]
        tables = [table for table in INTAKE_TABLES if any(_is_of(sheet, table) for sheet in refused)]
        unknown = [sheet for sheet in refused if sheet.table is None]
        with new_form(path, wording, _("Panorama: rows refused"), data) as form:
            mend_list = form.add_sheet(wording.sheet("mend_list"))
            taken = {wording.sheet(table.name): form.add_sheet(wording.sheet(table.name)) for table in tables}
            names = list(_names(unknown, wording, taken))
            copies = [form.add_sheet(name) for name in names]
            choices = write_choices(form, data)
            found = list(_found(unknown, names))
            moved = {table.name: _rows_moved([sheet for sheet in refused if _is_of(sheet, table)]) for table in tables}
            for table in tables:
                found += _found_moved(table, moved[table.name], wording.sheet(table.name))
            _write_list(form, mend_list, checked, found)
            for table in tables:
                _write_refused(form, taken[wording.sheet(table.name)], table, moved[table.name], choices)
            for sheet, copy in zip(unknown, copies, strict=True):
                _write_copy(form, copy, sheet, choices)
            mend_list.activate()


def _write_copy(form: Form, copy: Worksheet, sheet: CheckedSheet, choices: Choices) -> None:
    """A sheet at its rows and columns; of a table, with help, drop-down lists and the column of reasons."""
    table, header_row = sheet.table, sheet.header_row
    faults, fields = _faults(sheet), _fields_by_position(sheet)
    mend_at = _mend_position(sheet, form.wording)
    _lay_out(form, copy, sheet, fields, mend_at, choices)
    notes = 0
    for row, cells in _rows(sheet, fields, faults, skipped=mend_at):
        if table and row == header_row:
            _write_header(form, copy, row - 1, table, cells)
            if mend_at:
                write_heading(form, copy, row - 1, mend_at - 1, table, TO_MEND)
        elif header_row and row < header_row:
            _write_above(form, copy, row - 1, cells)
        else:
            notes += _write_row(
                form,
                copy,
                row - 1,
                cells,
                (mend_at, faults.reasons.get(row, ())),
                notes_left=MOST_NOTES - notes,
                is_measured=sheet.sheet.cells.height <= MOST_MEASURED,
            )
    if table is None:
        note = _("This sheet was not recognised as a table of records; it is copied as it is.")
        write_note(copy, 0, 0, "\n".join([note, *sheet.remarks]))


def _mend_position(sheet: CheckedSheet, wording: Wording) -> int | None:
    """Where the reasons of a table's rows go (from 1): the column of an earlier copy, else right of all others."""
    if sheet.table is None:
        return None
    position = (
        _position_of(sheet, wording, TO_MEND) or sheet.sheet.cells.width
    )  # with the row, one more than the columns
    return position if position <= MOST_COLUMNS else None


def _lay_out(
    form: Form,
    copy: Worksheet,
    sheet: CheckedSheet,
    fields: Mapping[int, Field],
    mend_at: int | None,
    choices: Choices,
) -> None:
    """Widths, looks of empty cells, drop-down lists, what stays in view and how it is printed."""
    cells, table, header_row = sheet.sheet.cells, sheet.table, sheet.header_row
    for position in range(1, cells.width):
        declared = fields.get(position)
        wide: float = _OTHER_WIDTH
        if table is not None and declared is not None:
            wide = width_of(declared, form.wording.heading(table.name, declared.name))
        copy.set_column(position - 1, position - 1, wide, form.styles[style_of(declared)])
    set_page(copy, header_row - 1 if header_row else None)
    if table is None or header_row is None:
        return
    last = min(max(cells[ROW][-1], header_row) + LEAST_ROWS, MOST_ROWS) - 1
    named = {declared.name: position for position, declared in fields.items()}
    if position := _position_of(sheet, form.wording, WITHDRAW):
        named[WITHDRAW] = position
    for name, position in named.items():
        add_choices(form, copy, (header_row, last), position - 1, table, name, choices)
    if mend_at:
        copy.set_column(mend_at - 1, mend_at - 1, _REASONS_WIDTH, form.styles["reasons"])
    if header_row <= _LAST_FROZEN_ROW:
        copy.freeze_panes(header_row, 1)
    copy.autofilter(header_row - 1, 0, last, (mend_at or cells.width - 1) - 1)


def _write_header(form: Form, copy: Worksheet, row: int, table: Table, cells: Iterable[Cell]) -> None:
    """The headings as they were, those understood with their look and help."""
    cells = list(cells)
    copy.set_row(row, heading_height((width_of(cell.declared, ""), cell.text or "") for cell in cells))
    for cell in cells:
        if cell.declared is not None:
            style = "required" if cell.declared.is_required else "optional"
            write_note(copy, row, cell.position - 1, form.wording.help(table.name, cell.declared.name))
        else:
            style = "aside"
        write_text(copy, row, cell.position - 1, cell.text or "", form.styles[style])


def _write_above(form: Form, copy: Worksheet, row: int, cells: Iterable[Cell]) -> None:
    """What stood above the headings."""
    copy.set_row(row, 24 if row == 0 else 18)
    for cell in cells:
        if cell.text is not None:
            style = form.styles["subtitle" if row == 0 else "purpose"]
            write_text(copy, row, cell.position - 1, cell.text, style)


def _write_row(
    form: Form,
    copy: Worksheet,
    row: int,
    cells: Sequence[Cell],
    reasons: tuple[int | None, Sequence[str]],
    *,
    notes_left: int,
    is_measured: bool,
) -> int:
    """A row of cells, and its reasons at a position (from 1); returns how many notes were written."""
    mend_at, told = reasons
    notes = 0
    if told or is_measured:
        texts = [(width_of(cell.declared, "") if cell.declared else _OTHER_WIDTH, cell.text or "") for cell in cells]
        copy.set_row(row, height_of([*texts, (_REASONS_WIDTH, "\n".join(told))], most_lines=12))
    for cell in cells:
        _write_cell(form, copy, row, cell)
        if cell.reasons and notes < notes_left:
            write_note(copy, row, cell.position - 1, "\n".join(cell.reasons))
            notes += 1
    if told and mend_at:
        write_text(copy, row, mend_at - 1, "\n".join(told), form.styles["reasons"])
    return notes


def _write_cell(form: Form, copy: Worksheet, row: int, cell: Cell) -> None:
    """What was handed in, as it was stored: numbers, dates and truth values as such, all else as text."""
    look = "bad_" if cell.reasons else "example_" if cell.is_example else ""
    place = row, cell.position - 1
    style = style_of(cell.declared)
    if cell.text is None:
        if cell.reasons:
            copy.write_blank(*place, None, form.styles[f"{look}{style}"])
        return
    day = day_of(cell.text) if cell.kind == Kind.DATE else None
    if day is not None:
        copy.write_datetime(*place, datetime(day.year, day.month, day.day), form.styles[f"{look}date"])
    elif cell.kind == Kind.NUMBER and (value := _number(cell.text)) is not None:
        numeric = style if style in ("whole", "plain") else "decimal"
        copy.write_number(*place, value, form.styles[f"{look}{numeric}"])
    elif cell.kind == Kind.BOOLEAN and cell.text in ("true", "false"):
        copy.write_boolean(*place, cell.text == "true", form.styles[f"{look}text"])
    else:
        write_text(copy, *place, cell.text, form.styles[f"{look}{'date' if style == 'date' else 'text'}"])


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None


def _rows(
    sheet: CheckedSheet,
    fields: Mapping[int, Field],
    faults: Faults,
    *,
    skipped: int | None = None,
    wanted: Set[int] | None = None,
) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of a sheet, or those wanted, from top to bottom; the column of an earlier copy's reasons is skipped."""
    texts, kinds = sheet.sheet.cells, sheet.sheet.kinds
    nothing = (None,) * (texts.width - 1)
    stored = iter(kinds.iter_rows()) if kinds is not None else None
    for row, *cells in texts.iter_rows():
        how = next(stored) if stored is not None else nothing
        if wanted is not None and row not in wanted:
            continue
        is_example = bool(fields) and str(cells[min(fields) - 1]).upper().startswith(EXAMPLE_KEYS)
        yield (
            row,
            [
                Cell(
                    position=position,
                    text=text,
                    kind=kind,
                    declared=fields.get(position),
                    reasons=faults.cells.get((row, position), ()),
                    is_example=is_example,
                )
                for position, (text, kind) in enumerate(zip(cells, how, strict=True), start=1)
                if position != skipped and (text is not None or (row, position) in faults.cells)
            ],
        )


def _faults(sheet: CheckedSheet) -> Faults:
    """The reasons of every problem of a row; a refused row without any has those of rows before it."""
    reasons: dict[int, list[str]] = {}
    cells: dict[tuple[int, int], list[str]] = {}
    for problem in sheet.records.problems:
        if problem.row is None:
            continue
        heading = _heading(problem)
        said = _("{column}: {reason}", column=heading, reason=problem.reason) if heading else problem.reason
        reasons.setdefault(problem.row, []).append(said)
        for position in _positions(problem, sheet):
            cells.setdefault((problem.row, position), []).append(problem.reason)
    like_others = [_("The row is refused for a reason given for the rows before it.")]
    for row in sheet.records.rejected[ROW]:
        reasons.setdefault(row, like_others)
    return Faults(reasons=reasons, cells=cells)


def _heading(problem: RecordProblem) -> str:
    """The words above the column, without the mark that it must be filled."""
    return shown(problem.heading or "").rstrip("* ")


def _positions(problem: RecordProblem, sheet: CheckedSheet) -> list[int]:
    names = (problem.column or "").split(_COLUMNS_TOGETHER)
    return [sheet.columns[name] for name in names if name in sheet.columns]


def _fields_by_position(sheet: CheckedSheet) -> dict[int, Field]:
    if sheet.table is None:
        return {}
    known = {position: field_of(sheet.table, name) for name, position in sheet.columns.items()}
    return {position: declared for position, declared in known.items() if declared is not None}


def _position_of(sheet: CheckedSheet, wording: Wording, name: str) -> int | None:
    """Where a column stands that is no field, by its heading in any language; nothing where there is none."""
    if sheet.header_row is None:
        return None
    spellings = {plain(wording.heading(SHEET, name, lang)) for lang in LANGUAGES} | {plain(name)}
    header = sheet.sheet.cells.filter(pl.col(ROW) == sheet.header_row).drop(ROW)
    texts = header.row(0) if header.height else ()
    found = (position for position, text in enumerate(texts, start=1) if text and plain(text) in spellings)
    return next(found, None)


def _write_list(form: Form, sheet: Worksheet, checked: Checked, found: Sequence[Found]) -> None:
    """Counts, what to do, and every problem with a link to its cell."""
    wording = form.wording
    for position, width in enumerate(_LIST_WIDTHS):
        sheet.set_column(position, position, width)
    sheet.hide_gridlines(2)
    sheet.set_row(0, 34)
    write_text(sheet, 0, 0, wording.sheet("mend_list"), form.styles["title"])
    write_text(sheet, 1, 0, _counts(checked), form.styles["purpose"])
    said = (
        n_("{n} problem is to be mended.", "{n} problems are to be mended.", len(found))
        if found
        else _("Nothing is to be mended.")
    )
    write_text(sheet, 2, 0, said, form.styles["subtitle"])
    advice = _(
        "Correct the marked cells in this workbook, save it and hand it in again. "
        'This sheet and the columns "{column}" are not read then.',
        column=wording.heading(SHEET, TO_MEND),
    )
    write_text(sheet, 3, 0, advice, form.styles["purpose"])
    headings = (_("No."), _("Sheet"), _("Cell"), _("Column"), _("What is there"), _("What is wrong"))
    sheet.set_row(5, 28)
    for position, heading in enumerate(headings):
        write_text(sheet, 5, position, heading, form.styles["optional"])
    row = 5
    for row, (problem, name, cell) in enumerate(found, start=6):
        _write_found(form, sheet, row, problem, name, cell)
    _write_remarks(form, sheet, row + 2, checked)
    sheet.freeze_panes(6, 0)
    sheet.set_tab_color("#A3231F")
    set_page(sheet, 5)


def _write_found(form: Form, sheet: Worksheet, row: int, problem: RecordProblem, name: str, cell: str | None) -> None:
    style = form.styles["paragraph"]
    value = "" if problem.value is None else shown(problem.value)
    texts = ((_LIST_WIDTHS[3], _heading(problem)), (_LIST_WIDTHS[4], value), (_LIST_WIDTHS[5], problem.reason))
    sheet.set_row(row, height_of(texts))
    sheet.write_number(row, 0, row - 5, form.styles["plain"])
    write_text(sheet, row, 1, name, style)
    if row <= MOST_LINKS:
        quoted = name.replace("'", "''")
        sheet.write_url(row, 2, f"internal:'{quoted}'!{cell or 'A1'}", form.styles["link"], cell or _("open"))
    else:
        write_text(sheet, row, 2, cell or "", style)
    for position, (_width, text) in enumerate(texts, start=3):
        write_text(sheet, row, position, text, style)


def _counts(checked: Checked) -> str:
    return _(
        "Rows read: {read}; accepted: {accepted}; refused: {refused}.",
        read=number(checked.rows_read),
        accepted=number(checked.rows_loaded),
        refused=number(checked.rows_rejected),
    )


def _write_remarks(form: Form, sheet: Worksheet, row: int, checked: Checked) -> None:
    """How the sheets were understood, each remark once with the sheets that it is about."""
    remarks: dict[str, list[str]] = {}
    for one in checked.sheets:
        if _aid(one, form.wording) is None:
            for remark in one.remarks:
                remarks.setdefault(remark, []).append(_label(one))
    if not remarks:
        return
    sheet.set_row(row, 26)
    write_text(sheet, row, 0, _("How it was understood"), form.styles["subtitle"])
    for at, (remark, labels) in enumerate(remarks.items(), start=row + 1):
        about = ", ".join(labels)
        sheet.set_row(at, height_of([(_LIST_WIDTHS[5], remark), (_LIST_WIDTHS[1], about)]))
        write_text(sheet, at, 1, about, form.styles["paragraph"])
        write_text(sheet, at, 5, remark, form.styles["paragraph"])


def _found(sheets: Iterable[CheckedSheet], names: Iterable[str]) -> Iterator[Found]:
    """Every problem with its place in the copy of its sheet."""
    for sheet, name in zip(sheets, names, strict=True):
        for problem in sheet.records.problems:
            position = next(iter(_positions(problem, sheet)), 1)
            yield problem, name, None if problem.row is None else f"{letters(position)}{problem.row}"


def _names(sheets: Iterable[CheckedSheet], wording: Wording, taken: Iterable[str] = ()) -> Iterator[str]:
    """A name for each sheet as like its own as spreadsheets allow, and like no other."""
    used = {wording.sheet(name).casefold() for name in AIDS} | {name.casefold() for name in taken}
    for sheet in sheets:
        own = _NOT_IN_NAMES.sub(" ", _label(sheet)).strip().strip("'")[:_LONGEST_NAME].strip() or _("Sheet")
        name, count = own, 1
        while name.casefold() in used:
            count += 1
            behind = f" ({count})"
            name = f"{own[: _LONGEST_NAME - len(behind)]}{behind}"
        used.add(name.casefold())
        yield name


def _label(sheet: CheckedSheet) -> str:
    """What the person calls a sheet: a text file by its name without the ending."""
    return sheet.sheet.name if sheet.sheet.name is not None else Path(sheet.sheet.file).stem


def _aid(sheet: CheckedSheet, wording: Wording) -> str | None:
    """Which of our own sheets beside the tables it is, written by us in any language, if it is one."""
    if sheet.table is not None or sheet.sheet.name is None or sheet.rows_read:
        return None
    cells = sheet.sheet.cells
    first = cells[cell_name(1)].head(2).to_list() if cells.height and cells.width > 1 else []
    for aid in AIDS:
        row = wording.columns[aid, SHEET]
        if sheet.sheet.name not in [row[f"heading_{lang}"] for lang in LANGUAGES]:
            continue
        is_ours = (
            str(first[0]).startswith("Panorama")
            if aid == "read_me" and first
            else sheet.sheet.name in first or aid == "mend_list"
        )
        return aid if is_ours else None
    return None


def _is_of(sheet: CheckedSheet, table: Table) -> bool:
    return sheet.table is not None and sheet.table.name == table.name


def _rows_moved(sheets: Iterable[CheckedSheet]) -> list[tuple[CheckedSheet, list[int]]]:
    """The refused rows of the sheets of a table; they follow each other in this order."""
    return [(sheet, sheet.records.rejected[ROW].sort().to_list()) for sheet in sheets]


def _found_moved(table: Table, moved: Iterable[tuple[CheckedSheet, list[int]]], name: str) -> Iterator[Found]:
    """Every problem of a table's sheets with its place among the refused rows."""
    at = FIRST_ROW
    for sheet, rows in moved:
        place = {row: number for number, row in enumerate(rows, start=at)}
        at += len(rows)
        for problem in sheet.records.problems:
            named = (problem.column or "").split(_COLUMNS_TOGETHER)[0]
            position = table.columns.index(named) + 1 if named in table.columns else 1
            is_moved = problem.row in place
            yield problem, name, f"{letters(position)}{place[problem.row]}" if is_moved and problem.row else None


def _write_refused(
    form: Form,
    copy: Worksheet,
    table: Table,
    moved: Iterable[tuple[CheckedSheet, list[int]]],
    choices: Choices,
) -> None:
    """The refused rows of a table as in the template, each with its reasons and where it stood."""
    names = [*table.columns, WITHDRAW, TO_MEND]
    moved = list(moved)
    last = min(HEADING_ROW + sum(len(rows) for _sheet, rows in moved) + LEAST_ROWS, MOST_ROWS - 1)
    for position, name in enumerate(names[:-1]):
        declared = field_of(table, name)
        wide = width_of(declared, form.wording.heading(table.name, name))
        copy.set_column(position, position, wide, form.styles[style_of(declared)])
        add_choices(form, copy, (HEADING_ROW + 1, last), position, table, name, choices)
    copy.set_column(len(names) - 1, len(names) - 1, _REASONS_WIDTH, form.styles["reasons"])
    write_title(form, copy, table)
    write_headings(form, copy, table, names)
    at = HEADING_ROW + 1
    notes = 0
    for sheet, rows in moved:
        faults = _faults(sheet)
        places = {position: names.index(declared.name) + 1 for position, declared in _fields_by_position(sheet).items()}
        if withdraw := _position_of(sheet, form.wording, WITHDRAW):
            places[withdraw] = names.index(WITHDRAW) + 1
        for row, cells in _rows(sheet, _fields_by_position(sheet), faults, wanted=set(rows)):
            placed = [cell._replace(position=places[cell.position]) for cell in cells if cell.position in places]
            told = [_("{file}, row {row}", file=_label(sheet), row=str(row)), *faults.reasons.get(row, ())]
            ordered = sorted(placed, key=lambda cell: cell.position)
            notes += _write_row(
                form,
                copy,
                at,
                ordered,
                (len(names), told),
                notes_left=MOST_NOTES - notes,
                is_measured=True,
            )
            at += 1
    copy.freeze_panes(HEADING_ROW + 1, 1)
    copy.autofilter(HEADING_ROW, 0, last, len(names) - 1)
    set_page(copy, HEADING_ROW)
