"""What changed since the previous edition: every row added or withdrawn, every value that differs."""

from collections.abc import Mapping

import dataframely as dy
import polars as pl

from pipelines import schemas
from pipelines.conform import conform

NOT_COMPARED = ("dim_text", "edition", "load_report", "rejected_row", "revision")
WHOLE_ROW = "*"  # the column of a row added or withdrawn, whose values are then given together as JSON
COMPARED = [name for name in schemas.TABLES if name not in NOT_COMPARED]


def revisions(
    old: Mapping[str, pl.DataFrame], new: Mapping[str, pl.DataFrame], reason: str | None = None
) -> dy.DataFrame[schemas.Revision]:
    """The differences of all tables that both editions have; ``reason`` is what the builder says about them."""
    compared = [_of_table(name, old[name], new[name]) for name in COMPARED if name in old and name in new]
    columns = dict.fromkeys(schemas.Revision.column_names(), pl.String)
    return (
        pl.concat([pl.DataFrame(schema=columns), *compared])
        .with_columns(reason=pl.lit(reason, pl.String), old_value=_without_suppressed_values(new))
        .pipe(conform, schemas.Revision, "revision")
    )


def _without_suppressed_values(new: Mapping[str, pl.DataFrame]) -> pl.Expr:
    """The old value, unless it is a text or number of an answer that is suppressed by now."""
    if "fct_answer" not in new:
        return pl.col("old_value")
    suppressed = new["fct_answer"].filter(pl.col("answer_status") == "Q")["answer_id"]
    is_suppressed = (pl.col("table_name") == "fct_answer") & pl.col("record_key").is_in(suppressed.implode())
    return pl.when(~(is_suppressed & pl.col("column").is_in(["answer", "value", "note"]))).then(pl.col("old_value"))


def _of_table(name: str, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    columns = [column for column in new.columns if column in old.columns]
    keys = schemas.TABLES[name].primary_key() or columns
    before, after = (frame.select(pl.col(columns).cast(pl.String)) for frame in (old, new))
    gone = before.join(after, on=columns, how="anti", nulls_equal=True)
    come = after.join(before, on=columns, how="anti", nulls_equal=True)
    return pl.concat(
        [
            _whole_rows(name, come.join(gone, on=keys, how="anti"), keys, "added", "new_value"),
            _whole_rows(name, gone.join(come, on=keys, how="anti"), keys, "withdrawn", "old_value"),
            _changed_values(name, gone, come, keys),
        ]
    )


def _whole_rows(name: str, rows: pl.DataFrame, keys: list[str], change: str, side: str) -> pl.DataFrame:
    return _revision_rows(
        rows.with_columns(pl.struct(rows.columns).struct.json_encode().alias(side), column=pl.lit(WHOLE_ROW)),
        name,
        keys,
        change,
    )


def _changed_values(name: str, gone: pl.DataFrame, come: pl.DataFrame, keys: list[str]) -> pl.DataFrame:
    values = [column for column in come.columns if column not in keys]
    area = ["area_code"] if "area_code" in values else []
    if not values:
        return _revision_rows(come.clear().with_columns(column=pl.lit(WHOLE_ROW)), name, keys, "changed")
    before = gone.select(*keys, *values).unpivot(values, index=keys, variable_name="column", value_name="old_value")
    after = come.select(*keys, *(pl.col(column).alias(f"_{column}") for column in area), *values).unpivot(
        values, index=[*keys, *(f"_{column}" for column in area)], variable_name="column", value_name="new_value"
    )
    changed = after.join(before, on=[*keys, "column"], how="inner", validate="1:1").filter(
        pl.col("old_value").ne_missing(pl.col("new_value"))
    )
    return _revision_rows(changed.rename({f"_{column}": column for column in area}), name, keys, "changed")


def _revision_rows(rows: pl.DataFrame, name: str, keys: list[str], change: str) -> pl.DataFrame:
    optional = [column for column in ("old_value", "new_value", "area_code") if column not in rows.columns]
    return rows.with_columns(pl.lit(None, pl.String).alias(column) for column in optional).select(
        pl.lit(name).alias("table_name"),
        pl.concat_str(keys, separator="|", ignore_nulls=True).alias("record_key"),
        "column",
        pl.lit(change).alias("change"),
        "old_value",
        "new_value",
        "area_code",
        pl.lit(None, pl.String).alias("reason"),
    )
