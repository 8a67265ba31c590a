"""The workbook that staff fill in: what a spreadsheet program finds in it, in every language."""

import os
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from openpyxl.utils import column_index_from_string, get_column_letter
from typer.testing import CliRunner

from pipelines import catalog
from pipelines.area_names import folded
from pipelines.cli import app
from pipelines.demo import write_demo
from pipelines.fields import Area, Boolean, Code, Integer, Lookup, PartialDate, Reference, Year
from pipelines.intake import forms, template
from pipelines.intake.checking import Checked, check_files
from pipelines.intake.merging import merge
from pipelines.intake.tables import AIDS, BY_NAME, INTAKE_TABLES, WITHDRAW
from pipelines.intake.template import EXAMPLES, FIRST_ROW, HEADING_ROW, write_template
from pipelines.intake.wording import YES_NO, read_wording
from pipelines.reading import read_table
from pipelines.vocabularies import LANGUAGES
from tests.office import saved_again

DATA = Path(__file__).parent.parent / "data"
EXAMPLE = {"en": "EXAMPLE", "es": "EJEMPLO", "pt": "EXEMPLO", "fr": "EXEMPLE"}


@pytest.fixture(scope="module", params=LANGUAGES)
def lang(request: pytest.FixtureRequest) -> str:
    """Each language in turn."""
    return request.param


