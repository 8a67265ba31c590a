"""The people stated for single events: by year, by state, in a sentence."""

from collections.abc import Mapping
from html import escape
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.charts.bars import BarRow, bars
from dashboard.charts.kinds import kinds_by_year
from dashboard.i18n import _, listing, mark, n_
from dashboard.labels import labels
from dashboard.queries import training
from dashboard.record_filters import NO_SINGLE_YEAR
from dashboard.selection import Selection, address
from dashboard.texts import localise
from dashboard.theme import palette
from dashboard.views.behind import Behind, behind, behind_address
from dashboard.views.long_lists import first_named
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.training.wording import (
    BEFOREHAND,
    HATCHES,
    caveats,
    charted_years,
    number_kinds,
    plotted_kinds,
    stated_number,
    sums_by_basis,
    years_asked,
)
from dashboard.views.view import Column, View

OFFICIALS_UNITS = ("government officials trained", "officials trained", "officials")
"""Units of the statements that count officials trained and so may be marked beside the numbers of single events."""
_STATEMENTS = {
    "exactly": mark("{n} stated,<br>{period}"),
    "about": mark("about {n} stated,<br>{period}"),
    "at_least": mark("at least {n} stated,<br>{period}"),
    "more_than": mark("more than {n} stated,<br>{period}"),
}


def counted_sources(selection: Selection) -> pl.DataFrame:
    """The documents behind the events that count in the chosen years: those of a single year, in all years every one."""
    return training.sources_of_counted_events(**years_asked(selection))


def numbers_by_kind(selection: Selection) -> str:
    """The numbers of people of the chosen years in one sentence, each kind of number by itself."""
    rows = training.officials_by_year(**selection.period)
    counted = rows if selection.is_all_time else rows.filter(pl.col("year").is_not_null())
    counts = training.number_counts(**years_asked(selection))
    return _officials_takeaway(sums_by_basis(counted), counts["events"], counts["with_number"])


def _officials_takeaway(sums: Mapping[str, int], events: int, with_number: int) -> str:
    beforehand = listing(_(BEFOREHAND[basis], n=value) for basis, value in sums.items() if basis != "reported")
    if not sums:
        return n_(
            "{n} event is on record, without any number of people.",
            "{n} events are on record, none with a number of people.",
            events,
        )
    if "reported" not in sums:
        return _(
            "No number was reported afterwards; announced beforehand were {numbers}, in {with_number} of {events} events.",
            numbers=beforehand,
            with_number=with_number,
            events=events,
        )
    if not beforehand:
        return n_(
            "{n} person was reported as trained; {with_number} of {events} events have a number.",
            "{n} people were reported as trained; {with_number} of {events} events have a number.",
            sums["reported"],
            with_number=with_number,
            events=events,
        )
    return n_(
        "{n} person was reported as trained; announced beforehand, and not confirmed, were {numbers}.",
        "{n} people were reported as trained; announced beforehand, and not confirmed, were {numbers}.",
        sums["reported"],
        numbers=beforehand,
    )


def with_civil_society(selection: Selection) -> list[str]:
    """Which of the numbers include people from civil society."""
    rows = training.numbers_with_civil_society(**years_asked(selection))
    if rows.is_empty():
        return []
    said = [
        _("{number} ({year})", number=stated_number(basis, value), year=str(year) if year else _("no single year"))
        for year, basis, value in rows.select("year", "number_basis", "value").iter_rows()
    ]
    return [
        n_(
            "A number includes people from civil society, and its source does not say how many: {numbers}.",
            "Some numbers include people from civil society, and their sources do not say how many: {numbers}.",
            rows.height,
            numbers=first_named(said),
        )
    ]


def number_notes(counts: Mapping[str, int], selection: Selection) -> list[str]:
    """What every view of officials has to say: attendances, how many numbers there are, civil society, sex."""
    notes = [
        _("Numbers are attendances as their sources state them, not distinct persons: who came twice counts twice."),
        n_(
            "{n} of {events} events has a number; the others are not zero, their numbers are not stated.",
            "{n} of {events} events have a number; the others are not zero, their numbers are not stated.",
            counts["with_number"],
            events=counts["events"],
        ),
    ]
    notes += with_civil_society(selection)
    notes.append(
        n_(
            "For {n} event a source states how many were women; see the list of events.",
            "For {n} events a source states how many were women; see the list of events.",
            counts["women_stated"],
        )
        if counts["women_stated"]
        else _("No source states how many were women, so no figure for women is shown.")
    )
    return notes


