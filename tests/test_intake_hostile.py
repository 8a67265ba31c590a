import io
import os
import signal
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.intake.limits import LIMITS, MIB, Limits
from pipelines.intake.opening import FileRefused, read_sheets
from tests.handmade_files import open_document, saved, sheet_xml, text_cell, with_sheet_xml

ROOT = Path(__file__).parents[1]
CELL = '<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'


def refusal(path: Path, limits: Limits = LIMITS) -> str:
    """What is said of a file that is not read; it names the file and leads out."""
    with pytest.raises(FileRefused) as refused:
        read_sheets([path], limits)
    text = str(refused.value)
    assert path.name in text
    assert "Traceback" not in text
    assert "{" not in text
    return text


def workbook_with(path: Path, extra: dict[str, bytes], replaced: dict[str, Callable[[bytes], bytes]] | None = None):
    """An ordinary workbook with further parts, and some parts changed."""
    original = io.BytesIO()
    workbook = openpyxl.Workbook()
    workbook.worksheets[0]["A1"] = "x"
    workbook.save(original)
    with zipfile.ZipFile(original) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            change = (replaced or {}).get(name, lambda content: content)
            target.writestr(name, change(source.read(name)))
        for name, content in extra.items():
            target.writestr(name, content)
    return path


def most_memory(path: Path) -> tuple[int, str]:
    """Bytes that a reading took at its height, in the reading process and in the one that asked; and what was said."""
    # the most of one's own is asked of Linux: what is counted for a process starts at what its parent took
    script = dedent(
        """
        import re, resource, sys
        from pathlib import Path
        from pipelines.intake.opening import FileRefused, read_sheets
        try:
            said = " ".join(f"{sheet.cells.height} rows" for sheet in read_sheets([Path(sys.argv[1])]))
        except FileRefused as refused:
            said = str(refused)
        own = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
        child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        print((own + child) * 1024, said)
        """
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    size, said = run.stdout.split(" ", 1)
    return int(size), said


# --- files that are something else


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"", "empty"),
        ("a.csv", b"", "empty"),
        ("a.xlsx", b"id,name\n1,x\n", ".csv"),
        ("a.ods", "id;name\n".encode("utf-16"), ".csv"),
        ("a.xlsx", b"<html><table><tr><td>1</td></tr></table>", "web page"),
        ("a.csv", b"\xef\xbb\xbf\n <!DOCTYPE html><html>", "web page"),
        ("a.xlsx", b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "2003"),
        ("a.xlsx", b"%PDF-1.7 ...", "not a spreadsheet"),
        ("a.csv", b"\x89PNG\r\n\x1a\n" + bytes(100), "not a spreadsheet"),
        ("a.csv", bytes(range(256)) * 20, "not a spreadsheet"),
        ("a.xlsx", bytes(4096), "not a spreadsheet"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le"), ".xls"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            "password",
        ),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "not a spreadsheet"),
        ("a.xls", b"x", ".xlsx"),
        ("a.docx", b"x", "expected"),
        ("a", b"x", "expected"),
        ("a.xlsx", b"PK\x03\x04" + bytes(50), "damaged"),
        ("a.xlsx", b"PK\x05\x06" + bytes(18), "without a workbook"),
    ],
)
def test_a_file_that_is_something_else_is_named_for_what_it_is(tmp_path, name, content, said):
    (tmp_path / name).write_bytes(content)
    assert said in refusal(tmp_path / name)


def test_a_workbook_named_text_is_said_to_be_one(tmp_path):
    saved(tmp_path / "a.xlsx", [["x"]]).rename(tmp_path / "a.csv")
    assert "workbook" in refusal(tmp_path / "a.csv")


def test_other_packed_files_are_no_workbook(tmp_path):
    for number, names in enumerate([["word/document.xml"], ["a.csv"], ["xl/workbook.bin"]]):
        path = tmp_path / f"{number}.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, "<x/>")
        assert ("xlsb" if number == 2 else "without a workbook") in refusal(path)


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
def test_a_file_cut_off_is_damaged(tmp_path, kept):
    content = saved(tmp_path / "a.xlsx", [["text"] * 20] * 50).read_bytes()
    (tmp_path / "b.xlsx").write_bytes(content[: int(len(content) * kept)])
    assert "damaged" in refusal(tmp_path / "b.xlsx")


