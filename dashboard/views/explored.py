"""One indicator as a reader explores it: which breakdown, its words, and one value for every area over the period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType

import polars as pl

from dashboard import areas
from dashboard.db import read_from
from dashboard.i18n import _, clauses, language, mark, n_, named, number, percent, short_number
from dashboard.labels import label, labels
from dashboard.queries import explore as queries
from dashboard.queries import overview
from dashboard.queries.explore import Slice
from dashboard.selection import Selection
from dashboard.settings import hides_names_not_received
from dashboard.texts import localise

FAMILIES = ("training", "questionnaires", "programmes", "treaties", "context", "participation")
"""The families of indicators in the order in which they are offered."""
BEFOREHAND = frozenset({
    "announced", "announced_minimum", "announced_approx", "planned", "interest_expressed",
})  # fmt: skip
"""Breakdowns that were said beforehand: never added to what happened, and always drawn apart from it."""
ROUNDS = ("questionnaire_returns", "questionnaire_return_rate")
"""Indicators whose breakdowns are questionnaires, each with a year of its own."""
YES_NO: Mapping[str, tuple[str, str]] = {
    "states_reached": (mark("reached by training"), mark("none on record")),
    "participating_states": (mark("takes part in the OAS"), mark("does not take part in the OAS")),
    "questionnaire_returns": (mark("returned"), mark("not received")),
    "treaties_in_force": (mark("party"), mark("not party")),
}
"""Indicators that are yes or no for a single state, and the words for both."""
_KINDS_OF_CODES: Mapping[str, tuple[str, ...]] = {
    "training_events": ("event_status",),
    "events_by_audience": ("event_status", "audience_group"),
    "events_with_number": ("number_basis",),
    "officials_trained": ("number_basis",),
    "officials_trained_with_civil_society": ("number_basis",),
    "officials_not_attributable": ("number_basis",),
    "officials_by_audience": ("number_basis", "audience_group"),
    "officials_per_100000": ("number_basis",),
    "programmes_by_status": ("deployment_status",),
    "programmes_by_pillar": ("pillar",),
    "questionnaires_returned": ("form_family",),
    "treaties_in_force": ("treaty_short",),
    "treaties_in_force_share": ("treaty_short",),
}
_ADDED = frozenset({
    "training_events", "events_by_audience", "events_with_number", "officials_trained",
    "officials_trained_with_civil_society", "officials_not_attributable", "officials_by_audience",
    "questionnaires_returned",
})  # fmt: skip
"""Counts of records that each have one year: over a period they add up."""
_NAMED_ONLY_WITH_A_RECORD = {"events_by_audience": "training_events", "officials_by_audience": "officials_trained"}
"""Indicators with rows only where something is on record, and the indicator that tells what no row means."""
_KEPT = 32  # editions and languages whose indicators are kept at hand
_TELLS_WHO_DID_NOT_REPLY = ("questionnaires_returned", "questionnaire_returns", "questionnaire_returns_in_row")


@dataclass(frozen=True)
class Explored:
    """The chosen indicator and breakdown, with everything that is said of them in the reader's language."""

    about: Mapping[str, object]
    slices: tuple[Slice, ...]
    one: Slice

    @property
    def indicator_id(self) -> str:
        """The code of the indicator."""
        return self.one.indicator_id

    @property
    def title(self) -> str:
        """The indicator, and its breakdown where it has several."""
        title = str(self.about[f"title_{language()}"])
        return named(title, word(self.one)) if self.one.code != "_T" else title

    @property
    def unit(self) -> str:
        """The unit of its values."""
        return str(self.about[f"unit_{language()}"])

    @property
    def definition(self) -> str:
        """What it counts."""
        return str(self.about[f"definition_{language()}"])

    @property
    def rule(self) -> str:
        """How it is counted or put together; empty where nothing needs saying."""
        return str(self.about[f"rule_{language()}"] or "")

    @property
    def decimals(self) -> int:
        """The decimals with which its values are written."""
        return int(str(self.about["decimals"]))

    @property
    def is_derived(self) -> bool:
        """Whether it is worked out here, from the records."""
        return bool(self.about["is_derived"])

    @property
    def is_share(self) -> bool:
        """Whether its values are shares, 0 to 1."""
        return self.about["aggregation"] == "share"

    @property
    def is_year(self) -> bool:
        """Whether its values are years."""
        return self.about["unit_en"] == "year"

    @property
    def is_added_up(self) -> bool:
        """Whether a group's value is the states' values together, so that states differ by their size."""
        return self.about["aggregation"] in ("sum", "count")

    @property
    def is_flow(self) -> bool:
        """Whether a year's value counts what happened in it, so that a bar from zero shows it."""
        return self.indicator_id in _ADDED or self.indicator_id in (
            "countries_covered",
            "programmes_deployed",
            "programmes_by_status",
            "programmes_by_pillar",
            "programmes_announced",
            "programmes_active",
            "officials_per_100000",
        )

    @property
    def is_beforehand(self) -> bool:
        """Whether the breakdown was said beforehand."""
        return is_beforehand(self.one)

    @property
    def years(self) -> tuple[int, int] | None:
        """The first and last year in which the indicator has rows; none where it has none by year."""
        first, last = self.about["first_seen"], self.about["last_seen"]
        return (int(str(first)), int(str(last))) if first is not None else None

    @property
    def is_names_hidden(self) -> bool:
        """Whether single states are not shown because it would tell whose questionnaire was not received."""
        return self.indicator_id in _TELLS_WHO_DID_NOT_REPLY and hides_names_not_received()

    @property
    def has_states(self) -> bool:
        """Whether single states have values that may be shown."""
        return bool(self.about["has_states"]) and not self.is_names_hidden

    @property
    def has_groups(self) -> bool:
        """Whether groups and the hemisphere have values of their own."""
        return bool(self.about["has_groups"])

    @cached_property
    def yes_no(self) -> tuple[str, str] | None:
        """The words for yes and no, where that is all that a state can be."""
        is_number = self.indicator_id == "treaties_in_force" and self.one.code == "_T"
        words = None if is_number else YES_NO.get(self.indicator_id)
        return (_(words[0]), _(words[1])) if words else None

    def written(self, value: float, *, is_short: bool = False) -> str:
        """A value in the reader's way; ``is_short`` for places that have little room."""
        if self.is_year:
            return str(int(value))
        if self.is_share:
            return percent(value)
        if is_short:
            return short_number(value) if self.decimals == 0 else number(value, min(self.decimals, 2))
        return number(value, self.decimals)

    def said(self, row: Mapping[str, object], *, of_state: bool = True) -> str:
        """The value of a row, or why there is none, in words."""
        if row["value_code"]:
            return str(row["value_code"])
        if row["value"] is None:
            return self.why_empty(row)
        value = float(str(row["value"]))
        if self.yes_no and of_state:
            return self.yes_no[0] if value else self.yes_no[1]
        if row["numerator"] is not None and row["denominator"] and (self.is_share or self.indicator_id in _OF_SO_MANY):
            whole = _("{n} of {total}", n=float(str(row["numerator"])), total=float(str(row["denominator"])))
            return f"{self.written(value)} ({whole})" if self.is_share else whole
        return self.written(value)

    def why_empty(self, row: Mapping[str, object]) -> str:
        """The word for an empty value: its note where that is one of ours, else its status."""
        note = str(row["note"] or "")
        if note in labels("observation_note"):
            return label("observation_note", note)
        return self.statuses.get(str(row["obs_status"]), label("obs_status", str(row["obs_status"])))

    @cached_property
    def statuses(self) -> dict[str, str]:
        """The words for the kinds of empty, as the legends of the maps have them."""
        missing = _("not reported")
        if self.indicator_id.startswith("questionnaire"):
            missing = label("observation_note", "not_stated")
        elif self.indicator_id.startswith("officials"):
            missing = label("observation_note", "number_not_stated")
        elif self.is_year:
            missing = _("no year on record")
        elif self.about["aggregation"] == "none" and self.indicator_id == "tip_tier":
            missing = _("no tier on record")
        return {"O": missing, "M": _("did not take part in the OAS"), "Q": _("suppressed"), "L": _("not asked")}


