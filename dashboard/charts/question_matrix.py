"""States against questions: one row a state, one column a question, a mark in each cell; groups of states stand apart.

Columns are headed by numbers; the list of questions beside the table says what they stand for and how many states
gave which kind of answer. On a narrow screen the list comes first: there one reads one question at a time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from dashboard.charts.answers import Said, said
from dashboard.charts.matrix import Cell
from dashboard.i18n import _, named
from dashboard.views.view import Markup


@dataclass(frozen=True)
class QuestionHead:
    """A question: its number, wording, further words under it, where it leads, and how often each mark occurs."""

    number: str
    wording: Said
    below: str
    link: str
    tallies: Sequence[tuple[Cell, int]]


@dataclass(frozen=True)
class StateLine:
    """A state, where it leads, and its cells in the order of the questions; one cell alone stands for all of them."""

    name: str
    link: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class StateGroup:
    """The states of one group, in the order in which they are read."""

    name: str
    states: Sequence[StateLine]


def question_matrix(
    groups: Sequence[StateGroup],
    questions: Sequence[QuestionHead],
    *,
    corner: str,
    caption: str,
    legend: Sequence[Cell],
) -> Markup:
    """Draw groups of states against questions; ``legend`` holds the marks that occur, in their order."""
    heads = "".join(
        f'<th scope="col" title="{escape(one.wording.text)}"><a href="{escape(one.link)}">{escape(one.number)}</a></th>'
        for one in questions
    )
    bodies = "".join(_group(group, questions) for group in groups if group.states)
    table = (
        f'<div class="pn-scroll" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="pn-matrix pn-questions"><caption class="pn-unseen">{escape(caption)}</caption>'
        f'<thead><tr><th scope="col">{escape(corner)}</th>{heads}</tr></thead>{bodies}</table></div>'
    )
    index = "".join(_head(one) for one in questions)
    return Markup(
        f'{legend_list(legend)}<div class="pn-by-question">{walked(table)}'
        f'<ol class="pn-question-list" aria-label="{escape(_("Questions"))}">{index}</ol></div>'
    )


def walked(table: str) -> str:
    """A table of many links as one stop for the Tab key; arrow keys walk it (see ``static/panorama.js``)."""
    hint = escape(_("Arrow keys go from cell to cell, Enter opens what is behind one."))
    return f'<div class="pn-walked" data-tiles>{table}<p class="pn-keys">{hint}</p></div>'


def legend_list(marks: Sequence[Cell]) -> str:
    """The marks that occur, each with its words, as markup."""
    return f'<ul class="pn-legend">{"".join(f"<li>{mark_html(one)}{escape(one.words)}</li>" for one in marks)}</ul>'


def mark_html(cell: Cell) -> str:
    """A mark by itself, as markup; its words are to stand beside it."""
    return f'<i class="pn-mark pn-mark-{cell.kind}" aria-hidden="true">{escape(cell.sign)}</i>'


def marked(cell: Cell) -> str:
    """A mark with its words for those who do not see it, leading to the records behind it where there are any."""
    shown = f'{mark_html(cell)}<span class="pn-unseen">{escape(cell.words)}</span>'
    return f'<a href="{escape(cell.link)}">{shown}</a>' if cell.link else shown


def _group(group: StateGroup, questions: Sequence[QuestionHead]) -> str:
    lines = "".join(_state(line, questions) for line in group.states)
    heading = f'<tr class="pn-matrix-group"><th scope="rowgroup" colspan="{len(questions) + 1}">{escape(group.name)}</th></tr>'
    return f"<tbody>{heading if group.name else ''}{lines}</tbody>"


def _state(line: StateLine, questions: Sequence[QuestionHead]) -> str:
    if len(line.cells) == 1 and len(questions) > 1:
        cell = line.cells[0]
        whole = f'{mark_html(cell)} <span class="pn-none">{escape(cell.words)}</span>'
        if cell.link:
            whole = f'<a href="{escape(cell.link)}">{whole}</a>'
        cells = f'<td class="pn-matrix-whole-row" colspan="{len(questions)}">{whole}</td>'
    else:
        cells = "".join(_cell(cell, one, line) for one, cell in zip(questions, line.cells, strict=True))
    return f'<tr><th scope="row"><a href="{escape(line.link)}">{escape(line.name)}</a></th>{cells}</tr>'


def _cell(cell: Cell, one: QuestionHead, line: StateLine) -> str:
    if cell.kind == "none":  # by far the most frequent: a sign without a box, its words in the legend and for listeners
        return f'<td class="pn-none" aria-label="{escape(_("no answer"))}">{escape(cell.sign)}</td>'
    return f'<td title="{escape(named(f"{line.name}, {one.number}", cell.words))}">{marked(cell)}</td>'


def _head(one: QuestionHead) -> str:
    tallies = "".join(
        f'<span title="{escape(cell.words)}">{mark_html(cell)}<span class="pn-unseen">{escape(cell.words)}</span> {n}</span>'
        for cell, n in one.tallies
    )
    return (
        f'<li value="{escape(one.number)}"><a href="{escape(one.link)}">{said(one.wording)}</a>'
        f'<small class="pn-below">{escape(one.below)}</small><span class="pn-tallies">{tallies}</span></li>'
    )
