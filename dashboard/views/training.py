"""Training reach: events, officials, coverage."""

from collections.abc import Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.charts.bars import BarKind, BarRow, bars
from dashboard.charts.coverage import reached_so_far
from dashboard.charts.event_list import Entry, Linked, event_list
from dashboard.charts.kinds import Kind, kinds_by_year
from dashboard.charts.name_lists import name_lists
from dashboard.charts.years import Series, stacked_years
from dashboard.choices import record_years
from dashboard.i18n import _, clauses, day, day_range, language, listing, mark, n_, number
from dashboard.labels import label, labels
from dashboard.queries import overview, training
from dashboard.selection import Selection, address
from dashboard.texts import FREE_OF_REMARK, localise
from dashboard.theme import palette
from dashboard.views.long_lists import first_named
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.sourcing import cite, cite_count
from dashboard.views.view import Column, View

STATUSES = ("held", "announced", "planned")
OFFICIALS_UNITS = ("government officials trained", "officials trained", "officials")
"""Units of the statements that count officials trained and so may be marked beside the numbers of single events."""

MOST_EVENTS, MOST_LISTED = 400, 100
"""The events of the download, and those listed on the page."""
"""The longest list of events on a page; the period chooses among more."""

YEARS_BACK = 5
_HATCHES = {"reported": "", "announced": "/", "announced_minimum": "|", "announced_approx": "-"}
_FILLS = {"reported": "focus", "announced": "announced", "announced_minimum": "minimum", "announced_approx": "about"}
_STATUS_FILLS = {"held": "focus", "announced": "announced", "planned": "planned"}
_SIGNS = {"announced_minimum": "≥", "announced_approx": "≈"}
_STATED_NUMBERS = {
    "reported": mark("{n} reported afterwards"),
    "announced": mark("{n} announced beforehand"),
    "announced_minimum": mark("at least {n} announced beforehand"),
    "announced_approx": mark("about {n} announced beforehand"),
}
_BEFOREHAND = {
    "announced": mark("{n}"),
    "announced_minimum": mark("at least {n}"),
    "announced_approx": mark("about {n}"),
}
_STATEMENTS = {
    "exactly": mark("{n} stated,<br>{period}"),
    "about": mark("about {n} stated,<br>{period}"),
    "at_least": mark("at least {n} stated,<br>{period}"),
    "more_than": mark("more than {n} stated,<br>{period}"),
}


def _years(selection: Selection) -> dict[str, Any]:
    return {**selection.period, "is_all_time": selection.is_all_time}


def _caveats(*caveat_ids: str) -> list[str]:
    """Remarks that the edition keeps on its own figures, in the reader's language."""
    return training.caveats(list(caveat_ids))[f"text_{language()}"].to_list()


def _charted_years(selection: Selection) -> tuple[int, int]:
    """The chosen years, or those of the records where one end is open."""
    first, last = record_years()
    chosen_first, chosen_last = selection.first_year, selection.last_year
    return chosen_first or min(first, chosen_last or first), chosen_last or max(last, chosen_first or last)


def _status_of(column: str) -> pl.Expr:
    """Observation status of a recorded number: as reported, or not reported."""
    return pl.when(pl.col(column).is_null()).then(pl.lit("O")).otherwise(pl.lit("A"))


def _longest_gap(years: Sequence[int]) -> tuple[int, int] | None:
    """The first and last year of the longest run without any of the given years between two of them."""
    runs = [(low + 1, high - 1) for low, high in pairwise(years) if high - low > 2]
    return max(runs, key=lambda run: run[1] - run[0], default=None)


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


@view("training.events_by_year")
def events_by_year(selection: Selection) -> View:
    """Events held, announced and planned in each year, in the hemisphere."""
    rows = training.events_by_year(areas.HEMISPHERE, **selection.period)
    undated = training.events_without_year(areas.HEMISPHERE)
    held = rows.filter(pl.col("category") == "held")
    no_year = int(undated["value"].sum())
    takeaway = _("No event is on record for these years.") if rows.is_empty() else _most_held(held)
    apart = undated.select(
        pl.lit(None, dtype=pl.Int32).alias("year"), "category", "value", pl.lit(_("no single year")).alias("when")
    )
    table = pl.concat(
        [
            rows.with_columns(pl.col("year").cast(pl.String).alias("when")).select("year", "category", "value", "when"),
            apart,
        ]
    ).with_columns(pl.col("category").replace(labels("event_status")))
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
            tuple(Series(code, label("event_status", code), role) for code, role in zip(STATUSES, _ROLES, strict=True)),
            colours=palette(selection.theme),
            years=_charted_years(selection),
            unit=_("events"),
            undated=dict(undated.select("category", "value").iter_rows()),
            undated_name=_("no single year"),
        ),
        table=table,
        columns=(
            Column("when", _("Year")),
            Column("category", _("Status")),
            Column("value", _("Events"), "number"),
        ),
        notes=tuple(notes),
        sources=cite(training.sources_of_events(**selection.period)),
        period=period_text(selection),
        empty="" if rows.height or no_year else takeaway,
    )