_OF_SO_MANY = ("countries_covered", "countries_covered_cumulative", "treaties_in_force")
"""Numbers that mean little without what they are out of."""


def explored(selection: Selection) -> Explored:
    """What the reader explores: the chosen indicator, else the first one; the chosen breakdown, else the plainest."""
    return _explored(read_from(), language(), selection.indicator, selection.category)


@lru_cache(maxsize=8 * _KEPT)
def _explored(_reading: tuple[str, str], _lang: str, indicator: str, category: str) -> Explored:
    about = queries.indicators()
    known = about["indicator_id"].to_list()
    first = queries.FIRST if queries.FIRST in known else known[0]
    indicator_id = indicator if indicator in known else first
    slices = _slices(indicator_id)
    chosen = next((one for one in slices if one.code == category), slices[0])
    return Explored(about.row(known.index(indicator_id), named=True), slices, chosen)


def _slices(indicator_id: str) -> tuple[Slice, ...]:
    """The breakdowns of an indicator: the total first, what happened before what was said beforehand."""
    rows = queries.breakdowns().filter(pl.col("indicator_id") == indicator_id)
    found = [Slice(**row) for row in rows.select(Slice.__dataclass_fields__.keys()).iter_rows(named=True)]
    if indicator_id in ROUNDS:
        full = overview.latest_full_round().get("round_id")
        order = queries.rounds()["round_id"].to_list()
        return tuple(sorted(found, key=lambda one: (one.code != full, order.index(one.category))))

    def place(one: Slice) -> tuple[bool, bool, list[int]]:
        kinds = _KINDS_OF_CODES.get(indicator_id, ())
        parts = one.category.split(".")
        known = [list(labels(kind)) for kind in kinds[: len(parts)]]
        spots = [codes.index(part) if part in codes else len(codes) for codes, part in zip(known, parts, strict=False)]
        return one.code != "_T", is_beforehand(one), spots

    return tuple(sorted(found, key=place))


