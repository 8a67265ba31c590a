"""Files too big for memory are read in parts: ranges of a key, each small enough to be treated like a small file.

Tables that are ``split_by`` one key are cut at the same values of it, so that all rows of one event lie in one part:
whatever joins, counts or compares the rows of an event does so within a part, and the parts follow each other in
the order of the key. A table split in this way is checked and transformed by the very code that reads small files.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO

import polars as pl

from pipelines.csv_rows import ROW, CsvScan, UnreadableFile, csv_scan, rows_of_lines
from pipelines.errors import RecordProblem
from pipelines.fields import Lookup, Table
from pipelines.i18n import _
from pipelines.reading import Records, check_rows, unreadable

WHOLE_UP_TO = 64 * 2**20
"""Bytes of the files split by one key that are still read whole."""
PART = 16 * 2**20
"""Bytes of these files that make a part, about; a row takes many times its bytes while it is worked on."""
MOST_REFUSED = 10_000
"""Rows of a file read in parts that may be refused; beyond them the file as a whole is not usable."""

_MOST_PARTS_IN_ONE = 4  # where a part is longer, its lines are not in order
_SAMPLED = 32  # keys looked at for each cut
_LINE = 2**16  # bytes of a line read for the sample
_BUFFERED = 200_000  # rows held back for all parts together while a file is cut
_COMPRESSION = "lz4"

Reader = Callable[[Path, Lookup], Records]


@dataclass(frozen=True)
class Parts:
    """Where the files of ``tables`` are cut (part ``n`` ends before the cut ``n``), and the folder of their parts."""

    tables: tuple[Table, ...]
    cuts: tuple[str, ...]
    folder: Path
    read: dict[str, Records] = field(default_factory=dict)

    def readers(self) -> dict[str, Reader]:
        """For each of the tables, what reads it in parts; its Records have ``parts`` and an empty ``frame``."""
        return {table.name: self._reader(table) for table in self.tables}

    def _reader(self, table: Table) -> Reader:
        def read(folder: Path, lookup: Lookup) -> Records:
            self.read[table.name] = self._read_table(table, folder, lookup)
            return self.read[table.name]

        return read

    def _read_table(self, table: Table, folder: Path, lookup: Lookup) -> Records:
        try:
            scan = csv_scan(folder / table.file, table.columns, self.folder / f"{table.name} parsed")
        except UnreadableFile as error:
            return unreadable(table, *error.findings)
        try:
            return self._joined_parts(table, lookup, scan, self._lines(scan, table, folder / table.file))
        except _NotInOrder:
            folder_of_rows = self.folder / f"{table.name} raw"
            self._cut(scan.rows, table.split_by, folder_of_rows)
            cut = (_rows(folder_of_rows / f"part={number}", table) for number in range(len(self.cuts) + 1))
            return self._joined_parts(table, lookup, scan, cut)

    def _joined_parts(self, table: Table, lookup: Lookup, scan: CsvScan, parts: Iterable[pl.DataFrame]) -> Records:
        whole = replace(unreadable(table, checksum=scan.sha256), is_whole=True, cuts=self.cuts)
        for number, raw in enumerate(parts):
            rows = set(raw[ROW]) & scan.misshapen.keys() if scan.misshapen else ()
            misshapen = {row: scan.misshapen[row] for row in sorted(rows)}
            known = replace(lookup, keys={**lookup.keys, **self._keys(lookup, number)})
            part = check_rows(table, raw, misshapen, known, scan.sha256, MOST_REFUSED)
            whole = _joined(whole, part, self.folder / f"{table.name}-{number}.parquet")
            if whole.rows_rejected > MOST_REFUSED:
                return _too_many_refused(whole)
        order = {name: position for position, name in enumerate(table.columns)}
        whole.problems.sort(key=lambda problem: (problem.row or 0, order.get(problem.column or "", -1)))
        return replace(whole, rejected=whole.rejected.sort(ROW))

    def _lines(self, scan: CsvScan, table: Table, path: Path) -> Iterator[pl.DataFrame]:
        """The rows of each part of a file whose rows stand in the order of the key; _NotInOrder where they do not."""
        if not scan.header:
            raise _NotInOrder
        with path.open("rb") as file:
            key = _KeyOfLine(scan.header, table.split_by)
            size = path.stat().st_size
            places = [len(scan.header)]
            for cut in self.cuts:
                places.append(_place_of(file, places[-1], size, key, cut))
            row = 2
            limits = zip(["", *self.cuts], [*self.cuts, None], places, [*places[1:], size], strict=True)
            for low, high, start, end in limits:
                if end - start > _MOST_PARTS_IN_ONE * PART:
                    raise _NotInOrder
                file.seek(start)
                lines = file.read(end - start)
                rows = rows_of_lines(lines, scan, table.columns, row)
                keys = rows[table.split_by].fill_null("")
                if not ((keys >= low) & ((keys < high) if high is not None else True)).all():
                    raise _NotInOrder
                yield rows
                row += lines.count(b"\n")

    def _cut(self, rows: pl.LazyFrame, key: str, folder: Path) -> None:
        cuts = pl.Series(self.cuts, dtype=pl.String)

        def number(keys: pl.Series) -> pl.Series:
            return cuts.search_sorted(keys, side="right").cast(pl.UInt32)

        of_key = pl.col(key).fill_null("").map_batches(number, return_dtype=pl.UInt32, is_elementwise=True)
        rows.with_columns(part=of_key).sink_parquet(
            pl.PartitionBy(folder, key="part", include_key=False),
            compression=_COMPRESSION,
            statistics=False,
            row_group_size=max(_BUFFERED // (len(self.cuts) + 1), 1000),
            mkdir=True,
        )

    def _keys(self, lookup: Lookup, number: int) -> dict[str, pl.Series]:
        """The keys of this part of the tables read so far, which stand for all keys that its rows can refer to."""
        return {
            name: pl.read_parquet(read.parts[number], columns=[read.table.key[0]]).to_series()
            for name, read in self.read.items()
            if name in lookup.keys
        }


def parts_of(tables: Sequence[Table], data: Path, folder: Path) -> Parts | None:
    """How to read the tables of ``data`` that are split by a key, with work files in ``folder``; None if they fit."""
    split = tuple(table for table in tables if table.split_by and (data / table.file).is_file())
    size = sum((data / table.file).stat().st_size for table in split)
    if size <= WHOLE_UP_TO:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    count = -(-size // PART)
    sample = sorted(key for table in split for key in _sampled_keys(table, data / table.file, size, count * _SAMPLED))
    cuts = {sample[len(sample) * number // count] for number in range(1, count)} if sample else set()
    return Parts(split, tuple(sorted(cuts - {""})), folder)


def records_in_parts(records: Mapping[str, Records]) -> Iterator[dict[str, pl.DataFrame]]:
    """The typed rows of the tables read in parts, part by part in the order of the key; nothing where none is."""
    split = {name: read.parts for name, read in records.items() if read.parts}
    for paths in zip(*split.values(), strict=True):
        yield {name: pl.read_parquet(path) for name, path in zip(split, paths, strict=True)}


class _NotInOrder(Exception):
    """The rows of a file do not stand in the order of the key that it is split by, or some lines are not rows."""


class _KeyOfLine:
    """Finds the key in a line of a file with this first line."""

    def __init__(self, header: bytes, name: str) -> None:
        """The place of the column ``name``."""
        names = [cell.strip() for cell in _cells(header)]
        self._position = names.index(name) if name in names else len(names)

    def __call__(self, line: bytes) -> str:
        """The key; nothing in a line too short to have one."""
        cells = _cells(line)
        return cells[self._position].strip() if len(cells) > self._position else ""


def _place_of(file: BinaryIO, low: int, high: int, key: _KeyOfLine, cut: str) -> int:
    """Where the first line begins whose key is ``cut`` or comes after it, from the line at ``low`` on."""
    while low < high:
        middle = (low + high) // 2
        file.seek(middle)
        if middle > low:
            file.readline()
        start, found = file.tell(), ""
        while not found and file.tell() < high:  # some lines may be empty
            found = key(file.readline())
        if not found:
            high = middle
        elif found < cut:
            low = file.tell()
        else:
            high = middle if start > low else low
    return low


def _sampled_keys(table: Table, path: Path, size: int, count: int) -> Iterator[str]:
    """Keys from places evenly spread over the file, as many as are its share of all bytes."""
    own = path.stat().st_size
    with path.open("rb") as file:
        key = _KeyOfLine(file.readline(_LINE), table.split_by)
        for place in range(0, own, -(-size // count)):
            file.seek(place)
            file.readline(_LINE)
            if found := key(file.readline(_LINE)):
                yield found


def _cells(line: bytes) -> list[str]:
    return next(csv.reader([line.decode("utf-8-sig", "replace").rstrip("\r\n")]), [])


def _rows(folder: Path, table: Table) -> pl.DataFrame:
    """The rows of text that lie in a part, in the order of the file."""
    if folder.is_dir():
        return _sorted(pl.read_parquet(folder), ROW)
    return pl.DataFrame(schema={ROW: pl.Int64, **dict.fromkeys(table.columns, pl.String)})


def _joined(whole: Records, part: Records, path: Path) -> Records:
    """``whole`` with one more part, whose typed rows go to ``path``, sorted by what the file is split by."""
    _sorted(part.frame, whole.table.split_by).write_parquet(path, compression=_COMPRESSION, statistics=False)
    return replace(
        whole,
        problems=[*whole.problems, *part.problems],
        rejected=pl.concat([whole.rejected, part.rejected]),
        rows_read=whole.rows_read + part.rows_read,
        parts=(*whole.parts, path),
        rows_in_parts=whole.rows_in_parts + part.frame.height,
    )


def _sorted(rows: pl.DataFrame, column: str) -> pl.DataFrame:
    return rows if rows[column].is_sorted() else rows.sort(column, maintain_order=True)


def _too_many_refused(whole: Records) -> Records:
    table = whole.table
    told = RecordProblem(
        table=table.name,
        file=table.file,
        rule="too_many_refused",
        found=_("more than {count} rows are refused", count=str(MOST_REFUSED)),
        expected=_("a file of this size with few rows to mend"),
    )
    refused = unreadable(table, checksum=whole.sha256)
    return replace(refused, problems=[told, *whole.problems])
