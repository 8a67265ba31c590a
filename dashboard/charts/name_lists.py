"""States in named groups: each state a link, with a remark where one is needed."""

from collections.abc import Sequence
from html import escape

from dashboard.views.view import Markup

Named = tuple[str, str, str]  # name, link, remark
_LONG = 8  # entries from which a group takes more than one column


def name_lists(groups: Sequence[tuple[str, str, Sequence[Named]]]) -> Markup:
    """Draw groups (heading, explanation, entries) side by side, entries in the order given; empty groups are left out."""
    drawn = "".join(
        f'<section class="{"pn-groups-long" if len(entries) > _LONG else ""}"><h3>{escape(heading)}</h3>'
        f"<p>{escape(explanation)}</p><ul>{''.join(_entry(*entry) for entry in entries)}</ul></section>"
        for heading, explanation, entries in groups
        if entries
    )
    return Markup(f'<div class="pn-groups">{drawn}</div>')


def _entry(name: str, link: str, remark: str) -> str:
    below = f"<small>{escape(remark)}</small>" if remark else ""
    return f'<li><a href="{escape(link)}">{escape(name)}</a>{below}</li>'
