"""What the lists of a profile are made of, in the shape that the template reads: sections, and the rows of records."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dashboard.i18n import n_
from dashboard.short_names import cut_short
from dashboard.texts import remark
from dashboard.views.view import SourceNote, View

MOST_ROWS = 24
"""The rows of a list that are measured at all; two pages never hold more."""


def section(
    view: View,
    kind: str,
    rows: Iterable[Mapping[str, Any]],
    *,
    total: int | None = None,
    least: int = 2,
    head: Sequence[str] = (),
    widths: Sequence[float] = (),
    title: str = "",
    takeaway: str | None = None,
) -> dict[str, Any]:
    """A section of the template; ``more`` says for each number of rows shown how many are left on the page."""
    every = list(rows)
    shown = every[:MOST_ROWS]
    height = len(every) if total is None else total
    return {
        "kind": kind,
        "title": title or view.title,
        "takeaway": (view.empty or view.takeaway) if takeaway is None else takeaway,
        "rows": shown,
        "total": height,
        "least": least,
        "head": list(head),
        "widths": list(widths),
        "more": [
            n_("{n} more is on the page of the state.", "{n} more are on the page of the state.", height - count)
            for count in range(min(len(shown), height - 1) + 1)
        ]
        if height
        else [],
    }


def wording(row: Mapping[str, Any], column: str) -> str:
    """A recorded text with the remark that its wording asks for."""
    return row[column] + remark(row.get(f"{column}_basis")) if row[column] else ""


def original_first(row: Mapping[str, Any], original: str, column: str) -> tuple[str, list[str]]:
    """The name in the language of its source, and the reader's wording under it where that is another."""
    own, source_text = wording(row, column), row[original] or ""
    if not source_text:
        return own, []
    return source_text, [] if source_text.casefold() == (row[column] or "").casefold() else [own]


def record(
    row: Mapping[str, Any],
    documents: Mapping[str, SourceNote],
    *,
    when: str,
    title: str,
    lines: Iterable[str] = (),
    status: str = "",
    kind: str = "",
) -> dict[str, Any]:
    """A row of a list of records: when, title, further lines, status and document; ``kind`` is how its mark is painted."""
    source = documents.get(row["source_id"])
    return {
        "when": when,
        "title": title,
        "lines": [line for line in lines if line],
        "status": status,
        "kind": kind,
        "source": (source.doc_code or cut_short(source.title, 48)) if source else "",
    }


def documents_of(view: View) -> dict[str, SourceNote]:
    """The documents that a view cites, by id."""
    return {source.source_id: source for source in view.sources}
