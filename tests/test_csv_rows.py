"""Cells of CSV files: both ways of reading give the same rows, and no row is ever lost."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.csv_rows import UnreadableFile, csv_rows, is_regular, parsed, scanned

HEADER = ["first", "second"]


def rows_of(text: str) -> list[tuple]:
    return csv_rows(text.encode(), HEADER).frame.rows()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("first,second\n1,2\n3,4\n", [(2, "1", "2"), (3, "3", "4")]),
        ("first,second\r\n1,2\r\n", [(2, "1", "2")]),
        ("first,second\r1,2\r3,4\r", [(2, "1", "2"), (3, "3", "4")]),
        ("\ufefffirst,second\n1,2", [(2, "1", "2")]),
        ('\ufeff"first","second"\n1,2', [(2, "1", "2")]),
        ("second,first\n1,2\n", [(2, "2", "1")]),
        ('first,second\n"a, b","say ""yes"""\n', [(2, "a, b", 'say "yes"')]),
        ('first,second\n"two\nlines",x\n1,2\n', [(2, "two\nlines", "x"), (3, "1", "2")]),
        ('first,second\n5" pipe,x\n1,2\n6" pipe,y\n', [(2, '5" pipe', "x"), (3, "1", "2"), (4, '6" pipe', "y")]),
        ('first,second\nx,"y"\n\n , \n1,2\n\n', [(2, "x", "y"), (5, "1", "2")]),
        ("first,second\n\u00a0x \t,\n", [(2, "x", None)]),
        ('first,second\n"old\rline","x"\n', [(2, "old\rline", "x")]),
        ("first,second\n", []),
        ("first,second", []),
    ],
)
def test_every_row_with_text_is_read_with_its_number(text, rows):
    assert rows_of(text) == rows


@pytest.mark.parametrize("cell", ["plain", '"two\nlines"', 'stray" quote'])
def test_rows_with_another_number_of_cells_are_told_in_both_ways(cell):
    read = csv_rows(f"first,second\n{cell},2\n1\n1,2,3\n\n,,,\n".encode(), HEADER)
    assert read.misshapen == {3: 1, 4: 3}
    assert read.frame["row"].to_list() == [2, 3, 4]


def test_a_quote_never_closed_is_told():
    with pytest.raises(UnreadableFile) as told:
        csv_rows(b'first,second\n1,"2\n3,4\n', HEADER)
    assert told.value.findings[0][0] == "not_csv"


cells = st.text(st.sampled_from(list('ab ,"\n;é\ufeff')), max_size=6)


@settings(deadline=None)
@given(
    rows=st.lists(st.tuples(cells, cells), max_size=5),
    line_end=st.sampled_from(["\n", "\r\n"]),
    is_quoted=st.booleans(),
)
def test_what_a_csv_writer_writes_is_read_back(rows, line_end, is_quoted):
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=line_end, quoting=csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL)
    writer.writerows([HEADER, *rows])
    trimmed = [tuple(cell.strip() or None for cell in row) for row in rows]
    assert rows_of(text.getvalue()) == [(number, *row) for number, row in enumerate(trimmed, start=2) if any(row)]


@settings(deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from(["a", "é", " ", "", '"b, ""c"""', '""', 'd"']), max_size=3).map(",".join), max_size=5
    )
)
def test_both_ways_agree_on_every_file_that_both_can_read(lines):
    text = "\n".join(["first,second", *lines, ""])
    if is_regular(text.encode()):
        scanned_rows, scanned_misshapen = scanned(text.encode(), HEADER)
        parsed_rows, parsed_misshapen = parsed(text, HEADER)
        assert scanned_misshapen == parsed_misshapen
        with_text = scanned_rows.join(parsed_rows.lazy(), on="row", how="semi").sort("row").collect()
        assert with_text.fill_null("").rows() == parsed_rows.rows()
