"""What the records behind a figure can be narrowed by: the sets of records, their filters, the codes of each filter.

An address of the page *Records behind a figure* names a set (``of``) and filters; nothing that is not listed here
reaches a query.
"""

from collections.abc import Mapping

_DATED = ("year", "source", "record")
_EVENTS = ("area", "host", "status", "basis", "scope", "stated", "women", "named", "type", "audience", "programme")
_NATIONAL = ("area", "status", *_DATED, "counting")

RECORD_SETS: Mapping[str, tuple[str, ...]] = {
    "events": (*_EVENTS, *_DATED, "counting"),
    "officials": (*_EVENTS, "part", *_DATED, "counting"),
    "reach": ("area", "kind", "programme", "taking_part", "dated", *_DATED, "counting"),
    "statements": ("unit", "additive", "programme", *_DATED),
    "programmes": ("programme", "pillar", "type", "funder", "placed", *_DATED),
    "deployments": (
        "area", "placed", "status", "standing", "programme", "pillar", "type", "date", "begun", "ended",
        *_DATED, "counting",
    ),
    "rounds": ("round", "form", "respondent", *_DATED, "counting"),
    "responses": ("area", "status", "round", "series", "form", "respondent", *_DATED, "counting"),
    "answers": ("area", "named", "status", "round", "form", "question", "topic", "pillar", *_DATED, "counting"),
    "commitments": ("instrument", "kind", "pillar", "issuer", *_DATED),
    "meetings": ("series", "host", *_DATED),
    "treaty_actions": ("area", "treaty", "status", "action", *_DATED, "counting"),
    "authorities": ("area", "type", *_DATED, "counting"),
    "plans": _NATIONAL,
    "laws": ("scope", *_NATIONAL),
    "participation": ("area", "status", "taking_part", "year", "source", "counting"),
    "observations": ("indicator", "area", "category", "sex", "age", "stated", "over", "year", "source", "counting"),
}  # fmt: skip
"""Set of records -> the filters that it understands."""

COUNTINGS: Mapping[str, tuple[str, ...]] = {
    "events": ("records", "women"),
    "officials": ("people", "records"),
    "reach": ("states", "records"),
    "statements": ("records",),
    "programmes": ("records",),
    "deployments": ("records", "programmes", "states"),
    "rounds": ("records", "replies"),
    "responses": ("records", "states", "rounds"),
    "answers": ("records", "states", "value"),
    "commitments": ("records",),
    "meetings": ("records",),
    "treaty_actions": ("records", "states", "treaties"),
    "authorities": ("records", "states"),
    "plans": ("records", "states"),
    "laws": ("records", "states"),
    "participation": ("states",),
    "observations": ("value", "records"),
}
"""Set of records -> what a figure may count in it; the first unless the address says another."""

ALIASES: Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]] = {
    ("deployments", "status"): {
        "deployed": ("in_progress", "implemented", "replicated", "follow_up_requested", "audited"),
        "beforehand": ("interest_expressed", "announced", "planned"),
    },
    ("events", "status"): {"beforehand": ("announced", "planned")},
    ("officials", "basis"): {"beforehand": ("announced", "announced_minimum", "announced_approx")},
    ("responses", "status"): {"asked": ("returned", "not_received")},
    ("treaty_actions", "status"): {"known": ("party", "not_party", "no_action"), "others": ("not_party", "no_action")},
}
"""One code for several of a filter, as figures count them together."""

OWN_CODES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("stated", "women", "named", "taking_part", "placed"), ("yes", "no")),
    "part": ("own", "shared"),
    "over": ("all_time", "year"),
    "dated": ("ever", "never"),
    "standing": ("not_there", "nowhere", "never"),
}
"""The codes of the filters that belong to no list of the records.

``part``: what of a number a source gives to single states, and the rest. ``dated``: whether any record of the state has
a year. ``standing``: deployments of a programme that was not carried out in the same state in the same years, not in
the whole area in these years, or not in the area at any time.
"""

ANY_TIME = "all"
NO_SINGLE_YEAR = "none"
SEPARATOR = ","
"""Between the values of a filter that takes several."""

YEARS = ("year", "begun", "ended")
"""Filters whose values are years."""

LITERAL = ("record",)
"""Filters whose values are no codes of a list: what they name is looked up as it stands."""


def year_bounds(text: str) -> tuple[int, int] | None:
    """The years of ``2010``, ``2005-2010``, ``2005-`` or ``-2010``, with wide bounds at an open end; none for others."""
    first, dash, last = text.replace("–", "-").partition("-")
    if not (first or last) or not all(
        part.isascii() and part.isdecimal() and len(part) == 4 for part in (first, last) if part
    ):
        return None
    bounds = int(first or 1800), int(last or (2100 if dash else first))
    return bounds if 1800 <= bounds[0] <= bounds[1] <= 2100 else None


def is_year(text: str) -> bool:
    """Whether a value of the filter ``year`` means something: a year, a span of years, all of them, or no single year."""
    return text in (ANY_TIME, NO_SINGLE_YEAR) or year_bounds(text) is not None
