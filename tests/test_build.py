"""A build: what it publishes, what it refuses, and what it keeps."""

import json
import shutil
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines import editions, schemas
from pipelines.build import STEPS, build, read_records
from pipelines.errors import RecordsRefused
from pipelines.views import VIEWS
from tests.conftest import AS_OF

EVENTS = "registry/training_events.csv"


@pytest.fixture
def folder(tiny_data: Path) -> Path:
    return tiny_data / "editions"


def tables_of(folder: Path, *names: str) -> dict[str, pl.DataFrame]:
    return editions.read_tables(editions.resolve(None, folder), names or None)


def test_an_edition_holds_all_tables_of_the_contract_and_nothing_else(tiny_edition):
    tables = editions.read_tables(tiny_edition)
    assert set(tables) == set(schemas.TABLES)
    for name, contract in schemas.TABLES.items():
        contract.validate(tables[name], cast=True)
        assert tables[name].columns == contract.column_names()


def test_an_edition_says_what_it_was_built_from(tiny_edition):
    tables = editions.read_tables(tiny_edition, ["edition", "load_report", "rejected_row", "revision"])
    edition = tables["edition"].row(0, named=True)
    assert (edition["edition_id"], edition["as_of_on"]) == (tiny_edition.stem, AS_OF)
    assert (edition["allows_rejected"], edition["is_synthetic"]) == (False, False)
    events = tables["load_report"].filter(file=EVENTS).row(0, named=True)
    assert (events["rows_read"], events["rows_loaded"], events["rows_rejected"]) == (4, 4, 0)
    assert len(events["sha256"]) == 64
    assert tables["rejected_row"].is_empty()
    assert tables["revision"].is_empty()


def test_observations_are_stored_sorted_so_that_reading_one_area_is_quick(tiny_edition):
    stored = editions.read_tables(tiny_edition, ["fct_observation"])["fct_observation"]
    keys = ["area_code", "indicator_id", "year"]
    assert stored.select(keys).rows() == stored.sort(keys, nulls_last=True).select(keys).rows()


def test_a_build_without_changes_keeps_the_live_edition(tiny_data, folder):
    first = build(tiny_data, folder, as_of=AS_OF)
    again = build(tiny_data, folder, as_of=AS_OF)
    assert (again.edition_id, again.is_new) == (first.edition_id, False)
    assert editions.edition_ids(folder) == [first.edition_id]


@pytest.mark.parametrize("change", ["force", "day", "csv", "indicator", "allow_rejected"])
def test_any_change_or_force_makes_a_new_edition(tiny_data, folder, edit, change):
    first = build(tiny_data, folder, as_of=AS_OF)
    if change == "csv":
        edit(EVENTS, "Undated mentoring", "Mentoring")
    if change == "indicator":
        edit("catalog/indicators/population.yml", "position: 100", "position: 99")
    again = build(
        tiny_data,
        folder,
        as_of=date(2020, 7, 1) if change == "day" else AS_OF,
        is_forced=change == "force",
        allow_rejected=change == "allow_rejected",
    )
    assert again.is_new
    assert editions.edition_ids(folder) == [first.edition_id, again.edition_id]
    assert editions.live_id(folder) == again.edition_id


def test_a_refused_row_stops_the_build_with_all_problems_and_keeps_the_live_edition(tiny_data, folder, edit):
    first = build(tiny_data, folder, as_of=AS_OF)
    before = editions.resolve(None, folder).read_bytes()
    edit(EVENTS, "Bridgetown,BRB", "Bridgetown,Barbadoss")
    edit(EVENTS, "2011,2011", "2011-02-30,2011")
    with pytest.raises(RecordsRefused) as told:
        build(tiny_data, folder, as_of=AS_OF)
    columns = [(problem.file, problem.row, problem.column) for problem in told.value.problems]
    assert columns[:2] == [(EVENTS, 2, "host_country"), (EVENTS, 3, "start_date")]
    assert editions.live_id(folder) == first.edition_id
    assert editions.resolve(None, folder).read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == [".lock", f"{first.edition_id}.duckdb", "current"]


@pytest.mark.parametrize(
    ("file", "spoil"),
    [
        (EVENTS, lambda path: path.unlink()),
        (EVENTS, lambda path: path.write_bytes(b"")),
        (EVENTS, lambda path: path.write_bytes(path.read_text().replace("Course", "Formación").encode("latin-1"))),
        (EVENTS, lambda path: path.write_text(path.read_text().replace("host_country", "country"))),
        ("catalog/areas.csv", lambda path: path.unlink()),
        ("catalog/indicators/population.yml", lambda path: path.write_text("family: [")),
    ],
    ids=["missing", "empty", "latin-1", "column", "areas", "indicator"],
)
def test_an_unusable_file_stops_the_build_even_where_refused_rows_are_allowed(tiny_data, folder, file, spoil):
    first = build(tiny_data, folder, as_of=AS_OF)
    spoil(tiny_data / file)
    with pytest.raises(RecordsRefused):
        build(tiny_data, folder, as_of=AS_OF, allow_rejected=True)
    assert editions.live_id(folder) == first.edition_id


