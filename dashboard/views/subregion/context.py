"""Open indicators of a group, and whose grouping it is."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.charts.facts import Fact, facts
from dashboard.i18n import _, clauses, language, listing, n_, number, percent, short_number
from dashboard.labels import label
from dashboard.queries import country, subregion
from dashboard.record_filters import SEPARATOR
from dashboard.selection import Selection
from dashboard.texts import localise
from dashboard.views.behind import Behind, behind, behind_address
from dashboard.views.dates import day_of
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.subregion.choice import group_of, group_option, members_of
from dashboard.views.view import Column, View
from dashboard.views.worded import each

_CONTEXT = {
    "indicator_id": pl.String,
    "decimals": pl.Int32,
    "year": pl.Int32,
    "total": pl.Float64,
    "lowest": pl.Float64,
    "middle": pl.Float64,
    "highest": pl.Float64,
    "coverage": pl.Float64,
    "with_value": pl.Int64,
    "states": pl.Int64,
    "note": pl.String,
    "obs_status": pl.String,
    "source_id": pl.String,
}


@view("subregion.context")
def context(selection: Selection) -> View:
    """Open indicators of the group: sums with their coverage, or range and median of its states."""
    group, codes, last_year = group_of(selection), members_of(selection), selection.period["last_year"]
    sums = subregion.context_sums(group, last_year).rename({"value": "total"})
    ranges = subregion.context_ranges(codes, last_year)
    coded = subregion.context_codes(codes, last_year)
    catalogue = country.indicators()
    titles = dict(zip(catalogue["indicator_id"], catalogue[f"title_{language()}"], strict=True))
    units = dict(zip(catalogue["indicator_id"], catalogue[f"unit_{language()}"], strict=True))
    order = {code: position for position, code in enumerate(catalogue["indicator_id"])}
    rows = (
        pl.concat([pl.DataFrame(schema=_CONTEXT), sums, ranges], how="diagonal_relaxed")
        .with_columns(
            title=pl.col("indicator_id").replace(titles),
            unit=pl.col("indicator_id").replace(units),
        )
        .sort(pl.col("indicator_id").replace_strict(order, return_dtype=pl.Int64))
    )
    rows = rows.with_columns(basis=each(rows, _basis))

    def values(row: Mapping[str, Any]) -> Behind:
        # a sum is of the group's states of its year, a range of those at the end of the period
        is_sum = row["total"] is not None
        where = {"area": group} if is_sum else {"area": SEPARATOR.join(codes), "counting": "records"}
        return behind("observations", indicator=row["indicator_id"], year=row["year"], stated=True, **where)

    shown = [
        Fact(
            name=row["title"],
            note=clauses((str(row["unit"]), str(row["basis"]))),
            cells=(_value(row), str(row["year"])),
            links=(behind_address(values(row), selection),),
        )
        for row in rows.iter_rows(named=True)
    ]
    notes = [
        _(
            "Numbers of people and sums of money are added up; the share says how much of the group’s population, or of its states, stands behind the sum. Everything else is shown as lowest, median and highest state, in the newest year in which at least half of the states have a value."
        ),
        _("Context only: these figures say nothing about how much trafficking there is."),
    ]
    for (indicator, year), own in coded.group_by("indicator_id", "year", maintain_order=True):
        notes.append(
            _(
                "{indicator}, {year}: {codes}.",
                indicator=titles.get(str(indicator), ""),
                year=str(year),
                codes=listing(
                    n_("code {code} in {n} state", "code {code} in {n} states", row["states"], code=row["value_code"])
                    for row in own.iter_rows(named=True)
                ),
            )
        )
    return View(
        id="subregion.context",
        title=_("Context"),
        takeaway=n_(
            "{n} open indicator has a sum or a range for the group.",
            "{n} open indicators have a sum or a range for the group.",
            rows.height,
        ),
        figure=facts((_("Indicator"), _("Sum, or lowest · median · highest"), _("Year")), shown),
        table=rows,
        columns=(
            Column("title", _("Indicator"), is_wide=True),
            Column("unit", _("Unit")),
            Column("year", _("Year"), "year"),
            Column("total", _("Sum"), "number", decimals_key="decimals", behind=values),
            Column("coverage", _("Coverage"), "percent"),
            Column("lowest", _("Lowest"), "number", decimals_key="decimals"),
            Column("middle", _("Median"), "number", decimals_key="decimals"),
            Column("highest", _("Highest"), "number", decimals_key="decimals"),
            Column("with_value", _("States with a value"), "number", behind=values),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(notes),
        sources=cite(rows, coded),
        period=period_text(selection),
        options=group_option(selection),
        empty="" if rows.height else _("No open indicator has a sum or a range for the group in these years."),
    )


def _basis(row: Mapping[str, object]) -> str:
    """What stands behind a sum or a range."""
    if row["with_value"] is not None:
        return _("{n} of {total} states", n=int(str(row["with_value"])), total=int(str(row["states"])))
    if row["coverage"] is None:
        return _("sum")
    share = percent(float(str(row["coverage"])))
    # the note says that coverage had to be counted in states because a population was missing
    if row["note"] == "coverage_by_states" or row["indicator_id"] == "population":
        said = _("sum over {share} of the states", share=share)
    else:
        said = _("sum over states with {share} of the population", share=share)
    return (
        clauses((said, label("obs_status", str(row["obs_status"])))) if row["obs_status"] in ("E", "P", "B") else said
    )


def _value(row: Mapping[str, object]) -> str:
    decimals = int(str(row["decimals"]))
    if row["total"] is not None:
        total = float(str(row["total"]))
        return short_number(total) if abs(total) >= 10_000_000 else number(total, decimals)
    return " · ".join(number(float(str(row[name])), decimals) for name in ("lowest", "middle", "highest"))


@view("subregion.note")
def note(selection: Selection) -> View:
    """Whose grouping it is, and its members by date."""
    group = group_of(selection)
    found = localise(subregion.memberships(selection.scheme, group), "note")
    order = {code: position for position, code in enumerate(areas.states())}
    rows = found.sort(pl.col("area_code").replace_strict(order, default=None, return_dtype=pl.Int64))
    rows = rows.with_columns(
        since=each(rows, lambda row: day_of(row, "from")), until=each(rows, lambda row: day_of(row, "to"))
    )
    dated = rows.filter((pl.col("since") != "") | (pl.col("until") != "")).height
    return View(
        id="subregion.note",
        title=_("Whose grouping it is"),
        takeaway=areas.scheme_note(selection.scheme),
        table=rows,
        columns=(
            Column("area_code", _("State"), "area"),
            Column("since", _("From")),
            Column("until", _("To")),
            Column("note", _("Note"), is_wide=True),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            n_(
                "{n} membership has a date on record; the others hold for all years.",
                "{n} memberships have a date on record; the others hold for all years.",
                dated,
            )
            if dated
            else _("No date is on record for these memberships; they hold for all years."),
        ),
        sources=cite(rows),
        period=_("All years"),
        options=group_option(selection),
    )
