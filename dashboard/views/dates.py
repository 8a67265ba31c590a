"""The dates of records in words, as far as their sources state them."""

from collections.abc import Mapping
from typing import Any

from dashboard.i18n import day, day_range


def day_of(row: Mapping[str, Any], name: str) -> str:
    """The date in ``<name>_on``, cut to ``<name>_precision``; empty where there is none."""
    return day(row[f"{name}_on"], row[f"{name}_precision"]) if row[f"{name}_on"] else ""


def span_of(row: Mapping[str, Any]) -> str:
    """The start and end of a record as one text; empty where neither is stated."""
    return day_range(row["start_on"], row["start_precision"], row["end_on"], row["end_precision"])
