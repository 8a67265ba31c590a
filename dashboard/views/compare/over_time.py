"""The chosen indicator of the areas compared, year by year: one panel each, the same years and the same scale."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import polars as pl

from dashboard import comparability
from dashboard.charts.plain_chart import plain_chart
from dashboard.charts.small_multiples import Panel, Scale, Style, levels_of, scale_of, small_multiples
from dashboard.charts.tile_map import KINDS_OF_EMPTY
from dashboard.i18n import _, clauses, listing, n_, number
from dashboard.labels import label
from dashboard.queries import compare, explore
from dashboard.selection import Selection
from dashboard.theme import palette
from dashboard.views import explored
from dashboard.views.compare.chosen import Compared, chosen, compare_view, titles
from dashboard.views.compare.measured import (
    behind_year,
    has_medians,
    history,
    measured,
    unit_note,
)
from dashboard.views.compare.panels import Drawn, panel_of, remarks_on_definition
from dashboard.views.explored import Explored
from dashboard.views.periods import period_text
from dashboard.views.sourcing import cite_count
from dashboard.views.view import Column, Drawing, View
from dashboard.views.worded import each

_STACKED = {"held": ("announced", "planned")}
"""What was said beforehand stands on what was held, hatched."""
_ORDER = ("1", "2", "2WL", "3", "SC")


@compare_view("compare.over_time")
def over_time(selection: Selection) -> View:
    """Small multiples of the indicator: lines or bars on one scale, broken where the series breaks."""
    what = explored.explored(selection)
    compared = chosen(selection)
    rows = _shown(what, compared, history(what, selection))
    filled = explored.with_value(rows)
    others = _beforehand(what, compared, selection)
    on_scale = _on_scale(compared, filled, others, what)
    figure, plain = _figures(what, compared, rows, others, on_scale, selection) if on_scale else (None, None)
    table = rows.with_columns(
        of_whom=pl.col("measure").replace_strict(
            {"state": _("the state"), "total": _("the group as a whole"), "median": _("median of its states")},
            return_dtype=pl.String,
        ),
        status=pl.when(pl.col("value").is_null() & pl.col("value_code").is_null()).then("obs_status"),
        remark=each(rows, _remark),
    )
    return View(
        id="compare.over_time",
        title=_("{title}: {indicator}", title=titles()["compare.over_time"], indicator=what.title),
        takeaway=_years_with_records(compared, filled) if what.is_flow else _takeaway(compared, filled),
        figure=figure,
        plain=plain,
        table=table,
        columns=_columns(table, what, selection),
        notes=tuple(_notes(what, compared, on_scale, rows, selection)),
        sources=cite_count(sorted(set(filled["source_id"].drop_nulls()))),
        period=period_text(selection),
        options=explored.options(what),
        empty="" if filled.height else _why_nothing(what),
    )


def _shown(what: Explored, compared: Sequence[Compared], rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that may be shown: those of states only where they tell of no missing reply."""
    hidden = [one.code for one in compared if one.is_state] if what.is_names_hidden else []
    order = {one.code: place for place, one in enumerate(compared)}
    return rows.filter(~pl.col("area_code").is_in(hidden)).sort(
        pl.col("area_code").replace_strict(order, return_dtype=pl.Int64), "year"
    )


def _why_nothing(what: Explored) -> str:
    if what.is_names_hidden:
        return _("States whose reply was not received are not named on this site.")
    if what.years is None:
        return _("This indicator has no values year by year.")
    return _("None of these areas has a value of this indicator in these years.")


def _on_scale(
    compared: Sequence[Compared], filled: pl.DataFrame, others: pl.DataFrame, what: Explored
) -> list[Compared]:
    """The areas whose values share a scale: single states and medians of states, or else groups; none where all is zero."""
    have = set(filled["area_code"])
    is_drawn = pl.col("value").is_null() | (pl.col("value") != 0) | pl.lit(not what.is_flow)
    above = {*filled.filter(is_drawn)["area_code"], *others["area_code"]}
    states = [one for one in compared if one.code in have and (one.is_state or has_medians(what))]
    groups = [one for one in compared if one.code in have and one not in states]
    return next((alike for alike in (states, groups) if above & {one.code for one in alike}), [])


def _beforehand(what: Explored, compared: Sequence[Compared], selection: Selection) -> pl.DataFrame:
    """What was announced or planned beside what was held: area_code, year, value, category."""
    codes = sorted(one.code for one in compared)
    frames = [
        compare.series(what.indicator_id, category, "_T", "_T", codes, **selection.period)
        .filter(pl.col("value") > 0)
        .select("area_code", "year", "value", category=pl.lit(category))
        for category in _STACKED.get(what.one.category, ())
        if what.indicator_id == "training_events"
    ]
    schema = {"area_code": pl.String, "year": pl.Int32, "value": pl.Float64, "category": pl.String}
    return pl.concat([pl.DataFrame(schema=schema), *frames], how="diagonal_relaxed")


