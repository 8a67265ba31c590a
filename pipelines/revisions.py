"""What changed since the previous edition, or between any two: every row added or withdrawn, every value that differs."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

import dataframely as dy
import polars as pl

from pipelines import editions, schemas
from pipelines.conform import conform, is_sorted
from pipelines.derive.page_tables import PAGE_TABLES

RESTATING = (*PAGE_TABLES, "training_audience")  # tables that only restate the records
NOT_COMPARED = ("dim_text", "edition", "load_report", "rejected_row", "revision", *RESTATING)
WHOLE_ROW = "*"  # the column of a row added or withdrawn, whose values are then given together as JSON
_ORDER = ("record_key", "column")
_RECORDED = {"fct_training_participation": pl.col("role") == "participant"}
"""The rows of a table that are compared, where others only restate another one: hosts those of the events."""
COMPARED = [name for name in schemas.TABLES if name not in NOT_COMPARED]


def revisions(
    old: Mapping[str, pl.DataFrame],
    new: Mapping[str, pl.DataFrame],
    reason: str | None = None,
    *,
    tells_added: bool = True,
    known: dict[str, pl.DataFrame] | None = None,
) -> dy.DataFrame[schemas.Revision]:
    """The differences of all tables that both editions have; ``reason`` is what the builder says about them.

    A row added is told by its key alone unless ``tells_added``: an edition holds the row itself, and need not hold it
    twice. ``known`` are ``differences`` found before, which are taken out of it: of many rows nothing is held twice.
    """
    found = {} if known is None else known
    found |= differences(old, {name: new[name] for name in new if name not in found}, tells_added=tells_added)
    columns = dict.fromkeys(schemas.Revision.column_names(), pl.String)
    told = [pl.lit(reason, pl.String).alias("reason"), *_without_suppressed_values(old, new)]
    nothing = conform(pl.DataFrame(schema=columns), schemas.Revision, "revision")
    every = [conform(found.pop(name).with_columns(told), schemas.Revision, "revision") for name in sorted(found)]
    return cast(dy.DataFrame[schemas.Revision], pl.concat([nothing, *every]))


def differences(
    old: Mapping[str, pl.DataFrame], new: Mapping[str, pl.DataFrame], *, tells_added: bool
) -> dict[str, pl.DataFrame]:
    """What differs in each table that both editions have: rows of ``revision`` without a reason, nothing suppressed."""
    common = [name for name in COMPARED if name in old and name in new]
    return {name: _of_table(name, _recorded(name, old), _recorded(name, new), tells_added) for name in common}


def _recorded(name: str, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return tables[name].filter(_RECORDED[name]) if name in _RECORDED else tables[name]


def with_reason(
    changes: dy.DataFrame[schemas.Revision], records: pl.DataFrame, reason: str | None
) -> dy.DataFrame[schemas.Revision]:
    """``changes`` with the reason for those of the ``records``: ``table_name`` and the part of ``record_key`` that is theirs.

    That part is the first of the key, the first two, or what follows the first two (as in fct_reach).
    """
    if reason is None or records.is_empty():
        return changes
    parts = pl.col("record_key").str.splitn("|", 3).struct
    first, second = parts.field("field_0"), parts.field("field_1")
    own = {"first": first, "both": first + pl.lit("|") + second, "last": parts.field("field_2")}
    placed = changes.with_row_index("place").with_columns(**own)
    found = [
        placed.select("place", "table_name", record_key=part).join(records, on=["table_name", "record_key"], how="semi")
        for part in own
    ]
    is_theirs = pl.col("place").is_in(pl.concat(found)["place"].implode())
    return (
        placed.with_columns(reason=pl.when(is_theirs).then(pl.lit(reason)).otherwise("reason"))
        .drop("place", *own)
        .pipe(conform, schemas.Revision, "revision")
    )


def changes_between(folder: Path, before: str, after: str) -> pl.DataFrame:
    """What differs between any two editions, by table, record and column; the first may be the newer one.

    As ``revision``, with ``edition_id``: reason and edition are those of the newest edition after the older of the two
    and up to the newer that revised the value, or added or withdrew the row. EditionError for an unknown edition.
    """
    paths = [editions.resolve(edition_id, folder) for edition_id in (before, after)]
    old, new = (editions.read_tables(path, COMPARED) for path in paths)
    changes = revisions(old, new)
    ids = editions.edition_ids(folder)
    first, last = sorted((ids.index(before), ids.index(after)))
    keys = ["table_name", "record_key", "column"]
    said = [
        editions.read_tables(editions.resolve(edition_id, folder), ["revision"])["revision"].select(
            *keys, "reason", edition_id=pl.lit(edition_id)
        )
        for edition_id in reversed(ids[first + 1 : last + 1])
    ]
    nothing = pl.DataFrame(schema=dict.fromkeys([*keys, "reason", "edition_id"], pl.String))
    newest = pl.concat([nothing, *said]).unique(keys, keep="first", maintain_order=True)
    of_row = newest.filter(pl.col("column") == WHOLE_ROW).drop("column")
    is_known = pl.col("edition_id").is_not_null()
    return (
        changes.drop("reason")
        .join(newest, on=keys, how="left", validate="m:1")
        .join(of_row, on=keys[:2], how="left", validate="m:1", suffix="_of_row")
        .with_columns(
            reason=pl.when(is_known).then("reason").otherwise("reason_of_row"),
            edition_id=pl.coalesce("edition_id", "edition_id_of_row"),
        )
        .drop("reason_of_row", "edition_id_of_row")
        .sort(keys)
    )


def _without_suppressed_values(old: Mapping[str, pl.DataFrame], new: Mapping[str, pl.DataFrame]) -> list[pl.Expr]:
    """Both values, but for what one edition told and the other suppresses: texts and numbers of answers, and values.

    An answer that is nothing but its number may have been cut to its total because the parts are small: the other
    wording is not told either.
    """
    answers = [tables["fct_answer"] for tables in (old, new) if "fct_answer" in tables]
    values = [tables["fct_observation"] for tables in (old, new) if "fct_observation" in tables]
    told = {
        "fct_answer": ["answer", "value", "note"],
        "fct_observation": ["value", "value_code", "numerator", "denominator", "note"],
    }
    hidden = {
        "fct_answer": [table.filter(answer_status="Q")["answer_id"] for table in answers],
        "fct_observation": [
            table.filter(obs_status="Q")
            .select(pl.concat_str(schemas.Observation.primary_key(), separator="|"))
            .to_series()
            for table in values
        ],
    }
    is_number = pl.col("answer").cast(pl.Float64, strict=False) == pl.col("value")
    cut = [table.filter(is_number, pl.col("note").is_null())["answer_id"] for table in answers]
    is_cut = _is_one_of("fct_answer", cut) & pl.col("column").is_in(["answer", "note"])
    is_suppressed = pl.any_horizontal(
        _is_one_of(name, hidden[name]) & pl.col("column").is_in(told[name]) for name in told
    )
    return [
        pl.when(~(is_suppressed | (is_cut & pl.col(side).cast(pl.Float64, strict=False).is_null())))
        .then(side)
        .alias(side)
        for side in ("old_value", "new_value")
    ]


def _is_one_of(table: str, keys: Sequence[pl.Series]) -> pl.Expr:
    """Whether a revision is of a row of the table with one of the keys."""
    known = pl.concat([pl.Series([], dtype=pl.String), *keys])
    return (pl.col("table_name") == table) & pl.col("record_key").is_in(known.implode())


def _of_table(name: str, old: pl.DataFrame, new: pl.DataFrame, tells_added: bool) -> pl.DataFrame:
    columns = [column for column in new.columns if column in old.columns]
    keys = schemas.TABLES[name].primary_key() or columns
    before, after = (frame.select(columns).with_columns(pl.col(keys).cast(pl.String)) for frame in (old, new))
    # Keys alone tell which rows only one edition has: mostly many rows, whose other cells then need not be compared.
    told = columns if tells_added else [column for column in columns if column in (*keys, "area_code")]
    added, withdrawn = _without(after.select(told), before, keys), _without(before, after, keys)
    gone, come = (
        (_without(frame, only_here, keys) if only_here.height else frame).select(pl.all().cast(pl.String))
        for frame, only_here in ((before, withdrawn), (after, added))
    )
    parts = [
        _whole_rows(name, added, keys, "added", "new_value" if tells_added else None),
        _whole_rows(name, withdrawn, keys, "withdrawn", "old_value"),
        _changed_values(name, _without(gone, come, columns), _without(come, gone, columns), keys),
    ]
    # One part alone is not put together with nothing, for its columns of one value take no room as long as it is not.
    found = pl.concat([part for part in parts if part.height] or parts)
    return found if is_sorted(found, _ORDER) else found.sort(_ORDER)


def _without(rows: pl.DataFrame, others: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    return rows.join(others.select(columns), on=columns, how="anti", nulls_equal=True, maintain_order="left")


def _whole_rows(name: str, rows: pl.DataFrame, keys: list[str], change: str, side: str | None) -> pl.DataFrame:
    told = [pl.struct(pl.all().cast(pl.String)).struct.json_encode().alias(side)] if side else []
    return _revision_rows(rows.with_columns(*told, column=pl.lit(WHOLE_ROW)), name, keys, change)


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
        pl.col("area_code").cast(pl.String),
        pl.lit(None, pl.String).alias("reason"),
    )
