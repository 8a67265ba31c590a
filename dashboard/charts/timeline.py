"""What happened when: one lane a subject, bars for times, points for single dates, dotted arrows for open ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from textwrap import wrap

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.linked import leads_to
from dashboard.charts.years import Role, bar_marker, year_ticks
from dashboard.i18n import _, plotly_separators
from dashboard.short_names import cut_short
from dashboard.theme import TEXT_SIZE, Palette, template

_NAME_WIDTH = 54  # characters that fit on a phone
_NAME_LINES = 2
_LINE, _TRACK, _BAR, _GAP, _TOP = 18, 18, 11, 9, 60  # pixels
_RULE, _RULE_TRACK = 4, 8  # pixels: context is a thin rule above the tracks of its lane
# Direct labels are placed as on a narrow screen, so that they keep apart on a wide one as well.
_NARROW, _WIDE, _CHARACTER_PIXELS = 330, 720, 6.6


@dataclass(frozen=True)
class _Mark:
    row: dict[str, object]
    start: float
    end: float
    low: float  # from here to `high` the mark and its label take up room
    high: float
    is_label_left: bool


@dataclass(frozen=True)
class _Placed:
    mark: _Mark
    y: float


def timeline(
    rows: pl.DataFrame, *, colours: Palette, years: tuple[int, int], roles: Mapping[str, str] | None = None
) -> go.Figure:
    """Draw ``rows`` along the years from first to last; lanes stand in the order in which they first occur.

    Columns: lane (text above the lane, at the left), start, end (years with fractions: 2010.0 is the beginning of
    2010; an empty end is open), role (``focus``, ``announced``, ``planned`` or ``context``; announced and planned are
    hatched, context is a thin rule), kind (``bar``, ``point``, or ``open`` for a start without a stated end), text (label beside the mark, may
    be empty), hover (HTML) and, where marks lead somewhere, link. A row without a start is a lane with its name only. What lies outside the years is left out.
    ``roles`` gives the words of a role in the legend.
    """
    first, last = float(years[0]), float(years[1] + 1)
    lanes, total = _layout(rows, first, last)
    figure = go.Figure()
    names = [
        {
            "x": 0,
            "xref": "paper",
            "y": name_y,
            "text": "<br>".join(escape(line) for line in _lines(lane)),
            "showarrow": False,
            "xanchor": "left",
            "yanchor": "top",
            "align": "left",
            "borderpad": 0,
            "font": {"color": colours.ink, "size": TEXT_SIZE},
        }
        for name_y, lane, _placed in lanes
    ]
    labels = [
        {
            "x": one.mark.start if one.mark.is_label_left else one.mark.end,
            "y": one.y,
            "text": escape(text),
            "showarrow": False,
            "xanchor": "right" if one.mark.is_label_left else "left",
            "xshift": -6 if one.mark.is_label_left else 8,
            "font": {"color": colours.muted, "size": TEXT_SIZE},
        }
        for _y, _lane, placed in lanes
        for one in placed
        if (text := str(one.mark.row["text"] or ""))
    ]
    # set at once: adding them one by one copies all of them each time
    figure.layout.annotations = [*labels, *names]
    everything = [one for _y, _lane, placed in lanes for one in placed]
    for role in ("focus", "announced", "planned", "context"):
        _draw_role(figure, role, [one for one in everything if one.mark.row["role"] == role], colours, roles or {})
    _draw_open(figure, [one for one in everything if one.mark.row["kind"] == "open"], colours)
    ticks = year_ticks(years[0], years[1])
    figure.update_layout(
        template=template(colours),
        separators=plotly_separators(),
        barmode="overlay",
        margin={"l": 8, "r": 12, "t": _TOP, "b": 8},
        hovermode="closest",
        legend={"y": 1, "yref": "container", "yanchor": "top"},
        xaxis={
            "side": "top",
            "tickvals": [year + 0.5 for year in ticks],
            "ticktext": [str(year) for year in ticks],
            "range": [first - 0.1, last + 0.1],
            "tickangle": 0,
            "ticks": "",
            "showline": False,
            "minor": {"tickvals": ticks, "showgrid": True, "gridcolor": colours.line, "ticks": ""},
        },
        yaxis={"visible": False, "range": [total, 0]},
    )
    return figure


def timeline_height(rows: pl.DataFrame, years: tuple[int, int]) -> int:
    """The height in pixels at which lanes and labels of the timeline of these rows keep apart."""
    return _layout(rows, float(years[0]), float(years[1] + 1))[1] + _TOP + 8


def _lines(lane: str) -> list[str]:
    return wrap(cut_short(lane, _NAME_WIDTH * _NAME_LINES - 6), _NAME_WIDTH) or [""]


def _layout(rows: pl.DataFrame, first: float, last: float) -> tuple[list[tuple[float, str, list[_Placed]]], int]:
    """Lanes with the height of their name and their marks, each on a track of its lane where it has room."""
    by_lane: dict[str, list[_Mark]] = {}
    for row in rows.iter_rows(named=True):
        if row["start"] is None:
            by_lane.setdefault(str(row["lane"]), [])
        elif mark := _mark(row, first, last):
            by_lane.setdefault(str(row["lane"]), []).append(mark)
    y = 0
    lanes = []
    for lane, marks in by_lane.items():
        name_y = y
        y += _LINE * len(_lines(lane))
        taken: list[float] = []
        rules = [mark for mark in marks if mark.row["role"] == "context"]
        placed = [_Placed(mark, y + _RULE_TRACK / 2) for mark in rules]
        y += _RULE_TRACK if rules else 0
        for mark in sorted((one for one in marks if one not in rules), key=lambda one: one.low):
            track = next((n for n, until in enumerate(taken) if until <= mark.low), len(taken))
            taken[track : track + 1] = [mark.high]
            placed.append(_Placed(mark, y + _TRACK * (track + 0.5)))
        lanes.append((name_y, lane, placed))
        y += _TRACK * len(taken) + _GAP
    return lanes, max(y, _TRACK)


def _mark(row: dict[str, object], first: float, last: float) -> _Mark | None:
    """Where a row lies within the years; none where it lies outside."""
    pixel, narrow = (last - first) / _WIDE, (last - first) / _NARROW
    start = float(str(row["start"]))
    end = start if row["end"] is None or row["kind"] == "point" else float(str(row["end"]))
    if start >= last or max(end, start) < first:
        return None
    if row["kind"] == "open":
        end = start + 30 * pixel
    elif row["kind"] == "point" or end - start < 9 * pixel:
        middle = (start + end) / 2
        start, end = middle - 4.5 * pixel, middle + 4.5 * pixel
    start, end = max(start, first), min(end, last)
    label = len(str(row["text"] or "")) * _CHARACTER_PIXELS * narrow
    gap = 9 * narrow
    is_left = bool(label) and end + gap + label > last and start - gap - label >= first
    if is_left:
        return _Mark(row, start, end, start - gap - label, end + gap / 3, True)
    return _Mark(row, start, end, start, end + gap / 3 + (gap + label if label else 0), False)


def _draw_role(
    figure: go.Figure, role: Role, placed: list[_Placed], colours: Palette, words: Mapping[str, str]
) -> None:
    """Bars and points of one role; points are round where something took place, hatched squares where it was said."""
    dots = [one for one in placed if one.mark.row["kind"] == "point" and role == "focus"]
    bars = [one for one in placed if one not in dots and one.mark.row["kind"] != "open"]
    opened = [one for one in placed if one.mark.row["kind"] == "open"]
    if bars or opened:
        spots = bars + opened
        ends = [
            one.mark.end if one in bars else one.mark.start + (one.mark.end - one.mark.start) * 0.4 for one in spots
        ]
        figure.add_bar(
            x=[end - one.mark.start for end, one in zip(ends, spots, strict=True)],
            base=[one.mark.start for one in spots],
            y=[one.y for one in spots],
            width=_RULE if role == "context" else _BAR,
            orientation="h",
            marker=bar_marker(role, colours),
            name=words.get(role, ""),
            showlegend=role in words,
            customdata=[one.mark.row["hover"] for one in spots],
            meta=leads_to([str(one.mark.row.get("link") or "") for one in spots]),
            hovertemplate="%{customdata}<extra></extra>",
        )
    if dots:
        figure.add_scatter(
            x=[(one.mark.start + one.mark.end) / 2 for one in dots],
            y=[one.y for one in dots],
            mode="markers",
            marker={"size": 10, "color": colours.focus},
            name=words.get(role, ""),
            showlegend=role in words and not (bars or opened),
            customdata=[one.mark.row["hover"] for one in dots],
            meta=leads_to([str(one.mark.row.get("link") or "") for one in dots]),
            hovertemplate="%{customdata}<extra></extra>",
        )


def _draw_open(figure: go.Figure, placed: list[_Placed], colours: Palette) -> None:
    """A short dotted arrow after the start: the source states no end, so no length is drawn."""
    if not placed:
        return
    across: list[float | None] = []
    down: list[float | None] = []
    for one in placed:
        across += [one.mark.start + (one.mark.end - one.mark.start) * 0.4, one.mark.end, None]
        down += [one.y, one.y, None]
    figure.add_scatter(
        x=across,
        y=down,
        mode="lines+markers",
        line={"color": colours.muted, "width": 1.5, "dash": "dot"},
        marker={"symbol": "triangle-right", "size": [0, 8, 0] * len(placed), "color": colours.muted},
        name=_("end not stated"),
        showlegend=True,
        hoverinfo="skip",
    )