def test_allowed_refused_rows_are_left_out_with_all_that_refers_to_them(tiny_data, folder, edit):
    edit("registry/programmes.csv", "prosecution,training,2010", "prosecution,trainings,2010")
    result = build(tiny_data, folder, as_of=AS_OF, allow_rejected=True)
    tables = tables_of(folder)
    assert tables["dim_programme"]["programme_id"].to_list() == ["P02"]
    assert tables["fct_training_event"]["event_id"].to_list() == ["EV003", "EV004"]
    assert set(tables["fct_training_participation"]["event_id"]) == {"EV004"}
    assert tables["edition"]["allows_rejected"].item() is True
    for read in result.records.values():
        assert read.rows_read == read.rows_loaded + read.rows_rejected
    refused = tables["rejected_row"].filter(table_name="programmes").row(0, named=True)
    assert (refused["file"], refused["row"], refused["column"], refused["value"]) == (
        "registry/programmes.csv", 2, "activity_type", "trainings",
    )  # fmt: skip
    assert refused["reason"].endswith('nearest: "training"')
    assert json.loads(refused["original"])["programme_id"] == "P01"
    rejected = {(row["table_name"], row["row"]) for row in tables["rejected_row"].iter_rows(named=True)}
    assert len(rejected) == sum(read.rows_rejected for read in result.records.values())


def test_a_refused_answer_keeps_no_small_count(tiny_data, folder, edit):
    edit("registry/questionnaire_answers.csv", 'all female",7,victims', 'all female",7 girls,victims')
    build(tiny_data, folder, as_of=AS_OF, allow_rejected=True)
    refused = tables_of(folder, "rejected_row")["rejected_row"]
    assert refused.select("column", "value").rows() == [("value", None)]
    for kept in refused.select("reason", "original").row(0):
        assert "female" not in kept
        assert "girls" not in kept
        assert "one place" not in kept


def test_a_new_edition_tells_what_changed(tiny_data, folder, edit):
    build(tiny_data, folder, as_of=AS_OF)
    edit("registry/national_plans.csv", "2015,2018,published", "2015,2018,evaluated")
    edit("registry/questionnaire_answers.csv", "16,victims", "17,victims")
    result = build(tiny_data, folder, as_of=AS_OF, reason="A later report")
    changed = tables_of(folder, "revision")["revision"]
    assert changed.rows() == result.revision.rows()
    assert changed.select("table_name", "record_key", "column", "old_value", "new_value", "reason").rows() == [
        ("fct_answer", "QA002", "answer", "16", "17", "A later report"),
        ("fct_answer", "QA002", "value", "16.0", "17.0", "A later report"),
        ("national_plan", "NP001", "status", "published", "evaluated", "A later report"),
    ]
    assert result.previous_rows[EVENTS] == 4


def test_a_live_edition_that_cannot_be_read_does_not_stop_the_next_build(tiny_data, folder):
    first = build(tiny_data, folder, as_of=AS_OF)
    path = editions.resolve(None, folder)
    path.chmod(0o644)
    path.write_bytes(b"not a database")
    second = build(tiny_data, folder, as_of=AS_OF)
    assert second.is_new
    assert second.edition_id != first.edition_id
    assert tables_of(folder, "edition")["edition"].height == 1


def test_only_the_last_editions_are_kept(tiny_data, folder):
    built = [build(tiny_data, folder, as_of=AS_OF, is_forced=True).edition_id]
    for number in range(2, 14):
        shutil.copy(folder / f"{built[0]}.duckdb", folder / f"20200101T0000{number:02}Z.duckdb")
    newest = build(tiny_data, folder, as_of=AS_OF, is_forced=True)
    kept = editions.edition_ids(folder)
    assert len(kept) == editions.KEPT
    assert kept[-2:] == [built[0], newest.edition_id]
    assert len(newest.pruned) == 4


def test_progress_tells_every_step_once(tiny_data, folder):
    steps: list[str] = []
    build(tiny_data, folder, as_of=AS_OF, on_step=steps.append)
    assert len(steps) == len(set(steps)) == STEPS


def test_all_tables_of_a_build_can_be_asked_in_sql(tiny_edition):
    with duckdb.connect(tiny_edition, read_only=True) as connection:
        found = connection.sql(
            "select answer_status, count(*) from fct_answer where round_id = $round group by all order by all",
            params={"round": "Q2012"},
        ).fetchall()
    assert found == [("A", 3), ("Q", 1)]


def test_reading_refuses_before_anything_is_made(tiny_data, edit):
    edit(EVENTS, "workshop,P01,held", "workshop,P01,heldd")
    with pytest.raises(RecordsRefused, match='"heldd" is not one of held, announced, planned; nearest: "held"'):
        read_records(tiny_data)


def test_the_sizes_of_views_are_those_of_their_rows(shipped):
    with duckdb.connect(shipped, read_only=True) as connection:
        sizes = dict(connection.execute("select table_name, rows from stored.view_size").fetchall())
        counted = {name: connection.table(name).count("*").fetchall()[0][0] for name in sizes}
    assert sizes.keys() == VIEWS.keys()
    assert sizes == counted
