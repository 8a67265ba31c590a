"""What a reader has chosen, and the address that says so.

An address carries codes, never translated labels, and always says everything: page, language, scheme, period and
whatever the page chooses among. Reading one never fails: an unknown value becomes the nearest valid one or the
default, together with a problem that the page shows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlencode

from dashboard.i18n import LANGUAGES, _


@dataclass(frozen=True)
class Selection:
    """Language, grouping scheme, period and the choices of single pages; empty means "not chosen"."""

    lang: str = "en"
    scheme: str = "oas"
    first_year: int | None = None
    last_year: int | None = None
    area: str = ""
    group: str = ""
    indicator: str = ""
    round: str = ""
    topic: str = ""
    since: int | None = None
    map: str = ""  # how the states are drawn, one of MAP_KINDS; empty: the first
    find: str = ""  # words looked for among the sources
    before: str = ""  # the edition compared with; empty: the one before "after"
    after: str = ""  # the edition whose changes are shown; empty: the one on screen
    edition: str = ""  # frozen to this edition; empty: the live one
    theme: str = "light"

    def but(self, **changes: Any) -> "Selection":
        """The same selection with some choices changed."""
        return replace(self, **changes)

    @property
    def is_all_time(self) -> bool:
        """Whether no period was chosen."""
        return self.first_year is None and self.last_year is None

    @property
    def period(self) -> dict[str, int]:
        """The chosen years as query parameters; without a choice, all years there can be."""
        return {"first_year": self.first_year or 1800, "last_year": self.last_year or 2100}


@dataclass(frozen=True)
class Choices:
    """The codes that exist, with the words by which a person may mean them."""

    schemes: tuple[str, ...]
    areas: Mapping[str, str]  # spelling, lower case -> code of a state
    groups: Mapping[str, tuple[str, ...]]  # scheme -> group codes
    group_names: Mapping[str, str]  # spelling, lower case -> group code
    indicators: tuple[str, ...]
    rounds: tuple[str, ...]
    topics: tuple[str, ...]
    editions: tuple[str, ...]
    years: tuple[int, int]


@dataclass(frozen=True)
class Problem:
    """A value in an address that means nothing here, and the nearest one that does."""

    parameter: str
    value: str
    nearest: str = ""
    is_of_other_contract: bool = False  # an edition that is on file and that this dashboard cannot show

    @property
    def text(self) -> str:
        """What is wrong, as a sentence in the reader's language."""
        if self.is_of_other_contract:
            return _(
                "The edition {edition} was made for another version of this dashboard and cannot be shown by this one; "
                "the live edition is shown instead.",
                edition=self.value,
            )
        return _(
            "The address asks for “{value}” ({parameter}), which is not known here.",
            value=self.value,
            parameter=self.parameter,
        )


ALL_YEARS = "all"
MAP_KINDS = ("tiles", "outlines")
_EVERYWHERE = ("lang", "scheme", "period", "edition")
ENDS_WITH_ITS_ADDRESS = ("edition", "before", "after", "find")
"""What is chosen only as long as the address says so: an address without an edition is live, whatever came before."""
OWN_PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "": ("indicator", "map"),
    "training": ("since",),
    "questionnaires": ("round", "topic"),
    "programmes": (),
    "country": ("area", "map", "before", "after"),
    "subregion": ("group",),
    "sources": ("find", "before", "after"),
}
"""What a page chooses among, beyond what is chosen once for all pages."""


def to_parameters(selection: Selection, page: str | None = None) -> dict[str, str]:
    """The selection as the parameters of an address, in a fixed order: all, or those that mean something on a page."""
    period = ALL_YEARS
    if not selection.is_all_time:
        period = f"{selection.first_year or ''}-{selection.last_year or ''}"
    values = {
        "area": selection.area,
        "group": selection.group,
        "lang": selection.lang,
        "scheme": selection.scheme,
        "period": period,
        "indicator": selection.indicator,
        "round": selection.round,
        "topic": selection.topic,
        "since": str(selection.since) if selection.since else "",
        "map": selection.map,
        "find": selection.find,
        "before": selection.before,
        "after": selection.after,
        "edition": selection.edition,
    }
    wanted = values if page is None else {*_EVERYWHERE, *OWN_PARAMETERS[page]}
    return {name: value for name, value in values.items() if value and name in wanted}


