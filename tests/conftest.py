"""Shared by all tests: a tiny, complete data folder, an edition built from it, and the comparison with golden files."""

import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from dashboard import db
from dashboard.i18n import use_language
from pipelines import build, editions

TESTS = Path(__file__).parent
PROJECT = TESTS.parent
FIXTURES = TESTS / "fixtures" / "data"
GOLDEN = TESTS / "golden"
OPEN_INDICATORS = ("population", "tip_tier", "control_of_corruption_estimate")
AS_OF = date(2020, 6, 30)
SHIPPED_AS_OF = date(2026, 11, 22)

Edit = Callable[[str, str, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite-golden", action="store_true", help="write the golden files anew, for review")


@pytest.fixture(autouse=True)
def _as_at_the_start() -> Iterator[None]:
    """Afterwards no edition is chosen and the language is English again, so that no test depends on the one before."""
    yield
    db._edition.set("")
    use_language("en")


def make_tiny_data(folder: Path) -> Path:
    """The fixtures, with the project's words for codes and columns and the declarations of their indicators."""
    data = folder / "data"
    shutil.copytree(FIXTURES, data)
    for words in ("codes.csv", "columns.csv"):
        shutil.copy(PROJECT / "data" / "catalog" / words, data / "catalog")
    declared = data / "catalog" / "indicators"
    declared.mkdir()
    for path in sorted((PROJECT / "data" / "catalog" / "indicators").glob("*.yml")):
        if path.stem in OPEN_INDICATORS or "is_derived: true" in path.read_text(encoding="utf-8"):
            shutil.copy(path, declared)
    return data


@pytest.fixture
def tiny_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh copy of the tiny data folder; the environment names it."""
    data = make_tiny_data(tmp_path)
    monkeypatch.setenv("PANORAMA_DATA", str(data))
    monkeypatch.delenv("PANORAMA_EDITIONS", raising=False)
    return data


@pytest.fixture
def edit(tiny_data: Path) -> Edit:
    """Replaces a text that occurs once in a file of the tiny data folder."""

    def replace(file: str, old: str, new: str) -> None:
        path = tiny_data / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file} holds {old!r} {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8")

    return replace


@pytest.fixture(scope="session")
def tiny_tables(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """All tables of the edition of the tiny data, by name; for reading only."""
    data = make_tiny_data(tmp_path_factory.mktemp("tiny"))
    return build.edition_tables(build.read_records(data), AS_OF)


@pytest.fixture(scope="session")
def tiny_edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an edition of the tiny data; for reading only."""
    folder = tmp_path_factory.mktemp("tiny_edition")
    build.build(make_tiny_data(folder), folder / "editions", as_of=AS_OF)
    return editions.resolve(None, folder / "editions")


@pytest.fixture
def assert_golden(request: pytest.FixtureRequest) -> Callable[[str, pl.DataFrame], None]:
    """Compares a table with ``tests/golden/<name>.csv``, byte for byte."""

    def compare(name: str, table: pl.DataFrame) -> None:
        path = GOLDEN / f"{name}.csv"
        found = table.write_csv()
        if request.config.getoption("--rewrite-golden"):
            path.write_text(found, encoding="utf-8")
        assert found == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(scope="session")
def shipped_edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an edition of the project's own data, alone in its folder; for reading only."""
    folder = tmp_path_factory.mktemp("shipped")
    build.build(PROJECT / "data", folder / "editions", as_of=SHIPPED_AS_OF)
    return editions.resolve(None, folder / "editions")


@pytest.fixture
def shipped(shipped_edition: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The dashboard reads an edition of the project's own data; its file."""
    monkeypatch.setenv("PANORAMA_EDITIONS", str(shipped_edition.parent))
    return shipped_edition
