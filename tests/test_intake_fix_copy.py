"""What comes back to be mended: every row where it was, every reason beside its cell, and nothing lost on the way."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from openpyxl.utils import get_column_letter

from pipelines.errors import RecordProblem
from pipelines.i18n import in_language
from pipelines.intake import fix_copy
from pipelines.intake.checking import Checked, check_files, check_sheets
from pipelines.intake.fix_copy import write_fix_copy, write_rejected
from pipelines.intake.kinds import Kind
from pipelines.intake.opening import read_sheets
from pipelines.intake.sheets import Sheet
from pipelines.intake.tables import BY_NAME
from pipelines.intake.template import write_template
from tests.office import saved_again

DATA = Path(__file__).parent.parent / "data"
EVENTS, PARTICIPATION, LIST = "Eventos de capacitación", "Participación en eventos", "Qué corregir"
GOOD = {
    "title": "Curso de prueba",
    "event_type": "curso",
    "status": "realizado",
    "start_date": datetime(2026, 3, 16),
    "host_country": "Perú",
    "source_id": "oas_atip_about_us",
    "text_lang": "español",
}
FIRST = 5  # the first row below the example
ROWS = (
    {"event_id": "EV900", **GOOD, "officials_trained": 12, "number_basis": "informado después"},
    {"event_id": "EV901", **GOOD, "host_country": "Barbadoss", "officials_trained": -3},
    {"event_id": "EV902", **GOOD, "title": None, "start_date": "31/02/2026"},
    {"event_id": "EV903", **GOOD, "title": '=HYPERLINK("http://example.org")', "source_id": "no_such"},
)
"""Events: a good one, one of an unknown state and a negative number, one without title and with a day that is none."""
BAD_CELLS = {"I6", "K6", "B7", "F7", "Q8"}


def reason(problem: RecordProblem) -> str:
    """What is wrong, in the language of the handed-in file."""
    with in_language("es"):
        return problem.reason


def column(name: str) -> int:
    """The position of a column of the events in the template, from 1."""
    return BY_NAME["training_events"].columns.index(name) + 1


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Spanish template with good and bad rows, and a sheet that is no table of ours."""
    path = tmp_path_factory.mktemp("handed_in") / "registro.xlsx"
    write_template(path, DATA, "es")
    workbook: Any = openpyxl.load_workbook(path)
    for row, cells in enumerate(ROWS, start=FIRST):
        for name, value in cells.items():
            cell = workbook[EVENTS].cell(row, column(name), value)
            if str(value).startswith("="):
                cell.data_type = "s"
    for position, value in enumerate(("EV901", "Perú", None, "oas_atip_about_us"), start=1):
        workbook[PARTICIPATION].cell(FIRST + 2, position, value)  # two empty rows above it
    spending = workbook.create_sheet("Gastos")
    for cells in (("Concepto", "Monto", "Día"), ("Papel", 12.5, datetime(2026, 1, 2)), ("Tinta", 3, None)):
        spending.append(cells)
    workbook.save(path)
    return path


@pytest.fixture(scope="module")
def checked(handed_in: Path) -> Checked:
    """What the check says of it."""
    return check_files([handed_in], DATA)


