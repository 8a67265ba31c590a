"""Sheets of valid records with random faults, written in random ways: each fault is told at its place, and no more.

Every example makes a table of new records, gives it headings and cells as people write them, puts faults into some
cells, and compares what the check tells with what was done.
"""

import csv
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import xlsxwriter
from babel.dates import format_date
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import catalog
from pipelines.fields import (
    Area,
    Boolean,
    Code,
    Field,
    Integer,
    Key,
    ListOf,
    Lookup,
    Number,
    PartialDate,
    Reference,
    Table,
    Year,
)
from pipelines.i18n import language
from pipelines.intake import checking, on_file
from pipelines.intake.checking import Checked, check_files, check_sheets
from pipelines.intake.on_file import OnFile, read_on_file
from pipelines.intake.plain_words import plain
from pipelines.intake.sheets import letters
from pipelines.intake.tables import INTAKE_TABLES
from pipelines.reading import read_table
from tests.conftest import make_tiny_data
from tests.intake_sheets import PROJECT_DATA, Cell, made, project_vocabulary

EXAMPLES = 2_000 if os.environ.get("PANORAMA_TEST_LONG") else 100
FROM_FILES = 25  # one example in so many goes through a real file
LANGUAGES = ("en", "es", "pt", "fr")
STATES = {
    "BRA": ("BRA", "br", "076", "76", "Brasil", "BRAZIL", "Brésil", "Bresil", " Brazil "),
    "CHL": ("CHL", "cl", "152", "Chile", "Chili", "República de Chile", "CHILE"),
    "BRB": ("BRB", "bb", "052", "Barbados", "Barbade", "barbados"),
    "BHS": ("BHS", "bs", "044", "44", "Bahamas", "The Islands of the Bahamas"),
}
TEXTS = (
    "A course", "Curso de formación", "Ação e reação", "L’atelier n° 3", "<img onerror=alert(1)>", "=1+1", "'; drop table x",
    "n/a", "two\nlines", "…", "数据", "دورة", "🙂 well", "../../etc/passwd", "-5", "12/03/2012", "a;b", "true", 'say "yes"',
)  # fmt: skip
TRUTHS = {"true": ("true", "sí", "Sim", "OUI", "yes", "x", True, 1), "false": ("false", "no", "não", "non", False, 0)}
AUDIENCES = ("police", "judges", "civil society")


