"""Merging by key: what is new, changed, unchanged or withdrawn, and how little of a file changes."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest

from pipelines.errors import PipelineError, RecordsRefused
from pipelines.fields import Table
from pipelines.intake.checking import Checked, CheckedSheet
from pipelines.intake.merging import Merge, merge
from pipelines.intake.registry_files import content_of, read_registry_file
from pipelines.intake.sheets import Sheet
from pipelines.intake.tables import INTAKE_TABLES
from pipelines.reading import Records
from pipelines.registry import meetings, programmes, training_events, training_participation

EVENTS, PARTICIPATION = training_events.TABLE, training_participation.TABLE
EVENT = {"event_id": "EV002", "officials_trained": "31"}


def handed_in(
    table: Table,
    *rows: Mapping[str, str | None],
    withdrawn: Sequence[Mapping[str, str]] = (),
    columns: Sequence[str] | None = None,
) -> CheckedSheet:
    """A checked sheet with these rows from row 2; ``columns`` are those it has, by default all."""
    schema = {"row": pl.Int64, **dict.fromkeys(table.columns, pl.String)}
    incoming = pl.DataFrame([{"row": number, **row} for number, row in enumerate(rows, 2)], schema=schema)
    going = [{"row": number, **row} for number, row in enumerate(withdrawn, 2 + len(rows))]
    return CheckedSheet(
        sheet=Sheet(file="registro.xlsx", name=table.name, cells=pl.DataFrame(schema={"row": pl.Int64}), kinds=None),
        table=table,
        header_row=1,
        columns={name: position for position, name in enumerate(columns or table.columns, 1)},
        language="es",
        records=Records(table=table, frame=incoming, rows_read=len(rows)),
        incoming=incoming,
        absent=tuple(name for name in table.columns if columns is not None and name not in columns),
        withdrawn=pl.DataFrame(going, schema={"row": pl.Int64, **dict.fromkeys(table.key, pl.String)}),
        remarks=(),
    )


def merged(data: Path, *sheets: CheckedSheet, is_complete: bool = False) -> Merge:
    return merge(Checked(sheets=list(sheets), language="es"), data, is_complete=is_complete)


def on_file(data: Path, table: Table) -> list[dict[str, str | None]]:
    return read_registry_file(table, data).rows.drop("row").to_dicts()


def changed_lines(data: Path, table: Table, result: Merge) -> tuple[list[str], list[str]]:
    """The lines that go and those that come, as a comparison of the two files would show them."""
    before = (data / table.file).read_text(encoding="utf-8").splitlines(keepends=True)
    after = result.tables[table.name].content.decode().splitlines(keepends=True)
    assert [line for line in after if line in before] == [line for line in before if line in after]
    return [line for line in before if line not in after], [line for line in after if line not in before]


@pytest.mark.parametrize("table", INTAKE_TABLES, ids=lambda table: table.name)
def test_what_is_on_file_already_changes_nothing(tiny_data, table):
    result = merged(tiny_data, handed_in(table, *on_file(tiny_data, table)))
    assert not result.is_change
    assert not result.needs_reason
    assert result.tables[table.name].unchanged == len(on_file(tiny_data, table))
    assert result.tables[table.name].content == b""


def test_only_the_line_of_a_changed_record_changes_and_it_keeps_its_place(tiny_data):
    record = on_file(tiny_data, EVENTS)[1] | {"officials_trained": "31", "note": 'said "about 31", later'}
    result = merged(tiny_data, handed_in(EVENTS, record))
    gone, come = changed_lines(tiny_data, EVENTS, result)
    assert gone == ["EV002,Regional workshop,workshop,P01,held,2011,2011,Santiago,Chile,police,30,12,reported,officials,in_person,,oas_report,,,en\n"]  # fmt: skip
    assert come == ['EV002,Regional workshop,workshop,P01,held,2011,2011,Santiago,Chile,police,31,12,reported,officials,in_person,,oas_report,,"said ""about 31"", later",en\n']  # fmt: skip
    table = result.tables["training_events"]
    assert table.changed.rows() == [
        (0, 2, "EV002", "officials_trained", "30", "31"),
        (0, 2, "EV002", "note", None, 'said "about 31", later'),
    ]
    assert (table.unchanged, table.new.height, table.withdrawn.height) == (0, 0, 0)
    assert result.needs_reason


def test_new_records_come_at_the_end_in_the_order_of_the_sheet(tiny_data):
    model = on_file(tiny_data, EVENTS)[1]
    rows = [model | {"event_id": "EV010", "title": "Curso, básico"}, model | {"event_id": "EV009"}]
    result = merged(tiny_data, handed_in(EVENTS, *rows))
    gone, come = changed_lines(tiny_data, EVENTS, result)
    assert gone == []
    assert [line.split(",")[0] for line in come] == ["EV010", "EV009"]
    assert result.tables["training_events"].content.endswith("".join(come).encode())
    assert '"Curso, básico"' in come[0]
    assert not result.needs_reason


def test_spellings_of_the_same_value_are_the_same_value(tiny_data):
    same = [
        {"event_id": "EV002", "country": "BRA", "officials_trained": "10", "source_id": "oas_report"},
        {"event_id": "EV002", "country": "Chile", "officials_trained": "20", "source_id": "oas_report"},
    ]
    assert not merged(tiny_data, handed_in(PARTICIPATION, *same)).is_change
    programme = on_file(tiny_data, programmes.TABLE)[0] | {"funders": "Chile; Brasil"}
    assert not merged(tiny_data, handed_in(programmes.TABLE, programme)).is_change
    other = merged(tiny_data, handed_in(programmes.TABLE, programme | {"funders": "BRA;CHL"}))
    assert other.tables["programmes"].changed.select("old", "new").rows() == [("CHL;BRA", "BRA;CHL")]


def test_a_changed_record_keeps_the_text_of_its_other_cells(tiny_data):
    row = {"event_id": "EV002", "country": "CHL", "officials_trained": "21", "source_id": "oas_report"}
    gone, come = changed_lines(tiny_data, PARTICIPATION, merged(tiny_data, handed_in(PARTICIPATION, row)))
    assert (gone, come) == (["EV002,152,20,oas_report\n"], ["EV002,152,21,oas_report\n"])


def test_an_emptied_cell_is_a_change_and_an_absent_column_is_none(tiny_data):
    record = on_file(tiny_data, EVENTS)[0]
    emptied = merged(tiny_data, handed_in(EVENTS, record | {"note": None}))
    assert emptied.tables["training_events"].changed.select("column", "old", "new").rows() == [
        ("note", "Number announced in advance", None)
    ]
    few = ["event_id", "officials_trained"]
    short = handed_in(
        EVENTS,
        {"event_id": "EV001", "officials_trained": "40"},
        {"event_id": "EV002", "officials_trained": "31"},
        {"event_id": "EV020", "officials_trained": "5"},
        columns=few,
    )
    table = merged(tiny_data, short).tables["training_events"]
    assert table.changed.select("key", "column", "old", "new").rows() == [("EV002", "officials_trained", "30", "31")]
    assert table.new.select("event_id", "officials_trained", "title").rows() == [("EV020", "5", None)]
    assert table.unchanged == 1


def test_absence_withdraws_nothing_unless_the_file_is_complete(tiny_data):
    rows = on_file(tiny_data, EVENTS)
    sheets = [handed_in(EVENTS, *rows[1:]), handed_in(meetings.TABLE)]
    assert not merged(tiny_data, *sheets).is_change
    result = merged(tiny_data, *sheets, is_complete=True)
    assert list(result.tables) == ["training_events"]  # an empty sheet does not empty its table
    withdrawn = result.tables["training_events"].withdrawn
    assert withdrawn.select("sheet", "row", "key", "title").rows() == [(None, None, "EV001", "Course for officers")]
    assert result.needs_reason
    gone, come = changed_lines(tiny_data, EVENTS, result)
    assert [line.split(",")[0] for line in gone] == ["EV001"]
    assert come == []


def test_a_marked_record_is_withdrawn_and_one_not_on_file_is_not_missed(tiny_data):
    marked = [{"event_id": "EV002", "country": "Chile"}, {"event_id": "EV999", "country": "BRA"}]
    result = merged(tiny_data, handed_in(PARTICIPATION, withdrawn=marked))
    table = result.tables["training_participation"]
    assert table.withdrawn.select("sheet", "row", "key", "officials_trained").rows() == [(0, 2, "EV002 + CHL", "20")]
    assert changed_lines(tiny_data, PARTICIPATION, result) == (["EV002,152,20,oas_report\n"], [])


def test_every_handed_in_record_leads_back_to_its_row(tiny_data):
    rows = on_file(tiny_data, EVENTS)
    sheet = handed_in(
        EVENTS, rows[3], rows[0] | {"event_id": "EV030"}, rows[1] | {"note": "x"}, withdrawn=[{"event_id": "EV001"}]
    )
    table = merged(tiny_data, sheet).tables["training_events"]
    lines = table.content.decode().splitlines()
    found = {lines[row - 1].split(",")[0]: place for row, _, place in table.places.rows()}
    assert found == {"EV004": 2, "EV030": 3, "EV002": 4}


def test_a_record_handed_in_twice_is_refused_with_both_places(tiny_data):
    row = {"event_id": "EV002", "country": "CHL", "officials_trained": "21", "source_id": "oas_report"}
    sheets = [handed_in(PARTICIPATION, row), handed_in(PARTICIPATION, row | {"country": "Chile"})]
    with pytest.raises(PipelineError, match=r"^registro\.xlsx, .* row 2 and registro\.xlsx, .* \"EV002 \+ CHL\""):
        merged(tiny_data, *sheets)


def test_lines_that_nobody_touched_stay_byte_for_byte_whatever_they_look_like(tiny_data):
    path = tiny_data / EVENTS.file
    text = path.read_text(encoding="utf-8")
    odd = text.replace("Course for officers", '"Course for officers"').replace(
        "Regional workshop", '"Regional\nworkshop"'
    )
    path.write_text("\ufeff" + odd.replace("EV003", '"EV003"') + "\n", encoding="utf-8")
    record = on_file(tiny_data, EVENTS)[3] | {"note": "changed"}
    result = merged(tiny_data, handed_in(EVENTS, record))
    expected = odd.replace("EV003", '"EV003"').replace("oas_report,,,en\n", "oas_report,,changed,en\n")
    after = result.tables["training_events"].content.decode()
    before_last = expected[: expected.index("EV004")]
    assert after.startswith(before_last.replace("changed,en", ",en"))
    assert after.endswith("oas_report,,changed,en\n\n")
    assert result.tables["training_events"].places.rows() == [(5, 0, 2)]


def test_columns_keep_the_order_of_the_file(tiny_data):
    path = tiny_data / PARTICIPATION.file
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("".join(",".join(row[::-1]) + "\n" for row in rows), encoding="utf-8")
    new = {"event_id": "EV003", "country": "BHS", "officials_trained": "1", "source_id": "oas_report"}
    gone, come = changed_lines(tiny_data, PARTICIPATION, merged(tiny_data, handed_in(PARTICIPATION, new)))
    assert (gone, come) == ([], ["oas_report,1,BHS,EV003\n"])


@pytest.mark.parametrize("table", INTAKE_TABLES, ids=lambda table: table.name)
def test_a_file_taken_apart_and_put_together_is_the_same(tiny_data, table):
    file = read_registry_file(table, tiny_data)
    assert content_of(file, file.lines["line"]) == (tiny_data / table.file).read_bytes()


def test_a_registry_file_that_is_not_there_is_told(tiny_data):
    (tiny_data / EVENTS.file).unlink()
    with pytest.raises(RecordsRefused, match=r"training_events\.csv: the file is missing"):
        merged(tiny_data, handed_in(EVENTS, {"event_id": "EV001"}))
