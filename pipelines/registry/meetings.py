"""Meetings of National Authorities on trafficking in persons, and the REMJA meetings at their origin."""

import dataframely as dy
import polars as pl

from pipelines import schemas
from pipelines import vocabularies as words
from pipelines.conform import conform
from pipelines.dates import stated, year_columns
from pipelines.fields import Area, Code, Integer, Key, ListOf, PartialDate, Reference, Table, Text, ends_after_start

TABLE = Table(
    name="meetings",
    file="registry/meetings.csv",
    key=("meeting_id",),
    fields=(
        Key("meeting_id", is_required=True),
        Text("series", is_required=True),
        Integer("number", 1, is_required=True),
        Text("name", is_required=True),
        PartialDate("start_date"),
        PartialDate("end_date"),
        Text("city"),
        Area("host_country"),
        Code("modality", words.MODALITIES),
        Text("participants_note"),
        ListOf("outcome_documents"),
        ListOf("theme"),
        Reference("source_id", "sources", is_required=True),
        Reference("source_id_2", "sources"),
        Text("note"),
        Code("text_lang", words.LANGUAGES, is_required=True),
    ),
    rules=(ends_after_start(),),
)


def transform(meetings: pl.DataFrame) -> dy.DataFrame[schemas.Meeting]:
    """Every meeting, by its id."""
    return (
        meetings.rename({"host_country": "host_area_code"})
        .with_columns(
            *stated("start_date", "start"),
            *stated("end_date", "end"),
            *year_columns("start_date", "end_date"),
            pl.col("outcome_documents", "theme").list.join(";"),
        )
        .pipe(conform, schemas.Meeting, TABLE.file)
    )
