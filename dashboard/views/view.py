"""What a view is: one answer, with its figure, its table, its notes and its sources."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import plotly.graph_objects as go
import polars as pl

from dashboard.views.behind import Behind

ColumnKind = Literal["text", "number", "percent", "year", "source", "area"]


@dataclass(frozen=True)
class Markup:
    """A figure made of HTML; every text in it was escaped by the chart that made it."""

    html: str


@dataclass(frozen=True)
class Drawing:
    """A picture that we draw ourselves as SVG, once for a wide page and once for a phone.

    Both are painted with the variables of the page and refer to the outlines of ``dashboard/charts/americas.py``;
    ``dashboard.charts.drawing.standalone`` makes a file of one. Every text in them was escaped by the chart.
    """

    wide: str
    tall: str
    label: str  # what the picture is, for those who hear the page
    hint: str  # how it is walked with the keyboard


Figure = go.Figure | Markup | Drawing


@dataclass(frozen=True)
class Column:
    """A column of a view's table as the reader sees it.

    ``text``: shown as it stands, with the remark its ``<key>_basis`` column asks for. ``number`` and ``percent`` (a
    share from 0 to 1): written in the reader's way; where the value is empty, ``status_key`` names the column whose
    code says why; ``decimals_key`` names the column with the decimals of each row. ``year``: without separators.
    ``source``: a source id, shown as the document. ``area``: an area code, shown as a link to its page. ``behind``
    tells for a row (column -> value) which records are behind the cell, or none: then the cell leads to their list.
    """

    key: str
    label: str
    kind: ColumnKind = "text"
    decimals: int = 0
    status_key: str = ""
    is_wide: bool = False
    decimals_key: str = ""
    behind: Callable[[Mapping[str, Any]], Behind | None] | None = None


@dataclass(frozen=True)
class SourceNote:
    """A document as it is cited under a view."""

    source_id: str
    title: str
    doc_code: str = ""
    publisher: str = ""
    url: str = ""
    licence: str = ""
    vintage: str = ""


@dataclass(frozen=True)
class View:
    """One answer to one question, complete: nothing more is needed to show, print or download it.

    ``takeaway`` is one sentence computed from the data and is also the alternative text of the figure. ``legend`` maps
    the kinds of mark that occur in an HTML figure to their words. A view with ``empty`` set has nothing to show and
    says why in that sentence.
    """

    id: str
    title: str
    takeaway: str
    table: pl.DataFrame
    columns: tuple[Column, ...]
    figure: Figure | None = None
    plain: go.Figure | None = None  # the figure as one chart of the usual kind, where it is none: what a slide carries
    notes: tuple[str, ...] = ()
    sources: tuple[SourceNote, ...] = ()
    period: str = ""
    height: int = 320
    is_table_open: bool = False  # the table is the figure
    is_figure_whole: bool = False  # the figure is a list or table of every row: no second table under it
    is_lead: bool = False  # stands right under the page's own title: its title and takeaway are for listeners only
    empty: str = ""
    options: Mapping[str, str] = field(default_factory=dict)  # further parameters of the address of this view
