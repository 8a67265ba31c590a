"""Programmes and deployments in the reader's language, with what a chosen period leaves out of them."""

import polars as pl

from dashboard.i18n import _, n_
from dashboard.labels import label
from dashboard.queries import programmes
from dashboard.selection import Selection
from dashboard.texts import localise
from dashboard.views.behind import Behind, behind
from dashboard.views.programmes.wording import as_of_said, place_said, when
from dashboard.views.view import Column


def all_deployments(selection: Selection) -> pl.DataFrame:
    """All deployments with names, scopes and notes in the reader's language and their words (place, time, status)."""
    rows = programmes.deployments(**selection.period, is_all_time=selection.is_all_time)
    rows = rows.with_columns(
        official=pl.coalesce("name_original", "name"), is_whole_country=pl.col("scope") == "country"
    )
    rows = localise(rows, "name", "scope", "note")
    words = [
        (place_said(row), when(row), label("deployment_status", row["status"]), as_of_said(row))
        for row in rows.iter_rows(named=True)
    ]
    said = pl.DataFrame(
        words,
        schema={"place": pl.String, "when": pl.String, "said_status": pl.String, "as_of": pl.String},
        orient="row",
    )
    return pl.concat([rows, said], how="horizontal")


def all_programmes() -> pl.DataFrame:
    """All programmes with their texts in the reader's language; ``official``: the official title as recorded."""
    rows = programmes.programmes().with_columns(official=pl.coalesce("name_original", "name"))
    rows = localise(rows, "name", "lead_unit", "description", "note")
    return rows.with_columns(official_or_same())


def official_or_same() -> pl.Expr:
    """The official title, or that it is the one shown, as the column ``official``."""
    return (
        pl.when(pl.col("official") == pl.col("name"))
        .then(pl.lit(_("as shown")))
        .otherwise("official")
        .alias("official")
    )


def left_out(rows: pl.DataFrame) -> tuple[str, ...]:
    """How many deployments a chosen period leaves out, and why."""
    outside = rows.filter(~pl.col("is_in_period"))
    undated = outside.filter(pl.col("year").is_null()).height
    dated = outside.height - undated
    if not outside.height:
        return ()
    return (
        n_(
            "Not counted in this period: {n} record dated in other years, and {undated} that no source places in a single "
            "year within it.",
            "Not counted in this period: {n} records dated in other years, and {undated} that no source places in a single "
            "year within it.",
            dated,
            undated=undated,
        ),
    )


def columns_of_deployments() -> tuple[Column, ...]:
    """The columns of a table of deployments."""
    return (
        Column("name", _("Programme"), is_wide=True),
        Column("place", _("State or scope")),
        Column("when", _("Time")),
        Column("said_status", _("Status")),
        Column("as_of", _("As of")),
        Column("note", _("Note"), is_wide=True),
        Column("source_id", _("Source"), "source"),
        Column("source_id_2", _("Second source"), "source"),
    )


def counted_behind(
    is_carried_out: bool, *, counting: str = "programmes", standing: str = "not_there", **of: str
) -> Behind:
    """The deployments behind a number of programmes (or states): carried out or under way, or only said beforehand."""
    if is_carried_out:
        return behind("deployments", status="deployed", counting=counting, **of)
    return behind("deployments", status="beforehand", standing=standing, counting=counting, **of)
