"""How many states were reached so far, against the number that could have been."""

from collections.abc import Sequence

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.linked import leads_to
from dashboard.i18n import number, plotly_separators
from dashboard.theme import Palette, template


def reached_so_far(
    rows: pl.DataFrame,
    *,
    colours: Palette,
    reached_name: str,
    ceiling_name: str,
    apart: int = 0,
    apart_name: str = "",
    links: Sequence[str] = (),
    apart_link: str = "",
) -> go.Figure:
    """A rising line of ``rows`` (year, reached, participating) below its ceiling, both named at their ends.

    ``apart`` states were reached at a time that no single year tells: a hatched bar beyond the last year carries them on
    top of the line's last value, under ``apart_name``. ``links`` (one a row) and ``apart_link`` are where they lead.
    """
    first, last = int(rows["year"][0]), int(rows["year"][-1])
    top, ceiling = int(rows["reached"][-1]), int(rows["participating"][-1])
    figure = go.Figure()
    figure.add_scatter(
        x=rows["year"].to_list(),
        y=rows["participating"].to_list(),
        name=ceiling_name,
        mode="lines",
        line={"color": colours.context, "width": 2, "shape": "hv", "dash": "dot"},
        customdata=[[number(value)] for value in rows["participating"]],
        hovertemplate="%{x}: %{customdata[0]} " + ceiling_name + "<extra></extra>",
    )
    figure.add_scatter(
        x=rows["year"].to_list(),
        y=rows["reached"].to_list(),
        name=reached_name,
        mode="lines",
        line={"color": colours.focus, "width": 3.5, "shape": "hv"},
        customdata=[[number(value)] for value in rows["reached"]],
        meta=leads_to(links),
        hovertemplate="%{x}: %{customdata[0]} " + reached_name + "<extra></extra>",
    )
    figure.add_scatter(
        x=[last, last],
        y=[ceiling, top],
        mode="markers+text",
        text=[number(ceiling), number(top)],
        textposition=["top center", "top left"],
        textfont={"color": [colours.muted, colours.focus], "size": 16},
        marker={"color": [colours.context, colours.focus], "size": 8},
        hoverinfo="skip",
        showlegend=False,
        cliponaxis=False,
    )
    step = 1 if last - first <= 8 else 2 if last - first <= 14 else 4 if last - first <= 30 else 10
    spots: list[float] = [year for year in range(first, last + 1) if (last - year) % step == 0]
    words = [str(year) for year in spots]
    width = max((last - first) * 0.05, 0.4)
    if apart:
        spots.append(last + 2 * width)
        words.append(apart_name.replace(" ", "<br>"))
        figure.add_bar(
            x=[last + 2 * width],
            y=[apart],
            base=[top],
            width=[width],
            name=apart_name,
            text=["+" + number(apart)],
            textposition="outside",
            marker={
                "color": colours.page,
                "line": {"color": colours.focus, "width": 1},
                "pattern": {
                    "shape": "/",
                    "fgcolor": colours.focus,
                    "bgcolor": "rgba(0,0,0,0)",
                    "size": 6,
                    "solidity": 0.3,
                },
            },
            customdata=[[number(apart)]],
            meta=leads_to([apart_link]),
            hovertemplate=apart_name + ": %{customdata[0]} " + reached_name + "<extra></extra>",
            showlegend=False,
            cliponaxis=False,
        )
    figure.update_layout(
        template=template(colours),
        separators=plotly_separators(),
        xaxis={
            "tickvals": spots,
            "ticktext": words,
            "range": [first - 0.5, last + (3.2 * width if apart else max(width, 0.4))],
            "tickangle": 0,
        },
        yaxis={
            "nticks": 5,
            "tickformat": ",d",
            "range": [0, max(ceiling, int(str(rows["participating"].max())), 1) * 1.15],
        },
    )
    return figure
