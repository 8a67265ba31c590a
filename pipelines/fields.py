"""What the cells of a record table may hold: one class per kind of field, and the table that is made of them.

A field is a declaration: spreadsheet templates, the checks of staff workbooks and the reading of the CSV files here all
follow from it. A field turns the text of its cells into values with one expression that is empty where the text
is not valid; the reader compares the two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from string import Formatter
from typing import TYPE_CHECKING, ClassVar

import polars as pl

from pipelines import dates
from pipelines.i18n import _, mark, quoted
from pipelines.vocabularies import CodeList

if TYPE_CHECKING:
    from pipelines.area_names import AreaNames

LIST_SEPARATOR = ";"
_FEW = 1_000  # candidates that are compared letter by letter
_COMPARED = 100  # characters of a value that are compared
_CONTROL_CHARACTERS = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F]"
_WHOLE_NUMBER = r"^[-+]?\d{1,18}$"
_NUMBER = r"^[-+]?\d+(\.\d+)?([eE][-+]?\d{1,3})?$"


@dataclass(frozen=True, kw_only=True)
class Lookup:
    """What cells are looked up in: the names of areas, and the keys of the tables read so far.

    For people who fill in spreadsheets, ``words`` says each code of a list in their language, ``sheets`` gives a
    table's name and ``headings`` a column's; without them, codes and names are said as they are in the files here.
    """

    areas: "AreaNames | None" = None
    keys: Mapping[str, pl.Series] = field(default_factory=dict)
    refused_keys: Mapping[str, pl.Series] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sheets: Mapping[str, str] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)

    def file(self, table: str) -> str:
        """A table as the person knows it: their sheet, else the file here."""
        sheet = self.sheets.get(table)
        return _('the sheet "{sheet}"', sheet=sheet) if sheet else f"{table}.csv"


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
        return _("plain text without control characters")

    def parse(self, cell: pl.Expr, lookup: Lookup) -> pl.Expr:
        """The value of a cell's text; empty where the text is not valid."""
        return pl.when(~cell.str.contains(_CONTROL_CHARACTERS)).then(cell)

    def expected_in(self, lookup: Lookup) -> str:
        """The same in the words of the person who fills in a spreadsheet."""
        return self.expected

    def expected_for(self, value: str, lookup: Lookup) -> str:
        """What was expected instead of this very value."""
        return self.expected_in(lookup)

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
        return _("an identifier made of letters, digits, dot, dash and underscore")

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
        return _("one of {codes}", codes=", ".join(self.codes))

    def expected_in(self, lookup: Lookup) -> str:
        """The codes of the list with their words."""
        return _("one of {codes}", codes=", ".join(self.worded(code, lookup) for code in self.codes))

    def worded(self, code: str, lookup: Lookup) -> str:
        """A code with its word in front, where the person has one: ``realizado (held)``."""
        word = lookup.words.get(getattr(self.codes, "name", ""), {}).get(code, code)
        return code if word == code else f"{word} ({code})"

    def parse(self, cell: pl.Expr, lookup: Lookup) -> pl.Expr:
        """The code."""
        return pl.when(cell.is_in(list(self.codes))).then(cell)

    def nearest(self, value: str, lookup: Lookup) -> str | None:
        """The code spelt most like ``value``, or whose word is."""
        words = lookup.words.get(getattr(self.codes, "name", ""), {})
        spellings = {code: code for code in self.codes} | {words[code]: code for code in self.codes if code in words}
        found = closest(value, list(spellings))
        if found is None:
            return None
        code = spellings[found]
        word = words.get(code, code)
        return quoted(word) if word == code else f"{quoted(word)} ({code})"


@dataclass(frozen=True)
class Area(Field):
    """A state, by ISO or M49 code or by its name in one of the four languages."""

    kind: ClassVar[str] = "area"

    @property
    def expected(self) -> str:
        """A state's code or name."""
        return _("a known state")

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
        return _("a real date such as 2010-03-01, 2010-03 or 2010")

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
        return _("a year from {first} to {last}", first=str(dates.FIRST_YEAR), last=str(dates.LAST_YEAR))

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
        least, most = str(self.least), str(self.most)
        if self.least is None and self.most is None:
            return _("a whole number")
        if self.most is None:
            return _("a whole number of {least} or more", least=least)
        if self.least is None:
            return _("a whole number of {most} or less", most=most)
        return _("a whole number from {least} to {most}", least=least, most=most)

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
        least, most = str(self.least), str(self.most)
        if self.least is None and self.most is None:
            return _("a number with a decimal point and no thousands separator")
        if self.most is None:
            return _("a number with a decimal point and no thousands separator of {least} or more", least=least)
        if self.least is None:
            return _("a number with a decimal point and no thousands separator of {most} or less", most=most)
        return _(
            "a number with a decimal point and no thousands separator from {least} to {most}", least=least, most=most
        )

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
        return _("true or false")

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
        return _("a key of {file}", file=f"{self.table}.csv")

    def expected_in(self, lookup: Lookup) -> str:
        """Where the person finds the keys."""
        return _("a key of {file}", file=lookup.file(self.table))

    def parse(self, cell: pl.Expr, lookup: Lookup) -> pl.Expr:
        """The key, where the other table has it (or could not be read at all)."""
        if self.table not in lookup.keys:
            return cell
        return pl.when(cell.is_in(lookup.keys[self.table].implode())).then(cell)

    def expected_for(self, value: str, lookup: Lookup) -> str:
        """Says so where the row meant is there but was itself refused."""
        if self.table in lookup.refused_keys and value in lookup.refused_keys[self.table]:
            return _("usable: its row in {file} is itself refused", file=lookup.file(self.table))
        return self.expected_in(lookup)

    def nearest(self, value: str, lookup: Lookup) -> str | None:
        """The key spelt most like ``value``."""
        if self.table in lookup.refused_keys and value in lookup.refused_keys[self.table]:
            return None
        found = closest(value, lookup.keys[self.table]) if self.table in lookup.keys else None
        return None if found is None else quoted(found)


