"""The table of a view as a workbook (XLSX): data with real numbers, notes and sources."""

import io
from collections.abc import Callable
from datetime import date, datetime
from math import isfinite
from typing import Any

import polars as pl
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dashboard import areas, db, synthetic
from dashboard.exports.citation import Taking, about, citation, not_official
from dashboard.i18n import _
from dashboard.labels import label
from dashboard.queries import sources
from dashboard.theme import LIGHT
from dashboard.views.cells import documents, wording
from dashboard.views.sources import web_address
from dashboard.views.view import Column, View

MOST_ROWS = 1_000_000
MOST_CHARACTERS = 32_000
"""A spreadsheet holds 1,048,576 rows, and 32,767 characters in a cell."""
_LONGEST_LINK = 2_079
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_WIDEST, _NARROWEST, _LOOKED_AT = 60, 9, 300
_DATES = ("start_on", "end_on")

Value = str | int | float | date | None
Cell = tuple[Value, str]
"""A value and its number format; text has none."""


def view_workbook(view: View, taking: Taking) -> bytes:
    """The table of a view with its notes and its sources, one sheet each; text is never a formula.

    Numbers are numbers, shares are fractions shown as percentages, dates known to the day are dates. Beside a value that
    can be empty stands its status in words, beside a wording that is our translation that it is.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, options) as book:
        made_up = synthetic.is_synthetic()
        book.set_properties(
            {
                "title": f"{synthetic.sentence()} {view.title}" if made_up else view.title,
                "subject": view.empty or view.takeaway,
                "author": "Panorama",
                "keywords": db.edition(),
                "comments": not_official(),
                # the same edition gives the same file, whenever it is taken
                "created": sources.edition()["built_at"],
            }
        )
        looks = _Looks(book)
        for sheet in (
            _data(book, looks, view),
            _notes(book, looks, view, taking),
            _sources(book, looks, view),
        ):
            sheet.set_landscape()
            sheet.set_paper(9)
            sheet.fit_to_pages(1, 0)
            sheet.set_footer(f"&L{_escaped(view.title)} · {db.edition()}&R&P / &N")
            if made_up:
                sheet.set_header(f"&C&B{_escaped(synthetic.sentence())}")
                sheet.set_tab_color(LIGHT.announced)
    return out.getvalue()


class _Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.made: dict[tuple[str, ...], Format] = {}

    def __call__(self, *names: str) -> Format:
        if names not in self.made:
            settings: dict[str, Any] = {"font_name": "Arial", "font_size": 10, "valign": "top"}
            for name in names:
                settings |= {
                    "wrap": {"text_wrap": True},
                    "text": {"quote_prefix": True},
                    "head": {"bold": True, "text_wrap": True, "bottom": 1, "bottom_color": LIGHT.context},
                    "what": {"bold": True, "font_color": LIGHT.muted},
                    "title": {"bold": True, "font_size": 14, "text_wrap": True},
                    "alert": {"bold": True, "font_color": LIGHT.announced, "text_wrap": True},
                    "link": {"font_color": LIGHT.focus, "underline": 1},
                }.get(name, {"num_format": name})
            self.made[names] = self.book.add_format(settings)
        return self.made[names]


def _data(book: Workbook, looks: _Looks, view: View) -> Worksheet:
    sheet = book.add_worksheet(_("Data"))
    columns = _columns(view)
    widths = [max(len(word) for word in name.split()) if name.split() else 0 for name, _cells in columns]
    for place, (name, _cells) in enumerate(columns):
        _write(sheet, looks, 0, place, (name, ""), "head")
    for position, row in enumerate(view.table.head(MOST_ROWS).iter_rows(named=True)):
        for place, (_name, cell) in enumerate(columns):
            value, form = cell(row)
            _write(sheet, looks, position + 1, place, (value, form), "wrap")
            if position < _LOOKED_AT and value is not None:
                widths[place] = max(widths[place], len(str(value)))
    for place, width in enumerate(widths):
        sheet.set_column(place, place, min(max(width + 2, _NARROWEST), _WIDEST))
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    if columns:
        sheet.autofilter(0, 0, max(min(view.table.height, MOST_ROWS), 1), len(columns) - 1)
    return sheet


def _columns(view: View) -> list[tuple[str, Callable[[dict[str, Any]], Cell]]]:
    """The columns of the data sheet: their names, and what gives their cell for a row."""
    cited = documents(view)
    made: list[tuple[str, Callable[[dict[str, Any]], Cell]]] = []
    for column in view.columns:
        key = column.key
        if column.kind == "area":
            made.append((column.label, lambda row, key=key: (areas.name(row[key]) if row[key] else None, "")))
            made.append((_("{column}: code", column=column.label), lambda row, key=key: (row[key], "")))
        elif column.kind == "source":
            for name, part in (
                (column.label, lambda source: source.doc_code or source.source_id),
                (_("{column}: title", column=column.label), lambda source: source.title),
                (_("{column}: address", column=column.label), lambda source: source.url),
            ):
                made.append(
                    (name, lambda row, key=key, part=part: (part(cited[row[key]]) if row[key] in cited else None, ""))
                )
        else:
            made.append((column.label, lambda row, column=column: _value(column, row)))
        if column.status_key:
            said = _("{column}: status", column=column.label)
            made.append(
                (said, lambda row, key=column.status_key: (label("obs_status", row[key]) if row[key] else None, ""))
            )
        basis = f"{key}_basis"
        if basis in view.table.columns and any(wording(one) for one in view.table[basis].unique()):
            said = _("{column}: translation or language", column=column.label)
            made.append((said, lambda row, basis=basis: (wording(row[basis]) or None, "")))
    if any(column.key == "when" for column in view.columns):
        made += [_day_column(key) for key in _DATES if {key, _precision(key)} <= set(view.table.columns)]
    if synthetic.is_synthetic():
        made.append((_("Synthetic"), lambda _row: (synthetic.word(), "")))
    return made


def _day_column(key: str) -> tuple[str, Callable[[dict[str, Any]], Cell]]:
    """A date of its own for sorting; empty where the source knows less than the day, which the words beside it say."""
    name = _("First day, where known to the day") if key == "start_on" else _("Last day, where known to the day")
    return name, lambda row: (row[key] if row[_precision(key)] == "day" else None, "yyyy-mm-dd")


def _precision(key: str) -> str:
    return key.removesuffix("_on") + "_precision"


def _value(column: Column, row: dict[str, Any]) -> Cell:
    value = row[column.key]
    if column.kind in ("number", "percent", "year") and isinstance(value, int | float):
        decimals = (row[column.decimals_key] if column.decimals_key else column.decimals) or 0
        places = "." + "0" * decimals if decimals else ""
        return value, {"number": f"#,##0{places}", "percent": f"0{places}%", "year": "0"}[column.kind]
    if isinstance(value, datetime):
        return value, "yyyy-mm-dd hh:mm"
    if isinstance(value, date):
        return value, "yyyy-mm-dd"
    if isinstance(value, list | pl.Series):
        return "; ".join(str(part) for part in value), ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value, "General"
    return (None if value is None else str(value)), ""


def _write(sheet: Worksheet, looks: _Looks, row: int, place: int, cell: Cell, *names: str) -> None:
    value, form = cell
    if value is None or value == "":
        return
    if isinstance(value, str):
        if value.startswith(_FORMULA_STARTS):
            names = (*names, "text")
        if len(value) > MOST_CHARACTERS:
            value = value[:MOST_CHARACTERS] + " … " + _("(cut here: a cell holds no more; the CSV file has all)")
        sheet.write_string(row, place, value, looks(*names))
    elif isinstance(value, date):
        moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
        sheet.write_datetime(row, place, moment, looks(form))
    elif isfinite(value):
        sheet.write_number(row, place, value, looks(form))
    else:
        sheet.write_string(row, place, str(value), looks(*names))


def _notes(book: Workbook, looks: _Looks, view: View, taking: Taking) -> Worksheet:
    sheet = book.add_worksheet(_("Notes"))
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 100)
    lines = about(view, taking)
    if view.table.height > MOST_ROWS:
        cut = _("The first {shown} of {total} rows; the CSV file has all.", shown=MOST_ROWS, total=view.table.height)
        lines.insert(0, (_("Note"), cut))
    cited = citation(view, taking)
    for row, (what, words) in enumerate(lines):
        look = "wrap"
        if words == view.title:
            look = "title"
        elif words == synthetic.sentence():
            look = "alert"
        _write(sheet, looks, row, 0, (what, ""), "what")
        if words != cited and words.startswith(taking.site + "/"):
            _write_link(sheet, looks, row, 1, words)
        else:
            _write(sheet, looks, row, 1, (words, ""), look)
    return sheet


def _sources(book: Workbook, looks: _Looks, view: View) -> Worksheet:
    sheet = book.add_worksheet(_("Sources"))
    heads = (
        (_("Document code"), 22),
        (_("Title"), 60),
        (_("Publisher"), 40),
        (_("Address"), 50),
        (_("Licence"), 40),
        (_("Date"), 14),
        (_("Name in the data"), 24),
    )
    for place, (head, width) in enumerate(heads):
        _write(sheet, looks, 0, place, (head, ""), "head")
        sheet.set_column(place, place, width)
    cited = documents(view).values()
    for row, source in enumerate(cited, start=1):
        texts = (source.doc_code, source.title, source.publisher, "", source.licence, source.vintage, source.source_id)
        for place, text in enumerate(texts):
            _write(sheet, looks, row, place, (text, ""), "wrap")
        _write_link(sheet, looks, row, 3, source.url)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    if cited:
        sheet.autofilter(0, 0, len(cited), len(heads) - 1)
    return sheet


def _write_link(sheet: Worksheet, looks: _Looks, row: int, place: int, url: str) -> None:
    """An address of the web as a link that shows itself; anything else, and what is too long for a link, as text."""
    if web_address(url) and len(url) <= _LONGEST_LINK:
        sheet.write_url(row, place, url, looks("link"), string=url)
    else:
        _write(sheet, looks, row, place, (url, ""), "wrap")


def _escaped(text: str) -> str:
    """A text for the head or foot of a printed page, where ``&`` starts a command and 255 characters are the most."""
    return text[:120].replace("&", "&&")
