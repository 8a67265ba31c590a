"""The panels of a comparison over time: what each area has, what breaks its line, and what stands where nothing is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from dashboard import comparability
from dashboard.charts.small_multiples import Panel, Point, Scale, Stretch
from dashboard.charts.tile_map import KINDS_OF_EMPTY
from dashboard.comparability import Figure
from dashboard.i18n import _, named
from dashboard.labels import label
from dashboard.selection import Selection
from dashboard.views import explored
from dashboard.views.behind import behind_address
from dashboard.views.compare.chosen import Compared, page_of
from dashboard.views.compare.measured import behind_figure, behind_year, has_medians, written
from dashboard.views.explored import Explored


@dataclass(frozen=True)
class Drawn:
    """What all panels are drawn from.

    ``rows`` are the yearly rows, ``others`` what was said beforehand beside them; ``levels`` the codes of an order;
    ``published`` the years in which any state has a value; ``whole`` the figure over all the years of what is counted anew
    each year; ``remarks`` why a panel does not compare with the others; ``codes`` the areas that share the scale.
    """

    what: Explored
    rows: pl.DataFrame
    others: pl.DataFrame
    scale: Scale
    levels: tuple[str, ...]
    published: frozenset[int]
    whole: Mapping[str, Figure]
    remarks: Mapping[str, str]
    codes: frozenset[str]
    selection: Selection


def panel_of(one: Compared, drawn: Drawn) -> Panel:
    """The panel of an area; one that is not on the scale of the others says why."""
    what = drawn.what
    own = drawn.rows.filter(pl.col("area_code") == one.code)
    filled = explored.with_value(own)
    newest = filled.row(-1, named=True) if filled.height else {}
    whole = drawn.whole.get(one.code)
    if whole:
        is_same_kind = whole.basis in ("", what.one.category)
        when = written(what, whole) if is_same_kind else label("obs_status", "O")
        rows_behind = behind_figure(what, whole, drawn.selection) if is_same_kind else None
    else:
        words = (
            str(newest["value_code"] or what.said(newest | {"numerator": None}))
            if newest
            else label("obs_status", "M" if _is_of_other_kind(what, one) else "O")
        )
        when = f"{words} · {newest['year']}" if newest else words
        rows_behind = behind_year(what, newest, drawn.selection) if newest else None
    panel = Panel(
        name=one.name,
        link=page_of(one, drawn.selection),
        said=named(one.name, when),
        newest=when,
        newest_link=behind_address(rows_behind, drawn.selection) if rows_behind else "",
    )
    if one.code not in drawn.codes:
        return replace(panel, instead=_instead(what, one, filled))
    values = {
        row["year"]: float(-drawn.levels.index(row["value_code"])) if drawn.levels else float(row["value"])
        for row in filled.iter_rows(named=True)
        if drawn.levels or row["value"] is not None
    }
    breaks = _breaks(filled)
    announced = drawn.others.filter(pl.col("area_code") == one.code)
    kind = "announced" if what.is_beforehand else "focus"
    estimated = set(filled.filter(pl.col("obs_status").is_in(["E", "P"]))["year"])
    return replace(
        panel,
        points=(
            *(Point(year, value, kind, year in estimated) for year, value in values.items()),
            *(
                Point(year, value, category)
                for year, value, category in announced.select("year", "value", "category").iter_rows()
            ),
        ),
        stretches=tuple(
            Stretch(tuple((year, values[year]) for year in years)) for years in comparability.runs(list(values), breaks)
        ),
        breaks=tuple(year for year in breaks if drawn.scale.first <= year <= drawn.scale.last),
        empties=tuple(_empties(own, drawn)),
        is_median=not one.is_state and has_medians(what),
        remark=drawn.remarks.get(one.code, ""),
    )


def remarks_on_definition(what: Explored, on_scale: Sequence[Compared], filled: pl.DataFrame) -> dict[str, str]:
    """Area -> why its panel does not compare with the others in any year: a yardstick or a definition of its own."""
    newest = {row["area_code"]: row for row in filled.sort("year").iter_rows(named=True)}
    figures = [
        Figure(
            area=one.code,
            name=one.name,
            value=newest[one.code]["value"],
            code=newest[one.code]["value_code"] or "",
            remark=newest[one.code]["note"] or "",
            remark_words=newest[one.code]["remark"] or "",
        )
        for one in on_scale
        if one.code in newest
    ]
    return {
        verdict.figure.area: reason.text
        for verdict in comparability.verdicts(figures, what.indicator_id)
        for reason in verdict.reasons
        if reason.rule in ("definition", "yardstick")
    }


def _instead(what: Explored, one: Compared, filled: pl.DataFrame) -> str:
    """Why nothing of an area is drawn on the scale of the others."""
    if filled.height and one.is_state:
        return _("Nothing above zero is on record in these years.")
    if filled.height:
        return _("A group as a whole, not a single state: its figures are in the table and not on this scale.")
    if _is_of_other_kind(what, one):
        return _("A figure of groups only.") if one.is_state else _("A figure of single states only.")
    return _("No value on record in these years: not reported is not zero.")


def _breaks(filled: pl.DataFrame) -> list[int]:
    return comparability.breaks(
        [
            (year, status, comparability.definition(note))
            for year, status, note in filled.select("year", "obs_status", "note").iter_rows()
        ]
    )


def _empties(own: pl.DataFrame, drawn: Drawn) -> list[tuple[int, str]]:
    """The years without a value in which others have one, or a row says why there is none."""
    filled = set(explored.with_value(own)["year"])
    said = dict(own.select("year", "obs_status").iter_rows())
    return [
        (year, KINDS_OF_EMPTY.get(said.get(year, "O"), "missing"))
        for year in range(drawn.scale.first, drawn.scale.last + 1)
        if year not in filled and (year in said or (year in drawn.published and not drawn.what.is_derived))
    ]


def _is_of_other_kind(what: Explored, one: Compared) -> bool:
    """Whether the indicator has no values of this kind of area at all."""
    return not what.has_states if one.is_state else not what.has_groups and not has_medians(what)
