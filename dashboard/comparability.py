"""Whether values may be set side by side on one scale, and where not, why: one rule and one sentence for each reason.

Nothing here asks the data for anything: figures come in, verdicts go out. A reason that is ``apart`` keeps a value off
the scale of the others; any other reason is said beside a value that stays on it.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from dashboard.i18n import _, listing, number, percent

Measure = Literal["state", "median", "total"]
"""Of what a value is: of one state; the middle one of a group's states; a group or the hemisphere as a whole."""

_OWN_CODE = re.compile(r"[a-z_]+")
OWN_YARDSTICKS = frozenset({"national_poverty_rate"})
"""Indicators for which each state has a yardstick of its own: no two states compare."""
REMARKS_ON_EVIDENCE = frozenset({
    "rests on a single underlying source",
    "source prints .. for this state and year",
    "Single source: text of the report",
    "Single source: text of another report year",
    "Single source: press or secondary list",
    "One report text, read in two or more copies",
    "By elimination: not Tier 1 (list), Watch List or Tier 3 (Factbook)",
    "no rank; placement read in the CIA World Factbook",
    "Watch List category starts with the 2004 report",
    "projection in the 2022 UN revision, not observed",
})  # fmt: skip
"""Remarks of sources, as recorded, on how a value is known; every other remark is on what it counts."""


