"""Columns of words beside the columns of a table."""

from collections.abc import Callable
from typing import Any

import polars as pl

from dashboard.labels import label, labels


def in_words(codes: pl.Series, family: str) -> pl.Series:
    """The words of codes, in their order."""
    return pl.Series([label(family, code) for code in codes], dtype=pl.String)


def words_beside(column: str, family: str) -> pl.Expr:
    """A column ``<column>_said`` with the words for the codes of a column."""
    return pl.col(column).replace(labels(family)).alias(f"{column}_said")


def each(rows: pl.DataFrame, said: Callable[[dict[str, Any]], str | None]) -> pl.Series:
    """What is said of every row, in the order of the rows."""
    return pl.Series([said(row) for row in rows.iter_rows(named=True)], dtype=pl.String)
