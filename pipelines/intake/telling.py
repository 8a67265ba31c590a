"""Problems that show only in the registry as it would become, told by the row of the file handed in that leads there."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from pipelines.csv_rows import ROW
from pipelines.errors import PROBLEMS_SHOWN, PipelineError, PromisesBroken, RecordProblem, RecordsRefused
from pipelines.fields import Key, Reference, Table
from pipelines.i18n import _, n_
from pipelines.intake.merging import KEY, SHEET, Merge
from pipelines.intake.sheets import letters

if TYPE_CHECKING:
    from pipelines.intake.checking import Checked, CheckedSheet

_PLACES_NAMED = 5


class LoadRefused(PipelineError):
    """A load that is not done; each line is a sentence in the person's language."""


def in_handed_in_terms(error: RecordsRefused | PromisesBroken, checked: "Checked", merge: Merge) -> LoadRefused:
    """The same error, with the place in the file handed in for every record that was handed in."""
    if isinstance(error, RecordsRefused):
        problems = [_handed_in(problem, checked, merge) for problem in error.problems]
        return LoadRefused("\n".join([*first_lines([str(problem) for problem in problems]), _nothing_changed()]))
    findings = [_with_places(finding, checked, merge) for finding in error.findings]
    return LoadRefused("\n".join([*first_lines(findings), _nothing_changed()]))


def without_cells(checked: "Checked") -> "Checked":
    """The same sheets without the cells of their rows, but for what names records: all that it takes to speak of them."""
    return replace(checked, sheets=[_without_cells(sheet) for sheet in checked.sheets], registry={})


def _without_cells(sheet: "CheckedSheet") -> "CheckedSheet":
    above = sheet.sheet.cells.filter(pl.col(ROW) <= (sheet.header_row or 0))
    records = sheet.records
    return replace(
        sheet,
        sheet=replace(sheet.sheet, cells=above, kinds=None),
        records=replace(records, frame=records.frame.clear(), rows_in_parts=records.frame.height),
        incoming=sheet.incoming.select(ROW, *(_identifiers(sheet.table) if sheet.table else ())),
    )


def place_of(sheet: "CheckedSheet", row: int, column: str | None = None) -> str:
    """A row of a sheet, or a cell of it, as the person sees it."""
    problem = RecordProblem(table="", file=sheet.sheet.file, sheet=sheet.sheet.name, rule="", expected="", row=row)
    return _at(problem, sheet, row, column).place


def first_lines(lines: list[str]) -> list[str]:
    """As many of the lines as anybody reads, and how many more there are."""
    rest = len(lines) - PROBLEMS_SHOWN
    more = [n_("… and {n} more.", "… and {n} more.", rest)] if rest > 0 else []
    return [*lines[:PROBLEMS_SHOWN], *more]


def _nothing_changed() -> str:
    return _("Nothing was changed.")


def _handed_in(problem: RecordProblem, checked: "Checked", merge: Merge) -> RecordProblem:
    if problem.rule == "unknown_reference" and (by := _withdrawn_by(problem.value, checked, merge)):
        problem = replace(problem, expected=_("usable: {place} withdraws its record", place=by), nearest=None)
    table = merge.tables.get(problem.table)
    if table is None or problem.row is None:
        return problem
    found = table.places.filter(pl.col("file_row") == problem.row)
    if found.is_empty():
        return problem
    number, row = found.select(SHEET, ROW).row(0)
    return _at(problem, checked.sheets[number], row, problem.column)


def _at(problem: RecordProblem, sheet: "CheckedSheet", row: int, column: str | None) -> RecordProblem:
    position = sheet.columns.get(column or "")
    return replace(
        problem,
        file=sheet.sheet.file,
        sheet=sheet.sheet.name,
        row=row,
        heading=heading_of(sheet, position),
        cell=f"{letters(position)}{row}" if position else None,
    )


def heading_of(sheet: "CheckedSheet", position: int | None) -> str | None:
    """The words above a column of a sheet, as the person wrote them."""
    if position is None or sheet.header_row is None:
        return None
    header = sheet.sheet.cells.filter(pl.col(ROW) == sheet.header_row)
    return header[f"c{position}"][0] if header.height and f"c{position}" in header.columns else None


def _withdrawn_by(key: str | None, checked: "Checked", merge: Merge) -> str | None:
    """The place that withdraws the record of this key, or the fact that a complete file does not have it."""
    for table in merge.tables.values():
        going = table.withdrawn.filter(pl.col(KEY) == key)
        if going.height:
            number, row = going.select(SHEET, ROW).row(0)
            if row is None:
                return _("a complete file without it")
            return place_of(checked.sheets[number], row)
    return None


def _with_places(finding: str, checked: "Checked", merge: Merge) -> str:
    """A broken promise with the rows handed in whose keys it names."""
    named = set(re.findall(r"[A-Za-z0-9_.\-]+", finding))
    named |= {word.rstrip(".") for word in named}
    places = _places_naming(named, checked, merge)
    if not places:
        return finding
    rest = len(places) - _PLACES_NAMED
    told = "; ".join(places[:_PLACES_NAMED])
    if rest > 0:
        return _("{finding} (see {places}; and {rest} more)", finding=finding, places=told, rest=str(rest))
    return _("{finding} (see {places})", finding=finding, places=told)


def _places_naming(named: set[str], checked: "Checked", merge: Merge) -> list[str]:
    """The rows handed in whose keys are among the words: those of the table named first, else of any table."""
    tables = [table.table for table in merge.tables.values()]
    meant = [table for table in tables if {f"{table.name}.csv", table.name} & named]
    return _rows_naming(named, checked, meant) or _rows_naming(named, checked, tables)


def _rows_naming(named: set[str], checked: "Checked", tables: Sequence[Table]) -> list[str]:
    words = sorted(named)
    return [
        place_of(sheet, row)
        for table in tables
        for sheet in checked.sheets
        if sheet.table is not None and sheet.table.name == table.name
        for row in sorted(
            {
                *sheet.incoming.filter(pl.any_horizontal(pl.col(_identifiers(table)).is_in(words)))[ROW],
                *sheet.withdrawn.filter(pl.any_horizontal(pl.col(table.key[0]).is_in(words)))[ROW],
            }
        )
    ]


def _identifiers(table: Table) -> list[str]:
    """The columns that name records, without the sources, which too many records share."""
    return [
        field.name
        for field in table.fields
        if isinstance(field, Key) or (isinstance(field, Reference) and field.table != "sources")
    ]
