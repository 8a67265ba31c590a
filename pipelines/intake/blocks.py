"""Rows on their way out of the reading process: columns of text as bytes, and where in the file each one lies."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, zip_longest
from typing import BinaryIO, TypedDict

from pipelines.intake.cell_texts import texts_and_kinds
from pipelines.intake.limits import Limits
from pipelines.intake.refused import Refused

CELLS_AT_ONCE = 200_000
OFFSET_BYTES = 8


class ColumnPlace(TypedDict):
    """Where one column of a block lies: offsets of its texts, the texts in UTF-8, and kinds (-1: all text)."""

    column: int
    offsets: int
    texts: int
    length: int
    kinds: int


class Block(TypedDict):
    """Some rows that follow each other; a column without any text is left out."""

    first_row: int
    rows: int
    columns: list[ColumnPlace]


class BlockWriter:
    """Writes rows of cells to a file and remembers where; refuses what goes beyond the bounds."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        """Write to ``file``, within the limits of cells and text."""
        self._file = file
        self._position = 0
        self._limits = limits
        self.cells = 0

    def write(self, rows: Sequence[Sequence[object]], first_row: int, first_column: int) -> Block:
        """Write rows of any lengths; their first cell stands at this row and column, counted from 1."""
        lengths = set(map(len, rows))
        columns = zip(*rows, strict=True) if len(lengths) == 1 else zip_longest(*rows, fillvalue="")
        self._count(len(rows) * max(lengths, default=0))
        places = [
            place
            for position, column in enumerate(columns, start=first_column)
            if (place := self._column(column, position, first_row)) is not None
        ]
        return Block(first_row=first_row, rows=len(rows), columns=places)

    def _count(self, cells: int) -> None:
        self.cells += cells
        if self.cells > self._limits.cells:
            raise Refused("too_many_cells", cells_allowed=self._limits.cells)

    def _column(self, column: Sequence[object], position: int, first_row: int) -> ColumnPlace | None:
        texts, kinds = texts_and_kinds(column)
        joined = "".join(texts)
        if not joined:
            return None
        encoded = joined.encode()
        lengths = list(map(len, texts))
        longest = max(lengths)
        if longest > self._limits.cell_characters:
            raise Refused("cell_too_long", row=first_row + lengths.index(longest), column=position, characters=longest)
        if len(encoded) != len(joined):
            lengths = [len(text.encode()) for text in texts]
        offsets = array("q", accumulate(lengths, initial=0))
        return ColumnPlace(
            column=position,
            offsets=self._append(offsets.tobytes()),
            texts=self._append(encoded),
            length=len(encoded),
            kinds=-1 if kinds is None else self._append(kinds),
        )

    def _append(self, content: bytes) -> int:
        padding = -self._position % OFFSET_BYTES
        place = self._position + padding
        self._position = place + len(content)
        if self._position > self._limits.text_bytes:
            raise Refused("too_much_text", megabytes_allowed=self._limits.text_bytes >> 20)
        self._file.write(b"\0" * padding + content)
        return place


def batches(rows: Iterable[Sequence[object]]) -> Iterator[list[Sequence[object]]]:
    """Rows in lists of about CELLS_AT_ONCE cells, counted as rows times the widest."""
    batch: list[Sequence[object]] = []
    widest = 1
    for row in rows:
        widest = max(widest, len(row))
        if batch and (len(batch) + 1) * widest > CELLS_AT_ONCE:
            yield batch
            batch, widest = [], max(1, len(row))
        batch.append(row)
    if batch:
        yield batch
