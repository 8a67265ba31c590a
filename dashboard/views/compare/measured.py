"""The values of the chosen indicator for the areas compared: of which years, of whom, and with what remarks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboard import comparability
from dashboard.comparability import Figure, Measure
from dashboard.i18n import _
from dashboard.labels import label, labels
from dashboard.queries import compare
from dashboard.selection import Selection
from dashboard.texts import localise
from dashboard.views import explored
from dashboard.views.behind import Behind
from dashboard.views.compare.chosen import Compared, chosen
from dashboard.views.explore.said import behind_row
from dashboard.views.explored import Explored

_BASES = "number_basis"
_KINDS_OF_NUMBER = (
    "events_with_number",
    "officials_trained",
    "officials_trained_with_civil_society",
    "officials_not_attributable",
    "officials_per_100000",
)
"""Indicators whose breakdowns are kinds of number."""
_LARGE = 10_000_000
"""Values from here on are written short beside a scale; the table has every digit."""
_HISTORY = {
    "area_code": pl.String,
    "year": pl.Int32,
    "value": pl.Float64,
    "value_code": pl.String,
    "obs_status": pl.String,
    "coverage": pl.Float64,
    "note": pl.String,
    "remark": pl.String,
    "measure": pl.String,
    "with_value": pl.Int64,
    "states": pl.Int64,
    "source_id": pl.String,
}


@dataclass(frozen=True)
class Measured:
    """The figures to be compared, one an area, in order; the year that they share if they are of a year; sources."""

    what: Explored
    figures: tuple[Figure, ...]
    year: int | None
    sources: tuple[str, ...]


def has_medians(what: Explored) -> bool:
    """Whether a group is shown by the median of its states, because nothing else can be said of it."""
    is_added_up = what.is_derived or what.about["aggregation"] != "none"
    return not is_added_up and what.indicator_id not in comparability.OWN_YARDSTICKS


def indicator_choices() -> dict[str, str]:
    """Indicator id -> title in the reader's language, family by family as they are offered elsewhere."""
    return {code: title for own in explored.families().values() for code, title in explored.titles(own).items()}


def breakdown_choices(selection: Selection) -> dict[str, str]:
    """Code -> words of the breakdowns of the chosen indicator; empty where there is only one."""
    slices = explored.explored(selection).slices
    return {one.code: explored.word(one) for one in slices} if len(slices) > 1 else {}


def history(what: Explored, selection: Selection) -> pl.DataFrame:
    """The yearly rows of the areas compared, medians of groups among them; ``measure`` says of whom each value is.

    Columns: area_code, year, value, value_code, obs_status, coverage, note (as recorded), remark (for the reader),
    measure, with_value, states, source_id; by area and year.
    """
    compared = chosen(selection)
    groups = sorted(one.code for one in compared if not one.is_state)
    one = what.one
    codes = sorted(area.code for area in compared)
    rows = compare.series(one.indicator_id, one.category, one.sex, one.age, codes, **selection.period)
    rows = localise(rows.with_columns(remark=pl.col("note")), "remark").with_columns(
        measure=pl.when(pl.col("area_code").is_in(groups)).then(pl.lit("total")).otherwise(pl.lit("state"))
    )
    if has_medians(what) and groups:
        medians = compare.medians(what.indicator_id, groups, **selection.period)
        rows = pl.concat(
            [rows, medians.with_columns(measure=pl.lit("median"), obs_status=pl.lit("A"))], how="diagonal_relaxed"
        )
    empty = pl.DataFrame(schema=_HISTORY)
    return pl.concat([empty, rows], how="diagonal_relaxed").select(list(_HISTORY)).sort("area_code", "year")