_ROLES = ("focus", "announced", "planned")


def _kinds() -> tuple[Kind, ...]:
    return tuple(
        Kind(code, words, _HATCHES[code], _SIGNS.get(code, "")) for code, words in labels("number_basis").items()
    )


def _stated(basis: str, value: int, *, is_short: bool = False) -> str:
    """A number with its kind in words: at least 40 announced beforehand; short: ≥ 40."""
    return _SIGNS.get(basis, "") + number(value) if is_short else _(_STATED_NUMBERS[basis], n=value)


def _by_basis(rows: pl.DataFrame) -> dict[str, int]:
    """The sum of ``value`` of each kind of number that occurs, in the order of the kinds; kinds are never added."""
    sums = dict(rows.group_by("number_basis").agg(pl.col("value").sum()).iter_rows())
    return {basis: int(sums[basis]) for basis in _HATCHES if sums.get(basis)}


def counted_sources(selection: Selection) -> pl.DataFrame:
    """The documents behind the events that count in the chosen years: those of a single year, in all years every one."""
    return training.sources_of_counted_events(**_years(selection))


def numbers_by_kind(selection: Selection) -> str:
    """The numbers of people of the chosen years in one sentence, each kind of number by itself."""
    rows = training.officials_by_year(**selection.period)
    counted = rows if selection.is_all_time else rows.filter(pl.col("year").is_not_null())
    counts = training.number_counts(**_years(selection))
    return _officials_takeaway(_by_basis(counted), counts["events"], counts["with_number"])


