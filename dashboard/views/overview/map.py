"""One indicator for the 35 states, on a map."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.charts.classes import classes
from dashboard.charts.state_map import state_map
from dashboard.i18n import _, language, n_, number, short_number
from dashboard.labels import label, labels
from dashboard.queries import observations, overview
from dashboard.record_filters import ANY_TIME
from dashboard.selection import Selection, address
from dashboard.settings import hides_names_not_received
from dashboard.views.behind import Behind, behind, behind_value
from dashboard.views.periods import period_text
from dashboard.views.registry import VIEWS, view
from dashboard.views.sourcing import cite_count
from dashboard.views.view import Column, View

RECORD_INDICATORS = ("programmes_deployed", "training_events", "questionnaires_returned", "treaties_in_force")
"""Indicators of the OAS records that the map counts anew for the chosen period, in the order offered."""


def indicator_choices(also: str = "") -> dict[str, str]:
    """Indicator id -> title in the reader's language, of the indicators that the map offers and the one in ``also``."""
    rows = observations.map_indicators()
    titles = dict(zip(rows["indicator_id"], rows[f"title_{language()}"], strict=True))
    if hides_names_not_received():
        titles.pop("questionnaires_returned", None)  # a state without a return would be known by it
    first = [indicator for indicator in RECORD_INDICATORS if indicator in titles]
    offered = {code: titles[code] for code in (*first, *(code for code in titles if code not in first))}
    if also and also not in offered:
        offered[also] = str(observations.indicator(also)[f"title_{language()}"])
    return offered


def _map_values(indicator_id: str, selection: Selection) -> pl.DataFrame:
    """area_code, value, value_code, obs_status, others, year, source_id of an indicator for the chosen period."""
    years = selection.period
    last = years["last_year"]
    if indicator_id == "training_events":
        rows = overview.events_by_state(**years, is_all_time=selection.is_all_time)
    elif indicator_id == "programmes_deployed":
        rows = overview.programmes_by_state(**years, is_all_time=selection.is_all_time)
    elif indicator_id == "questionnaires_returned":
        rows = overview.returns_by_state(**years, is_all_time=selection.is_all_time)
    elif indicator_id == "treaties_in_force":
        rows = overview.treaties_by_state(selection.last_year)
    else:
        found = (
            observations.all_time_values(indicator_id)
            if bool(observations.indicator(indicator_id)["is_derived"])
            else observations.latest_values(indicator_id, last)
        )
        if "year" not in found.columns:
            found = found.with_columns(pl.lit(None, dtype=pl.Int32).alias("year"))
        return (
            areas.tiles()
            .select("area_code")
            .join(found, on="area_code", how="left", validate="1:1")
            .with_columns(pl.col("obs_status").fill_null("O"), others=pl.lit(0.0))
            .sort("area_code")
        )
    taking_part = areas.took_part(selection)
    has_none = pl.col("value").fill_null(0) == 0
    is_outside = ~pl.col("area_code").is_in(taking_part) & has_none & (indicator_id != "treaties_in_force")
    return rows.with_columns(
        pl.when(is_outside).then(None).otherwise(pl.col("value")).alias("value"),
        pl.when(is_outside)
        .then(pl.lit("M"))
        .when(pl.col("value").is_null())
        .then(pl.lit("O"))
        .otherwise(pl.lit("A"))
        .alias("obs_status"),
        note=pl.lit(None, dtype=pl.String),
        value_code=pl.lit(None, dtype=pl.String),
        year=pl.lit(None, dtype=pl.Int32),
        source_id=pl.lit("panorama_compilation"),
    ).sort("area_code")


