"""The equal-area tile map: one tile a state, small states as large as the rest, every tile a link."""

from collections.abc import Mapping
from html import escape

import polars as pl

from dashboard.i18n import _, named
from dashboard.views.view import Markup

KINDS_OF_EMPTY = {"O": "missing", "L": "unasked", "M": "outside", "Q": "suppressed"}


def tile_map(
    tiles: pl.DataFrame,
    *,
    names: Mapping[str, str],
    links: Mapping[str, str],
    classes: tuple[str, ...],
    statuses: Mapping[str, str],
    chosen: str = "",
    ring: str = "",
    apart: str = "",
    notice: str,
) -> Markup:
    """Draw the states as tiles with a legend and the boundary notice.

    ``tiles``: area_code, tile_row, tile_column, text (what the tile shows), said (the whole sentence for a reader who
    hears it), obs_status, level (class 0 … n, -1 for zero, empty without a value), has_ring and, where a value lies
    outside the order of the classes, is_apart. ``classes`` are the legend texts of the levels, ``statuses`` the words
    for the kinds of empty, ``ring`` the meaning of the corner ring, ``apart`` the values outside the order. Only what
    occurs stands in the legend.
    """
    cells = "".join(_tile(row, names, links, chosen) for row in tiles.iter_rows(named=True))
    return Markup(
        f'<div class="pn-map">{_legend(entries(tiles, classes, statuses, ring, apart))}'
        f'<nav class="pn-tiles" aria-label="{escape(_("Map of the states"))}" data-tiles>{cells}'
        f'<p class="pn-keys">{escape(keys_hint())}</p></nav>'
        f'<p class="pn-notice">{escape(notice)}</p></div>'
    )


def _tile(row: dict[str, object], names: Mapping[str, str], links: Mapping[str, str], chosen: str) -> str:
    code = str(row["area_code"])
    status = str(row["obs_status"])
    level = row["level"]
    if row.get("is_apart"):
        kind = "pn-apart"
    elif level is None:
        kind = f"pn-{KINDS_OF_EMPTY.get(status, 'missing')}"
    else:
        kind = "pn-zero" if level == -1 else f"pn-level-{level}"
    ring = '<i class="pn-ring" aria-hidden="true"></i>' if row["has_ring"] else ""
    label = place_label(code, names[code], str(row["said"]))
    current = ' aria-current="true"' if code == chosen else ""
    return (
        f'<a class="pn-tile {kind}" style="grid-row:{int(str(row["tile_row"])) + 1};'
        f'grid-column:{int(str(row["tile_column"])) + 1}" href="{escape(links[code])}" title="{escape(label)}" '
        f'aria-label="{escape(label)}" data-text="{escape(str(row["text"]))}"{current}><b>{code}</b>{ring}</a>'
    )


def entries(
    tiles: pl.DataFrame, classes: tuple[str, ...], statuses: Mapping[str, str], ring: str, apart: str
) -> list[tuple[str, str]]:
    """The legend as pairs of a mark's CSS class and its words: what occurs, and only that."""
    present = set(tiles["level"].drop_nulls().to_list())
    found = []
    if -1 in present:
        found.append(("pn-zero", "0"))
    found += [(f"pn-level-{level}", text) for level, text in enumerate(classes) if level in present]
    if apart:
        found.append(("pn-apart", apart))
    is_apart = pl.col("is_apart") if "is_apart" in tiles.columns else pl.lit(False)
    empty = set(tiles.filter(pl.col("level").is_null(), ~is_apart)["obs_status"].to_list())
    found += [(f"pn-{kind}", statuses[code]) for code, kind in KINDS_OF_EMPTY.items() if code in empty]
    if ring and tiles["has_ring"].any():
        found.append(("pn-ring", ring))
    return found


def keys_hint() -> str:
    """How a map of the states is walked with the keyboard."""
    return _("Arrow keys go from state to state, Enter opens the page of a state.")


def place_label(code: str, name: str, said: str) -> str:
    """What a state on a map is called by those who hear it or speak to it: its name, the code on it, what it shows."""
    return named(f"{name}, {code}", said)


def _legend(found: list[tuple[str, str]]) -> str:
    items = "".join(f'<li><i class="pn-key {css}"></i>{escape(text)}</li>' for css, text in found)
    return f'<ul class="pn-legend">{items}</ul>'
