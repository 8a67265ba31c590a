"""A matrix as a real table: one row a state or programme, one column a round or country, a mark in each cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from dashboard.i18n import named
from dashboard.views.view import Markup


@dataclass(frozen=True)
class Cell:
    """What a cell says: the kind of its mark (see ``pn-mark-…`` in the style sheet), a sign, and the words for it.

    ``link`` is where the mark leads: to the records behind it.
    """

    kind: str
    sign: str
    words: str
    link: str = ""


def matrix(
    rows: Sequence[tuple[str, str, str]],
    columns: Sequence[tuple[str, str]],
    cells: Mapping[tuple[str, str], Cell],
    *,
    corner: str,
    caption: str,
    absent: Cell,
    legend: Sequence[Cell],
    full_names: Mapping[str, str] | None = None,
    below: Mapping[str, str] | None = None,
) -> Markup:
    """Draw rows (key, name, link or empty) against columns (key, name); a pair without a cell gets ``absent``.

    ``full_names`` are what a short name at a column's head stands for (by key of the column), ``below`` a second line
    under a row's name (by key of the row).

    Only kinds of mark that occur stand in the legend; each cell carries its words for those who do not see the mark.
    """
    occurring = {cells.get((row, column), absent).kind for row, _name, _link in rows for column, _title in columns}
    titles = {key: (full_names or {}).get(key, name) for key, name in columns}
    head = "".join(
        f'<th scope="col" title="{escape(titles[key])}"><span>{escape(name)}</span></th>' for key, name in columns
    )
    body = []
    for key, name, link in rows:
        title = f'<a href="{escape(link)}">{escape(name)}</a>' if link else escape(name)
        if second := (below or {}).get(key):
            title += f'<small class="pn-below">{escape(second)}</small>'
        marks = "".join(
            _cell(cells.get((key, column), absent), f"{name}, {titles[column]}", absent) for column, _name in columns
        )
        body.append(f'<tr><th scope="row">{title}</th>{marks}</tr>')
    keys = "".join(
        f'<li><i class="pn-mark pn-mark-{one.kind}" aria-hidden="true">{escape(one.sign)}</i>{escape(one.words)}</li>'
        for one in legend
        if one.kind in occurring
    )
    return Markup(
        f'<ul class="pn-legend">{keys}</ul><div class="pn-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="pn-matrix"><caption class="pn-unseen">{escape(caption)}</caption><thead><tr><th scope="col">'
        f"{escape(corner)}</th>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>"
    )


def _cell(cell: Cell, where: str, absent: Cell) -> str:
    if cell == absent and cell.kind == "none" and not cell.link:
        # most cells of a large matrix say nothing: those need neither a box nor words under the pointer
        return f'<td class="pn-none" aria-label="{escape(cell.words)}">{escape(cell.sign)}</td>'
    mark = (
        f'<i class="pn-mark pn-mark-{cell.kind}" aria-hidden="true">{escape(cell.sign)}</i>'
        f'<span class="pn-unseen">{escape(cell.words)}</span>'
    )
    if cell.link:
        mark = f'<a href="{escape(cell.link)}">{mark}</a>'
    title = "" if cell == absent else f' title="{escape(named(where, cell.words))}"'
    return f"<td{title}>{mark}</td>"