@dataclass(frozen=True)
class ListOf(Field):
    """Several values of one kind in a cell, split at ``;``."""

    item: Field = field(default_factory=lambda: Text(""))
    kind: ClassVar[str] = "list"

    @property
    def expected(self) -> str:
        """What each item should be."""
        return _('a list of values split at "{separator}", each {item}', separator=";", item=self.item.expected)

    def expected_in(self, lookup: Lookup) -> str:
        """The same in the person's words."""
        return _(
            'a list of values split at "{separator}", each {item}', separator=";", item=self.item.expected_in(lookup)
        )

    def parse(self, cell: pl.Expr, lookup: Lookup) -> pl.Expr:
        """The list of values; empty where one item is not valid."""
        items = _items(cell)
        parsed = items.list.eval(self.item.parse(pl.element(), lookup))
        return pl.when(~parsed.list.eval(pl.element().is_null()).list.any()).then(parsed)

    def expected_for(self, value: str, lookup: Lookup) -> str:
        """What was expected instead of the first item that is not valid."""
        item = self._first_bad(value, lookup)
        if item is None or item == value:
            return self.expected_in(lookup) if item is None else self.item.expected_for(value, lookup)
        if not item:
            return self.expected_in(lookup)
        return _('a valid list: "{item}" is not {expected}', item=item, expected=self.item.expected_for(item, lookup))

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
    """A promise that spans the columns of a row; ``holds`` reads typed columns and may be empty for "holds".

    ``expected`` is marked for translation; its {places} are columns, ``aliases`` names those of other names.
    """

    name: str
    column: str  # where the problem is shown
    expected: str
    holds: pl.Expr
    aliases: Mapping[str, str] = field(default_factory=dict)

    def expected_in(self, lookup: Lookup) -> str:
        """What the row should be, its columns said as the person knows them."""
        columns = [place for _text, place, _format, _conversion in Formatter().parse(self.expected) if place]
        named = {place: self.aliases.get(place, place) for place in columns}
        return _(self.expected, **{place: lookup.headings.get(name, name) for place, name in named.items()})


@dataclass(frozen=True, kw_only=True)
class Table:
    """A file of records: where it lies in the data folder, its key, its columns in order, its rules."""

    name: str
    file: str
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    rules: tuple[RowRule, ...] = ()
    split_by: str = ""  # the column at whose values the file is cut where it is too big for memory

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
    first, last = (dates.first_day_text(pl.col(column)) for column in (start, end))
    return RowRule(
        "end_is_not_before_start",
        end,
        mark("a date on or after {start}, stated as exactly as it"),
        last >= first,
        {"start": start},
    )


def _items(cell: pl.Expr) -> pl.Expr:
    stripped = pl.element().str.strip_chars()
    return cell.str.split(LIST_SEPARATOR).list.eval(pl.when(stripped.str.len_chars() > 0).then(stripped))


def _within(number: pl.Expr, least: float | None, most: float | None) -> pl.Expr:
    above = pl.lit(True) if least is None else number >= least
    below = pl.lit(True) if most is None else number <= most
    return pl.when(above & below).then(number)


def closest(value: str, candidates: Sequence[str] | pl.Series) -> str | None:
    """The candidate spelt most like the value, whatever its case; of very many, only those that start alike."""
    folded = {candidate.casefold(): candidate for candidate in _alike(value, candidates)}
    matches = get_close_matches(value.casefold()[:_COMPARED], list(folded), n=1, cutoff=0.6)
    return folded[matches[0]] if matches else None


def _alike(value: str, candidates: Sequence[str] | pl.Series) -> Sequence[str]:
    # Comparing letter by letter takes a second for a hundred thousand keys.
    if not isinstance(candidates, pl.Series):
        return candidates
    if candidates.len() <= _FEW:
        return candidates.drop_nulls().to_list()
    lower = candidates.str.to_lowercase()
    for length in range(min(len(value), _COMPARED), 0, -1):
        alike = candidates.filter(lower.str.starts_with(value.lower()[:length]))
        if alike.len():
            return alike.head(_FEW).to_list()
    return []