def _years_with_records(compared: Sequence[Compared], filled: pl.DataFrame) -> str:
    """In how many of the years each of them has anything on record."""
    above = filled.filter(pl.col("value") > 0)
    said = listing(
        _("{area} {value}", area=one.name, value=number(above.filter(pl.col("area_code") == one.code).height))
        for one in compared
    )
    return _("Years with something on record, of {total}: {values}.", total=filled["year"].n_unique(), values=said)


def _takeaway(compared: Sequence[Compared], filled: pl.DataFrame) -> str:
    """In how many years all of them have a value, which is where they can be compared."""
    own = [set(filled.filter(pl.col("area_code") == one.code)["year"]) for one in compared]
    shared = sorted(set.intersection(*own)) if own else []
    if shared and len(compared) == 2:
        return n_(
            "Both have a value in {n} year, {first}.",
            "Both have a value in {n} years between {first} and {last}.",
            len(shared),
            first=str(shared[0]),
            last=str(shared[-1]),
        )
    if shared:
        return n_(
            "All {total} have a value in {n} year, {first}.",
            "All {total} have a value in {n} years between {first} and {last}.",
            len(shared),
            total=len(compared),
            first=str(shared[0]),
            last=str(shared[-1]),
        )
    without = [one.name for one, years in zip(compared, own, strict=True) if not years]
    if without:
        return n_(
            "{areas} has no value of this indicator in these years.",
            "{areas} have no value of this indicator in these years.",
            len(without),
            areas=listing(without),
        )
    return _("In no year do all of them have a value.")


def _figures(
    what: Explored,
    compared: Sequence[Compared],
    rows: pl.DataFrame,
    others: pl.DataFrame,
    on_scale: Sequence[Compared],
    selection: Selection,
) -> tuple[Drawing, go.Figure | None]:
    """The panels, and the same as one plain chart where that can be."""
    filled = explored.with_value(rows).filter(pl.col("area_code").is_in([one.code for one in on_scale]))
    others = others.filter(pl.col("area_code").is_in([one.code for one in on_scale]))
    years = _years(what, filled, others, selection)
    is_levels = bool(filled["value_code"].is_not_null().any())
    style: Style = "levels" if is_levels else "bars" if what.is_flow else "line"
    levels = _levels(filled) if is_levels else []
    if is_levels:
        scale = levels_of(levels, years)
    else:
        stacked = pl.concat([filled.select("area_code", "year", "value"), others.select("area_code", "year", "value")])
        tops = stacked.group_by("area_code", "year").agg(pl.col("value").sum())["value"].to_list()
        scale = scale_of(tops, years, what.decimals, from_zero=what.is_flow)
        if what.is_share or what.is_year:
            scale = Scale(
                scale.first, scale.last, scale.low, scale.high, tuple((at, what.written(at)) for at, _t in scale.ticks)
            )
    published = set(compare.published_years(what.indicator_id))
    # what is counted anew each year is headed by the count over the years; everything else by its newest value
    whole = {figure.area: figure for figure in measured(selection).figures} if what.is_flow else {}
    drawn = Drawn(
        what=what,
        rows=rows,
        others=others,
        scale=scale,
        levels=tuple(levels),
        published=frozenset(published),
        whole=whole,
        remarks=remarks_on_definition(what, on_scale, filled),
        codes=frozenset(one.code for one in on_scale),
        selection=selection,
    )
    panels = [panel_of(one, drawn) for one in compared]
    multiples = small_multiples(
        panels,
        scale,
        style=style,
        legend=_legend(what, panels, style),
        label=_("One panel for each state or group, on one scale"),
        hint=_("Arrow keys go from panel to panel, Enter opens the page of the area."),
    )
    return multiples, plain_chart(panels, style, colours=palette("light"))


def _years(what: Explored, filled: pl.DataFrame, others: pl.DataFrame, selection: Selection) -> list[int]:
    """The years of the axis: the chosen ones as far as there is anything in them."""
    found = [*filled["year"], *others["year"]]
    if what.is_derived and what.years:
        first, last = what.years
        return [
            max(selection.first_year or first, min(first, *found)),
            max(min(selection.last_year or last, last), *found),
        ]
    return [min(found), max(found)]


def _levels(filled: pl.DataFrame) -> list[str]:
    """The codes of the order, and last those outside it."""
    found = set(filled["value_code"].drop_nulls())
    if found <= set(_ORDER):
        # the whole order stands on the axis, so that a code says where it stands in it
        return [code for code in _ORDER if code != "SC" or code in found]
    ranked = filled.unique("value_code").sort("value", "value_code", nulls_last=True)
    return ranked["value_code"].to_list()


