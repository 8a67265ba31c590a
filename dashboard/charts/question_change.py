"""One question through its questionnaires: the kind of answer in each, and between them what became of it.

Questionnaires stand side by side as columns; nothing joins them, for of the years between nothing is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from dashboard.charts.matrix import Cell
from dashboard.charts.question_matrix import legend_list, marked, walked
from dashboard.i18n import named
from dashboard.views.view import Markup


@dataclass(frozen=True)
class Step:
    """A column: a questionnaire with its answers, or what changed since an earlier one; ``remark`` stands under it."""

    name: str
    kind: Literal["round", "change"]
    remark: str = ""


@dataclass(frozen=True)
class ChangingState:
    """A state, where it leads, and its cells in the order of the columns; none where nothing can be said."""

    name: str
    link: str
    cells: Sequence[Cell | None]


def question_change(
    groups: Sequence[tuple[str, Sequence[ChangingState]]],
    steps: Sequence[Step],
    *,
    corner: str,
    caption: str,
    legend: Sequence[Cell],
) -> Markup:
    """Draw groups (name, states) against the questionnaires and the changes between them."""
    heads = "".join(
        f'<th scope="col" class="pn-step-{one.kind}">{escape(one.name)}'
        + (f'<small class="pn-below">{escape(one.remark)}</small>' if one.remark else "")
        + "</th>"
        for one in steps
    )
    bodies = "".join(_group(name, states, steps) for name, states in groups if states)
    table = (
        f'<div class="pn-scroll pn-answers-whole" tabindex="0" role="region" '
        f'aria-label="{escape(caption)}"><table class="pn-matrix pn-changes"><caption class="pn-unseen">{escape(caption)}'
        f'</caption><thead><tr><th scope="col">{escape(corner)}</th>{heads}</tr></thead>{bodies}</table></div>'
    )
    return Markup(legend_list(legend) + walked(table))


def _group(name: str, states: Sequence[ChangingState], steps: Sequence[Step]) -> str:
    heading = ""
    if name:
        heading = (
            f'<tr class="pn-matrix-group"><th scope="rowgroup" colspan="{len(steps) + 1}">{escape(name)}</th></tr>'
        )
    return f"<tbody>{heading}{''.join(_state(one, steps) for one in states)}</tbody>"


def _state(one: ChangingState, steps: Sequence[Step]) -> str:
    cells = "".join(
        f'<td class="pn-step-{step.kind}"></td>'
        if cell is None
        else f'<td class="pn-step-{step.kind}" title="{escape(named(f"{one.name}, {step.name}", cell.words))}">'
        f"{marked(cell)}</td>"
        for step, cell in zip(steps, one.cells, strict=True)
    )
    return f'<tr><th scope="row"><a href="{escape(one.link)}">{escape(one.name)}</a></th>{cells}</tr>'
