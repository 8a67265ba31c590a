"""The profile of a state: two tagged pages in any language, the words of its page's views, nothing read as markup."""

import io
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from starlette.applications import Starlette
from typer.testing import CliRunner, Result

from dashboard import areas, db, synthetic
from dashboard.exports import profile
from dashboard.exports.profile import files
from dashboard.exports.profile.entries import section
from dashboard.exports.profile.pages import VIEW_NAMES
from dashboard.i18n import LANGUAGES, in_language
from dashboard.queries import sources
from dashboard.selection import Selection
from dashboard.views import VIEWS
from pipelines import editions
from pipelines.cli import app
from tests.asking import ask, awaited

APP = Starlette(routes=profile.ROUTES)
IS_LONG = bool(os.environ.get("PANORAMA_TEST_LONG"))
# the fullest, the emptiest, one that only hosts, a small island with a long list, one that left
SPREAD = (("GTM", "es"), ("JAM", "fr"), ("USA", "pt"), ("CUB", "es"), ("DMA", "en"), ("KNA", "fr"), ("NIC", "pt"))


@pytest.fixture(autouse=True)
def _reading_the_shipped_edition(shipped: Path) -> Iterator[None]:
    db.use_edition(shipped.stem)
    yield
    files._profile_pdf.cache_clear()


def made(area: str, lang: str, **changes: Any) -> PdfReader:
    with in_language(lang):
        return PdfReader(io.BytesIO(profile.typeset(profile.content(area) | changes)))


def words(pdf: PdfReader) -> str:
    """What the pages say, without spaces and hyphens: lines may break anywhere."""
    return squeezed(" ".join(page.extract_text() for page in pdf.pages))


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u00ad\u2010-]+", "", text)


def tags(pdf: PdfReader) -> list[DictionaryObject]:
    """Every element of the structure, in the order of reading."""
    found: list[DictionaryObject] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict):
            if "/S" in node:
                found.append(DictionaryObject(node))
            if "/K" in node:
                walk(node["/K"])

    walk(pdf.trailer["/Root"]["/StructTreeRoot"])  # type: ignore[index]
    return found


