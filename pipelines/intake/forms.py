"""Workbooks as forms: their look, their headings with help, their drop-down lists, and cells that are never formulas.

The template and the fix copy are made of these. Rows are written from top to bottom and leave memory at once, so a
workbook may have any number of them.
"""

import glob
import os
import shutil
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from pipelines import catalog, dates
from pipelines.checks import SYNTHETIC
from pipelines.errors import PipelineError
from pipelines.fields import (
    Area,
    Boolean,
    Code,
    Field,
    Integer,
    Key,
    ListOf,
    Number,
    PartialDate,
    Reference,
    Table,
    Year,
)
from pipelines.i18n import _
from pipelines.intake.registry_files import read_registry_file
from pipelines.intake.tables import BY_NAME, TO_MEND, WITHDRAW
from pipelines.intake.wording import YES_NO, Wording
from pipelines.vocabularies import SOURCE_KINDS, CodeList

REQUIRED_MARK = " *"
MOST_CHARACTERS = 32_767  # in a cell of a workbook
MOST_CHOICES = 10_000  # in a drop-down list that people can still use
MOST_ROWS, MOST_COLUMNS = 1_048_576, 16_384  # of a sheet
LEAST_ROWS = 5_000  # that the drop-down lists reach
DATE_FORMAT = "dd/mm/yyyy"
_PARTIAL = ".partial"
_FIRST_SHEET_DAY = date(1900, 3, 1)  # before it spreadsheets do not agree on what a date's number is
_EXACT = 10**15  # whole numbers up to here are the same in a spreadsheet
_INK, _MUTED, _PAPER, _LINE = "#16222E", "#52616E", "#FBFAF6", "#C9D2D8"
_FOCUS, _PALE, _ATTENTION, _PALE_ATTENTION = "#0B5A78", "#E3EEF2", "#A3231F", "#FBE9E4"
_FONT, _TITLE_FONT = "Calibri", "Georgia"
_LINE_HEIGHT, _LEAST_HEADING_HEIGHT = 15, 48  # points
_MESSAGE, _TITLE = 255, 32  # characters that a message beside a cell and its title may have

_BASE: dict[str, Any] = {"font_name": _FONT, "font_size": 11, "font_color": _INK, "valign": "top"}
_NUMBER = _BASE | {"align": "right", "indent": 1}
_HEADING = _BASE | {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "border_color": _LINE}
_STYLES: Mapping[str, dict[str, Any]] = {
    "title": _BASE | {"font_name": _TITLE_FONT, "font_size": 18, "bold": True, "valign": "vcenter"},
    "subtitle": _BASE | {"font_name": _TITLE_FONT, "font_size": 13, "bold": True, "valign": "vcenter"},
    "purpose": _BASE | {"font_color": _MUTED, "valign": "vcenter"},
    "required": _HEADING | {"bg_color": _FOCUS, "font_color": "#FFFFFF"},
    "optional": _HEADING | {"bg_color": _PALE},
    "aside": _HEADING | {"bg_color": _PAPER, "font_color": _MUTED},
    "mend_heading": _HEADING | {"bg_color": _ATTENTION, "font_color": "#FFFFFF"},
    "label": _BASE | {"bold": True, "text_wrap": True},
    "paragraph": _BASE | {"text_wrap": True},
    "command": _BASE | {"font_name": "Consolas", "bg_color": _PALE, "text_wrap": True},
    "link": _BASE | {"font_color": _FOCUS, "underline": 1, "text_wrap": True},
    "text": _BASE | {"num_format": "@", "text_wrap": True},
    "date": _BASE | {"num_format": DATE_FORMAT, "align": "left"},
    "whole": _NUMBER | {"num_format": "#,##0"},
    "plain": _NUMBER | {"num_format": "0"},
    "decimal": _NUMBER,
    "reasons": _BASE | {"text_wrap": True, "font_color": _ATTENTION, "num_format": "@"},
}
_EXAMPLE = {"italic": True, "font_color": _MUTED, "bg_color": _PAPER}
_BAD = {"bg_color": _PALE_ATTENTION, "font_color": _ATTENTION, "bold": True, "border": 1, "border_color": _ATTENTION}
_CELLS = ("text", "date", "whole", "plain", "decimal")
LOOKS: Mapping[str, Mapping[str, Any]] = {
    **_STYLES,
    **{f"example_{name}": _STYLES[name] | _EXAMPLE for name in _CELLS},
    **{f"bad_{name}": _STYLES[name] | _BAD for name in _CELLS},
}
"""Every look by name; those of cells also as an example and as bad."""


