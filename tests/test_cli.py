"""The command line: what it prints, what it refuses in plain sentences, and with which exit code."""

import csv
import io
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines import editions
from pipelines.cli import app
from tests.conftest import PROJECT

EVENTS = "registry/training_events.csv"


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.console.console.width", 200, raising=False)
    monkeypatch.setattr("pipelines.console.console._width", 200)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def run_apart(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as people run it."""
    command = [sys.executable, "-m", "pipelines.cli", *arguments]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


@pytest.fixture
def live(tiny_data: Path, tiny_edition: Path) -> str:
    """The environment names a folder in which the tiny edition is live."""
    folder = tiny_data / "editions"
    folder.mkdir()
    shutil.copy(tiny_edition, folder)  # a file of its own: other tests may hold the first one open
    editions.publish(folder, tiny_edition.stem)
    return tiny_edition.stem


def test_build_prints_what_was_read_and_what_is_live(tiny_data):
    result = run("build", "--as-of", "2020-06-30")
    assert result.exit_code == 0
    row = next(line for line in result.output.splitlines() if EVENTS in line)
    assert [cell.strip() for cell in row.strip("│ ").split("│")] == [EVENTS, "4", "4", "0", "new"]
    assert f"The edition {editions.live_id(tiny_data / 'editions')} is live." in result.output


def test_a_second_build_says_what_changed_or_that_nothing_did(tiny_data, edit):
    run("build", "--as-of", "2020-06-30")
    assert "Nothing has changed" in run("build", "--as-of", "2020-06-30").output
    edit("registry/recommendations.csv", "Train officials.", "Train more officials.")
    output = run("build", "--as-of", "2020-06-30", "--reason", "Corrected").output
    assert "fct_commitment" in output
    assert "changed" in output


def test_bad_records_are_told_in_the_terminal_and_nothing_is_published(tiny_data, edit):
    edit(EVENTS, "Bridgetown,BRB", "Bridgetown,Barbadoss")
    told = run_apart("build", "--data", str(tiny_data))
    assert told.returncode == 1
    assert told.stdout == ""
    assert told.stderr.splitlines() == [
        'training_events.csv, row 2, column host_country: "Barbadoss" is not a known state; nearest: "Barbados" (BRB)',
        'training_participation.csv, row 2, column event_id: "EV001" is not usable: its row in training_events.csv is '
        "itself refused",
        "2 problems in the data; nothing was published.",
    ]
    assert editions.edition_ids(tiny_data / "editions") == []


def test_allowed_refused_rows_are_listed(tiny_data, edit):
    edit("registry/training_statements.csv", "more_than", "more")
    result = run("build", "--allow-rejected")
    assert result.exit_code == 0
    assert 'refused: training_statements.csv, row 2, column qualifier: "more" is not one of exactly' in result.output


def test_check_publishes_nothing(tiny_data):
    result = run("check", "--as-of", "2020-06-30")
    assert result.exit_code == 0
    assert result.output.startswith("The data are sound: ")
    assert not (tiny_data / "editions").exists()


def test_editions_and_rollback(tiny_data):
    run("build", "--as-of", "2020-06-30")
    first = editions.live_id(tiny_data / "editions")
    run("build", "--as-of", "2020-07-31")
    assert f"The edition {first} is live." in run("rollback").output
    listed = [line for line in run("editions").output.splitlines() if "│" in line]
    assert ["live" in line for line in listed] == [False, True]
    assert f"{first}" in listed[1]


@pytest.mark.parametrize(
    ("arguments", "exit_code", "sentence"),
    [
        (["bild"], 2, "No such command 'bild'"),
        (["build", "--nope"], 2, "No such option: --nope"),
        (["serve", "--port", "99999999"], 2, "Invalid value for '--port'"),
        (["build", "--as-of", "2026-02-30"], 1, '"2026-02-30" is not a day; expected: a real date such as 2026-11-22.'),
        (["build", "--data", "/nowhere"], 1, 'There is no data folder "/nowhere".'),
        (["rollback", "x"], 1, '"x" is not one of the 0 editions.'),
        (["query", "select 1"], 1, 'There is no live edition yet; "panorama build" makes one.'),
        (["serve"], 1, 'There is no live edition yet; "panorama build" makes one.'),
    ],
)
def test_a_wrong_command_is_told_in_one_sentence(tiny_data, arguments, exit_code, sentence):
    result = run(*arguments)
    assert result.exit_code == exit_code
    assert result.stderr.startswith(sentence)
    assert "Traceback" not in result.output
    assert len(result.stderr.strip().splitlines()) == 1


def test_no_editions_yet_is_said(tiny_data):
    assert run("editions").output == 'There is no edition yet; "panorama build" makes one.\n'


def test_query_shows_a_table_with_texts_as_they_are(live):
    output = run("query", "select '[red]x[/red]' as \"[b]name[/b]\", null as nothing").output
    assert "[red]x[/red]" in output
    assert "[b]name[/b]" in output
    assert "1 row" in output


def test_query_writes_csv_that_no_spreadsheet_runs(live):
    output = run("query", "--csv", "select '=1+1' as a, -1 as b, 'x,y' as c, null as d, '@x' as e").output
    assert list(csv.reader(io.StringIO(output))) == [["a", "b", "c", "d", "e"], ["'=1+1", "-1", "x,y", "", "'@x"]]


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("selec 1", 'The query cannot be answered: Parser Error: syntax error at or near "selec"'),
        ("select nothing from dim_area", 'The query cannot be answered: Binder Error: Referenced column "nothing"'),
        ("select 1; select 2", "Only one select statement can be asked; the edition is read-only."),
        ("", "Only one select statement can be asked; the edition is read-only."),
        ("drop table dim_area", "Only one select statement can be asked; the edition is read-only."),
        ("copy dim_area to 'areas.csv'", "Only one select statement can be asked; the edition is read-only."),
        ("attach 'other.db'", "Only one select statement can be asked; the edition is read-only."),
        ("set enable_external_access = true", "Only one select statement can be asked; the edition is read-only."),
        ("select * from read_csv('/etc/passwd')", "The query cannot be answered: Permission Error"),
        ("select * from '/etc/passwd'", "The query cannot be answered: "),
        ("select * from glob('/*')", "The query cannot be answered: Permission Error"),
        ("select content from read_text('/etc/hostname')", "The query cannot be answered: Permission Error"),
    ],
)
def test_query_answers_one_select_and_nothing_else(live, sql, sentence):
    result = run("query", sql)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith(sentence)
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_taken_port_is_told_with_the_next_free_one(live):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = run("serve", "--port", str(port))
    assert result.exit_code == 1
    assert result.stderr.startswith(f'Port {port} at 127.0.0.1 is taken or not allowed; "panorama serve --port ')


def test_serve_hands_port_and_address_to_the_server(live, monkeypatch):
    served = []
    monkeypatch.setattr("dashboard.server.serve", lambda port, address: served.append((port, address)))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert run("serve", "--port", str(port)).exit_code == 0
    assert served == [(port, "127.0.0.1")]


def test_building_needs_neither_streamlit_nor_plotly(tiny_data):
    code = (
        "import sys; from typer.testing import CliRunner; from pipelines.cli import app; "
        f"result = CliRunner().invoke(app, ['build', '--data', {str(tiny_data)!r}]); "
        "print(result.exit_code, sorted({'streamlit', 'plotly'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert told.stdout == "0 []\n"
