"""Events too many for memory: read and built in parts they give the same edition, the same problems and counts."""

import csv
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from unittest import mock

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipelines import build, csv_rows, editions, parts, schemas, sound_events
from pipelines.errors import PipelineError, PromisesBroken, RecordsRefused
from pipelines.event_parts import EVENT_TABLES
from pipelines.reading import Records, read_all
from pipelines.registry import training_events, training_participation
from pipelines.stored_parts import StoredParts
from tests.conftest import AS_OF, make_tiny_data

EVENTS, PARTICIPATION = training_events.TABLE, training_participation.TABLE
OF_THE_BUILD = {"edition", "load_report"}


@contextmanager
def in_parts(size: int = 200) -> Iterator[None]:
    """Everything is too big: parts of about ``size`` bytes, read back by pieces of two rows where Python reads."""
    with (
        mock.patch.multiple(parts, WHOLE_UP_TO=0, PART=size),
        mock.patch.object(sound_events, "MOST_PARTICIPATION", -1),  # sound or not
        mock.patch.object(csv_rows, "_PARSED", 2),
        mock.patch.object(csv_rows, "_BLOCK", 7),
    ):
        yield


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_data(tmp_path_factory.mktemp("big"))


@pytest.fixture
def folder(tiny_data: Path) -> Path:
    return tiny_data / "editions"


def stored_tables(folder: Path) -> dict[str, pl.DataFrame]:
    return editions.read_tables(editions.resolve(None, folder))


def assert_same_editions(first: Path, second: Path) -> None:
    one, other = stored_tables(first), stored_tables(second)
    assert one.keys() == other.keys() == schemas.TABLES.keys()
    for name in one.keys() - OF_THE_BUILD:
        assert_frame_equal(one[name], other[name])
    assert_frame_equal(one["load_report"], other["load_report"])


def told(read: Records) -> list[dict[str, object]]:
    """What is wrong, without the event id that comes nearest: in parts it is looked for among those close by only."""
    told = [asdict(problem) for problem in read.problems]
    return [{**problem, "nearest": None} if problem["column"] == "event_id" else problem for problem in told]


EVENT_IDS = st.sampled_from(["EV001", "EV002", "EV003", "EV004", "EV005", "A1", "Z9", "EV 6", "", "EV002"])
CELLS: Mapping[str, st.SearchStrategy[str]] = {
    "event_id": EVENT_IDS,
    "title": st.sampled_from(
        ["Course", "Cours, à distance", 'a "quoted" title', "two\nlines", "", "Regional workshop"]
    ),
    "event_type": st.sampled_from(["course", "workshop", "course", "curse"]),
    "programme_id": st.sampled_from(["P01", "", "P02", "P99"]),
    "status": st.sampled_from(["held", "held", "held", "announced", "planned", "no"]),
    "start_date": st.sampled_from(["2010-04-08", "2011", "2010-05", "", "2010-02-30"]),
    "end_date": st.sampled_from(["2010-06-09", "2012", "", ""]),
    "host_country": st.sampled_from(["BRB", "Chile", "", "Guiana"]),
    "audience": st.sampled_from(["police;judges", "police", "", "judges;police;police", "nobody"]),
    "officials_trained": st.sampled_from(["40", "", "0", "-1"]),
    "women_trained": st.sampled_from(["", "12", "", "x"]),
    "number_basis": st.sampled_from(["reported", "", "announced"]),
    "count_scope": st.sampled_from(["", "officials", "officials_and_civil_society"]),
    "source_id": st.sampled_from(["oas_report", "oas_release", "oas_report", "none"]),
    "text_lang": st.just("en"),
}
TAKERS = st.tuples(
    EVENT_IDS,
    st.sampled_from(["BRB", "Brasil", "152", "Chile", "BHS", "Nowhere"]),
    st.sampled_from(["", "", "10", "30", "ten"]),
    st.sampled_from(["oas_report", "oas_release"]),
)
SOUND = {"event_type": "course", "status": "held", "title": "Course", "source_id": "oas_report", "text_lang": "en"}


@st.composite
def events(draw: st.DrawFn) -> list[dict[str, str]]:
    """Rows of events, most of them sound but for a few cells drawn at random."""
    columns = st.lists(st.sampled_from(list(CELLS)), max_size=4)
    rows = [{**SOUND, "event_id": f"EV{number:03}"} for number in draw(st.permutations(range(1, 6)))]
    return [{**row, **{column: draw(CELLS[column]) for column in draw(columns)}} for row in rows]


