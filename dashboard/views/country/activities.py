"""What the OAS did with a state: training events and programmes."""

from collections.abc import Mapping

import polars as pl

from dashboard import areas
from dashboard.charts.records import MOST_LISTED, Entry, Wording, record_list
from dashboard.i18n import _, n_
from dashboard.labels import label
from dashboard.queries import country
from dashboard.selection import Selection
from dashboard.texts import localise
from dashboard.views.country.listed import cited, documents_of, is_counted, together, when, wider_note, wording
from dashboard.views.country.rows_behind import own_people
from dashboard.views.country.state_view import TITLES, state_view
from dashboard.views.dates import day_of
from dashboard.views.periods import period_text
from dashboard.views.view import Column, View
from dashboard.views.worded import each, in_words

UNDEPLOYED = ("interest_expressed", "announced", "planned")


@state_view("country.events")
def events(selection: Selection) -> View:
    """Training events in which the state took part, or which it hosted."""
    found = localise(country.events(selection.area, **selection.period), "title", "note", lists=("audience", "topics"))
    documents = documents_of(found)
    rows = found.with_columns(
        when=each(found, when),
        part=each(found, _part),
        said_status=in_words(found["status"], "event_status"),
        basis=each(found, _basis),
        place=each(found, _place),
        officials_said=each(found, _officials),
        officials_status=pl.when(pl.col("officials").is_null()).then(pl.lit("O")),
    )
    entries = [
        Entry(
            when=row["when"],
            title=wording(row, "title"),
            lines=(
                together(Wording(row["place"]), wording(row, "audience")),
                Wording(row["officials_said"]),
                Wording(row["part"] if not row["took_part"] else ""),
                wording(row, "note"),
            ),
            status=row["said_status"],
            kind="focus" if row["status"] == "held" else "announced",
            **cited(row, documents, selection),
        )
        for row in rows.head(MOST_LISTED).iter_rows(named=True)
    ]
    counts = country.event_counts(selection.area, **selection.period)
    took_part = counts.filter(pl.lit(selection.is_all_time) | pl.col("has_year"))
    total = int(rows["events_in_all"][0]) if rows.height else 0
    notes = [_("Announced and planned events are never added to those held: whether they took place is not on record.")]
    if counts["events_hosted"].sum():
        notes.append(_("An event that the state only hosted does not count as training of the state."))
    notes += wider_note(rows)
    if total > rows.height:
        notes.insert(
            0,
            _(
                "Listed here are the newest {listed}, in the download the newest {shown} of {total}; choose a period for the others.",
                listed=len(entries),
                shown=rows.height,
                total=total,
            ),
        )
    return View(
        id="country.events",
        title=_(TITLES["country.events"]),
        takeaway=n_(
            "{n} event with its participation is on record, {held} of them held.",
            "{n} events with its participation are on record, {held} of them held.",
            int(took_part["events"].sum()),
            held=int(took_part.filter(status="held")["events"].sum()),
        ),
        figure=record_list([("", entries)], left_out=rows.height - len(entries)),
        table=rows,
        columns=(
            Column("title", _("Event"), is_wide=True),
            Column("when", _("Date")),
            Column("place", _("Place")),
            Column("part", _("Part of the state")),
            Column("said_status", _("Status")),
            Column(
                "officials",
                _("People of this state stated"),
                "number",
                status_key="officials_status",
                behind=lambda row: own_people(selection.area, row["event_id"]),
            ),
            Column("basis", _("Kind of number")),
            Column("audience", _("Audience")),
            Column("note", _("Note")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=tuple(notes),
        sources=tuple(documents.values()),
        period=period_text(selection),
        empty="" if rows.height else _("No event of the state is on record in these years."),
    )


def _place(row: Mapping[str, object]) -> str:
    host = areas.name(str(row["host_area_code"])) if row["host_area_code"] else ""
    return ", ".join(part for part in (str(row["city"] or ""), host) if part)


def _part(row: Mapping[str, object]) -> str:
    if row["took_part"] and row["hosted"]:
        return _("took part and hosted")
    return _("took part") if row["took_part"] else _("hosted; taking part not on record")


def _basis(row: Mapping[str, object]) -> str:
    if row["officials"] is None:
        return ""
    basis = label("number_basis", str(row["number_basis"]))
    return (
        _("{basis}; civil society included", basis=basis)
        if row["count_scope"] == "officials_and_civil_society"
        else basis
    )


def _officials(row: Mapping[str, object]) -> str:
    if row["officials"] is not None:
        return n_("{n} person, {basis}", "{n} people, {basis}", int(str(row["officials"])), basis=_basis(row))
    if row["officials_stated"] is not None:
        return n_(
            "{n} person of all states together; the number of this state is not stated",
            "{n} people of all states together; the number of this state is not stated",
            int(str(row["officials_stated"])),
        )
    return ""


@state_view("country.programmes")
def programmes(selection: Selection) -> View:
    """OAS programmes in the state, with status, dates and source."""
    found = localise(country.deployments(selection.area, **selection.period), "name", "note")
    documents = documents_of(found)
    rows = found.with_columns(
        when=each(found, when),
        said_status=in_words(found["status"], "deployment_status"),
        said_pillar=in_words(found["pillar"], "pillar"),
        as_of=each(found, lambda row: day_of(row, "as_of")),
    )
    entries = [
        Entry(
            when=row["when"],
            title=wording(row, "name"),
            lines=(wording(row, "note"),),
            status=_("{status}, as of {date}", status=row["said_status"], date=row["as_of"])
            if row["as_of"]
            else row["said_status"],
            kind="announced" if row["status"] in UNDEPLOYED else "focus",
            **cited(row, documents, selection),
        )
        for row in rows.iter_rows(named=True)
    ]
    counted = rows.filter(is_counted(selection))
    deployed = counted.filter(~pl.col("status").is_in(UNDEPLOYED))["programme_id"].n_unique()
    return View(
        id="country.programmes",
        title=_(TITLES["country.programmes"]),
        takeaway=n_(
            "{n} programme is on record as carried out or under way; {total} in all, with those planned, announced or of interest.",
            "{n} programmes are on record as carried out or under way; {total} in all, with those planned, announced or of interest.",
            deployed,
            total=counted["programme_id"].n_unique(),
        ),
        figure=record_list([("", entries)]),
        table=rows,
        columns=(
            Column("name", _("Programme"), is_wide=True),
            Column("said_pillar", _("Pillar")),
            Column("when", _("Date")),
            Column("said_status", _("Status")),
            Column("as_of", _("As of")),
            Column("note", _("Note")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            _("A programme may stand here more than once, with each status that a source states; it counts once."),
            *wider_note(rows),
            _("Programmes include studies, networks, guidance material and questionnaires, not only training."),
        ),
        sources=tuple(documents.values()),
        period=period_text(selection),
        empty="" if rows.height else _("No programme of the state is on record in these years."),
    )
