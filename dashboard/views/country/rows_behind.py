"""Which records stand behind the numbers of a state: each number leads to exactly those that it counts."""

from collections.abc import Callable, Mapping
from typing import Any

from dashboard import areas
from dashboard.queries.subregion import members_on
from dashboard.record_filters import ANY_TIME
from dashboard.selection import Selection
from dashboard.settings import hides_names_not_received
from dashboard.views.behind import Behind, behind

TIER = "tip_tier"
RECORD_INDICATORS: Mapping[str, str] = {
    "training_events": "held",
    "programmes_deployed": "_T",
    "questionnaires_returned": "oas",
    "treaties_in_force": "_T",
}
"""Indicators of the OAS records among which a state is placed, with the category that is shown of each."""


def held_events(area_code: str) -> Behind:
    """The events held with the state's participation."""
    return behind("events", area=area_code, status="held")


def deployed_programmes(area_code: str) -> Behind:
    """What says that programmes were carried out or are under way in the state."""
    return behind("deployments", area=area_code, status="deployed", counting="programmes")


def oas_replies(area_code: str, status: str = "returned") -> Behind | None:
    """The state's returns of OAS questionnaires; nothing where they would tell whose reply was not received."""
    if hides_names_not_received():
        return None
    return behind("responses", area=area_code, form="oas", respondent="states", status=status, counting="rounds")


def own_reply(area_code: str, round_id: str) -> Behind | None:
    """The state's reply to one round; nothing where it would tell whose reply was not received."""
    return None if hides_names_not_received() else behind("responses", area=area_code, round=round_id, year=ANY_TIME)


def treaty_standing(area_code: str, treaty_id: str) -> Behind:
    """What is on record of the state and an instrument, whatever the period."""
    return behind("treaty_actions", area=area_code, treaty=treaty_id, year=ANY_TIME)


def own_value(area_code: str) -> Callable[[Mapping[str, Any]], Behind | None]:
    """From a row of the standings to what the state's value counts, or to the value as its source has it.

    Nothing where it counts none.
    """

    def found(row: Mapping[str, Any]) -> Behind | None:
        counted = {
            "training_events": held_events(area_code),
            "programmes_deployed": deployed_programmes(area_code),
            "questionnaires_returned": oas_replies(area_code),
            "treaties_in_force": behind("treaty_actions", area=area_code, status="party"),
        }
        if row["indicator_id"] in counted:
            one = counted[row["indicator_id"]] if row["value"] else None
            return one.but(year=ANY_TIME) if one else None
        return _values(row, area_code)

    return found


def every_value(row: Mapping[str, Any]) -> Behind:
    """From a row of the standings to the values of all states in the same period."""
    return _values(row, areas.HEMISPHERE)


def values_beside(selection: Selection) -> Callable[[Mapping[str, Any]], Behind | None]:
    """From a row of the standings to the values of the state's group, whose median stands beside the state's value.

    Nothing where the group had other members in the row's year than those whose median it is.
    """
    group = areas.group_of(selection.area, selection.scheme)

    def members(last_year: int | None) -> list[str]:
        day = areas.period_end(selection.but(first_year=None, last_year=last_year))
        return members_on(selection.scheme, group, day)

    return lambda row: _values(row, group) if members(selection.last_year) == members(row["year"]) else None


def _values(row: Mapping[str, Any], area_code: str) -> Behind:
    """The values of an indicator in the row's period, as the records of this edition or its source have them."""
    if row["indicator_id"] in RECORD_INDICATORS:
        category = RECORD_INDICATORS[row["indicator_id"]]
        period = {"year": ANY_TIME, "over": "all_time"}
    else:
        category, period = "", {"year": row["year"]}
    return behind(
        "observations",
        indicator=row["indicator_id"],
        area=area_code,
        category="" if category == "_T" else category,
        stated=True,
        counting="records",
        **period,
    )


def own_people(area_code: str, event_id: str) -> Behind:
    """The number of people that an event had of the state."""
    return behind("officials", area=area_code, record=event_id, year=ANY_TIME)


def moment(area_code: str, of: str, record: str) -> Behind | None:
    """The one record that a mark on the line of time stands for."""
    if of == "responses":
        return own_reply(area_code, record)
    if of == "treaty_actions":
        return treaty_standing(area_code, record)
    return behind(of, record=record, year=ANY_TIME)


def all_of_subject(area_code: str, kind: str) -> Behind | None:
    """All that is on record of a kind on a state; nothing where a number of rows is not one of such records."""
    sets = {
        "programmes": "deployments",
        "questionnaires": "responses",
        "answers": "answers",
        "treaties": "treaty_actions",
        "authorities": "authorities",
        "plans": "plans",
        "laws": "laws",
    }
    if kind not in sets or (kind == "questionnaires" and hides_names_not_received()):
        return None
    known = {"status": "known"} if kind == "treaties" else {}
    return behind(sets[kind], area=area_code, year=ANY_TIME, **known)
