"""Bars of states: how many have something, how many do not, and of how many it is not known."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from dashboard.charts.linked import linked
from dashboard.views.view import Markup


@dataclass(frozen=True)
class Share:
    """One bar: its name, the number text at its end, and the three parts in states.

    ``link`` is where the number leads: to the records behind it.
    """

    name: str
    text: str
    yes: int
    no: int
    unknown: int
    said: str
    link: str = ""


def shares(rows: Sequence[Share], *, yes_name: str, no_name: str, unknown_name: str) -> Markup:
    """Draw the bars in the given order, all of the same length, with a legend of the parts that occur."""
    kinds = (
        ("focus", yes_name, any(row.yes for row in rows)),
        ("zero", no_name, any(row.no for row in rows)),
        ("missing", unknown_name, any(row.unknown for row in rows)),
    )
    legend = "".join(f'<li><i class="pn-key pn-{css}"></i>{escape(name)}</li>' for css, name, occurs in kinds if occurs)
    return Markup(
        f'<ul class="pn-legend">{legend}</ul><div class="pn-shares">{"".join(_bar(row) for row in rows)}</div>'
    )


def _bar(row: Share) -> str:
    parts = "".join(
        f'<i class="pn-{css}" style="flex-grow:{states}"></i>'
        for css, states in (("focus", row.yes), ("zero", row.no), ("missing", row.unknown))
        if states
    )
    # what lies within a picture is not heard, so a number that leads somewhere stands outside it
    picture = f'role="img" aria-label="{escape(row.said)}"'
    whole, bar = ("", picture) if row.link else (picture, "")
    return (
        f'<div class="pn-share" {whole} title="{escape(row.said)}">'
        f'<div class="pn-share-head"><span>{escape(row.name)}</span><b>{linked(row.text, row.link)}</b></div>'
        f'<div class="pn-share-bar" {bar}>{parts}</div></div>'
    )