@dataclass(frozen=True)
class Form:
    """A workbook being written: the words it uses, the looks of its cells, and whether its records are made up."""

    workbook: Workbook
    wording: Wording
    styles: Mapping[str, Format]
    is_for_practice: bool

    def add_sheet(self, name: str) -> Worksheet:
        """A new sheet at the end."""
        return self.workbook.add_worksheet(name)

    def offered(self, declared: Code) -> Code:
        """The field with the codes that people may choose here: among real sources none is called synthetic."""
        codes = declared.codes
        if codes != SOURCE_KINDS or self.is_for_practice:
            return declared
        return replace(declared, codes=CodeList(codes.name, tuple(code for code in codes if code != SYNTHETIC)))


@contextmanager
def new_form(path: Path, wording: Wording, title: str, data: Path) -> Iterator[Form]:
    """A workbook for the registry in ``data``, at ``path`` only once it is whole; whatever was there is replaced then.

    It grows in a hidden folder beside ``path``, which goes in any case; what a killed process left there goes too.
    """
    _clean(path)
    try:
        with TemporaryDirectory(prefix=f".{path.name}.{os.getpid()}.", suffix=_PARTIAL, dir=path.parent) as folder:
            options = {
                "constant_memory": True,
                "tmpdir": folder,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            }
            whole = Path(folder) / "whole.xlsx"
            workbook = xlsxwriter.Workbook(whole, options)
            workbook.set_properties({"title": title, "author": "Panorama", "keywords": f"Panorama, {wording.lang}"})
            workbook.set_custom_property("Language", wording.lang)
            kinds = read_registry_file(catalog.SOURCES, data).rows["kind"]
            yield Form(workbook, wording, _styles(workbook), is_for_practice=SYNTHETIC in kinds)
            workbook.close()
            os.replace(whole, path)
    except XlsxWriterException as error:
        raise PipelineError(_("{file} cannot be written: {error}", file=path.name, error=error)) from error