def fonts(pdf: PdfReader) -> set[tuple[str, bool]]:
    """Every typeface with whether it lies in the file."""
    found = set()
    for page in pdf.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            own = font.get_object()
            described = own["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            found.add((own["/BaseFont"], any(f"/FontFile{kind}" in described for kind in ("", "2", "3"))))
    return found


@pytest.mark.parametrize(("area", "lang"), SPREAD)
def test_a_profile_has_two_pages_and_says_its_language_and_name(area: str, lang: str):
    pdf = made(area, lang)
    assert len(pdf.pages) == 2
    root = pdf.trailer["/Root"]
    assert root["/Lang"].split("-")[0] == lang  # type: ignore[index]
    assert root["/MarkInfo"]["/Marked"]  # type: ignore[index]
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()  # type: ignore[index]
    assert all(is_inside for _name, is_inside in fonts(pdf))
    with in_language(lang):
        assert areas.name(area) in str(pdf.metadata and pdf.metadata.title)
        assert squeezed(areas.official_name(area)) in words(pdf)


@pytest.mark.skipif(not IS_LONG, reason="all 140 profiles: make test-long")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_state_has_two_pages_in_every_language(lang: str):
    assert {area: len(made(area, lang).pages) for area in areas.states()} == dict.fromkeys(areas.states(), 2)


def test_headings_tables_and_figures_are_tagged():
    found = tags(made("GTM", "en"))
    kinds = [str(element["/S"]) for element in found]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") >= 12
    assert "/TH" in kinds
    assert "/L" in kinds
    figures = [element for element in found if element["/S"] == "/Figure"]
    assert len(figures) == 2  # the locator and the years
    assert all(figure.get("/Alt") for figure in figures)
    assert "2005: 1 held, 0 announced or planned" in str(figures[1]["/Alt"])


def test_the_words_are_those_of_the_views_of_the_page():
    pdf = made("GTM", "es")
    said = words(pdf)
    with in_language("es"):
        selection = Selection(lang="es", area="GTM")
        views = {name: VIEWS[f"country.{name}"](selection) for name in VIEW_NAMES}
    for name in ("events", "programmes", "questionnaires", "treaties", "authorities", "plans", "laws", "context"):
        assert squeezed(views[name].takeaway) in said, name
    for row in views["profile"].table.iter_rows(named=True):
        assert squeezed(row["what"]) in said
    treaties = views["treaties"].table
    with in_language("es"):
        shown = profile.content("GTM")["first"][0][1]["rows"]
    assert [row["cells"][:2] for row in shown] == [list(row) for row in treaties.select("name", "said_status").rows()]
    for row in views["standing"].table.iter_rows(named=True):
        assert squeezed(row["value_said"]) in said
    for source in views["events"].sources:
        assert not source.doc_code or squeezed(source.doc_code) in said


def test_bars_count_what_the_list_of_events_holds():
    with in_language("en"):
        events = VIEWS["country.events"](Selection(area="BLZ")).table.filter("took_part")
        bars = profile.content("BLZ")["first"][0][0]["years"]["bars"]
    held = events.filter(status="held").drop_nulls("year").height
    others = events.drop_nulls("year").height - held
    assert (sum(bar["held"] for bar in bars), sum(bar["others"] for bar in bars)) == (held, others)
    assert held
    assert others


def test_where_nothing_is_on_record_the_view_says_so():
    said = words(made("CUB", "en"))
    with in_language("en"):
        empty = VIEWS["country.events"](Selection(area="CUB")).empty
    assert empty
    assert squeezed(empty) in said


def test_the_same_edition_gives_the_same_file():
    with in_language("fr"):
        content = profile.content("KNA")
        assert profile.typeset(content) == profile.typeset(dict(reversed(content.items())))


@pytest.mark.parametrize(
    "name", ["*a* _b_ #panic() $x$ @y <z> \\ [c] // d", "<img onerror=1>", '"); #import "x"', "= 1", "- a\n+ b"]
)
def test_a_name_that_looks_like_markup_is_a_name(name: str):
    pdf = made("KNA", "en", name=name, official=name)
    assert squeezed(name) in words(pdf)
    assert len(pdf.pages) == 2


@pytest.mark.parametrize("name", ["\U0001f600 中文", "a\x07b\x00c", "\u202eabc", "\ue000"])
def test_a_character_without_a_glyph_does_not_keep_the_profile_from_its_reader(name: str):
    assert len(made("KNA", "en", official=name).pages) == 2


def test_long_lists_are_cut_with_a_sentence_that_says_how_many_are_left():
    content = profile.content("GTM")
    programmes = content["first"][1][0]
    view = VIEWS["country.programmes"](Selection(area="GTM"))
    many = section(view, "records", programmes["rows"] * 400, head=programmes["head"], widths=(19, 0))
    said = made("GTM", "en", first=[content["first"][0], [many, content["first"][1][1]]])
    assert len(said.pages) == 2
    text = said.pages[0].extract_text()
    left = [int(count.replace(",", "")) for count in re.findall(r"(\d[\d,]*) more are on the page of the state", text)]
    titles = (
        "Compilation of best",
        "Belize-Guatemala Adjacency Zone cross",
        "Study on the Traff",
        "Program to Strengthen",
    )
    shown = sum(text.count(title) for title in titles)
    assert shown >= 3
    assert [count for count in left if count > 1_000] == [view.table.height * 400 - shown]


def test_texts_of_any_length_stay_on_two_pages():
    content = profile.content("GTM")
    national = [
        section | {"rows": [row | {"title": row["title"] * 30} for row in section["rows"]]}
        for section in content["national"]
    ]
    assert len(made("GTM", "en", national=national).pages) == 2


def test_synthetic_records_say_so_on_the_page_and_in_the_name(monkeypatch: pytest.MonkeyPatch):
    about = sources.edition() | {"is_synthetic": True}
    monkeypatch.setattr("dashboard.queries.sources.edition", lambda: about)
    assert squeezed(synthetic.sentence()) in words(made("KNA", "en"))
    assert profile.file_name("KNA", "es") == "synthetic-panorama-KNA-es.pdf"


def test_real_records_carry_no_banner():
    assert squeezed(synthetic.sentence()) not in words(made("KNA", "en"))


def test_every_profile_says_whose_publication_it_is_not_and_what_its_tiles_mean():
    said = words(made("KNA", "en"))
    assert said.count("notanofficialpublicationoftheOrganizationofAmericanStates") >= 2
    assert "implynoendorsement" in said


def test_states_whose_reply_was_not_received_are_hidden_where_asked(monkeypatch: pytest.MonkeyPatch):
    assert "notreceivedby" in words(made("HND", "en"))
    monkeypatch.setenv("PANORAMA_HIDE_NOT_RECEIVED", "1")
    assert "notreceivedby" not in words(made("HND", "en"))


def get(address: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of the answer to a request."""
    return awaited(ask(APP, address, "https", host="panorama.example"))


def test_the_address_of_a_profile_gives_the_pdf_with_the_address_of_the_page(shipped: Path):
    status, headers, body = get(f"/profile/KNA.pdf?{urlencode({'lang': 'pt', 'edition': shipped.stem})}")
    assert (status, headers["content-type"]) == (200, "application/pdf")
    assert 'filename="panorama-KNA-pt.pdf"' in headers["content-disposition"]
    pdf = PdfReader(io.BytesIO(body))
    links = [note.get_object()["/A"]["/URI"] for page in pdf.pages for note in page.get("/Annots") or ()]
    assert set(links) == {
        f"https://panorama.example/country?area=KNA&lang=pt&scheme=oas&period=all&edition={shipped.stem}"
    }


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/profile/Guatemela.pdf?lang=en", 404, "Guatemala (GTM)"),
        ("/profile/GTX.pdf?lang=es", 404, "GTX"),
        ("/profile/GTM.pdf?lang=xx", 400, "xx"),
        ("/profile/GTM.pdf?lang=en&edition=20200101T000000Z", 400, "20200101T000000Z"),
        ("/profile/%3Cscript%3E.pdf?lang=en", 404, "script"),
    ],
)
def test_an_unknown_state_language_or_edition_is_told_and_nothing_is_made(address: str, status: int, said: str):
    answer = get(address)
    assert (answer[0], answer[1]["content-type"]) == (status, "text/plain; charset=utf-8")
    assert said in answer[2].decode()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["report", *arguments])


@pytest.fixture
def live(tiny_data: Path, tiny_edition: Path) -> str:
    """The environment names a folder in which the tiny edition is live."""
    folder = tiny_data / "editions"
    folder.mkdir()
    shutil.copy(tiny_edition, folder)
    editions.publish(folder, tiny_edition.stem)
    return tiny_edition.stem


def test_the_command_writes_whole_files_for_states_by_code_or_name(live: str, tmp_path: Path):
    folder = tmp_path / "out" / "profiles"
    result = run("BRA", "Bahamas", "--lang", "es,fr", "-o", str(folder))
    assert result.exit_code == 0, result.output
    assert sorted(file.name for file in folder.iterdir()) == [
        f"panorama-{area}-{lang}.pdf" for area in ("BHS", "BRA") for lang in ("es", "fr")
    ]
    assert all(len(PdfReader(file).pages) == 2 for file in folder.iterdir())
    assert f"4 profiles of edition {live}" in " ".join(result.output.split())
    assert "PANORAMA_EDITIONS" not in os.environ


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("BRA", "Barbedos"), 'There is no state "Barbedos"; the nearest is Barbados (BRB).'),
        (("BRA", "--lang", "es,de"), '"de" is not a language of Panorama; expected: en, es, pt, fr.'),
        ((), 'Name the states, or give "--all" for all of them; not both.'),
        (("BRA", "--all"), "not both."),
        (("BRA", "--edition", "20990101T000000Z"), "20990101T000000Z"),
    ],
)
def test_the_command_refuses_in_a_sentence_and_writes_nothing(
    live: str, tmp_path: Path, arguments: tuple[str, ...], said: str
):
    result = run(*arguments, "-o", str(tmp_path / "out"))
    assert result.exit_code == 1
    assert said in " ".join(result.output.split())
    assert not (tmp_path / "out").exists()


def test_the_command_writes_all_states_and_leaves_no_half_file(live: str, tmp_path: Path):
    result = run("--all", "-o", str(tmp_path / "out"))
    assert result.exit_code == 0, result.output
    states = ("BHS", "BRA", "BRB", "CHL")
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [f"panorama-{area}-en.pdf" for area in states]


def test_a_profile_that_fails_leaves_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    before = tmp_path / profile.file_name("KNA", "en")
    before.write_bytes(b"before")
    monkeypatch.setattr(Path, "write_bytes", lambda _path, _bytes: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        profile.write_profile("KNA", "en", tmp_path)
    assert [file.read_bytes() for file in tmp_path.iterdir()] == [b"before"]