def measured(selection: Selection) -> Measured:
    """One figure an area: records over the chosen years, everything else of the one year that most areas share."""
    what = explored.explored(selection)
    compared = chosen(selection)
    if not what.is_derived:
        return _of_common_year(what, compared, history(what, selection))
    codes = [one.code for one in compared]
    rows = explored.values(what, selection).filter(pl.col("area_code").is_in(codes))
    found = explored.with_value(rows)
    if found["year"].is_not_null().any():
        # each area has its newest year here: one year for all is looked for instead
        return _of_common_year(what, compared, history(what, selection))
    by_area = {row["area_code"]: row for row in rows.iter_rows(named=True)}
    others = _other_kinds(what, compared, selection)
    figures = tuple(_of_period(what, one, by_area.get(one.code), others.get(one.code), selection) for one in compared)
    return Measured(what, figures, None, tuple(sorted(set(found["source_id"].drop_nulls()))))


def _other_kinds(what: Explored, compared: Sequence[Compared], selection: Selection) -> dict[str, tuple[str, float]]:
    """The kind of number and the value that an area has, where it has none of the kind asked for."""
    if what.indicator_id not in _KINDS_OF_NUMBER or what.indicator_id == "officials_per_100000":
        return {}
    rows = compare.other_bases(
        what.indicator_id,
        sorted(one.code for one in compared),
        **selection.period,
        is_all_time=selection.is_all_time,
    )
    order = list(labels(_BASES))
    ranked = sorted(rows.iter_rows(), key=lambda row: (row[1] != what.one.category, order.index(row[1])))
    found: dict[str, tuple[str, float]] = {}
    for code, basis, value in ranked:
        found.setdefault(code, (basis, value))
    return found


def _of_period(
    what: Explored,
    one: Compared,
    row: Mapping[str, Any] | None,
    other: tuple[str, float] | None,
    selection: Selection,
) -> Figure:
    """A figure counted over the chosen years; of another kind of number where there is none of the kind asked for."""
    row = {} if row is None or (one.is_state and what.is_names_hidden) else row
    basis = what.one.category if what.indicator_id in _KINDS_OF_NUMBER else ""
    value = row.get("value")
    if not value and other and other[0] != basis:
        basis, value = other
    words = labels(_BASES)
    missing = _why_missing(what, one, selection) if value is None else ""
    return Figure(
        area=one.code,
        name=one.name,
        measure=_measure(one),
        value=value,
        code=str(row.get("value_code") or ""),
        status="A" if value is not None else "M" if missing else str(row.get("obs_status") or "O"),
        basis=basis,
        basis_words=words.get(basis, basis),
        coverage=row.get("coverage"),
        remark=str(row.get("note") or ""),
        remark_words=label("observation_note", str(row.get("note") or "")),
        missing=missing,
    )


def _measure(one: Compared) -> Measure:
    return "state" if one.is_state else "total"


def _why_missing(what: Explored, one: Compared, selection: Selection) -> str:
    """Why there can be no value of this kind of area at all; empty where there could be one."""
    if one.is_state and what.is_names_hidden:
        return _("States whose reply was not received are not named on this site.")
    if one.is_state and not what.has_states:
        return _("{area} is a single state: this is a figure of groups only.", area=one.name)
    if one.is_state or has_medians(what):
        return ""
    if what.indicator_id in comparability.OWN_YARDSTICKS:
        return _("{area} is a group: each state sets its own line, so a group has no figure.", area=one.name)
    kinds = compare.kinds_of_area(what.indicator_id, what.one.category)
    if not kinds - {"country"}:
        return _("{area} is a group: this is a figure of single states only.", area=one.name)
    if not selection.is_all_time and what.indicator_id.startswith("programmes_"):
        return _(
            "For groups this is counted year by year and over all years, not over a part of them: {area} has no figure here.",
            area=one.name,
        )
    return ""


