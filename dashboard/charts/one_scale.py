"""A few values on one scale from zero, one row each; what does not belong on it stands below with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from dashboard.charts.linked import linked
from dashboard.i18n import _
from dashboard.views.view import Markup


@dataclass(frozen=True)
class Placed:
    """A row on the scale: name, value as written, when, and what is to be known of it.

    ``kind``: ``bar`` from zero, ``dot``, or ``median`` (a tick). ``is_open`` draws it hollow: an estimate.
    """

    name: str
    link: str
    value: float
    words: str
    when: str
    kind: Literal["bar", "dot", "median"] = "dot"
    remarks: tuple[str, ...] = ()
    behind: str = ""
    is_open: bool = False


@dataclass(frozen=True)
class Apart:
    """A row beside the scale: its value as written (or the word for its kind of empty), when, and why it stands apart.

    ``empty`` is the kind of empty, drawn as everywhere: missing, unasked, outside or suppressed.
    """

    name: str
    link: str
    words: str
    when: str
    reasons: tuple[str, ...]
    empty: str = ""
    behind: str = ""


def one_scale(
    placed: Sequence[Placed],
    apart: Sequence[Apart],
    *,
    ends: tuple[float, float],
    marks: Sequence[tuple[float, str]],
    caption: str,
    unit: str,
    legend: Sequence[tuple[str, str]] = (),
) -> Markup:
    """Draw the rows in the order given on a scale between its ends; ``marks`` are the values written under it."""
    keys = "".join(f'<li><i class="pn-scale-key pn-scale-{kind}"></i>{escape(words)}</li>' for kind, words in legend)
    drawn = f'<ul class="pn-legend">{keys}</ul>' if keys else ""
    if placed:
        lines = "".join(f'<i class="pn-scale-line" style="left:{_at(value, ends):.2f}%"></i>' for value, _text in marks)
        rows = "".join(_placed(row, ends, lines) for row in placed)
        texts = "".join(f'<span style="left:{_at(value, ends):.2f}%">{escape(text)}</span>' for value, text in marks)
        drawn += (
            f'<table class="pn-scale"><caption class="pn-unseen">{escape(caption)}</caption>'
            '<colgroup><col style="width:30%"><col></colgroup><thead class="pn-unseen"><tr>'
            f'<th scope="col">{escape(_("State or group"))}</th><th scope="col">{escape(unit)}</th></tr></thead>'
            f'<tbody>{rows}</tbody></table><div class="pn-scale-ends" aria-hidden="true"><div>{texts}</div></div>'
        )
    if apart:
        heading = _("Not comparable with these, and why") if placed else _("Not comparable with each other, and why")
        rows = "".join(_apart(row) for row in apart)
        drawn += f'<section class="pn-apart-list"><h3>{escape(heading)}</h3><ul>{rows}</ul></section>'
    return Markup(drawn)


def _at(value: float, ends: tuple[float, float]) -> float:
    """Where a value lies along the scale, in percent."""
    return (value - ends[0]) / (ends[1] - ends[0]) * 100


def _named(name: str, link: str) -> str:
    return f'<a href="{escape(link)}">{escape(name)}</a>'


def _placed(row: Placed, ends: tuple[float, float], lines: str) -> str:
    at, zero = _at(row.value, ends), _at(min(max(0.0, ends[0]), ends[1]), ends)
    css = f"pn-scale-{row.kind}" + (" pn-scale-open" if row.is_open else "")
    place = f"left:{min(at, zero):.2f}%;width:{abs(at - zero):.2f}%" if row.kind == "bar" else f"left:{at:.2f}%"
    # a zero has no bar, not a thin one: its figure says it
    mark = "" if row.kind == "bar" and not row.value else f'<i class="{css}" style="{place}"></i>'
    remarks = "".join(f"<small>{escape(remark)}</small>" for remark in row.remarks)
    return (
        f'<tr><th scope="row">{_named(row.name, row.link)}{remarks}</th><td><div class="pn-scale-track" aria-hidden="true">{lines}'
        f"{mark}</div><b>{linked(row.words, row.behind)}<small>{escape(row.when)}</small></b>"
        "</td></tr>"
    )


def _apart(row: Apart) -> str:
    key = f'<i class="pn-key pn-{row.empty}" aria-hidden="true"></i>' if row.empty else ""
    when = f" <small>{escape(row.when)}</small>" if row.when else ""
    reasons = "".join(f"<p>{escape(reason)}</p>" for reason in row.reasons)
    return f"<li><div><span>{_named(row.name, row.link)}</span><b>{key}{linked(row.words, row.behind)}{when}</b></div>{reasons}</li>"
