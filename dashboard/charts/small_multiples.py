"""Small multiples: one panel an area, all with the same years and the same scale, the others' lines pale behind each.

Drawn as SVG, once for a wide page and once for a phone. Only years that follow each other are joined, so that nothing
stands where no value is; a year without a value shows the kind of empty under the axis.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from dashboard.charts.drawing import breadth, pattern, text_lines, wrapped
from dashboard.i18n import _, clauses, number, short_number
from dashboard.views.view import Drawing

_TEXT = 14.0
_SMALL = 13.0
_HEAD, _FOOT, _WORDS = 36.0, 34.0, 92.0  # above and below the field of a panel; a row of words only
_PATTERNS = ("missing", "outside", "suppressed")
Style = Literal["line", "bars", "levels"]


@dataclass(frozen=True)
class Point:
    """A value of a year; ``kind`` is its role (focus, announced, planned), ``is_open`` draws it hollow (an estimate)."""

    year: int
    value: float
    kind: str = "focus"
    is_open: bool = False


@dataclass(frozen=True)
class Stretch:
    """Years that a line may join, with their values."""

    points: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Panel:
    """One area: its name and where it leads, its newest value in words, its points and the stretches that are joined.

    ``is_median`` draws the line dashed; ``breaks`` are the years at which the series breaks; ``empties`` gives (year,
    kind of empty). ``instead`` is the sentence that stands where nothing can be drawn on the common scale; ``remark`` says
    why what is drawn does not compare with the others, and keeps it out of their panels.
    """

    name: str
    link: str
    said: str
    newest: str
    points: tuple[Point, ...] = ()
    stretches: tuple[Stretch, ...] = ()
    breaks: tuple[int, ...] = ()
    empties: tuple[tuple[int, str], ...] = ()
    is_median: bool = False
    instead: str = ""
    newest_link: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Scale:
    """What all panels share: the years, the ends of the scale, and the values written beside it."""

    first: int
    last: int
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class _Layout:
    name: str
    width: float
    columns: int
    gap: float
    plot: float  # the height of the field of a panel


def scale_of(values: Sequence[float], years: Sequence[int], decimals: int, *, from_zero: bool) -> Scale:
    """The scale that holds all values: from zero where that costs no more than half of it, with round values written."""
    low, high = min(values), max(values)
    if from_zero or (0 < low <= high / 2) or low == high:
        low, high = min(low, 0.0), max(high, 0.0)
    step = _step((high - low) or 1.0)
    if not decimals:
        step = max(step, 1.0)  # nothing lies between whole numbers
    bottom, top = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    if top == bottom:
        top = bottom + step
    marks = [bottom + step * n for n in range(round((top - bottom) / step) + 1)]
    return Scale(min(years), max(years), bottom, top, tuple((mark, _written(mark, step, decimals)) for mark in marks))


def levels_of(levels: Sequence[str], years: Sequence[int]) -> Scale:
    """The scale of codes in an order, the first at the top: level n lies at -n."""
    ticks = tuple((-float(place), code) for place, code in enumerate(levels))
    return Scale(min(years), max(years), -(len(levels) - 1) - 0.4, 0.4, ticks)


def _step(width: float) -> float:
    """A round step (1, 2 or 5 times a power of ten) that divides the width into two or three."""
    rough = width / 2.2
    power = 10 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * 0.999)


def _written(value: float, step: float, decimals: int) -> str:
    if step >= 1:
        return short_number(round(value))
    return number(value, max(decimals if decimals < 3 else 2, -math.floor(math.log10(step))))


def small_multiples(
    panels: Sequence[Panel], scale: Scale, *, style: Style, legend: Mapping[str, str], label: str, hint: str
) -> Drawing:
    """Draw the panels in the order given; ``legend`` maps the kinds of mark that occur to their words.

    Kinds: line, others, median, announced, planned, estimate, break, and the kinds of empty.
    """
    columns = 3 if len(panels) in (3, 5, 6) else 2
    layouts = (_Layout("wide", 1120, columns, 34, 130), _Layout("tall", 380, 1, 0, 84))
    wide, tall = (_picture(layout, panels, scale, style, legend) for layout in layouts)
    return Drawing(wide, tall, label=label, hint=hint)


def _picture(layout: _Layout, panels: Sequence[Panel], scale: Scale, style: Style, legend: Mapping[str, str]) -> str:
    width = (layout.width - layout.gap * (layout.columns - 1)) / layout.columns
    keys, top = _legend(layout, legend)
    strip = 10.0 if any(panel.empties for panel in panels) else 0.0
    drawn, y = [], top
    for start in range(0, len(panels), layout.columns):
        row = panels[start : start + layout.columns]
        head = _HEAD + max(len(_remark_lines(panel, width)) for panel in row) * _SMALL * 1.35
        for column, panel in enumerate(row):
            others = [other for other in panels if other is not panel and not other.remark and not panel.remark]
            place = _Place(column * (width + layout.gap), y, width, head, strip)
            drawn.append(_panel(layout, panel, others if style == "line" else [], scale, style, place))
        is_words_only = all(panel.instead for panel in row)
        y += _WORDS if is_words_only else head + layout.plot + strip + _FOOT
    patterns = "".join(pattern(kind, _pattern_name(layout, kind)) for kind in _PATTERNS if kind in legend)
    patterns += "".join(_hatch(layout, kind) for kind in ("announced", "planned") if kind in legend)
    return (
        f'<svg viewBox="0 0 {layout.width:g} {math.ceil(y - 12)}" class="pn-geo-{layout.name}">'
        f"<defs>{patterns}</defs>{keys}{''.join(drawn)}</svg>"
    )


def _panel(
    layout: _Layout,
    panel: Panel,
    others: Sequence[Panel],
    scale: Scale,
    style: Style,
    place: "_Place",
) -> str:
    x, y, width = place.x, place.y, place.width
    written = ""
    if panel.newest:
        written = (
            f'<text x="{x + width - 4:.1f}" y="{y + 18:.1f}" font-size="{_TEXT:g}" font-weight="600" text-anchor="end" '
            f'fill="var(--pn-ink)">{escape(panel.newest)}</text>'
        )
        if panel.newest_link:
            label = escape(clauses([panel.said, _("Records behind this figure")]))
            written = (
                f'<a href="{escape(panel.newest_link)}" class="pn-panel-behind" aria-label="{label}">'
                f"<title>{label}</title>{written}</a>"
            )
    room = width - (breadth(panel.newest, _TEXT) * 1.06 + 10 if panel.newest else 0)
    names = wrapped(panel.name, _TEXT * 1.06, room)
    name = names[0] if len(names) == 1 else f"{names[0]} …"
    head = (
        f'<a href="{escape(panel.link)}" class="pn-panel" aria-label="{escape(panel.said)}"><title>{escape(panel.said)}'
        f"</title>{text_lines([name], x, y + 18, _TEXT * 1.06, 'var(--pn-ink)', weight=600)}</a>"
    )
    if panel.instead:
        lines = wrapped(panel.instead, _SMALL, width - 8)
        return head + written + text_lines(lines, x, y + 46, _SMALL, "var(--pn-muted)")
    left = x + 8 + max(breadth(text, _SMALL) for _value, text in scale.ticks)
    field = _Field(left, y + place.head, x + width - left - 4, layout.plot, scale)
    parts = [_grid(field, x), *(_pale(other, field) for other in others)]
    if style == "bars":
        parts.append(_bars(layout, panel, field))
    else:
        parts.append(_line(panel, field, style))
    parts += [_break(year, field) for year in panel.breaks]
    parts += [_empty(layout, year, kind, field) for year, kind in panel.empties]
    parts.append(_years(field, place.strip))
    parts.append(text_lines(_remark_lines(panel, width), x, y + 37, _SMALL, "var(--pn-muted)"))
    return head + written + "".join(parts)


def _remark_lines(panel: Panel, width: float) -> list[str]:
    return wrapped(panel.remark, _SMALL, width - 8) if panel.remark and not panel.instead else []


@dataclass(frozen=True)
class _Place:
    """Where a panel lies: its corner and width, the height of its head, and of the strip of empty years."""

    x: float
    y: float
    width: float
    head: float
    strip: float


@dataclass(frozen=True)
class _Field:
    """Where the years and values of a panel lie."""

    x: float
    y: float
    width: float
    height: float
    scale: Scale

    @property
    def slot(self) -> float:
        """The width of a year."""
        return self.width / (self.scale.last - self.scale.first + 1)

    def across(self, year: int) -> float:
        """The middle of a year."""
        return self.x + (year - self.scale.first + 0.5) * self.slot

    def up(self, value: float) -> float:
        """The height of a value."""
        return self.y + self.height * (1 - (value - self.scale.low) / (self.scale.high - self.scale.low))


def _grid(field: _Field, left: float) -> str:
    drawn = []
    for value, text in field.scale.ticks:
        y = field.up(value)
        drawn.append(
            f'<path d="M{field.x:.1f} {y:.1f}H{field.x + field.width:.1f}" stroke="var(--pn-line)" stroke-width="1"/>'
            f"{text_lines([text], left, y + 4.5, _SMALL, 'var(--pn-muted)')}"
        )
    return "".join(drawn)


def _years(field: _Field, strip: float) -> str:
    """The first and the last year under the field, and one between where there is room."""
    first, last = field.scale.first, field.scale.last
    bottom = field.y + field.height
    y = bottom + strip + 18
    wide = breadth("2000", _SMALL)
    drawn = [f'<path d="M{field.x:.1f} {bottom:.1f}h{field.width:.1f}" stroke="var(--pn-context)" stroke-width="1"/>']
    ends = [first] if first == last else [first, last]
    middle = (first + last) // 2
    if last - first >= 4 and field.width > 5 * wide:
        ends.insert(1, middle)
    for year in ends:
        x = min(max(field.across(year) - wide / 2, field.x - 4), field.x + field.width - wide)
        drawn.append(text_lines([str(year)], x, y, _SMALL, "var(--pn-muted)"))
    return "".join(drawn)


def _path(stretch: Stretch, field: _Field) -> str:
    return "M" + "L".join(f"{field.across(year):.1f} {field.up(value):.1f}" for year, value in stretch.points)


def _pale(other: Panel, field: _Field) -> str:
    path = "".join(_path(stretch, field) for stretch in other.stretches if len(stretch.points) > 1)
    return (
        f'<path d="{path}" fill="none" stroke="var(--pn-context)" stroke-opacity="0.35" stroke-width="1"/>'
        if path
        else ""
    )


def _line(panel: Panel, field: _Field, style: Style) -> str:
    paint = "var(--pn-context)" if panel.is_median else "var(--pn-focus)"
    dash = ' stroke-dasharray="5 4"' if panel.is_median else ""
    joined = [stretch for stretch in panel.stretches if len(stretch.points) > 1] if style == "line" else []
    path = "".join(_path(stretch, field) for stretch in joined)
    drawn = (
        f'<path d="{path}" fill="none" stroke="{paint}" stroke-width="2.5" stroke-linejoin="round"{dash}/>'
        if path
        else ""
    )
    inside = {year for stretch in joined for year, _value in stretch.points}
    newest = max((point.year for point in panel.points), default=0)
    for point in panel.points:
        if point.year in inside and point.year != newest and not point.is_open:
            continue
        fill = "var(--pn-page)" if point.is_open else paint
        drawn += (
            f'<circle cx="{field.across(point.year):.1f}" cy="{field.up(point.value):.1f}" r="3.6" fill="{fill}" '
            f'stroke="{paint}" stroke-width="1.8"/>'
        )
    return drawn


def _bars(layout: _Layout, panel: Panel, field: _Field) -> str:
    drawn = []
    stacked: dict[int, float] = {}
    wide = max(field.slot * 0.78, 1.5)
    for point in panel.points:
        if not point.value:
            continue
        base = stacked.get(point.year, 0.0)
        stacked[point.year] = base + point.value
        foot, top = field.up(base), field.up(base + point.value)
        fill, stroke = "var(--pn-focus)", ""
        if point.kind != "focus":
            fill = f"url(#{_pattern_name(layout, point.kind)})"
            stroke = ' stroke="var(--pn-announced)" stroke-width="1"'
        y, height = min(foot, top), abs(foot - top)
        drawn.append(
            f'<rect x="{field.across(point.year) - wide / 2:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{height:.1f}" '
            f'fill="{fill}"{stroke}/>'
        )
    return "".join(drawn)


def _break(year: int, field: _Field) -> str:
    x = field.across(year) - field.slot / 2
    return (
        f'<path d="M{x:.1f} {field.y:.1f}v{field.height:.1f}" stroke="var(--pn-ink)" stroke-width="1" '
        'stroke-dasharray="2 3"/>'
    )


def _empty(layout: _Layout, year: int, kind: str, field: _Field) -> str:
    x, y = field.across(year) - field.slot / 2, field.y + field.height + 3
    if kind == "unasked":
        return f'<path d="M{x + 1:.1f} {y + 3.5:.1f}h{max(field.slot - 2, 1):.1f}" stroke="var(--pn-context)" stroke-dasharray="3 2"/>'
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{field.slot:.1f}" height="7" fill="url(#{_pattern_name(layout, kind)})"/>'


def _pattern_name(layout: _Layout, kind: str) -> str:
    return f"pn-multiples-{layout.name}-{kind}"


def _hatch(layout: _Layout, kind: str) -> str:
    drawn = {
        "announced": '<path d="M-1 1L1 -1M0 6L6 0M5 7L7 5" stroke="var(--pn-announced)" stroke-width="1.6"/>',
        "planned": '<circle cx="3" cy="3" r="1.2" fill="var(--pn-announced)"/>',
    }[kind]
    return (
        f'<pattern id="{_pattern_name(layout, kind)}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<rect width="6" height="6" fill="var(--pn-page)"/>{drawn}</pattern>'
    )


def _legend(layout: _Layout, legend: Mapping[str, str]) -> tuple[str, float]:
    """The legend in as many lines as it takes, and where it ends."""
    x, y = 0.0, 16.0
    drawn = []
    for kind, words in legend.items():
        width = 30 + breadth(words, _SMALL)
        if x and x + width > layout.width:
            x, y = 0.0, y + 22
        lines = wrapped(words, _SMALL, layout.width - x - 30)
        drawn.append(_key(layout, kind, x, y) + text_lines(lines, x + 28, y, _SMALL, "var(--pn-muted)"))
        y += (len(lines) - 1) * _SMALL * 1.35
        x += width + 16
    return "".join(drawn), y + 14 if legend else 0.0


def _key(layout: _Layout, kind: str, x: float, y: float) -> str:
    middle = y - 4.5
    line = f'<path d="M{x:g} {middle:g}h22" fill="none" '
    match kind:
        case "line":
            return f'{line}stroke="var(--pn-focus)" stroke-width="2.5"/>'
        case "others":
            return f'{line}stroke="var(--pn-context)" stroke-opacity="0.5" stroke-width="1"/>'
        case "median":
            return f'{line}stroke="var(--pn-context)" stroke-width="2.5" stroke-dasharray="5 4"/>'
        case "break":
            return f'<path d="M{x + 11:g} {y - 12:g}v15" stroke="var(--pn-ink)" stroke-dasharray="2 3"/>'
        case "level" | "estimate":
            fill = "var(--pn-focus)" if kind == "level" else "var(--pn-page)"
            return f'<circle cx="{x + 11:g}" cy="{middle:g}" r="3.6" fill="{fill}" stroke="var(--pn-focus)" stroke-width="1.8"/>'
        case "unasked":
            return f'{line}stroke="var(--pn-context)" stroke-dasharray="3 2"/>'
        case "focus":
            return f'<rect x="{x:g}" y="{y - 11:g}" width="22" height="12" fill="var(--pn-focus)"/>'
    stroke = "var(--pn-announced)" if kind in ("announced", "planned") else "var(--pn-context)"
    return (
        f'<rect x="{x + 0.5:g}" y="{y - 11.5:g}" width="21" height="12" fill="url(#{_pattern_name(layout, kind)})" '
        f'stroke="{stroke}"/>'
    )
