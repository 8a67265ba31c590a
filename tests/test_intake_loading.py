"""A load: what it writes, what it refuses, what it keeps, and how it is taken back."""

import csv
import json
import shutil
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from pipelines import editions
from pipelines.build import build, read_records
from pipelines.cli import app
from pipelines.errors import EditionError, PipelineError
from pipelines.fields import Table
from pipelines.intake import holding, journal
from pipelines.intake.checking import check_files
from pipelines.intake.loading import LoadResult, load
from pipelines.intake.merged_records import merged_records
from pipelines.intake.merging import merge
from pipelines.intake.rolling_back import roll_back
from pipelines.intake.tables import BY_NAME
from tests.conftest import AS_OF

EVENTS, ANSWERS, MEETINGS = (BY_NAME[name] for name in ("training_events", "questionnaire_answers", "meetings"))
REASON = "Final report"
Row = Mapping[str, str]


@pytest.fixture
def folder(tiny_data: Path) -> Path:
    return tiny_data / "editions"


@pytest.fixture
def first(tiny_data: Path, folder: Path, tiny_edition: Path) -> str:
    """The edition that is live before any load, made from the data as they are."""
    folder.mkdir()
    shutil.copy(tiny_edition, folder)
    editions.publish(folder, tiny_edition.stem)
    with editions.locked(folder):
        return tiny_edition.stem


def on_file(data: Path, table: Table) -> list[dict[str, str]]:
    with (data / table.file).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def handed_in(data: Path, table: Table, rows: Sequence[Row], name: str = "") -> Path:
    """A CSV file beside the data folder with these rows; the columns are those of the first."""
    path = data.parent / f"{name or table.name}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def new_event(data: Path, **cells: str) -> dict[str, str]:
    return on_file(data, EVENTS)[1] | {"event_id": "EV010", "title": "New course"} | cells


def changed_event(data: Path, **cells: str) -> dict[str, str]:
    return on_file(data, EVENTS)[1] | {"officials_trained": "31"} | cells


def do_load(data: Path, *paths: Path, **settings: object) -> LoadResult:
    return load(list(paths), data, data / "editions", as_of=AS_OF, **settings)  # pyright: ignore[reportArgumentType]