@pytest.fixture(scope="module")
def copy(checked: Checked, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fix copy."""
    path = tmp_path_factory.mktemp("copy") / "copy.xlsx"
    write_fix_copy(path, checked, DATA)
    return path


@pytest.fixture(scope="module")
def opened(copy: Path) -> Any:
    """The fix copy as a spreadsheet program sees it."""
    return openpyxl.load_workbook(copy)


def told(problems: Checked) -> set[tuple[Any, ...]]:
    """What is wrong where, without the name of the file."""
    return {(p.sheet, p.row, p.column, p.value, reason(p)) for p in problems.problems}


def test_the_bad_cells_and_no_others_are_marked_and_say_why(opened: Any, checked: Checked) -> None:
    sheet = opened[EVENTS]
    good = {cell.fill.fgColor.rgb for cell in sheet[FIRST]}
    body = [cell for row in sheet.iter_rows(FIRST) for cell in row]
    assert {cell.coordinate for cell in body if cell.fill.fgColor.rgb not in good} == BAD_CELLS
    assert {cell.coordinate for cell in body if cell.comment} == BAD_CELLS
    reasons = {p.cell: reason(p) for p in checked.problems if p.sheet == EVENTS}
    assert {cell: sheet[cell].comment.text for cell in BAD_CELLS} == reasons


def test_the_reasons_stand_in_words_right_of_the_table(opened: Any, checked: Checked) -> None:
    sheet = opened[EVENTS]
    last = len(BY_NAME["training_events"].columns) + 2  # after the column that withdraws
    assert sheet.cell(3, last).value == "Por corregir"
    assert sheet.cell(FIRST, last).value is None
    for row in (6, 7, 8):
        reasons = [reason(p) for p in checked.problems if p.sheet == EVENTS and p.row == row]
        lines = sheet.cell(row, last).value.splitlines()
        assert [line.partition(": ")[2] for line in lines] == reasons
    assert sheet.cell(6, last).value.startswith("Estado anfitrión: ")


def test_every_row_stays_at_its_place_with_its_values_as_they_were(opened: Any) -> None:
    sheet = opened[EVENTS]
    for row, cells in enumerate(ROWS, start=FIRST):
        assert {name: sheet.cell(row, column(name)).value for name in cells} == cells
    assert sheet.cell(FIRST, column("start_date")).is_date
    formula = sheet.cell(8, column("title"))
    assert (formula.data_type, formula.hyperlink) == ("s", None)
    assert opened[PARTICIPATION].cell(FIRST + 2, 1).value == "EV901"
    assert [[cell.value for cell in row] for row in opened["Gastos"].iter_rows()] == [
        ["Concepto", "Monto", "Día"],
        ["Papel", 12.5, datetime(2026, 1, 2)],
        ["Tinta", 3, None],
    ]


def test_the_first_sheet_lists_every_problem_with_a_link_to_its_cell(opened: Any, checked: Checked) -> None:
    sheet = opened[LIST]
    assert opened.sheetnames[0] == LIST
    rows = list(sheet.iter_rows(7, 6 + len(checked.problems)))
    assert [row[0].value for row in rows] == list(range(1, len(rows) + 1))
    assert [row[5].value for row in rows] == [reason(p) for p in checked.problems]
    links = {row[2].hyperlink.location for row in rows}
    assert {f"'{EVENTS}'!{cell}" for cell in BAD_CELLS} <= links
    assert {"'Gastos'!A1", f"'{PARTICIPATION}'!A7"} <= links
    assert [row[3].value for row in rows if row[2].value == "B7"] == ["Título del evento"]
    counts = str(sheet["A2"].value)
    assert [word.strip(".;") for word in counts.split() if word.strip(".;").isdigit()] == ["7", "1", "6"]


def test_drop_down_lists_are_there_for_the_correction(opened: Any) -> None:
    sheet = opened[EVENTS]
    checks = {
        str(one.sqref).partition(":")[0].rstrip("0123456789"): one for one in sheet.data_validations.dataValidation
    }
    status = checks[get_column_letter(column("status"))]
    first, last = (int(number) for number in str(status.sqref).replace("E", "").split(":"))
    assert first <= FIRST
    assert last >= 5_000
    name = str(status.formula1).removeprefix("=")
    ((place, cells),) = opened.defined_names[name].destinations
    assert [cell.value for (cell,) in opened[place][cells]] == ["realizado", "anunciado", "previsto"]


def test_handed_in_again_as_it_is_it_has_the_same_problems(copy: Path, checked: Checked) -> None:
    again = check_files([copy], DATA)
    assert told(again) == told(checked)
    counts = (checked.rows_read, checked.rows_loaded, checked.rows_rejected)
    assert (again.rows_read, again.rows_loaded, again.rows_rejected) == counts == (7, 1, 6)


def test_the_copy_of_a_copy_keeps_one_column_of_reasons(copy: Path, opened: Any, tmp_path: Path) -> None:
    write_fix_copy(tmp_path / "second.xlsx", check_files([copy], DATA), DATA)
    second: Any = openpyxl.load_workbook(tmp_path / "second.xlsx")
    assert second.sheetnames == opened.sheetnames
    for name in (EVENTS, PARTICIPATION, "Gastos"):
        texts = [[[cell.value for cell in row] for row in book[name].iter_rows()] for book in (opened, second)]
        assert texts[0] == texts[1]


def mend(path: Path) -> None:
    """Correct the bad cells and delete what is not ours, as a person would; the reasons are left as they are."""
    workbook: Any = openpyxl.load_workbook(path)
    sheet = workbook[EVENTS]
    corrected = {"I6": "Barbados", "K6": None, "B7": "Curso", "F7": datetime(2026, 2, 28), "Q8": "oas_atip_about_us"}
    for cell, value in corrected.items():
        sheet[cell] = value
    sheet.cell(8, column("title"), "Curso con enlace")  # openpyxl would write a formula
    del workbook["Gastos"]
    workbook.save(path)


def test_once_corrected_nothing_is_left_to_mend(checked: Checked, tmp_path: Path) -> None:
    path = tmp_path / "copy.xlsx"
    write_fix_copy(path, checked, DATA)
    mend(path)
    again = check_files([path], DATA)
    assert (again.problems, again.rows_read, again.rows_loaded) == ([], 5, 5)


def test_corrected_and_saved_by_libreoffice_nothing_is_left_to_mend(checked: Checked, tmp_path: Path) -> None:
    path = tmp_path / "copy.xlsx"
    write_fix_copy(path, checked, DATA)
    mend(path)
    for kind in ("xlsx", "ods"):
        again = check_files([saved_again(path, kind, tmp_path)], DATA)
        assert (again.problems, again.rows_read, again.rows_loaded) == ([], 5, 5)


def test_the_refused_rows_come_back_alone_with_their_reasons(checked: Checked, tmp_path: Path) -> None:
    path = tmp_path / "refused.xlsx"
    write_rejected(path, checked, DATA)
    workbook: Any = openpyxl.load_workbook(path)
    assert workbook.sheetnames[:4] == [LIST, EVENTS, PARTICIPATION, "Gastos"]
    sheet = workbook[EVENTS]
    assert [sheet.cell(row, 1).value for row in range(4, sheet.max_row + 1)] == ["EV901", "EV902", "EV903"]
    last = len(BY_NAME["training_events"].columns) + 2
    assert "6" in sheet.cell(4, last).value.splitlines()[0]  # the row where it stood
    assert sheet.cell(4, last).value.splitlines()[1:] == [
        f"{heading}: {why}"
        for heading, why in (
            (str(p.heading).rstrip("* "), reason(p)) for p in checked.problems if p.sheet == EVENTS and p.row == 6
        )
    ]
    assert {cell.coordinate for row in sheet.iter_rows(4) for cell in row if cell.comment} == {
        "I4",
        "K4",
        "B5",
        "F5",
        "Q6",
    }
    links = {cell.hyperlink.location for (cell,) in workbook[LIST].iter_rows(7, min_col=3, max_col=3) if cell.hyperlink}
    assert {f"'{EVENTS}'!I4", f"'{EVENTS}'!Q6", f"'{PARTICIPATION}'!A4", "'Gastos'!A1"} <= links
    again = check_files([path], DATA)
    assert (again.rows_read, again.rows_rejected) == (6, 6)


def test_every_refused_row_is_in_the_workbook_of_refused_rows_as_it_was(checked: Checked, tmp_path: Path) -> None:
    write_rejected(tmp_path / "refused.xlsx", checked, DATA)
    again = check_files([tmp_path / "refused.xlsx"], DATA)
    assert originals(again) == originals(checked)


def originals(checked: Checked) -> list[str]:
    """The cells of every refused row that hold something, without the reasons."""
    rows = [
        json.loads(original) for sheet in checked.sheets for original in sheet.records.rejected["original"].to_list()
    ]
    return sorted(
        json.dumps(sorted(f"{cell}" for name, cell in row.items() if cell and name != "Por corregir")) for row in rows
    )


def as_sheet(name: str | None, rows: list[list[str | None]], kinds: list[list[int]] | None = None) -> Sheet:
    """A sheet of these rows from row 1."""
    names = [f"c{position}" for position in range(1, len(rows[0]) + 1)]
    cells = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    numbered = cells.with_row_index("row", 1).with_columns(pl.col("row").cast(pl.Int64))
    stored = None if kinds is None else pl.DataFrame(kinds, schema=dict.fromkeys(names, pl.UInt8), orient="row")
    return Sheet(file="hand.xlsx" if name else "hand.csv", name=name, cells=numbered, kinds=stored)


def test_a_text_file_becomes_a_sheet_that_is_read_the_same(tmp_path: Path) -> None:
    source = DATA / "registry" / "programmes.csv"
    text = (
        source.read_text(encoding="utf-8").replace("P01,", "P01,", 1).replace(",training,2010,", ",training,20x0,", 1)
    )
    (tmp_path / "programmes.csv").write_text(text, encoding="utf-8")
    checked = check_files([tmp_path / "programmes.csv"], DATA, lang="fr")
    assert [p.value for p in checked.problems if p.column == "start_year"] == ["20x0"]
    write_fix_copy(tmp_path / "copy.xlsx", checked, DATA)
    workbook: Any = openpyxl.load_workbook(tmp_path / "copy.xlsx")
    assert workbook.sheetnames[:2] == ["Que corriger", "programmes"]
    sheet = workbook["programmes"]
    assert [cell.value for cell in sheet[1]] == [*BY_NAME["programmes"].columns, "À corriger"]
    again = check_files([tmp_path / "copy.xlsx"], DATA, lang="fr")
    assert [(p.row, p.column, p.value) for p in again.problems] == [
        (p.row, p.column, p.value) for p in checked.problems
    ]
    assert (again.rows_read, again.rows_loaded) == (checked.rows_read, checked.rows_loaded)


def test_names_that_spreadsheets_do_not_take_are_changed_and_told_apart(tmp_path: Path) -> None:
    rows: list[list[str | None]] = [["a", "b", "c"], ["1", "2", "3"]]
    names = ["'Q1/Q2: [x]?'", "Listas", "listas", "x" * 40, "x" * 50, None]
    checked = check_sheets([as_sheet(name, rows) for name in names], DATA, lang="es")
    write_fix_copy(tmp_path / "copy.xlsx", checked, DATA)
    workbook: Any = openpyxl.load_workbook(tmp_path / "copy.xlsx")
    copied = workbook.sheetnames[1:-2]
    assert len({name.casefold() for name in workbook.sheetnames}) == len(workbook.sheetnames)
    assert copied == ["Q1 Q2   x", "Listas (2)", "listas (3)", "x" * 31, f"{'x' * 27} (2)", "hand"]
    assert [workbook[name]["C2"].value for name in copied] == ["3"] * 6


def test_texts_that_look_like_formulas_or_markup_and_odd_cells_come_back_as_they_are(tmp_path: Path) -> None:
    odd = [
        "=1+1",
        "<img src=x onerror=alert(1)>",
        "../../etc/passwd",
        "\u202eabc\u200b",
        "😀",
        "_x0041_",
        "a\x00b\x01\x1bc",
        "@SUM(A1)",
        "a\nb",
    ]
    stored = [
        Kind.NUMBER,
        Kind.NUMBER,
        Kind.BOOLEAN,
        Kind.ERROR,
        Kind.DATE,
        Kind.DATE,
        Kind.NUMBER,
        Kind.TEXT,
        Kind.TEXT,
    ]
    values = ["0.1", "1e+300", "true", "#REF!", "1850-01-01", "2026-03-01 10:30:00", "inf", "0012", "x"]
    texts = [Kind.TEXT] * len(odd)
    rows: list[list[str | None]] = [[f"h{n}" for n in range(len(odd))], list(odd), list(values)]
    sheet = as_sheet("Hoja", rows, [list(map(int, kinds)) for kinds in (texts, texts, stored)])
    write_fix_copy(tmp_path / "copy.xlsx", check_sheets([sheet], DATA, lang="es"), DATA)
    workbook: Any = openpyxl.load_workbook(tmp_path / "copy.xlsx")
    assert {cell.data_type for cell in workbook["Hoja"][2]} == {"s"}
    stored_again = [cell.value for cell in workbook["Hoja"][3]]
    assert stored_again == [0.1, 1e300, True, "#REF!", "1850-01-01", "2026-03-01 10:30:00", "inf", "0012", "x"]
    read = {one.name: one for one in read_sheets([tmp_path / "copy.xlsx"])}["Hoja"]
    assert list(read.cells.row(1)[1:]) == odd
    assert read.formulas == ()


def test_very_many_problems_have_notes_and_links_only_as_far_as_a_spreadsheet_takes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fix_copy, "MOST_NOTES", 3)
    monkeypatch.setattr(fix_copy, "MOST_LINKS", 10)
    header = BY_NAME["questionnaire_rounds"].columns
    rows = [list(header), *([f"R{number}", *([None] * (len(header) - 1))] for number in range(5))]
    checked = check_sheets([as_sheet("Rounds", rows)], DATA, lang="en")
    write_fix_copy(tmp_path / "copy.xlsx", checked, DATA)
    workbook: Any = openpyxl.load_workbook(tmp_path / "copy.xlsx")
    sheet = workbook["Rounds"]
    assert sum(1 for row in sheet.iter_rows(2) for cell in row if cell.comment) == 3
    assert [bool(sheet.cell(row, len(header) + 1).value) for row in range(2, 7)] == [True] * 5
    listed = list(workbook["What to mend"].iter_rows(7, 6 + len(checked.problems)))
    assert len(listed) == len(checked.problems) > 10
    assert sum(1 for row in listed if row[2].hyperlink) == 5  # rows 7 to 11, counted from 0 as 6 to 10
    assert all(row[5].value for row in listed)


def test_nothing_to_mend_is_said(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", DATA, "en")
    write_fix_copy(tmp_path / "copy.xlsx", check_files([tmp_path / "t.xlsx"], DATA), DATA)
    workbook: Any = openpyxl.load_workbook(tmp_path / "copy.xlsx")
    assert workbook["What to mend"]["A3"].value == "Nothing is to be mended."
    template: Any = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert workbook.sheetnames == ["What to mend", *template.sheetnames]
