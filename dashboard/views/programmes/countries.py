"""How many programmes each state saw."""

from datetime import date

import polars as pl

from dashboard import areas
from dashboard.charts.split_bars import Part, SplitBar, split_bars
from dashboard.choices import record_years
from dashboard.i18n import _, clauses, listing, n_, number, sort_key
from dashboard.labels import label
from dashboard.queries import overview
from dashboard.selection import Selection, address
from dashboard.views.behind import behind, behind_address
from dashboard.views.periods import period_text
from dashboard.views.programmes.found import all_deployments, counted_behind, left_out
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, View


@view("programmes.countries")
def programme_countries(selection: Selection) -> View:
    """How many programmes each state saw carried out, and how many are only planned, announced or of interest."""
    counted = overview.programmes_by_state(**selection.period, is_all_time=selection.is_all_time)
    everything = all_deployments(selection)
    rows = everything.filter("is_in_period", pl.col("area_code").is_not_null())
    own: dict[str, dict[str, set[str]]] = {}
    for row in rows.iter_rows(named=True):
        kinds = own.setdefault(row["area_code"], {"carried_out": set(), "beforehand": set()})
        kinds["carried_out" if row["is_carried_out"] else "beforehand"].add(row["name"])
    values = {row["area_code"]: row for row in counted.iter_rows(named=True)}
    taking_part = set(areas.participating(areas.period_end(selection)))
    reached = {code for code, row in values.items() if row["value"]}
    # a zero is known only of a state that took part in the OAS; of the others nothing can be said
    began = date(selection.first_year or record_years()[0], 1, 1)
    outside = [
        code
        for code in areas.states()
        if code not in taking_part and code not in areas.participating(began) and code not in own
    ]
    drawn = []
    for code in areas.states():
        if code in outside:
            drawn.append(
                SplitBar(areas.name(code), (), label("obs_status", "M"), link=address("country", selection, area=code))
            )
            continue
        carried_out, others = int(values[code]["value"]), int(values[code]["others"])
        drawn.append(
            SplitBar(
                name=areas.name(code),
                parts=(Part("focus", carried_out), Part("announced", others)),
                words=number(carried_out) + (f" · {number(others)}" if others else ""),
                link=address("country", selection, area=code),
                said=_(
                    "{state}: {carried_out} in progress or carried out; {others} only planned, announced or of interest",
                    state=areas.name(code),
                    carried_out=carried_out,
                    others=others,
                ),
                behind=behind_address(behind("deployments", area=code), selection) if carried_out + others else "",
            )
        )
    order = {code: position for position, code in enumerate(areas.states())}
    table = counted.select(
        "area_code",
        pl.col("value").cast(pl.Int64),
        pl.col("others").cast(pl.Int64),
        pl.col("area_code")
        .replace_strict(
            {code: _named(kinds["carried_out"]) for code, kinds in own.items()}, default=None, return_dtype=pl.String
        )
        .alias("carried_out"),
        pl.col("area_code")
        .replace_strict(
            {code: _named(kinds["beforehand"] - kinds["carried_out"]) for code, kinds in own.items()},
            default=None,
            return_dtype=pl.String,
        )
        .alias("beforehand"),
    )
    is_outside = pl.col("area_code").is_in(outside)
    table = table.with_columns(
        pl.when(~is_outside).then("value").alias("value"),
        pl.when(~is_outside).then("others").alias("others"),
        pl.when(is_outside).then(pl.lit("M")).otherwise(pl.lit("A")).alias("obs_status"),
    ).sort(pl.col("area_code").replace_strict(order, return_dtype=pl.Int64))
    gone = sorted((areas.name(code) for code in reached - taking_part), key=sort_key)
    apart = everything.filter("is_in_period", pl.col("area_code").is_null()).height
    return View(
        id="programmes.countries",
        title=_("Programmes in each state"),
        takeaway=_(
            "{reached} of the {total} states taking part in the OAS have at least one programme in progress or carried out "
            "on record.",
            reached=len(reached & taking_part),
            total=len(taking_part),
        ),
        figure=split_bars(
            drawn,
            legend=(
                ("focus", _("in progress or carried out")),
                ("announced", _("only planned, announced or of interest")),
            ),
            is_in_columns=True,
        ),
        table=table,
        columns=(
            Column("area_code", _("State"), "area"),
            Column(
                "value",
                _("In progress or carried out"),
                "number",
                status_key="obs_status",
                behind=lambda row: counted_behind(True, area=row["area_code"]),
            ),
            Column(
                "others",
                _("Only planned, announced or of interest"),
                "number",
                status_key="obs_status",
                behind=lambda row: counted_behind(False, area=row["area_code"]),
            ),
            Column("carried_out", _("Programmes in progress or carried out"), is_wide=True),
            Column("beforehand", _("Programmes only planned, announced or of interest"), is_wide=True),
        ),
        notes=(
            n_(
                "Of {total} states, {n} takes part in the OAS at the end of the period: the denominator.",
                "Of {total} states, {n} take part in the OAS at the end of the period: the denominator.",
                len(taking_part),
                total=len(areas.states()),
            ),
            _(
                "States stand in alphabetical order. A programme counts once in a state, however many records it has there; studies, questionnaires and networks are programmes too."
            ),
            _("Zero means that no record names the state; it does not say that nothing took place."),
            *(
                (
                    _(
                        "Not applicable: {states} did not take part in the OAS in the period, and no record names it.",
                        states=listing(areas.name(code) for code in outside),
                    ),
                )
                if outside
                else ()
            ),
            *(
                (_("Also with a programme, but no longer taking part then: {states}.", states=listing(gone)),)
                if gone
                else ()
            ),
            *(
                (
                    n_(
                        "{n} record belongs to no single state and counts in none.",
                        "{n} records belong to no single state and count in none.",
                        apart,
                    ),
                )
                if apart
                else ()
            ),
            *left_out(everything),
        ),
        sources=cite(rows),
        period=period_text(selection),
        empty="" if rows.height else _("No deployment of a programme in a state is on record for these years."),
    )


def _named(names: set[str]) -> str | None:
    return clauses(sorted(names, key=sort_key)) or None