def _of_common_year(what: Explored, compared: Sequence[Compared], rows: pl.DataFrame) -> Measured:
    """Figures of the newest year that most areas share; an area without a value then shows its newest, with its year."""
    filled = explored.with_value(rows)
    if what.is_names_hidden:
        states = [one.code for one in compared if one.is_state]
        rows, filled = (frame.filter(~pl.col("area_code").is_in(states)) for frame in (rows, filled))
    years = {one.code: filled.filter(pl.col("area_code") == one.code)["year"].to_list() for one in compared}
    kinds = {"state": {}, "total": {}}
    for one in compared:
        kinds["total" if not one.is_state and not has_medians(what) else "state"][one.code] = years[one.code]
    # a total is never on the scale of a state: the years of totals count only where there are totals alone
    counted = kinds["state"] if sum(map(bool, kinds["state"].values())) > 1 else kinds["total"]
    year = comparability.common_year(counted if sum(map(bool, counted.values())) > 1 else years)
    if year is None:
        year = max((max(own) for own in years.values() if own), default=None)
    is_coded = bool(filled["value_code"].is_not_null().any())
    figures = []
    for one in compared:
        own = rows.filter(pl.col("area_code") == one.code)
        exact = filled.filter(pl.col("area_code") == one.code, pl.col("year") == (year or 0))
        newest = filled.filter(pl.col("area_code") == one.code).tail(1)
        shown = exact if exact.height else newest if newest.height else own.filter(pl.col("year") == (year or 0))
        figures.append(_of_year(what, one, shown.row(0, named=True) if shown.height else {}, is_coded=is_coded))
    return Measured(what, tuple(figures), year, tuple(sorted(set(filled["source_id"].drop_nulls()))))


def _of_year(what: Explored, one: Compared, row: Mapping[str, Any], *, is_coded: bool) -> Figure:
    is_filled = bool(row) and (row["value"] is not None or bool(row["value_code"]))
    basis = what.one.category if what.indicator_id in _KINDS_OF_NUMBER else ""
    missing = "" if is_filled else _why_missing(what, one, Selection())
    if not is_filled and is_coded and not one.is_state:
        missing = _("{area} is a group: codes of states have no median and no total.", area=one.name)
    return Figure(
        area=one.code,
        name=one.name,
        measure=row.get("measure") or _measure(one),
        value=row.get("value"),
        code=row.get("value_code") or "",
        status="M" if missing else row.get("obs_status") or "O",
        year=row["year"] if is_filled else None,
        basis=basis,
        basis_words=labels(_BASES).get(basis, basis),
        remark=row.get("note") or "",
        remark_words=label("observation_note", row.get("remark") or ""),
        coverage=row.get("coverage"),
        with_value=row.get("with_value"),
        states=row.get("states"),
        missing=missing,
    )


def unit_note(what: Explored) -> list[str]:
    """In what the values are, where they are neither shares nor years nor a yes or no."""
    return [] if what.is_share or what.is_year or what.yes_no else [_("Unit: {unit}.", unit=what.unit)]


def written(what: Explored, figure: Figure) -> str:
    """A figure's value as the reader sees it, with the words of a yes or no."""
    if figure.code:
        return figure.code
    if figure.value is None and figure.measure == "state" and what.is_names_hidden:
        return _("not shown on this site")
    if figure.value is None:
        return label("obs_status", figure.status)
    if what.yes_no and figure.measure == "state":
        return what.yes_no[0] if figure.value else what.yes_no[1]
    return what.written(figure.value, is_short=abs(figure.value) >= _LARGE)


def behind_figure(what: Explored, figure: Figure, selection: Selection) -> Behind | None:
    """The records behind a figure; none behind a zero, and none behind a median, which no row holds."""
    found = behind_year(
        what,
        {
            "area_code": figure.area,
            "value": figure.value,
            "value_code": figure.code,
            "year": figure.year,
            "measure": figure.measure,
        },
        selection,
    )
    is_other_kind = figure.basis not in ("", what.one.category)
    return found.but(basis=figure.basis) if found and is_other_kind else found


def behind_year(what: Explored, row: Mapping[str, Any], selection: Selection) -> Behind | None:
    """The records behind the value of a row: area_code, value, value_code, year, measure."""
    return None if row["measure"] == "median" or row["value"] == 0 else behind_row(what, row, selection)
