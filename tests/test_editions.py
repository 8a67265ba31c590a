"""Editions are written whole, published at once, never changed, and survive a killed build."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines import editions
from pipelines.errors import EditionError
from pipelines.schemas import CONTRACT
from tests.conftest import PROJECT

ROWS = 500


def tables(edition_id: str, rows: int = ROWS, contract: int = CONTRACT) -> dict[str, pl.DataFrame]:
    moment = datetime(2026, 11, 22, 10, 15)
    return {
        "edition": pl.DataFrame(
            {
                "edition_id": [edition_id],
                "built_at": [moment],
                "as_of_on": [moment.date()],
                "allows_rejected": [False],
                "contract": [contract],
            }
        ),
        "fct_observation": pl.DataFrame(
            {"area_code": [f"A{rows - n:04}" for n in range(rows)], "edition_id": edition_id}
        ),
    }


def make(folder: Path, *edition_ids: str) -> None:
    """Publish an edition for each id, the last one live."""
    folder.mkdir(exist_ok=True)
    for edition_id in edition_ids:
        editions.write_edition(folder, edition_id, tables(edition_id))
        editions.publish(folder, edition_id)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_before_the_first_build_there_is_no_live_edition(tmp_path):
    assert editions.live_id(tmp_path) is None
    with pytest.raises(EditionError, match=r'^There is no live edition yet; "panorama build" makes one.$'):
        editions.resolve(None, tmp_path)


def test_a_written_edition_is_live_only_once_published(tmp_path):
    make(tmp_path, "20260101T000000Z")
    editions.write_edition(tmp_path, "20260201T000000Z", tables("20260201T000000Z"))
    assert editions.live_id(tmp_path) == "20260101T000000Z"
    editions.publish(tmp_path, "20260201T000000Z")
    assert editions.resolve(None, tmp_path).name == "20260201T000000Z.duckdb"
    assert names(tmp_path) == ["20260101T000000Z.duckdb", "20260201T000000Z.duckdb", "current"]


def test_an_edition_opens_read_only_with_its_rows_sorted(tmp_path):
    editions.write_edition(tmp_path, "20260101T000000Z", tables("x"), {"fct_observation": ["area_code"]})
    with duckdb.connect(tmp_path / "20260101T000000Z.duckdb", read_only=True) as connection:
        stored = [code for (code,) in connection.execute("select area_code from fct_observation").fetchall()]
        with pytest.raises(duckdb.Error):
            connection.execute("delete from fct_observation")
    assert stored == sorted(stored)
    assert len(stored) == ROWS


def test_a_published_edition_is_never_written_again(tmp_path):
    make(tmp_path, "20260101T000000Z")
    path = editions.resolve(None, tmp_path)
    before = path.read_bytes()
    assert not path.stat().st_mode & 0o222
    with pytest.raises(EditionError, match="never written again"):
        editions.write_edition(tmp_path, "20260101T000000Z", tables("other", 3))
    assert path.read_bytes() == before


def test_rows_that_got_lost_on_the_way_stop_the_edition(tmp_path, monkeypatch):
    monkeypatch.setattr(pl.DataFrame, "sort", lambda table, *keys, **settings: table.head(3))
    with pytest.raises(EditionError, match=r"^fct_observation: 500 rows were to be written, 3 are in the file.$"):
        editions.write_edition(tmp_path, "20260101T000000Z", tables("x"), {"fct_observation": ["area_code"]})
    assert editions.edition_ids(tmp_path) == []


def test_ids_are_the_time_in_utc_with_a_number_where_taken(tmp_path):
    now = datetime(2026, 11, 22, 10, 15, tzinfo=UTC)
    assert editions.new_edition_id(tmp_path, now) == "20261122T101500Z"
    make(tmp_path, "20261122T101500Z")
    assert editions.new_edition_id(tmp_path, now) == "20261122T101500Z-2"
    make(tmp_path, *(f"20261122T101500Z-{number}" for number in range(2, 11)))
    assert editions.new_edition_id(tmp_path, now) == "20261122T101500Z-11"
    assert editions.edition_ids(tmp_path)[-2:] == ["20261122T101500Z-9", "20261122T101500Z-10"]


def test_the_listing_is_newest_first_and_marks_the_live_edition(tmp_path):
    make(tmp_path, "20260101T000000Z", "20260301T000000Z", "20260201T000000Z")
    listed = [(edition.edition_id, edition.is_live) for edition in editions.listing(tmp_path)]
    assert listed == [("20260301T000000Z", False), ("20260201T000000Z", True), ("20260101T000000Z", False)]


def test_rollback_goes_to_the_edition_before_or_to_the_one_named(tmp_path):
    make(tmp_path, "20260101T000000Z", "20260201T000000Z", "20260301T000000Z")
    assert editions.rollback(tmp_path) == "20260201T000000Z"
    assert editions.rollback(tmp_path) == "20260101T000000Z"
    with pytest.raises(EditionError, match="no edition before the live one"):
        editions.rollback(tmp_path)
    assert editions.rollback(tmp_path, "20260301T000000Z") == "20260301T000000Z"
    assert editions.live_id(tmp_path) == "20260301T000000Z"
    with pytest.raises(EditionError, match="already live"):
        editions.rollback(tmp_path, "20260301T000000Z")


def test_an_unknown_edition_is_told_with_the_nearest(tmp_path):
    make(tmp_path, "20260101T000000Z", "20260201T000000Z")
    told = r'^"20260201T00000Z" is not one of the 2 editions; nearest: "20260201T000000Z"\.$'
    with pytest.raises(EditionError, match=told):
        editions.resolve("20260201T00000Z", tmp_path)
    with pytest.raises(EditionError, match="is not one of the 2 editions"):
        editions.rollback(tmp_path, "../../etc/passwd")


def test_pruning_keeps_the_newest_and_always_the_live_one(tmp_path):
    ids = [f"202601{day:02}T000000Z" for day in range(1, 15)]
    make(tmp_path, *ids)
    editions.rollback(tmp_path, ids[1])
    assert editions.prune(tmp_path) == [ids[0], *ids[2:4]]
    assert editions.edition_ids(tmp_path) == [ids[1], *ids[4:]]


def test_the_folder_is_held_by_one_at_a_time(tmp_path):
    make(tmp_path, "20260101T000000Z", "20260201T000000Z")
    with editions.locked(tmp_path):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            refused = pool.apply(_refusal, (tmp_path,))
        assert refused == "Another build or rollback is running on these editions; try again when it is done."
    assert editions.rollback(tmp_path) == "20260101T000000Z"


def _refusal(folder: Path) -> str:
    try:
        return editions.rollback(folder)
    except EditionError as error:
        return str(error)


def test_the_next_to_hold_the_folder_cleans_what_a_killed_build_left(tmp_path):
    make(tmp_path, "20260101T000000Z")
    for leftover in ("20260201T000000Z.duckdb.partial", "20260201T000000Z.duckdb.partial.wal", "current.partial"):
        (tmp_path / leftover).write_text("half")
    with editions.locked(tmp_path):
        pass
    assert names(tmp_path) == [".lock", "20260101T000000Z.duckdb", "current"]


def test_an_edition_that_was_written_and_never_published_is_removed_by_the_next(tmp_path):
    make(tmp_path, "20260101T000000Z")
    for edition_id in ("20260201T000000Z", "20260301T000000Z"):
        editions.write_edition(tmp_path, edition_id, tables(edition_id))
        with editions.locked(tmp_path, kept="20260201T000000Z"):
            pass
    assert editions.edition_ids(tmp_path) == ["20260101T000000Z", "20260201T000000Z"]
    editions.publish(tmp_path, "20260201T000000Z")
    with editions.locked(tmp_path):
        pass
    assert names(tmp_path) == [".lock", "20260101T000000Z.duckdb", "20260201T000000Z.duckdb", "current"]


def test_publishing_that_is_prepared_only_renames(tmp_path, monkeypatch):
    make(tmp_path, "20260101T000000Z")
    editions.write_edition(tmp_path, "20260201T000000Z", tables("20260201T000000Z"))
    editions.prepare_to_publish(tmp_path, "20260201T000000Z")
    assert editions.live_id(tmp_path) == "20260101T000000Z"
    monkeypatch.setattr(Path, "write_text", lambda *_text, **_settings: pytest.fail("nothing is left to write"))
    editions.publish(tmp_path, "20260201T000000Z")
    assert editions.live_id(tmp_path) == "20260201T000000Z"


def test_a_damaged_edition_is_told_without_a_trace(tmp_path):
    make(tmp_path, "20260101T000000Z")
    path = editions.resolve(None, tmp_path)
    path.chmod(0o644)
    path.write_bytes(b"x" * 5000)
    with pytest.raises(EditionError, match=r"^20260101T000000Z\.duckdb cannot be read: "):
        editions.listing(tmp_path)


def test_folders_come_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.delenv("PANORAMA_DATA", raising=False)
    monkeypatch.delenv("PANORAMA_EDITIONS", raising=False)
    assert editions.data_folder() == PROJECT / "data"
    assert editions.editions_folder() == PROJECT / "data" / "editions"
    monkeypatch.setenv("PANORAMA_DATA", str(tmp_path))
    assert editions.editions_folder() == tmp_path / "editions"
    assert editions.editions_folder(tmp_path / "other") == tmp_path / "other" / "editions"
    monkeypatch.setenv("PANORAMA_EDITIONS", str(tmp_path / "elsewhere"))
    assert editions.editions_folder(tmp_path / "other") == tmp_path / "elsewhere"


def test_twenty_readers_see_only_whole_editions_while_sixteen_are_published(tmp_path):
    make(tmp_path, "20260101T000000Z")
    is_over = threading.Event()
    failures: list[BaseException] = []
    seen: list[set[str]] = [set() for _ in range(20)]

    def read(number: int) -> None:
        try:
            while True:
                was_over = is_over.is_set()
                edition_id = editions.live_id(tmp_path)
                with duckdb.connect(editions.resolve(edition_id, tmp_path), read_only=True) as connection:
                    inside = connection.execute("select edition_id from edition").fetchall()
                    rows = connection.execute(
                        "select edition_id, count(*) from fct_observation group by all"
                    ).fetchall()
                assert inside == [(edition_id,)]
                assert rows == [(edition_id, ROWS)]
                seen[number].add(str(edition_id))
                if was_over:
                    return
        except BaseException as error:
            failures.append(error)

    readers = [threading.Thread(target=read, args=(number,)) for number in range(20)]
    for reader in readers:
        reader.start()
    try:
        for day in range(2, 18):
            edition_id = f"202601{day:02}T000000Z"
            with editions.locked(tmp_path):
                editions.write_edition(tmp_path, edition_id, tables(edition_id))
                editions.publish(tmp_path, edition_id)
                editions.prune(tmp_path)
    finally:
        is_over.set()
        for reader in readers:
            reader.join()
    assert failures == []
    assert all("20260117T000000Z" in editions_seen for editions_seen in seen)
    assert len(set.union(*seen)) > 2


@pytest.mark.parametrize("moment", ["at once", "after 0.9 s", "partial", "new edition"])
def test_a_build_killed_at_any_moment_leaves_a_whole_live_edition(tiny_data, moment):
    folder = tiny_data / "editions"
    _build(tiny_data).wait()
    first = editions.live_id(folder)
    assert first is not None
    killed = _build(tiny_data)
    _wait_for(moment, folder, first, killed)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL or moment == "new edition"

    live = editions.live_id(folder)
    assert live in editions.edition_ids(folder)
    assert _observations(folder) > 1000

    assert _build(tiny_data).wait() == 0
    assert editions.live_id(folder) not in (first, live)
    assert not list(folder.glob("*partial*"))
    assert _observations(folder) > 1000


def _build(data: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pipelines.cli", "build", "--force", "--data", str(data)]
    return subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _wait_for(moment: str, folder: Path, first: str, build: subprocess.Popen[bytes]) -> None:
    pattern = {"partial": "*.duckdb.partial", "new edition": "*.duckdb"}.get(moment)
    if pattern is None:
        time.sleep(0.9 if moment == "after 0.9 s" else 0)
        return
    while build.poll() is None:
        if any(path.name != f"{first}.duckdb" for path in folder.glob(pattern)):
            return
        os.sched_yield()


def _observations(folder: Path) -> int:
    with duckdb.connect(editions.resolve(None, folder), read_only=True) as connection:
        return connection.execute("select count(*) from fct_observation").fetchall()[0][0]
