"""How many states' answers to each question were gained, kept or lost since the questionnaire before."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from dashboard.charts.answers import Said, said
from dashboard.charts.linked import linked
from dashboard.charts.matrix import Cell
from dashboard.charts.question_matrix import mark_html
from dashboard.i18n import number
from dashboard.views.view import Markup


@dataclass(frozen=True)
class ChangeLine:
    """A question, where it leads, what stands under it, and (count, address of the records) by kind of change.

    ``remark`` stands in place of the counts where the answers may not be compared.
    """

    wording: Said
    link: str
    below: str
    counts: Sequence[tuple[int, str]] = ()
    remark: str = ""


def change_counts(lines: Sequence[ChangeLine], kinds: Sequence[Cell], *, corner: str, caption: str) -> Markup:
    """Draw one line a question and one column a kind of change; a count leads to the answers behind it."""
    heads = "".join(f'<th scope="col">{mark_html(one)} <span>{escape(one.words)}</span></th>' for one in kinds)
    body = "".join(_line(line, len(kinds)) for line in lines)
    return Markup(
        f'<div class="pn-scroll" tabindex="0" role="region" aria-label="{escape(caption)}"><table '
        f'class="pn-table pn-change-counts"><caption class="pn-unseen">{escape(caption)}</caption><thead><tr>'
        f'<th scope="col">{escape(corner)}</th>{heads}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _line(line: ChangeLine, width: int) -> str:
    head = (
        f'<th scope="row"><a href="{escape(line.link)}">{said(line.wording)}</a>'
        f'<small class="pn-below">{escape(line.below)}</small></th>'
    )
    if line.remark:
        return f'<tr>{head}<td class="pn-none" colspan="{width}">{escape(line.remark)}</td></tr>'
    cells = "".join(f'<td class="pn-num">{linked(number(n), link)}</td>' for n, link in line.counts)
    return f"<tr>{head}{cells}</tr>"
