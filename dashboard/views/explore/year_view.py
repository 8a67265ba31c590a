"""What the views of an indicator by year share: their frame, their years, their sentences for nothing."""

from collections.abc import Sequence

import polars as pl

from dashboard import areas
from dashboard.i18n import _
from dashboard.selection import Selection
from dashboard.views.explore.said import columns_of, own_yardstick, sources_of, with_words
from dashboard.views.explored import Explored, notes_of, options
from dashboard.views.periods import period_text
from dashboard.views.view import Column, Figure, View

HEIGHT = 400


def year_view(
    what: Explored,
    rows: pl.DataFrame,
    selection: Selection,
    *,
    takeaway: str = "",
    figure: Figure | None = None,
    notes: Sequence[str] = (),
    empty: str = "",
    columns: Sequence[Column] = (),
) -> View:
    """A view of an indicator by year; ``columns`` come before those of its values, ``notes`` before what is always said."""
    return View(
        id="explore.trend",
        title=_("{indicator}, by year", indicator=what.title),
        takeaway=takeaway,
        figure=figure,
        table=with_words(what, rows),
        columns=(*columns, *columns_of(what, rows, selection, of="areas")),
        notes=(*notes, *own_yardstick(what), *notes_of(what)),
        sources=sources_of(what, rows),
        period=period_text(selection),
        height=HEIGHT,
        options=options(what),
        empty=empty,
    )


def charted_years(what: Explored, rows: pl.DataFrame, selection: Selection) -> tuple[int, int]:
    """The years of the chart: the chosen ones as far as the indicator has any, else those with rows."""
    first, last = what.years or (int(str(rows["year"].min())), int(str(rows["year"].max())))
    return max(first, selection.first_year or first), min(last, selection.last_year or last)


def nothing_of(area: str) -> str:
    """Why there is nothing by year of an area."""
    return _("{area} has no value of this indicator by year in this period.", area=areas.name(area))
