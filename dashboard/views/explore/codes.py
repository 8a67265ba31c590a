"""An indicator whose values are codes: how many states have each, year by year."""

import polars as pl

from dashboard import areas
from dashboard.charts.code_years import code_years
from dashboard.i18n import _, named, number
from dashboard.selection import Selection
from dashboard.views.explore.lines import break_notes
from dashboard.views.explore.said import code_word, codes_of
from dashboard.views.explore.year_view import charted_years, year_view
from dashboard.views.explored import Explored
from dashboard.views.view import View


def codes_view(what: Explored, rows: pl.DataFrame, selection: Selection) -> View:
    """How many states have each code in each year, and the way of the chosen state through them."""
    codes = codes_of(rows)
    coded = rows.filter(pl.col("value_code").is_not_null())
    counted = coded.group_by("value_code", "year").agg(states=pl.len()).sort("year", "value_code")
    first, last = charted_years(what, coded, selection)
    chosen = selection.area
    own = dict(coded.filter(area_code=chosen).select("year", "value_code").iter_rows())
    marked = sorted(set(coded.filter(obs_status="B")["year"]))
    # the year in which most series are marked is the break of them all; one state's later start is its own
    broken = [year for year in marked if coded.filter(obs_status="B", year=year).height > 1]
    figure = code_years(
        {(code, year): states for code, year, states in counted.iter_rows()},
        [(code, code_word(code)) for code in codes],
        list(range(first, last + 1)),
        corner=_("Tier"),
        caption=_("States in each tier, by year"),
        own=own,
        own_name=areas.name(chosen) if chosen else "",
        broken=broken,
        break_name=_("break in the series"),
    )
    newest = counted.filter(year=last)
    said = ", ".join(named(code_word(row["value_code"]), number(row["states"])) for row in newest.iter_rows(named=True))
    takeaway = _("States with each tier in {year}: {counts}.", year=str(last), counts=said)
    if own:
        year = max(own)
        takeaway = _(
            "{area}: {tier} in {year}. {others}",
            area=areas.name(chosen),
            tier=code_word(own[year]),
            year=str(year),
            others=takeaway,
        )
    missing = [
        year for year in range(first, last + 1) if coded.filter(year=year)["area_code"].n_unique() < len(areas.states())
    ]
    notes = break_notes(coded.filter(pl.col("year").is_in(broken)))
    if missing:
        notes.append(
            _("States without a tier in a year are not in its column, so the columns add up to different numbers.")
        )
    return year_view(what, coded.sort("area_code", "year"), selection, takeaway=takeaway, figure=figure, notes=notes)
