"""Sheets as the reader hands them on, made by hand for tests."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl

from pipelines import catalog
from pipelines.fields import Lookup
from pipelines.intake.headings import Vocabulary, vocabulary
from pipelines.intake.kinds import Kind
from pipelines.intake.sheets import Formula, Sheet, cell_name
from pipelines.reading import read_table

PROJECT_DATA = Path(__file__).parents[1] / "data"
Cell = str | int | float | bool | date | None


def made(
    *rows: Sequence[Cell],
    name: str | None = "Sheet1",
    file: str = "records.xlsx",
    merged: Sequence[str] = (),
    formulas: Sequence[Formula] = (),
) -> Sheet:
    """A sheet of a workbook with these rows from row 1; with ``name=None`` a text file, in which all is text."""
    width = max(map(len, rows))
    padded = [[*row, *[None] * (width - len(row))] for row in rows]
    names = [cell_name(position) for position in range(1, width + 1)]
    texts = {column: [_text(row[place]) for row in padded] for place, column in enumerate(names)}
    kinds = {column: [_kind(row[place]) for row in padded] for place, column in enumerate(names)}
    numbers = pl.Series("row", range(1, len(rows) + 1), dtype=pl.Int64)
    cells = pl.DataFrame([numbers, *(pl.Series(column, cell, dtype=pl.String) for column, cell in texts.items())])
    stored = pl.DataFrame([pl.Series(column, kind, dtype=pl.UInt8) for column, kind in kinds.items()])
    has_text = cells.select(pl.any_horizontal(pl.col(names).is_not_null())).to_series()
    return Sheet(
        file=file,
        name=name,
        cells=cells.filter(has_text),
        kinds=None if name is None else stored.filter(has_text),
        formulas=tuple(formulas),
        merged=tuple(merged),
    )


def _text(cell: Cell) -> str | None:
    if cell is None or cell == "":
        return None
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return f"{cell:g}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _kind(cell: Cell) -> int:
    if isinstance(cell, bool):
        return Kind.BOOLEAN
    if isinstance(cell, (int, float)):
        return Kind.NUMBER
    if isinstance(cell, date):
        return Kind.DATE
    return (
        Kind.ERROR if isinstance(cell, str) and cell.startswith("#") and cell.endswith(("!", "?", "/A")) else Kind.TEXT
    )


def project_vocabulary() -> Vocabulary:
    """The headings that the project knows."""
    return vocabulary(read_table(catalog.COLUMNS, PROJECT_DATA, Lookup()).frame)
