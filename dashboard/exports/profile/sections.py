"""The sections of a profile, each from the view of the country page that has the same subject."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.choices import record_years
from dashboard.exports.profile.entries import MOST_ROWS, documents_of, original_first, record, section, wording
from dashboard.i18n import _, clauses, n_, number
from dashboard.labels import label
from dashboard.selection import Selection
from dashboard.views import country
from dashboard.views.view import View

_UNTOLD = ("not_stated", "untold", "outside")


def training(view: View) -> dict[str, Any]:
    """The events as bars by year, held and announced apart, and as a list."""
    documents = documents_of(view)
    # what the state only hosted does not count as its training and gives way where room is short
    ordered = view.table.sort("took_part", descending=True, maintain_order=True) if view.table.height else view.table
    rows = [
        record(
            row,
            documents,
            when=row["when"],
            title=wording(row, "title"),
            lines=(row["place"], row["officials_said"], "" if row["took_part"] else row["part"]),
            status=row["said_status"],
            kind="focus" if row["status"] == "held" else "announced",
        )
        for row in ordered.head(MOST_ROWS).iter_rows(named=True)
    ]
    listed = section(
        view, "records", rows, total=view.table.height, head=(_("Date"), _("Event")), widths=(19, 0), least=3
    )
    took_part = view.table.filter("took_part") if view.table.height else view.table
    if not took_part.height or took_part["year"].is_null().all():
        return listed
    return listed | {"years": _years(took_part, view.takeaway)}


def _years(events: pl.DataFrame, said: str) -> dict[str, Any]:
    dated = events.filter(pl.col("year").is_not_null())
    is_held = dated["status"] == "held"
    held, others = (dated.filter(mask)["year"].to_list() for mask in (is_held, ~is_held))
    first, last = record_years()
    bars = [
        {
            "held": held.count(year),
            "others": others.count(year),
            "total": number(held.count(year) + others.count(year)) if year in held or year in others else "",
            "label": str(year) if year % 5 == 0 else "",
        }
        for year in range(first, last + 1)
    ]
    undated = events.height - dated.height
    by_year = [
        _(
            "{year}: {held} held, {others} announced or planned",
            year=str(first + place),
            held=bar["held"],
            others=bar["others"],
        )
        for place, bar in enumerate(bars)
        if bar["total"]
    ]
    return {
        "bars": bars,
        "said": f"{said} {'; '.join(by_year)}",
        "held": label("event_status", "held"),
        "others": _("announced or planned"),
        "undated": n_("{n} without a single year", "{n} without a single year", undated) if undated else "",
    }


def programmes(view: View) -> dict[str, Any]:
    """The programmes with their status, as of when it was stated."""
    documents = documents_of(view)
    rows = [
        record(
            row,
            documents,
            when=row["when"],
            title=wording(row, "name"),
            status=_("{status}, as of {date}", status=row["said_status"], date=row["as_of"])
            if row["as_of"]
            else row["said_status"],
            kind="announced" if row["status"] in country.UNDEPLOYED else "focus",
        )
        for row in view.table.iter_rows(named=True)
    ]
    return section(view, "records", rows, head=(_("Date"), _("Programme")), widths=(19, 0), least=3)


def questionnaires(view: View) -> dict[str, Any]:
    """The rounds of which something is known; how many others there are is said above them."""
    documents = documents_of(view)
    known = [row for row in view.table.iter_rows(named=True) if row["standing"] not in _UNTOLD]
    kinds = {"returned": "focus", "not_received": "zero"}
    rows = [
        record(
            row,
            documents,
            when=row["when"],
            title=wording(row, "name"),
            status=" · ".join((row["said_standing"], row["form"])),
            kind=kinds.get(row["standing"], ""),
        )
        for row in known
    ]
    listed = section(view, "records", rows, head=(_("Year"), _("Questionnaire")), widths=(19, 0), least=3)
    unsaid = view.table.height - len(known)
    if unsaid:
        listed["takeaway"] += " " + n_(
            "{n} more round is listed on the page: no source says whether the state replied, or the state did not take part in the OAS then.",
            "{n} more rounds are listed on the page: no source says whether the state replied, or the state did not take part in the OAS then.",
            unsaid,
        )
    return listed


def treaties(view: View) -> dict[str, Any]:
    """The standing with each instrument."""
    rows = [
        {"cells": [wording(row, "name"), row["said_status"], row["acted"] or "–"]}
        for row in view.table.iter_rows(named=True)
    ]
    head = (_("Instrument"), _("Standing"), _("Since"))
    return section(view, "facts", rows, head=head, widths=(0, 25, 19), least=11)


def authorities(view: View) -> dict[str, Any]:
    """Institutions, as of the year of their source."""
    documents = documents_of(view)
    rows = []
    for row in view.table.iter_rows(named=True):
        title, beneath = original_first(row, "name_original", "name")
        when = str(row["as_of_year"]) if row["as_of_year"] else "–"
        rows.append(record(row, documents, when=when, title=title, lines=beneath, status=row["kind"]))
    return section(view, "records", rows, head=(_("As of"), _("Name")), widths=(15, 0))


def plans(view: View) -> dict[str, Any]:
    """Plans, policies and strategies."""
    documents = documents_of(view)
    rows = []
    for row in view.table.iter_rows(named=True):
        title, beneath = original_first(row, "title_original", "title")
        rows.append(record(row, documents, when=row["when"], title=title, lines=beneath, status=_dated(row)))
    return section(view, "records", rows, head=(_("Years"), _("Title")), widths=(15, 0))


def laws(view: View) -> dict[str, Any]:
    """Acts, provisions and decrees."""
    documents = documents_of(view)
    rows = []
    for row in view.table.iter_rows(named=True):
        title, beneath = original_first(row, "title_original", "title")
        number_said = row["law_number"] if row["law_number"] and row["law_number"] not in title else ""
        rows.append(
            record(
                row,
                documents,
                when=row["when"],
                title=title,
                lines=(*beneath, number_said, row["kind"]),
                status=_dated(row),
            )
        )
    return section(view, "records", rows, head=(_("Date"), _("Title")), widths=(15, 0))


def _dated(row: Mapping[str, Any]) -> str:
    """A status with the date of its source."""
    if not row["as_of_said"]:
        return row["said_status"]
    return _("{status}; source of {date}", status=row["said_status"], date=row["as_of_said"])


def standing(view: View, selection: Selection) -> dict[str, Any]:
    """Indicators in which the range of the states means something, each with the state's place in it."""
    rows = [
        {
            "title": row["title"],
            "unit": _unit(row),
            "value": row["value_said"],
            "when": clauses((row["when"], _flag(row))),
            "median": row["median_said"],
            "lowest": row["lowest_said"],
            "highest": row["highest_said"],
            "at": _place(row["value"], row),
            "median_at": _place(row["group_median"], row) if row["group_states"] > 1 else None,
            "said": row["said"],
        }
        for row in view.table.iter_rows(named=True)
    ]
    return section(view, "strips", rows, head=_strip_head(selection), widths=(0, 21, 16, 24), least=12)