def write_files(data: Path, rows: list[dict[str, str]], takers: list[tuple[str, ...]], extra: str = "") -> None:
    with (data / EVENTS.file).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, EVENTS.columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        file.write(extra)
    with (data / PARTICIPATION.file).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([PARTICIPATION.columns, *takers])


@settings(deadline=None, max_examples=20)
@given(
    rows=events(),
    takers=st.lists(TAKERS, max_size=6),
    extra=st.sampled_from(["", "\n", "EV007,short,course\n", " , \n", "EV008" + "," * 25 + "\n"]),
)
def test_reading_and_building_in_parts_change_nothing(data, tmp_path_factory, rows, takers, extra):
    write_files(data, rows, takers, extra)
    workspace = tmp_path_factory.mktemp("work")
    whole = read_all(build.TABLES, data, build.READERS)
    with in_parts():
        cut = parts.parts_of(build.TABLES, data, workspace)
        assert cut is not None
        split = read_all(build.TABLES, data, build.READERS | cut.readers())
    for table in (EVENTS, PARTICIPATION):
        one, other = whole[table.name], split[table.name]
        assert told(one) == told(other)
        assert (one.rows_read, one.rows_loaded, one.rows_rejected) == (
            other.rows_read,
            other.rows_loaded,
            other.rows_rejected,
        )
        assert one.sha256 == other.sha256
        assert_frame_equal(one.rejected, other.rejected)
        in_order = pl.concat([pl.read_parquet(path) for path in other.parts]).sort("row")
        assert_frame_equal(one.frame.sort("row"), in_order)
    if any(problem.row is None for read in whole.values() for problem in read.problems):
        return
    assert_same_tables(whole, split, workspace)


def assert_same_tables(whole: Mapping[str, Records], split: Mapping[str, Records], workspace: Path) -> None:
    stored = StoredParts(workspace / "tables")
    try:
        one = build.edition_tables(whole, AS_OF)
    except PromisesBroken:
        with pytest.raises(PromisesBroken):
            build.edition_tables(split, AS_OF, store=lambda part, within: stored.add(part))
        return
    other = build.edition_tables(split, AS_OF, store=lambda part, within: stored.add(part))
    for name in one:
        found = stored.scan(name).collect() if name in EVENT_TABLES else other[name]
        keys = schemas.TABLES[name].primary_key() if name == "fct_reach" else []
        assert_frame_equal(one[name], found.sort(keys) if keys else found)


@pytest.mark.parametrize("size", [50, 150, 10_000])
def test_an_edition_built_in_parts_is_the_same(tiny_data, folder, tmp_path, size):
    build.build(tiny_data, tmp_path / "whole", as_of=AS_OF)
    with in_parts(size):
        result = build.build(tiny_data, folder, as_of=AS_OF)
        again = build.build(tiny_data, folder, as_of=AS_OF)
    assert_same_editions(tmp_path / "whole", folder)
    assert result.row_counts["fct_training_event"] == 4
    assert not again.is_new
    assert sorted(path.name for path in folder.iterdir()) == [".lock", f"{result.edition_id}.duckdb", "current"]


def test_parts_hold_whole_events_in_the_order_of_their_ids(data, tmp_path):
    rows = [{**SOUND, "event_id": f"EV{number:03}"} for number in range(300, 0, -1)]
    takers = [(f"EV{number:03}", state, "", "oas_report") for number in range(1, 301) for state in ("BRB", "CHL")]
    write_files(data, rows, takers)
    with in_parts(2000):
        cut = parts.parts_of(build.TABLES, data, tmp_path)
        assert cut is not None
        read = read_all(build.TABLES, data, build.READERS | cut.readers())
    found = list(parts.records_in_parts(read))
    assert len(found) > 5
    assert all(set(part[PARTICIPATION.name]["event_id"]) == set(part[EVENTS.name]["event_id"]) for part in found)
    ids = pl.concat([part[EVENTS.name] for part in found])["event_id"].to_list()
    assert ids == sorted(ids)
    assert max(part[EVENTS.name].height for part in found) < 100


