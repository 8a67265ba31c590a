"""Several measures side by side: one block a measure, in each the same rows in the same order on one scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from dashboard.charts.drawing import breadth
from dashboard.charts.linked import linked
from dashboard.views.view import Markup

_TEXT = 18.0  # the size of the figures where they are largest


@dataclass(frozen=True)
class Amount:
    """A bar and its figure as written: its fill (``pn-fill-…`` in the style sheet), and where the figure leads."""

    fill: str
    value: float
    words: str
    said: str
    behind: str = ""


@dataclass(frozen=True)
class Row:
    """An area: name, its page, its bars; ``words`` stand where no bar can, ``empty`` is the kind of empty drawn with them."""

    name: str
    link: str
    amounts: tuple[Amount, ...] = ()
    words: str = ""
    empty: str = ""
    behind: str = ""


@dataclass(frozen=True)
class Block:
    """A measure: what is counted, the rows, and what is to be known before they are compared."""

    title: str
    rows: Sequence[Row]
    remarks: Sequence[str] = ()


def measures(blocks: Sequence[Block], *, legend: Sequence[tuple[str, str]], corner: str) -> Markup:
    """Draw the blocks with a legend (fill, words) of the fills that occur; each block has a scale of its own from zero."""
    occurring = {amount.fill for block in blocks for row in block.rows for amount in row.amounts if amount.value}
    keys = "".join(
        f'<li><i class="pn-key pn-fill-{fill}"></i>{escape(words)}</li>' for fill, words in legend if fill in occurring
    )
    return Markup(
        f'<ul class="pn-legend">{keys}</ul><div class="pn-measures">'
        f"{''.join(_block(block, corner) for block in blocks)}</div>"
    )


def _block(block: Block, corner: str) -> str:
    longest = max((amount.value for row in block.rows for amount in row.amounts), default=0) or 1
    # the figures stand at the ends of the bars: what they take is no part of the scale
    room = max((breadth(amount.words, _TEXT) for row in block.rows for amount in row.amounts), default=0) + 16
    rows = "".join(_row(row, longest, room) for row in block.rows)
    remarks = "".join(f'<p class="pn-measure-remark">{escape(remark)}</p>' for remark in block.remarks)
    return (
        f'<section><h3>{escape(block.title)}</h3><table class="pn-measure"><caption class="pn-unseen">'
        f'{escape(block.title)}</caption><thead class="pn-unseen"><tr><th scope="col">{escape(corner)}</th>'
        f'<th scope="col">{escape(block.title)}</th></tr></thead><tbody>{rows}</tbody></table>{remarks}</section>'
    )


def _row(row: Row, longest: float, room: float) -> str:
    drawn = "".join(_amount(amount, longest, room) for amount in row.amounts)
    if row.words:
        key = f'<i class="pn-key pn-{row.empty}" aria-hidden="true"></i>' if row.empty else ""
        drawn += f'<p class="pn-measure-words">{key}{linked(row.words, row.behind)}</p>'
    return f'<tr><th scope="row"><a href="{escape(row.link)}">{escape(row.name)}</a></th><td>{drawn}</td></tr>'


def _amount(amount: Amount, longest: float, room: float) -> str:
    width = f"calc((100% - {room:.0f}px) * {amount.value / longest:.4f})"
    css = f"pn-fill-{amount.fill}" if amount.value else "pn-measure-zero"
    return (
        f'<div class="pn-measure-bar"><i class="{css}" style="width:{width}" aria-hidden="true"></i>'
        f'<span>{linked(amount.words, amount.behind)}<span class="pn-unseen"> {escape(amount.said)};</span></span></div>'
    )
