"""A recognised sheet as records: which rows are records, their cells in the house's forms, and what was done to them."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass

import polars as pl

from pipelines.csv_rows import ROW
from pipelines.errors import RecordProblem
from pipelines.fields import Field, Table
from pipelines.i18n import _, n_
from pipelines.intake.headings import Recognised, Vocabulary
from pipelines.intake.on_file import OnFile, lookup_of
from pipelines.intake.plain_words import plain
from pipelines.intake.sheets import Sheet, cell_name, letters
from pipelines.intake.tables import EXAMPLE_KEYS, TO_MEND, WITHDRAW
from pipelines.intake.values import (
    BAD,
    FALSE_WORDS,
    INVISIBLE,
    SERIAL,
    TIME,
    TRUE_WORDS,
    Finding,
    Situation,
    Values,
    normalised,
)

_RANGE = re.compile(r"([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)")
_LARGE = 10_000  # rows
_MERGED, _NO_VALUE = "merged", "no value"


@dataclass(frozen=True, kw_only=True)
class Understood:
    """A sheet whose table is known.

    ``rows`` are its records as they stand: ``row`` and c1 … cN. ``values`` are those that add or change a record, as
    text in the house's forms: ``row`` and the table's columns, null where the sheet has no such column. ``findings``
    tell by column and text why bad cells are bad. ``withdrawn`` has ``row`` and the key of the records to take back.
    ``refused`` are rows that ``problems`` already speak of, all rows where ``is_blocked``.
    """

    sheet: Sheet
    found: Recognised
    table: Table
    rows: pl.DataFrame
    values: pl.DataFrame
    findings: Mapping[str, Mapping[str, Finding]]
    withdrawn: pl.DataFrame
    refused: frozenset[int]
    is_blocked: bool
    problems: Sequence[RecordProblem]
    remarks: tuple[str, ...]


def understand(sheet: Sheet, found: Recognised, known: Vocabulary, file: OnFile) -> Understood:
    """The records of a recognised sheet, their cells in the house's forms."""
    table = found.table
    if table is None:
        raise ValueError("the sheet was not recognised")
    cells, kinds, skipped = _records(sheet, found, table, known)
    situation = Situation(
        known=file.known,
        lookup=lookup_of(file, table),
        lang=found.language,
        has_basis="number_basis" in table.columns,
        is_house_file=sheet.kinds is None and found.language is None,
    )
    read = _normalised(cells, kinds, dict(_with_columns(table, found)), situation)
    texts = {declared.name: read[declared.name].text if declared.name in read else None for declared in table.fields}
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, cells.height)  # one for all columns, in memory too
    values = pl.DataFrame(
        [cells[ROW], *((nothing if text is None else text).alias(name) for name, text in texts.items())]
    )
    marks = _marks(cells, found)
    is_record = values.select(pl.any_horizontal(pl.exclude(ROW).is_not_null()) | marks.is_not_null()).to_series()
    values, extra = _with_cells_left_open(sheet, found, table, values.filter(is_record))
    rows, marks = cells.filter(is_record), marks.filter(is_record)
    words = marks.map_elements(plain, return_dtype=pl.String)
    is_withdrawn = (words.is_in(list(TRUE_WORDS | _withdraw_words(known)))).fill_null(False)
    is_unclear = (marks.is_not_null() & ~is_withdrawn & ~words.is_in(list(FALSE_WORDS))).fill_null(False)
    twice = [_twice(sheet, found, table, column) for column in found.twice]
    unclear = [
        _unclear(sheet, found, table, row, mark)
        for row, mark in zip(rows.filter(is_unclear)[ROW], marks.filter(is_unclear), strict=True)
    ]
    done = [
        remark
        for declared, _name in _with_columns(table, found)
        for remark in _on_column(found, declared, cells[ROW], read[declared.name].done)
    ]
    return Understood(
        sheet=sheet,
        found=found,
        table=table,
        rows=rows,
        values=values.filter(~is_withdrawn),
        findings={name: {**column.findings, **extra} for name, column in read.items()},
        withdrawn=values.filter(is_withdrawn).select(ROW, *table.key),
        refused=frozenset(rows.filter(is_unclear)[ROW]),
        is_blocked=bool(found.twice),
        problems=[*twice, *unclear],
        remarks=(*sheet.remarks, *skipped, *_on_columns(sheet, found, table, known, file), *done),
    )


def _normalised(
    cells: pl.DataFrame, kinds: pl.DataFrame | None, columns: Mapping[Field, str], situation: Situation
) -> dict[str, Values]:
    """The columns of fields in the house's forms; of a large sheet, several at a time."""

    def read(declared: Field, name: str) -> Values:
        return normalised(declared, cells[name], None if kinds is None else kinds[name], situation)

    if cells.height < _LARGE:
        return {declared.name: read(declared, name) for declared, name in columns.items()}
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        started = {
            declared.name: threads.submit(copy_context().run, read, declared, name)
            for declared, name in columns.items()
        }
        return {name: values.result() for name, values in started.items()}


