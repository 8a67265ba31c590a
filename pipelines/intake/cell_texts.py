"""Typed cells as the text a person would read, column by column, with the kind of each."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from pipelines.intake.kinds import Kind

_WHOLE = 2.0**53
_LONGEST = 1e21
_SMALLEST = 1e-9


class CellError(str):
    """What a cell shows that could not be worked out: ``#REF!``."""

    __slots__ = ()


def number_text(value: float) -> str:
    """A number as a spreadsheet shows it in full: no needless zeros, 15 digits of a fraction, whole numbers exact."""
    if value != value or value in (float("inf"), float("-inf")):
        return repr(value)
    size = abs(value)
    if value == int(value) and size < _WHOLE:
        return str(int(value))
    if size >= _LONGEST or size < _SMALLEST:
        return f"{value:.15g}"
    digits = repr(value) if size >= _WHOLE else f"{value:.15g}"
    return _written_out(digits) if "e" in digits else digits.removesuffix(".0")


def date_text(value: date) -> str:
    """A day as ISO; the time follows where it is not midnight."""
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.time() == time():
        return value.date().isoformat()
    return value.isoformat(timespec="milliseconds" if value.microsecond else "seconds")


def duration_text(value: timedelta) -> str:
    """A length of time in hours, minutes and seconds: ``36:00:00``."""
    seconds = round(value.total_seconds())
    minutes, second = divmod(abs(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{'-' if seconds < 0 else ''}{hours:02}:{minute:02}:{second:02}"


_TEXTS = {
    str: str,
    CellError: str,
    float: number_text,
    int: str,
    bool: lambda value: "true" if value else "false",
    datetime: date_text,
    date: date.isoformat,
    time: lambda value: value.isoformat(timespec="seconds"),
    timedelta: duration_text,
}
_KINDS = {
    str: Kind.TEXT,
    CellError: Kind.ERROR,
    float: Kind.NUMBER,
    int: Kind.NUMBER,
    bool: Kind.BOOLEAN,
    datetime: Kind.DATE,
    date: Kind.DATE,
    time: Kind.DATE,
    timedelta: Kind.DATE,
}


def texts_and_kinds(column: Sequence[Any]) -> tuple[Sequence[str], bytes | None]:
    """The text of each cell of a column and its kinds, a byte each; None where all is text."""
    types = list(map(type, column))
    found = set(types)
    if found == {str}:
        return column, None
    kinds = bytes(map(_KINDS.__getitem__, types))
    if len(found) == 1:
        # few values repeat often: each is written once
        texts = {value: _TEXTS[types[0]](value) for value in set(column)}
        return list(map(texts.__getitem__, column)), kinds
    return [value if kind is str else _TEXTS[kind](value) for kind, value in zip(types, column, strict=True)], kinds


def _written_out(digits: str) -> str:
    return f"{Decimal(digits):f}"