@pytest.mark.parametrize("order", ["in order", "backwards", "nearly in order"])
def test_rows_in_the_order_of_their_ids_need_not_be_cut(data, tmp_path, order):
    numbers = list(range(1, 301)) if order != "backwards" else list(range(300, 0, -1))
    if order == "nearly in order":
        numbers[250], numbers[10] = numbers[10], numbers[250]
    rows = [{**SOUND, "event_id": f"EV{number:03}"} for number in numbers]
    write_files(data, rows, [(f"EV{number:03}", "BRB", "", "oas_report") for number in numbers])
    path = data / EVENTS.file
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[100:100] = ["\n", " , \n", "\n"]
    lines[200] = lines[200].replace("course", '"a ""quoted"" title, with a comma"', 1)
    lines[201] = "EV198x" + lines[201][5:].replace("held", "hold")
    path.write_text("".join(lines), encoding="utf-8")
    whole = read_all(build.TABLES, data, build.READERS)
    with in_parts(2000), mock.patch.object(parts.Parts, "_cut", autospec=True, side_effect=parts.Parts._cut) as cut:
        found = parts.parts_of(build.TABLES, data, tmp_path)
        assert found is not None
        split = read_all(build.TABLES, data, build.READERS | found.readers())
    assert cut.call_count == (0 if order == "in order" else 2)
    for table in (EVENTS, PARTICIPATION):
        one, other = whole[table.name], split[table.name]
        assert told(one) == told(other)
        assert one.rows_read == other.rows_read
        assert_frame_equal(one.rejected, other.rejected)
        assert_frame_equal(one.frame.sort("row"), pl.concat(map(pl.read_parquet, other.parts)).sort("row"))


def change_events(edit) -> None:
    edit(EVENTS.file, "Regional workshop", "National workshop")
    edit(EVENTS.file, "EV004,Undated mentoring", "EV009,Undated mentoring")
    edit(PARTICIPATION.file, "EV004,BHS,,oas_report", "EV009,BHS,,oas_release")


@pytest.mark.parametrize("way", ["both in parts", "before in parts", "now in parts", "before too large"])
def test_changes_of_events_are_told_the_same(tiny_data, folder, tmp_path, edit, way):
    whole = tmp_path / "whole"
    build.build(tiny_data, whole, as_of=AS_OF)
    if way in ("both in parts", "before in parts"):
        with in_parts():
            build.build(tiny_data, folder, as_of=AS_OF)
    else:
        build.build(tiny_data, folder, as_of=AS_OF)
    change_events(edit)
    expected = build.build(tiny_data, whole, as_of=AS_OF, reason="Mended")
    if way in ("both in parts", "now in parts"):
        with in_parts():
            result = build.build(tiny_data, folder, as_of=AS_OF, reason="Mended")
    elif way == "before too large":
        with mock.patch.object(build, "HELD_AT_ONCE", 3), mock.patch("pipelines.event_parts.COMPARED_AT_ONCE", 2):
            result = build.build(tiny_data, folder, as_of=AS_OF, reason="Mended")
    else:
        result = build.build(tiny_data, folder, as_of=AS_OF, reason="Mended")
    told = stored_tables(folder)["revision"]
    assert_frame_equal(told, stored_tables(whole)["revision"])
    assert_frame_equal(result.changes, expected.changes)
    assert result.changes["len"].sum() == told.height > 5


def test_a_refused_row_stops_a_build_in_parts_and_leaves_nothing_behind(tiny_data, folder, edit):
    first = build.build(tiny_data, folder, as_of=AS_OF)
    edit(EVENTS.file, "Bridgetown,BRB", "Bridgetown,Barbadoss")
    with in_parts(), pytest.raises(RecordsRefused, match='nearest: "Barbados"'):
        build.build(tiny_data, folder, as_of=AS_OF)
    assert editions.live_id(folder) == first.edition_id
    assert sorted(path.name for path in folder.iterdir()) == [".lock", f"{first.edition_id}.duckdb", "current"]


def test_allowed_refused_rows_are_counted_and_kept_in_parts_too(tiny_data, folder, tmp_path, edit):
    edit(EVENTS.file, "Bridgetown,BRB", "Bridgetown,Barbadoss")
    build.build(tiny_data, tmp_path / "whole", as_of=AS_OF, allow_rejected=True)
    with in_parts():
        build.build(tiny_data, folder, as_of=AS_OF, allow_rejected=True)
    assert_same_editions(tmp_path / "whole", folder)
    report = stored_tables(folder)["load_report"].filter(table_name=EVENTS.name).row(0, named=True)
    assert (report["rows_read"], report["rows_loaded"], report["rows_rejected"]) == (4, 3, 1)


