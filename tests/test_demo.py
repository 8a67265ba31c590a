"""The synthetic registry: the same from the same seed everywhere, whole or not there, labelled in every row."""

import os
import re
import socket
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines import build, catalog, editions, schemas
from pipelines import vocabularies as words
from pipelines.checks import is_synthetic
from pipelines.cli import app
from pipelines.demo import events as demo_events
from pipelines.demo import write_demo, write_events
from pipelines.demo.events import write_participation
from pipelines.demo.words import STATES
from pipelines.derive.page_tables import PAGE_TABLES
from pipelines.errors import EditionError, PipelineError, PromisesBroken
from tests.conftest import Edit

MADE_UP = re.compile(r"s[iy]nth?[ée]ti[cqk]|sint[ée]tic|synthétique", re.IGNORECASE)
RECORD_SOURCES = {"synthetic"}
REFERENCE_FILES = ("areas", "area_memberships", "oas_participation")


def make_demo(folder: Path, seed: int = 7, events: int = 500) -> Path:
    write_demo(folder, events=events, rounds=6, questions=14, seed=seed)
    return folder


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 500 synthetic events; for reading only."""
    return make_demo(tmp_path_factory.mktemp("demo") / "data")


@pytest.fixture(scope="module")
def demo_tables(demo: Path) -> dict[str, pl.DataFrame]:
    return build.edition_tables(build.read_records(demo), editions.datetime.now(editions.UTC).date())


def files_of(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def registry(folder: Path) -> dict[str, pl.DataFrame]:
    return {path.stem: pl.read_csv(path, infer_schema=False) for path in sorted((folder / "registry").glob("*.csv"))}


def test_the_same_seed_makes_the_same_files_and_another_seed_others(demo: Path, tmp_path: Path):
    first, again, other = files_of(demo), files_of(make_demo(tmp_path / "a")), files_of(make_demo(tmp_path / "b", 8))
    assert again == first
    made_up = {name for name in first if name.startswith(("registry", "open/open"))}
    assert {name for name in made_up if other[name] == first[name]} == set()


def test_the_files_are_the_same_on_every_machine_and_in_every_version(tmp_path: Path):
    write_events(tmp_path / "events.csv", 2_000, 7)
    write_participation(tmp_path / "participation.csv", 2_000, 7)
    found = {path.stem: sha256(path.read_bytes()).hexdigest()[:16] for path in tmp_path.iterdir()}
    assert found == {"events": "30f43d547e40233e", "participation": "0436c34073718c4d"}


def test_the_size_of_the_pieces_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_events(tmp_path / "whole.csv", 100, 7)
    monkeypatch.setattr(demo_events, "PIECE", 7)
    told: list[int] = []
    write_events(tmp_path / "pieces.csv", 100, 7, on_rows=told.append)
    assert (tmp_path / "pieces.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert told == [7] * 14 + [2]


def test_a_larger_registry_begins_with_the_smaller_one(tmp_path: Path):
    write_events(tmp_path / "small.csv", 50, 7)
    write_events(tmp_path / "large.csv", 80, 7)
    assert (tmp_path / "large.csv").read_bytes().startswith((tmp_path / "small.csv").read_bytes())


def test_every_row_of_every_table_says_that_it_is_made_up(demo: Path):
    tables = registry(demo)
    assert sorted(tables) == sorted(table.name for table in build.RECORD_TABLES)
    for name, rows in tables.items():
        assert rows.height > 0, name
        if "source_id" in rows.columns:
            assert set(rows["source_id"]) == RECORD_SOURCES, name
        assert set(rows["source_id_2"].drop_nulls() if "source_id_2" in rows.columns else []) <= RECORD_SOURCES, name
    wordings = {
        "training_events": "title",
        "programmes": "name",
        "meetings": "name",
        "questionnaire_rounds": "name",
        "questionnaire_questions": "wording",
        "recommendations": "paraphrase",
        "national_authorities": "name",
        "national_plans": "title_original",
        "national_laws": "title_original",
    }
    for name, column in wordings.items():
        assert [text for text in tables[name][column] if not MADE_UP.search(text)] == [], name
    assert all(key.startswith("SYN-") for key in tables["questionnaire_questions"]["question_id"])


def test_open_values_are_made_up_too_and_no_publisher_is_cited_for_them(demo: Path):
    values = pl.read_csv(demo / "open/open_indicators.csv", infer_schema=False)
    assert set(values["source_id"]) == RECORD_SOURCES
    assert "tip_tier" not in set(values["indicator_id"])
    declared = catalog.read_indicators(demo, catalog.Lookup()).frame
    assert set(declared.filter(~pl.col("is_derived"))["source_id"]) == RECORD_SOURCES
    sources = pl.read_csv(demo / "catalog/sources.csv", infer_schema=False)
    cited = set()
    for name in REFERENCE_FILES:
        cited |= set(pl.read_csv(demo / f"catalog/{name}.csv", infer_schema=False)["source_id"])
    real = set(sources.filter(pl.col("kind") != "synthetic")["source_id"])
    assert real == cited - {"panorama_compilation"}


def test_everything_that_records_may_hold_occurs(demo: Path):
    tables = registry(demo)
    events, taking_part = tables["training_events"], tables["training_participation"]
    assert set(events["host_country"].drop_nulls()) == set(STATES) == set(taking_part["country"])
    assert set(events["status"]) == set(words.EVENT_STATUSES)
    assert set(events["number_basis"].drop_nulls()) == set(words.NUMBER_BASES)
    assert set(events["event_type"]) == set(words.EVENT_TYPES)
    assert set(events["text_lang"]) == set(words.LANGUAGES)
    assert set(tables["programme_deployments"]["status"]) == set(words.DEPLOYMENT_STATUSES)
    assert set(tables["questionnaire_responses"]["response_status"]) == set(words.RESPONSE_STATUSES)
    assert set(tables["questionnaire_rounds"]["respondent_kind"]) == set(words.RESPONDENT_KINDS)
    assert set(tables["questionnaire_rounds"]["form_family"]) == set(words.FORM_FAMILIES)
    assert set(tables["treaty_actions"]["status"]) == set(words.TREATY_STATUSES)
    assert tables["questionnaire_questions"]["previous_question_id"].drop_nulls().len() > 0
    years = events["start_date"].drop_nulls().str.slice(0, 4)
    assert (years.min(), years.max()) == ("2004", "2026")


def test_the_edition_of_it_has_every_kind_of_date_answer_and_empty(demo_tables: dict[str, pl.DataFrame]):
    events, answers = demo_tables["fct_training_event"], demo_tables["fct_answer"]
    assert set(events["date_group"]) == set(words.DATE_GROUPS) == set(demo_tables["fct_deployment"]["date_group"])
    assert set(events["start_precision"].drop_nulls()) == set(words.DATE_PRECISIONS)
    assert set(answers["answer_status"]) == set(words.ANSWER_STATUSES)
    assert answers.filter(value=0).height > 0
    assert answers["area_code"].null_count() > 0
    assert {"O", "L", "M", "E", "P", "B", "A"} <= set(demo_tables["fct_observation"]["obs_status"])


def test_texts_of_the_small_tables_are_in_every_language(demo_tables: dict[str, pl.DataFrame]):
    texts = demo_tables["dim_text"]
    worded = set(texts["original"])
    for table, column in (("dim_programme", "name"), ("dim_question", "wording"), ("fct_answer", "unit")):
        assert set(demo_tables[table][column].drop_nulls()) - worded == set()
    spanish = dict(texts.filter(lang="es").select("original", "text").iter_rows())
    assert spanish["Synthetic programme 3"] == "Programa sintético 3"
    assert spanish["Synthetic authority of Argentina"] == "Autoridad sintética (Argentina)"


def test_whether_an_edition_is_synthetic_follows_from_its_records(
    demo_tables: dict[str, pl.DataFrame], tiny_tables: dict[str, pl.DataFrame]
):
    assert is_synthetic(demo_tables)
    assert not is_synthetic(tiny_tables)


def test_the_edition_says_that_it_is_synthetic(tmp_path: Path, tiny_edition: Path):
    write_demo(tmp_path / "demo", events=20, rounds=1, questions=2, seed=1, has_edition=True)
    path = editions.resolve(None, tmp_path / "demo" / "editions")
    assert editions.read_tables(path, ["edition"])["edition"]["is_synthetic"].to_list() == [True]
    assert editions.read_tables(tiny_edition, ["edition"])["edition"]["is_synthetic"].to_list() == [False]


def test_a_real_record_among_synthetic_ones_is_refused_by_name(tmp_path: Path):
    data = make_demo(tmp_path / "data", events=30)
    events = data / "registry" / "training_events.csv"
    rows = events.read_text(encoding="utf-8").splitlines()
    rows[3] = rows[3].replace(",synthetic,", ",oas_member_states_page,")
    events.write_text("\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(PromisesBroken) as refused:
        build.build(data, data / "editions")
    assert refused.value.findings[:1] == [
        "fct_training_event SYN-E00000003: its source oas_member_states_page is real; expected: a synthetic source, as in "
        "the other records; real and synthetic records never mix in one edition",
    ]
    assert editions.live_id(data / "editions") is None


def test_a_synthetic_record_among_real_ones_is_refused_by_name(tiny_data: Path, edit: Edit):
    sources = tiny_data / "catalog" / "sources.csv"
    header = sources.read_text(encoding="utf-8").splitlines()[0].split(",")
    own = dict.fromkeys(header, "x") | {
        "source_id": "practice", "licence_class": "open", "kind": "synthetic", "vintage": "2020", "url": ""
    }  # fmt: skip
    with sources.open("a", encoding="utf-8") as file:
        file.write(",".join(own[name] for name in header) + "\n")
    meetings = tiny_data / "registry" / "meetings.csv"
    rows = pl.read_csv(meetings, infer_schema=False)
    rows[:1].with_columns(meeting_id=pl.lit("NEW"), source_id=pl.lit("practice")).vstack(rows).write_csv(meetings)
    with pytest.raises(
        PromisesBroken, match="dim_meeting NEW: its source practice is synthetic; expected: a real source"
    ):
        build.build(tiny_data, tiny_data / "editions")


def test_synthetic_records_never_take_the_place_of_real_ones_before_readers(tmp_path: Path, tiny_data: Path):
    live = build.build(tiny_data, tmp_path / "editions").edition_id
    with pytest.raises(EditionError, match="The records to publish are synthetic, the live edition holds real ones"):
        build.build(make_demo(tmp_path / "data-demo", events=10), tmp_path / "editions")
    assert editions.live_id(tmp_path / "editions") == live


def test_progress_counts_the_rows_of_the_large_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(demo_events, "PIECE", 40)
    told: list[tuple[str, int, int | None]] = []
    write_demo(
        tmp_path / "demo", events=100, rounds=1, questions=1, seed=1, on_progress=lambda *step: told.append(step)
    )
    for name in ("training_events.csv", "training_participation.csv"):
        assert [step for step in told if step[0] == name] == [(name, 40, 100), (name, 80, 100), (name, 100, 100)]


def stop_at(stage: str) -> Callable[[str, int, int | None], None]:
    def on_progress(name: str, done: int, total: int | None) -> None:
        if name.startswith(stage):
            raise KeyboardInterrupt

    return on_progress


@pytest.mark.parametrize(
    "stage", ["programmes", "training_events", "training_participation", "edition: derived", "edition: edition"]
)
def test_stopped_at_any_stage_it_leaves_nothing(stage: str, tmp_path: Path):
    with pytest.raises(KeyboardInterrupt):
        write_demo(
            tmp_path / "demo", events=20, rounds=1, questions=2, seed=1, has_edition=True, on_progress=stop_at(stage)
        )
    assert list(tmp_path.iterdir()) == []


def test_stopped_while_replacing_it_leaves_the_earlier_folder(tmp_path: Path):
    before = files_of(make_demo(tmp_path / "demo", events=20))
    with pytest.raises(KeyboardInterrupt):
        write_demo(
            tmp_path / "demo", events=9, rounds=1, questions=1, seed=1, is_forced=True, on_progress=stop_at("training")
        )
    assert files_of(tmp_path / "demo") == before
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_what_a_killed_run_left_is_cleaned_up(tmp_path: Path):
    (tmp_path / ".demo.partial" / "data" / "registry").mkdir(parents=True)
    before = files_of(make_demo(tmp_path / "demo", events=20))
    (tmp_path / "demo").rename(tmp_path / ".demo.old")  # killed between the two moves
    with pytest.raises(PipelineError, match="--force replaces it"):
        make_demo(tmp_path / "demo")
    assert files_of(tmp_path / "demo") == before
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_an_earlier_folder_is_replaced_only_if_forced(tmp_path: Path):
    make_demo(tmp_path / "demo", events=20)
    (tmp_path / "demo" / "staff.txt").write_text("loaded since")
    with pytest.raises(PipelineError, match="--force replaces it, with all that was loaded into it"):
        make_demo(tmp_path / "demo", events=30)
    write_demo(tmp_path / "demo", events=30, rounds=1, questions=1, seed=1, is_forced=True)
    assert not (tmp_path / "demo" / "staff.txt").exists()
    assert registry(tmp_path / "demo")["training_events"].height == 30


def test_real_records_are_never_replaced(tiny_data: Path):
    before = files_of(tiny_data)
    with pytest.raises(PipelineError, match="does not hold synthetic records"):
        write_demo(tiny_data, events=1, rounds=1, questions=1, seed=1, is_forced=True)
    assert files_of(tiny_data) == before


def test_the_command_writes_the_folder_its_edition_and_a_workbook_and_says_how_to_see_it(tmp_path: Path):
    folder, workbook = tmp_path / "demo", tmp_path / "practice.xlsx"
    given = ["demo", "--events", "30", "--rounds", "2", "--questions", "3", "-o", str(folder)]
    done = CliRunner().invoke(app, [*given, "--workbook", str(workbook), "--lang", "es"])
    assert done.exit_code == 0, done.output
    said = done.output.replace("\n", "")
    assert f"panorama serve --data {folder}" in said
    assert editions.live_id(folder / "editions")
    assert workbook.read_bytes().startswith(b"PK")
    again = CliRunner().invoke(app, given)
    assert again.exit_code == 1


def test_the_command_refuses_a_workbook_of_another_name_before_it_writes_anything(tmp_path: Path):
    folder = tmp_path / "demo"
    done = CliRunner().invoke(app, ["demo", "-o", str(folder), "--workbook", str(tmp_path / "practice.ods")])
    assert done.exit_code == 1
    assert not folder.exists()


def test_every_table_of_the_edition_keeps_its_contract(demo_tables: dict[str, pl.DataFrame]):
    made_with_the_file = {"edition", "load_report", "rejected_row", "revision", *PAGE_TABLES}
    assert set(schemas.TABLES) - made_with_the_file == set(demo_tables)
    for name, table in demo_tables.items():
        schemas.TABLES[name].validate(table)


def test_the_folder_is_served_whatever_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_demo(tmp_path / "demo", events=5, rounds=1, questions=1, seed=1, has_edition=True)
    monkeypatch.setenv("PANORAMA_EDITIONS", str(tmp_path / "elsewhere"))
    served: list[str] = []
    monkeypatch.setattr("dashboard.server.serve", lambda *_given: served.append(os.environ["PANORAMA_EDITIONS"]))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    done = CliRunner().invoke(app, ["serve", "--data", str(tmp_path / "demo"), "--port", str(port)])
    assert done.exit_code == 0, done.output
    assert served == [str(tmp_path / "demo" / "editions")]


def test_an_answer_from_synthetic_records_says_so_beside_the_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("PANORAMA_EDITIONS", raising=False)
    write_demo(tmp_path / "demo", events=5, rounds=1, questions=1, seed=1, has_edition=True)
    asked = ["query", "select count(*) as n from fct_training_event", "--csv", "--data", str(tmp_path / "demo")]
    done = CliRunner().invoke(app, asked)
    assert done.stdout == "n\n5\n"
    assert done.stderr == "Synthetic records for practice; no figure here is real.\n"
