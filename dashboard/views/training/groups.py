"""Events by group of states and by audience."""

import polars as pl

from dashboard import areas
from dashboard.charts.bars import BarRow, bars
from dashboard.i18n import _, listing, n_, number
from dashboard.labels import label, labels
from dashboard.queries import overview, training
from dashboard.selection import Selection, address
from dashboard.views.behind import behind, behind_address
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.sourcing import cite_count
from dashboard.views.training.numbers import counted_sources, number_notes
from dashboard.views.training.wording import (
    HATCHES,
    STATUSES,
    reached_means,
    stated_number,
    status_kinds,
    status_of,
    years_asked,
)
from dashboard.views.view import Column, View
from dashboard.views.worded import in_words


def _group_address(code: str, selection: Selection) -> str:
    return "" if code == areas.HEMISPHERE else address("subregion", selection, group=code)


def status_heads() -> tuple[tuple[str, str], ...]:
    """The statuses of events with the heads of their columns."""
    return ("held", _("Events held")), ("announced", _("Announced")), ("planned", _("Planned"))


@view("training.by_subregion")
def by_subregion(selection: Selection) -> View:
    """Events and states reached in each group of the chosen scheme, with the hemisphere below."""
    on = areas.period_end(selection)
    codes = [*areas.groups(selection.scheme), areas.HEMISPHERE]
    order = {code: position for position, code in enumerate(codes)}
    rows = training.events_and_reach_by_group(selection.scheme, areas.HEMISPHERE, **years_asked(selection), on=on).sort(
        pl.col("group_code").replace_strict(order, return_dtype=pl.Int64)
    )
    nameless = training.events_naming_no_state(**years_asked(selection))
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
            links={
                code: behind_address(behind("events", area=row["group_code"], status=code), selection)
                for code in STATUSES
            },
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
    notes.append(reached_means())
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
        figure=bars(drawn, status_kinds(), corner=_("Group"), caption=_("Events by status")),
        table=rows,
        columns=(
            Column("group_code", _("Group"), "area"),
            Column(
                "reached",
                _("States reached"),
                "number",
                behind=lambda row: behind("reach", area=row["group_code"], taking_part=True),
            ),
            Column(
                "participating",
                _("States taking part in the OAS"),
                "number",
                behind=lambda row: behind("participation", area=row["group_code"], taking_part=True),
            ),
            *(
                Column(
                    code,
                    words,
                    "number",
                    behind=lambda row, code=code: behind("events", area=row["group_code"], status=code),
                )
                for code, words in status_heads()
            ),
        ),
        notes=tuple(note for note in notes if note),
        sources=cite_count(counted_sources(selection), overview.reached_states(**years_asked(selection))),
        period=period_text(selection),
    )


@view("training.by_audience")
def by_audience(selection: Selection) -> View:
    """Events by the audiences they name, and the numbers of events that name one audience only."""
    events = training.events_by_audience(**years_asked(selection))
    numbers = training.officials_by_audience(**years_asked(selection))
    counts = training.number_counts(**years_asked(selection))
    order = {code: position for position, code in enumerate(labels("audience_group"))}
    said: dict[str, list[str]] = {}
    for basis in HATCHES:
        for row in numbers.filter(pl.col("number_basis") == basis).iter_rows(named=True):
            said.setdefault(row["audience_group"], []).append(stated_number(basis, row["value"]))
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
        audience=in_words(table["audience_group"], "audience_group"),
        people=pl.Series(
            [listing(said[code]) if code in said else None for code in table["audience_group"]],
            dtype=pl.String,
        ),
    ).with_columns(number_status=status_of("people"))
    drawn = [
        BarRow(
            row["audience"],
            "",
            row["people"] or "",
            [(code, row[code], number(row[code])) for code in STATUSES if row[code]],
            instead=_("counted in the rows of each audience") if row["held"] is None else "",
            links={
                code: behind_address(behind("events", audience=row["audience_group"], status=code), selection)
                for code in STATUSES
            },
        )
        for row in table.iter_rows(named=True)
    ]
    named = events.filter(pl.col("audience_group") != "not_stated", pl.col("held") > 0)
    top = named.filter(pl.col("held") == pl.col("held").max())
    held = int(training.event_counts(**years_asked(selection)).filter(pl.col("status") == "held")["events"].sum())
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
        figure=bars(drawn, status_kinds(), corner=_("Audience"), caption=_("Events by status")),
        table=table,
        columns=(
            Column("audience", _("Audience")),
            *(
                Column(
                    code,
                    words,
                    "number",
                    status_key="status",
                    behind=lambda row, code=code: behind("events", audience=row["audience_group"], status=code),
                )
                for code, words in status_heads()
            ),
            Column(
                "people",
                _("People stated"),
                status_key="number_status",
                is_wide=True,
                behind=lambda row: behind("officials", audience=row["audience_group"], counting="records"),
            ),
        ),
        notes=(
            _("An event counts once in each audience that it names, so the rows do not add up. The grouping is ours."),
            _(
                "People stand beside an audience only where the event names no other; all other numbers are under "
                "“several audiences together” and are never split."
            ),
            *number_notes(counts, selection)[:2],
        ),
        sources=cite_count(counted_sources(selection)),
        period=period_text(selection),
        empty="" if counts["events"] else _("No event is on record for these years."),
    )
