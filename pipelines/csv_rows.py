"""The cells of a CSV file as text, row by row as a spreadsheet numbers them; says so where the file is no such file.

Files in which every line is a whole row and every quote stands where it should are scanned by Polars. Any other file
(cells over several lines, stray quotes, old line ends) goes through Python's stricter reader, so that no row is lost.
"""

import csv
import io
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path

import polars as pl

from pipelines.i18n import _

ROW = "row"
_QUOTED = r'"(?:[^"\r]|"")*"'
_CELL = rf'(?:[^",\r]*|{_QUOTED})'
_REGULAR_LINE = rf"^{_CELL}(?:,{_CELL})*$"
_BLOCK = 2**20  # bytes of a big file held at a time
_PARSED = 50_000  # rows of a big file held at a time where Python reads them


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
        raise _empty_file()
    header = header_of(io.StringIO(text, newline=""), columns)
    frame, misshapen = scanned(content, header) if is_regular(content) else parsed(text, header)
    return CsvRows(_tidied(frame.lazy(), columns, misshapen).sort(ROW).collect(), misshapen)


@dataclass(frozen=True)
class CsvScan:
    """The same rows of a file that is too big for memory: read whenever ``rows`` is, in no order; with its SHA-256.

    ``header`` are the bytes of the first line where every line is a whole row, so that some lines can be read alone.
    """

    rows: pl.LazyFrame
    misshapen: dict[int, int]
    sha256: str
    header: bytes = b""


def csv_scan(path: Path, columns: Sequence[str], folder: Path) -> CsvScan:
    """As ``csv_rows``, never holding the file whole; rows that only Python can read go to ``folder``, not there yet."""
    checksum = _checksum_of_text(path)
    with path.open(encoding="utf-8-sig", newline="") as text:
        header = header_of(text, columns)
    if not is_regular(path):
        rows, misshapen = _parsed_by_pieces(path, header, folder)
        return CsvScan(_tidied(rows, columns, misshapen), misshapen, checksum)
    rows, misshapen = scanned(path, header)
    with path.open("rb") as file:
        first_line = file.readline()
    return CsvScan(_tidied(rows, columns, misshapen), misshapen, checksum, first_line)


def rows_of_lines(lines: bytes, scan: CsvScan, columns: Sequence[str], first_row: int) -> pl.DataFrame:
    """The rows of some lines of a scanned file that has a ``header``, as they are numbered in the file."""
    rows = _rows_of(scan.header + lines, first_row)
    return _tidied(rows, columns, scan.misshapen).sort(ROW).collect()


def _tidied(rows: pl.LazyFrame, columns: Sequence[str], misshapen: Iterable[int]) -> pl.LazyFrame:
    """The columns asked for, their cells trimmed and empty where there is no text; without rows that have no text."""
    cells = [pl.col(name).str.strip_chars() for name in columns]
    trimmed = [pl.when(cell.str.len_chars() > 0).then(cell).alias(cell.meta.output_name()) for cell in cells]
    has_text = pl.any_horizontal(pl.col(name).is_not_null() for name in columns)
    return rows.select(pl.col(ROW).cast(pl.Int64), *trimmed).filter(has_text | pl.col(ROW).is_in(list(misshapen)))


def scanned(content: bytes | Path, header: Sequence[str]) -> tuple[pl.LazyFrame, dict[int, int]]:
    """The rows of a file in which every line is regular, and its misshapen rows; read by Polars."""
    rows = _rows_of(content)
    line = pl.col("line")
    # nearly all lines have as many separators as they should, and need no closer look
    separators = pl.when(line.str.contains('"', literal=True)).then(line.str.replace_all(_QUOTED, "")).otherwise(line)
    misshapen = (
        pl.scan_lines(content, name="line", row_index_name=ROW, row_index_offset=1)
        .with_columns(cells=separators.str.count_matches(",", literal=True) + 1)
        .filter(pl.col("cells") != len(header), pl.col(ROW) > 1)
        .filter(line.str.contains(r'[^,"\s]'))
        .select(ROW, "cells")
    )
    return rows, dict(misshapen.sort(ROW).collect().iter_rows())


def _rows_of(content: bytes | Path, first_row: int = 2) -> pl.LazyFrame:
    return pl.scan_csv(
        content,
        infer_schema=False,
        truncate_ragged_lines=True,
        row_index_name=ROW,
        row_index_offset=first_row,
        glob=False,
    ).rename(str.strip)


