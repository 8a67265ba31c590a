"""Events and programmes in a group."""

from collections.abc import Mapping

import polars as pl

from dashboard import areas
from dashboard.charts.years import Series, stacked_years
from dashboard.choices import record_years
from dashboard.i18n import _, listing, n_
from dashboard.labels import label
from dashboard.queries import subregion, training
from dashboard.record_filters import NO_SINGLE_YEAR
from dashboard.selection import Selection
from dashboard.texts import localise
from dashboard.theme import palette
from dashboard.views.behind import behind, behind_address
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.subregion.choice import group_of, group_option, members_of
from dashboard.views.view import Column, View
from dashboard.views.worded import each, in_words


@view("subregion.events_by_year")
def events_by_year(selection: Selection) -> View:
    """Events held, announced and planned in each year in which states of the group took part."""
    group = group_of(selection)
    rows = training.events_by_year(group, **selection.period)
    undated = training.events_without_year(group) if selection.is_all_time else training.events_without_year("")
    first, last = record_years()
    years = (selection.first_year or first, selection.last_year or last)
    held = int(rows.filter(pl.col("category") == "held")["value"].sum())
    no_year = int(undated["value"].sum())
    statuses = ("held", "announced", "planned")
    table = pl.concat(
        [
            rows.select(pl.col("year").cast(pl.String).alias("when"), "category", "value"),
            undated.select(pl.lit(None, dtype=pl.String).alias("when"), "category", "value"),
        ]
    ).with_columns(
        pl.col("category").replace({code: label("event_status", code) for code in statuses}).alias("status"),
        pl.col("when").fill_null(NO_SINGLE_YEAR).alias("year"),
        pl.col("when").fill_null(_("no single year")),
    )
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
    if (
        subregion.memberships(selection.scheme, group)
        .filter(pl.col("from_on").is_not_null() | pl.col("to_on").is_not_null())
        .height
    ):
        notes.append(_("Each year counts the states that belonged to the group at that year’s end."))
    codes = members_of(selection)
    return View(
        id="subregion.events_by_year",
        title=_("Training events by year"),
        takeaway=n_(
            "{n} event held in one known year is on record for the group.",
            "{n} events held in one known year are on record for the group.",
            held,
        ),
        figure=stacked_years(
            rows,
            (
                Series("held", label("event_status", "held"), "focus"),
                Series("announced", label("event_status", "announced"), "announced"),
                Series("planned", label("event_status", "planned"), "planned"),
            ),
            colours=palette(selection.theme),
            years=years,
            unit=_("events"),
            undated=dict(undated.select("category", "value").iter_rows()),
            undated_name=_("no single year"),
            link=lambda status, year: behind_address(
                behind("events", area=group, status=status, year=year or NO_SINGLE_YEAR), selection
            ),
        ),
        height=260,
        table=table,
        columns=(
            Column("when", _("Year")),
            Column("status", _("Status")),
            Column(
                "value",
                _("Events"),
                "number",
                behind=lambda row: behind("events", area=group, status=row["category"], year=row["year"]),
            ),
        ),
        notes=tuple(notes),
        sources=cite(subregion.event_sources(codes, **selection.period, is_all_time=selection.is_all_time)),
        period=period_text(selection),
        options=group_option(selection),
        empty="" if table.height else _("No event with a state of the group is on record in these years."),
    )


@view("subregion.programmes")
def programmes(selection: Selection) -> View:
    """Programmes in states of the group, with the states in which each was carried out or is under way."""
    codes = members_of(selection)
    found = subregion.programmes(codes, **selection.period, is_all_time=selection.is_all_time)
    names = areas.names()
    rows = localise(found, "name").with_columns(
        pl.Series(
            "in_states", [states_named(codes_, names) for codes_ in found["deployed"].to_list()], dtype=pl.String
        ),
        pl.Series(
            "others", [states_named(codes_, names) for codes_ in found["prospective"].to_list()], dtype=pl.String
        ),
        when=each(found, _years),
        said_pillar=in_words(found["pillar"], "pillar"),
    )
    counted = rows.filter("is_counted")
    return View(
        id="subregion.programmes",
        title=_("OAS programmes in the group"),
        takeaway=n_(
            "{n} programme was carried out or is under way in states of the group; {total} are on record in all.",
            "{n} programmes were carried out or are under way in states of the group; {total} are on record in all.",
            counted.filter(pl.col("states") > 0).height,
            total=counted.height,
        ),
        table=rows,
        columns=(
            Column("name", _("Programme"), is_wide=True),
            Column("said_pillar", _("Pillar")),
            Column("when", _("Years")),
            Column(
                "states",
                _("States with it"),
                "number",
                behind=lambda row: behind(
                    "deployments",
                    area=group_of(selection),
                    programme=row["programme_id"],
                    status="deployed",
                    counting="states",
                ),
            ),
            Column("in_states", _("Carried out or under way in"), is_wide=True),
            Column("others", _("Only planned, announced or of interest in")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            _("Programmes for which a source names no state of the group are not here."),
            _(
                "Records that no source places in a year are listed where they may lie in the period; they count only in all years."
            ),
        ),
        sources=cite(rows),
        period=period_text(selection),
        is_table_open=True,
        options=group_option(selection),
        empty="" if rows.height else _("No programme in a state of the group is on record in these years."),
    )


def states_named(codes: list[str], names: Mapping[str, str]) -> str:
    """States by name, as a list."""
    return listing(sorted(names[code] for code in codes)) if codes else ""


def _years(row: Mapping[str, object]) -> str:
    first, last = row["first_year"], row["last_year"]
    if first is None:
        return _("date not stated")
    if row["is_open"]:
        years = _("from {year}, end not stated", year=str(first))
    else:
        years = str(first) if first == last else f"{first}–{last}"
    return _("{years}, and undated", years=years) if row["has_undated"] else years
