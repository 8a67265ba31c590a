"""Key figures: large numbers with what they count and what they are measured against."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from dashboard.i18n import _, number
from dashboard.labels import label
from dashboard.selection import Selection, address
from dashboard.views.view import Markup


@dataclass(frozen=True)
class KeyFigure:
    """A number, what it is measured against (or none), what it counts, and the view behind it with its page.

    A figure without a value is one that no source states: it is never shown as zero. ``behind`` is the address of the
    records behind the number; without one it leads to the view.
    """

    view_id: str
    page: str
    value: int | None
    of: int | None
    what: str
    behind: str = ""


def key_figures_html(figures: Sequence[KeyFigure], selection: Selection) -> Markup:
    """The figures side by side, each a link to the records behind it, its words one to the view that shows more."""
    return Markup(f'<dl class="pn-figures">{"".join(_figure(one, selection) for one in figures)}</dl>')


def _figure(one: KeyFigure, selection: Selection) -> str:
    of = f"<small>{escape(_('of {total}', total=one.of))}</small>" if one.of is not None else ""
    if one.value is None:
        shown = f'<span class="pn-none pn-small">{escape(label("obs_status", "O"))}</span>'
    else:
        shown = number(one.value)
    href = f"{address(one.page, selection)}#{one.view_id.replace('.', '-')}"
    if not one.behind or not one.value:
        return f'<div><dt>{escape(one.what)}</dt><dd><a href="{escape(href)}">{shown}{of}</a></dd></div>'
    title = escape(_("Records behind this figure"))
    return (
        f'<div><dt><a href="{escape(href)}">{escape(one.what)}</a></dt>'
        f'<dd><a href="{escape(one.behind)}" title="{title}">{shown}{of}</a></dd></div>'
    )
