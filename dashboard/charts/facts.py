"""Numbers of different kinds under each other: name and unit, value, when, and what it stands beside."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import zip_longest

from dashboard.charts.linked import linked
from dashboard.views.view import Markup


@dataclass(frozen=True)
class Fact:
    """One row; ``cells`` are texts as the reader sees them, ``note`` stands small under the name.

    ``kinds`` puts a key before a cell where one is named (see ``pn-key`` in the style sheet). ``links`` are, cell by cell,
    where it leads: to the records behind it.
    """

    name: str
    note: str
    cells: tuple[str, ...]
    kinds: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


def facts(head: Sequence[str], rows: Sequence[Fact]) -> Markup:
    """Draw the rows as a real table under the column names ``head``, the first of which is that of the names."""
    keyed = {place + 1 for row in rows for place, kind in enumerate(row.kinds) if kind}
    titles = "".join(
        f'<th scope="col" class="{"pn-keyed" if place in keyed else ""}">{escape(title)}</th>'
        for place, title in enumerate(head)
    )
    body = "".join(
        f'<tr><th scope="row">{escape(row.name)}<small>{escape(row.note)}</small></th>'
        + "".join(_cell(*cell) for cell in zip_longest(row.cells, row.kinds, row.links, fillvalue=""))
        + "</tr>"
        for row in rows
    )
    return Markup(f'<table class="pn-facts"><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table>')


def _cell(text: str, kind: str, link: str) -> str:
    if not kind:
        return f"<td>{linked(text, link)}</td>"
    return f'<td class="pn-keyed"><i class="pn-key pn-{kind}" aria-hidden="true"></i> {linked(text, link)}</td>'
