"""Text files: how their letters are written, what splits their cells, and their rows as a spreadsheet numbers them."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import BinaryIO

from pipelines.intake.content import HEAD_BYTES, utf16_order
from pipelines.intake.refused import Refused

DELIMITERS = (",", ";", "\t", "|")
# what is worth saying: codes of notes
DELIMITER_NOTES = {";": "split_by_semicolons", "\t": "split_by_tabs", "|": "split_by_bars"}
ENCODING_NOTES = {
    "cp1252": "read_as_windows_1252",
    "utf-16": "read_as_utf_16",
    "utf-16-le": "read_as_utf_16",
    "utf-16-be": "read_as_utf_16",
    "utf-32": "read_as_utf_32",
}
_PIECE_BYTES = 1 << 20
_SAMPLE_CHARACTERS = 1 << 18
_SAMPLE_ROWS = 500
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WESTERN = "cp1252"


def encoding_of(file: BinaryIO) -> str:
    """The encoding of a text file: by its mark or its NULs, else UTF-8, else Windows-1252; refused if none fits."""
    file.seek(0)
    head = file.read(HEAD_BYTES)
    marked = next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None) or utf16_order(head)
    encoding = marked or "utf-8"
    line = _broken_line(file, encoding)
    if line is None:
        return encoding
    if marked or _is_mostly_utf8(file):
        raise Refused("broken_text", encoding=encoding.removesuffix("-sig").upper(), line=line)
    line = _broken_line(file, _WESTERN)
    if line is not None:
        raise Refused("unknown_encoding", line=line)
    return _WESTERN


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    file.seek(0)
    while piece := file.read(_PIECE_BYTES):
        yield piece


def _broken_line(file: BinaryIO, encoding: str) -> int | None:
    """The first line that is not text in this encoding, counted from 1."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    for piece in _pieces(file):
        try:
            decoder.decode(piece)
        except UnicodeDecodeError as error:
            return lines + error.object.count(b"\n", 0, error.start)
        lines += piece.count(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return lines
    return None


def _is_mostly_utf8(file: BinaryIO) -> bool:
    """Whether more letters beyond ASCII are good UTF-8 than broken: then a few bytes are damaged."""
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    good = broken = 0
    for piece in _pieces(file):
        text = decoder.decode(piece)
        ascii_length = len(text.encode("ascii", "ignore"))
        replaced = text.count("\ufffd")
        broken += replaced
        good += len(text) - ascii_length - replaced
    return good > broken


def delimiter_of(file: BinaryIO, encoding: str) -> tuple[str, bool]:
    """What splits the cells, seen over the whole beginning, and whether the first line says so itself (``sep=;``)."""
    sample = _reader(file, encoding).read(_SAMPLE_CHARACTERS)
    first = sample.split("\n", 1)[0].strip().strip('"')
    if first.lower().startswith("sep=") and len(first) == len("sep=") + 1 and first[-1] in DELIMITERS:
        return first[-1], True
    if "sep=\t" in sample[:8].lower():
        return "\t", True
    return max(DELIMITERS, key=lambda delimiter: _separators_explained(sample, delimiter)), False


def _separators_explained(sample: str, delimiter: str) -> tuple[int, int]:
    """How many separators stand in rows of the most usual shape; titles and broken rows weigh nothing."""
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, strict=True)
    widths = Counter[int]()
    try:
        for cells in islice(reader, _SAMPLE_ROWS):
            widths[len(cells)] += 1
    except csv.Error:
        # the end of a sample may stand within quotes; what came before still counts
        pass
    explained = max(((width - 1) * count for width, count in widths.items()), default=0)
    return explained, -DELIMITERS.index(delimiter)


def _reader(file: BinaryIO, encoding: str) -> io.TextIOWrapper:
    file.seek(0)
    raw = io.BufferedReader(io.FileIO(file.fileno(), closefd=False), _PIECE_BYTES)
    return io.TextIOWrapper(raw, encoding=encoding, newline="")


def rows_of(
    file: BinaryIO, encoding: str, delimiter: str, *, is_first_line_left_out: bool, cell_characters: int
) -> Iterator[Sequence[str]]:
    """Every row in order, an empty one as no cells; a cell may run over lines. Refused where quotes go astray."""
    text = _reader(file, encoding)
    if is_first_line_left_out:
        text.readline()
    csv.field_size_limit(cell_characters)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    row = 0
    try:
        for row, cells in enumerate(reader, start=1):  # noqa: B007 - the row is told when the next one is broken
            yield cells
    except csv.Error as error:
        problem = str(error)
        if "end of data" in problem:
            raise Refused("quote_not_closed", row=row + 1) from error
        if "field larger" in problem:
            raise Refused("row_too_long", row=row + 1, characters_allowed=cell_characters) from error
        raise Refused("quote_astray", row=row + 1) from error
