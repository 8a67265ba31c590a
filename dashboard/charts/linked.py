"""Words and marks of a figure that lead to the records behind them."""

from collections.abc import Sequence
from html import escape

from dashboard.i18n import _


def linked(words: str, link: str) -> str:
    """The words as markup, with a link to the records behind them where there is one."""
    if not link:
        return escape(words)
    title = escape(_("Records behind this figure"))
    return f'<a class="pn-behind" href="{escape(link)}" title="{title}">{escape(words)}</a>'


def leads_to(links: Sequence[str]) -> dict[str, list[str]] | None:
    """The ``meta`` of a Plotly trace whose points lead somewhere, by position; ``static/panorama.js`` follows a click.

    An empty address leads nowhere. The table beside the chart has the same links for those who do not point.
    """
    return {"links": list(links)} if any(links) else None
