"""The catalogues of translations: whole, in step with the code, and with the same places in every language."""

import ast
import io
import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message

from dashboard import locale_tools
from dashboard.locale_tools import (
    KEYWORDS,
    NotLiteralError,
    missing,
    python_messages,
    read_catalogue,
    stale,
    template,
    texts_of,
    updated,
    written,
)

PACKAGES = [Path(__file__).parents[1] / name for name in ("dashboard", "pipelines")]
LANGUAGES = pytest.mark.parametrize("lang", ["es", "pt", "fr"])


@pytest.fixture(scope="module", params=PACKAGES, ids=lambda package: package.name)
def package(request: pytest.FixtureRequest) -> Path:
    """A package that speaks to people, with catalogues of its own."""
    return request.param


@pytest.fixture(scope="module")
def wanted(package: Path) -> Catalog:
    """All texts that the code of the package asks for."""
    return template(package)


def catalogue_of(package: Path, lang: str) -> Catalog:
    """What the package says in a language."""
    return read_catalogue(lang, package / "locale")


def places(text: str) -> list[str]:
    """The named places of a text, in alphabetical order, each once."""
    return sorted({name for _text, name, _format, _conversion in Formatter().parse(text) if name is not None})


def translated(package: Path, lang: str) -> list[Message]:
    """The messages of a catalogue that have a translation."""
    return [message for message in catalogue_of(package, lang) if message.id and any(texts_of(message))]


def forms(message: Message) -> tuple[str, ...]:
    """The English texts of a message: one, or singular and plural."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


@LANGUAGES
def test_nothing_is_missing(package: Path, lang: str, wanted: Catalog) -> None:
    assert missing(wanted, catalogue_of(package, lang)) == []


@LANGUAGES
def test_nothing_is_stale(package: Path, lang: str, wanted: Catalog) -> None:
    assert stale(wanted, catalogue_of(package, lang)) == []


@LANGUAGES
def test_nothing_is_only_guessed(package: Path, lang: str) -> None:
    assert [message.id for message in catalogue_of(package, lang) if message.fuzzy] == []


@LANGUAGES
def test_the_plural_rule_is_that_of_the_language(package: Path, lang: str) -> None:
    catalogue = catalogue_of(package, lang)
    assert catalogue.num_plurals == 2
    assert catalogue.plural_expr == {"es": "(n != 1)", "pt": "(n > 1)", "fr": "(n > 1)"}[lang]


@LANGUAGES
def test_every_translation_has_the_same_places(package: Path, lang: str) -> None:
    different = {}
    for message in translated(package, lang):
        wanted_places = {tuple(places(text)) for text in forms(message)}
        for text in texts_of(message):
            if tuple(places(text)) not in wanted_places:
                different[message.id] = text
    assert different == {}


@LANGUAGES
def test_no_place_is_lost_in_every_plural_form(package: Path, lang: str) -> None:
    lost = {
        message.id: places(forms(message)[-1])
        for message in translated(package, lang)
        if message.pluralizable and places(forms(message)[-1]) != places(texts_of(message)[-1])
    }
    assert lost == {}


@LANGUAGES
def test_translations_keep_the_edges_of_the_text(package: Path, lang: str) -> None:
    assert [
        message.id
        for message in translated(package, lang)
        if any(text != text.strip() for text in texts_of(message)) and forms(message)[0] == forms(message)[0].strip()
    ] == []


def test_english_texts_are_whole_and_their_places_are_named(wanted: Catalog) -> None:
    texts = [text for message in wanted if message.id for text in forms(message)]
    assert [text for text in texts if text != text.strip() or not text] == []
    assert [text for text in texts for name in places(text) if not re.fullmatch(r"[a-z_]+", name)] == []


def test_every_text_with_places_is_given_what_it_needs(package: Path) -> None:
    lacking = []
    for file in package.rglob("*.py"):
        for call in (
            node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)
        ):
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            if name not in ("_", "n_") or any(keyword.arg is None for keyword in call.keywords):
                continue
            texts = [argument.value for argument in call.args[:2] if isinstance(argument, ast.Constant)]
            needed = {place for text in texts if isinstance(text, str) for place in places(text)}
            given = {keyword.arg for keyword in call.keywords} | ({"n"} if name == "n_" else set())
            if call.keywords or name == "n_":
                if texts and not needed <= given:
                    lacking.append(f"{file.name}:{call.lineno}: {sorted(needed - given)}")
            elif needed:
                lacking.append(f"{file.name}:{call.lineno}: {sorted(needed)}")
    assert lacking == []


def extracted(code: str) -> list[object]:
    """The texts that the extractor finds in a piece of code."""
    found = python_messages(io.BytesIO(code.encode()), KEYWORDS, (), {})
    return [texts for _position, _name, texts, _comments in found]


def test_texts_are_found_wherever_they_stand() -> None:
    code = """