def parsed(text: str, header: Sequence[str]) -> tuple[pl.DataFrame, dict[int, int]]:
    """The same for any file, read by Python."""
    return _as_frame(_records_with_text(io.StringIO(text, newline="")), header)


def _parsed_by_pieces(path: Path, header: Sequence[str], folder: Path) -> tuple[pl.LazyFrame, dict[int, int]]:
    folder.mkdir()
    misshapen: dict[int, int] = {}
    pl.DataFrame(schema={ROW: pl.Int64, **dict.fromkeys(header, pl.String)}).write_parquet(folder / "0.parquet")
    with path.open(encoding="utf-8-sig", newline="") as text:
        records = _records_with_text(text)
        while piece := list(islice(records, _PARSED)):
            frame, found = _as_frame(piece, header)
            misshapen |= found
            frame.write_parquet(folder / f"{piece[0][0]}.parquet")
    return pl.scan_parquet(folder), misshapen


def _as_frame(records: Iterable[tuple[int, list[str]]], header: Sequence[str]) -> tuple[pl.DataFrame, dict[int, int]]:
    rows = list(records)
    padding = [""] * len(header)
    columns = {name: [(cells + padding)[position] for _, cells in rows] for position, name in enumerate(header)}
    schema = {ROW: pl.Int64, **dict.fromkeys(header, pl.String)}
    frame = pl.DataFrame({ROW: [row for row, _ in rows], **columns}, schema=schema)
    return frame, {row: len(cells) for row, cells in rows if len(cells) != len(header)}


def is_regular(content: bytes | Path) -> bool:
    """Whether every line is a whole row whose quotes stand where they should."""
    line = pl.col("line")
    suspicious = line.str.contains('"', literal=True) | line.str.contains("\r", literal=True)
    lines = pl.scan_lines(content, name="line").filter(suspicious)
    return lines.select(line.str.contains(_REGULAR_LINE).all()).collect().item()


def _records_with_text(text: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    return ((row, cells) for row, cells in _records(text) if row > 1 and any(cell.strip() for cell in cells))


def _records(text: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text, strict=True)
    try:
        yield from enumerate(reader, start=1)
    except csv.Error as error:
        found = _("line {line} is not CSV ({error})", line=str(reader.line_num), error=error)
        raise UnreadableFile(("not_csv", found, _("cells split by commas, quotes closed"))) from error


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _wrong_encoding(line, content[error.start]) from error


def _checksum_of_text(path: Path) -> str:
    """The SHA-256 of a file in UTF-8; UnreadableFile where it is something else."""
    digest, decoder = sha256(), getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise _wrong_encoding(*_first_wrong_byte(path)) from error
    return digest.hexdigest()


def _first_wrong_byte(path: Path) -> tuple[int, int]:
    """The line and the byte at which a file stops being UTF-8."""
    with path.open("rb") as file:
        for line, content in enumerate(file, start=1):
            try:
                content.decode("utf-8")
            except UnicodeDecodeError as error:
                return line, content[error.start]
    raise ValueError(f"{path.name} is UTF-8 by now")


def _wrong_encoding(line: int, byte: int) -> UnreadableFile:
    found = _("line {line} is not UTF-8 text (byte {byte})", line=str(line), byte=f"0x{byte:02x}")
    return UnreadableFile(("wrong_encoding", found, _("a file saved as CSV in UTF-8")))


def header_of(text: Iterable[str], columns: Sequence[str]) -> list[str]:
    """The names in the first row, which are the columns asked for; UnreadableFile otherwise."""
    _row, names = next(_records(text), (1, None))
    if names is None:
        raise _empty_file()
    header = [name.strip() for name in names]
    _check_header(header, columns)
    return header


def _empty_file() -> UnreadableFile:
    return UnreadableFile(("empty_file", _("the file is empty"), _("a header and rows")))


def _check_header(header: Sequence[str], columns: Sequence[str]) -> None:
    named = list(dict.fromkeys(header))
    wrong = [
        *(("missing_column", _('the column "{name}" is missing', name=name)) for name in columns if name not in header),
        *(("unknown_column", _('the column "{name}" is unknown', name=name)) for name in named if name not in columns),
        *(
            ("column_twice", _('the column "{name}" comes twice', name=name))
            for name in named
            if header.count(name) > 1
        ),
    ]
    if wrong:
        expected = _("the columns {names}", names=", ".join(columns))
        raise UnreadableFile(*((rule, found, expected) for rule, found in wrong))
