"""Which table a sheet holds, where its header stands and which column is which field, in any of the four languages.

A heading is known by its words alone: case, accents, punctuation, line breaks and marks such as "*" do not matter.
The headings decide which table it is; the name of the sheet or file only where they leave it open.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

import polars as pl

from pipelines import vocabularies as words
from pipelines.csv_rows import ROW
from pipelines.fields import Table
from pipelines.intake.plain_words import plain
from pipelines.intake.sheets import Sheet
from pipelines.intake.tables import INTAKE_TABLES, TO_MEND, WITHDRAW
from pipelines.intake.wording import SHEET

HEADER_ROWS, HEADER_COLUMNS = 40, 1_000  # among the first so many rows with text and columns the header is looked for
_LONGEST = 200  # characters of a heading
_ALIKE = 0.7
# The share of a sheet's headings that must be a table's: less where a code is among them that only its records have.
_PARTLY, _MOSTLY = 0.25, 0.7
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_PARTS = re.compile(r"[/|\n\r]+")
_NOTES = ("notes", "notas", "note", "nota", "read me", "readme", "leeme", "lea me", "leame", "leia me", "lisez moi",
          "instructions", "instrucciones", "instrucoes", "ayuda", "help", "ajuda", "aide", "lists", "listas",
          "listes")  # fmt: skip
_COUNTRY: Mapping[str, Mapping[str, Sequence[str]]] = {
    "country": {"en": ("Country", "State"), "es": ("País", "Estado"), "pt": ("País", "Estado"), "fr": ("Pays", "État")},
    "host_country": {
        "en": ("Host country", "Country"),
        "es": ("País anfitrión", "País sede", "País"),
        "pt": ("País anfitrião", "País sede", "País"),
        "fr": ("Pays hôte", "Pays"),
    },
}


@dataclass(frozen=True)
class Spelling:
    """One way to write the heading of a column: ``lang`` is nothing for the house's own name."""

    table: str
    column: str
    text: str
    lang: str | None
    is_usual: bool = False  # not our heading, but what people also write


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """Every heading and sheet name that is known, by its plain words."""

    headings: Mapping[str, Sequence[Spelling]]
    sheets: Mapping[str, Sequence[Spelling]]
    others: frozenset[str]  # names of sheets beside the tables: read-me, lists

    def columns_of(self, heading: str, table: str) -> list[Spelling]:
        """What a heading may mean in a table; of a heading in several languages, what all its parts may mean."""
        for text in (heading, _ASIDE.sub(" ", heading)):
            if found := self._known(text, table):
                return found
        parts = [self._known(part, table) for part in _PARTS.split(_ASIDE.sub(" ", heading)) if part.strip()]
        common = set.intersection(*({spelling.column for spelling in part} for part in parts)) if parts else set()
        return [spelling for part in parts for spelling in part if spelling.column in common]

    def is_known(self, heading: str) -> bool:
        """Whether some table knows the heading, or a part of it."""
        texts = (heading, _ASIDE.sub(" ", heading), *_PARTS.split(_ASIDE.sub(" ", heading)))
        return any(plain(text) in self.headings for text in texts)

    def _known(self, text: str, table: str) -> list[Spelling]:
        return [spelling for spelling in self.headings.get(plain(text), ()) if spelling.table == table]

    def nearest(self, heading: str, table: str, lang: str, columns: Iterable[str]) -> str | None:
        """The column of a table, among these, whose heading in any language is written most like this one."""
        wanted = set(columns)
        known = {
            text: spelling
            for text, spellings in self.headings.items()
            for spelling in sorted(spellings, key=lambda spelling: spelling.lang == lang)
            if spelling.table == table and spelling.column in wanted
        }
        found = get_close_matches(plain(heading), list(known), n=1, cutoff=_ALIKE)
        return known[found[0]].column if found else None


