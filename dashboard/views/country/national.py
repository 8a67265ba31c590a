"""What a state has at home: authorities, plans and laws, as of the date of each source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboard.charts.records import Entry, Wording, record_list
from dashboard.i18n import _, n_
from dashboard.queries import national
from dashboard.selection import Selection
from dashboard.texts import localise
from dashboard.views.country.listed import (
    as_of_source,
    cited,
    date_of_source,
    documents_of,
    original_first,
    together,
    wording,
)
from dashboard.views.country.state_view import state_view
from dashboard.views.dates import day_of
from dashboard.views.view import Column, Markup, View
from dashboard.views.worded import each, in_words


@dataclass(frozen=True)
class _Details:
    """What stands around the title of a record."""

    when: str
    lines: tuple[Wording, ...]
    status: str = ""


def _under_their_titles(
    rows: pl.DataFrame, column: str, details: Callable[[Mapping[str, Any]], _Details], selection: Selection
) -> Markup:
    """The records as a list, each under its name or title: that of its source first, the reader's wording beneath."""
    documents = documents_of(rows)
    entries = []
    for row in rows.iter_rows(named=True):
        title, beneath = original_first(row, f"{column}_original", column)
        own = details(row)
        entries.append(
            Entry(own.when, title, (*beneath, *own.lines), own.status, **cited(row, documents, selection)),
        )
    return record_list([("", entries)])


@state_view("country.authorities")
def authorities(selection: Selection) -> View:
    """Institutions that coordinate or carry out the fight against trafficking, as of each source."""
    found = localise(national.authorities(selection.area), "name", "role", "lead_institution", "note")
    rows = found.with_columns(kind=in_words(found["authority_type"], "authority_type"))
    return as_of_source(
        "country.authorities",
        rows,
        _under_their_titles(rows, "name", _of_authority, selection),
        takeaway=n_(
            "{n} institution is on record, as of the year of its source.",
            "{n} institutions are on record, each as of the year of its source.",
            rows.height,
        ),
        columns=(
            Column("name_original", _("Name in the source"), is_wide=True),
            Column("name", _("Name")),
            Column("kind", _("Kind")),
            Column("role", _("Role")),
            Column("lead_institution", _("Lead institution")),
            Column("created_year", _("Set up"), "year"),
            Column("legal_basis", _("Legal basis")),
            Column("as_of_year", _("As of"), "year"),
            Column("note", _("Note")),
        ),
        notes=(_("Institutions only, as of the year of the source; they may have changed since."),),
        empty=_("No institution of the state is on record."),
    )


def _of_authority(row: Mapping[str, Any]) -> _Details:
    founded = _("set up in {year}", year=str(row["created_year"])) if row["created_year"] else ""
    return _Details(
        when=_("as of {date}", date=str(row["as_of_year"])) if row["as_of_year"] else "",
        lines=(
            together(Wording(row["kind"]), Wording(founded), wording(row, "lead_institution")),
            Wording(row["legal_basis"] or ""),
            wording(row, "note"),
        ),
    )


@state_view("country.plans")
def plans(selection: Selection) -> View:
    """National plans, policies and strategies, as of each source."""
    found = localise(national.plans(selection.area), "title", "note")
    rows = found.with_columns(
        said_status=in_words(found["status"], "plan_status"),
        when=each(found, _plan_years),
        as_of_said=each(found, date_of_source),
    )
    return as_of_source(
        "country.plans",
        rows,
        _under_their_titles(rows, "title", _of_plan, selection),
        takeaway=n_(
            "{n} plan, policy or strategy is on record.",
            "{n} plans, policies and strategies are on record.",
            rows.height,
        ),
        columns=(
            Column("title_original", _("Title in the source"), is_wide=True),
            Column("title", _("Title")),
            Column("when", _("Years")),
            Column("said_status", _("Status")),
            Column("as_of_said", _("Date of the source")),
            Column("legal_basis", _("Legal basis")),
            Column("note", _("Note")),
        ),
        notes=(_("Whether a plan is in force today is not said here: the status is that of its source."),),
        empty=_("No plan of the state is on record."),
    )


def _of_plan(row: Mapping[str, Any]) -> _Details:
    return _Details(row["when"], (Wording(row["legal_basis"] or ""), wording(row, "note")), _dated_status(row))


def _plan_years(row: Mapping[str, object]) -> str:
    if row["start_year"] and row["end_year"]:
        return f"{row['start_year']}–{row['end_year']}"
    if row["start_year"]:
        return _("since {year}", year=str(row["start_year"]))
    if row["end_year"]:
        return _("until {year}", year=str(row["end_year"]))
    return str(row["approved_year"]) if row["approved_year"] else _("date not stated")


def _dated_status(row: Mapping[str, str]) -> str:
    """The status with the date of its source."""
    if not row["as_of_said"]:
        return row["said_status"]
    return _("{status}; source of {date}", status=row["said_status"], date=row["as_of_said"])


@state_view("country.laws")
def laws(selection: Selection) -> View:
    """Acts, provisions and decrees, as of each source."""
    found = localise(national.laws(selection.area), "title", "note")
    rows = found.with_columns(
        kind=in_words(found["scope"], "law_scope"),
        said_status=in_words(found["status"], "law_status"),
        when=each(found, _law_date),
        as_of_said=each(found, date_of_source),
    )
    return as_of_source(
        "country.laws",
        rows,
        _under_their_titles(rows, "title", _of_law, selection),
        takeaway=n_(
            "{n} act or provision is on record, {comprehensive} of them comprehensive.",
            "{n} acts and provisions are on record, {comprehensive} of them comprehensive.",
            rows.height,
            comprehensive=rows.filter(pl.col("scope") == "comprehensive").height,
        ),
        columns=(
            Column("title_original", _("Title in the source"), is_wide=True),
            Column("title", _("Title")),
            Column("law_number", _("Number")),
            Column("when", _("Adopted or published")),
            Column("kind", _("Kind")),
            Column("said_status", _("Status")),
            Column("as_of_said", _("Date of the source")),
            Column("note", _("Note")),
        ),
        notes=(
            _("No legal advice: whether an act is in force today is not said here; the status is that of its source."),
            _("Acts that only touch on trafficking are marked as related; the list is not complete."),
        ),
        empty=_("No law of the state is on record."),
    )


def _of_law(row: Mapping[str, Any]) -> _Details:
    law_number, title = row["law_number"] or "", row["title_original"] or row["title"] or ""
    return _Details(
        row["when"],
        (
            together(Wording(row["kind"]), Wording("" if law_number in title else law_number)),
            wording(row, "note"),
        ),
        _dated_status(row),
    )


def _law_date(row: Mapping[str, object]) -> str:
    for name in ("adopted", "published"):
        if on := day_of(row, name):
            return on
    return _("date not stated")