def _clean(path: Path) -> None:
    for left in path.parent.glob(f".{glob.escape(path.name)}.*{_PARTIAL}"):
        process = left.name.removeprefix(f".{path.name}.").partition(".")[0]
        if process.isdigit() and not _is_running(int(process)):
            shutil.rmtree(left, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def style_of(declared: Field | None) -> str:
    """The look of a column's cells."""
    if isinstance(declared, PartialDate):
        return "date"
    if isinstance(declared, Integer):
        return "whole" if declared.least == 0 else "plain"
    if isinstance(declared, Year):
        return "plain"
    return "decimal" if isinstance(declared, Number) else "text"


def width_of(declared: Field | None, heading: str) -> float:
    """A column's width in characters: what its cells need, and never less than the longest word of its heading."""
    match declared:
        case None:
            width = 12
        case PartialDate() | Integer() | Year() | Number():
            width = 13
        case Boolean():
            width = 14
        case Reference(table="sources"):
            width = 32
        case Key() | Code() | Area() | Reference():
            width = 22
        case ListOf():
            width = 30
        case _:
            width = 24 if declared.name in _SHORT_TEXTS else 44
    return max([width, *(len(word) + 4 for word in heading.split())])


_SHORT_TEXTS = {"publisher", "doc_code", "city", "lead_unit", "scope", "series", "series_code", "issued_by", "topic",
                "unit", "instrument_code", "issuer", "meeting", "licence"}  # fmt: skip


def height_of(texts: Iterable[tuple[float, str]], most_lines: int = 8) -> float:
    """A row's height in points for texts in columns of these widths; very long texts are seen in part."""
    lines = (sum(1 + int(len(line) // width) for line in text.splitlines()) for width, text in texts)
    return _LINE_HEIGHT * max(1, min(most_lines, max(lines, default=1))) + 2


def heading_height(headings: Iterable[tuple[float, str]]) -> float:
    """The height of a row of headings in columns of these widths; they stand in bold, a word or two on a line."""
    return max(_LEAST_HEADING_HEIGHT, height_of((width * 0.7, heading) for width, heading in headings))


def write_heading(form: Form, sheet: Worksheet, row: int, column: int, table: Table, name: str) -> None:
    """A column's heading: marked by look and by an asterisk where it must be filled, with its help as a note."""
    declared = field_of(table, name)
    heading, explained = form.wording.heading(table.name, name), form.wording.help(table.name, name)
    if declared is None:
        style = "mend_heading" if name == TO_MEND else "aside"
    else:
        style = "required" if declared.is_required else "optional"
        heading += REQUIRED_MARK if declared.is_required else ""
    write_text(sheet, row, column, heading, form.styles[style])
    write_note(sheet, row, column, explained)


def write_note(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """A note beside a cell, large enough for its text."""
    size = {"x_scale": 2.2, "y_scale": max(0.7, 0.24 * (2 + len(text) // 38))}
    sheet.write_comment(row, column, text, {**size, "author": "Panorama", "font_name": _FONT, "font_size": 10})


def write_text(sheet: Worksheet, row: int, column: int, text: str, style: Format | None = None) -> bool:
    """A text as it stands, whatever it looks like; says whether it is whole or cut to what a cell can hold."""
    return sheet.write_string(row, column, text, style) == 0


def write_value(
    form: Form, sheet: Worksheet, place: tuple[int, int], declared: Field, value: str, look: str = ""
) -> bool:
    """A value of the house's CSV files in the form's language: true dates and numbers as such, all else as text.

    ``look`` may be ``example_`` or ``bad_``. Says whether the value is whole.
    """
    style = form.styles[f"{look}{style_of(declared)}"]
    if isinstance(declared, PartialDate) and (day := day_of(value)):
        sheet.write_datetime(*place, datetime(day.year, day.month, day.day), style)
    elif isinstance(declared, (Integer, Number, Year)) and (number := number_of(value)) is not None:
        sheet.write_number(*place, number, style)
    else:
        return write_text(sheet, *place, form.wording.said(declared, value), style)
    return True


def day_of(text: str) -> date | None:
    """The day of a whole ISO date that a spreadsheet can hold as a date."""
    try:
        day = date.fromisoformat(text) if len(text) == len("2010-03-01") else None
    except ValueError:
        return None
    return day if day and day >= _FIRST_SHEET_DAY else None


def number_of(text: str) -> float | None:
    """The number, where a spreadsheet holds it exactly as it is written."""
    try:
        number = float(text)
    except ValueError:
        return None
    is_same = text in (repr(number), f"{number:.0f}") and abs(number) < _EXACT
    return number if is_same else None


def field_of(table: Table, name: str) -> Field | None:
    """The field of a column; nothing for the columns that are no fields."""
    return next((declared for declared in table.fields if declared.name == name), None)


@dataclass(frozen=True)
class Choices:
    """The drop-down lists: for each list of values the name of its range; lists too long to use have none."""

    names: Mapping[str, str]

    def of(self, declared: Field) -> str | None:
        """The range that a field's cells are chosen from, if any."""
        target = declared.item if isinstance(declared, ListOf) else declared
        match target:
            case Area():
                return self.names.get("states")
            case Boolean():
                return self.names.get("yes_no")
            case Code():
                return self.names.get(target.codes.name)
            case Reference():
                return self.names.get(target.table)
            case _:
                return None


def write_choices(form: Form, data: Path) -> Choices:
    """The two sheets behind the drop-down lists: the codes in use, and the words (hidden)."""
    known = _known_codes(data)
    names = _write_columns(
        form,
        "known_codes",
        {name: _code_columns(form.wording, BY_NAME[name], rows) for name, rows in known.items()},
        is_hidden=False,
    )
    words = {"states": [("", _in_order(form.wording.states.values()))]}
    words["yes_no"] = [("", list(YES_NO[form.wording.lang]))]
    words[WITHDRAW] = [("", ["x"])]
    words[catalog.AUDIENCES.name] = [("", _in_order(form.wording.audiences.values()))]
    fields = [declared for table in BY_NAME.values() for declared in table.fields]
    for declared in fields:
        if isinstance(declared, Code):
            codes = form.offered(declared).codes
            words[codes.name] = [("", [form.wording.said(declared, code) for code in codes])]
    return Choices(names | _write_columns(form, "lists", words, is_hidden=True))


def add_choices(
    form: Form, sheet: Worksheet, rows: tuple[int, int], column: int, table: Table, name: str, choices: Choices
) -> None:
    """What a column's cells are checked for while they are typed, with the help shown beside the chosen cell."""
    declared = field_of(table, name)
    rule: dict[str, Any] = {"validate": "any"}
    if name == WITHDRAW:
        rule = _listed(choices.names[WITHDRAW], _("Write x, or leave the cell empty."))
    elif declared is not None:
        rule = _rule(declared, choices, xl_rowcol_to_cell(rows[0], column, col_abs=True))
    heading = form.wording.heading(table.name, name)
    sheet.data_validation(
        rows[0],
        column,
        rows[1],
        column,
        rule
        | {
            "input_title": heading[:_TITLE],
            "input_message": form.wording.help(table.name, name)[:_MESSAGE],
            "error_title": heading[:_TITLE],
        },
    )


def set_page(sheet: Worksheet, heading_row: int | None = None) -> None:
    """Print across a page's width, lying, with the heading on each page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer("&L&A&RPanorama · &P / &N")
    if heading_row is not None:
        sheet.repeat_rows(heading_row)


def _rule(declared: Field, choices: Choices, cell: str) -> dict[str, Any]:
    """A field's check of what is typed: numbers and years must be such; of lists, codes and dates more is understood."""
    if listed := choices.of(declared):
        return _listed(listed, _list_advice(declared))
    match declared:
        case PartialDate():
            # A year typed into a cell of dates becomes a day of 1905, a month its first day: neither goes unasked.
            return {
                "validate": "custom",
                "value": f"=IF(ISTEXT({cell}),TRUE,AND({cell}>{dates.LAST_YEAR},DAY({cell})<>1))",
                "error_type": "warning",
                "error_message": _(
                    "Is the day known? If the source gives only a year or a month, write it after an apostrophe: "
                    "'2026 or '2026-03. If it is this very day, keep it."
                ),
            }
        case Year():
            return {
                "validate": "integer",
                "criteria": "between",
                "minimum": dates.FIRST_YEAR,
                "maximum": dates.LAST_YEAR,
                "error_message": _("Write a year in four digits, such as 2026."),
            }
        case Integer():
            return {
                "validate": "integer",
                "criteria": ">=",
                "value": declared.least or 0,
                "error_message": _("Write a whole number in digits, or leave the cell empty."),
            }
        case Number():
            return {
                "validate": "decimal",
                "criteria": ">=",
                "value": declared.least or 0,
                "error_message": _("Write a number in digits, or leave the cell empty."),
            }
        case _:
            return {"validate": "any"}


def _listed(name: str, advice: str) -> dict[str, Any]:
    return {"validate": "list", "source": f"={name}", "error_type": "warning", "error_message": advice[:_MESSAGE]}


def _list_advice(declared: Field) -> str:
    if isinstance(declared, ListOf):
        return _("This is not one value of the list. Several values are split by semicolons. Keep it if that is meant.")
    if isinstance(declared, Reference):
        return _("No record is known by this code yet. Keep it if you are adding that record in this workbook.")
    return _("This is not in the list. Names in other languages and codes are understood too; keep it if it is one.")


def _known_codes(data: Path) -> dict[str, pl.DataFrame]:
    """Key and name of every record that others refer to, by table; sorted by key."""
    targets = [target.table for table in BY_NAME.values() for _name, target in table.references]
    referred = [name for name in BY_NAME if name in targets]
    known: dict[str, pl.DataFrame] = {}
    for name in referred:
        table = BY_NAME[name]
        rows = read_registry_file(table, data).rows
        if rows.height <= MOST_CHOICES:
            known[name] = rows.select(table.key[0], _named_by(table)).drop_nulls(table.key[0]).sort(table.key[0])
    return known


def _named_by(table: Table) -> str:
    """The column that tells people which record it is."""
    return next(name for name in ("title", "name", "wording") if name in table.columns)


def _code_columns(wording: Wording, table: Table, rows: pl.DataFrame) -> list[tuple[str, list[str]]]:
    return [
        (f"{wording.sheet(table.name)}: {wording.heading(table.name, name)}", rows[name].fill_null("").to_list())
        for name in rows.columns
    ]


def _write_columns(
    form: Form, sheet_name: str, lists: Mapping[str, list[tuple[str, list[str]]]], *, is_hidden: bool
) -> dict[str, str]:
    """Lists side by side, the first column of each a named range; returns the names of the ranges."""
    title = form.wording.sheet(sheet_name)
    sheet = form.add_sheet(title)
    columns = [column for group in lists.values() for column in group]
    write_text(sheet, 0, 0, title, form.styles["title"])
    write_text(sheet, 1, 0, form.wording.help(sheet_name, "*"), form.styles["purpose"])
    sheet.set_row(0, 30)
    for position, (heading, _values) in enumerate(columns):
        sheet.set_column(position, position, 24 if position % 2 == 0 or is_hidden else 50, form.styles["text"])
        write_text(sheet, 2, position, heading, form.styles["optional"])
    for row, cells in enumerate(zip_longest(*(values for _heading, values in columns), fillvalue=""), start=3):
        for position, cell in enumerate(cells):
            if cell:
                write_text(sheet, row, position, cell[:MOST_CHARACTERS], form.styles["text"])
    sheet.freeze_panes(3, 0)
    sheet.set_tab_color(_MUTED)
    set_page(sheet, 2)
    if is_hidden:
        sheet.hide()
    names: dict[str, str] = {}
    position = 0
    for name, group in lists.items():
        if values := group[0][1]:
            names[name] = f"panorama_{name}"
            place = xl_range_abs(3, position, 2 + len(values), position)
            form.workbook.define_name(names[name], f"='{title}'!{place}")
        position += len(group)
    return names


def _in_order(names: Iterable[str]) -> list[str]:
    """Names as a reader looks for them: accents and case do not count."""
    return sorted(names, key=lambda name: unicodedata.normalize("NFKD", name).encode("ascii", "ignore").lower())


def _styles(workbook: Workbook) -> dict[str, Format]:
    return {name: workbook.add_format(dict(look)) for name, look in LOOKS.items()}
