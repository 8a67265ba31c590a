"""What the cells of a record table may hold: one class per kind of field, and the table that is made of them.

A field is a declaration: spreadsheet templates, the checks of staff workbooks and the reading of the CSV files here all
follow from it. A field turns the text of its cells into values with one expression that is empty where the text
is not valid; the reader compares the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar

import polars as pl

from pipelines import dates
from pipelines.vocabularies import CodeList

if TYPE_CHECKING:
    from pipelines.area_names import AreaNames

LIST_SEPARATOR = ";"
_CONTROL_CHARACTERS = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F]"
_WHOLE_NUMBER = r"^[-+]?\d{1,18}$"
_NUMBER = r"^[-+]?\d+(\.\d+)?([eE][-+]?\d{1,3})?$"


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """What cells are looked up in: the names of areas, and the keys of the tables read so far."""

    areas: "AreaNames | None" = None
    keys: Mapping[str, pl.Series] = field(default_factory=dict)
    refused_keys: Mapping[str, pl.Series] = field(default_factory=dict)


@dataclass(frozen=True)
class Field:
    """A column of a record table; ``label`` is its heading in a spreadsheet (by default made from the name)."""

    name: str
    is_required: bool = field(default=False, kw_only=True)
    label: str = field(default="", kw_only=True)
    kind: ClassVar[str] = "text"

    @property
    def heading(self) -> str:
        """The words above the column in a spreadsheet."""
        return self.label or self.name.replace("_", " ").capitalize()

    @property
    def expected(self) -> str:
        """What a cell should hold, as the end of the sentence "<value> is not …"."""
        return "plain text without control characters"

    def parse(self, cell: pl.Expr, lookup: Lookup) -> pl.Expr:
        """The value of a cell's text; empty where the text is not valid."""
        return pl.when(~cell.str.contains(_CONTROL_CHARACTERS)).then(cell)

    def expected_for(self, value: str, lookup: Lookup) -> str:
        """What was expected instead of this very value."""
        return self.expected

    def nearest(self, value: str, lookup: Lookup) -> str | None:
        """The valid value closest to ``value``, quoted; nothing where none is close."""
        return None


class Text(Field):
    """Free text."""


@dataclass(frozen=True)
class Key(Field):
    """An identifier of letters, digits, dot, dash and underscore."""

    kind: ClassVar[str] = "key"

    @property
    def expected(self) -> str:
        """What an identifier looks like."""
        return "an identifier made of letters, digits, dot, dash and underscore"

    def parse(self, cell: pl.Expr, lookup: Lookup) -> pl.Expr:
        """The identifier."""
        return pl.when(cell.str.contains(r"^[A-Za-z0-9_.\-]+$")).then(cell)


@dataclass(frozen=True)
class Code(Field):
    """One code of a closed list."""

    codes: CodeList = CodeList("", ())  # noqa: RUF009 - never changed, like the tuple it is
    kind: ClassVar[str] = "code"

    @property
    def expected(self) -> str:
        """The codes of the list."""
        return f"one of {', '.join(self.codes)}"

    def parse(self, cell: pl.Expr, lookup: Lookup) -> pl.Expr:
        """The code."""
        return pl.when(cell.is_in(list(self.codes))).then(cell)

    def nearest(self, value: str, lookup: Lookup) -> str | None:
        """The code spelt most like ``value``."""
        return _closest(value, list(self.codes))


@dataclass(frozen=True)
class Area(Field):
    """A state, by ISO or M49 code or by its name in one of the four languages."""

    kind: ClassVar[str] = "area"

    @property
    def expected(self) -> str:
        """A state's code or name."""
        return "a known state"

    def parse(self, cell: pl.Expr, lookup: Lookup) -> pl.Expr:
        """The state's ISO 3166-1 alpha-3 code; empty for unknown and for ambiguous names."""
        return cell if lookup.areas is None else lookup.areas.code_of(cell)

    def expected_for(self, value: str, lookup: Lookup) -> str:
        """Says so where the name is known but is not one state of the Americas."""
        return (lookup.areas.why_unknown(value) if lookup.areas else None) or self.expected

    def nearest(self, value: str, lookup: Lookup) -> str | None:
        """The name spelt most like ``value``, with its code."""
        return lookup.areas.nearest(value) if lookup.areas else None