@view("training.officials_by_year")
def officials_by_year(selection: Selection) -> View:
    """People stated for the events of each year, each kind of number beside the others, statements as marks."""
    rows = training.officials_by_year(**selection.period)
    counts = training.number_counts(**years_asked(selection))
    stated = localise(
        training.statements(**selection.period).filter(
            pl.col("unit").is_in(OFFICIALS_UNITS), pl.col("mark_year").is_not_null()
        ),
        "period",
    )
    shared = _("not attributable to one country")
    table = rows.with_columns(
        pl.col("year").cast(pl.String).fill_null(_("no single year")).alias("when"),
        pl.col("number_basis").replace(labels("number_basis")).alias("basis"),
        pl.when("is_attributable").then(pl.lit(_("one country"))).otherwise(pl.lit(shared)).alias("attributed"),
    )
    has_shared = not rows["is_attributable"].all()

    def counted(basis: str, is_own: bool, year: int | None, **further: str) -> Behind:
        part = "own" if is_own else "shared"
        return behind("officials", basis=basis, part=part, year=year or NO_SINGLE_YEAR, **further)

    def counted_in(row: Mapping[str, Any], **further: str) -> Behind:
        return counted(row["number_basis"], row["is_attributable"], row["year"], **further)

    notes = [
        _("Each kind of number has its own bar; kinds are never added. ≥ means at least, ≈ means about."),
        *number_notes(counts, selection),
        *caveats("reading-04"),
    ]
    if has_shared:
        notes.insert(2, _("An outlined part belongs to several countries together; it is never split among them."))
    if stated.height:
        notes.insert(
            2,
            _("A diamond marks a figure stated for many events at once. It stands above the scale and is never added."),
        )
        notes += caveats("reading-03")
    empty = "" if rows.height or stated.height else _("No source states how many people were trained in these years.")
    return View(
        id="training.officials_by_year",
        title=_("People trained, as stated for single events"),
        takeaway=numbers_by_kind(selection),
        figure=kinds_by_year(
            rows.rename({"number_basis": "category"}),
            plotted_kinds(),
            colours=palette(selection.theme),
            years=charted_years(selection),
            unit=_("people"),
            shared_name=shared,
            no_year_name=_("no single year"),
            marks=[
                (row["mark_year"], _(_STATEMENTS[row["qualifier"]], n=row["value"], period=escape(row["period"] or "")))
                for row in stated.iter_rows(named=True)
            ],
            link=lambda basis, is_own, year: behind_address(counted(basis, is_own, year), selection),
        ),
        table=table,
        columns=(
            Column("when", _("Year")),
            Column("basis", _("Kind of number")),
            Column("attributed", _("Belongs to")),
            Column("value", _("People"), "number", behind=counted_in),
            Column("events", _("Events"), "number", behind=lambda row: counted_in(row, counting="records")),
        ),
        notes=tuple(notes),
        sources=cite(training.sources_of_numbers(**selection.period), stated),
        period=period_text(selection),
        height=360,
        empty=empty,
    )


@view("training.officials_by_country")
def officials_by_country(selection: Selection) -> View:
    """People stated for events of one country, by state and kind of number."""
    order = {code: position for position, code in enumerate(areas.states())}
    rows = training.officials_by_state(**years_asked(selection)).sort(
        pl.col("area_code").replace_strict(order, return_dtype=pl.Int64), "number_basis"
    )
    counts = training.number_counts(**years_asked(selection))
    by_state: dict[str, dict[str, dict[str, int]]] = {}
    for row in rows.iter_rows(named=True):
        by_state.setdefault(row["area_code"], {})[row["number_basis"]] = row
    drawn = [
        BarRow(
            areas.name(code),
            address("country", selection, area=code),
            _("with civil society") if any(row["with_civil_society"] for row in own.values()) else "",
            [
                (basis, own[basis]["value"], stated_number(basis, own[basis]["value"], is_short=True))
                for basis in HATCHES
                if basis in own
            ],
            links={basis: behind_address(behind("officials", area=code, basis=basis), selection) for basis in own},
        )
        for code, own in by_state.items()
    ]

    def of_state(row: Mapping[str, Any], **further: str) -> Behind:
        return behind("officials", area=row["area_code"], basis=row["number_basis"], **further)

    shared = training.officials_by_year(**selection.period).filter(~pl.col("is_attributable"))
    shared = shared if selection.is_all_time else shared.filter(pl.col("year").is_not_null())
    notes = [
        _("A state without a bar is not at zero: no number is on record for it, whether or not it took part in events.")
    ]
    notes += [
        _("Not attributable to one country, and in no bar: {number}.", number=stated_number(basis, value))
        for basis, value in sums_by_basis(shared).items()
    ]
    notes += number_notes(counts, selection)
    return View(
        id="training.officials_by_country",
        title=_("People trained, by state"),
        takeaway=n_(
            "For {n} of {total} states a source gives a number that belongs to it alone.",
            "For {n} of {total} states a source gives a number that belongs to them alone.",
            len(by_state),
            total=len(order),
        ),
        figure=bars(drawn, number_kinds(), corner=_("State"), caption=_("People trained, by kind of number")),
        table=rows.with_columns(pl.col("number_basis").replace(labels("number_basis")).alias("basis")),
        columns=(
            Column("area_code", _("State"), "area"),
            Column("basis", _("Kind of number")),
            Column("value", _("People"), "number", behind=of_state),
            Column(
                "with_civil_society",
                _("of these in numbers that include civil society"),
                "number",
                behind=lambda row: of_state(row, scope="officials_and_civil_society"),
            ),
            Column("events", _("Events"), "number", behind=lambda row: of_state(row, counting="records")),
        ),
        notes=tuple(notes),
        sources=cite(training.sources_of_numbers(**selection.period)),
        period=period_text(selection),
        empty="" if rows.height else _("No number in these years belongs to a single country."),
    )
