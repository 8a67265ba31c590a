"""Words, numbers, dates and lists in the reader's language.

English wording is the key of a text (gettext); the other languages live in ``locale/<lang>.po`` and are compiled in
memory at first use. Whole sentences with named places only: ``_("{n} of {total} states", n=19, total=34)``. Whole
numbers and fractions given to a place are written in the reader's way; a year is given as text.
"""

import gettext
import io
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_compact_decimal, format_decimal, format_percent, get_decimal_symbol, get_group_symbol

LANGUAGES = ("en", "es", "pt", "fr")
OWN_NAMES = {"en": "English", "es": "Español", "pt": "Português", "fr": "Français"}
# Spanish with the separators of the texts in data/catalog; Portuguese as in Brazil.
LOCALES = {"en": "en", "es": "es", "pt": "pt_BR", "fr": "fr"}
_LOCALE_FOLDER = Path(__file__).with_name("locale")
_SKELETONS = {"day": "yMMMd", "month": "yMMM"}
_language: ContextVar[str] = ContextVar("language", default="en")


def language() -> str:
    """The language of the reader being served."""
    return _language.get()


def use_language(lang: str) -> None:
    """Serve the rest of this run in the given language."""
    _language.set(lang)


@contextmanager
def in_language(lang: str) -> Iterator[None]:
    """Serve the block in the given language, then go back to the one before."""
    token = _language.set(lang)
    try:
        yield
    finally:
        _language.reset(token)


@cache
def _translations(lang: str) -> gettext.NullTranslations:
    file = _LOCALE_FOLDER / f"{lang}.po"
    if lang == "en" or not file.exists():
        return gettext.NullTranslations()
    with file.open("rb") as lines:
        catalogue = read_po(lines, locale=lang)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _locale() -> str:
    return LOCALES[_language.get()]


def _written(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return number(value, 0 if isinstance(value, int) or value == int(value) else 1)


def _(text: str, /, **values: object) -> str:
    """The text in the reader's language, its places filled."""
    said = _translations(_language.get()).gettext(text) if text else ""
    return said.format(**{name: _written(value) for name, value in values.items()}) if values else said


def n_(singular: str, plural: str, n: int, /, **values: object) -> str:
    """The text in the form that the count asks for; ``{n}`` is the count."""
    said = _translations(_language.get()).ngettext(singular, plural, n)
    return said.format(n=number(n), **{name: _written(value) for name, value in values.items()})


def mark(text: str) -> str:
    """Mark a text for translation where it stands as data; it is translated when it is shown."""
    return text


def number(value: float, decimals: int = 0) -> str:
    """A number with the reader's separators and a fixed number of decimals."""
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=_locale())


def short_number(value: float) -> str:
    """A number short enough for a map tile: 1.2M, 34K."""
    if abs(value) < 10_000:
        return number(value, 0 if float(value).is_integer() or abs(value) >= 100 else 1)
    return format_compact_decimal(value, locale=_locale(), fraction_digits=1 if abs(value) >= 1_000_000 else 0)


def percent(share: float, decimals: int = 0) -> str:
    """A share from 0 to 1 as a percentage."""
    locale = Locale.parse(_locale())
    pattern = locale.percent_formats[None].pattern
    if decimals:
        pattern = pattern.replace("##0", "##0." + "0" * decimals)
    return format_percent(share, format=pattern, locale=locale)


def day(value: date, precision: str = "day") -> str:
    """A date written as far as its source states it: day, month or year."""
    if precision == "year":
        return str(value.year)
    if precision == "month":
        return format_skeleton("yMMMM", value, locale=_locale())
    return format_date(value, format="long", locale=_locale())


def day_range(start: date | None, start_precision: str | None, end: date | None, end_precision: str | None) -> str:
    """A start and an end as one text; the empty text where neither is stated."""
    if start and end and start != end and start_precision == end_precision and start_precision in _SKELETONS:
        return format_interval(start, end, _SKELETONS[start_precision], locale=_locale())
    first = day(start, start_precision or "day") if start else ""
    last = day(end, end_precision or "day") if end else ""
    if first and last and first != last:
        return _("{start} to {end}", start=first, end=last)
    if last and not first:
        return _("until {end}", end=last)
    return first or last


def listing(items: Iterable[str], style: Literal["standard", "or"] = "standard") -> str:
    """Items joined as the language joins a list: a, b and c; or a, b or c."""
    return format_list(list(items), style=style, locale=_locale())


def clauses(parts: Iterable[str]) -> str:
    """Parts of a sentence set side by side by semicolons, as the language spaces them; empty ones are left out."""
    return f"{_space_before()}; ".join(part for part in parts if part)


def named(name: str, text: str) -> str:
    """A name and what is said of it, with a colon as the language spaces it."""
    return f"{name}{_space_before()}: {text}"


def _space_before() -> str:
    return "\u202f" if _language.get() == "fr" else ""


def plotly_separators() -> str:
    """Decimal and group marks as Plotly's ``layout.separators`` wants them."""
    return get_decimal_symbol(_locale()) + get_group_symbol(_locale())


def sort_key(name: str) -> str:
    """A key that sorts names without regard to accents and case."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()


def best_language(accepted: str | None) -> str:
    """The language to serve for an ``Accept-Language`` header or a browser locale."""
    for part in (accepted or "").split(","):
        lang = part.split(";")[0].strip().lower().replace("_", "-").split("-")[0]
        if lang in LANGUAGES:
            return lang
    return "en"


def asked_language(asked: str | None, accepted: str | None) -> str:
    """The language that an address asks for, else the best for the browser."""
    return asked if asked in LANGUAGES else best_language(accepted)
