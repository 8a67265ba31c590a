"""The edition on screen: what it is, what was read and refused, and its tables to take away."""

from datetime import datetime
from html import escape

import polars as pl
from babel.dates import format_time

from dashboard import db
from dashboard.charts.entries import Linked, link_table
from dashboard.i18n import LOCALES, _, day, language, n_, number
from dashboard.labels import label
from dashboard.queries import sources
from dashboard.selection import Selection, address
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.sources import section_titles
from dashboard.views.sourcing import OWN_SOURCE, cite
from dashboard.views.view import Column, View
from dashboard.views.worded import words_beside

MOST_ROWS = 100
"""How many refused rows are shown; the whole table is among the downloads."""


def _moment(built_at: datetime) -> str:
    time = format_time(built_at.time(), format="short", locale=LOCALES[language()])
    return _("{date}, {time} UTC", date=day(built_at.date()), time=time)


@view("sources.edition")
def edition(selection: Selection) -> View:
    """What the edition on screen is: its id, when it was built, its day, its software, how much it holds."""
    about = sources.edition()
    report = sources.load_report().filter(~pl.col("is_handed_in"))
    facts = [
        (_("Edition"), about["edition_id"]),
        (_("Built"), _moment(about["built_at"])),
        (_("Records as of"), day(about["as_of_on"])),
        (_("Software"), about["software_version"]),
        (_("Records"), _("invented for practice") if about["is_synthetic"] else _("real")),
        (
            _("Rows refused"),
            _("published without the rows refused")
            if about["allows_rejected"]
            else _("none; a row refused stops an edition"),
        ),
    ]
    return View(
        id="sources.edition",
        title=section_titles()["sources.edition"],
        takeaway=_(
            "Edition {edition} was built from {files} files with {rows} rows.",
            edition=about["edition_id"],
            files=report.height,
            rows=int(report["rows_read"].sum()),
        ),
        table=pl.DataFrame(facts, schema={"what": pl.String, "value": pl.String}, orient="row"),
        columns=(Column("what", _("What")), Column("value", _("Value"), is_wide=True)),
        notes=(_("A published edition is never changed; a correction makes a new one."),),
        sources=cite([OWN_SOURCE]),
        period=period_text(selection),
        is_table_open=True,
    )


@view("sources.load_report")
def load_report(selection: Selection) -> View:
    """What was read from each file, what was loaded and what was refused."""
    rows = sources.load_report().with_columns(
        words_beside("table_name", "table"), pl.col("sha256").str.head(12).alias("checksum")
    )
    counted = rows.filter(~pl.col("is_handed_in"))  # rows of a sheet are counted in the file that they came into
    return View(
        id="sources.load_report",
        title=section_titles()["sources.load_report"],
        takeaway=n_(
            "{n} row was read; {loaded} were loaded and {rejected} refused.",
            "{n} rows were read; {loaded} were loaded and {rejected} refused.",
            int(counted["rows_read"].sum()),
            loaded=int(counted["rows_loaded"].sum()),
            rejected=int(counted["rows_rejected"].sum()),
        ),
        table=rows,
        columns=(
            Column("table_name_said", _("Table")),
            Column("file", _("File")),
            Column("rows_read", _("Rows read"), "number"),
            Column("rows_loaded", _("Rows loaded"), "number"),
            Column("rows_rejected", _("Rows refused"), "number"),
            Column("checksum", _("Checksum (SHA-256, first 12 signs)")),
        ),
        sources=cite([OWN_SOURCE]),
        period=period_text(selection),
    )


@view("sources.rejected_rows")
def rejected_rows(selection: Selection) -> View:
    """The rows that were refused, each with the reason."""
    rows = sources.rejected_rows(MOST_ROWS).with_columns(words_beside("table_name", "table"))
    total = sources.rejected_row_count()
    return View(
        id="sources.rejected_rows",
        title=section_titles()["sources.rejected_rows"],
        takeaway=n_("{n} row was refused.", "{n} rows were refused.", total),
        table=rows,
        columns=(
            Column("table_name_said", _("Table")),
            Column("file", _("File")),
            Column("row", _("Row"), "number"),
            Column("column", _("Column")),
            Column("value", _("Value")),
            Column("reason", _("Reason"), is_wide=True),
        ),
        notes=_shown(rows.height, total, "rejected_row"),
        sources=cite([OWN_SOURCE]),
        period=period_text(selection),
        is_table_open=True,
        empty="" if total else _("No row was refused: everything that was read was loaded."),
    )


