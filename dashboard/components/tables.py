"""A view's table as real HTML: what a screen reader, a printer and a search in the page can read."""

from html import escape
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.i18n import _, n_, named
from dashboard.selection import Selection, address
from dashboard.texts import remark_html
from dashboard.views.behind import Behind, behind_address
from dashboard.views.cells import written
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, View

MOST_ROWS = 250
"""The rows of a table on screen; a longer one is whole in the download."""


def table_html(view: View, selection: Selection, *, caption: str = "") -> str:
    """The table of a view; the caption is for readers who do not see what stands around it."""
    documents = {source.source_id: source for source in cite(view.table)} if _has_sources(view) else {}
    head = "".join(f'<th scope="col" class="{_css(column)}">{escape(column.label)}</th>' for column in view.columns)
    body = "".join(
        "<tr>"
        + "".join(_cell(column, row, selection, documents, is_first) for is_first, column in _marked(view))
        + "</tr>"
        for row in view.table.head(MOST_ROWS).iter_rows(named=True)
    )
    more = ""
    if view.table.height > MOST_ROWS:
        left_out = _(
            "The first {shown} of {total} rows; the download has all.", shown=MOST_ROWS, total=view.table.height
        )
        more = f'<p class="pn-none">{escape(left_out)}</p>'
    # the figure above may be a table as well: both are places to go to, by different names
    label = named(caption or view.title, describe(view.table))
    return (
        f'<div class="pn-scroll" tabindex="0" role="region" aria-label="{escape(label)}">'
        f'<table class="pn-table"><caption class="pn-unseen">{escape(caption or view.title)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{more}"
    )


def _marked(view: View) -> list[tuple[bool, Column]]:
    return [(position == 0, column) for position, column in enumerate(view.columns)]


def _has_sources(view: View) -> bool:
    return any(column.kind == "source" for column in view.columns)


def _css(column: Column) -> str:
    own = {"number": "pn-num", "percent": "pn-num", "year": "pn-num", "source": "pn-document"}
    return own.get(column.kind, "pn-wide" if column.is_wide else "")


def _cell(column: Column, row: dict[str, Any], selection: Selection, documents: dict[str, Any], is_first: bool) -> str:
    shown = escape(written(column, row))
    value = row[column.key]
    if not shown:
        shown = f'<span class="pn-none" title="{escape(_("not stated"))}">–</span>'
    elif value is None:
        shown = f'<span class="pn-none">{shown}</span>'
    elif column.kind == "area":
        page = "subregion" if not value.isalpha() or len(value) != 3 else "country"
        parameter = {"group": value} if page == "subregion" else {"area": value}
        if value != areas.HEMISPHERE:
            shown = f'<a href="{escape(address(page, selection, **parameter))}">{shown}</a>'
    elif column.kind == "source":
        shown = source_link(documents.get(value), selection) if documents.get(value) else shown
    else:
        shown += remark_html(row.get(f"{column.key}_basis"))
    if value and column.behind and (one := column.behind(row)):
        shown = records_link(shown, one, selection)
    tag, scope = ("th", ' scope="row"') if is_first else ("td", "")
    return f'<{tag}{scope} class="{_css(column)}">{shown}</{tag}>'


def records_link(shown: str, one: Behind, selection: Selection) -> str:
    """A figure, as markup, that leads to the records behind it."""
    href = escape(behind_address(one, selection))
    return f'<a class="pn-behind" href="{href}" title="{escape(_("Records behind this figure"))}">{shown}</a>'


def source_link(source: Any, selection: Selection) -> str:
    """A document by code or title, leading to its entry among the sources."""
    title = source.doc_code or source.title
    full = named(source.publisher, source.title)
    href = address("sources", selection) + "#" + source.source_id
    return f'<a href="{escape(href)}" title="{escape(full)}">{escape(title)}</a>'


def describe(table: pl.DataFrame) -> str:
    """How many rows a table has, as a short label."""
    return n_("Table, {n} row", "Table, {n} rows", table.height)
