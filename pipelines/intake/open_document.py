"""The sheets of an OpenDocument workbook (ODS), read as a stream.

calamine takes true for 1, leaves errors out and asks memory for repeated rows, so these files are read here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from xml.etree import ElementTree as Xml

from pipelines.intake.cell_scan import FORMULA_LENGTH
from pipelines.intake.cell_texts import CellError
from pipelines.intake.limits import Limits
from pipelines.intake.package import Package
from pipelines.intake.raw_sheets import NoteCode, RawSheet
from pipelines.intake.refused import Refused
from pipelines.intake.workbook_parts import check_prolog

_CONTENT, _MANIFEST, _KIND = "content.xml", "META-INF/manifest.xml", "mimetype"
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_SHEET, _ROW = f"{_TABLE}table", f"{_TABLE}table-row"
_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}
_PARAGRAPH = f"{_TEXT}p"
_VALUE_TYPE, _VALUE = f"{_OFFICE}value-type", f"{_OFFICE}value"
_COLUMNS_REPEATED, _ROWS_REPEATED = f"{_TABLE}number-columns-repeated", f"{_TABLE}number-rows-repeated"
_COLUMNS_SPANNED, _ROWS_SPANNED = f"{_TABLE}number-columns-spanned", f"{_TABLE}number-rows-spanned"
_FORMULA = f"{_TABLE}formula"
_CALC_TYPE, _STRING_VALUE = f"{_CALC}value-type", f"{_OFFICE}string-value"
_NUMBERS = ("float", "percentage", "currency")
_NOT_READ = {f"{_TEXT}note", f"{_OFFICE}annotation", f"{_TEXT}ruby-text"}
# parts of the document that tell of something that is never followed: tag -> code of a note
_CARRIED_TAGS = {
    f"{_TABLE}cell-range-source": "external_links",
    f"{_TABLE}table-source": "external_links",
    f"{_TABLE}database-source-sql": "connections",
    f"{_TABLE}database-source-query": "connections",
    f"{_TABLE}database-source-table": "connections",
}
_CARRIED_PARTS = (("basic/", "macros"), ("scripts/", "macros"), ("object ", "embedded"), ("object/", "embedded"))
_DURATION = re.compile(r"^(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?$")
_CACHED_SHEET = re.compile(r"^'.*'#")
_SPACES_KEPT = 1 << 16


def open_document_sheets(package: Package, limits: Limits) -> Iterator[RawSheet]:
    """Each sheet in the order of the workbook, its rows to be read before the next is asked for.

    Repeated cells and rows stand as often as they repeat.
    """
    _check(package)
    notes: list[NoteCode] = [(code, {}) for code in _carried_parts(package)]
    items = _items(package, limits)
    for item in items:
        if isinstance(item, RawSheet):
            item.notes = notes + item.notes
            item.rows = _rows(items, limits)
            yield item
            notes = []


def _rows(items: Iterator["RawSheet | _Rows | None"], limits: Limits) -> Iterator[Sequence[object]]:
    """The rows of the sheet that was begun; empty ones only where another follows."""
    blank = 0
    for item in items:
        if not isinstance(item, _Rows):
            return
        if not item.cells:
            blank += item.repeated
            continue
        if blank + item.repeated > limits.cells:
            raise Refused("too_many_cells", cells_allowed=limits.cells)
        for _ in range(blank):
            yield ()
        blank = 0
        for _ in range(item.repeated):
            yield item.cells


def _items(package: Package, limits: Limits) -> Iterator["RawSheet | _Rows | None"]:
    """What the document holds, in order: a sheet, its rows, None at its end."""
    walker = _Walker(limits)
    parser = Xml.XMLParser(target=walker)  # noqa: S314 - a document type was refused before
    try:
        for piece in package.pieces(_CONTENT):
            parser.feed(piece)
            yield from walker.taken()
        parser.close()
    except Xml.ParseError as error:
        raise Refused("damaged") from error
    yield from walker.taken()


def _check(package: Package) -> None:
    if _CONTENT not in package.parts:
        raise Refused("no_workbook")
    if _KIND in package.parts and not package.whole(_KIND).startswith(_SPREADSHEET):
        raise Refused("no_workbook")
    if _MANIFEST in package.parts:
        check_prolog(package, _MANIFEST)
        if b"encryption-data" in package.whole(_MANIFEST):
            raise Refused("password")
    check_prolog(package, _CONTENT)


def _carried_parts(package: Package) -> list[str]:
    names = [name.lower() for name in package.parts]
    found = [code for start, code in _CARRIED_PARTS if any(name.startswith(start) for name in names)]
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class _Rows:
    """The cells of a row up to the last one that is not empty, and how often the row repeats."""

    cells: list[object]
    repeated: int


class _Walker:
    """Follows the tags of the document as they open and close; what is within a cell but not its text is passed by."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._items: list[RawSheet | _Rows | None] = []
        self._hidden_styles: set[str] = set()
        self._style = ""
        self._passing_by = 0  # depth within something that is not read
        self._paragraph = 0  # depth within a paragraph of a cell
        self._cell: dict[str, str] | None = None
        self._letters: list[str] = []
        self._sheet: RawSheet | None = None
        self._row, self._column, self._empty = 1, 1, 0
        self._rows_repeated = 1
        self._cells: list[object] = []

    def taken(self) -> list[RawSheet | _Rows | None]:
        """What was found since this was last asked."""
        items, self._items = self._items, []
        return items

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        """A document type, which no spreadsheet program declares."""
        raise Refused("declares_entities", entry=_CONTENT)

    def close(self) -> None:
        """Nothing is left to do at the end."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """A tag opens."""
        if self._passing_by:
            self._passing_by += 1
        elif self._paragraph:
            self._paragraph += 1
            self._start_in_paragraph(tag, attributes)
        elif self._cell is not None:
            if tag == _PARAGRAPH:
                self._paragraph = 1
                if self._letters:
                    self._letters.append("\n")
                self._letters.append("")
            else:
                self._passing_by = 1
        elif tag in _CELLS:
            self._cell, self._letters = attributes, []
        elif tag == _ROW:
            self._rows_repeated = _count(attributes, _ROWS_REPEATED)
            self._column, self._empty, self._cells = 1, 0, []
        else:
            self._start_elsewhere(tag, attributes)

    def _start_in_paragraph(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == f"{_TEXT}s":
            self._letters.append(" " * min(_count(attributes, f"{_TEXT}c"), _SPACES_KEPT))
        elif tag == f"{_TEXT}tab":
            self._letters.append("\t")
        elif tag == f"{_TEXT}line-break":
            self._letters.append("\n")
        elif tag in _NOT_READ:
            self._paragraph -= 1
            self._passing_by = 1

    def _start_elsewhere(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == f"{_STYLE}style":
            self._style = attributes.get(f"{_STYLE}name", "")
        elif tag == f"{_STYLE}table-properties" and attributes.get(f"{_TABLE}display") == "false":
            self._hidden_styles.add(self._style)
        elif tag == f"{_TABLE}dde-links":
            self._remark("connections")
            self._passing_by = 1
        elif tag in _CARRIED_TAGS:
            self._remark(_CARRIED_TAGS[tag])
        elif tag == _SHEET:
            self._start_sheet(attributes)

    def _start_sheet(self, attributes: dict[str, str]) -> None:
        name = attributes.get(f"{_TABLE}name", "")
        if _CACHED_SHEET.match(name):
            # what another file held when it was last looked at: not a sheet of this one
            self._remark("external_links")
            self._passing_by = 1
            return
        is_hidden = attributes.get(f"{_TABLE}style-name") in self._hidden_styles
        self._sheet = RawSheet(name=name, rows=iter(()), notes=[("hidden", {})] if is_hidden else [])
        self._row = 1
        self._items.append(self._sheet)

    def data(self, text: str) -> None:
        """Letters between tags."""
        if self._paragraph and not self._passing_by:
            self._letters.append(text)

    def end(self, tag: str) -> None:
        """A tag closes."""
        if self._passing_by:
            self._passing_by -= 1
        elif self._paragraph:
            self._paragraph -= 1
        elif self._cell is not None:
            self._end_cell(self._cell)
            self._cell = None
        elif tag == _ROW:
            self._items.append(_Rows(self._cells, self._rows_repeated))
            self._row += self._rows_repeated
        elif tag == _SHEET:
            self._items.append(None)

    def _end_cell(self, cell: dict[str, str]) -> None:
        repeated = _count(cell, _COLUMNS_REPEATED)
        if _FORMULA in cell:
            self._note_formula(cell[_FORMULA])
        if _COLUMNS_SPANNED in cell or _ROWS_SPANNED in cell:
            self._note_merged(cell)
        value = _value(cell, self._letters) if self._letters or _VALUE_TYPE in cell else ""
        self._column += repeated
        if value == "":
            self._empty += repeated
            return
        if len(self._cells) + self._empty + repeated > self._limits.cells:
            raise Refused("too_many_cells", cells_allowed=self._limits.cells)
        if self._empty:
            self._cells.extend([""] * self._empty)
            self._empty = 0
        self._cells.extend([value] * repeated)

    def _note_formula(self, formula: str) -> None:
        if self._sheet is None:
            return
        self._sheet.formula_count += 1
        if len(self._sheet.formulas) < self._limits.formulas:
            prefix, sign, rest = formula.partition("=")
            text = f"={rest}" if sign and (not prefix or prefix.endswith(":")) else formula
            self._sheet.formulas.append((self._row, self._column, text[:FORMULA_LENGTH]))

    def _note_merged(self, cell: dict[str, str]) -> None:
        height, width = _count(cell, _ROWS_SPANNED), _count(cell, _COLUMNS_SPANNED)
        if self._sheet is not None and (height > 1 or width > 1):
            self._sheet.merged.append((self._row, self._column, self._row + height - 1, self._column + width - 1))

    def _remark(self, code: str) -> None:
        if self._sheet is not None and (code, {}) not in self._sheet.notes:
            self._sheet.notes.append((code, {}))


def _count(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name)
    if text is None:
        return 1
    try:
        return max(1, int(text))
    except ValueError:
        raise Refused("damaged") from None


def _value(cell: dict[str, str], letters: list[str]) -> object:
    kind = cell.get(_VALUE_TYPE)
    if cell.get(_CALC_TYPE) == "error":
        return CellError("".join(letters) or cell.get(_STRING_VALUE) or "#ERROR!")
    if kind in _NUMBERS:
        return _number(cell.get(_VALUE, ""))
    if kind == "date":
        return _moment(cell.get(f"{_OFFICE}date-value", ""))
    if kind == "time":
        return _duration(cell.get(f"{_OFFICE}time-value", ""))
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value") == "true"
    return cell.get(_STRING_VALUE) or "".join(letters)


def _number(text: str) -> object:
    try:
        return float(text)
    except ValueError:
        return text


def _moment(text: str) -> object:
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return text


def _duration(text: str) -> object:
    found = _DURATION.match(text)
    if found is None:
        return text
    sign, days, hours, minutes, seconds = found.groups()
    try:
        length = timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=float((seconds or "0").replace(",", ".")),
        )
    except OverflowError:
        return text
    return -length if sign else length