@view("overview.map")
def overview_map(selection: Selection) -> View:
    """One indicator for the 35 states, as tiles of equal size."""
    indicator_id = selection.indicator or next(iter(indicator_choices()))
    if indicator_id not in indicator_choices():
        # chosen elsewhere: the map of every indicator knows how to show it
        return replace(VIEWS["explore.map"](selection), id="overview.map")
    years_asked = {**selection.period, "is_all_time": selection.is_all_time}
    about = observations.indicator(indicator_id)
    decimals = int(str(about["decimals"]))
    is_year = about["unit_en"] == "year"
    rows = _map_values(indicator_id, selection)
    is_code = bool(rows["value_code"].is_not_null().any())
    if is_code:
        # a code without a rank (Special Case) lies outside the order: it has a mark of its own, no place on the scale
        ranked = rows.filter(pl.col("value").is_not_null()).sort("value")["value_code"].unique(maintain_order=True)
        codes = ranked.to_list()
        order = {code: position for position, code in enumerate(codes)}
        levels: list[int | None] = [order.get(code) for code in rows["value_code"]]
        unranked = sorted(set(rows["value_code"].drop_nulls()) - set(codes))
        words = tuple(str(code) for code in codes)
        texts = [code or "–" for code in rows["value_code"]]
    else:
        unranked = []
        levels, words = classes(rows["value"].to_list(), None if is_year else decimals)
        texts = ["–" if value is None else _tile_text(value, None if is_year else decimals) for value in rows["value"]]
    empty = {"O": _("not reported"), "M": _("did not take part in the OAS"), "Q": _("suppressed"), "L": _("not asked")}
    has_ring = [value > 0 for value in rows["others"]]
    if indicator_id == "questionnaires_returned":
        empty["O"] = label("observation_note", "not_stated")
    elif is_year:
        empty["O"] = _("no year on record")
    said = [_said(row, None if is_year else decimals, empty) for row in rows.iter_rows(named=True)]
    tiles = areas.tiles().join(
        rows.select("area_code", "obs_status").with_columns(
            pl.Series("level", levels, dtype=pl.Int64),
            rows["value_code"].is_in(unranked).fill_null(False).alias("is_apart"),
            pl.Series("text", texts),
            pl.Series("said", said),
            pl.Series("has_ring", has_ring),
        ),
        on="area_code",
        how="left",
        validate="1:1",
        maintain_order="left",
    )
    title = str(about[f"title_{language()}"])
    years = rows["year"].drop_nulls()

    def of_state(row: Mapping[str, Any]) -> Behind:
        return _behind_state(indicator_id, row, selection)

    def others_of_state(row: Mapping[str, Any]) -> Behind | None:
        return _behind_others(indicator_id, row["area_code"])

    notes = [str(about[f"definition_{language()}"])]
    if years.len():
        low, high = int(str(years.min())), int(str(years.max()))
        notes.append(
            _("Each state's newest value; the years differ, from {first} to {last}.", first=str(low), last=str(high))
            if low != high
            else _("All values are of {year}.", year=str(low))
        )
    elif not selection.is_all_time and (
        indicator_id in ("training_events", "programmes_deployed")
        or (indicator_id == "treaties_in_force" and selection.last_year is not None)
    ):
        notes.append(
            _("Rows that no source places in a year are left out while a period is chosen; all years include them.")
        )
    return View(
        id="overview.map",
        title=_("{indicator}, by state", indicator=title),
        takeaway=_map_takeaway(indicator_id, rows, decimals, is_year=is_year),
        figure=state_map(
            tiles,
            kind=selection.map,
            names=areas.names(),
            links={code: address("country", selection, area=code) for code in rows["area_code"]},
            classes=words,
            statuses=empty,
            ring=_("more planned or announced"),
            apart=", ".join(unranked),
            chosen=selection.area,
        ),
        table=rows.with_columns(
            pl.col("area_code").replace(areas.names()).alias("name"),
            pl.col("value_code").fill_null("").alias("code"),
        ).sort(pl.col("area_code").replace_strict({code: position for position, code in enumerate(areas.states())})),
        columns=(
            Column("area_code", _("State"), "area"),
            Column("code", _("Value"), behind=of_state)
            if is_code
            else Column(
                "value",
                _("Value"),
                "year" if is_year else "number",
                decimals,
                status_key="obs_status",
                behind=of_state,
            ),
            *((Column("year", _("Year"), "year"),) if years.len() else ()),
            *(
                (Column("others", _("Planned or announced"), "number", behind=others_of_state),)
                if any(has_ring)
                else ()
            ),
            *((Column("source_id", _("Source"), "source"),) if years.len() else ()),
        ),
        notes=tuple(notes),
        sources=cite_count(
            rows.filter(pl.col("source_id") != "panorama_compilation"),
            overview.record_sources(indicator_id, **years_asked),
        ),
        period=period_text(selection),
        options={"indicator": indicator_id},
    )


