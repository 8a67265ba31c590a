"""From a Plotly figure to what a native chart of a slide needs: bars by category, or lines and points along an axis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go

_ROOM = 12  # categories that can stand side by side in full
_GAP = "…"
QUIET = "quiet"
"""The legend group of lines that are only there to compare with: thin, without a name of their own."""
_MOST_CATEGORIES = 60
_MOST_POINTS = 2_000


@dataclass(frozen=True)
class Look:
    """How a series is painted: its colour as ``#rrggbb``, the hatch of its fill ("" is solid), and its line."""

    colour: str
    hatch: str = ""
    outline: str = ""
    dash: str = ""
    width: float = 2.0


@dataclass(frozen=True)
class BarSeries:
    """A value or nothing for each category; ``sign`` stands before the figures (at least, about)."""

    name: str
    values: tuple[float | None, ...]
    look: Look
    sign: str = ""


@dataclass(frozen=True)
class BarChart:
    """Bars: stacked or side by side, standing or lying."""

    categories: tuple[str, ...]
    series: tuple[BarSeries, ...]
    is_stacked: bool
    is_lying: bool
    has_figures: bool
    is_percent: bool = False
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class LineSeries:
    """Points along a numeric axis; steps are written out as points of their own. A quiet one is not named.

    A line that breaks where no point is missing comes in parts, so that no program joins what the figure does not: one
    that ``is_continued`` was named before, and the last one carries the last value.
    """

    name: str
    points: tuple[tuple[float, float | None], ...]
    look: Look
    has_line: bool
    has_marks: bool
    is_quiet: bool = False
    is_continued: bool = False
    is_last: bool = True


@dataclass(frozen=True)
class LineChart:
    """Lines and points; the range of the axis along which they run.

    With ``is_yearly`` the points stand in whole years, at most one of a line in each: a year without a point is a hole.
    """

    series: tuple[LineSeries, ...]
    first: float
    last: float
    is_yearly: bool = False
    is_percent: bool = False
    remarks: tuple[str, ...] = ()


def _layout(figure: go.Figure) -> Any:
    return figure.layout  # its attributes are made as the program runs, so no checker knows them


def native_chart(figure: go.Figure) -> BarChart | LineChart | None:
    """The figure as a native chart says it; none where a chart of a slide cannot say the same."""
    drawn: Any = figure.data
    traces: list[Any] = [trace for trace in drawn if trace.visible is not False]
    is_plain = all(
        trace.type in ("bar", "scatter")
        and getattr(trace, "xaxis", None) in (None, "x")
        and getattr(trace, "yaxis", None) in (None, "y")
        and not getattr(trace, "fill", None)
        for trace in traces
    )
    if not traces or not is_plain or _layout(figure).annotations or _layout(figure).shapes:
        return None
    lines = [trace for trace in traces if trace.type == "scatter" and "lines" in (trace.mode or "")]
    bars = [trace for trace in traces if trace.type == "bar"]
    if lines:
        return _lines(figure, lines, bars, [trace for trace in traces if trace not in lines and trace not in bars])
    if bars:
        return _bars(figure, bars, [trace for trace in traces if trace.type == "scatter"])
    points = [trace for trace in traces if "markers" in (trace.mode or "")]
    return _lines(figure, points, [], []) if points else None