@dataclass(frozen=True)
class Made:
    """A sheet's rows from row 1, where its header stands, and the place of every fault: row and column."""

    table: Table
    rows: list[list[Cell]]
    header: int
    columns: list[str | None]
    faults: frozenset[tuple[int, str]]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The tiny data folder, whose registry is read once for each language."""
    data = make_tiny_data(tmp_path_factory.mktemp("faults"))
    known: dict[str, OnFile] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            checking,
            "read_on_file",
            lambda folder, words, read: known.setdefault(language(), read_on_file(folder, words, read)),
        )
        patch.setattr(on_file, "looked_at", lru_cache(on_file.looked_at))
        patch.setattr(checking, "_vocabulary", lambda folder, registry: project_vocabulary())
        yield data


@cache
def keys_on_file() -> Mapping[str, Sequence[str]]:
    with tempfile.TemporaryDirectory() as folder:
        file = read_on_file(make_tiny_data(Path(folder)), project_vocabulary())
        keys = {table.name: sorted(set(file.keys(table)[table.key[0]])) for table in INTAKE_TABLES}
    return keys | {"audiences": AUDIENCES}


@cache
def headings() -> Mapping[tuple[str, str], Sequence[str]]:
    rows = read_table(catalog.COLUMNS, PROJECT_DATA, Lookup()).frame
    return {
        (row["table_name"], row["column"]): (row["column"], *(row[f"heading_{lang}"] for lang in LANGUAGES))
        for row in rows.iter_rows(named=True)
    }


@cache
def words_of(code_list: str) -> Mapping[str, Sequence[str]]:
    """The words of each code that mean no other code of its list in any language."""
    rows = read_table(catalog.CODES, PROJECT_DATA, Lookup()).frame.filter(pl.col("code_list") == code_list)
    meant: dict[str, set[str]] = {}
    for row in rows.iter_rows(named=True):
        for word in (row["code"], *(row[f"name_{lang}"] for lang in LANGUAGES)):
            meant.setdefault(plain(word), set()).add(row["code"])
    return {
        row["code"]: [
            word for word in (row["code"], *(row[f"name_{lang}"] for lang in LANGUAGES)) if len(meant[plain(word)]) == 1
        ]
        for row in rows.iter_rows(named=True)
    }


def spelt(draw: Any, word: str) -> str:
    """A word as somebody types it."""
    return draw(st.sampled_from([word, word.upper(), word.capitalize(), f" {word} ", f"\u200b{word}", f"{word}\u00a0"]))


def dates(draw: Any) -> Cell:
    """A day, month or year in one of the ways in which people write them."""
    day = draw(st.dates(date(1950, 1, 1), date(2030, 12, 31)))
    lang = draw(st.sampled_from(LANGUAGES))
    written: list[Cell] = [
        day, day.isoformat(), f"{day:%d/%m/%Y}", f"{day.day}-{day.month}-{day.year}", f"{day:%d.%m.%Y}", f"{day:%Y-%m}",
        f"{day:%m/%Y}", str(day.year), day.year, (day - date(1899, 12, 30)).days, f"{day:%Y/%m/%d}",
        format_date(day, "long", locale=lang), format_date(day, "MMMM y", locale=lang),
    ]  # fmt: skip
    return draw(st.sampled_from(written))


def whole(draw: Any, least: int) -> Cell:
    number = draw(st.integers(least, 5_000))
    return draw(
        st.sampled_from(
            [number, str(number), f"{number:,}", f"{number:,}".replace(",", "."), f"{number:,}".replace(",", " ")]
        )
    )


def cell(draw: Any, declared: Field, row: int) -> Cell:
    """A valid cell, as people write it."""
    match declared:
        case Key():
            return draw(st.sampled_from([f"NEW-{row}", f" NEW-{row} ", f"NEW\u200b-{row}"]))
        case Code():
            words = words_of(declared.codes.name)
            return spelt(draw, draw(st.sampled_from(words[draw(st.sampled_from(sorted(words)))])))
        case Area():
            return spelt(draw, draw(st.sampled_from(STATES[draw(st.sampled_from(sorted(STATES)))])))
        case PartialDate():
            return dates(draw)
        case Year():
            year = draw(st.integers(1950, 2030))
            return draw(st.sampled_from([year, str(year)]))
        case Integer():
            return whole(draw, declared.least or 0)
        case Number():
            return draw(st.sampled_from([12, 0.5, "0,5", "1.234,56", "12", "0.125", 1.25]))
        case Boolean():
            return draw(st.sampled_from(TRUTHS[draw(st.sampled_from(sorted(TRUTHS)))]))
        case Reference():
            return draw(st.sampled_from(keys_on_file()[declared.table]))
        case ListOf():
            items = [str(cell(draw, declared.item, row)) for _item in range(draw(st.integers(1, 3)))]
            if isinstance(declared.item, (Area, Reference)):
                return draw(st.sampled_from([";", " ; ", "\n", ";\n"])).join(items)
            return "; ".join(items)
    return draw(st.sampled_from(TEXTS))


def faulty(draw: Any, declared: Field) -> Cell:
    """A cell that is wrong whatever stands beside it."""
    bad: list[Cell] = ["#REF!"]
    match declared:
        case Key():
            bad += ["two words", "a/b", None]
        case Code():
            bad += ["xyzzy", "heeld"]
        case Area():
            bad += ["Atlantis", "Francia", "Guiana", "999"]
        case PartialDate():
            bad += ["2012-02-30", "31/02/2012", "1/3/12", "someday", "2010-2011", "20100301", "1066"]
        case Year():
            bad += ["12", "01/03/2012", "MMXII"]
        case Integer():
            bad += ["12 officials", "~40", "-5", "1,5", "about ten", "12%"]
        case Number():
            bad += ["35 %", "about 5", "ten", "-1"]
        case Boolean():
            bad += ["maybe", "2", "nope"]
        case Reference():
            bad += ["NO_SUCH", "no such"]
        case ListOf() if isinstance(declared.item, (Area, Reference)):
            bad += ["Atlantis", "BRA;Atlantis", "police;polise"]
        case _:
            bad += ["a\x07b", "\x1b"]
    if declared.is_required:
        bad.append(None)
    elif not isinstance(declared, (Key, Reference)) and declared.kind != "text" and not _is_list_of_text(declared):
        bad += ["s/d", "—"]
    return draw(st.sampled_from(bad))


def _is_list_of_text(declared: Field) -> bool:
    return isinstance(declared, ListOf) and declared.item.kind == "text"


def sound_row(draw: Any, table: Table, number: int) -> dict[str, Cell]:
    """A valid new record that keeps the rules of its table."""
    row = {
        declared.name: cell(draw, declared, number) if declared.is_required or draw(st.booleans()) else None
        for declared in table.fields
    }
    for name in ("end_date", "end_year", "previous_question_id"):
        row |= {name: None} if name in row else {}
    if "number_basis" in row:
        officials = draw(st.one_of(st.none(), st.integers(10, 900)))
        basis = draw(st.sampled_from(words_of("number_basis")["reported"]))
        women = None if officials is None else draw(st.sampled_from([None, 0, officials]))
        row |= {"officials_trained": officials, "number_basis": basis if officials else None, "women_trained": women}
    if table.name == "programme_deployments":
        row |= {"year": None}
    if table.name == "questionnaire_answers":
        row |= {"answer": draw(st.sampled_from(TEXTS))}
    return row


def broken_rules(table: Table) -> dict[str, dict[str, Cell]]:
    """For a table, cells that break one of its rules, by the column in which that is told."""
    late = {"start_date": "2012-05-02", "end_date": "01/05/2012"}
    return {
        "training_events": {
            "end_date": late,
            "number_basis": {"officials_trained": 12, "women_trained": None, "number_basis": None},
            "women_trained": {"officials_trained": 12, "women_trained": 13, "number_basis": "reported"},
        },
        "programmes": {"end_year": {"start_year": 2012, "end_year": 2011}},
        "programme_deployments": {"end_date": late, "year": {"start_date": "2012", "end_date": None, "year": 2011}},
        "meetings": {"end_date": late},
        "questionnaire_answers": {"answer": {"answer": None, "value": None}},
    }.get(table.name, {})


def with_faults(draw: Any, table: Table, rows: list[dict[str, Cell]]) -> set[tuple[int, str]]:
    """Put faults into the rows; returns the place of each."""
    faults: set[tuple[int, str]] = set()
    key = table.key[-1] if len(table.key) == 1 else " + ".join(table.key)
    if len(rows) > 1 and draw(st.integers(0, 4)) == 0:
        rows[1] |= {name: rows[0][name] for name in table.key}
        faults |= {(0, key), (1, key)}
    rules = broken_rules(table)
    if rules and draw(st.integers(0, 3)) == 0 and not faults:
        column = draw(st.sampled_from(sorted(rules)))
        rows[0] |= rules[column]
        return {(0, column)}
    for _fault in range(draw(st.integers(0, 3))):
        number = draw(st.integers(0, len(rows) - 1))
        declared = draw(
            st.sampled_from([declared for declared in table.fields if declared.name not in table.key or not faults])
        )
        rows[number][declared.name] = faulty(draw, declared)
        faults.add((number, declared.name))
    return faults


@st.composite
def sheets(draw: Any) -> Made:
    """A sheet of new records with faults, written in some way."""
    table = draw(st.sampled_from(INTAKE_TABLES))
    rows = [sound_row(draw, table, number) for number in range(draw(st.integers(1, 5)))]
    if len(table.key) > 1:
        pairs = [(event, state) for event in keys_on_file()["training_events"] for state in sorted(STATES)]
        chosen = draw(st.permutations(pairs))
        for row, (event, state) in zip(rows, chosen, strict=False):
            row |= {"event_id": event, "country": draw(st.sampled_from(STATES[state]))}
    faults = with_faults(draw, table, rows)
    needed = {declared.name for declared in table.fields if declared.is_required} | {column for _row, column in faults}
    kept = [
        name
        for name in table.columns
        if name in needed or any(row[name] is not None for row in rows) or draw(st.booleans())
    ]
    columns: list[str | None] = list(draw(st.permutations(kept)))
    if draw(st.booleans()):
        columns.insert(draw(st.integers(0, len(columns))), None)
    header: list[Cell] = [_heading(draw, table, name) for name in columns]
    title: list[list[Cell]] = draw(
        st.sampled_from([[], [["Registro 2024"]], [["Registro 2024"], [None]], [[None, "OEA / OAS"]]])
    )
    below: list[list[Cell]] = [[row[name] if name else "an internal remark" for name in columns] for row in rows]
    between = draw(st.integers(0, len(below)))
    body = [*below[:between], [" " for _column in columns], *below[between:]]
    first = len(title) + 2
    places = {number: first + number + (number >= between) for number in range(len(rows))}
    return Made(
        table,
        [*title, header, *body],
        len(title) + 1,
        columns,
        frozenset((places[row], column) for row, column in faults),
    )


def _heading(draw: Any, table: Table, name: str | None) -> str:
    if name is None:
        return "Observaciones internas de la oficina"
    heading = draw(st.sampled_from(headings()[table.name, name]))
    if heading == name:
        return heading
    changes = [
        heading,
        heading.upper(),
        heading.lower(),
        f"  {heading} ",
        f"{heading} *",
        f"{heading}:",
        heading.replace(" ", "\n", 1),
    ]
    return draw(st.sampled_from(changes))


@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(one=sheets(), way=st.integers(0, 2 * FROM_FILES - 1), dialect=st.integers(0, 11))
def test_each_fault_is_told_at_its_place_and_no_sound_row_is_refused(tiny, one, way, dialect):
    if way == 0:
        checked = through_a_workbook(one, tiny)
    elif way == 1:
        checked = through_text(one, tiny, dialect)
    else:
        checked = check_sheets([made(*one.rows, name="Hoja 1" if way % 2 else None)], tiny)
    (sheet,) = checked.sheets
    assert sheet.table is one.table, sheet.records.problems
    assert sheet.header_row == one.header
    told = {(problem.row, problem.column) for problem in sheet.records.problems}
    assert told == one.faults, [str(problem) for problem in sheet.records.problems]
    for problem in sheet.records.problems:
        column = str(problem.column).split(" + ")[-1]
        assert problem.cell == f"{letters(one.columns.index(column) + 1)}{problem.row}"
    refused = {row for row, _column in one.faults}
    assert set(sheet.records.rejected["row"]) == refused
    assert sheet.rows_read == sheet.rows_loaded + sheet.rows_rejected
    assert sheet.rows_read == len(one.rows) - one.header - 1
    assert sheet.incoming.height == sheet.rows_loaded


def through_a_workbook(one: Made, data: Path) -> Checked:
    """The same rows from a real workbook; characters that no workbook can hold become another fault."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "registro.xlsx"
        with xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
            written, day = book.add_worksheet("Hoja 1"), book.add_format({"num_format": "dd/mm/yyyy"})
            for number, row in enumerate(one.rows):
                for position, value in enumerate(row):
                    if isinstance(value, date):
                        written.write_datetime(number, position, datetime(value.year, value.month, value.day), day)
                    elif isinstance(value, bool):
                        written.write_boolean(number, position, value)
                    elif isinstance(value, (int, float)):
                        written.write_number(number, position, value)
                    elif value is not None:
                        written.write_string(number, position, value)
        return check_files([path], data)


def through_text(one: Made, data: Path, dialect: int) -> Checked:
    """The same rows from a text file in one of the usual dialects."""
    separator = ",;\t"[dialect % 3]
    encoding = ("utf-8", "utf-8-sig", "utf-16", "utf-8")[dialect % 4]
    width = max(map(len, one.rows))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "registro.csv"
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file, delimiter=separator, quoting=(csv.QUOTE_MINIMAL, csv.QUOTE_ALL)[dialect % 2])
            for row in one.rows:
                writer.writerow([_as_text(value) for value in row] + [""] * (width - len(row)))
        return check_files([path], data)


def _as_text(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def test_serial_numbers_of_the_examples_are_days():
    assert date(1899, 12, 30) + timedelta(days=40238) == date(2010, 3, 1)
