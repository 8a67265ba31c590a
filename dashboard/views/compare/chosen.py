"""What is being compared: the chosen areas in the reader's order, their names and their kinds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps

from dashboard import areas
from dashboard.i18n import _, listing, mark, sort_key
from dashboard.queries import compare
from dashboard.selection import Selection, address
from dashboard.views.nothing import nothing
from dashboard.views.registry import ViewFunction, view
from dashboard.views.view import View

_TITLES: Mapping[str, str] = {
    "compare.records": mark("OAS records side by side"),
    "compare.values": mark("Values on one scale"),
    "compare.over_time": mark("Year by year"),
    "compare.programmes": mark("Programmes and their status"),
    "compare.treaties": mark("Treaties"),
    "compare.rounds": mark("OAS questionnaires"),
    "compare.answers": mark("Answers on the same subject"),
    "compare.peers": mark("Whom to compare with"),
}
_STATE, _HEMISPHERE = "country", "hemisphere"


@dataclass(frozen=True)
class Compared:
    """One of the areas: its code, its name beside the others, and whether it is one state."""

    code: str
    name: str
    is_state: bool
    scheme: str = ""


def titles() -> dict[str, str]:
    """View id -> title in the reader's language, in the order of the page."""
    return {view_id: _(title) for view_id, title in _TITLES.items()}


def order_of(codes: Sequence[str]) -> list[str]:
    """The areas in order: states by name, then groups by name, then the hemisphere."""
    kinds = dict(compare.compared(sorted(codes)).select("area_code", "area_type").iter_rows())
    rank = {_STATE: 0, _HEMISPHERE: 2}
    known = [code for code in dict.fromkeys(codes) if code in kinds]
    return sorted(known, key=lambda code: (rank.get(kinds[code], 1), sort_key(areas.name(code)), code))


def chosen(selection: Selection) -> list[Compared]:
    """The areas to be compared, in order; groups of the same name are told apart by their scheme."""
    return compared_of(selection.areas)


def compared_of(codes: Sequence[str]) -> list[Compared]:
    """These areas in order, with names that tell them apart."""
    about = {row["area_code"]: row for row in compare.compared(sorted(codes)).iter_rows(named=True)}
    ordered = order_of(codes)
    names = [areas.name(code) for code in ordered]
    return [
        Compared(
            code,
            _with_scheme(code, str(about[code]["scheme_id"] or ""))
            if names.count(areas.name(code)) > 1 or about[code]["area_type"] == "rest"
            else areas.name(code),
            about[code]["area_type"] == _STATE,
            str(about[code]["scheme_id"] or ""),
        )
        for code in ordered
    ]


def _with_scheme(code: str, scheme: str) -> str:
    name = areas.schemes().get(scheme, "")
    if name == areas.name(code):
        return name
    return f"{areas.name(code)} · {name}" if name else areas.name(code)


def area_choices(selection: Selection) -> dict[str, str]:
    """Area code -> name of everything that may be compared: states, groups of every scheme, the hemisphere."""
    states = {code: areas.name(code) for code in areas.states()}
    chosen_scheme = selection.scheme
    schemes = sorted(areas.schemes(), key=lambda scheme: scheme != chosen_scheme)
    groups = {code: _with_scheme(code, scheme) for scheme in schemes for code in areas.groups(scheme)}
    further = {one.code: one.name for one in chosen(selection)}
    return {**states, **groups, areas.HEMISPHERE: areas.name(areas.HEMISPHERE), **{
        code: name for code, name in further.items() if code not in states and code not in groups
    }}  # fmt: skip


def lede(selection: Selection) -> str:
    """What is compared, or what is still to be chosen, in a sentence."""
    compared = chosen(selection)
    if len(compared) > 1:
        return listing(one.name for one in compared)
    if compared:
        return _(
            "{area} is chosen: choose a second state or group, or one of the comparisons below.", area=compared[0].name
        )
    return _("Choose two to six states or groups, or one of the comparisons below.")


def page_of(one: Compared, selection: Selection) -> str:
    """The address of the page of a state or group."""
    if one.is_state:
        return address("country", selection, area=one.code)
    if one.code == areas.HEMISPHERE:
        return address("", selection)
    if one.scheme not in areas.schemes():
        return address("compare", selection)
    return address("subregion", selection, scheme=one.scheme, group=one.code)


def compare_view(view_id: str) -> Callable[[ViewFunction], ViewFunction]:
    """Register a view of several areas: with fewer than two chosen it asks for them instead of showing anything."""

    def register(function: ViewFunction) -> ViewFunction:
        @wraps(function)
        def of_chosen_areas(selection: Selection) -> View:
            count = len(chosen(selection))
            if count > 1:
                return function(selection)
            return nothing(
                view_id,
                _(_TITLES[view_id]),
                _("Choose a second state or group: a comparison needs two.")
                if count
                else _("Choose two to six states or groups to compare."),
            )

        return view(view_id)(of_chosen_areas)

    return register
