"""What is said of an indicator's values in every view of it: their range, their cells, what is behind them."""

from collections.abc import Mapping
from typing import Literal

import polars as pl

from dashboard import areas
from dashboard.comparability import OWN_YARDSTICKS
from dashboard.i18n import _, listing, mark, n_, named, number
from dashboard.labels import label
from dashboard.record_filters import NO_SINGLE_YEAR
from dashboard.selection import Selection, address
from dashboard.texts import localise
from dashboard.views.behind import Behind, behind_value
from dashboard.views.explored import Explored, found_said, is_of_period, of_states, with_value
from dashboard.views.sourcing import OWN_SOURCE, cite, cite_count
from dashboard.views.view import Column, SourceNote
from dashboard.views.worded import each

PAGE = "explore"


CODE_WORDS: Mapping[str, str] = {
    "1": mark("Tier 1"),
    "2": mark("Tier 2"),
    "2WL": mark("Tier 2 Watch List"),
    "3": mark("Tier 3"),
    "SC": mark("Special Case"),
}
"""The words for codes that an indicator gives in place of numbers."""


def sources_of(what: Explored, *tables: pl.DataFrame) -> tuple[SourceNote, ...]:
    """The documents behind the values; of an indicator worked out here, our compilation of the records."""
    if what.is_derived:
        return cite([OWN_SOURCE])
    return cite_count(*tables, [str(what.about["source_id"])])


def behind_row(what: Explored, row: Mapping[str, object], selection: Selection) -> Behind | None:
    """The records behind a value; none behind an empty one.

    A row may name its own breakdown (``category``) and say that it is of what has no single year (``is_undated``).
    """
    if row["value"] is None and not row["value_code"]:
        return None
    year = int(str(row["year"])) if row["year"] else None
    category = str(row.get("category") or what.one.category)
    found = behind_value(what.indicator_id, str(row["area_code"]), year, category)
    if row.get("is_undated"):
        return found.but(year=NO_SINGLE_YEAR)
    if year or selection.is_all_time or not is_of_period(what):
        return found
    period = f"{selection.first_year or ''}-{selection.last_year or ''}"
    return found.but(year=period) if "year" in dict(found.where) else found


def page_of_area(area_code: str, selection: Selection) -> str:
    """The address of the page of a state or group; none of the hemisphere."""
    if area_code == areas.HEMISPHERE:
        return ""
    if area_code in areas.states():
        return address("country", selection, area=area_code)
    return address("subregion", selection, group=area_code)


def coverage_said(what: Explored, rows: pl.DataFrame) -> str:
    """Of how many states there is a value, and in which years there are any."""
    found = found_said(of_states(rows)) if what.about["has_states"] else _("Groups of states and the hemisphere only.")
    if not what.years:
        return f"{found} {_('No values by year.')}"
    first, last = (str(year) for year in what.years)
    return f"{found} {_('Values by year from {first} to {last}.', first=first, last=last)}"


def nothing_said(what: Explored) -> str:
    """Why a view of the indicator is empty."""
    if what.years:
        first, last = (str(year) for year in what.years)
        return _(
            "{indicator} has no value in this period; its values by year run from {first} to {last}.",
            indicator=what.title,
            first=first,
            last=last,
        )
    return _("{indicator} has no value here.", indicator=what.title)


def own_yardstick(what: Explored) -> list[str]:
    """What to say where no two states compare; nothing where they do."""
    if what.indicator_id not in OWN_YARDSTICKS:
        return []
    return [_("Each state sets its own line: compare a state with its own past only, not with another state.")]


def codes_of(rows: pl.DataFrame) -> list[str]:
    """The codes that occur, in their order; one outside the order (without a rank) comes last."""
    coded = rows.filter(pl.col("value_code").is_not_null())
    ranked = coded.filter(pl.col("value").is_not_null()).sort("value")["value_code"].unique(maintain_order=True)
    outside = sorted(set(coded["value_code"]) - set(ranked))
    return [*ranked.to_list(), *outside]


def code_word(code: str) -> str:
    """The word for a code, or the code."""
    return _(CODE_WORDS[code]) if code in CODE_WORDS else code


def said_with_year(what: Explored, row: Mapping[str, object]) -> str:
    """A value in words, with the year that it is of."""
    said = code_word(str(row["value_code"])) if row["value_code"] else what.said(row)
    return f"{said} ({row['year']})" if row["year"] else said


