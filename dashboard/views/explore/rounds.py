"""An indicator of questionnaires: one figure for each of them, in the order of their years and never as a series."""

from collections.abc import Mapping

import polars as pl

from dashboard import areas
from dashboard.charts.split_bars import Part, SplitBar, split_bars
from dashboard.i18n import _, n_
from dashboard.labels import label
from dashboard.queries import explore as queries
from dashboard.queries.explore import Slice
from dashboard.selection import Selection
from dashboard.views.explore.year_view import nothing_of, year_view
from dashboard.views.explored import Explored, with_value, word
from dashboard.views.view import Column, View
from dashboard.views.worded import in_words


def rounds_view(what: Explored, area: str, selection: Selection) -> View:
    """The indicator for every questionnaire in turn: each has its own year, and no two are one series."""
    rows = queries.of_each_round(what.indicator_id, area, **selection.period)
    slices = {one.category: one for one in what.slices}
    bars = [_round_bar(what, row, slices, area) for row in rows.iter_rows(named=True)]
    table = rows.with_columns(
        pl.col("round_id").alias("category"),
        pl.Series("kind", [word(slices[code]) for code in rows["round_id"]], dtype=pl.String),
        form=in_words(rows["form_family"], "form_family"),
    )
    filled = with_value(rows)
    takeaway = n_(
        "{area}: {n} of {total} questionnaires has a figure.",
        "{area}: {n} of {total} questionnaires have a figure.",
        filled.height,
        area=areas.name(area),
        total=rows.height,
    )
    return year_view(
        what,
        table,
        selection,
        takeaway=takeaway,
        figure=split_bars(
            bars, legend=[("focus", label("form_family", "oas")), ("context", label("form_family", "other_body"))]
        ),
        notes=[
            _(
                "Each questionnaire asked something else: they are listed in the order of their years and make no series."
            )
        ],
        columns=(Column("kind", _("Questionnaire"), is_wide=True), Column("form", _("Whose form"))),
        empty="" if filled.height else nothing_of(area),
    )


def _round_bar(what: Explored, row: Mapping[str, object], slices: Mapping[str, Slice], area: str) -> SplitBar:
    one = Explored(what.about, what.slices, slices[str(row["round_id"])])
    value = 0.0 if row["value"] is None else float(str(row["value"]))
    role = "focus" if row["form_family"] == "oas" else "context"
    is_state = area in areas.states()
    return SplitBar(word(one.one), () if is_state else (Part(role, value),), one.said(row, of_state=is_state))
