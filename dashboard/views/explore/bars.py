"""An indicator by year as bars of what each year's records count, what was said beforehand always apart."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import polars as pl

from dashboard import areas
from dashboard.charts.kinds import Kind, kinds_by_year
from dashboard.i18n import _, n_, named
from dashboard.labels import label
from dashboard.queries import explore as queries
from dashboard.queries.explore import Slice
from dashboard.selection import Selection
from dashboard.theme import palette
from dashboard.views.behind import behind_address
from dashboard.views.explore.said import behind_row
from dashboard.views.explore.year_view import charted_years, year_view
from dashboard.views.explored import Explored, is_beforehand, word
from dashboard.views.view import Column, View

_HATCHES = {
    "announced": "/",
    "announced_minimum": "|",
    "announced_approx": "-",
    "planned": ".",
    "interest_expressed": ".",
}


_SIGNS = {"announced_minimum": "≥", "announced_approx": "≈"}


def bars_view(what: Explored, rows: pl.DataFrame, area: str, selection: Selection) -> View:
    """Bars of the records of each year, what was said beforehand beside what happened and never on top of it."""
    slices = _side_by_side(what, selection)
    own = _of_area(slices, area, selection)
    undated = _without_year(what, slices, area, selection)
    bars = pl.concat([own.filter(pl.col("value") > 0), undated.filter(pl.col("value") > 0)], how="diagonal_relaxed")
    if bars.height < 2:
        return year_view(what, own, selection, empty=_few_said(what, area, own, bars))
    years = charted_years(what, own, selection)

    def leads(category: str, year: int | None) -> str:
        row = {"area_code": area, "category": category, "year": year, "is_undated": year is None, "value": 1}
        return behind_address(one, selection) if (one := behind_row(what, row, selection)) else ""

    figure = kinds_by_year(
        bars.select("year", "category", "value", is_attributable=pl.lit(True)),
        [_kind(one) for one in slices],
        colours=palette(selection.theme),
        years=years,
        unit=what.unit,
        shared_name="",
        no_year_name=_("no single year"),
        link=lambda category, _whole, year: leads(category, year),
    )
    notes = _add_hemisphere(figure, what, rows, area, selection)
    notes += _add_unstated(figure, own, selection)
    return year_view(
        what,
        pl.concat([own, undated], how="diagonal_relaxed"),
        selection,
        takeaway=_bars_said(what, area, own, years),
        figure=figure,
        columns=(Column("kind", _("Kind")),) if len(slices) > 1 else (),
        notes=(
            *(
                [_("What was announced or planned stands beside what happened and is never added to it.")]
                if len(slices) > 1 and any(is_beforehand(one) for one in slices)
                else []
            ),
            *notes,
        ),
    )


def _side_by_side(what: Explored, selection: Selection) -> list[Slice]:
    """The breakdowns drawn: the chosen one alone, else every kind (held, announced …) of the one shown."""
    if selection.category or not any(is_beforehand(one) for one in what.slices):
        return [what.one]
    _head, _dot, tail = what.one.category.partition(".")
    kin = [one for one in what.slices if one.category.partition(".")[2] == tail]
    return [one for one in kin if (one.sex, one.age) == (what.one.sex, what.one.age)] or [what.one]


def _kind(one: Slice) -> Kind:
    head = one.category.partition(".")[0]
    return Kind(one.category, word(one), _HATCHES.get(head, ""), _SIGNS.get(head, ""))


def _of_area(slices: Sequence[Slice], area: str, selection: Selection) -> pl.DataFrame:
    return pl.concat(
        [
            queries.by_year(one, **selection.period)
            .filter(area_code=area)
            .with_columns(category=pl.lit(one.category), kind=pl.lit(word(one)))
            for one in slices
        ]
    )


def _without_year(what: Explored, slices: Sequence[Slice], area: str, selection: Selection) -> pl.DataFrame:
    """What the area has on record in no single year; only where all years are asked for."""
    rows = queries.without_year(what.indicator_id, area) if selection.is_all_time else pl.DataFrame()
    if rows.is_empty():
        return pl.DataFrame(schema={"year": pl.Int32, "category": pl.String, "value": pl.Float64, "kind": pl.String})
    words = {one.category: word(one) for one in slices}
    return rows.filter(pl.col("category").is_in(list(words))).with_columns(
        area_code=pl.lit(area),
        year=pl.lit(None, dtype=pl.Int32),
        is_undated=True,
        kind=pl.col("category").replace_strict(words, return_dtype=pl.String),
    )


def _add_hemisphere(
    figure: go.Figure, what: Explored, rows: pl.DataFrame, area: str, selection: Selection
) -> list[str]:
    """The values of the whole hemisphere as small marks beside the bars of one of its areas."""
    whole = rows.filter(pl.col("area_code") == areas.HEMISPHERE, pl.col("value") > 0)
    if area == areas.HEMISPHERE or whole.is_empty():
        return []
    name = areas.name(areas.HEMISPHERE)
    colours = palette(selection.theme)
    figure.add_scatter(
        x=whole["year"].to_list(),
        y=whole["value"].to_list(),
        mode="markers",
        name=named(name, word(what.one)) if what.one.code != "_T" else name,
        marker={"symbol": "line-ew-open", "size": 15, "color": colours.context, "line": {"width": 3}},
        customdata=[[what.written(value)] for value in whole["value"]],
        hovertemplate="%{x}: %{customdata[0]} " + what.unit + "<br>" + name + "<extra></extra>",
    )
    drawn: Any = figure.data
    tallest = [float(y) for bar in drawn if bar.type == "bar" for y in bar.y]
    top = max(float(str(whole["value"].max())), *tallest)
    figure.update_yaxes(range=[0, top * 1.15])
    return [_("The marks above the years are the whole hemisphere, in which each record counts once.")]


def _add_unstated(figure: go.Figure, own: pl.DataFrame, selection: Selection) -> list[str]:
    """A cross on the base of the years in which there are records and no number."""
    unstated = own.filter(pl.col("obs_status") == "O", pl.col("value").is_null())
    stated = own.filter(pl.col("value") > 0)["year"]
    years = sorted(set(unstated["year"]) - set(stated))
    if not years:
        return []
    words = label("observation_note", "number_not_stated")
    colours = palette(selection.theme)
    figure.add_scatter(
        x=years,
        y=[0] * len(years),
        mode="markers",
        name=words,
        marker={"symbol": "x-thin-open", "size": 9, "color": colours.muted, "line": {"width": 2}},
        hovertemplate="%{x}: " + words + "<extra></extra>",
        cliponaxis=False,
    )
    return [_("A cross is a year with records whose sources state no number: not zero.")]


def _bars_said(what: Explored, area: str, own: pl.DataFrame, years: tuple[int, int]) -> str:
    main = own.filter(category=what.one.category).filter(pl.col("value") > 0).sort("value", "year", descending=True)
    if main.is_empty():
        return _(
            "{area}: nothing of this kind is dated from {first} to {last}.",
            area=areas.name(area),
            first=str(years[0]),
            last=str(years[1]),
        )
    return n_(
        "{area}: something is on record in {n} of {total} years; the most, {most}, in {year}.",
        "{area}: something is on record in {n} of {total} years; the most, {most}, in {year}.",
        main["year"].n_unique(),
        area=areas.name(area),
        total=years[1] - years[0] + 1,
        most=what.written(float(str(main["value"][0]))),
        year=str(main["year"][0]),
    )


def _few_said(what: Explored, area: str, own: pl.DataFrame, bars: pl.DataFrame) -> str:
    """A sentence in place of a chart of one bar or none."""
    if bars.height:
        row = bars.row(0, named=True)
        value = named(row["kind"], f"{what.written(row['value'])} {what.unit}")
        if row["year"] is None:
            return _("{area}: {value}, in no single year.", area=areas.name(area), value=value)
        return _(
            "{area}: {value}, in {year} only; no other year of the period has any on record.",
            area=areas.name(area),
            value=value,
            year=str(row["year"]),
        )
    if (own["obs_status"] == "O").any():
        return _("{area}: there are records in these years, and their sources state no number.", area=areas.name(area))
    return _("{area}: none is on record in these years.", area=areas.name(area))
