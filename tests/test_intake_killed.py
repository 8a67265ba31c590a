"""Killed at any moment, short of room, or two at once: a load, a build or a rollback happens whole or not at all.

A moment is when a process is about to change a file. ``make test`` kills at a spread of moments of each command,
``make test-long`` at every one.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import duckdb
import pytest

from pipelines import build, editions, schemas
from pipelines.intake import history
from pipelines.intake.tables import INTAKE_TABLES
from tests.conftest import AS_OF, PROJECT, make_tiny_data
from tests.killing import Ran, Runner
from tests.test_intake_loading import EVENTS, changed_event, handed_in, listing, new_event, on_file

MEETINGS = next(table for table in INTAKE_TABLES if table.name == "meetings")
FILES = [table.file for table in INTAKE_TABLES]
IS_LONG = bool(os.environ.get("PANORAMA_TEST_LONG"))
KILLS = {"check": 4, "dry run": 5, "load": 26, "build": 8, "rollback": 9}
assert sum(KILLS.values()) >= 50
REFUSED = "Another load, build or rollback is using these data; nothing was changed, try again when it is done."


@dataclass(frozen=True)
class House:
    """A data folder with its editions, and beside it two files to load, one of events, one of meetings."""

    data: Path

    @property
    def editions(self) -> Path:
        return self.data / "editions"

    @property
    def events(self) -> Path:
        return self.data.parent / "training_events.csv"

    @property
    def meetings(self) -> Path:
        return self.data.parent / "meetings.csv"

    @property
    def live(self) -> str:
        return str(editions.live_id(self.editions))

    @property
    def settings(self) -> list[str]:
        return ["--data", str(self.data), "--as-of", str(AS_OF)]

    def registry(self) -> dict[str, str]:
        """The checksum of every file that a load can change."""
        return {file: sha256((self.data / file).read_bytes()).hexdigest() for file in FILES}

    def copy(self, parent: Path) -> "House":
        shutil.rmtree(parent, ignore_errors=True)
        shutil.copytree(self.data.parent, parent)
        return House(parent / self.data.name)


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runner]:
    started = Runner(tmp_path_factory.mktemp("runner"))
    yield started
    started.close()


@pytest.fixture(scope="module")
def before_load(runner: Runner, tmp_path_factory: pytest.TempPathFactory) -> House:
    """A live edition and two files to load; for copying only."""
    house = House(make_tiny_data(tmp_path_factory.mktemp("house")))
    handed_in(house.data, EVENTS, [changed_event(house.data), new_event(house.data)])
    handed_in(house.data, MEETINGS, [on_file(house.data, MEETINGS)[0] | {"meeting_id": "RTP-IV", "number": "4"}])
    assert runner.run("build", *house.settings).code == 0
    return house


@pytest.fixture(scope="module")
def after_load(runner: Runner, before_load: House, tmp_path_factory: pytest.TempPathFactory) -> House:
    """The same after the load of the events; for copying only."""
    house = before_load.copy(tmp_path_factory.mktemp("loaded") / "house")
    assert runner.run("load", house.events, "--reason", "Final report", *house.settings).code == 0
    return house


def command(name: str, house: House) -> list[str | Path]:
    load = ["load", house.events, "--reason", "Final report", *house.settings]
    return {
        "check": ["check", house.events, "--data", house.data],
        "dry run": [*load, "--dry-run"],
        "load": load,
        "build": ["build", "--force", *house.settings],
        "rollback": ["rollback", "--data", house.data],
    }[name]


def moments(name: str, every: int) -> list[int]:
    """Every moment where there is time, else a spread of them, the first and the last included."""
    most = KILLS[name]
    if IS_LONG or every <= most:
        return list(range(1, every + 1))
    return sorted({1 + part * (every - 1) // (most - 1) for part in range(most)})


def assert_readable(house: House) -> None:
    """The live edition and all others on file are whole."""
    assert house.live in editions.edition_ids(house.editions)
    for edition_id in editions.edition_ids(house.editions):
        with duckdb.connect(house.editions / f"{edition_id}.duckdb", read_only=True) as connection:
            tables = [
                name
                for (name,) in connection.execute(
                    "select table_name from information_schema.tables where table_schema = 'main'"
                ).fetchall()
            ]
            assert set(tables) == set(schemas.TABLES)
            assert connection.execute("select edition_id from edition").fetchall() == [(edition_id,)]


def assert_tidy(house: House) -> None:
    """Nothing is left of what was killed, and the live edition is made from the registry as it is."""
    ids = editions.edition_ids(house.editions)
    assert sorted(path.name for path in house.editions.iterdir()) == [
        ".lock",
        *sorted(f"{i}.duckdb" for i in ids),
        "current",
    ]
    intake = house.data / "intake"
    kept = {path.name for path in intake.iterdir()} if intake.exists() else set()
    assert kept <= {"archive", "received"}
    made_from = history.checksums_of(house.editions, house.live)
    assert {file: made_from[file] for file in FILES} == house.registry()
    assert_readable(house)


def assert_killed(ran: Ran) -> None:
    assert ran.code == -9, ran.output


@pytest.mark.parametrize("name", ["check", "dry run"])
def test_what_only_looks_changes_nothing_however_it_ends(name, runner, before_load, tmp_path):
    house = before_load.copy(tmp_path / "house")
    before = listing(house.data)
    whole = runner.run(*command(name, house))
    assert whole.code == 0, whole.output
    for moment in moments(name, whole.moments):
        assert_killed(runner.run(*command(name, house), kill_at=moment))
        assert listing(house.data) == before


@pytest.mark.parametrize("name", ["load", "build", "rollback"])
def test_a_command_killed_at_any_moment_happens_whole_or_not_at_all(name, runner, before_load, after_load, tmp_path):
    source = after_load if name == "rollback" else before_load
    finished = source.copy(tmp_path / "finished")
    whole = runner.run(*command(name, finished))
    assert whole.code == 0, whole.output
    old, new = source.registry(), finished.registry()
    old_edition = (source.editions / f"{source.live}.duckdb").read_bytes()
    for moment in moments(name, whole.moments):
        house = source.copy(tmp_path / "house")
        assert_killed(runner.run(*command(name, house), kill_at=moment))
        assert_readable(house)
        is_decided = (house.data / "intake" / "journal.json").exists()
        is_published = house.live != source.live
        assert (house.editions / f"{source.live}.duckdb").read_bytes() == old_edition
        assert all(checksum in (old[file], new[file]) for file, checksum in house.registry().items())
        if not is_decided and not is_published:
            assert house.registry() == old
        if is_published:
            assert house.registry() == new

        is_again = name == "load" and moment % 2 == 0
        following = runner.run(*(command(name, house) if is_again else ["build", *house.settings]))
        assert following.code == 0, following.output
        assert_tidy(house)
        assert house.registry() == (new if is_decided or is_published or is_again else old)
        assert len(editions.edition_ids(house.editions)) <= len(editions.edition_ids(source.editions)) + 1


def test_a_load_that_was_killed_after_its_decision_is_completed_by_whatever_runs_next(runner, before_load, tmp_path):
    source = before_load.copy(tmp_path / "source")
    finished = source.copy(tmp_path / "finished")
    moment = runner.run(*command("load", finished)).moments
    house = source.copy(tmp_path / "house")
    while not (house.data / "intake" / "journal.json").exists():
        moment -= 1
        house = source.copy(tmp_path / "house")
        assert_killed(runner.run(*command("load", house), kill_at=moment))
    decided = house.copy(tmp_path / "decided")
    for following in (["check", "--data", "."], ["load", "meetings", "--dry-run"], ["load", "meetings"], ["rollback"]):
        house = decided.copy(tmp_path / "house")
        arguments = [house.meetings if argument == "meetings" else argument for argument in following]
        settings = ["--data", house.data] if following[0] == "rollback" else house.settings
        ran = runner.run(*(argument for argument in arguments if argument not in ("--data", ".")), *settings)
        assert ran.code == 0, ran.output
        assert_tidy(house)
        is_there = b"EV010" in (house.data / EVENTS.file).read_bytes()
        assert is_there == (following[0] != "rollback")


def fill(folder: Path, room: int) -> None:
    """Leave this many bytes free on the disk of the folder."""
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    with (folder / "ballast").open("wb") as ballast:
        os.posix_fallocate(ballast.fileno(), 0, max(free - room, 1))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """An empty disk of 40 MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=40m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small disk; files limited in size are tried below")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_stops_a_load_with_a_sentence_and_changes_nothing(small_disk, runner, before_load):
    refusals = 0
    for room in (0, 4096, 16_384, 65_536, 262_144, 1_048_576, 2_097_152, 4_194_304, 8_388_608, 20_000_000):
        house = before_load.copy(small_disk / "house")
        before, live = listing(house.data), house.live
        fill(small_disk, room)
        ran = runner.run(*command("load", house))
        (small_disk / "ballast").unlink()
        if ran.code:
            refusals += 1
            assert "room" in ran.output, ran.output
            assert "Traceback" not in ran.output
            assert listing(house.data) == before
            assert house.live == live
        following = runner.run("build", *house.settings)
        assert following.code == 0, following.output
        assert_tidy(house)
    assert refusals >= 5
    assert ran.code == 0, ran.output


