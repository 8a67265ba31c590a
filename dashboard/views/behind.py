"""From a figure to the records behind it: what they are, and the address of the page that lists them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from dashboard.record_filters import ANY_TIME, RECORD_SETS, SEPARATOR
from dashboard.selection import Selection, address

TOTAL = "_T"
"""The category of a value that is not of one category alone."""


@dataclass(frozen=True)
class Behind:
    """A set of base records, and the filters (name, value) that leave exactly those behind one figure.

    Without a filter ``year`` the period of the reader's selection holds.
    """

    of: str
    where: tuple[tuple[str, str], ...] = ()

    def but(self, **where: object) -> "Behind":
        """The same with some filters changed or, by none, taken away."""
        return behind(self.of, **{**dict(self.where), **where})


def behind(of: str, **where: object) -> Behind:
    """The records of a set that meet all the filters; a filter without a value (none, empty) is left out.

    Sets and their filters are those of ``dashboard/record_filters.py``. A filter takes a code, a year, yes or no
    (true, false) or several codes, of which a record then has one. ``year``: a year; ``2005-2010``; ``none`` for the
    records without a single year; ``all`` for every record, whatever period the reader chose. ``area``: a state, a
    group of a scheme, or the hemisphere. ``counting``: what the figure counts, where it is not the records themselves.
    """
    said = tuple(sorted((name, text) for name, value in where.items() if (text := _text(value))))
    if unknown := [name for name, _value in said if name not in RECORD_SETS[of]]:
        raise ValueError(f"records of {of} are not filtered by {', '.join(unknown)}")
    return Behind(of, said)


def behind_address(one: Behind, selection: Selection) -> str:
    """The address of the page that lists these records, for the reader's language, scheme, period and edition."""
    return address("records", selection, of=one.of, where=one.where)


def _text(value: object) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Iterable):
        return SEPARATOR.join(_text(part) for part in value)
    return str(value)


def behind_value(indicator_id: str, area_code: str, year: int | str | None = None, category: str = TOTAL) -> Behind:
    """What is behind a value of an indicator in one area: the records of which it was worked out, by its own rule.

    ``year`` is that of the value (``none``: of records without a single year); nothing for the value over all years. Behind a share stand the records of its
    numerator. An indicator of another publisher has nothing behind it but its value, with source and date.
    """
    when = str(year) if year else ANY_TIME
    if rule := _RULES.get(indicator_id):
        return rule(area_code, when, category)
    return behind("observations", indicator=indicator_id, area=area_code, year=when, category=category)


def _events(area: str, year: str, category: str) -> Behind:
    status, _dot, audience = category.partition(".")
    return behind("events", area=area, year=year, status=status, audience=audience)


def _officials(area: str, year: str, category: str, **further: str) -> Behind:
    basis, _dot, audience = category.partition(".")
    return behind("officials", area=area, year=year, basis=basis, audience=audience, **further)


def _rate(area: str, year: str, category: str) -> Behind:
    # only what has a year can be set against the population of a year
    return _officials(area, "-2100" if year == ANY_TIME else year, category)


def _reached(area: str, year: str, _category: str) -> Behind:
    return behind("reach", area=area, year=year)


def _covered(area: str, year: str, _category: str) -> Behind:
    return behind("reach", area=area, year=year, taking_part=True)


def _so_far(area: str, year: str, _category: str) -> Behind:
    return behind("reach", area=area, year=f"-{year}", taking_part=True)


def _deployments(area: str, year: str, **further: object) -> Behind:
    return behind("deployments", area=area, year=year, counting="programmes", **further)


def _returned(area: str, year: str, **further: str) -> Behind:
    return behind("responses", area=area, year=year, status="returned", **further)


def _treaties(area: str, year: str, category: str) -> Behind:
    until = year if year == ANY_TIME else f"-{year}"
    treaty = "" if category == TOTAL else category
    return behind("treaty_actions", area=area, year=until, status="party", treaty=treaty)


_RULES: Mapping[str, Callable[[str, str, str], Behind]] = {
    "training_events": _events,
    "events_by_audience": _events,
    "events_with_number": lambda area, year, basis: behind("events", area=area, year=year, basis=basis),
    "officials_trained": _officials,
    "officials_by_audience": _officials,
    "officials_trained_with_civil_society": partial(_officials, scope="officials_and_civil_society"),
    "officials_not_attributable": partial(_officials, part="shared"),
    "officials_per_100000": _rate,
    "states_reached": _reached,
    "last_training_year": _reached,
    "years_since_last_training": _reached,
    "countries_covered": _covered,
    "countries_covered_share": _covered,
    "countries_covered_cumulative": _so_far,
    "participating_states": lambda area, year, _all: behind("participation", area=area, year=year, taking_part=True),
    "programmes_deployed": lambda area, year, _all: _deployments(area, year, status="deployed"),
    "programmes_by_status": lambda area, year, status: _deployments(area, year, status=status),
    "programmes_by_pillar": lambda area, year, pillar: _deployments(area, year, status="deployed", pillar=pillar),
    "programmes_active": lambda area, year, _all: _deployments(area, year, status=("in_progress", "implemented")),
    "programmes_announced": lambda area, year, _all: _deployments(area, year, status="beforehand", standing="never"),
    "questionnaire_returns": lambda area, _year, one: _returned(area, ANY_TIME, round=one),
    "questionnaire_return_rate": lambda area, _year, one: _returned(area, ANY_TIME, round=one),
    "questionnaires_returned": lambda area, year, form: _returned(area, year, form=form),
    "questionnaire_returns_in_row": lambda area, year, series: _returned(area, year, series=series),
    "treaties_in_force": _treaties,
    "treaties_in_force_share": _treaties,
}
"""Indicator worked out here -> from area, year (or all) and category to its records."""