@dataclass(frozen=True, kw_only=True)
class Recognised:
    """What a sheet was recognised as; positions count its columns from 1.

    ``columns`` gives the position of each field (and of ``withdraw``), ``headings`` the heading of each column as it
    stands. ``unknown`` are headings that mean nothing here, ``nameless`` columns with text and no heading, ``twice``
    fields that several columns give. ``is_data`` is false for notes and the like, which are left alone; ``nearest``
    is the table that a sheet of data without known headings comes closest to.
    """

    table: Table | None = None
    header_row: int | None = None
    columns: Mapping[str, int] = field(default_factory=dict)
    headings: Mapping[int, str] = field(default_factory=dict)
    languages: Mapping[str, int] = field(default_factory=dict)  # how many headings are in each
    unknown: Sequence[int] = ()
    nameless: Sequence[int] = ()
    twice: Mapping[str, Sequence[int]] = field(default_factory=dict)
    is_data: bool = False
    nearest: str | None = None

    @property
    def language(self) -> str | None:
        """The language of most headings; nothing where all are the house's own names."""
        most = max(self.languages.values(), default=0)
        return next((lang for lang in words.LANGUAGES if most and self.languages.get(lang) == most), None)

    @property
    def absent(self) -> tuple[str, ...]:
        """The columns of the table that the sheet does not have."""
        return tuple(name for name in self.table.columns if name not in self.columns) if self.table else ()


def vocabulary(columns: pl.DataFrame) -> Vocabulary:
    """The headings of columns.csv and the house's own names of columns and tables."""
    headings: dict[str, list[Spelling]] = {}
    sheets: dict[str, list[Spelling]] = {}
    others = set(_NOTES)
    tables = {table.name: table for table in INTAKE_TABLES}
    for row in columns.iter_rows(named=True):
        name, column = row["table_name"], row["column"]
        written = [(row[f"heading_{lang}"], lang) for lang in words.LANGUAGES]
        if column == SHEET and name in tables:
            for text, lang in written:
                sheets.setdefault(plain(text), []).append(Spelling(name, column, text, lang))
        elif column == SHEET:
            others |= {plain(text) for text, _lang in written}
        else:
            for table in tables if name == SHEET else [name]:
                for text, lang in written:
                    headings.setdefault(plain(text), []).append(Spelling(table, column, text, lang))
    for name, table in tables.items():
        sheets.setdefault(plain(name), []).append(Spelling(name, SHEET, name, None))
        for column in (*table.columns, WITHDRAW, TO_MEND):
            headings.setdefault(plain(column), []).append(Spelling(name, column, column, None))
    for spelling in [spelling for table in INTAKE_TABLES for spelling in list(_usual(table, headings))]:
        found = headings.setdefault(plain(spelling.text), [])
        if not any(one.table == spelling.table for one in found):
            found.append(spelling)
    return Vocabulary(headings=headings, sheets=sheets, others=frozenset(others))


def recognise(sheet: Sheet, known: Vocabulary) -> Recognised:
    """What a sheet holds; the earliest row with the most known headings is its header."""
    name = plain(sheet.name if sheet.name is not None else Path(sheet.file).stem)
    if sheet.name is not None and name in known.others:
        return Recognised()
    rows = list(_texts(sheet))
    named = {spelling.table for spelling in known.sheets.get(name, ())}
    best: tuple[tuple[float, ...], Recognised] | None = None
    for row, texts in rows:
        known_here = {position for position, text in texts.items() if known.is_known(text)}
        for table in INTAKE_TABLES if known_here else ():
            found = _as_table(table, row, texts, known_here, known)
            score = _score(found, table.name in named, known)
            if score is not None and (best is None or score > best[0]):
                best = score, found
    if best is None:
        return _not_recognised(rows, name, known)
    return _with_nameless(best[1], sheet)


def _texts(sheet: Sheet) -> Iterator[tuple[int, dict[int, str]]]:
    """The first rows with text: row and, by position, the texts that may be headings."""
    for row, *cells in sheet.cells.select(sheet.cells.columns[: HEADER_COLUMNS + 1]).head(HEADER_ROWS).iter_rows():
        texts = {position: text for position, text in enumerate(cells, start=1) if text and text.strip()}
        yield row, {position: text for position, text in texts.items() if len(text) <= _LONGEST}


