"""An edition says which contract its tables follow; what cannot show it says so instead of failing."""

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from dashboard import choices, db
from dashboard.i18n import LANGUAGES, in_language
from dashboard.queries import sources as queries
from dashboard.selection import Problem, Selection
from dashboard.views.registry import VIEWS
from dashboard.views.view import Markup
from pipelines import editions, schemas
from pipelines.errors import EditionError
from tests.test_downloads import get
from tests.test_pages import opened, words

EARLIER = "20250101T000000Z"


@pytest.fixture
def earlier(shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the shipped edition, live, and one from before the words of codes and the number of the contract."""
    shutil.copy(shipped, tmp_path)
    (tmp_path / "current").write_text(shipped.stem)
    path = tmp_path / f"{EARLIER}.duckdb"
    shutil.copy(shipped, path)
    path.chmod(0o644)
    with duckdb.connect(str(path)) as connection:
        connection.execute("alter table edition drop contract")
        connection.execute("drop table dim_code")
    monkeypatch.setenv("PANORAMA_EDITIONS", str(tmp_path))
    return tmp_path


def test_both_sides_know_the_same_contract(shipped):
    assert db.CONTRACT == schemas.CONTRACT
    assert editions.listing(shipped.parent)[0].contract == schemas.CONTRACT
    assert db.can_show(shipped.stem)


def test_an_edition_without_a_contract_follows_the_first(earlier):
    assert {info.edition_id: info.contract for info in editions.listing(earlier)}[EARLIER] == 1
    assert not db.can_show(EARLIER)
    with pytest.raises(db.OtherContract):
        db.use_edition(EARLIER)


def test_a_link_to_it_reads_the_live_edition_and_says_so(earlier, shipped):
    selection, problems = choices.read_address({"edition": EARLIER, "area": "KNA"}, Selection())
    assert problems == [Problem("edition", EARLIER, is_of_other_contract=True)]
    assert (selection.edition, selection.area, db.edition()) == ("", "KNA", shipped.stem)


def test_other_problems_of_the_address_are_still_told(earlier):
    _selection, problems = choices.read_address({"edition": EARLIER, "area": "Barbadoss"}, Selection())
    assert problems[1:] == [Problem("area", "Barbadoss", "BRB")]


def test_the_sentence_names_the_edition_in_every_language(earlier):
    for lang in LANGUAGES:
        with in_language(lang):
            assert EARLIER in Problem("edition", EARLIER, is_of_other_contract=True).text


@pytest.mark.parametrize("script", ["overview.py", "country.py", "sources.py"])
def test_every_page_opens_with_a_link_to_it(earlier, script):
    session = opened(script, "en", edition=EARLIER)
    assert not session.exception
    banners = re.findall(r'<div class="pn-banner" role="alert">(.*?)</div>', words(session))
    assert banners == [
        f"The edition {EARLIER} was made for another version of this dashboard and cannot be shown by this one; "
        "the live edition is shown instead."
    ]
    assert "frozen by this link" not in words(session)


def test_a_download_from_it_is_refused_with_the_same_sentence(earlier):
    for path in ("/download/sources.edition.csv", "/download/table/dim_area.csv", "/download/panorama.zip"):
        status, _headers, body = get(f"{path}?edition={EARLIER}")
        assert (status, body.decode().partition(" was made for another")[0]) == (400, f"The edition {EARLIER}")


def test_it_is_listed_without_a_link(earlier, shipped):
    db.use_edition(None)
    listed = dict(queries.editions_on_file().select("edition_id", "can_show").iter_rows())
    assert listed == {EARLIER: False, shipped.stem: True}
    figure = VIEWS["sources.editions"](Selection()).figure
    assert isinstance(figure, Markup)
    assert f"edition={EARLIER}" not in figure.html
    assert "made for another version of this dashboard" in figure.html
    assert f"edition={shipped.stem}" in figure.html


def test_a_live_edition_of_another_contract_is_not_shown(earlier):
    (earlier / "current").write_text(EARLIER)
    session = opened("overview.py", "en")
    assert not session.exception
    assert "The data are being prepared for this new version of the dashboard." in words(session)
    assert "Los datos se están preparando" in words(opened("overview.py", "es"))
    status, _headers, body = get("/download/sources.edition.csv")
    assert status == 503
    assert body.startswith(b"The data are being prepared for this new version of the dashboard.")


def test_nobody_goes_back_to_it(earlier, shipped):
    sentence = (
        rf"^The edition {EARLIER} cannot be made live: its tables follow contract 1, and this version of Panorama "
        rf'reads contract {schemas.CONTRACT}; "panorama build" makes an edition that it can show.$'
    )
    for named in (EARLIER, None):
        with pytest.raises(EditionError, match=sentence):
            editions.rollback(earlier, named)
    assert editions.live_id(earlier) == shipped.stem
