"""The panels of a comparison as one plain chart, which a slide can carry as its own: bars, lines or points."""

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard.charts.small_multiples import Panel, Style
from dashboard.i18n import plotly_separators
from dashboard.theme import Palette, template


def plain_chart(panels: Sequence[Panel], style: Style, *, colours: Palette) -> go.Figure | None:
    """One series a panel that is on the common scale; none where fewer than two are, or where values are codes.

    Lines have the holes of the panels: a year without a value is not bridged. What was said beforehand stands in the
    panels only, for here it would lie beside what happened without its pattern.
    """
    drawn = [panel for panel in panels if panel.points and not panel.instead and not panel.remark]
    if len(drawn) < 2 or style == "levels":
        return None
    figure = go.Figure()
    # the colour of what was announced is left to what was announced
    paints = (
        colours.focus,
        colours.subregions[1],
        colours.subregions[2],
        colours.subregions[3],
        colours.context,
        colours.ink,
    )
    for panel, paint in zip(drawn, paints, strict=False):
        if style == "bars":
            held = [point for point in panel.points if point.kind == panel.points[0].kind]
            figure.add_bar(
                x=[point.year for point in held],
                y=[point.value for point in held],
                name=panel.name,
                marker={"color": paint},
            )
            continue
        points = [point for stretch in panel.stretches for point in (*stretch.points, (None, None))][:-1]
        figure.add_scatter(
            x=[year for year, _value in points],
            y=[value for _year, value in points],
            name=panel.name,
            mode="lines+markers",
            line={"color": paint, "width": 2.5, "dash": "dash" if panel.is_median else "solid"},
            marker={"color": paint},
        )
    figure.update_layout(template=template(colours), barmode="group", separators=plotly_separators())
    return figure
