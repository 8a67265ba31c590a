"""Reads files of records: every bad cell, row or file becomes a problem that says what was expected.

Rows read are always rows loaded plus rows refused. Rows are numbered as a spreadsheet numbers them (the header is
row 1); rows without any text are not rows. Nothing is repaired beyond trimmed spaces and known spellings of states.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from hashlib import sha256
from pathlib import Path

import polars as pl

from pipelines import areas
from pipelines.area_names import AreaNames
from pipelines.csv_rows import ROW, UnreadableFile, csv_rows
from pipelines.errors import RecordProblem, shown
from pipelines.fields import Field, Lookup, Reference, RowRule, Table

EXPLAINED = 500  # problems of one column for which the nearest valid value is looked up
_REJECTED = {ROW: pl.Int64, "original": pl.String}
_REFERENCE_RULE = "unknown_reference"


@dataclass(frozen=True, kw_only=True)
class Records:
    """One file as read: typed rows (with their ``row``), what is wrong with the others, and the others as they stood.

    ``is_whole`` is false where the file as such is unusable: it is not there, not UTF-8, has other columns.

    ``rejected`` has the columns ``row`` and ``original`` (the whole row as JSON).
    """

    table: Table
    frame: pl.DataFrame
    problems: list[RecordProblem] = field(default_factory=list)
    rejected: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_REJECTED))
    rows_read: int = 0
    sha256: str = ""
    is_whole: bool = True

    @property
    def rows_loaded(self) -> int:
        """The rows that may be published."""
        return self.frame.height

    @property
    def rows_rejected(self) -> int:
        """The rows refused."""
        return self.rejected.height


def read_all(
    tables: Sequence[Table],
    folder: Path,
    readers: Mapping[str, Callable[[Path, Lookup], Records]] | None = None,
    on_read: Callable[[str], None] = lambda name: None,
) -> dict[str, Records]:
    """Every table by name, each read after those it refers to; states are known by every usual name.

    A table that is not one CSV file has its reader in ``readers``; ``on_read`` is told each table's name.
    """
    by_name = {table.name: table for table in tables}
    read: dict[str, Records] = {}
    names: AreaNames | None = None
    for name in _reading_order(tables):
        table = by_name[name]
        if table.area_columns and names is None and areas.TABLE.name in read:
            names = _area_names(read)
        lookup = Lookup(areas=names, **_keys_of(table, read))
        reader = (readers or {}).get(name)
        read[name] = reader(folder, lookup) if reader else read_table(table, folder, lookup)
        on_read(name)
    return {table.name: read[table.name] for table in tables}


def read_table(table: Table, folder: Path, lookup: Lookup) -> Records:
    """One file, its cells checked against its fields and ``lookup``; never an exception for what the file holds."""
    path = folder / table.file
    if not path.is_file():
        return unreadable(table, ("missing_file", "the file is missing", "a file of this name in the data folder"))
    content = path.read_bytes()
    checksum = sha256(content).hexdigest()
    try:
        rows = csv_rows(content, table.columns)
    except UnreadableFile as error:
        return unreadable(table, *error.findings, checksum=checksum)
    return check_rows(table, rows.frame, rows.misshapen, lookup, checksum)


def check_rows(table: Table, raw: pl.DataFrame, misshapen: Mapping[int, int], lookup: Lookup, checksum: str) -> Records:
    """Rows of text (``row`` and the table's columns) as typed records; ``misshapen`` rows have that many cells."""
    shaped = raw.filter(~pl.col(ROW).is_in(list(misshapen)))
    typed = shaped.select(ROW, *(field.parse(pl.col(field.name), lookup).alias(field.name) for field in table.fields))
    problems = [_wrong_cell_count(table, row, count) for row, count in misshapen.items()]
    for declared in table.fields:
        problems += _cell_problems(table, declared, shaped, typed, lookup)
    problems += _duplicates(table, typed)
    bad_rows = {problem.row for problem in problems}
    sound = typed.filter(~pl.col(ROW).is_in(list(bad_rows)))
    for rule in table.rules:
        problems += _rule_problems(table, rule, shaped, sound)
    problems += _own_reference_problems(table, shaped, sound, {problem.row for problem in problems})
    refused = sorted({problem.row for problem in problems if problem.row is not None})
    order = {name: position for position, name in enumerate(table.columns)}
    return Records(
        table=table,
        frame=typed.filter(~pl.col(ROW).is_in(refused)),
        problems=sorted(problems, key=lambda problem: (problem.row or 0, order.get(problem.column or "", -1))),
        rejected=raw.filter(pl.col(ROW).is_in(refused)).select(
            ROW, original=pl.struct(table.columns).struct.json_encode()
        ),
        rows_read=raw.height,
        sha256=checksum,
    )


def _cell_problems(
    table: Table, declared: Field, raw: pl.DataFrame, typed: pl.DataFrame, lookup: Lookup
) -> list[RecordProblem]:
    is_empty, is_invalid = (
        raw[declared.name].is_null(),
        raw[declared.name].is_not_null() & typed[declared.name].is_null(),
    )
    bad = raw.filter(is_invalid | is_empty if declared.is_required else is_invalid)
    if bad.is_empty():
        return []
    explained = {
        value: (declared.expected_for(value, lookup), declared.nearest(value, lookup))
        for value in bad[declared.name].drop_nulls().unique(maintain_order=True).head(EXPLAINED)
    }
    rule = _REFERENCE_RULE if isinstance(declared, Reference) else f"invalid_{declared.kind}"
    return [
        RecordProblem(
            table=table.name,
            file=table.file,
            rule=rule if value is not None else "empty_cell",
            row=row,
            column=declared.name,
            value=value,
            expected=explained[value][0] if value in explained else declared.expected,
            nearest=explained[value][1] if value in explained else None,
        )
        for row, value in bad.select(ROW, declared.name).iter_rows()
    ]


def _duplicates(table: Table, typed: pl.DataFrame) -> list[RecordProblem]:
    # All rows that share a key are refused, not the later ones: which of them is right is not ours to guess.
    if not table.key:
        return []
    keyed = typed.drop_nulls(list(table.key))
    groups = (
        keyed.filter(pl.struct(table.key).is_duplicated())
        .group_by(*table.key)
        .agg(pl.col(ROW).sort())
        .sort(pl.col(ROW).list.first())
    )
    return [
        RecordProblem(
            table=table.name,
            file=table.file,
            rule="duplicate_key",
            row=row,
            column=table.key[-1] if len(table.key) == 1 else " + ".join(table.key),
            value=" + ".join(str(part) for part in key),
            expected=f"used once: rows {', '.join(map(str, rows[:10]))} have it",
        )
        for *key, rows in groups.iter_rows()
        for row in rows
    ]


def _rule_problems(table: Table, rule: RowRule, raw: pl.DataFrame, sound: pl.DataFrame) -> list[RecordProblem]:
    broken = sound.filter(~rule.holds.fill_null(True)).select(ROW)
    values = raw.join(broken, on=ROW, how="semi").sort(ROW).select(ROW, rule.column)
    return [
        RecordProblem(
            table=table.name,
            file=table.file,
            rule=rule.name,
            row=row,
            column=rule.column,
            value=value,
            found="the cell is empty" if value is None else f'"{shown(value)}" does not fit the row',
            expected=rule.expected,
        )
        for row, value in values.iter_rows()
    ]


def _own_reference_problems(
    table: Table, raw: pl.DataFrame, sound: pl.DataFrame, bad_rows: set[int | None]
) -> list[RecordProblem]:
    """References to rows of the same table, until no row refers to a refused one."""
    columns = [name for name, target in table.references if target.table == table.name]
    problems: list[RecordProblem] = []
    if not columns:
        return problems
    all_keys = raw[table.key[0]]
    standing = sound.filter(~pl.col(ROW).is_in(list(bad_rows)))
    while True:
        keys = standing[table.key[0]]
        lookup = Lookup(
            keys={table.name: keys}, refused_keys={table.name: all_keys.filter(~all_keys.is_in(keys.implode()))}
        )
        rows_left = raw.filter(pl.col(ROW).is_in(standing[ROW].implode()))
        found: list[RecordProblem] = []
        for column in columns:
            reference = Reference(column, table.name)
            typed = rows_left.select(ROW, reference.parse(pl.col(column), lookup).alias(column))
            found += _cell_problems(table, reference, rows_left, typed, lookup)
        if not found:
            return problems
        problems += found
        standing = standing.filter(~pl.col(ROW).is_in([problem.row for problem in found]))


def _wrong_cell_count(table: Table, row: int, count: int) -> RecordProblem:
    cells = "1 cell" if count == 1 else f"{count} cells"
    return RecordProblem(
        table=table.name,
        file=table.file,
        rule="wrong_cell_count",
        row=row,
        found=f"the row has {cells}",
        expected=f"{len(table.fields)}, as in the header",
    )


def unreadable(table: Table, *findings: tuple[str, str, str], checksum: str = "") -> Records:
    """A table without rows, and why: (rule, what was found, what was expected) for each problem."""
    return Records(
        table=table,
        frame=_no_rows(table.fields),
        problems=[
            RecordProblem(table=table.name, file=table.file, rule=rule, found=found, expected=expected)
            for rule, found, expected in findings
        ],
        sha256=checksum,
        is_whole=False,
    )


def _no_rows(fields: Sequence[Field]) -> pl.DataFrame:
    empty = pl.DataFrame(schema={ROW: pl.Int64, **{field.name: pl.String for field in fields}})
    return empty.with_columns(field.parse(pl.col(field.name), Lookup()).alias(field.name) for field in fields)


def _reading_order(tables: Sequence[Table]) -> list[str]:
    """The tables' names, each after those its cells are looked up in."""
    names = {table.name for table in tables}
    after = {
        table.name: {target.table for _, target in table.references if target.table != table.name}
        | ({areas.TABLE.name, areas.ALIASES.name} if table.area_columns else set())
        for table in tables
    }
    order = TopologicalSorter({name: sorted(needed & names) for name, needed in after.items()})
    return list(order.static_order())


def _keys_of(table: Table, read: Mapping[str, Records]) -> dict[str, dict[str, pl.Series]]:
    """The keys that the table's references may name, and those of refused rows; tables not readable are left out."""
    needed = {target.table for _, target in table.references} & {name for name in read if read[name].is_whole}
    column = {name: read[name].table.key[0] for name in needed}
    return {
        "keys": {name: read[name].frame[column[name]] for name in needed},
        "refused_keys": {
            name: read[name].rejected["original"].str.json_path_match(f"$.{column[name]}") for name in needed
        },
    }


def _area_names(read: Mapping[str, Records]) -> AreaNames | None:
    states, aliases = read[areas.TABLE.name], read.get(areas.ALIASES.name)
    if not states.is_whole:
        return None
    no_aliases = _no_rows(areas.ALIASES.fields)
    return AreaNames(states.frame, aliases.frame if aliases else no_aliases)
