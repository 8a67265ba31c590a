"""Dates as people write them, in four languages, turned into ISO dates cut to what is stated.

The day comes first (03/04/2012 is 3 April). A column that holds a date which can only have the month first leaves its
other doubtful dates unread: they are asked about.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from babel import Locale

from pipelines.dates import FIRST_YEAR, LAST_YEAR
from pipelines.i18n import _, quoted
from pipelines.intake.plain_words import plain
from pipelines.vocabularies import LANGUAGES

SERIAL, TIME = "serial", "time"  # how a date was read, where it was not read as it stands
_FIRST_DAY = date(1899, 12, 30)  # day 0 of spreadsheets
_FIRST_SERIAL, _LAST_SERIAL = 10_000, (date(LAST_YEAR, 12, 31) - _FIRST_DAY).days
_TIME = r"(?:[T ]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
_ISO = re.compile(rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})(?:\2([0-9]{{1,2}})({_TIME}))?")
_DAY_FIRST = re.compile(rf"([0-9]{{1,2}}) ?[-/.] ?([0-9]{{1,2}}) ?[-/.] ?([0-9]{{4}})({_TIME})")
_MONTH_YEAR = re.compile(r"([0-9]{1,2}) ?[-/.] ?([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2} ?[-/.] ?[0-9]{1,2} ?[-/.] ?[0-9]{2}")
_NUMBER = re.compile(r"([0-9]+)(?:[.][0-9]+)?")
_ORDINAL = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|er|o|a)")
_FILLERS = {"de", "del", "do", "da", "of", "the", "le", "el", "em", "en"}


@dataclass(frozen=True)
class Read:
    """A date read; ``how`` says so where it was a spreadsheet's number or lost its time of day."""

    iso: str
    how: str | None = None


@dataclass(frozen=True)
class NotRead:
    """Why a date cannot be read, and the way to write it, if there is only one; ``found`` where that says more."""

    expected: str
    nearest: str | None = None
    found: str | None = None


def is_month_first(texts: Iterable[str]) -> bool:
    """Whether one of the texts can only be a date with the month first."""
    matches = (_DAY_FIRST.fullmatch(text) for text in texts)
    return any(match is not None and int(match[1]) <= 12 < int(match[2]) for match in matches)


def read_date(text: str, *, has_month_first: bool = False) -> Read | NotRead | None:
    """A date in any usual form; nothing where it is none. ``has_month_first`` is said of the column it stands in."""
    if (match := _ISO.fullmatch(text)) and (match[4] or match[2] != "."):
        return _read(match[1], match[3], match[4], TIME if match[5] else None)
    if match := _DAY_FIRST.fullmatch(text):
        return _day_first(match[1], match[2], match[3], has_month_first, TIME if match[4] else None)
    if match := _MONTH_YEAR.fullmatch(text):
        return _read(match[2], match[1])
    if match := _NUMBER.fullmatch(text):
        return _number(match[1], text)
    if _SHORT_YEAR.fullmatch(text):
        return _short_year()
    return _in_words(plain(text).split())


def _read(year: str, month: str | None = None, day: str | None = None, how: str | None = None) -> Read | None:
    try:
        whole = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if not FIRST_YEAR <= whole.year <= LAST_YEAR:
        return None
    length = 4 if month is None else 7 if day is None else 10
    return Read(whole.isoformat()[:length], how)


def _day_first(day: str, month: str, year: str, has_month_first: bool, how: str | None) -> Read | NotRead | None:
    if int(day) <= 12 < int(month) and (swapped := _read(year, day, month)):
        expected = _("a date with the day first: day, month and year of four digits")
        return NotRead(expected, quoted(_european(swapped.iso)))
    read, swapped = _read(year, month, day, how), _read(year, day, month)
    if read and swapped and has_month_first and read.iso != swapped.iso:
        found = _("the date can be read in two ways, for others in this column have the month first")
        return NotRead(_("{first} or {second}", first=read.iso, second=swapped.iso), found=found)
    return read


def _number(digits: str, text: str) -> Read | NotRead | None:
    if len(text) == 4:
        return _read(text)
    if _FIRST_SERIAL <= int(digits[:9]) <= _LAST_SERIAL and len(digits) == 5:
        return Read((_FIRST_DAY + timedelta(days=int(digits))).isoformat(), SERIAL)
    parts = (text[:4], text[4:6], text[6:]) if len(text) == 8 else (text[:4], text[4:6]) if len(text) == 6 else ()
    together = _read(*parts) if parts else None
    return NotRead(_("a date with its parts set apart"), quoted(together.iso)) if together else None


def _short_year() -> NotRead:
    return NotRead(_("a year of four digits"), found=_("the two digits of the year do not say the century"))


def _in_words(tokens: list[str]) -> Read | NotRead | None:
    """A date with the name of a month: "12 de marzo de 2012", "March 12th, 2012", "mars 2012"."""
    names = _months()
    kept = [token for token in tokens if token not in _FILLERS and token not in _weekdays()]
    months = [token for token in kept if token in names]
    numbers = [_ORDINAL.sub(r"\1", token) for token in kept if token not in names]
    if len(months) != 1 or not all(number.isascii() and number.isdigit() for number in numbers):
        return None
    month = str(names[months[0]])
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) <= 2]
    if len(years) == 1 and len(days) == len(numbers) - 1 and len(days) <= 1:
        return _read(years[0], month, *days)
    return _short_year() if not years and 1 <= len(days) == len(numbers) <= 2 else None


def _european(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{day}/{month}/{year}"


@cache
def _months() -> dict[str, int]:
    names = {"setiembre": 9, "sept": 9, "set": 9}
    for lang in LANGUAGES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                months = Locale.parse(lang).months[context][width]
                names |= {plain(name): number for number, name in months.items()}
    return names


@cache
def _weekdays() -> frozenset[str]:
    return frozenset(
        word
        for lang in LANGUAGES
        for name in Locale.parse(lang).days["format"]["wide"].values()
        for word in plain(name).split()
    )
