"""The last step of every transform: a table fulfils its contract, or an error says where it does not."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, cast

import dataframely as dy
import polars as pl
from dataframely.exc import SchemaError

from pipelines.errors import ContractBroken, shown

Contract = TypeVar("Contract", bound=dy.Schema)


def conform(frame: pl.DataFrame, contract: type[Contract], source: str) -> dy.DataFrame[Contract]:
    """The contract's columns of ``frame``, cast and checked, sorted by primary key; ContractBroken otherwise."""
    columns = contract.column_names()
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise ContractBroken(f"{source}: the contract {contract.__name__} needs the column {', '.join(missing)}")
    try:
        kept, failure = contract.filter(frame.select(columns), cast=True)
    except (SchemaError, pl.exceptions.PolarsError) as error:
        raise ContractBroken(
            f"{source}: the table has not the types of contract {contract.__name__}: {error}"
        ) from error
    if len(failure):
        rule, count = max(failure.counts().items(), key=lambda broken: broken[1])
        rows = "1 row" if count == 1 else f"{count} rows"
        first = _row_shown(failure.invalid().row(0, named=True))
        raise ContractBroken(
            f"{source}: contract {contract.__name__} is broken in {rows} by the rule {rule}; first row: {first}"
        )
    order = contract.primary_key() or columns
    # All rows are sound: those handed in are kept, and the checked copy, which may be large, is let go.
    sound = frame.select(columns).cast(kept.schema)
    in_order = sound if is_sorted(sound, order) else sound.sort(order, nulls_last=True)
    return cast(dy.DataFrame[Contract], in_order)


def is_sorted(frame: pl.DataFrame, columns: Sequence[str]) -> bool:
    """Whether the rows stand in the order of these columns, none twice."""
    # Looking is much quicker than sorting, and large tables mostly come in the order of their keys.
    is_after = pl.lit(True)
    for column in reversed(columns):
        before = pl.col(column).shift(1)
        is_after = (pl.col(column) > before) | ((pl.col(column) == before) & is_after)
    return frame.select(is_after.fill_null(False).slice(1).all()).item()


def _row_shown(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={shown(str(value))}" for name, value in row.items() if value is not None)
