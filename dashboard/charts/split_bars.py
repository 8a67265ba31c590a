"""Horizontal bars as a list: a name, one bar made of parts, and its figure right beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from dashboard.charts.linked import linked
from dashboard.views.view import Markup

_WIDEST = 62  # percent of the track; the rest is for the words


@dataclass(frozen=True)
class Part:
    """A part of a bar: what it means and how long it is."""

    role: Literal["focus", "announced", "context"]
    value: float


@dataclass(frozen=True)
class SplitBar:
    """One bar: its name, where the name leads (or nowhere), its parts from left to right, and its words.

    ``said`` is the whole sentence where the words beside the bar are a mere number. ``behind`` is where those words
    lead: to the records behind them.
    """

    name: str
    parts: tuple[Part, ...]
    words: str
    link: str = ""
    said: str = ""
    behind: str = ""


def split_bars(rows: Sequence[SplitBar], *, legend: Sequence[tuple[str, str]], is_in_columns: bool = False) -> Markup:
    """Draw one bar a row on a common scale; announced parts are hatched.

    ``legend`` gives (role, words); only roles that occur are shown. With ``is_in_columns`` many short rows run in as
    many columns as the page is wide.
    """
    longest = max((sum(part.value for part in row.parts) for row in rows), default=0) or 1
    occurring = {part.role for row in rows for part in row.parts if part.value}
    keys = "".join(
        f'<li><i class="pn-key pn-{role}" aria-hidden="true"></i>{escape(words)}</li>'
        for role, words in legend
        if role in occurring
    )
    items = "".join(_bar(row, longest) for row in rows)
    css = "pn-splits pn-splits-columns" if is_in_columns else "pn-splits"
    return Markup(f'<ul class="pn-legend">{keys}</ul><ul class="{css}">{items}</ul>')


def _bar(row: SplitBar, longest: float) -> str:
    name = f'<a href="{escape(row.link)}">{escape(row.name)}</a>' if row.link else escape(row.name)
    parts = "".join(
        f'<i class="pn-part pn-{part.role}" style="width:{part.value / longest * _WIDEST:.2f}%" aria-hidden="true"></i>'
        for part in row.parts
        if part.value
    )
    words = f"<b>{linked(row.words, row.behind)}</b>"
    if row.said and row.behind:
        words = f'<b>{linked(row.words, row.behind)}</b><span class="pn-unseen">{escape(row.said)}</span>'
    elif row.said:
        words = f'<b aria-hidden="true">{escape(row.words)}</b><span class="pn-unseen">{escape(row.said)}</span>'
    title = f' title="{escape(row.said)}"' if row.said else ""
    return (
        f'<li{title}><span class="pn-split-name">{name}</span><span class="pn-split-track">{parts}{words}</span></li>'
    )