def _behind_state(indicator_id: str, row: Mapping[str, Any], selection: Selection) -> Behind:
    """The records behind a state's value on the map: of the chosen period where the map counts anew for it."""
    area = row["area_code"]
    if indicator_id == "training_events":
        return behind("events", area=area, status="held")
    if indicator_id == "programmes_deployed":
        return behind("deployments", area=area, status="deployed", counting="programmes")
    if indicator_id == "questionnaires_returned":
        return behind("responses", area=area, form="oas", respondent="states", status="returned", counting="rounds")
    if indicator_id == "treaties_in_force":
        until = f"-{selection.last_year}" if selection.last_year else ANY_TIME
        return behind("treaty_actions", area=area, status="party", year=until)
    return behind_value(indicator_id, area, row["year"])


def _behind_others(indicator_id: str, area_code: str) -> Behind | None:
    """The records behind what was only planned or announced in a state."""
    if indicator_id == "training_events":
        return behind("events", area=area_code, status="beforehand")
    if indicator_id == "programmes_deployed":
        return behind("deployments", area=area_code, status="beforehand", standing="not_there", counting="programmes")
    return None


def _map_takeaway(indicator_id: str, rows: pl.DataFrame, decimals: int, *, is_year: bool) -> str:
    values = rows["value"].drop_nulls()
    with_value = rows.filter(pl.col("value").is_not_null() | pl.col("value_code").is_not_null()).height
    if is_year and values.len():
        return _(
            "The years run from {first} to {last}; {n} of {total} states have one.",
            first=str(int(float(str(values.min())))),
            last=str(int(float(str(values.max())))),
            n=with_value,
            total=rows.height,
        )
    if indicator_id in RECORD_INDICATORS:
        return n_(
            "{n} of {total} states has at least one on record.",
            "{n} of {total} states have at least one on record.",
            int((values > 0).sum()),
            total=rows.height,
        )
    if rows["value_code"].is_not_null().any() or values.is_empty():
        return n_(
            "{n} of {total} states has a value.", "{n} of {total} states have a value.", with_value, total=rows.height
        )
    low, middle, high = (float(str(value)) for value in (values.min(), values.median(), values.max()))
    return _(
        "Values run from {low} to {high}, with a median of {median}; {n} of {total} states have one.",
        low=number(low, decimals),
        high=number(high, decimals),
        median=number(middle, decimals),
        n=with_value,
        total=rows.height,
    )


def _tile_text(value: float, decimals: int | None) -> str:
    if decimals is None:
        return str(int(value))
    return short_number(value) if decimals == 0 else number(value, min(decimals, 2))


def _said(row: dict[str, object], decimals: int | None, empty: dict[str, str]) -> str:
    if row["value_code"]:
        text = str(row["value_code"])
    elif row["value"] is None:
        if row["note"] in labels("observation_note"):
            return label("observation_note", str(row["note"]))
        return empty.get(str(row["obs_status"]), "")
    else:
        value = float(str(row["value"]))
        text = str(int(value)) if decimals is None else number(value, decimals)
    if row["year"]:
        text += f" ({row['year']})"
    others = int(float(str(row["others"] or 0)))
    return text + ("; " + n_("{n} planned or announced", "{n} planned or announced", others) if others else "")
