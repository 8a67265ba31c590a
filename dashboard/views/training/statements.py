"""Figures that a source states for many events at once."""

import polars as pl

from dashboard.i18n import _, n_
from dashboard.queries import training
from dashboard.selection import Selection
from dashboard.texts import localise
from dashboard.views.periods import period_text
from dashboard.views.registry import view
from dashboard.views.sourcing import cite
from dashboard.views.training.wording import caveats
from dashboard.views.view import Column, View
from dashboard.views.worded import in_words


@view("training.statements")
def statements(selection: Selection) -> View:
    """Figures that a source states for many events at once, as they stand."""
    rows = localise(training.statements(**selection.period), "scope", "unit", "period", "note", "programme")
    table = with_programme(rows).with_columns(
        said_qualifier=in_words(rows["qualifier"], "qualifier"),
        additive=in_words(rows["additive_with_events"], "additive_with_events"),
    )
    return View(
        id="training.statements",
        title=_("Figures stated for many events at once"),
        takeaway=n_(
            "{n} figure is stated by a source as a whole; it is never added to anything.",
            "{n} figures are stated by sources as a whole; they are never added to anything.",
            rows.height,
        ),
        table=table,
        columns=(
            Column("scope", _("What is counted"), is_wide=True),
            Column("said_qualifier", _("As stated")),
            Column("value", _("Figure"), "number"),
            Column("unit", _("Unit")),
            Column("period", _("Period")),
            Column("additive", _("Events")),
            Column("programme", _("Programme"), is_wide=True),
            Column("note", _("Note")),
            Column("source_id", _("Source"), "source"),
        ),
        notes=(
            *caveats("reading-06"),
            _(
                "“Already among the events” repeats single events listed below. The other figures may overlap them or not; none is ever added to them."
            ),
        ),
        sources=cite(rows),
        period=period_text(selection),
        is_table_open=True,
        empty="" if rows.height else _("No such figure is on record for these years."),
    )


def with_programme(rows: pl.DataFrame) -> pl.DataFrame:
    """The official title of the programme first, the reader's wording in brackets where it differs."""
    has_original = pl.col("programme_original").is_not_null() & (pl.col("programme_original") != pl.col("programme"))
    return rows.with_columns(
        pl.when(has_original)
        .then(pl.format("{} [{}]", "programme_original", "programme"))
        .otherwise("programme")
        .alias("programme")
    )
