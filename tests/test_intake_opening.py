import csv
import io
from datetime import date, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from pipelines.i18n import in_language
from pipelines.intake.cell_texts import number_text
from pipelines.intake.limits import LIMITS
from pipelines.intake.opening import FileRefused, read_sheets
from pipelines.intake.sheets import Formula, Kind, Note, Sheet
from tests.handmade_files import open_document, saved, sheet_xml, text_cell, with_sheet_xml


def only(path: Path) -> Sheet:
    (sheet,) = read_sheets([path])
    return sheet


def column(sheet: Sheet, name: str = "c1") -> list[str | None]:
    return sheet.cells[name].to_list()


def kinds(sheet: Sheet, name: str = "c1") -> list[Kind]:
    assert sheet.kinds is not None
    return [Kind(kind) for kind in sheet.kinds[name]]


# --- Excel


def test_cells_are_text_as_the_person_sees_it_and_know_how_they_were_stored(tmp_path):
    values = ["Perú ", 12, 0.5, date(2010, 3, 1), datetime(2010, 3, 1, 18, 30), True, False, 1_000_000, -0.25]
    sheet = only(saved(tmp_path / "a.xlsx", [[value] for value in values]))
    assert column(sheet) == [
        "Perú ",
        "12",
        "0.5",
        "2010-03-01",
        "2010-03-01T18:30:00",
        "true",
        "false",
        "1000000",
        "-0.25",
    ]
    assert kinds(sheet) == [
        Kind.TEXT,
        Kind.NUMBER,
        Kind.NUMBER,
        Kind.DATE,
        Kind.DATE,
        Kind.BOOLEAN,
        Kind.BOOLEAN,
        Kind.NUMBER,
        Kind.NUMBER,
    ]
    assert sheet.name == "Sheet"
    assert sheet.file == "a.xlsx"
    assert len(sheet.sha256) == 64


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.0, "12"),
        (-0.0, "0"),
        (0.1 + 0.2, "0.3"),
        (2.9999999999999996, "3"),
        (1e-7, "0.0000001"),
        (9007199254740991.0, "9007199254740991"),
        (1.2345678901234567e19, "12345678901234567000"),
        (123456.789, "123456.789"),
        (1e300, "1e+300"),
        (1e-300, "1e-300"),
        (float("nan"), "nan"),
    ],
)
def test_numbers_have_no_needless_digits(value, text):
    assert number_text(value) == text


@given(st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1))
def test_whole_numbers_are_exact(value):
    assert number_text(float(value)) == str(value)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False))
def test_decimals_of_ordinary_length_come_back_as_typed(value):
    assert float(number_text(float(value))) == float(value)
    assert "e" not in number_text(float(value))


@pytest.mark.parametrize(
    ("serial", "text"), [(1, "1900-01-01"), (59, "1900-02-28"), (61, "1900-03-01"), (40238, "2010-03-01")]
)
def test_serials_count_from_1900_with_the_day_that_never_was(tmp_path, serial, text):
    sheet = only(saved(tmp_path / "a.xlsx", [[serial]], A1="yyyy-mm-dd"))
    assert column(sheet) == [text]


