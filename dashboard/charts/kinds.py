"""Numbers of different kinds over years: side by side, never on top of each other, so that no sum is suggested."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go
import polars as pl

from dashboard.charts.linked import leads_to
from dashboard.i18n import clauses, number, plotly_separators
from dashboard.theme import Palette, template

_SLOT = 0.86  # of a year's width; the kinds of that year share it
_MOST_LABELS = 16
_NEAR = 1.2  # years: bars so close share the room for their figures


@dataclass(frozen=True)
class Kind:
    """A kind of number: its code, its words, the hatch of its bars ("" is solid) and the sign before its figures."""

    code: str
    name: str
    hatch: str
    sign: str = ""


def _marker(kind: Kind, is_whole: bool, colours: Palette) -> dict[str, object]:
    colour = colours.announced if kind.hatch else colours.focus
    # an ink outline tells what belongs to no single country, whatever the hatch below it
    line = {"color": colour, "width": 1} if is_whole else {"color": colours.ink, "width": 2.5}
    if not kind.hatch:
        return {"color": colour, "line": line}
    pattern = {"shape": kind.hatch, "fgcolor": colour, "bgcolor": "rgba(0,0,0,0)", "size": 6, "solidity": 0.35}
    return {"color": colours.page, "line": line, "pattern": pattern}


def kinds_by_year(
    rows: pl.DataFrame,
    kinds: Sequence[Kind],
    *,
    colours: Palette,
    years: tuple[int, int],
    unit: str,
    shared_name: str,
    no_year_name: str,
    marks: Sequence[tuple[int, str]] = (),
    link: Callable[[str, bool, int | None], str] | None = None,
) -> go.Figure:
    """Bars of ``rows`` (year, category, is_attributable, value), one bar a kind and year, in the order of ``kinds``.

    What belongs to no single country stands on what does, outlined and named ``shared_name``. Rows without a year stand
    apart at the right under ``no_year_name``. ``marks`` are statements (year, text): diamonds above the scale.
    ``link`` gives for a kind, what is attributable or not, and a year (or none) the address to which a bar leads.
    """
    first, last = years
    apart = last + 2
    placed = _placed(rows, kinds, apart)
    figure = go.Figure()
    for kind in kinds:
        for is_attributable in (True, False):
            own = placed.filter(category=kind.code, is_attributable=is_attributable)
            if own.is_empty():
                continue
            name = kind.name if is_attributable else clauses((kind.name, shared_name))
            when = [no_year_name if spot is None else str(spot) for spot in own["year"]]
            figure.add_bar(
                x=own["spot"].to_list(),
                y=own["value"].to_list(),
                base=own["base"].to_list(),
                width=own["width"].to_list(),
                name=name,
                marker=_marker(kind, is_attributable, colours),
                customdata=[[text, kind.sign + number(value)] for text, value in zip(when, own["value"], strict=True)],
                meta=leads_to([link(kind.code, is_attributable, year) for year in own["year"]]) if link else None,
                hovertemplate="%{customdata[0]}: %{customdata[1]} " + unit + "<br>" + name + "<extra></extra>",
            )
    tops = placed.group_by("spot", "category").agg(pl.col("value").sum()).sort("spot", "category")
    tallest = float(str(tops["value"].max() or 1))
    if 0 < tops.height <= _MOST_LABELS:
        signs = {kind.code: kind.sign for kind in kinds}
        figure.add_scatter(
            x=tops["spot"].to_list(),
            y=tops["value"].to_list(),
            mode="text",
            text=[signs[code] + number(value) for code, value in tops.select("category", "value").iter_rows()],
            textposition=_label_sides(tops),
            hoverinfo="skip",
            showlegend=False,
            cliponaxis=False,
        )
    if marks:
        figure.add_scatter(
            x=[year for year, _text in marks],
            y=[tallest * (1.3 + 0.17 * position) for position in range(len(marks))],
            mode="markers+text",
            text=[text for _year, text in marks],
            textposition=["middle left" if year > (first + last) / 2 else "middle right" for year, _text in marks],
            marker={"symbol": "diamond", "size": 11, "color": colours.ink},
            hoverinfo="skip",
            showlegend=False,
            cliponaxis=False,
        )
    spots = [year for year in range(first, last + 1) if (last - year) % _step(last - first) == 0]
    words = [str(year) for year in spots]
    if placed["year"].is_null().any():
        spots.append(apart)
        words.append(no_year_name.replace(" ", "<br>"))
    figure.update_layout(
        template=template(colours),
        barmode="overlay",
        separators=plotly_separators(),
        xaxis={"tickvals": spots, "ticktext": words, "range": [first - 0.7, max([last, *spots]) + 1.2], "tickangle": 0},
        yaxis={
            "nticks": 5,
            "tickformat": ",d",
            "range": [0, tallest * (1.22 + (0.17 * len(marks) if marks else 0))],
        },
    )
    return figure


def _placed(rows: pl.DataFrame, kinds: Sequence[Kind], apart: int) -> pl.DataFrame:
    """The rows with the centre, width and base of their bars; kinds that occur in a year share its width."""
    order = {kind.code: position for position, kind in enumerate(kinds)}
    rows = rows.with_columns(pl.col("category").replace_strict(order, return_dtype=pl.Int64).alias("order"))
    present = (
        rows.select("year", "order")
        .unique()
        .with_columns(rank=pl.col("order").rank("ordinal").over("year").cast(pl.Int64) - 1, kinds=pl.len().over("year"))
    )
    return (
        rows.join(present, on=["year", "order"], how="left", validate="m:1", nulls_equal=True)
        .with_columns(width=_SLOT / pl.col("kinds"))
        .with_columns(
            spot=pl.col("year").fill_null(apart) - _SLOT / 2 + pl.col("width") * (pl.col("rank") + 0.5),
            base=pl.when("is_attributable")
            .then(0)
            .otherwise((pl.col("value") * pl.col("is_attributable")).sum().over("year", "category")),
        )
        .sort("spot", "base")
    )


def _label_sides(tops: pl.DataFrame) -> list[str]:
    """Where each bar's figure stands: away from a taller bar beside it."""
    spots = list(tops.select("spot", "value").iter_rows())
    sides = []
    for spot, value in spots:
        taller = [other - spot for other, height in spots if height > value and 0 < abs(other - spot) < _NEAR]
        is_left, is_right = any(gap < 0 for gap in taller), any(gap > 0 for gap in taller)
        sides.append("top center" if is_left == is_right else "top right" if is_left else "top left")
    return sides


def _step(span: int) -> int:
    return 1 if span <= 8 else 2 if span <= 14 else 4 if span <= 30 else 10
