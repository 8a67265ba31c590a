"""Merges handed-in records into the registry by their keys: what is new, changed, unchanged or withdrawn.

Values are compared by their meaning ("Brasil" is "BRA", "1.50" is 1.5), so that a cell changes only where the record
does. Rows on file keep their place and their text, changed rows change in place, new rows come at the end.
"""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from pipelines import areas
from pipelines.area_names import AreaNames
from pipelines.csv_rows import ROW
from pipelines.errors import PipelineError
from pipelines.fields import ListOf, Lookup, Table
from pipelines.i18n import _
from pipelines.intake.registry_files import LINE, RegistryFile, content_of, read_registry_file, written_lines
from pipelines.intake.tables import BY_NAME
from pipelines.reading import Records, read_all

if TYPE_CHECKING:
    from pipelines.intake.checking import Checked, CheckedSheet

SHEET, KEY = "sheet", "key"
KEY_SEPARATOR = " + "
_CHANGED = {SHEET: pl.Int64, ROW: pl.Int64, KEY: pl.String, "column": pl.String, "old": pl.String, "new": pl.String}
_PLACES = {"file_row": pl.Int64, SHEET: pl.Int64, ROW: pl.Int64}


@dataclass(frozen=True, kw_only=True)
class TableMerge:
    """What becomes of one table. ``sheet`` counts the sheets of the Checked from 0, ``row`` is the row in that sheet.

    ``new`` and ``withdrawn`` have ``sheet``, ``row``, ``key`` and the table's columns as text (withdrawn rows as they
    were; without sheet and row where nobody named them). ``changed`` has one row for each cell: ``sheet``, ``row``,
    ``key``, ``column``, ``old``, ``new``. ``places`` tells the sheet and row of each handed-in record by ``file_row``,
    its row in the merged file. ``content`` is the merged file; empty where the file stays as it is.
    """

    table: Table
    new: pl.DataFrame
    changed: pl.DataFrame
    unchanged: int
    withdrawn: pl.DataFrame
    places: pl.DataFrame
    before: str
    after: str
    content: bytes = b""

    def without_cells(self) -> "TableMerge":
        """The same, of the new records only where they stand and their keys, and without the merged file."""
        return replace(self, new=self.new.select(SHEET, ROW, KEY), content=b"")

    @property
    def changed_keys(self) -> list[str]:
        """The keys of the changed records, in the order of the sheets."""
        return self.changed[KEY].unique(maintain_order=True).to_list()

    @property
    def is_change(self) -> bool:
        """Whether the file becomes another."""
        return self.before != self.after


@dataclass(frozen=True, kw_only=True)
class Merge:
    """What a load would do to each table that was handed in, by name, in the order of the template."""

    tables: Mapping[str, TableMerge] = field(default_factory=dict)

    @property
    def is_change(self) -> bool:
        """Whether the registry becomes another."""
        return any(table.is_change for table in self.tables.values())

    def without_cells(self) -> "Merge":
        """The same without what is needed no more once the merged files are laid out."""
        return Merge(tables={name: table.without_cells() for name, table in self.tables.items()})

    @property
    def needs_reason(self) -> bool:
        """Whether a record that was published changes or goes."""
        return any(table.changed.height or table.withdrawn.height for table in self.tables.values())


def merge(checked: "Checked", data: Path, *, is_complete: bool = False) -> Merge:
    """What the accepted rows of ``checked`` do to the registry in ``data``; nothing is written.

    ``is_complete`` withdraws what is on file and not handed in, in every table of which at least one record was handed
    in. PipelineError for a registry file that cannot be read and for a record that comes twice.
    """
    names = _area_names(checked.registry or read_all((areas.TABLE, areas.ALIASES), data))
    sheets = {
        name: {number: sheet for number, sheet in enumerate(checked.sheets) if _has_rows(sheet, name)}
        for name in BY_NAME
    }

    def merged(name: str) -> TableMerge:
        return _merge_table(read_registry_file(BY_NAME[name], data), sheets[name], Lookup(areas=names), is_complete)

    with ThreadPoolExecutor(os.cpu_count()) as threads:
        started = {name: threads.submit(copy_context().run, merged, name) for name in BY_NAME if sheets[name]}
        return Merge(tables={name: table.result() for name, table in started.items()})


def _has_rows(sheet: "CheckedSheet", name: str) -> bool:
    return sheet.table is not None and sheet.table.name == name and sheet.incoming.height + sheet.withdrawn.height > 0


def _area_names(read: Mapping[str, Records]) -> AreaNames | None:
    states, aliases = read[areas.TABLE.name], read[areas.ALIASES.name]
    return AreaNames(states.frame, aliases.frame) if states.is_whole else None


