"""The geographic map: the states in true proportion, Central America and the Caribbean a second time, enlarged.

Every state carries its code at a place of its own that a finger can hit, on its shape or beside it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

import polars as pl

from dashboard.charts.americas import LAND, enlarged_box, outlines, project
from dashboard.charts.drawing import breadth, pattern, shape, text_lines, wrapped
from dashboard.charts.tile_map import KINDS_OF_EMPTY, entries, keys_hint, place_label
from dashboard.i18n import _, sort_key
from dashboard.views.view import Drawing

# Where the code of a state stands, in degrees: on its shape where that is large enough, else in the sea beside it.
PLACES: Mapping[str, tuple[float, float]] = {
    "CAN": (-108.0, 57.0), "USA": (-98.5, 39.5), "MEX": (-103.0, 24.3),
    "COL": (-73.6, 3.0), "VEN": (-65.4, 6.7), "GUY": (-54.6, 12.4), "SUR": (-43.5, 9.4), "ECU": (-85.8, -1.4),
    "PER": (-75.0, -9.2), "BRA": (-52.0, -10.0), "BOL": (-64.9, -16.4), "PRY": (-57.6, -24.4),
    "CHL": (-80.5, -33.0), "ARG": (-64.7, -36.0), "URY": (-48.2, -36.8),
    "GTM": (-90.9, 15.4), "BLZ": (-86.4, 18.4), "SLV": (-90.0, 11.4), "HND": (-86.4, 15.2), "NIC": (-84.9, 12.1),
    "CRI": (-86.8, 8.6), "PAN": (-79.0, 11.4), "CUB": (-80.6, 19.2), "BHS": (-73.6, 25.2), "JAM": (-77.2, 15.1),
    "HTI": (-73.3, 16.0), "DOM": (-69.5, 16.0), "KNA": (-64.6, 20.6), "ATG": (-61.0, 20.8), "DMA": (-57.6, 18.5),
    "LCA": (-57.0, 15.3), "VCT": (-64.9, 15.6), "BRB": (-56.9, 12.1), "GRD": (-65.8, 12.4), "TTO": (-57.4, 8.9),
}  # fmt: skip
# partly on the enlargement, but at home on the whole map
_LARGE = frozenset({"COL", "GUY", "MEX", "SUR", "USA", "VEN"})
_FRAME_KM = (-7150.0, -6980.0, 5480.0, 8120.0)  # west, south, east, north of the whole map
_TEXT = 13.0


@dataclass(frozen=True)
class Panel:
    """A part of the picture: where it begins, its scale (units per km), and what lies in its upper left corner."""

    name: str
    x: float
    y: float
    scale: float
    west: float
    north: float
    width: float
    height: float

    def at(self, place: tuple[float, float]) -> tuple[float, float]:
        """Where a place in km from the centre lies in the picture."""
        return self.x + (place[0] - self.west) * self.scale, self.y + (self.north - place[1]) * self.scale

    @property
    def transform(self) -> str:
        """The transform that takes outlines in km into the picture."""
        x, y = self.at((0.0, 0.0))
        return f"translate({x:.1f} {y:.1f}) scale({self.scale:.5f} {-self.scale:.5f})"


@dataclass(frozen=True)
class Layout:
    """How the parts stand: side by side for a wide page, under one another for a phone."""

    name: str
    width: float
    column: float  # where legend, enlargement and notice begin
    map_width: float
    radius: float
    code_size: float
    value_size: float  # 0: values are not written, only told and listed


WIDE = Layout("wide", 1200, 485, 460, 20, 13.5, 12)
TALL = Layout("tall", 360, 0, 360, 15.4, 11.5, 0)


@dataclass(frozen=True)
class _Look:
    fill: str
    text: str
    stroke: str = "var(--pn-context)"
    dash: str = ""
    width: float = 1.0
    is_solid: bool = True


def geo_map(
    tiles: pl.DataFrame,
    *,
    names: Mapping[str, str],
    links: Mapping[str, str],
    classes: tuple[str, ...],
    statuses: Mapping[str, str],
    chosen: str = "",
    ring: str = "",
    apart: str = "",
) -> Drawing:
    """Draw the states on the map with legend and boundary notice; the arguments are those of the tile map."""
    rows = sorted(tiles.iter_rows(named=True), key=lambda row: sort_key(names[row["area_code"]]))
    legend = entries(tiles, classes, statuses, ring, apart)
    pictures = [_picture(layout, rows, names, links, legend, chosen) for layout in (WIDE, TALL)]
    return Drawing(*pictures, label=_("Map of the states"), hint=keys_hint())


def notice() -> str:
    """What every geographic map says of its names and boundaries, and whose outlines it draws."""
    return _(
        "Names and boundaries are shown for convenience and imply no endorsement. Areas are in true proportion; land "
        "without an outline is not one of the 35 states. Outlines: Natural Earth, public domain."
    )


def _picture(
    layout: Layout,
    rows: list[dict],
    names: Mapping[str, str],
    links: Mapping[str, str],
    legend: list[tuple[str, str]],
    chosen: str,
) -> str:
    key, below_key = _legend(layout, legend)
    whole, enlarged = _panels(layout, below_key)
    looks = {row["area_code"]: _look(row) for row in rows}
    said = wrapped(notice(), _TEXT, layout.width - layout.column - 4)
    notice_at = enlarged.y + enlarged.height + 24
    height = max(notice_at + (len(said) - 1) * _TEXT * 1.35 + 8, whole.y + whole.height)
    kinds = {kind for row in rows if (kind := _pattern_of(row))}
    patterns = "".join(
        pattern(kind, f"pn-{layout.name}-{where}{kind}", scale)
        for kind in sorted(kinds)
        for where, scale in (("", 1.0), ("whole-", whole.scale), ("enlarged-", enlarged.scale))
    )
    box = enlarged_box()
    left, top = whole.at((box[0], box[3]))
    right, bottom = whole.at((box[2], box[1]))
    frame = 'fill="none" stroke="var(--pn-context)" stroke-dasharray="2 3"'
    title = _("Central America and the Caribbean, enlarged")
    return (
        f'<svg viewBox="0 0 {layout.width:g} {math.ceil(height)}" class="pn-geo-{layout.name}">'
        f'<defs>{patterns}<clipPath id="pn-{layout.name}-clip"><rect x="{enlarged.x:g}" y="{enlarged.y:g}" '
        f'width="{enlarged.width:g}" height="{enlarged.height:g}" rx="4"/></clipPath></defs>'
        f"{_shapes(layout, whole, rows, looks, chosen)}"
        f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}" rx="2" {frame}/>'
        f'<g clip-path="url(#pn-{layout.name}-clip)">{_shapes(layout, enlarged, rows, looks, chosen)}</g>'
        f'<rect x="{enlarged.x + 0.5:g}" y="{enlarged.y + 0.5:g}" width="{enlarged.width - 1:g}" '
        f'height="{enlarged.height - 1:g}" rx="4" {frame}/>'
        f"{text_lines([title], enlarged.x, enlarged.y - 8, _TEXT, 'var(--pn-muted)')}"
        f"{''.join(_place(layout, _panel(row, whole, enlarged), row, looks, names, links, chosen) for row in rows)}"
        f"{key}{text_lines(said, layout.column, notice_at, _TEXT, 'var(--pn-muted)')}</svg>"
    )


def _panels(layout: Layout, below_key: float) -> tuple[Panel, Panel]:
    west, south, east, north = _FRAME_KM
    scale = layout.map_width / (east - west)
    start = below_key if layout.column == 0 else 0.0
    whole = Panel("whole", 0, start, scale, west, north, layout.map_width, (north - south) * scale)
    near_west, near_south, near_east, near_north = enlarged_box()
    width = layout.width - layout.column
    larger = width / (near_east - near_west)
    top = whole.y + whole.height + 24 if layout.column == 0 else below_key + 16
    height = (near_north - near_south) * larger
    return whole, Panel("enlarged", layout.column, top, larger, near_west, near_north, width, height)


def _panel(row: dict, whole: Panel, enlarged: Panel) -> Panel:
    west, south, east, north = enlarged_box()
    x, y = outlines()[row["area_code"]].inner_point
    return enlarged if west <= x <= east and south <= y <= north and row["area_code"] not in _LARGE else whole


_LARGE = frozenset(
    {"COL", "GUY", "MEX", "SUR", "USA", "VEN"}
)  # partly on the enlargement, but at home on the whole map


def _shapes(layout: Layout, panel: Panel, rows: list[dict], looks: Mapping[str, _Look], chosen: str) -> str:
    known = outlines()
    is_whole = panel.name == "whole"
    drawn = [f'<g fill="var(--pn-land)">{shape(LAND)}</g>']
    ordered = sorted(rows, key=lambda row: row["area_code"] == chosen)  # the outline of the chosen state stays whole
    for row in ordered:
        code = row["area_code"]
        if not (is_whole or known[code].is_enlarged):
            continue
        look = looks[code]
        fill = look.fill.replace("(#pn-", f"(#pn-{layout.name}-{panel.name}-", 1)
        is_chosen = code == chosen
        stroke, width = ("var(--pn-ink)", 4.0) if is_chosen else (look.stroke, 1.4 * look.width)
        dash = f' stroke-dasharray="{3 / panel.scale:.4g}"' if look.dash else ""
        drawn.append(
            f'<g data-of="{code}" fill="{fill}" stroke="{stroke}" stroke-width="{width / panel.scale:.4g}"{dash}>'
            f"{shape(code)}</g>"
        )
    # strokes lie under the fill, so that an outline does not eat the smallest islands
    return f'<g transform="{panel.transform}" stroke-linejoin="round" paint-order="stroke">{"".join(drawn)}</g>'


def _place(
    layout: Layout,
    panel: Panel,
    row: dict,
    looks: Mapping[str, _Look],
    names: Mapping[str, str],
    links: Mapping[str, str],
    chosen: str,
) -> str:
    code = row["area_code"]
    outline, look, radius = outlines()[code], looks[code], layout.radius
    x, y = panel.at(project(*PLACES[code]))
    # a code that stands on its own outline needs no disc; anything smaller than the disc does
    is_on_shape = panel.name == "whole" and outline.clear_km * panel.scale > radius * 0.5
    disc, lead = 'fill="transparent"', ""
    if not is_on_shape:
        disc = _disc(layout, look, is_chosen=code == chosen, is_apart=bool(row.get("is_apart")))
        lead = _lead((x, y), radius, panel.at(outline.inner_point))
    mark = ""
    if row["has_ring"]:
        mark = (
            f'<circle cx="{x + radius * 0.82:.1f}" cy="{y - radius * 0.82:.1f}" r="{radius * 0.22:.1f}" '
            'fill="var(--pn-page)" stroke="var(--pn-announced)" stroke-width="2"/>'
        )
    written, value = _words(layout, row, look, x, y, is_on_shape=is_on_shape)
    label = escape(place_label(code, names[code], str(row["said"])))
    current = ' aria-current="true"' if code == chosen else ""
    at = ",".join(f"{part:.0f}" for part in outline.inner_point)
    return (
        f'<a class="pn-place" href="{escape(links[code])}" aria-label="{label}" data-code="{code}" data-at="{at}"{current}>'
        f'<title>{label}</title>{lead}<circle class="pn-disc" cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" {disc}/>'
        f"{written}{mark}</a>{value}"
    )


def _disc(layout: Layout, look: _Look, *, is_chosen: bool, is_apart: bool) -> str:
    fill = look.fill.replace("(#pn-", f"(#pn-{layout.name}-", 1)
    dash = ' stroke-dasharray="3"' if look.dash else ""
    stroke, width = ("var(--pn-focus)", 2.0) if is_apart else ("var(--pn-ink)", 2.5 if is_chosen else 1.0)
    return f'fill="{fill}" stroke="{stroke}" stroke-width="{width:g}"{dash}'


def _lead(place: tuple[float, float], radius: float, home: tuple[float, float]) -> str:
    """The line from a disc to the state that it stands for; none where the disc lies on the state."""
    away = math.dist(place, home)
    if away <= radius:
        return ""
    (x, y), (home_x, home_y) = place, home
    from_x, from_y = x + (home_x - x) * radius / away, y + (home_y - y) * radius / away
    return (
        f'<path d="M{from_x:.1f} {from_y:.1f}L{home_x:.1f} {home_y:.1f}" stroke="var(--pn-ink)" stroke-width="0.8"/>'
        f'<circle cx="{home_x:.1f}" cy="{home_y:.1f}" r="2.2" fill="var(--pn-ink)"/>'
    )


def _words(layout: Layout, row: dict, look: _Look, x: float, y: float, *, is_on_shape: bool) -> tuple[str, str]:
    """The code of a state, and under it its value, which stays outside the link: that is called by the code."""
    ground = look.fill if look.is_solid else "var(--pn-page)"
    # words may reach beyond the outline or lie on a pattern: they bring their own ground
    halo = f' stroke="{ground}" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke"'
    style = f'fill="{look.text}" text-anchor="middle"{halo if is_on_shape or not look.is_solid else ""}'
    shown = str(row["text"]) if layout.value_size else ""
    first = y + layout.code_size * 0.36 - (layout.value_size * 0.55 if shown else 0)
    code = (
        f'<text x="{x:.1f}" y="{first:.1f}" font-size="{layout.code_size:g}" font-weight="600" {style}>'
        f"{row['area_code']}</text>"
    )
    if not shown:
        return code, ""
    room = 1.0 if is_on_shape else min(1.0, 1.95 * layout.radius / breadth(shown, layout.value_size))
    value = (
        f'<text x="{x:.1f}" y="{first + layout.value_size + 1:.1f}" font-size="{layout.value_size * room:.3g}" {style} '
        f'aria-hidden="true" pointer-events="none">{escape(shown)}</text>'
    )
    return code, value


def _pattern_of(row: dict) -> str:
    if row.get("is_apart") or row["level"] is not None:
        return ""
    kind = KINDS_OF_EMPTY.get(str(row["obs_status"]), "missing")
    return "" if kind == "unasked" else kind


def _look(row: dict) -> _Look:
    if row.get("is_apart"):
        return _Look("var(--pn-page)", "var(--pn-ink)", "var(--pn-focus)", width=2)
    level = row["level"]
    if level is None:
        kind = KINDS_OF_EMPTY.get(str(row["obs_status"]), "missing")
        if kind == "unasked":
            return _Look("var(--pn-page)", "var(--pn-ink)", dash="3", is_solid=False)
        return _Look(f"url(#pn-{kind})", "var(--pn-ink)", is_solid=False)
    if level == -1:
        return _Look("var(--pn-blank)", "var(--pn-ink)")
    on = ("low", "low", "middle", "middle", "high", "high")[level]
    # the palest classes would melt into the page without a darker outline
    line = "var(--pn-context)" if level < 2 else "var(--pn-page)"
    return _Look(f"var(--pn-level-{level})", f"var(--pn-on-{on})", line)


def _legend(layout: Layout, legend: list[tuple[str, str]]) -> tuple[str, float]:
    """The legend in as many lines as it takes, and where it ends."""
    x, y = layout.column, 15.0
    drawn = []
    for css, text in legend:
        width = 22 + breadth(text, _TEXT)
        if x > layout.column and x + width > layout.width:
            x, y = layout.column, y + 21
        drawn.append(_key(css, layout, x, y) + text_lines([text], x + 22, y, _TEXT, "var(--pn-muted)"))
        x += width + 14
    return "".join(drawn), y + 14


def _key(css: str, layout: Layout, x: float, y: float) -> str:
    if css == "pn-ring":
        return (
            f'<circle cx="{x + 8:g}" cy="{y - 5:g}" r="4.5" fill="var(--pn-page)" stroke="var(--pn-announced)" '
            'stroke-width="2"/>'
        )
    kind = css.removeprefix("pn-")
    fill, stroke, extra = f"var(--{css})", "var(--pn-context)", ""
    if kind == "zero":
        fill = "var(--pn-blank)"
    elif kind == "apart":
        fill, stroke, extra = "var(--pn-page)", "var(--pn-focus)", ' stroke-width="2"'
    elif kind == "unasked":
        fill, extra = "var(--pn-page)", ' stroke-dasharray="3"'
    elif kind in KINDS_OF_EMPTY.values():
        fill = f"url(#pn-{layout.name}-{kind})"
    return (
        f'<rect x="{x + 0.5:g}" y="{y - 11.5:g}" width="16" height="13" rx="3" fill="{fill}" stroke="{stroke}"{extra}/>'
    )