def _bars(figure: go.Figure, bars: Sequence[Any], others: Sequence[Any]) -> BarChart | None:
    orientations = {trace.orientation or "v" for trace in bars}
    if len(orientations) > 1:
        return None
    is_lying = orientations == {"h"}
    axis = _layout(figure).yaxis if is_lying else _layout(figure).xaxis
    measure = _layout(figure).xaxis if is_lying else _layout(figure).yaxis
    words = _tick_words(axis)
    found: list[dict[Any, float | None]] = []
    for trace in bars:
        spots, values = (trace.y, trace.x) if is_lying else (trace.x, trace.y)
        if spots is None or values is None or (is_lying and trace.base is not None):
            return None
        own: dict[Any, float | None] = {}
        for spot, value in zip(spots, values, strict=True):
            key = spot if isinstance(spot, str) else round(spot)
            if own.get(key) is not None and value is not None:
                return None  # two bars of one kind in one place
            if key not in own or value is not None:
                own[key] = value
        found.append(own)
    keys = list(dict.fromkeys(key for own in found for key in own))
    if not all(isinstance(key, str) for key in keys):
        if any(isinstance(key, str) for key in keys):
            return None
        keys.sort()
    if is_lying and not all(isinstance(key, str) for key in keys) and not words:
        return None
    is_stacked = _layout(figure).barmode in ("stack", "relative")
    with_value = [key for key in keys if any(own.get(key) is not None for own in found)]
    if not with_value:
        return None
    spread = _spread(keys, with_value, words, is_stacked=is_stacked)
    if len(spread) > _MOST_CATEGORIES:
        return None
    categories = tuple("" if key is None else key if key == _GAP else _word(key, words) for key in spread)
    series = tuple(
        BarSeries(_plain(trace.name), tuple(own.get(key) for key in spread), _bar_look(figure, trace, n), _sign(trace))
        for n, (trace, own) in enumerate(zip(bars, found, strict=True))
        if any(value is not None for value in own.values())
    )
    has_text = any("text" in (trace.mode or "") and "markers" not in (trace.mode or "") for trace in others)
    return BarChart(
        categories,
        series,
        is_stacked=is_stacked and len(series) > 1,
        is_lying=is_lying,
        has_figures=has_text or (len(series) == 1 and len(spread) <= _ROOM),
        is_percent=_is_percent(measure),
        remarks=_marked(others),
    )


def _spread(keys: list[Any], with_value: list[Any], words: Mapping[Any, str], *, is_stacked: bool) -> list[Any]:
    """The categories from left to right; none is a gap.

    Years follow each other without a hole, or a sign stands where empty ones are left out. What stands apart has its own
    word and a gap before it.
    """
    if any(isinstance(key, str) for key in keys):
        return keys
    apart = [key for key in with_value if not words.get(key, "0").lstrip("-").isdecimal()]
    years = [key for key in keys if key not in apart and words.get(key, "0").lstrip("-").isdecimal()]
    spread: list[Any] = list(range(years[0], years[-1] + 1)) if years else []
    if not is_stacked:
        years = [year for year in years if year in with_value]
        spread = years[:1]
        for before, after in pairwise(years):
            spread += [after] if after == before + 1 else [_GAP, after]
    return [*spread, *([None] if apart and spread else []), *apart]


def _lines(figure: go.Figure, lines: Sequence[Any], bars: Sequence[Any], others: Sequence[Any]) -> LineChart | None:
    if len(bars) > 1 or any(isinstance(x, str) for trace in lines for x in trace.x or ()):
        return None
    remarks = list(_marked(others)) if not _are_ends(lines, others) else []
    for trace in bars:
        # one bar beside a line adds what belongs to no year: said in words
        texts = list(trace.text or ())
        if len(texts) != 1:
            return None
        remarks.append(f"{_plain(trace.name)}: {_plain(texts[0])}")
    drawn = {n: points for n, trace in enumerate(lines) if (points := _points(trace))}
    is_yearly = all(_are_years(points) for points in drawn.values())
    series = []
    for n, points in drawn.items():
        trace = lines[n]
        mode = trace.mode or ""
        parts = _rows_of_years(_stretches(points)) if is_yearly else _stretches(points)
        series += [
            LineSeries(
                _plain(trace.name),
                tuple(part),
                _line_look(figure, trace, n),
                "lines" in mode,
                "markers" in mode,
                is_quiet=trace.legendgroup == QUIET,
                is_continued=place > 0,
                is_last=place == len(parts) - 1,
            )
            for place, part in enumerate(parts)
        ]
    across = [x for one in series for x, y in one.points if y is not None]
    if not across or sum(len(one.points) for one in series) > _MOST_POINTS:
        return None
    return LineChart(
        tuple(series),
        min(across),
        max(across),
        is_yearly,
        is_percent=_is_percent(_layout(figure).yaxis),
        remarks=tuple(remarks),
    )


def _points(trace: Any) -> list[tuple[float, float | None]]:
    """The points of a line, holes included; none where it has no value at all."""
    points = list(zip(trace.x, trace.y, strict=True))
    if getattr(trace.line, "shape", None) == "hv":
        points = _steps(points)
    return points if any(y is not None for _x, y in points) else []


def _are_years(points: Sequence[tuple[float, float | None]]) -> bool:
    valued = [x for x, y in points if y is not None]
    return all(float(x).is_integer() for x in valued) and all(before < after for before, after in pairwise(valued))