def address(page: str, selection: Selection, **changes: Any) -> str:
    """The address of a page for the selection, relative to the site's root: ``/country?area=KNA&lang=es&…``."""
    chosen = replace(selection, **changes) if changes else selection
    return f"/{page}?{urlencode(to_parameters(chosen, page))}"


def from_parameters(
    parameters: Mapping[str, str], choices: Choices, defaults: Selection
) -> tuple[Selection, list[Problem]]:
    """Read an address: what it names wins, the rest comes from ``defaults``; problems are told, never hidden."""
    problems: list[Problem] = []
    chosen: dict[str, Any] = {}

    def pick(name: str, valid: Iterable[str], spellings: Mapping[str, str] | None = None) -> None:
        value = parameters.get(name, "").strip()[:80]
        if not value:
            return
        valid = tuple(valid)
        if value in valid:
            chosen[name] = value
            return
        words = {code.lower(): code for code in valid} | dict(spellings or {})
        if value.lower() in words:
            chosen[name] = words[value.lower()]
            return
        near = get_close_matches(value.lower(), list(words), n=1, cutoff=0.5)
        problems.append(Problem(name, value, words[near[0]] if near else ""))

    pick("lang", LANGUAGES, {"english": "en", "español": "es", "português": "pt", "français": "fr"})
    pick("scheme", choices.schemes)
    pick("area", set(choices.areas.values()), choices.areas)
    pick("indicator", choices.indicators)
    pick("round", choices.rounds)
    pick("topic", choices.topics)
    pick("map", MAP_KINDS, {"map": "outlines", "mapa": "outlines", "carte": "outlines", "tile": "tiles"})
    for name in ("edition", "before", "after"):
        pick(name, choices.editions)
    chosen["find"] = " ".join(parameters.get("find", "").split())[:80]
    chosen = dict.fromkeys(ENDS_WITH_ITS_ADDRESS, "") | chosen
    scheme = chosen.get("scheme", defaults.scheme)
    own_groups = choices.groups.get(scheme, ())
    every_group = {code: owner for owner, codes in choices.groups.items() for code in codes}
    pick("group", every_group, choices.group_names)
    if "group" in chosen and chosen["group"] not in own_groups:
        if "scheme" in parameters and "scheme" in chosen:
            del chosen["group"]  # the scheme was changed on purpose: its first group is shown
        else:
            chosen["scheme"] = every_group[chosen["group"]]
    period = parameters.get("period", "").strip()[:20]
    if period == ALL_YEARS:
        chosen["first_year"] = chosen["last_year"] = None
    elif period:
        try:
            chosen["first_year"], chosen["last_year"] = _years(period, choices.years)
        except ValueError:
            nearest = f"{choices.years[0]}-{choices.years[1]}"
            problems.append(Problem("period", period, nearest))
    if since := parameters.get("since", "").strip()[:10]:
        if since.isdecimal() and choices.years[0] <= int(since) <= choices.years[1]:
            chosen["since"] = int(since)
        else:
            problems.append(Problem("since", since, str(choices.years[1])))
    return replace(defaults, **chosen), problems


def _years(period: str, bounds: tuple[int, int]) -> tuple[int | None, int | None]:
    first_text, dash, last_text = period.replace("–", "-").partition("-")
    first = int(first_text) if first_text else None
    last = int(last_text) if last_text else (None if dash else first)
    for year in (first, last):
        if year is not None and not bounds[0] <= year <= bounds[1]:
            raise ValueError(period)
    if first is not None and last is not None and first > last:
        raise ValueError(period)
    return first, last