def test_a_changed_byte_is_found(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_STORED) as target:
        source = zipfile.ZipFile(saved(tmp_path / "b.xlsx", [["officials", 12345]]))
        for name in source.namelist():
            target.writestr(name, source.read(name))
    content = (tmp_path / "a.xlsx").read_bytes()
    (tmp_path / "c.xlsx").write_bytes(content.replace(b"<v>12345</v>", b"<v>92345</v>"))
    assert "damaged" in refusal(tmp_path / "c.xlsx")


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_a_changed_byte_never_changes_what_is_read(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("changed")
    path = saved(folder / "a.xlsx", [["officials", 12345], ["women", "text"]])
    expected = [sheet.cells.rows() for sheet in read_sheets([path])]
    content = bytearray(path.read_bytes())
    place = data.draw(st.floats(0, 1, exclude_max=True))  # a share: the length depends on the time in the file
    content[int(place * len(content))] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    try:
        read = [sheet.cells.rows() for sheet in read_sheets([path])]
    except FileRefused:
        return
    assert read == expected


# --- things that are no files


def test_what_is_no_ordinary_file_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "zero.xlsx").symlink_to("/dev/zero")
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    assert "ordinary file" in refusal(tmp_path / "pipe.csv")
    assert "ordinary file" in refusal(tmp_path / "zero.xlsx")
    assert "cannot be opened" in refusal(tmp_path / "loop.csv")
    assert "is not there" in refusal(tmp_path / "nothing.csv")
    (tmp_path / "folder.xlsx").mkdir()
    assert "holds no file" in refusal(tmp_path / "folder.xlsx")
    with pytest.raises(FileRefused):
        read_sheets([Path("nul\0.csv")])


def test_a_name_is_only_a_name(tmp_path):
    for name in ("$(touch x);'--.csv", "<img onerror=alert(1)>.csv", "=cmd|' ∕C calc'!A0.csv", "a\n\x1b[31m.csv"):
        (tmp_path / name).write_text("a,b\n", encoding="utf-8")
        (sheet,) = read_sheets([tmp_path / name])
        assert sheet.file == name
    assert sorted(entry.suffix for entry in tmp_path.iterdir()) == [".csv"] * 4
    (tmp_path / "b\x1b[31m.xlsx").write_text("a,b\n", encoding="utf-8")
    with pytest.raises(FileRefused) as refused:
        read_sheets([tmp_path / "b\x1b[31m.xlsx"])
    assert "\x1b" not in str(refused.value)
    undecodable = os.fsdecode(b"\xff.csv")
    (tmp_path / undecodable).write_text("a\n", encoding="utf-8")
    assert read_sheets([tmp_path / undecodable])[0].file == "\\xff.csv"


def test_a_file_that_grows_while_it_is_read_is_read_as_it_was_copied(tmp_path):
    path = saved(tmp_path / "a.xlsx", [["x"]])

    def changing(*_: object) -> None:
        path.write_bytes(b"changed")

    (sheet,) = read_sheets([path], on_progress=changing)
    assert sheet.cells.rows() == [(1, "x")]


# --- packed files that unfold to more than they say


def test_a_bomb_that_tells_its_size_is_refused_before_it_is_unfolded(tmp_path):
    assert "unfolds" in refusal(workbook_with(tmp_path / "a.xlsx", {"xl/media/x.bin": bytes(40 * MIB)}))
    small = Limits(inflated_bytes=MIB, free_bytes=MIB)
    assert "unfolds" in refusal(workbook_with(tmp_path / "b.xlsx", {"xl/media/x.bin": os.urandom(2 * MIB)}), small)


def test_a_bomb_that_hides_its_size_is_found_while_it_unfolds(tmp_path):
    path = workbook_with(tmp_path / "a.xlsx", {}, {"xl/worksheets/sheet1.xml": lambda xml: xml + b" " * (40 * MIB)})
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    for place in (content.find(struct.pack("<L", part.file_size)), content.rfind(struct.pack("<L", part.file_size))):
        content[place : place + 4] = struct.pack("<L", 1000)
    path.write_bytes(content)
    assert zipfile.ZipFile(path).getinfo("xl/worksheets/sheet1.xml").file_size == 1000
    assert "unfolds" in refusal(path)