LABELS = {"a": mark("in a table"), "b": mark("over "
    "two lines")}
inside = f"<b>{escape(_('in an f-string'))}</b>"
nested = _("outer {inner}", inner=_("inner"))
counted = n_(
    "{n} row",
    "{n} rows",
    rows.height,
)
known = _(LABELS["a"])
chosen = _("yes") if asked else _("no")
"""
    assert extracted(code) == [
        "in a table",
        "over two lines",
        "in an f-string",
        "outer {inner}",
        "inner",
        ("{n} row", "{n} rows"),
        "yes",
        "no",
    ]


@pytest.mark.parametrize("code", ['_(f"{n} rows")', '_("rows: " + str(n))'])
def test_a_text_put_together_in_the_code_is_refused(code: str) -> None:
    with pytest.raises(NotLiteralError, match="line 1"):
        extracted(code)


def test_an_update_keeps_translations_and_drops_what_no_code_asks_for(tmp_path: Path) -> None:
    asked = Catalog()
    asked.add("kept")
    asked.add("new")
    asked.add(("{n} row", "{n} rows"))
    before = Catalog(locale="es", fuzzy=False)
    before.add("kept", "conservado")
    before.add("gone", "perdido")
    before.add(("{n} row", "{n} rows"), ("{n} fila", "{n} filas"))
    (tmp_path / "es.po").write_bytes(written(before))
    assert missing(asked, read_catalogue("es", tmp_path)) == ["new"]
    assert stale(asked, read_catalogue("es", tmp_path)) == ["gone"]
    after = updated(asked, "es", tmp_path)
    assert {message.id: message.string for message in after if message.id} == {
        "kept": "conservado",
        "new": None,
        ("{n} row", "{n} rows"): ("{n} fila", "{n} filas"),
    }
    (tmp_path / "es.po").write_bytes(written(after))
    assert written(updated(asked, "es", tmp_path)) == (tmp_path / "es.po").read_bytes()


def test_a_new_plural_does_not_inherit_the_translation_of_the_singular(tmp_path: Path) -> None:
    asked = Catalog()
    asked.add(("event", "events"))
    before = Catalog(locale="fr", fuzzy=False)
    before.add("event", "événement")
    (tmp_path / "fr.po").write_bytes(written(before))
    assert missing(asked, read_catalogue("fr", tmp_path)) == ["event"]


def test_the_check_fails_while_something_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    module = tmp_path / "module.py"
    module.write_text('_("not yet translated")')
    monkeypatch.setattr(locale_tools, "PACKAGES", (tmp_path,))
    assert locale_tools.main(["--check"]) == 1
    assert list(tmp_path.iterdir()) == [module]
    assert "fr: 1 texts, 1 missing, 0 stale" in capsys.readouterr().out
    assert locale_tools.main([]) == 0
    assert {path.name for path in (tmp_path / "locale").iterdir()} == {"es.po", "pt.po", "fr.po"}
