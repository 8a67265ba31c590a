"""Charts over years."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.linked import leads_to
from dashboard.i18n import number, plotly_separators
from dashboard.theme import Palette, template

Role = Literal["focus", "announced", "planned", "context"]


@dataclass(frozen=True)
class Series:
    """One kind of bar: the category it shows, its words and its role."""

    category: str
    name: str
    role: Role


def bar_marker(role: Role, colours: Palette) -> dict[str, object]:
    """The fill of a bar by its role: what happened is plain, what was said beforehand is hatched or dotted."""
    if role == "announced":
        return {
            "color": colours.page,
            "line": {"color": colours.announced, "width": 1},
            "pattern": {
                "shape": "/",
                "fgcolor": colours.announced,
                "bgcolor": "rgba(0,0,0,0)",
                "size": 6,
                "solidity": 0.35,
            },
        }
    if role == "planned":
        return {
            "color": colours.page,
            "line": {"color": colours.announced, "width": 1},
            "pattern": {
                "shape": ".",
                "fgcolor": colours.announced,
                "bgcolor": "rgba(0,0,0,0)",
                "size": 6,
                "solidity": 0.3,
            },
        }
    return {"color": colours.focus if role == "focus" else colours.context}


def stacked_years(
    rows: pl.DataFrame,
    series: Sequence[Series],
    *,
    colours: Palette,
    years: tuple[int, int],
    unit: str,
    undated: Mapping[str, float] | None = None,
    undated_name: str = "",
    marks: Sequence[tuple[int, str]] = (),
    link: Callable[[str, int | None], str] | None = None,
) -> go.Figure:
    """Stacked bars of ``rows`` (category, year, value): one stack a year, announced kinds hatched.

    ``undated`` (category -> value) stands apart at the right under ``undated_name``: it belongs to no year. ``marks``
    are statements (year, text) drawn as diamonds above the axis, never as bars. Absent years stay empty. ``link`` gives
    for a category and a year (none: undated) the address to which that part of a bar leads.
    """
    first, last = years
    positions = list(range(first, last + 1))
    figure = go.Figure()
    # far enough from the last year that its words do not meet the year's on a phone
    gap_position = last + max(2, round((last - first) * 0.16))
    ticks = year_ticks(first, last)
    for one in series:
        own = dict(rows.filter(pl.col("category") == one.category).select("year", "value").iter_rows())
        values: list[float | None] = [own.get(year) or None for year in positions]
        labels = [str(year) for year in positions]
        spots = list(positions)
        when: list[int | None] = list(positions)
        if undated and undated.get(one.category):
            spots.append(gap_position)
            values.append(undated[one.category])
            labels.append(undated_name)
            when.append(None)
        figure.add_bar(
            x=spots,
            y=values,
            name=one.name,
            marker=bar_marker(one.role, colours),
            customdata=[[text, number(value or 0)] for text, value in zip(labels, values, strict=True)],
            meta=leads_to([link(one.category, year) if value else "" for year, value in zip(when, values, strict=True)])
            if link
            else None,
            hovertemplate="%{customdata[0]}: %{customdata[1]} " + unit + "<br>" + one.name + "<extra></extra>",
            showlegend=any(values),
        )
    tick_spots = list(ticks)
    tick_texts = [str(year) for year in ticks]
    if undated and any(undated.values()):
        tick_spots.append(gap_position)
        tick_texts.append(undated_name.replace(" ", "<br>"))
    tallest = _tallest(rows, undated)
    if marks:
        figure.add_scatter(
            x=[year for year, _text in marks],
            y=[tallest * 1.12] * len(marks),
            mode="markers+text",
            text=[text for _year, text in marks],
            textposition=["middle left" if year > (first + last) / 2 else "middle right" for year, _text in marks],
            marker={"symbol": "diamond-open", "size": 11, "color": colours.ink, "line": {"width": 2}},
            textfont={"color": colours.ink},
            hoverinfo="skip",
            showlegend=False,
            cliponaxis=False,
        )
    figure.update_layout(
        template=template(colours),
        barmode="stack",
        separators=plotly_separators(),
        xaxis={
            "tickvals": tick_spots,
            "ticktext": tick_texts,
            "range": [first - 0.7, max(tick_spots[-1], last) + 1.2],
            "tickangle": 0,
        },
        yaxis={
            "rangemode": "tozero",
            "nticks": 4,
            "tickformat": ",d",
            "range": [0, tallest * (1.25 if marks else 1.08)],
        },
    )
    return figure


def _tallest(rows: pl.DataFrame, undated: Mapping[str, float] | None) -> float:
    by_year = rows.group_by("year").agg(pl.col("value").sum())["value"].max() if rows.height else 0
    return max(float(str(by_year or 0)), sum(undated.values()) if undated else 0, 1)


def year_ticks(first: int, last: int) -> list[int]:
    """The years to write on an axis: few enough to read, always ending with the last."""
    span = last - first
    step = 1 if span <= 8 else 2 if span <= 14 else 4 if span <= 30 else 10
    return [year for year in range(first, last + 1) if (last - year) % step == 0]