def range_said(what: Explored, states: pl.DataFrame) -> str:
    """From where to where the values of the states run, with their median, or how many are what."""
    total, filled = states.height, with_value(states)
    if codes := codes_of(states):
        counts = [named(code_word(code), number(states.filter(pl.col("value_code") == code).height)) for code in codes]
        return _(
            "States by tier: {counts}; {n} of {total} have one.", counts=listing(counts), n=filled.height, total=total
        )
    if what.yes_no:
        yes, no = what.yes_no
        return _(
            "Of {total} states, {n}: {yes}; {others}: {no}.",
            total=total,
            n=filled.filter(pl.col("value") > 0).height,
            yes=yes,
            others=filled.filter(pl.col("value") == 0).height,
            no=no,
        )
    if filled.is_empty():
        return found_said(states)
    low, middle, high = (float(str(value)) for value in low_middle_high(filled))
    if low == high:
        return same_value(what, states)
    if what.is_year:
        return _(
            "The years run from {first} to {last}; {n} of {total} states have one.",
            first=str(int(low)),
            last=str(int(high)),
            n=filled.height,
            total=total,
        )
    return _(
        "Values run from {low} to {high}, with a median of {median}; {n} of {total} states have one.",
        low=what.written(low),
        high=what.written(high),
        median=median_written(what, middle),
        n=filled.height,
        total=total,
    )


def low_middle_high(filled: pl.DataFrame) -> tuple[object, object, object]:
    """The lowest value, the median and the highest."""
    found = filled["value"].drop_nulls()
    return found.min(), found.median(), found.max()


def median_written(what: Explored, middle: float) -> str:
    """The median, with one decimal more where it lies between two whole numbers."""
    if what.decimals == 0 and not what.is_share and not middle.is_integer():
        return number(middle, 1)
    return what.written(middle)


def with_words(what: Explored, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with their status in words and the remark of the source, if there is one."""
    worded = localise(rows.with_columns(remark=pl.col("note")), "remark")
    own = [str(note or "") for note in rows["note"]]
    if what.is_year:
        worded = worded.with_columns(pl.col("value").cast(pl.Int64))
    answering = set(areas.states()) if what.yes_no else set()
    return worded.with_columns(
        standing=each(rows, lambda row: _standing(what, row)),
        remark=pl.Series(
            [
                (label("observation_note", note) or said) if note else None
                for note, said in zip(own, worded["remark"], strict=True)
            ],
            dtype=pl.String,
        ),
        remark_basis=pl.Series(
            [
                None if label("observation_note", note) != note else basis
                for note, basis in zip(own, worded["remark_basis"], strict=True)
            ],
            dtype=pl.String,
        ),
        answer=each(
            rows, lambda row: what.said(row) if row["value"] is not None and row["area_code"] in answering else None
        ),
        tier=pl.Series([code_word(code) if code else None for code in rows["value_code"]], dtype=pl.String),
    )


def _standing(what: Explored, row: Mapping[str, object]) -> str:
    """The status of a value in words; of a normal one, whether it was reported or worked out here."""
    if row["obs_status"] != "A":
        return label("obs_status", str(row["obs_status"]))
    if what.is_derived:
        return _("computed from the records")
    return _("as reported") if row["area_code"] in areas.states() else _("computed from the values of states")


def columns_of(
    what: Explored, rows: pl.DataFrame, selection: Selection, *, of: Literal["states", "groups", "areas"] = "states"
) -> tuple[Column, ...]:
    """State, value, year, status, what it is out of, remark and source; columns that would be empty are left out."""

    def behind(row: Mapping[str, object]) -> Behind | None:
        return behind_row(what, row, selection)

    has = {name: rows[name].is_not_null().any() for name in ("value_code", "year", "numerator", "denominator", "note")}
    value = (
        Column("tier", _("Tier"), status_key="obs_status", behind=behind)
        if has["value_code"]
        else Column(
            "value",
            _("Value"),
            "percent" if what.is_share else "year" if what.is_year else "number",
            what.decimals if not what.is_share else 0,
            status_key="obs_status",
            behind=behind,
        )
    )
    head = {"states": _("State"), "groups": _("Group"), "areas": _("State or group")}[of]
    is_rate = has["numerator"] and has["denominator"] and what.indicator_id != "participating_states"
    return (
        Column("area_code", head, "area"),
        *((Column("answer", _("Answer"), status_key="obs_status"),) if what.yes_no and of == "states" else ()),
        value,
        *(
            (Column("numerator", _("Counted"), "number"), Column("denominator", _("Out of"), "number"))
            if is_rate and not what.yes_no
            else ()
        ),
        *((Column("year", _("Year"), "year"),) if has["year"] else ()),
        Column("standing", _("Status")),
        *((Column("remark", _("Remark")),) if has["note"] else ()),
        Column("source_id", _("Source"), "source"),
    )


def same_value(what: Explored, rows: pl.DataFrame) -> str:
    """The one value that all areas with a value have, as a sentence."""
    filled = with_value(rows)
    return n_(
        "{n} state of {total} has a value: {value}.",
        "{n} states of {total} have a value, and all have the same: {value}.",
        filled.height,
        total=rows.height,
        value=what.written(float(str(filled["value"][0]))),
    )
