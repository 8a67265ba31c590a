"""The indicators of a state: its place among the others, and the open ones as context."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.charts.facts import Fact, facts
from dashboard.charts.strips import Strip, strips
from dashboard.i18n import _, clauses, language, listing, n_, number, short_number
from dashboard.labels import label
from dashboard.queries import country
from dashboard.queries.subregion import members_on
from dashboard.selection import Selection, address
from dashboard.texts import localise
from dashboard.views.behind import Behind
from dashboard.views.country.listed import link_to
from dashboard.views.country.rows_behind import RECORD_INDICATORS, TIER, every_value, own_value, values_beside
from dashboard.views.country.state_view import TITLES, state_view
from dashboard.views.country.withheld import names_note, withheld_indicators
from dashboard.views.periods import period_text
from dashboard.views.sourcing import cite
from dashboard.views.view import Column, View
from dashboard.views.worded import each


@state_view("country.standing")
def standing(selection: Selection) -> View:
    """The state within the range of all states and beside the median of its group, indicator by indicator."""
    group = areas.group_of(selection.area, selection.scheme)
    rows = _standing(selection).filter(
        pl.col("value_code").is_null(),
        pl.col("is_derived") | (pl.col("aggregation") == "none"),
        pl.col("indicator_id").is_in(withheld_indicators()).not_(),
    )
    about = _titles(rows["indicator_id"])
    own_behind, group_behind = own_value(selection.area), values_beside(selection)
    drawn = [
        _strip(row, about[row["indicator_id"]], areas.name(group), link_to(own_behind(row), selection))
        for row in rows.iter_rows(named=True)
    ]
    drawn = [
        replace(strip, more=address("explore", selection, indicator=code))
        for strip, code in zip(drawn, rows["indicator_id"], strict=True)
    ]
    groups = [
        (label("family", family[0]), [drawn[place] for place in own["place"]])
        for family, own in rows.with_row_index("place").group_by("family", maintain_order=True)
    ]
    without = _without_value(rows["indicator_id"], is_strip=True)
    notes = [
        _(
            "The OAS records count all years. An open indicator stands for the state’s newest year, and range and median are of that same year."
        ),
        _(
            "Numbers of people and sums of money are among the context figures: their range would only show how large states are."
        ),
    ]
    if without:
        notes.append(_("No value on record: {indicators}.", indicators=listing(without)))
    notes += names_note()
    return View(
        id="country.standing",
        title=_(TITLES["country.standing"]),
        takeaway=n_(
            "{n} indicator: the dot is the state, the tick the median of {group}, the line the range of all states with a value.",
            "{n} indicators: the dot is the state, the tick the median of {group}, the line the range of all states with a value.",
            rows.height,
            group=areas.name(group),
        ),
        figure=strips(
            groups,
            own_name=areas.name(selection.area),
            median_name=_("median of {group}", group=areas.name(group)),
            range_name=_("from the lowest to the highest state"),
        ),
        table=rows.with_columns(
            pl.Series("title", [about[code][0] for code in rows["indicator_id"]], dtype=pl.String),
            pl.Series("unit", [about[code][1] for code in rows["indicator_id"]], dtype=pl.String),
            pl.Series("when", [_of_year(year) for year in rows["year"]], dtype=pl.String),
            pl.Series("value_said", [strip.value_text for strip in drawn], dtype=pl.String),
            each(rows, lambda row: _median(row) if row["group_states"] > 1 else "–").alias("median_said"),
            pl.Series("lowest_said", [strip.lowest_text for strip in drawn], dtype=pl.String),
            pl.Series("highest_said", [strip.highest_text for strip in drawn], dtype=pl.String),
            pl.Series("said", [strip.said for strip in drawn], dtype=pl.String),
        ),
        columns=(
            Column("title", _("Indicator"), is_wide=True),
            Column("unit", _("Unit")),
            Column("value", _("Value"), "number", decimals_key="decimals", behind=own_behind),
            Column("when", _("Year")),
            *_median_columns(group, group_behind),
            Column("lowest", _("Lowest"), "number", decimals_key="decimals", behind=every_value),
            Column("highest", _("Highest"), "number", decimals_key="decimals", behind=every_value),
            Column("states", _("States with a value"), "number", behind=every_value),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(notes),
        sources=cite(rows),
        period=period_text(selection),
        empty="" if rows.height else _("No indicator has a value for the state in these years."),
    )


def _median_columns(group: str, found: Callable[[Mapping[str, Any]], Behind | None]) -> tuple[Column, Column]:
    """The median of the group, and of how many states it is."""
    name = areas.name(group)
    return (
        Column("group_median", _("Median of {group}", group=name), "number", decimals_key="decimals", behind=found),
        Column("group_states", _("States behind the median"), "number", behind=found),
    )


def _standing(selection: Selection) -> pl.DataFrame:
    group = areas.group_of(selection.area, selection.scheme)
    members = members_on(selection.scheme, group, areas.period_end(selection))
    return country.standing(selection.area, members, selection.period["last_year"])


def _titles(indicator_ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Title and unit of indicators in the reader's language."""
    rows = country.indicators().filter(pl.col("indicator_id").is_in(list(indicator_ids)))
    return {
        row["indicator_id"]: (row[f"title_{language()}"], row[f"unit_{language()}"])
        for row in rows.iter_rows(named=True)
    }


