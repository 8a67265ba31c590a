"""The views of one state: their titles, and what they say while no state is chosen."""

from collections.abc import Callable, Mapping
from functools import wraps

from dashboard.i18n import _, mark
from dashboard.selection import Selection
from dashboard.views.nothing import nothing
from dashboard.views.registry import ViewFunction, view
from dashboard.views.view import View

TITLES: Mapping[str, str] = {
    "country.profile": mark("Key figures"),
    "country.timeline": mark("On the time line"),
    "country.standing": mark("Among the states of the hemisphere"),
    "country.events": mark("OAS training events"),
    "country.programmes": mark("OAS programmes"),
    "country.questionnaires": mark("Questionnaires"),
    "country.answers": mark("Answers on record"),
    "country.treaties": mark("Treaties"),
    "country.participation": mark("Participation in the OAS"),
    "country.authorities": mark("National authorities"),
    "country.plans": mark("National plans, policies and strategies"),
    "country.laws": mark("National laws"),
    "country.context": mark("Context"),
    "country.caveats": mark("Where the sources disagree or fall silent"),
    "country.missing": mark("What the records hold"),
    "country.changes": mark("What changed"),
}
"""Titles of the views, for their heads and for the list of what a page contains."""


def state_view(view_id: str) -> Callable[[ViewFunction], ViewFunction]:
    """Register a view of one state: without a chosen state it says so instead of showing anybody's."""

    def register(function: ViewFunction) -> ViewFunction:
        @wraps(function)
        def of_chosen_state(selection: Selection) -> View:
            if selection.area:
                return function(selection)
            return nothing(view_id, _("Country"), _("No state has been chosen."))

        return view(view_id)(of_chosen_state)

    return register
