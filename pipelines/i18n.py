"""The sentences that the people who hand in records read, in their language.

English wording is the key of a text (gettext); the other languages live in ``locale/<lang>.po``, kept in step with the
code by ``make texts``, and are compiled in memory at first use. Whole sentences with named places only; numbers are given as
text or stand as they are, for rows and years are not grouped.
"""

import gettext
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LANGUAGES = ("en", "es", "pt", "fr")
_LOCALES = {"en": "en", "es": "es", "pt": "pt_BR", "fr": "fr"}
_FOLDER = Path(__file__).with_name("locale")
_language: ContextVar[str] = ContextVar("language", default="en")


def language() -> str:
    """The language of the person being told."""
    return _language.get()


def use_language(lang: str) -> None:
    """Say everything from here on in the given language."""
    _language.set(lang)


@contextmanager
def in_language(lang: str) -> Iterator[None]:
    """Say everything within the block in the given language, then go back to the one before."""
    token = _language.set(lang)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def _translations(lang: str) -> gettext.NullTranslations:
    file = _FOLDER / f"{lang}.po"
    if lang == "en" or not file.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with file.open("rb") as lines:
        write_mo(compiled, read_po(lines, locale=_LOCALES[lang]))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _(text: str, /, **values: object) -> str:
    """The text in the person's language, its places filled."""
    said = _translations(_language.get()).gettext(text) if text else ""
    return said.format(**values) if values else said


def n_(singular: str, plural: str, n: int, /, **values: object) -> str:
    """The text in the form that the count asks for; ``{n}`` is the count, grouped as the language groups it."""
    return _translations(_language.get()).ngettext(singular, plural, n).format(n=number(n), **values)


def quoted(text: str) -> str:
    """A value or a name between the quotation marks of the language."""
    return _('"{text}"', text=text)


def mark(text: str) -> str:
    """Mark a text for translation where it stands as data; it is translated when it is said."""
    return text


def either(texts: Sequence[str]) -> str:
    """Alternatives as the person's language lists them: "a, b or c"."""
    return format_list(texts, style="or", locale=_LOCALES[_language.get()])


def number(value: float) -> str:
    """A count with the separators of the person's language."""
    return format_decimal(value, locale=_LOCALES[_language.get()])