def _merge_table(
    file: RegistryFile, sheets: Mapping[int, "CheckedSheet"], lookup: Lookup, is_complete: bool
) -> TableMerge:
    table, keys = file.table, _meant(file.table.key)
    known = file.rows.select(pl.col(ROW).alias("file_row"), *_meanings(table, lookup, table.key)).drop_nulls(keys)
    known = known.unique(keys, keep="first", maintain_order=True)
    handed = pl.concat([_keyed(table, number, sheet, lookup) for number, sheet in sheets.items()])
    _refuse_repeated(table, handed, sheets)
    found = handed.select(keys).join(known, on=keys, how="left", validate="1:1", maintain_order="left")
    handed = handed.with_columns(found["file_row"])
    new = handed.filter(pl.col("file_row").is_null())
    kept = _compared(file, handed.filter(pl.col("file_row").is_not_null()), sheets, lookup)
    changed = kept.filter("is_changed")
    going = _withdrawn(table, sheets, handed, known, lookup, is_complete)
    withdrawn = going.join(file.rows.rename({ROW: "file_row"}), on="file_row", validate="1:1", maintain_order="left")
    rewritten = changed.select("file_row", *(_text_after(table, name) for name in table.columns))
    lines, places = _merged_lines(file, rewritten, withdrawn, new, kept)
    is_change = bool(new.height or changed.height or withdrawn.height)
    content = content_of(file, lines, new) if is_change else b""
    return TableMerge(
        table=table,
        new=new.select(SHEET, ROW, _key(table), *table.columns),
        changed=_changed_cells(table, changed),
        unchanged=kept.height - changed.height,
        withdrawn=withdrawn.select(SHEET, ROW, _key(table), *table.columns),
        places=places,
        before=file.sha256,
        after=sha256(content).hexdigest() if is_change else file.sha256,
        content=content,
    )


def _keyed(table: Table, number: int, sheet: "CheckedSheet", lookup: Lookup) -> pl.DataFrame:
    """The sheet's records with the meaning of their keys."""
    return sheet.incoming.select(
        pl.lit(number, pl.Int64).alias(SHEET),
        pl.col(ROW).cast(pl.Int64),
        pl.col(table.columns).cast(pl.String),
    ).with_columns(_meanings(table, lookup, table.key))


def _compared(
    file: RegistryFile, handed: pl.DataFrame, sheets: Mapping[int, "CheckedSheet"], lookup: Lookup
) -> pl.DataFrame:
    """The records that are on file, with their texts there (``old …``) and whether each cell, and any, ``differs``.

    What a sheet has no column for stays as it is on file.
    """
    table = file.table
    others = [name for name in table.columns if name not in table.key]
    on_file = file.rows.rename({ROW: "file_row"} | {name: f"old {name}" for name in table.columns})
    both = handed.join(on_file, on="file_row", how="left", validate="1:1", maintain_order="left")
    absent = {name: [n for n, sheet in sheets.items() if name in sheet.absent] for name in others}
    stays = [
        pl.when(pl.col(SHEET).is_in(numbers)).then(pl.col(f"old {name}")).otherwise(pl.col(name)).alias(name)
        for name, numbers in absent.items()
        if numbers
    ]
    differs = [
        _meaning(table, name, name, lookup)
        .ne_missing(_meaning(table, name, f"old {name}", lookup))
        .alias(f"differs {name}")
        for name in others
    ]
    return (
        both.with_columns(stays)
        .with_columns(differs)
        .with_columns(is_changed=pl.any_horizontal(pl.lit(False), *(f"differs {name}" for name in others)))
    )


def _withdrawn(
    table: Table,
    sheets: Mapping[int, "CheckedSheet"],
    handed: pl.DataFrame,
    known: pl.DataFrame,
    lookup: Lookup,
    is_complete: bool,
) -> pl.DataFrame:
    """The records on file that go: their ``file_row`` and key, and the sheet and row that say so, by place on file."""
    keys = _meant(table.key)
    named = (
        pl.concat(
            [
                sheet.withdrawn.select(pl.lit(number, pl.Int64).alias(SHEET), pl.col(ROW).cast(pl.Int64), *table.key)
                for number, sheet in sheets.items()
            ]
        )
        .with_columns(_meanings(table, lookup, table.key))
        .select(SHEET, ROW, *keys)
        .unique(keys, keep="first", maintain_order=True)
    )
    going = known.join(named, on=keys, how="inner", validate="1:1")
    if is_complete and handed.height:
        unnamed = (
            known.join(handed, on=keys, how="anti")
            .join(named, on=keys, how="anti")
            .with_columns(pl.lit(None, pl.Int64).alias(SHEET), pl.lit(None, pl.Int64).alias(ROW))
        )
        going = pl.concat([going, unnamed.select(going.columns)])
    return going.sort("file_row")


