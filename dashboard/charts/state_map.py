"""The states on a map, drawn in the way the reader chose: as tiles of one size or in their true outlines."""

from collections.abc import Mapping
from functools import partial

import polars as pl

from dashboard.charts.geo_map import geo_map
from dashboard.charts.tile_map import tile_map
from dashboard.i18n import _
from dashboard.views.view import Drawing, Markup


def state_map(
    tiles: pl.DataFrame,
    *,
    kind: str,
    names: Mapping[str, str],
    links: Mapping[str, str],
    classes: tuple[str, ...],
    statuses: Mapping[str, str],
    chosen: str = "",
    ring: str = "",
    apart: str = "",
) -> Markup | Drawing:
    """Draw the states as ``kind`` says, ``tiles`` or ``outlines``; the other arguments are those of the tile map."""
    notice = _(
        "Names and boundaries are shown for convenience and imply no endorsement. Each state has a tile of the same size."
    )
    draw = geo_map if kind == "outlines" else partial(tile_map, notice=notice)
    return draw(
        tiles,
        names=names,
        links=links,
        classes=classes,
        statuses=statuses,
        chosen=chosen,
        ring=ring,
        apart=apart,
    )
