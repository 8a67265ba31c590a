"""The cells of a CSV file as text, row by row as a spreadsheet numbers them; says so where the file is no such file.

Files in which every line is a whole row and every quote stands where it should are scanned by Polars. Any other file
(cells over several lines, stray quotes, old line ends) goes through Python's stricter reader, so that no row is lost.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

ROW = "row"
_QUOTED = r'"(?:[^"\r]|"")*"'
_CELL = rf'(?:[^",\r]*|{_QUOTED})'
_REGULAR_LINE = rf"^{_CELL}(?:,{_CELL})*$"


class UnreadableFile(Exception):
    """Why a file as a whole cannot be read: ``findings`` are (rule, what was found, what was expected)."""

    def __init__(self, *findings: tuple[str, str, str]) -> None:
        """Keep the ``findings``."""
        super().__init__(*findings)
        self.findings = findings


@dataclass(frozen=True)
class CsvRows:
    """Text rows (``row`` and the columns asked for, in file order) and the rows with another number of cells.

    Cells are trimmed and empty where there is no text; rows without any text are left out. ``misshapen`` gives the
    number of cells of each row that does not have one cell for each column.
    """

    frame: pl.DataFrame
    misshapen: dict[int, int]


def csv_rows(content: bytes, columns: Sequence[str]) -> CsvRows:
    """The rows of a file that has exactly these columns, in any order; UnreadableFile otherwise."""
    text = _decoded(content)
    if not text.strip():
        raise UnreadableFile(("empty_file", "the file is empty", "a header and rows"))
    header = [name.strip() for name in next(_records(text))[1]]
    _check_header(header, columns)
    frame, misshapen = scanned(content, header) if is_regular(content) else parsed(text, header)
    cells = [pl.col(name).str.strip_chars() for name in columns]
    trimmed = [pl.when(cell.str.len_chars() > 0).then(cell).alias(cell.meta.output_name()) for cell in cells]
    has_text = pl.any_horizontal(pl.col(name).is_not_null() for name in columns)
    return CsvRows(
        frame.lazy()
        .select(pl.col(ROW).cast(pl.Int64), *trimmed)
        .filter(has_text | pl.col(ROW).is_in(list(misshapen)))
        .sort(ROW)
        .collect(),
        misshapen,
    )


def scanned(content: bytes, header: Sequence[str]) -> tuple[pl.DataFrame, dict[int, int]]:
    """The rows of a file in which every line is regular, and its misshapen rows; read by Polars."""
    rows = pl.scan_csv(
        content,
        infer_schema=False,
        truncate_ragged_lines=True,
        row_index_name=ROW,
        row_index_offset=2,
    ).rename(str.strip)
    separators = pl.col("line").str.replace_all(_QUOTED, "").str.count_matches(",")
    misshapen = (
        pl.scan_lines(content, name="line", row_index_name=ROW, row_index_offset=1)
        .filter(pl.col(ROW) > 1, pl.col("line").str.contains(r'[^,"\s]'))
        .select(ROW, cells=separators + 1)
        .filter(pl.col("cells") != len(header))
    )
    return rows.collect(), dict(misshapen.sort(ROW).collect().iter_rows())


def parsed(text: str, header: Sequence[str]) -> tuple[pl.DataFrame, dict[int, int]]:
    """The same for any file, read by Python."""
    rows = [(row, cells) for row, cells in _records(text) if row > 1 and any(cell.strip() for cell in cells)]
    padding = [""] * len(header)
    columns = {name: [(cells + padding)[position] for _, cells in rows] for position, name in enumerate(header)}
    schema = {ROW: pl.Int64, **dict.fromkeys(header, pl.String)}
    frame = pl.DataFrame({ROW: [row for row, _ in rows], **columns}, schema=schema)
    return frame, {row: len(cells) for row, cells in rows if len(cells) != len(header)}


def is_regular(content: bytes) -> bool:
    """Whether every line is a whole row whose quotes stand where they should."""
    lines = pl.scan_lines(content, name="line")
    return lines.select(pl.col("line").str.contains(_REGULAR_LINE).all()).collect().item()


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        yield from enumerate(reader, start=1)
    except csv.Error as error:
        found = f"line {reader.line_num} is not CSV ({error})"
        raise UnreadableFile(("not_csv", found, "cells split by commas, quotes closed")) from error


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"line {line} is not UTF-8 text (byte 0x{content[error.start]:02x})"
        raise UnreadableFile(("wrong_encoding", found, "a file saved as CSV in UTF-8")) from error


def _check_header(header: Sequence[str], columns: Sequence[str]) -> None:
    named = list(dict.fromkeys(header))
    wrong = [
        *(("missing_column", name, "is missing") for name in columns if name not in header),
        *(("unknown_column", name, "is unknown") for name in named if name not in columns),
        *(("column_twice", name, "comes twice") for name in named if header.count(name) > 1),
    ]
    if wrong:
        expected = f"the columns {', '.join(columns)}"
        raise UnreadableFile(*((rule, f'the column "{name}" {what}', expected) for rule, name, what in wrong))
