"""Colour roles, type and spacing of everything that is drawn, for light and dark."""

from dataclasses import dataclass
from functools import cache

import plotly.graph_objects as go

FONT = "'Source Sans', 'Source Sans 3', 'Helvetica Neue', Arial, sans-serif"
TEXT_SIZE = 13


@dataclass(frozen=True)
class Palette:
    """Colours by role; ``scale`` runs from the lowest to the highest class."""

    page: str
    ink: str
    muted: str
    line: str
    focus: str
    announced: str
    context: str
    attention: str
    blank: str  # the ground of a zero
    land: str  # land of which nothing is told
    on_low: str  # text on the classes 0 and 1 of the scale, 2 and 3, 4 and 5
    on_middle: str
    on_high: str
    scale: tuple[str, ...]
    subregions: tuple[str, ...]  # North America, Central America, Caribbean, South America


LIGHT = Palette(
    page="#FBFAF6",
    ink="#16222E",
    muted="#52616E",
    line="#DDD9CF",
    focus="#0B5A78",
    announced="#A85808",
    context="#778894",
    attention="#A3231F",
    blank="#FFFFFF",
    land="#E7E3D8",
    on_low="#16222E",
    on_middle="#0B1219",
    on_high="#FFFFFF",
    scale=("#E3EEF2", "#B5D3DE", "#7FB2C6", "#43879F", "#0B5A78", "#06384D"),
    subregions=("#023F8A", "#8E550A", "#268161", "#846990"),
)
DARK = Palette(
    page="#0E1A24",
    ink="#EEF2F4",
    muted="#A9B8C3",
    line="#2B3A46",
    focus="#5FB8D6",
    announced="#F0A04B",
    context="#6F808D",
    attention="#F0857F",
    blank="#0E1A24",
    land="#222F3A",
    on_low="#FFFFFF",
    on_middle="#0B1219",
    on_high="#0B1219",
    scale=("#06384D", "#0B5A78", "#43879F", "#7FB2C6", "#B5D3DE", "#E3EEF2"),
    subregions=("#9AA9E3", "#F6BC70", "#A9F1D8", "#DD6C92"),
)


def palette(theme: str) -> Palette:
    """The colours of the ``light`` or ``dark`` theme."""
    return DARK if theme == "dark" else LIGHT


@cache
def template(colours: Palette) -> go.layout.Template:
    """The look that every Plotly figure shares."""
    axis = {
        "showgrid": False,
        "zeroline": False,
        "linecolor": colours.context,
        "tickcolor": colours.context,
        "tickfont": {"color": colours.muted, "size": TEXT_SIZE},
        "title": {"font": {"color": colours.muted, "size": TEXT_SIZE}},
        "fixedrange": True,
        "automargin": True,
    }
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": TEXT_SIZE, "color": colours.ink},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": [colours.focus, colours.announced, colours.context, *colours.subregions],
            "margin": {"l": 8, "r": 12, "t": 28, "b": 8},
            "xaxis": axis,
            "yaxis": axis | {"showgrid": True, "gridcolor": colours.line, "linecolor": "rgba(0,0,0,0)"},
            "hoverlabel": {
                "bgcolor": colours.page,
                "bordercolor": colours.context,
                "font": {"family": FONT, "size": TEXT_SIZE, "color": colours.ink},
                "align": "left",
            },
            "legend": {
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 1.02,
                "yanchor": "bottom",
                "font": {"color": colours.muted, "size": TEXT_SIZE},
                "itemclick": False,
                "itemdoubleclick": False,
                "traceorder": "normal",
            },
            "bargap": 0.12,
            "dragmode": False,
        }
    )
