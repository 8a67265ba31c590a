"""Where each state lies within the hemisphere: along one scale, or in lists where there is none."""

import polars as pl

from dashboard import areas
from dashboard.charts.name_lists import name_lists
from dashboard.charts.spread import Mark, Role, Spot, is_in_powers, spread
from dashboard.i18n import _, clauses, number
from dashboard.labels import label
from dashboard.queries.subregion import members_on
from dashboard.selection import Selection, address
from dashboard.views.explore.said import (
    code_word,
    codes_of,
    columns_of,
    low_middle_high,
    median_written,
    nothing_said,
    own_yardstick,
    range_said,
    said_with_year,
    same_value,
    sources_of,
    with_words,
)
from dashboard.views.explored import (
    Explored,
    explored,
    highlighted,
    notes_of,
    of_states,
    options,
    values,
    when_said,
    with_value,
)
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.view import Drawing, Markup, View


@view("explore.distribution")
def distribution(selection: Selection) -> View:
    """Where each state lies between the lowest and the highest, with the median; codes and yes or no as lists."""
    what = explored(selection)
    rows = of_states(values(what, selection))
    filled = with_value(rows)
    is_listed = bool(what.yes_no) or bool(codes_of(rows))
    shown = filled["value"].drop_nulls()
    empty = ""
    if not what.has_states:
        empty = _("There is no distribution to show: single states have no value of this indicator here.")
    elif filled.is_empty():
        empty = nothing_said(what)
    elif own_yardstick(what):
        empty = own_yardstick(what)[0]
    elif not is_listed and shown.n_unique() == 1:
        empty = same_value(what, rows)
    figure = None
    if not empty:
        figure = _lists(what, rows, selection) if is_listed else _spread(what, rows, selection)
    powers = not is_listed and is_in_powers(shown.to_list())
    notes = [when_said(what, rows, selection)]
    if powers:
        notes.append(_("A few states are far above the rest: each step of the scale is ten times the one before it."))
    if not is_listed:
        notes.append(
            _(
                "The median is the middle value: as many states lie above it as below it. States without a value are left out of it."
            )
        )
    return View(
        id="explore.distribution",
        title=_("{indicator}, within the hemisphere", indicator=what.title),
        takeaway=range_said(what, rows),
        figure=figure,
        table=with_words(what, rows),
        columns=columns_of(what, rows, selection),
        notes=(*notes, *notes_of(what)),
        sources=sources_of(what, rows),
        period=period_text(selection),
        options=options(what),
        empty=empty,
    )


def _spread(what: Explored, rows: pl.DataFrame, selection: Selection) -> Drawing | Markup:
    chosen = highlighted(selection)
    group, members = _company(selection)
    spots = [
        Spot(
            row["area_code"],
            areas.name(row["area_code"]),
            address("country", selection, area=row["area_code"]),
            row["value"],
            row["obs_status"],
            said_with_year(what, row),
            _role(row["area_code"], chosen, members),
        )
        for row in rows.iter_rows(named=True)
    ]
    low, middle, high = (float(str(value)) for value in low_middle_high(with_value(rows)))
    return spread(
        spots,
        marks=(
            Mark(low, _("lowest {value}", value=what.written(low))),
            Mark(high, _("highest {value}", value=what.written(high))),
        ),
        median=Mark(middle, _("median {value}", value=median_written(what, middle))),
        write=lambda value: _on_scale(what, value),
        statuses=what.statuses,
        focus_name=areas.name(chosen) if chosen in areas.states() else "",
        group_name=areas.name(group) if group else "",
        is_beforehand=what.is_beforehand,
    )


def _on_scale(what: Explored, value: float) -> str:
    """A round value of the scale, with as many decimals as it needs."""
    if what.is_share or what.is_year or float(value).is_integer():
        return (
            what.written(value, is_short=True)
            if what.is_share or what.is_year or abs(value) >= 10_000
            else number(value)
        )
    return number(value, max(what.decimals, 1))


def _company(selection: Selection) -> tuple[str, list[str]]:
    """The group that stands out, with its members: the chosen one, or that of the chosen state."""
    chosen = highlighted(selection)
    if not chosen:
        return "", []
    group = areas.group_of(chosen, selection.scheme) if chosen in areas.states() else chosen
    return group, members_on(selection.scheme, group, areas.period_end(selection)) if group else []


def _role(code: str, chosen: str, members: list[str]) -> Role:
    return "focus" if code == chosen else "group" if code in members else "other"


def _lists(what: Explored, rows: pl.DataFrame, selection: Selection) -> Markup:
    """The states under each code or answer, and those without a value under the word for it."""
    groups = []
    if codes := codes_of(rows):
        for code in codes:
            own = rows.filter(pl.col("value_code") == code)
            outside = own["value"].is_null().all()
            groups.append((code_word(code), _("outside the order of the tiers") if outside else "", own))
    elif what.yes_no:
        for answer, is_yes in zip(what.yes_no, (True, False), strict=True):
            groups.append((answer, "", rows.filter((pl.col("value") > 0) == is_yes)))
    missing = rows.join(with_value(rows), on="area_code", how="anti")
    for status in missing["obs_status"].unique().sort():
        groups.append((what.statuses.get(status, label("obs_status", status)), "", missing.filter(obs_status=status)))
    chosen = highlighted(selection)
    differ = rows["year"].drop_nulls().n_unique() > 1  # otherwise said once for all
    named_groups = [
        (
            f"{heading} ({number(own.height)})",
            explanation,
            [
                (
                    areas.name(row["area_code"]),
                    address("country", selection, area=row["area_code"]),
                    clauses(
                        (str(row["year"] or "") if differ else "", _("chosen") if row["area_code"] == chosen else "")
                    ),
                )
                for row in own.iter_rows(named=True)
            ],
        )
        for heading, explanation, own in groups
    ]
    return name_lists(named_groups)