def listing(folder: Path) -> dict[str, str]:
    """Every file and folder below ``folder`` with a checksum of what it holds."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        for path in sorted(folder.rglob("*"))
    }


def table_of(folder: Path, name: str) -> pl.DataFrame:
    return editions.read_tables(editions.resolve(None, folder), [name])[name]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [*map(str, arguments), "--as-of", str(AS_OF)])


def test_new_records_are_published_and_stand_at_the_end_of_the_registry(tiny_data, folder, first):
    before = (tiny_data / EVENTS.file).read_text(encoding="utf-8")
    result = do_load(tiny_data, handed_in(tiny_data, EVENTS, [new_event(tiny_data)]))
    assert result.is_published
    assert editions.live_id(folder) == result.edition_id != first
    after = (tiny_data / EVENTS.file).read_text(encoding="utf-8")
    assert after == before + "EV010,New course,workshop,P01,held,2011,2011,Santiago,CHL,police,30,12,reported,officials,in_person,,oas_report,,,en\n"  # fmt: skip
    assert "EV010" in table_of(folder, "fct_training_event")["event_id"].to_list()
    assert sorted(path.name for path in (tiny_data / "intake").iterdir()) == ["archive", "received"]


def test_an_edition_is_made_of_the_very_records_that_its_files_hold(tiny_data):
    meeting = on_file(tiny_data, MEETINGS)[0] | {"meeting_id": "RTP-IV", "number": "4"}
    events = [new_event(tiny_data, title=' A "title", in two\nlines ; '), changed_event(tiny_data, city="Lima")]
    paths = [handed_in(tiny_data, EVENTS, events), handed_in(tiny_data, MEETINGS, [meeting])]
    checked = check_files(paths, tiny_data, has_everything=True)
    planned = merge(checked, tiny_data)
    known = merged_records(checked, planned)
    for table in planned.tables.values():
        (tiny_data / table.table.file).write_bytes(table.content)
    read = read_records(tiny_data)
    assert known.keys() == read.keys() | {"columns"}  # the headings, which only a check looks at
    for name, records in read.items():
        assert known[name].frame.equals(records.frame), name
        assert (known[name].sha256, known[name].rows_read) == (records.sha256, records.rows_read)


def test_where_a_record_goes_all_files_are_read_again(tiny_data):
    going = handed_in(tiny_data, EVENTS, [{"event_id": "EV003", "withdraw": "x"}])
    checked = check_files([going], tiny_data, has_everything=True)
    planned = merge(checked, tiny_data)
    assert planned.tables["training_events"].withdrawn.height == 1
    assert merged_records(checked, planned) == {}


def test_a_file_edited_while_it_was_checked_is_read_again(tiny_data):
    checked = check_files([handed_in(tiny_data, EVENTS, [new_event(tiny_data)])], tiny_data, has_everything=True)
    with (tiny_data / EVENTS.file).open("a", encoding="utf-8") as file:
        file.write("EV011,By hand,workshop,P01,held,2011,2011,,,,,,,,,,oas_report,,,en\n")
    assert merged_records(checked, merge(checked, tiny_data)) == {}


def test_the_edition_tells_what_was_handed_in(tiny_data, folder, first):
    path = handed_in(tiny_data, EVENTS, [new_event(tiny_data)])
    do_load(tiny_data, path)
    report = table_of(folder, "load_report")
    assert report.filter("is_handed_in").drop("is_handed_in").rows() == [
        ("training_events", "training_events.csv", sha256(path.read_bytes()).hexdigest(), 1, 1, 0)
    ]
    assert report.filter(~pl.col("is_handed_in"), file=EVENTS.file)["rows_loaded"].item() == 5
    assert not table_of(folder, "edition")["allows_rejected"].item()


def test_the_same_file_again_changes_nothing(tiny_data, folder, first):
    path = handed_in(tiny_data, EVENTS, [new_event(tiny_data), changed_event(tiny_data)])
    live = do_load(tiny_data, path, reason=REASON).edition_id
    before = listing(tiny_data)
    again = do_load(tiny_data, path)
    assert (again.is_published, again.edition_id, again.merge.is_change) == (False, live, False)
    assert listing(tiny_data) == before
    assert not build(tiny_data, folder, as_of=AS_OF).is_new


def test_a_changed_or_withdrawn_record_needs_a_reason(tiny_data, first):
    before = listing(tiny_data)
    changed = handed_in(tiny_data, EVENTS, [changed_event(tiny_data), new_event(tiny_data)])
    with pytest.raises(PipelineError) as told:
        do_load(tiny_data, changed, reason="  ")
    lines = str(told.value).splitlines()
    assert lines[0] == 'training_events.csv, row 2: "EV002" would change'
    assert len(lines) == 2
    assert "--reason" in lines[1]
    marked = handed_in(tiny_data, EVENTS, [{"event_id": "EV003", "withdraw": "x"}], "withdrawn")
    with pytest.raises(PipelineError, match=r'withdrawn\.csv, row 2: "EV003" would be withdrawn'):
        do_load(tiny_data, marked)
    assert listing(tiny_data) == before


def test_the_reason_stands_beside_what_the_load_changed_and_nothing_else(tiny_data, folder, first, edit):
    edit("registry/national_plans.csv", "2015,2018,published", "2015,2018,evaluated")
    rows = [changed_event(tiny_data), new_event(tiny_data)]
    result = do_load(tiny_data, handed_in(tiny_data, EVENTS, rows), reason=REASON)
    assert result.is_behind
    revision = table_of(folder, "revision")
    reasons = {
        (name, key, column): reason
        for name, key, column, reason in revision.select("table_name", "record_key", "column", "reason").iter_rows()
    }
    assert reasons["fct_training_event", "EV002", "officials_stated"] == REASON
    assert reasons["fct_training_event", "EV010", "*"] == REASON
    assert {name for name, key, _column in reasons if key.startswith("EV010")} == {"fct_training_event"}
    assert reasons["national_plan", "NP001", "status"] is None
    assert set(revision.filter(table_name="fct_observation")["reason"]) == {None}


def test_a_dry_run_writes_nothing(tiny_data, first):
    path = handed_in(tiny_data, EVENTS, [new_event(tiny_data)])
    before = listing(tiny_data.parent)
    result = do_load(tiny_data, path, is_dry_run=True)
    assert (result.is_published, result.merge.is_change) == (False, True)
    assert listing(tiny_data.parent) == before


def test_a_dry_run_needs_no_edition_and_makes_no_folder(tiny_data):
    do_load(tiny_data, handed_in(tiny_data, EVENTS, [new_event(tiny_data)]), is_dry_run=True)
    assert not (tiny_data / "editions").exists()


@pytest.mark.parametrize("is_dry_run", [True, False])
def test_a_promise_that_only_the_whole_breaks_is_told_by_the_row_handed_in(tiny_data, first, is_dry_run):
    table = BY_NAME["questionnaire_responses"]
    row = on_file(tiny_data, table)[0] | {"response_id": "QR010", "country": "BRA"}
    before = listing(tiny_data)
    with pytest.raises(PipelineError) as told:
        do_load(tiny_data, handed_in(tiny_data, table, [row]), is_dry_run=is_dry_run)
    assert "QR003, QR010 are all the return of BRA" in str(told.value)
    assert "(see questionnaire_responses.csv, row 2)" in str(told.value)
    assert listing(tiny_data) == before


def test_a_withdrawal_that_other_records_stand_against_is_told_by_its_row(tiny_data, first):
    before = listing(tiny_data)
    marked = handed_in(tiny_data, EVENTS, [{"event_id": "EV001", "withdraw": "x"}])
    with pytest.raises(PipelineError, match=r'^training_events\.csv, row 2, .*"EV001" is not to be withdrawn while'):
        do_load(tiny_data, marked, reason=REASON)
    complete = handed_in(tiny_data, EVENTS, on_file(tiny_data, EVENTS)[1:])
    with pytest.raises(PipelineError) as told:
        do_load(tiny_data, complete, reason=REASON, is_complete=True)
    assert str(told.value).splitlines() == [
        'training_participation.csv, row 2, column event_id: "EV001" is not usable: a complete file without it '
        "withdraws its record",
        "Nothing was changed.",
    ]
    assert listing(tiny_data) == before


def test_records_and_what_refers_to_them_can_be_withdrawn_together(tiny_data, folder, first):
    events = handed_in(tiny_data, EVENTS, [{"event_id": "EV001", "withdraw": "x"}])
    table = BY_NAME["training_participation"]
    participation = handed_in(tiny_data, table, [{"event_id": "EV001", "country": "Barbados", "withdraw": "x"}])
    do_load(tiny_data, events, participation, reason=REASON)
    assert "EV001" not in (tiny_data / EVENTS.file).read_text(encoding="utf-8")
    gone = table_of(folder, "revision").filter(change="withdrawn", reason=REASON)
    assert {("fct_training_event", "EV001"), ("fct_training_participation", "EV001|BRB|participant")} <= set(
        gone.select("table_name", "record_key").iter_rows()
    )


def test_a_complete_file_withdraws_what_it_lacks(tiny_data, folder, first):
    rows = on_file(tiny_data, EVENTS)
    path = handed_in(tiny_data, EVENTS, [rows[0], rows[1], rows[3]])
    assert not do_load(tiny_data, path).merge.is_change
    with pytest.raises(PipelineError, match='"EV003" would be withdrawn: the complete file does not have it'):
        do_load(tiny_data, path, is_complete=True)
    do_load(tiny_data, path, is_complete=True, reason=REASON)
    assert [row["event_id"] for row in on_file(tiny_data, EVENTS)] == ["EV001", "EV002", "EV004"]


def test_a_refused_row_stops_the_load(tiny_data, first):
    before = listing(tiny_data)
    path = handed_in(tiny_data, EVENTS, [new_event(tiny_data), new_event(tiny_data, event_id="EV011", status="heldd")])
    with pytest.raises(PipelineError) as told:
        do_load(tiny_data, path)
    assert "row 3" in str(told.value)
    assert "--allow-rejected" in str(told.value).splitlines()[-1]
    assert listing(tiny_data) == before


def test_refused_rows_can_be_left_out_and_the_edition_says_so(tiny_data, folder, first):
    rows = [new_event(tiny_data), new_event(tiny_data, event_id="EV011", status="heldd")]
    path = handed_in(tiny_data, EVENTS, rows)
    with pytest.raises(PipelineError, match="--complete"):
        do_load(tiny_data, path, allow_rejected=True, is_complete=True, reason=REASON)
    result = do_load(tiny_data, path, allow_rejected=True)
    assert [row["event_id"] for row in on_file(tiny_data, EVENTS)][-1] == "EV010"
    report = table_of(folder, "load_report").filter("is_handed_in")
    assert report.select("rows_read", "rows_loaded", "rows_rejected").rows() == [(2, 1, 1)]
    refused = table_of(folder, "rejected_row").row(0, named=True)
    assert (refused["table_name"], refused["file"], refused["row"], refused["column"], refused["value"]) == (
        "training_events", "training_events.csv", 3, "status", "heldd",
    )  # fmt: skip
    assert "EV011" in json.loads(refused["original"]).values()
    assert table_of(folder, "edition")["allows_rejected"].item()
    kept = tiny_data / "intake" / "received" / str(result.edition_id)
    assert sorted(file.name for file in kept.iterdir()) == ["load.json", "rejected.xlsx", "training_events.csv"]
    assert not build(tiny_data, folder, as_of=AS_OF).is_new


def test_a_refused_answer_keeps_no_small_count_in_the_edition(tiny_data, folder, first):
    model = on_file(tiny_data, ANSWERS)[0]
    bad = model | {"answer_id": "QA010", "country": "CHL", "value": "3 girls", "answer": "3 girls in one town"}
    good = on_file(tiny_data, ANSWERS)[2] | {"answer_id": "QA011", "country": "CHL"}
    do_load(tiny_data, handed_in(tiny_data, ANSWERS, [bad, good]), allow_rejected=True)
    refused = table_of(folder, "rejected_row")
    assert refused.select("column", "value").rows() == [("value", None)]
    for kept in refused.select("reason", "original").row(0):
        assert "girls" not in kept
        assert "one place" not in kept
    assert json.loads(refused["original"][0])["answer_id"] == "QA010"


def test_what_was_handed_in_is_kept_with_what_it_did(tiny_data, folder, first):
    path = handed_in(tiny_data, EVENTS, [changed_event(tiny_data), new_event(tiny_data)])
    before = journal.checksum_of(tiny_data / EVENTS.file)
    result = do_load(tiny_data, path, reason=REASON)
    kept = journal.received(tiny_data, str(result.edition_id))
    assert (kept / path.name).read_bytes() == path.read_bytes()
    about = json.loads((kept / "load.json").read_text(encoding="utf-8"))
    assert (about["edition_before"], about["edition_after"], about["reason"]) == (first, result.edition_id, REASON)
    assert about["counts"] == {"training_events": {"new": 1, "changed": 1, "unchanged": 0, "withdrawn": 0}}
    after = journal.checksum_of(tiny_data / EVENTS.file)
    assert about["registry"] == {EVENTS.file: {"before": before, "after": after}}
    archive = tiny_data / "intake" / "archive"
    assert {file.name: journal.checksum_of(file) for file in archive.iterdir()} == {before: before, after: after}


def test_a_load_is_taken_back_and_brought_forward_again_with_its_records(tiny_data, folder, first):
    then = {path: path.read_bytes() for path in (tiny_data / "registry").iterdir()}
    loaded = do_load(tiny_data, handed_in(tiny_data, EVENTS, [changed_event(tiny_data)]), reason=REASON).edition_id
    afterwards = (tiny_data / EVENTS.file).read_bytes()
    back = roll_back(tiny_data, folder)
    assert (back.edition_id, back.restored, back.why_left) == (first, (EVENTS.file,), None)
    assert {path: path.read_bytes() for path in (tiny_data / "registry").iterdir()} == then
    again = build(tiny_data, folder, as_of=AS_OF)
    assert (again.edition_id, again.is_new) == (first, False)
    forward = roll_back(tiny_data, folder, loaded)
    assert (forward.edition_id, forward.restored) == (loaded, (EVENTS.file,))
    assert (tiny_data / EVENTS.file).read_bytes() == afterwards
    assert not build(tiny_data, folder, as_of=AS_OF).is_new


def test_a_registry_edited_by_hand_since_is_left_alone_by_a_rollback(tiny_data, folder, first, edit):
    do_load(tiny_data, handed_in(tiny_data, EVENTS, [new_event(tiny_data)]))
    edit(EVENTS.file, "Undated mentoring", "Mentoring")
    edited = (tiny_data / EVENTS.file).read_bytes()
    back = roll_back(tiny_data, folder)
    assert (back.edition_id, back.restored) == (first, ())
    assert back.why_left is not None
    assert back.why_left.startswith("training_events.csv was edited since the live edition was made")
    assert (tiny_data / EVENTS.file).read_bytes() == edited


def test_records_that_no_load_has_kept_are_left_alone_by_a_rollback(tiny_data, folder, first, edit):
    edit(EVENTS.file, "Undated mentoring", "Mentoring")
    build(tiny_data, folder, as_of=AS_OF)
    back = roll_back(tiny_data, folder)
    assert (back.edition_id, back.restored) == (first, ())
    assert "is not kept; the next build would publish them again" in str(back.why_left)


def test_a_hand_edit_made_after_a_load_was_decided_is_kept(tiny_data, folder, first):
    with editions.locked(folder), journal.Staging(tiny_data) as staging:
        staging.lay_out(EVENTS.file, b"merged")
        staging.decide(folder, first)
    (tiny_data / EVENTS.file).write_bytes(b"edited")
    with holding.for_reading(tiny_data):
        pass
    assert (tiny_data / EVENTS.file).read_bytes() == b"merged"
    assert [file.read_bytes() for file in (tiny_data / "intake" / "archive").iterdir()] == [b"edited"]


def test_what_no_edition_refers_to_is_pruned(tiny_data, folder, first, monkeypatch):
    monkeypatch.setattr(editions.prune, "__defaults__", (2,))
    loaded = [
        do_load(tiny_data, handed_in(tiny_data, EVENTS, [new_event(tiny_data, event_id=f"EV02{n}")])).edition_id
        for n in range(3)
    ]
    assert editions.edition_ids(folder) == loaded[1:]
    assert sorted(path.name for path in (tiny_data / "intake" / "received").iterdir()) == loaded[1:]
    assert len(list((tiny_data / "intake" / "archive").iterdir())) == 2


def test_synthetic_and_real_records_never_mix(tiny_data, first):
    sources = BY_NAME["sources"]
    synthetic = on_file(tiny_data, sources)[1] | {"source_id": "made_up", "kind": "synthetic"}
    before = listing(tiny_data)
    with pytest.raises(PipelineError, match="synthetic"):
        do_load(
            tiny_data,
            handed_in(tiny_data, sources, [synthetic]),
            handed_in(tiny_data, EVENTS, [new_event(tiny_data, source_id="made_up")]),
        )
    assert listing(tiny_data) == before


def test_a_file_edited_while_the_load_is_at_work_is_not_overwritten(tiny_data, folder, first):
    def edit_meanwhile(*_plan: object) -> bool:
        with (tiny_data / EVENTS.file).open("a", encoding="utf-8") as file:
            file.write("\n")
        return True

    path = handed_in(tiny_data, EVENTS, [new_event(tiny_data)])
    with pytest.raises(EditionError, match=r"training_events\.csv was edited while the load was at work"):
        do_load(tiny_data, path, on_plan=edit_meanwhile)
    assert editions.edition_ids(folder) == [first]
    assert not (tiny_data / "intake").exists()


def test_a_plan_that_is_not_agreed_to_changes_nothing(tiny_data, first):
    before = listing(tiny_data)
    result = do_load(tiny_data, handed_in(tiny_data, EVENTS, [new_event(tiny_data)]), on_plan=lambda *_plan: False)
    assert (result.is_agreed, result.is_published, result.edition_id) == (False, False, first)
    assert listing(tiny_data) == before


@pytest.mark.parametrize("stage", ["reading", "checking", "building the edition"])
def test_ctrl_c_changes_nothing(tiny_data, first, stage):
    def stop(name: str, done: int, total: int | None) -> None:
        if name == stage:
            raise KeyboardInterrupt

    path = handed_in(tiny_data, EVENTS, [new_event(tiny_data)])
    before = listing(tiny_data)
    with pytest.raises(KeyboardInterrupt):
        do_load(tiny_data, path, on_progress=stop)
    assert listing(tiny_data) == before


def test_many_may_read_the_data_but_whoever_changes_them_is_alone(tiny_data):
    is_refused = pytest.raises(EditionError, match="using these data; nothing was changed, try again")
    with holding.for_reading(tiny_data), holding.for_reading(tiny_data), is_refused, holding.for_changing(tiny_data):
        pass
    with holding.for_changing(tiny_data), is_refused, holding.for_reading(tiny_data):
        pass


def test_the_command_lists_what_changes_and_says_how_to_take_it_back(tiny_data, folder, first):
    rows = [changed_event(tiny_data, note="[b]31[/b]"), new_event(tiny_data)]
    path = handed_in(tiny_data, EVENTS, rows)
    told = run("load", path, "--reason", REASON)
    assert told.exit_code == 0
    assert f"The edition {editions.live_id(folder)} is live, with these records." in told.output
    assert "To take it back: panorama rollback" in told.output
    assert "[b]31[/b]" in told.output
    assert "EV010" in told.output
    again = run("load", path)
    assert "The registry holds all of this already; nothing was changed." in again.output


def test_a_dry_run_of_the_command_lists_the_same_and_writes_nothing(tiny_data, first):
    path = handed_in(tiny_data, EVENTS, [changed_event(tiny_data)])
    before = listing(tiny_data)
    told = run("load", path, "--dry-run", "--reason", REASON)
    assert told.exit_code == 0
    assert "it was a dry run" in told.output
    assert "EV002" in told.output
    assert listing(tiny_data) == before


def test_the_command_refuses_in_plain_sentences(tiny_data, first):
    refused = run("load", handed_in(tiny_data, EVENTS, [changed_event(tiny_data)]))
    assert refused.exit_code == 1
    assert "Records that are published would change or go; nothing was changed." in refused.stderr
    wrong = run("load", "x.csv", "--lang", "de")
    assert (wrong.exit_code, wrong.stderr) == (
        1,
        '"de" is not a language of Panorama; expected: en, es, pt, fr.\n',
    )


def test_the_rollback_command_says_what_became_of_the_records(tiny_data, folder, first):
    do_load(tiny_data, handed_in(tiny_data, EVENTS, [new_event(tiny_data)]))
    told = CliRunner().invoke(app, ["rollback"])
    assert told.output.splitlines() == [
        f"The edition {first} is live.",
        "The records are as they were then, too: training_events.csv.",
    ]
