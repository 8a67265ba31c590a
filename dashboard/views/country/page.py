"""The page of a state: which views stand on it in which order, and what is said above them."""

from collections.abc import Mapping

import polars as pl

from dashboard import areas
from dashboard.i18n import _, n_
from dashboard.labels import label
from dashboard.queries import country
from dashboard.selection import Selection
from dashboard.views.country.international import participation_sentence
from dashboard.views.country.key_figures import counts, palermo_standing
from dashboard.views.country.withheld import remarks_told

SECTIONS: Mapping[str, str] = {
    "country.events": "events",
    "country.programmes": "programmes",
    "country.questionnaires": "questionnaires",
    "country.answers": "answers",
    "country.treaties": "treaties",
    "country.authorities": "authorities",
    "country.plans": "plans",
    "country.laws": "laws",
    "country.context": "context",
    "country.caveats": "caveats",
}
"""Views that a page leaves out where the records hold nothing, with the kind of record each needs."""

ABOVE = ("country.profile", "country.timeline", "country.standing")
SIDE_BY_SIDE = (
    ("country.events", "country.programmes", "country.questionnaires", "country.answers"),
    ("country.treaties", "country.participation", "country.authorities", "country.plans", "country.laws"),
)
"""What the OAS did with the state, and what the state replied, beside what the state has of its own."""
FILLING = ("country.context", "country.caveats", "country.missing")
"""What ends the shorter of the two columns."""
BELOW = ("country.changes",)

_MOST_ENTRIES = 10
_LINES = {"treaties": 60, "context": 60}
_WHOLE = {"country.participation": 230, "country.missing": 600}
_HEAD, _ENTRY = 230, 130
"""About how many pixels a line of a table takes, a view that is always as long, the head and foot of another, an entry."""


def layout(selection: Selection) -> list[list[list[str]]]:
    """The views of the state's page in rows of columns, in the order of reading; what has no record is left out.

    Where the views stand does not depend on the period, so that nothing jumps when it changes.
    """
    on_file = country.records_on_file(selection.area) | {"caveats": remarks_told(selection.area).height}

    def is_shown(view_id: str) -> bool:
        return view_id not in SECTIONS or bool(on_file[SECTIONS[view_id]])

    columns = [list(filter(is_shown, column)) for column in SIDE_BY_SIDE]
    for view_id in filter(is_shown, FILLING):
        min(columns, key=lambda column: sum(_height(one, on_file) for one in column)).append(view_id)
    return [*([[view_id]] for view_id in ABOVE), [column for column in columns if column], *([[one]] for one in BELOW)]


def _height(view_id: str, on_file: Mapping[str, int]) -> int:
    """About how many pixels a view takes on a laptop."""
    if view_id in _WHOLE:
        return _WHOLE[view_id]
    kind = SECTIONS[view_id]
    if kind in _LINES:
        return _HEAD + _LINES[kind] * on_file[kind]
    return _HEAD + _ENTRY * min(on_file[kind], _MOST_ENTRIES)


def kicker(selection: Selection) -> str:
    """Subregion, blocs and participation in the OAS, in one line."""
    today = country.participation_today().filter(pl.col("area_code") == selection.area)
    parts = [areas.name(areas.group_of(selection.area, "oas")), *areas.blocs_of(selection.area)]
    return " · ".join([*parts, *(label("participation", status) for status in today["status"])])


def portrait(selection: Selection) -> str:
    """What the records say about the state, in a few whole sentences."""
    own = counts(selection)
    sentences = [participation_sentence(selection.area)]
    if own.held:
        sentences.append(
            n_(
                "The records hold {n} training event held with its participation.",
                "The records hold {n} training events held with its participation.",
                own.held,
            )
        )
    if own.programmes:
        sentences.append(
            n_(
                "{n} programme was carried out or is under way there.",
                "{n} programmes were carried out or are under way there.",
                own.programmes,
            )
        )
    if not own.held and not own.programmes:
        sentences.append(
            _("No OAS training event or programme is on record for it.")
            if selection.is_all_time
            else _("No OAS training event or programme is on record for it in these years.")
        )
    if own.returned:
        sentences.append(
            n_(
                "It is on record as having returned {n} OAS questionnaire.",
                "It is on record as having returned {n} OAS questionnaires.",
                own.returned,
            )
        )
    palermo = palermo_standing(selection.area)
    if palermo["status"] == "party" and palermo["year"]:
        sentences.append(_("It has been party to the Palermo Protocol since {year}.", year=str(palermo["year"])))
    return " ".join(sentences)
