"""What the reading process wrote, as a sheet: its blocks of columns put together, rows without text left out."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import pyarrow as pa

from pipelines.intake.blocks import OFFSET_BYTES, Block, ColumnPlace
from pipelines.intake.sentences import note
from pipelines.intake.sheets import ROW, Formula, Note, Sheet, cell_name, letters


def sheet_of(file: str, raw: Mapping[str, Any], content: bytes, sha256: str) -> Sheet:
    """One sheet as told by the reading process; ``content`` holds the bytes of its blocks."""
    cells, kinds = _frames(raw["blocks"], pa.py_buffer(content), is_text=raw["is_text"])
    formulas = tuple(Formula(row=row, column=column, text=text) for row, column, text in raw["formulas"])
    return Sheet(
        file=file,
        name=raw["name"],
        cells=cells,
        kinds=kinds,
        formulas=formulas,
        merged=tuple(_range(merged) for merged in raw["merged"] if merged[0] > 1),
        notes=(*(note(code, **values) for code, values in raw["notes"]), *_on_formulas(raw, cells, formulas)),
        sha256=sha256,
    )


def _frames(blocks: Sequence[Block], content: pa.Buffer, *, is_text: bool) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    width = max((place["column"] for block in blocks for place in block["columns"]), default=0)
    names = [cell_name(column) for column in range(1, width + 1)]
    texts: list[list[pa.Array]] = [[] for _ in names]
    kinds: list[list[pa.Array]] = [[] for _ in names]
    for block in blocks:
        places = {place["column"]: place for place in block["columns"]}
        nothing = pa.nulls(block["rows"], pa.large_string())
        all_text = _bytes(pa.py_buffer(bytes(block["rows"])), 0, block["rows"])
        for position, (text, kind) in enumerate(zip(texts, kinds, strict=True), start=1):
            place = places.get(position)
            text.append(nothing if place is None else _texts(content, place, block["rows"]))
            has_kinds = place is not None and place["kinds"] >= 0
            kind.append(_bytes(content, place["kinds"], block["rows"]) if place and has_kinds else all_text)
    rows = [pl.int_range(block["first_row"], block["first_row"] + block["rows"], eager=True) for block in blocks]
    row = pl.concat(rows) if rows else pl.Series(dtype=pl.Int64)
    cell = pl.col(pl.String)
    cells = _table(names, texts, pa.large_string()).select(row.alias(ROW), pl.when(cell != "").then(cell))
    has_text = cells.select(pl.any_horizontal(cell.is_not_null())).to_series() if names else row > 0
    if is_text:
        return cells.filter(has_text), None
    return cells.filter(has_text), _table(names, kinds, pa.uint8()).filter(has_text)


def _table(names: Sequence[str], chunks: Sequence[list[pa.Array]], kind: pa.DataType) -> pl.DataFrame:
    columns = [pa.chunked_array(parts, kind) for parts in chunks]
    return pl.DataFrame(pa.table(columns, names=list(names)))


def _texts(content: pa.Buffer, place: ColumnPlace, rows: int) -> pa.Array:
    offsets = content.slice(place["offsets"], (rows + 1) * OFFSET_BYTES)
    texts = content.slice(place["texts"], place["length"])
    return pa.LargeStringArray.from_buffers(rows, offsets, texts)


def _bytes(content: pa.Buffer, position: int, rows: int) -> pa.Array:
    return pa.Array.from_buffers(pa.uint8(), rows, [None, content.slice(position, rows)])


def _range(merged: Sequence[int]) -> str:
    top, left, bottom, right = merged
    return f"{letters(left)}{top}:{letters(right)}{bottom}"


def _on_formulas(raw: Mapping[str, Any], cells: pl.DataFrame, formulas: Sequence[Formula]) -> list[Note]:
    if not formulas:
        return []
    first = formulas[0]
    said = [note("formulas", count=raw["formula_count"], cell=f"{letters(first.column)}{first.row}")]
    if raw["formula_count"] > len(formulas):
        said.append(note("formulas_not_listed", kept=len(formulas)))
    texts = cells.filter(pl.col(ROW).is_in([formula.row for formula in formulas]))
    rows = {row[ROW]: row for row in texts.iter_rows(named=True)}
    empty = next((one for one in formulas if not rows.get(one.row, {}).get(cell_name(one.column))), None)
    if empty is not None:
        said.append(note("empty_formulas", cell=f"{letters(empty.column)}{empty.row}"))
    return said
