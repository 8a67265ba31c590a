"""What a reader has chosen, and the address that says so.

An address carries codes, never translated labels, and always says everything: page, language, scheme, period and
whatever the page chooses among. Reading one never fails: an unknown value becomes the nearest valid one or the
default, together with a problem that the page shows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlencode

from dashboard.i18n import LANGUAGES, _
from dashboard.record_filters import LITERAL, RECORD_SETS, SEPARATOR, YEARS, is_year


@dataclass(frozen=True)
class Selection:
    """Language, grouping scheme, period and the choices of single pages; empty means "not chosen"."""

    lang: str = "en"
    scheme: str = "oas"
    first_year: int | None = None
    last_year: int | None = None
    area: str = ""
    areas: tuple[str, ...] = ()  # states, groups or the hemisphere to be set side by side
    group: str = ""
    indicator: str = ""
    category: str = ""  # a breakdown of the indicator; empty: the one shown first
    round: str = ""
    topic: str = ""
    question: str = ""  # one question of a questionnaire; its round and topic follow from it
    since: int | None = None
    map: str = ""  # how the states are drawn, one of MAP_KINDS; empty: the first
    find: str = ""  # words looked for among the sources
    before: str = ""  # the edition compared with; empty: the one before "after"
    after: str = ""  # the edition whose changes are shown; empty: the one on screen
    of: str = ""  # the set of records listed behind a figure
    where: tuple[tuple[str, str], ...] = ()  # the filters of those records, by name
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
    categories: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # indicator (empty: the first) -> breakdowns
    records: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)  # set of records, filter -> codes
    questions: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # question -> its round and topic


@dataclass(frozen=True)
class Problem:
    """A value in an address that means nothing here, and the nearest one that does."""

    parameter: str
    value: str
    nearest: str = ""
    is_of_other_contract: bool = False  # an edition that is on file and that this dashboard cannot show
    mended: tuple[tuple[str, str], ...] = ()  # the parameters that say it rightly, where the nearest is no value
    is_too_long: bool = False  # a list with more in it than can be shown at once

    @property
    def text(self) -> str:
        """What is wrong, as a sentence in the reader's language."""
        if self.is_of_other_contract:
            return _(
                "The edition {edition} was made for another version of this dashboard and cannot be shown by this one; "
                "the live edition is shown instead.",
                edition=self.value,
            )
        if self.is_too_long:
            return _(
                "The address asks to compare {n} areas; the first {most} are shown.",
                n=int(self.value),
                most=MOST_COMPARED,
            )
        return _(
            "The address asks for “{value}” ({parameter}), which is not known here.",
            value=self.value,
            parameter=self.parameter,
        )


ALL_YEARS = "all"
MAP_KINDS = ("tiles", "outlines")
MOST_COMPARED = 6
_EVERYWHERE = ("lang", "scheme", "period", "edition")
ENDS_WITH_ITS_ADDRESS = ("edition", "before", "after", "find", "category", "of")
"""What is chosen only as long as the address says so: an address without an edition is live, whatever came before."""
OWN_PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "": ("indicator", "map"),
    "training": ("since",),
    "questionnaires": ("round", "topic", "question"),
    "programmes": (),
    "country": ("area", "map", "before", "after"),
    "subregion": ("group",),
    "explore": ("indicator", "category", "area", "group", "map"),
    "compare": ("areas", "indicator", "category"),
    "sources": ("find", "before", "after"),
    "accessibility": (),
    "records": ("of",),
}
"""What a page chooses among, beyond what is chosen once for all pages."""


def to_parameters(selection: Selection, page: str | None = None) -> dict[str, str]:
    """The selection as the parameters of an address, in a fixed order: all, or those that mean something on a page."""
    period = ALL_YEARS
    if not selection.is_all_time:
        period = f"{selection.first_year or ''}-{selection.last_year or ''}"
    values = {
        "area": selection.area,
        "areas": ",".join(selection.areas),
        "group": selection.group,
        "lang": selection.lang,
        "scheme": selection.scheme,
        "period": period,
        "indicator": selection.indicator,
        "category": selection.category,
        "round": selection.round,
        "topic": selection.topic,
        "question": selection.question,
        "since": str(selection.since) if selection.since else "",
        "map": selection.map,
        "find": selection.find,
        "before": selection.before,
        "after": selection.after,
        "of": selection.of,
        "edition": selection.edition,
    }
    if selection.of and page in (None, "records"):
        page, values = "records", {name: value for name, value in values.items() if name != "area"}
    wanted = values if page is None else {*_EVERYWHERE, *OWN_PARAMETERS[page]}
    said = {name: value for name, value in values.items() if value and name in wanted}
    return said | dict(selection.where) if selection.of and page == "records" else said


def address(page: str, selection: Selection, **changes: Any) -> str:
    """The address of a page for the selection, relative to the site's root: ``/country?area=KNA&lang=es&…``."""
    chosen = replace(selection, **changes) if changes else selection
    return f"/{page}?{urlencode(to_parameters(chosen, page))}"


