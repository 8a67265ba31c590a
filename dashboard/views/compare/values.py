"""The chosen indicator of the areas compared, on one scale as far as the values are comparable."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import polars as pl

from dashboard import comparability
from dashboard.charts.one_scale import Apart, Placed, one_scale
from dashboard.charts.small_multiples import scale_of
from dashboard.charts.tile_map import KINDS_OF_EMPTY
from dashboard.comparability import Verdict
from dashboard.i18n import _, clauses, listing, n_
from dashboard.selection import Selection
from dashboard.views import explored
from dashboard.views.behind import Behind, behind_address
from dashboard.views.compare.chosen import Compared, chosen, compare_view, page_of, titles
from dashboard.views.compare.measured import Measured, behind_figure, measured, unit_note, written
from dashboard.views.country.key_figures import counts
from dashboard.views.explored import Explored
from dashboard.views.periods import period_text
from dashboard.views.sourcing import cite_count
from dashboard.views.view import Column, Markup, View


@compare_view("compare.values")
def values(selection: Selection) -> View:
    """One value an area: on a common scale where it compares, apart with the reason where it does not."""
    found = measured(selection)
    what = found.what
    judged = comparability.verdicts(found.figures, what.indicator_id)
    together = [one for one in judged if not one.is_apart]
    if len(together) < 2:
        # a scale with one value on it would compare it with nothing
        together = []
    table = _table(judged)
    filled = [figure for figure in found.figures if not figure.is_empty]
    return View(
        id="compare.values",
        title=_("{title}: {indicator}", title=titles()["compare.values"], indicator=what.title),
        takeaway=_takeaway(together, judged, found),
        figure=_figure(together, [one for one in judged if one not in together], found, selection),
        table=table,
        columns=_columns(table, found, selection),
        notes=tuple(_notes(found, selection, has_scale=bool(together))),
        sources=cite_count(found.sources),
        period=_period(found, selection),
        options=explored.options(what),
        empty="" if filled or judged else _("None of these areas has a value of this indicator."),
    )


def _columns(table: pl.DataFrame, found: Measured, selection: Selection) -> tuple[Column, ...]:
    """The columns of the table; what no area has is left out."""
    what = found.what
    columns = (
        Column("area_code", _("State or group"), "area"),
        Column("of_whom", _("Value of")),
        Column("code", _("Code")),
        Column(
            "value",
            _("Value"),
            "percent" if what.is_share else "number",
            0 if what.is_share else what.decimals,
            status_key="obs_status",
            behind=_behind_row(found, selection),
        ),
        Column("year", _("Year"), "year"),
        Column("basis", _("Kind of number")),
        Column("coverage", _("Coverage"), "percent"),
        Column("comparable", _("Comparable with the others")),
        Column("reasons", _("Why not, or what to know"), is_wide=True),
    )
    can_be_left_out = ("code", "year", "basis", "coverage")
    return tuple(
        column for column in columns if column.key not in can_be_left_out or table[column.key].is_not_null().any()
    )


def _takeaway(together: Sequence[Verdict], judged: Sequence[Verdict], found: Measured) -> str:
    said = listing(_("{area} {value}", area=one.figure.name, value=written(found.what, one.figure)) for one in together)
    apart = len(judged) - len(together)
    if not together:
        return n_(
            "No two of the {n} values can be compared; each stands with the reason.",
            "No two of the {n} values can be compared; each stands with the reason.",
            len(judged),
        )
    if found.year:
        return (
            n_(
                "{year}: {values}; {n} value is not comparable with these.",
                "{year}: {values}; {n} values are not comparable with these.",
                apart,
                year=str(found.year),
                values=said,
            )
            if apart
            else _("{year}: {values}; all on one scale.", year=str(found.year), values=said)
        )
    return (
        n_(
            "{values}; {n} value is not comparable with these.",
            "{values}; {n} values are not comparable with these.",
            apart,
            values=said,
        )
        if apart
        else _("{values}; all on one scale.", values=said)
    )


def _figure(together: Sequence[Verdict], apart: Sequence[Verdict], found: Measured, selection: Selection) -> Markup:
    what = found.what
    compared = {one.code: one for one in chosen(selection)}
    levels = _levels(together)
    numbers = [_position(one, levels) for one in together]
    ends, marks = (0.0, 1.0), ()
    if levels:
        ends = (-0.5, len(levels) - 0.5)
        marks = tuple((float(place), code) for code, place in levels.items())
    elif what.yes_no and all(one.figure.measure == "state" for one in together):
        ends, marks = (-0.2, 1.2), ((0.0, what.yes_no[1]), (1.0, what.yes_no[0]))
    elif numbers:
        scale = scale_of(numbers, [0], what.decimals, from_zero=True)
        ends = (scale.low, scale.high)
        marks = tuple((value, _mark(what, value, text)) for value, text in scale.ticks)
        if what.is_year:
            scale = scale_of(numbers, [0], 0, from_zero=False)
            first, last = min(numbers), max(numbers)
            ends, marks = (first - 1, last + 1), ((first, str(int(first))), (last, str(int(last))))
    legend = []
    if any(one.figure.measure == "median" for one in together):
        legend = [("dot", _("value of the state")), ("median", _("median of the group’s states"))]
    if any(reason.rule == "estimate" for one in together for reason in one.reasons):
        legend = [*(legend or [("dot", _("value of the state"))]), ("open", _("estimate or provisional"))]
    return one_scale(
        [_placed(one, position, found, compared, selection) for one, position in zip(together, numbers, strict=True)],
        [_apart(one, found, compared, selection) for one in apart],
        ends=ends,
        marks=marks,
        caption=what.title,
        unit=what.unit,
        legend=legend,
    )


def _mark(what: Explored, value: float, text: str) -> str:
    return what.written(value) if what.is_share else text


def _levels(together: Sequence[Verdict]) -> dict[str, int]:
    """The codes of an order with their places, every step the same: the distance between codes has no size."""
    ranked = sorted({(one.figure.value, one.figure.code) for one in together if one.figure.code}, key=str)
    if not ranked:
        return {}
    present = {code for _value, code in ranked}
    order = [code for code in ("1", "2", "2WL", "3") if present <= {"1", "2", "2WL", "3"}] or [
        code for _value, code in ranked
    ]
    return {code: place for place, code in enumerate(order)}


def _position(one: Verdict, levels: dict[str, int]) -> float:
    return float(levels[one.figure.code]) if levels else float(one.figure.value or 0)


def _placed(
    one: Verdict, position: float, found: Measured, compared: dict[str, Compared], selection: Selection
) -> Placed:
    figure = one.figure
    behind = behind_figure(found.what, figure, selection)
    is_bar = found.what.is_flow and not figure.code
    return Placed(
        name=figure.name,
        link=page_of(compared[figure.area], selection),
        value=position,
        words=written(found.what, figure),
        when=str(figure.year or ""),
        kind="median" if figure.measure == "median" else "bar" if is_bar else "dot",
        remarks=tuple(reason.text for reason in one.reasons),
        behind=behind_address(behind, selection) if behind else "",
        is_open=figure.status in ("E", "P"),
    )


def _apart(one: Verdict, found: Measured, compared: dict[str, Compared], selection: Selection) -> Apart:
    figure = one.figure
    behind = behind_figure(found.what, figure, selection)
    reasons = tuple(reason.text for reason in one.reasons) or (
        _("No other value is left to compare {area} with.", area=figure.name),
    )
    return Apart(
        name=figure.name,
        link=page_of(compared[figure.area], selection),
        words=written(found.what, figure),
        when=clauses([str(figure.year or ""), "" if figure.is_empty else figure.basis_words]),
        reasons=reasons,
        empty=KINDS_OF_EMPTY.get(figure.status, "missing") if figure.is_empty else "",
        behind=behind_address(behind, selection) if behind else "",
    )


def _table(judged: Sequence[Verdict]) -> pl.DataFrame:
    of_whom = {
        "state": _("the state"),
        "total": _("the group as a whole"),
        "median": _("median of its states"),
    }
    return pl.DataFrame(
        [
            (
                one.figure.area,
                of_whom[one.figure.measure],
                one.figure.code or None,
                one.figure.value,
                one.figure.status if one.figure.is_empty else None,
                one.figure.year,
                (not one.figure.is_empty and one.figure.basis_words) or None,
                one.figure.coverage,
                _("no") if one.is_apart else _("yes"),
                clauses(reason.text.rstrip(".") for reason in one.reasons),
            )
            for one in judged
        ],
        schema={
            "area_code": pl.String,
            "of_whom": pl.String,
            "code": pl.String,
            "value": pl.Float64,
            "obs_status": pl.String,
            "year": pl.Int32,
            "basis": pl.String,
            "coverage": pl.Float64,
            "comparable": pl.String,
            "reasons": pl.String,
        },
        orient="row",
    )


def _behind_row(found: Measured, selection: Selection) -> Callable[[Mapping[str, Any]], Behind | None]:
    behind = {figure.area: behind_figure(found.what, figure, selection) for figure in found.figures}
    return lambda row: behind[row["area_code"]]


def _notes(found: Measured, selection: Selection, *, has_scale: bool) -> list[str]:
    what = found.what
    notes = [*unit_note(what), what.definition]
    if found.year and not has_scale:
        notes.insert(0, _("The newest value of each area stands with its own year."))
    elif found.year:
        asked = selection.last_year
        notes.insert(
            0,
            _(
                "All on the scale are of {year}, the newest year in which most of these areas have a value; it is not {asked}, the end of the period.",
                year=str(found.year),
                asked=str(asked),
            )
            if asked and asked != found.year
            else _(
                "All on the scale are of {year}, the newest year in which most of these areas have a value.",
                year=str(found.year),
            ),
        )
    elif not what.is_derived:
        notes.insert(0, _("No year is shared by two of these areas: each value stands with its own."))
    else:
        notes.insert(0, explored.when_said(what, pl.DataFrame({"year": [], "value": [], "value_code": []}), selection))
    if any(figure.code for figure in found.figures):
        notes.append(_("The codes stand in their order at equal distances: the steps between them have no size."))
    if any(figure.measure == "median" for figure in found.figures):
        notes.append(_("A group has no value of its own here: it is shown by the median of its states with a value."))
    notes += _known_replies(what, selection)
    notes.append(_("Values stand by name, states first; the order says nothing of their size."))
    if what.rule:
        notes.append(what.rule)
    return notes


def _known_replies(what: Explored, selection: Selection) -> list[str]:
    """Out of how many questionnaires the returns of each state are counted, where that differs."""
    if what.indicator_id != "questionnaires_returned" or what.one.category != "oas":
        return []
    states = [one for one in chosen(selection) if one.is_state]
    reason = comparability.returns_reason({one.name: counts(selection.but(area=one.code)).known for one in states})
    return [reason.text] if reason else []


def _period(found: Measured, selection: Selection) -> str:
    return str(found.year) if found.year else period_text(selection)
