"""One indicator over the years: as lines, as bars of what a year's records count, as codes, or questionnaire by questionnaire."""

import polars as pl

from dashboard import areas
from dashboard.i18n import _
from dashboard.queries import explore as queries
from dashboard.selection import Selection
from dashboard.views.explore.bars import bars_view
from dashboard.views.explore.codes import codes_view
from dashboard.views.explore.lines import lines_view
from dashboard.views.explore.rounds import rounds_view
from dashboard.views.explore.said import codes_of, nothing_said
from dashboard.views.explore.year_view import year_view
from dashboard.views.explored import ROUNDS, Explored, explored, highlighted
from dashboard.views.registry import view
from dashboard.views.view import View


@view("explore.trend")
def trend(selection: Selection) -> View:
    """The indicator year by year: the chosen state or group among the others."""
    what = explored(selection)
    if what.indicator_id in ROUNDS:
        return rounds_view(what, _area_shown(what, selection), selection)
    rows = _shown_rows(what, queries.by_year(what.one, **selection.period))
    if rows.is_empty():
        return year_view(what, rows, selection, empty=_no_years(what))
    if codes_of(rows):
        return codes_view(what, rows, selection)
    area = _area_shown(what, selection)
    if what.is_flow or (what.yes_no and area in areas.states()):
        return (
            bars_view(what, rows, area, selection)
            if area
            else year_view(what, rows, selection, empty=_choose_a_state())
        )
    if what.yes_no and not what.has_groups:
        return year_view(what, rows, selection, empty=_choose_a_state())
    return lines_view(what, rows, selection)


def _area_shown(what: Explored, selection: Selection) -> str:
    """The area whose records are drawn: the chosen one if the indicator has it, else the hemisphere; or none."""
    chosen = highlighted(selection)
    if chosen and (what.has_states if chosen in areas.states() else what.has_groups):
        return chosen
    return areas.HEMISPHERE if what.has_groups else ""


def _choose_a_state() -> str:
    return _("This indicator has values of single states only: choose a state to see its years.")


def _shown_rows(what: Explored, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows without those of single states where these are not to be shown."""
    return rows if what.has_states else rows.filter(~pl.col("area_code").is_in(areas.states()))


def _no_years(what: Explored) -> str:
    if what.years is None or queries.by_year(what.one, 1800, 2100).is_empty():
        return _(
            "{indicator} has one value for all years together, so there is no trend to show.", indicator=what.title
        )
    return nothing_said(what)