def sheet_problem(
    sheet: Sheet, table: Table, rule: str, expected: str, *, row: int | None = None, position: int | None = None,
    column: str | None = None, heading: str | None = None, value: str | None = None, nearest: str | None = None,
    found: str | None = None,
) -> RecordProblem:  # fmt: skip
    """Something wrong in a sheet, its place said as the person sees it."""
    return RecordProblem(
        table=table.name, file=sheet.file, sheet=sheet.name, rule=rule, expected=expected, row=row, column=column,
        value=value, nearest=nearest, found=found, heading=heading,
        cell=None if position is None else f"{letters(position)}{'' if row is None else row}",
    )  # fmt: skip


def _records(
    sheet: Sheet, found: Recognised, table: Table, known: Vocabulary
) -> tuple[pl.DataFrame, pl.DataFrame | None, list[str]]:
    """The rows below the header that are neither examples nor the header again, and what was left out."""
    first = found.columns.get(table.key[0]) or min(found.columns.values())
    text, capitals = pl.col("text"), pl.col("capitals")
    is_example = pl.any_horizontal(capitals.str.starts_with(start) for start in EXAMPLE_KEYS)
    heading = next(name for name, position in found.columns.items() if position == first)
    spelt = [
        spelling.text for spellings in known.headings.values() for spelling in spellings if spelling.column == heading
    ]
    is_header = text.is_in([*spelt, found.headings[first].strip()])
    stripped = sheet.cells.select(ROW, text=pl.col(cell_name(first)).str.strip_chars())
    told = stripped.with_columns(capitals=text.str.to_uppercase()).select(
        is_below=pl.col(ROW) > found.header_row,
        is_example=is_example.fill_null(False),
        is_header=is_header.fill_null(False),
    )
    kept = told["is_below"] & ~told["is_example"] & ~told["is_header"]
    remarks = []
    if examples := told.filter(pl.col("is_below") & pl.col("is_example")).height:
        remarks.append(
            n_(
                "{n} row is marked as an example and is skipped.",
                "{n} rows are marked as examples and are skipped.",
                examples,
            )
        )
    if headers := told.filter(pl.col("is_below") & pl.col("is_header")).height:
        remarks.append(
            n_("{n} row repeats the headings and is skipped.", "{n} rows repeat the headings and are skipped.", headers)
        )
    return sheet.cells.filter(kept), None if sheet.kinds is None else sheet.kinds.filter(kept), remarks


def _with_columns(table: Table, found: Recognised) -> Iterator[tuple[Field, str]]:
    """The fields that have a column, with the name of its cells."""
    for declared in table.fields:
        if declared.name in found.columns:
            yield declared, cell_name(found.columns[declared.name])


def _marks(cells: pl.DataFrame, found: Recognised) -> pl.Series:
    """The marks that withdraw a record, where there are any."""
    if WITHDRAW not in found.columns:
        return pl.Series(WITHDRAW, [None], dtype=pl.String).new_from_index(0, cells.height)
    mark = pl.col(cell_name(found.columns[WITHDRAW])).str.strip_chars()
    return cells.select(pl.when(mark.str.len_chars() > 0).then(mark).alias(WITHDRAW)).to_series()


def _withdraw_words(known: Vocabulary) -> set[str]:
    """A mark may also be the heading's own word: "retirar"."""
    return {text.removesuffix(" x") for text, found in known.headings.items() if found[0].column == WITHDRAW}


def _unclear(sheet: Sheet, found: Recognised, table: Table, row: int, mark: str) -> RecordProblem:
    position = found.columns[WITHDRAW]
    return sheet_problem(
        sheet, table, "invalid_mark", _("x to withdraw the record, or an empty cell"), row=row, position=position,
        column=WITHDRAW, heading=found.headings[position], value=mark,
    )  # fmt: skip


def _twice(sheet: Sheet, found: Recognised, table: Table, column: str) -> RecordProblem:
    first, second, *_rest = found.twice[column]
    return sheet_problem(
        sheet,
        table,
        "column_twice",
        _("one column for each kind of value; delete or rename one of them"),
        position=second,
        column=column,
        heading=found.headings[second],
        found=_(
            'this column and the column "{other}" ({cell}) mean the same',
            other=found.headings[first],
            cell=letters(first),
        ),
    )


