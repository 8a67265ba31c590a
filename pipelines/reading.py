"""Reads files of records: every bad cell, row or file becomes a problem that says what was expected.

Rows read are always rows loaded plus rows refused. Rows are numbered as a spreadsheet numbers them (the header is
row 1); rows without any text are not rows. Nothing is repaired beyond trimmed spaces and known spellings of states.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from graphlib import TopologicalSorter
from hashlib import sha256
from pathlib import Path

import polars as pl

from pipelines import areas
from pipelines.area_names import AreaNames
from pipelines.csv_rows import ROW, UnreadableFile, csv_rows
from pipelines.errors import RecordProblem, shown
from pipelines.fields import Area, Field, ListOf, Lookup, PartialDate, Reference, RowRule, Table
from pipelines.i18n import _, n_

EXPLAINED = 500  # problems of one column for which the nearest valid value is looked up
_TAKE_LONG = (Area, ListOf, PartialDate)
_FEW = 10_000  # cells that are not worth the search for like ones
_REJECTED = {ROW: pl.Int64, "original": pl.String}
_REFERENCE_RULE = "unknown_reference"


@dataclass(frozen=True, kw_only=True)
class Records:
    """One file as read: typed rows (with their ``row``), what is wrong with the others, and the others as they stood.

    ``is_whole`` is false where the file as such is unusable: it is not there, not UTF-8, has other columns.

    ``rejected`` has the columns ``row`` and ``original`` (the whole row as JSON).

    ``parts`` are the Parquet files of the typed rows where these are too many for memory; ``frame`` is then empty.
    Each part but the last ends before one of ``cuts``, values of the column that the table is split by.
    """

    table: Table
    frame: pl.DataFrame
    problems: list[RecordProblem] = field(default_factory=list)
    rejected: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_REJECTED))
    rows_read: int = 0
    sha256: str = ""
    is_whole: bool = True
    parts: tuple[Path, ...] = ()
    cuts: tuple[str, ...] = ()
    rows_in_parts: int = 0

    @property
    def rows_loaded(self) -> int:
        """The rows that may be published."""
        return self.frame.height + self.rows_in_parts

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
    for name in reading_order(tables):
        table = by_name[name]
        if table.area_columns and names is None and areas.TABLE.name in read:
            names = _area_names(read)
        keys, refused_keys = _keys_of(table, read)
        lookup = Lookup(areas=names, keys=keys, refused_keys=refused_keys)
        reader = (readers or {}).get(name)
        read[name] = reader(folder, lookup) if reader else read_table(table, folder, lookup)
        on_read(name)
    return {table.name: read[table.name] for table in tables}


def read_table(table: Table, folder: Path, lookup: Lookup) -> Records:
    """One file, its cells checked against its fields and ``lookup``; never an exception for what the file holds."""
    path = folder / table.file
    if not path.is_file():
        return unreadable(
            table, ("missing_file", _("the file is missing"), _("a file of this name in the data folder"))
        )
    content = path.read_bytes()
    checksum = sha256(content).hexdigest()
    try:
        rows = csv_rows(content, table.columns)
    except UnreadableFile as error:
        return unreadable(table, *error.findings, checksum=checksum)
    return check_rows(table, rows.frame, rows.misshapen, lookup, checksum)


def check_rows(
    table: Table,
    raw: pl.DataFrame,
    misshapen: Mapping[int, int],
    lookup: Lookup,
    checksum: str,
    most: int | None = None,
    on_file: pl.Series | None = None,
    keeps_rejected: bool = True,
) -> Records:
    """Rows of text (``row`` and the table's columns) as typed records; ``misshapen`` rows have that many cells.

    At most ``most`` bad cells of a column are told one by one (by default all), the others by their number. Rows may
    refer to each other and to the keys ``on_file`` of rows of the same table that stand already. Refused rows are left
    out of the result where it is not to have them (``keeps_rejected``).
    """
    shaped = raw.filter(~pl.col(ROW).is_in(list(misshapen)))
    typed = pl.DataFrame([shaped[ROW], *(_parsed(field, shaped[field.name], lookup) for field in table.fields)])
    problems = [_wrong_cell_count(table, row, count) for row, count in misshapen.items()]
    bad_rows = pl.Series(ROW, list(misshapen), dtype=pl.Int64)

    def tell(found: tuple[list[RecordProblem], pl.Series]) -> None:
        nonlocal bad_rows
        problems.extend(found[0])
        if found[1].len():
            bad_rows = pl.concat([bad_rows, found[1].rename(ROW)]).unique()

    for declared in table.fields:
        tell(_cell_problems(table, declared, shaped, typed, lookup, most))
    tell(_duplicates(table, typed, most))
    sound = typed.filter(~pl.col(ROW).is_in(bad_rows.implode()))
    for rule in table.rules:
        tell(_rule_problems(table, rule, shaped, sound, lookup, most))
    tell(_own_reference_problems(table, shaped, sound, bad_rows, lookup, most, on_file))
    is_refused = pl.col(ROW).is_in(bad_rows.implode())
    order = {name: position for position, name in enumerate(table.columns)}
    return Records(
        table=table,
        frame=typed.filter(~is_refused),
        problems=sorted(problems, key=lambda problem: (problem.row or 0, order.get(problem.column or "", -1))),
        rejected=_rejected(raw.filter(is_refused if keeps_rejected else pl.lit(False)), table),
        rows_read=raw.height,
        sha256=checksum,
    )


def _rejected(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    return rows.select(ROW, original=pl.struct(table.columns).struct.json_encode())


def _parsed(declared: Field, cells: pl.Series, lookup: Lookup) -> pl.Series:
    """The values of a column; what takes long is looked at once for each distinct text where many cells are alike."""
    name, value = declared.name, declared.parse(pl.col(declared.name), lookup)
    if cells.len() > _FEW and isinstance(declared, _TAKE_LONG):
        distinct = cells.unique()
        if 2 * distinct.len() < cells.len():
            known = distinct.to_frame().select(name, value.alias("value"))
            joined = cells.to_frame().join(known, on=name, how="left", nulls_equal=True, maintain_order="left")
            return _shared(cells, joined["value"].alias(name))
    return _shared(cells, cells.to_frame().select(value.alias(name)).to_series())


def _shared(cells: pl.Series, values: pl.Series) -> pl.Series:
    """The values; the very same texts where that is what they are, so that they lie in memory once."""
    return cells if values.dtype == cells.dtype and values.equals(cells) else values


def _cell_problems(
    table: Table, declared: Field, raw: pl.DataFrame, typed: pl.DataFrame, lookup: Lookup, most: int | None
) -> tuple[list[RecordProblem], pl.Series]:
    """What is wrong with the cells of a column, and all rows concerned."""
    is_empty, is_invalid = (
        raw[declared.name].is_null(),
        raw[declared.name].is_not_null() & typed[declared.name].is_null(),
    )
    bad = raw.select(ROW, declared.name).filter(is_invalid | is_empty if declared.is_required else is_invalid)
    if bad.is_empty():
        return [], bad[ROW]
    told = bad if most is None else bad.head(most)
    explained = {
        value: (declared.expected_for(value, lookup), declared.nearest(value, lookup))
        for value in told[declared.name].drop_nulls().unique(maintain_order=True).head(EXPLAINED)
    }
    rule = _REFERENCE_RULE if isinstance(declared, Reference) else f"invalid_{declared.kind}"
    problems = [
        RecordProblem(
            table=table.name,
            file=table.file,
            rule=rule if value is not None else "empty_cell",
            row=row,
            column=declared.name,
            value=value,
            expected=explained[value][0] if value in explained else declared.expected_in(lookup),
            nearest=explained[value][1] if value in explained else None,
        )
        for row, value in told.iter_rows()
    ]
    return _with_rest(problems, bad[ROW])


def _with_rest(problems: list[RecordProblem], rows: pl.Series) -> tuple[list[RecordProblem], pl.Series]:
    """The problems of a column, the last one saying how many more there are, and all rows concerned."""
    rest = rows.len() - len(problems)
    if problems and rest > 0:
        found = n_(
            "{n} more row of this column is refused for such a reason",
            "{n} more rows of this column are refused for such reasons",
            rest,
        )
        last = replace(problems[-1], row=rows[len(problems)], value=None, nearest=None, found=found)
        problems = [*problems, last]
    return problems, rows


def _duplicates(table: Table, typed: pl.DataFrame, most: int | None) -> tuple[list[RecordProblem], pl.Series]:
    # All rows that share a key are refused, not the later ones: which of them is right is not ours to guess.
    if not table.key:
        return [], typed[ROW].clear()
    shared = typed.select(ROW, *table.key).drop_nulls(list(table.key)).filter(pl.struct(table.key).is_duplicated())
    groups = shared.group_by(*table.key).agg(pl.col(ROW).sort()).sort(pl.col(ROW).list.first())
    told = groups if most is None else groups.head(most)
    problems = [
        RecordProblem(
            table=table.name,
            file=table.file,
            rule="duplicate_key",
            row=row,
            column=table.key[-1] if len(table.key) == 1 else " + ".join(table.key),
            value=" + ".join(str(part) for part in key),
            expected=_("used once: rows {rows} have it", rows=", ".join(map(str, rows[:10]))),
        )
        for *key, rows in told.iter_rows()
        for row in rows[:most]
    ]
    return _with_rest(problems, shared[ROW].sort())


def _rule_problems(
    table: Table, rule: RowRule, raw: pl.DataFrame, sound: pl.DataFrame, lookup: Lookup, most: int | None
) -> tuple[list[RecordProblem], pl.Series]:
    broken = sound.filter(~rule.holds.fill_null(True)).select(ROW).sort(ROW)
    told = broken if most is None else broken.head(most)
    values = raw.select(ROW, rule.column).join(told, on=ROW, how="semi").sort(ROW)
    problems = [
        RecordProblem(
            table=table.name,
            file=table.file,
            rule=rule.name,
            row=row,
            column=rule.column,
            value=value,
            found=_("the cell is empty") if value is None else _('"{value}" does not fit the row', value=shown(value)),
            expected=rule.expected_in(lookup),
        )
        for row, value in values.iter_rows()
    ]
    return _with_rest(problems, broken[ROW])


def _own_reference_problems(
    table: Table,
    raw: pl.DataFrame,
    sound: pl.DataFrame,
    bad_rows: pl.Series,
    lookup: Lookup,
    most: int | None,
    on_file: pl.Series | None,
) -> tuple[list[RecordProblem], pl.Series]:
    """References to rows of the same table, until no row refers to a refused one."""
    columns = [name for name, target in table.references if target.table == table.name]
    problems: list[RecordProblem] = []
    refused = raw[ROW].clear()
    if not columns:
        return problems, refused
    all_keys = raw[table.key[0]]
    known = pl.Series(table.key[0], [] if on_file is None else on_file, dtype=pl.String)
    # Of rows refused for other reasons it is told, too, where they refer to no row at all.
    anywhere = replace(lookup, keys={table.name: pl.concat([known, all_keys.drop_nulls()])}, refused_keys={})
    rows_refused = raw.filter(pl.col(ROW).is_in(bad_rows.implode()))
    for column in columns:
        problems += _own_problems(table, column, rows_refused, anywhere, most)[0]
    standing = sound.filter(~pl.col(ROW).is_in(bad_rows.implode()))
    while True:
        keys = pl.concat([known, standing[table.key[0]]])
        own = replace(
            lookup,
            keys={table.name: keys},
            refused_keys={table.name: all_keys.filter(~all_keys.is_in(keys.implode()))},
        )
        rows_left = raw.filter(pl.col(ROW).is_in(standing[ROW].implode()))
        rows: list[pl.Series] = []
        for column in columns:
            found, rows_found = _own_problems(table, column, rows_left, own, most)
            problems += found
            rows.append(rows_found)
        newly = pl.concat(rows).unique()
        if newly.is_empty():
            return problems, refused
        refused = pl.concat([refused, newly])
        standing = standing.filter(~pl.col(ROW).is_in(newly.implode()))


def _own_problems(
    table: Table, column: str, raw: pl.DataFrame, lookup: Lookup, most: int | None
) -> tuple[list[RecordProblem], pl.Series]:
    reference = Reference(column, table.name)
    typed = raw.select(ROW, reference.parse(pl.col(column), lookup).alias(column))
    return _cell_problems(table, reference, raw, typed, lookup, most)


def _wrong_cell_count(table: Table, row: int, count: int) -> RecordProblem:
    return RecordProblem(
        table=table.name,
        file=table.file,
        rule="wrong_cell_count",
        row=row,
        found=n_("the row has {n} cell", "the row has {n} cells", count),
        expected=_("{count}, as in the header", count=str(len(table.fields))),
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


def reading_order(tables: Sequence[Table]) -> list[str]:
    """The tables' names, each after those its cells are looked up in."""
    names = {table.name for table in tables}
    after = {
        table.name: {target.table for _, target in table.references if target.table != table.name}
        | ({areas.TABLE.name, areas.ALIASES.name} if table.area_columns else set())
        for table in tables
    }
    order = TopologicalSorter({name: sorted(needed & names) for name, needed in after.items()})
    return list(order.static_order())


def _keys_of(table: Table, read: Mapping[str, Records]) -> tuple[dict[str, pl.Series], dict[str, pl.Series]]:
    """The keys that the table's references may name, and those of refused rows; tables not readable are left out."""
    needed = {target.table for _column, target in table.references} & {name for name in read if read[name].is_whole}
    column = {name: read[name].table.key[0] for name in needed}
    return {name: read[name].frame[column[name]] for name in needed}, {
        name: read[name].rejected["original"].str.json_path_match(f"$.{column[name]}") for name in needed
    }


def _area_names(read: Mapping[str, Records]) -> AreaNames | None:
    states, aliases = read[areas.TABLE.name], read.get(areas.ALIASES.name)
    if not states.is_whole:
        return None
    no_aliases = _no_rows(areas.ALIASES.fields)
    return AreaNames(states.frame, aliases.frame if aliases else no_aliases)
