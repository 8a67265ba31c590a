"""How many states have each code in each year, as a real table: one row a code, one column a year, shaded by number."""

from collections.abc import Collection, Mapping, Sequence
from html import escape

from dashboard.i18n import named
from dashboard.views.view import Markup

_SHADES = 5


def code_years(
    counts: Mapping[tuple[str, int], int],
    codes: Sequence[tuple[str, str]],
    years: Sequence[int],
    *,
    corner: str,
    caption: str,
    own: Mapping[int, str],
    own_name: str,
    broken: Collection[int],
    break_name: str,
) -> Markup:
    """Draw ``counts`` by (code, year) for ``codes`` (code, name) in the given order; a pair without a state is empty.

    ``own`` is the code of the chosen state in each year that it has one, outlined and named ``own_name`` in the legend;
    before the years in ``broken`` a line says ``break_name``.
    """
    most = max(counts.values(), default=1)
    head = "".join(f'<th scope="col"{_edge(year, broken)}>{year}</th>' for year in years)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(
            _cell(name, year, counts.get((code, year), 0), most, own.get(year) == code, own_name, broken)
            for year in years
        )
        + "</tr>"
        for code, name in codes
    )
    keys = f'<li><i class="pn-key pn-code-own"></i>{escape(own_name)}</li>' if own else ""
    keys += f'<li><i class="pn-key pn-code-break"></i>{escape(break_name)}</li>' if set(broken) & set(years) else ""
    return Markup(
        f'<ul class="pn-legend">{keys}</ul><div class="pn-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="pn-codes"><caption class="pn-unseen">{escape(caption)}</caption><thead><tr><th scope="col">'
        f"{escape(corner)}</th>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _edge(year: int, broken: Collection[int]) -> str:
    return ' class="pn-code-edge"' if year in broken else ""


def _cell(name: str, year: int, states: int, most: int, is_own: bool, own_name: str, broken: Collection[int]) -> str:
    level = min(int(states / most * _SHADES), _SHADES - 1)
    said = named(f"{name}, {year}", str(states) + (f", {own_name}" if is_own else ""))
    shown = str(states) if states else '<span class="pn-unseen">0</span>'
    own = " pn-code-own" if is_own else ""
    shade = f' class="pn-level-{level}{own}"' if states else ""
    unseen = f'<span class="pn-unseen">, {escape(own_name)}</span>' if is_own else ""
    return f'<td title="{escape(said)}"{_edge(year, broken)}><i{shade}>{shown}{unseen}</i></td>'
