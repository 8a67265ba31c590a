"""The words of the intake's sheets in one language: sheet names, headings, help, codes, states, yes and no."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines import areas, catalog
from pipelines.errors import RecordsRefused
from pipelines.fields import LIST_SEPARATOR, Area, Boolean, Code, Field, ListOf, Lookup, Reference, Table
from pipelines.intake.plain_words import plain
from pipelines.reading import Records, read_table

SHEET = "*"
"""As a column: the sheet itself. As a table: a column of every sheet."""
_NEEDED = (catalog.COLUMNS, catalog.CODES, areas.TABLE)
_SPOKEN = (catalog.AUDIENCES, catalog.TEXTS, *catalog.WORDINGS)
WORDED = (*_NEEDED, *_SPOKEN)
"""The tables that the words are taken from."""
YES_NO = {"en": ("yes", "no"), "es": ("sí", "no"), "pt": ("sim", "não"), "fr": ("oui", "non")}


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What everything is called in ``lang``.

    ``columns`` gives each column's row of columns.csv by table and column, ``words`` the word for each code by code
    list, ``states`` the name of each state by its code, ``audiences`` the word for each audience by its label.
    """

    lang: str
    columns: Mapping[tuple[str, str], Mapping[str, str]]
    words: Mapping[str, Mapping[str, str]]
    states: Mapping[str, str]
    audiences: Mapping[str, str] = field(default_factory=dict)

    def sheet(self, table: str) -> str:
        """The name of a table's sheet, or of one of the sheets beside them."""
        return self.heading(table, SHEET)

    def heading(self, table: str, column: str, lang: str | None = None) -> str:
        """The words above a column."""
        return self._row(table, column)[f"heading_{lang or self.lang}"]

    def help(self, table: str, column: str) -> str:
        """What goes into a column, or what a sheet is for."""
        return self._row(table, column)[f"help_{self.lang}"]

    def lookup(self, table: Table) -> Lookup:
        """The words with which the fields of a table say what they expect."""
        known = {name for name, column in self.columns if column == SHEET}
        headings = {name: self.heading(table.name, name) for name in table.columns}
        return Lookup(words=self.words, sheets={name: self.sheet(name) for name in known}, headings=headings)

    def said(self, declared: Field, value: str) -> str:
        """A valid value of the house's CSV files as people write it here; any other value as it stands."""
        if isinstance(declared, Code):
            return self.words.get(declared.codes.name, {}).get(value, value)
        if isinstance(declared, Area):
            return self.states.get(value, value)
        if isinstance(declared, Reference):
            return self.audiences.get(value, value) if declared.table == catalog.AUDIENCES.name else value
        if isinstance(declared, Boolean):
            yes, no = YES_NO[self.lang]
            return {"true": yes, "false": no}.get(value, value)
        if isinstance(declared, ListOf) and isinstance(declared.item, (Area, Code, Reference)):
            items = [self.said(declared.item, item.strip()) for item in value.split(LIST_SEPARATOR)]
            return f"{LIST_SEPARATOR} ".join(items)
        return value

    def _row(self, table: str, column: str) -> Mapping[str, str]:
        return self.columns.get((table, column)) or self.columns[SHEET, column]


def read_wording(data: Path, lang: str) -> Wording:
    """The words of the data folder's catalogue in ``lang``; RecordsRefused where they cannot be read."""
    return wording({table.name: read_table(table, data, Lookup()) for table in WORDED}, lang)


def wording(read: Mapping[str, Records], lang: str) -> Wording:
    """The same of the tables ``WORDED`` as they were read."""
    if problems := [problem for table in _NEEDED for problem in read[table.name].problems]:
        raise RecordsRefused(problems)
    columns, codes, states = (read[table.name].frame for table in _NEEDED)
    words: dict[str, dict[str, str]] = {}
    for code_list, code, word in codes.select("code_list", "code", f"name_{lang}").iter_rows():
        words.setdefault(code_list, {})[code] = word
    countries = states.filter(area_type="country").select("area_code", f"name_{lang}")
    return Wording(
        lang=lang,
        columns={(row["table_name"], row["column"]): row for row in columns.iter_rows(named=True)},
        words=words,
        states=dict(countries.iter_rows()),
        audiences=_audiences(read, lang),
    )


def _audiences(read: Mapping[str, Records], lang: str) -> dict[str, str]:
    """The word for each audience, where in no language it is also the word for another; else its label."""
    labels, texts, *translated = (read[table.name].frame for table in _SPOKEN)
    text_ids = dict(texts.select("text", "text_id").iter_rows())
    wordings = {
        language: dict(words.select("text_id", "text").iter_rows())
        for language, words in zip(catalog.TRANSLATIONS, translated, strict=True)
    }
    said = {
        label: {language: words.get(text_ids.get(label, ""), label) for language, words in wordings.items()}
        for label in labels["audience"]
    }
    meant: dict[str, set[str]] = {}
    for label, words in said.items():
        for word in (label, *words.values()):
            meant.setdefault(plain(word), set()).add(label)
    chosen = {label: words.get(lang, label) for label, words in said.items()}
    return {label: word if meant[plain(word)] == {label} else label for label, word in chosen.items()}