def _steps(points: list[tuple[float, float | None]]) -> list[tuple[float, float | None]]:
    """A value that holds until the next one, as a line draws it."""
    drawn = points[:1]
    for (_x, value), (x, following) in pairwise(points):
        # both ends of every step, also of one without a rise: some programs want all lines to have as many points
        drawn += [(x, value), (x, following)]
    return drawn


def _stretches(points: Sequence[tuple[float, float | None]]) -> list[list[tuple[float, float | None]]]:
    """The points in stretches without a hole."""
    stretches: list[list[tuple[float, float | None]]] = [[]]
    for x, y in points:
        if y is not None:
            stretches[-1].append((x, y))
        elif stretches[-1]:
            stretches.append([])
    return [stretch for stretch in stretches if stretch]


def _rows_of_years(stretches: list[list[tuple[float, float | None]]]) -> list[list[tuple[float, float | None]]]:
    """The stretches in as few rows as keep a year without a point between any two, so that none is joined to the next."""
    rows: list[list[tuple[float, float | None]]] = []
    for stretch in stretches:
        row = next((row for row in rows if row[-1][0] < stretch[0][0] - 1), None)
        if row is None:
            rows.append(list(stretch))
        else:
            row.extend(stretch)
    return sorted(rows, key=lambda row: row[-1][0])


def _are_ends(lines: Sequence[Any], others: Sequence[Any]) -> bool:
    """Whether the marks only write the last value of each line once more."""
    last = {(trace.x[-1], trace.y[-1]) for trace in lines if trace.x is not None and len(trace.x)}
    return all({*zip(trace.x, trace.y, strict=True)} <= last for trace in others)


def _marked(others: Sequence[Any]) -> tuple[str, ...]:
    """What marks beside the bars say, in words: the year and the text."""
    return tuple(
        f"{x}: {_plain(text)}"
        for trace in others
        if "markers" in (trace.mode or "") and trace.text is not None
        for x, text in zip(trace.x, [trace.text] if isinstance(trace.text, str) else trace.text, strict=False)
        if text
    )


def _tick_words(axis: Any) -> dict[Any, str]:
    if axis.tickvals is None or axis.ticktext is None:
        return {}
    return {
        spot if isinstance(spot, str) else round(spot): _plain(text)
        for spot, text in zip(axis.tickvals, axis.ticktext, strict=False)
    }


def _word(key: Any, words: Mapping[Any, str]) -> str:
    return words.get(key) or (_plain(key) if isinstance(key, str) else str(key))


def _plain(text: Any) -> str:
    """A text of the figure without the line breaks that Plotly writes as markup."""
    return " ".join(str(text if text is not None else "").replace("<br>", " ").split())


def _sign(trace: Any) -> str:
    """The sign that stands before each figure of a series, where its hover texts have one."""
    said = [row[1] for row in trace.customdata if len(row) > 1] if trace.customdata is not None else []
    signs = {text[: next((n for n, letter in enumerate(text) if letter.isdigit()), 0)] for text in map(str, said)}
    return signs.pop() if len(signs) == 1 else ""


def _is_percent(axis: Any) -> bool:
    return "%" in (axis.tickformat or "")


def _colour(figure: go.Figure, n: int, *candidates: Any) -> str:
    for candidate in candidates:
        if isinstance(candidate, str) and candidate.startswith("#") and len(candidate) == 7:
            return candidate
    way = _layout(figure).template.layout.colorway or ("#778894",)
    return way[n % len(way)]


def _bar_look(figure: go.Figure, trace: Any, n: int) -> Look:
    marker = trace.marker
    pattern = marker.pattern.shape if marker.pattern and isinstance(marker.pattern.shape, str) else ""
    outline = marker.line.color if isinstance(marker.line.color, str) and (marker.line.width or 0) else ""
    if pattern:
        return Look(_colour(figure, n, marker.pattern.fgcolor, marker.line.color), pattern, outline)
    return Look(_colour(figure, n, marker.color), "", outline if outline != marker.color else "")


def _line_look(figure: go.Figure, trace: Any, n: int) -> Look:
    marker = trace.marker.color if isinstance(trace.marker.color, str) else None
    return Look(
        _colour(figure, n, trace.line.color, marker), dash=trace.line.dash or "", width=float(trace.line.width or 2)
    )