def is_beforehand(one: Slice) -> bool:
    """Whether a breakdown was said beforehand (announced, planned, of interest)."""
    return not BEFOREHAND.isdisjoint(one.category.split("."))


def word(one: Slice) -> str:
    """A breakdown in the reader's words."""
    said = []
    if one.indicator_id in ROUNDS:
        said.append(_round_names().get(one.category, one.category))
    elif one.category != "_T":
        kinds = _KINDS_OF_CODES.get(one.indicator_id, ())
        parts = one.category.split(".")
        said += [label(kind, part) for kind, part in zip(kinds, parts, strict=False)] or parts
    said += [named(_("sex"), one.sex)] if one.sex != "_T" else []
    said += [named(_("age"), one.age)] if one.age != "_T" else []
    return clauses(said) if said else _("Total")


def _round_names() -> dict[str, str]:
    rows = localise(queries.rounds(), "name")
    return {
        row["round_id"]: f"{row['name']} ({row['year']})" if row["year"] else row["name"]
        for row in rows.iter_rows(named=True)
    }


def families() -> Mapping[str, list[Explored]]:
    """Family -> its indicators in their order, each with its plainest breakdown; families in the order offered."""
    return _families(read_from(), language())


@lru_cache(maxsize=_KEPT)
def _families(_reading: tuple[str, str], _lang: str) -> Mapping[str, list[Explored]]:
    found: dict[str, list[Explored]] = {family: [] for family in FAMILIES}
    for row in queries.indicators().iter_rows(named=True):
        slices = _slices(row["indicator_id"])
        found.setdefault(str(row["family"]), []).append(Explored(row, slices, slices[0]))
    return MappingProxyType({family: own for family, own in found.items() if own})


def values(what: Explored, selection: Selection) -> pl.DataFrame:
    """One row an area over the period, every state among them: the columns of the questions in queries/explore.py."""
    rows = _with_known_absences(what, _asked(what, selection), selection)
    states = pl.DataFrame({"area_code": areas.states()})
    others = rows.join(states, on="area_code", how="anti")
    every = states.join(rows, on="area_code", how="left", validate="1:1", maintain_order="left")
    return pl.concat([every, others]).with_columns(pl.col("obs_status").fill_null("O"))


def _asked(what: Explored, selection: Selection) -> pl.DataFrame:
    one, period = what.one, selection.period
    if selection.is_all_time:
        rows = queries.in_all_time(one)
        return rows if rows.height and one.indicator_id not in ROUNDS else _newest_of_all(what, rows)
    if one.indicator_id in _ADDED:
        return queries.added(one, **period, how="sum")
    match one.indicator_id:
        case "states_reached":
            return queries.added(one, **period, how="largest")
        case "officials_per_100000":
            return queries.added(one, **period, how="rate")
        case "countries_covered" | "countries_covered_share":
            return queries.covered(one, **period, on=areas.period_end(selection))
        case _ if one.indicator_id.startswith("programmes_"):
            return queries.programmes(one, **period)
    if has_years(what):
        return queries.newest(one, **period, takes_empty=what.is_derived)
    return queries.in_all_time(one)


def _newest_of_all(what: Explored, otherwise: pl.DataFrame) -> pl.DataFrame:
    rows = queries.newest(what.one, 1800, 2100, takes_empty=what.is_derived)
    return rows if rows.height else otherwise


