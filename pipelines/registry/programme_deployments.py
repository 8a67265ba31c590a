"""Programmes in countries (or in an unnamed group of them): when, and how far they came."""

import dataframely as dy
import polars as pl

from pipelines import schemas
from pipelines import vocabularies as words
from pipelines.conform import conform
from pipelines.dates import first_day, stated, year_columns
from pipelines.fields import Area, Code, Key, PartialDate, Reference, RowRule, Table, Text, Year, ends_after_start
from pipelines.i18n import mark

TABLE = Table(
    name="programme_deployments",
    file="registry/programme_deployments.csv",
    key=("deployment_id",),
    fields=(
        Key("deployment_id", is_required=True),
        Reference("programme_id", "programmes", is_required=True),
        Area("country"),
        Text("scope", is_required=True),
        Year("year"),
        PartialDate("start_date"),
        PartialDate("end_date"),
        Code("status", words.DEPLOYMENT_STATUSES, is_required=True),
        PartialDate("as_of"),
        Reference("source_id", "sources", is_required=True),
        Reference("source_id_2", "sources"),
        Text("note"),
        Code("text_lang", words.LANGUAGES, is_required=True),
    ),
    rules=(
        ends_after_start(),
        RowRule(
            "year_lies_within_the_dates",
            "year",
            mark("a year from {start_date} to {end_date}"),
            (pl.col("year") >= first_day(pl.col("start_date")).dt.year()).fill_null(True)
            & (pl.col("year") <= first_day(pl.col("end_date")).dt.year()).fill_null(True),
        ),
    ),
)


def last_year_counted() -> pl.Expr:
    """The last year in which a deployment counts, as ``last_year_counted``; its first one is ``year``.

    Only a start known to the day or month lets a stated end lengthen the deployment beyond its one year: years alone
    say that it lay somewhere between them. A deployment without a year counts in none, only in all years together.
    """
    is_exact = pl.col("start_precision").is_in(["day", "month"])
    end_year = pl.max_horizontal("year", pl.col("end_on").dt.year())
    return pl.when(is_exact).then(end_year).otherwise("year").alias("last_year_counted")


def transform(deployments: pl.DataFrame) -> dy.DataFrame[schemas.Deployment]:
    """Every deployment, put in the years where its source puts it."""
    return (
        deployments.rename({"country": "area_code"})
        .with_columns(
            *stated("start_date", "start"),
            *stated("end_date", "end"),
            *stated("as_of", "as_of"),
            *year_columns("start_date", "end_date", "year"),
        )
        .with_columns(last_year_counted())
        .pipe(conform, schemas.Deployment, TABLE.file)
    )
