"""A registry file as it lies on disk: its rows as text and as whole lines, so that what nobody changed stays as it is.

Files are written as the house writes them: UTF-8, LF, a cell quoted only where it holds a comma, a quote or a line end.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import polars as pl

from pipelines.csv_rows import ROW, UnreadableFile, csv_rows, is_regular
from pipelines.errors import RecordsRefused
from pipelines.fields import Table
from pipelines.reading import unreadable

LINE = "line"
_LINE_SCHEMA = {ROW: pl.Int64, LINE: pl.String}


@dataclass(frozen=True, kw_only=True)
class RegistryFile:
    """One file: ``header`` in its own order, ``rows`` (``row`` and the table's columns as text) and ``lines``.

    ``lines`` has ``row`` and ``line``, the whole record as it stands, for every record below the header, by row.
    """

    table: Table
    sha256: str
    header: tuple[str, ...]
    rows: pl.DataFrame
    lines: pl.DataFrame


def read_registry_file(table: Table, data: Path) -> RegistryFile:
    """The table's file in the data folder; RecordsRefused where it is not there or no such file."""
    try:
        content = (data / table.file).read_bytes()
    except FileNotFoundError:
        missing = ("missing_file", "the file is missing", "a file of this name in the data folder")
        raise RecordsRefused(unreadable(table, missing).problems) from None
    try:
        rows = csv_rows(content, table.columns)
    except UnreadableFile as error:
        raise RecordsRefused(unreadable(table, *error.findings).problems) from None
    lines = _regular_lines(content) if is_regular(content) else _any_lines(content)
    header = next(csv.reader([lines[LINE][0].removeprefix("\ufeff")]))
    return RegistryFile(
        table=table,
        sha256=sha256(content).hexdigest(),
        header=tuple(name.strip() for name in header),
        rows=rows.frame,
        lines=lines.filter(pl.col(ROW) > 1),
    )


def written_lines(rows: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """Each row as a line of a file with these columns, in the order of the rows."""
    quoted = [
        pl.when(pl.col(name).str.contains('[",\n\r]'))
        .then(pl.lit('"') + pl.col(name).str.replace_all('"', '""', literal=True) + pl.lit('"'))
        .otherwise(pl.col(name))
        .fill_null("")
        for name in columns
    ]
    return rows.select(pl.concat_str(quoted, separator=",").alias(LINE))[LINE]


def content_of(file: RegistryFile, lines: pl.Series, new: pl.DataFrame | None = None) -> bytes:
    """A file of the same header with these lines, and behind them the ``new`` rows."""
    header = written_lines(pl.DataFrame({name: [name] for name in file.header}), file.header)
    content = io.BytesIO()
    content.write(f"{pl.concat([header, lines]).str.join(chr(10)).item()}\n".encode())
    if new is not None:
        new.select(file.header).write_csv(content, include_header=False, quote_style="necessary")
    return content.getvalue()


def _regular_lines(content: bytes) -> pl.DataFrame:
    lines = pl.scan_lines(content, name=LINE, row_index_name=ROW, row_index_offset=1)
    return lines.select(pl.col(ROW).cast(pl.Int64), pl.col(LINE).str.strip_chars_end("\r")).sort(ROW).collect()


def _any_lines(content: bytes) -> pl.DataFrame:
    return pl.DataFrame(list(enumerate(_records(content.decode("utf-8-sig")), start=1)), _LINE_SCHEMA, orient="row")


def _records(text: str) -> Iterator[str]:
    """Each record as it stands, without its line end; a record may span lines."""
    taken: list[str] = []

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            taken.append(line)
            yield line

    for _ in csv.reader(lines(), strict=True):
        yield "".join(taken).rstrip("\r\n")
        taken.clear()
