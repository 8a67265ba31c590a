"""Records that a hand-in takes back: each must be on file, be named once, and no record that stays may refer to it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from pipelines.csv_rows import ROW
from pipelines.errors import RecordProblem
from pipelines.fields import ListOf, Table, closest
from pipelines.i18n import _, quoted
from pipelines.intake.on_file import OnFile
from pipelines.intake.understood import Understood, sheet_problem
from pipelines.intake.values import BAD


@dataclass(frozen=True, kw_only=True)
class Withdrawals:
    """For each sheet (by the id of the understood one) the rows that take a record back, and what is wrong."""

    accepted: Mapping[int, pl.DataFrame] = field(default_factory=dict)
    problems: Mapping[int, list[RecordProblem]] = field(default_factory=dict)


def withdrawals(table: Table, handed_in: Sequence[Understood], file: OnFile) -> Withdrawals:
    """What becomes of the rows of one table that withdraw records; ``handed_in`` are the sheets of all tables."""
    sheets = [one for one in handed_in if one.table.name == table.name]
    named = pl.concat([_keyed(one.withdrawn, table) for one in sheets]) if sheets else None
    if named is None or named.is_empty():
        return Withdrawals(accepted={id(one): one.withdrawn for one in sheets})
    given = pl.concat([_keyed(one.values, table) for one in sheets])
    on_file = file.keys(table).select(key=_key(table))["key"]
    referred = _referred(table, named["key"].drop_nulls().unique(), handed_in, file)
    twice = set(named.filter(pl.col("key").is_duplicated())["key"].drop_nulls()) | (
        set(given["key"].drop_nulls()) & set(named["key"].drop_nulls())
    )
    known = set(on_file)
    accepted, problems = {}, {}
    for one in sheets:
        told = [
            found
            for row, key in _keyed(one.withdrawn, table).iter_rows()
            if (found := _problem(one, row, key, known, twice, referred, on_file)) is not None
        ]
        problems[id(one)] = told
        accepted[id(one)] = one.withdrawn.filter(~pl.col(ROW).is_in([problem.row for problem in told]))
    return Withdrawals(accepted=accepted, problems=problems)


def _key(table: Table) -> pl.Expr:
    return pl.concat_str(pl.col(table.key).cast(pl.String), separator=" + ")


def _keyed(rows: pl.DataFrame, table: Table) -> pl.DataFrame:
    return rows.select(ROW, key=_key(table))


def _problem(
    one: Understood,
    row: int,
    key: str | None,
    known: set[str],
    twice: set[str],
    referred: Mapping[str, str],
    on_file: pl.Series,
) -> RecordProblem | None:
    nearest = None
    if key is None:
        rule, expected = "empty_cell", _("the code of the record to withdraw")
    elif key not in known:
        rule, expected = "unknown_record", _("the code of a record on file, which alone can be withdrawn")
        found = closest(key.removeprefix(BAD), on_file)
        nearest = quoted(found) if found else None
    elif key in twice:
        rule, expected = "duplicate_key", _("named in one row only, to be withdrawn or to be changed")
    elif key in referred:
        rule = "still_referred_to"
        expected = _("to be withdrawn while other records refer to it: {records}", records=referred[key])
    else:
        return None
    column = one.table.key[-1]
    position = one.found.columns.get(column)
    return sheet_problem(
        one.sheet,
        one.table,
        rule,
        expected,
        row=row,
        position=position,
        column=column,
        heading=one.found.headings.get(position or 0),
        value=None if key is None else key.replace(BAD, ""),
        nearest=nearest,
    )


def _referred(table: Table, keys: pl.Series, handed_in: Sequence[Understood], file: OnFile) -> dict[str, str]:
    """For each of these keys the records on file that refer to it and stay as they are."""
    if len(table.key) != 1:
        return {}
    named: dict[str, list[str]] = {}
    for name, records in file.everything.items():
        other = records.table
        columns = [column for column, target in other.references if target.table == table.name]
        if not columns or not other.key:
            continue
        replaced = [_keyed(pl.concat([one.values.select(ROW, *other.key), one.withdrawn]), other)["key"]
                    for one in handed_in if one.table.name == name]  # fmt: skip
        gone = pl.concat([pl.Series("key", [], dtype=pl.String), *replaced])
        for column in columns:
            is_list = isinstance(other.fields[other.columns.index(column)], ListOf)
            rows = records.frame.select(target=pl.col(column), key=_key(other))
            rows = (rows.explode("target") if is_list else rows).filter(
                pl.col("target").is_in(keys.implode()), ~pl.col("key").is_in(gone.drop_nulls().implode())
            )
            for target, key in rows.sort("key").iter_rows():
                named.setdefault(target, []).append(
                    f"{file.wording.sheet(name) if name in _sheets(file) else name} {key}"
                )
    return {key: _first(records) for key, records in named.items()}


def _sheets(file: OnFile) -> set[str]:
    return {name for name, column in file.wording.columns if column == "*"}


def _first(records: list[str]) -> str:
    rest = len(records) - 3
    told = ", ".join(records[:3])
    return told if rest <= 0 else _("{records} and {rest} more", records=told, rest=str(rest))
