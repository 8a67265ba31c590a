"""Checking what staff hand in: what was understood, which rows are accepted, where and why others are not."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from typer.testing import CliRunner

from pipelines.cli import app
from pipelines.errors import RecordsRefused
from pipelines.i18n import in_language
from pipelines.intake.checking import Checked, CheckedSheet, check_files, check_sheets
from pipelines.intake.sheets import Formula
from tests.intake_sheets import Cell, made

EVENTS = [
    "Event code",
    "Title of the event",
    "Type of event",
    "Status",
    "Start date",
    "Source",
    "Language of the texts",
]
GOOD: list[Cell] = ["EV900", "A course", "course", "held", "2012", "oas_report", "English"]
QUESTIONS = ["question_id", "round_id", "topic", "pillar", "wording", "previous_question_id", "text_lang"]


def event(**cells: Cell) -> list[Cell]:
    """A good row with some cells changed: by the position of the column, a to g."""
    return [cells.get(letter, cell) for letter, cell in zip("abcdefg", GOOD, strict=True)]


def checked(data: Path, *rows, lang: str | None = None, **given) -> CheckedSheet:
    (sheet,) = check_sheets([made(*rows, **given)], data, lang=lang).sheets
    return sheet


def messages(sheet: CheckedSheet) -> list[str]:
    return [str(problem) for problem in sheet.records.problems]


def counts(sheet: CheckedSheet | Checked) -> tuple[int, int, int]:
    return sheet.rows_read, sheet.rows_loaded, sheet.rows_rejected


def test_a_good_row_is_accepted_in_the_house_s_forms(tiny_data):
    sheet = checked(
        tiny_data, ["Events 2012"], [None], EVENTS, event(d="realizado", e="12 de marzo de 2012"), name="Events"
    )
    assert messages(sheet) == []
    assert (sheet.table.name if sheet.table else None, sheet.header_row, sheet.language) == ("training_events", 3, "en")
    assert counts(sheet) == (1, 1, 0)
    assert sheet.incoming.drop_nulls().is_empty()
    row = {name: cell for name, cell in sheet.incoming.row(0, named=True).items() if cell is not None}
    assert row == {
        "row": 4, "event_id": "EV900", "title": "A course", "event_type": "course", "status": "held",
        "start_date": "2012-03-12", "source_id": "oas_report", "text_lang": "en",
    }  # fmt: skip
    assert sheet.records.frame.row(0, named=True)["start_date"] == "2012-03-12"
    assert "city" in sheet.absent


def test_a_problem_is_told_where_the_person_sees_it(tiny_data):
    sheet = checked(
        tiny_data,
        ["Events"],
        [" STATUS:\n*", *EVENTS[:3], *EVENTS[4:]],
        ["hold", *event()[:3], *event()[4:]],
        name="Events",
    )
    assert messages(sheet) == [
        'records.xlsx, sheet "Events", row 3, column "STATUS: *" (A3): "hold" is not one of held, announced, planned; '
        'nearest: "held"'
    ]
    (problem,) = sheet.records.problems
    assert (problem.table, problem.column, problem.heading, problem.cell) == (
        "training_events",
        "status",
        "STATUS: *",
        "A3",
    )
    original = json.loads(sheet.records.rejected["original"][0])
    assert original["STATUS: *"] == "hold"
    assert original["Title of the event"] == "A course"


def test_a_text_file_has_no_sheet(tiny_data):
    sheet = checked(tiny_data, EVENTS, event(e="2012-02-30"), name=None, file="events.csv")
    assert messages(sheet) == [
        'events.csv, row 2, column "Start date" (E2): "2012-02-30" is not a real date such as 2010-03-01, 2010-03 or 2010'
    ]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"a": None}, "(A2): the cell is empty; expected: a code of its own; EV005 is free"),
        ({"b": None}, "(B2): the cell is empty; expected: plain text without control characters"),
        ({"b": "a\x07b"}, r'(B2): "a\x07b" is not plain text without control characters'),
        ({"b": "#REF!"}, '(B2): the cell shows "#REF!", for the spreadsheet could not work it out; expected: a value'),
        ({"c": "n/a"}, '(C2): "n/a" is not one of course, workshop'),
        ({"e": "03/25/2012"}, '(E2): "03/25/2012" is not a date with the day first'),
        ({"f": "oas_reprt"}, '(F2): "oas_reprt" is not a key of the sheet "Sources"; nearest: "oas_report"'),
    ],
)
def test_bad_cells_are_told_and_their_rows_refused(tiny_data, cells, told):
    sheet = checked(tiny_data, EVENTS, event(**cells))
    (message,) = messages(sheet)
    assert told in message
    assert counts(sheet) == (1, 0, 1)
    assert sheet.incoming.is_empty()


def test_everything_wrong_with_a_row_is_told(tiny_data):
    sheet = checked(tiny_data, EVENTS, event(c="curse", d="no", e="yesterday"))
    assert [problem.cell for problem in sheet.records.problems] == ["C2", "D2", "E2"]


def test_codes_are_said_in_the_person_s_language(tiny_data):
    rows = [["Código del evento", "Situación"], ["EV001", "realizad"]]
    sheet = checked(tiny_data, *rows)
    with in_language("es"):
        assert "realizado (held), anunciado (announced), previsto (planned)" in messages(sheet)[0]
        assert "“realizado” (held)" in messages(sheet)[0]
    assert "held, announced, planned" in messages(checked(tiny_data, *rows, lang="en"))[0]


def test_the_language_is_that_of_most_headings_unless_one_is_asked_for(tiny_data):
    french = made(["Code du programme", "Nom du programme"], name="a")
    portuguese = made(["Código do evento", "Título do evento", "Situação"], name="b")
    assert check_sheets([french, portuguese], tiny_data).language == "pt"
    assert check_sheets([french, portuguese], tiny_data, lang="fr").language == "fr"
    assert check_sheets([made(QUESTIONS, name=None)], tiny_data).language == "en"


def test_a_change_needs_only_the_key_and_what_changes(tiny_data):
    sheet = checked(tiny_data, ["Event code", "City"], ["EV002", "Valparaíso"])
    assert messages(sheet) == []
    assert sheet.records.frame.select("event_id", "title", "city", "officials_trained").row(0) == (
        "EV002", "Regional workshop", "Valparaíso", 30,
    )  # fmt: skip
    row = sheet.incoming.row(0, named=True)
    assert (row["event_id"], row["city"], row["title"]) == ("EV002", "Valparaíso", None)


def test_rules_across_columns_hold_for_the_record_as_it_would_stand(tiny_data):
    sheet = checked(tiny_data, ["Event code", "Women among them"], ["EV002", 31], ["EV001", 3])
    assert messages(sheet) == [
        'records.xlsx, sheet "Sheet1", row 2, column "Women among them" (B2): "31" does not fit the row; '
        "expected: a number up to Officials trained"
    ]
    assert sheet.incoming["event_id"].to_list() == ["EV001"]


def test_a_rule_shows_what_the_person_wrote(tiny_data):
    sheet = checked(tiny_data, ["Event code", "Start date", "End date"], ["EV002", "05/03/2012", "04/03/2012"])
    assert ': "04/03/2012" does not fit the row; expected: a date on or after Start date' in messages(sheet)[0]


def test_a_column_that_new_records_need_is_missed_once(tiny_data):
    sheet = checked(
        tiny_data,
        ["Event code", "Titel", "Status"],
        ["EV900", "A", "held"],
        ["EV901", "B", "held"],
        ["EV001", "C", "held"],
        name="Events",
    )
    told = messages(sheet)
    assert (
        'sheet "Events", column "Title of the event": the column is missing; expected: a column of this name, for the sheet holds records that are not on file yet'
        in told[0]
    )
    assert [problem.column for problem in sheet.records.problems] == ["title", "event_type", "source_id", "text_lang"]
    assert [problem.row for problem in sheet.records.problems] == [None] * 4
    assert sheet.incoming["event_id"].to_list() == ["EV001"]
    assert counts(sheet) == (3, 1, 2)


def test_a_missing_column_is_told_with_the_heading_that_may_be_meant(tiny_data):
    headings = ["Event code", "Title of the evnt", *EVENTS[2:]]
    sheet = checked(tiny_data, headings, GOOD)
    assert messages(sheet) == [
        'records.xlsx, sheet "Sheet1", column "Title of the event": the column is missing; expected: a column of this '
        'name, for the sheet holds records that are not on file yet; nearest: "Title of the evnt"'
    ]
    assert (
        'The column "Title of the evnt" (B) is not known here and is not read; nearest: "Title of the event".'
        in sheet.remarks
    )


def test_without_a_key_no_row_can_stand(tiny_data):
    sheet = checked(tiny_data, EVENTS[1:], GOOD[1:], GOOD[1:])
    assert [problem.column for problem in sheet.records.problems] == ["event_id"]
    assert counts(sheet) == (2, 0, 2)


def test_two_columns_for_one_field_refuse_every_row(tiny_data):
    sheet = checked(tiny_data, [*EVENTS, "start_date"], [*GOOD, "2012"])
    assert messages(sheet) == [
        'records.xlsx, sheet "Sheet1", column "start_date" (H): this column and the column "Start date" (E) mean the '
        "same; expected: one column for each kind of value; delete or rename one of them"
    ]
    assert counts(sheet) == (1, 0, 1)


def test_rows_that_share_a_key_are_all_refused(tiny_data):
    sheet = checked(tiny_data, EVENTS, GOOD, event(a="EV901"), GOOD)
    assert [(problem.row, problem.rule) for problem in sheet.records.problems] == [
        (2, "duplicate_key"),
        (4, "duplicate_key"),
    ]
    assert counts(sheet) == (3, 1, 2)


def test_rows_that_share_a_key_are_found_across_sheets_and_files(tiny_data):
    sheets = [made(EVENTS, GOOD, name="North"), made(EVENTS, event(a="EV901"), GOOD, name="South", file="other.xlsx")]
    north, south = check_sheets(sheets, tiny_data).sheets
    assert counts(north) == (1, 0, 1)
    assert counts(south) == (2, 1, 1)
    assert messages(south) == [
        'other.xlsx, sheet "South", row 3, column "Event code" (A3): "EV900" is not used once; it stands here: '
        "North, row 2; South, row 3"
    ]


def test_rows_may_refer_to_others_of_the_same_hand_in(tiny_data):
    programmes = ["programme_id", "name", "pillar", "activity_type", "description", "source_id", "text_lang"]
    sheets = [
        made(["event_id", "programme_id"], ["EV001", "P77"], ["EV002", "P78"], ["EV003", "P79"], name="Events"),
        made(programmes, ["P77", "New", "prevention", "study", "x", "oas_report", "en"],
             ["P78", "Bad", "prevntion", "study", "x", "oas_report", "en"], name="Programmes"),
    ]  # fmt: skip
    events, _programmes = check_sheets(sheets, tiny_data).sheets
    assert events.incoming["event_id"].to_list() == ["EV001"]
    assert [message.partition(": ")[2] for message in messages(events)] == [
        '"P78" is not usable: its row in the sheet "Programmes" is itself refused',
        '"P79" is not a key of the sheet "Programmes"; nearest: "P77"',
    ]


def test_rows_may_refer_to_others_of_their_own_table_on_file_or_in_any_sheet(tiny_data):
    row = ["Q2012", "topic", "prevention", "Why?"]
    sheets = [
        made(QUESTIONS, ["NEW-1", *row, "Q2012-01", "en"], ["NEW-2", *row, "NEW-3", "en"], name="a"),
        made(QUESTIONS, ["NEW-3", *row, "NEW-1", "en"], ["NEW-4", *row, "NEW-9", "en"], name="b"),
    ]
    first, second = check_sheets(sheets, tiny_data).sheets
    assert messages(first) == []
    assert [(problem.row, problem.value) for problem in second.records.problems] == [(3, "NEW-9")]


def test_examples_blank_rows_and_repeated_headings_are_no_rows(tiny_data):
    sheet = checked(
        tiny_data,
        EVENTS,
        event(a="EXAMPLE-1"),
        [" ", "\u00a0"],
        GOOD,
        EVENTS,
        ["", "", "", "", "", "", ""],
        event(a="EV901"),
    )
    assert counts(sheet) == (2, 2, 0)
    assert "1 row is marked as an example and is skipped." in sheet.remarks
    assert "1 row repeats the headings and is skipped." in sheet.remarks


def test_records_are_withdrawn_by_a_mark_beside_their_key(tiny_data):
    sheet = checked(
        tiny_data, ["Event code", "Withdraw (x)"], ["EV003", "x"], ["EV002", None], ["EV099", "X"], ["EV004", "later"]
    )
    assert sheet.withdrawn.rows() == [(2, "EV003")]
    assert sheet.incoming["event_id"].to_list() == ["EV002"]
    assert counts(sheet) == (4, 2, 2)
    assert [message.partition(": ")[2] for message in messages(sheet)] == [
        '"EV099" is not the code of a record on file, which alone can be withdrawn; nearest: "EV004"',
        '"later" is not x to withdraw the record, or an empty cell',
    ]


def test_a_record_that_others_refer_to_cannot_be_withdrawn_alone(tiny_data):
    rows = ["Event code", "Withdraw (x)"], ["EV004", "x"]
    assert messages(checked(tiny_data, *rows)) == [
        'records.xlsx, sheet "Sheet1", row 2, column "Event code" (A2): "EV004" is not to be withdrawn while other '
        "records refer to it: Participation in events EV004 + BHS"
    ]
    both = [
        made(*rows, name="Events"),
        made(["Event code", "State", "Withdraw (x)"], ["EV004", "Bahamas", "x"], name="Participation"),
    ]
    assert check_sheets(both, tiny_data).problems == []


def test_a_reference_to_a_withdrawn_record_is_refused(tiny_data):
    sheets = [
        made(["round_id", "withdraw"], ["Q2009", "x"], name="a"),
        made(["question_id", "round_id"], ["Q2009-01", "Q2009"], name="b"),
    ]
    _rounds, questions = check_sheets(sheets, tiny_data).sheets
    assert [(problem.column, problem.value) for problem in questions.records.problems] == [("round_id", "Q2009")]


def test_merged_cells_are_told_where_they_hold_nothing(tiny_data):
    sheet = checked(
        tiny_data,
        [*EVENTS, "Host state"],
        [*GOOD, "Brasil"],
        [*event(a="EV901"), None],
        name="Events",
        merged=["H2:H3"],
    )
    assert messages(sheet) == [
        'records.xlsx, sheet "Events", row 3, column "Host state" (H3): the cell is merged with others and holds no '
        "value of its own; expected: a value in each row; take the merged cells apart"
    ]


def test_a_formula_without_a_value_is_no_empty_cell(tiny_data):
    formulas = [Formula(row=2, column=8, text="=A1"), Formula(row=2, column=2, text="=B1")]
    sheet = checked(tiny_data, [*EVENTS, "City"], [*GOOD, None], formulas=formulas)
    assert [problem.cell for problem in sheet.records.problems] == ["H2"]
    assert "has no saved value" in messages(sheet)[0]


def test_what_was_done_to_cells_is_told(tiny_data):
    sheet = checked(tiny_data, [*EVENTS, "Internal", None], [*event(a="\u200bEV900", e=40238), "x", "y"])
    assert list(sheet.remarks) == [
        'The column "Internal" (H) is not known here and is not read.',
        "1 column with text has no heading and is not read: I.",
        'Characters that cannot be seen were left out of 1 cell of the column "Event code" (A2).',
        '1 number of the column "Start date" was read as a day counted by the spreadsheet (E2).',
    ]
    assert sheet.incoming["start_date"].to_list() == ["2010-03-01"]


def test_states_in_doubt_are_asked_about(tiny_data):
    headings = ["Event code", "State", "Source"]
    sheet = checked(
        tiny_data,
        headings,
        ["EV001", "Guiana", "oas_report"],
        ["EV002", "Francia", "oas_report"],
        ["EV003", "Barbadoss", "oas_report"],
    )
    assert [message.partition(": ")[2] for message in messages(sheet)] == [
        '"Guiana" is not the name of one state only: it may mean "Brazil" (BRA) or "Chile" (CHL)',
        '"Francia" is not one of the states covered here: it is the name of another country or territory',
        '"Barbadoss" is not a known state; nearest: "Barbados" (BRB)',
    ]


def test_sheets_that_are_no_tables_are_left_alone_and_unknown_data_refused(tiny_data):
    sheets = [
        made(["How to fill this in"], ["Please …"], name="Léame"),
        made(["Some", "thing", "else"], ["1", "2", "3"], ["4", "5", "6"], name="Budget"),
        made(EVENTS, GOOD, name="Events"),
    ]
    notes, budget, events = check_sheets(sheets, tiny_data).sheets
    assert (counts(notes), notes.remarks) == ((0, 0, 0), ("The sheet holds no table and is left alone.",))
    assert counts(budget) == (2, 0, 2)
    assert 'sheet "Budget": the headings of these rows are not those of any table' in messages(budget)[0]
    assert json.loads(budget.records.rejected["original"][0]) == {"c1": "1", "c2": "2", "c3": "3"}
    assert counts(events) == (1, 1, 0)


def test_very_many_problems_are_counted_and_not_all_told(tiny_data, monkeypatch):
    monkeypatch.setattr("pipelines.intake.checking.MOST_TOLD", 3)
    sheet = checked(tiny_data, EVENTS, *(event(a=f"X{number}", d="bad") for number in range(10)))
    assert counts(sheet) == (10, 0, 10)
    assert len(messages(sheet)) == 4
    assert "7 more rows of this column are refused for such reasons" in messages(sheet)[-1]


def test_a_registry_that_is_not_sound_is_told_as_such(tiny_data, edit):
    edit("registry/training_statements.csv", "more_than", "more_than")
    edit("registry/programmes.csv", "prosecution", "prosecuton")
    with pytest.raises(RecordsRefused, match=r"programmes\.csv, row 2, column pillar"):
        checked(tiny_data, EVENTS, GOOD)


def workbook(path: Path, *rows: Sequence[Cell], name: str = "Eventos") -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(name)
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for number, row in enumerate(rows):
            for position, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, position, datetime(cell.year, cell.month, cell.day), day)
                else:
                    sheet.write(number, position, cell)
    return path


SPANISH = [
    "Código del evento",
    "Título del evento",
    "Tipo de evento",
    "Situación",
    "Fecha de inicio",
    "Fuente",
    "Idioma de los textos",
]


def test_a_workbook_is_read_from_its_file(tiny_data, tmp_path):
    good = ["EV900", "Curso", "curso", "realizado", date(2012, 3, 1), "oas_report", "español"]
    path = workbook(tmp_path / "registro.xlsx", ["Registro"], SPANISH, good, [*good[:3], "realizad", *good[4:]])
    result = check_files([path], tiny_data)
    assert (result.language, counts(result)) == ("es", (2, 0, 2))
    assert {problem.cell for problem in result.problems} == {"A3", "A4", "D4"}


def test_a_folder_of_text_files_is_read_with_its_own_names(tiny_data):
    result = check_files(
        [tiny_data / "registry" / f"{name}.csv" for name in ("training_events", "programmes")], tiny_data
    )
    assert result.problems == []
    assert result.rows_loaded == 6


def run(*arguments: str):
    return CliRunner().invoke(app, ["check", *arguments])


def test_the_command_tells_what_was_understood_and_every_problem(tiny_data, tmp_path):
    good = ["EV900", "Curso", "curso", "realizado", date(2012, 3, 1), "oas_report", "español"]
    bad = [[f"EV9{number:02}", *good[1:3], "realizad", *good[4:]] for number in range(1, 13)]
    path = workbook(tmp_path / "registro.xlsx", SPANISH, good, *bad)
    result = run(str(path), "--lang", "en")
    assert result.exit_code == 1
    assert (
        'registro.xlsx, sheet "Eventos": Training events, headings in row 1; rows read: 13, accepted: 1, refused: 12'
        in result.output
    )
    assert "columns understood: A = Event code; B = Title of the event" in result.output
    assert 'row 3, column "Situación" (D3): "realizad" is not one of held' in result.output
    assert "and 11 more like this, in rows 4, 5, 6, 7, 8, 9, 10, 11 …" in result.output
    assert "13 rows read, 1 accepted, 12 refused; nothing was written to the records." in result.output
    assert result.output.count("realizad") == 1


def test_the_command_is_content_with_a_good_file(tiny_data, tmp_path):
    good = ["EV900", "Curso", "curso", "realizado", date(2012, 3, 1), "oas_report", "español"]
    result = run(str(workbook(tmp_path / "registro.xlsx", SPANISH, good)), "--lang", "en")
    assert result.exit_code == 0
    assert "All is well: 1 rows read, 1 accepted" in result.output


def test_the_command_writes_a_copy_to_mend(tiny_data, tmp_path):
    bad = ["EV900", "Curso", "curso", "realizad", date(2012, 3, 1), "oas_report", "español"]
    path, copy = workbook(tmp_path / "registro.xlsx", SPANISH, bad), tmp_path / "por_corregir.xlsx"
    assert run(str(path), "--fix-copy", str(copy), "--lang", "en").exit_code == 1
    again = check_files([copy], tiny_data)
    assert counts(again) == (1, 0, 1)
    assert [problem.column for problem in again.problems] == ["status"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--fix-copy", "x.xlsx"], "--fix-copy is made of handed-in files"),
        (["x.csv", "--lang", "de"], '"de" is not a language of Panorama; expected: en, es, pt, fr.'),
        (["x.csv", "--fix-copy", "x.csv"], '"x.csv" is not the name of a workbook; expected: a name ending in .xlsx.'),
        (["nowhere.xlsx"], '"nowhere.xlsx" is not there.'),
    ],
)
def test_the_command_refuses_what_it_cannot_do(tiny_data, arguments, sentence):
    result = run(*arguments)
    assert result.exit_code == 1
    assert sentence in result.output


def test_rows_read_are_rows_accepted_and_refused_in_every_sheet(tiny_data):
    sheets = [
        made(EVENTS, GOOD, event(a="EV901", d="x"), event(a="EV902"), name="a"),
        made(["x", "y", "z"], ["1", "2", "3"], ["1", "2", "3"], name="b"),
        made(["Event code", "withdraw"], ["EV003", "x"], ["EV404", "x"], name="c"),
        made(["only a note"], name="d"),
    ]
    result = check_sheets(sheets, tiny_data)
    for sheet in result.sheets:
        assert sheet.rows_read == sheet.rows_loaded + sheet.rows_rejected
        assert sheet.records.rows_read == sheet.records.rows_loaded + sheet.records.rows_rejected
        assert sheet.records.rejected.height == sheet.rows_rejected
    assert counts(result) == (7, 3, 4)
    assert pl.concat([sheet.incoming.select("row") for sheet in result.sheets if sheet.table]).height == 2