def _as_table(
    table: Table, row: int, texts: Mapping[int, str], known_here: Collection[int], known: Vocabulary
) -> Recognised:
    meant = {
        position: known.columns_of(text, table.name) if position in known_here else []
        for position, text in texts.items()
    }
    languages: dict[str, int] = {}
    for position, spellings in meant.items():
        for lang in {
            spelling.lang for spelling in spellings if spelling.lang and texts[position].strip() != spelling.column
        }:
            languages[lang] = languages.get(lang, 0) + 1
    places: dict[str, list[int]] = {}
    unknown = []
    for position, spellings in meant.items():
        column = _one_column(texts[position], spellings, languages)
        if column is None:
            unknown.append(position)
        else:
            places.setdefault(column, []).append(position)
    places.pop(TO_MEND, None)
    return Recognised(
        table=table,
        header_row=row,
        columns={column: positions[0] for column, positions in places.items()},
        headings={position: " ".join(text.split()) for position, text in texts.items()},
        languages=languages,
        unknown=unknown,
        twice={column: positions for column, positions in places.items() if len(positions) > 1},
        is_data=True,
    )


def _one_column(text: str, spellings: Sequence[Spelling], languages: Mapping[str, int]) -> str | None:
    """The column that a heading means; where languages disagree, what it means in the language of most headings.

    The house's own name counts first where it is written exactly so, and last otherwise.
    """
    if any(spelling.column == text.strip() for spelling in spellings):
        return text.strip()
    ranked = sorted(spellings, key=lambda spelling: -languages.get(spelling.lang or "", -1))
    return ranked[0].column if ranked else None


def _score(found: Recognised, is_named: bool, known: Vocabulary) -> tuple[float, ...] | None:
    table = found.table
    if table is None:
        return None
    matched = [name for name in found.columns if name not in (WITHDRAW, TO_MEND)]
    if len(found.columns) < 2 and not (is_named and matched):
        return None
    has_key = all(name in found.columns for name in table.key)
    least = _PARTLY if has_key and _is_distinctive(found.headings[found.columns[table.key[0]]], known) else _MOSTLY
    if not is_named and len(found.columns) < least * len(found.headings):
        return None
    return len(matched) + has_key, is_named, len(matched) / len(table.columns), -(found.header_row or 0)


def _is_distinctive(heading: str, known: Vocabulary) -> bool:
    """Whether only one table has a column with this heading."""
    found = known.headings.get(plain(heading), ())
    return len({spelling.table for spelling in found if not spelling.is_usual}) == 1


def _usual(table: Table, headings: Mapping[str, Sequence[Spelling]]) -> Iterator[Spelling]:
    """What people also write above a table's columns: the name of the code referred to, "Country" for the state."""
    tables = {table.name: table for table in INTAKE_TABLES}
    taken: set[str] = set()
    for name, target in table.references:
        if target.table in tables and target.table not in taken and target.table != table.name:
            taken.add(target.table)
            key = tables[target.table].key[0]
            own = [spelling for found in headings.values() for spelling in found if spelling.table == target.table]
            yield from (replace(one, table=table.name, column=name, is_usual=True) for one in own if one.column == key)
    if len(table.area_columns) == 1:
        column = table.area_columns[0]
        for lang, texts in _COUNTRY.get(column, {}).items():
            yield from (Spelling(table.name, column, text, lang, is_usual=True) for text in texts)


def _with_nameless(found: Recognised, sheet: Sheet) -> Recognised:
    below = sheet.cells.filter(pl.col(ROW) > found.header_row)
    filled = below.select(pl.exclude(ROW).is_not_null().any())
    positions = [
        position
        for position, name in enumerate(filled.columns, start=1)
        if position not in found.headings and below.height and filled[name][0]
    ]
    return Recognised(**{**vars(found), "nameless": positions})


def _not_recognised(rows: Sequence[tuple[int, Mapping[int, str]]], name: str, known: Vocabulary) -> Recognised:
    wide = [(row, texts) for row, texts in rows if len(texts) >= 3]
    if len(wide) < 2:
        return Recognised()
    row, texts = max(wide, key=lambda found: len(found[1]))
    likeness = {
        table.name: sum(
            known.nearest(text, table.name, "en", (*table.columns, WITHDRAW)) is not None for text in texts.values()
        )
        for table in INTAKE_TABLES
    }
    by_name = get_close_matches(name, list(known.sheets), n=1, cutoff=_ALIKE)
    named = known.sheets[by_name[0]][0].table if by_name else None
    most = max(likeness, key=lambda table: (likeness[table], table == named))
    return Recognised(
        header_row=row, headings=dict(texts), is_data=True, nearest=most if 2 * likeness[most] >= len(texts) else named
    )
