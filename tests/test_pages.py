"""Every page, in every language and both themes, run from the entry script as a reader's session runs it."""

import re
from gettext import NullTranslations
from html import unescape
from pathlib import Path

import pytest
from starlette.applications import Starlette
from streamlit.testing.v1 import AppTest

from dashboard import i18n
from dashboard.components import show, table_addresses
from dashboard.exports import kept
from dashboard.i18n import LANGUAGES
from dashboard.pages import PAGES
from dashboard.selection import Selection
from tests.asking import ask, awaited

APP = Path(__file__).parents[1] / "dashboard" / "app.py"
TABLES = Starlette(routes=table_addresses.ROUTES)
SCRIPTS = [entry.script for entry in PAGES]
# Names and words that are the same in a language: whatever else comes back in English is a mistake.
EVERYWHERE = {"Belém do Pará", "{date}, {time} UTC"}
SAME = {
    "es": EVERYWHERE | {"Comparable", "General", "no", "Plan", "provisional", "Total"},
    "pt": EVERYWHERE | {"Item", "{n} item", "Link", "Slide (PPTX)", "Software", "Total"},
    "fr": EVERYWHERE | {
        "Citation", "Code", "code", "Comparable", "Date", "Document", "Documents", "document", "experts", "Instrument", "Licence",
        "Licences", "Note", "Pages", "Participation", "Plan", "Population", "Programme", "Programmes", "{n} programme", "protection", "Question", "Questions",
        "Questionnaire", "Questionnaires", "questionnaire", "ratification", "Second document", "Signature", "Source", "Sources", "Table",
        "Total", "Type",
    },
}  # fmt: skip


class Listener(NullTranslations):
    """Translations that remember which texts were asked for and came back in English."""

    def __init__(self, real: NullTranslations, lang: str) -> None:
        super().__init__()
        self.real = real
        self.lang = lang
        self.left: set[str] = set()

    def _heard(self, english: str, said: str) -> str:
        if said == english and re.search(r"[A-Za-z]{2}", re.sub(r"\{\w+\}", "", english)):
            self.left.add(english)
        return said

    def gettext(self, message: str) -> str:
        return self._heard(message, self.real.gettext(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        said = self.real.ngettext(msgid1, msgid2, n)
        return msgid2 if self._heard(msgid1, said) == msgid1 and n != 1 else said


@pytest.fixture
def listeners(monkeypatch: pytest.MonkeyPatch) -> dict[str, Listener]:
    """Listens to the translations of every language."""
    show._drawn.cache_clear()  # what was drawn before would not be asked for again
    kept._files.clear()
    real = i18n._translations
    heard = {lang: Listener(real(lang), lang) for lang in LANGUAGES}
    monkeypatch.setattr(i18n, "_translations", heard.__getitem__)
    return heard


def opened(script: str, lang: str, theme: str = "light", **parameters: str) -> AppTest:
    """A session that has gone to a page with the given parameters."""
    session = AppTest.from_file(str(APP), default_timeout=60)
    session.context["theme"] = theme  # type: ignore[index]
    session.query_params = {"lang": lang}
    session.run()
    session.query_params = {"lang": lang, **parameters}
    return session.switch_page(f"app_pages/{script}").run()


def words(session: AppTest) -> str:
    """Everything that the page says in HTML."""
    return "\n".join(str(element.value) for element in session.html)


def in_folds(session: AppTest) -> list[tuple[int, str]]:
    """Status and markup of every table that the page fetches only when a fold is opened."""
    addresses = re.findall(r'data-later="([^"]+)"', words(session))
    answers = [awaited(ask(TABLES, unescape(address))) for address in addresses]
    return [(status, body.decode()) for status, _headers, body in answers]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.usefixtures("shipped")
def test_a_page_runs_in_every_language_and_theme(script: str, lang: str, theme: str) -> None:
    session = opened(script, lang, theme, area="KNA", group="OAS-CAR", areas="KNA,LCA,OAS-CAR")
    assert [error.value for error in session.exception] == []
    assert words(session).count("<h1") == 1
    assert f'data-lang="{lang}"' in words(session)
    selection: Selection = session.session_state["selection"]
    assert (selection.lang, selection.theme) == (lang, theme)


@pytest.mark.parametrize("lang", ["es", "pt", "fr"])
@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.usefixtures("shipped")
def test_no_english_word_is_left_on_a_page(script: str, lang: str, listeners: dict[str, Listener]) -> None:
    session = opened(script, lang, area="KNA", group="OAS-CAR", areas="KNA,LCA,OAS-CAR", topic="prosecution")
    assert {status for status, _table in in_folds(session)} <= {200}
    assert sorted(listeners[lang].left - SAME[lang]) == []


@pytest.mark.usefixtures("shipped")
@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize(
    "parameters",
    [
        {"period": "1999-1999"},
        {"period": "2026-2026"},
        {"period": "2010-2012", "scheme": "mercosur", "area": "HTI"},
        {"scheme": "sica", "area": "CUB", "group": "X-SICA"},
        {"area": "Atlantis", "group": "Atlantis", "round": "Atlantis", "topic": "Atlantis", "indicator": "Atlantis"},
        {"areas": "Atlantis,KNA,CUB,HTI,019,OAS-CAR,X-SICA,BRA", "indicator": "tip_tier", "period": "2010-2012"},
    ],
    ids=["first-year", "last-year", "bloc", "rest-of-bloc", "nonsense", "too-many"],
)
def test_a_page_answers_every_selection(script: str, parameters: dict[str, str]) -> None:
    session = opened(script, "en", **parameters)
    assert [error.value for error in session.exception] == []
    assert words(session).count("<h1") == 1


@pytest.mark.usefixtures("shipped")
def test_nonsense_in_an_address_is_told() -> None:
    session = opened("country.py", "en", area="Brasill")
    message = next(element.value for element in session.html if 'role="alert"' in str(element.value))
    assert "“Brasill”" in message
    assert "area=BRA" in message
    assert ">Brazil</a>" in message


@pytest.mark.usefixtures("shipped")
def test_texts_of_an_address_are_shown_literally() -> None:
    session = opened("country.py", "en", area="<img src=x onerror=alert(1)>")
    assert "<img" not in words(session)
    assert "&lt;img" in words(session)


@pytest.mark.usefixtures("shipped")
def test_the_language_changes_and_the_rest_stays() -> None:
    session = opened("country.py", "en", area="BRA", scheme="m49", period="2005-2010")
    session.selectbox(key="language_choice").select("pt").run()
    assert session.query_params == {"area": "BRA", "lang": "pt", "scheme": "m49", "period": "2005-2010"}
    assert "Brasil" in words(session)


@pytest.mark.usefixtures("shipped")
def test_another_scheme_is_named_in_the_address() -> None:
    session = opened("subregion.py", "en", group="OAS-CAR")
    session.selectbox(key="scheme_choice").select("mercosur").run()
    assert session.query_params["scheme"] == "mercosur"
    assert session.query_params.get("group", "MERCOSUR") in ("MERCOSUR", "X-MERCOSUR")
    assert [error.value for error in session.exception] == []


@pytest.mark.usefixtures("shipped")
def test_all_years_undoes_the_period() -> None:
    session = opened("training.py", "en", period="2005-2010")
    session.button(key="all_years").click().run()
    assert session.query_params["period"] == "all"


def test_without_an_edition_the_page_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PANORAMA_EDITIONS", str(tmp_path))
    session = AppTest.from_file(str(APP), default_timeout=60).run()
    assert [error.value for error in session.exception] == []
    assert "No edition of the data has been published yet" in words(session)
