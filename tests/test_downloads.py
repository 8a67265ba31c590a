"""Download addresses: what they answer, in which language, and what they refuse."""

import csv
import io
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from starlette.applications import Starlette

from dashboard import db
from dashboard.exports import downloads, kept, tables
from dashboard.i18n import use_language
from dashboard.views.view import Column, SourceNote, View
from tests.asking import ask, awaited

APP = Starlette(routes=downloads.ROUTES)


@pytest.fixture(autouse=True)
def _english(shipped: Path) -> Iterator[None]:
    db.use_edition(None)
    use_language("en")
    yield
    use_language("en")


def get(address: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the answer to a request."""
    return awaited(ask(APP, address, **headers))


def cells(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))


@pytest.mark.parametrize("text", ["=1+1", "+a", "-a", "@a", "\ta", "\ra", "-1;2"])
def test_formulas_are_neutralised(text: str):
    assert downloads.neutral(text) == "'" + text


@pytest.mark.parametrize("text", ["-5", "+5.5", "-1e-3", "", "a=b", " =1", "'x"])
def test_numbers_and_plain_texts_stay_as_they_are(text: str):
    assert downloads.neutral(text) == text


def test_a_view_as_csv_says_why_values_are_empty_and_where_they_come_from():
    view = View(
        id="a.view",
        title="=title",
        takeaway="One sentence.",
        table=pl.DataFrame(
            {
                "area": ["BRA", None],
                "value": [2.0, None],
                "status": ["A", "O"],
                "text": ["-x", None],
                "source_id": ["s", "unknown"],
            }
        ),
        columns=(
            Column("area", "State", "area"),
            Column("value", "Value", "number", status_key="status"),
            Column("text", "Text"),
            Column("source_id", "Source", "source"),
        ),
        sources=(SourceNote("s", "@title", "DOC/1", "Publisher", "https://example.org/"),),
    )
    rows = list(csv.reader(io.StringIO(downloads.view_csv(view).removeprefix("\ufeff"))))
    assert rows[0] == ["State", "code", "Value", "Value: status", "Text", "Source", "Title", "Address"]
    assert rows[1] == ["Brazil", "BRA", "2", "A normal value", "'-x", "DOC/1", "'@title", "https://example.org/"]
    assert rows[2] == ["", "", "", "O not reported", "", "", "", ""]
    assert ["'=title"] in rows
    assert rows[-1] == [f"Edition {db.edition()}"]


def test_the_table_of_a_view_comes_with_a_byte_order_mark_and_a_name():
    status, headers, body = get("/download/sources.licences.csv")
    assert status == 200
    assert body.startswith(b"\xef\xbb\xbf")
    assert headers["content-disposition"] == 'attachment; filename="sources.licences.csv"'
    assert cells(body)[0] == ["Licence as recorded", "Licence class", "Sources"]
    counted = sum(int(row[2]) for row in cells(body)[1:] if len(row) == 3)
    recorded = (Path(__file__).parent.parent / "data" / "catalog" / "sources.csv").read_text(encoding="utf-8")
    assert counted == len(list(csv.DictReader(io.StringIO(recorded))))


def test_the_language_of_the_address_is_that_of_the_file():
    _status, _headers, body = get("/download/sources.indicators.csv?lang=es")
    texts = {cell for row in cells(body) for cell in row}
    assert "Eventos de capacitación" in texts
    assert "Training events" not in texts


def test_a_search_narrows_the_file():
    _status, _headers, whole = get("/download/sources.documents.csv")
    _status, _headers, found = get("/download/sources.documents.csv?find=NORMLEX")
    assert 0 < len(cells(found)) < len(cells(whole))


def test_an_unknown_view_is_not_found():
    status, headers, body = get("/download/no.such.view.csv")
    assert status == 404
    assert "no.such.view" in body.decode()
    assert headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize("query", ["area=Atlantis", "lang=de", "edition=../current", "period=1500-1600"])
@pytest.mark.parametrize("path", ["sources.licences.csv", "table/dim_area.csv", "panorama.zip"])
def test_a_value_that_means_nothing_is_refused(path: str, query: str):
    status, _headers, body = get(f"/download/{path}?{query}")
    assert status == 400
    assert query.split("=")[1] in body.decode()


@pytest.mark.parametrize("name", ["sources.licences.csv", "table/dim_area.csv", "panorama.zip"])
def test_without_an_edition_there_is_nothing_to_take(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PANORAMA_EDITIONS", str(tmp_path))
    assert get(f"/download/{name}")[0] == 503


def test_tables_and_package_are_files_with_names():
    for path, kind, name in (
        ("table/dim_area.csv", "text/csv; charset=utf-8", "dim_area.csv"),
        ("table/dim_area.parquet", "application/vnd.apache.parquet", "dim_area.parquet"),
        ("panorama.zip", "application/zip", f"panorama-{db.edition()}.zip"),
    ):
        status, headers, body = get(f"/download/{path}")
        assert status == 200
        assert headers["content-type"] == kind
        assert f'filename="{name}"' in headers["content-disposition"]
        assert len(body) == int(headers["content-length"])
    assert get("/download/table/dim_area.parquet")[2] == tables.table_file("dim_area", "parquet").read_bytes()


def test_a_table_that_is_not_there_names_the_nearest():
    status, _headers, body = get("/download/table/dim_sources.csv")
    assert status == 404
    assert "the nearest is dim_source.csv" in body.decode()
    assert get("/download/table/dim_source.exe")[0] == 404
    assert get("/download/table/..%2Fcurrent.csv")[0] == 404


def test_what_the_reader_has_already_is_not_sent_again():
    _status, headers, _body = get("/download/table/dim_area.csv")
    assert db.edition() in headers["etag"]
    status, again, body = get("/download/table/dim_area.csv", if_none_match=headers["etag"])
    assert (status, body, again["etag"]) == (304, b"", headers["etag"])
    assert get("/download/table/dim_area.csv", if_none_match='"other/dim_area.csv"')[0] == 200


def test_only_an_edition_named_in_the_address_may_be_kept_for_good():
    assert get("/download/table/dim_area.csv")[1]["cache-control"] == "no-cache"
    assert "immutable" in get(f"/download/table/dim_area.csv?edition={db.edition()}")[1]["cache-control"]


OFFICE = "application/vnd.openxmlformats-officedocument."


@pytest.mark.parametrize(
    ("suffix", "kind", "start"),
    [
        ("csv", "text/csv; charset=utf-8", b"\xef\xbb\xbf"),
        ("xlsx", OFFICE + "spreadsheetml.sheet", b"PK"),
        ("pptx", OFFICE + "presentationml.presentation", b"PK"),
    ],
)
def test_a_view_is_a_file_at_its_own_address(suffix: str, kind: str, start: bytes):
    status, headers, body = get(f"/view/training.events_by_year.{suffix}?lang=es&period=2005-2015")
    assert (status, headers["content-type"]) == (200, kind)
    assert headers["content-disposition"] == f'attachment; filename="training.events_by_year.{suffix}"'
    assert body.startswith(start)


def test_the_old_address_of_a_table_gives_the_same():
    assert get("/view/sources.licences.csv?lang=fr")[2] == get("/download/sources.licences.csv?lang=fr")[2]


def test_a_citation_is_text_that_names_the_site_as_it_was_asked_for():
    status, headers, body = get("/view/overview.map.txt?lang=en", host="panorama.example")
    assert (status, headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert "content-disposition" not in headers
    assert "http://panorama.example/?" in body.decode()


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("overview.mapp.xlsx", 404, "The nearest is “overview.map”."),
        ("nothing.at.all.xlsx", 404, "There is no view called “nothing.at.all”."),
        ("overview.map.docx", 404, "A view cannot be taken away as “docx”"),
        ("overview.map.xlsx?area=Brasill", 400, "The nearest is “BRA”."),
        ("overview.map.pptx?lang=de", 400, "“de”"),
        ("overview.map.pptx?edition=../../etc", 400, "“../../etc”"),
        ("..%2F..%2Fsecrets.xlsx", 404, "There is no view called"),
    ],
)
def test_what_is_unknown_is_refused_with_the_nearest_and_nothing_is_made(address: str, status: int, said: str):
    found, headers, body = get(f"/view/{address}")
    assert found == status
    assert said in body.decode()
    assert headers["content-type"].startswith("text/plain")


def test_without_an_edition_no_view_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PANORAMA_EDITIONS", str(tmp_path))
    assert get("/view/overview.map.xlsx")[0] == 503


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/download/table/dim_areas.csv?lang=fr", 404, "la plus proche"),
        ("/view/overview.mapp.xlsx?lang=es", 404, "No existe ninguna vista"),
        ("/download/panorama.zip?lang=pt&period=1500", 400, "não é conhecido aqui"),
    ],
)
def test_a_refusal_is_in_the_language_asked_for(address: str, status: int, said: str):
    found, headers, body = get(address, accept_language="en")
    assert (found, headers["content-language"]) == (status, address.partition("lang=")[2][:2])
    assert said in body.decode()


def test_without_a_language_in_the_address_a_refusal_is_in_the_browsers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    assert get("/view/no.such.csv", accept_language="es-MX")[1]["content-language"] == "es"
    assert get("/download/table/dim_area.csv?area=Atlantis", accept_language="fr")[1]["content-language"] == "fr"
    monkeypatch.setenv("PANORAMA_EDITIONS", str(tmp_path))
    for address in ("/view/overview.map.csv", "/download/panorama.zip", "/download/table/dim_area.csv"):
        status, headers, body = get(address, accept_language="pt-BR")
        assert (status, headers["content-language"]) == (503, "pt")
        assert "edição" in body.decode()


def test_finished_files_are_kept_within_bounds(monkeypatch: pytest.MonkeyPatch):
    made: list[str] = []

    def make(name: str) -> bytes:
        made.append(name)
        return name.encode() * 10

    monkeypatch.setattr(kept, "_files", OrderedDict())
    monkeypatch.setattr(kept, "MOST_BYTES", 25)
    for name in ("a", "b", "a", "c", "b"):
        assert kept.kept(name, lambda name=name: make(name)) == name.encode() * 10
    assert made == ["a", "b", "c", "b"]
