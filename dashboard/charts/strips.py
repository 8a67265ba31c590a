"""One state's value on a line from the lowest to the highest of the states, with the median of its subregion."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from dashboard.charts.linked import linked
from dashboard.views.view import Markup


@dataclass(frozen=True)
class Strip:
    """A line from lowest to highest; the texts of the numbers arrive written in the reader's way.

    ``said`` is the whole sentence for a reader who hears it. An empty ``median`` draws no tick. ``link`` is where the
    value leads: to the record behind it; ``more`` is where the name leads: to the indicator for all states.
    """

    name: str
    unit: str
    value: float
    value_text: str
    when: str
    lowest: float
    lowest_text: str
    highest: float
    highest_text: str
    median: float | None
    median_text: str
    said: str
    link: str = ""
    more: str = ""


def strips(
    groups: Sequence[tuple[str, Sequence[Strip]]], *, own_name: str, median_name: str, range_name: str
) -> Markup:
    """Draw groups (heading, strips) in the given order, with a legend of mark, tick and line."""
    legend = (
        '<ul class="pn-legend">'
        f'<li><i class="pn-strip-key pn-strip-dot"></i>{escape(own_name)}</li>'
        f'<li><i class="pn-strip-key pn-strip-tick"></i>{escape(median_name)}</li>'
        f'<li><i class="pn-strip-key pn-strip-range"></i>{escape(range_name)}</li></ul>'
    )
    body = "".join(
        f'<section><h3 class="pn-records-head">{escape(heading)}</h3>{"".join(_strip(one) for one in own)}</section>'
        for heading, own in groups
        if own
    )
    return Markup(f'{legend}<div class="pn-strips">{body}</div>')


def _strip(one: Strip) -> str:
    own = _position(one.value, one)
    tick = ""
    if one.median is not None:
        tick = f'<i class="pn-strip-tick" style="left:{_position(one.median, one):.1f}%"></i>'
    # what lies within a picture is not heard, so a value that leads somewhere stands outside it
    picture = f'role="img" aria-label="{escape(one.said)}"'
    whole, line = ("", picture) if one.link or one.more else (picture, "")
    name = f'<a href="{escape(one.more)}">{escape(one.name)}</a>' if one.more else escape(one.name)
    return (
        f'<div class="pn-strip" {whole} title="{escape(one.said)}">'
        f'<div class="pn-strip-head"><span>{name} <small>{escape(one.unit)}</small></span>'
        f"<b>{linked(one.value_text, one.link)}<small>{escape(one.when)}</small></b></div>"
        f'<div class="pn-strip-line" {line}>{tick}<i class="pn-strip-dot" style="left:{own:.1f}%"></i></div>'
        f'<div class="pn-strip-ends"><span>{escape(one.lowest_text)}</span><span>{escape(one.median_text)}</span>'
        f"<span>{escape(one.highest_text)}</span></div></div>"
    )


def _position(value: float, one: Strip) -> float:
    """Where a value lies along the line, in percent; the middle where all states have the same."""
    width = one.highest - one.lowest
    return 50.0 if width == 0 else (value - one.lowest) / width * 100
