"""What the registry holds when a hand-in is checked: its records, and the words that handed-in cells may use."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import polars as pl

from pipelines import areas, catalog
from pipelines.area_names import AreaNames
from pipelines.csv_rows import ROW
from pipelines.errors import RecordsRefused
from pipelines.fields import Lookup, Table
from pipelines.i18n import language
from pipelines.intake.headings import Vocabulary
from pipelines.intake.plain_words import plain
from pipelines.intake.registry_files import read_registry_file
from pipelines.intake.tables import INTAKE_TABLES
from pipelines.intake.values import Known
from pipelines.intake.wording import WORDED, Wording, wording
from pipelines.reading import Records, read_all, reading_order
from pipelines.vocabularies import LANGUAGES

_READ = (*WORDED, areas.ALIASES, *INTAKE_TABLES)


@dataclass(frozen=True)
class OnFile:
    """The records on file by table, and the words for codes, states and audiences."""

    data: Path
    records: Mapping[str, Records]
    wording: Wording
    vocabulary: Vocabulary
    known: Known
    _texts: dict[str, pl.DataFrame] = field(default_factory=dict)

    @property
    def in_reading_order(self) -> list[Table]:
        """The tables of the intake, each after those it refers to."""
        tables = {table.name: table for table in INTAKE_TABLES}
        return [tables[name] for name in reading_order(INTAKE_TABLES)]

    def keys(self, table: Table) -> pl.DataFrame:
        """The keys of the table's records."""
        return self.records[table.name].frame.select(table.key)

    def texts(self, table: Table) -> pl.DataFrame:
        """The table's cells as text, beside the keys as values: ``key <column>`` and the table's columns."""
        if table.name not in self._texts:
            keys = self.records[table.name].frame.select(ROW, pl.col(table.key).name.prefix("key "))
            rows = read_registry_file(table, self.data).rows
            self._texts[table.name] = rows.join(keys, on=ROW, validate="1:1").drop(ROW)
        return self._texts[table.name]

    @cached_property
    def everything(self) -> Mapping[str, Records]:
        """Every table of the data folder; read only now where not all of them were asked for."""
        from pipelines.build import TABLES

        return self.records if self.records.keys() >= {table.name for table in TABLES} else everything(self.data)


def looked_at(data: Path) -> Mapping[str, Records]:
    """The tables that a check looks at."""
    return read_all(_READ, data)


def everything(data: Path) -> Mapping[str, Records]:
    """Every table."""
    from pipelines.build import READERS, TABLES

    return read_all((*TABLES, catalog.COLUMNS), data, READERS)


def read_on_file(data: Path, headings: Vocabulary, read: Mapping[str, Records] | None = None) -> OnFile:
    """What the data folder holds now, the tables as ``read`` ahead; RecordsRefused where it is not sound itself."""
    records = looked_at(data) if read is None else read
    if problems := [problem for table in _READ for problem in records[table.name].problems]:
        if read is not None:  # in a language that was not known yet
            return read_on_file(data, headings)
        raise RecordsRefused(problems)
    known = Known(
        areas=AreaNames(records[areas.TABLE.name].frame, records[areas.ALIASES.name].frame),
        codes=_codes(records[catalog.CODES.name].frame),
        **_audiences(records),
    )
    return OnFile(data, records, wording(records, language()), headings, known)


def _codes(codes: pl.DataFrame) -> dict[str, dict[str, dict[str, frozenset[str]]]]:
    """By code list and language, the codes of each word."""
    known: dict[str, dict[str, dict[str, frozenset[str]]]] = {}
    for row in codes.iter_rows(named=True):
        for lang in LANGUAGES:
            words = known.setdefault(row["code_list"], {}).setdefault(lang, {})
            word = plain(row[f"name_{lang}"])
            words[word] = words.get(word, frozenset()) | {row["code"]}
    return known


def _audiences(records: Mapping[str, Records]) -> dict[str, dict]:
    """The words for each audience by language, and the audiences of each word."""
    texts = dict(records[catalog.TEXTS.name].frame.select("text", "text_id").iter_rows())
    translated = {
        lang: dict(records[f"texts_{lang}"].frame.select("text_id", "text").iter_rows())
        for lang in LANGUAGES
        if lang != "en"
    }
    said: dict[str, dict[str, str]] = {}
    labels: dict[str, frozenset[str]] = {}
    for label in records[catalog.AUDIENCES.name].frame["audience"]:
        said[label] = {lang: words[texts[label]] for lang, words in translated.items() if texts.get(label) in words}
        spellings = {label, *said[label].values()}
        for word in spellings | {part for text in spellings for part in _forms(text)}:
            labels[plain(word)] = labels.get(plain(word), frozenset()) | {label}
    return {"audiences": labels, "audience_words": said}


def _forms(text: str) -> tuple[str, ...]:
    """The two forms of a word that names women and men: "juezas y jueces"."""
    words = text.split()
    return (words[0], words[2]) if len(words) == 3 and words[1] in ("y", "e", "et") else ()


def lookup_of(file: OnFile, table: Table) -> Lookup:
    """The words with which the table's fields say what they expect, and the names of states."""
    worded = file.wording.lookup(table)
    return Lookup(areas=file.known.areas, words=worded.words, sheets=worded.sheets, headings=worded.headings)
