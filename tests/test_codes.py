"""One home for the words of codes: data/catalog/codes.csv, carried by the edition, shown by the dashboard."""

import ast
import csv
import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest

from dashboard import db, labels
from dashboard.i18n import LANGUAGES, in_language
from pipelines import build, catalog, checks
from pipelines import vocabularies as words
from pipelines.fields import Code
from tests.conftest import AS_OF, PROJECT

CODES_CSV = PROJECT / "data" / "catalog" / "codes.csv"
SCREEN_ONLY = {("response_status", "not_stated"), ("response_status", "outside"), ("family", "national")}


def rows() -> list[dict[str, str]]:
    with CODES_CSV.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def records(*codes: tuple[str, str]) -> pl.DataFrame:
    """Rows of codes.csv as read, each with its own code for a name."""
    frame = pl.DataFrame(codes, schema=["code_list", "code"], orient="row").with_row_index("row", 2)
    return frame.with_columns(pl.col("code").alias(f"name_{lang}") for lang in LANGUAGES)


def test_every_code_that_a_field_takes_has_its_words():
    fields = [field for table in build.TABLES for field in table.fields if isinstance(field, Code)]
    taken = {(field.codes.name, code) for field in fields for code in field.codes}
    assert len({field.codes.name for field in fields}) > 25
    assert taken <= {(row["code_list"], row["code"]) for row in rows()}


def test_the_words_follow_the_order_of_the_lists():
    assert [(row["code_list"], row["code"]) for row in rows()] == [
        (name, code) for name, codes in words.CODE_LISTS.items() for code in codes
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_word_means_one_code_of_its_list(lang):
    named = [(row["code_list"], row[f"name_{lang}"].casefold()) for row in rows()]
    assert len(set(named)) == len(named)


def test_the_place_of_a_code_is_that_in_its_list():
    found = catalog.codes(records(("pillar", "protection"), ("modality", "online"), ("pillar", "prevention")))
    assert found.select("code_list", "code", "position").rows() == [
        ("modality", "online", 2),
        ("pillar", "prevention", 1),
        ("pillar", "protection", 2),
    ]


def test_a_code_that_is_none_comes_last():
    places = dict(catalog.codes(records(("pillar", "no_pillar"), ("pillar", "cooperation")))["code", "position"].rows())
    assert places["no_pillar"] > places["cooperation"]


def test_a_code_without_words_and_words_without_a_code_are_told(tiny_tables):
    codes = tiny_tables["dim_code"]
    altered = codes.with_columns(
        code=pl.when(pl.col("code") == "roundtable").then(pl.lit("round_table")).otherwise("code")
    )
    assert checks.every_code_has_its_words({"dim_code": codes}) == []
    assert checks.every_code_has_its_words({"dim_code": altered}) == [
        "codes.csv: the code roundtable of the list event_type has no words; "
        "expected: a row with its name in four languages",
        'codes.csv: "round_table" is not a code of the list event_type; expected: only codes that records may use',
    ]


def test_the_word_of_a_code_keeps_no_recorded_text_alive(tiny_data):
    """A text that no record shows any longer stays out of the edition, be it the word of a code as well."""
    for lang, line in (
        ("en", "t9,training_events.title,round table"),
        *((lang, "t9,x,same") for lang in LANGUAGES if lang != "en"),
    ):
        with (tiny_data / "catalog" / "texts" / f"{lang}.csv").open("a", encoding="utf-8") as texts:
            texts.write(f"{line}\n")
    tables = build.edition_tables(build.read_records(tiny_data), AS_OF)
    assert "round table" in set(tables["dim_code"]["name_en"])
    assert "t9" not in set(tables["dim_text"]["text_id"])


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_dashboard_says_what_the_edition_says(lang, shipped):
    with in_language(lang):
        for name, codes in words.CODE_LISTS.items():
            said = {row["code"]: row[f"name_{lang}"] for row in rows() if row["code_list"] == name}
            shown = labels.labels(name)
            assert [code for code in shown if (name, code) not in SCREEN_ONLY] == list(codes)
            assert {code: shown[code] for code in codes} == said
            assert [labels.label(name, code) for code in codes] == list(said.values())


def test_codes_that_only_the_screen_adds_come_last(shipped):
    assert list(labels.labels("response_status")) == ["returned", "not_received", "not_asked", "not_stated", "outside"]
    assert labels.label("family", "national") == "National framework"
    own = {(family, code) for family, codes in labels.LABELS.items() if family in words.CODE_LISTS for code in codes}
    assert own == SCREEN_ONLY


def test_no_code_and_an_unknown_code(shipped):
    assert labels.label("pillar", None) == labels.label("pillar", "") == ""
    assert labels.label("pillar", "a_new_pillar") == "a_new_pillar"


def test_an_edition_without_words_shows_the_codes(shipped, tmp_path, monkeypatch):
    path = tmp_path / "wordless.duckdb"
    shutil.copy(shipped, path)
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute("drop table dim_code")
    (tmp_path / "current").write_text("wordless")
    monkeypatch.setenv("PANORAMA_EDITIONS", str(tmp_path))
    db.use_edition(None)
    assert labels.label("event_status", "held") == "held"
    assert labels.label("response_status", "not_asked") == "not_asked"
    assert labels.labels("response_status") == {
        "not_stated": "not stated",
        "outside": "did not take part in the OAS then",
    }


def test_every_family_that_the_code_asks_for_exists():
    asked = {
        call.args[0].value: f"{file.name}:{call.lineno}"
        for file in (PROJECT / "dashboard").rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in ("label", "labels")
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }
    assert len(asked) > 20
    assert {family: place for family, place in asked.items() if family not in {*words.CODE_LISTS, *labels.LABELS}} == {}


def test_no_word_has_two_homes():
    """A code list of records is worded in the catalogue only; the screen adds codes, never other words."""
    assert {row["code_list"] for row in rows()} == set(words.CODE_LISTS)
    assert Path(labels.__file__).read_text(encoding="utf-8").count('"held"') == 0
