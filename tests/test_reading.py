"""Reading files of records: what is wrong is told with file, row, column, value, expectation and nearest value."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines import vocabularies as words
from pipelines.build import READERS, TABLES
from pipelines.csv_rows import ROW
from pipelines.errors import PROBLEMS_SHOWN, RecordProblem, RecordsRefused
from pipelines.fields import (
    Area,
    Boolean,
    Code,
    Integer,
    Key,
    ListOf,
    Lookup,
    Number,
    PartialDate,
    Reference,
    Table,
    Text,
    Year,
    ends_after_start,
)
from pipelines.reading import read_all, read_table
from pipelines.vocabularies import CodeList

EVENTS = "registry/training_events.csv"

VISITS = Table(
    name="visits",
    file="registry/visits.csv",
    key=("visit_id",),
    fields=(
        Key("visit_id", is_required=True),
        Text("title"),
        Code("status", words.EVENT_STATUSES, is_required=True),
        PartialDate("start_date"),
        PartialDate("end_date"),
        Year("year"),
        Integer("people"),
        Number("share", 0, 1),
        Boolean("is_public"),
        Reference("follows", "visits"),
        ListOf("kinds", Code("", CodeList("order", ("first", "second")))),
    ),
    rules=(ends_after_start(),),
)
HEADER = ",".join(VISITS.columns)


def read_visits(folder: Path, *rows: str, header: str = HEADER):
    path = folder / VISITS.file
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    return read_table(VISITS, folder, Lookup())


def row(visit_id: str = "V1", **cells: str) -> str:
    return ",".join({"visit_id": visit_id, "status": "held", **cells}.get(column, "") for column in VISITS.columns)


def messages(records) -> list[str]:
    return [str(problem) for problem in records.problems]


def test_a_sound_row_becomes_typed_values(tmp_path):
    records = read_visits(
        tmp_path,
        row(
            title="  A visit ",
            start_date="2010-03",
            year="2010",
            people="12",
            share="0.5",
            is_public="TRUE",
            kinds="first; second",
        ),
    )
    assert records.problems == []
    assert records.frame.row(0, named=True) == {
        "row": 2, "visit_id": "V1", "title": "A visit", "status": "held", "start_date": "2010-03", "end_date": None,
        "year": 2010, "people": 12, "share": 0.5, "is_public": True, "follows": None, "kinds": ["first", "second"],
    }  # fmt: skip


NUMBER = "a number with a decimal point and no thousands separator from 0 to 1"
BAD_CELLS = [
    ("status", "heldd", 'one of held, announced, planned; nearest: "held"'),
    ("start_date", "2010-02-30", "a real date such as 2010-03-01, 2010-03 or 2010"),
    ("year", "210", "a year from 1800 to 2100"),
    ("people", "-3", "a whole number of 0 or more"),
    ("people", "1.5", "a whole number of 0 or more"),
    ("people", "9" * 30, "a whole number of 0 or more"),
    ("share", "1.2", NUMBER),
    ("share", "nan", NUMBER),
    ("is_public", "yes", "true or false"),
    ("visit_id", "V 1", "an identifier made of letters, digits, dot, dash and underscore"),
    ("follows", "X9", "a key of visits.csv"),
    ("kinds", "first;secnd", 'a valid list: "secnd" is not one of first, second; nearest: "second"'),
    ("kinds", "first;;second", 'a list of values split at ";", each one of first, second'),
    ("title", "bell\x07", "plain text without control characters"),
]


@pytest.mark.parametrize(("column", "value", "expected"), BAD_CELLS)
def test_a_bad_cell_is_told_with_its_place_and_what_was_expected(tmp_path, column, value, expected):
    records = read_visits(tmp_path, row("V0"), row(**{"visit_id": "V1", column: value}))
    shown = value.replace("\x07", "\\x07")
    assert messages(records) == [f'visits.csv, row 3, column {column}: "{shown}" is not {expected}']
    assert (records.rows_read, records.rows_loaded, records.rows_rejected) == (2, 1, 1)


def test_an_empty_cell_is_told_where_a_value_is_needed(tmp_path):
    assert messages(read_visits(tmp_path, row(status=""))) == [
        "visits.csv, row 2, column status: the cell is empty; expected: one of held, announced, planned"
    ]


def test_a_period_that_ends_before_it_starts_is_told(tmp_path):
    assert messages(read_visits(tmp_path, row(start_date="2011", end_date="2010"))) == [
        'visits.csv, row 2, column end_date: "2010" does not fit the row; '
        "expected: a date on or after start_date, stated as exactly as it"
    ]


def test_every_problem_of_a_row_is_told(tmp_path):
    records = read_visits(tmp_path, row(status="no", people="x", year="y"))
    assert [problem.column for problem in records.problems] == ["status", "year", "people"]


def test_all_rows_that_share_a_key_are_refused_whatever_their_order(tmp_path):
    records = read_visits(tmp_path, row("V1", title="a"), row("V2"), row("V1", title="b"))
    assert messages(records) == [
        f'visits.csv, row {number}, column visit_id: "V1" is not used once: rows 2, 4 have it' for number in (2, 4)
    ]
    assert records.frame["visit_id"].to_list() == ["V2"]


def test_a_row_that_refers_to_a_refused_row_is_refused_too(tmp_path):
    records = read_visits(tmp_path, row("V1", people="-1"), row("V2", follows="V1"), row("V3", follows="V2"), row("V4"))
    assert records.frame["visit_id"].to_list() == ["V4"]
    assert messages(records)[1:] == [
        'visits.csv, row 3, column follows: "V1" is not usable: its row in visits.csv is itself refused',
        'visits.csv, row 4, column follows: "V2" is not usable: its row in visits.csv is itself refused',
    ]


def test_a_row_with_too_few_or_too_many_cells_is_refused(tmp_path):
    records = read_visits(tmp_path, row("V1"), "V2,held", row("V3") + ",more", row("V4"))
    assert messages(records) == [
        "visits.csv, row 3: the row has 2 cells; expected: 11, as in the header",
        "visits.csv, row 4: the row has 12 cells; expected: 11, as in the header",
    ]
    assert records.frame["visit_id"].to_list() == ["V1", "V4"]
    assert (records.rows_read, records.rows_rejected) == (4, 2)


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path):
    records = read_visits(tmp_path, '"V1","two\nlines",held' + "," * 8, "", "," * 10, row("V2", status="no"))
    assert records.problems[0].row == 5
    assert (records.rows_read, records.rows_loaded) == (2, 1)


def test_a_file_with_a_byte_order_mark_windows_line_ends_and_other_column_order_is_read(tmp_path):
    path = tmp_path / VISITS.file
    path.parent.mkdir()
    columns = list(reversed(VISITS.columns))
    cells = {"visit_id": "V1", "status": "held", "people": "3"}
    lines = [",".join(columns), ",".join(cells.get(column, "") for column in columns), ""]
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    records = read_table(VISITS, tmp_path, Lookup())
    assert messages(records) == []
    assert records.frame.select("visit_id", "people").rows() == [("V1", 3)]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "visits.csv: the file is missing; expected: a file of this name in the data folder"),
        (b"", "visits.csv: the file is empty; expected: a header and rows"),
        (b" \n\n", "visits.csv: the file is empty; expected: a header and rows"),
        (
            HEADER.encode() + b"\nV1,caf\xe9,held,,,,,,,,\n",
            "visits.csv: line 2 is not UTF-8 text (byte 0xe9); expected: a file saved as CSV in UTF-8",
        ),
        (
            HEADER.encode() + b'\nV1,"open,held,,,,,,,,\n',
            "visits.csv: line 2 is not CSV (unexpected end of data); expected: cells split by commas, quotes closed",
        ),
        (
            HEADER.replace("people", "persons").encode(),
            f'visits.csv: the column "people" is missing; expected: the columns {", ".join(VISITS.columns)}',
        ),
        (
            f"{HEADER},{HEADER}".encode(),
            f'visits.csv: the column "visit_id" comes twice; expected: the columns {", ".join(VISITS.columns)}',
        ),
    ],
)  # fmt: skip
def test_an_unusable_file_is_told_as_a_whole(tmp_path, content, message):
    path = tmp_path / VISITS.file
    path.parent.mkdir()
    if content is not None:
        path.write_bytes(content)
    records = read_table(VISITS, tmp_path, Lookup())
    assert messages(records)[0] == message
    assert not records.is_whole
    assert records.frame.is_empty()


def test_an_unknown_column_is_told_too(tmp_path):
    records = read_visits(tmp_path, header=f"{HEADER},remark")
    assert messages(records)[0].startswith('visits.csv: the column "remark" is unknown; expected: the columns visit_id')


def test_an_unknown_spelling_of_a_state_is_told_with_the_nearest(tiny_data, edit):
    edit(EVENTS, "Bridgetown,BRB", "Bridgetown,Barbadoss")
    problems = problems_of(tiny_data)
    assert problems[0] == (
        'training_events.csv, row 2, column host_country: "Barbadoss" is not a known state; nearest: "Barbados" (BRB)'
    )


def test_an_ambiguous_name_is_never_guessed(tiny_data, edit):
    edit(EVENTS, "Bridgetown,BRB", "Bridgetown,Guiana")
    assert problems_of(tiny_data)[0] == (
        'training_events.csv, row 2, column host_country: "Guiana" is not the name of one state only: '
        'it may mean "Brazil" (BRA) or "Chile" (CHL)'
    )


def test_a_broken_reference_names_the_table_and_the_nearest_key(tiny_data, edit):
    edit(EVENTS, "workshop,P01", "workshop,P1")
    assert problems_of(tiny_data) == [
        'training_events.csv, row 3, column programme_id: "P1" is not a key of programmes.csv; nearest: "P01"',
        'training_participation.csv, row 3, column event_id: "EV002" is not usable: '
        "its row in training_events.csv is itself refused",
        'training_participation.csv, row 4, column event_id: "EV002" is not usable: '
        "its row in training_events.csv is itself refused",
    ]


def test_two_spellings_of_one_state_are_one_key(tiny_data, edit):
    edit("registry/training_participation.csv", "EV002,152,20", "EV002,Brazil,20")
    assert problems_of(tiny_data)[0] == (
        "training_participation.csv, row 3, column event_id + country: "
        '"EV002 + BRA" is not used once: rows 3, 4 have it'
    )


def test_an_unusable_file_does_not_make_every_reference_to_it_a_problem(tiny_data):
    (tiny_data / "registry/programmes.csv").unlink()
    assert problems_of(tiny_data) == [
        "programmes.csv: the file is missing; expected: a file of this name in the data folder"
    ]


def test_long_lists_of_problems_are_cut_with_their_count():
    problems = [
        RecordProblem(table="t", file="registry/t.csv", rule="r", expected="x", row=n, value="y") for n in range(60)
    ]
    text = str(RecordsRefused(problems))
    assert text.count("\n") == PROBLEMS_SHOWN + 1
    assert text.endswith("… and 10 more.\n60 problems in the data; nothing was published.")


def test_a_value_cannot_write_to_the_terminal_or_flood_it():
    problem = RecordProblem(
        table="t", file="t.csv", rule="r", expected="text", row=2, column="c", value="\x1b[2J" + "a" * 500
    )
    assert "\x1b" not in str(problem)
    assert len(str(problem)) < 150


def test_every_table_declares_what_templates_need():
    for table in TABLES:
        assert len(set(table.columns)) == len(table.columns)
        assert set(table.key) <= set(table.columns)
        for field in table.fields:
            assert field.heading
            assert field.expected


def problems_of(data: Path) -> list[str]:
    return [str(problem) for read in read_all(TABLES, data, READERS).values() for problem in read.problems]


cells = st.one_of(
    st.sampled_from(
        ["", "held", "BRB", "2010-02-30", "2010", "-1", "7", "1e400", "true", "V1", "V2", "a;b", ";", '"', "café"]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)


@settings(deadline=None, max_examples=60)
@given(rows=st.lists(st.lists(cells, min_size=11, max_size=11), max_size=8), data=st.data())
def test_rows_read_are_loaded_plus_refused_in_any_order_of_rows(tmp_path_factory, rows, data):
    shuffled = data.draw(st.permutations(rows))
    loaded = []
    for order in (rows, shuffled):
        folder = tmp_path_factory.mktemp("visits")
        (folder / "registry").mkdir()
        frame = pl.DataFrame(
            order, schema=VISITS.columns, orient="row", schema_overrides=dict.fromkeys(VISITS.columns, pl.String)
        )
        frame.write_csv(folder / VISITS.file)
        records = read_table(VISITS, folder, Lookup())
        with_text = frame.filter(pl.any_horizontal(pl.all().str.strip_chars().str.len_chars() > 0))
        assert records.is_whole
        assert records.rows_read == with_text.height == records.rows_loaded + records.rows_rejected
        assert {problem.row for problem in records.problems} == set(records.rejected[ROW])
        loaded.append(records.frame.drop(ROW).sort("visit_id").rows())
    assert loaded[0] == loaded[1]


def test_a_state_is_looked_up_only_where_names_are_known():
    table = Table(name="t", file="t.csv", key=(), fields=(Area("country"),))
    assert table.area_columns == ["country"]