def _legend(what: Explored, panels: Sequence[Panel], style: Style) -> dict[str, str]:
    """The kinds of mark that occur, with their words."""
    kinds = {point.kind for panel in panels for point in panel.points if style != "bars" or point.value}
    found: dict[str, str] = {}
    if style == "bars":
        words = explored.word(what.one) if len(what.slices) > 1 else what.unit
        if "focus" in kinds:
            found["focus"] = words
        if "announced" in kinds:
            found["announced"] = words if what.is_beforehand else label("event_status", "announced")
        if "planned" in kinds:
            found["planned"] = label("event_status", "planned")
    elif style == "levels":
        found["level"] = _("code of the year")
    else:
        is_joined = any(len(stretch.points) > 1 for panel in panels for stretch in panel.stretches)
        if any(panel.points and not panel.is_median for panel in panels):
            found["line" if is_joined else "level"] = _("the state or group of the panel")
        if any(panel.points and panel.is_median for panel in panels):
            found["median"] = _("median of the group’s states")
        if is_joined and sum(bool(panel.points) and not panel.remark for panel in panels) > 1:
            found["others"] = _("the others")
    if any(point.is_open for panel in panels for point in panel.points):
        found["estimate"] = _("estimate or provisional")
    if any(panel.breaks for panel in panels):
        found["break"] = _("break: before and after do not compare")
    statuses = {kind: status for status, kind in KINDS_OF_EMPTY.items()}
    empty = {kind for panel in panels for _year, kind in panel.empties}
    return found | {kind: what.statuses[status] for kind, status in statuses.items() if kind in empty}


def _remark(row: Mapping[str, object]) -> str:
    """What the source says of a value, an estimate, a break, or how many states are behind a median."""
    parts = [label("observation_note", str(row["remark"] or ""))]
    if row["obs_status"] in ("E", "P", "B"):
        parts.insert(0, label("obs_status", str(row["obs_status"])))
    if row["with_value"] is not None:
        parts.append(_("{n} of {total} states", n=int(str(row["with_value"])), total=int(str(row["states"]))))
    return clauses(parts)


def _columns(table: pl.DataFrame, what: Explored, selection: Selection) -> tuple[Column, ...]:
    columns = (
        Column("area_code", _("State or group"), "area"),
        Column("year", _("Year"), "year"),
        Column("value_code", _("Code")),
        Column(
            "value",
            _("Value"),
            "percent" if what.is_share else "number",
            0 if what.is_share else what.decimals,
            status_key="status",
            behind=lambda row: behind_year(what, row, selection),
        ),
        Column("of_whom", _("Value of")),
        Column("coverage", _("Coverage"), "percent"),
        Column("remark", _("Remark"), is_wide=True),
        Column("source_id", _("Source"), "source"),
    )
    can_be_left_out = ("value_code", "coverage")
    return tuple(
        column for column in columns if column.key not in can_be_left_out or table[column.key].is_not_null().any()
    )


def _notes(
    what: Explored, compared: Sequence[Compared], on_scale: Sequence[Compared], rows: pl.DataFrame, selection: Selection
) -> list[str]:
    notes = [
        _("All panels have the same years and the same scale; only years that follow each other are joined.")
        if not what.is_flow
        else _(
            "All panels have the same years and the same scale; a year without a bar has a zero on record, or says why not."
        )
    ]
    notes += unit_note(what)
    totals = [one.name for one in compared if one not in on_scale and one.code in set(rows["area_code"])]
    if totals and any(one.is_state for one in on_scale):
        notes.append(
            _(
                "Not drawn, because a group as a whole is on another scale than single states: {areas}.",
                areas=listing(totals),
            )
        )
    if selection.is_all_time and what.is_flow:
        notes += _undated(what, on_scale)
    remarks = {
        (row["area_code"], row["remark"])
        for row in explored.with_value(rows).iter_rows(named=True)
        if comparability.definition(row["note"])
    }
    names = {one.code: one.name for one in compared}
    notes += [
        _("{area}: the source says “{remark}”.", area=names[code], remark=remark) for code, remark in sorted(remarks)
    ]
    return [*notes, what.definition, *([what.rule] if what.rule else [])]


def _undated(what: Explored, on_scale: Sequence[Compared]) -> list[str]:
    """What belongs to no single year and so stands in no panel."""
    said = []
    for one in on_scale:
        rows = explore.without_year(what.indicator_id, one.code).filter(pl.col("category") == what.one.category)
        if rows.height:
            said.append(_("{area} {value}", area=one.name, value=what.written(rows["value"][0])))
    return [_("On record without a single year, and so in no panel: {values}.", values=listing(said))] if said else []
