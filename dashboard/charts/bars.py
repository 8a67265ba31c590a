"""Horizontal bars as a real table: a name, and one bar a kind beside it, each with its figure written out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from dashboard.charts.linked import linked
from dashboard.views.view import Markup


@dataclass(frozen=True)
class BarKind:
    """A kind of bar: its code, its words, and the fill named after it (``pn-fill-…`` in the style sheet)."""

    code: str
    name: str
    fill: str


@dataclass(frozen=True)
class BarRow:
    """A row: its name, a link or none, a remark under the name, and (kind, value, figure as written) for each bar.

    ``instead`` says why there is no bar. ``links`` give, by kind, where a figure leads: to the records behind it.
    """

    name: str
    link: str
    remark: str
    bars: Sequence[tuple[str, float, str]]
    instead: str = ""
    is_total: bool = False
    links: Mapping[str, str] = field(default_factory=dict)


def bars(rows: Sequence[BarRow], kinds: Sequence[BarKind], *, corner: str, caption: str) -> Markup:
    """Draw the rows in the order given, all bars on one scale; only kinds that occur stand in the legend."""
    longest = max((value for row in rows for _code, value, _text in row.bars), default=0) or 1
    by_code = {kind.code: kind for kind in kinds}
    occurring = {code for row in rows for code, value, _text in row.bars if value}
    keys = "".join(
        f'<li><i class="pn-key pn-fill-{kind.fill}"></i>{escape(kind.name)}</li>'
        for kind in kinds
        if kind.code in occurring
    )
    body = "".join(_row(row, by_code, longest) for row in rows)
    return Markup(
        f'<ul class="pn-legend">{keys}</ul>'
        f'<table class="pn-kinds"><caption class="pn-unseen">{escape(caption)}</caption><thead class="pn-unseen"><tr>'
        f'<th scope="col">{escape(corner)}</th><th scope="col">{escape(caption)}</th></tr></thead><tbody>{body}</tbody></table>'
    )


def _row(row: BarRow, kinds: dict[str, BarKind], longest: float) -> str:
    name = f'<a href="{escape(row.link)}">{escape(row.name)}</a>' if row.link else escape(row.name)
    remark = f"<small>{escape(row.remark)}</small>" if row.remark else ""
    drawn = "".join(
        f'<div class="pn-kinds-bar" title="{escape(row.name)}: {escape(text)}, {escape(kinds[code].name)}">'
        f'<i class="pn-fill-{kinds[code].fill}" style="width:{value / longest * 100:.2f}%" aria-hidden="true"></i>'
        f'<span>{linked(text, row.links.get(code, ""))}<span class="pn-unseen"> {escape(kinds[code].name)}; </span></span></div>'
        for code, value, text in row.bars
    )
    if row.instead:
        drawn += f'<span class="pn-kinds-empty">{escape(row.instead)}</span>'
    total = ' class="pn-kinds-total"' if row.is_total else ""
    return f'<tr{total}><th scope="row">{name}{remark}</th><td>{drawn}</td></tr>'