def _with_cells_left_open(
    sheet: Sheet, found: Recognised, table: Table, values: pl.DataFrame
) -> tuple[pl.DataFrame, dict[str, Finding]]:
    """Mark the cells that look filled in the spreadsheet and hold nothing: merged ones, formulas without a value."""
    columns = {position: name for name, position in found.columns.items() if name in table.columns}
    rows = set(values[ROW]) if sheet.merged or sheet.formulas else set()
    merged: dict[str, list[int]] = {}
    for row, position in _merged_cells(sheet, rows):
        if position in columns:
            merged.setdefault(columns[position], []).append(row)
    open_formulas: dict[str, list[int]] = {}
    for formula in sheet.formulas:
        if formula.column in columns and formula.row in rows:
            open_formulas.setdefault(columns[formula.column], []).append(formula.row)
    for places, word in ((merged, _MERGED), (open_formulas, _NO_VALUE)):
        values = values.with_columns(
            pl.when(pl.col(name).is_null() & pl.col(ROW).is_in(numbers))
            .then(pl.lit(f"{BAD}{word}"))
            .otherwise(pl.col(name))
            .alias(name)
            for name, numbers in places.items()
        )
    return values, {
        f"{BAD}{_MERGED}": Finding(
            rule="merged_cell",
            found=_("the cell is merged with others and holds no value of its own"),
            expected=_("a value in each row; take the merged cells apart"),
        ),
        f"{BAD}{_NO_VALUE}": Finding(
            rule="formula_without_value",
            found=_("the formula in this cell has no saved value"),
            expected=_("a value; open the file in a spreadsheet program and save it again"),
        ),
    }


def _merged_cells(sheet: Sheet, rows: set[int]) -> Iterator[tuple[int, int]]:
    """Row and position of every cell that is merged into another one with text, in these rows."""
    for merged in sheet.merged:
        match = _RANGE.fullmatch(merged)
        if match is None:
            continue
        left, top, right, bottom = _position(match[1]), int(match[2]), _position(match[3]), int(match[4])
        first = sheet.cells.filter(pl.col(ROW) == top)
        if first.is_empty() or left >= first.width or first[cell_name(left)][0] is None:
            continue
        for row in (row for row in range(top, bottom + 1) if row in rows):
            yield from ((row, position) for position in range(left, right + 1) if (row, position) != (top, left))


def _position(column: str) -> int:
    position = 0
    for letter in column:
        position = position * 26 + ord(letter) - ord("A") + 1
    return position


def _on_columns(sheet: Sheet, found: Recognised, table: Table, known: Vocabulary, file: OnFile) -> Iterator[str]:
    """What is not read, column by column."""
    taken = set(found.columns)
    for position in found.unknown:
        heading, column = found.headings[position], letters(position)
        wanted = [name for name in (*table.columns, WITHDRAW, TO_MEND) if name not in taken]
        nearest = known.nearest(heading, table.name, found.language or "en", wanted)
        if nearest is None:
            yield _(
                'The column "{heading}" ({column}) is not known here and is not read.', heading=heading, column=column
            )
        else:
            yield _(
                'The column "{heading}" ({column}) is not known here and is not read; nearest: "{nearest}".',
                heading=heading,
                column=column,
                nearest=file.wording.heading(table.name, nearest),
            )
    if found.nameless:
        named = ", ".join(letters(position) for position in found.nameless[:10])
        yield n_(
            "{n} column with text has no heading and is not read: {columns}.",
            "{n} columns with text have no heading and are not read: {columns}.",
            len(found.nameless),
            columns=named,
        )


def _on_column(found: Recognised, declared: Field, rows: pl.Series, done: Mapping[str, pl.Series]) -> Iterator[str]:
    """What was done to the cells of a column."""
    position = found.columns[declared.name]
    for how, places in done.items():
        if places.len():
            values = {"column": found.headings[position], "cell": f"{letters(position)}{rows[int(places[0])]}"}  # fmt: skip
            yield _done(how, places.len(), values)


def _done(how: str, count: int, values: Mapping[str, str]) -> str:
    if how == INVISIBLE:
        return n_(
            'Characters that cannot be seen were left out of {n} cell of the column "{column}" ({cell}).',
            'Characters that cannot be seen were left out of {n} cells of the column "{column}" (first {cell}).',
            count,
            **values,
        )
    if how == SERIAL:
        return n_(
            '{n} number of the column "{column}" was read as a day counted by the spreadsheet ({cell}).',
            '{n} numbers of the column "{column}" were read as days counted by the spreadsheet (first {cell}).',
            count,
            **values,
        )
    if how == TIME:
        return n_(
            'The time of day was left out of {n} date of the column "{column}" ({cell}).',
            'The time of day was left out of {n} dates of the column "{column}" (first {cell}).',
            count,
            **values,
        )
    raise ValueError(how)