def _shown(shown: int, total: int, table: str) -> tuple[str, ...]:
    if shown < MOST_ROWS:
        return ()
    return (
        _(
            "The first {n} of {total} are shown; the table “{table}” below has them all.",
            n=shown,
            total=max(shown, total),
            table=label("table", table),
        ),
    )


@view("sources.editions")
def editions(selection: Selection) -> View:
    """The editions on file, each with a link that shows the dashboard as it was."""
    rows = sources.editions_on_file()
    here = db.edition()
    rows = rows.with_columns(
        standing=pl.when(pl.col("is_live"))
        .then(pl.lit(_("live")))
        .when(pl.col("edition_id") == here)
        .then(pl.lit(_("on screen")))
        .when(~pl.col("can_show"))
        .then(pl.lit(_("made for another version of this dashboard")))
        .otherwise(pl.lit(_("earlier"))),
        built=pl.Series([_moment(when) for when in rows["built_at"]], dtype=pl.String),
        as_of=pl.Series([day(when) for when in rows["as_of_on"]], dtype=pl.String),
    )
    shown: list[list[Linked]] = [
        [
            (
                row["edition_id"],
                address("sources", selection.but(find=""), edition=row["edition_id"]) if row["can_show"] else "",
            ),
            (row["built"], ""),
            (row["as_of"], ""),
            (row["standing"], ""),
        ]
        for row in rows.iter_rows(named=True)
    ]
    head = [_("Edition"), _("Built"), _("Records as of"), _("Standing")]
    return View(
        id="sources.editions",
        title=section_titles()["sources.editions"],
        takeaway=n_(
            "{n} edition is on file; its link shows every page as it was.",
            "{n} editions are on file; each link shows every page as it was.",
            rows.height,
        ),
        figure=link_table(head, shown, caption=section_titles()["sources.editions"]),
        table=rows,
        columns=tuple(
            Column(key, title) for key, title in zip(("edition_id", "built", "as_of", "standing"), head, strict=True)
        ),
        sources=cite([OWN_SOURCE]),
        period=period_text(selection),
        is_figure_whole=True,
    )


@view("sources.downloads")
def downloads(selection: Selection) -> View:
    """Every table of the edition as a file, and all of them as one package."""
    edition_id = db.edition()
    columns = sources.tables().group_by("table_name").agg(pl.len().alias("columns")).sort("table_name")
    rows = columns.with_columns(
        words_beside("table_name", "table"),
        pl.Series("rows", [sources.table_size(name) for name in columns["table_name"]], dtype=pl.Int64),
    )
    package = f"/download/panorama.zip?edition={edition_id}"
    above = (
        f'<p class="pn-package pn-list"><a href="{escape(package)}" download target="_self">'
        f"{escape(_('Download everything as one zip'))}</a> "
        f"{escape(_('CSV and Parquet files with a description of every table (Frictionless data package).'))}</p>"
    )
    shown: list[list[Linked]] = [
        [
            (row["table_name_said"], ""),
            (row["table_name"], ""),
            (number(row["rows"]), ""),
            (number(row["columns"]), ""),
            ("CSV", f"/download/table/{row['table_name']}.csv?edition={edition_id}"),
            ("Parquet", f"/download/table/{row['table_name']}.parquet?edition={edition_id}"),
        ]
        for row in rows.iter_rows(named=True)
    ]
    return View(
        id="sources.downloads",
        title=section_titles()["sources.downloads"],
        takeaway=_(
            "The edition holds {tables} tables with {rows} rows; all of them can be taken away.",
            tables=rows.height,
            rows=int(rows["rows"].sum()),
        ),
        figure=link_table(
            [_("Table"), _("Name"), _("Rows"), _("Columns"), "CSV", "Parquet"],
            shown,
            caption=section_titles()["sources.downloads"],
            numbers=(2, 3),
            above=above,
        ),
        table=rows,
        columns=(
            Column("table_name_said", _("Table")),
            Column("table_name", _("Name")),
            Column("rows", _("Rows"), "number"),
            Column("columns", _("Columns"), "number"),
        ),
        notes=(
            _("These are the tables as stored: codes in English, full values, one row for each record."),
            _(
                "An empty cell is a missing value and never zero; where an indicator has no value, its column obs_status says why."
            ),
            _(
                "In CSV, a text that a spreadsheet would take for a formula begins with an apostrophe; Parquet keeps it as recorded."
            ),
        ),
        sources=cite([OWN_SOURCE]),
        period=period_text(selection),
        is_figure_whole=True,
    )
