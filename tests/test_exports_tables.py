"""The tables of an edition as files: exact in Parquet, harmless in CSV, described in the package."""

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import duckdb
import polars as pl
import pytest

from dashboard import db
from dashboard.exports import tables
from dashboard.queries import sources
from pipelines import schemas

FORMULAS = ["=1+1", "+1 (868) 555", "-cmd|calc", "@sum(a1)", "\tx", "\rx", "-"]
HARMLESS = ["-5", "+5.0", "-.5e-3", "plain = text", "'quoted", "a,b", 'say "x"', "two\nlines", "é ü ñ", " =1"]


@pytest.fixture(autouse=True)
def _live(shipped: Path) -> None:
    db.use_edition(None)


@pytest.fixture
def spiked(shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped edition with texts that a spreadsheet would take for formulas, and one table of odd name."""
    path = tmp_path / "spiked.duckdb"
    shutil.copy(shipped, path)
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute("delete from dim_text")
        for position, text in enumerate([*FORMULAS, *HARMLESS]):
            connection.execute(
                "insert into dim_text values (?, 'en', ?, ?, 'original')", [f"t{position:02}", text, text]
            )
        connection.execute('create table "odd ""name" (value double, "=column" varchar)')
        connection.execute("insert into \"odd \"\"name\" values (-1.5, '-1.5'), (null, null), (1e300, '')")
    (tmp_path / "current").write_text("spiked\n", encoding="utf-8")
    monkeypatch.setenv("PANORAMA_EDITIONS", str(tmp_path))
    db.use_edition(None)
    return path


def test_parquet_is_exact_for_every_table():
    for name in tables.table_names():
        stored = db.cursor().table(f'"{name}"').pl()
        assert pl.read_parquet(tables.table_file(name, "parquet")).equals(stored), name


def test_csv_neutralises_formulas_and_nothing_else(spiked: Path):
    read = pl.read_csv(tables.table_file("dim_text", "csv"), infer_schema=False)
    assert read["text"].to_list() == [*("'" + text for text in FORMULAS), *HARMLESS]
    assert pl.read_parquet(tables.table_file("dim_text", "parquet"))["text"].to_list() == [*FORMULAS, *HARMLESS]


def test_csv_keeps_numbers_and_tells_missing_from_empty(spiked: Path):
    text = tables.table_file('odd "name', "csv").read_bytes()
    assert text == b'value,=column\n-1.5,-1.5\n,\n1e+300,""\n'


def test_csv_has_no_byte_order_mark_and_says_times_in_utc():
    text = tables.table_file("edition", "csv").read_text(encoding="utf-8")
    assert text.startswith("edition_id,")
    assert f"{sources.edition()['built_at']:%Y-%m-%dT%H:%M:%SZ}" in text


def test_csv_of_a_table_agrees_with_the_table():
    read = pl.read_csv(tables.table_file("fct_training_event", "csv"), infer_schema=False)
    stored = db.cursor().table("fct_training_event").pl()
    assert read.columns == stored.columns
    assert read["event_id"].to_list() == stored["event_id"].to_list()
    assert read["officials_stated"].cast(pl.Int64).to_list() == stored["officials_stated"].to_list()
    assert read["start_on"].str.to_date().to_list() == stored["start_on"].to_list()


@pytest.mark.parametrize(
    "name", ["nope", "", "../current", "dim_area;drop table dim_area", "DIM_AREA", "duckdb_tables"]
)
def test_only_tables_of_the_edition_are_files(name: str):
    with pytest.raises(tables.UnknownTable):
        tables.table_file(name, "csv")


def test_only_known_formats_are_files():
    with pytest.raises(tables.UnknownTable):
        tables.table_file("dim_area", "exe")


def test_a_file_is_written_once_for_each_edition(spiked: Path, shipped: Path, monkeypatch: pytest.MonkeyPatch):
    first = tables.table_file("dim_text", "csv")
    written = first.stat().st_mtime_ns
    assert tables.table_file("dim_text", "csv") == first
    assert first.stat().st_mtime_ns == written
    monkeypatch.setenv("PANORAMA_EDITIONS", str(shipped.parent))
    db.use_edition(None)
    assert tables.table_file("dim_text", "csv") != first


def test_a_folder_swept_away_is_made_again():
    path = tables.table_file("dim_area", "csv")
    shutil.rmtree(path.parent)
    assert tables.table_file("dim_area", "csv").exists()


def test_keys_are_those_of_the_contract_and_hold():
    contract = {name: schema.primary_key() for name, schema in schemas.TABLES.items() if schema.primary_key()}
    assert contract == tables.KEYS
    for name, key in tables.KEYS.items():
        rows = pl.read_parquet(tables.table_file(name, "parquet"))
        assert not rows.select(key).is_duplicated().any(), name


def test_the_package_describes_every_file_it_holds():
    with zipfile.ZipFile(tables.package_file()) as package:
        assert package.testzip() is None
        about = json.loads(package.read("datapackage.json"))
        resources = {resource["path"]: resource for resource in about["resources"]}
        assert set(package.namelist()) == {"datapackage.json", *resources}
        assert len(resources) == 2 * len(tables.table_names())
        assert len({resource["name"] for resource in resources.values()}) == len(resources)
        for path, resource in resources.items():
            content = package.read(path)
            rows = pl.read_csv(content, infer_schema=False) if resource["format"] == "csv" else pl.read_parquet(content)
            assert rows.columns == [field["name"] for field in resource["schema"]["fields"]], path
            assert rows.height == resource["rowCount"], path
            assert resource["bytes"] == len(content)
            assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
            assert set(resource["schema"].get("primaryKey", [])) <= set(rows.columns)
    assert about["version"] == db.edition()
    assert len(about["sources"]) == sources.sources().height
    assert about["licenses"][0]["name"] == "CC-BY-4.0"
    assert "contributors" not in about  # the standard allows none, not an empty list


def test_field_types_fit_the_values():
    with zipfile.ZipFile(tables.package_file()) as package:
        about = json.loads(package.read("datapackage.json"))
    event = next(resource for resource in about["resources"] if resource["name"] == "fct_training_event")
    types = {field["name"]: field["type"] for field in event["schema"]["fields"]}
    assert types["title"] == "string"
    assert types["start_on"] == "date"
    assert types["officials_stated"] == "integer"
    assert "any" not in {field["type"] for resource in about["resources"] for field in resource["schema"]["fields"]}


def test_the_package_is_the_same_each_time_it_is_made():
    first = tables.package_file().read_bytes()
    shutil.rmtree(tables.package_file().parent)
    assert tables.package_file().read_bytes() == first