def from_parameters(
    parameters: Mapping[str, str], choices: Choices, defaults: Selection
) -> tuple[Selection, list[Problem]]:
    """Read an address: what it names wins, the rest comes from ``defaults``; problems are told, never hidden."""
    problems: list[Problem] = []
    chosen: dict[str, Any] = {"where": ()}
    if parameters.get("of", "").strip():
        chosen, problems, parameters = _records(parameters, choices)
    if "indicator" in parameters and (group := _group_named(parameters.get("area", ""), choices)):
        # beside an indicator a group may stand where a state can: it is what is drawn strongest
        chosen["area"] = ""
        parameters = {**parameters, "area": "", "group": group}

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
    if named := parameters.get("areas", ""):
        chosen["areas"], unknown = _areas(named, choices)
        problems += unknown
    pick("indicator", choices.indicators)
    pick("round", choices.rounds)
    pick("topic", choices.topics)
    pick("question", choices.questions)
    if "question" in chosen:
        # a question says best what is meant: it is shown in its own round, and under no topic but its own
        chosen["round"], topic = choices.questions[chosen["question"]]
        chosen["topic"] = topic if chosen.get("topic") == topic else ""
    elif {"round", "topic"} & set(chosen):
        chosen["question"] = ""  # an address that chooses among questionnaires and names no question shows them all
    pick("map", MAP_KINDS, {"map": "outlines", "mapa": "outlines", "carte": "outlines", "tile": "tiles"})
    for name in ("edition", "before", "after"):
        pick(name, choices.editions)
    chosen["find"] = " ".join(parameters.get("find", "").split())[:80]
    pick("category", choices.categories.get(chosen.get("indicator", defaults.indicator), ()))
    chosen = dict.fromkeys(ENDS_WITH_ITS_ADDRESS, "") | chosen
    scheme = chosen.get("scheme", defaults.scheme)
    own_groups = choices.groups.get(scheme, ())
    every_group = {code: owner for owner, codes in choices.groups.items() for code in codes}
    pick("group", every_group, {name: code for name, code in choices.group_names.items() if code in every_group})
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


def _records(parameters: Mapping[str, str], choices: Choices) -> tuple[dict[str, Any], list[Problem], dict[str, str]]:
    """The set of records and its filters that an address names, what is wrong with them, and the other parameters.

    A value that is not known stays as it stands: no record has it, so that nothing else is listed in its place.
    """
    of = parameters["of"].strip()[:80]
    others = {name: value for name, value in parameters.items() if name in _EVERYWHERE}
    if of not in RECORD_SETS:
        near = get_close_matches(of.lower(), list(RECORD_SETS), n=1, cutoff=0.5)
        return {"of": "", "where": ()}, [Problem("of", of, near[0] if near else "")], others
    where: dict[str, str] = {}
    problems: list[Problem] = []
    for name in sorted(parameters.keys() - others.keys() - {"of"}):
        value = parameters[name].strip()[:80]
        if name not in RECORD_SETS[of]:
            near = get_close_matches(name.lower()[:80], RECORD_SETS[of], n=1, cutoff=0.5)
            mended = ((near[0], value),) if near and value else ()
            problems.append(Problem("filter", name[:80], near[0] if near else "", mended=mended))
        elif value:
            where[name], nearest = _filter_value(of, name, value, choices)
            if nearest is not None:
                problems.append(Problem(name, value, nearest))
    return {"of": of, "where": tuple(sorted(where.items()))}, problems, others


def _filter_value(of: str, name: str, value: str, choices: Choices) -> tuple[str, str | None]:
    """A filter's value as its code, and the nearest one where the value means nothing (else none)."""
    if name in LITERAL or (name in YEARS and is_year(value)):
        return value, None
    if name in YEARS:
        return value, f"{choices.years[0]}-{choices.years[1]}"
    known = choices.records.get((of, name), ())
    words = {code.lower(): code for code in known}
    if name in ("area", "host", "funder"):
        words |= {**choices.group_names, **choices.areas} if name == "area" else choices.areas
    parts = [value] if value.lower() in words else value.split(SEPARATOR)
    if all(part.strip().lower() in words for part in parts):
        return SEPARATOR.join(words[part.strip().lower()] for part in parts), None
    near = get_close_matches(value.lower(), list(words), n=1, cutoff=0.5)
    return value, words[near[0]] if near else ""


def _areas(text: str, choices: Choices) -> tuple[tuple[str, ...], list[Problem]]:
    """The areas that a list names, each once and as many as can be compared, and what is wrong with the list."""
    codes = {*choices.areas.values(), *choices.group_names.values()}
    words = {**choices.group_names, **choices.areas, **{code.lower(): code for code in codes}}
    parts = list(
        dict.fromkeys(part for part in (" ".join(piece.split())[:80] for piece in text.split(",")[:60]) if part)
    )
    found = {part: words.get(part.lower(), "") for part in parts}
    problems = []
    for part in (part for part in parts if not found[part]):
        near = get_close_matches(part.lower(), list(words), n=1, cutoff=0.5)
        nearest = words[near[0]] if near else ""
        mended = list(dict.fromkeys(nearest if other == part else code for other, code in found.items()))
        whole = ",".join([code for code in mended if code][:MOST_COMPARED])
        problems.append(Problem("areas", part, nearest, mended=(("areas", whole),) if nearest else ()))
    known = list(dict.fromkeys(code for code in found.values() if code))
    if len(known) > MOST_COMPARED:
        problems.append(Problem("areas", str(len(known)), is_too_long=True))
    return tuple(known[:MOST_COMPARED]), problems


def _group_named(value: str, choices: Choices) -> str:
    """The group of a selectable scheme that a code or name means, unless it means a state; empty where there is none."""
    said = value.strip().lower()
    every = {code.lower(): code for codes in choices.groups.values() for code in codes}
    named = choices.group_names.get(said, "")
    return "" if said in choices.areas else every.get(said) or every.get(named.lower(), "")


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
