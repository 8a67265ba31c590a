"""One indicator on the map of the states; one that only groups have, as bars of the groups."""

from collections.abc import Mapping

import polars as pl

from dashboard import areas
from dashboard.charts.classes import classes
from dashboard.charts.split_bars import Part, SplitBar, split_bars
from dashboard.charts.state_map import state_map
from dashboard.i18n import _, listing, n_
from dashboard.selection import Selection, address
from dashboard.views.behind import behind_address
from dashboard.views.explore.said import (
    behind_row,
    code_word,
    codes_of,
    columns_of,
    coverage_said,
    nothing_said,
    own_yardstick,
    page_of_area,
    range_said,
    said_with_year,
    sources_of,
    with_words,
)
from dashboard.views.explored import (
    Explored,
    explored,
    notes_of,
    of_groups,
    of_states,
    options,
    values,
    when_said,
    with_value,
)
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.view import Drawing, Markup, View
from dashboard.views.worded import each


@view("explore.map")
def explore_map(selection: Selection) -> View:
    """The indicator on the map of the states; one that only groups have, as bars of the groups."""
    what = explored(selection)
    rows = values(what, selection)
    if not what.has_states:
        return _groups_view(what, rows, selection)
    states = of_states(rows)
    empty = "" if with_value(states).height else nothing_said(what)
    return View(
        id="explore.map",
        title=_("{indicator}, by state", indicator=what.title),
        takeaway=f"{range_said(what, states)} {when_said(what, states, selection)}",
        figure=_drawn_map(what, states, selection) if not empty else None,
        table=with_words(what, states),
        columns=columns_of(what, states, selection),
        notes=(*own_yardstick(what), coverage_said(what, rows), *notes_of(what)),
        sources=sources_of(what, states),
        period=period_text(selection),
        options=options(what),
        empty=empty,
    )


def _drawn_map(what: Explored, states: pl.DataFrame, selection: Selection) -> Drawing | Markup:
    codes = codes_of(states)
    unranked: list[str] = []
    if codes:
        unranked = [code for code in codes if states.filter(value_code=code)["value"].is_null().all()]
        order = {code: position for position, code in enumerate(code for code in codes if code not in unranked)}
        levels: list[int | None] = [order.get(code) for code in states["value_code"]]
        words = tuple(code_word(code) for code in order)
    elif what.yes_no:
        levels = [None if value is None else 3 if value else -1 for value in states["value"]]
        words = ("", "", "", what.yes_no[0])
    else:
        levels, words = _levels(what, states["value"].to_list())
    ringed = _ringed(what, selection)
    tiles = areas.tiles().join(
        states.select("area_code", "obs_status").with_columns(
            pl.Series("level", levels, dtype=pl.Int64),
            states["value_code"].is_in(unranked).fill_null(False).alias("is_apart"),
            each(states, lambda row: _tile_text(what, row)).alias("text"),
            each(states, lambda row: _said_on_map(what, row, ringed.get(row["area_code"]))).alias("said"),
            pl.Series("has_ring", [code in ringed for code in states["area_code"]], dtype=pl.Boolean),
        ),
        on="area_code",
        how="left",
        validate="1:1",
        maintain_order="left",
    )
    return state_map(
        tiles,
        kind=selection.map,
        names=areas.names(),
        links={code: address("country", selection, area=code) for code in states["area_code"]},
        classes=words,
        statuses=what.statuses,
        ring=_("more announced or planned"),
        apart=", ".join(code_word(code) for code in unranked),
        chosen=selection.area,
    )


def _levels(what: Explored, found: list[float | None]) -> tuple[list[int | None], tuple[str, ...]]:
    if what.is_share:
        # classes of whole percents: two shares that read the same belong to the same class
        found = [None if value is None else round(value * 100) for value in found]
    levels, words = classes(found, None if what.is_year else 0 if what.is_share else what.decimals)
    return levels, tuple(f"{text} %" for text in words) if what.is_share else words


def _ringed(what: Explored, selection: Selection) -> dict[str, int]:
    """The states of which more was announced or planned than is shown, with how much (events only)."""
    if what.indicator_id != "training_events" or what.is_beforehand:
        return {}
    found: dict[str, int] = {}
    for one in what.slices:
        other = Explored(what.about, what.slices, one)
        if other.is_beforehand:
            for row in of_states(values(other, selection)).filter(pl.col("value") > 0).iter_rows(named=True):
                found[row["area_code"]] = found.get(row["area_code"], 0) + int(row["value"])
    return found


def _tile_text(what: Explored, row: Mapping[str, object]) -> str:
    if row["value_code"]:
        return str(row["value_code"])
    if row["value"] is None:
        return "–"
    value = float(str(row["value"]))
    if what.yes_no:
        return "✓" if value else "0"
    return what.written(value, is_short=True)


def _said_on_map(what: Explored, row: Mapping[str, object], others: int | None) -> str:
    said = said_with_year(what, row)
    return f"{said}; {n_('{n} announced or planned', '{n} announced or planned', others)}" if others else said


def _groups_view(what: Explored, rows: pl.DataFrame, selection: Selection) -> View:
    """The indicator for the groups of the scheme and the hemisphere, where no single state has a value to show."""
    groups = of_groups(rows, selection)
    filled = with_value(groups)
    bars = [
        SplitBar(
            areas.name(row["area_code"]),
            (Part("context" if row["area_code"] == areas.HEMISPHERE else "focus", float(row["value"] or 0)),),
            said_with_year(what, row) if not what.is_share else what.said(row),
            link=page_of_area(row["area_code"], selection),
            behind=behind_address(one, selection) if (one := behind_row(what, row, selection)) else "",
        )
        for row in groups.iter_rows(named=True)
    ]
    said = [
        _("{group} {n}", group=areas.name(row["area_code"]), n=what.said(row, of_state=False))
        for row in groups.iter_rows(named=True)
    ]
    notes = [
        _("Single states are not shown: it would tell whose questionnaire was not received.")
        if what.is_names_hidden
        else _("This indicator exists for groups of states and for the hemisphere only, so there is no map of states."),
        *notes_of(what),
    ]
    return View(
        id="explore.map",
        title=_("{indicator}, by group of states", indicator=what.title),
        takeaway=f"{listing(said)}. {when_said(what, groups, selection)}" if groups.height else "",
        figure=split_bars(
            bars,
            legend=[("focus", areas.schemes()[selection.scheme]), ("context", areas.name(areas.HEMISPHERE))],
        )
        if filled.height
        else None,
        table=with_words(what, groups),
        columns=columns_of(what, groups, selection, of="groups"),
        notes=tuple(notes),
        sources=sources_of(what, groups),
        period=period_text(selection),
        options=options(what),
        empty="" if filled.height else nothing_said(what),
    )
