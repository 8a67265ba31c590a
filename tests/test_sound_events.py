"""Very many events that DuckDB reads straight into the edition: the same edition, or else the same words about faults."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pipelines import build, dates, editions, parts, sound_events
from pipelines.errors import RecordsRefused
from pipelines.sound_events import EVENTS, PARTICIPATION, SoundEvents
from tests.conftest import AS_OF, make_tiny_data
from tests.test_big_build import (
    CELLS,
    SOUND,
    TAKERS,
    assert_same_editions,
    events,
    told,
    write_files,
)

SOUND_CELLS = {
    "title": st.sampled_from(["Course", "Cours, à distance", 'a "quoted" title', "two\nlines", "x;y", "研修"]),
    "programme_id": st.sampled_from(["P01", "", "P02"]),
    "status": st.sampled_from(["held", "announced", "planned"]),
    "start_date": st.sampled_from(["2010-04-08", "2011", "2010-05", "", "2012-02-29"]),
    "end_date": st.sampled_from(["2012-06-09", "2012", "2012-03", ""]),
    "host_country": st.sampled_from(["BRB", "CHL", ""]),
    "audience": st.sampled_from(["police;judges", "police", "", "judges;police;police"]),
    "count_scope": st.sampled_from(["", "officials", "officials_and_civil_society"]),
    "source_id": st.sampled_from(["oas_report", "oas_release"]),
    "source_id_2": st.sampled_from(["", "oas_release"]),
    "topics": st.sampled_from(["", "shelter", "shelter;visas"]),
}


@contextmanager
def all_are_many() -> Iterator[list[int]]:
    """Every file is big; how many events were read as sound, build by build."""
    read: list[int] = []
    tables = SoundEvents.tables

    def counting(self: SoundEvents, *given: object) -> dict[str, pl.DataFrame]:
        read.append(self.count)
        return tables(self, *given)  # pyright: ignore[reportArgumentType]

    with (
        mock.patch.multiple(parts, WHOLE_UP_TO=0, PART=200),
        mock.patch.object(SoundEvents, "tables", counting),
    ):
        yield read


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_tiny_data(tmp_path_factory.mktemp("sound"))


def assert_same_outcome(data: Path, work: Path) -> list[int]:
    """Built whole and as very many, the edition is the same; how many events were read as sound."""
    whole, many = work / "whole", work / "many"
    build.build(data, whole, as_of=AS_OF)
    with all_are_many() as read:
        build.build(data, many, as_of=AS_OF)
    assert_same_editions(whole, many)
    return read


@st.composite
def sound_events_rows(draw: st.DrawFn) -> list[dict[str, str]]:
    """Rows of events without a fault."""
    rows = []
    for number in draw(st.permutations(range(1, 6))):
        cells = {column: draw(cell) for column, cell in SOUND_CELLS.items()}
        if cells["end_date"] and cells["start_date"] > cells["end_date"]:
            cells["end_date"] = ""
        stated = draw(st.sampled_from(["", "0", "40", "900"]))
        basis = draw(st.sampled_from(["reported", "announced"])) if stated else ""
        women = draw(st.sampled_from(["", "0"])) if stated else ""
        numbers = {"officials_trained": stated, "women_trained": women, "number_basis": basis}
        rows.append({**SOUND, **cells, **numbers, "event_id": f"EV{number:03}"})
    return rows


@settings(deadline=None, max_examples=8)
@given(
    rows=sound_events_rows(),
    takers=st.lists(
        st.tuples(
            st.sampled_from(["EV001", "EV002", "EV005"]),
            st.sampled_from(["BRB", "Brasil", "152"]),
            st.just(""),
            st.just("oas_report"),
        ),
        max_size=4,
        unique_by=lambda taker: taker[:2],
    ),
)
def test_sound_events_make_the_same_edition(data, tmp_path_factory, rows, takers):
    write_files(data, rows, takers)
    assert assert_same_outcome(data, tmp_path_factory.mktemp("work")) == [5]


def assert_told_as_in_small_files(data: Path, work: Path) -> int:
    """Read whole and as very many, the same is told of the files; how many events were read as sound."""
    work.mkdir(exist_ok=True)
    with all_are_many(), editions.writing(work, "20260101T000000Z") as writer:
        sound = SoundEvents(writer)
        many = read(data, work / "parts", sound)
    whole = read(data)
    assert many == whole
    return sound.count


def read(data: Path, workspace: Path | None = None, sound: SoundEvents | None = None) -> object:
    """What is told of the files of events and participants, or of the file that cannot be used."""
    try:
        records = build.read_records(data, allow_rejected=True, workspace=workspace, sound=sound)
    except RecordsRefused as refused:
        return [str(problem) for problem in refused.problems]
    found = [records[table.name] for table in (EVENTS, PARTICIPATION)]
    return [(told(one), one.rows_read, one.rows_loaded, one.rows_rejected, one.sha256) for one in found]


@settings(deadline=None, max_examples=30)
@given(
    rows=events(),
    takers=st.lists(TAKERS, max_size=4),
    extra=st.sampled_from(["", "\n", "EV007,short,course\n", " , \n", "EV008" + "," * 25 + "\n"]),
)
def test_faults_are_told_as_in_small_files(data, tmp_path_factory, rows, takers, extra):
    write_files(data, rows, takers, extra)
    assert_told_as_in_small_files(data, tmp_path_factory.mktemp("work"))


ROWS = [{**SOUND, "event_id": f"EV{number:03}", "start_date": "2011-05"} for number in range(1, 6)]


def changed(**cells: str) -> Callable[[Path], None]:
    """Sound events, but for these cells of the third."""

    def write(data: Path) -> None:
        write_files(data, [*ROWS[:2], {**ROWS[2], **cells}, *ROWS[3:]], [("EV002", "BRB", "", "oas_report")])

    return write


def rewritten(change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """Sound events in a file whose bytes were changed so."""

    def write(data: Path) -> None:
        write_files(data, ROWS, [])
        path = data / EVENTS.file
        path.write_bytes(change(path.read_bytes()))

    return write


@pytest.mark.parametrize(
    "write",
    [
        changed(),
        changed(start_date="2012-02-29", end_date="2012-03"),
        changed(title="a,b", note='"quoted"\nover two lines'),
        changed(officials_trained="12", number_basis="reported"),
        changed(event_id="EV000"),
        rewritten(lambda content: b"\xef\xbb\xbf" + content),
        rewritten(lambda content: content.replace(b",Course,", b',"Course",')),
        rewritten(lambda content: content + b"\n\n"),
        rewritten(lambda content: content.replace(b"\n", b"\r\n")),
    ],
    ids=["plain", "leap day", "quotes", "number", "other order", "mark", "quoted cells", "empty lines", "line ends"],
)
def test_what_is_sound_is_read_so(data, tmp_path, write):
    write(data)
    assert assert_same_outcome(data, tmp_path) == [5]


@pytest.mark.parametrize(
    "write",
    [
        changed(host_country="Chile"),
        changed(officials_trained="012", number_basis="reported"),
        changed(officials_trained="1e2", number_basis="reported"),
        changed(officials_trained="+7", number_basis="reported"),
        changed(officials_trained="7"),
        changed(women_trained="3", officials_trained="2", number_basis="reported"),
        changed(start_date="2010-3-1"),
        changed(start_date="2010/03/01"),
        changed(start_date="2010-02-30"),
        changed(start_date="1500"),
        changed(start_date="2012", end_date="2010"),
        changed(title=" Course"),
        changed(title="Course\u00a0"),
        changed(title="Cou\x07rse"),
        changed(title=""),
        changed(event_id="EV001"),
        changed(event_id="EV 3"),
        changed(event_id=""),
        changed(audience="police ;judges"),
        changed(audience="nobody"),
        changed(topics="a;;b"),
        changed(source_id="nowhere"),
        changed(programme_id="P99"),
        changed(status="Held"),
        rewritten(lambda content: content.replace(b"Course", b"Cours\xe9", 1)),
        rewritten(lambda content: content.replace(b"title", b"titel", 1)),
        rewritten(lambda content: content + b"EV009,short\n"),
        rewritten(lambda content: content + b'EV009,"open\n'),
        rewritten(lambda content: b""),
    ],
)
def test_what_is_not_sound_is_told_as_in_small_files(data, tmp_path, write):
    write(data)
    assert assert_told_as_in_small_files(data, tmp_path) == 0


def test_with_very_many_participants_events_are_read_in_parts(data, tmp_path):
    write_files(data, ROWS, [("EV002", "BRB", "", "oas_report")])
    with mock.patch.object(sound_events, "MOST_PARTICIPATION", 10):
        assert assert_told_as_in_small_files(data, tmp_path) == 0


def test_what_changed_since_the_edition_before_is_the_same(data, tmp_path):
    folders = [tmp_path / "whole", tmp_path / "many"]
    later = [
        [{**ROWS[0], "host_country": "CHL"}, *ROWS[2:], {**ROWS[0], "event_id": "EV009"}],
        [("EV003", "BRB", "", "oas_report")],
    ]
    write_files(data, ROWS, [("EV002", "BRB", "", "oas_report")])
    for folder in folders:
        build.build(data, folder, as_of=AS_OF)
    write_files(data, *later)
    build.build(data, folders[0], as_of=AS_OF)
    with all_are_many() as read, mock.patch.object(sound_events, "COMPARED_AT_ONCE", 2):
        result = build.build(data, folders[1], as_of=AS_OF)
    assert read == [5]
    assert_same_editions(*folders)
    added = result.changes.filter(table_name="fct_training_event").select("change", "len").rows()
    assert added == [("added", 1), ("changed", 1), ("withdrawn", 1)]


def test_the_year_rule_in_sql_is_the_rule(tmp_path):
    written = ["", "2010", "2010-05", "2010-05-06", "2012", "2012-01", "2012-12-31"]
    pairs = [(start, end) for start in written for end in written]
    text = "\n".join([",".join(EVENTS.columns), *(_line(*pair) for pair in pairs)])
    (tmp_path / "events.csv").write_text(f"{text}\n", encoding="utf-8")
    with sound_events.duckdb.connect() as connection:
        for macro in sound_events._MACROS:
            connection.execute(macro)
        lines = connection.read_csv(str(tmp_path / "events.csv"), columns=dict.fromkeys(EVENTS.columns, "VARCHAR"))
        found = sound_events._queried(lines, "lines", sound_events._EVENTS).pl()
    stated = pl.DataFrame(pairs, schema=["start_date", "end_date"], orient="row").with_columns(
        pl.all().replace("", None)
    )
    expected = stated.select(
        *dates.stated("start_date", "start"),
        *dates.stated("end_date", "end"),
        *dates.year_columns("start_date", "end_date"),
    )
    assert_frame_equal(found.select(expected.columns), expected)


def _line(start: str, end: str) -> str:
    cells = {"event_id": f"E{start}.{end}", "start_date": start, "end_date": end}
    return ",".join(cells.get(name, "") for name in EVENTS.columns)


def test_rows_let_go_leave_nothing_in_the_edition(data, tmp_path):
    changed(host_country="Chile")(data)
    with all_are_many():
        build.build(data, tmp_path, as_of=AS_OF)
    stored = editions.read_tables(editions.resolve(None, tmp_path))
    assert stored["fct_training_event"].height == 5
    assert PARTICIPATION.name not in stored
    assert set(CELLS) <= {*EVENTS.columns}