def _unit(row: Mapping[str, Any]) -> str:
    """The unit of an indicator where its title does not say it."""
    return "" if row["unit"].casefold() in row["title"].casefold() else row["unit"]


def _flag(row: Mapping[str, Any]) -> str:
    """The word for an estimate, a break or a provisional value; nothing for a normal one."""
    return "" if row["obs_status"] == "A" else label("obs_status", row["obs_status"])


def _strip_head(selection: Selection) -> tuple[str, ...]:
    group = areas.name(areas.group_of(selection.area, selection.scheme))
    return (
        _("Indicator"),
        _("Value"),
        _("Median of {group}", group=group),
        _("Lowest and highest state"),
    )


def _place(value: float | None, row: Mapping[str, Any]) -> float | None:
    """Where a value lies from the lowest (0) to the highest (1); the middle where all states have the same."""
    if value is None:
        return None
    width = row["highest"] - row["lowest"]
    return 0.5 if width == 0 else (value - row["lowest"]) / width


def context(view: View, beside: View, selection: Selection) -> dict[str, Any]:
    """The open indicators that the strips do not show: their range would only show how large states are."""
    shown = set(beside.table["indicator_id"]) if beside.table.height else set()
    rows = [
        {
            "cells": [
                f"{row['title']} ({unit})" if (unit := _unit(row)) else row["title"],
                clauses((f"{row['value_said']} ({row['year']})", _flag(row))),
                row["median_said"],
            ]
        }
        for row in view.table.iter_rows(named=True)
        if row["indicator_id"] not in shown
    ]
    return section(view, "facts", rows, head=_strip_head(selection)[:3], widths=(0, 26, 20), least=5)


def caveats(view: View) -> dict[str, Any]:
    """Where the sources disagree or fall silent."""
    rows = [
        {"head": f"{row['kind_said']}, {row['subject']}.", "text": row["text"]}
        for row in view.table.iter_rows(named=True)
    ]
    return section(view, "points", rows, least=7)