def _merged_lines(
    file: RegistryFile, rewritten: pl.DataFrame, withdrawn: pl.DataFrame, new: pl.DataFrame, kept: pl.DataFrame
) -> tuple[pl.Series, pl.DataFrame]:
    """The lines that stay or change, below the header of the merged file; the place of each handed-in record in it."""
    replaced = pl.DataFrame({ROW: rewritten["file_row"], "after": written_lines(rewritten, file.header)})
    staying = (
        file.lines.join(replaced, on=ROW, how="left", validate="1:1", maintain_order="left")
        .filter(~pl.col(ROW).is_in(withdrawn["file_row"].implode()))
        .select(ROW, pl.coalesce("after", LINE).alias(LINE))
        .with_row_index("file_row", 2)
    )
    places = pl.concat(
        [
            kept.select(SHEET, ROW, pl.col("file_row").alias("was_row"))
            .join(staying.select("file_row", was_row=ROW), on="was_row", validate="1:1")
            .select(_PLACES.keys()),
            new.drop("file_row").with_row_index("file_row", 2 + staying.height).select(_PLACES.keys()),
        ],
        how="vertical_relaxed",
    )
    return staying[LINE], places.cast(pl.Schema(_PLACES)).sort("file_row")


def _changed_cells(table: Table, changed: pl.DataFrame) -> pl.DataFrame:
    """One row for each cell that changes, by sheet, row and the order of the columns."""
    cells = [
        changed.filter(f"differs {name}").select(
            SHEET,
            ROW,
            _key(table),
            pl.lit(name).alias("column"),
            pl.col(f"old {name}").alias("old"),
            pl.col(name).alias("new"),
            pl.lit(position).alias("position"),
        )
        for position, name in enumerate(table.columns)
        if name not in table.key
    ]
    empty = pl.DataFrame(schema=_CHANGED | {"position": pl.Int32})
    return pl.concat([empty, *cells], how="vertical_relaxed").sort(SHEET, ROW, "position").select(_CHANGED.keys())


def _refuse_repeated(table: Table, handed: pl.DataFrame, sheets: Mapping[int, "CheckedSheet"]) -> None:
    meant = _meant(table.key)
    repeated = handed.filter(pl.struct(meant).is_duplicated()).sort(*meant, SHEET, ROW)
    if repeated.height:
        first = repeated.join(repeated.head(1), on=meant, how="semi").head(2)
        (sheet, row, key), (other_sheet, other_row, _same) = first.select(SHEET, ROW, _key(table)).rows()
        raise PipelineError(
            _(
                '{place} and {other_place} both hold the record "{key}"; expected: each record once.',
                place=_place(sheets[sheet], row),
                other_place=_place(sheets[other_sheet], other_row),
                key=key,
            )
        )


def _place(sheet: "CheckedSheet", row: int) -> str:
    if sheet.sheet.name is None:
        return _("{file}, row {row}", file=sheet.sheet.file, row=str(row))
    return _("{file}, sheet {sheet}, row {row}", file=sheet.sheet.file, sheet=sheet.sheet.name, row=str(row))


def _meanings(table: Table, lookup: Lookup, columns: Sequence[str]) -> list[pl.Expr]:
    """``meant <column>`` for each of the columns."""
    return [_meaning(table, name, name, lookup).alias(f"meant {name}") for name in columns]


def _meaning(table: Table, name: str, column: str, lookup: Lookup) -> pl.Expr:
    """What a cell says, as text that is the same for every spelling of it; ``column`` holds cells of the field ``name``."""
    declared = next(field for field in table.fields if field.name == name)
    value = declared.parse(pl.col(column), lookup)
    text = value.cast(pl.List(pl.String)).list.join(";") if isinstance(declared, ListOf) else value.cast(pl.String)
    return pl.coalesce(text, pl.col(column))


def _meant(columns: Sequence[str]) -> list[str]:
    return [f"meant {name}" for name in columns]


def _text_after(table: Table, name: str) -> pl.Expr:
    """The text of a changed record: as handed in where the cell differs, else as it is on file."""
    on_file = pl.col(f"old {name}").alias(name)
    return on_file if name in table.key else pl.when(f"differs {name}").then(name).otherwise(on_file).alias(name)


def _key(table: Table) -> pl.Expr:
    return pl.concat_str(_meant(table.key), separator=KEY_SEPARATOR, ignore_nulls=True).alias(KEY)