@dataclass(frozen=True)
class PartialDate(Field):
    """An ISO date, cut to what the source states; stays text until the transform."""

    kind: ClassVar[str] = "date"

    @property
    def expected(self) -> str:
        """What a date looks like."""
        return "a real date such as 2010-03-01, 2010-03 or 2010"

    def parse(self, cell: pl.Expr, lookup: Lookup) -> pl.Expr:
        """The date as it stands."""
        return pl.when(dates.first_day(cell).is_not_null()).then(cell)


@dataclass(frozen=True)
class Year(Field):
    """A year of four digits."""

    kind: ClassVar[str] = "year"

    @property
    def expected(self) -> str:
        """The span of years."""
        return f"a year from {dates.FIRST_YEAR} to {dates.LAST_YEAR}"

    def parse(self, cell: pl.Expr, lookup: Lookup) -> pl.Expr:
        """The year as a number."""
        year = pl.when(cell.str.contains(r"^\d{4}$")).then(cell).cast(pl.Int32, strict=False)
        return pl.when(year.is_between(dates.FIRST_YEAR, dates.LAST_YEAR)).then(year)


@dataclass(frozen=True)
class Integer(Field):
    """A whole number, by default not below zero."""

    least: int | None = 0
    most: int | None = None
    kind: ClassVar[str] = "integer"

    @property
    def expected(self) -> str:
        """The numbers allowed."""
        return f"a whole number{_bounds(self.least, self.most)}"

    def parse(self, cell: pl.Expr, lookup: Lookup) -> pl.Expr:
        """The number."""
        number = pl.when(cell.str.contains(_WHOLE_NUMBER)).then(cell).cast(pl.Int64, strict=False)
        return _within(number, self.least, self.most)


@dataclass(frozen=True)
class Number(Field):
    """A number with a decimal point, by default of any size."""

    least: float | None = None
    most: float | None = None
    kind: ClassVar[str] = "number"

    @property
    def expected(self) -> str:
        """The numbers allowed."""
        return f"a number with a decimal point and no thousands separator{_bounds(self.least, self.most)}"

    def parse(self, cell: pl.Expr, lookup: Lookup) -> pl.Expr:
        """The number."""
        number = pl.when(cell.str.contains(_NUMBER)).then(cell).cast(pl.Float64, strict=False)
        return _within(pl.when(number.is_finite()).then(number), self.least, self.most)


@dataclass(frozen=True)
class Boolean(Field):
    """Yes or no, written ``true`` or ``false``."""

    kind: ClassVar[str] = "boolean"

    @property
    def expected(self) -> str:
        """The two words."""
        return "true or false"

    def parse(self, cell: pl.Expr, lookup: Lookup) -> pl.Expr:
        """The truth value."""
        return cell.str.to_lowercase().replace_strict(
            {"true": True, "false": False}, default=None, return_dtype=pl.Boolean
        )


@dataclass(frozen=True)
class Reference(Field):
    """The key of a row in another table (or of another row of this one)."""

    table: str = ""
    kind: ClassVar[str] = "reference"

    @property
    def expected(self) -> str:
        """Where the key is looked up."""
        return f"a key of {self.table}.csv"

    def parse(self, cell: pl.Expr, lookup: Lookup) -> pl.Expr:
        """The key, where the other table has it (or could not be read at all)."""
        if self.table not in lookup.keys:
            return cell
        return pl.when(cell.is_in(lookup.keys[self.table].implode())).then(cell)

    def expected_for(self, value: str, lookup: Lookup) -> str:
        """Says so where the row meant is there but was itself refused."""
        if self.table in lookup.refused_keys and value in lookup.refused_keys[self.table]:
            return f"usable: its row in {self.table}.csv is itself refused"
        return self.expected

    def nearest(self, value: str, lookup: Lookup) -> str | None:
        """The key spelt most like ``value``."""
        if self.table in lookup.refused_keys and value in lookup.refused_keys[self.table]:
            return None
        return _closest(value, lookup.keys[self.table].to_list()) if self.table in lookup.keys else None