@dataclass(frozen=True)
class Figure:
    """A value as it would be compared; without one, ``status`` says why.

    ``code`` is set where the value is a code of an order; such a code without ``value`` lies outside the order. ``basis``
    is the kind of number (reported, announced …), ``basis_words`` its words. ``remark`` is what the source says of the
    value, as recorded, ``remark_words`` the same for the reader; ``missing`` says why an area of its kind can have no value. ``with_value`` of ``states`` states stand behind a
    median; ``coverage`` is the share of a group behind a total.
    """

    area: str
    name: str
    measure: Measure = "state"
    value: float | None = None
    code: str = ""
    status: str = "A"
    year: int | None = None
    basis: str = ""
    basis_words: str = ""
    remark: str = ""
    remark_words: str = ""
    coverage: float | None = None
    with_value: int | None = None
    states: int | None = None
    missing: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is neither a value nor a code."""
        return self.value is None and not self.code

    @property
    def definition(self) -> str:
        """The remark, where it says what is counted."""
        return definition(self.remark)


@dataclass(frozen=True)
class Reason:
    """Why a value is not comparable (``is_apart``), or what to know when comparing it; ``rule`` names the rule."""

    rule: str
    text: str
    is_apart: bool = True


@dataclass(frozen=True)
class Verdict:
    """A figure, and what keeps it off the scale or is to be said beside it."""

    figure: Figure
    reasons: tuple[Reason, ...] = ()

    @property
    def is_apart(self) -> bool:
        """Whether the figure does not belong on the scale of the others."""
        return any(reason.is_apart for reason in self.reasons)


@dataclass(frozen=True)
class Wording:
    """A question as one round of a questionnaire put it; ``previous`` is the question of an earlier round it takes up."""

    question_id: str
    round_id: str
    text: str
    form: str = "oas"
    previous: str = ""


def definition(remark: str | None) -> str:
    """A remark as recorded, where it says what a value counts; not on evidence, and not one of our own codes."""
    return "" if not remark or remark in REMARKS_ON_EVIDENCE or _OWN_CODE.fullmatch(remark) else remark


def verdicts(figures: Sequence[Figure], indicator_id: str = "") -> list[Verdict]:
    """Each figure with its reasons, in the order given: measured against what most of them have in common.

    Where nothing can be compared with anything, every figure is apart.
    """
    if indicator_id in OWN_YARDSTICKS and sum(not one.is_empty for one in figures) > 1:
        return [Verdict(one, _emptiness(one) or (_own_yardstick(),)) for one in figures]
    common = yardstick(figures)
    return [Verdict(one, _emptiness(one) or reasons(one, common)) for one in figures]


def yardstick(figures: Iterable[Figure]) -> Figure | None:
    """The figure by which the others are judged: one of the largest set that agrees; none without any value.

    Among sets of one size single states come before groups, numbers reported before announced ones, values without a
    remark before those with one, newer years before older ones, and names decide the rest.
    """
    filled = [one for one in figures if not one.is_empty]
    if not filled:
        return None
    sizes = Counter(_common(one) for one in filled)
    return min(
        filled,
        key=lambda one: (
            -sizes[_common(one)],
            one.measure == "total",
            one.basis not in ("", "reported"),
            bool(one.definition),
            -(one.year or 0),
            one.measure == "median",
            bool(one.code and one.value is None),
            one.name,
        ),
    )


def _common(one: Figure) -> tuple[object, ...]:
    """What values on one scale have to share; a median of states lies on the scale of states."""
    return one.measure == "total", one.year, one.basis, one.definition, bool(one.code and one.value is None)


def reasons(one: Figure, other: Figure | None) -> tuple[Reason, ...]:
    """Why a value does not compare with another, strongest rule first, then what is to be said of it in any case."""
    if other is None:
        return ()
    rules = (_whole_against_state, _other_year, _other_basis, _other_definition, _outside_the_order)
    found = [reason for rule in rules if (reason := rule(one, other))]
    remarks = (_median_of_states, _partial_coverage, _not_final)
    return (*found, *(reason for remark in remarks if (reason := remark(one))))


def _emptiness(one: Figure) -> tuple[Reason, ...]:
    """The kind of empty, as a sentence; nothing for a value."""
    if not one.is_empty:
        return ()
    text = {
        "O": _("No value of {area} is on record: not reported is not zero.", area=one.name),
        "L": _("{area} was not asked.", area=one.name),
        "M": _("Not applicable to {area}.", area=one.name),
        "Q": _("The figure of {area} is suppressed: it counts fewer than 10.", area=one.name),
    }.get(one.status, "")
    if one.measure == "total" and one.remark == "coverage_too_low":
        text = _("Too few states of {area} have a value for a total.", area=one.name)
    if one.status == "O" and one.measure == "state" and one.remark_words:
        text = _("{area}: {reason}; not reported is not zero.", area=one.name, reason=one.remark_words)
    text = one.missing or text
    return (Reason("empty", text or _("No value of {area} is on record: not reported is not zero.", area=one.name)),)


def _whole_against_state(one: Figure, other: Figure) -> Reason | None:
    if (one.measure == "total") == (other.measure == "total"):
        return None
    if one.measure == "total":
        text = _(
            "{area} is a group: its figure is of all its states together, the others are of single states.",
            area=one.name,
        )
    else:
        text = _(
            "{area} is a single state, the others are groups: their figures are of all their states together.",
            area=one.name,
        )
    return Reason("whole", text)


def _other_year(one: Figure, other: Figure) -> Reason | None:
    if one.year == other.year or one.year is None or other.year is None:
        return None
    return Reason(
        "year",
        _(
            "Another year: the value of {area} is of {year}, the others are of {other_year}.",
            area=one.name,
            year=str(one.year),
            other_year=str(other.year),
        ),
    )


def _other_basis(one: Figure, other: Figure) -> Reason | None:
    if one.basis == other.basis:
        return None
    return Reason(
        "basis",
        _(
            "Another kind of number. {area}: {basis}; the others: {other_basis}.",
            area=one.name,
            basis=one.basis_words or one.basis,
            other_basis=other.basis_words or other.basis,
        ),
    )


def _other_definition(one: Figure, other: Figure) -> Reason | None:
    if one.definition == other.definition:
        return None
    if one.definition:
        text = _(
            "Another definition: the source says of {area} “{remark}”.",
            area=one.name,
            remark=one.remark_words or one.remark,
        )
    else:
        text = _(
            "Another definition: the source says of the others “{remark}”, and not of {area}.",
            area=one.name,
            remark=other.remark_words or other.remark,
        )
    return Reason("definition", text)


def _outside_the_order(one: Figure, other: Figure) -> Reason | None:
    if not one.code or one.value is not None or other.value is None:
        return None
    return Reason("order", _("{area} has the code {code}, which lies outside the order.", area=one.name, code=one.code))


def _median_of_states(one: Figure) -> Reason | None:
    if one.measure != "median" or one.with_value is None or one.states is None:
        return None
    text = _(
        "{area} is a group: the mark is the median of the {n} of its {total} states with a value, not a value of its own.",
        area=one.name,
        n=one.with_value,
        total=one.states,
    )
    return Reason("median", text, is_apart=False)


def _partial_coverage(one: Figure) -> Reason | None:
    if one.measure != "total" or one.coverage is None or one.coverage >= 1:
        return None
    share = percent(one.coverage) if one.coverage < 0.995 else percent(one.coverage, 1)
    text = (
        _("Coverage: the total of {area} covers {share} of its states.", area=one.name, share=share)
        if one.remark == "coverage_by_states"
        else _(
            "Coverage: the total of {area} covers states with {share} of its population.", area=one.name, share=share
        )
    )
    return Reason("coverage", text, is_apart=False)


def _not_final(one: Figure) -> Reason | None:
    if one.status == "E":
        return Reason("estimate", _("The value of {area} is an estimate.", area=one.name), is_apart=False)
    if one.status == "P":
        return Reason("estimate", _("The value of {area} is provisional.", area=one.name), is_apart=False)
    return None


def _own_yardstick() -> Reason:
    return Reason(
        "yardstick",
        _("Each state sets its own line: compare a state with its own past only, not with another state."),
    )


def common_year(years: Mapping[str, Collection[int]]) -> int | None:
    """The newest year in which more than half of the areas that have any value have one; else the newest with two.

    Two areas need a year that both have. None where no year is shared.
    """
    counted = Counter(year for own in years.values() for year in set(own))
    least = sum(1 for own in years.values() if own) // 2 + 1
    for needed in (max(least, 2), 2):
        if shared := [year for year, areas in counted.items() if areas >= needed]:
            return max(shared)
    return None


def breaks(series: Sequence[tuple[int, str, str]]) -> list[int]:
    """The years at which a line has to break, of (year, status, definition) in the order of years.

    A line breaks where the source marks a break in the series, and where what is counted changes.
    """
    marked = {year for year, status, _definition in series if status == "B"}
    changed = {year for (_before, _status, old), (year, _status_now, new) in pairwise(series) if old != new}
    return sorted(marked | changed)


def runs(years: Sequence[int], broken: Collection[int] = ()) -> list[list[int]]:
    """Years in stretches that a line may join: one year after the other, and none over a break. Nothing is bridged."""
    stretches: list[list[int]] = []
    for year in sorted(years):
        if stretches and year == stretches[-1][-1] + 1 and year not in broken:
            stretches[-1].append(year)
        else:
            stretches.append([year])
    return stretches


def wordings(questions: Sequence[Wording]) -> tuple[Reason, ...]:
    """Why answers to these questions do not compare: another body's form, another question, another wording."""
    if len({one.form for one in questions}) > 1:
        return (
            Reason(
                "form",
                _("Forms of different bodies: what a state told the OAS and what it told another body stand apart."),
            ),
        )
    ids = {one.question_id for one in questions}
    if len(ids) < 2:
        return ()
    linked = {one.question_id for one in questions if one.previous in ids} | {
        one.previous for one in questions if one.previous in ids
    }
    if ids - linked:
        return (Reason("question", _("Different questions: the answers lie on the same subject and do not compare.")),)
    if len({" ".join(one.text.split()).casefold() for one in questions}) > 1:
        return (
            Reason("wording", _("The question was worded differently in another round: the answers do not compare.")),
        )
    return ()


def returns_reason(known: Mapping[str, int]) -> Reason | None:
    """What to say where questionnaires returned are counted out of different numbers of rounds (area name -> rounds)."""
    if len(set(known.values())) < 2:
        return None
    said = listing(_("{area} {n}", area=name, n=number(rounds)) for name, rounds in known.items())
    return Reason(
        "rounds",
        _(
            "The number of questionnaires for which a reply is known differs: {areas}. More returned can mean better known.",
            areas=said,
        ),
        is_apart=False,
    )
