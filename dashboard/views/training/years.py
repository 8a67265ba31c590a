"""Events year by year."""

from collections.abc import Sequence
from itertools import pairwise

import polars as pl

from dashboard import areas
from dashboard.charts.years import Series, stacked_years
from dashboard.i18n import _, n_
from dashboard.labels import label, labels
from dashboard.queries import training
from dashboard.record_filters import NO_SINGLE_YEAR
from dashboard.selection import Selection
from dashboard.theme import palette
from dashboard.views.behind import Behind, behind, behind_address
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.training.wording import ROLES, STATUSES, charted_years
from dashboard.views.view import Column, View


@view("training.events_by_year")
def events_by_year(selection: Selection) -> View:
    """Events held, announced and planned in each year, in the hemisphere."""
    rows = training.events_by_year(areas.HEMISPHERE, **selection.period)
    undated = training.events_without_year(areas.HEMISPHERE)
    held = rows.filter(pl.col("category") == "held")
    no_year = int(undated["value"].sum())
    takeaway = _("No event is on record for these years.") if rows.is_empty() else _most_held(held)

    def shown(status: str, year: int | None) -> Behind:
        return behind("events", status=status, year=year or NO_SINGLE_YEAR)

    apart = undated.select(
        pl.lit(None, dtype=pl.Int32).alias("year"), "category", "value", pl.lit(_("no single year")).alias("when")
    )
    table = pl.concat(
        [
            rows.with_columns(pl.col("year").cast(pl.String).alias("when")).select("year", "category", "value", "when"),
            apart,
        ]
    ).with_columns(pl.col("category").replace(labels("event_status")).alias("status"))
    notes = [_("Announced and planned events are never added to those held: whether they took place is not on record.")]
    if no_year:
        notes.insert(
            0,
            n_(
                "{n} event has no single year in its source; it stands apart at the right and counts only in all years.",
                "{n} events have no single year in their sources; they stand apart at the right and count only in all years.",
                no_year,
            ),
        )
    return View(
        id="training.events_by_year",
        title=_("Training events by year"),
        takeaway=takeaway,
        figure=stacked_years(
            rows,
            tuple(Series(code, label("event_status", code), role) for code, role in zip(STATUSES, ROLES, strict=True)),
            colours=palette(selection.theme),
            years=charted_years(selection),
            unit=_("events"),
            undated=dict(undated.select("category", "value").iter_rows()),
            undated_name=_("no single year"),
            link=lambda status, year: behind_address(shown(status, year), selection),
        ),
        table=table,
        columns=(
            Column("when", _("Year")),
            Column("status", _("Status")),
            Column("value", _("Events"), "number", behind=lambda row: shown(row["category"], row["year"])),
        ),
        notes=tuple(notes),
        sources=cite(training.sources_of_events(**selection.period)),
        period=period_text(selection),
        empty="" if rows.height or no_year else takeaway,
    )


def _most_held(held: pl.DataFrame) -> str:
    """The year with the most events held (the latest of several) and the longest run of years without one."""
    if held.is_empty():
        return _("No event held is dated in these years; the events shown were announced or planned.")
    year, most = held.sort("value", "year", descending=True).select("year", "value").row(0)
    gap = _longest_gap(held["year"].to_list())
    if gap:
        return n_(
            "{year} saw the most events held: {n}; none held is dated {first} to {last}.",
            "{year} saw the most events held: {n}; none held is dated {first} to {last}.",
            int(most),
            year=str(year),
            first=str(gap[0]),
            last=str(gap[1]),
        )
    return n_(
        "{year} saw the most events held: {n}.", "{year} saw the most events held: {n}.", int(most), year=str(year)
    )


def _longest_gap(years: Sequence[int]) -> tuple[int, int] | None:
    """The first and last year of the longest run without any of the given years between two of them."""
    runs = [(low + 1, high - 1) for low, high in pairwise(years) if high - low > 2]
    return max(runs, key=lambda run: run[1] - run[0], default=None)
