"""The command that lists what differs between two editions."""

import csv
import io
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipelines import build, editions
from pipelines.cli import app
from tests.conftest import AS_OF, make_tiny_data


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipelines.console.console._width", 240)


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A data folder with three editions, and their ids, the oldest first."""
    folder = tmp_path_factory.mktemp("three")
    data = make_tiny_data(folder)
    made = []
    deployments = data / "registry" / "programme_deployments.csv"
    plans = data / "registry" / "national_plans.csv"
    for status, title, reason in (
        ("planned", "Action Plan 2015-2018", None),
        ("implemented", "Action Plan 2015-2018", "A letter of 3 May"),
        ("audited", "=Plan", "Audited"),
    ):
        for path, old, new in (
            (
                deployments,
                "D004,P02,CHL,country,2013,,,",
                f"D004,P02,CHL,country,2013,,,{status},2012-10,oas_report,,,en",
            ),
            (plans, "NP001,", f"NP001,CHL,Plan de Acción 2015-2018,{title},,2015,2018,published,,oas_report,,en"),
        ):
            lines = path.read_text(encoding="utf-8").splitlines()
            path.write_text("".join(f"{new if line.startswith(old) else line}\n" for line in lines), encoding="utf-8")
        made.append(build.build(data, data / "editions", as_of=AS_OF, reason=reason).edition_id)
    return data, made


def run(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["changes", *arguments, "--data", str(data)])


def cells(output: str) -> list[list[str]]:
    """The cells of the tables printed, row by row."""
    return [[cell.strip() for cell in line.strip("│ ").split("│")] for line in output.splitlines() if "│" in line]


def test_by_default_the_live_edition_is_compared_with_the_one_before(three):
    data, made = three
    result = run(data)
    assert result.exit_code == 0
    assert result.output.startswith(f"From the edition {made[1]} to the edition {made[2]}:")
    assert ["fct_deployment", "0", "1", "0"] in cells(result.output)
    assert ["fct_deployment", "D004", "changed", "status", "implemented", "audited", "Audited", made[2]] in cells(
        result.output
    )


def test_any_two_editions_are_compared_in_either_direction(three):
    data, made = three
    forth = cells(run(data, made[0], made[2]).output)
    assert ["fct_deployment", "D004", "changed", "status", "planned", "audited", "Audited", made[2]] in forth
    back = cells(run(data, made[1], made[0]).output)
    assert [
        "fct_deployment",
        "D004",
        "changed",
        "status",
        "implemented",
        "planned",
        "A letter of 3 May",
        made[1],
    ] in back


def test_one_edition_is_compared_with_the_live_one(three):
    data, made = three
    assert run(data, made[0]).output.startswith(f"From the edition {made[0]} to the edition {made[2]}:")


def test_as_csv_every_change_comes_whole_and_harmless(three):
    data, made = three
    rows = list(csv.DictReader(io.StringIO(run(data, made[0], made[2], "--csv").output)))
    told = {(row["table_name"], row["record_key"], row["column"]): row for row in rows}
    assert told["national_plan", "NP001", "title"]["new_value"] == "'=Plan"
    assert told["fct_deployment", "D004", "status"]["reason"] == "Audited"
    assert {row["table_name"] for row in rows} >= {"fct_observation", "fct_deployment"}


def test_an_edition_does_not_differ_from_itself(three):
    data, made = three
    assert "Nothing differs." in run(data, made[1], made[1]).output


def test_what_cannot_be_compared_is_told_in_one_sentence(three):
    data, made = three
    editions.rollback(data / "editions", made[0])
    try:
        result = run(data)
        assert result.exit_code == 1
        assert f"There is no edition before {made[0]} to compare with." in result.stderr
    finally:
        editions.publish(data / "editions", made[2])
    result = run(data, made[0][:-1])
    assert result.exit_code == 1
    assert "is not one of the 3 editions; nearest:" in result.stderr
