"""Bars inside a real table: one row an area or topic, one column a round or kind, a bar and its words in each cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from dashboard.charts.linked import linked
from dashboard.views.view import Markup


@dataclass(frozen=True)
class Bar:
    """A bar of ``share`` (0 to 1) of the cell with the words beside it; without a share the words stand alone.

    ``link`` is where the words lead: to the records behind them.
    """

    share: float | None
    words: str
    role: Literal["focus", "context"] = "focus"
    detail: str = ""  # smaller words after the first
    link: str = ""


def bar_table(
    rows: Sequence[tuple[str, str, Sequence[Bar]]],
    columns: Sequence[str],
    *,
    corner: str,
    caption: str,
    has_track: bool = False,
) -> Markup:
    """Draw rows (name, link or empty, one bar a column); with ``has_track`` the whole of which each bar is a share."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    track = " pn-bt-track" if has_track else ""
    body = "".join(
        f'<tr><th scope="row">{_named(name, link)}</th>{"".join(_cell(bar, track) for bar in bars)}</tr>'
        for name, link, bars in rows
    )
    return Markup(
        f'<div class="pn-scroll pn-bt-whole" tabindex="0" role="region" aria-label="{escape(caption)}"><table class="pn-bt">'
        f'<caption class="pn-unseen">{escape(caption)}</caption><thead><tr><th scope="col">{escape(corner)}</th>{head}</tr>'
        f"</thead><tbody>{body}</tbody></table></div>"
    )


def _named(name: str, link: str) -> str:
    return f'<a href="{escape(link)}">{escape(name)}</a>' if link else escape(name)


def _cell(bar: Bar, track: str) -> str:
    detail = f" <small>{escape(bar.detail)}</small>" if bar.detail else ""
    words = linked(bar.words, bar.link)
    if bar.share is None:
        return f'<td><span class="pn-none">{words}</span>{detail}</td>'
    width = f"{100 * min(max(bar.share, 0.0), 1.0):.1f}%"
    return (
        f'<td><span class="pn-bt-bar{track}" aria-hidden="true"><i class="pn-bt-{bar.role}" style="width:{width}"></i></span>'
        f"<b>{words}</b>{detail}</td>"
    )