def test_texts_that_unfold_to_much_stay_within_memory(tmp_path):
    path = saved(tmp_path / "b.xlsx", [["x"]])
    with (
        zipfile.ZipFile(path) as source,
        zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        for name in source.namelist():
            if name != "xl/sharedStrings.xml":
                target.writestr(name, source.read(name))
        with target.open("xl/sharedStrings.xml", "w", force_zip64=True) as part:
            part.write(b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>')
            for _ in range(300):
                part.write(b"x" * MIB)
            part.write(b"</t></si></sst>")
    size, said = most_memory(tmp_path / "a.xlsx")
    assert "a.xlsx" in said
    assert size < 1024 * MIB


def test_parts_that_lie_over_each_other_are_refused(tmp_path):
    path = workbook_with(tmp_path / "a.xlsx", {"xl/media/x.bin": os.urandom(50_000)})
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        directory = content[archive.start_dir :]
        entry_start = directory.find(b"PK\x01\x02", directory.find(b"xl/media/x.bin") - 60)
        end = directory.find(b"PK\x05\x06")
        number = len(archive.infolist())
    entry = directory[entry_start:end]
    copies = b"".join(entry.replace(b"x.bin", f"{copy:05}".encode()) for copy in range(20))
    changed = bytearray(content[: len(content) - len(directory)] + directory[:end] + copies + directory[end:])
    tail = changed.rfind(b"PK\x05\x06")
    struct.pack_into("<HH", changed, tail + 8, number + 20, number + 20)
    struct.pack_into("<L", changed, tail + 12, end + len(copies))
    path.write_bytes(changed)
    assert len(zipfile.ZipFile(path).infolist()) == number + 20
    assert "damaged" in refusal(path)


def test_packed_files_within_are_never_opened(tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(15 * MIB))
    path = workbook_with(tmp_path / "a.xlsx", {"xl/embeddings/book.xlsx": inner.getvalue()})
    (sheet,) = read_sheets([path])
    assert any("embedded" in remark for remark in sheet.remarks)


@pytest.mark.parametrize("name", ["../../x", "/etc/passwd", "xl/../../x", "C:\\x", "..\\x"])
def test_a_part_whose_name_leads_out_is_refused(tmp_path, name):
    assert "leads out" in refusal(workbook_with(tmp_path / "a.xlsx", {name: b"x"}))
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.xlsx"]


def test_a_part_that_stands_twice_and_too_many_parts_are_refused(tmp_path):
    path = saved(tmp_path / "a.xlsx", [["x"]])
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/worksheets/sheet1.xml", sheet_xml(CELL))
    assert "twice" in refusal(path)
    many = workbook_with(tmp_path / "b.xlsx", {f"xl/media/{number}": b"" for number in range(LIMITS.entries)})
    assert "parts" in refusal(many)


def test_a_part_with_a_password_is_refused(tmp_path):
    path = saved(tmp_path / "a.xlsx", [["x"]])
    content = bytearray(path.read_bytes())
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert "password" in refusal(path)
    manifest = b'<m:manifest xmlns:m="urn:m"><m:encryption-data/></m:manifest>'
    document = open_document(tmp_path / "b.ods", "")
    with zipfile.ZipFile(document, "a") as archive:
        archive.writestr("META-INF/manifest.xml", manifest)
    assert "password" in refusal(document)


# --- XML

LAUGHS = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "name", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml", "_rels/.rels"]
)
def test_document_types_and_entities_are_refused_in_every_part(tmp_path, name):
    def declared(xml: bytes) -> bytes:
        return LAUGHS.encode() + xml[xml.find(b"?>") + 2 if xml.startswith(b"<?xml") else 0 :]

    assert "entities" in refusal(workbook_with(tmp_path / "a.xlsx", {}, {name: declared}))


def test_document_types_are_found_behind_comments_and_in_open_documents(tmp_path):
    hidden = "<!--" + "-" * 500 + "--><!doctype x [<!entity a 'b'>]>" + sheet_xml(CELL)
    assert "entities" in refusal(with_sheet_xml(tmp_path / "a.xlsx", hidden))
    fooled = f"<!-- <worksheet> -->{LAUGHS[21:]}" + sheet_xml(CELL)
    assert "entities" in refusal(with_sheet_xml(tmp_path / "b.xlsx", fooled))
    far = "<!--" + "x" * (3 * MIB) + f"-->{LAUGHS[21:]}" + sheet_xml(CELL)
    assert "written" in refusal(with_sheet_xml(tmp_path / "b.xlsx", far))
    document = tmp_path / "c.ods"
    with zipfile.ZipFile(document, "w") as archive:
        archive.writestr("content.xml", f"{LAUGHS}<x>&b;</x>")
    assert "entities" in refusal(document)


@pytest.mark.parametrize(
    "xml",
    [
        "<worksheet><sheetData><row",
        sheet_xml('<row r="1"><c r="A1" t="str"><v>&#xD800;</v></c></row>'),
        sheet_xml('<row r="1"><c r="A1" t="inlineStr"><is><t>&unknown;</t></is></c></row>'),
        sheet_xml('<row r="1"><c r="ZZZZ99999999"><v>1</v></c></row>'),
        sheet_xml('<row r="1"><c r="A1" t="s"><v>99999999</v></c></row>'),
        sheet_xml(CELL).encode("utf-16").decode("latin-1"),
        "",
    ],
)
def test_broken_xml_is_refused(tmp_path, xml):
    refusal(with_sheet_xml(tmp_path / "a.xlsx", xml))


def test_a_sheet_that_is_listed_and_missing_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(saved(tmp_path / "b.xlsx", [["x"]])) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            if name != "xl/worksheets/sheet1.xml":
                target.writestr(name, source.read(name))
    assert "damaged" in refusal(path)


# --- what a workbook carries beside its cells


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("xl/vbaProject.bin", "macros"),
        ("xl/macrosheets/sheet1.xml", "macros"),
        ("xl/externalLinks/externalLink1.xml", "other files"),
        ("xl/connections.xml", "connections"),
        ("xl/activeX/activeX1.bin", "embedded"),
    ],
)
def test_what_could_act_is_ignored_and_told(tmp_path, part, said):
    path = workbook_with(tmp_path / "a.xlsx", {part: b"<x/>"})
    (sheet,) = read_sheets([path.rename(tmp_path / "a.xlsm")])
    assert sheet.cells.rows() == [(1, "x")]
    assert [said in remark for remark in sheet.remarks] == [True]


