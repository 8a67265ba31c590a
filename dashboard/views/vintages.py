"""Dates as sources state them: to the day, the month or the year."""

from datetime import date

from dashboard.i18n import day


def vintage(iso: str | None) -> str:
    """An ISO date cut to what is known, written in the reader's way; the empty text for none."""
    if not iso:
        return ""
    parts = [int(part) for part in iso.split("-")]
    precision = ("year", "month", "day")[len(parts) - 1]
    return day(date(*parts, *[1] * (3 - len(parts))), precision)
