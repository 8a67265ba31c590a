"""How the numbers and statuses of training are said and drawn, the same in every view."""

from typing import Any

import polars as pl

from dashboard.charts.bars import BarKind
from dashboard.charts.kinds import Kind
from dashboard.choices import record_years
from dashboard.i18n import _, language, mark, number
from dashboard.labels import label, labels
from dashboard.queries import training
from dashboard.selection import Selection

STATUSES = ("held", "announced", "planned")
ROLES = ("focus", "announced", "planned")
HATCHES = {"reported": "", "announced": "/", "announced_minimum": "|", "announced_approx": "-"}
_FILLS = {"reported": "focus", "announced": "announced", "announced_minimum": "minimum", "announced_approx": "about"}
STATUS_FILLS = {"held": "focus", "announced": "announced", "planned": "planned"}
_SIGNS = {"announced_minimum": "≥", "announced_approx": "≈"}
_STATED_NUMBERS = {
    "reported": mark("{n} reported afterwards"),
    "announced": mark("{n} announced beforehand"),
    "announced_minimum": mark("at least {n} announced beforehand"),
    "announced_approx": mark("about {n} announced beforehand"),
}
BEFOREHAND = {
    "announced": mark("{n}"),
    "announced_minimum": mark("at least {n}"),
    "announced_approx": mark("about {n}"),
}


def years_asked(selection: Selection) -> dict[str, Any]:
    """The chosen period as the parameters that queries of training take."""
    return {**selection.period, "is_all_time": selection.is_all_time}


def caveats(*caveat_ids: str) -> list[str]:
    """Remarks that the edition keeps on its own figures, in the reader's language."""
    return training.caveats(list(caveat_ids))[f"text_{language()}"].to_list()


def charted_years(selection: Selection) -> tuple[int, int]:
    """The chosen years, or those of the records where one end is open."""
    first, last = record_years()
    chosen_first, chosen_last = selection.first_year, selection.last_year
    return chosen_first or min(first, chosen_last or first), chosen_last or max(last, chosen_first or last)


def status_of(column: str) -> pl.Expr:
    """Observation status of a recorded number: as reported, or not reported."""
    return pl.when(pl.col(column).is_null()).then(pl.lit("O")).otherwise(pl.lit("A"))


def plotted_kinds() -> tuple[Kind, ...]:
    """The kinds of number as the chart over years draws them."""
    return tuple(
        Kind(code, words, HATCHES[code], _SIGNS.get(code, "")) for code, words in labels("number_basis").items()
    )


def number_kinds() -> tuple[BarKind, ...]:
    """The kinds of number as bars in a table."""
    return tuple(BarKind(code, words, _FILLS[code]) for code, words in labels("number_basis").items())


def status_kinds() -> tuple[BarKind, ...]:
    """The statuses of events as bars in a table."""
    return tuple(BarKind(code, label("event_status", code), STATUS_FILLS[code]) for code in STATUSES)


def stated_number(basis: str, value: int, *, is_short: bool = False) -> str:
    """A number with its kind in words: at least 40 announced beforehand; short: ≥ 40."""
    return _SIGNS.get(basis, "") + number(value) if is_short else _(_STATED_NUMBERS[basis], n=value)


def sums_by_basis(rows: pl.DataFrame) -> dict[str, int]:
    """The sum of ``value`` of each kind of number that occurs, in the order of the kinds; kinds are never added."""
    sums = dict(rows.group_by("number_basis").agg(pl.col("value").sum()).iter_rows())
    return {basis: int(sums[basis]) for basis in HATCHES if sums.get(basis)}


def reached_means() -> str:
    """What counts as reached by training, as a note."""
    return _(
        "Reached: the state took part in an event held, or a training programme was carried out there; what was only "
        "announced or planned does not count, nor does hosting."
    )