@pytest.fixture(scope="module")
def empty(lang: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The template without records."""
    path = tmp_path_factory.mktemp("empty") / "t.xlsx"
    write_template(path, DATA, lang)
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def spanish(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Spanish template with all records."""
    path = tmp_path_factory.mktemp("filled") / "t.xlsx"
    write_template(path, DATA, "es", is_filled=True)
    return path


def columns_table() -> pl.DataFrame:
    """columns.csv, which must be sound."""
    read = read_table(catalog.COLUMNS, DATA, Lookup())
    assert read.problems == []
    return read.frame


def header(sheet: Any) -> list[str]:
    """The headings of a sheet, without the asterisk."""
    return [str(cell.value).removesuffix(" *") for cell in sheet[HEADING_ROW + 1] if cell.value]


def validations(sheet: Any) -> dict[str, Any]:
    """The checks of a sheet by the letter of their column."""
    return {
        str(found.sqref).partition(":")[0].rstrip("0123456789"): found
        for found in sheet.data_validations.dataValidation
    }


def letter(table: str, column: str) -> str:
    """The letter of a column in the template."""
    return get_column_letter(BY_NAME[table].columns.index(column) + 1)


def test_every_column_of_every_intake_table_has_its_words() -> None:
    named = set(columns_table().select("table_name", "column").iter_rows())
    expected = {(table.name, column) for table in INTAKE_TABLES for column in ("*", *table.columns)}
    beside = {("*", "withdraw"), ("*", "to_mend")} | {(name, "*") for name in AIDS}
    assert named == expected | beside


def test_a_heading_means_one_column_of_a_table_in_all_languages_together() -> None:
    headings = (
        columns_table()
        .filter(pl.col("column") != "*")
        .unpivot([f"heading_{lang}" for lang in LANGUAGES], index=["table_name", "column"])
        .with_columns(heading=folded(pl.col("value")))
    )
    every = headings.filter(pl.col("table_name") == "*")
    for table in INTAKE_TABLES:
        own = pl.concat([headings.filter(pl.col("table_name") == table.name), every])
        meanings = own.group_by("heading").agg(pl.col("column").unique())
        assert meanings.filter(pl.col("column").list.len() > 1)["heading"].to_list() == [], table.name


def test_sheet_names_are_names_that_spreadsheets_take_and_tell_sheets_apart(empty: Any) -> None:
    assert len({name.casefold() for name in empty.sheetnames}) == len(INTAKE_TABLES) + 3
    assert [name for name in empty.sheetnames if len(name) > 31 or re.search(r"[\[\]:*?/\\']", name)] == []


def test_sheets_stand_in_their_order_the_read_me_first(empty: Any, lang: str) -> None:
    words = read_wording(DATA, lang)
    expected = ["read_me", *(table.name for table in INTAKE_TABLES), "known_codes", "lists"]
    assert empty.sheetnames == [words.sheet(name) for name in expected]
    assert empty.active is not None
    assert empty.active.title == words.sheet("read_me")
    assert empty[words.sheet("lists")].sheet_state == "hidden"


def test_each_table_has_its_headings_marked_frozen_and_filterable(empty: Any, lang: str) -> None:
    words = read_wording(DATA, lang)
    for table in INTAKE_TABLES:
        sheet = empty[words.sheet(table.name)]
        cells = [cell for cell in sheet[HEADING_ROW + 1] if cell.value]
        assert header(sheet) == [words.heading(table.name, name) for name in (*table.columns, WITHDRAW)]
        marked = [str(cell.value).endswith("*") for cell in cells]
        assert marked == [*(field.is_required for field in table.fields), False]
        looks = {cell.fill.fgColor.rgb for cell, is_marked in zip(cells, marked, strict=True) if is_marked}
        others = {cell.fill.fgColor.rgb for cell, is_marked in zip(cells, marked, strict=True) if not is_marked}
        assert looks
        assert not looks & others
        assert sheet.freeze_panes == f"B{HEADING_ROW + 2}"
        assert str(sheet.auto_filter.ref).startswith(f"A{HEADING_ROW + 1}:")
        assert sheet.print_title_rows == f"${HEADING_ROW + 1}:${HEADING_ROW + 1}"
        assert sheet.page_setup.orientation == "landscape"


def test_help_is_beside_each_heading_and_each_cell(empty: Any, lang: str) -> None:
    words = read_wording(DATA, lang)
    for table in INTAKE_TABLES:
        sheet = empty[words.sheet(table.name)]
        for cell, name in zip(sheet[HEADING_ROW + 1], (*table.columns, WITHDRAW), strict=False):
            assert cell.comment is not None
            assert words.help(table.name, name) in str(cell.comment.text)
            check = validations(sheet)[cell.column_letter]
            assert check.prompt == words.help(table.name, name)  # whole: it fits into the 255 characters allowed
            assert len(check.promptTitle) <= 32


def test_lists_offer_the_words_of_the_language_and_reach_five_thousand_rows(empty: Any, lang: str) -> None:
    words = read_wording(DATA, lang)
    for table in INTAKE_TABLES:
        sheet = empty[words.sheet(table.name)]
        for position, field in enumerate(table.fields, start=1):
            check = validations(sheet)[get_column_letter(position)]
            first, last = (int(row) for row in re.findall(r"\d+", str(check.sqref)))
            assert first == FIRST_ROW + 1
            assert last - first >= 4_999
            offered = offered_words(empty, check) if check.type == "list" else []
            if isinstance(field, (Code, Area, Boolean, Reference)):
                assert check.errorStyle == "warning"  # codes and other spellings are understood too
            if isinstance(field, Code):
                codes = [code for code in field.codes if code != "synthetic"]  # these records are real
                assert offered == [words.words[field.codes.name][code] for code in codes]
            elif isinstance(field, Area):
                assert sorted(offered) == sorted(words.states.values())
                assert len(offered) == 35
            elif isinstance(field, Boolean):
                assert offered == list(YES_NO[lang])
            elif isinstance(field, Reference):
                assert len(offered) == read_table(BY_NAME[field.table], DATA, Lookup()).rows_read


def test_made_up_sources_are_offered_among_made_up_records_only(tmp_path: Path) -> None:
    demo = tmp_path / "demo"
    write_demo(demo, events=5, rounds=1, questions=2, seed=7)
    write_template(tmp_path / "t.xlsx", demo, "en")
    workbook = openpyxl.load_workbook(tmp_path / "t.xlsx")
    check = validations(workbook["Sources"])[letter("sources", "kind")]
    assert read_wording(DATA, "en").words["source_kind"]["synthetic"] in offered_words(workbook, check)


def offered_words(workbook: Any, check: Any) -> list[str]:
    """What a drop-down list offers."""
    name = str(check.formula1).removeprefix("=")
    ((sheet, cells),) = workbook.defined_names[name].destinations
    return [str(cell.value) for (cell,) in workbook[sheet][cells]]


def test_words_of_a_list_differ_in_every_language() -> None:
    for lang in LANGUAGES:
        for name, codes in read_wording(DATA, lang).words.items():
            words = [word.casefold() for word in codes.values()]
            assert len(set(words)) == len(words), (lang, name)


def test_numbers_years_and_dates_are_checked_as_they_are_typed(empty: Any, lang: str) -> None:
    words = read_wording(DATA, lang)
    for table in INTAKE_TABLES:
        checks = validations(empty[words.sheet(table.name)])
        for position, field in enumerate(table.fields, start=1):
            column = get_column_letter(position)
            check = checks[column]
            if isinstance(field, Integer):
                assert (check.type, check.operator, check.formula1) == ("whole", "greaterThanOrEqual", str(field.least))
            elif isinstance(field, Year):
                assert (check.type, check.formula1, check.formula2) == ("whole", "1800", "2100")
            elif isinstance(field, PartialDate):
                # a year or a month typed into a cell of dates would become a day that no source states
                assert check.type == "custom"
                assert check.errorStyle == "warning"
                assert check.formula1 == f"IF(ISTEXT(${column}5),TRUE,AND(${column}5>2100,DAY(${column}5)<>1))"


def test_the_example_row_says_that_it_is_one(empty: Any, lang: str) -> None:
    words = read_wording(DATA, lang)
    for table in INTAKE_TABLES:
        example = [cell.value for cell in empty[words.sheet(table.name)][HEADING_ROW + 2]]
        assert str(example[0]).startswith(EXAMPLE[lang])
        assert len(str(example[0])) > len(EXAMPLE[lang])
        assert empty[words.sheet(table.name)].max_row == HEADING_ROW + 2
        required = [cell for cell, field in zip(example, table.fields, strict=False) if field.is_required]
        assert None not in required
        cited = [cell for cell, field in zip(example, table.fields, strict=False) if isinstance(field, Reference)]
        assert {cell for cell in cited if cell} <= {EXAMPLE[lang], example[0]}


def test_examples_are_for_columns_that_exist_and_for_every_table() -> None:
    assert list(EXAMPLES) == [table.name for table in INTAKE_TABLES]
    for name, cells in EXAMPLES.items():
        assert set(cells) <= set(BY_NAME[name].columns)


def test_the_read_me_explains_every_column_in_four_languages(empty: Any, lang: str) -> None:
    words = read_wording(DATA, lang)
    rows = list(empty[words.sheet("read_me")].iter_rows(values_only=True))
    others = [other for other in LANGUAGES if other != lang]
    for table in INTAKE_TABLES:
        for name in (*table.columns, WITHDRAW):
            found = [
                row for row in rows if row[0] == words.sheet(table.name) and row[1] == words.heading(table.name, name)
            ]
            assert len(found) == 1
            assert found[0][3] == words.help(table.name, name)
            assert found[0][4]
            assert list(found[0][5:8]) == [words.heading(table.name, name, other) for other in others]
    assert any("CC BY 4.0" in str(row[1]) for row in rows)
    assert next(row[1] for row in rows if str(row[1]).startswith("panorama ")).startswith("panorama check ")


def test_empty_cells_are_formatted_for_what_they_take(empty: Any, lang: str) -> None:
    sheet = empty[read_wording(DATA, lang).sheet("training_events")]
    formats = {name: format_of(sheet, letter("training_events", name)) for name in BY_NAME["training_events"].columns}
    assert {formats["event_id"], formats["title"], formats["source_id"]} == {"@"}  # 0012 keeps its zeros
    assert {formats["start_date"], formats["end_date"]} == {"dd/mm/yyyy"}
    assert formats["officials_trained"] == "#,##0"


def format_of(sheet: Any, column: str) -> str:
    """The number format of a column's empty cells; columns of one look are stored as one group."""
    index = column_index_from_string(column)
    return next(look.number_format for look in sheet.column_dimensions.values() if look.min <= index <= look.max)


def test_a_filled_template_holds_every_record_in_words(spanish: Path) -> None:
    workbook: Any = openpyxl.load_workbook(spanish)
    words = read_wording(DATA, "es")
    for table in INTAKE_TABLES:
        records = read_table(table, DATA, Lookup()).rows_read
        assert workbook[words.sheet(table.name)].max_row == FIRST_ROW + records
    events = workbook[words.sheet("training_events")]
    rows = {
        row[0]: dict(zip(header(events), row, strict=False)) for row in events.iter_rows(FIRST_ROW, values_only=True)
    }
    # EV010: 2006-08-01, Belize, about 20 announced; EV002: 2004 only
    assert rows["EV010"]["Fecha de inicio"] == datetime(2006, 8, 1)
    assert rows["EV010"]["Estado anfitrión"] == "Belice"
    assert rows["EV010"]["Funcionarios capacitados"] == 20
    assert rows["EV010"]["Situación"] == "anunciado"
    assert rows["EV002"]["Fecha de inicio"] == "2004"
    assert rows["EV002"]["Funcionarios capacitados"] is None
    programmes = workbook[words.sheet("programmes")]
    funders = {row[0]: row[7] for row in programmes.iter_rows(FIRST_ROW, values_only=True)}
    assert funders["P01"] == "Canadá; Estados Unidos"
    rounds = workbook[words.sheet("questionnaire_rounds")]
    named = {row[0]: row[10] for row in rounds.iter_rows(FIRST_ROW, values_only=True)}
    assert (named["Q2012"], named["WP2-2019"]) == ("sí", "no")


@pytest.fixture
def strange(tmp_path: Path) -> Path:
    """Data in which a programme's texts look like formulas, links, markup and paths."""
    data = tmp_path / "data"
    shutil.copytree(DATA, data, ignore=shutil.ignore_patterns("editions", "open"))
    with (data / "registry" / "programmes.csv").open("a", encoding="utf-8") as file:
        file.write("0012,=1+1,<img src=x onerror=alert(1)>,cooperation,network,,,,http://example.org/a,../../etc/passwd,"
                   "oas_atip_about_us,@SUM(A1),en\n")  # fmt: skip
    return data


def test_texts_that_look_like_formulas_links_or_markup_stay_texts(strange: Path, tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", strange, "en", is_filled=True)
    workbook: Any = openpyxl.load_workbook(tmp_path / "t.xlsx")
    sheet = workbook["Programmes"]
    cells = next(row for row in sheet.iter_rows(FIRST_ROW) if row[0].value == "0012")
    assert {cell.data_type for cell in cells if cell.value} == {"s"}
    assert [cell.value for cell in cells][1:3] == ["=1+1", "<img src=x onerror=alert(1)>"]
    assert [cell.hyperlink for cell in cells if cell.hyperlink] == []


def test_a_text_that_no_cell_can_hold_is_not_cut_but_refused(strange: Path, tmp_path: Path) -> None:
    with (strange / "registry" / "programmes.csv").open("a", encoding="utf-8") as file:
        file.write(f"P99,{'a' * 40_000},,cooperation,network,,,,,b,oas_atip_about_us,,en\n")
    with pytest.raises(Exception, match=r"programmes\.csv, P99, column name"):
        write_template(tmp_path / "t.xlsx", strange, "en", is_filled=True)
    assert list(tmp_path.glob("*t.xlsx*")) == []


def test_the_document_says_its_title_and_language(empty: Any, lang: str) -> None:
    assert empty.properties.creator == "Panorama"
    assert empty.properties.title
    assert {prop.name: prop.value for prop in empty.custom_doc_props.props} == {"Language": lang}


def test_a_write_that_fails_leaves_the_file_before_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(b"before")

    def broken(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(template, "_write_table", broken)
    with pytest.raises(OSError, match="No space left"):
        write_template(path, DATA, "en")
    assert path.read_bytes() == b"before"
    assert [file.name for file in tmp_path.iterdir()] == ["t.xlsx"]


def test_what_a_killed_process_left_goes_and_what_another_writes_stays(tmp_path: Path) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    left = tmp_path / f".t.xlsx.{ended.pid}.abc.partial"
    other = tmp_path / f".t.xlsx.{os.getpid()}.abc.partial"
    for folder in (left, other):
        folder.mkdir()
        (folder / "sheet").write_text("half")
    write_template(tmp_path / "t.xlsx", DATA, "en")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([other.name, "t.xlsx"])


def luminance(colour: str) -> float:
    """The relative luminance of a colour such as #0B5A78 (WCAG)."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))


def test_every_look_is_readable() -> None:
    for name, look in forms.LOOKS.items():
        light, dark = sorted((luminance(look.get("bg_color", "#FFFFFF")), luminance(look["font_color"])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, name


def run(*arguments: object) -> tuple[int, str]:
    """The exit code and all that a command said."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "300"})
    return result.exit_code, result.output


def test_the_command_writes_the_workbook_and_keeps_a_file_that_is_there(tmp_path: Path) -> None:
    out = tmp_path / "registro.xlsx"
    assert run("template", "--lang", "es", "-o", out, "--data", DATA)[0] == 0
    assert openpyxl.load_workbook(out).sheetnames[0] == "Léame"
    content = out.read_bytes()
    code, said = run("template", "--lang", "fr", "-o", out, "--data", DATA)
    assert code == 1
    assert "registro.xlsx" in said
    assert out.read_bytes() == content
    assert run("template", "--lang", "fr", "-o", out, "--data", DATA, "--force")[0] == 0
    assert openpyxl.load_workbook(out).sheetnames[0] == "Lisez-moi"


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--lang", "de", "-o", "t.xlsx"), "de"),
        (("-o", "t.ods"), "t.ods"),
        (("-o", "nowhere/t.xlsx"), "nowhere"),
        (("-o", "."), "."),
    ],
)
def test_the_command_says_what_cannot_be(
    arguments: tuple[str, ...], named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = run("template", *arguments, "--data", DATA)
    assert code == 1
    assert named in said
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []


def test_a_filled_template_read_back_changes_nothing(spanish: Path) -> None:
    checked = check_files([spanish], DATA)
    assert (checked.language, checked.problems) == ("es", [])
    assert_unchanged(checked)


def assert_unchanged(checked: Checked) -> None:
    """All records of the registry are there and as they are on file."""
    merged = merge(checked, DATA)
    assert set(merged.tables) == {table.name for table in INTAKE_TABLES}
    for name, table in merged.tables.items():
        assert (table.new.height, table.changed.height, table.withdrawn.height) == (0, 0, 0), name
    records = sum(read_table(table, DATA, Lookup()).rows_read for table in INTAKE_TABLES)
    assert checked.rows_loaded == checked.rows_read == records


@pytest.mark.parametrize("other", ["en", "pt", "fr"])
def test_it_reads_back_in_every_language(other: str, tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", DATA, other, is_filled=True)
    checked = check_files([tmp_path / "t.xlsx"], DATA)
    assert (checked.language, checked.problems) == (other, [])
    assert_unchanged(checked)


def test_an_empty_template_holds_no_rows(tmp_path: Path, lang: str) -> None:
    write_template(tmp_path / "t.xlsx", DATA, lang)
    checked = check_files([tmp_path / "t.xlsx"], DATA)
    assert (checked.rows_read, checked.problems, checked.language) == (0, [], lang)
    assert [sheet.table.name for sheet in checked.sheets if sheet.table] == [table.name for table in INTAKE_TABLES]


NEW_EVENT = {
    "event_id": "0012",
    "title": "Curso de prueba",
    "event_type": "curso",
    "status": "realizado",
    "start_date": datetime(2026, 3, 16),
    "end_date": "2026-04",
    "host_country": "San Vicente y las Granadinas",
    "audience": "policía; fiscales",
    "officials_trained": 1234,
    "number_basis": "informado después",
    "source_id": "oas_atip_about_us",
    "text_lang": "español",
}
"""A row as staff type it: a true date, a month as text, a true number, a code that starts with zeros."""


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Spanish template with one event typed into it."""
    path = tmp_path_factory.mktemp("edited") / "registro.xlsx"
    write_template(path, DATA, "es")
    workbook: Any = openpyxl.load_workbook(path)
    sheet = workbook["Eventos de capacitación"]
    for name, value in NEW_EVENT.items():
        sheet.cell(FIRST_ROW + 1, BY_NAME["training_events"].columns.index(name) + 1, value)
    workbook.save(path)
    return path


def event_in(path: Path) -> dict[str, Any]:
    """The one row that a workbook holds, in the house's forms."""
    checked = check_files([path], DATA)
    assert (checked.problems, checked.rows_read, checked.language) == ([], 1, "es")
    (incoming,) = [sheet.incoming for sheet in checked.sheets if sheet.incoming.height]
    return {name: value for name, value in incoming.row(0, named=True).items() if value is not None}


def test_a_year_that_the_spreadsheet_made_a_day_of_1905_is_not_taken_for_that_day(edited: Path, tmp_path: Path) -> None:
    workbook: Any = openpyxl.load_workbook(edited)
    cell = workbook["Eventos de capacitación"].cell(
        FIRST_ROW + 1, BY_NAME["training_events"].columns.index("start_date") + 1
    )
    cell.value = 2010
    cell.number_format = "dd/mm/yyyy"  # as the empty cells of the column have it
    workbook.save(tmp_path / "t.xlsx")
    (problem,) = check_files([tmp_path / "t.xlsx"], DATA).problems
    assert (problem.cell, problem.value, problem.nearest) == (cell.coordinate, "1905-07-02", "“2010”")


EXPECTED_EVENT = {
    "row": FIRST_ROW + 1,
    "event_id": "0012",
    "title": "Curso de prueba",
    "event_type": "course",
    "status": "held",
    "start_date": "2026-03-16",
    "end_date": "2026-04",
    "host_country": "VCT",
    "audience": "police;prosecutors",
    "officials_trained": "1234",
    "number_basis": "reported",
    "source_id": "oas_atip_about_us",
    "text_lang": "es",
}


def test_what_staff_type_into_the_template_is_understood(edited: Path) -> None:
    assert event_in(edited) == EXPECTED_EVENT


def test_libreoffice_saves_it_with_the_same_rows_and_lists(edited: Path, tmp_path: Path) -> None:
    saved = saved_again(edited, "xlsx", tmp_path)
    assert event_in(saved) == EXPECTED_EVENT
    workbook: Any = openpyxl.load_workbook(saved)
    sheet = workbook["Eventos de capacitación"]
    start = sheet[f"{letter('training_events', 'start_date')}{FIRST_ROW + 1}"]
    assert (start.is_date, start.value) == (True, datetime(2026, 3, 16))
    checks = validations(sheet)
    assert offered_words(workbook, checks[letter("training_events", "status")]) == [
        "realizado",
        "anunciado",
        "previsto",
    ]
    assert len(offered_words(workbook, checks[letter("training_events", "host_country")])) == 35
    assert checks[letter("training_events", "officials_trained")].type == "whole"
    assert checks[letter("training_events", "start_date")].type == "custom"
    assert workbook["Listas"].sheet_state == "hidden"


def test_libreoffice_saves_it_as_an_open_document_with_the_same_rows(edited: Path, tmp_path: Path) -> None:
    assert event_in(saved_again(edited, "ods", tmp_path)) == EXPECTED_EVENT


def test_a_filled_template_saved_by_libreoffice_changes_nothing(spanish: Path, tmp_path: Path) -> None:
    checked = check_files([saved_again(spanish, "ods", tmp_path)], DATA)
    assert checked.problems == []
    assert_unchanged(checked)
