"""Programmes, projects, studies and standing lines of work, and the states named as paying for them."""

import dataframely as dy
import polars as pl

from pipelines import schemas
from pipelines import vocabularies as words
from pipelines.conform import conform
from pipelines.fields import Area, Code, Key, ListOf, Reference, RowRule, Table, Text, Year
from pipelines.i18n import mark

TABLE = Table(
    name="programmes",
    file="registry/programmes.csv",
    key=("programme_id",),
    fields=(
        Key("programme_id", is_required=True),
        Text("name", is_required=True),
        Text("name_original"),
        Code("pillar", words.PILLARS, is_required=True),
        Code("activity_type", words.ACTIVITY_TYPES, is_required=True),
        Year("start_year"),
        Year("end_year"),
        ListOf("funders", Area("")),
        Text("lead_unit"),
        Text("description", is_required=True),
        Reference("source_id", "sources", is_required=True),
        Text("note"),
        Code("text_lang", words.LANGUAGES, is_required=True),
    ),
    rules=(
        RowRule(
            "end_is_not_before_start",
            "end_year",
            mark("a year from {start_year} on"),
            pl.col("end_year") >= pl.col("start_year"),
        ),
    ),
)


def transform(programmes: pl.DataFrame) -> dy.DataFrame[schemas.Programme]:
    """Every programme, by its id."""
    return conform(programmes, schemas.Programme, TABLE.file)


def funders(programmes: pl.DataFrame) -> dy.DataFrame[schemas.ProgrammeFunder]:
    """Every state that a source names as paying for a programme."""
    return (
        programmes.select("programme_id", "source_id", area_code="funders")
        .explode("area_code")
        .drop_nulls("area_code")
        .unique()
        .pipe(conform, schemas.ProgrammeFunder, TABLE.file)
    )
