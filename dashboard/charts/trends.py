"""Lines over years that join nothing across a gap or a break: a few that are named, and all the others quietly."""

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Literal

import plotly.graph_objects as go

from dashboard.charts.drawing import breadth
from dashboard.charts.linked import leads_to
from dashboard.charts.scales import round_values
from dashboard.charts.years import year_ticks
from dashboard.comparability import runs
from dashboard.i18n import plotly_separators
from dashboard.theme import TEXT_SIZE, Palette, template

Role = Literal["focus", "beforehand", "named", "member", "quiet"]

_BROAD = 14  # letters of a name on one line: beside a chart on a phone there is no room for more
_FAINT = 0.5
_UNNAMED = ("quiet", "member")
_LINE_OF_TEXT = 0.058  # of the height of the chart


@dataclass(frozen=True)
class Point:
    """A value of one year as it is said; ``is_firm`` is false for estimates and provisional values."""

    year: int
    value: float
    said: str
    is_firm: bool = True
    link: str = ""


@dataclass(frozen=True)
class Line:
    """The values of one area over the years, oldest first, and the years at which the line has to break.

    ``focus`` (or ``beforehand``, hatched) and ``named`` lines carry their name; ``member`` lines stand out a little.
    """

    name: str
    points: tuple[Point, ...]
    role: Role
    broken: Collection[int] = ()


def trends(
    lines: Sequence[Line],
    *,
    colours: Palette,
    years: tuple[int, int],
    write: Callable[[float], str],
    quiet_name: str,
    break_name: str,
) -> go.Figure:
    """Draw the lines, quiet ones first; named ones carry their name at their end.

    A year without a value leaves a hole. ``write`` writes a value of the scale. ``quiet_name`` and ``break_name`` are the words of the legend for the quiet
    lines and for the places where a line breaks.
    """
    figure = go.Figure()
    order = {"quiet": 0, "member": 1, "named": 2, "beforehand": 3, "focus": 3}
    if quiet := [line for line in lines if line.role == "quiet"]:
        _add_key(figure, quiet[0], colours, quiet_name)
    for line in sorted(lines, key=lambda one: order[one.role]):
        _add(figure, line, colours)
    _add_breaks(figure, lines, colours, break_name)
    values = [point.value for line in lines for point in line.points]
    low, high = min(values), max(values)
    reach = (high - low) or abs(high) or 1.0
    bottom = 0.0 if 0 <= low < high / 3 else low - reach * 0.08
    reach = high - min(bottom, low)
    ends = [line for line in lines if line.role not in _UNNAMED]
    top = max(high + reach * 0.08, _add_ends(figure, ends, colours, reach))
    ticks = round_values(min(bottom, low), high)
    first, last = years
    figure.update_layout(
        template=template(colours),
        separators=plotly_separators(),
        hovermode="closest",
        xaxis={
            "tickvals": year_ticks(first, last),
            "ticktext": [str(year) for year in year_ticks(first, last)],
            "range": [first - 0.6, last + 0.6],
            "tickangle": 0,
        },
        yaxis={
            "tickvals": ticks,
            "ticktext": [write(value) for value in ticks],
            "range": [min(bottom, low), top],
        },
        margin={"r": _room([line.name for line in ends])},
    )
    return figure


def _room(names: Sequence[str]) -> int:
    """Pixels beside the last year for the longest line of a name."""
    lines = [line for name in names for line in wrap(name, _BROAD)]
    return max((int(breadth(line, TEXT_SIZE)) for line in lines), default=0) + 16


def _paint(role: Role, colours: Palette) -> tuple[str, float]:
    return {
        "focus": (colours.focus, 3.0),
        "beforehand": (colours.announced, 3.0),
        "named": (colours.context, 2.0),
        "member": (colours.context, 1.4),
        "quiet": (colours.context, 1.0),
    }[role]


def _add_key(figure: go.Figure, line: Line, colours: Palette, name: str) -> None:
    """The one entry of the legend for all quiet lines: a line of one point, which draws nothing."""
    colour, width = _paint("quiet", colours)
    figure.add_scatter(
        x=[line.points[0].year],
        y=[line.points[0].value],
        mode="lines",
        name=name,
        line={"color": colour, "width": width},
        opacity=_FAINT,
        hoverinfo="skip",
    )


def _add(figure: go.Figure, line: Line, colours: Palette) -> None:
    stretches = runs([point.year for point in line.points], line.broken)
    by_year = {point.year: point for point in line.points}
    spots: list[Point | None] = []
    places: list[float] = []
    for stretch in stretches:
        if spots:
            # a hole has a place as well: where the line would have gone on
            spots, places = [*spots, None], [*places, stretch[0] - 0.5]
        spots += [by_year[year] for year in stretch]
        places += stretch
    # a year that stands alone is no line: only a mark shows it
    alone = {stretch[0] for stretch in stretches if len(stretch) == 1}
    is_quiet = line.role in _UNNAMED
    colour, width = _paint(line.role, colours)
    sizes = [0 if point is None or (is_quiet and point.year not in alone) else 4 if is_quiet else 6 for point in spots]
    figure.add_scatter(
        x=places,
        y=[None if point is None else point.value for point in spots],
        mode="lines+markers",
        connectgaps=False,
        name=line.name,
        showlegend=False,
        legendgroup="quiet" if line.role == "quiet" else None,
        line={"color": colour, "width": width, **({"dash": "6px,3px"} if line.role == "beforehand" else {})},
        marker={
            "color": [colours.page if point is not None and not point.is_firm else colour for point in spots],
            "size": sizes,
            "line": {"color": colour, "width": [0 if size == 0 else 1.5 for size in sizes]},
            "opacity": 1,
        },
        opacity=_FAINT if line.role == "quiet" else 1,
        customdata=[["", ""] if point is None else [line.name, point.said] for point in spots],
        meta=leads_to(["" if point is None else point.link for point in spots]),
        hovertemplate="%{customdata[0]}<br>%{x}: %{customdata[1]}<extra></extra>",
    )


def _add_breaks(figure: go.Figure, lines: Sequence[Line], colours: Palette, name: str) -> None:
    spots = [
        (point.year, point.value)
        for line in lines
        if line.role not in _UNNAMED
        for point in line.points
        if point.year in line.broken
    ]
    if spots:
        figure.add_scatter(
            x=[year for year, _value in spots],
            y=[value for _year, value in spots],
            mode="markers",
            name=name,
            marker={
                "symbol": "line-ns-open",
                "size": 18,
                "color": colours.ink,
                "line": {"width": 2, "color": colours.ink},
            },
            hoverinfo="skip",
        )


def _add_ends(figure: go.Figure, lines: Sequence[Line], colours: Palette, reach: float) -> float:
    """The names of the lines at their ends, moved up where they would meet; returns how high the last one reaches."""
    ends = sorted(((line.points[-1], line) for line in lines if line.points), key=lambda pair: pair[0].value)
    top, before = -math.inf, 0.0
    for point, line in ends:
        words = wrap(line.name, _BROAD)
        half = len(words) * _LINE_OF_TEXT * reach / 2
        place = max(point.value, top + before + half)
        top, before = place, half
        colour, _width = _paint(line.role, colours)
        figure.add_scatter(
            x=[point.year],
            y=[place],
            mode="text",
            text=["<br>".join(f"  {part}" for part in words)],
            textposition="middle right",
            textfont={"color": colour if line.role in ("focus", "beforehand") else colours.muted},
            cliponaxis=False,
            hoverinfo="skip",
            showlegend=False,
        )
    return top + before