def _without_value(found: Iterable[str], *, is_strip: bool) -> list[str]:
    """Titles of the indicators that the strips (or the context figures) could show and have no value for."""
    is_context = ~pl.col("is_derived")
    is_shown = (is_context & (pl.col("aggregation") == "none") & (pl.col("indicator_id") != TIER)) | pl.col(
        "indicator_id"
    ).is_in(RECORD_INDICATORS)
    rows = country.indicators().filter(
        is_shown if is_strip else is_context, ~pl.col("indicator_id").is_in([*found, *withheld_indicators()])
    )
    return rows[f"title_{language()}"].to_list()


def _of_year(year: int | None) -> str:
    return str(year) if year else _("all years")


def _strip(row: Mapping[str, object], about: tuple[str, str], group: str, link: str) -> Strip:
    decimals = int(str(row["decimals"]))

    def written(value: object) -> str:
        return number(float(str(value)), decimals)

    has_median = row["group_median"] is not None and int(str(row["group_states"])) > 1
    median_said = _median(row)
    value_text = written(row["value"])
    if row["denominator"] is not None:
        value_text = _("{n} of {total} known", n=value_text, total=int(float(str(row["denominator"]))))
    median_text = _("median {value}", value=median_said) if has_median else ""
    when = _of_year(int(str(row["year"])) if row["year"] else None)
    said = _(
        "{indicator}, {when}: {value}; the {states} states with a value range from {lowest} to {highest}.",
        indicator=about[0],
        when=when,
        value=value_text,
        states=int(str(row["states"])),
        lowest=written(row["lowest"]),
        highest=written(row["highest"]),
    )
    if has_median:
        said += " " + _(
            "The median of {group} is {median} ({states} states).",
            group=group,
            median=median_said,
            states=int(str(row["group_states"])),
        )
    return Strip(
        name=about[0],
        unit=about[1],
        value=float(str(row["value"])),
        value_text=value_text,
        when=when,
        lowest=float(str(row["lowest"])),
        lowest_text=written(row["lowest"]),
        highest=float(str(row["highest"])),
        highest_text=written(row["highest"]),
        median=float(str(row["group_median"])) if has_median else None,
        median_text=median_text,
        said=said,
        link=link,
    )


def _median(row: Mapping[str, object]) -> str:
    """The median of the group as text: one of whole numbers may lie halfway between two of them."""
    if row["group_median"] is None:
        return "–"
    value, decimals = float(str(row["group_median"])), int(str(row["decimals"]))
    return _compact(value, decimals if decimals or value.is_integer() or abs(value) >= 1_000 else 1)


