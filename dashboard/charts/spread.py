"""Every state as a chip of the same size along one scale, with the range and the median; states without a value below.

Chips that would overlap stand on top of each other, so that each keeps the place of its value.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from dashboard.charts.drawing import breadth, pattern, text_lines
from dashboard.charts.scales import round_values
from dashboard.charts.tile_map import KINDS_OF_EMPTY, place_label
from dashboard.i18n import _, named, sort_key
from dashboard.views.view import Drawing

Role = Literal["focus", "group", "other"]
Write = Callable[[float], str]
Across = Callable[[float], float]

_TEXT = 13.0
_SKEWED = 12  # the farthest value so many times the median, or more, asks for a scale of powers of ten


@dataclass(frozen=True)
class Spot:
    """A state: its name and code, where it leads, its value (or why there is none: ``status``), and that in words."""

    code: str
    name: str
    link: str
    value: float | None
    status: str
    said: str
    role: Role = "other"


@dataclass(frozen=True)
class Mark:
    """A value of the scale that is named: the lowest, the median, the highest."""

    value: float
    text: str


@dataclass(frozen=True)
class _Layout:
    name: str
    width: float
    margin: float
    chip: tuple[float, float]
    code_size: float
    gap: float = 3.0


_WIDE = _Layout("wide", 1200, 34, (44, 26), 13.5)
_TALL = _Layout("tall", 360, 24, (36, 25), 12)


class _Scale:
    """From a value to a share of the width: in proportion, or by powers of ten where a few are far above the rest."""

    def __init__(self, values: Sequence[float]) -> None:
        sizes = sorted(abs(value) for value in values if value)
        middle = sizes[len(sizes) // 2] if sizes else 0.0
        self.is_in_powers = bool(sizes) and sizes[-1] > _SKEWED * middle and len(sizes) > 3
        # below this size the scale is in proportion, so that zero and small values have their place
        self.base = (
            10 ** math.floor(math.log10(max(sizes[len(sizes) // 10], sizes[-1] / 1e6))) if self.is_in_powers else 1.0
        )
        self.low, self.high = self._bent(min(values)), self._bent(max(values))

    def _bent(self, value: float) -> float:
        if not self.is_in_powers:
            return value
        return math.copysign(math.log10(1 + abs(value) / self.base), value)

    def at(self, value: float) -> float:
        """Where a value lies, 0 to 1; the middle where there is only one value."""
        return 0.5 if self.high == self.low else (self._bent(value) - self.low) / (self.high - self.low)

    def ticks(self, least: float, most: float) -> list[float]:
        """Round values to be written along the scale."""
        if self.is_in_powers:
            powers = [
                self.base * 10**power for power in range(int(math.log10(max(abs(least), abs(most)) / self.base)) + 2)
            ]
            return [
                value for value in (*(-power for power in reversed(powers)), 0.0, *powers) if least <= value <= most
            ]
        return round_values(least, most)


def is_in_powers(values: Sequence[float]) -> bool:
    """Whether the scale of these values goes by powers of ten, which the words beside the picture then say."""
    return bool(values) and _Scale(values).is_in_powers


def spread(
    spots: Sequence[Spot],
    *,
    marks: Sequence[Mark],
    median: Mark,
    write: Write,
    statuses: Mapping[str, str],
    focus_name: str = "",
    group_name: str = "",
    is_beforehand: bool = False,
) -> Drawing:
    """Draw the states; ``marks`` name the ends of the range, ``write`` writes a value of the scale.

    ``statuses`` are the words for the kinds of empty; ``focus_name`` and ``group_name`` the words in the legend for the
    state or the group that stands out.
    """
    ordered = sorted(spots, key=lambda spot: sort_key(spot.name))
    pictures = [
        _picture(layout, ordered, marks, median, write, statuses, (focus_name, group_name), is_beforehand)
        for layout in (_WIDE, _TALL)
    ]
    hint = _("Arrow keys go from state to state, Enter opens the page of a state.")
    return Drawing(*pictures, label=_("The states along one scale"), hint=hint)


def _picture(
    layout: _Layout,
    spots: Sequence[Spot],
    marks: Sequence[Mark],
    median: Mark,
    write: Write,
    statuses: Mapping[str, str],
    names: tuple[str, str],
    is_beforehand: bool,
) -> str:
    values = [spot.value for spot in spots if spot.value is not None]
    scale = _Scale(values)
    left, right = layout.margin, layout.width - layout.margin

    def across(value: float) -> float:
        return left + scale.at(value) * (right - left)

    rows = _rows(layout, [(spot, across(spot.value)) for spot in spots if spot.value is not None])
    top = 24.0 if any(names) else 6.0
    height_of_row = layout.chip[1] + layout.gap
    axis = top + (max(rows.values(), default=0) + 1) * height_of_row + 4
    drawn = [_legend(names), _axis(layout, scale, across, axis, write, values)]
    middle = across(median.value)
    drawn.append(
        f'<path d="M{middle:.1f} {top:.1f}V{axis + 8:.1f}" stroke="var(--pn-ink)" stroke-width="1.5" stroke-dasharray="4 3"/>'
    )
    for spot in spots:
        if spot.value is not None:
            x, y = across(spot.value), axis - 4 - (rows[spot.code] + 0.5) * height_of_row
            drawn.append(_chip(layout, spot, x, y, is_beforehand))
    below, foot = _named_marks(layout, marks, median, across, axis)
    drawn.append(below)
    empty, foot = _empties(layout, [spot for spot in spots if spot.value is None], statuses, foot)
    drawn.append(empty)
    kinds = {KINDS_OF_EMPTY.get(spot.status, "missing") for spot in spots if spot.value is None} - {"unasked"}
    patterns = "".join(pattern(kind, f"pn-spread-{layout.name}-{kind}") for kind in sorted(kinds))
    return (
        f'<svg viewBox="0 0 {layout.width:g} {math.ceil(foot)}" class="pn-geo-{layout.name}">'
        f"<defs>{patterns}</defs>{''.join(drawn)}</svg>"
    )


def _rows(layout: _Layout, placed: Sequence[tuple[Spot, float]]) -> dict[str, int]:
    """The row of each chip, from the scale upwards: the lowest in which it meets no other."""
    taken: list[float] = []  # where the last chip of each row ends
    rows = {}
    for spot, x in sorted(placed, key=lambda pair: (pair[1], sort_key(pair[0].name))):
        start, end = x - layout.chip[0] / 2, x + layout.chip[0] / 2 + layout.gap
        row = next((number for number, last in enumerate(taken) if last <= start), len(taken))
        taken[row : row + 1] = [end]
        rows[spot.code] = row
    return rows


def _chip(layout: _Layout, spot: Spot, x: float, y: float, is_beforehand: bool) -> str:
    width, height = layout.chip
    fill, ink, stroke, extra = "var(--pn-page)", "var(--pn-ink)", "var(--pn-context)", ""
    if spot.value is None:
        kind = KINDS_OF_EMPTY.get(spot.status, "missing")
        fill = "var(--pn-page)" if kind == "unasked" else f"url(#pn-spread-{layout.name}-{kind})"
        extra = ' stroke-dasharray="3"' if kind == "unasked" else ""
    elif spot.role == "focus":
        fill = stroke = "var(--pn-announced)" if is_beforehand else "var(--pn-focus)"
        ink = "var(--pn-page)"
    elif spot.role == "group":
        fill, ink = "var(--pn-level-1)", "var(--pn-on-low)"
    elif is_beforehand:
        stroke, extra = "var(--pn-announced)", ' stroke-dasharray="4 2"'
    if spot.role == "focus" and spot.value is None:
        stroke, extra = "var(--pn-ink)", ' stroke-width="2.5"'
    label = escape(place_label(spot.code, spot.name, spot.said))
    current = ' aria-current="true"' if spot.role == "focus" else ""
    halo = f' stroke="{"var(--pn-page)"}" stroke-width="3.5" paint-order="stroke"' if spot.value is None else ""
    return (
        f'<a class="pn-place" href="{escape(spot.link)}" aria-label="{label}" data-code="{spot.code}"{current}>'
        f'<title>{label}</title><rect class="pn-disc" x="{x - width / 2:.1f}" y="{y - height / 2:.1f}" width="{width:g}" '
        f'height="{height:g}" rx="4" fill="{fill}" stroke="{stroke}"{extra}/>'
        f'<text x="{x:.1f}" y="{y + layout.code_size * 0.36:.1f}" font-size="{layout.code_size:g}" font-weight="600" '
        f'text-anchor="middle" fill="{ink}"{halo}>{spot.code}</text></a>'
    )


def _axis(layout: _Layout, scale: _Scale, across: Across, axis: float, write: Write, values: Sequence[float]) -> str:
    low, high = min(values), max(values)
    drawn = [
        f'<path d="M{across(low):.1f} {axis:.1f}H{across(high):.1f}" stroke="var(--pn-context)" stroke-width="3" '
        'stroke-linecap="round"/>'
    ]
    free = -math.inf
    for value in scale.ticks(low, high):
        x, text = across(value), write(value)
        half = breadth(text, _TEXT) / 2
        drawn.append(f'<path d="M{x:.1f} {axis:.1f}v6" stroke="var(--pn-context)"/>')
        if x - half > free and half < layout.margin + min(x, layout.width - x):
            middle = min(max(x, half), layout.width - half)
            drawn.append(_words(text, middle, axis + 20, "var(--pn-muted)", "middle"))
            free = x + half + 10
    return "".join(drawn)


def _named_marks(
    layout: _Layout, marks: Sequence[Mark], median: Mark, across: Across, axis: float
) -> tuple[str, float]:
    """The ends of the range at both sides and the median under its line, each on a line where it meets no other."""
    foot = axis + 42
    drawn = [
        _words(mark.text, x, foot, "var(--pn-muted)", anchor)
        for mark, x, anchor in zip(marks, (4.0, layout.width - 4), ("start", "end"), strict=False)
    ]
    half = breadth(median.text, _TEXT) * 0.54
    x = min(max(across(median.value), half), layout.width - half)
    left = breadth(marks[0].text, _TEXT) + 16 if marks else 0
    right = layout.width - (breadth(marks[-1].text, _TEXT) + 16 if marks else 0)
    if x - half < left or x + half > right:
        foot += 20
    drawn.append(_words(median.text, x, foot, "var(--pn-ink)", "middle", weight=600))
    return "".join(drawn), foot + 12


def _empties(layout: _Layout, spots: Sequence[Spot], statuses: Mapping[str, str], top: float) -> tuple[str, float]:
    """The states without a value, by kind of empty, with its word before them."""
    drawn, y = [], top
    width, height = layout.chip
    for status in KINDS_OF_EMPTY:
        own = [spot for spot in spots if (spot.status if spot.status in KINDS_OF_EMPTY else "O") == status]
        if not own:
            continue
        y += 18
        heading = named(statuses.get(status, ""), str(len(own)))
        drawn.append(text_lines([heading], 4, y, _TEXT, "var(--pn-muted)"))
        y += 8
        x = 4.0
        for spot in own:
            if x + width > layout.width:
                x, y = 4.0, y + height + layout.gap
            drawn.append(_chip(layout, spot, x + width / 2, y + height / 2, False))
            x += width + layout.gap + 3
        y += height + 6
    return "".join(drawn), y + 4


def _legend(names: tuple[str, str]) -> str:
    drawn, x = [], 4.0
    for name, fill in zip(names, ("var(--pn-focus)", "var(--pn-level-1)"), strict=True):
        if name:
            drawn.append(
                f'<rect x="{x:g}" y="2.5" width="16" height="13" rx="3" fill="{fill}" stroke="var(--pn-context)"/>'
                + _words(name, x + 22, 14, "var(--pn-muted)", "start")
            )
            x += 36 + breadth(name, _TEXT)
    return "".join(drawn)


def _words(text: str, x: float, y: float, paint: str, anchor: str, *, weight: int = 400) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{_TEXT:g}" font-weight="{weight}" text-anchor="{anchor}" fill="{paint}">'
        f"{escape(text)}</text>"
    )