def test_too_many_refused_rows_stop_a_build_in_parts_even_where_refused_rows_are_allowed(tiny_data, folder, edit):
    edit(EVENTS.file, "Bridgetown,BRB", "Bridgetown,Barbadoss")
    edit(EVENTS.file, "Regional workshop,workshop", "Regional workshop,workshops")
    with in_parts(), mock.patch.object(parts, "MOST_REFUSED", 1), pytest.raises(RecordsRefused) as stopped:
        build.build(tiny_data, folder, as_of=AS_OF, allow_rejected=True)
    assert [str(problem) for problem in stopped.value.problems] == [
        "training_events.csv: more than 1 rows are refused; expected: a file of this size with few rows to mend"
    ]


def test_a_promise_broken_in_a_part_stops_the_build(tiny_data, folder, edit):
    edit(PARTICIPATION.file, "EV002,Brasil,10", "EV002,Brasil,11")
    with in_parts(), pytest.raises(PipelineError, match="EV002"):
        build.build(tiny_data, folder, as_of=AS_OF)
    assert sorted(path.name for path in folder.iterdir()) == [".lock"]


def test_what_a_killed_build_left_is_removed_by_the_next(tiny_data, folder):
    killed = """
import os, signal, sys
from datetime import date
from pathlib import Path
from pipelines import build, editions, parts
parts.WHOLE_UP_TO, parts.PART = 0, 200
editions._check = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
build.build(Path(sys.argv[1]), Path(sys.argv[2]), as_of=date(2020, 6, 30))
"""
    command = [sys.executable, "-c", killed, str(tiny_data), str(folder)]
    done = subprocess.run(command, check=False, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])})
    assert done.returncode == -signal.SIGKILL
    assert list((folder / ".work").rglob("*.parquet"))
    assert editions.live_id(folder) is None
    result = build.build(tiny_data, folder, as_of=AS_OF)
    assert sorted(path.name for path in folder.iterdir()) == [".lock", f"{result.edition_id}.duckdb", "current"]


@pytest.mark.parametrize("content", [b"", b"event_id\n", "é".encode("latin-1"), b'a,"b\n'])
def test_an_unusable_file_is_told_the_same_in_parts(tiny_data, tmp_path, content):
    path = tiny_data / EVENTS.file
    path.write_bytes(
        path.read_bytes() + content if content == b'a,"b\n' else content + path.read_bytes() * bool(content)
    )
    found = []
    for is_split in (False, True):
        with in_parts(), pytest.raises(RecordsRefused) as told:
            build.read_records(tiny_data, workspace=tmp_path if is_split else None)
        found.append([problem for problem in told.value.problems if problem.table == EVENTS.name])
    assert found[0] == found[1]
    assert found[0][0].row is None


lines = st.lists(
    st.lists(st.sampled_from(["a", "é", " ", "", '"b, ""c"""', '"two\nlines"', 'd"']), max_size=3).map(",".join),
    max_size=6,
)


@settings(deadline=None, max_examples=60)
@given(lines=lines, start=st.sampled_from(["", "\ufeff"]), end=st.sampled_from(["\n", "\r\n"]))
def test_a_file_read_piece_by_piece_has_the_same_rows(tmp_path_factory, lines, start, end):
    content = (start + end.join(["first,second", *lines, ""])).encode()
    folder = tmp_path_factory.mktemp("scan")
    path = folder / "file.csv"
    path.write_bytes(content)
    with in_parts():
        found = [
            read_or_told(lambda: csv_rows.csv_rows(content, ["first", "second"])),
            read_or_told(lambda: csv_rows.csv_scan(path, ["first", "second"], folder / "pieces")),
        ]
    assert found[0] == found[1]
    shutil.rmtree(folder)


def read_or_told(read: Callable[[], csv_rows.CsvRows | csv_rows.CsvScan]) -> object:
    try:
        rows = read()
    except csv_rows.UnreadableFile as error:
        return error.findings
    frame = rows.frame if isinstance(rows, csv_rows.CsvRows) else rows.rows.sort("row").collect()
    return rows.misshapen, frame.rows()