def test_a_workbook_that_counts_from_1904_does_not_shift_its_dates(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.epoch = CALENDAR_MAC_1904
    workbook.worksheets[0]["A1"] = date(2010, 3, 1)
    workbook.worksheets[0]["A2"] = 0.5
    workbook.save(tmp_path / "a.xlsx")
    assert column(only(tmp_path / "a.xlsx")) == ["2010-03-01", "0.5"]


def test_a_number_that_only_looks_like_a_date_stays_a_number(tmp_path):
    sheet = only(saved(tmp_path / "a.xlsx", [[44927], [2010]], A1='General "días"', A2='0 "año"'))
    assert column(sheet) == ["44927", "2010"]
    assert kinds(sheet) == [Kind.NUMBER, Kind.NUMBER]


def test_rows_and_columns_stand_where_the_person_sees_them(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.worksheets[0]["C4"] = "first"
    workbook.worksheets[0]["D9"] = "last"
    workbook.save(tmp_path / "a.xlsx")
    sheet = only(tmp_path / "a.xlsx")
    assert sheet.cells.rows() == [(4, None, None, "first", None), (9, None, None, None, "last")]
    assert sheet.kinds is not None
    assert sheet.kinds.shape == (2, 4)


def test_rows_that_are_only_formatted_are_no_rows(tmp_path):
    coloured = "".join(f'<row r="{row}" s="1"><c r="A{row}" s="1"/></row>' for row in range(2, 3_000))
    last = '<row r="1048576" s="1"><c r="XFD1048576" s="1"/></row>'
    rows = f'<row r="1"><c r="A1"><v>5</v></c></row>{coloured}{last}'
    assert only(with_sheet_xml(tmp_path / "a.xlsx", sheet_xml(rows))).cells.rows() == [(1, "5")]


def test_zeros_and_false_are_not_empty(tmp_path):
    sheet = only(saved(tmp_path / "a.xlsx", [["x"], [0], [False], [""], [None], ["y"]]))
    assert sheet.cells.rows() == [(1, "x"), (2, "0"), (3, "false"), (6, "y")]


def test_many_rows_keep_order_and_values(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx", {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for row in range(30_000):
            sheet.write_row(row, 0, [row, f"título {row}", "", "x" if row % 7 == 0 else "", row / 4, 1, 2, 3, 4, 5])
    told = []
    (sheet,) = read_sheets([tmp_path / "a.xlsx"], on_progress=lambda *step: told.append(step))
    expected = pl.int_range(0, 30_000, eager=True)
    assert sheet.cells["row"].to_list() == list(range(1, 30_001))
    assert sheet.cells["c1"].to_list() == expected.cast(pl.String).to_list()
    assert sheet.cells["c2"].to_list() == [f"título {row}" for row in range(30_000)]
    assert sheet.cells["c3"].null_count() == 30_000
    assert sheet.cells["c4"].null_count() == 30_000 - len(range(0, 30_000, 7))
    assert sheet.cells["c5"].cast(pl.Float64).to_list() == (expected / 4).to_list()
    assert told[-1] == ("reading", 30_000, 30_000)
    assert [done for _, done, _ in told] == sorted(done for _, done, _ in told)


def test_merged_cells_hidden_empty_and_chart_sheets(tmp_path):
    workbook = openpyxl.Workbook()
    visible = workbook.worksheets[0]
    visible["A1"], visible["B2"] = "title", "merged"
    visible.merge_cells("A1:D1")
    visible.merge_cells("B2:B5")
    workbook.create_chartsheet("Chart")
    hidden = workbook.create_sheet("Hidden & <odd>")
    hidden["A1"] = "h"
    hidden.sheet_state = "hidden"
    workbook.create_sheet("Empty")
    workbook.save(tmp_path / "a.xlsx")
    sheets = read_sheets([tmp_path / "a.xlsx"])
    assert [sheet.name for sheet in sheets] == ["Sheet", "Hidden & <odd>", "Empty"]
    assert [sheet.merged for sheet in sheets] == [("B2:B5",), (), ()]
    assert [sheet.cells.height for sheet in sheets] == [2, 1, 0]
    assert [len(sheet.remarks) for sheet in sheets] == [0, 1, 0]
    assert "hidden" in sheets[1].remarks[0]


def test_formulas_give_the_value_saved_last_and_are_reported(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_formula("A1", "=1+1", value=2)
        sheet.write_formula("B2", '=IF(A1<3,"<low>","&")', value="<low>")  # pyright: ignore[reportArgumentType]
        sheet.write_formula("C3", "=A1/0", value="#DIV/0!")  # pyright: ignore[reportArgumentType]
        sheet.write_formula("D4", f"=SUM({','.join(f'A{row}' for row in range(1, 60))})", value=7)
    sheet = only(tmp_path / "a.xlsx")
    assert sheet.cells.rows() == [
        (1, "2", None, None, None),
        (2, None, "<low>", None, None),
        (3, None, None, "#DIV/0!", None),
        (4, None, None, None, "7"),
    ]
    assert kinds(sheet, "c3")[2] is Kind.ERROR
    assert sheet.formulas[:3] == (
        Formula(row=1, column=1, text="=1+1"),
        Formula(row=2, column=2, text='=IF(A1<3,"<low>","&")'),
        Formula(row=3, column=3, text="=A1/0"),
    )
    assert len(sheet.formulas[3].text) == 80
    assert any("A1" in remark and "4" in remark for remark in sheet.remarks)


def test_a_formula_without_a_saved_value_is_an_empty_cell_and_said_to_be(tmp_path):
    sheet = only(saved(tmp_path / "a.xlsx", [["x", "=1+1"]]))
    assert sheet.cells.rows() == [(1, "x")]
    assert sheet.formulas == (Formula(row=1, column=2, text="=1+1"),)
    assert any("no saved value" in remark and "B1" in remark for remark in sheet.remarks)


@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize("has_references", [True, False])
def test_formulas_and_errors_are_found_however_the_cells_are_written(tmp_path, prefix, has_references):
    p = f"{prefix}:" if prefix else ""
    row, a, b, c = ('r="2"', 'r="A2"', 'r="B2"', 'r="C2"') if has_references else ("", "", "", "")
    before = f'<{p}row r="1"><{p}c {a.replace("2", "1")}><{p}v>5</{p}v></{p}c></{p}row>'
    cells = (
        f'<{p}c {a}><{p}f t="shared" ref="A2:A3" si="0">1+A1</{p}f><{p}v>6</{p}v></{p}c>'
        f'<{p}c {b} t="e"><{p}v>#N/A</{p}v></{p}c>'
        f'<{p}c {c}><{p}f t="shared" si="0"/><{p}v>7</{p}v></{p}c>'
    )
    xml = sheet_xml(f"{before}<{p}row {row}>{cells}</{p}row>", prefix)
    sheet = only(with_sheet_xml(tmp_path / "a.xlsx", xml))
    assert sheet.cells.rows() == [(1, "5", None, None), (2, "6", "#N/A", "7")]
    assert sheet.formulas == (Formula(row=2, column=1, text="=1+A1"), Formula(row=2, column=3, text="=1+A1"))
    assert kinds(sheet, "c2") == [Kind.TEXT, Kind.ERROR]


def test_only_the_first_formulas_are_listed_and_that_is_said(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        for row in range(LIMITS.formulas + 5):
            sheet.write_formula(row, 0, "=1", value=1)
    sheet = only(tmp_path / "a.xlsx")
    assert len(sheet.formulas) == LIMITS.formulas
    assert sheet.cells.height == LIMITS.formulas + 5
    assert any("1005" in remark for remark in sheet.remarks)


texts = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1, max_size=20
).filter(lambda text: "_x" not in text.lower())
grids = st.integers(1, 4).flatmap(lambda width: st.lists(st.lists(texts, min_size=width, max_size=width), min_size=1))


@settings(max_examples=10, deadline=None)
@given(grids)
def test_any_text_comes_back_from_a_workbook_and_from_csv(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("grid")
    with xlsxwriter.Workbook(folder / "a.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        for number, cells in enumerate(rows):
            for position, cell in enumerate(cells):
                sheet.write_string(number, position, cell)
    with (folder / "b.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    expected = [(number, *cells) for number, cells in enumerate(rows, start=1)]
    assert [only(folder / name).cells.rows() for name in ("a.xlsx", "b.csv")] == [expected, expected]


# --- OpenDocument


def test_an_open_document_is_read_with_its_kinds(tmp_path):
    cells = [
        '<table:table-cell office:value-type="float" office:value="0.30000000000000004"><text:p>0,3</text:p></table:table-cell>',
        '<table:table-cell office:value-type="percentage" office:value="0.5"><text:p>50 %</text:p></table:table-cell>',
        '<table:table-cell office:value-type="boolean" office:boolean-value="true"><text:p>VERDADERO</text:p></table:table-cell>',
        '<table:table-cell office:value-type="date" office:date-value="2010-03-01"><text:p>1 de marzo</text:p></table:table-cell>',
        '<table:table-cell table:formula="of:=#REF!" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#REF!</text:p></table:table-cell>',
        '<table:table-cell table:formula="of:=SUM([.A1:.B1])" office:value-type="float" office:value="2"><text:p>2</text:p></table:table-cell>',
        '<table:table-cell office:value-type="string" table:number-rows-spanned="2"><office:annotation><dc:date>2020</dc:date><text:p>a comment</text:p></office:annotation><text:p>one<text:s text:c="2"/>two<text:line-break/><text:span>three</text:span></text:p><text:p>four</text:p></table:table-cell>',
    ]
    body = f'<table:table table:name="Hoja">\n<table:table-row/>\n<table:table-row>{"".join(cells)}</table:table-row></table:table>'
    sheet = only(open_document(tmp_path / "a.ods", body))
    assert sheet.cells.rows() == [(2, "0.3", "0.5", "true", "2010-03-01", "#REF!", "2", "one  two\nthree\nfour")]
    assert sheet.kinds is not None
    assert sheet.kinds.rows() == [
        (Kind.NUMBER, Kind.NUMBER, Kind.BOOLEAN, Kind.DATE, Kind.ERROR, Kind.NUMBER, Kind.TEXT)
    ]
    assert sheet.formulas == (
        Formula(row=2, column=5, text="=#REF!"),
        Formula(row=2, column=6, text="=SUM([.A1:.B1])"),
    )
    assert sheet.merged == ("G2:G3",)


def test_repeated_cells_and_rows_of_an_open_document_stand_as_often(tmp_path):
    cells = (
        f'<table:table-cell table:number-columns-repeated="2"/>{text_cell("x")}'
        '<table:table-cell office:value-type="float" office:value="1" table:number-columns-repeated="2"><text:p>1</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="16379"/>'
    )
    body = (
        '<table:table table:name="A">'
        f'<table:table-header-rows><table:table-row table:number-rows-repeated="2">{cells}</table:table-row></table:table-header-rows>'
        '<table:table-row table:number-rows-repeated="3"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        f"<table:table-row>{text_cell('end')}</table:table-row>"
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        "</table:table>"
    )
    sheet = only(open_document(tmp_path / "a.ods", body))
    row = (None, None, "x", "1", "1")
    assert sheet.cells.rows() == [(1, *row), (2, *row), (6, "end", None, None, None, None)]


def test_hidden_sheets_and_links_of_an_open_document_are_told(tmp_path):
    styles = '<style:style style:name="ta9" style:family="table"><style:table-properties table:display="false"/></style:style>'
    rows = f"<table:table-row>{text_cell('x')}</table:table-row>"
    body = (
        f'<table:table table:name="A" table:style-name="ta9">{rows}</table:table>'
        f"<table:table table:name=\"'file:///other.ods'#S\">{rows}</table:table>"
        f'<table:table table:name="B">{rows}</table:table>'
        f"<table:dde-links><table:dde-link><table:table>{rows}</table:table></table:dde-link></table:dde-links>"
    )
    first, second = read_sheets([open_document(tmp_path / "a.ods", body, styles)])
    assert (first.name, second.name) == ("A", "B")
    assert any("hidden" in remark for remark in first.remarks)
    assert any("other files" in remark for remark in first.remarks)
    assert any("connections" in remark for remark in second.remarks)


# --- text tables

ROWS = [["evento", "título", "nota"], ["E1", "Taller, primero; «é»", "dos\nlíneas"], ["E2", 'dice "sí"', "–"]]
EXPECTED = [(1, *ROWS[0]), (2, *ROWS[1]), (3, *ROWS[2])]


def delimited(rows: list[list[str]], delimiter: str, line_end: str = "\r\n") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_text_is_read_whatever_splits_its_cells_and_however_it_is_written(tmp_path, delimiter, encoding):
    (tmp_path / "a.csv").write_bytes(delimited(ROWS, delimiter).encode(encoding))
    sheet = only(tmp_path / "a.csv")
    assert sheet.cells.rows() == EXPECTED
    assert sheet.kinds is None
    assert sheet.name is None
    said = " ".join(sheet.remarks)
    assert ("Windows-1252" in said) == (encoding == "cp1252")
    assert ("UTF-16" in said) == encoding.startswith("utf-16")
    assert ("semicolons" in said) == (delimiter == ";")


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("suffix", ["csv", "CSV", "txt", "tsv"])
def test_every_line_end_and_name(tmp_path, line_end, suffix):
    (tmp_path / f"a.{suffix}").write_bytes(delimited(ROWS, "\t", line_end).encode())
    assert only(tmp_path / f"a.{suffix}").cells.rows() == EXPECTED


def test_titles_above_and_empty_rows_and_columns_around_the_table(tmp_path):
    text = "Registro, versión final, 2010\n\n;;;\nid;monto;nota;;\nA;1,5;x;;\nB;2,25;;;\n;;;;\n\n\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert only(tmp_path / "a.csv").cells.rows() == [
        (1, "Registro, versión final, 2010", None, None),
        (4, "id", "monto", "nota"),
        (5, "A", "1,5", "x"),
        (6, "B", "2,25", None),
    ]


def test_a_file_that_says_what_splits_it_is_believed_and_the_line_does_not_count(tmp_path):
    (tmp_path / "a.csv").write_text("sep=;\r\na,b;c\r\n1,2;3\r\n", encoding="utf-8")
    assert only(tmp_path / "a.csv").cells.rows() == [(1, "a,b", "c"), (2, "1,2", "3")]


def test_rows_of_different_lengths_lose_nothing(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1\n2,3,4,5\n", encoding="utf-8")
    assert only(tmp_path / "a.csv").cells.rows() == [
        (1, "a", "b", None, None),
        (2, "1", None, None, None),
        (3, "2", "3", "4", "5"),
    ]


def test_text_is_not_trimmed_and_looks_of_numbers_are_kept(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n 007 ,1.50\n=1+1,-0\n", encoding="utf-8")
    sheet = only(tmp_path / "a.csv")
    assert sheet.cells.rows() == [(1, "a", "b"), (2, " 007 ", "1.50"), (3, "=1+1", "-0")]
    assert sheet.formulas == ()


def test_a_letter_parted_by_the_end_of_a_piece_is_read(tmp_path):
    rows = [["a", "b"]] + [["é" * 7, f"{number}"] for number in range(80_000)]
    (tmp_path / "a.csv").write_bytes(delimited(rows, ",", "\n").encode())
    sheet = only(tmp_path / "a.csv")
    assert sheet.cells.height == len(rows)
    assert set(sheet.cells["c1"][1:].to_list()) == {"é" * 7}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b\n1,\xff\xfe\x9d\n", "Line 2"),
        ("a,b\né,í\nó,ú\n".encode() + b"x,\xe9\n", "Line 4"),
        (b"\xef\xbb\xbfa,b\n\xe9,1\n", "Line 2"),
        ("a,b\n1,2\n".encode("utf-16") + b"\x00\xd8\x00", "UTF-16"),
        (b'a,b\n1,"x\n2,y\n', "row 2"),
        (b'a,b\n1,"x" y\n2,y\n', "row 2"),
    ],
)
def test_broken_text_is_refused_where_it_breaks(tmp_path, content, said):
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(FileRefused, match=said):
        read_sheets([tmp_path / "a.csv"])


# --- folders, languages


def test_a_folder_is_read_in_the_order_of_its_names_and_what_is_left_out_is_told(tmp_path):
    folder = tmp_path / "registro"
    (folder / "sub").mkdir(parents=True)
    (folder / "b.csv").write_text("b\n", encoding="utf-8")
    saved(folder / "a.xlsx", [["a"]])
    for name in ("~$a.xlsx", ".~lock.a.xlsx#", "notes.docx"):
        (folder / name).write_text("x", encoding="utf-8")
    (tmp_path / "c.csv").write_text("c\n", encoding="utf-8")
    sheets = read_sheets([folder, tmp_path / "c.csv"])
    assert [(sheet.file, column(sheet)) for sheet in sheets] == [
        ("a.xlsx", ["a"]),
        ("b.csv", ["b"]),
        ("c.csv", ["c"]),
    ]
    assert [remark.split('"')[1] for remark in sheets[0].remarks] == ["notes.docx", "sub"]


def test_remarks_are_said_in_the_language_of_the_moment():
    note = Note("The file was read as {encoding}.", {"encoding": "UTF-16"})
    sheet = Sheet(file="a", name=None, cells=pl.DataFrame(), kinds=None, notes=(note,))
    with in_language("en"):
        assert sheet.remarks == ("The file was read as UTF-16.",)


def test_reading_leaves_no_file_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    saved(tmp_path / "a.xlsx", [["a"]])
    seen = []
    read_sheets([tmp_path / "a.xlsx"], on_progress=lambda *_: seen.extend((tmp_path / "temporary").iterdir()))
    assert seen == []
