"""The sheets of an Excel workbook (XLSX, XLSM), read by calamine; what calamine leaves out comes from a scan beside it."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import BinaryIO

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetVisibleEnum,
    XmlError,
    ZipError,
)

from pipelines.intake.cell_scan import Scan, extent, scan_sheet
from pipelines.intake.cell_texts import CellError
from pipelines.intake.limits import Limits
from pipelines.intake.package import Package
from pipelines.intake.raw_sheets import NoteCode, RawSheet
from pipelines.intake.refused import Refused
from pipelines.intake.workbook_parts import carried, check_prologs, sheet_parts


def excel_sheets(file: BinaryIO, package: Package, limits: Limits) -> Iterator[RawSheet]:
    """Each sheet with cells, in the order of the workbook; its scan runs while calamine reads it."""
    check_prologs(package)
    parts = [sheet.part for sheet in sheet_parts(package)]
    notes: list[NoteCode] = [(code, {}) for code in carried(package)]
    with ThreadPoolExecutor(1) as beside:
        others = beside.submit(_inflate_others, package, set(parts))
        scans = [beside.submit(scan_sheet, package, part, limits.formulas) if part else None for part in parts]
        try:
            workbook = CalamineWorkbook.from_path(f"/dev/fd/{file.fileno()}")
            about = workbook.sheets_metadata
            if len(about) != len(parts):
                raise Refused("damaged")
            for position, scan in enumerate(scans):
                if scan is None:
                    continue
                sheet = workbook.get_sheet_by_index(position)
                others.result()
                if about[position].visible != SheetVisibleEnum.Visible:
                    notes.append(("hidden", {}))
                yield _raw(sheet, scan.result(), limits, notes)
                notes = []
        except PasswordError as error:
            raise Refused("password") from error
        except (CalamineError, ZipError, XmlError, OSError) as error:
            # what the scan refused says more than what calamine could not read
            for result in (others, *scans):
                if result is not None:
                    result.result()
            raise Refused("damaged") from error
        finally:
            beside.shutdown(cancel_futures=True)


def measure(package: Package, limits: Limits) -> None:
    """Refuse a workbook with a sheet that reaches further than can be read; slow, for one that took too much memory."""
    for sheet in sheet_parts(package):
        if sheet.part is not None:
            _bound(sheet.name, *extent(package, sheet.part), limits)


def _bound(name: str, rows: int, columns: int, limits: Limits) -> None:
    if rows * columns > limits.cells:
        raise Refused("too_large_sheet", sheet=name, rows=rows, columns=columns, cells_allowed=limits.cells)


def _inflate_others(package: Package, sheets: set[str | None]) -> None:
    """Count what the other parts that calamine reads really hold."""
    for name in package.parts:
        if name.lower().endswith((".xml", ".rels")) and name not in sheets:
            for _piece in package.pieces(name):
                pass


def _raw(sheet: CalamineSheet, scan: Scan, limits: Limits, notes: list[NoteCode]) -> RawSheet:
    first_column = sheet.start[1] + 1 if sheet.start else 1
    height = sheet.end[0] + 1 if sheet.end else 0
    width = sheet.width if sheet.end else 0
    _bound(sheet.name, height, width, limits)
    return RawSheet(
        name=sheet.name,
        rows=_with_errors(sheet.iter_rows(), scan, first_column) if height else iter(()),
        first_column=first_column,
        height=height,
        formulas=scan.formulas,
        formula_count=scan.formula_count,
        merged=[
            (top + 1, left + 1, bottom + 1, right + 1)
            for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        ],
        notes=notes,
    )


def _with_errors(rows: Iterator[list], scan: Scan, first_column: int) -> Iterator[Sequence[object]]:
    """The rows with what cells show that could not be worked out; calamine gives those as empty."""
    if not scan.errors:
        return rows
    return _overlaid(rows, scan, first_column)


def _overlaid(rows: Iterator[list], scan: Scan, first_column: int) -> Iterator[Sequence[object]]:
    for number, cells in enumerate(rows, start=1):
        for column, text in scan.errors.get(number, {}).items():
            if not 0 <= column - first_column < len(cells):
                raise Refused("damaged")
            cells[column - first_column] = CellError(text)
        yield cells
