"""A state among states: its standing with treaties, and its participation in the OAS."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from dashboard import areas
from dashboard.charts.facts import Fact, facts
from dashboard.charts.records import Entry, Wording, record_list
from dashboard.i18n import _, clauses, n_
from dashboard.labels import label
from dashboard.queries import country
from dashboard.selection import Selection
from dashboard.texts import localise
from dashboard.views.behind import Behind
from dashboard.views.country.listed import as_of_source, cited, date_of_source, documents_of, link_to, wording
from dashboard.views.country.rows_behind import treaty_standing
from dashboard.views.country.state_view import TITLES, state_view
from dashboard.views.dates import day_of
from dashboard.views.view import Column, View
from dashboard.views.worded import each, in_words

_TREATY_KINDS = {"party": "focus", "not_party": "zero", "no_action": "zero", "unknown": "missing"}


@state_view("country.treaties")
def treaties(selection: Selection) -> View:
    """The state's standing with each instrument, as of the date of the source."""
    found = localise(country.treaties(selection.area), "name", "note")
    rows = found.with_columns(
        said_status=each(found, _treaty_status),
        acted=each(found, _treaty_date),
        signed=each(found, lambda row: day_of(row, "signature")),
        as_of_said=each(found, date_of_source),
    )
    standing_behind = _standing_behind(selection.area)
    shown = [
        Fact(
            name=row["name"],
            note=clauses(
                (
                    _("signed {date}", date=row["signed"]) if row["signed"] else "",
                    (row["note"] or "") if row["status"] == "party" and not row["acted"] else "",
                )
            ),
            cells=(row["said_status"], row["acted"] or "–"),
            kinds=(_TREATY_KINDS[row["status"]], ""),
            # the shorter of the two words leads on
            links=("", link) if row["acted"] else (link, ""),
        )
        for row in rows.iter_rows(named=True)
        for link in [link_to(standing_behind(row), selection)]
    ]
    parties = rows.filter(pl.col("status") == "party").height
    unknown = rows.filter(pl.col("status") == "unknown").height
    return as_of_source(
        "country.treaties",
        rows,
        facts((_("Instrument"), _("Standing"), _("Since")), shown),
        takeaway=n_(
            "Party to {n} of the {known} instruments for which its standing is known, out of {total}.",
            "Party to {n} of the {known} instruments for which its standing is known, out of {total}.",
            parties,
            known=rows.height - unknown,
            total=rows.height,
        ),
        columns=(
            Column("name", _("Instrument"), is_wide=True),
            Column("said_status", _("Standing"), behind=standing_behind),
            Column("acted", _("Ratification or accession")),
            Column("signed", _("Signature")),
            Column("as_of_said", _("Date of the source")),
            Column("note", _("Note")),
        ),
        notes=(
            _("A standing is that of the date of its source; what a state did later may not be seen here."),
            _("“Not known here” says only that no source was found."),
        ),
        empty=_("No instrument is on record."),
    )


def _standing_behind(area_code: str) -> Callable[[Mapping[str, Any]], Behind | None]:
    """From a standing to its record; nothing where none is on record."""
    return lambda row: None if row["status"] == "unknown" else treaty_standing(area_code, row["treaty_id"])


def _treaty_status(row: Mapping[str, object]) -> str:
    as_of = date_of_source(row)
    if row["status"] == "not_party" and as_of:
        return _("not party as of {date}", date=as_of)
    if row["status"] == "no_action" and as_of:
        return _("no action seen as of {date}", date=as_of)
    if row["status"] == "party" and row["action_type"]:
        return _("party ({action})", action=label("treaty_action", str(row["action_type"])))
    return label("treaty_status", str(row["status"]))


def _treaty_date(row: Mapping[str, object]) -> str:
    return day_of(row, "action") or str(row["year"] or "")


@state_view("country.participation")
def participation(selection: Selection) -> View:
    """The state's participation in the OAS over time."""
    found = localise(areas.participation(selection.area), "note")
    rows = found.with_columns(
        said_status=in_words(found["status"], "participation"),
        since=each(found, lambda row: day_of(row, "from")),
        until=each(found, lambda row: day_of(row, "to")),
        counted=each(found, lambda row: _("yes") if row["is_counted"] else _("no")),
    )
    documents = documents_of(rows)
    entries = [
        Entry(
            when=_("{start} to {end}", start=row["since"], end=row["until"])
            if row["until"]
            else _("since {date}", date=row["since"]),
            title=Wording(row["said_status"]),
            lines=(wording(row, "note"),),
            **cited(row, documents, selection),
        )
        for row in rows.iter_rows(named=True)
    ]
    return View(
        id="country.participation",
        title=_(TITLES["country.participation"]),
        takeaway=participation_sentence(selection.area),
        figure=record_list([("", entries)]),
        is_figure_whole=True,
        table=rows,
        columns=(
            Column("said_status", _("Participation")),
            Column("since", _("From")),
            Column("until", _("To")),
            Column("counted", _("Counted among the states taking part")),
            Column("note", _("Note"), is_wide=True),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(_("“n of N states” counts the states that took part in the OAS at the end of the period."),),
        sources=tuple(documents.values()),
        period=_("All years"),
    )


def participation_sentence(area_code: str) -> str:
    """Since when a state has or has not taken part in the OAS, interruptions included."""
    rows = areas.participation(area_code)
    counted = rows.filter("is_counted")
    current = rows.row(-1, named=True)
    if not current["is_counted"]:
        after = rows.filter(pl.col("from_on") > counted["from_on"].max()) if counted.height else rows
        left = after.row(0, named=True)
        since = day_of(left, "from")
        if current["status"] == "withdrawn":
            return _("Withdrew from the OAS with effect from {date}.", date=since)
        if current["status"] == "disputed":
            return _(
                "Its participation in the OAS is disputed; it is not counted as taking part since {date}.", date=since
            )
        return _("Has not taken part in the OAS since {date}.", date=since)
    first = day_of(counted.row(0, named=True), "from")
    breaks = rows.filter(~pl.col("is_counted"))
    if breaks.height:
        gap = breaks.row(-1, named=True)
        return _(
            "Takes part in the OAS, a member since {date}; its participation was interrupted from {start} to {end}.",
            date=first,
            start=day_of(gap, "from"),
            end=day_of(gap, "to"),
        )
    return _("Has taken part in the OAS since {date}.", date=first)