def test_macros_of_an_open_document_are_told(tmp_path):
    path = open_document(
        tmp_path / "a.ods",
        f'<table:table table:name="A"><table:table-row>{text_cell("x")}</table:table-row></table:table>',
    )
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("Basic/Standard/Module1.xml", '<!DOCTYPE x PUBLIC "a" "b"><x/>')
    (sheet,) = read_sheets([path])
    assert any("macros" in remark for remark in sheet.remarks)


# --- sheets and cells without measure


def test_two_cells_in_opposite_corners_do_not_ask_for_all_between(tmp_path):
    workbook = openpyxl.Workbook()
    workbook.worksheets[0]["A1"], workbook.worksheets[0]["XFD1048576"] = "x", "y"
    workbook.save(tmp_path / "a.xlsx")
    size, said = most_memory(tmp_path / "a.xlsx")
    assert size < 1024 * MIB
    assert "1,048,576 rows and 16,384 columns" in said


def test_every_column_is_read(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        for column in range(16_384):
            sheet.write_number(0, column, column)
    (sheet,) = read_sheets([tmp_path / "a.xlsx"])
    assert sheet.cells.shape == (1, 16_385)
    assert sheet.cells["c16384"].item() == "16383"


def test_the_last_row_is_read(tmp_path):
    rows = "".join(f'<row r="{row}"><c r="B{row}"><v>{row}</v></c></row>' for row in (1, 500_000, 1_048_576))
    (sheet,) = read_sheets([with_sheet_xml(tmp_path / "a.xlsx", sheet_xml(rows))])
    assert sheet.cells["c2"].to_list() == ["1", "500000", "1048576"]
    assert sheet.cells["row"].to_list() == [1, 500_000, 1_048_576]


@pytest.mark.parametrize(
    "row",
    [
        f'<table:table-row table:number-rows-repeated="1048576">{text_cell("x") * 6}</table:table-row>',
        f"<table:table-row>{text_cell('x').replace('office:value-type', 'table:number-columns-repeated=' + chr(34) + '999999999' + chr(34) + ' office:value-type')}</table:table-row>",
        '<table:table-row table:number-rows-repeated="99999999999"/>'
        + f"<table:table-row>{text_cell('x')}</table:table-row>",
    ],
)
def test_repeats_of_an_open_document_are_bounded(tmp_path, row):
    path = open_document(tmp_path / "a.ods", f'<table:table table:name="A">{row}</table:table>')
    size, said = most_memory(path)
    assert size < 1024 * MIB
    assert "6,000,000" in said


def test_ten_megabytes_in_a_cell_are_refused_by_its_name(tmp_path):
    long = "x" * (10 * MIB)
    cell = f'<row r="7"><c r="F7" t="inlineStr"><is><t>{long}</t></is></c></row>'
    text = refusal(with_sheet_xml(tmp_path / "a.xlsx", sheet_xml(cell)))
    assert "F7" in text
    assert "10,485,760" in text
    (tmp_path / "b.csv").write_text(f"a,b\n1,{long}\n", encoding="utf-8")
    assert "Row 2" in refusal(tmp_path / "b.csv")
    body = f'<table:table table:name="A"><table:table-row>{text_cell(long)}</table:table-row></table:table>'
    assert "A1" in refusal(open_document(tmp_path / "c.ods", body))


def test_one_long_text_shared_by_many_cells_stays_within_memory(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as workbook:
        sheet = workbook.add_worksheet()
        for row in range(24_000):
            sheet.write_string(row, 0, "y" * 32_767)
    size, said = most_memory(tmp_path / "a.xlsx")
    assert size < 1024 * MIB
    assert '"a.xlsx" takes more memory than it may (704 MB)' in said
    assert "CSV" in said


def test_more_cells_than_allowed_are_refused_over_all_files(tmp_path):
    limits = Limits(cells=100)
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text("1,2,3\n" * 20, encoding="utf-8")
    assert len(read_sheets([tmp_path / "a.csv"], limits)) == 1
    with pytest.raises(FileRefused, match=r'"b.csv".*100'):
        read_sheets([tmp_path / "a.csv", tmp_path / "b.csv"], limits)
    with pytest.raises(FileRefused, match="at most 1"):
        read_sheets([tmp_path], Limits(files=1))
    assert "0 MB" in refusal(tmp_path / "a.csv", Limits(file_bytes=50))


def test_letters_of_every_kind_pass_as_they_are(tmp_path):
    odd = [
        "\u202eright to left",
        "a\u200bb\ufeffc",
        "👩‍👩‍👧",
        "a\x00b",
        "\x07bell",
        "＝1",
        "<b>&amp;</b>",
        "'; drop table x; --",
        "=1+1",
        "../../x",
    ]
    (tmp_path / "a.csv").write_text(
        "".join(f'"{text}",{number}\n' for number, text in enumerate(odd)), encoding="utf-8"
    )
    (sheet,) = read_sheets([tmp_path / "a.csv"])
    assert sheet.cells["c1"].to_list() == odd
    cells = [text for text in odd if "\x00" not in text and "\x07" not in text]
    (sheet,) = read_sheets([saved(tmp_path / "b.xlsx", [[f" {text}"] for text in cells])])
    assert sheet.cells["c1"].to_list() == [f" {text}" for text in cells]
    escaped = sheet_xml('<row r="1"><c r="A1" t="inlineStr"><is><t>a_x0000_b_xD83D_</t></is></c></row>')
    (sheet,) = read_sheets([with_sheet_xml(tmp_path / "c.xlsx", escaped)])
    assert sheet.cells["c1"].item().startswith("a\x00b")


# --- time, and ends of all kinds


def test_the_reading_process_imports_little_so_that_its_memory_can_be_bounded():
    script = "import sys, pipelines.intake.child, pipelines.intake.excel, pipelines.intake.open_document; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {"polars", "pyarrow", "duckdb", "babel"}.isdisjoint(run.stdout.split())


def test_a_reading_that_takes_too_long_is_ended_and_said(tmp_path):
    text = refusal(saved(tmp_path / "a.xlsx", [["x"]]), Limits(seconds=0))
    assert "0 seconds" in text
    assert "CSV" in text


def test_a_full_disk_is_said(tmp_path, monkeypatch):
    class Full:
        def __init__(self, *_: object, **__: object) -> None:
            pass

        def __enter__(self) -> "Full":
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def write(self, _: bytes) -> None:
            raise OSError(28, "No space left on device")

    (tmp_path / "a.csv").write_text("a\n", encoding="utf-8")
    monkeypatch.setattr("pipelines.intake.opening.tempfile.TemporaryFile", Full)
    assert "Make room" in refusal(tmp_path / "a.csv")


def children_of(process: int) -> set[int]:
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status = (entry / "stat").read_text()
            except OSError:
                continue
            if int(status.rpartition(")")[2].split()[1]) == process:
                found.add(int(entry.name))
    return found


def wait_until(what: Callable[[], object]) -> object:
    for _ in range(500):
        if found := what():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen within ten seconds")


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes as Linux lists them")
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_whoever_ends_the_asker_ends_the_reading_and_leaves_no_file(tmp_path, end):
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(1, 50_000))
    with_sheet_xml(tmp_path / "a.xlsx", sheet_xml(rows))
    (tmp_path / "temporary").mkdir()
    script = "import sys; from pathlib import Path; from pipelines.intake.opening import read_sheets; "
    asker = subprocess.Popen(
        [
            sys.executable,
            "-c",
            script + "[read_sheets([Path(sys.argv[1])]) for _ in range(100)]",
            str(tmp_path / "a.xlsx"),
        ],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
        stderr=subprocess.DEVNULL,
    )
    try:
        children = wait_until(lambda: children_of(asker.pid))
        assert isinstance(children, set)
        asker.send_signal(end)
        asker.wait(10)
    finally:
        asker.kill()
    wait_until(lambda: not any(Path(f"/proc/{child}").exists() for child in children))
    assert list((tmp_path / "temporary").iterdir()) == []
