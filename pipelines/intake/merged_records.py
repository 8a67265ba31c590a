"""The records of the registry as it becomes, put together from those on file and those handed in, which were all checked.

What is built from them need not read the merged files again.
"""

from typing import TYPE_CHECKING

import polars as pl

from pipelines.csv_rows import ROW
from pipelines.intake.merging import SHEET, Merge, TableMerge
from pipelines.reading import Records

if TYPE_CHECKING:
    from pipelines.intake.checking import Checked


def merged_records(checked: "Checked", merge: Merge) -> dict[str, Records]:
    """Every table as its file will be read, by name; none where that is known only by reading them.

    So it is where a record goes, for others may refer to it, and where a file was edited while it was being checked.
    """
    read, changing = checked.registry, [table for table in merge.tables.values() if table.is_change]
    is_other = any(table.before != read[table.table.name].sha256 for table in changing if table.table.name in read)
    if not read or is_other or any(table.withdrawn.height for table in changing):
        return {}
    return {**read, **{table.table.name: _merged(read[table.table.name], table, checked) for table in changing}}


def _merged(on_file: Records, table: TableMerge, checked: "Checked") -> Records:
    """The rows on file in their places, changed ones as they were handed in, and the new ones behind them."""
    places = table.places.join(_written(table), on=[SHEET, ROW], how="semi", maintain_order="left")
    handed = [
        _placed(places.filter(pl.col(SHEET) == number), checked.sheets[number].records.frame)
        for number in places[SHEET].unique().sort()
    ]
    replaced = pl.concat([rows[ROW] for rows in handed])
    frame = pl.concat([on_file.frame.filter(~pl.col(ROW).is_in(replaced.implode())), *handed])
    if not frame[ROW].is_sorted():
        frame = frame.sort(ROW)
    return Records(table=on_file.table, frame=frame, rows_read=frame.height, sha256=table.after)


def _written(table: TableMerge) -> pl.DataFrame:
    """The sheet and row of each record that is new or changed."""
    return pl.concat([table.new.select(SHEET, ROW), table.changed.select(SHEET, ROW).unique()])


def _placed(places: pl.DataFrame, handed: pl.DataFrame) -> pl.DataFrame:
    """The typed rows of a sheet at these places, numbered as in the merged file."""
    rows = handed
    if not places[ROW].equals(handed[ROW]):  # a large sheet mostly stays as it is, which spares a copy
        rows = places.select(ROW).join(handed, on=ROW, validate="1:1", maintain_order="left")
    return rows.with_columns(places["file_row"].alias(ROW))