def has_years(what: Explored) -> bool:
    """Whether a period changes the values of the states (or, where there are none, of the groups)."""
    rows = queries.by_year(what.one, 1800, 2100)
    if not what.about["has_states"]:
        return rows.height > 0
    return rows["area_code"].is_in(areas.states()).any()


def _with_known_absences(what: Explored, rows: pl.DataFrame, selection: Selection) -> pl.DataFrame:
    """With a row for areas that have none because nothing of this breakdown is on record there."""
    parent = _NAMED_ONLY_WITH_A_RECORD.get(what.indicator_id)
    if not parent:
        return rows
    whole = what.one.category.partition(".")[0]
    total = Explored(what.about, what.slices, Slice(parent, whole, whole, what.one.sex, what.one.age))
    known = _asked(total, selection).join(rows, on="area_code", how="anti")
    # an event has its audience on record; a number without one could belong to any audience
    is_zero = pl.col("value").is_not_null() if parent == "training_events" else pl.col("value") == 0
    absent = known.with_columns(
        value=pl.when(is_zero).then(0.0),
        obs_status=pl.when(is_zero)
        .then(pl.lit("A"))
        .when(pl.col("obs_status") == "M")
        .then(pl.lit("M"))
        .otherwise(pl.lit("O")),
        note=pl.when(is_zero)
        .then(None)
        .when(pl.col("obs_status") == "M")
        .then("note")
        .otherwise(pl.lit("number_not_stated")),
    )
    return pl.concat([rows, absent]).sort("area_code")


def of_states(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of the 35 states, in the reader's alphabetical order."""
    return rows.head(len(areas.states()))


def of_groups(rows: pl.DataFrame, selection: Selection) -> pl.DataFrame:
    """The rows of the groups of the chosen scheme and, last, of the hemisphere."""
    order = pl.DataFrame({"area_code": [*areas.groups(selection.scheme), areas.HEMISPHERE]})
    return order.join(rows, on="area_code", how="inner", maintain_order="left")


def highlighted(selection: Selection) -> str:
    """The state or group to be drawn strongest; empty where none was chosen."""
    if selection.area:
        return selection.area
    return selection.group if selection.group in areas.groups(selection.scheme) else ""


def with_value(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that have a value or a code."""
    return rows.filter(pl.col("value").is_not_null() | pl.col("value_code").is_not_null())


def notes_of(what: Explored) -> list[str]:
    """What is said of an indicator wherever it stands: unit, definition and rule."""
    unit = [] if what.is_share or what.yes_no or what.is_year else [_("Unit: {unit}.", unit=what.unit)]
    return [*unit, what.definition, *([what.rule] if what.rule else [])]


def when_said(what: Explored, rows: pl.DataFrame, selection: Selection) -> str:
    """Which years the values shown stand for, as a sentence."""
    years = with_value(rows)["year"].drop_nulls()
    if years.len():
        first, last = int(str(years.min())), int(str(years.max()))
        if first == last:
            asked = selection.last_year or last
            return (
                _("All values are of {year}.", year=str(first))
                if first == asked
                else _("The latest values in the period are of {year}.", year=str(first))
            )
        return _(
            "The latest value of each state in the period; the years run from {first} to {last}, and each value has its own.",
            first=str(first),
            last=str(last),
        )
    if selection.is_all_time:
        return _("All years together, with what is on record in no single year.")
    if not is_of_period(what):
        return _("One value for all years: the chosen period does not change it.")
    if selection.first_year == selection.last_year:
        return _("The year {year}; what is on record in no single year is left out.", year=str(selection.first_year))
    return _(
        "The whole period {first} to {last}; what is on record in no single year is left out.",
        first=str(selection.first_year or (what.years or (0, 0))[0]),
        last=str(selection.last_year or (what.years or (0, 0))[1]),
    )


def is_of_period(what: Explored) -> bool:
    """Whether a chosen period changes the values: some are of all years only."""
    return what.years is not None and (
        what.is_flow or what.indicator_id in ("states_reached", "countries_covered_share") or has_years(what)
    )


def found_said(rows: pl.DataFrame) -> str:
    """Of how many states there is a value."""
    return n_(
        "{n} of {total} states has a value.",
        "{n} of {total} states have a value.",
        with_value(rows).height,
        total=rows.height,
    )


def options(what: Explored) -> dict[str, str]:
    """The further parameters of the address of a view of this indicator."""
    return {"indicator": what.indicator_id, "category": what.one.code if len(what.slices) > 1 else ""}


def titles(own: Sequence[Explored]) -> dict[str, str]:
    """Indicator id -> its title."""
    return {one.indicator_id: str(one.about[f"title_{language()}"]) for one in own}