@pytest.mark.parametrize("name", ["load", "build"])
def test_files_that_may_not_grow_stop_a_command_with_a_sentence_and_change_nothing(name, runner, before_load, tmp_path):
    for most in (1, 100, 10_000, 100_000, 1_000_000):
        house = before_load.copy(tmp_path / "house")
        before, live = listing(house.data), house.live
        ran = runner.run(*command(name, house), most_bytes=most)
        assert ran.code == 1
        assert "Traceback" not in ran.output
        assert listing(house.data) == before
        assert house.live == live
        assert runner.run("build", *house.settings).code == 0
        assert_tidy(house)


def in_a_process(*arguments: str | Path) -> subprocess.Popen[str]:
    """The command as people run it."""
    return subprocess.Popen(
        [sys.executable, "-m", "pipelines.cli", *map(str, arguments)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.parametrize("other", ["load", "build", "rollback"])
def test_while_a_load_is_at_work_others_are_refused_and_come_right_afterwards(other, runner, before_load, tmp_path):
    house = before_load.copy(tmp_path / "house")
    paused, go_on = tmp_path / "paused", tmp_path / "go_on"
    every = runner.run(*command("load", before_load.copy(tmp_path / "finished"))).moments
    arguments = {
        "load": ["load", house.meetings, *house.settings],
        "build": ["build", *house.settings],
        "rollback": ["rollback", "--data", house.data],
    }[other]
    runner.start(*command("load", house), pause_at=every // 2, paused=str(paused), go_on=str(go_on))
    while not paused.exists():
        time.sleep(0.01)
    refused = in_a_process(*arguments)
    told, _nothing = refused.communicate()
    go_on.touch()
    assert runner.ended().code == 0
    assert refused.returncode == 1
    assert REFUSED in told
    assert_tidy(house)
    again = in_a_process(*arguments)
    assert (again.communicate()[0], again.returncode)[1] == 0
    assert_tidy(house)
    if other == "load":
        assert b"EV010" in (house.data / EVENTS.file).read_bytes()
        assert b"RTP-IV" in (house.data / MEETINGS.file).read_bytes()


def test_two_loads_started_together_never_mix(before_load, tmp_path):
    house = before_load.copy(tmp_path / "house")
    loads = {
        file: ["load", file, "--reason", "Final report", *house.settings] for file in (house.events, house.meetings)
    }
    together = {file: in_a_process(*arguments) for file, arguments in loads.items()}
    told = {file: process.communicate()[0] for file, process in together.items()}
    codes = [process.returncode for process in together.values()]
    assert sorted(codes) in ([0, 0], [0, 1]), told
    assert all(REFUSED in told[file] for file, process in together.items() if process.returncode)
    assert_tidy(house)
    for arguments in loads.values():
        again = in_a_process(*arguments)
        assert (again.communicate()[0], again.returncode)[1] == 0
    assert_tidy(house)
    assert b"EV010" in (house.data / EVENTS.file).read_bytes()
    assert b"RTP-IV" in (house.data / MEETINGS.file).read_bytes()
    assert build.is_made_from(editions.read_tables(editions.resolve(None, house.editions), ["load_report"]), house.data)
