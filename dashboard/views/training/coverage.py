"""States reached so far, against those that take part in the OAS."""

import polars as pl

from dashboard import areas
from dashboard.charts.coverage import reached_so_far
from dashboard.i18n import _, listing, n_
from dashboard.queries import overview, training
from dashboard.record_filters import NO_SINGLE_YEAR
from dashboard.selection import Selection
from dashboard.theme import palette
from dashboard.views.behind import Behind, behind, behind_address
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.sourcing import cite_count
from dashboard.views.training.wording import caveats, charted_years, reached_means
from dashboard.views.view import Column, View


@view("training.coverage")
def coverage(selection: Selection) -> View:
    """States reached so far, year by year, against the states that take part in the OAS."""
    as_of = training.as_of()
    first, last = charted_years(selection)
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
    never_dated = behind("reach", year=NO_SINGLE_YEAR, dated="never", taking_part=True)

    def so_far(year: int) -> Behind:
        return behind("reach", year=f"{first}-{year}", taking_part=True)

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
    ).select("year", "when", "reached", "participating", "states")
    apart_names = listing(known[code] for code in sorted(only_apart, key=names.__getitem__))
    if only_apart:
        table = pl.concat(
            [
                table,
                pl.DataFrame(
                    [(None, _("no single year"), len(apart), participating, apart_names)],
                    schema=table.schema,
                    orient="row",
                ),
            ]
        )
    notes = [
        reached_means(),
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
    notes += caveats("reading-23", "gap-05")
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
            links=[behind_address(so_far(year), selection) for year in rows["year"]],
            apart_link=behind_address(never_dated, selection),
        ),
        table=table,
        columns=(
            Column("when", _("Year")),
            Column(
                "reached",
                _("States reached so far"),
                "number",
                behind=lambda row: so_far(row["year"]) if row["year"] else never_dated,
            ),
            Column(
                "participating",
                _("States taking part in the OAS"),
                "number",
                behind=lambda row: behind("participation", year=row["year"] or last, taking_part=True),
            ),
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