def _compact(value: float, decimals: int) -> str:
    """A number that fits a narrow column: millions are written short (the table has every digit)."""
    return short_number(value) if abs(value) >= 10_000_000 else number(value, decimals)


@state_view("country.context")
def context(selection: Selection) -> View:
    """Open indicators: the state's newest value with its year, beside the median of its group in that year."""
    group = areas.group_of(selection.area, selection.scheme)
    rows = _standing(selection).filter(~pl.col("is_derived"))
    about = _titles(rows["indicator_id"])
    own_behind, group_behind = own_value(selection.area), values_beside(selection)
    coded = rows.filter(pl.col("value_code").is_not_null())
    evidence = [
        country.tier_evidence(selection.area, row["year"]) for row in coded.iter_rows(named=True) if row["year"]
    ]
    rows = localise(rows, "note").with_columns(
        pl.Series("title", [about[code][0] for code in rows["indicator_id"]], dtype=pl.String),
        pl.Series("unit", [about[code][1] for code in rows["indicator_id"]], dtype=pl.String),
        pl.when(pl.col("value_code").is_null()).then(pl.col("value")).alias("value"),
        pl.when(pl.col("value_code").is_null(), pl.col("group_states") > 1)
        .then(pl.col("group_median"))
        .alias("group_median"),
    )
    rows = rows.with_columns(
        each(rows, lambda row: row["value_code"] or _compact(row["value"], row["decimals"])).alias("value_said"),
        median_said=each(rows, _median),
    )
    shown = [
        Fact(
            name=row["title"],
            note=clauses((row["unit"], _flag(row), row["note"] or "")),
            cells=(row["value_said"], str(row["year"]), row["median_said"]),
            links=(
                link_to(own_behind(row), selection),
                "",
                link_to(group_behind(row) if row["group_median"] is not None else None, selection),
            ),
        )
        for row in rows.iter_rows(named=True)
    ]
    notes = [
        _(
            "Each value is the newest on record, with its own year; the median is of the states of {group} with a value in that same year.",
            group=areas.name(group),
        ),
        _("Context only: these figures say nothing about how much trafficking there is."),
    ]
    for table in evidence:
        if table.height:
            notes.append(
                _(
                    "Tier: {basis}, read in {publishers}.",
                    basis=listing(sorted({label("evidence_basis", code) for code in table["evidence_basis"]})),
                    publishers=listing(sorted(set(table["publisher"]))),
                )
            )
    if coded.height:
        notes.append(
            _(
                "The tier is a code given by the Government of the United States, not a measurement; the letters are those of its report (2WL: Tier 2 Watch List; SC: Special Case)."
            )
        )
    if without := _without_value(rows["indicator_id"], is_strip=False):
        notes.append(_("No value on record: {indicators}.", indicators=listing(without)))
    years = rows["year"].drop_nulls()
    return View(
        id="country.context",
        title=_(TITLES["country.context"]),
        takeaway=n_(
            "{n} open indicator has a value for the state; the values are of {first} to {last}.",
            "{n} open indicators have a value for the state; the values are of {first} to {last}.",
            rows.height,
            first=str(years.min() or ""),
            last=str(years.max() or ""),
        ),
        figure=facts((_("Indicator"), _("Value"), _("Year"), _("Median of {group}", group=areas.name(group))), shown),
        is_figure_whole=True,
        table=rows,
        columns=(
            Column("title", _("Indicator"), is_wide=True),
            Column("unit", _("Unit")),
            Column("value", _("Value"), "number", decimals_key="decimals", behind=own_behind),
            Column("value_code", _("Code"), behind=own_behind),
            Column("year", _("Year"), "year"),
            *_median_columns(group, group_behind),
            Column("note", _("Note")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(notes),
        sources=cite(rows, *evidence),
        period=period_text(selection),
        empty="" if rows.height else _("No open indicator has a value for the state in these years."),
    )


def _flag(row: Mapping[str, object]) -> str:
    """The word for an estimate, a break or a provisional value; nothing for a normal one."""
    return label("obs_status", str(row["obs_status"])) if row["obs_status"] != "A" else ""