def _officials_takeaway(sums: Mapping[str, int], events: int, with_number: int) -> str:
    beforehand = listing(_(_BEFOREHAND[basis], n=value) for basis, value in sums.items() if basis != "reported")
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
    rows = training.numbers_with_civil_society(**_years(selection))
    if rows.is_empty():
        return []
    said = [
        _("{number} ({year})", number=_stated(basis, value), year=str(year) if year else _("no single year"))
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


def _number_notes(counts: Mapping[str, int], selection: Selection) -> list[str]:
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
    counts = training.number_counts(**_years(selection))
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
    notes = [
        _("Each kind of number has its own bar; kinds are never added. ≥ means at least, ≈ means about."),
        *_number_notes(counts, selection),
        *_caveats("reading-04"),
    ]
    if has_shared:
        notes.insert(2, _("An outlined part belongs to several countries together; it is never split among them."))
    if stated.height:
        notes.insert(
            2,
            _("A diamond marks a figure stated for many events at once. It stands above the scale and is never added."),
        )
        notes += _caveats("reading-03")
    empty = "" if rows.height or stated.height else _("No source states how many people were trained in these years.")
    return View(
        id="training.officials_by_year",
        title=_("People trained, as stated for single events"),
        takeaway=numbers_by_kind(selection),
        figure=kinds_by_year(
            rows.rename({"number_basis": "category"}),
            _kinds(),
            colours=palette(selection.theme),
            years=_charted_years(selection),
            unit=_("people"),
            shared_name=shared,
            no_year_name=_("no single year"),
            marks=[
                (row["mark_year"], _(_STATEMENTS[row["qualifier"]], n=row["value"], period=escape(row["period"] or "")))
                for row in stated.iter_rows(named=True)
            ],
        ),
        table=table,
        columns=(
            Column("when", _("Year")),
            Column("basis", _("Kind of number")),
            Column("attributed", _("Belongs to")),
            Column("value", _("People"), "number"),
            Column("events", _("Events"), "number"),
        ),
        notes=tuple(notes),
        sources=cite(training.sources_of_numbers(**selection.period), stated),
        period=period_text(selection),
        height=360,
        empty=empty,
    )


def _number_kinds() -> tuple[BarKind, ...]:
    return tuple(BarKind(code, words, _FILLS[code]) for code, words in labels("number_basis").items())


def _status_kinds() -> tuple[BarKind, ...]:
    return tuple(BarKind(code, label("event_status", code), _STATUS_FILLS[code]) for code in STATUSES)


@view("training.officials_by_country")
def officials_by_country(selection: Selection) -> View:
    """People stated for events of one country, by state and kind of number."""
    order = {code: position for position, code in enumerate(areas.states())}
    rows = training.officials_by_state(**_years(selection)).sort(
        pl.col("area_code").replace_strict(order, return_dtype=pl.Int64), "number_basis"
    )
    counts = training.number_counts(**_years(selection))
    by_state: dict[str, dict[str, dict[str, int]]] = {}
    for row in rows.iter_rows(named=True):
        by_state.setdefault(row["area_code"], {})[row["number_basis"]] = row
    drawn = [
        BarRow(
            areas.name(code),
            address("country", selection, area=code),
            _("with civil society") if any(row["with_civil_society"] for row in own.values()) else "",
            [
                (basis, own[basis]["value"], _stated(basis, own[basis]["value"], is_short=True))
                for basis in _HATCHES
                if basis in own
            ],
        )
        for code, own in by_state.items()
    ]
    shared = training.officials_by_year(**selection.period).filter(~pl.col("is_attributable"))
    shared = shared if selection.is_all_time else shared.filter(pl.col("year").is_not_null())
    notes = [
        _("A state without a bar is not at zero: no number is on record for it, whether or not it took part in events.")
    ]
    notes += [
        _("Not attributable to one country, and in no bar: {number}.", number=_stated(basis, value))
        for basis, value in _by_basis(shared).items()
    ]
    notes += _number_notes(counts, selection)
    return View(
        id="training.officials_by_country",
        title=_("People trained, by state"),
        takeaway=n_(
            "For {n} of {total} states a source gives a number that belongs to it alone.",
            "For {n} of {total} states a source gives a number that belongs to them alone.",
            len(by_state),
            total=len(order),
        ),
        figure=bars(drawn, _number_kinds(), corner=_("State"), caption=_("People trained, by kind of number")),
        table=rows.with_columns(pl.col("number_basis").replace(labels("number_basis")).alias("basis")),
        columns=(
            Column("area_code", _("State"), "area"),
            Column("basis", _("Kind of number")),
            Column("value", _("People"), "number"),
            Column("with_civil_society", _("of these in numbers that include civil society"), "number"),
            Column("events", _("Events"), "number"),
        ),
        notes=tuple(notes),
        sources=cite(training.sources_of_numbers(**selection.period)),
        period=period_text(selection),
        empty="" if rows.height else _("No number in these years belongs to a single country."),
    )


def _group_address(code: str, selection: Selection) -> str:
    return "" if code == areas.HEMISPHERE else address("subregion", selection, group=code)


@view("training.by_subregion")
def by_subregion(selection: Selection) -> View:
    """Events and states reached in each group of the chosen scheme, with the hemisphere below."""
    on = areas.period_end(selection)
    codes = [*areas.groups(selection.scheme), areas.HEMISPHERE]
    order = {code: position for position, code in enumerate(codes)}
    rows = training.events_and_reach_by_group(selection.scheme, areas.HEMISPHERE, **_years(selection), on=on).sort(
        pl.col("group_code").replace_strict(order, return_dtype=pl.Int64)
    )
    nameless = training.events_naming_no_state(**_years(selection))
    whole = rows.filter(pl.col("group_code") == areas.HEMISPHERE).row(0, named=True)
    left_out = len(areas.states()) - whole["participating"]
    drawn = [
        BarRow(
            areas.name(row["group_code"]),
            _group_address(row["group_code"], selection),
            _("{reached} of {total} states reached", reached=row["reached"], total=row["participating"]),
            [(code, row[code], number(row[code])) for code in STATUSES if row[code]],
            instead="" if any(row[code] for code in STATUSES) else _("no event on record"),
            is_total=row["group_code"] == areas.HEMISPHERE,
        )
        for row in rows.iter_rows(named=True)
    ]
    notes = [
        areas.scheme_note(selection.scheme),
        _("An event counts once in each group that it reached and once in the hemisphere, so the rows do not add up."),
    ]
    if nameless:
        notes.append(
            n_(
                "{n} event names no state taking part; it counts in the hemisphere only.",
                "{n} events name no state taking part; they count in the hemisphere only.",
                nameless,
            )
        )
    notes.append(_reached_means())
    if left_out:
        notes.append(
            n_(
                "States are counted against the {total} that take part in the OAS at the end of the period; {n} does not.",
                "States are counted against the {total} that take part in the OAS at the end of the period; {n} do not.",
                left_out,
                total=whole["participating"],
            )
        )
    return View(
        id="training.by_subregion",
        title=_("Events and states reached: {scheme}", scheme=areas.schemes()[selection.scheme]),
        takeaway=n_(
            "In the hemisphere {n} event was held and {reached} of {total} states were reached.",
            "In the hemisphere {n} events were held and {reached} of {total} states were reached.",
            whole["held"],
            reached=whole["reached"],
            total=whole["participating"],
        ),
        figure=bars(drawn, _status_kinds(), corner=_("Group"), caption=_("Events by status")),
        table=rows,
        columns=(
            Column("group_code", _("Group"), "area"),
            Column("reached", _("States reached"), "number"),
            Column("participating", _("States taking part in the OAS"), "number"),
            Column("held", _("Events held"), "number"),
            Column("announced", _("Announced"), "number"),
            Column("planned", _("Planned"), "number"),
        ),
        notes=tuple(note for note in notes if note),
        sources=cite_count(counted_sources(selection), overview.reached_states(**_years(selection))),
        period=period_text(selection),
    )


def _reached_means() -> str:
    return _(
        "Reached: the state took part in an event held, or a training programme was carried out there; what was only "
        "announced or planned does not count, nor does hosting."
    )


@view("training.by_audience")
def by_audience(selection: Selection) -> View:
    """Events by the audiences they name, and the numbers of events that name one audience only."""
    events = training.events_by_audience(**_years(selection))
    numbers = training.officials_by_audience(**_years(selection))
    counts = training.number_counts(**_years(selection))
    order = {code: position for position, code in enumerate(labels("audience_group"))}
    said: dict[str, list[str]] = {}
    for basis in _HATCHES:
        for row in numbers.filter(pl.col("number_basis") == basis).iter_rows(named=True):
            said.setdefault(row["audience_group"], []).append(_stated(basis, row["value"]))
    table = (
        events.join(numbers.select("audience_group").unique(), on="audience_group", how="full", coalesce=True)
        .sort(
            pl.col("audience_group").replace_strict(order, default=len(order), return_dtype=pl.Int64), "audience_group"
        )
        .with_columns(
            # a number for several audiences belongs to no row of events: those cells do not apply
            status=pl.when(pl.col("held").is_null()).then(pl.lit("M")).otherwise(pl.lit("A")),
        )
    )
    table = table.with_columns(
        pl.Series("audience", [label("audience_group", code) for code in table["audience_group"]], dtype=pl.String),
        pl.Series(
            "people",
            [listing(said[code]) if code in said else None for code in table["audience_group"]],
            dtype=pl.String,
        ),
    ).with_columns(number_status=_status_of("people"))
    drawn = [
        BarRow(
            row["audience"],
            "",
            row["people"] or "",
            [(code, row[code], number(row[code])) for code in STATUSES if row[code]],
            instead=_("counted in the rows of each audience") if row["held"] is None else "",
        )
        for row in table.iter_rows(named=True)
    ]
    named = events.filter(pl.col("audience_group") != "not_stated", pl.col("held") > 0)
    top = named.filter(pl.col("held") == pl.col("held").max())
    held = int(training.event_counts(**_years(selection)).filter(pl.col("status") == "held")["events"].sum())
    return View(
        id="training.by_audience",
        title=_("Whom the events address"),
        takeaway=n_(
            "Of {total} events held, {n} names the audience named most: {audiences}.",
            "Of {total} events held, {n} name the audience named most: {audiences}.",
            int(top["held"][0]),
            audiences=listing(label("audience_group", code) for code in top["audience_group"]),
            total=held,
        )
        if top.height
        else _("No event held in these years names its audience."),
        figure=bars(drawn, _status_kinds(), corner=_("Audience"), caption=_("Events by status")),
        table=table,
        columns=(
            Column("audience", _("Audience")),
            Column("held", _("Events held"), "number", status_key="status"),
            Column("announced", _("Announced"), "number", status_key="status"),
            Column("planned", _("Planned"), "number", status_key="status"),
            Column("people", _("People stated"), status_key="number_status", is_wide=True),
        ),
        notes=(
            _("An event counts once in each audience that it names, so the rows do not add up. The grouping is ours."),
            _(
                "People stand beside an audience only where the event names no other; all other numbers are under "
                "“several audiences together” and are never split."
            ),
            *_number_notes(counts, selection)[:2],
        ),
        sources=cite_count(counted_sources(selection)),
        period=period_text(selection),
        empty="" if counts["events"] else _("No event is on record for these years."),
    )


@view("training.coverage")
def coverage(selection: Selection) -> View:
    """States reached so far, year by year, against the states that take part in the OAS."""
    as_of = training.as_of()
    first, last = _charted_years(selection)
    first, last = min(first, as_of.year), min(last, as_of.year)
    rows = training.coverage_by_year(first, last, as_of)
    taking_part = set(areas.participating(areas.period_end(selection)))
    only_apart = training.only_without_a_year()["area_code"].to_list()
    apart = [code for code in only_apart if code in taking_part]
    reached, participating = int(rows["reached"][-1]), int(rows["participating"][-1])
    ever = {code for codes in rows["newly"].to_list() for code in codes}
    gone = sorted(
        areas.name(code) for code in (ever | set(only_apart) if selection.is_all_time else ever) - taking_part
    )
    known = areas.names()
    names = {code: position for position, code in enumerate(areas.states())}
    table = rows.with_columns(
        pl.col("year").cast(pl.String).alias("when"),
        pl.Series(
            "states",
            [
                listing(known[code] for code in sorted(codes, key=names.__getitem__)) if codes else ""
                for codes in rows["newly"].to_list()
            ],
            dtype=pl.String,
        ),
    ).select("when", "reached", "participating", "states")
    apart_names = listing(known[code] for code in sorted(only_apart, key=names.__getitem__))
    if only_apart:
        table = pl.concat(
            [
                table,
                pl.DataFrame(
                    [(_("no single year"), len(apart), participating, apart_names)], schema=table.schema, orient="row"
                ),
            ]
        )
    notes = [
        _reached_means(),
        n_(
            "The dotted line counts the states that take part in the OAS at the end of each year; {n} of {total} at the end.",
            "The dotted line counts the states that take part in the OAS at the end of each year; {n} of {total} at the end.",
            participating,
            total=len(names),
        ),
    ]
    if only_apart:
        notes.append(
            n_(
                "Reached, but never in a year that a source states: {states}. It counts in all years only.",
                "Reached, but never in a year that a source states: {states}. They count in all years only.",
                len(only_apart),
                states=apart_names,
            )
        )
    if gone:
        notes.append(_("Also reached, but no longer taking part in the OAS then: {states}.", states=listing(gone)))
    if selection.first_year:
        notes.append(
            _("Counted anew from {year}: what came before is left out while a period is chosen.", year=str(first))
        )
    notes += _caveats("reading-23", "gap-05")
    is_counting_apart = bool(apart) and selection.is_all_time
    takeaway = (
        n_(
            "{reached} of {total} states were reached by {year} in a year on record, and {n} more at an unstated time.",
            "{reached} of {total} states were reached by {year} in a year on record, and {n} more at an unstated time.",
            len(apart),
            reached=reached,
            total=participating,
            year=str(last),
        )
        if is_counting_apart
        else n_(
            "{n} of {total} states taking part in the OAS was reached by {year}.",
            "{n} of {total} states taking part in the OAS were reached by {year}.",
            reached,
            total=participating,
            year=str(last),
        )
    )
    return View(
        id="training.coverage",
        title=_("States reached so far"),
        takeaway=takeaway,
        figure=reached_so_far(
            rows,
            colours=palette(selection.theme),
            reached_name=_("states reached so far"),
            ceiling_name=_("states taking part in the OAS"),
            apart=len(apart) if selection.is_all_time else 0,
            apart_name=_("no single year"),
        ),
        table=table,
        columns=(
            Column("when", _("Year")),
            Column("reached", _("States reached so far"), "number"),
            Column("participating", _("States taking part in the OAS"), "number"),
            Column("states", _("Reached for the first time"), is_wide=True),
        ),
        notes=tuple(notes),
        sources=cite_count(
            overview.reached_states(first, last, True).filter(
                pl.col("year").is_null() | pl.col("year").is_between(first, last)
            )
        ),
        period=period_text(selection),
    )


def first_year_asked(selection: Selection) -> int:
    """The year since which a state counts as not reached: the chosen one, else some years before the edition's own."""
    return selection.since or training.as_of().year - YEARS_BACK


@view("training.not_reached")
def not_reached(selection: Selection) -> View:
    """States without training on record since a year, by what is known of the time before."""
    since = first_year_asked(selection)
    order = {code: position for position, code in enumerate(areas.states())}
    taking_part = set(areas.participating(training.as_of()))
    everything = training.last_reached().with_columns(
        is_taking_part=pl.col("area_code").is_in(sorted(taking_part)),
        group=pl.when(pl.col("last_year").is_not_null())
        .then(pl.lit("before"))
        .when((pl.col("undated") > 0) | (pl.col("spans").list.len() > 0))
        .then(pl.lit("unstated"))
        .otherwise(pl.lit("none")),
    )
    rows = everything.filter(pl.col("last_year").is_null() | (pl.col("last_year") < since)).sort(
        pl.col("area_code").replace_strict(order, return_dtype=pl.Int64)
    )
    headings = {
        "before": (
            _("Last reached before {year}", year=str(since)),
            _("The year is that of the last training with a year on record."),
        ),
        "unstated": (
            _("Reached at an unstated time"),
            _("The sources give no single year; the latest possible time is given where a record tells it."),
        ),
        "none": (
            _("No training on record"),
            _("No record was found; this does not mean that there was no training."),
        ),
    }
    table = rows.with_columns(
        pl.Series("known", [_time_known(row) for row in rows.iter_rows(named=True)], dtype=pl.String),
        pl.Series("what", [headings[code][0] for code in rows["group"]], dtype=pl.String),
        pl.Series("part", [_standing(code) for code in rows["area_code"]], dtype=pl.String),
        pl.col("source_ids").list.first().alias("source_id"),
        year_status=_status_of("last_year"),
    )
    entries: dict[str, list[tuple[str, str, str]]] = {}
    for row in table.iter_rows(named=True):
        remarks = [row["known"], "" if row["is_taking_part"] else row["part"]]
        link = address("country", selection, area=row["area_code"])
        entries.setdefault(row["group"], []).append((areas.name(row["area_code"]), link, clauses(remarks)))
    counted = rows.filter("is_taking_part")
    return View(
        id="training.not_reached",
        title=_("States with no training on record since {year}", year=str(since)),
        takeaway=n_(
            "For {n} of the {total} states taking part in the OAS no training held is on record in {year} or later.",
            "For {n} of the {total} states taking part in the OAS no training held is on record in {year} or later.",
            counted.height,
            total=len(taking_part),
            year=str(since),
        ),
        figure=name_lists([(*headings[code], entries.get(code, [])) for code in headings]),
        table=table,
        columns=(
            Column("area_code", _("State"), "area"),
            Column("what", _("What is on record"), is_wide=True),
            Column("last_year", _("Last year on record"), "year", status_key="year_status"),
            Column("known", _("Time as stated")),
            Column("part", _("Participation in the OAS")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            _reached_means(),
            _("The list says what the records hold, not what a state did: national training is not in them."),
            _(
                "All {total} states can be listed; the sentence above counts those that take part in the OAS.",
                total=len(order),
            ),
        ),
        sources=cite({source for sources in rows["source_ids"].to_list() for source in sources}),
        period=_("since {year}", year=str(since)),
        options={"since": str(since)},
        empty="" if rows.height else _("Training since {year} is on record for every state.", year=str(since)),
    )


def _standing(area_code: str) -> str:
    """How a state stands to the OAS on the edition's own day."""
    statuses = areas.participation(area_code).filter(pl.col("from_on") <= training.as_of())["status"]
    return label("participation", statuses[-1]) if statuses.len() else ""


def _time_known(row: Mapping[str, object]) -> str:
    """What the records say of the time of a state's training: 2011; some time in 2010–2012; also without a date."""
    spans = [str(span) for span in row["spans"]]  # type: ignore[attr-defined]
    undated = int(str(row["undated"]))
    parts = [str(row["last_year"])] if row["last_year"] else []
    if spans:
        parts.append(_("some time in {spans}", spans=listing(spans)))
    if undated and row["known_by_on"]:
        parts.append(
            n_(
                "{n} record without a date, from {date} at the latest",
                "{n} records without a date, from {date} at the latest",
                undated,
                date=day(row["known_by_on"], str(row["known_by_precision"])),  # type: ignore[arg-type]
            )
        )
    elif undated:
        parts.append(n_("{n} record without a date", "{n} records without a date", undated))
    return clauses(parts)


@view("training.statements")
def statements(selection: Selection) -> View:
    """Figures that a source states for many events at once, as they stand."""
    rows = localise(training.statements(**selection.period), "scope", "unit", "period", "note", "programme")
    table = _with_programme(rows).with_columns(
        pl.Series("said_qualifier", [label("qualifier", code) for code in rows["qualifier"]], dtype=pl.String),
        pl.Series(
            "additive", [label("additive_with_events", code) for code in rows["additive_with_events"]], dtype=pl.String
        ),
    )
    return View(
        id="training.statements",
        title=_("Figures stated for many events at once"),
        takeaway=n_(
            "{n} figure is stated by a source as a whole; it is never added to anything.",
            "{n} figures are stated by sources as a whole; they are never added to anything.",
            rows.height,
        ),
        table=table,
        columns=(
            Column("scope", _("What is counted"), is_wide=True),
            Column("said_qualifier", _("As stated")),
            Column("value", _("Figure"), "number"),
            Column("unit", _("Unit")),
            Column("period", _("Period")),
            Column("additive", _("Events")),
            Column("programme", _("Programme"), is_wide=True),
            Column("note", _("Note")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            *_caveats("reading-06"),
            _(
                "“Already among the events” repeats single events listed below. The other figures may overlap them or not; none is ever added to them."
            ),
        ),
        sources=cite(rows),
        period=period_text(selection),
        is_table_open=True,
        empty="" if rows.height else _("No such figure is on record for these years."),
    )


def _with_programme(rows: pl.DataFrame) -> pl.DataFrame:
    """The official title of the programme first, the reader's wording in brackets where it differs."""
    has_original = pl.col("programme_original").is_not_null() & (pl.col("programme_original") != pl.col("programme"))
    return rows.with_columns(
        pl.when(has_original)
        .then(pl.format("{} [{}]", "programme_original", "programme"))
        .otherwise("programme")
        .alias("programme")
    )


@view("training.events")
def events(selection: Selection) -> View:
    """Every event with all that its sources say of it, newest first."""
    rows = _with_programme(
        localise(
            training.event_details(**selection.period, most=MOST_EVENTS),
            "title",
            "city",
            "note",
            "programme",
            lists=("audience", "topics"),
        )
    )
    total = int(rows["events_in_all"][0]) if rows.height else 0
    known = areas.names()
    table = rows.with_columns(
        pl.Series("when", [_when(row) for row in rows.iter_rows(named=True)], dtype=pl.String),
        pl.Series("said_type", [label("event_type", code) for code in rows["event_type"]], dtype=pl.String),
        pl.Series("said_status", [label("event_status", code) for code in rows["status"]], dtype=pl.String),
        pl.Series("said_basis", [label("number_basis", code) for code in rows["number_basis"]], dtype=pl.String),
        pl.Series("said_scope", [label("count_scope", code) for code in rows["count_scope"]], dtype=pl.String),
        pl.Series("said_modality", [label("modality", code) for code in rows["modality"]], dtype=pl.String),
        pl.Series(
            "where",
            [listing(known[code] for code in codes) for codes in rows["participants"].to_list()],
            dtype=pl.String,
        ),
        pl.Series("place", [_place(row, known) for row in rows.iter_rows(named=True)], dtype=pl.String),
        number_status=_status_of("officials_stated"),
        women_status=_status_of("women_stated"),
    )
    documents = {source.source_id: source.doc_code or source.title for source in cite(rows)}
    listed = table.head(MOST_LISTED)
    undated = listed.filter(pl.col("date_group") == "undated").height
    spans = listed.filter(pl.col("date_group") == "span").height
    headings: dict[str, list[Entry]] = {}
    for row in listed.iter_rows(named=True):
        headings.setdefault(_heading(row), []).append(_entry(row, documents, selection))
    notes = [
        _("Each line opens to everything that its sources say. An empty cell means that the source does not say."),
        _("Only what was held counts in the figures above; announced and planned events are listed with their mark."),
        *_caveats("reading-05"),
    ]
    if spans or undated:
        notes.insert(
            1,
            _(
                "At the end: {spans} events of which only a span of years is known, and {undated} without any date.",
                spans=spans,
                undated=undated,
            ),
        )
    if total > listed.height:
        notes.insert(
            0,
            _(
                "Listed here are the newest {listed}, in the download the newest {shown} of {total}; choose a period for the others.",
                listed=listed.height,
                shown=rows.height,
                total=total,
            ),
        )
    held = listed.filter(pl.col("status") == "held").height
    return View(
        id="training.events",
        title=_("All events on record"),
        takeaway=n_(
            "{n} event is listed, {held} of them held, newest first.",
            "{n} events are listed, {held} of them held, newest first.",
            listed.height,
            held=held,
        ),
        figure=event_list(list(headings.items())),
        is_figure_whole=True,
        table=table,
        columns=(
            Column("title", _("Event"), is_wide=True),
            Column("said_type", _("Type")),
            Column("programme", _("Programme"), is_wide=True),
            Column("when", _("Date")),
            Column("place", _("Place")),
            Column("where", _("States taking part"), is_wide=True),
            Column("audience", _("Audience"), is_wide=True),
            Column("officials_stated", _("People stated"), "number", status_key="number_status"),
            Column("said_basis", _("Kind of number")),
            Column("said_scope", _("Who is in the number")),
            Column("women_stated", _("of these women"), "number", status_key="women_status"),
            Column("topics", _("Topics"), is_wide=True),
            Column("said_modality", _("Mode")),
            Column("said_status", _("Status")),
            Column("note", _("Note"), is_wide=True),
            Column("source_id", _("Source"), "source"),
            Column("source_id_2", _("Second source"), "source"),
        ),
        notes=tuple(notes),
        sources=cite(rows),
        period=period_text(selection),
        empty="" if rows.height else _("No event is on record for these years."),
    )


def _when(row: Mapping[str, object]) -> str:
    if row["date_group"] == "undated":
        return _("date not stated")
    return day_range(row["start_on"], row["start_precision"], row["end_on"], row["end_precision"])  # type: ignore[arg-type]


def _place(row: Mapping[str, object], known: Mapping[str, str]) -> str:
    host = known.get(str(row["host_area_code"]), "") if row["host_area_code"] else ""
    return ", ".join(part for part in (str(row["city"] or ""), host) if part)


def _heading(row: Mapping[str, object]) -> str:
    if row["date_group"] == "span":
        return _("In a span of years")
    return _("Date not stated") if row["date_group"] == "undated" else str(row["year"])


def _entry(row: Mapping[str, object], documents: Mapping[str, str], selection: Selection) -> Entry:
    number_text = ""
    if row["officials_stated"] is not None:
        number_text = _(
            "{number} ({scope})",
            number=_stated(str(row["number_basis"]), int(str(row["officials_stated"]))),
            scope=str(row["said_scope"]) or _("who is in the number is not stated"),
        )
    states: list[Linked] = [
        (areas.name(code), address("country", selection, area=code))
        for code in sorted(row["participants"], key=areas.states().index)  # type: ignore[call-overload]
    ]
    cited: list[Linked] = [
        (documents.get(str(code), str(code)), f"{address('sources', selection)}#{code}")
        for code in dict.fromkeys((row["source_id"], row["source_id_2"]))
        if code
    ]
    return Entry(
        when=str(row["when"]),
        title=str(row["title"]),
        remark=_remark(row["title_basis"]),
        where=str(row["where"]) or _("no state named"),
        fill=_STATUS_FILLS[str(row["status"])],
        status=str(row["said_status"]),
        details=(
            (_("Type"), [(str(row["said_type"]), "")]),
            (_("Place"), [(str(row["place"]), "")]),
            (_("States taking part"), states or [(_("not stated"), "")]),
            (_("Audience"), [_text(row, "audience")]),
            (_("People stated"), [(number_text or _("not stated"), "")]),
            (
                _("of these women"),
                [(number(int(str(row["women_stated"]))), "")] if row["women_stated"] is not None else [],
            ),
            (_("Topics"), [_text(row, "topics")]),
            (_("Mode"), [(str(row["said_modality"]), "")]),
            (_("Programme"), [_text(row, "programme")]),
            (_("Note"), [_text(row, "note")]),
            (_("Sources"), cited),
        ),
    )


def _text(row: Mapping[str, object], column: str) -> Linked:
    return (str(row[column]) + _remark(row.get(f"{column}_basis")), "") if row[column] else ("", "")


def _remark(basis: object) -> str:
    """The sign beside a wording of ours, or the name of the language in which it had to be shown."""
    if basis is None or basis in FREE_OF_REMARK:
        return ""
    return "°" if basis == "translated" else f" ({label('language', str(basis))})"
