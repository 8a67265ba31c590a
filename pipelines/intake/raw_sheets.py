"""A sheet as a reader hands it on, before its cells become text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Place = tuple[int, int]
NoteCode = tuple[str, dict[str, str | int]]


@dataclass(kw_only=True)
class RawSheet:
    """Its rows from row 1 on, the column of their first cell (from 1), and what is to be said about it.

    ``formulas`` are (row, column, text), the first ones of ``formula_count``; ``merged`` are (top, left, bottom,
    right); ``notes`` are codes of sentences with their values. ``height`` is None where it is not known beforehand.
    """

    name: str | None
    rows: Iterator[Sequence[object]]
    first_column: int = 1
    height: int | None = None
    is_text: bool = False
    formulas: list[tuple[int, int, str]] = field(default_factory=list)
    formula_count: int = 0
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    notes: list[NoteCode] = field(default_factory=list)
