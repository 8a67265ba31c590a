"""What the dashboard says of synthetic records: on every page, in every row that leaves it; and how much it lists."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from dashboard import db
from dashboard.components import tables as shown_tables
from dashboard.exports import tables
from dashboard.exports.downloads import view_csv
from dashboard.i18n import LANGUAGES, use_language
from dashboard.selection import Selection
from dashboard.views.long_lists import first_named
from dashboard.views.registry import VIEWS
from pipelines import editions
from pipelines.demo import write_demo
from tests.test_downloads import get
from tests.test_pages import SCRIPTS, in_folds, opened, words

BANNERS = {
    "en": "Synthetic records for practice. No figure here is real.",
    "es": "Registros ficticios para practicar. Ninguna cifra de esta página es real.",
    "pt": "Registros fictícios, para exercício. Nenhum número aqui é real.",
    "fr": "Données inventées à titre d’exercice. Aucun chiffre ici n’est réel.",
}
EVENTS = 6_000


@pytest.fixture(scope="module")
def demo_edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an edition of synthetic records, alone in its folder; for reading only."""
    folder = tmp_path_factory.mktemp("synthetic") / "data"
    write_demo(folder, events=EVENTS, rounds=5, questions=40, seed=7, has_edition=True)
    return editions.resolve(None, folder / "editions")


@pytest.fixture
def demo(demo_edition: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The dashboard reads an edition of synthetic records."""
    monkeypatch.setenv("PANORAMA_EDITIONS", str(demo_edition.parent))
    db.use_edition(None)
    return demo_edition


def everything(view_id: str, **chosen: Any) -> tuple[list[list[str]], pl.DataFrame]:
    view = VIEWS[view_id](Selection(**chosen))
    return list(csv.reader(io.StringIO(view_csv(view).lstrip("\ufeff")))), view.table


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("script", SCRIPTS)
def test_every_page_says_that_the_records_are_made_up(script: str, lang: str) -> None:
    session = opened(script, lang, area="KNA", group="OAS-CAR")
    assert [error.value for error in session.exception] == []
    assert words(session).count(f'role="note">{BANNERS[lang]}<') == 1


@pytest.mark.usefixtures("shipped")
def test_no_page_of_real_records_says_so() -> None:
    assert BANNERS["en"] not in words(opened("overview.py", "en"))


@pytest.mark.usefixtures("demo")
def test_no_page_grows_with_the_records() -> None:
    for script in SCRIPTS:
        assert len(words(opened(script, "en", area="KNA", group="OAS-CAR"))) < 1_200_000, script


@pytest.mark.usefixtures("demo")
def test_every_row_of_a_downloaded_table_says_that_it_is_made_up() -> None:
    use_language("es")
    rows, table = everything("questionnaires.answers", lang="es")
    assert table.height > shown_tables.MOST_ROWS
    assert {row[-1] for row in rows[1 : table.height + 1]} == {"ficticios, para practicar"}
    assert [BANNERS["es"]] in rows[table.height + 1 :]


@pytest.mark.usefixtures("shipped")
def test_a_table_of_real_records_has_no_such_column() -> None:
    db.use_edition(None)
    rows, table = everything("training.events_by_year", lang="en")
    assert "Synthetic" not in rows[0]
    assert [BANNERS["en"]] not in rows
    assert table.height


@pytest.mark.usefixtures("demo")
def test_files_to_take_away_are_named_after_what_they_hold() -> None:
    names = {
        address: get(address)[1]["content-disposition"]
        for address in (
            "/download/overview.key_figures.csv",
            "/download/table/dim_source.csv",
            "/download/panorama.zip",
        )
    }
    assert all('filename="synthetic-' in name for name in names.values()), names
    page = words(opened("overview.py", "en"))
    assert 'download="synthetic-overview.' in page
    assert 'download="overview.' not in page


@pytest.mark.usefixtures("demo")
def test_the_package_says_so_in_its_title_its_description_its_names_and_a_read_me() -> None:
    with zipfile.ZipFile(tables.package_file()) as package:
        about = json.loads(package.read("datapackage.json"))
        names = set(package.namelist()) - {"datapackage.json", "README.txt"}
        remark = package.read("README.txt").decode()
    assert about["name"] == "synthetic-panorama"
    assert about["title"].startswith("SYNTHETIC RECORDS")
    assert about["description"].startswith("SYNTHETIC RECORDS")
    assert remark.startswith("SYNTHETIC RECORDS")
    assert {resource["path"] for resource in about["resources"]} == names
    assert all(name.split("/")[1].startswith("synthetic-") for name in names)


@pytest.mark.usefixtures("demo")
def test_long_lists_end_with_a_sentence_that_says_what_is_left_out() -> None:
    events = VIEWS["country.events"](Selection(lang="en", area="KNA")).table.height
    page = words(opened("country.py", "en", area="KNA"))
    assert f"{events - 100:,} more records are in the download only." in page
    answers = VIEWS["questionnaires.answers"](Selection(lang="en"))
    questions = VIEWS["questionnaires.questions"](Selection(lang="en")).table.height
    tables = "".join(table for _status, table in in_folds(opened("questionnaires.py", "en")))
    assert f"The first 250 of {questions:,} rows; the download has all." in tables
    assert answers.notes[0].startswith(f"Listed here are the first 60 of {answers.table.height:,} answers")


@pytest.mark.usefixtures("demo")
def test_the_line_of_time_draws_the_newest_records_of_each_subject() -> None:
    view = VIEWS["country.timeline"](Selection(lang="en", area="KNA"))
    beyond_the_list = VIEWS["country.events"](Selection(lang="en", area="KNA")).table["events_in_all"][0] - 200
    assert beyond_the_list > 0
    assert (
        f"The line shows the newest 30 records of each subject; {beyond_the_list} more training events are "
        "neither shown nor in the download: choose a period to see them."
    ) in view.notes
    assert view.table.height > 200
    assert view.height < 1_500


def test_a_long_list_in_a_sentence_names_the_first_and_counts_the_others() -> None:
    assert first_named(["a", "b", "c"], most=2) == "a; b; c"
    assert first_named([*"abcdefgh"], most=2) == "a; b; and 6 more"