@dataclass(frozen=True)
class ListOf(Field):
    """Several values of one kind in a cell, split at ``;``."""

    item: Field = field(default_factory=lambda: Text(""))
    kind: ClassVar[str] = "list"

    @property
    def expected(self) -> str:
        """What each item should be."""
        return f'a list of values split at "{LIST_SEPARATOR}", each {self.item.expected}'

    def parse(self, cell: pl.Expr, lookup: Lookup) -> pl.Expr:
        """The list of values; empty where one item is not valid."""
        items = _items(cell)
        parsed = items.list.eval(self.item.parse(pl.element(), lookup))
        return pl.when(~parsed.list.eval(pl.element().is_null()).list.any()).then(parsed)

    def expected_for(self, value: str, lookup: Lookup) -> str:
        """What was expected instead of the first item that is not valid."""
        item = self._first_bad(value, lookup)
        if item is None or item == value:
            return self.expected if item is None else self.item.expected_for(value, lookup)
        return f'a valid list: "{item}" is not {self.item.expected_for(item, lookup)}' if item else self.expected

    def nearest(self, value: str, lookup: Lookup) -> str | None:
        """The valid value closest to the first item that is not valid."""
        item = self._first_bad(value, lookup)
        return self.item.nearest(item, lookup) if item else None

    def _first_bad(self, value: str, lookup: Lookup) -> str | None:
        items = pl.DataFrame({"item": [part.strip() or None for part in value.split(LIST_SEPARATOR)]})
        bad = items.filter(self.item.parse(pl.col("item"), lookup).is_null())
        return (bad["item"][0] or "") if bad.height else None


@dataclass(frozen=True)
class RowRule:
    """A promise that spans the columns of a row; ``holds`` reads typed columns and may be empty for "holds"."""

    name: str
    column: str  # where the problem is shown
    expected: str
    holds: pl.Expr


@dataclass(frozen=True, kw_only=True)
class Table:
    """A file of records: where it lies in the data folder, its key, its columns in order, its rules."""

    name: str
    file: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    rules: tuple[RowRule, ...] = ()

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in the order of the file."""
        return [field.name for field in self.fields]

    @property
    def references(self) -> list[tuple[str, Reference]]:
        """The columns that hold keys of tables, with what they refer to."""
        named = [(field.name, field.item if isinstance(field, ListOf) else field) for field in self.fields]
        return [(name, target) for name, target in named if isinstance(target, Reference)]

    @property
    def area_columns(self) -> list[str]:
        """The columns that hold states."""
        return [
            field.name
            for field in self.fields
            if isinstance(field, Area) or (isinstance(field, ListOf) and isinstance(field.item, Area))
        ]


def ends_after_start(start: str = "start_date", end: str = "end_date") -> RowRule:
    """The promise that a period does not end before it starts, as exactly as both dates are stated."""
    first, last = (dates.first_day(pl.col(column)) for column in (start, end))
    return RowRule(
        "end_is_not_before_start",
        end,
        f"a date on or after {start}, stated as exactly as it",
        last >= first,
    )


def _items(cell: pl.Expr) -> pl.Expr:
    stripped = pl.element().str.strip_chars()
    return cell.str.split(LIST_SEPARATOR).list.eval(pl.when(stripped.str.len_chars() > 0).then(stripped))


def _within(number: pl.Expr, least: float | None, most: float | None) -> pl.Expr:
    above = pl.lit(True) if least is None else number >= least
    below = pl.lit(True) if most is None else number <= most
    return pl.when(above & below).then(number)


def _bounds(least: float | None, most: float | None) -> str:
    if least is None and most is None:
        return ""
    if most is None:
        return f" of {least} or more"
    return f" of {most} or less" if least is None else f" from {least} to {most}"


def _closest(value: str, candidates: list[str]) -> str | None:
    folded = {candidate.casefold(): candidate for candidate in candidates}
    matches = get_close_matches(value.casefold(), list(folded), n=1, cutoff=0.6)
    return f'"{folded[matches[0]]}"' if matches else None
